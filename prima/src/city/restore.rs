//! `prima restore`: brings a backup back where nothing stands, and verifies the audit log of what came back.

use super::arguments::RestoreArgs;
use super::backup::{described, which};
use super::settings::zone;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::words::say;
use platform::audit::{self, Actor, Entry, Subject, Verdict};
use platform::backup::{self, Identity, Origin, Restored, Target};
use platform::clock::Clock;
use platform::database::{Database, Options};
use rules::phrase::{Language, Phrase};
use std::path::PathBuf;

pub(crate) fn run(args: &RestoreArgs, language: Language) -> Result<Ending, Problem> {
    let (place, id) = which(&args.from)?;
    let identity = Identity::kept_in(&args.identity)?;
    let target = target(args);
    let restored = backup::restore(&*place, &id, &identity, &target)?;
    let database = Database::open(&target.origin.url(), &Options::default())?;
    if args.migrate {
        database.migrate()?;
    }
    let of_this_version = database.check_version().is_ok();
    let verdicts: Vec<Verdict> = if of_this_version {
        database.read_now(|db| super::audit::verify(db, None, None))?
    } else {
        restored.chains.iter().map(|(_, verdict)| *verdict).collect()
    };
    // Held against the heads of the manifest when it was restored; what is recorded now comes after them.
    let whole = restored.is_whole();
    if of_this_version && whole {
        record(&database, &id)?;
    }
    let zone = if of_this_version { zone(&database) } else { platform::site::Zone::default() };
    // Folds the log back, so that the file stands alone.
    database.close();
    let mut lines = vec![say(&described("restore.done", &restored.manifest, language, zone), language)];
    lines.push(say(&timed(&restored), language));
    if !of_this_version {
        lines.push(say(&Phrase::new("restore.older"), language));
    }
    Output::Standard.write((lines.join("\n") + "\n").as_bytes())?;
    let ending = super::audit::print(&verdicts, language)?;
    Ok(if whole { ending } else { Ending::Failed })
}

fn target(args: &RestoreArgs) -> Target {
    let origin = Origin::of(&args.to);
    let base = match &origin {
        Origin::Sqlite(file) => file.display().to_string(),
        Origin::Postgres(_) => "prima".to_owned(),
    };
    let beside = |ending: &str| PathBuf::from(format!("{base}.{ending}"));
    let key = args.key_file.clone().unwrap_or_else(|| beside("key"));
    Target { origin, files: beside("berkas"), key, settings: beside("pengaturan") }
}

fn timed(restored: &Restored) -> Phrase {
    let milliseconds = |span: std::time::Duration| u64::try_from(span.as_millis()).unwrap_or(u64::MAX);
    Phrase::new("restore.time")
        .with("writing", milliseconds(restored.writing).to_string())
        .with("checking", milliseconds(restored.checking).to_string())
}

fn record(database: &Database, id: &str) -> Result<(), Problem> {
    let entry = Entry {
        institution: None,
        at: Clock::machine().now(),
        actor: Actor::Program("command-line"),
        act: "backups.restored",
        subject: Subject::new("backup", id),
        detail: serde_json::Value::Null,
    };
    database.write_now(move |db| audit::record(db, &entry))?;
    Ok(())
}
