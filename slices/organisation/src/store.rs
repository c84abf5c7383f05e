//! Every statement of institutions, units, their versions and tables that wait.

pub(crate) mod unit_files;

use crate::institution::{Colours, Institution, InstitutionKind, Settings};
use crate::unit::{Contact, ServiceClass, Unit, UnitFacts, UnitKind, UnitState};
use platform::database::{DatabaseError, FromRow, Read, Row, Write};
use platform::identity::{AccountId, InstitutionId, UnitId};
use platform::site::Zone;
use platform::{params, statements};
use serde::de::DeserializeOwned;
use time::{Date, OffsetDateTime};

/// The columns of an institution, in the order of its `FromRow`.
macro_rules! institution {
    ($rest:literal) => {
        concat!(
            "SELECT id, slug, kind, name, short_name, area_code, zone, host, tagline, help, brand, accent, logo_hash,
                demonstration, version, created_at, changed_at FROM institution ",
            $rest
        )
    };
}

/// The columns of a unit, in the order of its `FromRow`.
macro_rules! unit {
    ($rest:literal) => {
        concat!(
            "SELECT id, parent_id, kind, slug, code, name, short_name, address, phone, email, web, service_class, state,
                ended_on, successor_id, version, created_at, changed_at FROM unit ",
            $rest
        )
    };
}

statements! {
    INSTITUTION_OF_HOST = institution!(
        "WHERE host = $1 OR host = $2 OR id = (SELECT id FROM institution ORDER BY created_at, id LIMIT 1)
        ORDER BY CASE WHEN host = $1 THEN 0 WHEN host = $2 THEN 1 ELSE 2 END LIMIT 1"
    );
    INSTITUTION = institution!("WHERE id = $1");
    INSTITUTIONS = institution!("ORDER BY created_at, id");
    FIRST_INSTITUTION = "SELECT id FROM institution ORDER BY created_at, id LIMIT 1";
    INSTITUTION_SLUGS = "SELECT slug FROM institution";
    HOST_HOLDER = "SELECT id FROM institution WHERE host = $1";
    ADD_INSTITUTION = "INSERT INTO institution (id, slug, kind, name, short_name, area_code, zone, host, tagline, help, brand,
            accent, demonstration, version, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, 1, $14, $14)";
    SAVE_INSTITUTION = "UPDATE institution SET kind = $3, name = $4, short_name = $5, area_code = $6, zone = $7, host = $8,
            tagline = $9, help = $10, brand = $11, accent = $12, logo_hash = $13, version = version + 1, changed_at = $14
        WHERE id = $1 AND version = $2";
    ADD_LOGO = "INSERT INTO logo (institution_id, hash, content_type, bytes, added_at) VALUES ($1, $2, $3, $4, $5)
        ON CONFLICT (institution_id, hash) DO NOTHING";
    LOGO = "SELECT content_type, bytes FROM logo WHERE institution_id = $1 AND hash = $2";
    UNITS_STAMP = "SELECT COUNT(*), CAST(COALESCE(SUM(version), 0) AS BIGINT) FROM unit WHERE institution_id = $1";
    UNITS = unit!("WHERE institution_id = $1 ORDER BY plain_name, id");
    UNIT_BY_SLUG = unit!("WHERE institution_id = $1 AND slug = $2");
    UNIT = unit!("WHERE institution_id = $1 AND id = $2");
    CODE_HOLDER = "SELECT id FROM unit WHERE institution_id = $1 AND code = $2";
    UNIT_SLUGS = "SELECT slug FROM unit WHERE institution_id = $1";
    PARENTS = "SELECT id, parent_id FROM unit WHERE institution_id = $1";
    ADD_UNIT = "INSERT INTO unit (institution_id, id, parent_id, kind, slug, code, name, short_name, address, phone, email, web,
            service_class, plain_name, state, ended_on, successor_id, version, created_at, changed_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20)";
    SAVE_UNIT = "UPDATE unit SET parent_id = $3, kind = $4, code = $5, name = $6, short_name = $7, address = $8, phone = $9,
            email = $10, web = $11, service_class = $12, plain_name = $13, state = $14, ended_on = $15, successor_id = $16,
            version = $17, changed_at = $18
        WHERE institution_id = $1 AND id = $2 AND version = $17 - 1";
    ADD_VERSION = "INSERT INTO unit_version (institution_id, unit_id, version, at, account_id, act, facts)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    VERSIONS = "SELECT version, at, account_id, act, facts FROM unit_version
        WHERE institution_id = $1 AND unit_id = $2 ORDER BY version";
    UNIT_AS_OF = "SELECT facts FROM unit_version WHERE institution_id = $1 AND unit_id = $2 AND at <= $3
        ORDER BY version DESC LIMIT 1";
    UNITS_AS_OF = "SELECT kept.facts FROM unit_version kept WHERE kept.institution_id = $1 AND kept.at <= $2
        AND kept.version = (SELECT MAX(other.version) FROM unit_version other
            WHERE other.institution_id = $1 AND other.unit_id = kept.unit_id AND other.at <= $2)
        ORDER BY kept.unit_id";
    ADD_DRAFT = "INSERT INTO import_draft (id, institution_id, account_id, purpose, content, created_at, expires_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7)";
    DRAFT = "SELECT content FROM import_draft
        WHERE institution_id = $1 AND account_id = $2 AND purpose = $3 AND id = $4 AND expires_at > $5";
    DROP_DRAFT = "DELETE FROM import_draft WHERE institution_id = $1 AND account_id = $2 AND id = $3";
    DROP_OLD_DRAFTS = "DELETE FROM import_draft WHERE institution_id = $1
        AND (expires_at <= $2 OR (account_id = $3 AND purpose = $4))";
}

type Answer<T> = Result<T, DatabaseError>;

/// A stored value that the program does not know: the database was changed by other means.
fn unknown(what: &'static str, found: &str) -> DatabaseError {
    DatabaseError::Other(format!("{what}: {found} is unknown").into())
}

impl FromRow for Institution {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, slug, kind) = (row.next()?, row.next()?, row.next::<String>()?);
        let (name, short_name, area_code) = (row.next()?, row.next()?, row.next()?);
        let (zone, host, tagline, help) = (row.next::<String>()?, row.next()?, row.next()?, row.next()?);
        let (brand, accent): (Option<String>, Option<String>) = (row.next()?, row.next()?);
        let settings = Settings {
            kind: InstitutionKind::named(&kind).ok_or_else(|| unknown("kind of institution", &kind))?,
            name,
            short_name,
            area_code,
            zone: Zone::named(&zone).ok_or_else(|| unknown("zone", &zone))?,
            host,
            tagline,
            help,
            colours: brand.zip(accent).map(|(brand, accent)| Colours { brand, accent }),
        };
        let (logo, demonstration, version) = (row.next()?, row.next()?, row.next()?);
        Ok(Self { id, slug, settings, logo, demonstration, version, created_at: row.next()?, changed_at: row.next()? })
    }
}

impl FromRow for Unit {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, parent, kind) = (row.next()?, row.next()?, row.next::<String>()?);
        let (slug, code, name, short_name) = (row.next()?, row.next()?, row.next()?, row.next()?);
        let contact = Contact { address: row.next()?, phone: row.next()?, email: row.next()?, web: row.next()? };
        let class = row.next::<Option<String>>()?;
        let class = class.map(|name| ServiceClass::named(&name).ok_or_else(|| unknown("class of service", &name)));
        let facts = UnitFacts {
            parent,
            kind: UnitKind::named(&kind).ok_or_else(|| unknown("kind of unit", &kind))?,
            code,
            name,
            short_name,
            class: class.transpose()?,
            contact,
        };
        let (state, on, into) = (row.next::<String>()?, row.next::<Option<Date>>()?, row.next::<Option<UnitId>>()?);
        let state = match (state.as_str(), on, into) {
            ("active", None, None) => UnitState::Active,
            ("merged", Some(on), Some(into)) => UnitState::Merged { on, into },
            ("retired", Some(on), None) => UnitState::Retired { on },
            _ => return Err(unknown("state of a unit", &state)),
        };
        Ok(Self { id, slug, facts, state, version: row.next()?, created_at: row.next()?, changed_at: row.next()? })
    }
}

/// The institution that has this host, with or without its port; else the one founded first.
pub(crate) fn institution_of_host(db: &mut Read<'_>, host: &str) -> Answer<Option<Institution>> {
    let host = host.to_ascii_lowercase();
    let name = host.rsplit_once(':').map_or(host.as_str(), |(name, _)| name);
    db.one(INSTITUTION_OF_HOST, params![host.as_str(), name])
}

/// The institution of an identifier.
pub fn institution(db: &mut Read<'_>, id: InstitutionId) -> Answer<Option<Institution>> {
    db.one(INSTITUTION, params![id])
}

/// All institutions of the installation, in the order of their founding.
pub fn institutions(db: &mut Read<'_>) -> Answer<Vec<Institution>> {
    db.all(INSTITUTIONS, &[])
}

/// The institution founded first: the one that keeps the installation.
pub fn first_institution(db: &mut Read<'_>) -> Answer<Option<InstitutionId>> {
    Ok(db.one::<(InstitutionId,)>(FIRST_INSTITUTION, &[])?.map(|(id,)| id))
}

/// The names in addresses that institutions have.
pub(crate) fn institution_slugs(db: &mut Read<'_>) -> Answer<Vec<String>> {
    Ok(db.all::<(String,)>(INSTITUTION_SLUGS, &[])?.into_iter().map(|(slug,)| slug).collect())
}

/// The institution that has a host.
pub(crate) fn host_holder(db: &mut Read<'_>, host: &str) -> Answer<Option<InstitutionId>> {
    Ok(db.one::<(InstitutionId,)>(HOST_HOLDER, params![host])?.map(|(id,)| id))
}

/// Adds an institution as it is; it has no logo yet.
pub(crate) fn add_institution(db: &mut Write<'_>, institution: &Institution) -> Answer<()> {
    let Settings { kind, name, short_name, area_code, zone, host, tagline, help, colours } = &institution.settings;
    let (brand, accent) = parts(colours.as_ref());
    let values = params![
        institution.id,
        &institution.slug,
        kind.name(),
        name,
        short_name,
        area_code.clone(),
        zone.name(),
        host.clone(),
        tagline,
        help,
        brand,
        accent,
        institution.demonstration,
        institution.created_at,
    ];
    db.execute(ADD_INSTITUTION, values).map(drop)
}

/// Saves an institution that still has the version it was loaded with; says whether it had.
pub(crate) fn save_institution(db: &mut Write<'_>, institution: &Institution) -> Answer<bool> {
    let Settings { kind, name, short_name, area_code, zone, host, tagline, help, colours } = &institution.settings;
    let (brand, accent) = parts(colours.as_ref());
    let values = params![
        institution.id,
        institution.version,
        kind.name(),
        name,
        short_name,
        area_code.clone(),
        zone.name(),
        host.clone(),
        tagline,
        help,
        brand,
        accent,
        institution.logo.clone(),
        institution.changed_at,
    ];
    Ok(db.execute(SAVE_INSTITUTION, values)? == 1)
}

fn parts(colours: Option<&Colours>) -> (Option<String>, Option<String>) {
    (colours.map(|colours| colours.brand.clone()), colours.map(|colours| colours.accent.clone()))
}

/// Keeps a logo.
pub(crate) fn add_logo(
    db: &mut Write<'_>,
    institution: InstitutionId,
    hash: &str,
    content_type: &str,
    bytes: &[u8],
    now: OffsetDateTime,
) -> Answer<()> {
    db.execute(ADD_LOGO, params![institution, hash, content_type, bytes, now]).map(drop)
}

/// The kind and the bytes of a logo.
pub(crate) fn logo(db: &mut Read<'_>, institution: InstitutionId, hash: &str) -> Answer<Option<(String, Vec<u8>)>> {
    db.one(LOGO, params![institution, hash])
}

/// Differs after every change of a unit: for those who keep units in memory.
pub fn units_stamp(db: &mut Read<'_>, institution: InstitutionId) -> Answer<(i64, i64)> {
    Ok(db.one(UNITS_STAMP, params![institution])?.unwrap_or_default())
}

/// All units, by name.
pub fn units(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<Unit>> {
    db.all(UNITS, params![institution])
}

/// The unit at an address.
pub fn unit_by_slug(db: &mut Read<'_>, institution: InstitutionId, slug: &str) -> Answer<Option<Unit>> {
    db.one(UNIT_BY_SLUG, params![institution, slug])
}

/// The unit of an identifier.
pub fn unit(db: &mut Read<'_>, institution: InstitutionId, id: UnitId) -> Answer<Option<Unit>> {
    db.one(UNIT, params![institution, id])
}

/// The unit that has a code.
pub(crate) fn code_holder(db: &mut Read<'_>, institution: InstitutionId, code: &str) -> Answer<Option<UnitId>> {
    Ok(db.one::<(UnitId,)>(CODE_HOLDER, params![institution, code])?.map(|(id,)| id))
}

/// The addresses that units have.
pub(crate) fn unit_slugs(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<String>> {
    Ok(db.all::<(String,)>(UNIT_SLUGS, params![institution])?.into_iter().map(|(slug,)| slug).collect())
}

/// Each unit with the one above it.
pub(crate) fn parents(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<(UnitId, Option<UnitId>)>> {
    db.all(PARENTS, params![institution])
}

/// Adds a unit as it is.
pub(crate) fn add_unit(db: &mut Write<'_>, institution: InstitutionId, unit: &Unit) -> Answer<()> {
    let UnitFacts { parent, kind, code, name, short_name, class, contact } = &unit.facts;
    let values = params![
        institution,
        unit.id,
        *parent,
        kind.name(),
        &unit.slug,
        code.clone(),
        name,
        short_name,
        &contact.address,
        &contact.phone,
        &contact.email,
        &contact.web,
        class.map(ServiceClass::name),
        crate::names::plain(name),
        unit.state.name(),
        unit.state.ended_on(),
        unit.state.successor(),
        unit.version,
        unit.created_at,
        unit.changed_at,
    ];
    db.execute(ADD_UNIT, values).map(drop)
}

/// Saves a unit whose version follows the one in the database; says whether it did.
pub(crate) fn save_unit(db: &mut Write<'_>, institution: InstitutionId, unit: &Unit) -> Answer<bool> {
    let UnitFacts { parent, kind, code, name, short_name, class, contact } = &unit.facts;
    let values = params![
        institution,
        unit.id,
        *parent,
        kind.name(),
        code.clone(),
        name,
        short_name,
        &contact.address,
        &contact.phone,
        &contact.email,
        &contact.web,
        class.map(ServiceClass::name),
        crate::names::plain(name),
        unit.state.name(),
        unit.state.ended_on(),
        unit.state.successor(),
        unit.version,
        unit.changed_at,
    ];
    Ok(db.execute(SAVE_UNIT, values)? == 1)
}

/// One version of a unit.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Version {
    /// When it began.
    pub at: OffsetDateTime,
    /// Who made it; nothing when a program did.
    pub account: Option<AccountId>,
    /// What was done: `created`, `changed`, `moved`, `ended`, `resumed`, `imported`.
    pub act: String,
    /// The unit as it then was.
    pub unit: Unit,
}

impl FromRow for Version {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let _: i64 = row.next()?;
        Ok(Self { at: row.next()?, account: row.next()?, act: row.next()?, unit: json(&row.next::<String>()?)? })
    }
}

fn json<T: DeserializeOwned>(text: &str) -> Answer<T> {
    serde_json::from_str(text).map_err(|error| DatabaseError::Other(Box::new(error)))
}

/// Keeps what a unit is now as one of its versions.
pub(crate) fn add_version(
    db: &mut Write<'_>,
    institution: InstitutionId,
    unit: &Unit,
    account: Option<AccountId>,
    act: &'static str,
) -> Answer<()> {
    let facts = serde_json::to_string(unit).map_err(|error| DatabaseError::Other(Box::new(error)))?;
    let values = params![institution, unit.id, unit.version, unit.changed_at, account, act, facts];
    db.execute(ADD_VERSION, values).map(drop)
}

/// All versions of a unit, oldest first.
pub fn versions(db: &mut Read<'_>, institution: InstitutionId, unit: UnitId) -> Answer<Vec<Version>> {
    db.all(VERSIONS, params![institution, unit])
}

/// A unit as it was at a moment; nothing when it was not entered yet.
pub fn unit_as_of(
    db: &mut Read<'_>,
    institution: InstitutionId,
    unit: UnitId,
    moment: OffsetDateTime,
) -> Answer<Option<Unit>> {
    let kept = db.one::<(String,)>(UNIT_AS_OF, params![institution, unit, moment])?;
    kept.map(|(facts,)| json(&facts)).transpose()
}

/// All units as they were at a moment.
pub fn units_as_of(db: &mut Read<'_>, institution: InstitutionId, moment: OffsetDateTime) -> Answer<Vec<Unit>> {
    let kept = db.all::<(String,)>(UNITS_AS_OF, params![institution, moment])?;
    kept.iter().map(|(facts,)| json(facts)).collect()
}

platform::id! {
    /// A table between its preview and the decision about it.
    pub struct DraftId;
}

/// Whose draft it is and what for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DraftOf {
    /// The institution.
    pub institution: InstitutionId,
    /// Who sent the table: nobody else sees it.
    pub account: AccountId,
    /// What it is for: `units`, `people`.
    pub purpose: &'static str,
}

/// Keeps a draft until `ends`, in place of an older one of the same account and purpose.
pub(crate) fn add_draft(
    db: &mut Write<'_>,
    of: DraftOf,
    content: &str,
    now: OffsetDateTime,
    ends: OffsetDateTime,
) -> Answer<DraftId> {
    db.execute(DROP_OLD_DRAFTS, params![of.institution, now, of.account, of.purpose])?;
    let id = DraftId::new(now);
    db.execute(ADD_DRAFT, params![id, of.institution, of.account, of.purpose, content, now, ends])?;
    Ok(id)
}

/// The content of a draft that has not ended.
pub(crate) fn draft(db: &mut Read<'_>, of: DraftOf, id: DraftId, now: OffsetDateTime) -> Answer<Option<String>> {
    let found = db.one::<(String,)>(DRAFT, params![of.institution, of.account, of.purpose, id, now])?;
    Ok(found.map(|(content,)| content))
}

/// Forgets a draft.
pub(crate) fn drop_draft(db: &mut Write<'_>, of: DraftOf, id: DraftId) -> Answer<()> {
    db.execute(DROP_DRAFT, params![of.institution, of.account, id]).map(drop)
}
