//! `/hitung`: anybody's own file in, its results out, nothing kept.

mod shown;

use super::{CalculatePath, ExamplePath, PrintPath, asked};
use crate::WORDS;
use crate::calculator::{self, Answer, Asked, File, Form as Output, WhileWanted};
use crate::result::{Family, known_instruments};
use askama::Template;
use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use calculation::Stop;
use platform::app::App;
use platform::form::Form;
use platform::page::{Page, show, show_again};
use platform::problem::Problem;
use platform::upload::{SentFile, Upload};
use platform::visit::Visit;
use platform::words::Words;
use rules::phrase::Phrase;
use std::io::Write as _;

/// The examples somebody can try: address, file, instrument.
const EXAMPLES: [(&str, &str, &[u8]); 3] = [
    ("jawaban.csv", "skm-2017", include_bytes!("../../../../docs/examples/jawaban.csv")),
    ("ipp.csv", "ipp-2022", include_bytes!("../../../../docs/examples/ipp.csv")),
    ("ombudsman.csv", "ombudsman-2025", include_bytes!("../../../../docs/examples/ombudsman.csv")),
];

/// The instrument that is chosen until somebody chooses another.
const USUAL: &str = "skm-2017";

#[derive(Template)]
#[template(path = "pages/calculate.html")]
struct Calculate {
    page: Page,
    w: Words,
    form: Form,
    instruments: Vec<(String, String)>,
    outputs: Vec<(String, String)>,
    columns: Vec<String>,
    examples: Vec<Example>,
}

/// An example somebody can try.
struct Example {
    name: &'static str,
    instrument: &'static str,
    words: String,
    button: String,
}

impl Calculate {
    fn new(visit: &Visit, form: Form) -> Self {
        let w = visit.words(&WORDS);
        let mut instruments: Vec<(String, String)> = Vec::new();
        for family in [Family::Satisfaction, Family::ServiceIndex, Family::Ombudsman] {
            let own = known_instruments().filter(|known| Family::of(known) == Some(family));
            let choice = |known: &'static rules::instrument::Instrument| {
                let id = known.header.id.clone();
                let (short, years) = (super::family_short(family, w), crate::reading::years(&id));
                let words = format!("{short} {years} · {}", crate::reading::title(&id, w.language));
                (id, words)
            };
            let mut choices: Vec<_> = own.map(choice).collect();
            choices.reverse();
            instruments.extend(choices);
        }
        let output = |output: Output| {
            let key = match output {
                Output::Page => "calculate.as-page",
                Output::Pdf => "calculate.as-pdf",
                Output::Csv => "calculate.as-csv",
                Output::Json => "calculate.as-json",
            };
            (output.name().to_owned(), w.text(key))
        };
        let example = |(name, instrument, _): (&'static str, &'static str, &[u8])| {
            let key = match instrument {
                "ipp-2022" => "calculate.example-ipp",
                "ombudsman-2025" => "calculate.example-ombudsman",
                _ => "calculate.example-skm",
            };
            Example { name, instrument, words: w.text(key), button: w.fill("calculate.try", [("file", name)]) }
        };
        Self {
            page: visit.page(w.text("calculate.title")).with_errors(!form.is_fine()),
            instruments,
            outputs: Output::ALL.into_iter().map(output).collect(),
            columns: Vec::new(),
            examples: EXAMPLES.into_iter().map(example).collect(),
            form,
            w,
        }
    }
}

/// Shows the form.
pub(crate) async fn show_form(_: CalculatePath, visit: Visit) -> Result<Response, Problem> {
    let chosen = Some(asked(&visit, "instrumen")).filter(|id| crate::result::instrument(id).is_some());
    let chosen = chosen.unwrap_or_else(|| USUAL.to_owned());
    let form = Form::filled([("instrumen", chosen), ("bentuk", Output::Page.name().to_owned())]);
    std::future::ready(show(&Calculate::new(&visit, form))).await
}

/// What lies on the disk until it is calculated.
enum Brought {
    Sent(SentFile),
    Example(tempfile::NamedTempFile, &'static str),
}

impl Brought {
    fn path(&self) -> &std::path::Path {
        match self {
            Self::Sent(file) => file.path(),
            Self::Example(file, _) => file.path(),
        }
    }

    fn name(&self) -> &str {
        match self {
            Self::Sent(file) => &file.name,
            Self::Example(_, name) => name,
        }
    }
}

/// Takes a file, calculates it, and answers in the form that was asked for.
pub(crate) async fn post(
    _: CalculatePath,
    State(app): State<App>,
    visit: Visit,
    upload: Upload,
) -> Result<Response, Problem> {
    let mut form = upload.form;
    let brought = bring(&form, upload.files).map_err(Problem::internal)?;
    if brought.is_none() {
        form.fault("berkas", visit.words(&WORDS).text("calculate.no-file"));
    }
    let wanted = wanted(&app, &visit, &mut form);
    let (Some(brought), Some(wanted), true) = (brought, wanted, form.is_fine()) else {
        return show_again(&Calculate::new(&visit, form));
    };
    let turn = calculator::turn().await.ok_or_else(too_busy)?;
    // Held by this request: when its sender goes away or its time is over, the thread stops reading and gives its turn back.
    let wanted_still = WhileWanted::default();
    let (for_thread, stop) = (visit.clone(), wanted_still.stop());
    let done = tokio::task::spawn_blocking(move || {
        let answered = answer(&brought, &wanted, &for_thread, &stop);
        // Even when nobody waits any more, the file goes before the next one gets its turn.
        drop(brought);
        drop(turn);
        answered
    });
    let Ok(done) = tokio::time::timeout(calculator::LONGEST, done).await else {
        form.fault("berkas", visit.words(&WORDS).text("calculate.too-long"));
        return show_again(&Calculate::new(&visit, form));
    };
    match done.map_err(Problem::internal)? {
        Ok(Answered::File(file)) => Ok(handed_over(file)),
        Ok(Answered::Page(page)) => show(&*page),
        Err(refused) => {
            form.fault(refused.field, refused.sentence);
            show_again(&Calculate { columns: refused.columns, ..Calculate::new(&visit, form) })
        }
    }
}

/// What is answered.
enum Answered {
    File(File),
    Page(Box<shown::Calculated>),
}

/// Why a file could not be calculated, in the words of its owner's page.
struct Refused {
    /// The field to mend.
    field: &'static str,
    sentence: String,
    /// The columns the file has, when one was named that it has not.
    columns: Vec<String>,
}

fn answer(brought: &Brought, wanted: &Asked, visit: &Visit, stop: &Stop) -> Result<Answered, Refused> {
    let (path, name) = (brought.path(), brought.name());
    let refused = |problem: calculation::Problem| {
        let phrase = problem.phrase();
        let by_column = phrase.as_ref().is_some_and(|phrase| phrase.key == "score.no-column") && wanted.by.is_some();
        Refused {
            field: if by_column { "kelompok" } else { "berkas" },
            // Where the page knows a sentence that helps its reader more than that of calculating, it says its own.
            sentence: match phrase.filter(|phrase| WORDS.find(phrase.key, wanted.language).is_some()) {
                Some(phrase) => WORDS.say(&phrase, wanted.language),
                None => problem.message(wanted.language),
            },
            columns: if by_column { calculator::columns(path, name, stop) } else { Vec::new() },
        }
    };
    match calculator::calculate(path, name, wanted, stop).map_err(refused)? {
        Answer::File(file) => Ok(Answered::File(file)),
        Answer::Scored(scored) => {
            let page = shown::Calculated::new(&scored, name, wanted, visit).map_err(refused)?;
            Ok(Answered::Page(Box::new(page)))
        }
    }
}

/// The file that was sent, or the example that was chosen; nothing when there is neither.
fn bring(form: &Form, files: Vec<SentFile>) -> std::io::Result<Option<Brought>> {
    let example = EXAMPLES.iter().find(|(name, _, _)| *name == form.value("contoh"));
    if let Some((name, _, content)) = example {
        let mut file = tempfile::NamedTempFile::new()?;
        file.write_all(content)?;
        return Ok(Some(Brought::Example(file, name)));
    }
    Ok(files.into_iter().find(|file| file.field == "berkas" && !file.name.is_empty()).map(Brought::Sent))
}

/// What the fields ask for; faults are noted in the form.
fn wanted(app: &App, visit: &Visit, form: &mut Form) -> Option<Asked> {
    let w = visit.words(&WORDS);
    let instrument = form.read("instrumen", crate::result::instrument, w.text("calculate.no-instrument"));
    let population = Some(form.value("populasi")).filter(|typed| !typed.is_empty()).map(str::to_owned);
    let population = population.map(|_| {
        let count = |typed: &str| typed.replace(['.', ','], "").parse().ok().filter(|count| *count > 0_u64);
        form.read("populasi", count, w.text("calculate.no-population"))
    });
    let by: Vec<String> =
        form.value("kelompok").split(',').map(|name| name.trim().to_owned()).filter(|name| !name.is_empty()).collect();
    Some(Asked {
        instrument: instrument?.clone(),
        by: (!by.is_empty()).then_some(by),
        means: form.has("rata-rata", "ya"),
        population: population.flatten(),
        form: Output::named(form.value("bentuk")).unwrap_or(Output::Page),
        language: visit.language(),
        today: today(app, visit),
    })
}

/// The day in the city's zone, as a report prints it.
fn today(app: &App, visit: &Visit) -> String {
    visit.site().zone.date(app.now()).to_string()
}

fn too_busy() -> Problem {
    let words = |key: &'static str| Words::both(&WORDS, &Phrase::new(key));
    let (title, detail) = (words("calculate.busy-title"), words("calculate.busy"));
    let mut problem = Problem::worded(StatusCode::SERVICE_UNAVAILABLE, "calculating", title, detail);
    problem.retry_after = Some(60);
    problem
}

fn handed_over(file: File) -> Response {
    let ending = file.form.name();
    let name = format!("attachment; filename=\"{}.{ending}\"", file.name);
    let name = HeaderValue::from_str(&name).unwrap_or(HeaderValue::from_static("attachment"));
    let kind = HeaderValue::from_static(file.form.content_type());
    ([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], file.bytes).into_response()
}

/// Prints what a page brought back, after computing it again.
pub(crate) async fn print(
    _: PrintPath,
    State(app): State<App>,
    visit: Visit,
    mut form: Form,
) -> Result<Response, Problem> {
    let (output, group) = chosen(form.value("cetak"));
    let (sheet, today) = (form.exact("hasil").to_owned(), today(&app, &visit));
    let turn = calculator::turn().await.ok_or_else(too_busy)?;
    let done = tokio::task::spawn_blocking(move || {
        let printed = calculator::print(&sheet, output, group, &today);
        drop(turn);
        printed
    });
    match done.await.map_err(Problem::internal)? {
        Ok(file) => Ok(handed_over(file)),
        Err(problem) => {
            form = Form::filled([("instrumen", USUAL.to_owned()), ("bentuk", Output::Page.name().to_owned())]);
            form.fault("berkas", problem.message(visit.language()));
            show_again(&Calculate::new(&visit, form))
        }
    }
}

/// What a button of the page asks for: `csv`, `json`, or `pdf-3` for the report of the third group.
fn chosen(button: &str) -> (Output, usize) {
    let (form, group) = button.split_once('-').unwrap_or((button, "0"));
    (Output::named(form).unwrap_or(Output::Json), group.parse().unwrap_or(0))
}

/// Gives an example as a file.
pub(crate) async fn example(path: ExamplePath, _: Visit) -> Result<Response, Problem> {
    let found = EXAMPLES.iter().find(|(name, _, _)| *name == path.name);
    let (name, _, content) = std::future::ready(found).await.ok_or_else(Problem::not_found)?;
    let name = format!("attachment; filename=\"{name}\"");
    Ok(([(header::CONTENT_TYPE, "text/csv; charset=utf-8"), (header::CONTENT_DISPOSITION, &name)], *content)
        .into_response())
}
