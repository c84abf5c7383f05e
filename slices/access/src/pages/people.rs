//! The list of people, and inviting one more.

use super::account::{NAME_LETTERS, role_words};
use super::handing::Handing;
use super::page;
use super::prove::prove_first;
use crate::account::{AccountState, Email};
use crate::actions::{self, Act, Invited, NewGrant, Refused};
use crate::granting::{IMPORT_PEOPLE, MANAGE_PEOPLE, Post, READ_PEOPLE, grantable, granting};
use crate::link::Purpose;
use crate::people::{Held, PersonLine, Search};
use crate::{WORDS, store};
use axum::extract::State;
use axum::response::{IntoResponse, Redirect, Response};
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::database::{DatabaseError, Write};
use platform::form::Form;
use platform::identity::{AccountId, Person, Role, UnitId};
use platform::page::{self, Page};
use platform::parts::Pages;
use platform::problem::Problem;
use platform::site::Zone;
use platform::visit::{Visit, query};
use platform::words::Words;
use serde::Deserialize;
use time::{Date, Duration, OffsetDateTime};

#[derive(TypedPath, Deserialize)]
#[typed_path("/kelola/orang")]
pub(crate) struct PeoplePath;

#[derive(TypedPath, Deserialize)]
#[typed_path("/kelola/orang/undang")]
pub(crate) struct InvitePath;

/// So many people stand on a page.
const A_PAGE: u32 = 25;

/// A person in the list, in words.
struct Line {
    id: AccountId,
    name: String,
    email: String,
    state: String,
    kind: &'static str,
    roles: Vec<String>,
}

#[derive(askama::Template)]
#[template(path = "pages/people.html")]
struct PeoplePage {
    page: Page,
    w: Words,
    form: Form,
    lines: Vec<Line>,
    pages: Pages,
    total: String,
    roles: Vec<(String, String)>,
    units: Vec<(String, String)>,
    searched: bool,
    may_invite: bool,
    may_import: bool,
}

/// How a state is marked: `parts::state`.
pub(super) const fn state_kind(state: AccountState) -> &'static str {
    match state {
        AccountState::Active => "done",
        AccountState::Invited => "active",
        AccountState::Suspended => "problem",
        AccountState::Closed => "",
    }
}

/// The words of a state.
pub(super) fn state_words(state: AccountState, w: Words) -> String {
    w.text(&format!("state.{}", state.name()))
}

/// The roles to choose from, with their names.
pub(super) fn role_choices(roles: &[Role], visit: &Visit) -> Vec<(String, String)> {
    let shared = Words::shared(visit.language());
    roles.iter().map(|role| (role.name().to_owned(), role.label(shared))).collect()
}

/// The units to choose from: all of the institution, or those in which somebody may do something.
pub(super) fn unit_choices(units: Vec<(UnitId, String)>, within: Option<&[UnitId]>) -> Vec<(String, String)> {
    let inside = |id: &UnitId| within.is_none_or(|within| within.contains(id));
    units.into_iter().filter(|(id, _)| inside(id)).map(|(id, name)| (id.to_string(), name)).collect()
}

/// What somebody asks of the list. Words that are searched for are names and addresses: they travel in a form, never in an
/// address that is kept in histories and logs.
struct Asked {
    search: Search,
    form: Form,
    number: u64,
}

/// So many people are shown at most when words are searched for.
const FOUND: u32 = 100;

impl Asked {
    fn read(visit: &Visit, viewer: &Person) -> Self {
        let asked: Vec<(String, String)> = query(&visit.facts().uri).collect();
        let value = |name: &str| asked.iter().find(|(key, _)| key == name).map_or("", |(_, value)| value.as_str());
        let number: u64 = value(Pages::QUERY).parse().unwrap_or(1).clamp(1, 1_000_000);
        let form = Form::filled(["peran", "unit"].map(|field| (field, value(field).to_owned())));
        let after = u32::try_from(number - 1).unwrap_or(0).saturating_mul(A_PAGE);
        Self { search: Search { most: A_PAGE, after, ..Self::filters(&form, viewer) }, form, number }
    }

    fn typed(form: Form, viewer: &Person) -> Self {
        let words = form.value("cari").chars().take(100).collect();
        Self { search: Search { words, most: FOUND, ..Self::filters(&form, viewer) }, form, number: 1 }
    }

    fn filters(form: &Form, viewer: &Person) -> Search {
        Search {
            role: Role::named(form.value("peran")),
            unit: form.value("unit").parse().ok(),
            viewer_in_units: viewer.units_for(&READ_PEOPLE).map(|_| viewer.account),
            ..Search::default()
        }
    }

    fn searched(&self) -> bool {
        !self.search.words.is_empty() || self.search.role.is_some() || self.search.unit.is_some()
    }

    /// The filters, for addresses: they name nobody.
    fn kept(&self) -> Vec<(String, String)> {
        let pairs = ["peran", "unit"].map(|field| (field.to_owned(), self.form.value(field).to_owned()));
        pairs.into_iter().filter(|(_, value)| !value.is_empty()).collect()
    }
}

pub(crate) async fn show(_: PeoplePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let asked = Asked::read(&visit, visit.signed_in()?);
    list(&app, &visit, asked).await
}

pub(crate) async fn search(
    _: PeoplePath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let asked = Asked::typed(form, visit.signed_in()?);
    if asked.search.words.is_empty() {
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(asked.kept()).finish();
        return Ok(Redirect::to(&format!("{}?{query}", PeoplePath::PATH)).into_response());
    }
    list(&app, &visit, asked).await
}

async fn list(app: &App, visit: &Visit, asked: Asked) -> Result<Response, Problem> {
    let person = visit.signed_in()?;
    let (institution, now, search) = (person.institution, app.now(), asked.search.clone());
    let (lines, total, units) = app
        .database()
        .read(move |db| {
            let (people, total) = store::people(db, institution, &search, now)?;
            let mut lines = Vec::new();
            for line in people {
                let held = store::held(db, institution, line.id)?;
                lines.push((line, held));
            }
            Ok::<_, DatabaseError>((lines, total.unsigned_abs(), store::units(db, institution)?))
        })
        .await?;
    let w = visit.words(&WORDS);
    let line = |(line, held): (PersonLine, Vec<Held>)| shown(line, &held, visit, now);
    let within = person.units_for(&READ_PEOPLE);
    let all_shown = asked.search.words.is_empty() || total <= FOUND.into();
    let size = if asked.search.words.is_empty() { A_PAGE } else { FOUND };
    let last = if asked.search.words.is_empty() { total } else { 0 };
    let key = if all_shown { "people.total" } else { "people.more" };
    let template = PeoplePage {
        page: page(visit, "people.title"),
        w,
        lines: lines.into_iter().map(line).collect(),
        searched: asked.searched(),
        pages: Pages::new(PeoplePath::PATH, asked.number, size.into(), last).keeping(asked.kept()),
        form: asked.form,
        total: w.fill(key, [("count", &w.count(total))]),
        roles: role_choices(&Role::ALL, visit),
        units: unit_choices(units, within.as_deref()),
        may_invite: person.may_somewhere(&MANAGE_PEOPLE),
        may_import: person.may_somewhere(&IMPORT_PEOPLE),
    };
    page::show(&template)
}

fn shown(line: PersonLine, held: &[Held], visit: &Visit, now: OffsetDateTime) -> Line {
    let shared = Words::shared(visit.language());
    Line {
        roles: held.iter().filter(|held| held.is_open(now)).map(|held| role_words(held, shared)).collect(),
        state: state_words(line.state, visit.words(&WORDS)),
        kind: state_kind(line.state),
        id: line.id,
        name: line.name,
        email: line.email,
    }
}

#[derive(askama::Template)]
#[template(path = "pages/invite.html")]
struct InvitePage {
    page: Page,
    w: Words,
    form: Form,
    roles: Vec<(String, String)>,
    units: Vec<(String, String)>,
}

async fn invite_page(app: &App, visit: &Visit, form: Form) -> Result<InvitePage, Problem> {
    let person = visit.signed_in()?;
    let (institution, w) = (person.institution, visit.words(&WORDS));
    let units = app.database().read(move |db| store::units(db, institution)).await?;
    let within = person.units_for(&MANAGE_PEOPLE);
    Ok(InvitePage {
        page: page(visit, "invite.title").crumb(w.text("people.title"), PeoplePath).with_errors(!form.is_fine()),
        w,
        form,
        roles: role_choices(&grantable(person), visit),
        units: unit_choices(units, within.as_deref()),
    })
}

pub(crate) async fn show_invite(_: InvitePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    if let Some(first) = prove_first(&app, &visit, InvitePath::PATH) {
        return Ok(first);
    }
    page::show(&invite_page(&app, &visit, Form::new()).await?)
}

/// A role with its unit and days as they were typed; faults are noted in the form.
pub(super) fn read_grant(form: &mut Form, w: Words, zone: Zone, now: OffsetDateTime) -> Option<NewGrant> {
    let role = form.read("role", Role::named, w.text("fault.role"))?;
    let unit: Option<UnitId> = if role.is_of_a_unit() {
        Some(form.read("unit", |typed| typed.parse().ok(), w.text("fault.unit"))?)
    } else {
        None
    };
    let post = Post::new(role, unit)?;
    let from = read_day(form, "from", w)?;
    let until = read_day(form, "until", w)?;
    // The last day counts: the role ends when it is over.
    let until = until.and_then(Date::next_day).map(|day| zone.midnight(day));
    let today = zone.date(now);
    let from = from.filter(|day| *day > today).map(|day| zone.midnight(day));
    Some(NewGrant { post, from, until })
}

/// Nothing for an empty field; nothing at all, and a fault, for what is no day.
fn read_day(form: &mut Form, field: &'static str, w: Words) -> Option<Option<Date>> {
    let typed = form.value(field).to_owned();
    if typed.is_empty() {
        return Some(None);
    }
    let format = time::macros::format_description!("[year]-[month]-[day]");
    form.read(field, |typed| Date::parse(typed, format).ok(), w.text("fault.day")).map(Some)
}

/// The moment a day begins in a zone.
trait Midnight {
    fn midnight(self, day: Date) -> OffsetDateTime;
}

impl Midnight for Zone {
    fn midnight(self, day: Date) -> OffsetDateTime {
        let moment = day.midnight().assume_utc();
        moment - Duration::seconds(self.local(moment).offset().whole_seconds().into())
    }
}

/// The field that a refusal is about.
pub(super) const fn field_of(refused: &Refused) -> &'static str {
    match refused {
        Refused::EmailTaken => "email",
        Refused::WrongPlace => "unit",
        Refused::NoTime => "until",
        _ => "role",
    }
}

pub(crate) async fn post_invite(
    _: InvitePath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    if let Some(first) = prove_first(&app, &visit, InvitePath::PATH) {
        return Ok(first);
    }
    let (person, w, now) = (visit.signed_in()?.clone(), visit.words(&WORDS), app.now());
    let name = form.required("name", NAME_LETTERS, w.text("fault.name-empty"), w.text("fault.name-long"));
    let email = form.read("email", Email::read, w.text("fault.email"));
    let grant = read_grant(&mut form, w, visit.site().zone, now);
    let (Some(email), Some(grant), true) = (email, grant, form.is_fine()) else {
        return page::show_again(&invite_page(&app, &visit, form).await?);
    };
    let act = Act::of(&person, now);
    let invited = Invited { email, name: name.clone(), grants: vec![grant] };
    let handing = Handing::of(&app, &visit, &form);
    let sending = handing.clone();
    let invite = move |db: &mut Write<'_>| {
        let (account, token) = actions::invite(db, &act, &invited)?;
        sending.send(db, (act.institution, account), Purpose::Invitation, &token)?;
        Ok::<_, Refused>((account, token))
    };
    match app.database().write(invite).await {
        Ok((account, token)) => handing.show(&app, &visit, (account, Purpose::Invitation), name, &token),
        Err(refused) => match refused.key() {
            Some(key) => {
                form.fault(field_of(&refused), w.text(key));
                page::show_again(&invite_page(&app, &visit, form).await?)
            }
            None => Err(refused.into()),
        },
    }
}

/// Whether somebody may give any role at all, for hiding forms that would be refused.
pub(super) fn gives_roles(person: &Person) -> bool {
    Role::ALL.into_iter().any(|role| person.may_somewhere(granting(role)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    #[test]
    fn a_day_begins_at_the_citys_midnight() {
        assert_eq!(Zone::Wib.midnight(date!(2026 - 11 - 21)), datetime!(2026-11-20 17:00 UTC));
        assert_eq!(Zone::Wit.midnight(date!(2026 - 11 - 21)), datetime!(2026-11-20 15:00 UTC));
    }
}
