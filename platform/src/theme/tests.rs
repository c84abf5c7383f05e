use super::*;
use crate::words::Words;
use proptest::prelude::*;
use rules::phrase::Language;

fn theme(brand: &str, accent: &str) -> Theme {
    Theme { brand: brand.parse().unwrap(), accent: accent.parse().unwrap() }
}

#[test]
fn the_default_theme_can_be_read() {
    assert_eq!(Theme::default().check(), Ok(()));
}

#[test]
fn a_button_too_pale_for_the_page_is_refused_with_a_colour_that_would_do() {
    let faults = theme("#ffe04d", "#ffd84d").check().unwrap_err();
    let fault = faults.iter().find(|fault| fault.pair == "theme.pair.button").unwrap();
    assert!(fault.ratio < 3.0);
    let better = Theme { brand: fault.nearest.unwrap(), ..theme("#ffe04d", "#ffd84d") };
    assert_eq!(better.check(), Ok(()));
}

#[test]
fn an_accent_that_drowns_in_the_menu_is_refused() {
    let faults = theme("#0b5cab", "#1a4480").check().unwrap_err();
    assert_eq!(
        faults.iter().map(|fault| (fault.choice, fault.pair)).collect::<Vec<_>>(),
        [(Choice::Accent, "theme.pair.mark")]
    );
}

#[test]
fn a_fault_says_how_much_is_missing_and_what_to_try() {
    let fault = Fault {
        choice: Choice::Brand,
        pair: "theme.pair.button",
        ratio: 2.999,
        needed: 3.0,
        nearest: Some(Colour::hex(0x80_70_00)),
    };
    let sentence = Words::shared(Language::Indonesian).say(&fault.phrase());
    assert!(sentence.contains("2,99") && sentence.contains("3,00") && sentence.contains("#807000"), "{sentence}");
}

#[test]
fn every_pair_has_its_words() {
    for pair in Theme::default().palette().pairs() {
        for language in [Language::Indonesian, Language::English] {
            assert_ne!(Words::shared(language).text(pair.name), pair.name);
        }
    }
}

#[test]
fn the_stylesheet_of_the_program_begins_with_the_default_theme() {
    let url = crate::assets::url("prima.css");
    let sheet = String::from_utf8_lossy(crate::assets::find(&url).unwrap().plain).replace(": ", ":");
    let css = Theme::default().to_css();
    let variables = css.split(['{', ';', '}']).filter(|part| part.starts_with("--p-"));
    for variable in variables {
        let short = variable.replace("#ffffff", "#fff").replace("#000000", "#000");
        assert!(
            sheet.contains(&format!("{short};")) || sheet.contains(&format!("{short}}}")),
            "{short} is not in prima.css"
        );
    }
}

#[test]
fn the_path_changes_with_the_colours() {
    assert_ne!(Theme::default().path(), theme("#0b5cac", "#ffd84d").path());
}

proptest! {
    #[test]
    fn every_theme_can_be_read_or_is_refused(brand in 0_u32..0x0100_0000, accent in 0_u32..0x0100_0000) {
        let theme = Theme { brand: Colour::hex(brand), accent: Colour::hex(accent) };
        let readable = theme.palette().pairs().iter().all(Pair::passes);
        prop_assert_eq!(theme.check().is_ok(), readable);
    }

    #[test]
    fn links_and_headers_can_be_read_in_every_theme(brand in 0_u32..0x0100_0000) {
        let theme = Theme { brand: Colour::hex(brand), ..Theme::default() };
        for pair in theme.palette().pairs() {
            if pair.choice == Choice::Brand && pair.name != "theme.pair.button" {
                prop_assert!(pair.passes(), "{} {}", pair.name, theme.brand);
            }
        }
    }

    #[test]
    fn a_refused_brand_gets_a_colour_that_would_do(brand in 0_u32..0x0100_0000) {
        let theme = Theme { brand: Colour::hex(brand), ..Theme::default() };
        if let Err(faults) = theme.check() {
            for fault in faults.iter().filter(|fault| fault.choice == Choice::Brand) {
                let better = Theme { brand: fault.nearest.expect("some lightness can be read"), ..theme };
                prop_assert_eq!(better.check(), Ok(()));
            }
        }
    }
}
