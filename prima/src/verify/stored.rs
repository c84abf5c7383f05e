//! Result files and reports of Prima itself.

use super::Verified;
use crate::instruments;
use crate::problem::Problem;
use crate::result::{GroupResult, ResultFile, fingerprint};
use flate2::read::ZlibDecoder;
use rules::instrument::Instrument;
use rules::phrase::{Language, Phrase};
use rules::warning::{Code, Warning};
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

/// Recomputes every result of a result file and compares all that was stored.
pub(super) fn verify(json: &str, name: &str, own: Option<&str>, language: Language) -> Result<Vec<Verified>, Problem> {
    let file: ResultFile = serde_json::from_str(json).map_err(|error| {
        Problem::Input(Phrase::new("verify.not-a-result").with("file", name).with("detail", error.to_string()))
    })?;
    let instrument = instruments::find(own.unwrap_or(&file.instrument))?;
    if instrument.header.id != file.instrument {
        return Err(Problem::Input(Phrase::new("verify.other-instrument").with("wanted", file.instrument.as_str())));
    }
    let language = match file.language.as_str() {
        "en" => Language::English,
        "id" => Language::Indonesian,
        _ => language,
    };
    file.results.iter().map(|result| verify_one(&instrument, result, language)).collect()
}

fn verify_one(instrument: &Instrument, stored: &GroupResult, language: Language) -> Result<Verified, Problem> {
    let outcome = stored.inputs.outcome(instrument)?;
    let group: Vec<(String, String)> = stored.group.clone().into_iter().collect();
    let computed = GroupResult::new(&group, &outcome, stored.inputs.clone(), language);
    let mut contradictions = differences(stored, &computed);
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
        id: stored.group.values().cloned().collect::<Vec<_>>().join(" · "),
        published: shown(stored),
        computed: shown(&computed),
        comparable: true,
        contradictions,
        remarks: outcome.warnings,
    })
}

/// Every part of a result that the inputs do not give as stored. Statistics beside the index are not recomputed: they need the answers.
fn differences(stored: &GroupResult, computed: &GroupResult) -> Vec<Warning> {
    let text = |value: &Option<String>| value.clone().unwrap_or_default();
    let mut parts: Vec<(&'static str, String, String)> = vec![
        ("part.value", text(&stored.value), text(&computed.value)),
        ("part.category", text(&stored.category), text(&computed.category)),
        ("part.label", text(&stored.label), text(&computed.label)),
        ("part.zone", text(&stored.zone), text(&computed.zone)),
        ("part.opinion", text(&stored.opinion), text(&computed.opinion)),
        ("part.items", list(&stored.items), list(&computed.items)),
        ("part.components", list(&stored.components), list(&computed.components)),
        ("part.steps", list(&stored.steps), list(&computed.steps)),
        ("part.interval", list(&stored.interval), list(&computed.interval)),
    ];
    parts.retain(|(_, stored, computed)| stored != computed);
    let short = |text: &str| -> String {
        let cut: String = text.chars().take(60).collect();
        if cut.len() < text.len() { cut + "…" } else { cut }
    };
    let warning = |(what, stored, computed): &(&'static str, String, String)| {
        let (stored, computed) = from_first_difference(stored, computed);
        Warning::new(Code::StoredResultDiffers)
            .with("what", Phrase::new(what))
            .with("stored", short(stored))
            .with("computed", short(computed))
    };
    parts.iter().map(warning).collect()
}

/// Both texts from shortly before the first character in which they differ, so that the sentence shows the difference.
fn from_first_difference<'a>(one: &'a str, other: &'a str) -> (&'a str, &'a str) {
    let same = one.char_indices().zip(other.chars()).take_while(|((_, a), b)| a == b).count();
    let start = same.saturating_sub(20);
    let cut = |text: &'a str| text.char_indices().nth(start).map_or(text, |(at, _)| &text[at..]);
    if same < 40 { (one, other) } else { (cut(one), cut(other)) }
}

/// A part of a result as text, for comparing and showing.
fn list<T: serde::Serialize>(part: &T) -> String {
    serde_json::to_string(part).unwrap_or_default()
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
