//! A result as files: what `prima verify` takes, the report, and the answers themselves.

use super::outcome::corrected;
use super::question::profile_words;
use super::{OutcomeFilePath, PublicFilePath, Whole, load_published, load_seen};
use crate::answer::PROFILE;
use crate::count::{Counts, SMALLEST_GROUP};
use crate::period::Period;
use crate::permissions::READ_ANSWERS;
use crate::result::{self, Named};
use crate::{WORDS, export, store};
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use calculation::{Details, ProfileCount, TrendDetail, instruments, render};
use organisation::import::csv_line;
use platform::app::App;
use platform::database::DatabaseError;
use platform::problem::Problem;
use platform::signature::{END, Signer};
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;
use rules::instrument::Instrument;
use std::collections::BTreeSet;
use time::Date;

/// A file of a closed period, for staff.
pub(crate) async fn staff_file(
    path: OutcomeFilePath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let whole = load_seen(&app, &visit, &path.id).await?;
    // What everybody may have is a file of its own address; before that it is for those who read answers.
    if ["jawaban.csv", TEXTS].contains(&&*path.file) && !visit.signed_in()?.may(&READ_ANSWERS, Some(whole.unit.id)) {
        return Err(Problem::forbidden());
    }
    if path.file == TEXTS {
        let called = format!("attachment; filename=\"{}\"", called(&whole, TEXTS));
        let bytes = texts(&app, &visit, &whole).await?;
        let kind = "text/csv; charset=utf-8";
        return Ok(
            ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, called.as_str())], bytes).into_response()
        );
    }
    file(&app, &visit, &whole, &path.file, |other| other.state.has_result()).await
}

/// What people wrote, for staff alone: a text may tell who wrote it.
const TEXTS: &str = "tulisan.csv";

/// What people wrote, each text on a row of its own beside the question it answers, in no order.
async fn texts(app: &App, visit: &Visit, whole: &Whole) -> Result<String, Problem> {
    if result::scored(&whole.period, &named(whole)).map_err(|problem| internal(&problem, visit))?.is_none() {
        return Err(Problem::not_found());
    }
    let (institution, id) = (visit.institution()?, whole.period.id);
    let (texts, questions) = app
        .database()
        .read(move |db| {
            let texts = store::answers::suggestions(db, institution, id)?;
            Ok::<_, DatabaseError>((texts, store::periods::questions(db, institution, id)?))
        })
        .await?;
    let w = visit.words(&WORDS);
    let suggestion = w.text("outcome.suggestions");
    let (question_head, text_head) = (w.text("outcome.question"), w.text("outcome.text"));
    let mut csv = csv_line([&*question_head, &*text_head]);
    for (number, text) in &texts {
        let place = number.and_then(|number| usize::try_from(number - 1).ok());
        let question = place.map_or(Some(&suggestion), |place| questions.get(place));
        csv.push_str(&csv_line([question.map_or("", String::as_str), text]));
    }
    Ok(csv)
}

/// A file of a published period, for everybody.
pub(crate) async fn public_file(
    path: PublicFilePath,
    State(app): State<App>,
    visit: Visit,
) -> Result<Response, Problem> {
    let whole = load_published(&app, &visit, &path.id).await?;
    let published = |other: &Period| other.result.is_some();
    let Some(signed) = path.file.strip_suffix(END) else {
        return file(&app, &visit, &whole, &path.file, published).await;
    };
    let (_, bytes) = content(&app, &visit, &whole, signed, published).await?;
    let about =
        format!("{}: {}, {}", whole.institution.settings.name, whole.unit.facts.name, whole.period.plan.label());
    let signature = Signer::of(app.secrets(), visit.institution()?)?.sign(&bytes, &about);
    let called = format!("attachment; filename=\"{}{END}\"", called(&whole, signed));
    Ok((
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CONTENT_DISPOSITION, called.as_str())],
        signature,
    )
        .into_response())
}

async fn file(
    app: &App,
    visit: &Visit,
    whole: &Whole,
    name: &str,
    seen: fn(&Period) -> bool,
) -> Result<Response, Problem> {
    let (kind, bytes) = content(app, visit, whole, name, seen).await?;
    let called = format!("attachment; filename=\"{}\"", called(whole, name));
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, called.as_str())], bytes).into_response())
}

/// What a file is called where it is saved.
fn called(whole: &Whole, name: &str) -> String {
    let (stem, end) = name.rsplit_once('.').unwrap_or((name, ""));
    // Two files are JSON.
    let more = if stem == "tindak-lanjut" { stem } else { "" };
    let of = format!("{} {} {more}", whole.unit.slug, whole.period.plan.label());
    format!("{}.{end}", render::file_name(&whole.period.instrument, &of))
}

async fn content(
    app: &App,
    visit: &Visit,
    whole: &Whole,
    name: &str,
    seen: fn(&Period) -> bool,
) -> Result<(&'static str, Vec<u8>), Problem> {
    Ok(match name {
        "hasil.json" => ("application/json", json(visit, whole)?),
        "laporan.pdf" => ("application/pdf", pdf(app, visit, whole, seen).await?),
        "tindak-lanjut.json" => ("application/json", super::follow::json(app, visit, whole).await?),
        "jawaban.csv" => ("text/csv; charset=utf-8", answers(app, visit, whole).await?),
        _ => return Err(Problem::not_found()),
    })
}

fn internal(problem: &calculation::Problem, visit: &Visit) -> Problem {
    Problem::internal(problem.message(visit.language()))
}

fn named(whole: &Whole) -> Named {
    Named::new(&whole.period, &whole.unit, &whole.institution)
}

fn json(visit: &Visit, whole: &Whole) -> Result<Vec<u8>, Problem> {
    let scored = result::scored(&whole.period, &named(whole)).map_err(|problem| internal(&problem, visit))?;
    let scored = scored.ok_or_else(Problem::not_found)?;
    let file = scored.published(visit.language()).map_err(|problem| internal(&problem, visit))?;
    Ok(render::json(&file).into_bytes())
}

/// The report. Its day is that of the closing or of the last correction, so that it is the same file whenever it is asked for.
async fn pdf(app: &App, visit: &Visit, whole: &Whole, seen: fn(&Period) -> bool) -> Result<Vec<u8>, Problem> {
    let (institution, unit, first) = (visit.institution()?, whole.unit.id, whole.period.plan.starts_on);
    let id = whole.period.id;
    let (mut history, counts, corrections) = app
        .database()
        .read(move |db| {
            let history = store::periods::of_unit(db, institution, unit)?;
            let counts = store::counts::counts(db, institution, id)?;
            Ok::<_, DatabaseError>((history, counts, store::judging::corrections(db, institution, id)?))
        })
        .await?;
    history.retain(|other| seen(other) && other.plan.starts_on < first && other.instrument == whole.period.instrument);
    let closed = whole.period.closed_at.ok_or_else(Problem::not_found)?;
    let closed = visit.site().zone.date(closed);
    let last = corrections.last().map_or(closed, |correction| correction.day);
    let mut details = Details::none(&last.to_string());
    details.agency.clone_from(&whole.institution.settings.name);
    let w = visit.words(&WORDS);
    details.method = method(whole, &counts, closed, w);
    if let Some((index, answers)) = result::of_all(&whole.period) {
        details.method.push(w.fill("outcome.of-all", [("index", &w.number(&index)), ("answers", &w.count(answers))]));
    }
    details.method.extend(corrections.iter().map(|correction| corrected(correction, w)));
    for period in history {
        let named = Named::new(&period, &whole.unit, &whole.institution);
        let scored = result::scored(&period, &named).map_err(|problem| internal(&problem, visit))?;
        let outcome = scored.as_ref().and_then(|scored| scored.outcome(scored.groups.first()?).ok());
        if let Some(value) = outcome.and_then(|outcome| outcome.value) {
            details.trend.push(TrendDetail { period: named.period, value: value.to_string() });
        }
    }
    let scored = result::scored(&whole.period, &named(whole)).map_err(|problem| internal(&problem, visit))?;
    let mut scored = scored.ok_or_else(Problem::not_found)?;
    let profile = profile(&scored.instrument, &counts, w);
    scored.groups.iter_mut().for_each(|group| group.profile.clone_from(&profile));
    let language = visit.language();
    // Drawing takes a while: not on a thread that serves others.
    let drawn = tokio::task::spawn_blocking(move || {
        let group = scored.groups.first()?;
        Some(render::pdf(&scored, group, &details, language))
    });
    let drawn = drawn.await.map_err(Problem::internal)?.ok_or_else(Problem::not_found)?;
    drawn.map_err(|problem| internal(&problem, visit))
}

/// Who answered, by each trait. Groups of fewer than five stand in one row with those who told nothing, and when these are still
/// fewer than five, with the smallest of the others.
fn profile(instrument: &Instrument, counts: &Counts, w: Words) -> Vec<ProfileCount> {
    let of = |(column, choices): &(&'static str, &[&str])| {
        let groups = counts.groups(instrument, column, choices);
        let (mut told, few): (Vec<_>, Vec<_>) = groups.into_iter().partition(|group| group.answers >= SMALLEST_GROUP);
        let mut others = counts.answers() - told.iter().map(|group| group.answers).sum::<u64>();
        while (1..SMALLEST_GROUP).contains(&others)
            && let Some((place, _)) = told.iter().enumerate().min_by_key(|(_, group)| group.answers)
        {
            others += told.remove(place).answers;
        }
        let name = if few.is_empty() { "report.not-told" } else { "report.others" };
        let mut values: Vec<(String, u64)> =
            told.iter().map(|group| (profile_words(w, column, &group.name), group.answers)).collect();
        values.extend((others > 0).then(|| (w.text(name), others)));
        (!told.is_empty()).then(|| ProfileCount { column: (*column).to_owned(), values })
    };
    PROFILE.iter().filter_map(of).collect()
}

/// How the answers came, in numbers: what came without the code of a visit is said.
fn method(whole: &Whole, counts: &Counts, closed: Date, w: Words) -> Vec<String> {
    let plan = &whole.period.plan;
    let on = |date| day(date, w.language);
    let days = [("from", on(plan.starts_on)), ("to", on(plan.ends_on)), ("last", on(plan.last_arrival().min(closed)))];
    let key = if closed < plan.ends_on { "report.closed-early" } else { "report.days" };
    let days = w.fill(key, days.each_ref().map(|(name, day)| (*name, &**day)));
    let ways = ["report.by-code", "report.by-paper", "report.by-file"].into_iter().zip(result::ways(counts));
    let said = ways.filter(|(_, answers)| *answers > 0);
    let said = said.map(|(key, answers)| w.fill(key, [("count", &*w.count(answers))]));
    said.chain([days, w.text("report.apart")]).collect()
}

/// The answers, protected; there are none to give out where fewer than five people answered.
async fn answers(app: &App, visit: &Visit, whole: &Whole) -> Result<Vec<u8>, Problem> {
    if !whole.period.state.has_result() {
        return Err(Problem::not_found());
    }
    let (institution, period) = (visit.institution()?, whole.period.clone());
    let (answers, services) = app
        .database()
        .read(move |db| {
            let answers = store::answers::answers(db, institution, period.id)?;
            let named: BTreeSet<_> = answers.iter().filter_map(|answer| answer.service).collect();
            let named: Vec<_> = named.into_iter().collect();
            Ok::<_, DatabaseError>((answers, result::service_names(db, institution, &period, &named)?))
        })
        .await?;
    let instrument = instruments::find(&whole.period.instrument).map_err(|problem| internal(&problem, visit))?;
    let named = named(whole);
    let csv = tokio::task::spawn_blocking(move || export::csv(&instrument, &named, &services, &answers));
    Ok(csv.await.map_err(Problem::internal)?.ok_or_else(Problem::not_found)?.into_bytes())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{Answer, Channel};
    use crate::count::Count;
    use rules::phrase::Language;
    use std::collections::BTreeMap;

    /// What the report says of so many women, men and people who told nothing.
    fn sexes(women: usize, men: usize, neither: usize) -> Vec<(String, u64)> {
        let instrument = instruments::find("skm-2017").unwrap();
        let keys = crate::period::survey(&instrument).unwrap().elements.iter().map(|element| element.key.clone());
        let answers: BTreeMap<String, u8> = keys.map(|key| (key, 3)).collect();
        let mut kept: BTreeMap<(String, i64), i64> = BTreeMap::new();
        for sex in [vec!["P"; women], vec!["L"; men], vec![""; neither]].concat() {
            let mut answer = Answer { answers: answers.clone(), ..Answer::default() };
            if !sex.is_empty() {
                answer.profile.insert("sex", sex.to_owned());
            }
            for part in answer.counted() {
                *kept.entry(part).or_insert(0) += 1;
            }
        }
        let count = |((part, value), answers)| Count { service: None, channel: Channel::Web, part, value, answers };
        let counts = Counts::from(kept.into_iter().map(count).collect::<Vec<_>>());
        let profile = profile(&instrument, &counts, Words::new(&WORDS, Language::Indonesian));
        profile.into_iter().find(|table| table.column == "sex").map(|table| table.values).unwrap_or_default()
    }

    #[test]
    fn the_report_tells_who_answered_and_hides_small_groups_among_others() {
        let row = |name: &str, count: u64| (name.to_owned(), count);
        assert_eq!(sexes(12, 20, 0), [row("Perempuan", 12), row("Laki-laki", 20)]);
        assert_eq!(sexes(12, 20, 6), [row("Perempuan", 12), row("Laki-laki", 20), row("Tidak menyebut", 6)]);
        assert_eq!(sexes(12, 3, 2), [row("Perempuan", 12), row("Kelompok kecil dan yang tidak menyebut", 5)]);
        assert_eq!(sexes(12, 3, 0), [], "twelve of fifteen would tell of the three");
    }
}
