//! `/kelola/sistem`: what the checks of the system saw, what to do, and a button that looks again.

use crate::WORDS;
use crate::actions::record_look;
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::checkup::{self, Check, Finding, Health};
use platform::database::DatabaseError;
use platform::page::{Notice, NoticeKind, Page, show};
use platform::problem::Problem;
use platform::visit::{Visit, query};
use platform::words::Words;
use serde::Deserialize;

/// The checks of the system.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/kelola/sistem")]
pub(crate) struct CheckupPath;

/// The button that looks again.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/kelola/sistem/{check}/uji")]
pub(crate) struct LookPath {
    check: String,
}

/// A check as the page shows it.
struct Row {
    name: String,
    /// `hijau`, `kuning`, `merah`; anything else is neutral.
    zone: &'static str,
    health: String,
    seen: String,
    advice: String,
    /// When it was looked at; empty when nobody did.
    looked_at: String,
    look: String,
}

#[derive(Template)]
#[template(path = "pages/checkup.html")]
struct CheckupPage {
    page: Page,
    w: Words,
    rows: Vec<Row>,
}

/// Shows what was seen last.
pub(crate) async fn list(_: CheckupPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    keeper(&visit)?;
    let read = app.database().read(checkup::last).await;
    let findings = read.map_err(|error: DatabaseError| Problem::from(error))?;
    let w = visit.words(&WORDS);
    let seen = |check| findings.iter().find(|finding: &&Finding| finding.check == check);
    let rows = Check::ALL.into_iter().map(|check| row(check, seen(check), &visit)).collect();
    let mut page = visit.page(w.text("checkup.title"));
    let looked = query(&visit.facts().uri).find(|(key, _)| key == "selesai");
    page.notice = looked.and_then(|(_, name)| Check::named(&name)).map(|check| {
        let name = App::words(w.language).text(check.label());
        Notice { kind: NoticeKind::Success, text: w.fill("checkup.looked", [("check", &name)]) }
    });
    show(&CheckupPage { page, w, rows })
}

fn row(check: Check, finding: Option<&Finding>, visit: &Visit) -> Row {
    let (w, zone) = (visit.words(&WORDS), visit.site().zone);
    let shared = App::words(w.language);
    let look = LookPath { check: check.name().to_owned() }.to_string();
    let name = shared.text(check.label());
    match finding {
        None => Row {
            name,
            zone: "",
            health: w.text("checkup.never"),
            seen: w.text("checkup.not-seen"),
            advice: String::new(),
            looked_at: String::new(),
            look,
        },
        Some(finding) => Row {
            name,
            zone: match finding.health {
                Health::Good => "hijau",
                Health::NotSet => "",
                Health::Attention => "kuning",
                Health::Bad => "merah",
            },
            health: shared.text(finding.health.label()),
            seen: finding.seen.say(w.language, zone),
            advice: finding.advice.say(w.language, zone),
            looked_at: zone.moment(finding.looked_at, w.language),
            look,
        },
    }
}

/// Looks at one thing now, keeps what was seen, and records who looked.
pub(crate) async fn post_look(path: LookPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    keeper(&visit)?;
    let check = Check::named(&path.check).ok_or_else(Problem::not_found)?;
    let (account, now) = (visit.signed_in()?.account, app.now());
    let finding = checkup::look(check, app.equipment(), Some(app.database()), app.clock(), true).await;
    let write = app.database().write(move |db| {
        checkup::note(db, &finding)?;
        record_look(db, account, check, now)
    });
    write.await.map_err(|error: DatabaseError| Problem::from(error))?;
    Ok(Redirect::to(&format!("{CheckupPath}?selesai={}", check.name())).into_response())
}

/// The system belongs to whoever keeps the installation; to all others there is no such page.
fn keeper(visit: &Visit) -> Result<(), Problem> {
    if visit.site().keeps_installation { Ok(()) } else { Err(Problem::not_found()) }
}
