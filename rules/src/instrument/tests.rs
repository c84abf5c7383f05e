//! Every embedded file is read; every kind of broken file is refused with its line and reason.

use super::*;
use crate::quantity::{Decimal, parse_decimal, ratio};
use proptest::prelude::*;

fn decimal(text: &str) -> Decimal {
    Decimal::half_up(&parse_decimal(text).unwrap(), 2)
}

fn skm() -> &'static str {
    include_str!("../../parameters/skm-2017.toml")
}

/// The skm-2017 file with one replacement, refused: the line and the sentence.
fn refusal(from: &str, to: &str) -> (usize, String) {
    let broken = skm().replacen(from, to, 1);
    assert_ne!(broken, skm(), "`{from}` is not in the file");
    let error = read("kota.toml", &broken).unwrap_err();
    (error.line, error.message(Language::Indonesian))
}

fn line_with(text: &str) -> usize {
    skm().lines().position(|line| line.contains(text)).unwrap() + 1
}

#[test]
fn every_embedded_instrument_is_read_and_keeps_its_name() {
    for id in embedded() {
        let instrument = load(id).unwrap_or_else(|error| panic!("{error}")).unwrap();
        assert_eq!(instrument.header.id, id);
        assert!(instrument.bands().is_empty() == instrument.rounding().is_none());
    }
}

#[test]
fn unknown_instruments_are_not_found() {
    assert!(load("skm-1999").unwrap().is_none());
}

/// The rule in force on a date: Permenpan RB 17/2017 in 2019, 29/2022 in 2024; the Ombudsman's zones until 2021.
#[test]
fn the_instrument_in_force_follows_the_date() {
    let id = |family, date| in_force_on(family, date).unwrap().map(|instrument| instrument.header.id);
    assert_eq!(id(Family::Satisfaction, "2011"), Some("skm-2004".into()));
    assert_eq!(id(Family::Satisfaction, "2016-03-01"), Some("skm-2014".into()));
    assert_eq!(id(Family::Satisfaction, "2026-11-21"), Some("skm-2017".into()));
    assert_eq!(id(Family::Compliance, "2021"), Some("ombudsman-2015".into()));
    assert_eq!(id(Family::Compliance, "2024-12-31"), Some("ombudsman-2022".into()));
    assert_eq!(id(Family::Compliance, "2026"), Some("ombudsman-2025".into()));
    assert_eq!(id(Family::ServiceIndex, "2019"), Some("ipp-2017".into()));
    assert_eq!(id(Family::Satisfaction, "1999"), None);
}

#[test]
fn a_band_that_leaves_a_gap_is_refused_with_its_line() {
    let (line, message) = refusal("max = \"88.30\"", "max = \"88.29\"");
    assert_eq!(line, line_with("category = \"B\"") - 1);
    assert!(
        message.contains("kota.toml, baris") && message.contains("88,31") && message.contains("88,29"),
        "{message}"
    );
}

#[test]
fn unknown_keys_and_misspelt_keys_are_refused_with_their_line() {
    let (line, message) = refusal("[rounding]", "[ronding]");
    assert_eq!(line, line_with("[rounding]"));
    assert!(message.contains("ronding"), "{message}");
    let (line, _) = refusal("lowest = 1", "lowes = 1");
    assert_eq!(line, line_with("lowest = 1"));
}

#[test]
fn a_key_used_twice_is_refused() {
    let (line, message) = refusal("key = \"prosedur\"", "key = \"persyaratan\"");
    assert_eq!(line, line_with("key = \"prosedur\"") - 1);
    assert!(message.contains("persyaratan"), "{message}");
}

#[test]
fn an_order_that_forgets_an_element_is_refused() {
    let (line, _) = refusal("\"sarana\", \"pengaduan\"]", "\"sarana\"]");
    assert_eq!(line, line_with("[orders]"));
}

#[test]
fn numbers_that_are_no_numbers_are_refused_with_a_hint() {
    let (line, message) = refusal("factor = \"25\"", "factor = \"dua puluh lima\"");
    assert_eq!(line, line_with("factor ="));
    assert!(message.contains("1/9"), "{message}");
}

#[test]
fn weights_that_do_not_add_up_to_one_are_refused() {
    let text = include_str!("../../parameters/ipp-2022.toml").replacen("weight = \"24/100\"", "weight = \"25/100\"", 1);
    let error = read("ipp.toml", &text).unwrap_err();
    assert!(error.message(Language::English).contains("1.01"), "{error}");
}

/// One embedded file with one replacement, refused: the sentences in both languages.
fn refusal_of(id: &str, from: &str, to: &str) -> [String; 2] {
    let text = library::text(id);
    let broken = text.replacen(from, to, 1);
    assert_ne!(broken, text, "`{from}` is not in the file");
    let error = read("kota.toml", &broken).unwrap_err();
    [error.message(Language::Indonesian), error.message(Language::English)]
}

#[test]
fn scales_that_do_not_rise_are_refused() {
    assert!(refusal_of("ipp-2022", "highest = 5", "highest = 0")[1].contains("lowest"));
    assert!(refusal_of("ombudsman-2022", "highest = \"100\"", "highest = \"0\"")[1].contains("must be below"));
}

/// A result of 5.00 in a file whose best band ends at 4.90 would be an A outside its own limits.
#[test]
fn bands_that_do_not_end_where_the_scale_ends_are_refused() {
    assert!(refusal_of("ipp-2022", "max = \"5.00\"", "max = \"4.90\"")[0].contains("berakhir di 4,9, padahal"));
    assert!(refusal_of("ipp-2022", "min = \"0.00\"", "min = \"0.10\"")[1].contains("the scale ends at 0"));
    assert!(refusal_of("ombudsman-2025", "highest = \"100\"", "highest = \"110\"")[1].contains("110"));
}

#[test]
fn two_bands_of_one_category_are_refused() {
    let (_, message) = refusal("category = \"B\"", "category = \"A\"");
    assert!(message.contains("`A`"), "{message}");
}

/// 124/100 − 24/100 is one, yet no aspect can count against the others.
#[test]
fn negative_weights_are_refused() {
    let [message, _] = refusal_of("ipp-2022", "weight = \"24/100\"", "weight = \"-24/100\"");
    assert!(message.contains("bobot -0,24 negatif"), "{message}");
}

#[test]
fn sentences_write_decimals_as_their_language_does() {
    let messages = refusal_of("ombudsman-2022", "max = \"87.99\"", "max = \"87.90\"");
    assert!(messages[0].contains("berakhir 87,9:") && messages[1].contains("ends at 87.9:"), "{messages:?}");
}

#[test]
fn a_doubtful_day_must_be_a_date() {
    assert!(refusal_of("sp4n-2018", "uncertain_from = \"2025\"", "uncertain_from = \"nanti\"")[0].contains("in_force"));
}

#[test]
fn a_file_without_dates_or_basis_is_refused() {
    assert!(refusal("from = \"2017\"", "from = \"sejak dulu\"").1.contains("in_force"));
    assert!(read("kosong.toml", "").is_err());
}

/// Permenpan RB 14/2017: the printed table jumps from 88.30 to 88.31; 88.305 rounds up to 88.31 and is an A, never a hole.
#[test]
fn values_in_the_printed_gap_are_classified_after_rounding() {
    let instrument = load("skm-2017").unwrap().unwrap();
    let category = |text: &str| classify(instrument.bands(), &decimal(text)).category.clone();
    assert_eq!((category("88.305"), category("88.3049"), category("76.605")), ("A".into(), "B".into(), "B".into()));
    assert_eq!((category("64.995"), category("64.99"), category("24.75")), ("C".into(), "D".into(), "D".into()));
    assert!(on_scale(instrument.bands(), &ratio(25, 1)) && !on_scale(instrument.bands(), &ratio(2499, 100)));
}

/// A factor that does not lead from the answers' scale to the bands' would give indices no band knows.
#[test]
fn a_factor_that_misses_the_bands_is_refused() {
    for factor in ["0", "-25", "20"] {
        assert!(!refusal("factor = \"25\"", &format!("factor = \"{factor}\"")).1.is_empty());
    }
}

proptest! {
    /// No gap after rounding: every value of every scale falls in a band that contains it, and a higher value never in a lower band.
    #[test]
    fn bands_have_no_gaps_and_are_monotone(numerator in 0_i64..1_000_000, more in 0_i64..1_000_000) {
        for instrument in embedded().map(known).filter(|instrument| !instrument.bands().is_empty()) {
            let id = &instrument.header.id;
            let (bands, rounding) = (instrument.bands(), instrument.rounding().unwrap());
            let (low, high) = (&bands[bands.len() - 1].min, &bands[0].max);
            let at = |share: i64| rounding.round(&(low + (high - low) * ratio(share.min(1_000_000), 1_000_000)));
            let (lower, upper) = (at(numerator), at(numerator + more));
            let band = classify(bands, &lower);
            prop_assert!(band.min <= lower.value() && lower.value() <= band.max, "{id} {lower}");
            prop_assert!(band.min <= classify(bands, &upper).min);
        }
    }

    #[test]
    fn any_text_is_read_or_refused_without_a_panic(text in "\\PC*") {
        let _ = read("x", &text);
    }

    /// Any file with one stretch cut out or replaced is read or refused, never a panic.
    #[test]
    fn any_damage_to_a_real_file_is_read_or_refused(start in 0_usize..6_000, length in 0_usize..60, filler in "\\PC{0,8}") {
        let text = skm();
        let floor = |mut at: usize| { at = at.min(text.len()); while !text.is_char_boundary(at) { at -= 1; } at };
        let (from, to) = (floor(start), floor(start + length));
        let _ = read("x", &format!("{}{filler}{}", &text[..from], &text[to..]));
    }
}
