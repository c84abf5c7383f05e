//! Text of unknown encoding, cut short for people, and in the order people expect.

use std::borrow::Cow;
use std::cmp::Ordering;

/// Bytes as text. What is not UTF-8 is taken as Latin-1, so that no two different cells become one.
pub(crate) fn decoded(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(bytes.iter().copied().map(char::from).collect()),
    }
}

/// The text without blanks around it, at most 40 characters.
pub(crate) fn shortened(text: &str) -> String {
    text.trim().chars().take(40).collect()
}

/// The order in which people sort: digits by the number they make, letters whether capital or small, the rest by character.
pub(crate) fn natural_order(left: &str, right: &str) -> Ordering {
    // Where people see no difference (`01`, `1`) or only one of capitals, the plain order decides, so that the order is total.
    order_people_see(left, right).then_with(|| left.cmp(right))
}

fn order_people_see(mut one: &str, mut other: &str) -> Ordering {
    loop {
        let (digits_one, digits_other) = (leading_digits(one), leading_digits(other));
        if digits_one > 0 && digits_other > 0 {
            let order = number_order(&one.as_bytes()[..digits_one], &other.as_bytes()[..digits_other]);
            if order.is_ne() {
                return order;
            }
            (one, other) = (&one[digits_one..], &other[digits_other..]);
            continue;
        }
        let (mut rest, mut others) = (one.chars(), other.chars());
        match (rest.next().map(small), others.next().map(small)) {
            (Some(first), Some(second)) if first == second => (one, other) = (rest.as_str(), others.as_str()),
            (first, second) => return first.cmp(&second),
        }
    }
}

/// The small letter of a capital, where that is one letter.
fn small(letter: char) -> char {
    let mut small = letter.to_lowercase();
    small.next().filter(|_| small.next().is_none()).unwrap_or(letter)
}

fn leading_digits(text: &str) -> usize {
    text.bytes().take_while(u8::is_ascii_digit).count()
}

fn number_order(one: &[u8], other: &[u8]) -> Ordering {
    let (one, other) = (without_zeros(one), without_zeros(other));
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

fn without_zeros(digits: &[u8]) -> &[u8] {
    &digits[digits.iter().take_while(|digit| **digit == b'0').count()..]
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn numbers_inside_names_are_sorted_as_numbers() {
        let mut names = vec!["unit 10", "unit 9", "2026-10", "2026-9", "unit", "", "10", "9", "01", "1"];
        names.sort_by(|one, other| natural_order(one, other));
        assert_eq!(names, ["", "01", "1", "9", "10", "2026-9", "2026-10", "unit", "unit 9", "unit 10"]);
    }

    #[test]
    fn capitals_decide_only_between_names_that_are_otherwise_the_same() {
        let mut names = vec!["b", "unit 2", "UNIT 10", "a", "C", "Unit 2", "É", "é1", "Z", "_"];
        names.sort_by(|one, other| natural_order(one, other));
        assert_eq!(names, ["_", "a", "b", "C", "Unit 2", "unit 2", "UNIT 10", "Z", "É", "é1"]);
    }

    #[test]
    fn text_that_is_not_utf_8_keeps_its_differences() {
        assert_eq!(decoded(b"Jos\xe9"), "José");
        assert_ne!(decoded(b"Jos\xe9"), decoded(b"Jos\xe8"));
    }

    proptest! {
        #[test]
        fn the_order_is_total(mut names in proptest::collection::vec("[0-2aAéÉİ]{0,5}", 0..8)) {
            names.sort_by(|one, other| natural_order(one, other));
            for pair in names.windows(2) {
                prop_assert!(natural_order(&pair[0], &pair[1]).is_le());
                prop_assert!(natural_order(&pair[1], &pair[0]).is_ge());
                prop_assert_eq!(natural_order(&pair[0], &pair[1]).is_eq(), pair[0] == pair[1]);
            }
        }
    }
}
