//! Answers as open data: a row for each, without its day, in no order, and protected so that no row stands out.
//!
//! What people told of themselves stands in no row: nine answers with a sex and an age beside them would be a person. It is published
//! as tables of groups alone. Service and channel stand in a row as far as [`crate::protect`] lets them. The choices that make the index
//! stay as they were given, so that `prima score` on the file gives the published index to the last digit.

use crate::answer::Channel;
use crate::count::SMALLEST_GROUP;
use crate::period::survey;
use crate::protect::{Protected, Sizes};
use crate::result::Named;
use crate::store::answers::Exported;
use organisation::import::csv_line;
use rules::instrument::Instrument;
use rules::satisfaction_index::Order;
use services::ServiceId;
use std::collections::{BTreeMap, HashMap};

/// The columns of the promises.
const PROMISE_COLUMNS: [&str; 3] = ["janji_waktu", "janji_biaya", "janji_persyaratan"];

/// The answers of a period as CSV; nothing where fewer than five people answered.
#[must_use]
pub(crate) fn csv(
    instrument: &Instrument,
    named: &Named,
    services: &HashMap<ServiceId, String>,
    answers: &[Exported],
) -> Option<String> {
    let keys = survey(instrument)?.keys_in(Order::Questionnaire);
    if (answers.len() as u64) < SMALLEST_GROUP {
        return None;
    }
    let mut sizes = Sizes::new();
    for answer in answers {
        *sizes.entry((answer.service, answer.channel)).or_insert(0) += 1;
    }
    let protected = Protected::new(&sizes);
    let heads =
        ["instansi", "unit", "periode", "layanan", "saluran"].into_iter().chain(keys.iter().map(String::as_str));
    let mut text = csv_line(heads.chain(PROMISE_COLUMNS));
    let line = |answer: &Exported| {
        let told = protected.told(answer.service, answer.channel);
        let service = told.service.and_then(|service| services.get(&service)).map_or("", String::as_str);
        let chosen: BTreeMap<String, u8> = serde_json::from_str(&answer.answers).unwrap_or_default();
        let chosen: Vec<String> =
            keys.iter().map(|key| chosen.get(key).map(ToString::to_string).unwrap_or_default()).collect();
        let promises = answer.promises.map(|kept| match kept {
            Some(true) => "ya",
            Some(false) => "tidak",
            None => "",
        });
        let place = [&*named.institution, &named.unit, &named.period, service, told.channel.map_or("", Channel::name)];
        csv_line(place.into_iter().chain(chosen.iter().map(String::as_str)).chain(promises))
    };
    // In the order of what they say, so that nobody finds a row by the identifier of its answer.
    let mut lines: Vec<String> = answers.iter().map(line).collect();
    lines.sort();
    text.extend(lines);
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::{Answer, PROFILE};
    use crate::count::{Count, Counts};
    use calculation::instruments;
    use platform::database::Uuid;
    use proptest::prelude::*;

    /// A row of a file and of the tables: how many answers, and the sum of all their choices.
    type Sums = BTreeMap<String, (u64, u64)>;

    fn add(sums: &mut Sums, name: String, answers: u64, total: u64) {
        let known = sums.entry(name).or_default();
        *known = (known.0 + answers, known.1 + total);
    }

    /// The sums by one column of a file.
    fn of_file(csv: &str, column: &str, keys: &[String]) -> Sums {
        let mut lines = csv.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let head = lines.next().unwrap();
        let at = |name: &str| head.iter().position(|known| *known == name).unwrap();
        let mut sums = Sums::new();
        for cells in lines {
            let total = keys.iter().map(|key| cells[at(key)].parse::<u64>().unwrap()).sum();
            add(&mut sums, cells[at(column)].to_owned(), 1, total);
        }
        sums
    }

    fn of_tables(groups: Vec<(String, Counts)>, keys: &[String]) -> Sums {
        let mut sums = Sums::new();
        for (name, counts) in groups {
            add(&mut sums, name, counts.answers(), keys.iter().map(|key| counts.sum(key)).sum());
        }
        sums
    }

    proptest! {
        /// What is hidden in the one cannot be computed from the other: all that the tables tell can be added up from the rows, and
        /// the rows tell nothing of who answered.
        #[test]
        fn tables_by_service_and_channel_tell_no_more_than_the_rows(
            rows in proptest::collection::vec((0_u8..4, 0_usize..4, proptest::collection::vec(1_u8..=4, 9)), 5..80)
        ) {
            let instrument = instruments::find("skm-2017").unwrap();
            let keys = survey(&instrument).unwrap().keys_in(Order::Questionnaire).to_vec();
            let id = |number: u8| (number > 0).then(|| ServiceId::from(Uuid::from_u128(u128::from(number))));
            let services: HashMap<ServiceId, String> =
                (1..4).filter_map(|number| Some((id(number)?, format!("layanan {number}")))).collect();
            let (mut exported, mut counts) = (Vec::new(), Vec::new());
            for (service, channel, choices) in &rows {
                let (service, channel) = (id(*service), Channel::ALL[*channel]);
                let mut answer =
                    Answer { answers: keys.iter().cloned().zip(choices.iter().copied()).collect(), ..Answer::default() };
                answer.profile.insert("sex", "P".into());
                let count = |(part, value)| Count { service, channel, part, value, answers: 1 };
                counts.extend(answer.counted().into_iter().map(count));
                exported.push(Exported { service, channel, answers: answer.stored(), promises: [None; 3] });
            }
            let counts = Counts::from(counts);
            let named = Named { institution: "Kota".into(), unit: "Dinas".into(), period: "2026".into() };
            let file = csv(&instrument, &named, &services, &exported).unwrap();
            prop_assert!(file.lines().skip(1).is_sorted(), "no order tells which identifier a row has");
            let name = |service: Option<ServiceId>| service.map(|id| services[&id].clone()).unwrap_or_default();
            let by_service = counts.by_service().into_iter().map(|(service, counts)| (name(service), counts)).collect();
            prop_assert_eq!(of_tables(by_service, &keys), of_file(&file, "layanan", &keys));
            let by_channel = counts.by_channel().into_iter();
            let by_channel =
                by_channel.map(|(channel, counts)| (channel.map_or("", Channel::name).to_owned(), counts)).collect();
            prop_assert_eq!(of_tables(by_channel, &keys), of_file(&file, "saluran", &keys));
            let head = file.lines().next().unwrap();
            prop_assert!(PROFILE.iter().all(|(column, _)| !head.contains(column)) && !head.contains("usia"), "{}", head);
        }
    }
}
