//! Finding a place by its name as people type it, in spite of slips.

use crate::store::Name;
use organisation::Search;

/// A place, or a unit of it, that fits.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Found {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) unit: String,
    pub(crate) results: u64,
}

/// What is typed to see everything.
pub(crate) const ALL: &str = "*";

/// How far a name may be from what was typed to count as that name and not as one like it.
const SAME: u8 = 3;

/// The names that fit best, `most` at most, and whether they are only like what was typed.
pub(crate) fn find(names: &[Name], typed: &str, most: usize) -> (Vec<Found>, bool) {
    let Some(search) = Search::new(typed) else { return (Vec::new(), false) };
    // "kab agam" and "kabupaten agam" are one; so are "prov" and "provinsi".
    let distance = |name: &Name| {
        let short = name.name.replacen("Kabupaten ", "Kab ", 1).replacen("Provinsi ", "Prov ", 1);
        let whole = format!("{} {}", name.name, name.unit);
        let names = [name.name.as_str(), short.as_str()].into_iter();
        let own = names.filter_map(|name| search.distance(name)).min().filter(|_| name.unit.is_empty());
        own.or_else(|| search.distance(&whole).filter(|_| !name.unit.is_empty()))
    };
    let mut found: Vec<(u8, &Name)> = names.iter().filter_map(|name| Some((distance(name)?, name))).collect();
    found.sort_by_key(|(distance, name)| (!name.unit.is_empty(), *distance, &name.name, &name.unit));
    let near = found.first().is_some_and(|(distance, _)| *distance > SAME);
    (found.into_iter().take(most).map(|(_, name)| Found::of(name)).collect(), near)
}

/// Every place, each once, in the order of names.
pub(crate) fn all(names: &[Name]) -> Vec<Found> {
    let mut all: Vec<Found> = Vec::new();
    for name in names {
        match all.last_mut().filter(|last| last.slug == name.slug) {
            Some(last) => last.results += name.results.unsigned_abs(),
            None => all.push(Found { unit: String::new(), ..Found::of(name) }),
        }
    }
    all
}

impl Found {
    fn of(name: &Name) -> Self {
        Self {
            slug: name.slug.clone(),
            name: name.name.clone(),
            unit: name.unit.clone(),
            results: name.results.unsigned_abs(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::place::{Kind, slug};

    fn names() -> Vec<Name> {
        let name = |(name, unit): (&str, &str)| Name {
            slug: slug(name),
            name: name.to_owned(),
            kind: Kind::City,
            unit: unit.to_owned(),
            results: 2,
        };
        let all = [
            ("Kabupaten Agam", ""),
            ("Kabupaten Bantul", "Dinas Pertanahan dan Tata Ruang"),
            ("Kota Palembang", ""),
            ("Kota Pangkalpinang", ""),
            ("Kota Payakumbuh", ""),
        ];
        all.into_iter().map(name).collect()
    }

    fn first(typed: &str) -> Option<String> {
        find(&names(), typed, 5).0.first().map(|found| format!("{} {}", found.name, found.unit).trim().to_owned())
    }

    #[test]
    fn a_place_is_found_by_the_word_people_know_it_by() {
        assert_eq!(first("payakumbuh").as_deref(), Some("Kota Payakumbuh"));
        assert_eq!(first("kab agam").as_deref(), Some("Kabupaten Agam"));
        assert_eq!(first("pangkal pinang").as_deref(), Some("Kota Pangkalpinang"));
    }

    #[test]
    fn a_slip_is_forgiven_and_said_to_be_one() {
        let (found, near) = find(&names(), "kota palembamg", 5);
        assert_eq!((found[0].name.as_str(), near), ("Kota Palembang", true));
    }

    #[test]
    fn a_unit_is_found_under_its_government() {
        assert_eq!(first("pertanahan bantul").as_deref(), Some("Kabupaten Bantul Dinas Pertanahan dan Tata Ruang"));
    }

    #[test]
    fn what_is_nowhere_is_not_found() {
        assert_eq!(find(&names(), "xyzzy", 5), (Vec::new(), false));
        assert_eq!(find(&names(), "…", 5), (Vec::new(), false));
    }

    #[test]
    fn everything_is_every_place_once() {
        let all = all(&names());
        assert_eq!(all.len(), 5);
        assert!(all.iter().all(|found| found.unit.is_empty()), "a unit stands under its place");
    }
}
