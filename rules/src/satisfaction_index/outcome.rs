//! The full result of an index: items, steps, warnings.

use super::Calculation;
use crate::citation::Status;
use crate::outcome::{Draft, Item, Outcome};
use crate::phrase::Phrase;
use crate::quantity::{Ratio, exact_text};
use crate::statistics::sample_size_95;
use crate::step::{Step, shown};
use crate::warning::{Code, Warning};

impl Calculation<'_> {
    /// The result with every step. Without any data it has no value.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let items = self.items();
        let summary = self.summary();
        let exact = summary.as_ref().map(|summary| summary.exact.clone());
        let mut draft = Draft::new(self.header, self.survey.rounding, &self.survey.bands, exact);
        draft.steps = draft.exact.as_ref().map(|exact| self.steps(&items, exact)).unwrap_or_default();
        draft.respondents = self.respondents();
        draft.items = items;
        draft.interval = summary.and_then(|summary| summary.interval);
        draft.warnings = self.warnings();
        draft.finish()
    }

    fn items(&self) -> Vec<Item> {
        let means = self.means();
        let weight = self.policy.weight(means.iter().flatten().count());
        let item = |(position, mean): (usize, Option<Ratio>)| {
            let mean = mean?;
            let element = &self.survey.elements[position];
            Some(Item {
                key: element.key.clone(),
                name: element.name.clone(),
                sum: self.sum_of(position),
                weighted: &mean * &weight,
                weight: weight.clone(),
                mean,
            })
        };
        means.into_iter().enumerate().filter_map(item).collect()
    }

    fn steps(&self, items: &[Item], exact: &Ratio) -> Vec<Step> {
        let by = self.header.citation();
        let means = items.iter().map(|item| self.mean_step(item, &by)).collect();
        let weight = &items[0].weight;
        let weights = Step::number(
            Phrase::new("skm.weight").with("policy", Phrase::new(self.policy_key())),
            format!("1 ÷ {}", items.len()),
            weight,
            &by,
        );
        let weighted: Vec<String> = items.iter().map(|item| shown(&item.mean)).collect();
        let total = exact / &self.survey.index.factor;
        let sum = Step::number(
            Phrase::new("skm.weighted-sum"),
            format!("({}) × {}", weighted.join(" + "), exact_text(weight)),
            &total,
            &by,
        )
        .led_by(means);
        let factor = exact_text(&self.survey.index.factor);
        let index = Step::number(Phrase::new("skm.index"), format!("{} × {factor}", shown(&total)), exact, &by);
        vec![weights, sum, index]
    }

    fn mean_step(&self, item: &Item, by: &str) -> Step {
        let what = Phrase::new("skm.mean").with("element", &item.name);
        match (item.sum, self.respondents()) {
            (Some(sum), Some(respondents)) => Step::number(what, format!("{sum} ÷ {respondents}"), &item.mean, by)
                .input(Phrase::new("skm.sum-of-answers"), sum.to_string())
                .input(Phrase::new("skm.respondents"), respondents.to_string()),
            // A published mean is given, not computed: it has no formula.
            _ => Step::number(Phrase::new("skm.given-mean").with("element", &item.name), "", &item.mean, by),
        }
    }

    fn policy_key(&self) -> &'static str {
        match self.policy {
            super::WeightPolicy::Exact => "skm.policy-exact",
            super::WeightPolicy::Round2 => "skm.policy-round2",
            super::WeightPolicy::Round3 => "skm.policy-round3",
        }
    }

    /// What a careful reader must know about this index.
    #[must_use]
    pub fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        if self.policy != self.survey.weights.policy {
            let warning = Warning::new(Code::WeightPolicyDeviates).with("used", self.policy.as_str());
            warnings.push(warning.with("official", self.survey.weights.policy.as_str()));
        }
        for (position, element) in self.survey.elements.iter().enumerate() {
            if !self.has_data(position) {
                warnings.push(Warning::new(Code::MissingElement).with("element", &element.name));
            }
        }
        warnings.extend(self.respondents_warning());
        warnings
    }

    /// The sample table decides when the population is known, else the instrument's minimum.
    fn respondents_warning(&self) -> Option<Warning> {
        let (needed, rule) = match self.population {
            Some(population) => (sample_size_95(population), "skm.required"),
            None if self.survey.respondents.status == Status::Verified => {
                (self.survey.respondents.minimum, "skm.required")
            }
            None => (self.survey.respondents.minimum, "skm.customary"),
        };
        let Some(respondents) = self.respondents() else { return Some(Warning::new(Code::RespondentsUnknown)) };
        if let Some(population) = self.population.filter(|population| *population < respondents) {
            let warning = Warning::new(Code::PopulationTooSmall).with("population", population);
            return Some(warning.with("respondents", respondents));
        }
        (respondents < needed).then(|| {
            let warning = Warning::new(Code::TooFewRespondents).with("respondents", respondents);
            warning.with("needed", needed).with("rule", Phrase::new(rule))
        })
    }
}
