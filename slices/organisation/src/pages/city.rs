//! `/pengaturan/kota`: name, time zone, help, colours and logo of the institution.

use super::{CityPath, TrialPath, desk, done, faults_of, go_on, show_faults};
use crate::actions::{LogoChange, change_settings};
use crate::areas::{self, Area, Level};
use crate::institution::{Colours, Institution, InstitutionKind, TypedSettings};
use crate::logo::{Logo, MOST_PNG};
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::site::Zone;
use platform::upload::{SentFile, Upload};
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/city.html")]
struct CityPage {
    page: Page,
    w: Words,
    form: Form,
    kinds: Vec<(&'static str, String)>,
    zones: Vec<(&'static str, String)>,
    areas: Vec<(String, String)>,
    version: i64,
    logo: Option<String>,
    /// The stylesheet of the colours in the form, after "Pratinjau".
    trial: Option<String>,
}

/// The kinds of institutions, for a choice.
pub(super) fn kinds(w: Words) -> Vec<(&'static str, String)> {
    let words = |kind: InstitutionKind| (kind.name(), w.text(&format!("institution.{}", kind.name())));
    InstitutionKind::ALL.into_iter().map(words).collect()
}

/// The time zones, for a choice.
pub(super) fn zones(w: Words) -> Vec<(&'static str, String)> {
    Zone::ALL.into_iter().map(|zone| (zone.name(), w.text(&format!("zone.{}", zone.name().to_lowercase())))).collect()
}

/// The areas that can have an institution: each province with its regencies and cities.
pub(super) fn area_choices() -> Vec<(String, String)> {
    let line = |area: Area| {
        let mark = if area.level() == Level::Regency { "– " } else { "" };
        (area.code, format!("{mark}{}", area.name))
    };
    let provinces = areas::provinces().into_iter();
    provinces
        .flat_map(|province| std::iter::once(province.clone()).chain(areas::regencies_of(&province.code)))
        .map(line)
        .collect()
}

/// Settings as they were typed into a form.
pub(super) fn typed(form: &Form) -> TypedSettings {
    let of = |field: &str| form.value(field).to_owned();
    TypedSettings {
        kind: of("kind"),
        name: of("name"),
        short_name: of("short_name"),
        area_code: of("area_code"),
        zone: of("zone"),
        host: of("host"),
        tagline: of("tagline"),
        help: of("help"),
        brand: of("brand"),
        accent: of("accent"),
    }
}

fn filled(settings: TypedSettings) -> Form {
    let program = Colours::of_the_program();
    let or = |colour: String, usual: String| if colour.is_empty() { usual } else { colour };
    Form::filled([
        ("kind", settings.kind),
        ("name", settings.name),
        ("short_name", settings.short_name),
        ("area_code", settings.area_code),
        ("zone", settings.zone),
        ("host", settings.host),
        ("tagline", settings.tagline),
        ("help", settings.help),
        ("brand", or(settings.brand, program.brand)),
        ("accent", or(settings.accent, program.accent)),
    ])
}

/// The form of settings.
pub(crate) async fn show_settings(_: CityPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let institution = load(&app, &visit).await?;
    let form = filled(institution.settings.typed());
    show(&page(&visit, &institution, form, None))
}

/// Saves the settings, or shows how the colours would look.
pub(crate) async fn post_settings(
    _: CityPath,
    State(app): State<App>,
    visit: Visit,
    upload: Upload,
) -> Result<Response, Problem> {
    let institution = load(&app, &visit).await?;
    let (w, desk) = (visit.words(&WORDS), desk(&app, &visit)?);
    let chosen = upload.file("logo").filter(|file| !file.name.is_empty()).map(read_logo);
    let mut form = upload.form;
    // Which host is whose, only whoever keeps the installation says: a city could take another's, or lock itself out.
    form.set("host", institution.settings.host.clone().unwrap_or_default());
    let settings = typed(&form).check();
    if form.has("act", "preview") {
        if let Err(faults) = &settings {
            let colours: Vec<_> =
                faults.iter().filter(|fault| ["brand", "accent"].contains(&fault.field)).cloned().collect();
            show_faults(&mut form, &colours, w);
        }
        let trial = trial(&form);
        return show(&page(&visit, &institution, form, trial));
    }
    let logo = match chosen.transpose()? {
        Some(Ok(logo)) => Ok(LogoChange::Replace(logo)),
        Some(Err(fault)) => Err(vec![fault]),
        None if form.has("no_logo", "ya") => Ok(LogoChange::Remove),
        None => Ok(LogoChange::Keep),
    };
    let version = form.value("version").parse().unwrap_or(0);
    let faults = match (settings, logo) {
        (Ok(settings), Ok(logo)) => {
            match app.database().write(move |db| change_settings(db, &desk, version, &settings, &logo)).await {
                Ok(()) => {
                    app.forget_sites();
                    return Ok(go_on(&CityPath, "disimpan").into_response());
                }
                Err(refused) => faults_of(refused)?,
            }
        }
        (settings, logo) => settings.err().into_iter().chain(logo.err()).flatten().collect(),
    };
    show_faults(&mut form, &faults, w);
    show_again(&page(&visit, &load(&app, &visit).await?, form, None))
}

/// A chosen file as a logo: the file that cannot be read is a fault of ours, the content one of the file.
fn read_logo(file: &SentFile) -> Result<Result<Logo, crate::fault::Fault>, Problem> {
    if file.bytes > MOST_PNG as u64 {
        return Ok(Logo::check(vec![0; MOST_PNG + 1]));
    }
    std::fs::read(file.path()).map(Logo::check).map_err(Problem::internal)
}

fn trial(form: &Form) -> Option<String> {
    let colours = Colours { brand: form.value("brand").to_owned(), accent: form.value("accent").to_owned() };
    colours.theme()?;
    let digits = |colour: &str| colour.trim_start_matches('#').to_owned();
    Some(format!("{TrialPath}?brand=%23{}&accent=%23{}", digits(&colours.brand), digits(&colours.accent)))
}

async fn load(app: &App, visit: &Visit) -> Result<Institution, Problem> {
    let institution = visit.institution()?;
    let found = app.database().read(move |db| store::institution(db, institution)).await?;
    found.ok_or_else(Problem::not_found)
}

fn page(visit: &Visit, institution: &Institution, form: Form, trial: Option<String>) -> CityPage {
    let w = visit.words(&WORDS);
    CityPage {
        page: visit.page(w.text("city.title")).done(done(visit)).with_errors(!form.is_fine()),
        form,
        kinds: kinds(w),
        zones: zones(w),
        areas: area_choices(),
        version: institution.version,
        logo: crate::site::site_of(institution).logo,
        trial,
        w,
    }
}
