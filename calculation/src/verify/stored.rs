//! Result files and reports of Prima itself.

use super::differences::{difference, differences, warning_differences};
use super::{Verified, refuse_absurd_counts};
use crate::input_file::LARGEST;
use crate::instruments;
use crate::problem::Problem;
use crate::result::{GroupResult, ResultFile, fingerprint};
use crate::words::word;
use flate2::read::ZlibDecoder;
use rules::instrument::Instrument;
use rules::outcome::Outcome;
use rules::phrase::{Language, Phrase};
use rules::warning::{Code, Warning};
use serde_json::Value;
use std::collections::BTreeSet;
use std::io::Read;

/// The result file that a report carries inside: the one compressed stream that unpacks to it.
#[must_use]
pub fn inside_report(pdf: &[u8]) -> Option<String> {
    streams(pdf).find_map(|stream| {
        let mut text = String::new();
        let unpacked = ZlibDecoder::new(stream).take(LARGEST).read_to_string(&mut text).is_ok();
        let plain = || std::str::from_utf8(stream).ok().map(str::to_owned);
        let text = if unpacked { Some(text) } else { plain() };
        text.filter(|text| text.starts_with('{') && text.contains("\"instrument\"") && text.contains("\"results\""))
    })
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
    own: Option<&Instrument>,
    language: Language,
) -> Result<(Vec<Verified>, Vec<Warning>), Problem> {
    let file = ResultFile::read(json, name)?;
    let embedded;
    let instrument = match own {
        Some(own) => own,
        None => {
            embedded = instruments::find(&file.instrument)?;
            &embedded
        }
    };
    if instrument.header.id != file.instrument {
        return Err(Problem::Input(Phrase::new("verify.other-instrument").with("wanted", file.instrument.as_str())));
    }
    let written = file.written_in(name)?;
    refuse_twins(&file, name)?;
    let mut rows: Vec<Verified> =
        file.results.iter().map(|result| verify_one(instrument, result, written)).collect::<Result<_, _>>()?;
    let title = instrument.header.title.in_language(written);
    if file.title != title && !rows.is_empty() {
        rows.push(other_title(&file.title, title, language));
    }
    let statistics = file.results.iter().any(|result| result.statistics.is_some());
    let remarks = [Some(Code::ReadingNotRecomputed), statistics.then_some(Code::StatisticsNotRecomputed)];
    Ok((rows, remarks.into_iter().flatten().map(Warning::new).collect()))
}

impl ResultFile {
    /// Reads a result file as Prima writes it: nothing in it that Prima would not write back the same. `name` is what sentences
    /// call the file.
    ///
    /// # Errors
    /// When it is no result file, or was changed after it was made in a way that only a reader of JSON would overlook.
    pub fn read(json: &str, name: &str) -> Result<Self, Problem> {
        let refuse = |error: serde_json::Error| {
            Problem::Input(Phrase::new("verify.not-a-result").with("file", name).with("detail", error.to_string()))
        };
        let file: Self = serde_json::from_str(json).map_err(refuse)?;
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

    /// The language its names and sentences are written in.
    ///
    /// # Errors
    /// When it names another language than Prima writes.
    pub fn written_in(&self, name: &str) -> Result<Language, Problem> {
        match self.language.as_str() {
            "en" => Ok(Language::English),
            "id" => Ok(Language::Indonesian),
            other => {
                let phrase = Phrase::new("verify.unknown-language").with("file", name);
                Err(Problem::Input(phrase.with("language", other)))
            }
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

/// A stored result beside what its own inputs give.
#[derive(Debug)]
pub struct Recomputed {
    /// The outcome of the inputs.
    pub outcome: Outcome,
    /// Its published form.
    pub result: GroupResult,
    /// Every part that is stored otherwise; empty when the stored result is true.
    pub contradictions: Vec<Warning>,
}

/// Computes a stored result again from its inputs and compares every part but the statistics, which need the answers. `language` is
/// that of the stored names and sentences.
///
/// # Errors
/// When the inputs are not of the instrument, or hold impossible numbers.
pub fn recompute(instrument: &Instrument, stored: &GroupResult, language: Language) -> Result<Recomputed, Problem> {
    refuse_absurd_counts(&stored.inputs)?;
    let outcome = stored.inputs.outcome(instrument)?;
    let group: Vec<(String, String)> = stored.group.clone().into_iter().collect();
    let result = GroupResult::new(&group, &outcome, stored.inputs.clone(), language);
    let mut contradictions = differences(stored, &result);
    contradictions.extend(warning_differences(&stored.warnings, &result.warnings));
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
    Ok(Recomputed { outcome, result, contradictions })
}

fn verify_one(instrument: &Instrument, stored: &GroupResult, language: Language) -> Result<Verified, Problem> {
    let Recomputed { outcome, result, contradictions } = recompute(instrument, stored, language)?;
    let shown = |result: &GroupResult| {
        let parts = [result.value.clone(), result.category.clone()];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" ")
    };
    Ok(Verified {
        id: name_of(stored),
        published: shown(stored),
        computed: shown(&result),
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
