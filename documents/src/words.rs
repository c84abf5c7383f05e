//! The sentences of print-outs, and dates as each language writes them.

use rules::phrase::{Catalogue, Language, Phrase};
use std::sync::OnceLock;

/// The sentences of this crate.
pub(crate) fn catalogue() -> &'static Catalogue {
    static CATALOGUE: OnceLock<Catalogue> = OnceLock::new();
    CATALOGUE.get_or_init(|| {
        Catalogue::read(include_str!("../locales/id.toml"), include_str!("../locales/en.toml"))
            .expect("the embedded tables are read by a test")
    })
}

/// Keys of the months, January first.
const MONTHS: [&str; 12] = [
    "month.january",
    "month.february",
    "month.march",
    "month.april",
    "month.may",
    "month.june",
    "month.july",
    "month.august",
    "month.september",
    "month.october",
    "month.november",
    "month.december",
];

/// Year, month and day of `2026-11-21`.
pub(crate) fn calendar_day(iso: &str) -> Option<(u16, u8, u8)> {
    let mut parts = iso.trim().splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if year.len() != 4 || month.len() != 2 || day.len() != 2 {
        return None;
    }
    let (year, month, day) = (year.parse().ok()?, month.parse().ok()?, day.parse().ok()?);
    ((1..=12).contains(&month) && (1..=31).contains(&day)).then_some((year, month, day))
}

/// `2026-11-21` as `21 November 2026`; anything else as it stands.
pub(crate) fn long_date(iso: &str, language: Language) -> String {
    match calendar_day(iso) {
        Some((year, month, day)) => {
            let month = catalogue().say(&Phrase::new(MONTHS[usize::from(month - 1)]), language);
            format!("{day} {month} {year}")
        }
        None => iso.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_languages_hold_the_same_keys_and_placeholders() {
        assert_eq!(catalogue().unequal_keys(), Vec::<&str>::new());
    }

    #[test]
    fn no_sentence_is_unused() {
        let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
        let sources: String = std::fs::read_dir(folder)
            .unwrap()
            .map(|file| std::fs::read_to_string(file.unwrap().path()).unwrap())
            .collect();
        let unused: Vec<&str> = catalogue().keys().filter(|key| !sources.contains(&format!("\"{key}\""))).collect();
        assert_eq!(unused, Vec::<&str>::new());
    }

    #[test]
    fn dates_are_written_in_words() {
        assert_eq!(long_date("2026-11-21", Language::Indonesian), "21 November 2026");
        assert_eq!(long_date("2026-08-05", Language::Indonesian), "5 Agustus 2026");
        assert_eq!(long_date("2026-08-05", Language::English), "5 August 2026");
        assert_eq!(long_date("Triwulan I", Language::English), "Triwulan I");
    }
}
