//! What a result asks to be followed up, and how far it got: on the pages of a result, as JSON, and the button that makes an element
//! a finding.

use super::{FollowPath, Whole, desk, load};
use crate::actions::{self, following};
use crate::period::{Period, survey};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use improvement::{FindingPath, FindingState, FollowUp, SourceKind};
use platform::app::App;
use platform::database::{DatabaseError, Read};
use platform::form::Form;
use platform::identity::InstitutionId;
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use rules::follow_up::{share_done, weakest};
use rules::instrument::Instrument;
use rules::outcome::Outcome;
use rules::quantity::{Decimal, exact_text, whole as number};
use serde_json::json;

/// What pages read of findings.
#[derive(Debug, Default)]
pub(crate) struct FollowFound {
    /// Of this period.
    own: Vec<improvement::Finding>,
    /// Of earlier periods of the unit.
    earlier: Vec<improvement::Finding>,
    progress: FollowUp,
}

/// What a result asks, in the reader's words.
#[derive(Debug, Default)]
pub(crate) struct Follow {
    pub(crate) weakest: Vec<Weak>,
    /// How far it was followed up, and what became of elements that were followed up before.
    pub(crate) lines: Vec<String>,
}

/// An element that is to be followed up.
#[derive(Debug)]
pub(crate) struct Weak {
    pub(crate) key: String,
    pub(crate) name: String,
    pub(crate) mean: String,
    /// Its finding, where it is one already.
    pub(crate) finding: Option<String>,
}

/// Reads the findings of a period and of those before it.
pub(crate) fn read(
    db: &mut Read<'_>,
    institution: InstitutionId,
    period: &Period,
    history: &[Period],
) -> Result<FollowFound, DatabaseError> {
    let mut earlier = Vec::new();
    for other in history.iter().filter(|other| other.plan.ends_on < period.plan.starts_on).rev().take(8) {
        earlier.extend(improvement::raised(db, institution, (SourceKind::Survey, &other.id.to_string()))?);
    }
    let reference = period.id.to_string();
    let source = (SourceKind::Survey, reference.as_str());
    let own = improvement::raised(db, institution, source)?;
    Ok(FollowFound { own, earlier, progress: improvement::follow_up(db, institution, source)? })
}

/// What a result asks to be followed up, and how far it got.
pub(crate) fn follow(
    whole: &Whole,
    instrument: &Instrument,
    outcome: &Outcome,
    found: &FollowFound,
    w: Words,
) -> Follow {
    let Some(highest) = survey(instrument).map(|survey| number(survey.answers.highest)) else {
        return Follow::default();
    };
    let means: Vec<_> = outcome.items.iter().map(|item| item.mean.clone()).collect();
    let weak = weakest(&means, &highest).into_iter().filter_map(|place| outcome.items.get(place)).map(|item| Weak {
        key: item.key.clone(),
        name: item.name.in_language(w.language).to_owned(),
        mean: w.number(&following::mean(item)),
        finding: (found.own.iter())
            .find(|finding| finding.facts.source.part == item.key)
            .map(|finding| FindingPath { id: finding.id.to_string() }.to_string()),
    });
    let mut lines = Vec::new();
    if found.progress.findings > 0 {
        lines.push(progress(found.progress, w));
    }
    let label = whole.period.plan.label();
    // Everybody reads of what was published alone; that is also what staff need to see beside a result.
    let told = found.earlier.iter().filter(|finding| finding.state == FindingState::Published);
    lines.extend(told.filter_map(|finding| {
        let after = finding.after.as_ref().filter(|after| after.words == label)?;
        let item = outcome.items.iter().find(|item| item.key == finding.facts.source.part)?;
        let before = w.number(&finding.facts.before.as_ref()?.value);
        let values = [
            ("element", item.name.in_language(w.language)),
            ("before", &*before),
            ("earlier", &*finding.facts.source.words),
            ("after", &*w.number(&after.value)),
        ];
        Some(w.fill("follow.changed", values))
    }));
    Follow { weakest: weak.collect(), lines }
}

/// "2 dari 3 tindakan … (66,67 %)".
fn progress(progress: FollowUp, w: Words) -> String {
    let Some(share) = share_done(progress.verified, progress.planned) else { return w.text("follow.none") };
    let percent = w.number(&Decimal::half_up(&(share * number(100)), 2).to_string());
    let (verified, planned) = (w.count(progress.verified), w.count(progress.planned));
    w.fill("follow.rate", [("verified", &*verified), ("planned", &*planned), ("percent", &*percent)])
}

/// How far a result was followed up, for programs. It stands beside the result and not in it: the result is the same for ever, and this
/// is not.
pub(crate) async fn json(app: &App, visit: &Visit, whole: &Whole) -> Result<Vec<u8>, Problem> {
    if !whole.period.state.has_result() {
        return Err(Problem::not_found());
    }
    let (institution, reference) = (visit.institution()?, whole.period.id.to_string());
    let asked = reference.clone();
    let progress = app
        .database()
        .read(move |db| improvement::follow_up(db, institution, (SourceKind::Survey, &asked)))
        .await
        .map_err(|error: DatabaseError| Problem::from(error))?;
    let share = share_done(progress.verified, progress.planned);
    let told = json!({
        "unit": whole.unit.facts.name,
        "period": whole.period.plan.label(),
        "reference": reference,
        "findings": progress.findings,
        "planned": progress.planned,
        "verified": progress.verified,
        "share": share.as_ref().map(exact_text),
        "percent": share.map(|share| Decimal::half_up(&(share * number(100)), 2).to_string()),
    });
    Ok(format!("{told:#}\n").into_bytes())
}

/// Makes an element a finding, and goes to it.
pub(crate) async fn post_follow(
    path: FollowPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let whole = load(&app, &visit, &path.id, &improvement::PLAN_MEASURES).await?;
    let (desk, id, element) = (desk(&app, &visit)?, whole.period.id, form.value("element").to_owned());
    let finding = app.database().write(move |db| actions::follow_up(db, &desk, id, &element)).await?;
    let to = FindingPath { id: finding.to_string() };
    Ok(Redirect::to(&format!("{to}?selesai=dicatat")).into_response())
}
