//! `/kinerja/{tempat}/{hasil}`: one result with every step, and the files it is given as.

use super::{ResultFilePath, ResultPath, SubjectPath, Tag, family_short, page, value};
use crate::export;
use crate::reading;
use crate::result::{Again, Published, instrument};
use crate::store;
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use calculation::published::Standing;
use platform::app::App;
use platform::page::{Page, show};
use platform::parts::{Fact, SafeHtml, steps};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use rules::citation::Status;
use rules::phrase::Language;

#[derive(Template)]
#[template(path = "pages/result.html")]
struct ResultPage {
    page: Page,
    w: Words,
    tag: Tag,
    category: String,
    facts: Vec<Fact>,
    meaning: String,
    gap: Option<String>,
    standing: &'static str,
    verdict: String,
    reasons: Vec<String>,
    steps: SafeHtml,
    whole: bool,
    warnings: Vec<String>,
    rule: Rule,
    source: (String, String),
    note: String,
    fingerprint: String,
    href: String,
}

/// The instrument of a result.
pub(super) struct Rule {
    pub(super) href: String,
    pub(super) title: String,
    pub(super) years: String,
    pub(super) basis: Vec<Basis>,
}

/// A legal basis with how it is known.
pub(super) struct Basis {
    pub(super) words: String,
    pub(super) status: String,
    pub(super) address: String,
    pub(super) note: String,
}

/// Shows a result.
pub(crate) async fn show_result(path: ResultPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let result = find(&app, path.subject, path.id).await?;
    let language = visit.language();
    let again = again(&result, language).map_err(Problem::internal)?;
    let (page, w) = page(&visit, title(&result, visit.words(&crate::WORDS)));
    let page = page.crumb(result.place.name.as_str(), SubjectPath { subject: result.place.slug.clone() });
    let (standing, verdict) = verdict(&again, w);
    let reasons = again.comparison.contradictions.iter().map(|warning| warning.message(language));
    let outcome = again.comparison.outcome.as_ref();
    let shown = match outcome {
        Some(outcome) => steps(&outcome.steps, language),
        None => steps(reading::classification(&result).as_slice(), language),
    };
    let warnings = outcome.map(|outcome| outcome.warnings.as_slice()).unwrap_or_default();
    let by_rule = reading::place_of(&result).map(|(_, _, limits)| limits);
    let template = ResultPage {
        facts: facts(&result, w),
        tag: Tag::of(&result, w),
        category: category(&result, w),
        meaning: meaning(&result, w),
        gap: reading::gap(&result).map(|gap| super::subject::gap_words(&gap, w)),
        standing,
        verdict,
        reasons: reasons.collect(),
        steps: shown,
        whole: outcome.is_some(),
        warnings: warnings
            .iter()
            .map(|warning| warning.message(language))
            .chain(unsure(by_rule, outcome.is_some(), w))
            .collect(),
        rule: Rule::of(&result.instrument, w),
        source: (result.source.address.clone(), result.source.title.clone()),
        note: result.note.clone(),
        fingerprint: result.fingerprint.clone().unwrap_or_default(),
        href: super::href(&result),
        page,
        w,
    };
    show(&template)
}

async fn find(app: &App, subject: String, id: String) -> Result<Published, Problem> {
    let found = app.database().read(move |db| store::one(db, &subject, &id)).await?;
    found.ok_or_else(Problem::not_found)
}

/// A stored result that cannot be computed again is a fault of ours: it was computed when it was taken over.
fn again(result: &Published, language: Language) -> Result<Again, String> {
    let again = result.again(language).map_err(|problem| problem.message(Language::English))?;
    again.ok_or_else(|| format!("the instrument {} is no longer known", result.instrument))
}

fn title(result: &Published, w: Words) -> String {
    let unit = if result.place.unit.is_empty() { String::new() } else { format!("{}, ", result.place.unit) };
    format!("{} {unit}{} {}", family_short(result.family, w), result.place.name, result.period)
}

fn facts(result: &Published, w: Words) -> Vec<Fact> {
    let count = result.respondents.map(|count| w.count(count.unsigned_abs()));
    vec![
        Fact::new(w.text("result.value"), value(result, w)),
        Fact::new(w.text("subject.period"), result.period.clone()),
        Fact::new(w.text("result.respondents"), count.unwrap_or_else(|| w.text("result.not-printed"))),
    ]
}

/// The category by the rule in words: "A-, Sangat Baik".
fn category(result: &Published, w: Words) -> String {
    let Some(band) = result.band() else { return String::new() };
    let label = band.label.in_language(w.language);
    if band.category == label { label.to_owned() } else { format!("{}, {label}", band.category) }
}

/// "Kelas 2 dari 9: 4,01 sampai 4,50."
fn meaning(result: &Published, w: Words) -> String {
    let Some((at, all, limits)) = reading::place_of(result) else { return w.text("result.no-value") };
    let (from, to) = (w.number(&limits.from), w.number(&limits.to));
    let (at, all, category) = (at.to_string(), all.to_string(), category(result, w));
    let values = [
        ("category", category.as_str()),
        ("at", at.as_str()),
        ("all", all.as_str()),
        ("from", from.as_str()),
        ("to", to.as_str()),
    ];
    w.fill("result.meaning", values)
}

/// The kind of box around the verdict, and the verdict.
fn verdict(again: &Again, w: Words) -> (&'static str, String) {
    let computed = w.number(&again.comparison.computed);
    match again.comparison.standing {
        Standing::Agrees if again.file.is_some() => ("", w.fill("standing.agrees", [("computed", computed.as_str())])),
        Standing::Agrees => ("", w.text("standing.words-agree")),
        Standing::Differs => {
            let published = w.number(&again.comparison.published);
            (
                "warning",
                w.fill("standing.differs", [("published", published.as_str()), ("computed", computed.as_str())]),
            )
        }
        Standing::NothingToCompare(missing) => ("", missing.message(w.language)),
    }
}

/// The warning that the limits of the category are not verified; its note alone where the outcome has `said` so already.
fn unsure(limits: Option<reading::Limits>, said: bool, w: Words) -> Option<String> {
    let limits = limits.filter(|limits| limits.band.status != Status::Verified)?;
    let note = limits.band.note.as_ref().map(|note| note.in_language(w.language)).unwrap_or_default();
    let warning = if said { String::new() } else { w.text("result.unsure-limits") };
    Some(format!("{warning} {note}").trim().to_owned()).filter(|words| !words.is_empty())
}

impl Rule {
    pub(super) fn of(id: &str, w: Words) -> Self {
        let basis = instrument(id).map(|known| known.header.basis.as_slice()).unwrap_or_default();
        let shown = |basis: &rules::citation::Citation| Basis {
            words: basis.to_string(),
            status: w.text(match basis.status {
                Status::Verified => "status.verified",
                Status::OwnKnowledge => "status.own-knowledge",
                Status::Uncertain => "status.uncertain",
            }),
            address: basis.read_at.clone().unwrap_or_default(),
            note: basis.note.as_ref().map(|note| note.in_language(w.language).to_owned()).unwrap_or_default(),
        };
        Self {
            href: super::InstrumentPath { instrument: id.to_owned() }.to_string(),
            title: reading::title(id, w.language),
            years: reading::years(id),
            basis: basis.iter().map(shown).collect(),
        }
    }
}

/// Gives a result as a file: `hasil.json`, which `prima verify` takes, or `hasil.csv`.
pub(crate) async fn file(path: ResultFilePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (subject, id, file) = (path.subject, path.id, path.file);
    let name =
        format!("attachment; filename=\"{}.{}\"", crate::place::slug(&id), file.rsplit('.').next().unwrap_or_default());
    let result = find(&app, subject, id).await?;
    let (kind, body) = match file.as_str() {
        "hasil.json" => {
            let again = again(&result, visit.language()).map_err(Problem::internal)?;
            let Some(file) = again.file else { return Err(Problem::not_found()) };
            ("application/json", calculation::render::json(&file))
        }
        "hasil.csv" => ("text/csv; charset=utf-8", export::csv_of(&[result], export::Style::of(&visit))),
        _ => return Err(Problem::not_found()),
    };
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, &name)], body).into_response())
}
