//! Innovation competition (KIPP): sections, groups, stages and weights as data; the score of a proposal from its jurors.

use crate::citation::Status;
use crate::instrument::check::{FileBody, distinct};
use crate::instrument::{Fault, Place, exact};
use crate::phrase::{Phrase, Text};
use crate::quantity::{Ratio, parse_ratio, ratio, sum};
use num_traits::Zero;
use serde::Deserialize;

/// The parameters of one competition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct InnovationCompetition {
    /// Groups of proposals ("umum", "replikasi").
    pub groups: Vec<Group>,
    /// Sections of a proposal.
    pub sections: Vec<Section>,
    /// Stages, in order.
    pub stages: Vec<Stage>,
    /// Rules that stand apart.
    pub rules: CompetitionRules,
}

/// A group of proposals.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Group {
    /// Stable key.
    pub key: String,
    /// Name.
    pub name: Text,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// A section of a proposal.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Section {
    /// Stable key.
    pub key: String,
    /// Key of its group.
    pub group: String,
    /// Name.
    pub name: Text,
    /// What is to be told, in plain words.
    pub meaning: Text,
    /// Weight in the proposal's score, where known; sections without one share equally.
    pub weight: Option<String>,
    /// Longest text in words, where known.
    pub maximum_words: Option<u32>,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// A stage of the competition.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Stage {
    /// Stable key.
    pub key: String,
    /// Position.
    pub number: usize,
    /// Name.
    pub name: Text,
    /// What happens.
    pub meaning: Text,
    /// How many proposals go on, where fixed.
    pub keeps: Option<u32>,
    /// Length in working days, where fixed.
    pub working_days: Option<u32>,
    /// Length in calendar days, where fixed.
    pub calendar_days: Option<u32>,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

/// Rules that stand apart.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CompetitionRules {
    /// Lowest score that passes.
    #[serde(with = "exact")]
    pub passing_grade: Ratio,
    /// How it is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified.
    pub note: Option<Text>,
}

impl InnovationCompetition {
    /// The weight of each section of a group: as the file says, and an equal share of the rest where it says nothing.
    #[must_use]
    pub fn weights(&self, group: &str) -> Vec<(&Section, Ratio)> {
        let sections: Vec<&Section> = self.sections.iter().filter(|section| section.group == group).collect();
        let stated = |section: &Section| section.weight.as_deref().and_then(|weight| parse_ratio(weight).ok());
        let known: Vec<Ratio> = sections.iter().filter_map(|section| stated(section)).collect();
        let open = sections.len() - known.len();
        let share = (crate::quantity::one() - sum(&known)) / crate::quantity::whole(open.max(1));
        sections.into_iter().map(|section| (section, stated(section).unwrap_or_else(|| share.clone()))).collect()
    }

    /// The score of a proposal: per section the mean of the jurors' scores, weighted. `scores[section]` holds the jurors' scores in the
    /// order of [`InnovationCompetition::weights`]. Nothing when a section has no score.
    #[must_use]
    pub fn score(&self, group: &str, scores: &[Vec<Ratio>]) -> Option<Ratio> {
        let weights = self.weights(group);
        if weights.len() != scores.len() || weights.is_empty() {
            return None;
        }
        let weighted = |((_, weight), jurors): (&(&Section, Ratio), &Vec<Ratio>)| {
            (!jurors.is_empty()).then(|| weight * sum(jurors) * ratio(1, jurors.len()))
        };
        let parts: Option<Vec<Ratio>> = weights.iter().zip(scores).map(weighted).collect();
        parts.map(|parts| sum(&parts))
    }
}

impl FileBody for InnovationCompetition {
    const KEYS: &'static [&'static str] = &["groups", "sections", "stages", "rules"];

    fn check(&self) -> Result<(), Fault> {
        distinct("groups", self.groups.iter().map(|group| group.key.as_str()))?;
        distinct("stages", self.stages.iter().map(|stage| stage.key.as_str()))?;
        let names: Vec<String> =
            self.sections.iter().map(|section| format!("{}/{}", section.group, section.key)).collect();
        distinct("sections", names.iter().map(String::as_str))?;
        for (index, section) in self.sections.iter().enumerate() {
            let place = Place::Entry("sections", index);
            if !self.groups.iter().any(|group| group.key == section.group) {
                return Err(Fault::new(place, Phrase::new("instrument.unknown-group").with("key", &*section.group)));
            }
            if section.weight.as_deref().is_some_and(|weight| parse_ratio(weight).is_err()) {
                return Err(Fault::new(place, Phrase::new("instrument.bad-value").with("key", "weight")));
            }
        }
        for group in &self.groups {
            let weights = self.weights(&group.key);
            let total = sum(weights.iter().map(|(_, weight)| weight));
            let negative = weights.iter().any(|(_, weight)| weight < &Ratio::zero());
            if !weights.is_empty() && (negative || total != crate::quantity::one()) {
                let sum = crate::quantity::exact_text(&total);
                return Err(Fault::new(
                    Place::Entry("sections", 0),
                    Phrase::new("instrument.weights-sum").with("sum", sum),
                ));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::instrument::{Body, load};
    use crate::quantity::whole;

    fn competition() -> InnovationCompetition {
        match load("kipp-2025").unwrap().unwrap().body {
            Body::Innovation(competition) => competition,
            other => panic!("not a competition: {other:?}"),
        }
    }

    /// The national weights are not published: sections share equally, and the file says so.
    #[test]
    fn sections_without_a_known_weight_share_equally() {
        let competition = competition();
        let weights = competition.weights("umum");
        assert_eq!(weights.len(), 8);
        assert!(weights.iter().all(|(_, weight)| *weight == ratio(1, 8)));
        assert!(load("kipp-2025").unwrap().unwrap().has_unverified_parts());
    }

    /// Two jurors give 80 and 90 to every section: the proposal has 85, exactly the passing grade.
    #[test]
    fn a_proposal_scores_the_weighted_mean_of_its_jurors() {
        let competition = competition();
        let scores = vec![vec![whole(80), whole(90)]; 8];
        assert_eq!(competition.score("umum", &scores), Some(whole(85)));
        assert_eq!(competition.score("umum", &scores[1..]), None);
        assert_eq!(competition.rules.passing_grade, whole(85));
    }
}
