//! `/s/terima-kasih`: the receipt of an answer. Its address is signed when the answer was kept, and leads to no answer: the name that
//! the browser gave its sending is not in it, since browsers remember addresses.

use super::{ReceiptPath, asked};
use crate::answer::receipt;
use crate::period::{Period, PeriodId};
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
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

/// What receipts are signed for.
const PURPOSE: &str = "survey receipt";

/// The address of the receipt of an answer that was kept.
pub(crate) fn address(app: &App, period: PeriodId, delivery: &str) -> String {
    format!("{ReceiptPath}?bukti={}", app.secrets().sign(PURPOSE, &format!("{period}_{}", receipt(delivery))))
}

/// Shows the receipt, or that no such answer arrived.
pub(crate) async fn show_receipt(_: ReceiptPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (w, signed) = (visit.words(&WORDS), asked(&visit, "bukti"));
    let told = app.secrets().signed(PURPOSE, &signed).and_then(|told| told.split_once('_'));
    let known = told.and_then(|(period, number)| Some((period.parse::<PeriodId>().ok()?, number.to_owned())));
    let kept = match known {
        Some((period, number)) => find(&app, &visit, period).await?.map(|period| (number, period)),
        None => None,
    };
    let title = if kept.is_some() { "receipt.title" } else { "receipt.none-title" };
    let text = |period: Period| w.fill("receipt.text", [("period", &period.plan.label())]);
    let kept = kept.map(|(number, period)| (number, text(period)));
    show(&ReceiptPage { page: visit.page(w.text(title)), w, kept })
}

async fn find(app: &App, visit: &Visit, period: PeriodId) -> Result<Option<Period>, Problem> {
    let institution = visit.institution()?;
    Ok(app.database().read(move |db| store::periods::period(db, institution, period)).await?)
}
