//! The result of a period: the same whether it is shown, exported, printed or published, since all of it is computed from the
//! inputs that were fixed when the period was closed.

use crate::actions::Refused;
use crate::answer::Channel;
use crate::count::{Counts, SMALLEST_GROUP};
use crate::period::Period;
use crate::store::periods;
use calculation::published::{PublishedResult, PublishedWords};
use calculation::{Inputs, Key, Problem, Scored, instruments};
use organisation::{Institution, Unit};
use platform::database::{DatabaseError, Read};
use platform::identity::InstitutionId;
use rules::phrase::Language;
use services::ServiceId;
use std::collections::HashMap;
use std::fmt::Write as _;

/// Who and when, as results name their groups.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Named {
    /// "Kota Contoh".
    pub institution: String,
    /// "Dinas Sosial".
    pub unit: String,
    /// "2026 TW IV".
    pub period: String,
}

/// What is put before the name of a government where it acts: results name the place alone.
const GOVERNMENT: &str = "Pemerintah ";

/// The place an institution governs, as results name it.
pub(crate) fn place_name(institution: &Institution) -> String {
    let name = institution.settings.name.as_str();
    name.strip_prefix(GOVERNMENT).unwrap_or(name).to_owned()
}

impl Named {
    /// The names of a period's result: those it was closed under, whatever city and unit are called since.
    #[must_use]
    pub fn new(period: &Period, unit: &Unit, institution: &Institution) -> Self {
        if let Some(names) = &period.names {
            let (institution, unit) = (names.institution.clone(), names.unit.clone());
            return Self { institution, unit, period: period.plan.label() };
        }
        Self { institution: place_name(institution), unit: unit.facts.name.clone(), period: period.plan.label() }
    }

    /// The group of the result.
    #[must_use]
    pub fn key(&self) -> Key {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        vec![pair("institution", &self.institution), pair("unit", &self.unit), pair("period", &self.period)]
    }

    /// The place as a published result prints it.
    #[must_use]
    pub fn place(&self) -> String {
        format!("{}, {}", self.unit, self.institution)
    }
}

/// The names of services as the result of a period tells them: those of its closing, and today's of services it did not know.
pub(crate) fn service_names(
    db: &mut Read<'_>,
    institution: InstitutionId,
    period: &Period,
    services: &[ServiceId],
) -> Result<HashMap<ServiceId, String>, DatabaseError> {
    let mut names = periods::names_of(db, institution, services)?;
    names.extend(period.names.iter().flat_map(|known| known.services.clone()));
    Ok(names)
}

/// What the result is computed from; nothing before the period is closed.
#[must_use]
pub(crate) fn inputs(period: &Period) -> Option<Inputs> {
    serde_json::from_str(period.inputs.as_deref()?).ok()
}

/// How many answers the result rests on.
#[must_use]
pub(crate) fn respondents(period: &Period) -> u64 {
    match inputs(period) {
        Some(Inputs::Answers { respondents, .. }) => respondents,
        _ => 0,
    }
}

/// The result of a closed period, ready to be shown or printed; nothing before it is closed, and nothing of fewer than five answers:
/// what one person chose would stand in it.
///
/// # Errors
/// When the program no longer knows its instrument.
pub(crate) fn scored(period: &Period, named: &Named) -> Result<Option<Scored>, Problem> {
    let Some(inputs) = inputs(period).filter(|_| respondents(period) >= SMALLEST_GROUP) else { return Ok(None) };
    Ok(Some(Scored::of_inputs(instruments::find(&period.instrument)?, named.key(), inputs)))
}

/// The result over all answers, where some were left out by a decision: index and answers.
pub(crate) fn of_all(period: &Period) -> Option<(String, u64)> {
    if period.inputs == period.all_inputs {
        return None;
    }
    let inputs: Inputs = serde_json::from_str(period.all_inputs.as_deref()?).ok()?;
    let outcome = inputs.outcome(&instruments::find(&period.instrument).ok()?).ok()?;
    Some((outcome.value?.to_string(), outcome.respondents?))
}

/// The stable name of a period's published result; never given to another.
#[must_use]
pub(crate) fn name(period: &Period, unit: &Unit, institution: &Institution) -> String {
    let id = period.id.to_string();
    let label = organisation::slug(&period.plan.label(), |_| false);
    format!("skm-{}-{}-{label}-{}", institution.slug, unit.slug, &id[id.len() - 8..])
}

/// How many answers came with a code, on paper, from tables.
pub(crate) fn ways(counts: &Counts) -> [u64; 3] {
    let of = |channel: Channel| counts.of(|count| count.channel == channel).answers();
    let (paper, file) = (of(Channel::Paper), of(Channel::File));
    [counts.answers() - paper - file, paper, file]
}

/// What a published result says beside its number.
fn note(period: &Period, counts: &Counts) -> String {
    let [code, paper, file] = ways(counts);
    let mut note =
        format!("{code} answers by code, {paper} on paper, {file} from tables that another person confirmed.");
    if let Some((index, answers)) = of_all(period) {
        let _ = write!(note, " {index} over all {answers} answers; some were left out by a recorded decision.");
    }
    note
}

/// The result as it is published.
///
/// # Errors
/// When the period is not closed, fewer than five people answered, or its result cannot be computed.
pub(crate) fn published_row(
    period: &Period,
    unit: &Unit,
    institution: &Institution,
    counts: &Counts,
) -> Result<PublishedResult, Refused> {
    let named = Named::new(period, unit, institution);
    if period.state.has_result() && respondents(period) < SMALLEST_GROUP {
        return Err(Refused::TooFew);
    }
    let scored = scored(period, &named)?.ok_or(Refused::WrongState)?;
    let group = scored.groups.first().ok_or(Refused::WrongState)?;
    let outcome = scored.outcome(group)?;
    Ok(PublishedResult {
        id: name(period, unit, institution),
        place: named.place(),
        level: "unit".into(),
        period: named.period.clone(),
        value: outcome.value.clone(),
        words: PublishedWords {
            category: outcome.category().to_owned(),
            label: outcome.label(Language::Indonesian).to_owned(),
            ..PublishedWords::default()
        },
        inputs: Some(scored.inputs(group)),
        source: format!("Prima, {}", institution.settings.name),
        note: note(period, counts),
        line: 0,
        instrument: scored.instrument,
    })
}
