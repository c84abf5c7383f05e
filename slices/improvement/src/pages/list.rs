//! `/kelola/perbaikan`: findings with what is done about them, filtered, and the same as a table.

use super::{
    CsvPath, FindingPath, ListPath, NewPath, asked, figure_words, finding_state, measure_state, names, owner_words,
    owning, source_words, staff_page,
};
use crate::finding::{Finding, FindingId};
use crate::measure::Measure;
use crate::permissions::{PLAN_MEASURES, READ_FINDINGS};
use crate::state::{FindingState, MeasureState};
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use organisation::Unit;
use organisation::import::csv_line;
use platform::app::App;
use platform::database::DatabaseError;
use platform::identity::{AccountId, Person, UnitId};
use platform::page::{Page, show};
use platform::parts::{Pages, Tile};
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;
use std::collections::HashMap;
use time::Date;

#[derive(Template)]
#[template(path = "pages/list.html")]
struct ListPage {
    page: Page,
    w: Words,
    tiles: Vec<Tile>,
    units: Vec<(String, String)>,
    states: Vec<(&'static str, String)>,
    wanted: Wanted,
    rows: Vec<Row>,
    pages: Pages,
    csv: String,
    new: Option<String>,
}

struct Row {
    href: String,
    title: String,
    unit: String,
    source: String,
    state: (String, &'static str),
    /// "1 dari 2".
    verified: String,
    due: String,
    overdue: bool,
}

/// What is looked for.
#[derive(Debug, Clone, Default)]
struct Wanted {
    /// The unit's part of addresses.
    unit: String,
    state: String,
    overdue: bool,
    mine: bool,
    /// Only those with a measure that waits to be verified: from the tile alone.
    waiting: bool,
}

impl Wanted {
    fn of(visit: &Visit) -> Self {
        Self {
            unit: asked(visit, "unit"),
            state: asked(visit, "keadaan"),
            overdue: asked(visit, "lewat") == "ya",
            mine: asked(visit, "saya") == "ya",
            waiting: asked(visit, "menunggu") == "ya",
        }
    }

    fn pairs(&self) -> Vec<(String, String)> {
        let tick = |on: bool| if on { "ya".to_owned() } else { String::new() };
        let pairs = [
            ("unit", self.unit.clone()),
            ("keadaan", self.state.clone()),
            ("lewat", tick(self.overdue)),
            ("saya", tick(self.mine)),
            ("menunggu", tick(self.waiting)),
        ];
        let said = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        said.map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

const ON_A_PAGE: usize = 50;

/// What the list is made of.
struct Found {
    findings: Vec<Finding>,
    measures: HashMap<FindingId, Vec<Measure>>,
    units: Vec<Unit>,
    names: HashMap<AccountId, String>,
}

impl Found {
    fn measures(&self, finding: &Finding) -> &[Measure] {
        self.measures.get(&finding.id).map_or(&[], Vec::as_slice)
    }

    fn unit(&self, id: UnitId) -> &str {
        self.units.iter().find(|unit| unit.id == id).map_or("", |unit| unit.facts.name.as_str())
    }
}

/// Reads what somebody may see, of the unit they ask for.
async fn find(app: &App, visit: &Visit, wanted: &Wanted) -> Result<Found, Problem> {
    let (institution, slug) = (visit.institution()?, wanted.unit.clone());
    let own = visit.signed_in()?.units_for(&READ_FINDINGS);
    let found = app.database().read(move |db| {
        let mut units = organisation::units(db, institution)?;
        if let Some(own) = &own {
            units.retain(|unit| own.contains(&unit.id));
        }
        // Whoever has some units asks for each of them, so that those of others cannot push theirs out of the list.
        let asked: Vec<Option<UnitId>> = match units.iter().find(|unit| unit.slug == slug) {
            Some(unit) => vec![Some(unit.id)],
            None if own.is_some() => units.iter().map(|unit| Some(unit.id)).collect(),
            None => vec![None],
        };
        let mut findings = Vec::new();
        for unit in asked {
            findings.extend(store::findings(db, institution, unit)?);
        }
        findings.sort_by_key(|finding: &Finding| std::cmp::Reverse((finding.created_at, finding.id)));
        let all = store::measures::all(db, institution)?;
        let names = names(db, institution, owning(&all))?;
        let mut measures: HashMap<FindingId, Vec<Measure>> = HashMap::new();
        for measure in all {
            measures.entry(measure.finding).or_default().push(measure);
        }
        Ok::<_, DatabaseError>(Found { findings, measures, units, names })
    });
    Ok(found.await?)
}

/// Whether a finding fits what is looked for, beside its unit.
fn fits(wanted: &Wanted, finding: &Finding, measures: &[Measure], (person, today): (&Person, Date)) -> bool {
    let mine = |measure: &Measure| measure.state.is_owed() && measure.plan.owner.is(person, finding.facts.unit);
    (wanted.state.is_empty() || wanted.state == finding.state.name())
        && (!wanted.overdue || measures.iter().any(|measure| measure.is_overdue(today)))
        && (!wanted.mine || measures.iter().any(mine))
        && (!wanted.waiting || measures.iter().any(|measure| measure.state == MeasureState::Done))
}

/// Shows the list.
pub(crate) async fn show_list(_: ListPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (w, wanted, person) = (visit.words(&WORDS), Wanted::of(&visit), visit.signed_in()?);
    let found = find(&app, &visit, &wanted).await?;
    let today = visit.site().zone.date(app.now());
    let fitting: Vec<&Finding> = found
        .findings
        .iter()
        .filter(|finding| fits(&wanted, finding, found.measures(finding), (person, today)))
        .collect();
    let number = asked(&visit, Pages::QUERY).parse().unwrap_or(1);
    let pages =
        Pages::new(ListPath.to_string(), number, ON_A_PAGE as u64, fitting.len() as u64).keeping(wanted.pairs());
    let first = usize::try_from(pages.number() - 1).unwrap_or(0) * ON_A_PAGE;
    let rows = fitting.iter().skip(first).take(ON_A_PAGE).map(|finding| row(finding, &found, today, w)).collect();
    show(&ListPage {
        page: staff_page(&visit, w.text("list.title")),
        tiles: tiles(&found, &wanted, today, w),
        units: found.units.iter().map(|unit| (unit.slug.clone(), unit.facts.name.clone())).collect(),
        states: FindingState::ALL.iter().map(|state| (state.name(), finding_state(w, *state).0)).collect(),
        csv: address(&CsvPath, &wanted.pairs()),
        new: person.may_somewhere(&PLAN_MEASURES).then(|| NewPath.to_string()),
        wanted,
        rows,
        pages,
        w,
    })
}

/// An address with a query.
fn address(path: &impl ToString, pairs: &[(String, String)]) -> String {
    let joined: Vec<String> = pairs.iter().map(|(name, value)| format!("{name}={value}")).collect();
    if joined.is_empty() { path.to_string() } else { format!("{}?{}", path.to_string(), joined.join("&")) }
}

/// What stands how, in the units that are shown: the figures a head of a unit looks at first.
fn tiles(found: &Found, wanted: &Wanted, today: Date, w: Words) -> Vec<Tile> {
    let of_unit = |name: &str, value: &str| {
        let mut pairs = vec![(name.to_owned(), value.to_owned())];
        if !wanted.unit.is_empty() {
            pairs.push(("unit".to_owned(), wanted.unit.clone()));
        }
        Some(address(&ListPath, &pairs))
    };
    let in_state = |state: FindingState| found.findings.iter().filter(|finding| finding.state == state).count();
    let measures = || found.findings.iter().flat_map(|finding| found.measures(finding));
    let overdue = measures().filter(|measure| measure.is_overdue(today)).count();
    let waiting = measures().filter(|measure| measure.state == MeasureState::Done).count();
    let tile = |count: usize, key: &str, href: Option<String>, zone: &'static str| Tile {
        value: w.count(count as u64),
        words: w.text(key),
        href,
        zone,
    };
    let zone = if overdue > 0 { "merah" } else { "" };
    vec![
        tile(overdue, "tile.overdue", of_unit("lewat", "ya"), zone),
        tile(in_state(FindingState::Open), "tile.open", of_unit("keadaan", "open"), ""),
        tile(waiting, "tile.waiting", of_unit("menunggu", "ya"), ""),
        tile(in_state(FindingState::Published), "tile.published", of_unit("keadaan", "published"), ""),
    ]
}

fn row(finding: &Finding, found: &Found, today: Date, w: Words) -> Row {
    let measures = found.measures(finding);
    let planned: Vec<&Measure> = measures.iter().filter(|one| one.state != MeasureState::Cancelled).collect();
    let verified = planned.iter().filter(|measure| measure.state == MeasureState::Verified).count();
    let next = measures.iter().filter(|measure| measure.state.is_owed()).map(|measure| measure.due_on).min();
    let counts = (w.count(verified as u64), w.count(planned.len() as u64));
    Row {
        href: FindingPath { id: finding.id.to_string() }.to_string(),
        title: finding.facts.title.clone(),
        unit: found.unit(finding.facts.unit).to_owned(),
        source: source_words(w, &finding.facts.source),
        state: finding_state(w, finding.state),
        verified: w.fill("list.verified-of", [("verified", &counts.0), ("planned", &counts.1)]),
        due: next.map_or_else(|| "–".to_owned(), |due| day(due, w.language)),
        overdue: measures.iter().any(|measure| measure.is_overdue(today)),
    }
}

/// The columns of the table, each a word of `column`.
const COLUMNS: [&str; 16] = [
    "unit",
    "title",
    "source",
    "part",
    "said",
    "before",
    "after",
    "state",
    "number",
    "what",
    "owner",
    "due",
    "overdue",
    "measure-state",
    "done",
    "verified",
];

/// The list as a table: a row for each measure, and one for a finding without any.
pub(crate) async fn csv(_: CsvPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (w, wanted, person) = (visit.words(&WORDS), Wanted::of(&visit), visit.signed_in()?);
    let found = find(&app, &visit, &wanted).await?;
    let today = visit.site().zone.date(app.now());
    let heads: Vec<String> = COLUMNS.iter().map(|column| w.text(&format!("column.{column}"))).collect();
    let mut text = String::from('\u{feff}');
    text.push_str(&csv_line(heads.iter().map(String::as_str)));
    for finding in &found.findings {
        let measures = found.measures(finding);
        if !fits(&wanted, finding, measures, (person, today)) {
            continue;
        }
        let none = measures.is_empty().then_some(None);
        for measure in none.into_iter().chain(measures.iter().map(Some)) {
            let cells = [of_finding(finding, &found, w), of_measure(measure, &found, today, w)].concat();
            text.push_str(&csv_line(cells.iter().map(String::as_str)));
        }
    }
    let headers = [
        (header::CONTENT_TYPE, "text/csv; charset=utf-8"),
        (header::CONTENT_DISPOSITION, "attachment; filename=\"perbaikan.csv\""),
    ];
    Ok((headers, text).into_response())
}

fn of_finding(finding: &Finding, found: &Found, w: Words) -> Vec<String> {
    let facts = &finding.facts;
    let full = facts.before.as_ref().and_then(|figure| figure.full.as_deref());
    let before = facts.before.as_ref().map(|figure| figure_words(w, &figure.value, full));
    let after = finding.after.as_ref().map(|later| figure_words(w, &later.value, full));
    vec![
        found.unit(facts.unit).to_owned(),
        facts.title.clone(),
        source_words(w, &facts.source),
        facts.source.part.clone(),
        facts.said.clone(),
        before.unwrap_or_default(),
        after.unwrap_or_default(),
        finding_state(w, finding.state).0,
    ]
}

fn of_measure(measure: Option<&Measure>, found: &Found, today: Date, w: Words) -> Vec<String> {
    let Some(measure) = measure else { return vec![String::new(); 8] };
    let on = |date: Option<Date>| date.map(|date| date.to_string()).unwrap_or_default();
    vec![
        measure.number.to_string(),
        measure.plan.what.clone(),
        owner_words(w, measure.plan.owner, &found.names),
        measure.due_on.to_string(),
        if measure.is_overdue(today) { w.text("list.yes") } else { w.text("list.no") },
        measure_state(w, measure.state).0,
        on(measure.proof.on),
        on(measure.verified.1),
    ]
}
