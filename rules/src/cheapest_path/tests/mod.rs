//! The cheapest path: worked examples, and proofs against trying everything and against a solver.

mod brute_force;
mod examples;
mod solver;

use super::*;
use crate::instrument::{Body, Instrument, known};
use crate::quantity::{Ratio, parse_decimal, ratio, whole};
use crate::service_index::{Assessment, ServiceIndex, UserSurvey};

fn index(instrument: &Instrument) -> &ServiceIndex {
    match &instrument.body {
        Body::ServiceIndex(index) => index,
        other => panic!("not an IPP instrument: {other:?}"),
    }
}

/// The form of 2022.
fn form() -> (&'static Instrument, &'static ServiceIndex) {
    let instrument = known("ipp-2022");
    (instrument, index(instrument))
}

/// A form with fewer indicators, so that everything can be tried: the first `kept` ones, with these weights in parts of their sum, as one
/// aspect.
fn small_form(weights: &[u32]) -> ServiceIndex {
    let mut form = form().1.clone();
    let total: u32 = weights.iter().sum();
    form.aspects.truncate(1);
    form.aspects[0].weight = whole(1);
    form.indicators.truncate(weights.len());
    for (indicator, weight) in form.indicators.iter_mut().zip(weights) {
        indicator.aspect.clone_from(&form.aspects[0].key);
        indicator.weight = ratio(*weight, total);
    }
    form
}

fn assess<'a>(index: &'a ServiceIndex, levels: &[u8], f03: &Ratio) -> Assessment<'a> {
    let header = &form().0.header;
    let levels = levels.iter().map(|level| Some(whole(*level))).collect();
    Assessment { header, index, levels, users: Some(UserSurvey::Mean { mean: f03.clone(), respondents: Some(30) }) }
}

fn decimal(text: &str) -> Ratio {
    parse_decimal(text).unwrap()
}

fn days(days: u32) -> Effort {
    Effort { days: whole(days), cost: 0, lead: 0 }
}

/// Days for each indicator and each level it rises from; nothing where a rise is not possible.
fn efforts(index: &ServiceIndex, table: &[Vec<Option<u32>>]) -> Efforts {
    let mut efforts = Efforts::all_equal(index, &days(1));
    for (indicator, rises) in table.iter().enumerate() {
        for (from, rise) in (0_u8..).zip(rises) {
            assert!(efforts.set(indicator, from, rise.map(days)));
        }
    }
    efforts
}

fn needs(indicator: usize, at: u8, needs: usize, level: u8) -> Dependency {
    Dependency { indicator, at, needs, level, reason: None }
}

fn value(outcome: &crate::outcome::Outcome) -> String {
    outcome.value.as_ref().map(ToString::to_string).unwrap_or_default()
}
