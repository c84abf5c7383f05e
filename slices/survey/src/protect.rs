//! What may be told of where and for what an answer was given.
//!
//! Service and channel stand in a row of the open file only together with at least four equal rows. Answers that would stand alone lose
//! the channel, then the service. The tables by service and by channel are made of what the file tells, and of nothing else: so that
//! nobody computes what one of the two hides from what the other shows.

use crate::answer::Channel;
use crate::count::{Count, Counts, SMALLEST_GROUP};
use services::ServiceId;
use std::collections::{BTreeMap, BTreeSet};

/// A service and a channel, as far as they are told: both empty on an answer that would stand out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct Told {
    /// The service.
    pub(crate) service: Option<ServiceId>,
    /// The channel.
    pub(crate) channel: Option<Channel>,
}

/// How many answers each service and channel have, as they were given.
pub(crate) type Sizes = BTreeMap<(Option<ServiceId>, Channel), u64>;

/// What is told of the answers of each service and channel.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub(crate) struct Protected(BTreeMap<(Option<ServiceId>, Channel), Told>);

impl Protected {
    /// Blanks until every combination that is left occurs five times or more; answers alike stay alike. Fewer than five answers
    /// in all cannot be protected: nothing may be told of them.
    pub(crate) fn new(sizes: &Sizes) -> Self {
        let told = |(service, channel): (Option<ServiceId>, Channel)| Told { service, channel: Some(channel) };
        let mut classes: BTreeMap<_, Told> = sizes.keys().map(|class| (*class, told(*class))).collect();
        for blank in [|told: &mut Told| told.channel = None, |told: &mut Told| *told = Told::default()] {
            let by_told = sizes_of(&classes, sizes);
            for told in classes.values_mut().filter(|told| by_told[*told] < SMALLEST_GROUP) {
                blank(told);
            }
        }
        // The answers of which nothing is told may be few themselves: the smallest other classes join them.
        loop {
            let by_told = sizes_of(&classes, sizes);
            let bare = by_told.get(&Told::default()).copied().unwrap_or(0);
            let others = by_told.iter().filter(|(told, _)| **told != Told::default());
            let smallest = others.min_by_key(|(told, size)| (**size, **told)).map(|(told, _)| *told);
            match smallest {
                Some(smallest) if (1..SMALLEST_GROUP).contains(&bare) => {
                    classes.values_mut().filter(|told| **told == smallest).for_each(|told| *told = Told::default());
                }
                _ => return Self(classes),
            }
        }
    }

    /// What is told of an answer that was given so.
    pub(crate) fn told(&self, service: Option<ServiceId>, channel: Channel) -> Told {
        self.0.get(&(service, channel)).copied().unwrap_or_default()
    }
}

fn sizes_of(classes: &BTreeMap<(Option<ServiceId>, Channel), Told>, sizes: &Sizes) -> BTreeMap<Told, u64> {
    let mut by_told = BTreeMap::new();
    for (class, told) in classes {
        *by_told.entry(*told).or_insert(0) += sizes.get(class).copied().unwrap_or(0);
    }
    by_told
}

impl Counts {
    /// What may be told of these answers.
    fn protected(&self) -> Protected {
        let mut sizes = Sizes::new();
        for count in self.totals_by_place() {
            *sizes.entry((count.service, count.channel)).or_insert(0) += u64::try_from(count.answers).unwrap_or(0);
        }
        Protected::new(&sizes)
    }

    /// The answers by what is told of them: each value of `by` with its answers, those of which it is not told last.
    fn by<K: Ord + Copy>(&self, by: impl Fn(Told) -> Option<K>) -> Vec<(Option<K>, Self)> {
        let protected = self.protected();
        let of = |count: &Count| by(protected.told(count.service, count.channel));
        let known: BTreeSet<K> = self.totals_by_place().filter_map(of).collect();
        let groups = known.into_iter().map(Some).chain([None]);
        let groups = groups.map(|key| (key, self.of(|count| of(count) == key)));
        groups.filter(|(_, counts)| counts.answers() > 0).collect()
    }

    /// The answers by service, as the open file tells it.
    pub(crate) fn by_service(&self) -> Vec<(Option<ServiceId>, Self)> {
        self.by(|told| told.service)
    }

    /// The answers by channel, as the open file tells it.
    pub(crate) fn by_channel(&self) -> Vec<(Option<Channel>, Self)> {
        self.by(|told| told.channel)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use platform::database::Uuid;
    use proptest::prelude::*;

    fn service(number: u8) -> Option<ServiceId> {
        (number > 0).then(|| ServiceId::from(Uuid::from_u128(u128::from(number))))
    }

    fn sizes(rows: &[(u8, u8)]) -> Sizes {
        let mut sizes = Sizes::new();
        for (number, channel) in rows {
            let channel = Channel::ALL[usize::from(*channel) % Channel::ALL.len()];
            *sizes.entry((service(*number), channel)).or_insert(0) += 1;
        }
        sizes
    }

    proptest! {
        #[test]
        fn what_is_told_of_an_answer_is_told_of_five_and_never_another_s(
            rows in proptest::collection::vec((0_u8..5, 0_u8..4), 5..120)
        ) {
            let sizes = sizes(&rows);
            let protected = Protected::new(&sizes);
            let small: Vec<_> =
                sizes_of(&protected.0, &sizes).into_iter().filter(|(_, size)| *size < SMALLEST_GROUP).collect();
            prop_assert!(small.is_empty(), "{small:?}");
            for (service, channel) in sizes.keys() {
                let told = protected.told(*service, *channel);
                prop_assert!(told.service.is_none() || told.service == *service);
                prop_assert!(told.channel.is_none() || told.channel == Some(*channel));
            }
        }
    }

    #[test]
    fn what_does_not_stand_out_is_told() {
        let sizes = sizes(&[(1, 0); 5]);
        assert_eq!(
            Protected::new(&sizes).told(service(1), Channel::Web),
            Told { service: service(1), channel: Some(Channel::Web) }
        );
    }

    #[test]
    fn one_answer_that_would_stand_alone_is_hidden_among_others() {
        let mut rows = vec![(1, 0); 5];
        rows.push((2, 1));
        let protected = Protected::new(&sizes(&rows));
        assert_eq!(
            [protected.told(service(1), Channel::Web), protected.told(service(2), Channel::Kiosk)],
            [Told::default(); 2],
            "with five others, whose service would tell which answer is the sixth"
        );
    }
}
