//! `/kelola/unit/baru` and `/kelola/unit/{slug}`: the form of a unit.
//!
//! Whoever may edit units changes everything; the admin of a unit how it is reached; others read. The form carries the version it
//! was loaded with: when somebody changed the unit meanwhile, what was typed stays and what stands there now is shown beside it.

use super::{
    EditPath, EndPath, HistoryPath, KeepPath, NewUnitPath, UnitFilesPath, UnitPath, class_words, desk, done, faults_of,
    field_words, filled, go_on, kinds, load_unit, show_faults, state_words, typed_unit,
};
use crate::actions::{self, Refused};
use crate::fault::Fault;
use crate::permissions::{EDIT_CONTACT, EDIT_UNITS, READ_UNITS};
use crate::tree::Places;
use crate::unit::{ServiceClass, TypedUnit, Unit};
use crate::{WORDS, store, tree};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::app::App;
use platform::database::{DatabaseError, Read};
use platform::form::Form;
use platform::identity::{InstitutionId, Person, UnitId};
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/edit.html")]
struct EditPage {
    page: Page,
    w: Words,
    form: Form,
    /// The unit that is changed; nothing for a new one.
    unit: Option<Unit>,
    rights: Rights,
    kinds: Vec<(&'static str, String)>,
    classes: Vec<(&'static str, String)>,
    parents: Vec<(String, String)>,
    /// What stands there now where it differs from what was typed: field in words, value. After a collision only.
    now: Vec<(String, String)>,
    /// The unit in words, for whoever may not change it.
    summary: Vec<(String, String)>,
}

/// What somebody may change of a unit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Rights {
    all: bool,
    contact: bool,
    /// Whether who changed what is theirs to read; the facts themselves everybody may.
    history: bool,
}

impl Rights {
    fn of(person: &Person, unit: UnitId) -> Self {
        let all = person.may(&EDIT_UNITS, Some(unit));
        let contact = all || person.may(&EDIT_CONTACT, Some(unit));
        Self { all, contact, history: person.may(&READ_UNITS, Some(unit)) }
    }
}

impl EditPage {
    fn version(&self) -> i64 {
        self.unit.as_ref().map_or(0, |unit| unit.version)
    }

    fn active(&self) -> bool {
        self.unit.as_ref().is_none_or(|unit| unit.state.is_active())
    }

    fn state(&self) -> String {
        self.unit.as_ref().map_or_else(String::new, |unit| state_words(self.w, unit.state))
    }

    /// Where the documents and photographs are.
    fn files(&self) -> Option<String> {
        self.unit.as_ref().map(|unit| UnitFilesPath { slug: unit.slug.clone() }.to_string())
    }

    /// Addresses of the pages beside this one: public page, history, end.
    fn links(&self) -> Option<(String, String, String)> {
        let slug = self.unit.as_ref()?.slug.clone();
        let (public, history) = (UnitPath { slug: slug.clone() }, HistoryPath { slug: slug.clone() });
        Some((public.to_string(), history.to_string(), EndPath { slug }.to_string()))
    }
}

/// The form of a new unit.
pub(crate) async fn show_new(_: NewUnitPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let form = Form::filled([("kind", "opd".to_owned())]);
    show(&page(&app, &visit, None, form, Vec::new()).await?)
}

/// Enters a unit.
pub(crate) async fn post_new(
    _: NewUnitPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let (desk, typed, parent) = (desk(&app, &visit)?, typed_unit(&form), form.value("parent").to_owned());
    let outcome = app
        .database()
        .write(move |db| {
            let facts = typed.check(parent_of(db, desk.institution, &parent)?).map_err(Refused::Faults)?;
            actions::enter_unit(db, &desk, &facts)
        })
        .await;
    match outcome {
        Ok(unit) => Ok(go_on(&EditPath { slug: unit.slug }, "baru").into_response()),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            show_again(&page(&app, &visit, None, form, Vec::new()).await?)
        }
    }
}

/// The form of a unit.
pub(crate) async fn show_unit(path: EditPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let unit = load_unit(&app, &visit, &path.slug).await?;
    let mut form = filled(&unit.facts.typed());
    if let Some(parent) = unit.facts.parent {
        let institution = visit.institution()?;
        let parent = app.database().read(move |db| store::unit(db, institution, parent)).await?;
        form.set("parent", parent.map(|parent| parent.slug).unwrap_or_default());
    }
    show(&page(&app, &visit, Some(unit), form, Vec::new()).await?)
}

/// Saves a unit.
pub(crate) async fn post_unit(
    path: EditPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let unit = load_unit(&app, &visit, &path.slug).await?;
    let rights = Rights::of(visit.signed_in()?, unit.id);
    if !rights.contact {
        return Err(Problem::forbidden());
    }
    let (desk, typed, parent) = (desk(&app, &visit)?, typed_unit(&form), form.value("parent").to_owned());
    let (id, version) = (unit.id, form.value("version").parse().unwrap_or(0));
    let outcome = app
        .database()
        .write(move |db| {
            if !rights.all {
                let contact = typed.check_contact().map_err(Refused::Faults)?;
                return actions::change_contact(db, &desk, id, version, &contact);
            }
            let facts = typed.check(parent_of(db, desk.institution, &parent)?).map_err(Refused::Faults)?;
            actions::change_unit(db, &desk, id, version, &facts)
        })
        .await;
    match outcome {
        Ok(unit) => Ok(go_on(&EditPath { slug: unit.slug }, "disimpan").into_response()),
        Err(refused) => {
            let is_stale = matches!(refused, Refused::Stale);
            let w = visit.words(&WORDS);
            show_faults(&mut form, &faults_of(refused)?, w);
            let unit = load_unit(&app, &visit, &path.slug).await?;
            let now = if is_stale { differences(&unit, &typed_unit(&form), rights, w) } else { Vec::new() };
            show_again(&page(&app, &visit, Some(unit), form, now).await?)
        }
    }
}

/// The unit that a form names as parent by its address.
fn parent_of(db: &mut Read<'_>, institution: InstitutionId, slug: &str) -> Result<Option<UnitId>, Refused> {
    if slug.is_empty() {
        return Ok(None);
    }
    match store::unit_by_slug(db, institution, slug)? {
        Some(parent) => Ok(Some(parent.id)),
        None => Err(Fault::new("parent", "fault.parent-unknown").into()),
    }
}

/// Where a unit now differs from what was typed.
fn differences(unit: &Unit, typed: &TypedUnit, rights: Rights, w: Words) -> Vec<(String, String)> {
    let now = unit.facts.typed();
    let contact = [
        ("address", now.address, &typed.address),
        ("phone", now.phone, &typed.phone),
        ("email", now.email, &typed.email),
        ("web", now.web, &typed.web),
    ];
    let others = [
        ("name", now.name, &typed.name),
        ("short_name", now.short_name, &typed.short_name),
        ("code", now.code, &typed.code),
        ("kind", w.text(&format!("kind.{}", now.kind)), &w.text(&format!("kind.{}", typed.kind))),
    ]
    .map(|(field, now, typed)| (field, now, typed.clone()));
    let contact = contact.map(|(field, now, typed)| (field, now, typed.clone()));
    let all = if rights.all { others.to_vec() } else { Vec::new() };
    let differing = all.into_iter().chain(contact).filter(|(_, now, typed)| now != typed);
    differing.map(|(field, now, _)| (field_words(w, field), now)).collect()
}

async fn page(
    app: &App,
    visit: &Visit,
    unit: Option<Unit>,
    form: Form,
    now: Vec<(String, String)>,
) -> Result<EditPage, Problem> {
    let institution = visit.institution()?;
    let units: Vec<Unit> = app
        .database()
        .read(move |db| store::units(db, institution))
        .await
        .map_err(|error: DatabaseError| Problem::from(error))?;
    let w = visit.words(&WORDS);
    let person = visit.signed_in()?;
    let rights = match &unit {
        Some(unit) => Rights::of(person, unit.id),
        None => Rights { all: true, contact: true, history: true },
    };
    let title = unit.as_ref().map_or_else(|| w.text("edit.new"), |unit| unit.facts.name.clone());
    let page = visit.page(title).crumb(w.text("keep.title"), KeepPath).done(done(visit));
    let classes = ServiceClass::ALL.into_iter().map(|class| (class.name(), class_words(w, class))).collect();
    Ok(EditPage {
        page: page.with_errors(!form.is_fine()),
        kinds: kinds(w),
        classes,
        parents: parents(&units, unit.as_ref(), w),
        summary: unit.as_ref().map(|unit| summary(unit, &units, w)).unwrap_or_default(),
        form,
        unit,
        rights,
        now,
        w,
    })
}

/// The units below which this one can stand: those that serve, but none of its own. Deeper ones are set in.
fn parents(units: &[Unit], unit: Option<&Unit>, w: Words) -> Vec<(String, String)> {
    let places = Places::new(units.iter().map(|unit| (unit.id, unit.facts.parent)));
    let own = unit.map(|unit| places.within(unit.id)).unwrap_or_default();
    let above = unit.and_then(|unit| unit.facts.parent);
    let top = (String::new(), w.text("edit.top"));
    let fits = |other: &Unit| (other.state.is_active() || above == Some(other.id)) && !own.contains(&other.id);
    let line =
        |(level, other): (usize, &Unit)| (other.slug.clone(), format!("{}{}", "– ".repeat(level), other.facts.name));
    let ordered = tree::in_order(units).into_iter().filter(|(_, other)| fits(other));
    std::iter::once(top).chain(ordered.map(line)).collect()
}

fn summary(unit: &Unit, units: &[Unit], w: Words) -> Vec<(String, String)> {
    let facts = &unit.facts;
    let parent = units.iter().find(|other| Some(other.id) == facts.parent).map(|parent| parent.facts.name.clone());
    let rows = [
        ("kind", super::kind_words(w, facts.kind)),
        ("code", facts.code.clone().unwrap_or_default()),
        ("parent", parent.unwrap_or_default()),
        ("short_name", facts.short_name.clone()),
        ("class", facts.class.map(|class| class_words(w, class)).unwrap_or_default()),
        ("address", facts.contact.address.clone()),
        ("phone", facts.contact.phone.clone()),
        ("email", facts.contact.email.clone()),
        ("web", facts.contact.web.clone()),
    ];
    rows.into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(field, value)| (field_words(w, field), value))
        .collect()
}
