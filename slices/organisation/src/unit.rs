//! A unit of an institution and its life: active until it is merged into another or retired.
//!
//! Units form a tree of at most [`DEEPEST`] levels inside one institution. A unit keeps its address for ever, whatever it is
//! called later, and every change keeps what was before.

use crate::fault::{Checks, Fault, is_email, is_phone, web_address};
use crate::names::plain;
use platform::identity::UnitId;
use serde::{Deserialize, Serialize};
use time::{Date, OffsetDateTime};

/// The most levels of the tree of units: OPD, UPP, sub-unit, service point and one to spare.
pub const DEEPEST: usize = 5;

/// What kind of unit it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum UnitKind {
    /// "Organisasi Perangkat Daerah (OPD)", or a directorate general of a ministry.
    #[serde(rename = "opd")]
    Opd,
    /// "Unit Penyelenggara Pelayanan (UPP)".
    #[serde(rename = "upp")]
    Upp,
    /// A part of a unit: "bidang", "UPTD", "seksi".
    #[serde(rename = "sub-unit")]
    SubUnit,
    /// "Titik layanan": where people are served, such as a counter place or a booth of the "Mal Pelayanan Publik".
    #[serde(rename = "service-point")]
    ServicePoint,
}

impl UnitKind {
    /// The four, from large to small.
    pub const ALL: [Self; 4] = [Self::Opd, Self::Upp, Self::SubUnit, Self::ServicePoint];

    /// The stable name in the database, in forms and files.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Opd => "opd",
            Self::Upp => "upp",
            Self::SubUnit => "sub-unit",
            Self::ServicePoint => "service-point",
        }
    }

    /// The kind of a stable name, or of what offices write in a table: "Sub unit", "titik layanan", "Dinas".
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let kind = match plain(name).replace(' ', "").as_str() {
            "opd" | "perangkatdaerah" | "organisasiperangkatdaerah" | "skpd" | "dinas" | "badan" => Self::Opd,
            "upp" | "unitpenyelenggarapelayanan" | "unitpelayanan" | "unit" => Self::Upp,
            "subunit" | "bidang" | "seksi" | "bagian" | "uptd" | "upt" => Self::SubUnit,
            "servicepoint" | "titiklayanan" | "loket" | "gerai" | "tempatlayanan" => Self::ServicePoint,
            _ => return None,
        };
        Some(kind)
    }
}

/// What a unit gives people, by UU 25/2009 article 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ServiceClass {
    /// "Pelayanan barang publik".
    Goods,
    /// "Pelayanan jasa publik".
    Services,
    /// "Pelayanan administratif".
    Administrative,
}

impl ServiceClass {
    /// The three, in the order of the article.
    pub const ALL: [Self; 3] = [Self::Goods, Self::Services, Self::Administrative];

    /// The stable name in the database and in forms.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Goods => "goods",
            Self::Services => "services",
            Self::Administrative => "administrative",
        }
    }

    /// The class of a stable name, or of its Indonesian word.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        let class = match plain(name).replace("pelayanan", "").replace("publik", "").replace(' ', "").as_str() {
            "goods" | "barang" => Self::Goods,
            "services" | "jasa" => Self::Services,
            "administrative" | "administratif" | "administrasi" => Self::Administrative,
            _ => return None,
        };
        Some(class)
    }
}

time::serde::format_description!(iso_day, Date, "[year]-[month]-[day]");

/// The life of a unit. `docs/states/unit.md` draws it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "kebab-case")]
pub enum UnitState {
    /// "Aktif": it serves.
    Active,
    /// "Digabung": another unit took over.
    Merged {
        /// The first day without it.
        #[serde(with = "iso_day")]
        on: Date,
        /// The unit that took over.
        into: UnitId,
    },
    /// "Berakhir": closed without a successor.
    Retired {
        /// The first day without it.
        #[serde(with = "iso_day")]
        on: Date,
    },
}

/// Why a unit cannot pass to another state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WrongState {
    /// It has ended already.
    Ended,
    /// It is active already.
    Active,
}

impl UnitState {
    /// Another unit takes over.
    ///
    /// # Errors
    /// When it has ended already.
    pub const fn merge(self, on: Date, into: UnitId) -> Result<Self, WrongState> {
        match self {
            Self::Active => Ok(Self::Merged { on, into }),
            Self::Merged { .. } | Self::Retired { .. } => Err(WrongState::Ended),
        }
    }

    /// It closes without a successor.
    ///
    /// # Errors
    /// When it has ended already.
    pub const fn retire(self, on: Date) -> Result<Self, WrongState> {
        match self {
            Self::Active => Ok(Self::Retired { on }),
            Self::Merged { .. } | Self::Retired { .. } => Err(WrongState::Ended),
        }
    }

    /// It goes on: the end was a mistake.
    ///
    /// # Errors
    /// When it never ended.
    pub const fn resume(self) -> Result<Self, WrongState> {
        match self {
            Self::Merged { .. } | Self::Retired { .. } => Ok(Self::Active),
            Self::Active => Err(WrongState::Active),
        }
    }

    /// Whether it serves.
    #[must_use]
    pub const fn is_active(self) -> bool {
        matches!(self, Self::Active)
    }

    /// Whether it serves on a day: an end that lies ahead is only announced.
    #[must_use]
    pub fn is_active_on(self, day: Date) -> bool {
        self.ended_on().is_none_or(|end| day < end)
    }

    /// The first day without it.
    #[must_use]
    pub const fn ended_on(self) -> Option<Date> {
        match self {
            Self::Active => None,
            Self::Merged { on, .. } | Self::Retired { on } => Some(on),
        }
    }

    /// The unit that took over.
    #[must_use]
    pub const fn successor(self) -> Option<UnitId> {
        match self {
            Self::Merged { into, .. } => Some(into),
            Self::Active | Self::Retired { .. } => None,
        }
    }

    /// The stable name in the database and in the diagram.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::Merged { .. } => "merged",
            Self::Retired { .. } => "retired",
        }
    }
}

/// What a unit is: everything of it that people type.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnitFacts {
    /// The unit above it.
    pub parent: Option<UnitId>,
    /// Its kind.
    pub kind: UnitKind,
    /// Its code in the institution: `1.02.01`.
    pub code: Option<String>,
    /// Its full name.
    pub name: String,
    /// Its short name: "Disdukcapil".
    pub short_name: String,
    /// What it gives people.
    pub class: Option<ServiceClass>,
    /// How people reach it.
    #[serde(flatten)]
    pub contact: Contact,
}

/// How people reach a unit. Empty texts are unknown.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Contact {
    /// Street, number, district.
    pub address: String,
    /// Telephone, or the number of a messenger.
    pub phone: String,
    /// "Surel".
    pub email: String,
    /// Website, with its scheme.
    pub web: String,
}

impl Contact {
    /// The telephone number as a telephone takes it: digits, and a plus before them. Empty where the text begins with no number.
    #[must_use]
    pub fn dial(&self) -> String {
        let number = self.phone.trim();
        let end = number.find(|sign: char| !(sign.is_ascii_digit() || " +-.()".contains(sign)));
        let dialled: String = number[..end.unwrap_or(number.len())]
            .chars()
            .filter(|sign| sign.is_ascii_digit() || *sign == '+')
            .collect();
        // 110 and 112 are the shortest that anybody dials.
        if dialled.len() < 3 || dialled.rfind('+').is_some_and(|place| place > 0) { String::new() } else { dialled }
    }
}

/// A unit as it is stored, and as each of its versions keeps it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Unit {
    /// Its identifier.
    pub id: UnitId,
    /// Its part of addresses, made from its first name and never changed.
    pub slug: String,
    /// What it is.
    #[serde(flatten)]
    pub facts: UnitFacts,
    /// Whether it serves.
    #[serde(flatten)]
    pub state: UnitState,
    /// Counts its changes, from 1.
    pub version: i64,
    /// When it was entered.
    #[serde(with = "time::serde::rfc3339")]
    pub created_at: OffsetDateTime,
    /// When it was changed last.
    #[serde(with = "time::serde::rfc3339")]
    pub changed_at: OffsetDateTime,
}

/// A unit as somebody typed it, without its place in the tree: forms name the parent by its address, tables by code or name.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedUnit {
    /// [`UnitKind`].
    pub kind: String,
    /// "Kode".
    pub code: String,
    /// "Nama unit".
    pub name: String,
    /// "Nama singkat".
    pub short_name: String,
    /// [`ServiceClass`].
    pub class: String,
    /// "Alamat".
    pub address: String,
    /// "Telepon".
    pub phone: String,
    /// "Surel".
    pub email: String,
    /// "Situs web".
    pub web: String,
}

impl TypedUnit {
    /// The facts of a unit below `parent`, or everything that is wrong with what was typed.
    ///
    /// # Errors
    /// The faults, each with its field.
    pub fn check(&self, parent: Option<UnitId>) -> Result<UnitFacts, Vec<Fault>> {
        let mut checks = Checks::default();
        let kind = checks.choice("kind", &self.kind, UnitKind::named, "fault.unit-kind");
        checks.require(!self.kind.trim().is_empty(), "kind", "fault.unit-kind");
        let name = checks.required("name", &self.name, 200, "fault.unit-name");
        checks.require(name.is_empty() || !plain(&name).is_empty(), "name", "fault.unit-name");
        let code = checks.optional("code", &self.code, 40);
        let short_name = checks.optional("short_name", &self.short_name, 60);
        let class = checks.choice("class", &self.class, ServiceClass::named, "fault.service-class");
        let contact = self.contact(&mut checks);
        let kind = kind.unwrap_or(UnitKind::Opd);
        let code = (!code.is_empty()).then_some(code);
        checks.finish(UnitFacts { parent, kind, code, name, short_name, class, contact })
    }

    /// The contact alone: what the admin of a unit keeps.
    ///
    /// # Errors
    /// The faults, each with its field.
    pub fn check_contact(&self) -> Result<Contact, Vec<Fault>> {
        let mut checks = Checks::default();
        let contact = self.contact(&mut checks);
        checks.finish(contact)
    }

    fn contact(&self, checks: &mut Checks) -> Contact {
        let address = checks.optional("address", &self.address, 300);
        let phone = checks.optional("phone", &self.phone, 60);
        checks.require(phone.is_empty() || is_phone(&phone), "phone", "fault.phone");
        let email = checks.optional("email", &self.email, 120);
        checks.require(email.is_empty() || is_email(&email), "email", "fault.email");
        let web = checks.choice("web", &self.web, web_address, "fault.web").unwrap_or_default();
        checks.optional("web", &web, 200);
        Contact { address, phone, email, web }
    }
}

impl UnitFacts {
    /// The facts as a form shows them.
    #[must_use]
    pub fn typed(&self) -> TypedUnit {
        let Contact { address, phone, email, web } = self.contact.clone();
        TypedUnit {
            kind: self.kind.name().to_owned(),
            code: self.code.clone().unwrap_or_default(),
            name: self.name.clone(),
            short_name: self.short_name.clone(),
            class: self.class.map(ServiceClass::name).unwrap_or_default().to_owned(),
            address,
            phone,
            email,
            web,
        }
    }

    /// The names of the fields in which two differ.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let differs = [
            ("parent", self.parent != other.parent),
            ("kind", self.kind != other.kind),
            ("code", self.code != other.code),
            ("name", self.name != other.name),
            ("short_name", self.short_name != other.short_name),
            ("class", self.class != other.class),
            ("address", self.contact.address != other.contact.address),
            ("phone", self.contact.phone != other.contact.phone),
            ("email", self.contact.email != other.contact.email),
            ("web", self.contact.web != other.contact.web),
        ];
        differs.into_iter().filter_map(|(field, differs)| differs.then_some(field)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    fn typed() -> TypedUnit {
        TypedUnit { kind: "Dinas".into(), name: "Dinas Sosial".into(), ..TypedUnit::default() }
    }

    /// A page lets a telephone dial what a unit publishes, however it is written.
    #[test]
    fn a_number_is_dialled_as_far_as_it_is_one() {
        let dial = |phone: &str| Contact { phone: phone.into(), ..Contact::default() }.dial();
        assert_eq!(dial("0811-0000-008"), "08110000008");
        assert_eq!(dial("(0711) 352 005 / 352 006"), "0711352005");
        assert_eq!(dial("+62 811 0000 008 (WA)"), "+628110000008");
        assert_eq!(["112", "12", "WA 0811", "", "0+811"].map(dial), ["112", "", "", "", ""]);
    }

    fn unit_id() -> UnitId {
        UnitId::new(datetime!(2026-11-21 01:00 UTC))
    }

    #[test]
    fn an_active_unit_is_merged_or_retired_and_an_ended_one_can_only_resume() {
        let (on, into) = (date!(2026 - 12 - 31), unit_id());
        let merged = UnitState::Active.merge(on, into).unwrap();
        let retired = UnitState::Active.retire(on).unwrap();
        assert_eq!((merged.successor(), merged.ended_on()), (Some(into), Some(on)));
        assert_eq!((retired.successor(), retired.ended_on()), (None, Some(on)));
        for ended in [merged, retired] {
            assert_eq!(ended.merge(on, into), Err(WrongState::Ended));
            assert_eq!(ended.retire(on), Err(WrongState::Ended));
            assert_eq!(ended.resume(), Ok(UnitState::Active));
        }
        assert_eq!(UnitState::Active.resume(), Err(WrongState::Active));
    }

    #[test]
    fn a_unit_serves_until_the_day_before_its_end() {
        let ended = UnitState::Active.retire(date!(2026 - 12 - 31)).unwrap();
        assert!(ended.is_active_on(date!(2026 - 12 - 30)) && !ended.is_active_on(date!(2026 - 12 - 31)));
    }

    #[test]
    fn kinds_and_classes_are_found_by_their_names_and_by_what_offices_write() {
        for kind in UnitKind::ALL {
            assert_eq!(UnitKind::named(kind.name()), Some(kind));
        }
        for class in ServiceClass::ALL {
            assert_eq!(ServiceClass::named(class.name()), Some(class));
        }
        assert_eq!(UnitKind::named("Titik Layanan"), Some(UnitKind::ServicePoint));
        assert_eq!(ServiceClass::named("Pelayanan administratif"), Some(ServiceClass::Administrative));
        assert_eq!(UnitKind::named("pohon"), None);
    }

    #[test]
    fn what_was_typed_becomes_facts_and_comes_back_the_same() {
        let facts = TypedUnit { web: "dinsos.contoh.go.id".into(), ..typed() }.check(None).unwrap();
        assert_eq!(facts.contact.web, "https://dinsos.contoh.go.id");
        assert_eq!(facts.typed().check(None).unwrap(), facts);
    }

    #[test]
    fn every_fault_names_its_field() {
        let wrong = TypedUnit {
            phone: "tidak ada".into(),
            email: "x".into(),
            web: "javascript:1".into(),
            ..TypedUnit::default()
        };
        let fields: Vec<&str> = wrong.check(None).unwrap_err().iter().map(|fault| fault.field).collect();
        assert_eq!(fields, ["kind", "name", "phone", "email", "web"]);
    }

    #[test]
    fn versions_that_were_kept_when_the_table_was_made_can_still_be_read() {
        let sample = include_str!("../../../migrations/sample/postgres/0002_organisation.sql");
        let kept: Vec<&str> = sample.split('\'').filter(|text| text.starts_with("{\"id\"")).collect();
        let units: Vec<Unit> = kept.iter().map(|text| serde_json::from_str(text).unwrap()).collect();
        let states: Vec<&str> = units.iter().map(|unit| unit.state.name()).collect();
        assert_eq!(states, ["active", "merged"]);
    }

    #[test]
    fn a_version_kept_as_json_comes_back_the_same() {
        let now = datetime!(2026-11-21 01:00 UTC);
        let unit = Unit {
            id: unit_id(),
            slug: "dinas-sosial".into(),
            facts: typed().check(Some(unit_id())).unwrap(),
            state: UnitState::Active.merge(date!(2026 - 12 - 31), unit_id()).unwrap(),
            version: 3,
            created_at: now,
            changed_at: now,
        };
        let json = serde_json::to_string(&unit).unwrap();
        assert_eq!(serde_json::from_str::<Unit>(&json).unwrap(), unit);
    }
}
