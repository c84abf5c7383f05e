//! Who a printed result is of: a city, regency, province or ministry, and often one unit of it.
//!
//! Tables print a place in one line ("Kecamatan Salopa, Kab. Tasikmalaya"). Most lines say themselves whose unit they name; the
//! others stand in `places.csv`, one by one.

use std::collections::HashMap;
use std::sync::LazyLock;

/// What sort of thing was measured.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(crate) enum Kind {
    /// "Kota".
    City,
    /// "Kabupaten".
    Regency,
    /// "Provinsi".
    Province,
    /// "Kementerian" or another national body.
    Ministry,
    /// One unit: of a government, or standing alone in the table.
    Unit,
    /// A mean over the nation, to compare with; it is in no ranking.
    Nation,
}

impl Kind {
    /// All kinds, in the order of screens.
    pub(crate) const ALL: [Self; 6] =
        [Self::City, Self::Regency, Self::Province, Self::Ministry, Self::Unit, Self::Nation];

    /// The stable name in the database, in addresses and in open data.
    #[must_use]
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::City => "kota",
            Self::Regency => "kabupaten",
            Self::Province => "provinsi",
            Self::Ministry => "kementerian",
            Self::Unit => "unit",
            Self::Nation => "nasional",
        }
    }

    /// The kind of a stable name.
    #[must_use]
    pub(crate) fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A place of a printed line.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// Its address: `kota-palembang`.
    pub(crate) slug: String,
    /// Its name: "Kota Palembang".
    pub(crate) name: String,
    /// Its kind.
    pub(crate) kind: Kind,
    /// "Kode wilayah" of the ministry of home affairs, where known.
    pub(crate) area_code: Option<String>,
    /// The unit of it that was measured; empty when it was measured as a whole.
    pub(crate) unit: String,
}

/// Beginnings of names, with the word they are written out as.
const BEGINNINGS: &[(&str, &str, Kind)] = &[
    ("Kota ", "Kota ", Kind::City),
    ("Kabupaten ", "Kabupaten ", Kind::Regency),
    ("Kab. ", "Kabupaten ", Kind::Regency),
    ("Provinsi ", "Provinsi ", Kind::Province),
    ("Prov. ", "Provinsi ", Kind::Province),
    ("Kementerian ", "Kementerian ", Kind::Ministry),
    ("Rata-rata ", "Rata-rata ", Kind::Nation),
];

impl Place {
    /// The place of a line as printed.
    #[must_use]
    pub(crate) fn of(printed: &str) -> Self {
        let printed = printed.trim();
        if let Some((subject, unit)) = LISTED.get(printed) {
            return Self::new(subject, unit);
        }
        if BEGINNINGS.iter().any(|(beginning, _, _)| printed.starts_with(beginning)) {
            return Self::new(printed, "");
        }
        let whose = BEGINNINGS.iter().filter_map(|(beginning, _, _)| printed.rfind(&format!(" {beginning}"))).max();
        match whose {
            Some(at) => Self::new(printed[at..].trim(), printed[..at].trim_end_matches([',', ' '])),
            None => Self::new(printed, ""),
        }
    }

    fn new(subject: &str, unit: &str) -> Self {
        let known = BEGINNINGS.iter().find_map(|(beginning, whole, kind)| {
            let rest = subject.strip_prefix(beginning)?;
            Some((format!("{whole}{}", rest.replace("Kep. ", "Kepulauan ")), *kind))
        });
        let (name, kind) = known.unwrap_or_else(|| (subject.to_owned(), Kind::Unit));
        let area_code = AREAS.get(name.as_str()).map(|code| (*code).to_owned());
        Self { slug: slug(&name), name, kind, area_code, unit: unit.to_owned() }
    }
}

/// A name as an address: lower-case letters, digits and hyphens.
#[must_use]
pub(crate) fn slug(name: &str) -> String {
    let mut slug = String::with_capacity(name.len());
    for letter in name.to_lowercase().chars() {
        match letter {
            'a'..='z' | '0'..='9' => slug.push(letter),
            _ if !slug.is_empty() && !slug.ends_with('-') => slug.push('-'),
            _ => {}
        }
    }
    slug.trim_end_matches('-').to_owned()
}

type Listed = HashMap<&'static str, (&'static str, &'static str)>;

static LISTED: LazyLock<Listed> = LazyLock::new(|| {
    let rows = include_str!("places.csv").lines().skip(1).map(cells);
    rows.filter_map(|row| Some((*row.first()?, (*row.get(1)?, *row.get(2)?)))).collect()
});

static AREAS: LazyLock<HashMap<&'static str, &'static str>> = LazyLock::new(|| {
    let rows = include_str!("areas.csv").lines().skip(1).map(cells);
    rows.filter_map(|row| Some((*row.first()?, *row.get(1)?))).collect()
});

/// The cells of a line of our own two small files; a cell with a comma stands in quotes.
fn cells(line: &'static str) -> Vec<&'static str> {
    let (mut rest, mut cells) = (line, Vec::new());
    loop {
        let quoted = rest.strip_prefix('"').and_then(|inside| inside.split_once('"'));
        let (cell, after) = match quoted {
            Some((cell, after)) => (cell, after.strip_prefix(',')),
            None => rest.split_once(',').map_or((rest, None), |(cell, after)| (cell, Some(after))),
        };
        cells.push(cell);
        match after {
            Some(after) => rest = after,
            None => return cells,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(printed: &str) -> (String, String, Kind, String) {
        let place = Place::of(printed);
        (place.slug, place.name, place.kind, place.unit)
    }

    fn is(slug: &str, name: &str, kind: Kind, unit: &str) -> (String, String, Kind, String) {
        (slug.to_owned(), name.to_owned(), kind, unit.to_owned())
    }

    #[test]
    fn a_government_is_named_in_full() {
        assert_eq!(place("Kota Palembang"), is("kota-palembang", "Kota Palembang", Kind::City, ""));
        assert_eq!(
            place("Kab. Kep. Mentawai"),
            is("kabupaten-kepulauan-mentawai", "Kabupaten Kepulauan Mentawai", Kind::Regency, "")
        );
        assert_eq!(place("Prov. Bali"), is("provinsi-bali", "Provinsi Bali", Kind::Province, ""));
        assert_eq!(Place::of("Kab. Kep. Mentawai").area_code.as_deref(), Some("13.09"));
    }

    #[test]
    fn a_unit_belongs_to_the_government_its_line_names() {
        let salopa = is("kabupaten-tasikmalaya", "Kabupaten Tasikmalaya", Kind::Regency, "Kecamatan Salopa");
        assert_eq!(place("Kecamatan Salopa, Kab. Tasikmalaya"), salopa);
        assert_eq!(place("BP2T Kota Pontianak"), is("kota-pontianak", "Kota Pontianak", Kind::City, "BP2T"));
    }

    #[test]
    fn a_unit_whose_line_does_not_say_so_is_listed() {
        let penujak = is("kabupaten-lombok-tengah", "Kabupaten Lombok Tengah", Kind::Regency, "Puskesmas Penujak");
        assert_eq!(place("Puskesmas Penujak Lombok Tengah"), penujak);
        let one_of = "Dinas Pertanahan dan Tata Ruang Kab. Bantul, one service";
        assert_eq!(place(one_of).3, "Dinas Pertanahan dan Tata Ruang, satu layanan");
    }

    #[test]
    fn an_office_of_the_nation_stands_for_itself() {
        assert_eq!(place("Polres Mesuji"), is("polres-mesuji", "Polres Mesuji", Kind::Unit, ""));
        assert_eq!(place("Kantor Pertanahan Kota Yogyakarta").2, Kind::Unit);
    }

    #[test]
    fn two_spellings_of_one_place_have_one_address() {
        assert_eq!(place("Kab. Tulangbawang Barat").0, place("Disdukcapil Tulang Bawang Barat").0);
    }

    #[test]
    fn every_listed_line_has_three_cells() {
        assert!(include_str!("places.csv").lines().all(|line| cells(line).len() == 3));
        assert!(include_str!("areas.csv").lines().all(|line| cells(line).len() == 2));
    }

    #[test]
    fn every_kind_is_found_by_its_name() {
        assert!(Kind::ALL.iter().all(|kind| Kind::named(kind.name()) == Some(*kind)));
    }
}
