//! What a page does with this crate: it scores an upload, keeps inputs, recomputes them, prints, and reads what agencies published.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on fails where it stands")]

use calculation::published::{Missing, Standing};
use calculation::render::{self, TextForm};
use calculation::{
    Details, InputFile, Inputs, Options, Problem, ResultFile, Scored, instruments, published, score, verify,
};
use rules::instrument::Family;
use rules::phrase::Language::{English, Indonesian};
use std::io::Write;
use tempfile::NamedTempFile;

/// An upload of thirty answers of one unit and one row that cannot be used.
const ANSWERS: &str = "unit,u1,u2,u3,u4,u5,u6,u7,u8,u9\n";

fn upload(text: &str) -> NamedTempFile {
    let mut file = NamedTempFile::new().unwrap();
    file.write_all(text.as_bytes()).unwrap();
    file
}

fn answers() -> NamedTempFile {
    let good = "Dukcapil,4,3,4,3,4,3,4,3,4\n".repeat(20) + &"Dukcapil,3,3,3,4,4,3,3,3,4\n".repeat(10);
    upload(&format!("{ANSWERS}{good}Dukcapil,4,3,4,3,4,3,4,7,4\n"))
}

fn scored() -> Scored {
    let upload = answers();
    let file = InputFile::called(upload.path(), "jawaban.csv");
    score(instruments::find("skm-2017").unwrap(), &[file], Options { detail: true, ..Options::default() }).unwrap()
}

/// 20 answers of 4 and 10 of 3 to element 1, and so on: means 3.6667, 3, 3.6667, 3.3333, 4, 3, 3.6667, 3, 4; their sum 31.3333
/// times 25 / 9 is 87.04.
#[test]
fn an_upload_gives_the_index_and_names_the_cell_that_was_left_out() {
    let result = scored().published(English).unwrap();
    assert_eq!((result.results[0].value.as_deref(), result.results[0].category.as_deref()), (Some("87.04"), Some("B")));
    assert_eq!((result.results[0].respondents, result.left_out.rows), (Some(30), 1));
    let cell = &result.left_out.first[0];
    assert_eq!((cell.file.as_str(), cell.line, cell.column.as_str()), ("jawaban.csv", 32, "u8"));
    assert_eq!(cell.message, "`7` is not a choice; use a whole number 1 to 4");
}

#[test]
fn no_sentence_shows_where_an_upload_lies() {
    let broken =
        ["", "unit\nA\n", "unit,u1\nA,1\n", "u1,u1\n1,2\n", "%PDF-1.7", "PK\u{3}\u{4}rusak", "PAR1rusak", "a,\"b\n"];
    for text in broken {
        for id in ["skm-2017", "ipp-2022", "ombudsman-2022"] {
            let upload = upload(text);
            let file = InputFile::called(upload.path(), "unggahan.csv");
            let Err(problem) = score(instruments::find(id).unwrap(), std::slice::from_ref(&file), Options::default())
            else {
                panic!("{id} took {text:?}")
            };
            let refused = verify::file(&file, None, English).unwrap_err();
            for sentence in [problem.message(Indonesian), problem.message(English), refused.message(Indonesian)] {
                assert!(sentence.starts_with("unggahan.csv"), "{sentence}");
                assert!(!sentence.contains(upload.path().to_str().unwrap()), "{sentence}");
            }
        }
    }
}

#[test]
fn nothing_to_score_is_a_sentence() {
    let instrument = || instruments::find("skm-2017").unwrap();
    let asked = |files: &[InputFile], options| score(instrument(), files, options).unwrap_err();
    assert!(matches!(asked(&[], Options::default()), Problem::Request(_)));
    let nobody = Options { population: Some(0), ..Options::default() };
    assert!(matches!(asked(&[InputFile::new("x.csv")], nobody), Problem::Request(_)));
    let gone = asked(&[InputFile::called("tidak-ada", "unggahan.csv")], Options::default());
    assert_eq!(gone.message(English), "unggahan.csv: no such file. Check its name and folder.");
}

#[test]
fn stored_inputs_give_the_same_result_and_the_same_steps_again() {
    let scored = scored();
    let stored = scored.result(&scored.groups[0], Indonesian).unwrap();
    let json = serde_json::to_string(&stored.inputs).unwrap();
    let inputs: Inputs = serde_json::from_str(&json).unwrap();
    let again = Scored::of_inputs(instruments::find("skm-2017").unwrap(), scored.groups[0].key.clone(), inputs);
    let result = again.result(&again.groups[0], Indonesian).unwrap();
    assert_eq!(
        (&result.steps, &result.fingerprint, &result.value),
        (&stored.steps, &stored.fingerprint, &stored.value)
    );
}

#[test]
fn stored_weights_and_population_are_kept_when_inputs_are_printed_again() {
    let weights = Options {
        weights: rules::satisfaction_index::WeightPolicy::named("round2"),
        population: Some(100),
        ..Options::default()
    };
    let upload = answers();
    let instrument = || instruments::find("skm-2017").unwrap();
    let scored = score(instrument(), &[InputFile::new(upload.path())], weights).unwrap();
    let inputs = scored.inputs(&scored.groups[0]);
    let again = Scored::of_inputs(instrument(), scored.groups[0].key.clone(), inputs);
    assert_eq!((again.options.weights, again.options.population), (scored.options.weights, Some(100)));
    assert_eq!(again.published(English).unwrap().results[0].value, scored.published(English).unwrap().results[0].value);
}

#[test]
fn a_stored_result_agrees_with_its_inputs_until_somebody_changes_it() {
    let json = render::json(&scored().published(Indonesian).unwrap());
    let file = ResultFile::read(&json, "hasil.json").unwrap();
    let instrument = instruments::find(&file.instrument).unwrap();
    let language = file.written_in("hasil.json").unwrap();
    let mut stored = file.results[0].clone();
    assert_eq!(verify::recompute(&instrument, &stored, language).unwrap().contradictions, []);
    stored.value = Some("97.04".to_owned());
    let changed = verify::recompute(&instrument, &stored, language).unwrap();
    let codes: Vec<&str> = changed.contradictions.iter().map(|warning| warning.code.as_str()).collect();
    assert_eq!(codes, ["fingerprint-differs", "stored-result-differs"]);
    assert_eq!(changed.result.value.as_deref(), Some("87.04"));
}

#[test]
fn a_report_made_in_memory_carries_its_result_and_is_the_same_every_time() {
    let scored = scored();
    let made = || render::pdf(&scored, &scored.groups[0], &Details::none("2026-11-21"), Indonesian).unwrap();
    let report = made();
    assert_eq!(report, made());
    let inside = ResultFile::read(&verify::inside_report(&report).unwrap(), "laporan.pdf").unwrap();
    assert_eq!(inside.results[0].value.as_deref(), Some("87.04"));
}

/// Hints name options of a command line; a page gives none.
#[test]
fn text_without_hints_names_no_option() {
    let many: String =
        (0..60).map(|unit| format!("Dinas {unit},4,3,4,3,4,3,4,3,4\nDinas {unit},9,1,1,1,1,1,1,1,1\n")).collect();
    let upload = upload(&format!("{ANSWERS}{many}"));
    let file = InputFile::called(upload.path(), "jawaban.csv");
    let scored = score(instruments::find("skm-2017").unwrap(), &[file], Options::default()).unwrap();
    let text = render::text(&scored, TextForm::default(), English).unwrap();
    assert!(text.contains("… and 50 more cells\n"), "{text}");
    assert!(!text.contains("--"), "{text}");
    assert_eq!(render::csv(&scored, English).unwrap().lines().count(), 61);
}

#[test]
fn instruments_are_found_by_name_and_by_family_and_day_and_never_as_a_file() {
    assert_eq!(instruments::find("permenpan14-2017").unwrap().header.id, "skm-2017");
    let in_force = instruments::in_force_on(Family::ServiceIndex, "2023-05-01").unwrap().unwrap();
    assert_eq!(in_force.header.id, "ipp-2022");
    assert!(instruments::all().unwrap().len() >= 13);
    let own = concat!(env!("CARGO_MANIFEST_DIR"), "/../docs/examples/survei-loket.toml");
    assert!(matches!(instruments::find(own), Err(Problem::Request(_))));
    let text = std::fs::read_to_string(own).unwrap();
    assert!(!instruments::parts(&instruments::read_own("survei-loket.toml", &text).unwrap(), Indonesian).is_empty());
}

/// The same rows as `prima verify vectors/….csv`, one after the other.
#[test]
fn published_results_are_recomputed_and_agree_differ_or_have_nothing_to_compare() {
    let results = published::embedded().unwrap();
    let of = |id: &str| results.iter().find(|result| result.id == id).unwrap();
    let bantul = of("skm-bantul-dptr-2023");
    assert_eq!(
        (bantul.place.as_str(), bantul.period.as_str()),
        ("Dinas Pertanahan dan Tata Ruang Kab. Bantul", "2023")
    );
    assert_eq!(bantul.recompute().unwrap().unwrap().value.unwrap().to_string(), "87.28");
    assert_eq!(bantul.compare().unwrap().standing, Standing::Agrees);
    let gaspul = of("skm-gaspul-tw3").compare().unwrap();
    assert_eq!(gaspul.standing, Standing::Differs);
    assert_eq!(gaspul.contradictions[0].code.as_str(), "published-by-other-weights");
    let palembang = of("ipp-001");
    assert_eq!((palembang.place.as_str(), palembang.level.as_str()), ("Kota Palembang", "kota"));
    let standing = palembang.compare().unwrap().standing;
    assert_eq!(standing, Standing::NothingToCompare(Missing::PartsAndWords));
    assert_eq!(of("omb-001").words.zone, "kuning");
    let counted = |wanted: fn(Standing) -> bool| {
        results.iter().filter(|result| wanted(result.compare().unwrap().standing)).count()
    };
    assert_eq!(counted(|_| true), 27 + 21 + 86);
    assert!(counted(|standing| standing == Standing::Differs) > 5);
}

#[test]
fn what_a_page_keeps_between_requests_may_move_between_threads() {
    fn moves<T: Send + Sync>() {}
    moves::<Scored>();
    moves::<ResultFile>();
    moves::<Problem>();
    moves::<published::PublishedResult>();
    moves::<verify::Verification>();
}
