//! The satisfaction with single services, as parts of published results: kept by the survey when it publishes a period, read by the
//! page of a service. Value and steps come from the inputs, as those of every result do.
//!
//! Whoever keeps figures leaves out groups too small to be shown: a figure that is here may be shown.

use crate::actions::{Address, LoadError};
use crate::store::service_figures as store;
use calculation::published::PublishedResult;
use calculation::{Inputs, Problem, instruments};
use platform::database::{DatabaseError, Read, Write};
use platform::identity::InstitutionId;
use rules::outcome::Outcome;
use time::Date;

platform::id! {
    /// A service, by the identifier that the catalogue gives it.
    pub struct FigureOf;
}

/// The answers about one service in a result.
#[derive(Debug, Clone)]
pub struct ServiceAnswers {
    /// The service.
    pub service: FigureOf,
    /// What its value is computed from.
    pub inputs: Inputs,
}

/// The satisfaction with a service in one published result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ServiceFigure {
    /// The service.
    pub service: FigureOf,
    /// The rule it was computed by: `skm-2017`.
    pub instrument: String,
    /// The value with the decimals of its instrument.
    pub value: String,
    /// How many people answered about the service.
    pub answers: u64,
    /// The period as printed: "2026 TW III".
    pub period: String,
    /// The first day of the period.
    pub starts_on: Date,
    /// Where the result it is a part of is shown.
    pub result: Address,
    /// What it is computed from, as JSON.
    pub(crate) inputs: String,
}

impl ServiceFigure {
    /// The figure computed again, with its category, steps and warnings.
    ///
    /// # Errors
    /// When its instrument is no longer known, or its inputs are impossible.
    pub fn outcome(&self) -> Result<Outcome, Problem> {
        let instrument = instruments::find(&self.instrument)?;
        let inputs: Inputs = serde_json::from_str(&self.inputs).map_err(|_| instruments::no_index(&instrument))?;
        inputs.outcome(&instrument)
    }
}

/// Keeps the figures of a published result, in place of those it had.
///
/// # Errors
/// When inputs are impossible, or the database fails.
pub fn keep_service_figures(
    db: &mut Write<'_>,
    institution: InstitutionId,
    (result, starts_on): (&PublishedResult, Date),
    services: &[ServiceAnswers],
) -> Result<(), LoadError> {
    store::remove(db, institution, &result.id)?;
    for own in services {
        let outcome = own.inputs.outcome(&result.instrument)?;
        let (Some(value), Some(answers)) = (outcome.value, outcome.respondents) else { continue };
        let figure = ServiceFigure {
            service: own.service,
            instrument: outcome.instrument,
            value: value.to_string(),
            answers,
            period: result.period.clone(),
            starts_on,
            result: Address::of(&result.place, &result.id),
            inputs: serde_json::to_string(&own.inputs).map_err(|error| DatabaseError::Other(error.into()))?,
        };
        store::add(db, institution, &figure)?;
    }
    Ok(())
}

/// The figures of a service, the newest period first, so many at most.
///
/// # Errors
/// When the database cannot be read.
pub fn service_figures(
    db: &mut Read<'_>,
    institution: InstitutionId,
    service: FigureOf,
    most: u32,
) -> Result<Vec<ServiceFigure>, DatabaseError> {
    store::of_service(db, institution, service, most)
}
