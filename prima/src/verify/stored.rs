//! Result files and reports of Prima itself.

use super::differences::{difference, differences, warning_differences};
use super::{Verified, refuse_absurd_counts};
use crate::instruments;
use crate::problem::Problem;
use crate::result::{GroupResult, ResultFile, fingerprint};
use crate::words::word;
use flate2::read::ZlibDecoder;
use rules::instrument::Instrument;
use rules::phrase::{Language, Phrase};
use rules::warning::{Code, Warning};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Read;
use std::path::Path;

/// Largest result file read; a nation's units with all steps are some tens of megabytes.
const LARGEST: u64 = 512 << 20;

fn unreadable(path: &Path, error: &std::io::Error) -> Problem {
    let phrase = Phrase::new("read.unreadable").with("file", path.display().to_string());
    Problem::Input(phrase.with("detail", error.to_string()))
}

/// The first bytes of a file, enough to tell its kind.
pub(super) fn start_of(path: &Path) -> Result<Vec<u8>, Problem> {
    let fail = |error: std::io::Error| {
        if error.kind() == std::io::ErrorKind::NotFound {
            return Problem::Input(Phrase::new("read.not-found").with("file", path.display().to_string()));
        }
        unreadable(path, &error)
    };
    let mut start = Vec::new();
    std::fs::File::open(path).map_err(fail)?.take(256).read_to_end(&mut start).map_err(fail)?;
    Ok(start)
}

fn read_bytes(path: &Path) -> Result<Vec<u8>, Problem> {
    let fail = |error: std::io::Error| unreadable(path, &error);
    let mut bytes = Vec::new();
    std::fs::File::open(path).map_err(fail)?.take(LARGEST).read_to_end(&mut bytes).map_err(fail)?;
    Ok(bytes)
}

/// A whole text file.
pub(super) fn read_text(path: &Path) -> Result<String, Problem> {
    let bytes = read_bytes(path)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    Ok(text.trim_start_matches('\u{feff}').to_owned())
}

/// The result file that a report carries inside: the one compressed stream that unpacks to it.
pub(super) fn inside_pdf(path: &Path) -> Result<String, Problem> {
    let bytes = read_bytes(path)?;
    let found = streams(&bytes).find_map(|stream| {
        let mut text = String::new();
        let unpacked = ZlibDecoder::new(stream).take(LARGEST).read_to_string(&mut text).is_ok();
        let plain = || std::str::from_utf8(stream).ok().map(str::to_owned);
        let text = if unpacked { Some(text) } else { plain() };
        text.filter(|text| text.starts_with('{') && text.contains("\"instrument\"") && text.contains("\"results\""))
    });
    found.ok_or_else(|| Problem::Input(Phrase::new("verify.no-result-inside").with("file", path.display().to_string())))
}

/// What stands between each `stream` and `endstream`.
fn streams(bytes: &[u8]) -> impl Iterator<Item = &[u8]> {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at + position(&bytes[at..], b"stream")? + b"stream".len();
        let start = start + bytes[start..].iter().take_while(|byte| **byte == b'\r' || **byte == b'\n').count();
        let length = position(&bytes[start..], b"endstream")?;
        at = start + length + b"endstream".len();
        Some(bytes[start..start + length].trim_ascii_end())
    })
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|window| window == wanted)
}

/// Recomputes every result of a result file and compares all that was stored; also what could not be recomputed.
pub(super) fn verify(
    json: &str,
    name: &str,
    own: Option<&str>,
    language: Language,
) -> Result<(Vec<Verified>, Vec<Warning>), Problem> {
    let file = read_file(json, name)?;
    let instrument = instruments::find(own.unwrap_or(&file.instrument))?;
    if instrument.header.id != file.instrument {
        return Err(Problem::Input(Phrase::new("verify.other-instrument").with("wanted", file.instrument.as_str())));
    }
    let written = match file.language.as_str() {
        "en" => Language::English,
        "id" => Language::Indonesian,
        other => {
            let phrase = Phrase::new("verify.unknown-language").with("file", name);
            return Err(Problem::Input(phrase.with("language", other)));
        }
    };
    refuse_twins(&file, name)?;
    let mut rows: Vec<Verified> =
        file.results.iter().map(|result| verify_one(&instrument, result, written)).collect::<Result<_, _>>()?;
    let title = instrument.header.title.in_language(written);
    if file.title != title && !rows.is_empty() {
        rows.push(other_title(&file.title, title, language));
    }
    let statistics = file.results.iter().any(|result| result.statistics.is_some());
    let remarks = [Some(Code::ReadingNotRecomputed), statistics.then_some(Code::StatisticsNotRecomputed)];
    Ok((rows, remarks.into_iter().flatten().map(Warning::new).collect()))
}

/// A result file as Prima writes it: nothing in it that Prima would not write back the same.
fn read_file(json: &str, name: &str) -> Result<ResultFile, Problem> {
    let refuse = |error: serde_json::Error| {
        Problem::Input(Phrase::new("verify.not-a-result").with("file", name).with("detail", error.to_string()))
    };
    let file: ResultFile = serde_json::from_str(json).map_err(refuse)?;
    let given: Value = serde_json::from_str(json).map_err(refuse)?;
    let again = serde_json::to_value(&file).map_err(refuse)?;
    match first_difference(&given, &again, "") {
        None => Ok(file),
        Some(field) => {
            let phrase = Phrase::new("verify.foreign-field").with("file", name);
            Err(Problem::Input(phrase.with("field", field)))
        }
    }
}

/// The path of the first field that one value has and the other lacks or has otherwise: `results[0].zone`.
fn first_difference(one: &Value, other: &Value, path: &str) -> Option<String> {
    match (one, other) {
        (Value::Object(fields), Value::Object(others)) => {
            let more = others.keys().filter(|key| !fields.contains_key(*key));
            fields.keys().chain(more).find_map(|key| {
                let path = if path.is_empty() { key.clone() } else { format!("{path}.{key}") };
                match (fields.get(key), others.get(key)) {
                    (Some(one), Some(other)) => first_difference(one, other, &path),
                    _ => Some(path),
                }
            })
        }
        (Value::Array(items), Value::Array(others)) if items.len() == others.len() => {
            let mut pairs = items.iter().zip(others).enumerate();
            pairs.find_map(|(at, (one, other))| first_difference(one, other, &format!("{path}[{at}]")))
        }
        _ => (one != other).then(|| path.to_owned()),
    }
}

/// Refuses a file that gives two results for one group.
fn refuse_twins(file: &ResultFile, name: &str) -> Result<(), Problem> {
    let mut seen = BTreeSet::new();
    match file.results.iter().find(|result| !seen.insert(&result.group)) {
        None => Ok(()),
        Some(twin) => {
            let phrase = Phrase::new("verify.group-twice").with("file", name);
            Err(Problem::Input(phrase.with("group", name_of(twin))))
        }
    }
}

/// The row of a title that is not the instrument's.
fn other_title(stored: &str, computed: &str, language: Language) -> Verified {
    Verified {
        id: word("verify.title", language),
        published: stored.to_owned(),
        computed: computed.to_owned(),
        comparable: true,
        contradictions: vec![difference("part.title", stored, computed)],
        remarks: Vec::new(),
    }
}

fn name_of(result: &GroupResult) -> String {
    result.group.values().cloned().collect::<Vec<_>>().join(" · ")
}

fn verify_one(instrument: &Instrument, stored: &GroupResult, language: Language) -> Result<Verified, Problem> {
    refuse_absurd_counts(&stored.inputs)?;
    let outcome = stored.inputs.outcome(instrument)?;
    let group: Vec<(String, String)> = stored.group.clone().into_iter().collect();
    let computed = GroupResult::new(&group, &outcome, stored.inputs.clone(), language);
    let mut contradictions = differences(stored, &computed);
    contradictions.extend(warning_differences(&stored.warnings, &computed.warnings));
    let print = fingerprint(
        &instrument.header.id,
        &stored.group,
        stored.value.as_deref(),
        stored.category.as_deref(),
        &stored.inputs,
    );
    if print != stored.fingerprint {
        contradictions.insert(0, Warning::new(Code::FingerprintDiffers));
    }
    let shown = |result: &GroupResult| {
        let parts = [result.value.clone(), result.category.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    Ok(Verified {
        id: name_of(stored),
        published: shown(stored),
        computed: shown(&computed),
        comparable: true,
        contradictions,
        remarks: outcome.warnings,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_are_found_between_their_words() {
        let found: Vec<&[u8]> = streams(b"1 0 obj stream\r\nabc\nendstream endobj stream\nx endstream").collect();
        assert_eq!(found, [b"abc".as_slice(), b"x".as_slice()]);
        assert_eq!(streams(b"stream without an end").count(), 0);
    }
}
