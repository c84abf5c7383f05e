//! What is done with published results: they are taken over from tables, all of a table or nothing of it.

use crate::place::Place;
use crate::result::Published;
use crate::store;
use calculation::published::{PublishedResult, embedded};
use calculation::{InputFile, Problem};
use platform::audit::{Actor, Entry, Subject, record};
use platform::database::{DatabaseError, Write};
use sha2::{Digest, Sha256};
use time::OffsetDateTime;

/// What taking over a table did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Loaded {
    /// Results that were not here before.
    pub new: u64,
    /// Results that were here with other figures or words.
    pub changed: u64,
    /// Results that were here just so.
    pub same: u64,
}

/// Why a table could not be taken over. Nothing of it was.
#[derive(Debug)]
pub enum LoadError {
    /// The table cannot be read; the sentence says why.
    Table(Problem),
    /// The database failed.
    Database(DatabaseError),
}

impl From<DatabaseError> for LoadError {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

impl From<Problem> for LoadError {
    fn from(problem: Problem) -> Self {
        Self::Table(problem)
    }
}

impl std::fmt::Display for LoadError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Table(problem) => f.write_str(&problem.message(rules::phrase::Language::English)),
            Self::Database(error) => error.fmt(f),
        }
    }
}

impl std::error::Error for LoadError {}

/// Takes over the published results that are part of the program. Where they are here already, nothing is written.
///
/// # Errors
/// When the database fails.
pub fn load_reference(db: &mut Write<'_>, now: OffsetDateTime) -> Result<Loaded, LoadError> {
    let results = computed(&embedded()?)?;
    Ok(keep(db, "vectors", &results, now)?)
}

/// Takes over a table in the shape of `vectors/skm.csv`, `ipp.csv` or `ombudsman.csv`.
///
/// # Errors
/// When the file is no such table, or the database fails.
pub fn import(db: &mut Write<'_>, file: &InputFile, now: OffsetDateTime) -> Result<Loaded, LoadError> {
    let results = computed(&calculation::published::read(file)?)?;
    let name = file.name().rsplit(['/', '\\']).next().unwrap_or_default();
    Ok(keep(db, name, &results, now)?)
}

/// Publishes one result of a city of this installation: what it is recomputed from goes with it. Twice the same changes nothing.
///
/// # Errors
/// When its instrument gives no index or its inputs are impossible, or the database fails.
pub fn publish(db: &mut Write<'_>, row: &PublishedResult, now: OffsetDateTime) -> Result<Address, LoadError> {
    let results = computed(std::slice::from_ref(row))?;
    let Some(result) = results.first() else { return Err(calculation::instruments::no_index(&row.instrument).into()) };
    keep(db, "survey", &results, now)?;
    Ok(Address { subject: result.place.slug.clone(), id: result.id.clone() })
}

/// Where a published result is shown: `/kinerja/{subject}/{id}`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Address {
    /// The place it is of, as its address names it.
    pub subject: String,
    /// Its stable name.
    pub id: String,
}

impl Address {
    /// The address of the result of this name of a place, as results print the place.
    #[must_use]
    pub fn of(printed_place: &str, id: &str) -> Self {
        Self { subject: Place::of(printed_place).slug, id: id.to_owned() }
    }
}

impl std::fmt::Display for Address {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "/kinerja/{}/{}", self.subject, self.id)
    }
}

fn computed(rows: &[PublishedResult]) -> Result<Vec<Published>, Problem> {
    rows.iter().filter_map(|row| Published::new(row).transpose()).collect()
}

fn keep(db: &mut Write<'_>, table: &str, results: &[Published], now: OffsetDateTime) -> Result<Loaded, DatabaseError> {
    let kept = store::contents(db)?;
    let mut loaded = Loaded::default();
    let mut changed = Vec::new();
    for result in results {
        let content = content(result);
        match kept.get(&result.id) {
            Some(known) if *known == content => loaded.same += 1,
            former => {
                loaded.new += u64::from(former.is_none());
                if former.is_some() {
                    changed.push(result.id.as_str());
                }
                store::save(db, result, &content, now)?;
            }
        }
    }
    loaded.changed = changed.len() as u64;
    if loaded.new + loaded.changed > 0 {
        store::count_leagues(db)?;
        let entry = Entry {
            institution: None,
            at: now,
            actor: Actor::Program("import"),
            act: "publication.results-loaded",
            subject: Subject::new("published-table", table),
            detail: serde_json::json!({ "new": loaded.new, "changed": changed }),
        };
        record(db, &entry)?;
    }
    Ok(loaded)
}

/// A fingerprint of all that is kept of a result, to tell whether a table brings something else.
fn content(result: &Published) -> String {
    let digest = Sha256::digest(format!("{result:?}"));
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}
