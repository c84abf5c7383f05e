//! Makes a backup, step by step.

use super::manifest::{self, MANIFEST, Manifest, Part, written};
use super::place::Place;
use super::seal::{Measured, Sealed, seal};
use super::{
    BackupError, BackupId, Facts, Origin, Pace, Plan, RunState, blobs, kept, make_folder, postgres, sqlite, store,
};
use crate::clock::Clock;
use crate::database::Database;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use std::fs::{self, File};
use std::io::{self, Read, Write as _};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread::JoinHandle;
use time::{Duration, OffsetDateTime};

/// A sign of life comes this often.
const BEAT: std::time::Duration = std::time::Duration::from_secs(15);
/// Whoever gave none for so long is dead.
const DEAD_AFTER: Duration = Duration::minutes(2);
/// Tries are remembered this long.
const REMEMBERED: Duration = Duration::days(400);
/// The sealed database.
pub(super) const DATABASE: &str = "database.age";
/// The sealed keys and settings.
pub(super) const SETTINGS: &str = "settings.age";
/// The sealed list of files.
pub(super) const FILES: &str = "files.age";

/// A backup that was made.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Made {
    /// What it says of itself.
    pub manifest: Manifest,
    /// Backups that were removed since newer ones stand for them.
    pub removed: Vec<String>,
}

/// Keys and settings as they are sealed.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct SettingsPart {
    /// Names and values.
    pub(super) settings: Vec<(String, String)>,
    /// Names of key files, and what they hold, in base64.
    pub(super) keys: Vec<(String, String)>,
}

/// Makes a backup and removes those that are no longer wanted. It waits on this thread, for as long as it takes.
///
/// # Errors
/// When another is being made, or this one could not be completed: nothing of it is then left in the place, as far as the place
/// can still be reached.
pub fn make(database: &Database, clock: &Clock, plan: &Plan) -> Result<Made, BackupError> {
    let began = clock.now();
    let backup = manifest::new_id(began);
    let id = begin(database, plan, &backup, began)?;
    let life = Life::begin(database, clock, id);
    let outcome = apart(|| Maker { plan, clock, backup: &backup, pace: Pace::gentle() }.make(began, &life));
    let outcome = match outcome {
        Ok(manifest) => publish(plan, &manifest, &life).map(|()| manifest),
        Err(error) => Err(error),
    };
    life.end();
    // Whatever lies in clear goes first.
    let _ = fs::remove_dir_all(&plan.work);
    let (state, bytes, error) = match &outcome {
        Ok(manifest) => (RunState::Done, Some(manifest.bytes()), None),
        Err(error) => (RunState::Failed, None, Some(error.code())),
    };
    if outcome.is_err() {
        // A place that cannot be reached now is cleaned by the next run.
        let _ = remove(&*plan.place, &backup);
    }
    let ended = clock.now();
    let noted = database.write_now(move |db| {
        store::forget(db, ended.saturating_sub(REMEMBERED))?;
        store::end(db, id, state, ended, bytes, error)
    });
    if let Err(error) = noted {
        tracing::error!(%error, "how a backup ended was not written down");
    }
    let manifest = outcome?;
    let removed = retire(plan, &backup).unwrap_or_else(|error| {
        tracing::warn!(%error, "old backups were not removed");
        Vec::new()
    });
    Ok(Made { manifest, removed })
}

/// Takes the only place there is for a running backup. One that is dead is written off, and what it left is removed.
fn begin(database: &Database, plan: &Plan, backup: &str, now: OffsetDateTime) -> Result<BackupId, BackupError> {
    let (id, name, label) = (BackupId::new(now), backup.to_owned(), plan.place.label());
    let (there, _) = manifest::ids(&*plan.place)?;
    let taken = database.write_now(move |db| {
        if let Some(other) = store::running(db)? {
            // Both ways: a clock may be set back.
            if (now - other.beat_at).abs() < DEAD_AFTER {
                return Err(BackupError::Running { since: other.started_at });
            }
            // Killed between its last step and writing that down: the backup counts, its size is told by the manifest.
            let done = there.contains(&other.backup);
            let (state, bytes) = if done { (RunState::Done, Some(0)) } else { (RunState::Broken, None) };
            store::end(db, other.id, state, now, bytes, None)?;
        }
        store::start(db, id, &name, &label, now)?;
        Ok(id)
    });
    match taken {
        // Two began in the same moment, and the other was faster.
        Err(BackupError::Database(error)) if error.is_duplicate() => Err(BackupError::Running { since: now }),
        taken => taken,
    }
}

/// Gives signs of life beside the work.
struct Life {
    lost: Arc<AtomicBool>,
    stop: Sender<()>,
    thread: JoinHandle<()>,
    database: Database,
    clock: Clock,
    id: BackupId,
}

impl Life {
    fn begin(database: &Database, clock: &Clock, id: BackupId) -> Self {
        let (stop, stopped) = mpsc::channel();
        let lost = Arc::new(AtomicBool::new(false));
        let (own, told, at) = (database.clone(), Arc::clone(&lost), clock.clone());
        let thread = std::thread::spawn(move || {
            while stopped.recv_timeout(BEAT) == Err(RecvTimeoutError::Timeout) {
                let now = at.now();
                // A database that is away for a moment ends nothing.
                if let Ok(false) = own.write_now(move |db| store::beat(db, id, now)) {
                    told.store(true, Ordering::Relaxed);
                }
            }
        });
        Self { lost, stop, thread, database: database.clone(), clock: clock.clone(), id }
    }

    /// Whether this run still is the one that may go on.
    fn goes_on(&self) -> Result<(), BackupError> {
        let (id, now) = (self.id, self.clock.now());
        let mine = !self.lost.load(Ordering::Relaxed) && self.database.write_now(move |db| store::beat(db, id, now))?;
        if mine { Ok(()) } else { Err(BackupError::Overtaken) }
    }

    fn end(self) {
        drop(self.stop);
        // It does nothing but wait and write; there is nothing to tell of it.
        let _ = self.thread.join();
    }
}

/// Runs on a thread of its own, which gives way to others, and waits.
fn apart<T: Send>(work: impl FnOnce() -> T + Send) -> T {
    crate::database::apart(work)
}

struct Maker<'p> {
    plan: &'p Plan,
    clock: &'p Clock,
    backup: &'p str,
    pace: Pace,
}

impl Maker<'_> {
    fn make(mut self, began: OffsetDateTime, life: &Life) -> Result<Manifest, BackupError> {
        let plan = self.plan;
        clean(plan)?;
        let copy = plan.work.join("database");
        let (state_of, facts) = self.copy_database(&copy)?;
        life.goes_on()?;
        let mut parts = vec![self.part(DATABASE, open_file(&copy)?)?];
        fs::remove_file(&copy).map_err(|error| BackupError::of(plan.work.display(), error))?;
        parts.push(self.part(SETTINGS, io::Cursor::new(self.settings()?))?);
        let files = match plan.files.as_deref().filter(|source| source.folder().is_none_or(Path::is_dir)) {
            None => None,
            Some(source) => {
                let (files, listed) =
                    blobs::copy(source, &*plan.place, &plan.recipients, &plan.names_key, &mut self.pace)?;
                parts.push(self.part(FILES, io::Cursor::new(blobs::lines(&listed)))?);
                let names: String = listed.iter().map(|one| format!("{}\n", one.object)).collect();
                write(&*plan.place, &format!("{}/{}", self.backup, blobs::NAMES), names.as_bytes())?;
                Some(files)
            }
        };
        let ended = self.clock.now();
        Ok(Manifest {
            form: 1,
            id: self.backup.to_owned(),
            program: env!("CARGO_PKG_VERSION").to_owned(),
            engine: manifest::engine_name(plan.origin.engine()).to_owned(),
            engine_version: facts.engine_version,
            migration: facts.migration,
            state_of: written(state_of),
            ended_at: written(ended),
            milliseconds: u64::try_from((ended - began).whole_milliseconds()).unwrap_or(0),
            recipients: plan.recipients.names(),
            parts,
            rows: facts.rows,
            audit: facts.audit.iter().map(|(institution, head)| chain_head(*institution, *head)).collect(),
            files,
        })
    }

    fn copy_database(&mut self, copy: &Path) -> Result<(OffsetDateTime, Facts), BackupError> {
        let clock = self.clock.clone();
        match &self.plan.origin {
            Origin::Sqlite(file) => {
                let at = sqlite::copy(file, copy, &mut self.pace, || clock.now())?;
                Ok((at, sqlite::examine(copy, false)?))
            }
            Origin::Postgres(url) => {
                let made = postgres::dump(url, copy, move || clock.now())?;
                postgres::check(copy)?;
                Ok(made)
            }
        }
    }

    /// Keys and settings in one text.
    fn settings(&self) -> Result<Vec<u8>, BackupError> {
        let mut part = SettingsPart { settings: self.plan.settings.clone(), keys: Vec::new() };
        for file in self.plan.keys.iter().filter(|file| file.exists()) {
            let key = fs::read(file).map_err(|error| BackupError::of(file.display(), error))?;
            let name = file.file_name().unwrap_or_default().to_string_lossy().into_owned();
            part.keys.push((name, STANDARD.encode(key)));
        }
        serde_json::to_vec(&part).map_err(|error| BackupError::of(SETTINGS, error.into()))
    }

    /// Seals a thing into the place and reads it back.
    fn part(&mut self, name: &str, plain: impl Read) -> Result<Part, BackupError> {
        let (place, whole) = (&*self.plan.place, format!("{}/{name}", self.backup));
        let fail = |error| BackupError::of(place.label(), error);
        let draft = place.create(&whole).map_err(fail)?;
        let sealed = seal(plain, &self.plan.recipients, true, draft, &mut self.pace).map_err(fail)?;
        let Sealed { plain_bytes, bytes, sha256, .. } = sealed;
        if read_back(place, &whole, &mut self.pace).map_err(fail)? != (bytes, sha256.clone()) {
            return Err(BackupError::damaged(whole));
        }
        Ok(Part { name: name.to_owned(), bytes, sha256, plain_bytes })
    }
}

fn chain_head(institution: Option<crate::identity::InstitutionId>, head: crate::audit::Head) -> manifest::ChainHead {
    manifest::ChainHead { institution: institution.map(|id| id.to_string()), head: head.to_string() }
}

fn open_file(file: &Path) -> Result<File, BackupError> {
    File::open(file).map_err(|error| BackupError::of(file.display(), error))
}

/// How long a thing is as it lies in the place, and its fingerprint.
fn read_back(place: &dyn Place, name: &str, pace: &mut Pace) -> io::Result<(u64, String)> {
    let mut back = Measured::new(place.open(name)?);
    let mut piece = vec![0; 1 << 20];
    while back.read(&mut piece)? > 0 {
        pace.rest();
    }
    let (_, bytes, sha256) = back.end();
    Ok((bytes, sha256))
}

/// Makes it a backup: the manifest is the last thing written, when it is sure that nobody took over.
fn publish(plan: &Plan, made: &Manifest, life: &Life) -> Result<(), BackupError> {
    let place = &*plan.place;
    let text = serde_json::to_vec_pretty(made).map_err(|error| BackupError::of(MANIFEST, error.into()))?;
    life.goes_on()?;
    write(place, &format!("{}/{MANIFEST}", made.id), &text)?;
    if manifest::manifest(place, &made.id)? == *made { Ok(()) } else { Err(BackupError::damaged(MANIFEST)) }
}

fn write(place: &dyn Place, name: &str, bytes: &[u8]) -> Result<(), BackupError> {
    let fail = |error| BackupError::of(place.label(), error);
    let mut draft = place.create(name).map_err(fail)?;
    draft.write_all(bytes).map_err(fail)?;
    draft.keep().map_err(fail)
}

/// Removes what runs left that did not end. Whoever is at work now is the only one.
fn clean(plan: &Plan) -> Result<(), BackupError> {
    let fail = |error| BackupError::of(plan.place.label(), error);
    plan.place.tidy().map_err(fail)?;
    for id in manifest::ids(&*plan.place)?.1 {
        remove(&*plan.place, &id)?;
    }
    let of_work = |error| BackupError::of(plan.work.display(), error);
    match fs::remove_dir_all(&plan.work) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(of_work(error)),
        _ => {}
    }
    make_folder(&plan.work).map_err(of_work)
}

/// Removes a backup, its manifest first: what is left of one that was removed by half is none.
fn remove(place: &dyn Place, id: &str) -> Result<(), BackupError> {
    let fail = |error| BackupError::of(place.label(), error);
    place.remove(&format!("{id}/{MANIFEST}")).map_err(fail)?;
    for one in place.list(&format!("{id}/")).map_err(fail)? {
        place.remove(&one.name).map_err(fail)?;
    }
    Ok(())
}

/// Removes backups that newer ones stand for, never the one that was just made, and files that none needs.
fn retire(plan: &Plan, made: &str) -> Result<Vec<String>, BackupError> {
    let place = &*plan.place;
    let all = manifest::list(place)?;
    let dated: Vec<_> = all.iter().filter_map(|id| Some((id.as_str(), manifest::begun(id)?))).collect();
    let mut keep = kept(&dated, plan.retention, plan.zone);
    keep.insert(made);
    let (stay, go): (Vec<String>, Vec<String>) = all.iter().cloned().partition(|id| keep.contains(id.as_str()));
    for id in &go {
        remove(place, id)?;
    }
    blobs::sweep(place, &stay)?;
    Ok(go)
}

/// What the next run would do with a backup that is not wanted.
#[cfg(test)]
pub(super) fn remove_for_test(place: &dyn Place, id: &str) -> Result<(), BackupError> {
    remove(place, id)
}
