//! Help, usage errors and exit codes.

use crate::support::prima;

#[test]
fn help_speaks_indonesian_and_english() {
    let help = prima(&["--help"]);
    assert_eq!(help.code, 0);
    assert!(help.out.contains("data nyata masuk") && help.out.contains("sample-size"), "{}", help.out);
    let english = prima(&["score", "--help", "--lang", "en"]);
    assert!(english.out.contains("columns to group by"), "{}", english.out);
    assert_eq!(prima(&["--version"]).code, 0);
}

#[test]
fn indonesian_help_holds_no_english() {
    let commands = [
        "",
        "instruments",
        "instruments show",
        "score",
        "classify",
        "deadline",
        "sample-size",
        "path",
        "verify",
        "demo",
    ];
    for command in commands {
        let words: Vec<&str> = command.split_whitespace().chain(["--help"]).collect();
        let help = prima(&words).out;
        let title = format!("Pemakaian: prima {command}");
        assert!(help.contains(title.trim_end()), "{help}");
        for english in ["Usage", "OPTIONS", "Options", "COMMAND", "Arguments"] {
            assert!(!help.contains(english), "{english} in {help}");
        }
    }
    let score = prima(&["score", "--help"]).out;
    assert!(score.contains("Pemakaian: prima score [PILIHAN] <INSTRUMENT> <FILE>...\n"), "{score}");
    assert!(prima(&["--help"]).out.contains("Pemakaian: prima [PILIHAN] <PERINTAH>\n"));
    assert!(prima(&["--help", "--lang", "en"]).out.contains("Usage: prima [OPTIONS] <COMMAND>\n"));
    assert!(prima(&["instruments", "--help"]).out.contains("[PILIHAN] [PERINTAH]\n"));
}

#[test]
fn english_output_holds_no_zona() {
    let run = prima(&["classify", "ombudsman-2015", "73.14", "--lang", "en"]);
    assert!(run.code == 0 && !run.out.to_lowercase().contains("zona"), "{}", run.out);
    let run = prima(&["instruments", "show", "ombudsman-2015", "--lang", "en"]);
    assert!(!run.out.to_lowercase().contains("zona "), "{}", run.out);
}

/// Where any whole number is possible there are no choices to list.
#[test]
fn a_number_that_cannot_be_used_is_told_without_an_empty_list() {
    for words in [&["deadline", "--days", "3.5", "2026-11-20"][..], &["sample-size", "abc"]] {
        let run = prima(words);
        assert_eq!(run.code, 2);
        assert!(!run.err.contains("Pilihannya") && run.err.contains("bilangan bulat"), "{}", run.err);
        assert!(run.err.contains(words.iter().find(|word| ["3.5", "abc"].contains(word)).unwrap()), "{}", run.err);
    }
}

#[test]
fn wrong_usage_ends_with_two_and_a_sentence() {
    for words in [
        &[][..],
        &["hitung"],
        &["score"],
        &["score", "skm-2017"],
        &["score", "skm-1999", "a.csv"],
        &["score", "skm-2017", "a.csv", "--weights", "round9"],
        &["score", "skm-2017", "a.csv", "--fromat", "json"],
    ] {
        let run = prima(words);
        assert_eq!(run.code, 2, "{words:?}");
        assert!(!run.err.is_empty() && !run.err.contains("panicked"), "{words:?}: {}", run.err);
    }
    let run = prima(&["score", "skm-2017", "a.csv", "--weights", "round9"]);
    assert!(run.err.contains("round9") && run.err.contains("Pilihannya"), "{}", run.err);
}
