//! Every statement of the figures of services.

use crate::actions::Address;
use crate::service_figure::{FigureOf, ServiceFigure};
use platform::database::{DatabaseError, FromRow, Read, Row, Write};
use platform::identity::InstitutionId;
use platform::{params, statements};

statements! {
    /// The figures of a service, the newest first; a result that was computed anew keeps its name.
    pub(crate) OF_SERVICE = "SELECT figure.service_id, figure.instrument, figure.value, figure.answers, figure.period,
            figure.starts_on, figure.inputs, figure.result, published_result.subject
        FROM service_figure figure JOIN published_result ON published_result.id = figure.result
        WHERE figure.institution_id = $1 AND figure.service_id = $2 ORDER BY figure.starts_on DESC, figure.result LIMIT $3";
    /// Forgets the figures of a result.
    pub(crate) REMOVE_FIGURES = "DELETE FROM service_figure WHERE institution_id = $1 AND result = $2";
    /// Keeps a figure.
    pub(crate) ADD_FIGURE = "INSERT INTO service_figure (institution_id, service_id, result, instrument, value, answers, period,
            starts_on, inputs)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
}

impl FromRow for ServiceFigure {
    fn from_row(row: &Row<'_>) -> Result<Self, DatabaseError> {
        let (service, instrument, value, answers) = (row.next()?, row.next()?, row.next()?, row.next::<i64>()?);
        let (period, starts_on, inputs, id) = (row.next()?, row.next()?, row.next()?, row.next()?);
        let (answers, result) = (answers.unsigned_abs(), Address { subject: row.next()?, id });
        Ok(Self { service, instrument, value, answers, period, starts_on, result, inputs })
    }
}

/// The figures of a service, the newest first.
pub(crate) fn of_service(
    db: &mut Read<'_>,
    institution: InstitutionId,
    service: FigureOf,
    most: u32,
) -> Result<Vec<ServiceFigure>, DatabaseError> {
    db.all(OF_SERVICE, params![institution, service, most])
}

/// Forgets the figures of a result.
pub(crate) fn remove(db: &mut Write<'_>, institution: InstitutionId, result: &str) -> Result<(), DatabaseError> {
    db.execute(REMOVE_FIGURES, params![institution, result]).map(drop)
}

/// Keeps a figure.
pub(crate) fn add(db: &mut Write<'_>, institution: InstitutionId, figure: &ServiceFigure) -> Result<(), DatabaseError> {
    let answers = i64::try_from(figure.answers).unwrap_or(i64::MAX);
    let values = params![
        institution,
        figure.service,
        figure.result.id.as_str(),
        figure.instrument.as_str(),
        figure.value.as_str(),
        answers,
        figure.period.as_str(),
        figure.starts_on,
        figure.inputs.as_str(),
    ];
    db.execute(ADD_FIGURE, values).map(drop)
}
