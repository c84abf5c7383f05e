//! `/layanan`: every service, found by what people call it, by unit, category, event and channel.

use super::{ServicePath, ServicesPath, asked, channel_words, count_words, duration_words, fee_words};
use crate::kinds::{self, Kind};
use crate::search::{Found, Listed, Shelf, Wanted};
use crate::service::Channel;
use crate::{EVENTS_SHOWN, WORDS};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use organisation::Unit;
use platform::app::App;
use platform::identity::UnitId;
use platform::page::{Page, show};
use platform::parts::Pages;
use platform::problem::Problem;
use platform::visit::{Visit, with_query};
use platform::words::Words;
use std::collections::HashMap;

/// Services on a page.
const ROWS: usize = 20;
/// More signs are not looked for.
const MOST_SIGNS: usize = 80;
/// More units are no help in a menu: those who look for another one type its name.
const MOST_UNITS: usize = 60;

#[derive(Template)]
#[template(path = "pages/list.html")]
struct ListPage {
    page: Page,
    w: Words,
    typed: String,
    lead: String,
    total: String,
    rows: Vec<Row>,
    /// The nearest services, when none fits.
    near: Vec<Row>,
    nothing: String,
    /// The same words in all services, where filters are why nothing was found.
    without_filters: Option<String>,
    /// Whether somebody typed or chose something.
    searched: bool,
    narrowed: bool,
    events: Vec<(String, String)>,
    filters: Vec<Filter>,
    pages: Pages,
    nothing_at_all: bool,
}

/// A service in a list.
pub(crate) struct Row {
    pub(crate) name: String,
    pub(crate) href: String,
    pub(crate) summary: String,
    /// "1 hari kerja · Gratis · Disdukcapil".
    pub(crate) facts: String,
}

/// A choice that narrows the list.
struct Filter {
    name: &'static str,
    label: String,
    every: String,
    /// Value, words, whether it is chosen.
    choices: Vec<(String, String, bool)>,
}

/// What was asked for, by the names in the address.
struct Asked {
    typed: String,
    unit: String,
    category: String,
    event: String,
    channel: String,
}

impl Asked {
    fn of(visit: &Visit) -> Self {
        Self {
            typed: asked(visit, "cari").chars().take(MOST_SIGNS).collect(),
            unit: asked(visit, "unit"),
            category: asked(visit, "kategori"),
            event: asked(visit, "peristiwa"),
            channel: asked(visit, "kanal"),
        }
    }

    fn wanted(&self, units: &[Unit]) -> Wanted {
        let unit = units.iter().find(|unit| unit.slug == self.unit);
        let key = |kind: &'static Kind| kind.key.as_str();
        Wanted {
            typed: self.typed.clone(),
            units: unit.map(|unit| within(units, unit.id)),
            category: kinds::category(&self.category).map(key),
            event: kinds::life_event(&self.event).map(key),
            channel: Channel::named(&self.channel),
        }
    }

    fn kept(&self) -> Vec<(String, String)> {
        let kept = [
            ("cari", &self.typed),
            ("unit", &self.unit),
            ("kategori", &self.category),
            ("peristiwa", &self.event),
            ("kanal", &self.channel),
        ];
        kept.map(|(name, value)| (name.to_owned(), value.clone())).to_vec()
    }
}

/// A unit with all below it.
pub(crate) fn within(units: &[Unit], top: UnitId) -> Vec<UnitId> {
    let mut all = vec![top];
    let mut at = 0;
    while let Some(parent) = all.get(at).copied() {
        all.extend(units.iter().filter(|unit| unit.facts.parent == Some(parent)).map(|unit| unit.id));
        at += 1;
    }
    all
}

/// Shows the services that fit.
pub(crate) async fn list(path: ServicesPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institution = visit.institution()?;
    let catalogue = Shelf::of(&app, institution).await?;
    let units = app.database().read(move |db| organisation::units(db, institution)).await?;
    let (w, asked_for) = (visit.words(&WORDS), Asked::of(&visit));
    let wanted = asked_for.wanted(&units);
    let number: usize = asked(&visit, Pages::QUERY).parse().unwrap_or(1).clamp(1, 100_000);
    let mut found = catalogue.find(&wanted, (number - 1) * ROWS, ROWS);
    let pages = Pages::new(path.to_string(), number as u64, ROWS as u64, found.total).keeping(asked_for.kept());
    if found.page.is_empty() && found.total > 0 {
        // A number beyond the end shows the last page, as its links say.
        let skipped = usize::try_from(pages.number() - 1).unwrap_or(0) * ROWS;
        found = catalogue.find(&wanted, skipped, ROWS);
    }
    let searched = !asked_for.typed.is_empty() || wanted.is_narrowed();
    let title = event_title(&wanted, w).unwrap_or_else(|| w.text("list.title"));
    let mut page = visit.page(title);
    if searched {
        page = page.crumb(w.text("list.title"), ServicesPath);
    }
    let names: HashMap<UnitId, &str> = units.iter().map(|unit| (unit.id, short(unit))).collect();
    let Found { total, page: listed, near } = found;
    let rows = |listed: &[Listed]| listed.iter().map(|one| row(one, &names, w)).collect();
    show(&ListPage {
        page,
        lead: w.text("list.lead"),
        total: count_words(w, total),
        nothing: nothing(&asked_for, wanted.is_narrowed(), w),
        without_filters: (wanted.is_narrowed() && !asked_for.typed.is_empty())
            .then(|| with_query(ServicesPath::PATH, &[("cari", &asked_for.typed)])),
        rows: rows(&listed),
        near: rows(&near),
        searched,
        narrowed: wanted.is_narrowed(),
        events: events(w).into_iter().take(EVENTS_SHOWN).collect(),
        filters: filters(&asked_for, &units, w),
        pages,
        nothing_at_all: catalogue.is_empty(),
        typed: asked_for.typed,
        w,
    })
}

fn event_title(wanted: &Wanted, w: Words) -> Option<String> {
    let event = kinds::life_event(wanted.event?)?;
    Some(w.fill("list.event-title", [("event", event.name(w.language))]))
}

fn nothing(asked: &Asked, narrowed: bool, w: Words) -> String {
    match asked.typed.as_str() {
        "" => w.text("list.nothing-here"),
        typed if narrowed => w.fill("list.nothing-filtered", [("typed", typed)]),
        typed => w.fill("list.nothing", [("typed", typed)]),
    }
}

/// The shorter of the two names of a unit.
pub(crate) fn short(unit: &Unit) -> &str {
    if unit.facts.short_name.is_empty() { &unit.facts.name } else { &unit.facts.short_name }
}

fn row(listed: &Listed, units: &HashMap<UnitId, &str>, w: Words) -> Row {
    let facts = [
        listed.duration.map(|duration| duration_words(w, duration)),
        listed.fee.as_ref().map(|fee| fee_words(w, fee)),
        units.get(&listed.unit).map(|name| (*name).to_owned()),
    ];
    Row {
        name: listed.name.clone(),
        href: ServicePath { slug: listed.slug.clone() }.to_string(),
        summary: listed.summary.clone(),
        facts: facts.into_iter().flatten().collect::<Vec<_>>().join(" · "),
    }
}

/// Names and addresses of the events in people's lives.
pub(crate) fn events(w: Words) -> Vec<(String, String)> {
    let link = |kind: &Kind| (kind.name(w.language).to_owned(), format!("{ServicesPath}?peristiwa={}", kind.key));
    kinds::life_events().iter().map(link).collect()
}

fn filters(asked: &Asked, units: &[Unit], w: Words) -> Vec<Filter> {
    let kind = |kind: &Kind, chosen: &str| (kind.key.clone(), kind.name(w.language).to_owned(), kind.key == chosen);
    let top = units.iter().filter(|unit| unit.facts.parent.is_none() && unit.state.is_active());
    let mut offices: Vec<(String, String, bool)> = top
        .take(MOST_UNITS)
        .map(|unit| (unit.slug.clone(), unit.facts.name.clone(), unit.slug == asked.unit))
        .collect();
    // Who came by a link with a unit further below keeps it.
    if let Some(unit) = units.iter().find(|unit| unit.slug == asked.unit)
        && !offices.iter().any(|(slug, _, _)| *slug == unit.slug)
    {
        offices.insert(0, (unit.slug.clone(), unit.facts.name.clone(), true));
    }
    let channel = |one: Channel| (one.name().to_owned(), channel_words(w, one), one.name() == asked.channel);
    let categories = kinds::categories().iter().map(|one| kind(one, &asked.category)).collect();
    let events = kinds::life_events().iter().map(|one| kind(one, &asked.event)).collect();
    let filter = |name: &'static str, key: &'static str, choices| Filter {
        name,
        label: w.text(&format!("filter.{key}")),
        every: w.text(&format!("filter.every-{key}")),
        choices,
    };
    vec![
        filter("kategori", "category", categories),
        filter("peristiwa", "event", events),
        filter("kanal", "channel", Channel::ALL.map(channel).to_vec()),
        filter("unit", "unit", offices),
    ]
}
