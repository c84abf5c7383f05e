//! What a backup promises, on both engines: the way there and back, and what happens when something is in its way.

mod journey;
mod s3;
mod schedule;
mod trouble;

use super::*;
use crate::audit::{self, Actor, Entry, Subject};
use crate::clock::Clock;
use crate::database::{Database, Engine};
use crate::testing::{Fresh, prepare_all, statements_name_their_institution};
use std::path::Path;
use std::sync::Arc;
use tempfile::TempDir;
use time::OffsetDateTime;
use time::macros::datetime;

/// Both engines.
const ENGINES: [Engine; 2] = [Engine::Sqlite, Engine::Postgres];
const START: OffsetDateTime = datetime!(2026-11-21 19:00 UTC);

/// A database, a place for backups, and a pair of keys.
struct Home {
    fresh: Fresh,
    folder: TempDir,
    identity: Identity,
    clock: Clock,
}

impl Home {
    fn new(engine: Engine) -> Self {
        let folder = TempDir::with_prefix("prima-backup-").unwrap();
        std::fs::write(folder.path().join("prima.key"), "k".repeat(64)).unwrap();
        let clock = Clock::standing(START);
        Self { fresh: Fresh::migrated(engine), folder, identity: Identity::new(), clock }
    }

    fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    fn plan(&self) -> Plan {
        Plan {
            place: Arc::new(Folder(self.path("cadangan"))),
            recipients: Recipients::read(&self.identity.recipient()).unwrap(),
            origin: Origin::of(self.fresh.url()),
            files: Some(Arc::new(Folder(self.path("berkas")))),
            keys: vec![self.path("prima.key")],
            settings: vec![("PRIMA_LISTEN".into(), "127.0.0.1:8080".into())],
            work: self.path("kerja"),
            names_key: [5; 32],
            retention: Retention::default(),
            zone: Zone::Wib,
        }
    }

    fn make(&self) -> Result<Made, BackupError> {
        make(&self.fresh, &self.clock, &self.plan())
    }

    /// A target in a new folder, for an engine's own kind of database.
    fn target(&self, name: &str, empty: Option<&Fresh>) -> Target {
        let folder = self.path(name);
        std::fs::create_dir_all(&folder).unwrap();
        let origin = match empty {
            None => Origin::Sqlite(folder.join("prima.db")),
            Some(empty) => Origin::of(empty.url()),
        };
        let (files, key) = (folder.join("prima.db.berkas"), folder.join("prima.db.key"));
        Target { origin, files, key, settings: folder.join("prima.db.settings") }
    }
}

/// An act of the installation, as actions record it.
fn act(number: i64) -> Entry {
    let subject = Subject::new("ticket", number);
    Entry {
        institution: None,
        at: START,
        actor: Actor::Program("test"),
        act: "test.acted",
        subject,
        detail: serde_json::Value::Null,
    }
}

fn record(database: &Database, number: i64) {
    database.write_now(move |db| audit::record(db, &act(number))).unwrap();
}

fn last_number(database: &Database) -> i64 {
    database.read_now(|db| audit::head(db, None)).unwrap().map_or(0, |head| head.number)
}

fn names(folder: &Path) -> Vec<String> {
    let mut names = Vec::new();
    place::walk(folder, "", &mut |name, _| {
        names.push(name.to_owned());
        Ok(())
    })
    .unwrap();
    names.sort();
    names
}

#[test]
fn both_engines_accept_every_statement() {
    prepare_all(&[super::STATEMENTS]);
}

#[test]
fn statements_of_backups_touch_no_rows_of_a_city() {
    statements_name_their_institution(super::STATEMENTS, &[]);
}

#[test]
fn the_diagram_shows_exactly_what_may_happen() {
    let page = include_str!("../../../docs/states/backup.md");
    let mut drawn: Vec<(&str, &str)> = page
        .lines()
        .filter_map(|line| line.trim().split_once(" --> "))
        .map(|(from, rest)| (from, rest.split_once(':').map_or(rest, |(to, _)| to)))
        .filter(|(from, to)| *from != "[*]" && *to != "[*]")
        .collect();
    drawn.sort_unstable();
    let names: Vec<(RunState, String)> = RunState::ALL.into_iter().map(|state| (state, format!("{state:?}"))).collect();
    let pairs = names.iter().flat_map(|from| names.iter().map(move |to| (from, to)));
    let mut allowed: Vec<(&str, &str)> =
        pairs.filter(|(from, to)| from.0.may_become(to.0)).map(|(from, to)| (from.1.as_str(), to.1.as_str())).collect();
    allowed.sort_unstable();
    assert_eq!(drawn, allowed);
    assert!(RunState::ALL.into_iter().all(|state| RunState::named(state.name()) == Some(state)));
}
