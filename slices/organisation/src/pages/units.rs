//! `/unit`: who serves the public in this city, as a tree, or by name.

use super::{UnitPath, UnitsFilePath, UnitsPath, asked, kind_words, kinds};
use crate::names::Search;
use crate::tree;
use crate::unit::{Unit, UnitKind};
use crate::units_table::export_units;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use platform::app::App;
use platform::page::{Page, show};
use platform::parts::Pages;
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use std::collections::HashMap;

/// Units on a page.
pub(super) const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "pages/units.html")]
struct UnitsPage {
    page: Page,
    w: Words,
    typed: String,
    kinds: Vec<(&'static str, String)>,
    chosen: &'static str,
    rows: Vec<UnitRow>,
    total: String,
    nothing_at_all: bool,
    pages: Pages,
}

/// A unit in a list.
pub(super) struct UnitRow {
    pub(super) slug: String,
    pub(super) name: String,
    pub(super) short_name: String,
    pub(super) code: String,
    pub(super) kind: String,
    /// The level in the tree, from 0, as a class of the list.
    pub(super) level: usize,
    /// The name of the unit above.
    pub(super) parent: String,
    pub(super) ended: bool,
}

/// More signs are not looked for: every word is held against every unit.
const MOST_SIGNS: usize = 80;

/// What is looked for in a list of units.
pub(super) struct Wanted {
    search: Option<Search>,
    kind: Option<UnitKind>,
}

impl Wanted {
    pub(super) fn of(visit: &Visit) -> Self {
        Self {
            search: Search::new(&asked(visit, "cari").chars().take(MOST_SIGNS).collect::<String>()),
            kind: UnitKind::named(&asked(visit, "jenis")),
        }
    }

    pub(super) fn kind_name(&self) -> &'static str {
        self.kind.map_or("", UnitKind::name)
    }

    /// The units that fit: the best first when something was typed, else in the order of the tree.
    pub(super) fn rows(&self, units: &[Unit], words: Words) -> Vec<UnitRow> {
        let names: HashMap<_, &str> = units.iter().map(|unit| (unit.id, unit.facts.name.as_str())).collect();
        let mut found: Vec<(u8, usize, &Unit)> = tree::in_order(units)
            .into_iter()
            .filter(|(_, unit)| self.kind.is_none_or(|kind| unit.facts.kind == kind))
            .filter_map(|(level, unit)| Some((self.distance(unit)?, level, unit)))
            .collect();
        found.sort_by_key(|(distance, _, _)| *distance);
        let is_tree = self.search.is_none() && self.kind.is_none();
        found
            .iter()
            .map(|(_, level, unit)| UnitRow::of(unit, if is_tree { *level } else { 0 }, &names, words))
            .collect()
    }

    fn distance(&self, unit: &Unit) -> Option<u8> {
        let Some(search) = &self.search else { return Some(0) };
        let facts = &unit.facts;
        let names = [facts.name.as_str(), facts.short_name.as_str(), facts.code.as_deref().unwrap_or_default()];
        names.into_iter().filter(|name| !name.is_empty()).filter_map(|name| search.distance(name)).min()
    }
}

impl UnitRow {
    fn of(unit: &Unit, level: usize, names: &HashMap<platform::identity::UnitId, &str>, words: Words) -> Self {
        let facts = &unit.facts;
        Self {
            slug: unit.slug.clone(),
            name: facts.name.clone(),
            short_name: facts.short_name.clone(),
            code: facts.code.clone().unwrap_or_default(),
            kind: kind_words(words, facts.kind),
            level,
            parent: facts
                .parent
                .and_then(|parent| names.get(&parent))
                .map_or_else(String::new, |name| (*name).to_owned()),
            ended: !unit.state.is_active(),
        }
    }

    /// The address of its public page.
    pub(super) fn href(&self) -> String {
        UnitPath { slug: self.slug.clone() }.to_string()
    }
}

/// The rows of the page that was asked for, and the links to the others.
pub(super) fn paged(rows: Vec<UnitRow>, visit: &Visit, path: &impl ToString, kind: &str) -> (Vec<UnitRow>, Pages) {
    let number = asked(visit, Pages::QUERY).parse().unwrap_or(1);
    let kept = [("cari".to_owned(), asked(visit, "cari")), ("jenis".to_owned(), kind.to_owned())];
    let pages = Pages::new(path.to_string(), number, ROWS as u64, rows.len() as u64).keeping(kept);
    let skipped = usize::try_from(pages.number() - 1).unwrap_or(0).saturating_mul(ROWS);
    (rows.into_iter().skip(skipped).take(ROWS).collect(), pages)
}

/// Shows the units that serve.
pub(crate) async fn list(path: UnitsPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institution = visit.institution()?;
    let mut units = app.database().read(move |db| store::units(db, institution)).await?;
    units.retain(|unit| unit.state.is_active());
    let (w, wanted) = (visit.words(&WORDS), Wanted::of(&visit));
    let rows = wanted.rows(&units, w);
    let total = w.fill("units.total", [("count", &w.count(rows.len() as u64))]);
    let (rows, pages) = paged(rows, &visit, &path, wanted.kind_name());
    show(&UnitsPage {
        page: visit.page(w.text("units.title")),
        typed: asked(&visit, "cari"),
        kinds: kinds(w),
        chosen: wanted.kind_name(),
        rows,
        total,
        nothing_at_all: units.is_empty(),
        pages,
        w,
    })
}

/// The units that serve as CSV: open data, and the table that an import takes.
pub(crate) async fn file(_: UnitsFilePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institution = visit.institution()?;
    let text = app.database().read(move |db| export_units(db, institution)).await?;
    Ok(csv_file("unit.csv", text))
}

/// A table to take along.
pub(super) fn csv_file(name: &str, text: String) -> Response {
    let named = format!("attachment; filename=\"{name}\"");
    let headers = [(header::CONTENT_TYPE, "text/csv; charset=utf-8".to_owned()), (header::CONTENT_DISPOSITION, named)];
    (headers, text).into_response()
}
