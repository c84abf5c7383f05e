//! Published results of real cities: SKM, IPP and Ombudsman tables.

use super::Verified;
use super::tables::Rows;
use crate::inputs::Inputs;
use crate::instruments;
use crate::problem::Problem;
use crate::score::means;
use crate::score::year_in;
use analytics::Row;
use rules::instrument::{Band, Body, Family, Instrument, classify, in_force_on};
use rules::outcome::Outcome;
use rules::phrase::Phrase;
use rules::quantity::{Decimal, Ratio, parse_decimal};
use rules::satisfaction_index::{Order, SatisfactionSurvey, WeightPolicy};
use rules::warning::{Code, Warning};
use std::collections::BTreeMap;

/// What a row says and what comes out.
struct Check<'a> {
    instrument: &'a Instrument,
    id: String,
    published: Option<Decimal>,
    words: Words<'a>,
    computed: Option<Outcome>,
    contradictions: Vec<Warning>,
}

/// The words printed beside a value.
#[derive(Default)]
struct Words<'a> {
    category: &'a str,
    label: &'a str,
    zone: &'a str,
    opinion: &'a str,
}

impl Words<'_> {
    fn all(&self) -> String {
        let words = [self.category, self.label, self.zone, self.opinion];
        words.into_iter().filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ")
    }
}

/// An SKM row: element means with the published index and grade, or the index alone.
pub(super) fn satisfaction(table: &Rows, row: &Row) -> Result<Verified, Problem> {
    let instrument = instruments::find(table.cell(row, "rule_set"))?;
    let Body::Satisfaction(survey) = &instrument.body else { return Err(instruments::no_index(&instrument)) };
    let fallback = Order::named(table.cell(row, "order")).unwrap_or_default();
    let reader = means::Table { survey, columns: &table.columns, fallback };
    let computed = match reader.means(row) {
        Err(_) => None,
        Ok(means) => {
            let weights = survey.weights.policy.as_str().to_owned();
            let inputs = Inputs::Means { means, respondents: reader.respondents(row), weights, population: None };
            Some(inputs.outcome(&instrument)?)
        }
    };
    let published = decimal(&instrument, table.cell(row, "published_index"));
    let contradictions = match (&published, &computed) {
        (Some(published), Some(outcome)) => value_contradiction(survey, published, outcome),
        _ => Vec::new(),
    };
    let words = Words { category: table.cell(row, "published_grade"), ..Words::default() };
    let id = table.cell(row, "id").to_owned();
    let check = Check { instrument: &instrument, id, published, words, computed, contradictions };
    Ok(check.finish())
}

/// The published index against the means' own: equal, explained by other weights, or contradicting.
fn value_contradiction(survey: &SatisfactionSurvey, published: &Decimal, outcome: &Outcome) -> Vec<Warning> {
    let Some(computed) = outcome.value.as_ref().filter(|value| *value != published) else { return Vec::new() };
    let mean_sum: Ratio = outcome.items.iter().map(|item| &item.mean).sum();
    let by_policy = |policy: &WeightPolicy| {
        let exact = &survey.index.factor * policy.weight(outcome.items.len()) * &mean_sum;
        // Reports print as many decimals as they like; 82.9 stands for 82.90.
        &survey.rounding.round(&exact) == published
    };
    let warning = match WeightPolicy::ALL.iter().find(|policy| by_policy(policy)) {
        Some(policy) => Warning::new(Code::PublishedByOtherWeights).with("policy", policy.as_str()),
        None => Warning::new(Code::PublishedValueDiffers),
    };
    vec![warning.with("published", published).with("computed", computed)]
}

/// An IPP row: the index with its category and label, in the year's instrument.
pub(super) fn service_index(table: &Rows, row: &Row) -> Result<Verified, Problem> {
    let year = year_in(table.cell(row, "year")).unwrap_or("2026");
    let Some(instrument) = in_force_on(Family::ServiceIndex, year)? else {
        return Err(Problem::Input(Phrase::new("verify.no-instrument").with("year", year)));
    };
    let published = decimal(&instrument, table.cell(row, "published_ipp"));
    let words = Words {
        category: table.cell(row, "published_category"),
        label: table.cell(row, "published_label"),
        ..Words::default()
    };
    let id = format!("{} {} {}", table.cell(row, "id"), table.cell(row, "entity"), table.cell(row, "year"));
    let check = Check { instrument: &instrument, id, published, words, computed: None, contradictions: Vec::new() };
    Ok(check.finish())
}

/// An Ombudsman row: the score with zone, category and opinion, and the unit scores where they were printed.
pub(super) fn compliance(table: &Rows, row: &Row) -> Result<Verified, Problem> {
    let instrument = instruments::find(table.cell(row, "rule_set"))?;
    let published = decimal(&instrument, table.cell(row, "score"));
    let computed = units(table.cell(row, "unit_scores_json"))
        .map(|units| Inputs::Units { units, compliance: None }.outcome(&instrument))
        .transpose()?;
    let mean = computed.as_ref().and_then(|outcome| outcome.value.as_ref());
    let contradictions = match (&published, mean) {
        (Some(published), Some(mean)) if published != mean => {
            vec![Warning::new(Code::PublishedMeanDiffers).with("published", published).with("computed", mean)]
        }
        _ => Vec::new(),
    };
    let words = Words {
        category: table.cell(row, "published_category"),
        zone: table.cell(row, "published_zone"),
        opinion: table.cell(row, "published_opinion"),
        label: "",
    };
    let id = format!("{} {} {}", table.cell(row, "id"), table.cell(row, "entity"), table.cell(row, "year"));
    let check = Check { instrument: &instrument, id, published, words, computed, contradictions };
    Ok(check.finish())
}

fn units(json: &str) -> Option<BTreeMap<String, Inputs>> {
    let scores: BTreeMap<String, serde_json::Number> = serde_json::from_str(json).ok()?;
    let units = scores.into_iter().map(|(name, score)| (name, Inputs::Score { score: score.to_string() }));
    Some(units.collect())
}

fn decimal(instrument: &Instrument, text: &str) -> Option<Decimal> {
    let number = parse_decimal(text).ok()?;
    Some(instrument.rounding()?.round(&number))
}

impl Check<'_> {
    /// Compares the printed words with the band of the printed value (or, without one, of the computed value).
    fn finish(mut self) -> Verified {
        let computed_value = self.computed.as_ref().and_then(|outcome| outcome.value.clone());
        let value = self.published.clone().or_else(|| computed_value.clone());
        let band = value.as_ref().map(|value| classify(self.instrument.bands(), value));
        if let Some((value, band)) = value.as_ref().zip(band) {
            self.contradictions.extend(self.word_contradictions(value, band));
        }
        let published = [self.published.as_ref().map(ToString::to_string), Some(self.words.all())];
        let shown = computed_value.or(value);
        let computed = [
            shown.as_ref().map(ToString::to_string),
            shown.as_ref().map(|value| words_of(classify(self.instrument.bands(), value))),
        ];
        let join = |parts: [Option<String>; 2]| {
            parts.into_iter().flatten().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
        };
        // A value without its means is compared only by its words.
        let comparable = self.published.is_some() && (self.computed.is_some() || !self.words.all().is_empty());
        Verified {
            id: self.id,
            published: join(published),
            computed: join(computed),
            comparable,
            contradictions: self.contradictions,
            remarks: self.computed.map(|outcome| outcome.warnings).unwrap_or_default(),
        }
    }

    fn word_contradictions(&self, value: &Decimal, band: &Band) -> Vec<Warning> {
        let differs = |published: &str, computed: &str| {
            let warning = Warning::new(Code::PublishedCategoryDiffers).with("published", published);
            warning.with("value", value).with("computed", computed)
        };
        let mut found = Vec::new();
        let names = |word: &str| {
            let known = [band.label.id.as_str()].into_iter().chain(band.other_labels.iter().map(String::as_str));
            known.into_iter().any(|label| same(label, word))
        };
        if !self.words.category.is_empty() && !same(&band.category, self.words.category) {
            found.push(differs(self.words.category, &band.category));
        }
        // A wrong category brings its wrong name along; once is enough.
        if found.is_empty() && !self.words.label.is_empty() && !names(self.words.label) {
            found.push(differs(self.words.label, &band.label.id));
        }
        if let Some(zone) =
            band.zone.as_deref().filter(|zone| !self.words.zone.is_empty() && !same(zone, self.words.zone))
        {
            found.push(differs(self.words.zone, zone));
        }
        let opinion = self.words.opinion.to_lowercase();
        let without_suffix = opinion.trim_end_matches(" tanpa maladministrasi");
        if let Some(known) = band.opinion.as_deref().filter(|known| !opinion.is_empty() && !same(known, without_suffix))
        {
            found.push(differs(self.words.opinion, known));
        }
        found
    }
}

fn same(one: &str, other: &str) -> bool {
    one.trim().to_lowercase() == other.trim().to_lowercase()
}

fn words_of(band: &Band) -> String {
    let words = [Some(band.category.as_str()), band.zone.as_deref()];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}
