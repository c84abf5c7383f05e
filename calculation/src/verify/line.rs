//! The one-line form of an SKM result, short enough for a QR code on paper.
//!
//! `prima:1:skm-2017:unit=Dukcapil;period=2026:exact:n=29:s=105,101,…:91.48:A:3f2a91c04d5e6b78`: version, instrument, group, weights,
//! respondents (`n=?` when unknown), sums (`s=`) or means (`m=`) in the instrument's order of elements (`-` where one is missing),
//! index, category, and the first sixteen hexadecimal digits of the SHA-256 of everything before them.

use super::{Verified, refuse_absurd_counts, with_figures};
use crate::inputs::{Inputs, Numbers};
use crate::problem::Problem;
use crate::result::{GroupResult, hex};
use rules::instrument::{Body, load};
use rules::phrase::Phrase;
use rules::warning::{Code, Warning};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// How every line starts.
pub(super) const START: &str = "prima:";

/// The line of a result; nothing for results that are not of an embedded SKM instrument.
#[must_use]
pub fn line_of(instrument: &str, result: &GroupResult) -> Option<String> {
    let Body::Satisfaction(survey) = load(instrument).ok()??.body else { return None };
    let (weights, respondents, kind, values) = match &result.inputs {
        Inputs::Answers { respondents, sums, weights, .. } => {
            let of = |key: &String| sums.get(key).map_or("-".to_owned(), ToString::to_string);
            (
                weights,
                Some(*respondents),
                's',
                survey.elements.iter().map(|element| of(&element.key)).collect::<Vec<_>>(),
            )
        }
        Inputs::Means { means, respondents, weights, .. } => {
            let of = |key: &String| means.get(key).cloned().unwrap_or_else(|| "-".to_owned());
            (weights, *respondents, 'm', survey.elements.iter().map(|element| of(&element.key)).collect())
        }
        _ => return None,
    };
    let group: Vec<String> =
        result.group.iter().map(|(name, value)| format!("{}={}", encode(name), encode(value))).collect();
    let respondents = respondents.map_or("?".to_owned(), |respondents| respondents.to_string());
    let content = format!(
        "{START}1:{instrument}:{}:{weights}:n={respondents}:{kind}={}:{}:{}",
        group.join(";"),
        values.join(","),
        result.value.as_deref()?,
        result.category.as_deref()?,
    );
    Some(format!("{content}:{}", check_of(&content)))
}

fn check_of(content: &str) -> String {
    hex(&Sha256::digest(content.as_bytes())).chars().take(16).collect()
}

/// Percent-encodes everything that is not a letter, digit or one of `-._~`.
fn encode(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            encoded.push(char::from(byte));
        } else {
            // Writing to a string cannot fail.
            let _ = write!(encoded, "%{byte:02X}");
        }
    }
    encoded
}

fn decode(text: &str) -> Option<String> {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next()?, rest.next()?];
            bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).ok()
}

/// Recomputes every line of a text. A line copied from paper may be broken over several: it holds no blanks of its own, and ends where
/// the next one starts.
///
/// # Errors
/// When one is not of this form.
pub(super) fn verify_all(text: &str) -> Result<Vec<Verified>, Problem> {
    let joined: String = text.split_whitespace().collect();
    let starts: Vec<usize> = joined.match_indices(START).map(|(at, _)| at).collect();
    let ends = starts.iter().skip(1).copied().chain([joined.len()]);
    starts.iter().zip(ends).map(|(start, end)| verify(&joined[*start..end])).collect()
}

/// Recomputes a line.
///
/// # Errors
/// When it is not of this form.
fn verify(line: &str) -> Result<Verified, Problem> {
    let refuse = || Problem::Input(Phrase::new("verify.not-a-line"));
    let (content, check) = line.trim().rsplit_once(':').ok_or_else(refuse)?;
    let parts: Vec<&str> = content.split(':').collect();
    let [_, "1", id, group, weights, respondents, values, value, category] = parts[..] else { return Err(refuse()) };
    let instrument = load(id)?.ok_or_else(refuse)?;
    let inputs = inputs(&instrument, weights, respondents, values).ok_or_else(refuse)?;
    refuse_absurd_counts(&inputs)?;
    let outcome = inputs.outcome(&instrument)?;
    let computed = (outcome.value.as_ref().map(ToString::to_string).unwrap_or_default(), outcome.category().to_owned());
    let mut contradictions = Vec::new();
    if check != check_of(content) {
        contradictions.push(Warning::new(Code::FingerprintDiffers));
    }
    if (value, category) != (computed.0.as_str(), computed.1.as_str()) {
        let warning = Warning::new(Code::StoredResultDiffers).with("what", Phrase::new("part.value"));
        let warning = warning.with("stored", with_figures(&format!("{value} {category}")));
        contradictions.push(warning.with("computed", with_figures(&format!("{} {}", computed.0, computed.1))));
    }
    let names: Option<Vec<String>> =
        group.split(';').filter(|part| !part.is_empty()).map(|part| decode(part.split_once('=')?.1)).collect();
    Ok(Verified {
        id: names.ok_or_else(refuse)?.join(" · "),
        published: format!("{value} {category}"),
        computed: format!("{} {}", computed.0, computed.1),
        comparable: true,
        contradictions,
        remarks: outcome.warnings,
    })
}

fn inputs(
    instrument: &rules::instrument::Instrument,
    weights: &str,
    respondents: &str,
    values: &str,
) -> Option<Inputs> {
    let Body::Satisfaction(survey) = &instrument.body else { return None };
    let respondents = match respondents.strip_prefix("n=")? {
        "?" => None,
        number => Some(number.parse::<u64>().ok()?),
    };
    let (kind, values) = values.split_once('=')?;
    let values: Vec<&str> = values.split(',').collect();
    if values.len() != survey.elements.len() {
        return None;
    }
    let keyed =
        survey.elements.iter().map(|element| element.key.clone()).zip(values).filter(|(_, value)| *value != "-");
    let (weights, population) = (weights.to_owned(), None);
    match kind {
        "m" => {
            let means: Numbers = keyed.map(|(key, value)| (key, value.to_owned())).collect();
            Some(Inputs::Means { means, respondents, weights, population })
        }
        "s" => {
            let sums: Option<BTreeMap<String, u64>> =
                keyed.map(|(key, value)| Some((key, value.parse().ok()?))).collect();
            Some(Inputs::Answers { respondents: respondents?, sums: sums?, total_squares: None, weights, population })
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn result(unit: &str) -> GroupResult {
        let instrument = load("skm-2017").unwrap().unwrap();
        let Body::Satisfaction(survey) = &instrument.body else { panic!("not SKM") };
        let sums = [105, 101, 100, 116, 102, 105, 106, 105, 115];
        let sums = survey.elements.iter().zip(sums).map(|(element, sum)| (element.key.clone(), sum)).collect();
        let weights = "exact".to_owned();
        let inputs = Inputs::Answers { respondents: 29, sums, total_squares: None, weights, population: None };
        let outcome = inputs.outcome(&instrument).unwrap();
        GroupResult::new(&[("unit".into(), unit.into())], &outcome, inputs, rules::phrase::Language::Indonesian)
    }

    #[test]
    fn a_line_holds_the_result_and_is_recomputed() {
        let line = line_of("skm-2017", &result("Dinas Dukcapil; Kota: A")).unwrap();
        assert!(
            line.starts_with("prima:1:skm-2017:unit=Dinas%20Dukcapil%3B%20Kota%3A%20A:exact:n=29:s=105,101,"),
            "{line}"
        );
        let verified = verify(&line).unwrap();
        assert!(verified.contradictions.is_empty());
        assert_eq!((verified.id.as_str(), verified.computed.as_str()), ("Dinas Dukcapil; Kota: A", "91.48 A"));
    }

    /// Paper breaks the line where it ends; people copy blanks and several lines at once.
    #[test]
    fn a_line_broken_by_paper_is_joined() {
        let line = line_of("skm-2017", &result("Dinas A")).unwrap();
        let (one, other) = line.split_at(60);
        let copied = format!("  {one}\n   {other}\n{line}\n");
        let verified = verify_all(&copied).unwrap();
        assert_eq!(verified.len(), 2);
        assert!(verified.iter().all(|verified| verified.contradictions.is_empty()));
    }

    #[test]
    fn a_changed_line_is_noticed_twice() {
        let line = line_of("skm-2017", &result("A")).unwrap().replace(":91.48:", ":95.48:");
        let codes: Vec<&str> =
            verify(&line).unwrap().contradictions.iter().map(|warning| warning.code.as_str()).collect();
        assert_eq!(codes, ["fingerprint-differs", "stored-result-differs"]);
    }

    proptest! {
        #[test]
        fn any_line_is_recomputed_or_refused(text in "\\PC*") {
            let _ = verify(&text);
            let _ = verify_all(&text);
            let _ = verify(&format!("prima:1:skm-2017:{text}"));
        }

        #[test]
        fn any_unit_name_survives_the_line(unit in "\\PC{0,40}") {
            let line = line_of("skm-2017", &result(&unit)).unwrap();
            prop_assert_eq!(verify(&line).unwrap().id, unit);
        }
    }
}
