//! What makes answers look made up: flags with reasons. A flag is a question to a person; nothing is left out by itself.
//!
//! - **A burst**: on one day far more answers than on the others. Sheets and tables are entered in heaps: they are none.
//! - **One service's burst**: the same within a service.
//! - **Straight lines**: on one day and channel nearly all chose one and the same answer to everything.
//! - **Repeats**: on one day and channel one and the same row of answers again and again.

use crate::answer::Channel;
use rules::phrase::Phrase;
use services::ServiceId;
use std::collections::{BTreeMap, BTreeSet};
use time::Date;

/// One answer, as far as flags look at it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Look {
    /// The answer's identifier.
    pub id: Vec<u8>,
    /// Its day.
    pub day: Date,
    /// Its service.
    pub service: Option<ServiceId>,
    /// Where it was given.
    pub channel: Channel,
    /// The choices in the order of the elements' keys.
    pub choices: Vec<u8>,
}

/// Something that a person should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Flag {
    /// Its stable name: `burst:2026-10-03`.
    pub key: String,
    /// Why.
    pub reason: Phrase,
    /// The answers it is about.
    pub answers: BTreeSet<Vec<u8>>,
}

/// Fewer answers on a day are no burst.
const LEAST_BURST: usize = 20;
/// So many times the usual number of a day is a burst.
const BURST: usize = 4;
/// On fewer answers a straight line says nothing.
const LEAST_STRAIGHT: usize = 10;
/// Straight lines are flagged above this share, in percent.
const STRAIGHT_SHARE: usize = 80;
/// So often one row is no chance.
const LEAST_REPEATS: usize = 8;
/// Repeats are flagged from this share of a day and channel, in percent.
const REPEAT_SHARE: usize = 25;

/// The flags of a period's answers, in the order of their names.
#[must_use]
pub fn flags(looks: &[Look]) -> Vec<Flag> {
    // Sheets and tables come when somebody has the time to enter them.
    let by_code = |look: &Look| !matches!(look.channel, Channel::Paper | Channel::File);
    let mut found = bursts(looks, &by_code, &|day, count, usual| {
        let reason = Phrase::new("flag.burst").with("day", day.to_string()).with("count", count).with("usual", usual);
        (format!("burst:{day}"), reason)
    });
    let services: BTreeSet<ServiceId> = looks.iter().filter_map(|look| look.service).collect();
    for service in services {
        found.extend(bursts(looks, &|look| by_code(look) && look.service == Some(service), &|day, count, usual| {
            let reason = Phrase::new("flag.service").with("day", day.to_string()).with("count", count);
            (format!("service:{day}:{service}"), reason.with("usual", usual))
        }));
    }
    let mut groups: BTreeMap<(Date, Channel), Vec<&Look>> = BTreeMap::new();
    for look in looks {
        groups.entry((look.day, look.channel)).or_default().push(look);
    }
    for ((day, channel), group) in groups {
        found.extend(straight(day, channel, &group));
        found.extend(repeats(day, channel, &group));
    }
    found.sort_by(|one, other| one.key.cmp(&other.key));
    found
}

type Named<'n> = &'n dyn Fn(Date, u64, u64) -> (String, Phrase);

/// Days with far more answers than the middle one of the days that have any.
fn bursts(looks: &[Look], fits: &dyn Fn(&Look) -> bool, named: Named<'_>) -> Vec<Flag> {
    let mut days: BTreeMap<Date, Vec<&Look>> = BTreeMap::new();
    for look in looks.iter().filter(|look| fits(look)) {
        days.entry(look.day).or_default().push(look);
    }
    let mut sizes: Vec<usize> = days.values().map(Vec::len).collect();
    sizes.sort_unstable();
    // With fewer than three days none is usual.
    let Some(usual) = sizes.get(sizes.len() / 2).copied().filter(|_| sizes.len() >= 3) else { return Vec::new() };
    let flagged = days.into_iter().filter(|(_, looks)| looks.len() >= LEAST_BURST && looks.len() > BURST * usual);
    let flag = |(day, looks): (Date, Vec<&Look>)| {
        let (key, reason) = named(day, looks.len() as u64, usual as u64);
        Flag { key, reason, answers: ids(looks.into_iter()) }
    };
    flagged.map(flag).collect()
}

fn straight(day: Date, channel: Channel, group: &[&Look]) -> Option<Flag> {
    let line = |choice: u8| group.iter().copied().filter(move |look| look.choices.iter().all(|own| *own == choice));
    let choice = (1..=9).max_by_key(|choice| line(*choice).count())?;
    let count = line(choice).count();
    let flagged = group.len() >= LEAST_STRAIGHT && count * 100 > STRAIGHT_SHARE * group.len();
    flagged.then(|| Flag {
        key: format!("straight:{day}:{}:{choice}", channel.name()),
        reason: Phrase::new("flag.straight")
            .with("day", day.to_string())
            .with("count", count as u64)
            .with("all", group.len() as u64)
            .with("choice", u64::from(choice)),
        answers: ids(line(choice)),
    })
}

fn repeats(day: Date, channel: Channel, group: &[&Look]) -> Vec<Flag> {
    let mut rows: BTreeMap<&[u8], Vec<&Look>> = BTreeMap::new();
    for look in group {
        rows.entry(look.choices.as_slice()).or_default().push(look);
    }
    let is_line = |row: &[u8]| row.windows(2).all(|pair| pair[0] == pair[1]);
    let often = |looks: &Vec<&Look>| looks.len() >= LEAST_REPEATS && looks.len() * 100 >= REPEAT_SHARE * group.len();
    let flagged = rows.into_iter().filter(|(row, looks)| !is_line(row) && often(looks));
    let flag = |(row, looks): (&[u8], Vec<&Look>)| {
        let row: String = row.iter().map(ToString::to_string).collect();
        Flag {
            key: format!("repeat:{day}:{}:{row}", channel.name()),
            reason: Phrase::new("flag.repeat").with("day", day.to_string()).with("count", looks.len() as u64),
            answers: ids(looks.into_iter()),
        }
    };
    flagged.map(flag).collect()
}

fn ids<'l>(looks: impl Iterator<Item = &'l Look>) -> BTreeSet<Vec<u8>> {
    looks.map(|look| look.id.clone()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use time::macros::date;

    fn look(number: usize, day: u8, choices: &[u8]) -> Look {
        let day = date!(2026 - 10 - 01).replace_day(day).unwrap();
        Look { id: number.to_be_bytes().to_vec(), day, service: None, channel: Channel::Web, choices: choices.to_vec() }
    }

    /// Some answers a day for ten days, each of its own kind.
    fn usual(a_day: usize) -> Vec<Look> {
        let all = (0..10 * a_day).map(|number| {
            let turn = u8::try_from(number % 64).unwrap();
            look(number, u8::try_from(number / a_day + 1).unwrap(), &[1 + turn % 4, 1 + turn / 4 % 4, 1 + turn / 16])
        });
        all.collect()
    }

    fn keys(looks: &[Look]) -> Vec<String> {
        flags(looks).into_iter().map(|flag| flag.key).collect()
    }

    #[test]
    fn a_day_with_five_times_the_usual_answers_is_flagged() {
        let mut looks = usual(6);
        assert_eq!(keys(&looks), Vec::<String>::new());
        looks.extend((0..24).map(|number| {
            let turn = u8::try_from(number % 4).unwrap();
            look(900 + number, 4, &[1 + turn, 4 - turn, u8::try_from(number / 4 % 4).unwrap() + 1])
        }));
        assert_eq!(keys(&looks), ["burst:2026-10-04"]);
        assert_eq!(flags(&looks)[0].answers.len(), 30, "all of the day: which of them, a person must judge");
    }

    #[test]
    fn sheets_and_tables_are_entered_in_heaps_and_are_no_burst() {
        for channel in [Channel::Paper, Channel::File] {
            let mut looks = usual(6);
            looks.extend((0..64).map(|number| {
                let turn = u8::try_from(number % 64).unwrap();
                let choices = [1 + turn % 4, 1 + turn / 4 % 4, 1 + turn / 16];
                Look { channel, ..look(900 + number, 4, &choices) }
            }));
            assert_eq!(keys(&looks), Vec::<String>::new(), "{channel:?}");
        }
    }

    #[test]
    fn a_day_on_which_nearly_all_choose_one_answer_throughout_is_flagged() {
        let mut looks = usual(6);
        looks.extend((0..18).map(|number| look(900 + number, 30, &[4, 4, 4])));
        looks.extend((0..2).map(|number| look(950 + number, 30, &[4, 3, 4])));
        assert_eq!(keys(&looks), ["straight:2026-10-30:web:4"]);
        assert_eq!(flags(&looks)[0].answers.len(), 18);
    }

    #[test]
    fn one_row_of_answers_again_and_again_is_flagged() {
        let mut looks = usual(6);
        looks.extend((0..9).map(|number| look(900 + number, 20, &[4, 3, 4])));
        assert_eq!(keys(&looks), ["repeat:2026-10-20:web:434"]);
    }

    proptest! {
        #[test]
        fn a_flag_names_answers_that_are_there(
            rows in proptest::collection::vec((1_u8..12, 1_u8..=4, 1_u8..=4), 0..120)
        ) {
            let looks: Vec<Look> =
                rows.iter().enumerate().map(|(number, (day, a, b))| look(number, *day, &[*a, *b])).collect();
            let known: BTreeSet<Vec<u8>> = looks.iter().map(|look| look.id.clone()).collect();
            for flag in flags(&looks) {
                prop_assert!(!flag.answers.is_empty() && flag.answers.is_subset(&known));
            }
            let mut turned = looks.clone();
            turned.reverse();
            prop_assert_eq!(flags(&looks), flags(&turned), "whatever order they are read in");
        }
    }
}
