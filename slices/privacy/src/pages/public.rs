//! `/data-pribadi`: what is kept of people here, why, how long, and what they may ask.

use super::ask::AskPath;
use crate::register::{Activity, Officer};
use crate::request::RequestKind;
use crate::{WORDS, rules, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::DatabaseError;
use platform::page::{Page, show as render};
use platform::personal::{Basis, Holding};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/data-pribadi")]
pub(crate) struct PublicPath;

#[derive(Template)]
#[template(path = "pages/public.html")]
struct PublicPage {
    page: Page,
    w: Words,
    lines: Vec<Line>,
    officer: Officer,
    rights: Vec<(String, String, &'static str)>,
    ask: String,
}

/// A line of the register in words.
pub(super) struct Line {
    pub(super) what: String,
    pub(super) people: String,
    pub(super) purpose: String,
    pub(super) basis: String,
    pub(super) recipients: String,
    pub(super) retention: String,
    pub(super) protection: String,
    pub(super) kept: String,
}

pub(super) fn basis_words(w: Words, basis: Basis) -> String {
    w.text(&format!("basis.{}", basis.name()))
}

impl Line {
    pub(super) fn of(holding: &Holding, w: Words) -> Self {
        let own = |part: &str| (holding.words)(part, w.language);
        let kept = match holding.kept {
            platform::personal::Kept::Erasable => w.text("register.erasable"),
            platform::personal::Kept::By(law) => w.fill("register.kept", [("law", law)]),
        };
        Self {
            what: own("what"),
            people: w.text(&format!("people.{}", holding.people.name())),
            purpose: own("purpose"),
            basis: basis_words(w, holding.basis),
            recipients: own("recipients"),
            retention: own("retention"),
            protection: own("protection"),
            kept,
        }
    }

    pub(super) fn of_activity(activity: Activity, w: Words) -> Self {
        Self {
            what: activity.title,
            people: activity.people,
            purpose: activity.purpose,
            basis: basis_words(w, activity.basis),
            recipients: activity.recipients,
            retention: activity.retention,
            protection: activity.protection,
            kept: String::new(),
        }
    }
}

pub(crate) async fn show(_: PublicPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institution = visit.institution()?;
    let (officer, activities) = app
        .database()
        .read(move |db| {
            let officer = store::register::officer(db, institution)?;
            Ok::<_, DatabaseError>((officer, store::register::activities(db, institution)?))
        })
        .await?;
    let w = visit.words(&WORDS);
    let declared = app.wiring().holdings.iter().copied().flatten().map(|holding| Line::of(holding, w));
    let lines = declared.chain(activities.into_iter().map(|activity| Line::of_activity(activity, w))).collect();
    let right = |kind: RequestKind| {
        let article = rules::right(kind).article.as_str();
        (w.text(&format!("kind.{}", kind.name())), w.text(&format!("right.{}", kind.name())), article)
    };
    let rights = RequestKind::ALL.into_iter().map(right).collect();
    let page = visit.page(w.text("public.title"));
    render(&PublicPage { page, w, lines, officer, rights, ask: AskPath.to_string() })
}
