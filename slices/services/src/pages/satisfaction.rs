//! `/layanan/{slug}/kepuasan`: what people who used a service said of it, with every step, and the periods before.

use super::{SatisfactionPath, ServicePath, ServicesPath};
use crate::service::{Service, ServiceState};
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::database::{DatabaseError, Read};
use platform::identity::InstitutionId;
use platform::page::{Page, show};
use platform::parts::{Fact, SafeHtml, steps};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use publication::ServiceFigure;
use rules::outcome::Outcome;
use rules::warning::Code;

/// Two years of quarters.
const SHOWN: u32 = 8;

/// What the page of a service says of the newest period.
pub(super) struct Satisfaction {
    pub(super) value: String,
    /// Whether so many answered that its letter says something.
    pub(super) enough: bool,
    /// "B": apart from its meaning.
    pub(super) letter: String,
    pub(super) label: String,
    /// "40 jawaban, 2026 TW III".
    pub(super) basis: String,
    pub(super) warnings: Vec<String>,
    pub(super) href: String,
}

impl Satisfaction {
    /// The figure in words.
    ///
    /// # Errors
    /// When it cannot be computed again.
    pub(super) fn of(figure: &ServiceFigure, slug: &str, w: Words) -> Result<Self, Problem> {
        let outcome = computed(figure)?;
        let count = w.count(figure.answers);
        Ok(Self {
            value: w.number(&figure.value),
            enough: !outcome.warnings.iter().any(|warning| warning.code == Code::TooFewRespondents),
            letter: outcome.category().to_owned(),
            label: outcome.label(w.language).to_owned(),
            basis: w.fill("satisfaction.basis", [("count", count.as_str()), ("period", &figure.period)]),
            warnings: warnings(&outcome, w),
            href: SatisfactionPath { slug: slug.to_owned() }.to_string(),
        })
    }
}

/// A figure that is kept was computed when it was kept: that it cannot be now is a fault of ours.
fn computed(figure: &ServiceFigure) -> Result<Outcome, Problem> {
    figure.outcome().map_err(|problem| Problem::internal(problem.message(rules::phrase::Language::English)))
}

fn warnings(outcome: &Outcome, w: Words) -> Vec<String> {
    outcome.warnings.iter().map(|warning| warning.message(w.language)).collect()
}

/// The newest figures of a service.
pub(super) fn figures(
    db: &mut Read<'_>,
    institution: InstitutionId,
    service: &Service,
    most: u32,
) -> Result<Vec<ServiceFigure>, DatabaseError> {
    publication::service_figures(db, institution, service.id.uuid().into(), most)
}

#[derive(Template)]
#[template(path = "pages/satisfaction.html")]
struct SatisfactionPage {
    page: Page,
    w: Words,
    facts: Vec<Fact>,
    warnings: Vec<String>,
    /// Where the result of the whole unit is.
    result: String,
    steps: SafeHtml,
    /// Period, its result, value, answers; nothing for a single period.
    history: Vec<(String, String, String, String)>,
}

/// Shows the newest figure with its steps, and those before.
pub(crate) async fn show_satisfaction(
    path: SatisfactionPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let (institution, slug) = (visit.institution()?, path.slug);
    let found = app
        .database()
        .read(move |db| {
            let Some(service) = store::service_by_slug(db, institution, &slug)? else { return Ok(None) };
            let figures = figures(db, institution, &service, SHOWN)?;
            Ok::<_, DatabaseError>(Some((service, figures)))
        })
        .await?;
    let public = |(service, _): &(Service, Vec<ServiceFigure>)| service.state != ServiceState::Draft;
    let (service, figures) = found.filter(public).ok_or_else(Problem::not_found)?;
    let newest = figures.first().ok_or_else(Problem::not_found)?;
    let (w, outcome) = (visit.words(&WORDS), computed(newest)?);
    let page = visit.page(w.fill("satisfaction.page-title", [("service", &service.facts.name)]));
    let page = page.crumb(w.text("list.title"), ServicesPath);
    let row = |figure: &ServiceFigure| {
        let result = figure.result.to_string();
        (figure.period.clone(), result, w.number(&figure.value), w.count(figure.answers))
    };
    show(&SatisfactionPage {
        page: page.crumb(service.facts.name, ServicePath { slug: service.slug }),
        facts: facts(newest, &outcome, w),
        warnings: warnings(&outcome, w),
        result: newest.result.to_string(),
        steps: steps(&outcome.steps, w.language),
        history: if figures.len() > 1 { figures.iter().map(row).collect() } else { Vec::new() },
        w,
    })
}

fn facts(figure: &ServiceFigure, outcome: &Outcome, w: Words) -> Vec<Fact> {
    let category = format!("{} {}", outcome.category(), outcome.label(w.language));
    vec![
        Fact::new(w.text("satisfaction.value"), w.number(&figure.value)),
        Fact::new(w.text("satisfaction.category"), category),
        Fact::new(w.text("satisfaction.answers"), w.count(figure.answers)),
        Fact::new(w.text("satisfaction.period"), figure.period.clone()),
    ]
}
