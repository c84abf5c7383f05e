//! `/kelola/survei/{id}/hasil`: the result of a closed period with all its parts: elements, services, channels, groups, promises,
//! trend, every step. The public page shows the same.

use super::elements;
use super::follow::{self, Follow, FollowFound};
use super::question::{profile_words, promises};
use super::{FollowPath, OutcomePath, PeriodPath, Whole, asked, load_seen, staff_page};
use crate::answer::{Channel, PROFILE, PROMISES};
use crate::count::{Counts, SMALLEST_GROUP};
use crate::period::Period;
use crate::permissions::READ_ANSWERS;
use crate::result::{self, Named};
use crate::store::judging::{Correction, Exclusion};
use crate::{WORDS, importance, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use platform::app::App;
use platform::chart::{Bar, Bars, Frame, Limit, Line, Series};
use platform::database::{DatabaseError, Read};
use platform::identity::InstitutionId;
use platform::page::{Page, show};
use platform::parts::{Fact, Pages, SafeHtml, steps};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;
use rules::instrument::Instrument;
use rules::outcome::Outcome;
use rules::quantity::{Decimal, Ratio};
use services::ServiceId;
use std::collections::{BTreeMap, HashMap};

#[derive(Template)]
#[template(path = "pages/outcome.html")]
struct OutcomePage {
    page: Page,
    w: Words,
    result: Option<Parts>,
    files: String,
    /// Where elements become findings; nothing for whoever may not plan.
    raise: Option<String>,
    /// What people wrote; nothing for whoever may not read it.
    written: Option<Written>,
}

/// What people wrote about one thing they were asked.
struct Written {
    /// What they were asked.
    title: String,
    /// The number of the unit's own question; empty for suggestions.
    question: String,
    /// What else they were asked: number and words.
    others: Vec<(String, String)>,
    typed: String,
    found: String,
    texts: Vec<String>,
    terms: Vec<(String, usize)>,
    pages: Pages,
}

/// A result in all its parts, in the reader's words.
pub(crate) struct Parts {
    pub(crate) facts: Vec<Fact>,
    pub(crate) warnings: Vec<String>,
    /// The index over all answers, and why some were left out; empty where none was.
    pub(crate) left_out: Vec<String>,
    /// What was changed after it was published; empty where nothing was.
    pub(crate) corrections: Vec<String>,
    pub(crate) elements: SafeHtml,
    pub(crate) tables: Vec<PartTable>,
    pub(crate) promises: Vec<(String, String)>,
    pub(crate) trend: Option<SafeHtml>,
    pub(crate) steps: SafeHtml,
    /// Importance against performance, and the elements from period to period.
    pub(crate) beside: Vec<(String, SafeHtml)>,
    pub(crate) follow: Follow,
}

/// Answers by one trait: service, channel, sex.
pub(crate) struct PartTable {
    pub(crate) title: String,
    /// Whether it tells of who answered, and not of what was judged.
    pub(crate) of_people: bool,
    /// Name, answers, index.
    pub(crate) rows: Vec<(String, String, String)>,
    /// Whether the groups differ; empty where that is not asked.
    pub(crate) difference: String,
}

/// So many texts are shown at once.
const TEXTS_ON_A_PAGE: u64 = 50;

/// What a result is shown from.
#[derive(Debug)]
pub(crate) struct Found {
    counts: Counts,
    services: HashMap<ServiceId, String>,
    history: Vec<Period>,
    exclusions: Vec<Exclusion>,
    corrections: Vec<Correction>,
    pub(crate) follow: FollowFound,
    correlations: BTreeMap<String, Option<Ratio>>,
}

/// Reads what a result is shown from; the history holds what `seen` lets through.
pub(crate) fn read(
    db: &mut Read<'_>,
    institution: InstitutionId,
    period: &Period,
    seen: fn(&Period) -> bool,
) -> Result<Found, DatabaseError> {
    let mut history = store::periods::of_unit(db, institution, period.unit)?;
    history.retain(|other| seen(other) && other.plan.starts_on <= period.plan.starts_on);
    let counts = store::counts::counts(db, institution, period.id)?;
    let follow = follow::read(db, institution, period, &history)?;
    Ok(Found {
        services: result::service_names(db, institution, period, &counts.services())?,
        counts,
        history,
        exclusions: store::judging::exclusions(db, institution, period.id)?,
        corrections: store::judging::corrections(db, institution, period.id)?,
        follow,
        correlations: importance::of_period(db, institution, period)?,
    })
}

/// The parts of a result; nothing when fewer than five people answered.
///
/// # Errors
/// When the program no longer knows its instrument.
pub(crate) fn parts(whole: &Whole, found: &Found, w: Words) -> Result<Option<Parts>, Problem> {
    let internal = |problem: calculation::Problem| Problem::internal(problem.message(w.language));
    let named = Named::new(&whole.period, &whole.unit, &whole.institution);
    let Some(scored) = result::scored(&whole.period, &named).map_err(internal)? else { return Ok(None) };
    let Some(group) = scored.groups.first() else { return Ok(None) };
    let outcome = scored.outcome(group).map_err(internal)?;
    if outcome.value.is_none() {
        return Ok(None);
    }
    let instrument = &scored.instrument;
    let mut tables = vec![by_service(instrument, found, w), by_channel(instrument, found, w)];
    tables.extend(PROFILE.iter().map(|(column, choices)| by_profile(instrument, found, (column, choices), w)));
    tables.retain(|table| !table.rows.is_empty());
    Ok(Some(Parts {
        facts: facts(&outcome, w),
        warnings: outcome.warnings.iter().map(|warning| warning.message(w.language)).collect(),
        left_out: left_out(whole, found, w),
        corrections: found.corrections.iter().map(|correction| corrected(correction, w)).collect(),
        elements: bars(&outcome, whole, w),
        tables,
        promises: kept(found, w),
        trend: trend(whole, found, w),
        steps: steps(&outcome.steps, w.language),
        beside: beside(whole, &outcome, found, w),
        follow: follow::follow(whole, instrument, &outcome, &found.follow, w),
    }))
}

/// The elements beside one another, each chart under its heading.
fn beside(whole: &Whole, outcome: &Outcome, found: &Found, w: Words) -> Vec<(String, SafeHtml)> {
    let priorities = elements::chart(whole, outcome, &found.correlations, w);
    let over_time = elements::over_time(whole, outcome, &found.history, w);
    let named = [("priority.heading", priorities), ("priority.time-heading", over_time)];
    named.into_iter().filter_map(|(key, chart)| Some((w.text(key), chart?))).collect()
}

fn value(value: Option<&Decimal>, w: Words) -> String {
    value.map_or_else(|| "–".to_owned(), |value| w.number(&value.to_string()))
}

pub(super) fn facts(outcome: &Outcome, w: Words) -> Vec<Fact> {
    let mut facts = vec![
        Fact::new(w.text("outcome.index"), value(outcome.value.as_ref(), w)),
        Fact::new(w.text("outcome.category"), format!("{} {}", outcome.category(), outcome.label(w.language))),
        Fact::new(w.text("keep.answers"), w.count(outcome.respondents.unwrap_or(0))),
    ];
    if let Some(interval) = &outcome.interval {
        let margin = format!("± {}", w.number(&interval.margin.to_string()));
        facts.push(Fact::new(w.text("outcome.margin"), margin));
    }
    facts
}

/// Both figures are shown wherever a person left answers out, with each reason.
fn left_out(whole: &Whole, found: &Found, w: Words) -> Vec<String> {
    let Some((index, answers)) = result::of_all(&whole.period) else { return Vec::new() };
    let first = w.fill("outcome.of-all", [("index", &w.number(&index)), ("answers", &w.count(answers))]);
    let reason = |decision: &Exclusion| {
        let count = w.count(u64::try_from(decision.answers).unwrap_or(0));
        let day = platform::site::day(decision.decided_on, w.language);
        w.fill("outcome.left-out", [("count", &*count), ("day", &*day), ("reason", decision.reason.as_str())])
    };
    std::iter::once(first).chain(found.exclusions.iter().map(reason)).collect()
}

pub(super) fn corrected(correction: &Correction, w: Words) -> String {
    let day = platform::site::day(correction.day, w.language);
    let (before, after) = (w.number(&correction.before), w.number(&correction.after));
    let values = [("day", &*day), ("before", &*before), ("after", &*after), ("reason", correction.reason.as_str())];
    w.fill("outcome.corrected", values)
}

/// The elements as bars, the lowest first and named in the title.
fn bars(outcome: &Outcome, whole: &Whole, w: Words) -> SafeHtml {
    let mut items: Vec<_> = outcome.items.iter().collect();
    items.sort_by(|one, other| one.mean.cmp(&other.mean));
    let lowest = items.first().map(|item| item.name.in_language(w.language).to_owned()).unwrap_or_default();
    let bar = |(place, item): (usize, &&rules::outcome::Item)| Bar {
        name: item.name.in_language(w.language).to_owned(),
        value: Some(Decimal::half_up(&item.mean, 3).to_string()),
        marked: place == 0,
    };
    let answers = w.count(outcome.respondents.unwrap_or(0));
    let description =
        [("unit", whole.unit.facts.name.as_str()), ("period", &whole.period.plan.label()), ("answers", &answers)];
    Bars {
        frame: Frame {
            id: "grafik-unsur".into(),
            title: w.fill("outcome.lowest", [("element", &lowest)]),
            description: w.fill("outcome.elements-of", description),
            rows: w.text("outcome.element"),
            language: w.language,
        },
        values: w.text("outcome.mean"),
        bars: items.iter().enumerate().map(bar).collect(),
        full: Some("4".into()),
        limits: Vec::new(),
    }
    .draw()
}

/// Rows of groups by what is told of them; each has five answers or more.
fn rows(instrument: &Instrument, groups: Vec<(String, Counts)>, w: Words) -> Vec<(String, String, String)> {
    let row = |(name, counts): (String, Counts)| {
        let index = counts.outcome(instrument, None).and_then(|outcome| outcome.value);
        (name, w.count(counts.answers()), value(index.as_ref(), w))
    };
    groups.into_iter().map(row).collect()
}

/// How many are in a group; of a few no more than that.
fn size(answers: u64, w: Words) -> String {
    if answers < SMALLEST_GROUP { format!("< {SMALLEST_GROUP}") } else { w.count(answers) }
}

fn hidden(w: Words) -> String {
    w.fill("outcome.hidden", [("least", &SMALLEST_GROUP.to_string())])
}

fn by_service(instrument: &Instrument, found: &Found, w: Words) -> PartTable {
    let name = |service: Option<ServiceId>| match service {
        Some(service) => found.services.get(&service).cloned().unwrap_or_default(),
        None => w.text("outcome.no-service"),
    };
    let mut groups = found.counts.by_service();
    // Without any service told there is nothing to compare.
    groups.retain(|_| !found.counts.services().is_empty());
    // The weakest first: that is what the table is read for.
    groups.sort_by_cached_key(|(_, counts)| counts.outcome(instrument, None).and_then(|outcome| outcome.exact));
    PartTable {
        title: w.text("outcome.by-service"),
        of_people: false,
        rows: rows(instrument, groups.into_iter().map(|(service, counts)| (name(service), counts)).collect(), w),
        difference: String::new(),
    }
}

fn by_channel(instrument: &Instrument, found: &Found, w: Words) -> PartTable {
    let name = |channel: Option<Channel>| match channel {
        Some(channel) => w.text(&format!("channel.{}", channel.name())),
        None => w.text("outcome.no-channel"),
    };
    let groups = found.counts.by_channel().into_iter().map(|(channel, counts)| (name(channel), counts)).collect();
    PartTable {
        title: w.text("outcome.by-channel"),
        of_people: false,
        rows: rows(instrument, groups, w),
        difference: String::new(),
    }
}

fn by_profile(instrument: &Instrument, found: &Found, (column, choices): (&str, &[&str]), w: Words) -> PartTable {
    let groups = found.counts.groups(instrument, column, choices);
    let index = |index: Option<&Decimal>| index.map_or_else(|| hidden(w), |index| value(Some(index), w));
    let rows = groups
        .iter()
        .map(|group| (profile_words(w, column, &group.name), size(group.answers, w), index(group.index.as_ref())));
    let all_shown = groups.iter().all(|group| group.index.is_some());
    let difference = found.counts.difference(column, choices).filter(|_| all_shown).map(|compared| {
        let probability = w.number(&Decimal::half_up(&compared.probability, 3).to_string());
        let key = if compared.significant() { "outcome.differs" } else { "outcome.same" };
        w.fill(key, [("probability", &probability)])
    });
    PartTable {
        title: w.text(&format!("profile.{column}.title")),
        of_people: true,
        rows: rows.collect(),
        difference: difference.unwrap_or_default(),
    }
}

/// "Janji vs kenyataan": how many found each promise kept. Few voices are not shown.
fn kept(found: &Found, w: Words) -> Vec<(String, String)> {
    let row = |(name, question): (&str, super::question::Question)| {
        let promise = found.counts.promise(name);
        let words = match promise.said {
            0 => return None,
            said if said < SMALLEST_GROUP => hidden(w),
            said => {
                let percent = (promise.kept * 100 / said).to_string();
                w.fill(
                    "outcome.kept",
                    [("percent", &percent), ("kept", &w.count(promise.kept)), ("said", &w.count(said))],
                )
            }
        };
        Some((question.text, words))
    };
    PROMISES.into_iter().zip(promises(w)).filter_map(row).collect()
}

/// The index over the unit's periods under one instrument; nothing for a single one.
fn trend(whole: &Whole, found: &Found, w: Words) -> Option<SafeHtml> {
    let same = found.history.iter().filter(|other| other.instrument == whole.period.instrument);
    let mut points = Vec::new();
    for period in same {
        let named = Named::new(period, &whole.unit, &whole.institution);
        let scored = result::scored(period, &named).ok().flatten();
        let outcome = scored.as_ref().and_then(|scored| scored.outcome(scored.groups.first()?).ok());
        points.push((period.plan.label(), outcome.and_then(|outcome| outcome.value)));
    }
    let points: Vec<_> = points.into_iter().rev().take(8).rev().collect();
    let (first, last) = (points.first()?, points.last()?);
    if points.len() < 2 {
        return None;
    }
    let ends = [("from", value(first.1.as_ref(), w)), ("to", value(last.1.as_ref(), w))];
    let [from, to] = &ends;
    let limits = result::scored(&whole.period, &Named::new(&whole.period, &whole.unit, &whole.institution));
    let bands = limits.ok().flatten().map(|scored| limits_of(&scored.instrument)).unwrap_or_default();
    let line = Line {
        frame: Frame {
            id: "grafik-tren".into(),
            title: w.fill("outcome.trend", [(from.0, &*from.1), (to.0, &*to.1)]),
            description: w.fill("outcome.trend-of", [("unit", &whole.unit.facts.name)]),
            rows: w.text("keep.period"),
            language: w.language,
        },
        moments: points.iter().map(|(label, _)| label.clone()).collect(),
        series: vec![Series {
            name: w.text("outcome.index"),
            values: points.iter().map(|(_, value)| value.as_ref().map(ToString::to_string)).collect(),
        }],
        limits: bands,
    };
    Some(line.draw())
}

/// Where the two best categories begin.
fn limits_of(instrument: &Instrument) -> Vec<Limit> {
    let limit = |band: &rules::instrument::Band| Limit {
        label: band.category.clone(),
        value: Decimal::half_up(&band.min, 2).to_string(),
    };
    instrument.bands().iter().take(2).map(limit).collect()
}

/// Shows the result to staff, with what people suggested.
pub(crate) async fn show_outcome(path: OutcomePath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = load_seen(&app, &visit, &path.id).await?;
    if !whole.period.state.has_result() {
        return Err(Problem::not_found());
    }
    let (institution, period) = (visit.institution()?, whole.period.clone());
    let (found, texts, questions) = app
        .database()
        .read(move |db| {
            let found = read(db, institution, &period, |other| other.state.has_result())?;
            let texts = store::answers::suggestions(db, institution, period.id)?;
            Ok::<_, DatabaseError>((found, texts, store::periods::questions(db, institution, period.id)?))
        })
        .await?;
    let (w, person) = (visit.words(&WORDS), visit.signed_in()?);
    let result = parts(&whole, &found, w)?;
    let reads = person.may(&READ_ANSWERS, Some(whole.unit.id));
    // As long as there is no result, what a few people wrote waits with what they chose.
    let texts = if reads && result.is_some() { texts } else { Vec::new() };
    let here = PeriodPath { id: path.id.clone() };
    let title = w.fill("outcome.title", [("period", &whole.period.plan.label())]);
    show(&OutcomePage {
        page: staff_page(&visit, title).crumb(whole.unit.facts.name.clone(), here),
        result,
        raise: person
            .may(&improvement::PLAN_MEASURES, Some(whole.unit.id))
            .then(|| FollowPath { id: path.id.clone() }.to_string()),
        files: format!("{}/", OutcomePath { id: path.id.clone() }),
        written: reads.then(|| written(&visit, &path, texts, &questions)),
        w,
    })
}

/// What people wrote about one thing they were asked: what holds the words that were searched for, so many at once.
fn written(visit: &Visit, path: &OutcomePath, texts: Vec<(Option<i64>, String)>, questions: &[String]) -> Written {
    let w = visit.words(&WORDS);
    let (typed, asked_for) = (asked(visit, "cari"), asked(visit, "pertanyaan").parse::<i64>().ok());
    let texts = texts.into_iter().filter(|(question, _)| *question == asked_for);
    let texts: Vec<String> = texts.map(|(_, text)| text).collect();
    let matching = crate::terms::matching(&texts, &typed);
    let question = asked_for.map(|number| number.to_string()).unwrap_or_default();
    let number = asked(visit, Pages::QUERY).parse().unwrap_or(1);
    let pages = Pages::new(path.to_string(), number, TEXTS_ON_A_PAGE, matching.len() as u64);
    let first = usize::try_from((pages.number() - 1) * TEXTS_ON_A_PAGE).unwrap_or(0);
    let last = usize::try_from(TEXTS_ON_A_PAGE).unwrap_or(0);
    let (shown, others): (Vec<_>, Vec<_>) =
        topics(questions, w).into_iter().partition(|(number, _)| *number == question);
    Written {
        title: shown.into_iter().next().map(|(_, words)| words).unwrap_or_default(),
        others,
        found: w.fill("outcome.found", [("count", &w.count(matching.len() as u64))]),
        texts: matching.into_iter().skip(first).take(last).collect(),
        terms: crate::terms::frequent(&texts),
        pages: pages.keeping([("cari".to_owned(), typed.clone()), ("pertanyaan".to_owned(), question.clone())]),
        question,
        typed,
    }
}

/// What people were asked in words: the suggestion without a number, then the unit's own questions.
fn topics(questions: &[String], w: Words) -> Vec<(String, String)> {
    let own = (1..).zip(questions).map(|(number, question): (i64, &String)| (number.to_string(), question.clone()));
    std::iter::once((String::new(), w.text("outcome.suggestions"))).chain(own).collect()
}
