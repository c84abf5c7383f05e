//! `/s/terima-kasih`: the receipt of an answer, given only where it really was kept.

use super::{ReceiptPath, asked};
use crate::answer::{AnswerId, is_delivery, receipt};
use crate::period::{Period, PeriodId};
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::database::DatabaseError;
use platform::page::{Page, show};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/receipt.html")]
struct ReceiptPage {
    page: Page,
    w: Words,
    /// The number, and the period the answer counts in; nothing when no such answer was kept.
    kept: Option<(String, String)>,
}

/// Shows the receipt, or that no such answer arrived.
pub(crate) async fn show_receipt(_: ReceiptPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (w, delivery) = (visit.words(&WORDS), asked(&visit, "bukti"));
    let period = asked(&visit, "survei").parse::<PeriodId>().ok().filter(|_| is_delivery(&delivery));
    let kept = match period {
        Some(period) => find(&app, &visit, period, &delivery).await?,
        None => None,
    };
    let title = if kept.is_some() { "receipt.title" } else { "receipt.none-title" };
    let text = |period: Period| w.fill("receipt.text", [("period", &period.plan.label())]);
    let kept = kept.map(|period| (receipt(&delivery), text(period)));
    show(&ReceiptPage { page: visit.page(w.text(title)), w, kept })
}

async fn find(app: &App, visit: &Visit, period: PeriodId, delivery: &str) -> Result<Option<Period>, Problem> {
    let institution = visit.institution()?;
    let id = AnswerId::of(institution, period, delivery);
    let found = app.database().read(move |db| match store::answers::has(db, institution, period, &id)? {
        true => store::periods::period(db, institution, period),
        false => Ok::<_, DatabaseError>(None),
    });
    Ok(found.await?)
}
