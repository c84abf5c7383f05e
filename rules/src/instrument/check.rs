//! Reading and refusing: from text to a checked instrument.

use super::{Body, Family, Fault, Header, Instrument, InstrumentError, Place};
use crate::phrase::{Argument, Phrase};
use crate::quantity::{Ratio, exact_text, one, sum};
use num_traits::Signed;
use serde::de::DeserializeOwned;
use std::collections::BTreeMap;
use std::ops::Range;
use toml::Spanned;

const HEADER_KEYS: &[&str] = &["id", "other_ids", "family", "title", "in_force", "last_checked_on", "basis", "notes"];

/// The part of a file that belongs to one family: its top-level keys and its checks.
pub(crate) trait FileBody: DeserializeOwned {
    /// Top-level keys beyond the header.
    const KEYS: &'static [&'static str];

    /// Everything that would let a wrong number out.
    fn check(&self) -> Result<(), Fault>;
}

pub(super) fn read(file: &str, text: &str) -> Result<Instrument, InstrumentError> {
    let reader = Reader { file, text };
    let header: Header = reader.parse()?;
    reader.check_header(&header)?;
    let body = match header.family {
        Family::Satisfaction => Body::Satisfaction(reader.body()?),
        Family::ServiceIndex => Body::ServiceIndex(Box::new(reader.body()?)),
        Family::Compliance => Body::Compliance(reader.body()?),
        Family::Complaints => Body::Complaints(reader.body()?),
        Family::Calendar => Body::Calendar(reader.body()?),
        Family::ServiceStandard => Body::ServiceStandard(reader.body()?),
        Family::Innovation => Body::Innovation(reader.body()?),
    };
    Ok(Instrument { header, body })
}

struct Reader<'a> {
    file: &'a str,
    text: &'a str,
}

impl Reader<'_> {
    fn parse<T: DeserializeOwned>(&self) -> Result<T, InstrumentError> {
        toml::from_str(self.text).map_err(|error| {
            let reason = Phrase::new("instrument.not-readable").with("detail", error.message());
            self.error(self.line_at(error.span().as_ref()), reason)
        })
    }

    fn body<B: FileBody>(&self) -> Result<B, InstrumentError> {
        self.refuse_unknown_keys(B::KEYS)?;
        let body: B = self.parse()?;
        body.check().map_err(|fault| self.error(self.line_of(fault.place), fault.reason))?;
        Ok(body)
    }

    fn check_header(&self, header: &Header) -> Result<(), InstrumentError> {
        let at = |key| self.error(self.line_starting_with(key), Phrase::new("instrument.bad-value").with("key", key));
        let named = !header.id.is_empty() && header.id.bytes().all(|byte| byte == b'-' || byte.is_ascii_alphanumeric());
        if !named {
            return Err(at("id"));
        }
        if header.basis.is_empty() {
            return Err(self.error(1, Phrase::new("instrument.no-basis")));
        }
        if !is_date(&header.last_checked_on) || header.last_checked_on.len() != 10 {
            return Err(at("last_checked_on"));
        }
        let dates = &header.in_force;
        let mut open = [&dates.until, &dates.uncertain_from].into_iter().flatten();
        if !is_date(&dates.from) || !open.all(|date| is_date(date)) {
            return Err(at("in_force"));
        }
        Ok(())
    }

    fn refuse_unknown_keys(&self, known: &[&str]) -> Result<(), InstrumentError> {
        let keys: BTreeMap<Spanned<String>, toml::Value> = self.parse()?;
        match keys
            .keys()
            .find(|key| !HEADER_KEYS.contains(&key.get_ref().as_str()) && !known.contains(&key.get_ref().as_str()))
        {
            None => Ok(()),
            Some(key) => {
                let reason = Phrase::new("instrument.unknown-key").with("key", key.get_ref().as_str());
                Err(self.error(self.line_at(Some(&key.span())), reason))
            }
        }
    }

    fn error(&self, line: usize, reason: Phrase) -> InstrumentError {
        InstrumentError { file: self.file.to_owned(), line, reason }
    }

    fn line_at(&self, span: Option<&Range<usize>>) -> usize {
        let end = span.map_or(0, |span| span.start.min(self.text.len()));
        1 + self.text.as_bytes()[..end].iter().filter(|byte| **byte == b'\n').count()
    }

    fn line_of(&self, place: Place) -> usize {
        match place {
            Place::Top => 1,
            Place::Table(name) => self.line_starting_with(&format!("[{name}]")),
            Place::Entry(name, index) => {
                let heading = format!("[[{name}]]");
                let mut entries =
                    self.text.lines().enumerate().filter(|(_, line)| line.trim_start().starts_with(&heading));
                entries.nth(index).map_or_else(|| self.line_starting_with(name), |(line, _)| line + 1)
            }
        }
    }

    fn line_starting_with(&self, start: &str) -> usize {
        self.text.lines().position(|line| line.trim_start().starts_with(start)).map_or(1, |line| line + 1)
    }
}

fn is_date(text: &str) -> bool {
    let shape =
        |(index, byte): (usize, u8)| if index == 4 || index == 7 { byte == b'-' } else { byte.is_ascii_digit() };
    matches!(text.len(), 4 | 10) && text.bytes().enumerate().all(shape)
}

/// Refuses a key used twice in `[[table]]`.
pub(crate) fn distinct<'a>(table: &'static str, keys: impl Iterator<Item = &'a str>) -> Result<(), Fault> {
    let mut seen = std::collections::BTreeSet::new();
    for (index, key) in keys.enumerate() {
        if key.is_empty() || !seen.insert(key) {
            return Err(Fault::new(Place::Entry(table, index), Phrase::new("instrument.key-twice").with("key", key)));
        }
    }
    Ok(())
}

/// Refuses a scale of whole numbers that does not rise, or has more than eleven steps.
pub(crate) fn whole_scale(place: Place, lowest: u8, highest: u8) -> Result<(), Fault> {
    if lowest < highest && highest - lowest <= 10 {
        return Ok(());
    }
    Err(Fault::new(place, Phrase::new("instrument.scale-upside-down")))
}

/// Refuses negative weights and weights that do not add up to exactly one.
pub(crate) fn adds_to_one<'a>(place: Place, weights: impl Iterator<Item = &'a Ratio>) -> Result<(), Fault> {
    let weights: Vec<&Ratio> = weights.collect();
    let number = |weight: &Ratio| Argument::Number(exact_text(weight));
    if let Some(negative) = weights.iter().find(|weight| weight.is_negative()) {
        return Err(Fault::new(place, Phrase::new("instrument.negative-weight").with("weight", number(negative))));
    }
    let total = sum(weights);
    if total == one() {
        return Ok(());
    }
    Err(Fault::new(place, Phrase::new("instrument.weights-sum").with("sum", number(&total))))
}
