//! `/kelola/survei/{id}`: one period: how far it is, the sample it needs and why, and its next step.

use super::keep::rate;
use super::{
    ClosePath, CodesPath, ImportPath, JudgePath, OutcomePath, PaperPath, PeriodPath, PlanPath, StepPath, Whole,
    XlsFormPath, desk, done, load, load_seen, staff_page, state_words,
};
use crate::actions;
use crate::count::Counts;
use crate::period::{PeriodState, survey};
use crate::permissions::{ENTER_SHEETS, ISSUE_CODES, JUDGE_ANSWERS, KEEP_PERIODS, PUBLISH_RESULTS};
use crate::places::{Unusual, unusual};
use crate::store::codes::Batch;
use crate::{WORDS, store};
use askama::Template;
use axum::extract::State;
use axum::response::Response;
use calculation::instruments;
use platform::app::App;
use platform::database::DatabaseError;
use platform::form::Form;
use platform::page::{Page, show};
use platform::parts::{Fact, SafeHtml, ShownStep, shown_steps};
use platform::problem::Problem;
use platform::site::day;
use platform::visit::Visit;
use platform::words::Words;
use rules::quantity::Decimal;
use rules::statistics::SampleSize;
use services::ServiceId;
use std::collections::HashMap;
use time::Date;

#[derive(Template)]
#[template(path = "pages/period.html")]
struct PeriodPage {
    page: Page,
    w: Words,
    state: (String, &'static str),
    about: Vec<(String, String)>,
    facts: Vec<Fact>,
    warnings: Vec<String>,
    sample: Option<SafeHtml>,
    quotas: Vec<Quota>,
    links: Vec<(String, String)>,
    /// The next step: its name and its button.
    step: Option<(&'static str, String, String)>,
    version: i64,
    step_href: String,
    /// Where the period is closed.
    close: Option<String>,
}

struct Quota {
    service: String,
    answers: String,
    wanted: String,
    percent: i64,
}

/// What the page is made of.
struct Progress {
    counts: Counts,
    batches: Vec<Batch>,
    quotas: Vec<(ServiceId, i64)>,
    services: HashMap<ServiceId, String>,
}

/// Shows a period.
pub(crate) async fn show_period(path: PeriodPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let whole = load_seen(&app, &visit, &path.id).await?;
    let (institution, id) = (visit.institution()?, whole.period.id);
    let progress = app
        .database()
        .read(move |db| {
            let quotas = store::periods::quotas(db, institution, id)?;
            let wanted: Vec<ServiceId> = quotas.iter().map(|(service, _)| *service).collect();
            Ok::<_, DatabaseError>(Progress {
                counts: store::counts::counts(db, institution, id)?,
                batches: store::codes::batches(db, institution, id)?,
                services: store::periods::names_of(db, institution, &wanted)?,
                quotas,
            })
        })
        .await?;
    let today = visit.site().zone.date(app.now());
    show(&page(&visit, &whole, &progress, today)?)
}

fn page(visit: &Visit, whole: &Whole, progress: &Progress, today: Date) -> Result<PeriodPage, Problem> {
    let w = visit.words(&WORDS);
    let (period, person) = (&whole.period, visit.signed_in()?);
    let id = period.id.to_string();
    let may = |action| whole.lets(person, action);
    let mut links = Vec::new();
    if may(&ISSUE_CODES) && period.state == PeriodState::Open {
        links.push((CodesPath { id: id.clone() }.to_string(), w.text("period.codes")));
    }
    if may(&ENTER_SHEETS) && period.state == PeriodState::Open {
        links.push((PaperPath { id: id.clone() }.to_string(), w.text("paper.title")));
    }
    if may(&KEEP_PERIODS) && period.state == PeriodState::Open {
        links.push((ImportPath { id: id.clone() }.to_string(), w.text("import.title")));
    }
    if may(&KEEP_PERIODS) && !period.state.has_result() {
        links.push((PlanPath { id: id.clone() }.to_string(), w.text("period.change")));
    }
    links.push((XlsFormPath { id: id.clone() }.to_string(), w.text("xlsform.link")));
    if may(&JUDGE_ANSWERS) && period.state.has_result() {
        links.push((JudgePath { id: id.clone() }.to_string(), w.text("judge.title")));
    }
    if period.state.has_result() {
        links.push((OutcomePath { id: id.clone() }.to_string(), w.text("period.result")));
        if may(&improvement::PLAN_MEASURES) {
            links.push((format!("{}#tindak-lanjut", OutcomePath { id: id.clone() }), w.text("follow.title")));
        }
    }
    let step = match period.state {
        PeriodState::Planned if may(&KEEP_PERIODS) => Some("open"),
        PeriodState::Closed if may(&PUBLISH_RESULTS) => Some("publish"),
        _ => None,
    };
    let named =
        |step: &'static str| (step, w.text(&format!("step.{step}.button")), w.text(&format!("step.{step}.text")));
    let sample = period.plan.sample();
    Ok(PeriodPage {
        page: staff_page(visit, format!("{} – {}", whole.unit.facts.name, period.plan.label())),
        state: state_words(w, period.state),
        about: about(whole, visit, w),
        facts: facts(period.state, sample.as_ref(), progress, w),
        warnings: warnings(whole, (sample.as_ref(), today), progress, w),
        sample: sample.as_ref().map(|sample| sample_steps(sample, w)),
        quotas: quotas(progress, w),
        links,
        step: step.map(named),
        version: period.version,
        close: (period.state == PeriodState::Open && may(&KEEP_PERIODS))
            .then(|| ClosePath { id: id.clone() }.to_string()),
        step_href: StepPath { id }.to_string(),
        w,
    })
}

fn about(whole: &Whole, visit: &Visit, w: Words) -> Vec<(String, String)> {
    let (plan, zone) = (&whole.period.plan, visit.site().zone);
    let on = |date| day(date, w.language);
    let days = format!("{} – {}", on(plan.starts_on), on(plan.ends_on));
    let arrival = match whole.period.closed_at {
        Some(closed) => (w.text("period.closed"), on(zone.date(closed))),
        None => (w.text("period.arrival"), w.fill("period.late", [("day", &on(plan.last_arrival()))])),
    };
    let rule = rules::instrument::shared(&whole.period.instrument);
    let rule = rule.map_or_else(|| whole.period.instrument.clone(), |rule| rule.header.citation());
    let population = plan.population.and_then(|count| u64::try_from(count).ok());
    vec![
        (w.text("field.rhythm"), w.text(&format!("rhythm.{}", plan.rhythm.name()))),
        (w.text("period.days"), days),
        arrival,
        (w.text("field.population"), population.map_or_else(|| w.text("period.unknown"), |count| w.count(count))),
        (w.text("period.instrument"), rule),
    ]
}

fn codes(progress: &Progress) -> (i64, i64) {
    let issued = progress.batches.iter().map(|batch| batch.issued).sum();
    (issued, progress.batches.iter().map(|batch| batch.unused).sum())
}

fn facts(state: PeriodState, sample: Option<&SampleSize>, progress: &Progress, w: Words) -> Vec<Fact> {
    let needed = sample.map_or_else(|| "–".to_owned(), |sample| w.count(sample.size));
    let mut facts = vec![
        Fact::new(w.text("keep.answers"), w.count(progress.counts.answers())),
        Fact::new(w.text("keep.needed"), needed),
    ];
    // Codes nobody used are removed when a period is closed: afterwards nothing tells the rate.
    if state == PeriodState::Open {
        facts.push(Fact::new(w.text("keep.rate"), rate(codes(progress), w)));
    }
    facts
}

fn warnings(whole: &Whole, (sample, today): (Option<&SampleSize>, Date), progress: &Progress, w: Words) -> Vec<String> {
    if whole.period.state == PeriodState::Planned {
        return Vec::new();
    }
    let answers = progress.counts.answers();
    let instrument = instruments::find(&whole.period.instrument).ok();
    let least = instrument.as_ref().and_then(survey).map_or(0, |survey| survey.respondents.minimum);
    let mut warnings = Vec::new();
    if whole.period.state == PeriodState::Open && today > whole.period.plan.ends_on {
        let last = day(whole.period.plan.last_arrival(), w.language);
        warnings.push(w.fill("period.over", [("day", &last)]));
    }
    if answers < least {
        let numbers = [("answers", w.count(answers)), ("least", w.count(least))];
        let [answers, least] = &numbers;
        warnings.push(w.fill("period.few", [(answers.0, &*answers.1), (least.0, &*least.1)]));
    }
    let open = whole.period.state == PeriodState::Open;
    if let Some(sample) = sample.filter(|sample| open && answers < sample.size) {
        warnings.push(w.fill("period.missing", [("missing", &w.count(sample.size - answers))]));
    }
    // Codes nobody used are removed when a period is closed: afterwards all places look alike.
    if whole.period.state == PeriodState::Open {
        warnings.extend(unusual(&progress.batches).iter().map(|one| place_words(one, w)));
    }
    warnings
}

/// "Loket 2: 98 % kodenya dipakai, di tempat lain 39 %."
fn place_words(one: &Unusual, w: Words) -> String {
    let place = if one.place.is_empty() { w.text("period.no-place") } else { one.place.clone() };
    let (here, elsewhere) = (one.here.to_string(), one.elsewhere.to_string());
    w.fill("period.place", [("place", place.as_str()), ("here", here.as_str()), ("elsewhere", elsewhere.as_str())])
}

/// Krejcie and Morgan's formula with its numbers.
fn sample_steps(sample: &SampleSize, w: Words) -> SafeHtml {
    let (chi, population) = (sample.chi_square.to_string(), sample.population);
    let formula = format!("{chi} × {population} × 0.25 ÷ (0.0025 × ({population} − 1) + {chi} × 0.25)");
    let number = |text: &str| w.number(text);
    let step = ShownStep {
        what: w.text("period.sample-step"),
        output: w.count(sample.size),
        exact: number(&Decimal::half_up(&sample.exact, 4).to_string()),
        formula: number(&formula),
        inputs: vec![
            (w.text("field.population"), w.count(population)),
            (w.text("period.chi-square"), number(&chi)),
            (w.text("period.margin"), w.text("period.margin-value")),
        ],
        citation: "Krejcie & Morgan, 1970".into(),
        children: Vec::new(),
    };
    shown_steps(&[step], w.language)
}

fn quotas(progress: &Progress, w: Words) -> Vec<Quota> {
    let quota = |(service, wanted): &(ServiceId, i64)| {
        let name = progress.services.get(service)?;
        let answers = progress.counts.of(|count| count.service == Some(*service)).answers();
        let reached = i64::try_from(answers).unwrap_or(i64::MAX).saturating_mul(100) / (*wanted).max(1);
        Some(Quota {
            service: name.clone(),
            answers: w.count(answers),
            wanted: w.count(u64::try_from(*wanted).unwrap_or(0)),
            percent: reached.min(100),
        })
    };
    progress.quotas.iter().filter_map(quota).collect()
}

/// Takes the next step of a period.
pub(crate) async fn post_step(
    path: StepPath,
    State(app): State<App>,
    visit: Visit,
    form: Form,
) -> Result<Response, Problem> {
    let (step, version) = (form.value("step").to_owned(), form.value("version").parse().unwrap_or(0));
    let action = if step == "publish" { &PUBLISH_RESULTS } else { &KEEP_PERIODS };
    let whole = load(&app, &visit, &path.id, action).await?;
    let (desk, at) = (desk(&app, &visit)?, (whole.period.id, version));
    let (said, taken) = match step.as_str() {
        "open" => ("dibuka", app.database().write(move |db| actions::open(db, &desk, at)).await),
        "publish" => ("terbit", app.database().write(move |db| actions::publish(db, &desk, at)).await),
        _ => return Err(Problem::unreadable()),
    };
    taken?;
    // What other programs are to be told goes out at once.
    app.jobs().wake();
    Ok(done(&PeriodPath { id: path.id }, said))
}
