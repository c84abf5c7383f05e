//! `prima backup`: a backup now, the pair of keys for it, what there is, and the proof that one can be brought back.

use super::arguments::{BackupAction, BackupArgs, BackupSettings, StoreSettings};
use super::settings::zone;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::words::say;
use platform::backup::{self, BackupError, Identity, Manifest, Place, Restored};
use platform::clock::Clock;
use platform::site::Zone;
use rules::phrase::{Language, Phrase};
use std::path::Path;
use std::sync::Arc;

pub(crate) fn run(args: &BackupArgs, language: Language) -> Result<Ending, Problem> {
    match &args.action {
        None => make(&args.store, &args.settings, language),
        Some(BackupAction::Key { output }) => key(output, language),
        Some(BackupAction::List { settings }) => list(settings, language),
        Some(BackupAction::Verify { from, identity, scratch, store, settings }) => {
            let (place, id) = match from {
                Some(address) => which(address)?,
                None => youngest(settings.place()?)?,
            };
            let folder = settings.backup_work.clone().unwrap_or_else(|| store.beside("cadangan-uji"));
            let identity = Identity::kept_in(identity)?;
            let proved = backup::verify(&*place, &id, &identity, &folder, scratch.as_deref())?;
            // The folder is ours and empty now.
            let _ = std::fs::remove_dir(&folder);
            if let Some(database) = store.open_if_there().filter(|database| database.check_version().is_ok()) {
                let now = Clock::machine().now();
                database.write_now(move |db| backup::note_verified(db, &id, now))?;
            }
            proved_said(&proved, language)
        }
    }
}

fn make(store: &StoreSettings, settings: &BackupSettings, language: Language) -> Result<Ending, Problem> {
    let database = store.open_if_there().ok_or(Problem::Usage(Phrase::new("backup.no-database")))?;
    database.check_version()?;
    let plan = settings.plan(store, zone(&database))?.ok_or(Problem::Usage(Phrase::new("backup.no-place")))?;
    let made = backup::make(&database, &Clock::machine(), &plan)?;
    let mut text = say(&described("backup.made", &made.manifest, language, plan.zone), language) + "\n";
    if let Some(damaged) = made.manifest.files.as_ref().map(|files| files.damaged).filter(|damaged| *damaged > 0) {
        text += &(say(&Phrase::new("backup.damaged-files").with("files", damaged), language) + "\n");
    }
    for id in &made.removed {
        text += &(say(&Phrase::new("backup.removed").with("id", id.as_str()), language) + "\n");
    }
    Output::Standard.write(text.as_bytes())?;
    Ok(Ending::Done)
}

/// Writes the secret half where only its owner may read it, never over another, and says where to put which half.
fn key(output: &Path, language: Language) -> Result<Ending, Problem> {
    let identity = Identity::new();
    backup::write_new(output, identity.file_text().as_bytes()).map_err(|error| match error {
        BackupError::Place { source, .. } if source.kind() == std::io::ErrorKind::AlreadyExists => {
            BackupError::Occupied { what: output.display().to_string() }
        }
        error => error,
    })?;
    let said = Phrase::new("backup.key").with("file", output.display().to_string());
    let setting = format!("PRIMA_BACKUP_RECIPIENT={}", identity.recipient());
    Output::Standard.write(format!("{setting}\n{}\n", say(&said, language)).as_bytes())?;
    Ok(Ending::Done)
}

fn list(settings: &BackupSettings, language: Language) -> Result<Ending, Problem> {
    let place = settings.place()?;
    let mut text = String::new();
    for id in backup::list(&*place)? {
        let manifest = backup::manifest(&*place, &id)?;
        text += &(say(&described("backup.line", &manifest, language, Zone::default()), language) + "\n");
    }
    if text.is_empty() {
        return Err(BackupError::NoBackup { place: place.label() }.into());
    }
    Output::Standard.write(text.as_bytes())?;
    Ok(Ending::Done)
}

/// The place of an address, and the backup it names, or the youngest.
pub(super) fn which(address: &str) -> Result<(Arc<dyn Place>, String), Problem> {
    let (address, id) = backup::split(address);
    let place = backup::place(address)?;
    match id {
        Some(id) => Ok((place, id.to_owned())),
        None => youngest(place),
    }
}

fn youngest(place: Arc<dyn Place>) -> Result<(Arc<dyn Place>, String), Problem> {
    let last = backup::list(&*place)?.pop();
    let last = last.ok_or_else(|| BackupError::NoBackup { place: place.label() })?;
    Ok((place, last))
}

/// What a backup is, in a sentence: its identifier, the moment it is of, its size, rows and files.
pub(super) fn described(key: &'static str, manifest: &Manifest, language: Language, zone: Zone) -> Phrase {
    let moment = manifest.state_of().map(|at| zone.moment(at, language)).unwrap_or_default();
    let files = manifest.files.as_ref().map_or(0, |files| files.count);
    Phrase::new(key)
        .with("id", manifest.id.as_str())
        .with("moment", moment)
        .with("kilobytes", manifest.bytes().div_ceil(1_000))
        .with("rows", manifest.rows.values().sum::<u64>())
        .with("files", files)
}

/// What was proved, and each chain of the audit log.
fn proved_said(proved: &Restored, language: Language) -> Result<Ending, Problem> {
    let said = say(&described("backup.proved", &proved.manifest, language, Zone::default()), language);
    Output::Standard.write(format!("{said}\n").as_bytes())?;
    if proved.chains.is_empty() && !proved.manifest.audit.is_empty() {
        let unopened = say(&Phrase::new("backup.unopened"), language);
        Output::Standard.write(format!("{unopened}\n").as_bytes())?;
        return Ok(Ending::Done);
    }
    let verdicts: Vec<_> = proved.chains.iter().map(|(_, verdict)| *verdict).collect();
    super::audit::print(&verdicts, language)
}
