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

/// The order in which people sort: digits by the number they make, the rest by character.
pub(crate) fn natural_order(left: &str, right: &str) -> Ordering {
    let (mut one, mut other) = (left.as_bytes(), right.as_bytes());
    loop {
        let (digits_one, digits_other) = (leading_digits(one), leading_digits(other));
        if digits_one > 0 && digits_other > 0 {
            let order = number_order(&one[..digits_one], &other[..digits_other]);
            if order.is_ne() {
                return order;
            }
            (one, other) = (&one[digits_one..], &other[digits_other..]);
            continue;
        }
        match (one, other) {
            ([first, rest @ ..], [second, others @ ..]) if first == second => (one, other) = (rest, others),
            // Equal as people see them (`01`, `1`): the plain order decides, so that the order is total.
            ([], []) => return left.cmp(right),
            _ => return one.cmp(other),
        }
    }
}

fn leading_digits(text: &[u8]) -> usize {
    text.iter().take_while(|byte| byte.is_ascii_digit()).count()
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
    fn text_that_is_not_utf_8_keeps_its_differences() {
        assert_eq!(decoded(b"Jos\xe9"), "José");
        assert_ne!(decoded(b"Jos\xe9"), decoded(b"Jos\xe8"));
    }

    proptest! {
        #[test]
        fn the_order_is_total(mut names in proptest::collection::vec("[0-2a]{0,5}", 0..8)) {
            names.sort_by(|one, other| natural_order(one, other));
            for pair in names.windows(2) {
                prop_assert!(natural_order(&pair[0], &pair[1]).is_le());
                prop_assert!(natural_order(&pair[1], &pair[0]).is_ge());
                prop_assert_eq!(natural_order(&pair[0], &pair[1]).is_eq(), pair[0] == pair[1]);
            }
        }
    }
}
