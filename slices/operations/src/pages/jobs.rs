//! `/kelola/pekerjaan`: how much work waits, and the jobs that failed so often that a person decides.

use crate::WORDS;
use crate::actions::{Decided, Decision, Desk, decide};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::{DatabaseError, Read};
use platform::identity::InstitutionId;
use platform::jobs::{self, Counts, DeadJob, JobId};
use platform::page::{Notice, NoticeKind, Page, show};
use platform::parts::Tile;
use platform::problem::Problem;
use platform::visit::{Visit, query};
use platform::words::Words;
use serde::Deserialize;
use time::OffsetDateTime;

/// Work that waits.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/pekerjaan")]
pub(crate) struct JobsPath;

/// The button that lets a job run again.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/pekerjaan/{id}/coba-lagi")]
pub(crate) struct RetryPath {
    id: String,
}

/// The button that gives a job up.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/pekerjaan/{id}/buang")]
pub(crate) struct DiscardPath {
    id: String,
}

/// So many dead jobs stand on one page.
const SHOWN: u32 = 50;

/// A dead job as the page shows it.
struct Row {
    /// "Mengirim pesan".
    work: String,
    /// Why it failed last, in words where they are known.
    trouble: String,
    /// The code of the trouble, for whoever helps.
    code: String,
    /// How often it was begun.
    attempts: u32,
    /// When it was given up.
    ended: String,
    /// Whether it is the installation's.
    of_installation: bool,
    retry: String,
    /// The page that asks once more before it is given up.
    ask_discard: String,
}

/// The question before a job is given up.
struct Question {
    title: String,
    discard: String,
}

#[derive(Template)]
#[template(path = "pages/jobs.html")]
struct JobsPage {
    page: Page,
    w: Words,
    /// Figures of the whole installation, for whoever keeps it.
    tiles: Vec<Tile>,
    rows: Vec<Row>,
    question: Option<Question>,
    /// Where the older ones stand.
    older: Option<String>,
}

/// What is read for the page.
#[derive(Default)]
struct Found {
    counts: Option<Counts>,
    own: Vec<DeadJob>,
    installation: Vec<DeadJob>,
}

/// Shows the work that waits for a decision.
pub(crate) async fn list(_: JobsPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, keeps, now) = (visit.institution()?, visit.site().keeps_installation, app.now());
    let before = asked(&visit, "sebelum").parse().ok();
    let read = app.database().read(move |db| find(db, institution, keeps, before, now));
    let found = read.await.map_err(|error: DatabaseError| Problem::from(error))?;
    let w = visit.words(&WORDS);
    let last = |jobs: &[DeadJob]| jobs.get(SHOWN as usize - 1).map(|job| job.id);
    let older = last(&found.own).max(last(&found.installation)).map(|id| format!("{JobsPath}?sebelum={id}"));
    let chosen = asked(&visit, "buang").parse::<JobId>().ok();
    let question = found.own.iter().chain(&found.installation).find(|job| Some(job.id) == chosen).map(|job| Question {
        title: w.fill("pending.discard-title", [("work", &work(&job.kind, w))]),
        discard: DiscardPath { id: job.id.to_string() }.to_string(),
    });
    let own = found.own.into_iter().map(|job| row(job, false, &visit));
    let rows = own.chain(found.installation.into_iter().map(|job| row(job, true, &visit))).collect();
    let tiles = found.counts.map(|counts| tiles(counts, w)).unwrap_or_default();
    let mut page = visit.page(w.text("pending.title"));
    page.notice = done(&visit, w);
    show(&JobsPage { page, w, tiles, rows, question, older })
}

fn find(
    db: &mut Read<'_>,
    institution: InstitutionId,
    keeps: bool,
    before: Option<JobId>,
    now: OffsetDateTime,
) -> Result<Found, DatabaseError> {
    let own = jobs::dead(db, Some(institution), before, SHOWN)?;
    if !keeps {
        return Ok(Found { own, ..Found::default() });
    }
    let installation = jobs::dead(db, None, before, SHOWN)?;
    Ok(Found { counts: Some(jobs::counts(db, now)?), own, installation })
}

fn row(job: DeadJob, of_installation: bool, visit: &Visit) -> Row {
    let (w, id) = (visit.words(&WORDS), job.id.to_string());
    let code = job.error.split(": ").next().unwrap_or_default();
    Row {
        work: work(&job.kind, w),
        trouble: known(w, &format!("trouble.{code}"), &w.text("pending.unknown-trouble")),
        attempts: job.attempt,
        ended: visit.site().zone.moment(job.ended_at, w.language),
        of_installation,
        retry: RetryPath { id: id.clone() }.to_string(),
        ask_discard: format!("{JobsPath}?buang={id}"),
        code: job.error,
    }
}

/// What a kind of job does: "Mengirim pesan".
fn work(kind: &str, w: Words) -> String {
    known(w, &format!("work.{kind}"), kind)
}

/// The words of a key that another slice may have made up, or what stands for it.
fn known(w: Words, key: &str, otherwise: &str) -> String {
    WORDS.find(key, w.language).map_or_else(|| otherwise.to_owned(), str::to_owned)
}

fn tiles(counts: Counts, w: Words) -> Vec<Tile> {
    let tile = |value: u64, key: &str, zone: &'static str| Tile {
        value: value.to_string(),
        words: w.text(key),
        href: None,
        zone,
    };
    let failed = if counts.dead > 0 { "kuning" } else { "hijau" };
    vec![
        tile(counts.waiting, "pending.waiting", ""),
        tile(counts.due, "pending.due", ""),
        tile(counts.running, "pending.running", ""),
        tile(counts.dead, "pending.dead", failed),
    ]
}

/// Lets a dead job run again.
pub(crate) async fn post_retry(path: RetryPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let outcome = post(&app, &visit, &path.id, Decision::Retry).await?;
    app.jobs().wake();
    Ok(outcome)
}

/// Gives a dead job up.
pub(crate) async fn post_discard(path: DiscardPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    post(&app, &visit, &path.id, Decision::Discard).await
}

/// Decides about a job of this institution or, where it keeps the installation, of the installation.
async fn post(app: &App, visit: &Visit, id: &str, decision: Decision) -> Result<Response, Problem> {
    let id: JobId = id.parse().map_err(|_| Problem::not_found())?;
    let (institution, keeps) = (visit.institution()?, visit.site().keeps_installation);
    let (account, now) = (visit.signed_in()?.account, app.now());
    let write = app.database().write(move |db| {
        let owner = match jobs::state(db, Some(institution), id)? {
            Some(_) => Some(institution),
            None if keeps && jobs::state(db, None, id)?.is_some() => None,
            None => return Ok(None),
        };
        decide(db, &Desk { owner, account, now }, id, decision).map(Some)
    });
    let decided = write.await.map_err(|error: DatabaseError| Problem::from(error))?.ok_or_else(Problem::not_found)?;
    let word = match decided {
        Decided::Waits => "dicoba",
        Decided::Replaced => "digantikan",
        Decided::Discarded => "dibuang",
        Decided::NotDead => "sudah",
    };
    Ok(Redirect::to(&format!("{JobsPath}?selesai={word}")).into_response())
}

/// What was just done, by the word in the query.
fn done(visit: &Visit, w: Words) -> Option<Notice> {
    let (key, kind) = match asked(visit, "selesai").as_str() {
        "dicoba" => ("done.waits", NoticeKind::Success),
        "dibuang" => ("done.discarded", NoticeKind::Success),
        "digantikan" => ("done.replaced", NoticeKind::Important),
        "sudah" => ("done.not-dead", NoticeKind::Important),
        _ => return None,
    };
    Some(Notice { kind, text: w.text(key) })
}

fn asked(visit: &Visit, name: &str) -> String {
    query(&visit.facts().uri).find(|(key, _)| key == name).map(|(_, value)| value).unwrap_or_default()
}
