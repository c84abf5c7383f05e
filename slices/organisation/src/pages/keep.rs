//! `/kelola/unit`: the units as staff keep them, ended ones included.

use super::units::{UnitRow, Wanted, paged};
use super::{EditPath, ImportPath, KeepPath, NewUnitPath, asked, done, kinds};
use crate::permissions::{EDIT_CONTACT, EDIT_UNITS, IMPORT_UNITS};
use crate::unit::Unit;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::page::{Page, show};
use platform::parts::Pages;
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/keep.html")]
struct KeepPage {
    page: Page,
    w: Words,
    typed: String,
    kinds: Vec<(&'static str, String)>,
    chosen: &'static str,
    rows: Vec<UnitRow>,
    total: String,
    nothing_at_all: bool,
    may_edit: bool,
    may_import: bool,
    pages: Pages,
}

impl KeepPage {
    fn edit(&self, row: &UnitRow) -> String {
        EditPath { slug: row.slug.clone() }.to_string()
    }

    fn new_unit(&self) -> String {
        NewUnitPath.to_string()
    }

    fn import(&self) -> String {
        ImportPath.to_string()
    }
}

/// Shows all units; the admin of a unit sees theirs.
pub(crate) async fn list(path: KeepPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institution = visit.institution()?;
    let mut units: Vec<Unit> = app.database().read(move |db| store::units(db, institution)).await?;
    let person = visit.signed_in()?;
    // Whoever keeps only some units finds just those here; whoever keeps none reads all.
    if let Some(own) = person.units_for(&EDIT_CONTACT).filter(|own| !own.is_empty()) {
        units.retain(|unit| own.contains(&unit.id));
    }
    let (w, wanted) = (visit.words(&WORDS), Wanted::of(&visit));
    let rows = wanted.rows(&units, w);
    let total = w.fill("units.total", [("count", &w.count(rows.len() as u64))]);
    let (rows, pages) = paged(rows, &visit, &path, wanted.kind_name());
    show(&KeepPage {
        page: visit.page(w.text("keep.title")).done(done(&visit)),
        typed: asked(&visit, "cari"),
        kinds: kinds(w),
        chosen: wanted.kind_name(),
        rows,
        total,
        nothing_at_all: units.is_empty(),
        may_edit: person.may(&EDIT_UNITS, None),
        may_import: person.may(&IMPORT_UNITS, None),
        pages,
        w,
    })
}
