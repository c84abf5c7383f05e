//! Worked examples of the SKM, each citing its rule, and the properties every index must have.

use super::*;
use crate::instrument::{Body, Instrument, known};
use crate::phrase::Language;
use crate::quantity::{parse_decimal, whole};
use crate::tally::Tally;
use proptest::prelude::*;

fn survey(instrument: &Instrument) -> &SatisfactionSurvey {
    match &instrument.body {
        Body::Satisfaction(survey) => survey,
        other => panic!("not an SKM instrument: {other:?}"),
    }
}

fn codes(outcome: &crate::outcome::Outcome) -> Vec<&'static str> {
    outcome.warnings.iter().map(|warning| warning.code.as_str()).collect()
}

/// The result of published means in a given order and with given weights.
fn of_means(id: &str, means: &str, order: Order, policy: WeightPolicy) -> crate::outcome::Outcome {
    let instrument = known(id);
    let survey = survey(instrument);
    let mut placed = vec![None; survey.elements.len()];
    for (index, mean) in means.split_whitespace().enumerate() {
        let position = survey.position(&format!("u{}", index + 1), order).unwrap();
        placed[position] = Some(parse_decimal(mean).unwrap());
    }
    let data = Data::Means { means: placed, respondents: None };
    Calculation { header: &instrument.header, survey, data, policy, population: None }.outcome()
}

/// The result of answers given row by row, in the questionnaire's order.
fn of_answers(rows: &[Vec<u8>], population: Option<u64>) -> crate::outcome::Outcome {
    let instrument = known("skm-2017");
    let survey = survey(instrument);
    let tally = Tally::of(rows, 1, 4);
    let elements: Vec<usize> = (0..9).collect();
    let data = Data::Answers { tally: &tally, elements: &elements };
    Calculation { header: &instrument.header, survey, data, policy: WeightPolicy::Exact, population }.outcome()
}

/// Permenpan RB 14/2017, annex: Bantul's land office 2023 publishes nine means and 87.28; with weight 1/9 that is what comes out.
#[test]
fn bantul_2023_is_reproduced_with_the_exact_weight() {
    let means = "3.31 3.35 3.49 3.93 3.45 3.39 3.39 3.76 3.35";
    let outcome = of_means("skm-2017", means, Order::Regulation, WeightPolicy::Exact);
    assert_eq!(outcome.value.as_ref().unwrap().to_string(), "87.28");
    assert_eq!((outcome.category(), outcome.label(Language::Indonesian)), ("B", "Baik"));
    assert_eq!(codes(&outcome), ["respondents-unknown"]);
}

/// The same numbers numbered as in the questionnaire give the same index, but another element is the weakest: order is data.
#[test]
fn the_order_decides_which_element_a_number_means() {
    let means = "3 3 3 3 3 3 3 1 4";
    let of = |order| {
        let outcome = of_means("skm-2017", means, order, WeightPolicy::Exact);
        let weakest = outcome.items.iter().min_by(|a, b| a.mean.cmp(&b.mean)).unwrap().key.clone();
        (outcome.value.unwrap().to_string(), weakest)
    };
    assert_eq!(of(Order::Questionnaire), ("72.22".into(), "sarana".into()));
    assert_eq!(of(Order::Regulation), ("72.22".into(), "pengaduan".into()));
}

/// How a city's index is made no text says that was read; the simple mean of what the units published is a parameter, and told to be
/// uncertain. Two units with 81.94 and 75.00 (all threes): (81.94 + 75.00) ÷ 2 = 78.47, B; a third without answers is named.
#[test]
fn a_city_is_the_mean_of_what_its_units_published() {
    let instrument = known("skm-2017");
    let survey = survey(instrument);
    let unit = |rows: &[Vec<u8>]| of_answers(rows, None);
    let members = [
        ("Disdukcapil".to_owned(), unit(&[vec![3; 9], vec![4, 4, 4, 4, 4, 3, 3, 3, 3]])),
        ("Dinas Sosial".to_owned(), unit(&[vec![3; 9]])),
        ("RSUD".to_owned(), unit(&[])),
    ];
    assert_eq!(members[0].1.value.as_ref().unwrap().to_string(), "81.94");
    let aggregation = survey.aggregation.as_ref().unwrap();
    let city = aggregation.outcome(&instrument.header, (survey.rounding, &survey.bands), &members);
    assert_eq!((city.value.as_ref().unwrap().to_string().as_str(), city.category()), ("78.47", "B"));
    assert_eq!(city.respondents, Some(3));
    assert_eq!(codes(&city)[0], "unit-without-value");
    assert_eq!(codes(&city).last(), Some(&"uncertain-parameter"));
}

/// Kepmenpan 25/2004 prints the weight 0.071: Bogor's licensing office 2011 publishes 74.67, which 1/14 would make 75.12.
#[test]
fn bogor_2011_is_reproduced_with_the_printed_weight() {
    let means = "3.007 2.993 3.02 3 3.113 3.033 2.887 2.947 2.98 3.033 3 3.033 3.02 3";
    let by_instrument = of_means("skm-2004", means, Order::Questionnaire, WeightPolicy::Round3);
    assert_eq!(
        (by_instrument.value.unwrap().to_string(), by_instrument.band.unwrap().category),
        ("74.67".into(), "B".into())
    );
    let exact = of_means("skm-2004", means, Order::Questionnaire, WeightPolicy::Exact);
    assert_eq!(exact.value.as_ref().unwrap().to_string(), "75.12");
    assert_eq!(codes(&exact)[0], "weight-policy-deviates");
}

/// A guide in circulation works its example with 0.11 and reaches 90.56; the annex's 1/9 gives 91.48, and the deviation is said.
#[test]
fn rounded_weights_are_possible_but_never_silent() {
    let sums = [105, 101, 100, 116, 102, 105, 106, 105, 115];
    let instrument = known("skm-2017");
    let elements: Vec<usize> = (0..9).collect();
    let tally = Tally { respondents: 29, sums: sums.to_vec(), total_squares: 0, detail: None };
    let of = |policy| {
        let data = Data::Answers { tally: &tally, elements: &elements };
        Calculation { header: &instrument.header, survey: survey(instrument), data, policy, population: None }.outcome()
    };
    assert_eq!(of(WeightPolicy::Exact).value.unwrap().to_string(), "91.48");
    let rounded = of(WeightPolicy::Round2);
    assert_eq!(rounded.value.as_ref().unwrap().to_string(), "90.56");
    assert!(codes(&rounded).contains(&"weight-policy-deviates"));
}

/// An office that has no data for one element gets an index over the other eight, and is told so.
#[test]
fn a_missing_element_shares_its_weight_and_is_named() {
    let instrument = known("skm-2017");
    let survey = survey(instrument);
    let mut means = vec![Some(whole(3)); 9];
    means[8] = None;
    let data = Data::Means { means, respondents: Some(100) };
    let calculation =
        Calculation { header: &instrument.header, survey, data, policy: WeightPolicy::Exact, population: None };
    let outcome = calculation.outcome();
    assert_eq!(outcome.value.as_ref().unwrap().to_string(), "75.00");
    assert_eq!(codes(&outcome), ["missing-element"]);
    assert!(outcome.warnings[0].message(Language::Indonesian).contains("Penanganan pengaduan"));
}

/// Every step of the tree carries its article, and the outputs lead from the sums to the category.
#[test]
fn the_steps_lead_from_the_answers_to_the_category() {
    let outcome = of_answers(&[vec![4; 9], vec![3; 9]], None);
    let outputs: Vec<&str> = outcome.steps.iter().map(|step| step.output.as_str()).collect();
    assert_eq!(outputs, ["0.1111", "3.5", "87.5", "87.50", "B"]);
    assert_eq!(outcome.steps[1].children.len(), 9);
    assert_eq!(outcome.steps[1].children[0].formula, "7 ÷ 2");
    assert!(outcome.steps.iter().chain(&outcome.steps[1].children).all(|step| step.citation.contains("14/2017")));
}

/// Krejcie–Morgan: of 1,000 people served 278 must answer; 277 are too few, 278 are enough.
#[test]
fn a_known_population_decides_how_many_are_enough() {
    let rows = |count| vec![vec![4; 9]; count];
    assert_eq!(codes(&of_answers(&rows(277), Some(1_000))), ["too-few-respondents"]);
    assert_eq!(codes(&of_answers(&rows(278), Some(1_000))), Vec::<&str>::new());
    assert_eq!(codes(&of_answers(&rows(29), None)), ["too-few-respondents"]);
}

/// Offices head their columns by the official names, by short words or by numbers; all mean the same element.
#[test]
fn elements_are_found_by_the_words_offices_use() {
    let survey = survey(known("skm-2017"));
    let key = |column: &str| survey.position(column, Order::Questionnaire).map(|at| survey.elements[at].key.as_str());
    let columns = [
        ("Sistem, Mekanisme, dan Prosedur", "prosedur"),
        ("Waktu Penyelesaian", "waktu"),
        ("Biaya/Tarif", "biaya"),
        ("Produk Spesifikasi Jenis Pelayanan", "produk"),
        ("KOMPETENSI PELAKSANA", "kompetensi"),
        ("sarana_prasarana", "sarana"),
        ("Sarana dan Prasarana", "sarana"),
        ("Penanganan Pengaduan, Saran dan Masukan", "pengaduan"),
        ("U 1", "persyaratan"),
        ("nrr_u9", "pengaduan"),
        ("u_2", "prosedur"),
        ("Unsur 3", "waktu"),
        ("U4 Biaya/Tarif", "biaya"),
        ("Requirements", "persyaratan"),
    ];
    for (column, element) in columns {
        assert_eq!(key(column), Some(element), "{column}");
    }
    assert_eq!([key("u0"), key("u10"), key("umur"), key(""), key("unit"), key("U4 Persyaratan")], [None; 6]);
    assert!(survey.is_beyond("nrr_u10") && !survey.is_beyond("u9") && !survey.is_beyond("usia"));
}

/// More answers than people served is an error of the office, not a perfect sample.
#[test]
fn more_respondents_than_people_served_is_said() {
    assert_eq!(codes(&of_answers(&vec![vec![4; 9]; 40], Some(10))), ["population-too-small"]);
}

fn answers() -> impl Strategy<Value = Vec<Vec<u8>>> {
    prop::collection::vec(prop::collection::vec(1_u8..=4, 9), 1..40)
}

proptest! {
    /// Whoever gives all 4 gives 100.00, whatever their number.
    #[test]
    fn all_four_is_exactly_one_hundred(respondents in 1_usize..200) {
        let outcome = of_answers(&vec![vec![4; 9]; respondents], None);
        prop_assert_eq!(outcome.value.as_ref().unwrap().to_string(), "100.00");
        prop_assert_eq!(outcome.exact.as_ref().unwrap(), &whole(100));
        prop_assert_eq!(outcome.category(), "A");
    }

    /// A better answer never lowers the index or the category.
    #[test]
    fn the_index_is_monotone_in_every_answer(mut rows in answers(), row in any::<prop::sample::Index>(), item in 0_usize..9) {
        let before = of_answers(&rows, None);
        let chosen = row.index(rows.len());
        let answer = &mut rows[chosen][item];
        *answer = (*answer + 1).min(4);
        let after = of_answers(&rows, None);
        prop_assert!(before.exact <= after.exact && before.category() >= after.category());
    }

    /// The order in which people answered changes nothing.
    #[test]
    fn a_permutation_of_respondents_changes_nothing(rows in answers(), turn in 0_usize..40) {
        let mut turned = rows.clone();
        turned.rotate_left(turn % rows.len());
        turned.reverse();
        prop_assert_eq!(of_answers(&rows, None), of_answers(&turned, None));
    }

    /// The index of answers equals the index of their exact means: both ways of input are one rule.
    #[test]
    fn answers_and_their_means_give_the_same_index(rows in answers()) {
        let instrument = known("skm-2017");
        let survey = survey(instrument);
        let tally = Tally::of(&rows, 1, 4);
        let means = (0..9).map(|item| tally.mean(item)).collect();
        let data = Data::Means { means, respondents: Some(tally.respondents) };
        let of_means = Calculation { header: &instrument.header, survey, data, policy: WeightPolicy::Exact, population: None };
        prop_assert_eq!(of_means.outcome().exact, of_answers(&rows, None).exact);
    }

    /// The interval holds the index and stays on the scale.
    #[test]
    fn the_interval_holds_the_index(rows in answers()) {
        let outcome = of_answers(&rows, None);
        if let Some(interval) = &outcome.interval {
            let value = outcome.value.as_ref().unwrap();
            prop_assert!(interval.low <= *value && *value <= interval.high);
            prop_assert!(interval.low.value() >= whole(25) && interval.high.value() <= whole(100));
        }
    }
}
