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
