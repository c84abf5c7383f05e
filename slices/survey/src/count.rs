//! Answers counted: what is kept while they come in, and the inputs of a result made of it.
//!
//! The counts of a period hold all that an index needs: for each element how often each answer was given, and how often each sum
//! over all elements occurred. Of a group (a sex, an age) the sums alone are counted, which is what its index and a test of
//! differences need.

use crate::answer::Channel;
use crate::period::survey;
use calculation::Inputs;
use rules::instrument::Instrument;
use rules::outcome::Outcome;
use rules::quantity::Decimal;
use rules::satisfaction_index::{Calculation, Data};
use rules::statistics::{self, Comparison};
use rules::tally::Tally;
use services::ServiceId;
use std::collections::BTreeMap;

/// The part that counts sums over all elements.
pub(crate) const TOTAL: &str = "total";

/// Groups with fewer answers are not shown: a few people could be told apart.
pub const SMALLEST_GROUP: u64 = 5;

/// One count: how many answers gave this value in this part.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Count {
    /// The service, where one was named.
    pub service: Option<ServiceId>,
    /// Where the answers were given.
    pub channel: Channel,
    /// An element, `total`, `sex:L`, `promise:time`.
    pub part: String,
    /// The answer, or the sum.
    pub value: i64,
    /// How many.
    pub answers: i64,
}

/// The counts of a period, or of a part of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Counts(Vec<Count>);

impl From<Vec<Count>> for Counts {
    fn from(counts: Vec<Count>) -> Self {
        Self(counts.into_iter().filter(|count| count.answers > 0).collect())
    }
}

/// A promise as people found it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// So many found it kept.
    pub kept: u64,
    /// So many said something of it.
    pub said: u64,
}

/// A group of people with its index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupIndex {
    /// The stable name of the group: `L`.
    pub name: String,
    /// Its answers.
    pub answers: u64,
    /// Its index; nothing for a group that is too small to be shown.
    pub index: Option<Decimal>,
}

fn number(count: i64) -> u64 {
    u64::try_from(count).unwrap_or(0)
}

impl Counts {
    /// Those that fit.
    #[must_use]
    pub fn of(&self, fits: impl Fn(&Count) -> bool) -> Self {
        Self(self.0.iter().filter(|count| fits(count)).cloned().collect())
    }

    /// How many answers there are.
    #[must_use]
    pub fn answers(&self) -> u64 {
        self.part(TOTAL).map(|count| number(count.answers)).sum()
    }

    fn part<'c>(&'c self, part: &'c str) -> impl Iterator<Item = &'c Count> {
        self.0.iter().filter(move |count| count.part == part)
    }

    /// How many answers each service and channel have: one count for each, and more where their sums differ.
    pub(crate) fn totals_by_place(&self) -> impl Iterator<Item = &Count> {
        self.part(TOTAL)
    }

    /// The services that were named, each once.
    #[must_use]
    pub fn services(&self) -> Vec<ServiceId> {
        let named: std::collections::BTreeSet<ServiceId> = self.0.iter().filter_map(|count| count.service).collect();
        named.into_iter().collect()
    }

    /// The sum of the values of a part over all answers.
    #[must_use]
    pub fn sum(&self, part: &str) -> u64 {
        self.part(part).map(|count| number(count.value) * number(count.answers)).sum()
    }

    /// What the index of these answers is computed from.
    #[must_use]
    pub fn inputs(&self, instrument: &Instrument, population: Option<i64>) -> Option<Inputs> {
        let survey = survey(instrument)?;
        let squares: u128 = self
            .part(TOTAL)
            .map(|count| u128::from(number(count.value)).pow(2) * u128::from(number(count.answers)))
            .sum();
        Some(Inputs::Answers {
            respondents: self.answers(),
            sums: survey.elements.iter().map(|element| (element.key.clone(), self.sum(&element.key))).collect(),
            total_squares: (squares > 0).then(|| squares.to_string()),
            weights: survey.weights.policy.as_str().to_owned(),
            population: population.and_then(|count| u64::try_from(count).ok()),
        })
    }

    /// The result of these answers; nothing without any.
    #[must_use]
    pub fn outcome(&self, instrument: &Instrument, population: Option<i64>) -> Option<Outcome> {
        if self.answers() == 0 {
            return None;
        }
        self.inputs(instrument, population)?.outcome(instrument).ok()
    }

    /// How people found a promise (`time`, `fee`, `requirements`).
    #[must_use]
    pub fn promise(&self, name: &str) -> Promise {
        let part = format!("promise:{name}");
        let said = self.part(&part).map(|count| number(count.answers)).sum();
        let kept = self.part(&part).filter(|count| count.value == 1).map(|count| number(count.answers)).sum();
        Promise { kept, said }
    }

    /// The groups of a column of the profile with their indices, in the given order; groups that nobody is in are left out.
    #[must_use]
    pub fn groups(&self, instrument: &Instrument, column: &str, choices: &[&str]) -> Vec<GroupIndex> {
        let totals = choices.iter().map(|choice| (*choice, self.totals(&format!("{column}:{choice}"))));
        let known: Vec<(&str, BTreeMap<u64, u64>)> = totals.filter(|(_, totals)| !totals.is_empty()).collect();
        let sizes: Vec<u64> = known.iter().map(|(_, totals)| totals.values().sum()).collect();
        // Whoever told nothing of themselves hides the small groups as well as another group does.
        let shown = shown(&sizes, self.answers().saturating_sub(sizes.iter().sum()));
        let group = |place: usize| {
            let (name, totals) = known.get(place)?;
            let index = shown.get(place).filter(|shown| **shown).and_then(|_| index_of(instrument, totals));
            Some(GroupIndex { name: (*name).to_owned(), answers: *sizes.get(place)?, index })
        };
        (0..known.len()).filter_map(group).collect()
    }

    /// Whether the groups of a column answered differently; nothing where fewer than two are large enough.
    #[must_use]
    pub fn difference(&self, column: &str, choices: &[&str]) -> Option<Comparison> {
        let all: Vec<BTreeMap<u64, u64>> =
            choices.iter().map(|choice| self.totals(&format!("{column}:{choice}"))).collect();
        let highest = all.iter().filter_map(|totals| totals.keys().next_back()).max().copied()?;
        let group = |(choice, totals): (&&str, &BTreeMap<u64, u64>)| statistics::Group {
            name: (*choice).to_owned(),
            totals: (0..=highest).map(|total| totals.get(&total).copied().unwrap_or(0)).collect(),
        };
        statistics::compare(&choices.iter().zip(&all).map(group).collect::<Vec<_>>())
    }

    fn totals(&self, part: &str) -> BTreeMap<u64, u64> {
        let mut totals = BTreeMap::new();
        for count in self.part(part) {
            *totals.entry(number(count.value)).or_insert(0) += number(count.answers);
        }
        totals
    }
}

/// Which groups of these sizes are shown: those of five and more. Where the hidden ones could be computed from the whole and the shown
/// ones, the smallest shown are hidden with them, until five people or more are hidden together. `rest` are people in no group.
#[must_use]
pub fn shown(sizes: &[u64], rest: u64) -> Vec<bool> {
    let mut shown: Vec<bool> = sizes.iter().map(|size| *size >= SMALLEST_GROUP).collect();
    let hidden =
        |shown: &[bool]| sizes.iter().zip(shown).filter(|(_, shown)| !**shown).map(|(size, _)| size).sum::<u64>();
    while hidden(&shown) > 0 && hidden(&shown) + rest < SMALLEST_GROUP {
        let smallest = (0..sizes.len()).filter(|place| shown[*place]).min_by_key(|place| sizes[*place]);
        match smallest {
            Some(place) => shown[place] = false,
            None => break,
        }
    }
    shown
}

/// The index of a group by the calculation of all indices. It needs no more of the elements than the sum over all of them.
fn index_of(instrument: &Instrument, totals: &BTreeMap<u64, u64>) -> Option<Decimal> {
    let survey = survey(instrument)?;
    let elements: Vec<usize> = (0..survey.elements.len()).collect();
    let mut sums = vec![0; elements.len()];
    *sums.first_mut()? = totals.iter().map(|(total, answers)| total * answers).sum();
    let tally = Tally { respondents: totals.values().sum(), sums, ..Tally::default() };
    let data = Data::Answers { tally: &tally, elements: &elements };
    let calculation =
        Calculation { header: &instrument.header, survey, data, policy: survey.weights.policy, population: None };
    calculation.summary().map(|summary| summary.value)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Answer;
    use calculation::instruments;
    use proptest::prelude::*;

    fn counts(rows: &[Vec<u8>], sex: &[bool]) -> Counts {
        let instrument = instruments::find("skm-2017").unwrap();
        let keys: Vec<String> =
            survey(&instrument).unwrap().elements.iter().map(|element| element.key.clone()).collect();
        let mut kept: BTreeMap<(String, i64), i64> = BTreeMap::new();
        for (row, woman) in rows.iter().zip(sex) {
            let mut answer =
                Answer { answers: keys.iter().cloned().zip(row.iter().copied()).collect(), ..Answer::default() };
            answer.profile.insert("sex", if *woman { "P" } else { "L" }.to_owned());
            for part in answer.counted() {
                *kept.entry(part).or_insert(0) += 1;
            }
        }
        let count = |((part, value), answers)| Count { service: None, channel: Channel::Web, part, value, answers };
        Counts::from(kept.into_iter().map(count).collect::<Vec<_>>())
    }

    proptest! {
        #[test]
        fn what_is_hidden_cannot_be_computed_from_what_is_shown(
            sizes in proptest::collection::vec(1_u64..30, 1..8), rest in 0_u64..8
        ) {
            let shown = shown(&sizes, rest);
            let hidden: u64 = sizes.iter().zip(&shown).filter(|(_, shown)| !**shown).map(|(size, _)| size).sum();
            prop_assert!(sizes.iter().zip(&shown).all(|(size, shown)| !shown || *size >= SMALLEST_GROUP));
            prop_assert!(hidden == 0 || hidden + rest >= SMALLEST_GROUP || shown.iter().all(|shown| !shown));
        }

        #[test]
        fn counts_give_the_same_inputs_as_the_answers_themselves(
            rows in proptest::collection::vec((proptest::collection::vec(1_u8..=4, 9), any::<bool>()), 1..40)
        ) {
            let instrument = instruments::find("skm-2017").unwrap();
            let (answers, sex): (Vec<Vec<u8>>, Vec<bool>) = rows.into_iter().unzip();
            let tally = Tally::of(&answers, 1, 4);
            let counts = counts(&answers, &sex);
            let Some(Inputs::Answers { respondents, sums, total_squares, .. }) = counts.inputs(&instrument, None) else {
                return Err(TestCaseError::fail("no inputs"));
            };
            prop_assert_eq!(respondents, tally.respondents);
            prop_assert_eq!(total_squares, Some(tally.total_squares.to_string()));
            let survey = survey(&instrument).unwrap();
            let by_place: Vec<u64> = survey.elements.iter().map(|element| sums[&element.key]).collect();
            prop_assert_eq!(by_place, tally.sums);
        }

        #[test]
        fn the_index_of_a_group_is_that_of_its_answers_alone(
            answers in proptest::collection::vec(proptest::collection::vec(1_u8..=4, 9), 5..30)
        ) {
            let instrument = instruments::find("skm-2017").unwrap();
            let whole = counts(&answers, &vec![true; answers.len()]);
            let groups = whole.groups(&instrument, "sex", &["P", "L"]);
            prop_assert_eq!(groups.len(), 1);
            prop_assert_eq!(groups[0].index.clone(), whole.outcome(&instrument, None).unwrap().value);
        }
    }

    #[test]
    fn a_group_of_four_is_counted_but_its_index_is_not_shown() {
        let instrument = instruments::find("skm-2017").unwrap();
        let rows = vec![vec![3; 9]; 9];
        let sex = [true, true, true, true, true, false, false, false, false];
        let groups = counts(&rows, &sex).groups(&instrument, "sex", &["P", "L"]);
        assert_eq!((groups[1].answers, groups[1].index.clone()), (4, None));
        assert_eq!(
            (groups[0].answers, groups[0].index.clone()),
            (5, None),
            "the whole less this one would tell of the four"
        );
        let rows = vec![vec![3; 9]; 10];
        let sex = [true, true, true, true, true, false, false, false, false, false];
        let groups = counts(&rows, &sex).groups(&instrument, "sex", &["P", "L"]);
        assert_eq!(groups[0].index.as_ref().map(ToString::to_string), Some("75.00".into()));
    }

    #[test]
    fn without_answers_there_is_no_result() {
        let instrument = instruments::find("skm-2017").unwrap();
        assert!(Counts::default().outcome(&instrument, Some(100)).is_none());
    }
}
