//! `/unit/{slug}`: one unit: what it is, how to reach it, what belongs to it, how it was called before.

use super::unit_files::Shown;
use super::{UnitPath, UnitsPath, class_words, kind_words, state_words};
use crate::store::{self, Version};
use crate::unit::{Contact, Unit};
use crate::{WORDS, tree, unit_files};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::page::{Page, show};
use platform::parts::{Fact, Moment};
use platform::problem::Problem;
use platform::site::Zone;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/unit.html")]
struct UnitPage {
    page: Page,
    w: Words,
    /// The unit that took over, by name and address.
    successor: Option<(String, String)>,
    ended: Option<String>,
    facts: Vec<Fact>,
    contact: Contact,
    no_contact: bool,
    /// Level, name, address and kind of the units below.
    below: Vec<(usize, String, String, String)>,
    names: Vec<Moment>,
    photos: Vec<Shown>,
    documents: Vec<Shown>,
}

/// Shows a unit.
pub(crate) async fn show_unit(path: UnitPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, slug) = (visit.institution()?, path.slug.clone());
    let found = app
        .database()
        .read(move |db| {
            let units = store::units(db, institution)?;
            let Some(unit) = units.iter().find(|unit| unit.slug == slug).cloned() else { return Ok(None) };
            let versions = store::versions(db, institution, unit.id)?;
            let files = unit_files::unit_files(db, institution, unit.id)?;
            Ok::<_, Problem>(Some((unit, units, versions, files)))
        })
        .await?;
    let (unit, units, versions, files) = found.ok_or_else(Problem::not_found)?;
    let w = visit.words(&WORDS);
    let link = |of: &Unit| (of.facts.name.clone(), UnitPath { slug: of.slug.clone() }.to_string());
    let named = |id| units.iter().find(|other| Some(other.id) == id);
    let mut page = visit.page(unit.facts.name.clone()).crumb(w.text("units.title"), UnitsPath);
    if let Some(parent) = named(unit.facts.parent) {
        let (name, address) = link(parent);
        page = page.crumb(name, address);
    }
    let contact = unit.facts.contact.clone();
    let public = files.iter().filter(|(own, _)| own.public).map(|file| Shown::of(file, w));
    let (photos, documents) = public.partition(|file| file.is_photo);
    show(&UnitPage {
        page,
        successor: named(unit.state.successor()).map(link),
        ended: (!unit.state.is_active()).then(|| state_words(w, unit.state)),
        facts: facts(&unit, w),
        no_contact: contact == Contact::default(),
        contact,
        below: below(&unit, &units, w),
        names: names(&versions, visit.site().zone, w),
        photos,
        documents,
        w,
    })
}

fn facts(unit: &Unit, w: Words) -> Vec<Fact> {
    let mut facts = vec![Fact::new(w.text("field.kind"), kind_words(w, unit.facts.kind))];
    if let Some(class) = unit.facts.class {
        facts.push(Fact::new(w.text("field.class"), class_words(w, class)));
    }
    if !unit.facts.short_name.is_empty() {
        facts.push(Fact::new(w.text("field.short-name"), unit.facts.short_name.clone()));
    }
    if let Some(code) = &unit.facts.code {
        facts.push(Fact::new(w.text("field.code"), code.clone()));
    }
    facts
}

fn below(unit: &Unit, units: &[Unit], w: Words) -> Vec<(usize, String, String, String)> {
    let active: Vec<Unit> =
        units.iter().filter(|other| other.state.is_active() || other.id == unit.id).cloned().collect();
    let ordered = tree::in_order(&active);
    let start = ordered.iter().position(|(_, other)| other.id == unit.id);
    let Some((own, rest)) = start.and_then(|start| ordered[start..].split_first()) else { return Vec::new() };
    let inside = rest.iter().take_while(|(level, _)| *level > own.0);
    inside
        .map(|(level, other)| {
            let address = UnitPath { slug: other.slug.clone() }.to_string();
            (level - own.0 - 1, other.facts.name.clone(), address, kind_words(w, other.facts.kind))
        })
        .collect()
}

/// The names it had, oldest first; nothing when it had only one.
fn names(versions: &[Version], zone: Zone, w: Words) -> Vec<Moment> {
    let mut names: Vec<&Version> = versions.iter().collect();
    names.dedup_by(|next, before| next.unit.facts.name == before.unit.facts.name);
    if names.len() < 2 {
        return Vec::new();
    }
    let moment = |version: &&Version| Moment {
        when: w.fill("unit.since", [("day", &platform::site::day(zone.date(version.at), w.language))]),
        title: version.unit.facts.name.clone(),
        text: String::new(),
        current: false,
    };
    names.iter().map(moment).collect()
}
