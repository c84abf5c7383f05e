//! `/kelola/layanan`: services as staff keep them, drafts and withdrawn ones included.

use super::list::short;
use super::{EditPath, ExamplesPath, ImportPath, KeepPath, NewServicePath, asked, count_words, done, state_words};
use crate::permissions::{EDIT_SERVICES, IMPORT_SERVICES, READ_SERVICES};
use crate::service::{Service, ServiceState};
use crate::standard::Review;
use crate::store::standards::Standing;
use crate::store::{self, Sought};
use crate::{WORDS, pages};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::database::DatabaseError;
use platform::identity::UnitId;
use platform::page::{Page, show};
use platform::parts::Pages;
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use std::collections::HashMap;

/// Services on a page.
const ROWS: u32 = 50;

#[derive(Template)]
#[template(path = "pages/keep.html")]
struct KeepPage {
    page: Page,
    w: Words,
    typed: String,
    states: Vec<(&'static str, String)>,
    chosen: &'static str,
    rows: Vec<Row>,
    total: String,
    /// Whether somebody looked for something.
    searched: bool,
    may_edit: bool,
    may_import: bool,
    pages: Pages,
}

struct Row {
    name: String,
    href: String,
    unit: String,
    state: String,
    /// How the state is marked: "", "active", "done".
    mark: &'static str,
    example: bool,
    /// How its standard stands, in words, and how that is marked.
    standard: (String, &'static str),
}

impl KeepPage {
    fn examples(&self) -> String {
        ExamplesPath.to_string()
    }

    fn import(&self) -> String {
        ImportPath.to_string()
    }

    fn new_service(&self) -> String {
        NewServicePath.to_string()
    }
}

/// Shows the services somebody keeps, or all to whoever reads all.
pub(crate) async fn list(path: KeepPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (institution, person) = (visit.institution()?, visit.signed_in()?);
    let number: u32 = asked(&visit, Pages::QUERY).parse().unwrap_or(1).clamp(1, 100_000);
    let wanted = Sought {
        name: organisation::plain(&asked(&visit, "cari").chars().take(80).collect::<String>()),
        state: ServiceState::named(&asked(&visit, "keadaan")),
    };
    let (own, for_read) = (person.units_for(&READ_SERVICES), wanted.clone());
    let (total, services, units) = app
        .database()
        .read(move |db| {
            let skipped = (number - 1).saturating_mul(ROWS);
            let (total, services): (i64, Vec<Service>) = match own {
                None => store::sought(db, institution, &for_read, (skipped, ROWS))?,
                Some(own) => {
                    let mut all: Vec<Service> = Vec::new();
                    for unit in own {
                        all.extend(store::services_of_unit(db, institution, unit)?);
                    }
                    all.retain(|service| for_read.fits(service));
                    all.sort_by(|one, other| one.facts.name.cmp(&other.facts.name));
                    let total = i64::try_from(all.len()).unwrap_or(i64::MAX);
                    (total, all.into_iter().skip(skipped as usize).take(ROWS as usize).collect())
                }
            };
            let mut standing = Vec::with_capacity(services.len());
            for service in &services {
                standing.push(store::standards::standing(db, institution, service.id)?);
            }
            let services: Vec<(Service, Standing)> = services.into_iter().zip(standing).collect();
            Ok::<_, DatabaseError>((total, services, organisation::units(db, institution)?))
        })
        .await?;
    let w = visit.words(&WORDS);
    let names: HashMap<UnitId, &str> = units.iter().map(|unit| (unit.id, short(unit))).collect();
    let kept = [("cari".to_owned(), asked(&visit, "cari")), ("keadaan".to_owned(), asked(&visit, "keadaan"))];
    let total = total.unsigned_abs();
    show(&KeepPage {
        page: visit.page(w.text("keep.title")).done(done(&visit)),
        typed: asked(&visit, "cari"),
        states: ServiceState::ALL.map(|state| (state.name(), state_words(w, state))).to_vec(),
        chosen: wanted.state.map_or("", ServiceState::name),
        rows: services.iter().map(|(service, standing)| Row::of(service, *standing, &names, w)).collect(),
        total: count_words(w, total),
        searched: !wanted.name.is_empty() || wanted.state.is_some(),
        may_edit: person.may_somewhere(&EDIT_SERVICES),
        may_import: person.may(&IMPORT_SERVICES, None),
        pages: Pages::new(path.to_string(), number.into(), ROWS.into(), total).keeping(kept),
        w,
    })
}

impl Row {
    fn of(service: &Service, standing: Standing, units: &HashMap<UnitId, &str>, w: Words) -> Self {
        Self {
            name: service.facts.name.clone(),
            href: EditPath { slug: service.slug.clone() }.to_string(),
            unit: units.get(&service.unit).map_or_else(String::new, |name| (*name).to_owned()),
            state: state_words(w, service.state),
            mark: pages::state_mark(service.state),
            example: service.example,
            standard: standing_words(standing, w),
        }
    }
}

/// How the standard of a service stands: what is in force comes first, then what is on its way.
fn standing_words(standing: Standing, w: Words) -> (String, &'static str) {
    let key = match standing {
        Standing { in_force: Some(Review::Overdue), .. } => return (w.text("review.overdue"), "problem"),
        Standing { in_force: Some(Review::Due), .. } => return (w.text("review.due"), "problem"),
        Standing { in_force: Some(Review::Current), .. } => return (w.text("standard-state.published"), "active"),
        Standing { in_making: Some((_, missing)), .. } if missing > 0 => {
            return (w.fill("standard.lacking", [("count", &w.count(missing as u64))]), "");
        }
        Standing { in_making: Some((state, _)), .. } => {
            return (w.text(&format!("standard-state.{}", state.name())), "done");
        }
        Standing { in_force: None, in_making: None } => "standard.none-yet",
    };
    (w.text(key), "")
}
