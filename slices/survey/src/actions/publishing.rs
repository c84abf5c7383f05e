//! A result is published: everybody sees it, and anybody can compute it again.

use super::following::compare;
use super::periods::{load, subject};
use super::webhooks::announce;
use super::{Desk, Refused};
use crate::count::Counts;
use crate::period::{Period, PeriodId};
use crate::result;
use crate::store::{counts, periods as store};
use crate::webhook::Event;
use calculation::published::PublishedResult;
use platform::audit::Subject;
use platform::database::Write;
use publication::ServiceAnswers;
use serde_json::json;

/// Publishes the result of a closed period, among the published results of the nation.
///
/// # Errors
/// When it is not closed, fewer than five people answered, or somebody changed it meanwhile.
pub fn publish(db: &mut Write<'_>, desk: &Desk, (id, version): (PeriodId, i64)) -> Result<(), Refused> {
    let period = load(db, desk, id, version)?;
    period.state.publish()?;
    let institution = organisation::institution(db, desk.institution)?.ok_or(Refused::NotFound)?;
    let unit = organisation::unit(db, desk.institution, period.unit)?.ok_or(Refused::NotFound)?;
    let counts = counts::counts(db, desk.institution, id)?;
    let row = result::published_row(&period, &unit, &institution, &counts)?;
    let name = row.id.clone();
    put(db, desk, &period, &row)?;
    if !store::publish(db, desk.institution, &period, &name, desk.now)? {
        return Err(Refused::Stale);
    }
    announce(db, desk, Event::Published, (&period, &unit))?;
    compare(db, desk, &period)?;
    desk.record(db, "survey.result-published", Subject::new("published-result", &name), json!({}))?;
    Ok(desk.record(db, "survey.period-published", subject(id), json!({ "result": name }))?)
}

/// Puts a result among the published ones, in place of the one of its name, with the figures of its services.
pub(super) fn put(db: &mut Write<'_>, desk: &Desk, period: &Period, row: &PublishedResult) -> Result<(), Refused> {
    publication::publish(db, row, desk.now).map_err(refused)?;
    let counts = counts::counts(db, desk.institution, period.id)?;
    let services = of_services(&counts, row);
    let of = (row, period.plan.starts_on);
    publication::keep_service_figures(db, desk.institution, of, &services).map_err(refused)
}

fn refused(error: publication::LoadError) -> Refused {
    match error {
        publication::LoadError::Table(problem) => Refused::Problem(problem),
        publication::LoadError::Database(error) => Refused::Database(error),
    }
}

/// The answers about each service as far as the open file tells of which service they are, so that nobody computes what one of the two
/// hides from what the other shows.
fn of_services(counts: &Counts, row: &PublishedResult) -> Vec<ServiceAnswers> {
    let known = counts.by_service().into_iter().filter_map(|(service, answers)| Some((service?, answers)));
    let kept = known.filter_map(|(service, answers)| {
        Some(ServiceAnswers { service: service.uuid().into(), inputs: answers.inputs(&row.instrument, None)? })
    });
    kept.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Channel;
    use crate::count::{Count, TOTAL};
    use calculation::instruments;
    use platform::database::Uuid;
    use services::ServiceId;

    /// So many answers of 27 points each about a service, or about none.
    fn answers(service: Option<u128>, answers: i64) -> Count {
        let service = service.map(|number| ServiceId::from(Uuid::from_u128(number)));
        Count { service, channel: Channel::Web, part: TOTAL.into(), value: 27, answers }
    }

    fn kept(counts: Vec<Count>) -> Vec<u128> {
        let instrument = instruments::find("skm-2017").unwrap();
        let row = PublishedResult {
            id: "skm-contoh".into(),
            place: "Dinas Sosial, Kota Contoh".into(),
            level: "unit".into(),
            period: "2026 TW III".into(),
            value: None,
            words: calculation::published::PublishedWords::default(),
            inputs: None,
            source: String::new(),
            note: String::new(),
            line: 0,
            instrument,
        };
        let kept = of_services(&Counts::from(counts), &row);
        kept.into_iter().map(|answers| answers.service.uuid().as_u128()).collect()
    }

    #[test]
    fn a_service_with_four_answers_has_no_figure() {
        assert_eq!(kept(vec![answers(Some(1), 40), answers(Some(2), 4), answers(None, 9)]), [1]);
    }

    #[test]
    fn the_smallest_shown_is_hidden_with_a_small_one_that_could_be_computed_from_the_others() {
        assert_eq!(kept(vec![answers(Some(1), 40), answers(Some(2), 4), answers(Some(3), 6)]), [1]);
        assert_eq!(kept(vec![answers(Some(1), 40), answers(Some(3), 6)]), [1, 3]);
    }
}
