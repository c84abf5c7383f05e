//! Published results of the city's own surveys: of units and periods, and one with every step.

use crate::pages::{PublicFilePath, PublicPeriodPath, id_of, load_published};
use crate::period::Period;
use crate::result::{self, Named};
use crate::store;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use calculation::ResultFile;
use organisation::{Institution, Unit, UnitPath};
use platform::api::{Slice, answer, asked, nothing_asked};
use platform::app::App;
use platform::database::DatabaseError;
use platform::problem::Problem;
use platform::visit::Visit;
use rules::phrase::Language;
use serde::{Deserialize, Serialize};
use utoipa::{IntoParams, OpenApi, ToSchema};

#[derive(OpenApi)]
#[openapi(paths(list, show))]
pub(super) struct Document;

/// Published periods.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/api/v1/survey/periods")]
pub(crate) struct ListPath;

/// One published period.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/api/v1/survey/periods/{id}")]
pub(crate) struct ShowPath {
    id: String,
}

/// What is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    unit: Option<String>,
    page: Option<u64>,
    size: Option<u64>,
}

/// One page of the published periods.
#[derive(Debug, Serialize, ToSchema)]
struct PeriodList {
    /// How many there are.
    total: u64,
    /// Which page this is, from 1.
    page: u64,
    /// How many stand on a page.
    size: u64,
    /// Those of this page, the newest first.
    periods: Vec<PeriodSummary>,
}

/// A published period of a unit.
#[derive(Debug, Serialize, ToSchema)]
struct PeriodSummary {
    /// Its identifier, for ever.
    id: String,
    /// The unit that was judged.
    unit: PeriodUnit,
    /// The period in a few words.
    period: String,
    /// How often the unit publishes: `quarter`, `semester`, `year`, `continuous`.
    rhythm: &'static str,
    /// Its first day.
    #[schema(format = Date)]
    starts_on: String,
    /// Its last day.
    #[schema(format = Date)]
    ends_on: String,
    /// The rule of its first day.
    instrument: String,
    /// The index as a decimal text, after all decisions on answers.
    index: Option<String>,
    /// The category by the rule.
    category: String,
    /// The name of the category.
    label: String,
    /// How many answers it rests on.
    respondents: Option<u64>,
    /// Its page.
    url: String,
    /// Its address here.
    api: String,
}

/// The unit that was judged.
#[derive(Debug, Serialize, ToSchema)]
struct PeriodUnit {
    /// Its part of addresses.
    slug: String,
    /// Its name.
    name: String,
    /// Its page.
    url: String,
}

/// A published period with every step of its result.
#[derive(Debug, Serialize, ToSchema)]
struct PeriodWhole {
    #[serde(flatten)]
    #[schema(inline)]
    short: PeriodSummary,
    /// The result with its steps, as `prima verify` takes it.
    #[schema(value_type = Steps)]
    result: ResultFile,
    /// The answers as a table in which no row stands out.
    answers: String,
    /// What was changed after it was published, the oldest first.
    corrections: Vec<PeriodCorrection>,
}

/// What was changed of a result after it was published.
#[derive(Debug, Serialize, ToSchema)]
struct PeriodCorrection {
    /// The day.
    #[schema(format = Date)]
    on: String,
    /// The index before.
    before: String,
    /// The index since.
    after: String,
    /// Why.
    reason: String,
}

/// Stands for the shape that `calculation` describes.
#[derive(ToSchema)]
#[schema(as = ResultFile)]
struct Steps {}

/// Published periods, the newest first.
#[utoipa::path(get, path = ListPath::PATH, operation_id = "list-survey-periods", params(Asked),
    responses((status = 200, body = PeriodList)))]
pub(crate) async fn list(_: ListPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let asked: Asked = asked(&visit)?;
    let slice = Slice::of(asked.page, asked.size)?;
    let institution = visit.institution()?;
    let unit = asked.unit.clone();
    let count = |number: usize| i64::try_from(number).unwrap_or(i64::MAX);
    let span = (count(slice.skipped()), count(slice.most()));
    let (found, total, city) = app
        .database()
        .read(move |db| {
            let (periods, total) = match &unit {
                None => store::periods::published(db, institution, span)?,
                Some(slug) => match organisation::unit_by_slug(db, institution, slug)? {
                    None => (Vec::new(), 0),
                    Some(unit) => store::periods::published_of(db, institution, unit.id, span)?,
                },
            };
            let mut found = Vec::new();
            for period in periods {
                let unit = organisation::unit(db, institution, period.unit)?;
                found.extend(unit.map(|unit| (period, unit)));
            }
            Ok::<_, DatabaseError>((found, total, organisation::institution(db, institution)?))
        })
        .await?;
    let city = city.ok_or_else(Problem::not_found)?;
    let short = |(period, unit): &(Period, Unit)| PeriodSummary::of(period, unit, &city, &visit);
    let periods = found.iter().map(short).collect::<Result<Vec<_>, Problem>>()?;
    Ok(answer(&PeriodList { total, page: slice.page, size: slice.size, periods }))
}

impl PeriodSummary {
    fn of(period: &Period, unit: &Unit, city: &Institution, visit: &Visit) -> Result<Self, Problem> {
        let (origin, language) = (visit.facts().origin.as_str(), visit.language());
        let scored = result::scored(period, &Named::new(period, unit, city)).map_err(internal)?;
        let scored = scored.ok_or_else(Problem::not_found)?;
        let group = scored.groups.first().ok_or_else(Problem::not_found)?;
        let outcome = scored.outcome(group).map_err(internal)?;
        let id = period.id.to_string();
        Ok(Self {
            unit: PeriodUnit {
                slug: unit.slug.clone(),
                name: unit.facts.name.clone(),
                url: format!("{origin}{}", UnitPath { slug: unit.slug.clone() }),
            },
            period: period.plan.label(),
            rhythm: period.plan.rhythm.name(),
            starts_on: period.plan.starts_on.to_string(),
            ends_on: period.plan.ends_on.to_string(),
            instrument: period.instrument.clone(),
            index: outcome.value.as_ref().map(ToString::to_string),
            category: outcome.category().to_owned(),
            label: outcome.label(language).to_owned(),
            respondents: outcome.respondents,
            url: format!("{origin}{}", PublicPeriodPath { id: id.clone() }),
            api: format!("{origin}{}", ShowPath { id: id.clone() }),
            id,
        })
    }
}

#[expect(clippy::needless_pass_by_value, reason = "the shape that map_err takes")]
fn internal(problem: calculation::Problem) -> Problem {
    Problem::internal(problem.message(Language::English))
}

/// One published period with every step of its result.
#[utoipa::path(get, path = ShowPath::PATH, operation_id = "show-survey-period",
    params(("id" = String, Path)), responses((status = 200, body = PeriodWhole)))]
pub(crate) async fn show(path: ShowPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    nothing_asked(&visit)?;
    let whole = load_published(&app, &visit, &path.id).await?;
    let (institution, id) = (visit.institution()?, id_of(&path.id)?);
    let corrections = app.database().read(move |db| store::judging::corrections(db, institution, id)).await?;
    let named = Named::new(&whole.period, &whole.unit, &whole.institution);
    let scored = result::scored(&whole.period, &named).map_err(internal)?.ok_or_else(Problem::not_found)?;
    let file = PublicFilePath { id: path.id, file: "jawaban.csv".into() };
    let correction = |one: store::judging::Correction| PeriodCorrection {
        on: one.day.to_string(),
        before: one.before,
        after: one.after,
        reason: one.reason,
    };
    Ok(answer(&PeriodWhole {
        short: PeriodSummary::of(&whole.period, &whole.unit, &whole.institution, &visit)?,
        result: scored.published(visit.language()).map_err(internal)?,
        answers: format!("{}{file}", visit.facts().origin),
        corrections: corrections.into_iter().map(correction).collect(),
    }))
}
