//! From levels and users' answers to the index of one unit.

use super::{Aspect, Indicator, ServiceIndex};
use crate::citation::Status;
use crate::instrument::Header;
use crate::outcome::{Component, Draft, Item, Outcome};
use crate::phrase::{Phrase, Text};
use crate::quantity::{Ratio, exact_text, sum};
use crate::step::{Step, shown};
use crate::tally::Tally;
use crate::warning::{Code, Warning};

/// What the users said on form F-03.
#[derive(Debug, Clone)]
pub enum UserSurvey {
    /// Counted answers.
    Answers(Tally),
    /// A mean taken from a report.
    Mean {
        /// Mean of all answers, 0–5.
        mean: Ratio,
        /// Respondents, where the report says.
        respondents: Option<u64>,
    },
}

impl UserSurvey {
    /// Mean of all answers of all respondents; nothing without respondents.
    #[must_use]
    pub fn mean(&self) -> Option<Ratio> {
        match self {
            Self::Mean { mean, .. } => Some(mean.clone()),
            Self::Answers(tally) => {
                let answers = tally.respondents.checked_mul(tally.sums.len() as u64)?;
                (answers > 0).then(|| crate::quantity::ratio(tally.grand_total(), answers))
            }
        }
    }

    /// Respondents, where known.
    #[must_use]
    pub fn respondents(&self) -> Option<u64> {
        match self {
            Self::Mean { respondents, .. } => *respondents,
            Self::Answers(tally) => Some(tally.respondents),
        }
    }
}

/// One unit's assessment, ready to be computed.
#[derive(Debug, Clone)]
pub struct Assessment<'a> {
    /// Identity and sources of the instrument.
    pub header: &'a Header,
    /// Its parameters.
    pub index: &'a ServiceIndex,
    /// The level of each indicator, by position; the mean of the evaluators where several scored it; nothing where none did.
    pub levels: Vec<Option<Ratio>>,
    /// Form F-03.
    pub users: Option<UserSurvey>,
}

impl Assessment<'_> {
    /// The result with every step. Without all scored levels and an F-03 mean there is no index, and the warnings say what is missing.
    #[must_use]
    pub fn outcome(&self) -> Outcome {
        let by = self.header.citation();
        let aspects: Vec<(&Aspect, Option<Ratio>)> =
            self.index.scored_aspects().map(|aspect| (aspect, self.aspect_value(aspect))).collect();
        let f02: Option<Ratio> = aspects
            .iter()
            .map(|(aspect, value)| value.as_ref().map(|value| value * &aspect.weight))
            .collect::<Option<Vec<_>>>()
            .map(|parts| sum(&parts));
        let f03 = self.users.as_ref().and_then(UserSurvey::mean);
        let ratio = &self.index.components;
        let exact = f02.as_ref().zip(f03.as_ref()).map(|(f02, f03)| f02 * &ratio.f02 + f03 * &ratio.f03);
        let mut draft = Draft::new(self.header, self.index.rounding, &self.index.bands, exact);
        draft.steps = self.f02_steps(&aspects, f02.as_ref(), &by);
        draft.steps.extend(self.f03_step(f03.as_ref(), &by));
        if let (Some(exact), Some(f02), Some(f03)) = (&draft.exact, &f02, &f03) {
            let formula =
                format!("{} × {} + {} × {}", exact_text(&ratio.f02), shown(f02), exact_text(&ratio.f03), shown(f03));
            draft.steps.push(Step::number(Phrase::new("ipp.index"), formula, exact, &by));
        }
        draft.respondents = self.users.as_ref().and_then(UserSurvey::respondents);
        draft.items = self.items();
        draft.components = self.components(&aspects, f02, f03);
        draft.warnings = self.warnings();
        draft.finish()
    }

    /// Σ level × weight inside the aspect, or nothing when a level is missing.
    fn aspect_value(&self, aspect: &Aspect) -> Option<Ratio> {
        let parts: Option<Vec<Ratio>> = self
            .index
            .indicators_of(&aspect.key)
            .map(|(position, indicator)| Some(self.level(position)? * &indicator.weight))
            .collect();
        parts.map(|parts| sum(&parts))
    }

    fn level(&self, position: usize) -> Option<&Ratio> {
        self.levels.get(position).and_then(Option::as_ref)
    }

    fn overall_weight(&self, indicator: &Indicator) -> Ratio {
        let aspect = self.index.aspects.iter().find(|aspect| aspect.key == indicator.aspect);
        aspect.map(|aspect| &aspect.weight * &indicator.weight).unwrap_or_default()
    }

    fn items(&self) -> Vec<Item> {
        let scored = self.index.indicators.iter().enumerate().filter(|(_, indicator)| indicator.scored);
        let item = |(position, indicator): (usize, &Indicator)| {
            let level = self.level(position)?.clone();
            let weight = self.overall_weight(indicator);
            Some(Item {
                key: indicator.key.clone(),
                name: indicator.name.clone(),
                sum: None,
                weighted: &level * &weight,
                weight,
                mean: level,
            })
        };
        scored.filter_map(item).collect()
    }

    fn components(
        &self,
        aspects: &[(&Aspect, Option<Ratio>)],
        f02: Option<Ratio>,
        f03: Option<Ratio>,
    ) -> Vec<Component> {
        let component = |key: &str, name: Text, value: Ratio, weight: &Ratio| Component {
            key: key.to_owned(),
            name,
            value,
            weight: weight.clone(),
        };
        let of_aspects = aspects.iter().filter_map(|(aspect, value)| {
            Some(component(&aspect.key, aspect.name.clone(), value.clone()?, &aspect.weight))
        });
        let mut components: Vec<Component> = of_aspects.collect();
        let ratio = &self.index.components;
        components.extend(f02.map(|value| component("f02", Text::same("F-02"), value, &ratio.f02)));
        components.extend(f03.map(|value| component("f03", Text::same("F-03"), value, &ratio.f03)));
        components
    }

    fn f02_steps(&self, aspects: &[(&Aspect, Option<Ratio>)], f02: Option<&Ratio>, by: &str) -> Vec<Step> {
        let aspect_step = |(aspect, value): &(&Aspect, Option<Ratio>)| {
            let parts: Vec<String> = self
                .index
                .indicators_of(&aspect.key)
                .filter_map(|(position, indicator)| {
                    Some(format!("{} × {}", shown(self.level(position)?), exact_text(&indicator.weight)))
                })
                .collect();
            let what = Phrase::new("ipp.aspect").with("aspect", &aspect.name);
            Some(Step::number(what, parts.join(" + "), value.as_ref()?, by))
        };
        let children: Vec<Step> = aspects.iter().filter_map(aspect_step).collect();
        let Some(f02) = f02 else { return children };
        let parts: Vec<String> = aspects
            .iter()
            .filter_map(|(aspect, value)| Some(format!("{} × {}", shown(value.as_ref()?), exact_text(&aspect.weight))))
            .collect();
        vec![Step::number(Phrase::new("ipp.f02"), parts.join(" + "), f02, by).led_by(children)]
    }

    fn f03_step(&self, f03: Option<&Ratio>, by: &str) -> Option<Step> {
        let (f03, users) = (f03?, self.users.as_ref()?);
        let what = Phrase::new("ipp.f03");
        Some(match users {
            UserSurvey::Mean { .. } => Step::number(what, "", f03, by),
            UserSurvey::Answers(tally) => {
                let formula = format!("{} ÷ ({} × {})", tally.grand_total(), tally.respondents, tally.sums.len());
                Step::number(what, formula, f03, by)
            }
        })
    }

    fn warnings(&self) -> Vec<Warning> {
        let mut warnings = Vec::new();
        for (position, indicator) in self.index.indicators.iter().enumerate() {
            if indicator.scored && self.level(position).is_none() {
                warnings.push(Warning::new(Code::MissingIndicator).with("indicator", &indicator.name));
            }
        }
        let minimum = self.index.f03.minimum_respondents;
        match self.users.as_ref().map(|users| (users.mean(), users.respondents())) {
            None | Some((None, _)) => warnings.push(Warning::new(Code::MissingUserSurvey)),
            Some((_, Some(respondents))) if respondents < minimum => {
                let warning = Warning::new(Code::TooFewUsers).with("respondents", respondents);
                warnings.push(warning.with("needed", minimum));
            }
            Some(_) => {}
        }
        if self.index.weights_status != Status::Verified {
            warnings.push(Warning::new(Code::UncertainParameter).with("parameter", Phrase::new("parameter.weights")));
        }
        if self.index.components.status != Status::Verified {
            warnings.push(Warning::new(Code::UncertainParameter).with("parameter", Phrase::new("parameter.ratio")));
        }
        warnings
    }
}
