//! Reads every kind of message in both languages, as whoever receives it would.

use crate::messages::{City, Frame, MessageKind, write};
use crate::site::Zone;
use rules::phrase::Language;
use std::collections::BTreeSet;

/// Fails unless each kind of message can be read in both languages: every place filled, one line of subject, short lines, markup of
/// facts and city shown as text.
///
/// # Panics
/// When one cannot, with what is wrong.
pub fn read_every_kind(kinds: &[&MessageKind]) {
    assert!(!kinds.is_empty(), "no kind was given");
    let names: BTreeSet<&str> = kinds.iter().map(|kind| kind.name).collect();
    assert_eq!(names.len(), kinds.len(), "two kinds have one name");
    for kind in kinds {
        for language in [Language::Indonesian, Language::English] {
            let wrong = faults(kind, language);
            assert!(wrong.is_empty(), "{} in {language:?}: {}", kind.name, wrong.join("; "));
        }
    }
}

fn faults(kind: &MessageKind, language: Language) -> Vec<String> {
    let city =
        City { name: "Kota <b>Contoh</b> & Sekitarnya".into(), help: "Bantuan: <i>0711</i>".into(), zone: Zone::Wib };
    let stop = kind.category.may_be_stopped().then_some("https://contoh.go.id/surel/berhenti/contoh");
    let facts = (kind.sample)();
    let letter = match write(kind, &facts, &[(kind, facts.clone())], Frame { city: &city, language, stop }) {
        Ok(letter) => letter,
        Err(error) => return vec![error.to_string()],
    };
    let mut wrong = Vec::new();
    let mut expect = |right: bool, what: String| {
        if !right {
            wrong.push(what);
        }
    };
    let (subject, text, html) = (&letter.subject, &letter.text, &letter.html);
    for key in kind.paragraphs.iter().chain(&[kind.subject, kind.why]).chain(&kind.button) {
        expect(kind.catalogue.find(key, language).is_some(), format!("{key} has no words"));
    }
    let signs = subject.chars().count();
    expect((1..=78).contains(&signs) && !subject.ends_with('…'), format!("the subject has {signs} signs"));
    expect(!subject.contains(['\r', '\n']), "the subject has a line break".into());
    for part in [subject, text, html] {
        expect(!part.contains(['{', '}']), format!("a place is not filled: {part}"));
    }
    for line in text.lines().filter(|line| !line.starts_with("http")) {
        expect(line.chars().count() <= 78, format!("a line is too long: {line}"));
    }
    expect(!html.contains("<b>Contoh") && !html.contains("<i>0711"), "markup of the city is not shown as text".into());
    for absent in ["<script", "<img", "style=", "<link"] {
        expect(!html.contains(absent), format!("the HTML has {absent}"));
    }
    expect(text.contains("https://contoh.go.id/surel/berhenti/") == stop.is_some(), "how to stop it".into());
    expect(kind.button.is_some() == facts.link().is_some(), "a link has words, and words have a link".into());
    wrong
}
