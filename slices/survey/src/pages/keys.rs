//! `/kelola/survei/kunci`: keys of programs, made and revoked. A key is shown once.

use super::{KeysPath, RevokePath, desk, done, show_faults, staff_page};
use crate::actions::{self, Refused};
use crate::fault::Fault;
use crate::key::{Key, KeyId, KeyState, ProgramKey};
use crate::permissions::KEEP_KEYS;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use organisation::Unit;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/keys.html")]
struct KeysPage {
    page: Page,
    w: Words,
    form: Form,
    units: Vec<(String, String)>,
    rows: Vec<Row>,
    revoke: String,
    /// The key that was made just now.
    made: Option<String>,
}

struct Row {
    id: String,
    label: String,
    ending: String,
    unit: String,
    state: (String, &'static str),
    made: String,
    used: String,
    active: bool,
}

/// Units one may do something for, as choices of a form, and all units.
pub(super) fn own_units(
    visit: &Visit,
    units: &[Unit],
    action: &platform::identity::Action,
) -> Result<Vec<(String, String)>, Problem> {
    let person = visit.signed_in()?;
    let own = units.iter().filter(|unit| unit.state.is_active() && person.may(action, Some(unit.id)));
    Ok(own.map(|unit| (unit.slug.clone(), unit.facts.name.clone())).collect())
}

async fn page(app: &App, visit: &Visit, form: Form, made: Option<String>) -> Result<KeysPage, Problem> {
    let institution = visit.institution()?;
    let (keys, units) = app
        .database()
        .read(move |db| {
            Ok::<_, DatabaseError>((store::keys::keys(db, institution)?, organisation::units(db, institution)?))
        })
        .await?;
    let (w, person) = (visit.words(&WORDS), visit.signed_in()?);
    let row = |key: &Key| {
        let unit = units.iter().find(|unit| unit.id == key.unit)?;
        let state = key.state();
        Some(Row {
            id: key.id.to_string(),
            label: key.label.clone(),
            ending: key.ending.clone(),
            unit: unit.facts.name.clone(),
            state: (
                w.text(&format!("key-state.{}", state.name())),
                if state == KeyState::Active { "active" } else { "" },
            ),
            made: day(key.made_on, w.language),
            used: key.used_on.map_or_else(|| w.text("keys.never"), |on| day(on, w.language)),
            active: state == KeyState::Active,
        })
    };
    let seen = keys.iter().filter(|key| person.may(&KEEP_KEYS, Some(key.unit)));
    Ok(KeysPage {
        page: staff_page(visit, w.text("keys.title")).with_errors(!form.is_fine()),
        units: own_units(visit, &units, &KEEP_KEYS)?,
        rows: seen.filter_map(row).collect(),
        revoke: RevokePath.to_string(),
        made,
        form,
        w,
    })
}

/// The keys there are, and the form of a new one.
pub(crate) async fn show_keys(_: KeysPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    show(&page(&app, &visit, Form::new(), None).await?)
}

/// Makes a key and shows it: this once.
pub(crate) async fn post_key(
    _: KeysPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let (desk, slug, label) = (desk(&app, &visit)?, form.value("unit").to_owned(), form.value("label").to_owned());
    let person = visit.signed_in()?.clone();
    let made = app.database().write(move |db| {
        let unit = organisation::unit_by_slug(db, desk.institution, &slug)?;
        match unit.filter(|unit| person.may(&KEEP_KEYS, Some(unit.id))) {
            Some(unit) => actions::make_key(db, &desk, unit.id, &label),
            None => Err(Refused::Faults(vec![Fault::new("unit", "fault.unit")])),
        }
    });
    match made.await {
        Ok(key) => shown_once(&page(&app, &visit, Form::new(), Some(secret(&key))).await?),
        Err(Refused::Faults(faults)) => {
            show_faults(&mut form, &faults, visit.words(&WORDS));
            show_again(&page(&app, &visit, form, None).await?)
        }
        Err(refused) => Err(refused.into()),
    }
}

fn secret(key: &ProgramKey) -> String {
    key.shown().to_owned()
}

/// A page with a secret on it: whoever comes to this computer next must not find it in its browser.
pub(super) fn shown_once(template: &impl Template) -> Result<Response, Problem> {
    let mut answer = show(template)?;
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

/// Revokes a key.
pub(crate) async fn post_revoke(
    _: RevokePath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let id: KeyId = form.value("id").parse().map_err(|_| Problem::not_found())?;
    let (desk, person) = (desk(&app, &visit)?, visit.signed_in()?.clone());
    let revoked = app.database().write(move |db| {
        let key = store::keys::key(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
        if !person.may(&KEEP_KEYS, Some(key.unit)) {
            return Err(Refused::NotFound);
        }
        actions::revoke_key(db, &desk, id)
    });
    revoked.await?;
    Ok(done(&KeysPath, "kunci-dicabut"))
}
