//! `/kinerja/metode`: what each figure means, which rule was in force when, with its weights, its limits and what is uncertain.

use super::result::Rule;
use super::{InstrumentPath, MethodPath, family_name, page};
use crate::reading;
use crate::result::{Family, instrument, known_instruments};
use askama::Template;
use axum::response::Response;
use calculation::instruments::{Part, parts};
use platform::page::{Page, show};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use rules::citation::Status;

#[derive(Template)]
#[template(path = "pages/method.html")]
struct Method {
    page: Page,
    w: Words,
    families: Vec<FamilyShown>,
}

struct FamilyShown {
    name: String,
    about: String,
    instruments: Vec<(String, String, String)>,
}

#[derive(Template)]
#[template(path = "pages/instrument.html")]
struct InstrumentPage {
    page: Page,
    w: Words,
    rule: Rule,
    in_force: String,
    bands: Vec<BandShown>,
    zones: bool,
    parts: Vec<(String, String)>,
    notes: Vec<String>,
}

struct BandShown {
    category: String,
    label: String,
    from: String,
    to: String,
    zone: String,
    unsure: bool,
}

/// Shows what is measured and by which rules.
pub(crate) async fn show_method(_: MethodPath, visit: Visit) -> Result<Response, Problem> {
    let (page, w) = page(&visit, visit.words(&crate::WORDS).text("method.title"));
    let families = Family::ALL.into_iter().map(|family| FamilyShown::of(family, w)).collect();
    std::future::ready(show(&Method { page, w, families })).await
}

impl FamilyShown {
    fn of(family: Family, w: Words) -> Self {
        let own = known_instruments().filter(|known| Family::of(known) == Some(family));
        let row = |known: &'static rules::instrument::Instrument| {
            let id = known.header.id.clone();
            (
                InstrumentPath { instrument: id.clone() }.to_string(),
                reading::years(&id),
                reading::title(&id, w.language),
            )
        };
        let mut instruments: Vec<_> = own.map(row).collect();
        instruments.sort_by(|one, other| other.1.cmp(&one.1));
        let about = w.text(match family {
            Family::ServiceIndex => "home.about-ipp",
            Family::Ombudsman => "home.about-ombudsman",
            Family::Satisfaction => "home.about-skm",
        });
        Self { name: family_name(family, w), about, instruments }
    }
}

/// "21 November 2026" of `2026-11-21`.
fn checked_on(day: &str, w: Words) -> String {
    let parsed = time::Date::parse(day, &time::format_description::well_known::Iso8601::DATE);
    parsed.map_or_else(|_| day.to_owned(), |date| platform::site::day(date, w.language))
}

/// Shows one instrument.
pub(crate) async fn show_instrument(path: InstrumentPath, visit: Visit) -> Result<Response, Problem> {
    let Some(known) = instrument(&path.instrument) else { return Err(Problem::not_found()) };
    let w = visit.words(&crate::WORDS);
    let (page, w) = page(&visit, reading::title(&path.instrument, w.language));
    let shown = |row: reading::Limits| BandShown {
        category: row.band.category.clone(),
        label: row.band.label.in_language(w.language).to_owned(),
        from: w.number(&row.from),
        to: w.number(&row.to),
        zone: row.band.zone.clone().unwrap_or_default(),
        unsure: row.band.status != Status::Verified,
    };
    let bands: Vec<BandShown> = reading::limits(known).into_iter().map(shown).collect();
    let weighted = |part: Part| Some((part.name, w.number(&part.weight?)));
    let rule = Rule::of(&path.instrument, w);
    let checked = checked_on(&known.header.last_checked_on, w);
    let template = InstrumentPage {
        page: page.crumb(w.text("home.method"), MethodPath),
        in_force: w.fill("method.in-force", [("years", &rule.years), ("checked", &checked)]),
        rule,
        zones: bands.iter().any(|band| !band.zone.is_empty()),
        bands,
        parts: parts(known, w.language).into_iter().filter_map(weighted).collect(),
        notes: known.header.notes.iter().map(|note| note.text.in_language(w.language).to_owned()).collect(),
        w,
    };
    std::future::ready(show(&template)).await
}
