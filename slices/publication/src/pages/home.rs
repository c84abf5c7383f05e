//! `/kinerja`: what is measured and by whom, the newest values, rankings, search.

use super::{CalculatePath, HomePath, LeaguePath, SubjectPath, Tag, asked, family_name, family_short, page, value};
use crate::place::{Kind, slug};
use crate::result::{Family, Published};
use crate::search::{self, Found};
use crate::store::{self, League};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::database::DatabaseError;
use platform::page::{Page, show};
use platform::parts::{Fact, Pages};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

/// Places whose history is shown first: their results of several instruments are published.
const FIRST: [&str; 3] = ["kota-palembang", "kota-payakumbuh", "kota-pangkalpinang"];

/// Places on a page of a search.
const ROWS: usize = 50;

#[derive(Template)]
#[template(path = "pages/home.html")]
struct Home {
    page: Page,
    w: Words,
    typed: String,
    own_name: String,
    none_title: String,
    own: Vec<Fact>,
    places: Vec<PlaceCard>,
    leagues: Vec<Leagues>,
    calculate: String,
}

#[derive(Template)]
#[template(path = "pages/found.html")]
struct Search {
    page: Page,
    w: Words,
    typed: String,
    none_title: String,
    found: Vec<(Found, String)>,
    near: bool,
    pages: Pages,
}

/// A place with its newest values.
struct PlaceCard {
    name: String,
    href: String,
    values: Vec<Newest>,
}

/// A newest value.
struct Newest {
    family: String,
    value: String,
    year: String,
    tag: Tag,
}

/// The rankings of a measurement.
struct Leagues {
    family: String,
    years: Vec<(String, String, String)>,
}

/// Shows the beginning, or what was searched.
pub(crate) async fn show_home(_: HomePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let typed: String = asked(&visit, "cari").chars().take(80).collect();
    if !typed.is_empty() {
        return found(&app, &visit, typed).await;
    }
    let own = slug(&visit.site().short_name);
    let wanted = own.clone();
    let (newest, leagues) = app
        .database()
        .read(move |db| {
            let newest = store::newest(db, [&wanted, FIRST[0], FIRST[1], FIRST[2]])?;
            Ok::<_, DatabaseError>((newest, store::leagues(db)?))
        })
        .await?;
    let w = visit.words(&crate::WORDS);
    let card = |slug: &&str| PlaceCard::of(&newest, slug, w);
    let template = Home {
        page: visit.page(w.text("home.title")),
        typed: String::new(),
        own_name: visit.site().short_name.clone(),
        none_title: w.fill("home.none-title", [("city", &visit.site().short_name)]),
        own: newest.iter().filter(|result| result.place.slug == own).map(|result| fact(result, w)).collect(),
        places: FIRST.iter().filter(|slug| **slug != own).filter_map(card).collect(),
        leagues: Family::ALL.into_iter().filter_map(|family| Leagues::of(&leagues, family, w)).collect(),
        calculate: CalculatePath.to_string(),
        w,
    };
    show(&template)
}

async fn found(app: &App, visit: &Visit, typed: String) -> Result<Response, Problem> {
    let names = app.database().read(store::names).await?;
    let number = asked(visit, Pages::QUERY).parse().unwrap_or(1);
    let (found, near, total) = if typed == search::ALL {
        let all = search::all(&names);
        let total = all.len() as u64;
        (all, false, total)
    } else {
        let (found, near) = search::find(&names, &typed, ROWS);
        let total = found.len() as u64;
        (found, near, total)
    };
    let pages =
        Pages::new(HomePath.to_string(), number, ROWS as u64, total).keeping([("cari".to_owned(), typed.clone())]);
    let skipped = usize::try_from(pages.number() - 1).unwrap_or(0) * ROWS;
    let found = found.into_iter().skip(skipped).take(ROWS);
    let (page, w) = page(visit, visit.words(&crate::WORDS).fill("home.search-title", [("typed", &typed)]));
    let counted = |found: Found| {
        let count = w.fill("home.results", [("count", &w.count(found.results))]);
        (found, count)
    };
    let none_title = w.fill("home.not-found-title", [("typed", &typed)]);
    show(&Search { page, w, typed, none_title, found: found.map(counted).collect(), near, pages })
}

impl PlaceCard {
    fn of(newest: &[Published], slug: &str, w: Words) -> Option<Self> {
        let own: Vec<&Published> = newest.iter().filter(|result| result.place.slug == slug).collect();
        let first = own.first()?;
        let newest = |result: &&Published| Newest {
            family: family_short(result.family, w),
            value: value(result, w),
            year: result.period.clone(),
            tag: Tag::of(result, w),
        };
        let href = SubjectPath { subject: slug.to_owned() }.to_string();
        Some(Self { name: first.place.name.clone(), href, values: own.iter().map(newest).collect() })
    }
}

impl Leagues {
    fn of(leagues: &[League], family: Family, w: Words) -> Option<Self> {
        let own = leagues.iter().filter(|league| league.family == family);
        let year = |league: &League| {
            let path = LeaguePath { family: family.name().to_owned(), year: league.year };
            (path.to_string(), league.year.to_string(), w.count(league.results.unsigned_abs()))
        };
        let years: Vec<_> = own.map(year).collect();
        (!years.is_empty()).then(|| Self { family: family_name(family, w), years })
    }
}

/// A newest value as a fact under a title.
pub(super) fn fact(result: &Published, w: Words) -> Fact {
    let label = format!("{} {}", family_short(result.family, w), result.period);
    let tag = Tag::of(result, w).line();
    Fact::new(label, format!("{} {tag}", value(result, w)).trim().to_owned()).leading_to(super::href(result))
}

/// The words of a kind of place.
pub(super) fn kind_words(kind: Kind, w: Words) -> String {
    w.text(match kind {
        Kind::City => "kind.kota",
        Kind::Regency => "kind.kabupaten",
        Kind::Province => "kind.provinsi",
        Kind::Ministry => "kind.kementerian",
        Kind::Unit => "kind.unit",
        Kind::Nation => "kind.nasional",
    })
}
