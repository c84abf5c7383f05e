//! What jobs promise, on both engines: none is lost, none is done twice, and who comes late is told.

mod crash;
mod life;
mod plan;
mod race;

use super::*;
use crate::app::{App, Means, Wiring};
use crate::clock::Clock;
use crate::database::Database;
use crate::params;
use crate::secret::Secrets;
use crate::testing::{prepare_all, statements_name_their_institution};
use serde_json::json;
use time::macros::datetime;

const START: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

crate::statements! {
    private;
    NOTE = "INSERT INTO effect (job, attempt) VALUES ($1, $2)";
    NOTES = "SELECT job, attempt FROM effect ORDER BY job, attempt";
}

/// A table for what handlers do.
fn prepared(database: &Database) {
    database.run_script("CREATE TABLE effect (job TEXT NOT NULL, attempt BIGINT NOT NULL)").unwrap();
    database.prepare(STATEMENTS).unwrap();
}

fn app(database: &Database, clock: &Clock) -> App {
    App::new(database.clone(), clock.clone(), Wiring::default(), Means::new(Secrets::new([7; 32])))
}

fn worker(database: &Database, clock: &Clock, handlers: Handlers) -> Worker {
    Worker::new(app(database, clock), handlers, Settings::default())
}

fn new(kind: &'static str) -> NewJob {
    NewJob { kind, institution: None, payload: json!({}), run_at: START, key: None }
}

async fn put(database: &Database, job: NewJob) -> JobId {
    database.write(move |db| enqueue(db, &job)).await.unwrap()
}

async fn state_of(database: &Database, id: JobId) -> Option<JobState> {
    database.read(move |db| state(db, None, id)).await.unwrap()
}

async fn dead_ones(database: &Database) -> Vec<DeadJob> {
    database.read(|db| dead(db, None, None, 100)).await.unwrap()
}

/// What handlers noted: the identifiers of jobs with their attempts.
async fn notes(database: &Database) -> Vec<(String, i64)> {
    database.read(|db| db.all(NOTES, &[])).await.unwrap()
}

fn note(db: &mut Write<'_>, job: &Job) -> Result<(), JobError> {
    Ok(db.execute(NOTE, params![job.id.to_string(), job.attempt]).map(drop)?)
}

/// A handler of each sort: one that notes, and one that notes and then fails.
fn noting() -> Handlers {
    Handlers::new().inside("test.note", 3, |db, job, _| note(db, job)).inside("test.fail", 3, |db, job, _| {
        note(db, job)?;
        Err(JobError::new("test.refused", "no answer"))
    })
}

#[test]
fn both_engines_accept_every_statement() {
    prepare_all(&[super::STATEMENTS]);
}

#[test]
fn statements_on_jobs_name_their_institution() {
    let all = "the worker serves every city, and sees no more than a moment";
    let figures = "figures of the whole installation, for those who keep it";
    let exceptions = [("NEXT_DUE_JOB", all), ("COUNT_JOBS", figures), ("SWEEP_JOBS", "finished jobs go by age alone")];
    statements_name_their_institution(super::STATEMENTS, &exceptions);
}

#[test]
fn the_diagram_shows_exactly_what_may_happen() {
    let page = include_str!("../../../docs/states/job.md");
    let mut drawn: Vec<(&str, &str)> = page
        .lines()
        .filter_map(|line| line.trim().split_once(" --> "))
        .map(|(from, rest)| (from, rest.split_once(':').map_or(rest, |(to, _)| to)))
        .filter(|(from, to)| *from != "[*]" && *to != "[*]")
        .collect();
    drawn.sort_unstable();
    let names: Vec<(JobState, String)> = JobState::ALL.into_iter().map(|state| (state, format!("{state:?}"))).collect();
    let mut allowed: Vec<(&str, &str)> = names
        .iter()
        .flat_map(|from| names.iter().map(move |to| (from, to)))
        .filter(|(from, to)| from.0.may_become(to.0))
        .map(|(from, to)| (from.1.as_str(), to.1.as_str()))
        .collect();
    allowed.sort_unstable();
    assert_eq!(drawn, allowed);
    assert!(JobState::ALL.into_iter().all(|state| JobState::named(state.name()) == Some(state)));
}
