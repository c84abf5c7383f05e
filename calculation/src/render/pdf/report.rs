//! The SKM report's data from a scored group.

use super::Sheet;
use crate::render::text::share;
use crate::result::IntervalResult;
use documents::{ElementRow, FollowUp, GenericTable, ProfileTable, SatisfactionReport, Signature, TrendPoint};
use rules::outcome::Item;
use rules::phrase::{Argument, Phrase};
use rules::satisfaction_index::{SatisfactionSurvey, WeightPolicy};
use rules::statistics::{margin_of_error, sample_size_95};

/// How many of the weakest elements a report names.
const WEAKEST: usize = 3;

impl Sheet<'_> {
    pub(super) fn report(&self, survey: &SatisfactionSurvey) -> SatisfactionReport {
        let population = self.scored.options.population;
        let weakest = self.weakest();
        let factor = rules::quantity::exact_text(&survey.index.factor);
        SatisfactionReport {
            language: self.language,
            agency: self.agency(),
            unit: self.unit(),
            period: self.period(),
            title: self.details.title.clone(),
            instrument: self.instrument().header.title.in_language(self.language).to_owned(),
            legal_basis: self.legal_basis(),
            outcome: self.headline(),
            respondents: self.result.respondents,
            population,
            required_sample: population.map(sample_size_95),
            interval: self.result.interval.as_ref().map(|interval| self.interval(interval)).unwrap_or_default(),
            method: self.method(),
            weight_policy: self.weight_policy(survey),
            profile: self.profile(),
            elements: self.elements(survey),
            answers: Vec::new(),
            statistics: self.validity(),
            weakest_sentence: self.weakest_sentence(&weakest),
            weakest: weakest.iter().map(|item| item.name.in_language(self.language).to_owned()).collect(),
            follow_up: self.details.follow_up.iter().map(planned).collect(),
            earlier_follow_up: self.details.earlier_follow_up.iter().map(planned).collect(),
            trend: self.trend(),
            signatures: self.signatures(),
            bands: self.bands(),
            formula: self.say(&Phrase::new("pdf.formula").with("factor", factor)),
            steps: self.steps(),
            citations: self.citations(),
            warnings: self.warnings(),
            verification: self.verification(),
            attachment: self.attachment(),
            produced_on: self.details.produced_on.clone(),
        }
    }

    fn interval(&self, interval: &IntervalResult) -> String {
        let number = |text: &str| Argument::Number(text.to_owned());
        let method = match interval.method.split('+').next() {
            Some("student-t") => "pdf.method-student",
            _ => "pdf.method-normal",
        };
        let phrase = Phrase::new("pdf.interval")
            .with("low", number(&interval.low))
            .with("high", number(&interval.high))
            .with("margin", number(&interval.margin))
            .with("method", self.word(method));
        self.say(&phrase)
    }

    fn method(&self) -> Vec<String> {
        let mut paragraphs = vec![self.word("pdf.method")];
        let population = self.scored.options.population;
        if let (Some(respondents), Some(population)) = (self.result.respondents, population) {
            let needed = sample_size_95(population);
            let key = if respondents >= needed { "pdf.sample-reached" } else { "pdf.sample-missed" };
            let mut phrase = Phrase::new(key).with("population", population).with("needed", needed);
            phrase = phrase.with("respondents", respondents);
            let confidence = rules::quantity::ratio(95, 100);
            if let Some(margin) = margin_of_error(respondents, Some(population), &confidence) {
                let percent = rules::quantity::Decimal::half_up(&(margin.value() * rules::quantity::whole(100)), 2);
                phrase = phrase.with("margin", &percent);
            }
            paragraphs.push(self.say(&phrase));
        }
        paragraphs.extend(self.details.method.iter().cloned());
        paragraphs
    }

    fn weight_policy(&self, survey: &SatisfactionSurvey) -> String {
        let key = match self.scored.policy(survey) {
            WeightPolicy::Exact => "pdf.weights-exact",
            WeightPolicy::Round2 => "pdf.weights-round2",
            WeightPolicy::Round3 => "pdf.weights-round3",
        };
        self.say(&Phrase::new(key).with("elements", self.outcome.items.len().to_string()))
    }

    fn profile(&self) -> Vec<ProfileTable> {
        let title = |column: &str| match column {
            "sex" => self.word("pdf.sex"),
            "age" => self.word("pdf.age"),
            "education" => self.word("pdf.education"),
            "disability" => self.word("pdf.disability"),
            _ => self.word("pdf.occupation"),
        };
        let unknown = self.word("pdf.not-stated");
        let named =
            |(value, count): &(String, u64)| (if value.is_empty() { unknown.clone() } else { value.clone() }, *count);
        let counts = self.group.profile.iter();
        counts
            .map(|profile| ProfileTable {
                title: title(&profile.column),
                rows: profile.values.iter().map(named).collect(),
            })
            .collect()
    }

    fn elements(&self, survey: &SatisfactionSurvey) -> Vec<ElementRow> {
        let order = self.scored.options.order.unwrap_or_default();
        let number_of = |key: &str| survey.keys_in(order).iter().position(|known| known == key).map_or(0, |at| at + 1);
        let counts = |key: &str| {
            let validity = self.group.statistics.as_ref()?.validity.iter().find(|item| item.key == key)?;
            Some(validity.counts.clone())
        };
        let row = |(item, shown): (&Item, &crate::result::ItemResult)| ElementRow {
            code: format!("U{}", number_of(&item.key)),
            name: shown.name.clone(),
            mean: shown.mean.clone(),
            weight: shown.weight.clone(),
            weighted: shown.weighted.clone(),
            share: share(self.instrument(), &item.mean),
            counts: counts(&item.key),
        };
        let mut rows: Vec<(usize, ElementRow)> = self
            .outcome
            .items
            .iter()
            .zip(&self.result.items)
            .map(|(item, shown)| (number_of(&item.key), row((item, shown))))
            .collect();
        rows.sort_by_key(|(number, _)| *number);
        rows.into_iter().map(|(_, row)| row).collect()
    }

    fn weakest(&self) -> Vec<&Item> {
        let mut items: Vec<&Item> = self.outcome.items.iter().collect();
        items.sort_by(|one, other| one.mean.cmp(&other.mean));
        items.truncate(WEAKEST);
        items
    }

    fn weakest_sentence(&self, weakest: &[&Item]) -> String {
        let Some(first) = weakest.first() else { return String::new() };
        let mean = rules::quantity::Decimal::half_up(&first.mean, 2);
        self.say(&Phrase::new("pdf.weakest").with("element", &first.name).with("mean", &mean))
    }

    fn validity(&self) -> Vec<GenericTable> {
        let Some(statistics) = &self.group.statistics else { return Vec::new() };
        let (Some(alpha), Some(critical)) = (&statistics.alpha, &statistics.critical) else { return Vec::new() };
        let name_of = |key: &str| {
            let item = self.result.items.iter().find(|item| item.key == key);
            item.map_or_else(|| key.to_owned(), |item| item.name.clone())
        };
        let verdict = |valid: bool| self.word(if valid { "pdf.valid" } else { "pdf.not-valid" });
        let rows = statistics.validity.iter().map(|item| {
            let correlation = item.correlation.clone().unwrap_or_else(|| "–".to_owned());
            vec![name_of(&item.key), correlation, critical.clone(), verdict(item.valid)]
        });
        let number = |text: &String| Argument::Number(text.clone());
        let note = Phrase::new("pdf.reliability").with("alpha", number(alpha));
        vec![GenericTable {
            title: self.word("pdf.validity"),
            columns: ["score.item", "pdf.correlation", "pdf.critical", "pdf.verdict"]
                .map(|key| self.word(key))
                .to_vec(),
            rows: rows.collect(),
            note: self.say(&note),
        }]
    }

    fn trend(&self) -> Vec<TrendPoint> {
        let earlier = self.details.trend.iter();
        let mut points: Vec<TrendPoint> =
            earlier.map(|point| TrendPoint { period: point.period.clone(), value: point.value.clone() }).collect();
        if let (false, Some(value)) = (points.is_empty(), &self.result.value) {
            points.push(TrendPoint { period: self.period(), value: value.clone() });
        }
        points
    }

    pub(super) fn signatures(&self) -> Vec<Signature> {
        let signature = |signature: &crate::details::SignatureDetail| Signature {
            place_date: signature.place_date.clone(),
            role: signature.role.clone(),
            name: signature.name.clone(),
            nip: signature.nip.clone(),
        };
        self.details.signatures.iter().map(signature).collect()
    }
}

fn planned(detail: &crate::details::FollowUpDetail) -> FollowUp {
    FollowUp {
        priority: detail.priority.clone(),
        action: detail.action.clone(),
        time: detail.time.clone(),
        responsible: detail.responsible.clone(),
    }
}
