//! `prima key`: the keys of the installation: added, used, everything sealed anew, the old one retired. A running server follows.

use super::arguments::{KeyAction, KeyArgs, StoreSettings};
use super::slices::RESEALED;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use crate::words::say;
use platform::audit::{self, Actor, Entry, Subject};
use platform::clock::Clock;
use platform::secret::{GRACE, KeyNumber, NoKey, rotation};
use rules::phrase::{Language, Phrase};

pub(crate) fn run(args: &KeyArgs, language: Language) -> Result<Ending, Problem> {
    match &args.action {
        KeyAction::List { store } => list(store, language),
        KeyAction::Add { store, later, index } => add(store, *later, *index, language),
        KeyAction::Use { store, number } => {
            store.keys().seal_with(*number).map_err(|error| refused(&error, *number))?;
            record(store, "secret.key-used", *number)?;
            print(&Phrase::new("key.used").with("number", u64::from(*number)), language)
        }
        KeyAction::Rotate { store } => rotate(store, language),
        KeyAction::Retire { store, number, index } => retire(store, *number, *index, language),
    }
}

fn print(phrase: &Phrase, language: Language) -> Result<Ending, Problem> {
    Output::Standard.write(format!("{}\n", say(phrase, language)).as_bytes())?;
    Ok(Ending::Done)
}

fn refused(error: &NoKey, number: KeyNumber) -> Problem {
    let key = match error {
        NoKey::Unknown => "key.unknown",
        NoKey::InUse => "key.in-use",
        NoKey::TwoIndexes => "key.two-indexes",
        _ => return Problem::server(error),
    };
    Problem::Input(Phrase::new(key).with("number", u64::from(number)))
}

/// The keys with how many rows each still seals.
fn list(store: &StoreSettings, language: Language) -> Result<Ending, Problem> {
    let numbers = store.keys().numbers()?;
    let database = store.open_as_it_is()?;
    let mut text = String::new();
    for (place, number) in numbers.keys.iter().copied().enumerate() {
        let rows = rows(&database.read_now(move |db| rotation::held_by(db, number, RESEALED))?);
        let key = if place == 0 { "key.seals" } else { "key.opens" };
        let phrase = Phrase::new(key).with("number", u64::from(number)).with("rows", rows);
        text += &format!("{}\n", say(&phrase, language));
    }
    for number in numbers.indexes.iter().copied() {
        let rows = rows(&database.read_now(move |db| rotation::indexed_by(db, number, RESEALED))?);
        let phrase = Phrase::new("key.index").with("number", u64::from(number)).with("rows", rows);
        text += &format!("{}\n", say(&phrase, language));
    }
    Output::Standard.write(text.as_bytes())?;
    Ok(Ending::Done)
}

fn rows(held: &[(&'static str, i64)]) -> u64 {
    held.iter().map(|(_, rows)| u64::try_from(*rows).unwrap_or(0)).sum()
}

fn add(store: &StoreSettings, later: bool, index: bool, language: Language) -> Result<Ending, Problem> {
    // A file that is not there yet is made first, so that what was sealed before has its key.
    store.secrets()?;
    let keys = store.keys();
    let (number, said) = match (index, later) {
        (true, _) => (keys.add_index(), "key.added-index"),
        (false, true) => (keys.add(false), "key.added-later"),
        (false, false) => (keys.add(true), "key.added"),
    };
    let number = number.map_err(|error| refused(&error, 0))?;
    record(store, "secret.key-added", number)?;
    print(&Phrase::new(said).with("number", u64::from(number)), language)
}

/// Servers that run look at the file now and then, and requests that began before end: what is sealed or looked up with a key that
/// was in front a moment ago is not missed.
fn after_grace(store: &StoreSettings) -> Result<(), Problem> {
    match store.keys().changed_since(Clock::machine().now())? {
        Some(passed) if passed < GRACE => {
            let wait = (GRACE - passed).as_secs().max(1);
            Err(Problem::Input(Phrase::new("key.too-soon").with("seconds", wait)))
        }
        _ => Ok(()),
    }
}

fn rotate(store: &StoreSettings, language: Language) -> Result<Ending, Problem> {
    after_grace(store)?;
    let (database, secrets) = (store.open()?, store.secrets()?);
    let progress = rotation::reseal_all(&database, &secrets, RESEALED)?;
    let (now, number) = (Clock::machine().now(), secrets.sealing());
    if progress.changed > 0 {
        let actor = Actor::Program("command-line");
        database.write_now(move |db| rotation::record(db, actor, number, progress.changed, now))?;
    }
    print(&Phrase::new("key.rotated").with("seen", progress.seen).with("changed", progress.changed), language)?;
    if progress.unreadable > 0 {
        print(&Phrase::new("key.unreadable").with("rows", progress.unreadable), language)?;
        return Ok(Ending::Failed);
    }
    Ok(Ending::Done)
}

fn retire(store: &StoreSettings, number: KeyNumber, index: bool, language: Language) -> Result<Ending, Problem> {
    after_grace(store)?;
    let database = store.open()?;
    let held = match index {
        true => database.read_now(move |db| rotation::indexed_by(db, number, RESEALED))?,
        false => database.read_now(move |db| rotation::held_by(db, number, RESEALED))?,
    };
    if let Some((column, _)) = held.first() {
        let phrase = Phrase::new("key.held").with("number", u64::from(number)).with("column", *column);
        return Err(Problem::Input(phrase.with("rows", rows(&held))));
    }
    let keys = store.keys();
    let retired = if index { keys.retire_index(number) } else { keys.retire(number) };
    retired.map_err(|error| refused(&error, number))?;
    record(store, "secret.key-retired", number)?;
    let phrase = Phrase::new("key.retired").with("number", u64::from(number));
    print(&phrase.with("file", keys.retired().display().to_string()), language)
}

/// Records a change of the keys in the log of the installation. It is done in the file already: a database that cannot be reached
/// is said, and the change stays.
fn record(store: &StoreSettings, act: &'static str, number: KeyNumber) -> Result<(), Problem> {
    let (database, at) = (store.open()?, Clock::machine().now());
    let entry = Entry {
        institution: None,
        at,
        actor: Actor::Program("command-line"),
        act,
        subject: Subject::new("key", number),
        detail: serde_json::json!({}),
    };
    Ok(database.write_now(move |db| audit::record(db, &entry))?)
}
