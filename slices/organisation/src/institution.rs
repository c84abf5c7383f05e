//! An institution: whose city these pages are, with its name, time zone, colours and the host it answers.

use crate::areas;
use crate::fault::{Checks, Fault, is_host};
use platform::identity::InstitutionId;
use platform::site::Zone;
use platform::theme::{Choice, Theme};
use platform::words::{SHARED, Words};
use rules::phrase::Phrase;
use time::OffsetDateTime;

/// What kind of government an institution is. Each kind is assessed among its own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InstitutionKind {
    /// "Kota".
    City,
    /// "Kabupaten".
    Regency,
    /// "Provinsi".
    Province,
    /// "Kementerian atau lembaga".
    Ministry,
}

impl InstitutionKind {
    /// The four, in the order of screens.
    pub const ALL: [Self; 4] = [Self::City, Self::Regency, Self::Province, Self::Ministry];

    /// The stable name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::City => "kota",
            Self::Regency => "kabupaten",
            Self::Province => "provinsi",
            Self::Ministry => "kementerian",
        }
    }

    /// The kind of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// An institution as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Institution {
    /// Its identifier.
    pub id: InstitutionId,
    /// Stable name in addresses and files: `kota-contoh`.
    pub slug: String,
    /// What people may change of it.
    pub settings: Settings,
    /// The fingerprint of its logo; nothing for the default shield.
    pub logo: Option<String>,
    /// Whether it shows demonstration data, which every page then says.
    pub demonstration: bool,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it was founded here.
    pub created_at: OffsetDateTime,
    /// When it was changed last.
    pub changed_at: OffsetDateTime,
}

/// What people may change of an institution.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// Its kind.
    pub kind: InstitutionKind,
    /// The official name: "Pemerintah Kota Contoh".
    pub name: String,
    /// The name in running text: "Kota Contoh".
    pub short_name: String,
    /// The code of its area: `16.71`. A ministry has none.
    pub area_code: Option<String>,
    /// The time zone of everything it shows.
    pub zone: Zone,
    /// The host its pages answer; without one only the first institution is reached.
    pub host: Option<String>,
    /// The line beside the logo: "Pelayanan Publik".
    pub tagline: String,
    /// Who to ask for help, at the same place on every page.
    pub help: String,
    /// Its colours; nothing for those of the program.
    pub colours: Option<Colours>,
}

/// The two colours of an institution as `#rrggbb`, from which all others are derived.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Colours {
    /// Headings, buttons, the bar at the top.
    pub brand: String,
    /// Ornaments.
    pub accent: String,
}

/// Settings as somebody typed them.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedSettings {
    /// [`InstitutionKind`] by its stable name.
    pub kind: String,
    /// "Nama resmi".
    pub name: String,
    /// "Nama singkat"; when empty, the name without "Pemerintah".
    pub short_name: String,
    /// "Kode wilayah".
    pub area_code: String,
    /// "WIB", "WITA" or "WIT"; when empty, that of the area's province, else WIB.
    pub zone: String,
    /// "Alamat situs".
    pub host: String,
    /// "Semboyan".
    pub tagline: String,
    /// "Bantuan".
    pub help: String,
    /// "Warna utama", `#rrggbb`.
    pub brand: String,
    /// "Warna aksen", `#rrggbb`.
    pub accent: String,
}

impl TypedSettings {
    /// The settings, or everything that is wrong with what was typed.
    ///
    /// # Errors
    /// The faults, each with its field.
    pub fn check(&self) -> Result<Settings, Vec<Fault>> {
        let mut checks = Checks::default();
        let kind = checks.choice("kind", &self.kind, InstitutionKind::named, "fault.institution-kind");
        checks.require(!self.kind.trim().is_empty(), "kind", "fault.institution-kind");
        let name = checks.required("name", &self.name, 120, "fault.institution-name");
        let short_name = checks.optional("short_name", &self.short_name, 60);
        let area_code = checks.choice("area_code", &self.area_code, known_area, "fault.area-code");
        let zone = checks.choice("zone", &self.zone, |zone| Zone::named(&zone.to_uppercase()), "fault.zone");
        let host = checks.choice("host", &self.host, host, "fault.host");
        let tagline = checks.optional("tagline", &self.tagline, 60);
        let help = checks.optional("help", &self.help, 200);
        let colours = check_colours(&mut checks, &self.brand, &self.accent);
        let zone = zone.or_else(|| area_code.as_deref().map(areas::zone_of)).unwrap_or_default();
        let short_name = if short_name.is_empty() { without_title(&name) } else { short_name };
        let kind = kind.unwrap_or(InstitutionKind::City);
        checks.finish(Settings { kind, name, short_name, area_code, zone, host, tagline, help, colours })
    }
}

impl Settings {
    /// The settings as a form shows them.
    #[must_use]
    pub fn typed(&self) -> TypedSettings {
        let (brand, accent) = self.colours.clone().map(|colours| (colours.brand, colours.accent)).unwrap_or_default();
        TypedSettings {
            kind: self.kind.name().to_owned(),
            name: self.name.clone(),
            short_name: self.short_name.clone(),
            area_code: self.area_code.clone().unwrap_or_default(),
            zone: self.zone.name().to_owned(),
            host: self.host.clone().unwrap_or_default(),
            tagline: self.tagline.clone(),
            help: self.help.clone(),
            brand,
            accent,
        }
    }
}

impl Colours {
    /// Those of an institution that chose none.
    #[must_use]
    pub fn of_the_program() -> Self {
        let Theme { brand, accent } = Theme::default();
        Self { brand: brand.to_string(), accent: accent.to_string() }
    }

    /// The theme made of the colours; nothing when they are no colours, which [`TypedSettings::check`] lets nobody store.
    #[must_use]
    pub fn theme(&self) -> Option<Theme> {
        Some(Theme { brand: self.brand.parse().ok()?, accent: self.accent.parse().ok()? })
    }
}

fn check_colours(checks: &mut Checks, brand: &str, accent: &str) -> Option<Colours> {
    let colours = Colours { brand: brand.trim().to_lowercase(), accent: accent.trim().to_lowercase() };
    // The colours of the program are no choice: they may change with it.
    if (colours.brand.is_empty() && colours.accent.is_empty()) || colours == Colours::of_the_program() {
        return None;
    }
    for (field, colour) in [("brand", &colours.brand), ("accent", &colours.accent)] {
        checks.require(is_colour(colour), field, "fault.colour");
    }
    let theme = colours.theme()?;
    if let Err(faults) = theme.check() {
        for fault in faults {
            let field = if fault.choice == Choice::Accent { "accent" } else { "brand" };
            let sentence = Words::both(&SHARED, &fault.phrase());
            checks.faults.push(Fault { field, phrase: Phrase::new("fault.contrast").with("sentence", &sentence) });
        }
    }
    Some(colours)
}

fn is_colour(text: &str) -> bool {
    let digits = text.strip_prefix('#').unwrap_or_default();
    digits.len() == 6 && digits.bytes().all(|byte| byte.is_ascii_hexdigit())
}

fn known_area(code: &str) -> Option<String> {
    areas::area(code).filter(|area| area.level() <= areas::Level::Regency).map(|area| area.code.to_owned())
}

/// The host in small letters without scheme, path and port: whatever of them people copy along.
fn host(typed: &str) -> Option<String> {
    let lower = typed.to_ascii_lowercase();
    let rest = lower.split_once("://").map_or(lower.as_str(), |(_, rest)| rest);
    let name = rest.split('/').next().unwrap_or_default();
    let name = name.rsplit_once(':').filter(|(_, port)| port.parse::<u16>().is_ok()).map_or(name, |(name, _)| name);
    is_host(name).then(|| name.to_owned())
}

fn without_title(name: &str) -> String {
    name.strip_prefix("Pemerintah ").unwrap_or(name).chars().take(60).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> TypedSettings {
        TypedSettings { kind: "kota".into(), name: "Pemerintah Kota Contoh".into(), ..TypedSettings::default() }
    }

    #[test]
    fn a_kind_and_a_name_are_enough() {
        let settings = typed().check().unwrap();
        assert_eq!((settings.short_name.as_str(), settings.zone, settings.host), ("Kota Contoh", Zone::Wib, None));
        let fields: Vec<&str> = TypedSettings::default().check().unwrap_err().iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["kind", "name"]);
    }

    #[test]
    fn the_area_gives_the_time_zone_unless_another_was_chosen() {
        let in_banjarmasin = TypedSettings { area_code: "63.71".into(), ..typed() };
        assert_eq!(in_banjarmasin.check().unwrap().zone, Zone::Wita);
        assert_eq!(TypedSettings { zone: "wit".into(), ..in_banjarmasin }.check().unwrap().zone, Zone::Wit);
        let unknown = TypedSettings { area_code: "99.99".into(), ..typed() };
        assert_eq!(unknown.check().unwrap_err(), [Fault::new("area_code", "fault.area-code")]);
    }

    #[test]
    fn a_host_is_kept_without_what_people_copy_along() {
        for typed in ["Layanan.Contoh.go.id", "https://layanan.contoh.go.id/", "layanan.contoh.go.id:8443/unit"] {
            assert_eq!(host(typed).as_deref(), Some("layanan.contoh.go.id"), "{typed}");
        }
        for wrong in ["contoh kota", "-", "http://", "a..b"] {
            assert_eq!(host(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn colours_that_cannot_be_read_are_refused_with_one_that_can() {
        let pale = TypedSettings { brand: "#0f4c81".into(), accent: "#0f4c81".into(), ..typed() };
        let faults = pale.check().unwrap_err();
        assert!(faults.iter().all(|fault| fault.phrase.key == "fault.contrast"));
        assert!(!faults.is_empty());
        let one = TypedSettings { brand: "#0f4c81".into(), ..typed() };
        assert_eq!(one.check().unwrap_err(), [Fault::new("accent", "fault.colour")]);
    }

    #[test]
    fn choosing_the_colours_of_the_program_is_choosing_none() {
        let Colours { brand, accent } = Colours::of_the_program();
        assert_eq!(TypedSettings { brand, accent, ..typed() }.check().unwrap().colours, None);
    }

    #[test]
    fn settings_come_back_from_a_form_the_same() {
        let full =
            TypedSettings { host: "contoh.go.id".into(), brand: "#0f4c81".into(), accent: "#ffd84d".into(), ..typed() };
        let settings = full.check().unwrap();
        assert_eq!(settings.typed().check().unwrap(), settings);
    }
}
