//! `/api/v1/results`: published results of the nation, each with the steps that lead to it, for programs.

use crate::export;
use crate::pages::ResultPath;
use crate::result::{Family, Published};
use crate::store;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use calculation::ResultFile;
use platform::api::{Part, Slice, answer, asked, nothing_asked};
use platform::app::App;
use platform::database::DatabaseError;
use platform::problem::Problem;
use platform::visit::Visit;
use rules::phrase::Language;
use schemars::generate::SchemaSettings;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use utoipa::{IntoParams, OpenApi, ToSchema};

/// What the slice describes of the public API.
pub const API: Part = Part {
    document: Document::openapi,
    words: |key, language| crate::words(language).text(&format!("operation.{key}")),
    shapes,
};

#[derive(OpenApi)]
#[openapi(paths(list, show), components(schemas(Measurement)))]
struct Document;

/// Results that fit.
#[derive(Debug, Clone, Copy, TypedPath, Deserialize)]
#[typed_path("/api/v1/results")]
pub(crate) struct ListPath;

/// One result.
#[derive(Debug, Clone, TypedPath, Deserialize)]
#[typed_path("/api/v1/results/{place}/{id}")]
pub(crate) struct ShowPath {
    place: String,
    id: String,
}

/// A measurement, by its stable name.
#[derive(Debug, Clone, Copy, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "kebab-case")]
enum Measurement {
    Ipp,
    Ombudsman,
    Skm,
}

impl Measurement {
    const fn family(self) -> Family {
        match self {
            Self::Ipp => Family::ServiceIndex,
            Self::Ombudsman => Family::Ombudsman,
            Self::Skm => Family::Satisfaction,
        }
    }
}

/// What is asked for.
#[derive(Debug, Deserialize, IntoParams)]
#[into_params(parameter_in = Query)]
#[serde(deny_unknown_fields)]
struct Asked {
    measurement: Option<Measurement>,
    #[param(minimum = 1900, maximum = 2999)]
    year: Option<i64>,
    place: Option<String>,
    page: Option<u64>,
    size: Option<u64>,
}

/// One page of the results that fit.
#[derive(Debug, Serialize, ToSchema)]
struct ResultList {
    /// How many fit.
    total: u64,
    /// Which page this is, from 1.
    page: u64,
    /// How many stand on a page.
    size: u64,
    /// Those of this page, by measurement, year and name.
    results: Vec<ResultSummary>,
}

/// A published result.
#[derive(Debug, Serialize, ToSchema)]
struct ResultSummary {
    /// Its stable name.
    id: String,
    /// The measurement: `ipp`, `ombudsman`, `skm`.
    measurement: &'static str,
    /// The rule of the time.
    instrument: String,
    /// Who was measured.
    place: ResultPlace,
    /// The year, where the source says.
    year: Option<i64>,
    /// Year or period as printed.
    period: String,
    /// The printed value as a decimal text.
    value: Option<String>,
    /// The category by the rule.
    category: String,
    /// Whether it agrees with its rule: `agrees`, `differs`, `nothing-to-compare`.
    standing: String,
    /// Respondents, where printed.
    respondents: Option<i64>,
    /// Its page.
    url: String,
    /// Its address here.
    api: String,
}

/// Who was measured.
#[derive(Debug, Serialize, ToSchema)]
struct ResultPlace {
    /// Its part of addresses.
    slug: String,
    /// Its name.
    name: String,
    /// `kota`, `kabupaten`, `provinsi`, `kementerian`, `unit`, `nasional`.
    kind: &'static str,
    /// The code of the area, where known.
    area_code: Option<String>,
    /// The unit that was measured; empty when it was measured as a whole.
    unit: String,
}

/// A published result with the steps that lead to it.
#[derive(Debug, Serialize, ToSchema)]
struct ResultWhole {
    #[serde(flatten)]
    #[schema(inline)]
    short: ResultSummary,
    /// Where it was published.
    source: ResultSource,
    /// What the table notes, in English.
    note: String,
    /// The result as it is computed again from what was printed, as `prima verify` takes it; nothing where only the value was printed.
    #[schema(value_type = Option<Recomputed>)]
    recomputed: Option<ResultFile>,
}

/// Where a result was published.
#[derive(Debug, Serialize, ToSchema)]
struct ResultSource {
    /// Public address; empty when it was not recorded.
    url: String,
    /// How the table names it.
    title: String,
}

/// Stands for the shape that `calculation` describes.
#[derive(ToSchema)]
#[schema(as = ResultFile)]
struct Recomputed {}

/// The shapes of results, as their own crate describes them.
fn shapes() -> Vec<(String, Value)> {
    let settings =
        SchemaSettings::draft2020_12().with(|settings| settings.definitions_path = "/components/schemas".into());
    let mut generator = settings.into_generator();
    generator.subschema_for::<ResultFile>();
    generator.take_definitions(true).into_iter().collect()
}

impl ResultSummary {
    fn of(result: &Published, origin: &str) -> Self {
        let place = &result.place;
        let (subject, id) = (place.slug.clone(), result.id.clone());
        Self {
            measurement: result.family.name(),
            instrument: result.instrument.clone(),
            place: ResultPlace {
                slug: place.slug.clone(),
                name: place.name.clone(),
                kind: result.kind().name(),
                area_code: place.area_code.clone(),
                unit: place.unit.clone(),
            },
            year: result.year,
            period: result.period.clone(),
            value: result.value.clone(),
            category: result.category.clone(),
            standing: result.standing.clone(),
            respondents: result.respondents,
            api: format!("{origin}{}", ShowPath { place: subject.clone(), id: id.clone() }),
            url: format!("{origin}{}", ResultPath { subject, id: id.clone() }),
            id,
        }
    }
}

/// Published results that fit.
#[utoipa::path(get, path = ListPath::PATH, operation_id = "list-results", params(Asked),
    responses((status = 200, body = ResultList)))]
pub(crate) async fn list(_: ListPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let asked: Asked = asked(&visit)?;
    let slice = Slice::of(asked.page, asked.size)?;
    if asked.year.is_some_and(|year| !(1900..=2999).contains(&year)) {
        return Err(Problem::bad_parameter());
    }
    let part = export::Part {
        family: asked.measurement.map(Measurement::family),
        year: asked.year,
        subject: asked.place.unwrap_or_default(),
    };
    let read = move |db: &mut platform::database::Read<'_>| store::page(db, &part, slice);
    let (total, results): (u64, Vec<Published>) = app.database().read::<_, DatabaseError>(read).await?;
    let origin = visit.facts().origin.as_str();
    let results = results.iter().map(|result| ResultSummary::of(result, origin)).collect();
    Ok(answer(&ResultList { total, page: slice.page, size: slice.size, results }))
}

/// One result with the steps that lead to it.
#[utoipa::path(get, path = ShowPath::PATH, operation_id = "show-result",
    params(("place" = String, Path), ("id" = String, Path)), responses((status = 200, body = ResultWhole)))]
pub(crate) async fn show(path: ShowPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    nothing_asked(&visit)?;
    let found = app.database().read(move |db| store::one(db, &path.place, &path.id)).await?;
    let result = found.ok_or_else(Problem::not_found)?;
    let again = result.again(visit.language());
    let again = again.map_err(|problem| Problem::internal(problem.message(Language::English)))?;
    Ok(answer(&ResultWhole {
        short: ResultSummary::of(&result, &visit.facts().origin),
        source: ResultSource { url: result.source.address.clone(), title: result.source.title.clone() },
        note: result.note.clone(),
        recomputed: again.and_then(|again| again.file),
    }))
}
