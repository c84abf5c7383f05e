//! One person: roles, state, links, history; and what may be done about them.

use super::account::{NAME_LETTERS, role_words};
use super::audit::Moments;
use super::handing::{Handing, purpose_of};
use super::people::{
    PeoplePath, field_of, gives_roles, read_grant, role_choices, state_kind, state_words, unit_choices,
};
use super::prove::prove_first;
use super::{done, page};
use crate::account::{Account, AccountState, Email};
use crate::actions::{self, Act, Granted, Refused};
use crate::granting::{
    self, MANAGE_PEOPLE, READ_AUDIT, RESET_SECOND_FACTOR, grantable, may_grant, may_manage, may_undo_suspension,
};
use crate::link::Link;
use crate::people::{GrantId, Held, open_posts};
use crate::{WORDS, store};
use axum::extract::State;
use axum::response::Response;
use axum_extra::routing::TypedPath;
use platform::app::App;
use platform::audit::{self, Filter};
use platform::database::{DatabaseError, Write};
use platform::form::Form;
use platform::identity::{AccountId, Person, UnitId};
use platform::page::{self, Page};
use platform::parts::Moment;
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use serde::Deserialize;

macro_rules! paths {
    ($($(#[$doc:meta])* $name:ident = $path:literal { $($field:ident),+ };)*) => {
        $($(#[$doc])* #[derive(TypedPath, Deserialize)]
        #[typed_path($path)]
        pub(crate) struct $name {
            $(pub(crate) $field: String,)+
        })*
    };
}

paths! {
    PersonPath = "/kelola/orang/{id}" { id };
    CorrectPath = "/kelola/orang/{id}/perbaiki" { id };
    GrantPath = "/kelola/orang/{id}/peran" { id };
    RevokePath = "/kelola/orang/{id}/peran/{grant}/cabut" { id, grant };
    StatePath = "/kelola/orang/{id}/{change}" { id, change };
    LinkPath = "/kelola/orang/{id}/tautan/{purpose}" { id, purpose };
}

/// Everything that is shown of a person.
struct Shown {
    account: Account,
    held: Vec<Held>,
    links: Vec<Link>,
    units: Vec<(UnitId, String)>,
    history: Vec<Moment>,
}

/// A role in words.
struct RoleLine {
    id: GrantId,
    words: String,
    time: String,
    may_take: bool,
}

#[derive(askama::Template)]
#[template(path = "pages/person.html")]
struct PersonPage {
    page: Page,
    w: Words,
    form: Form,
    correction: Form,
    id: AccountId,
    email: String,
    state: String,
    kind: &'static str,
    second_factor: bool,
    held: Vec<RoleLine>,
    past: Vec<RoleLine>,
    open_link: Option<String>,
    history: Vec<Moment>,
    roles: Vec<(String, String)>,
    units: Vec<(String, String)>,
    may: May,
    reads_audit: bool,
}

/// What the viewer may do about this person now.
struct May {
    manage: bool,
    grant: bool,
    suspend: bool,
    resume: bool,
    /// Somebody above suspended the account: it stays as it is.
    kept_out_from_above: bool,
    close: bool,
    sign_out: bool,
    invite_again: bool,
    reset_password: bool,
    reset_second_factor: bool,
}

impl May {
    fn of(viewer: &Person, account: &Account, held: &[Held], now: time::OffsetDateTime) -> Self {
        let posts = open_posts(held, now);
        let state = account.state;
        let manage = state != AccountState::Closed && may_manage(viewer, &MANAGE_PEOPLE, account.id, &posts);
        let from_above = state == AccountState::Suspended && !may_undo_suspension(viewer, account.suspended_by);
        let reset = may_manage(viewer, &RESET_SECOND_FACTOR, account.id, &posts);
        Self {
            manage,
            grant: manage && gives_roles(viewer),
            suspend: manage && state.suspend().is_ok(),
            resume: manage && state.resume().is_ok() && !from_above,
            kept_out_from_above: manage && from_above,
            close: manage && state.close().is_ok() && !from_above,
            sign_out: manage && state == AccountState::Active,
            invite_again: manage && state == AccountState::Invited,
            reset_password: manage && state == AccountState::Active,
            reset_second_factor: reset && state == AccountState::Active && account.has_second_factor(),
        }
    }
}

async fn load(app: &App, visit: &Visit, id: &str) -> Result<Shown, Problem> {
    let viewer = visit.signed_in()?.clone();
    let id: AccountId = id.parse().map_err(|_| Problem::not_found())?;
    let (institution, now) = (viewer.institution, app.now());
    let moments = Moments::of(visit);
    let found = app
        .database()
        .read(move |db| {
            let Some(account) = store::account(db, institution, id)? else { return Ok(None) };
            let held = store::held(db, institution, id)?;
            let filter =
                Filter { subject_kind: Some("account".into()), subject_id: Some(id.to_string()), ..Filter::default() };
            let entries = audit::search(db, Some(institution), &filter, 50)?;
            Ok::<_, DatabaseError>(Some(Shown {
                account,
                held,
                links: store::open_links_of(db, institution, id, now)?,
                units: store::units(db, institution)?,
                history: moments.tell(db, institution, entries)?,
            }))
        })
        .await?;
    let shown = found.ok_or_else(Problem::not_found)?;
    // Whoever may not see somebody does not learn that they exist.
    if granting::sees(&viewer, &open_posts(&shown.held, app.now())) { Ok(shown) } else { Err(Problem::not_found()) }
}

fn role_line(held: &Held, visit: &Visit, may_take: bool) -> RoleLine {
    let (zone, language, w) = (visit.site().zone, visit.language(), visit.words(&WORDS));
    let from = zone.moment(held.from, language);
    let time = match held.until {
        None => w.fill("grant.since", [("from", &from)]),
        Some(until) => w.fill("grant.between", [("from", &from), ("until", &zone.moment(until, language))]),
    };
    RoleLine { id: held.id, words: role_words(held, Words::shared(language)), time, may_take }
}

fn person_page(
    app: &App,
    visit: &Visit,
    shown: Shown,
    form: Form,
    correction: Option<Form>,
) -> Result<PersonPage, Problem> {
    let (viewer, now, w) = (visit.signed_in()?, app.now(), visit.words(&WORDS));
    let may = May::of(viewer, &shown.account, &shown.held, now);
    let line = |held: &Held| role_line(held, visit, may.manage && held.is_open(now) && may_grant(viewer, held.post));
    let until = |link: &Link| {
        let until = visit.site().zone.moment(link.expires_at, visit.language());
        w.fill("person.open-link", [("until", &until)])
    };
    let within = viewer.units_for(&MANAGE_PEOPLE);
    let has_errors = !form.is_fine() || correction.as_ref().is_some_and(|correction| !correction.is_fine());
    let fresh = Form::filled([("name", shown.account.name.clone()), ("email", shown.account.email.clone())]);
    let name = shown.account.name.clone();
    Ok(PersonPage {
        page: visit
            .page(name)
            .crumb(w.text("people.title"), PeoplePath)
            .with_errors(has_errors)
            .done(page(visit, "people.title").notice.map(|notice| notice.text)),
        w,
        form,
        correction: correction.unwrap_or(fresh),
        id: shown.account.id,
        email: shown.account.email.clone(),
        state: state_words(shown.account.state, w),
        kind: state_kind(shown.account.state),
        second_factor: shown.account.has_second_factor(),
        held: shown.held.iter().filter(|held| held.is_open(now)).map(line).collect(),
        past: shown.held.iter().filter(|held| !held.is_open(now)).map(line).collect(),
        open_link: shown.links.first().map(until),
        history: shown.history,
        roles: role_choices(&grantable(viewer), visit),
        units: unit_choices(shown.units, within.as_deref()),
        may,
        reads_audit: viewer.may(&READ_AUDIT, None),
    })
}

pub(crate) async fn show(path: PersonPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let shown = load(&app, &visit, &path.id).await?;
    page::show(&person_page(&app, &visit, shown, Form::new(), None)?)
}

/// The person of an address, and where to come back to.
fn target(id: &str) -> Result<(AccountId, PersonPath), Problem> {
    let account: AccountId = id.parse().map_err(|_| Problem::not_found())?;
    Ok((account, PersonPath { id: account.to_string() }))
}

pub(crate) async fn correct(
    path: CorrectPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let (other, back) = target(&path.id)?;
    if let Some(first) = prove_first(&app, &visit, &back.to_string()) {
        return Ok(first);
    }
    let w = visit.words(&WORDS);
    let name = form.required("name", NAME_LETTERS, w.text("fault.name-empty"), w.text("fault.name-long"));
    let email = form.read("email", Email::read, w.text("fault.email"));
    let outcome = match (email, form.is_fine()) {
        (Some(email), true) => {
            let act = Act::of(visit.signed_in()?, app.now());
            Some(app.database().write(move |db| actions::correct(db, &act, other, &name, &email)).await)
        }
        _ => None,
    };
    match outcome {
        Some(Ok(())) => return Ok(done(&back, "diperbaiki")),
        Some(Err(refused)) => match refused.key() {
            Some(key) => form.fault("email", w.text(key)),
            None => return Err(refused.into()),
        },
        None => {}
    }
    let shown = load(&app, &visit, &path.id).await?;
    page::show_again(&person_page(&app, &visit, shown, Form::new(), Some(form))?)
}

pub(crate) async fn grant(
    path: GrantPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let (other, back) = target(&path.id)?;
    if let Some(first) = prove_first(&app, &visit, &back.to_string()) {
        return Ok(first);
    }
    let (w, now) = (visit.words(&WORDS), app.now());
    if let Some(new) = read_grant(&mut form, w, visit.site().zone, now) {
        let act = Act::of(visit.signed_in()?, now);
        match app.database().write(move |db| actions::grant(db, &act, other, &new)).await {
            Ok(Granted::Alone) => return Ok(done(&back, "peran")),
            Ok(Granted::LinkEnded) => return Ok(done(&back, "peran-tautan")),
            Err(refused) => match refused.key() {
                Some(key) => form.fault(field_of(&refused), w.text(key)),
                None => return Err(refused.into()),
            },
        }
    }
    let shown = load(&app, &visit, &path.id).await?;
    page::show_again(&person_page(&app, &visit, shown, form, None)?)
}

pub(crate) async fn revoke(path: RevokePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (other, back) = target(&path.id)?;
    if let Some(first) = prove_first(&app, &visit, &back.to_string()) {
        return Ok(first);
    }
    let grant: GrantId = path.grant.parse().map_err(|_| Problem::not_found())?;
    let act = Act::of(visit.signed_in()?, app.now());
    let outcome = app.database().write(move |db| actions::revoke(db, &act, other, grant)).await;
    after(&app, &visit, &path.id, outcome, "peran-dicabut").await
}

/// Back to the person, with what was done, or with why it was not.
async fn after(
    app: &App,
    visit: &Visit,
    id: &str,
    outcome: Result<(), Refused>,
    what: &'static str,
) -> Result<Response, Problem> {
    let (_, back) = target(id)?;
    match outcome {
        Ok(()) => Ok(done(&back, what)),
        Err(refused) => match refused.key() {
            Some(key) => {
                let mut form = Form::new();
                form.fault("", visit.words(&WORDS).text(key));
                let shown = load(app, visit, id).await?;
                page::show_again(&person_page(app, visit, shown, form, None)?)
            }
            None => Err(refused.into()),
        },
    }
}

pub(crate) async fn change_state(path: StatePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (other, back) = target(&path.id)?;
    if let Some(first) = prove_first(&app, &visit, &back.to_string()) {
        return Ok(first);
    }
    let act = Act::of(visit.signed_in()?, app.now());
    let database = app.database();
    let (outcome, what) = match path.change.as_str() {
        "tangguhkan" => (database.write(move |db| actions::suspend(db, &act, other)).await, "ditangguhkan"),
        "aktifkan" => (database.write(move |db| actions::resume(db, &act, other)).await, "diaktifkan"),
        "tutup" => (database.write(move |db| actions::close(db, &act, other)).await, "ditutup"),
        "keluarkan" => {
            let ended = database.write(move |db| actions::sign_out_everywhere(db, &act, other)).await;
            (ended.map(drop), "dikeluarkan")
        }
        _ => return Err(Problem::not_found()),
    };
    after(&app, &visit, &path.id, outcome, what).await
}

pub(crate) async fn make_link(
    path: LinkPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let (other, back) = target(&path.id)?;
    if let Some(first) = prove_first(&app, &visit, &back.to_string()) {
        return Ok(first);
    }
    let purpose = purpose_of(&path.purpose).ok_or_else(Problem::not_found)?;
    let act = Act::of(visit.signed_in()?, app.now());
    let handing = Handing::of(&app, &visit, &form);
    let sending = handing.clone();
    let help = move |db: &mut Write<'_>| {
        let token = actions::help_in(db, &act, other, purpose)?;
        sending.send(db, (act.institution, other), purpose, &token)?;
        Ok::<_, Refused>(token)
    };
    match app.database().write(help).await {
        Ok(token) => {
            let name = load(&app, &visit, &path.id).await?.account.name;
            handing.show(&app, &visit, (other, purpose), name, &token)
        }
        Err(refused) => after(&app, &visit, &path.id, Err(refused), "peran").await,
    }
}
