//! `/kelola/kontak` and `/kelola/kontak/{unit}`: whether people reach the units by what they publish.

use super::{
    ConfirmContactPath, ContactPath, ContactsPath, TestContactPath, asked, desk, done, faults_of, go_on, show_faults,
};
use crate::actions::contacts as actions;
use crate::contact::{CheckState, ContactCheck, ContactFault, ContactKind};
use crate::permissions::{EDIT_SERVICES, READ_SERVICES};
use crate::self_test::{self, Untested};
use crate::store::contact_checks as kept;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use organisation::Unit;
use platform::app::App;
use platform::audit::Actor;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::identity::{Action, UnitId};
use platform::page::{Page, show, show_again};
use platform::parts::Pages;
use platform::problem::Problem;
use platform::site::Zone;
use platform::visit::Visit;
use platform::words::Words;
use rules::phrase::Phrase;
use std::collections::HashMap;

/// Units on a page.
const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "pages/contacts.html")]
struct ContactsPage {
    page: Page,
    w: Words,
    /// How many are dead, in words; empty when none is.
    dead: String,
    rows: Vec<Row>,
    pages: Pages,
}

/// A unit with what is not well first.
struct Row {
    name: String,
    href: String,
    /// The kind in words, the mark of its state, the state in words.
    marks: Vec<(String, &'static str, String)>,
    order: (bool, bool),
}

/// Shows the units somebody keeps, or all to whoever reads all; those with something dead first.
pub(crate) async fn list(_: ContactsPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, person) = (visit.institution()?, visit.signed_in()?);
    let own = person.units_for(&READ_SERVICES);
    let (units, checks) = app
        .database()
        .read(move |db| Ok::<_, DatabaseError>((organisation::units(db, institution)?, kept::checks(db, institution)?)))
        .await?;
    let mut of_unit: HashMap<UnitId, Vec<ContactCheck>> = HashMap::new();
    for check in checks {
        of_unit.entry(check.unit).or_default().push(check);
    }
    let w = visit.words(&WORDS);
    let seen = |unit: &&Unit| {
        unit.state.is_active() && own.as_ref().is_none_or(|own| own.contains(&unit.id)) && publishes(unit)
    };
    let mut rows: Vec<Row> = units
        .iter()
        .filter(seen)
        .map(|unit| Row::of(unit, of_unit.get(&unit.id).map(Vec::as_slice).unwrap_or_default(), w))
        .collect();
    rows.sort_by(|one, other| one.order.cmp(&other.order).then_with(|| one.name.cmp(&other.name)));
    let dead = rows.iter().filter(|row| !row.order.0).count() as u64;
    let number: u64 = asked(&visit, Pages::QUERY).parse().unwrap_or(1);
    let pages = Pages::new(ContactsPath.to_string(), number, ROWS as u64, rows.len() as u64);
    let skipped = usize::try_from(pages.number() - 1).unwrap_or(0) * ROWS;
    show(&ContactsPage {
        page: visit.page(w.text("contact.title")),
        dead: match dead {
            0 => String::new(),
            count => w.say(&Phrase::new("contact.dead-units").with("count", w.count(count))),
        },
        rows: rows.into_iter().skip(skipped).take(ROWS).collect(),
        pages,
        w,
    })
}

fn publishes(unit: &Unit) -> bool {
    ContactKind::ALL.iter().any(|kind| !kind.of(&unit.facts.contact).is_empty())
}

impl Row {
    fn of(unit: &Unit, checks: &[ContactCheck], w: Words) -> Self {
        let published = ContactKind::ALL.into_iter().filter(|kind| !kind.of(&unit.facts.contact).is_empty());
        let states: Vec<(ContactKind, Option<CheckState>)> =
            published.map(|kind| (kind, current(unit, checks, kind).map(|check| check.state))).collect();
        let has = |wanted| states.iter().any(|(_, state)| *state == Some(wanted));
        Self {
            name: unit.facts.name.clone(),
            href: ContactPath { slug: unit.slug.clone() }.to_string(),
            order: (!has(CheckState::Dead), !has(CheckState::Unsure)),
            marks: states
                .iter()
                .map(|(kind, state)| (kind_words(w, *kind), mark(*state), state_words(w, *state)))
                .collect(),
        }
    }
}

/// What was found of what a unit publishes now.
fn current<'c>(unit: &Unit, checks: &'c [ContactCheck], kind: ContactKind) -> Option<&'c ContactCheck> {
    checks.iter().find(|check| check.kind == kind && check.target == kind.of(&unit.facts.contact))
}

fn kind_words(w: Words, kind: ContactKind) -> String {
    w.text(&format!("contact.{}", kind.name()))
}

fn state_words(w: Words, state: Option<CheckState>) -> String {
    w.text(&format!("contact-state.{}", state.map_or("untested", CheckState::name)))
}

/// Amber where nobody answers: red belongs to breaches of law.
const fn mark(state: Option<CheckState>) -> &'static str {
    match state {
        Some(CheckState::Works) => "hijau",
        Some(CheckState::Dead) => "kuning",
        Some(CheckState::Unsure) | None => "",
    }
}

fn fault_words(w: Words, fault: ContactFault) -> String {
    let phrase = match fault {
        ContactFault::Status(status) => {
            Phrase::new("contact-fault.status").with("status", u64::from(status).to_string())
        }
        plain => return w.text(&format!("contact-fault.{}", plain.name())),
    };
    w.say(&phrase)
}

#[derive(Template)]
#[template(path = "pages/contact.html")]
struct ContactPage {
    page: Page,
    w: Words,
    form: Form,
    own: Vec<Own>,
    may_edit: bool,
    test: String,
    confirm: String,
    /// Where the addresses are changed.
    unit_href: String,
}

/// One address.
struct Own {
    kind: &'static str,
    title: String,
    target: String,
    mark: &'static str,
    state: String,
    lines: Vec<(String, String)>,
    /// Whether a person's word helps.
    open: bool,
}

impl Own {
    fn of(unit: &Unit, checks: &[ContactCheck], kind: ContactKind, zone: Zone, w: Words) -> Self {
        let check = current(unit, checks, kind);
        let state = check.map(|check| check.state);
        let mut lines = Vec::new();
        if let Some(check) = check {
            if let Some(fault) = check.fault {
                lines.push((w.text("contact.wrong"), fault_words(w, fault)));
            }
            let never = || w.text("contact.never");
            let worked = check.worked_at.map_or_else(never, |at| zone.moment(at, w.language));
            lines.push((w.text("contact.worked"), worked));
            lines.push((w.text("contact.looked"), zone.moment(check.looked_at, w.language)));
        }
        Self {
            kind: kind.name(),
            title: kind_words(w, kind),
            target: kind.of(&unit.facts.contact).to_owned(),
            mark: mark(state),
            state: state_words(w, state),
            lines,
            open: state != Some(CheckState::Works),
        }
    }
}

/// Shows what was found of a unit.
pub(crate) async fn show_unit(path: ContactPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let unit = unit_for(&app, &visit, &path.slug, &READ_SERVICES).await?;
    show(&page(&app, &visit, unit, Form::new()).await?)
}

async fn unit_for(app: &App, visit: &Visit, slug: &str, action: &Action) -> Result<Unit, Problem> {
    let (institution, slug) = (visit.institution()?, slug.to_owned());
    let unit = app.database().read(move |db| organisation::unit_by_slug(db, institution, &slug)).await?;
    let unit = unit.ok_or_else(Problem::not_found)?;
    if visit.signed_in()?.may(action, Some(unit.id)) { Ok(unit) } else { Err(Problem::forbidden()) }
}

async fn page(app: &App, visit: &Visit, unit: Unit, form: Form) -> Result<ContactPage, Problem> {
    let (institution, id) = (visit.institution()?, unit.id);
    let checks = app.database().read(move |db| store::contact_checks::checks_of_unit(db, institution, id)).await?;
    let (w, zone) = (visit.words(&WORDS), visit.site().zone);
    let title = w.fill("contact.of", [("unit", &unit.facts.name)]);
    let published = ContactKind::ALL.into_iter().filter(|kind| !kind.of(&unit.facts.contact).is_empty());
    let slug = unit.slug.clone();
    Ok(ContactPage {
        page: visit
            .page(title)
            .crumb(w.text("contact.title"), ContactsPath)
            .done(done(visit))
            .with_errors(!form.is_fine()),
        own: published.map(|kind| Own::of(&unit, &checks, kind, zone, w)).collect(),
        may_edit: visit.signed_in()?.may(&EDIT_SERVICES, Some(unit.id)),
        test: TestContactPath { slug: slug.clone() }.to_string(),
        confirm: ConfirmContactPath { slug: slug.clone() }.to_string(),
        unit_href: format!("/kelola/unit/{slug}"),
        form,
        w,
    })
}

/// "Uji sekarang".
pub(crate) async fn post_test(
    path: TestContactPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let unit = unit_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    let actor = Actor::Person(visit.signed_in()?.account);
    match self_test::test_unit(&app, visit.institution()?, unit.id, actor).await {
        Ok(()) => Ok(go_on(&ContactPath { slug: unit.slug }, "diuji").into_response()),
        Err(Untested::Database(error)) => Err(error.into()),
        Err(Untested::Machine) => {
            let mut form = Form::new();
            form.fault("", visit.words(&WORDS).text("contact.unable"));
            show_again(&page(&app, &visit, unit, form).await?)
        }
    }
}

/// Somebody tried it, and it works.
pub(crate) async fn post_confirm(
    path: ConfirmContactPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let unit = unit_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    let kind = ContactKind::named(form.value("kind")).ok_or_else(Problem::unreadable)?;
    let (desk, id, tried) = (desk(&app, &visit)?, unit.id, form.value("target").to_owned());
    match app.database().write(move |db| actions::confirm_contact(db, &desk, id, (kind, &tried))).await {
        Ok(_) => Ok(go_on(&ContactPath { slug: unit.slug }, "dicoba").into_response()),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            show_again(&page(&app, &visit, unit, form).await?)
        }
    }
}
