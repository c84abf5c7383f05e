//! Worked examples of the IPP.

use super::*;
use crate::instrument::{Body, Instrument, classify, known};
use crate::outcome::Outcome;
use crate::phrase::Language;
use crate::quantity::{Decimal, parse_decimal, ratio, whole};
use crate::tally::Tally;
use proptest::prelude::*;

fn index(instrument: &Instrument) -> &ServiceIndex {
    match &instrument.body {
        Body::ServiceIndex(index) => index,
        other => panic!("not an IPP instrument: {other:?}"),
    }
}

fn mean(value: &str) -> Option<UserSurvey> {
    Some(UserSurvey::Mean { mean: parse_decimal(value).unwrap(), respondents: Some(30) })
}

fn assess(id: &str, levels: &[u8], users: Option<UserSurvey>) -> Outcome {
    let instrument = known(id);
    let levels = levels.iter().map(|level| Some(whole(*level))).collect();
    Assessment { header: &instrument.header, index: index(instrument), levels, users }.outcome()
}

fn aggregate(instrument: &Instrument, members: &[(String, Outcome)]) -> Outcome {
    let index = index(instrument);
    index.aggregation.outcome(&instrument.header, (index.rounding, &index.bands), members)
}

/// All fives and an F-03 of 5 give exactly 5.00, A, in every IPP instrument; all zeros 0.00, F.
#[test]
fn the_ends_of_the_scale_are_reached_exactly() {
    for (id, indicators) in [("ipp-2017", 37), ("ipp-2022", 30), ("ipp-2022-online", 29)] {
        let best = assess(id, &vec![5; indicators], mean("5"));
        assert_eq!((best.value.as_ref().unwrap().to_string().as_str(), best.category()), ("5.00", "A"), "{id}");
        let worst = assess(id, &vec![0; indicators], mean("0"));
        assert_eq!((worst.value.as_ref().unwrap().to_string().as_str(), worst.category()), ("0.00", "F"), "{id}");
    }
}

/// Permenpan RB 29/2022 and the 75:25 practice, by hand: all levels 4 but indicator 1 (weight 17 % of an aspect of 24 %) at 0.
/// F-02 = 4 − 4 × 0.17 × 0.24 = 3.8368; with F-03 = 4.4: 0.75 × 3.8368 + 0.25 × 4.4 = 3.9776 → 3.98, B.
#[test]
fn a_worked_example_by_hand() {
    let mut levels = [4_u8; 30];
    levels[0] = 0;
    let outcome = assess("ipp-2022", &levels, mean("4.4"));
    let component = |key: &str| outcome.components.iter().find(|component| component.key == key).unwrap().value.clone();
    assert_eq!(component("f02"), parse_decimal("3.8368").unwrap());
    assert_eq!(outcome.exact, Some(parse_decimal("3.9776").unwrap()));
    assert_eq!((outcome.value.as_ref().unwrap().to_string().as_str(), outcome.category()), ("3.98", "B"));
    assert_eq!(outcome.label(Language::Indonesian), "Baik");
    let last: Vec<&str> = outcome.steps.iter().map(|step| step.output.as_str()).collect();
    assert_eq!(last, ["3.8368", "4.4", "3.9776", "3.98", "B"]);
}

/// Palembang: 4.28 in 2021 is A-, 4.63 in 2022 is A, "Pelayanan Prima".
#[test]
fn palembang_is_classified_as_published() {
    let instrument = known("ipp-2022");
    let band = |value: &str| classify(instrument.bands(), &Decimal::half_up(&parse_decimal(value).unwrap(), 2));
    assert_eq!(band("4.28").category, "A-");
    assert_eq!((band("4.63").category.as_str(), band("4.63").label.id.as_str()), ("A", "Pelayanan Prima"));
}

/// A unit that was not scored on one indicator has no index: a missing level never counts as zero.
#[test]
fn a_missing_level_gives_no_index_and_is_named() {
    let outcome = assess("ipp-2022", &[5; 29], mean("5"));
    assert!(outcome.value.is_none() && outcome.band.is_none());
    let warning = outcome.warnings.iter().find(|warning| warning.code.as_str() == "missing-indicator").unwrap();
    assert!(warning.message(Language::Indonesian).contains("inovasi"), "{warning:?}");
}

/// Without the users' form there is no index either; with too few users there is one, flagged.
#[test]
fn users_are_required_and_few_of_them_flagged() {
    let codes = |outcome: &Outcome| -> Vec<&'static str> { outcome.warnings.iter().map(|w| w.code.as_str()).collect() };
    let without = assess("ipp-2022", &[5; 30], None);
    assert!(without.value.is_none() && codes(&without).contains(&"missing-f03"));
    let few = assess("ipp-2022", &[5; 30], Some(UserSurvey::Answers(Tally::of(&[vec![5; 14], vec![4; 14]], 0, 5))));
    assert_eq!(few.exact, Some(ratio(3, 4) * whole(5) + ratio(1, 4) * ratio(9, 2)));
    assert!(codes(&few).contains(&"too-few-f03-respondents"));
}

/// A city is the simple mean of its units' published values: (4.63 + 4.25) ÷ 2 = 4.44, A-. A unit without a value is named, not counted.
#[test]
fn a_city_is_the_mean_of_its_published_units() {
    let instrument = known("ipp-2022");
    let unit = |level: u8, f03: &str| assess("ipp-2022", &[level; 30], mean(f03));
    let members = vec![
        ("Disdukcapil".to_owned(), unit(5, "3.52")),
        ("RSUD".to_owned(), unit(4, "5")),
        ("DPMPTSP".to_owned(), assess("ipp-2022", &[5; 29], mean("5"))),
    ];
    assert_eq!(members[0].1.value.as_ref().unwrap().to_string(), "4.63");
    assert_eq!(members[1].1.value.as_ref().unwrap().to_string(), "4.25");
    let city = aggregate(instrument, &members);
    assert_eq!((city.value.as_ref().unwrap().to_string().as_str(), city.category()), ("4.44", "A-"));
    assert_eq!(city.warnings[0].code.as_str(), "unit-without-value");
}

/// Of which unit too few users answered stays known when the units become a city.
#[test]
fn a_city_keeps_the_warnings_of_its_units() {
    let instrument = known("ipp-2022");
    let users = Some(UserSurvey::Answers(Tally::of(&[vec![5; 14]], 0, 5)));
    let members = vec![("RSUD".to_owned(), assess("ipp-2022", &[5; 30], users))];
    let city = aggregate(instrument, &members);
    let warning = city.warnings.iter().find(|warning| warning.code.as_str() == "too-few-f03-respondents").unwrap();
    assert!(warning.message(Language::Indonesian).starts_with("RSUD: Responden F-03 1,"), "{warning:?}");
}

/// Counts as large as a file can state them do not overflow: then nobody knows how many answered.
#[test]
fn absurd_numbers_of_respondents_are_no_overflow() {
    let instrument = known("ipp-2022");
    let member = |name: &str| {
        let mut outcome = assess("ipp-2022", &[5; 30], mean("5"));
        outcome.respondents = Some(u64::MAX);
        (name.to_owned(), outcome)
    };
    let city = aggregate(instrument, &[member("A"), member("B")]);
    assert_eq!(city.respondents, None);
}

/// A form names its indicators by number, key or code; all three are understood.
#[test]
fn indicators_are_found_by_number_key_and_code() {
    let instrument = known("ipp-2022");
    let index = index(instrument);
    assert_eq!((index.indicator("i3"), index.indicator("3"), index.indicator("3.a.T")), (Some(2), Some(2), Some(2)));
    assert_eq!(index.indicator(&index.indicators[2].key), Some(2));
    for name in ["I_3", "Indikator 3", "indicator3", "3.0", &index.indicators[2].name.id.to_uppercase()] {
        assert_eq!(index.indicator(name), Some(2), "{name}");
    }
    assert_eq!((index.indicator("i0"), index.indicator("i32"), index.indicator("")), (None, None, None));
    assert!(["f14", "f03_1", "q7", "Item 3"].into_iter().all(|column| index.is_user_question(column)));
    assert!(!index.is_user_question("f03"), "the mean of the form is no question");
    assert!(!index.is_user_question("f15") && !index.is_user_question("u1") && !index.is_user_question("unit"));
}

proptest! {
    /// A higher level never lowers the index; the index stays on the scale.
    #[test]
    fn the_index_is_monotone_in_every_level(levels in prop::collection::vec(0_u8..=5, 30), at in 0_usize..30, f03 in 0_u8..=5) {
        let users = mean(&f03.to_string());
        let before = assess("ipp-2022", &levels, users.clone());
        let mut raised = levels;
        raised[at] = (raised[at] + 1).min(5);
        let after = assess("ipp-2022", &raised, users);
        prop_assert!(before.exact <= after.exact);
        prop_assert!(before.exact >= Some(whole(0)) && after.exact <= Some(whole(5)));
    }

    /// The items' weighted levels add up to F-02, so that a reader can check the table by adding it.
    #[test]
    fn weighted_items_add_up_to_f02(levels in prop::collection::vec(0_u8..=5, 30)) {
        let outcome = assess("ipp-2022", &levels, mean("3"));
        let total = crate::quantity::sum(outcome.items.iter().map(|item| &item.weighted));
        let f02 = &outcome.components.iter().find(|component| component.key == "f02").unwrap().value;
        prop_assert_eq!(&total, f02);
    }
}
