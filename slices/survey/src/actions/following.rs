//! What a result asks to be followed up: its elements become findings of the unit, and later results stand beside them.

use super::{Desk, Refused};
use crate::count::SMALLEST_GROUP;
use crate::period::{Period, PeriodId, survey};
use crate::result::{self, Named};
use crate::store::periods as store;
use improvement::{Figure, FindingId, Later, NewFinding, Source, SourceKind};
use platform::database::{Read, Write};
use rules::instrument::Instrument;
use rules::outcome::{Item, Outcome};
use rules::phrase::Language;
use rules::quantity::Decimal;

/// Means are shown and kept with so many decimals.
const PLACES: usize = 3;

/// At work on findings.
pub(crate) fn at_findings(desk: &Desk) -> organisation::Desk {
    organisation::Desk { institution: desk.institution, actor: desk.actor, now: desk.now }
}

impl From<improvement::Refused> for Refused {
    fn from(refused: improvement::Refused) -> Self {
        match refused {
            improvement::Refused::Database(error) => Self::Database(error),
            improvement::Refused::NotFound => Self::NotFound,
            improvement::Refused::Stale => Self::Stale,
            _ => Self::WrongState,
        }
    }
}

/// The mean of an element as it is shown: `2.870`.
pub(crate) fn mean(item: &Item) -> String {
    Decimal::half_up(&item.mean, PLACES).to_string()
}

/// The best mean there can be: `4`.
pub(crate) fn full(instrument: &Instrument) -> Option<String> {
    survey(instrument).map(|survey| survey.answers.highest.to_string())
}

/// The result of a closed period with its instrument; nothing when nobody answered.
fn outcome(db: &mut Read<'_>, desk: &Desk, period: &Period) -> Result<Option<(Outcome, Instrument)>, Refused> {
    let institution = organisation::institution(db, desk.institution)?.ok_or(Refused::NotFound)?;
    let unit = organisation::unit(db, desk.institution, period.unit)?.ok_or(Refused::NotFound)?;
    let Some(scored) = result::scored(period, &Named::new(period, &unit, &institution))? else { return Ok(None) };
    let Some(group) = scored.groups.first() else { return Ok(None) };
    Ok(Some((scored.outcome(group)?, scored.instrument.clone())))
}

/// Makes an element of a closed period a finding of its unit, once; gives the finding either way.
///
/// # Errors
/// When the period is not closed, fewer than five people answered, or there is no such element.
pub fn follow_up(db: &mut Write<'_>, desk: &Desk, id: PeriodId, element: &str) -> Result<FindingId, Refused> {
    let period = store::period(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    if !period.state.has_result() {
        return Err(Refused::WrongState);
    }
    let (outcome, instrument) = outcome(db, desk, &period)?.ok_or(Refused::TooFew)?;
    let answers = outcome.respondents.unwrap_or(0);
    if answers < SMALLEST_GROUP {
        return Err(Refused::TooFew);
    }
    let item = outcome.items.iter().find(|item| item.key == element).ok_or(Refused::NotFound)?;
    let (value, label, name) = (mean(item), period.plan.label(), item.name.in_language(Language::Indonesian));
    // Kept in the language of the city: it is data from now on, and whoever publishes it may word it anew.
    let w = crate::words(Language::Indonesian);
    let full = full(&instrument);
    let figures = [
        ("element", name),
        ("value", &*w.number(&value)),
        ("full", full.as_deref().unwrap_or_default()),
        ("period", &*label),
        ("answers", &*w.count(answers)),
    ];
    let new = NewFinding {
        unit: period.unit,
        service: None,
        source: Source {
            kind: SourceKind::Survey,
            reference: id.to_string(),
            part: element.to_owned(),
            words: label.clone(),
        },
        title: name.to_owned(),
        said: w.fill("follow.said", figures),
        before: Some(Figure { value, full, on: period.plan.ends_on }),
    };
    Ok(improvement::raise(db, &at_findings(desk), &new)?)
}

/// Puts the elements of a result that everybody sees beside the findings of earlier periods, and corrects the figures of its own.
pub(crate) fn compare(db: &mut Write<'_>, desk: &Desk, period: &Period) -> Result<(), Refused> {
    let Some((outcome, _)) = outcome(db, desk, period)? else { return Ok(()) };
    let (findings, reference) = (at_findings(desk), period.id.to_string());
    for item in &outcome.items {
        let later = Later { value: mean(item), words: period.plan.label(), on: period.plan.ends_on };
        improvement::note_later(db, &findings, (period.unit, SourceKind::Survey, &item.key), &later)?;
        let source = (SourceKind::Survey, reference.as_str());
        improvement::correct_before(db, &findings, source, (&item.key, &later.value))?;
    }
    Ok(())
}
