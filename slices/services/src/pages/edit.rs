//! `/kelola/layanan/baru` and `/kelola/layanan/{slug}`: the form of a service, and the buttons that publish and withdraw it.
//!
//! The form carries the version it was loaded with: when somebody changed the service meanwhile, nothing is saved and what was typed
//! stays.

use super::{
    EditPath, KeepPath, NewServicePath, PublishPath, ServicePath, StandardPath, WithdrawPath, channel_words, desk,
    done, faults_of, filled, go_on, load_for, load_service, show_faults, state_mark, state_words, typed_service,
};
use crate::actions::{self, Refused};
use crate::permissions::{EDIT_SERVICES, READ_SERVICES};
use crate::promise::TimeUnit;
use crate::service::{Channel, Service, ServiceState};
use crate::typed::DAYS;
use crate::{WORDS, kinds, store};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use organisation::{Fault, Unit};
use platform::app::App;
use platform::database::{DatabaseError, Read};
use platform::form::Form;
use platform::identity::{InstitutionId, UnitId};
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
    /// The service that is changed; nothing for a new one.
    service: Option<Service>,
    may_edit: bool,
    /// Whether a standard in force says time, fee and requirements.
    promised: bool,
    units: Vec<(String, String)>,
    categories: Vec<(String, String)>,
    events: Vec<(String, String)>,
    channels: Vec<(&'static str, String)>,
    time_units: Vec<(&'static str, String)>,
    fees: Vec<(&'static str, String)>,
    holidays: Vec<(&'static str, String)>,
    days: Vec<(&'static str, String)>,
    summary: Vec<(String, String)>,
}

impl EditPage {
    fn version(&self) -> i64 {
        self.service.as_ref().map_or(0, |service| service.version)
    }

    fn state(&self) -> Option<(String, &'static str)> {
        let service = self.service.as_ref()?;
        Some((state_words(self.w, service.state), state_mark(service.state)))
    }

    fn example(&self) -> bool {
        self.service.as_ref().is_some_and(|service| service.example)
    }

    /// Where the service can be published from here.
    fn publish(&self) -> Option<String> {
        let service = self.service.as_ref().filter(|service| service.state.publish().is_ok() && self.may_edit)?;
        Some(PublishPath { slug: service.slug.clone() }.to_string())
    }

    fn withdraw(&self) -> Option<String> {
        let service = self.service.as_ref().filter(|service| service.state.withdraw().is_ok() && self.may_edit)?;
        Some(WithdrawPath { slug: service.slug.clone() }.to_string())
    }

    /// Where its standard is kept.
    fn standard(&self) -> Option<String> {
        self.service.as_ref().map(|service| StandardPath { slug: service.slug.clone() }.to_string())
    }

    /// The page everybody sees, when there is one.
    fn public(&self) -> Option<String> {
        let service = self.service.as_ref().filter(|service| service.state != ServiceState::Draft)?;
        Some(ServicePath { slug: service.slug.clone() }.to_string())
    }
}

/// The form of a new service.
pub(crate) async fn show_new(_: NewServicePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let form = Form::filled([("channels", "counter".to_owned()), ("closed_on_holidays", "yes".to_owned())]);
    show(&page(&app, &visit, None, form).await?)
}

/// Enters a service, as a draft.
pub(crate) async fn post_new(
    _: NewServicePath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let (desk, typed, slug) = (desk(&app, &visit)?, typed_service(&form), form.value("unit").to_owned());
    let own = visit.signed_in()?.units_for(&EDIT_SERVICES);
    let outcome = app
        .database()
        .write(move |db| {
            let unit = unit_of(db, desk.institution, &slug, own.as_deref());
            let facts = typed.check();
            match (unit, facts) {
                (Ok(unit), Ok(facts)) => actions::enter_service(db, &desk, unit, &facts, false),
                (Ok(_), Err(faults)) => Err(Refused::Faults(faults)),
                (Err(Refused::Faults(mut faults)), facts) => {
                    faults.extend(facts.err().unwrap_or_default());
                    Err(Refused::Faults(faults))
                }
                (Err(refused), _) => Err(refused),
            }
        })
        .await;
    match outcome {
        Ok(service) => Ok(go_on(&EditPath { slug: service.slug }, "baru").into_response()),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            show_again(&page(&app, &visit, None, form).await?)
        }
    }
}

/// The form of a service; who may not change it reads.
pub(crate) async fn show_edit(path: EditPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &READ_SERVICES).await?;
    let mut form = filled(&service.facts.typed());
    let (institution, unit) = (visit.institution()?, service.unit);
    let unit = app.database().read(move |db| organisation::unit(db, institution, unit)).await?;
    form.set("unit", unit.map(|unit| unit.slug).unwrap_or_default());
    show(&page(&app, &visit, Some(service), form).await?)
}

/// Saves a service.
pub(crate) async fn post_edit(
    path: EditPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    let (desk, typed, slug) = (desk(&app, &visit)?, typed_service(&form), form.value("unit").to_owned());
    let own = visit.signed_in()?.units_for(&EDIT_SERVICES);
    let (id, version) = (service.id, form.value("version").parse().unwrap_or(0));
    let outcome = app
        .database()
        .write(move |db| {
            let facts = typed.check().map_err(Refused::Faults)?;
            let unit = unit_of(db, desk.institution, &slug, own.as_deref())?;
            actions::change_service(db, &desk, id, version, (unit, &facts))
        })
        .await;
    match outcome {
        Ok(service) => Ok(go_on(&EditPath { slug: service.slug }, "disimpan").into_response()),
        Err(refused) => again(&app, &visit, &path.slug, form, refused).await,
    }
}

/// Publishes a service.
pub(crate) async fn post_publish(
    path: PublishPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    let (desk, id, version) = (desk(&app, &visit)?, service.id, form.value("version").parse().unwrap_or(0));
    let outcome = app.database().write(move |db| actions::publish_service(db, &desk, id, version)).await;
    match outcome {
        Ok(service) => Ok(go_on(&EditPath { slug: service.slug }, "terbit").into_response()),
        Err(refused) => {
            let service = load_service(&app, &visit, &path.slug).await?;
            let mut form = filled(&service.facts.typed());
            let (institution, unit) = (visit.institution()?, service.unit);
            let unit = app.database().read(move |db| organisation::unit(db, institution, unit)).await?;
            form.set("unit", unit.map(|unit| unit.slug).unwrap_or_default());
            again(&app, &visit, &path.slug, form, refused).await
        }
    }
}

async fn again(app: &App, visit: &Visit, slug: &str, mut form: Form, refused: Refused) -> Result<Response, Problem> {
    show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
    let service = load_service(app, visit, slug).await?;
    show_again(&page(app, visit, Some(service), form).await?)
}

#[derive(Template)]
#[template(path = "pages/withdraw.html")]
struct WithdrawPage {
    page: Page,
    w: Words,
    form: Form,
    service: Service,
    back: String,
}

/// Asks whether a service is to be withdrawn.
pub(crate) async fn show_withdraw(
    path: WithdrawPath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    show(&withdraw_page(&visit, service, Form::new()))
}

/// Withdraws a service.
pub(crate) async fn post_withdraw(
    path: WithdrawPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let service = load_for(&app, &visit, &path.slug, &EDIT_SERVICES).await?;
    let (desk, id, version) = (desk(&app, &visit)?, service.id, form.value("version").parse().unwrap_or(0));
    match app.database().write(move |db| actions::withdraw_service(db, &desk, id, version)).await {
        Ok(service) => Ok(go_on(&EditPath { slug: service.slug }, "ditarik").into_response()),
        Err(refused) => {
            show_faults(&mut form, &faults_of(refused)?, visit.words(&WORDS));
            let service = load_service(&app, &visit, &path.slug).await?;
            show_again(&withdraw_page(&visit, service, form))
        }
    }
}

fn withdraw_page(visit: &Visit, service: Service, form: Form) -> WithdrawPage {
    let w = visit.words(&WORDS);
    let back = EditPath { slug: service.slug.clone() }.to_string();
    let page = visit.page(w.text("withdraw.title")).crumb(w.text("keep.title"), KeepPath);
    let page = page.crumb(service.facts.name.clone(), &back).with_errors(!form.is_fine());
    WithdrawPage { page, w, form, service, back }
}

/// The unit that a form names by its address, among those somebody may enter services for.
fn unit_of(
    db: &mut Read<'_>,
    institution: InstitutionId,
    slug: &str,
    own: Option<&[UnitId]>,
) -> Result<UnitId, Refused> {
    let unit = organisation::unit_by_slug(db, institution, slug)?.map(|unit| unit.id);
    let allowed = unit.filter(|unit| own.is_none_or(|own| own.contains(unit)));
    allowed.ok_or_else(|| Fault::new("unit", "fault.unit").into())
}

async fn page(app: &App, visit: &Visit, service: Option<Service>, form: Form) -> Result<EditPage, Problem> {
    let institution = visit.institution()?;
    let id = service.as_ref().map(|service| service.id);
    let (units, promised): (Vec<Unit>, bool) = app
        .database()
        .read(move |db| {
            let in_force = id.map(|id| store::standards::in_force(db, institution, id)).transpose()?.flatten();
            Ok::<_, DatabaseError>((organisation::units(db, institution)?, in_force.is_some()))
        })
        .await?;
    let (w, person) = (visit.words(&WORDS), visit.signed_in()?);
    let own = person.units_for(&EDIT_SERVICES);
    let current = service.as_ref().map(|service| service.unit);
    let fits = |unit: &&Unit| {
        current == Some(unit.id) || (unit.state.is_active() && own.as_ref().is_none_or(|own| own.contains(&unit.id)))
    };
    let title = service.as_ref().map_or_else(|| w.text("edit.new"), |service| service.facts.name.clone());
    let page = visit.page(title).crumb(w.text("keep.title"), KeepPath).done(done(visit));
    let pair = |kind: &kinds::Kind| (kind.key.clone(), kind.name(w.language).to_owned());
    Ok(EditPage {
        page: page.with_errors(!form.is_fine()),
        may_edit: current
            .map_or_else(|| person.may_somewhere(&EDIT_SERVICES), |unit| person.may(&EDIT_SERVICES, Some(unit))),
        promised,
        units: units.iter().filter(fits).map(|unit| (unit.slug.clone(), unit.facts.name.clone())).collect(),
        categories: kinds::categories().iter().map(pair).collect(),
        events: kinds::life_events().iter().map(pair).collect(),
        channels: Channel::ALL.map(|channel| (channel.name(), channel_words(w, channel))).to_vec(),
        time_units: TimeUnit::ALL.map(|unit| (unit.name(), w.text(&format!("time-unit.{}", unit.name())))).to_vec(),
        fees: ["free", "fixed", "varies"].map(|kind| (kind, w.text(&format!("fee-kind.{kind}")))).to_vec(),
        holidays: vec![("yes", w.text("edit.closed-on-holidays"))],
        days: DAYS.map(|day| (day, w.text(&format!("day.{day}")))).to_vec(),
        summary: service.as_ref().map(|service| summary(service, &units, w)).unwrap_or_default(),
        service,
        form,
        w,
    })
}

/// The service in words, for whoever may not change it.
fn summary(service: &Service, units: &[Unit], w: Words) -> Vec<(String, String)> {
    let facts = &service.facts;
    let unit = units.iter().find(|unit| unit.id == service.unit).map(|unit| unit.facts.name.clone());
    let category = kinds::category(&facts.category).map(|kind| kind.name(w.language).to_owned());
    let rows = [
        ("unit", unit.unwrap_or_default()),
        ("category", category.unwrap_or_default()),
        ("summary", facts.summary.clone()),
        ("audience", facts.audience.clone()),
        ("requirements", facts.requirements.join("; ")),
    ];
    let filled = rows.into_iter().filter(|(_, value)| !value.is_empty());
    filled.map(|(field, value)| (super::field_words(w, field), value)).collect()
}
