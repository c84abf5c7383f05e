//! Answers as open data: a row for each, without its day, in no order, and protected so that no row stands out.
//!
//! What could single somebody out (service, channel, what they told of themselves) stands in a row only together with at least four
//! equal ones. Rows that would stand alone lose what they told of themselves, then the channel, then the service. The choices that
//! make the index stay as they were given, so that `prima score` on the file gives the published index to the last digit.

use crate::answer::PROFILE;
use crate::count::SMALLEST_GROUP;
use crate::period::survey;
use crate::result::Named;
use crate::store::answers::Exported;
use rules::instrument::Instrument;
use rules::satisfaction_index::Order;
use services::ServiceId;
use std::collections::{BTreeMap, HashMap};

/// What could single somebody out: service, channel, and the profile.
type Traits = [String; 2 + PROFILE.len()];

/// The columns of the profile in a file, as offices name them.
const PROFILE_COLUMNS: [&str; PROFILE.len()] = ["jenis_kelamin", "usia", "pendidikan", "pekerjaan", "disabilitas"];
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
    let mut traits: Vec<Traits> = answers.iter().map(|answer| traits_of(answer, services)).collect();
    protect(&mut traits);
    let heads =
        ["instansi", "unit", "periode", "layanan", "saluran"].into_iter().chain(keys.iter().map(String::as_str));
    let mut text = String::new();
    line(&mut text, heads.chain(PROFILE_COLUMNS).chain(PROMISE_COLUMNS));
    for (answer, traits) in answers.iter().zip(&traits) {
        let chosen: BTreeMap<String, u8> = serde_json::from_str(&answer.answers).unwrap_or_default();
        let chosen: Vec<String> =
            keys.iter().map(|key| chosen.get(key).map(ToString::to_string).unwrap_or_default()).collect();
        let promises = answer.promises.map(|kept| match kept {
            Some(true) => "ya",
            Some(false) => "tidak",
            None => "",
        });
        let (place, profile) = traits.split_at(2);
        let cells =
            [&named.institution, &named.unit, &named.period].into_iter().chain(place).chain(&chosen).chain(profile);
        line(&mut text, cells.map(String::as_str).chain(promises));
    }
    Some(text)
}

fn traits_of(answer: &Exported, services: &HashMap<ServiceId, String>) -> Traits {
    let service = answer.service.and_then(|service| services.get(&service)).cloned().unwrap_or_default();
    let [sex, age, education, occupation, disability] = answer.profile.clone().map(Option::unwrap_or_default);
    [service, answer.channel.clone(), sex, age, education, occupation, disability]
}

/// What is blanked, stage by stage: the profile, then the channel too, then the service too.
const STAGES: [std::ops::Range<usize>; 3] = [2..2 + PROFILE.len(), 1..2 + PROFILE.len(), 0..2 + PROFILE.len()];

/// Blanks traits until every combination that is left occurs five times or more; a class of equal rows is never divided.
fn protect(rows: &mut [Traits]) {
    for stage in STAGES {
        let sizes = sizes(rows);
        for row in rows.iter_mut().filter(|row| sizes[*row] < SMALLEST_GROUP) {
            row[stage.clone()].fill(String::new());
        }
    }
    // The rows without any trait may be few themselves: the smallest other classes join them.
    loop {
        let sizes = sizes(rows);
        let bare = sizes.get(&Traits::default()).copied().unwrap_or(0);
        let others = sizes.iter().filter(|(traits, _)| **traits != Traits::default());
        let Some((smallest, _)) = others.min_by(|one, other| (one.1, one.0).cmp(&(other.1, other.0))) else { return };
        if bare == 0 || bare >= SMALLEST_GROUP {
            return;
        }
        let smallest = smallest.clone();
        rows.iter_mut().filter(|row| **row == smallest).for_each(|row| *row = Traits::default());
    }
}

fn sizes(rows: &[Traits]) -> HashMap<Traits, u64> {
    let mut sizes = HashMap::new();
    for row in rows {
        *sizes.entry(row.clone()).or_insert(0) += 1;
    }
    sizes
}

fn line<'c>(text: &mut String, cells: impl Iterator<Item = &'c str>) {
    for (position, cell) in cells.enumerate() {
        if position > 0 {
            text.push(',');
        }
        // A cell that a spreadsheet would run as a formula is shown as text instead.
        let guard = if cell.starts_with(['=', '+', '@', '\t', '-']) { "'" } else { "" };
        if !guard.is_empty() || cell.contains([',', ';', '"', '\n', '\r']) {
            text.push('"');
            text.push_str(guard);
            text.push_str(&cell.replace('"', "\"\""));
            text.push('"');
        } else {
            text.push_str(cell);
        }
    }
    text.push_str("\r\n");
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn row(service: u8, channel: u8, sex: u8, age: u8) -> Traits {
        let word = |name: &str, number: u8| if number == 0 { String::new() } else { format!("{name}{number}") };
        let mut traits = Traits::default();
        traits[0] = word("layanan", service);
        traits[1] = word("saluran", channel);
        traits[2] = word("s", sex);
        traits[3] = word("u", age);
        traits
    }

    proptest! {
        #[test]
        fn no_row_of_a_file_stands_out(
            rows in proptest::collection::vec((0_u8..4, 0_u8..3, 0_u8..3, 0_u8..6), 5..200)
        ) {
            let before: Vec<Traits> = rows.into_iter().map(|(a, b, c, d)| row(a, b, c, d)).collect();
            let mut after = before.clone();
            protect(&mut after);
            let small: Vec<_> = sizes(&after).into_iter().filter(|(_, size)| *size < SMALLEST_GROUP).collect();
            prop_assert!(small.is_empty(), "{small:?}");
            for (before, after) in before.iter().zip(&after) {
                for (before, after) in before.iter().zip(after) {
                    prop_assert!(after.is_empty() || after == before, "a trait is blanked or stays, never another's");
                }
            }
        }

        #[test]
        fn what_does_not_stand_out_is_not_blanked(sexes in 1_u8..3, size in 5_usize..20) {
            let mut rows = vec![row(1, 1, sexes, 2); size];
            protect(&mut rows);
            prop_assert_eq!(rows, vec![row(1, 1, sexes, 2); size]);
        }
    }

    #[test]
    fn one_row_that_would_stand_alone_is_hidden_among_others() {
        let mut rows = vec![row(1, 1, 1, 1); 5];
        rows.push(row(2, 2, 2, 2));
        protect(&mut rows);
        assert_eq!(
            rows,
            vec![Traits::default(); 6],
            "with five others, whose traits would tell which row is the sixth"
        );
    }
}
