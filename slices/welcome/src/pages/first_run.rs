//! `/mulai`: sets up an installation that has no city yet, in one page and one transaction.

use crate::WORDS;
use crate::demonstration::{self, Trouble};
use axum::extract::State;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Redirect, Response};
use axum_extra::routing::TypedPath;
use organisation::areas::{self, Area, Level};
use organisation::{Desk, InstitutionKind, Logo, LogoChange, Refused, Settings, TypedSettings};
use platform::app::App;
use platform::audit::Actor;
use platform::database::{DatabaseError, Write};
use platform::form::Form;
use platform::identity::{AccountId, InstitutionId, Role};
use platform::page::{self, Page};
use platform::problem::Problem;
use platform::upload::Upload;
use platform::visit::{SECOND_FACTOR, Visit, query};
use platform::words::Words;
use serde::Deserialize;
use time::OffsetDateTime;

#[derive(TypedPath, Deserialize)]
#[typed_path("/mulai")]
pub(crate) struct FirstRunPath;

#[derive(askama::Template)]
#[template(path = "pages/first_run.html")]
struct FirstRun {
    page: Page,
    w: Words,
    form: Form,
    kinds: Vec<(&'static str, String)>,
    zones: Vec<(&'static str, String)>,
    yes_or_no: Vec<(&'static str, String)>,
}

impl FirstRun {
    fn new(visit: &Visit, form: Form) -> Self {
        let w = visit.words(&WORDS);
        let kind = |kind: InstitutionKind| (kind.name(), w.text(&format!("first-run.kind-{}", kind.name())));
        Self {
            page: visit.page(w.text("first-run.title")).with_errors(!form.is_fine()),
            kinds: InstitutionKind::ALL.map(kind).to_vec(),
            zones: ["WIB", "WITA", "WIT"].map(|zone| (zone, w.text(&format!("first-run.zone-{zone}")))).to_vec(),
            yes_or_no: [("ya", "first-run.with-demonstration"), ("tidak", "first-run.without-demonstration")]
                .map(|(value, key)| (value, w.text(key)))
                .to_vec(),
            form,
            w,
        }
    }
}

pub(crate) async fn show(_: FirstRunPath, visit: Visit) -> Result<Response, Problem> {
    if visit.site().institution.is_some() {
        return Ok(std::future::ready(Redirect::to("/")).await.into_response());
    }
    let code = query(&visit.facts().uri).find(|(name, _)| name == "kode").map(|(_, code)| code).unwrap_or_default();
    let first = [
        ("code", code),
        ("kind", "kota".to_owned()),
        ("zone", "WIB".to_owned()),
        ("demonstration", "tidak".to_owned()),
    ];
    page::show(&FirstRun::new(&visit, Form::filled(first)))
}

/// Everything that was typed, once nothing is wrong with it.
#[derive(Debug, Clone)]
struct Plan {
    settings: Settings,
    logo: Option<Logo>,
    admin: access::NewAdmin,
    demonstration: bool,
}

pub(crate) async fn post(
    _: FirstRunPath,
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    upload: Upload,
) -> Result<Response, Problem> {
    if visit.site().institution.is_some() {
        return Ok(Redirect::to("/").into_response());
    }
    let mut form = upload.form.clone();
    let plan = match read(&app, &visit, &upload, &mut form).await? {
        Some(plan) if form.is_fine() => plan,
        _ => return again(&visit, form),
    };
    let agent = headers.get(header::USER_AGENT).and_then(|agent| agent.to_str().ok()).unwrap_or_default();
    let (now, sign_in) = (app.now(), access::SignedIn::new(agent));
    let for_write = (plan, sign_in.clone());
    let done = app.database().write(move |db| set_up(db, &for_write.0, &for_write.1, now)).await;
    match done {
        Ok(account) => {
            app.forget_sites();
            Ok((sign_in.cookies(&app, account), Redirect::to(SECOND_FACTOR)).into_response())
        }
        Err(Refused::Faults(faults)) => {
            for fault in faults {
                form.fault(fault.field, fault.sentence(visit.language()));
            }
            again(&visit, form)
        }
        Err(Refused::Database(error)) => Err(error.into()),
        Err(Refused::Stale | Refused::NotFound) => Ok(Redirect::to("/").into_response()),
    }
}

fn again(visit: &Visit, mut form: Form) -> Result<Response, Problem> {
    form.forget("password");
    page::show_again(&FirstRun::new(visit, form))
}

/// Reads the form; what is wrong is noted in it.
async fn read(app: &App, visit: &Visit, upload: &Upload, form: &mut Form) -> Result<Option<Plan>, Problem> {
    let w = visit.words(&WORDS);
    if !access::same_secret(form.value("code").to_uppercase().as_bytes(), app.setup_code().as_bytes()) {
        form.fault("code", w.text("first-run.wrong-code"));
        return Ok(None);
    }
    let typed = TypedSettings {
        kind: form.value("kind").to_owned(),
        name: form.value("name").to_owned(),
        area_code: area_code(form),
        zone: form.value("zone").to_owned(),
        tagline: w.text("first-run.tagline"),
        help: form.value("help").to_owned(),
        ..TypedSettings::default()
    };
    let settings = typed.check().map_err(|faults| {
        for fault in faults {
            form.fault(fault.field, fault.sentence(visit.language()));
        }
    });
    let logo = logo(visit, upload, form).await?;
    let admin = access::NewAdmin::read(form, visit.language()).await?;
    let demonstration = form.has("demonstration", "ya");
    Ok(settings.ok().zip(admin).map(|(settings, admin)| Plan { settings, logo, admin, demonstration }))
}

/// The area that the name means, when it means one only: "Pemerintah Kota Palembang" is 16.71.
fn area_code(form: &Form) -> String {
    let name = form.value("name");
    let place = name.strip_prefix("Pemerintah ").unwrap_or(name);
    let same = |area: &Area| organisation::squeezed(area.name) == organisation::squeezed(place);
    let mut fitting = areas::search(place, Level::Regency, 20).into_iter().filter(same);
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => one.code.to_owned(),
        _ => String::new(),
    }
}

async fn logo(visit: &Visit, upload: &Upload, form: &mut Form) -> Result<Option<Logo>, Problem> {
    let Some(file) = upload.file("logo").filter(|file| file.bytes > 0) else { return Ok(None) };
    let bytes = file.read().await?;
    match Logo::check(bytes) {
        Ok(logo) => Ok(Some(logo)),
        Err(fault) => {
            form.fault("logo", fault.sentence(visit.language()));
            Ok(None)
        }
    }
}

/// The city, its logo, its first admin, the admin's session and the demonstration data: all or nothing.
fn set_up(
    db: &mut Write<'_>,
    plan: &Plan,
    session: &access::SignedIn,
    now: OffsetDateTime,
) -> Result<AccountId, Refused> {
    if organisation::first_institution(db)?.is_some() {
        return Err(Refused::Stale);
    }
    let actor = Actor::Program("first-run");
    let institution = organisation::found(db, plan.settings.clone(), plan.demonstration, actor, now)?;
    if let Some(logo) = &plan.logo {
        let desk = Desk { institution, actor, now };
        organisation::change_settings(db, &desk, 1, &plan.settings, &LogoChange::Replace(logo.clone()))?;
    }
    let account = admin(db, plan, session, institution, now)?;
    if plan.demonstration {
        demonstration::fill(db, institution, now).map_err(|trouble| match trouble {
            Trouble::Database(error) => error,
            Trouble::Data(what) => DatabaseError::Other(what.into()),
        })?;
    }
    Ok(account)
}

fn admin(
    db: &mut Write<'_>,
    plan: &Plan,
    session: &access::SignedIn,
    institution: InstitutionId,
    now: OffsetDateTime,
) -> Result<AccountId, DatabaseError> {
    let account = access::enter_admin(db, institution, &plan.admin, &[Role::SystemAdmin, Role::Coordinator], now)?;
    session.begin(db, institution, account, now)?;
    Ok(account)
}
