//! A result that an agency published, as it is kept here: what was printed, where, what it can be recomputed from, and whether it
//! agrees with its rule.

use crate::place::{Kind, Place};
use calculation::published::{Comparison, PublishedResult, PublishedWords, Standing};
use calculation::{GroupResult, Inputs, Problem, ResultFile, instruments};
use rules::instrument::{Band, Body, Instrument, classify};
use rules::phrase::Language;
use rules::quantity::{Decimal, parse_decimal, power_of_ten};
use std::collections::BTreeMap;
use std::sync::LazyLock;

/// The measurement a result is of, as addresses and open data name it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Family {
    /// "Indeks Pelayanan Publik".
    ServiceIndex,
    /// "Penilaian Kepatuhan", later "Opini", of the Ombudsman.
    Ombudsman,
    /// "Survei Kepuasan Masyarakat".
    Satisfaction,
}

impl Family {
    /// All families, in the order of screens.
    pub(crate) const ALL: [Self; 3] = [Self::ServiceIndex, Self::Ombudsman, Self::Satisfaction];

    /// The stable name in the database, in addresses and in open data.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::ServiceIndex => "ipp",
            Self::Ombudsman => "ombudsman",
            Self::Satisfaction => "skm",
        }
    }

    /// The family of a stable name.
    #[must_use]
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|family| family.name() == name)
    }

    /// The family of an instrument; nothing for those without an index.
    #[must_use]
    pub(crate) fn of(instrument: &Instrument) -> Option<Self> {
        match &instrument.body {
            Body::Satisfaction(_) => Some(Self::Satisfaction),
            Body::ServiceIndex(_) => Some(Self::ServiceIndex),
            Body::Compliance(_) => Some(Self::Ombudsman),
            _ => None,
        }
    }
}

/// Where a result was published.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Source {
    /// Public address; empty when it was not recorded.
    pub(crate) address: String,
    /// How the table names it: the host of the address, or the words in place of one.
    pub(crate) title: String,
}

impl Source {
    /// The source of a table's cell: an address, an address with words, or words alone.
    #[must_use]
    pub(crate) fn of(cell: &str) -> Self {
        let address = cell.split([' ', ',']).find(|word| word.starts_with("https://") || word.starts_with("http://"));
        let Some(address) = address else { return Self { address: String::new(), title: cell.to_owned() } };
        let words = cell.replacen(address, "", 1);
        let words = words.trim_matches([' ', ',', '(', ')']);
        let host = address.split('/').nth(2).unwrap_or(address).trim_start_matches("www.");
        let title = if words.is_empty() { host.to_owned() } else { format!("{host} ({words})") };
        Self { address: address.to_owned(), title }
    }
}

/// One published result.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Published {
    /// Its stable name, never given to another result: `omb-089`.
    pub(crate) id: String,
    /// The measurement.
    pub(crate) family: Family,
    /// The rule of the time: `ombudsman-2025`.
    pub(crate) instrument: String,
    /// Who was measured.
    pub(crate) place: Place,
    /// The place as the source names it.
    pub(crate) printed_place: String,
    /// The year, where the source says; a period such as "Triwulan III" alone has none.
    pub(crate) year: Option<i64>,
    /// Year or period as printed.
    pub(crate) period: String,
    /// The printed value with the decimals of its instrument.
    pub(crate) value: Option<String>,
    /// The words printed beside it.
    pub(crate) words: PublishedWords,
    /// Respondents, where printed.
    pub(crate) respondents: Option<i64>,
    /// Where it was published.
    pub(crate) source: Source,
    /// What the table notes, in English.
    pub(crate) note: String,
    /// What it was computed from, as JSON, where that was printed too.
    pub(crate) inputs: Option<String>,
    /// The value those inputs give.
    pub(crate) computed: Option<String>,
    /// The category by the rule: of the printed value, else of the computed one.
    pub(crate) category: String,
    /// The zone by the rule, where the instrument has zones.
    pub(crate) zone: String,
    /// Whether printed and recomputed agree: `agrees`, `differs`, `nothing-to-compare`.
    pub(crate) standing: String,
    /// Codes of the contradictions, separated by spaces.
    pub(crate) reasons: String,
    /// Fingerprint of the recomputed result.
    pub(crate) fingerprint: Option<String>,
}

/// The instruments that give a value, read once.
static INSTRUMENTS: LazyLock<BTreeMap<String, Instrument>> = LazyLock::new(|| {
    let all = instruments::all().expect("every embedded instrument is read by a test");
    let with_index = all.into_iter().filter(|instrument| Family::of(instrument).is_some());
    with_index.map(|instrument| (instrument.header.id.clone(), instrument)).collect()
});

/// The embedded instruments that give a value, in order of their names.
pub(crate) fn known_instruments() -> impl Iterator<Item = &'static Instrument> {
    INSTRUMENTS.values()
}

/// The embedded instrument of a name.
#[must_use]
pub(crate) fn instrument(id: &str) -> Option<&'static Instrument> {
    INSTRUMENTS.get(id)
}

impl Published {
    /// The row of a published table with everything that is computed from it; nothing when its instrument gives no index.
    ///
    /// # Errors
    /// When the printed parts are impossible under the instrument.
    pub(crate) fn new(row: &PublishedResult) -> Result<Option<Self>, Problem> {
        let Some(family) = Family::of(&row.instrument) else { return Ok(None) };
        let compared = row.compare()?;
        let place = Place::of(&row.place);
        let by_rule = row.value.as_ref().or(compared.outcome.as_ref().and_then(|outcome| outcome.value.as_ref()));
        let band = by_rule.map(|value| classify(row.instrument.bands(), value));
        let codes: Vec<&str> = compared.contradictions.iter().map(|warning| warning.code.as_str()).collect();
        let mut published = Self {
            id: row.id.clone(),
            family,
            instrument: row.instrument.header.id.clone(),
            place,
            printed_place: row.place.clone(),
            year: year_of(&row.period),
            period: row.period.clone(),
            value: row.value.as_ref().map(ToString::to_string),
            words: row.words.clone(),
            respondents: None,
            source: Source::of(&row.source),
            note: row.note.clone(),
            inputs: row.inputs.as_ref().map(calculation::render::json).map(|json| json.trim_end().to_owned()),
            computed: None,
            category: band.map(|band| band.category.clone()).unwrap_or_default(),
            zone: band.and_then(|band| band.zone.clone()).unwrap_or_default(),
            standing: standing_name(compared.standing).to_owned(),
            reasons: codes.join(" "),
            fingerprint: None,
        };
        if let (Some(inputs), Some(outcome)) = (&row.inputs, &compared.outcome) {
            let result = GroupResult::new(&published.group(), outcome, inputs.clone(), Language::Indonesian);
            published.respondents = result.respondents.and_then(|count| count.try_into().ok());
            published.computed = result.value;
            published.fingerprint = Some(result.fingerprint);
        }
        Ok(Some(published))
    }

    /// What sort of thing was measured: the place, or a unit of it.
    #[must_use]
    pub(crate) fn kind(&self) -> Kind {
        if self.place.unit.is_empty() { self.place.kind } else { Kind::Unit }
    }

    /// The value for putting results in order, in ten-thousandths: decimal texts do not sort as numbers.
    #[must_use]
    pub(crate) fn order(&self) -> Option<i64> {
        let value = parse_decimal(self.value.as_deref()?).ok()?;
        (value * rules::quantity::whole(power_of_ten(4))).to_integer().try_into().ok()
    }

    /// Who and when, as a result file names its groups.
    #[must_use]
    pub(crate) fn group(&self) -> Vec<(String, String)> {
        let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
        let mut group = vec![pair("institution", &self.place.name)];
        if !self.place.unit.is_empty() {
            group.push(pair("unit", &self.place.unit));
        }
        group.push(pair("period", &self.period));
        group
    }

    /// The row as the calculation reads it; nothing when the program no longer knows its instrument.
    #[must_use]
    pub(crate) fn row(&self) -> Option<PublishedResult> {
        let instrument = instrument(&self.instrument)?.clone();
        let rounded = |text: &String| Some(instrument.rounding()?.round(&parse_decimal(text).ok()?));
        Some(PublishedResult {
            id: self.id.clone(),
            place: self.printed_place.clone(),
            level: self.kind().name().to_owned(),
            period: self.period.clone(),
            value: self.value.as_ref().and_then(rounded),
            words: self.words.clone(),
            inputs: self.stored_inputs(),
            source: self.source.title.clone(),
            note: self.note.clone(),
            line: 0,
            instrument,
        })
    }

    /// What it was computed from, where printed.
    #[must_use]
    pub(crate) fn stored_inputs(&self) -> Option<Inputs> {
        serde_json::from_str(self.inputs.as_deref()?).ok()
    }

    /// The printed value as a number.
    #[must_use]
    pub(crate) fn decimal(&self) -> Option<Decimal> {
        let rounding = instrument(&self.instrument)?.rounding()?;
        Some(rounding.round(&parse_decimal(self.value.as_deref()?).ok()?))
    }

    /// The band of the rule for the printed value, else for the computed one.
    #[must_use]
    pub(crate) fn band(&self) -> Option<&'static Band> {
        instrument(&self.instrument)?.bands().iter().find(|band| band.category == self.category)
    }

    /// What the result comes to again, in one language: for its page, and as the file that `prima verify` takes.
    ///
    /// # Errors
    /// When the printed parts are impossible under the instrument.
    pub(crate) fn again(&self, language: Language) -> Result<Option<Again>, Problem> {
        let Some(row) = self.row() else { return Ok(None) };
        let comparison = row.compare()?;
        let file = row.inputs.as_ref().zip(comparison.outcome.as_ref()).map(|(inputs, outcome)| ResultFile {
            instrument: row.instrument.header.id.clone(),
            title: row.instrument.header.title.in_language(language).to_owned(),
            language: platform::words::tag(language).to_owned(),
            results: vec![GroupResult::new(&self.group(), outcome, inputs.clone(), language)],
            left_out: calculation::LeftOutRows::default(),
        });
        Ok(Some(Again { comparison, file }))
    }
}

/// A published result, computed again.
#[derive(Debug)]
pub(crate) struct Again {
    /// Whether it agrees, and in what it does not.
    pub(crate) comparison: Comparison,
    /// The recomputed result with every step; nothing where only the final value was printed.
    pub(crate) file: Option<ResultFile>,
}

/// The stable word of a standing.
#[must_use]
pub(crate) const fn standing_name(standing: Standing) -> &'static str {
    match standing {
        Standing::Agrees => "agrees",
        Standing::Differs => "differs",
        Standing::NothingToCompare(_) => "nothing-to-compare",
    }
}

/// The year a period names. "(before 2026)" names none: the year itself is not known.
fn year_of(period: &str) -> Option<i64> {
    if period.trim_start().starts_with('(') {
        return None;
    }
    let years = period.split(|sign: char| !sign.is_ascii_digit());
    let mut years = years.filter(|word| word.len() == 4 && (word.starts_with("19") || word.starts_with("20")));
    years.next()?.parse().ok()
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;

    /// A result of the embedded tables by its name.
    pub(crate) fn known(id: &str) -> Published {
        let rows = calculation::published::embedded().unwrap();
        let row = rows.iter().find(|row| row.id == id).unwrap();
        Published::new(row).unwrap().unwrap()
    }

    #[test]
    fn a_year_is_taken_only_where_it_is_printed_as_one() {
        assert_eq!([year_of("2021"), year_of("2025 TW2")], [Some(2021), Some(2025)]);
        assert_eq!([year_of("(before 2026)"), year_of("Triwulan III"), year_of("no 123456")], [None; 3]);
    }

    #[test]
    fn a_source_is_its_address_and_its_words() {
        let one = Source::of("https://github.com/a/b (rumus.md, commit 157a)");
        assert_eq!(
            (one.address.as_str(), one.title.as_str()),
            ("https://github.com/a/b", "github.com (rumus.md, commit 157a)")
        );
        assert_eq!(Source::of("published result, address not recorded").address, "");
        assert_eq!(Source::of("https://www.x.id/berita").title, "x.id");
    }

    #[test]
    fn a_result_with_parts_is_recomputed_and_agrees() {
        let palembang = known("omb-089");
        assert_eq!((palembang.value.as_deref(), palembang.computed.as_deref()), (Some("88.23"), Some("88.23")));
        assert_eq!((palembang.standing.as_str(), palembang.category.as_str()), ("agrees", "Sangat Baik"));
        assert!(palembang.fingerprint.is_some_and(|print| print.starts_with("sha256:")));
    }

    #[test]
    fn a_label_against_the_table_differs_with_its_reason() {
        let gunungtanjung = known("ipp-016");
        assert_eq!((gunungtanjung.words.category.as_str(), gunungtanjung.category.as_str()), ("D", "E"));
        assert_eq!(
            (gunungtanjung.standing.as_str(), gunungtanjung.reasons.as_str()),
            ("differs", "published-category-differs")
        );
        assert_eq!(gunungtanjung.kind(), Kind::Unit);
    }

    #[test]
    fn what_is_kept_gives_the_same_comparison_again() {
        for row in calculation::published::embedded().unwrap() {
            let kept = Published::new(&row).unwrap().unwrap();
            let again = kept.again(Language::Indonesian).unwrap().unwrap();
            assert_eq!(standing_name(again.comparison.standing), kept.standing, "{}", kept.id);
            let result = again.file.map(|file| file.results[0].clone());
            assert_eq!(result.as_ref().map(|result| result.fingerprint.clone()), kept.fingerprint, "{}", kept.id);
        }
    }

    #[test]
    fn values_are_put_in_order_as_numbers() {
        assert_eq!(known("omb-062").order(), Some(976_000));
        assert_eq!(known("omb-124").order(), None, "no score was printed");
    }
}
