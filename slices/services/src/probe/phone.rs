//! Reading a telephone number. No server can dial it: that it works is said by a person.

use crate::contact::{ContactFault, Look};
use phonenumber::country::Id;

/// Short numbers of services have so many digits: 112, 1708, 14045.
const SHORT: std::ops::RangeInclusive<usize> = 3..=6;

/// Reads what a unit publishes as its telephone: one number, or several with `/`, `;` or a comma between.
///
/// # Errors
/// [`ContactFault::BadNumber`] where one of them cannot be dialled; else [`ContactFault::NotTried`], always.
pub fn phone(text: &str) -> Look {
    let numbers: Vec<&str> = text.split(['/', ';', ',']).map(number_in).filter(|part| !part.is_empty()).collect();
    let good = !numbers.is_empty() && numbers.into_iter().all(can_be_dialled);
    Err(if good { ContactFault::NotTried } else { ContactFault::BadNumber })
}

/// The number among the words around it: `WA 0812-7000-0001` and `0711-350000 pesawat 12` hold one each.
fn number_in(part: &str) -> &str {
    let start = part.find(|sign: char| sign.is_ascii_digit() || sign == '+' || sign == '(').unwrap_or(part.len());
    let number = &part[start..];
    let end = number.find(|sign: char| sign.is_alphabetic()).unwrap_or(number.len());
    number[..end].trim()
}

fn can_be_dialled(number: &str) -> bool {
    let digits = number.chars().filter(char::is_ascii_digit).count();
    if SHORT.contains(&digits) && !number.starts_with(['0', '+']) {
        return true;
    }
    phonenumber::parse(Some(Id::ID), number).is_ok_and(|number| number.is_valid())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_as_offices_write_them_wait_for_somebody_to_try_them() {
        for good in [
            "(0711) 350000",
            "0711-350000 pesawat 12",
            "021-3500000",
            "0812-7000-0001",
            "WA 0812 7000 0001",
            "+62 812 7000 0001",
            "112",
            "1708",
            "0711 350000 / 0812-7000-0001",
        ] {
            assert_eq!(phone(good), Err(ContactFault::NotTried), "{good}");
        }
    }

    #[test]
    fn what_nobody_can_dial_is_told() {
        for bad in ["0", "08", "0812", "0812-7000-0001-9999-8888", "hubungi kami", "0711 350000 / 08", "00000000"] {
            assert_eq!(phone(bad), Err(ContactFault::BadNumber), "{bad}");
        }
    }
}
