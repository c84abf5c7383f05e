//! Documents as their callers get them: bytes.

#[path = "../examples/sample_pdfs/samples/mod.rs"]
mod samples;

use documents::{
    Band, Component, DocumentError, ElementRow, FollowUp, GenericTable, Poster, PosterBlock, ProfileTable, ReportStep,
    ResultSheet, SatisfactionReport, Signature, TrendPoint, poster, result_sheet, satisfaction_report,
};
use proptest::prelude::*;

fn holds(bytes: &[u8], wanted: &str) -> bool {
    bytes.windows(wanted.len()).any(|window| window == wanted.as_bytes())
}

#[test]
fn the_same_report_gives_the_same_bytes() {
    let report = samples::full_report();
    assert_eq!(satisfaction_report(&report).unwrap(), satisfaction_report(&report).unwrap());
}

#[test]
fn full_and_bare_data_both_become_archive_and_accessible_files() {
    let documents = [
        satisfaction_report(&samples::full_report()).unwrap(),
        satisfaction_report(&samples::means_only_report()).unwrap(),
        result_sheet(&samples::service_index_sheet()).unwrap(),
        result_sheet(&samples::compliance_sheet()).unwrap(),
        poster(&samples::service_poster()).unwrap(),
        poster(&samples::declaration_sheet()).unwrap(),
    ];
    for bytes in &documents {
        assert!(bytes.starts_with(b"%PDF-1.7"));
        assert!(holds(bytes, "pdfuaid:part") && holds(bytes, "pdfaid:part"));
    }
    assert!(holds(&documents[0], "hasil.json"), "the machine-readable result travels inside");
}

#[test]
fn an_empty_report_is_still_a_document() {
    let report = SatisfactionReport { produced_on: "2026-11-21".into(), ..SatisfactionReport::default() };
    assert!(satisfaction_report(&report).is_ok());
    let sheet = ResultSheet { produced_on: "2026-11-21".into(), ..ResultSheet::default() };
    assert!(result_sheet(&sheet).is_ok());
    let bare = Poster { produced_on: "2026-11-21".into(), ..Poster::default() };
    assert!(poster(&bare).is_ok());
}

#[test]
fn a_document_without_a_date_is_refused() {
    let report = SatisfactionReport { produced_on: "kemarin".into(), ..samples::means_only_report() };
    assert_eq!(satisfaction_report(&report), Err(DocumentError::Date("kemarin".into())));
}

/// A report with one text from `texts` in each field, in turn.
fn report_of(texts: &[String], number: u64) -> SatisfactionReport {
    let mut turn = texts.iter().cycle().cloned();
    let mut next = || turn.next().unwrap_or_default();
    let step = |next: &mut dyn FnMut() -> String| ReportStep {
        what: next(),
        formula: next(),
        output: next(),
        citation: next(),
        children: vec![ReportStep { what: next(), ..ReportStep::default() }],
    };
    let mut report = SatisfactionReport {
        agency: next(),
        unit: next(),
        period: next(),
        title: next(),
        instrument: next(),
        legal_basis: vec![next(), next()],
        respondents: Some(number),
        required_sample: Some(u64::MAX),
        interval: next(),
        method: vec![next()],
        weight_policy: next(),
        profile: vec![ProfileTable { title: next(), rows: vec![(next(), number), (next(), u64::MAX)] }],
        answers: vec![next(), next()],
        weakest: vec![next()],
        weakest_sentence: next(),
        formula: next(),
        citations: vec![next()],
        warnings: vec![next()],
        produced_on: "2026-11-21".into(),
        ..SatisfactionReport::default()
    };
    report.outcome.value = next();
    report.outcome.category = next();
    report.outcome.label = next();
    report.elements = vec![ElementRow {
        code: next(),
        name: next(),
        mean: next(),
        weight: next(),
        weighted: next(),
        share: u32::MAX,
        counts: Some(vec![number, 0, u64::MAX]),
    }];
    report.statistics = vec![GenericTable {
        title: next(),
        columns: vec![next()],
        rows: vec![vec![next(), next()], vec![]],
        note: next(),
    }];
    report.follow_up = vec![FollowUp { priority: next(), action: next(), time: next(), responsible: next() }];
    report.trend =
        vec![TrendPoint { period: next(), value: next() }, TrendPoint { period: next(), value: "88.1".into() }];
    report.signatures = vec![Signature { place_date: next(), role: next(), name: next(), nip: next() }];
    report.bands = vec![Band { category: next(), label: next(), from: next(), to: next(), ..Band::default() }];
    report.steps = vec![step(&mut next)];
    report.verification.line = next();
    report.verification.digest = next();
    report
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 12, ..ProptestConfig::default() })]

    #[test]
    fn no_text_in_any_field_makes_a_report_panic_or_fail(
        texts in proptest::collection::vec(any::<String>(), 1..12),
        number in any::<u64>(),
    ) {
        let report = report_of(&texts, number);
        prop_assert!(satisfaction_report(&report).is_ok());
        let sheet = ResultSheet {
            agency: report.agency.clone(),
            unit: report.unit.clone(),
            title: report.title.clone(),
            outcome: report.outcome.clone(),
            components: vec![Component { name: report.unit, share: u32::MAX, ..Component::default() }],
            bands: report.bands,
            steps: report.steps,
            verification: report.verification,
            produced_on: "2026-11-21".into(),
            ..ResultSheet::default()
        };
        prop_assert!(result_sheet(&sheet).is_ok());
        let mut turn = texts.iter().cycle().cloned();
        let mut next = || turn.next().unwrap_or_default();
        let any = Poster {
            agency: next(),
            unit: next(),
            title: next(),
            facts: vec![(next(), next()), (next(), next())],
            blocks: [true, false].map(|items| PosterBlock { title: next(), lines: vec![next(), next()], items }).to_vec(),
            signature: Some(Signature { place_date: next(), role: next(), ..Signature::default() }),
            invitation: next(),
            address: next(),
            contact: vec![next()],
            produced_on: "2026-11-21".into(),
            ..Poster::default()
        };
        prop_assert!(poster(&any).is_ok());
    }
}

#[test]
fn awkward_writing_systems_become_documents() {
    let awkward = [
        "שלום עולם",
        "مرحبا بالعالم",
        "हैलो वर्ल्ड",
        "ꦏꦸꦛꦪꦺꦴꦒꦾ",
        "👩‍👩‍👧‍👦🏳️‍🌈",
        "e\u{301}\u{323}\u{323}",
        "\u{202e}abc\u{202c}",
        "\0\u{1}\t\n\r\n",
        "\u{e000}\u{ffff}\u{10ffff}",
        "ﬃ ﷽ ͏",
        "",
        " ",
        "1e400",
        "-NaN",
        "12,34.56",
        "\u{feff}x\u{fffe}",
    ];
    let texts: Vec<String> = awkward.map(str::to_owned).to_vec();
    satisfaction_report(&report_of(&texts, 7)).unwrap();
    satisfaction_report(&report_of(&["nama panjang ".repeat(60)], 7)).unwrap();
    satisfaction_report(&report_of(&["w".repeat(600)], 7)).unwrap();
}
