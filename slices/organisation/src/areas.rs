//! The administrative areas of Indonesia by their codes: provinces, regencies and cities, districts, villages.
//!
//! The data is not ours: see `areas/README.md` for its source and licence (`ODbL` 1.0). It lies in the program compressed; what is
//! wider than a village is unpacked on first use, villages only when somebody asks for one.

use crate::names::Search;
use platform::site::Zone;
use std::io::Read as _;
use std::sync::LazyLock;

/// How wide an area is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Level {
    /// "Provinsi": code `16`.
    Province,
    /// "Kabupaten" or "kota": code `16.71`.
    Regency,
    /// "Kecamatan" or "distrik": code `16.71.01`.
    District,
    /// "Desa" or "kelurahan": code `16.71.01.1001`.
    Village,
}

impl Level {
    /// The level of a code; nothing when it is written otherwise.
    fn of(code: &str) -> Option<Self> {
        let lengths: Vec<usize> = code.split('.').map(str::len).collect();
        let digits = code.bytes().all(|byte| byte.is_ascii_digit() || byte == b'.');
        match lengths.as_slice() {
            [2] if digits => Some(Self::Province),
            [2, 2] if digits => Some(Self::Regency),
            [2, 2, 2] if digits => Some(Self::District),
            [2, 2, 2, 4] if digits => Some(Self::Village),
            _ => None,
        }
    }
}

/// An area.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Area {
    /// The code of the Ministry of Home Affairs: `16.71`.
    pub code: String,
    /// The name as shown: "Kota Pangkal Pinang".
    pub name: &'static str,
}

impl Area {
    /// How wide it is.
    #[must_use]
    pub fn level(&self) -> Level {
        Level::of(&self.code).unwrap_or(Level::Village)
    }
}

/// Provinces, regencies and districts: a line each, code and name, in the order of codes.
struct Wide {
    lines: Vec<(&'static str, &'static str)>,
}

/// Villages under the codes of their districts.
struct Villages {
    districts: Vec<(&'static str, &'static str)>,
}

static WIDE: LazyLock<Wide> = LazyLock::new(|| {
    let text = unpacked(include_bytes!("../areas/daerah.txt.br"));
    Wide { lines: text.lines().filter_map(|line| line.split_once(' ')).collect() }
});

static VILLAGES: LazyLock<Villages> = LazyLock::new(|| {
    let text = unpacked(include_bytes!("../areas/desa.txt.br"));
    let mut districts = Vec::new();
    let mut from = 0;
    let mut code = "";
    for line in text.lines() {
        let start = line.as_ptr().addr() - text.as_ptr().addr();
        if Level::of(line) == Some(Level::District) {
            districts.push((code, &text[from..start]));
            (code, from) = (line, (start + line.len() + 1).min(text.len()));
        }
    }
    districts.push((code, &text[from..]));
    districts.remove(0);
    Villages { districts }
});

/// Unpacks once for as long as the program runs.
fn unpacked(packed: &'static [u8]) -> &'static str {
    let mut text = String::new();
    let unpacked = brotli::Decompressor::new(packed, 1 << 16).read_to_string(&mut text);
    unpacked.expect("a test unpacks the embedded areas");
    text.leak()
}

fn made(line: &(&'static str, &'static str)) -> Area {
    Area { code: line.0.to_owned(), name: line.1 }
}

/// The area of a code.
#[must_use]
pub fn area(code: &str) -> Option<Area> {
    if Level::of(code)? == Level::Village {
        return villages_of(&code[..8]).into_iter().find(|village| village.code == code);
    }
    let lines = &WIDE.lines;
    let at = lines.binary_search_by_key(&code, |(known, _)| known).ok()?;
    Some(made(&lines[at]))
}

/// The provinces, in the order of codes.
#[must_use]
pub fn provinces() -> Vec<Area> {
    below("", Level::Province)
}

/// The regencies and cities of a province.
#[must_use]
pub fn regencies_of(province: &str) -> Vec<Area> {
    below(province, Level::Regency)
}

/// The districts of a regency or city.
#[must_use]
pub fn districts_of(regency: &str) -> Vec<Area> {
    below(regency, Level::District)
}

fn below(code: &str, level: Level) -> Vec<Area> {
    let inside = |known: &str| code.is_empty() || known.strip_prefix(code).is_some_and(|rest| rest.starts_with('.'));
    let lines = WIDE.lines.iter().filter(|(known, _)| Level::of(known) == Some(level) && inside(known));
    lines.map(made).collect()
}

/// The villages of a district.
#[must_use]
pub fn villages_of(district: &str) -> Vec<Area> {
    let districts = &VILLAGES.districts;
    let Ok(at) = districts.binary_search_by_key(&district, |(code, _)| code) else { return Vec::new() };
    let mut number = 0;
    let lines = districts[at].1.lines().filter_map(|line| line.split_once(' '));
    lines
        .map(|(own, name)| {
            // A number that follows the one before is left out of the file.
            number = own.parse().unwrap_or(number + 1);
            Area { code: format!("{district}.{number:04}"), name }
        })
        .collect()
}

/// Areas not narrower than `narrowest` (at most districts) whose name fits what was typed, best first, `most` at most.
///
/// Joined words and slips are forgiven: "pangkalpinang" finds "Kota Pangkal Pinang".
#[must_use]
pub fn search(typed: &str, narrowest: Level, most: usize) -> Vec<Area> {
    let Some(search) = Search::new(typed) else { return Vec::new() };
    let mut found: Vec<(u8, Level, &(&str, &str))> = WIDE
        .lines
        .iter()
        .filter_map(|line| Some((line, Level::of(line.0)?)))
        .filter(|(_, level)| *level <= narrowest)
        .filter_map(|(line, level)| Some((search.distance(line.1)?, level, line)))
        .collect();
    found.sort_by_key(|(distance, level, line)| (*distance, *level, line.0));
    found.into_iter().take(most).map(|(_, _, line)| made(line)).collect()
}

/// The time zone of an area, by its province (Presidential Decree 41/1987).
#[must_use]
pub fn zone_of(code: &str) -> Zone {
    match code.get(..2).and_then(|province| province.parse().ok()).unwrap_or(0_u8) {
        // Bali, Nusa Tenggara; South, East and North Kalimantan; Sulawesi.
        51..=53 | 63..=65 | 71..=76 => Zone::Wita,
        // Maluku and Papua.
        81..=97 => Zone::Wit,
        _ => Zone::Wib,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn count(level: Level) -> usize {
        WIDE.lines.iter().filter(|(code, _)| Level::of(code) == Some(level)).count()
    }

    #[test]
    fn there_are_as_many_areas_as_the_package_has() {
        assert_eq!((count(Level::Province), count(Level::Regency), count(Level::District)), (38, 514, 7_285));
        let villages: usize = VILLAGES.districts.iter().map(|(_, text)| text.lines().count()).sum();
        assert_eq!(villages, 83_762);
    }

    #[test]
    fn codes_of_cities_are_those_of_the_ministry() {
        let name = |code: &str| area(code).map(|area| area.name);
        assert_eq!(name("16.71"), Some("Kota Palembang"));
        assert_eq!(name("13.76"), Some("Kota Payakumbuh"));
        assert_eq!(name("19.71"), Some("Kota Pangkal Pinang"));
        assert_eq!(name("11"), Some("Aceh"));
        assert_eq!(name("35.29.22"), Some("Ra\"as"));
        for unknown in ["99", "16.7", "16.71.", "", "1671", "16.71.01.0000", "aa.bb"] {
            assert_eq!(name(unknown), None, "{unknown}");
        }
    }

    #[test]
    fn villages_are_found_by_code_and_by_district() {
        assert_eq!(area("11.01.01.2001").map(|area| area.name), Some("Keude Bakongan"));
        assert_eq!(
            area("96.71.10.1002").or_else(|| villages_of("96.71.10").pop()).map(|area| area.level()),
            Some(Level::Village)
        );
        let villages = villages_of("11.01.01");
        assert_eq!(villages.first().map(|area| area.code.as_str()), Some("11.01.01.2001"));
        assert!(villages.iter().all(|village| area(&village.code).as_ref() == Some(village)));
        assert!(villages_of("00.00.00").is_empty());
    }

    #[test]
    fn every_district_of_a_village_is_known_and_lies_in_a_known_regency() {
        for (district, _) in &VILLAGES.districts {
            assert!(area(district).is_some() && area(&district[..5]).is_some() && area(&district[..2]).is_some());
        }
    }

    #[test]
    fn names_are_found_in_spite_of_joined_words_and_slips() {
        let first = |typed: &str| search(typed, Level::Regency, 5).first().map(|area| area.code.clone());
        assert_eq!(first("pangkalpinang").as_deref(), Some("19.71"));
        assert_eq!(first("KOTA PANGKAL PINANG").as_deref(), Some("19.71"));
        assert_eq!(first("payakumbu").as_deref(), Some("13.76"));
        assert_eq!(first("kota palembamg").as_deref(), Some("16.71"));
        assert!(search("xyzzy", Level::District, 5).is_empty());
    }

    #[test]
    fn a_province_has_its_regencies_and_they_their_districts() {
        assert_eq!(provinces().len(), 38);
        let regencies = regencies_of("19");
        assert!(regencies.iter().any(|area| area.name == "Kota Pangkal Pinang") && regencies.len() == 7);
        assert!(
            districts_of("19.71").iter().all(|area| area.level() == Level::District && area.code.starts_with("19.71."))
        );
    }

    #[test]
    fn each_area_has_the_time_of_its_province() {
        let zone = |code: &str| zone_of(code).name();
        assert_eq!((zone("16.71"), zone("63.71"), zone("81.71"), zone("62")), ("WIB", "WITA", "WIT", "WIB"));
        assert_eq!((zone("51"), zone("96.71"), zone("")), ("WITA", "WIT", "WIB"));
    }
}
