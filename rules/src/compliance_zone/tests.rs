//! Worked examples of the Ombudsman's assessment.

use super::*;
use crate::instrument::{Body, Instrument, classify, known};
use crate::outcome::Outcome;
use crate::quantity::{Decimal, parse_decimal, whole};
use proptest::prelude::*;

fn assessment(instrument: &Instrument) -> &ComplianceAssessment {
    match &instrument.body {
        Body::Compliance(assessment) => assessment,
        other => panic!("not an Ombudsman instrument: {other:?}"),
    }
}

fn units(instrument: &Instrument, scores: &[(&str, &str)]) -> Vec<(String, Outcome)> {
    let of = |score: &str| UnitScore::Given(parse_decimal(score).unwrap());
    scores
        .iter()
        .map(|(name, score)| ((*name).to_owned(), unit(&instrument.header, assessment(instrument), &of(score))))
        .collect()
}

fn zone(id: &str, score: &str) -> Option<String> {
    let instrument = known(id);
    classify(instrument.bands(), &Decimal::half_up(&parse_decimal(score).unwrap(), 2)).zone.clone()
}

/// Per ORI 22/2016: Pangkalpinang's 73.14 of 2021 is yellow; green starts at 81.00, red ends at 50.99.
#[test]
fn pangkalpinang_2021_is_yellow() {
    assert_eq!(zone("ombudsman-2015", "73.14").as_deref(), Some("kuning"));
    assert_eq!(zone("ombudsman-2015", "81").as_deref(), Some("hijau"));
    assert_eq!(zone("ombudsman-2015", "80.99").as_deref(), Some("kuning"));
    assert_eq!(zone("ombudsman-2015", "50.99").as_deref(), Some("merah"));
}

/// The same 73.14 under the 2022 bands is a C, still yellow; 78 is green.
#[test]
fn the_bands_changed_in_2022() {
    let instrument = known("ombudsman-2022");
    let band = classify(instrument.bands(), &Decimal::half_up(&parse_decimal("73.14").unwrap(), 2));
    assert_eq!((band.category.as_str(), band.zone.as_deref()), ("C", Some("kuning")));
    assert_eq!(zone("ombudsman-2022", "78").as_deref(), Some("hijau"));
}

/// Palembang 2025: three units 91.99, 86.77, 85.94 → mean 88.2333 → 88.23, "Kualitas Tertinggi"; complied → with the suffix.
#[test]
fn palembang_2025_is_the_mean_of_its_units() {
    let instrument = known("ombudsman-2025");
    let units = units(instrument, &[("SMPN 9", "91.99"), ("RSUD Bari", "86.77"), ("Dinsos", "85.94")]);
    let city = institution(&instrument.header, assessment(instrument), &units, None);
    assert_eq!(city.value.as_ref().unwrap().to_string(), "88.23");
    assert_eq!((city.category(), city.opinion.as_deref()), ("Sangat Baik", Some("Kualitas Tertinggi")));
    let complied = institution(&instrument.header, assessment(instrument), &units, Some("Tinggi"));
    assert_eq!(complied.opinion.as_deref(), Some("Kualitas Tertinggi Tanpa Maladministrasi"));
    assert!(city.band.unwrap().zone.is_none(), "there are no zones any more");
}

/// 2022 dimensions: 80, 90, 70, 60 weigh 21.85, 32.37, 24.24 and 21.54 % → 76.505 → 76.51 (a half goes up).
#[test]
fn a_unit_weighs_its_dimensions() {
    let instrument = known("ombudsman-2022");
    let scores = [80, 90, 70, 60].map(|score| Some(whole(score)));
    let outcome = unit(&instrument.header, assessment(instrument), &UnitScore::Dimensions(scores.to_vec()));
    assert_eq!(outcome.exact, Some(parse_decimal("76.505").unwrap()));
    assert_eq!((outcome.value.as_ref().unwrap().to_string().as_str(), outcome.category()), ("76.51", "C"));
}

/// 2025: the four dimensions make 70 %, public trust 30 %; that their inner weights are unknown is said.
#[test]
fn trust_weighs_thirty_percent_in_2025() {
    let instrument = known("ombudsman-2025");
    let scores = [90, 90, 90, 90, 60].map(|score| Some(whole(score)));
    let outcome = unit(&instrument.header, assessment(instrument), &UnitScore::Dimensions(scores.to_vec()));
    assert_eq!(outcome.value.as_ref().unwrap().to_string(), "81.00");
    assert!(outcome.warnings.iter().any(|warning| warning.code.as_str() == "uncertain-parameter"));
}

#[test]
fn a_missing_dimension_gives_no_score() {
    let instrument = known("ombudsman-2022");
    let scores = vec![Some(whole(80)), None, Some(whole(70)), Some(whole(60))];
    let outcome = unit(&instrument.header, assessment(instrument), &UnitScore::Dimensions(scores));
    assert!(outcome.value.is_none());
    assert_eq!(outcome.warnings[0].code.as_str(), "missing-dimension");
}

/// Offices head the columns in several ways; all mean the same dimension.
#[test]
fn dimensions_are_found_by_the_words_offices_use() {
    let assessment = assessment(known("ombudsman-2025"));
    let key = |column: &str| assessment.dimension(column).map(|at| assessment.dimensions[at].key.as_str());
    assert_eq!(
        [key("Input"), key("Dimensi Proses"), key("PENGADUAN")],
        [Some("input"), Some("proses"), Some("pengaduan")]
    );
    assert_eq!([key("kepercayaan"), key("Kepercayaan Masyarakat")], [Some("kepercayaan-masyarakat"); 2]);
    assert_eq!(key("unit"), None);
}

proptest! {
    /// A better unit never lowers its institution, and the order of units changes nothing.
    #[test]
    fn institutions_are_monotone_and_order_free(mut scores in prop::collection::vec(0_u32..=9_900, 1..12), at in any::<prop::sample::Index>()) {
        let instrument = known("ombudsman-2022");
        let mean = |scores: &[u32]| {
            let named: Vec<(String, String)> = scores.iter().enumerate().map(|(unit, score)| (unit.to_string(), format!("{}.{:02}", score / 100, score % 100))).collect();
            let borrowed: Vec<(&str, &str)> = named.iter().map(|(name, score)| (name.as_str(), score.as_str())).collect();
            institution(&instrument.header, assessment(instrument), &units(instrument, &borrowed), None).exact
        };
        let before = mean(&scores);
        scores.reverse();
        prop_assert_eq!(&before, &mean(&scores));
        let raised = at.index(scores.len());
        scores[raised] += 100;
        prop_assert!(before < mean(&scores));
    }
}
