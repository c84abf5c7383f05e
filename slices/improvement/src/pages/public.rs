//! `/anda-bilang` and `/anda-bilang/{unit}`: what people said, what was done, what shows it, and the figure before and after.

use super::{PublicPath, PublicUnitPath, asked, figures};
use crate::evidence::holder;
use crate::finding::Finding;
use crate::measure::Measure;
use crate::state::MeasureState;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use organisation::{Unit, UnitPath};
use platform::app::App;
use platform::database::DatabaseError;
use platform::files::{self, StoredFile};
use platform::page::{Page, show};
use platform::parts::Pages;
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/public.html")]
struct PublicPage {
    page: Page,
    w: Words,
    lead: String,
    items: Vec<Item>,
    pages: Pages,
    /// The pages of the other units, on that of the city; back to the city's on that of a unit.
    unit: Option<(String, String)>,
}

struct Item {
    title: String,
    /// The unit's page of this kind, and its name; nothing on the unit's own page.
    unit: Option<(String, String)>,
    said: String,
    done: String,
    figures: Vec<(String, String)>,
    proofs: Vec<(String, String)>,
    on: String,
}

/// Few enough that the first view arrives at once.
const ON_A_PAGE: u64 = 10;

/// A published finding with what shows that it was done.
type Shown = (Finding, Vec<(Measure, Vec<StoredFile>)>);

/// What the city did.
pub(crate) async fn show_city(_: PublicPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    answer(&app, &visit, None).await
}

/// What a unit did.
pub(crate) async fn show_unit(path: PublicUnitPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, slug) = (visit.institution()?, path.slug);
    let unit = app.database().read(move |db| organisation::unit_by_slug(db, institution, &slug)).await;
    let unit: Option<Unit> = unit.map_err(|error: DatabaseError| Problem::from(error))?;
    answer(&app, &visit, Some(unit.ok_or_else(Problem::not_found)?)).await
}

async fn answer(app: &App, visit: &Visit, unit: Option<Unit>) -> Result<Response, Problem> {
    let (institution, id) = (visit.institution()?, unit.as_ref().map(|unit| unit.id));
    let number = asked(visit, Pages::QUERY).parse().unwrap_or(1);
    let path = unit
        .as_ref()
        .map_or_else(|| PublicPath.to_string(), |unit| PublicUnitPath { slug: unit.slug.clone() }.to_string());
    let (pages, shown, units) = app
        .database()
        .read(move |db| {
            let pages = Pages::new(path, number, ON_A_PAGE, store::count_published(db, institution, id)?);
            let after = i64::try_from((pages.number() - 1) * ON_A_PAGE).unwrap_or(0);
            let most = i64::try_from(ON_A_PAGE).unwrap_or(0);
            let mut shown: Vec<Shown> = Vec::new();
            for finding in store::published(db, institution, id, (most, after))? {
                let mut verified = store::measures::of_finding(db, institution, finding.id)?;
                verified.retain(|measure| measure.state == MeasureState::Verified);
                let with_files = verified.into_iter().map(|measure| {
                    let files = files::files_of(db, institution, &holder(measure.id))?;
                    Ok((measure, files))
                });
                let with_files = with_files.collect::<Result<Vec<_>, DatabaseError>>()?;
                shown.push((finding, with_files));
            }
            Ok::<_, DatabaseError>((pages, shown, organisation::units(db, institution)?))
        })
        .await?;
    let w = visit.words(&WORDS);
    let items = shown.iter().map(|one| item(one, if unit.is_some() { &[] } else { &units }, w)).collect();
    let title = match &unit {
        Some(unit) => w.fill("public.title-of", [("unit", &unit.facts.name)]),
        None => w.text("public.title"),
    };
    let mut page = visit.page(title);
    if unit.is_some() {
        page = page.crumb(w.text("public.title"), PublicPath);
    }
    let own = unit.map(|unit| (unit.facts.name.clone(), UnitPath { slug: unit.slug }.to_string()));
    show(&PublicPage { page, lead: w.text("public.lead"), items, pages, unit: own, w })
}

fn item((finding, measures): &Shown, units: &[Unit], w: Words) -> Item {
    let unit = units.iter().find(|unit| unit.id == finding.facts.unit);
    let mut proofs = Vec::new();
    for (measure, files) in measures {
        if !measure.proof.url.is_empty() {
            proofs.push((measure.proof.url.clone(), measure.proof.url.clone()));
        }
        proofs.extend(files.iter().map(|file| (file.view_href().unwrap_or_else(|| file.href()), file.name.clone())));
    }
    let on = measures.iter().filter_map(|(measure, _)| measure.verified.1).max();
    Item {
        title: finding.facts.title.clone(),
        unit: unit.map(|unit| (PublicUnitPath { slug: unit.slug.clone() }.to_string(), unit.facts.name.clone())),
        said: finding.public.0.clone(),
        done: finding.public.1.clone(),
        figures: figures(w, finding),
        proofs,
        on: on.map(|on| w.fill("public.verified", [("day", &day(on, w.language))])).unwrap_or_default(),
    }
}
