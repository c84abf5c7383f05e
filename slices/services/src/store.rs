//! Every statement of services and of the count of their changes.

pub(crate) mod contact_checks;
pub(crate) mod declarations;
pub(crate) mod service_files;
pub(crate) mod standards;

use crate::service::{Service, ServiceFacts, ServiceId, ServiceState};
use platform::database::{DatabaseError, FromRow, Read, Row, Write};
use platform::identity::{InstitutionId, UnitId};
use platform::{params, statements};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// The columns of a service, in the order of its `FromRow`.
macro_rules! service {
    ($rest:literal) => {
        concat!(
            "SELECT id, slug, unit_id, name, category, facts, state, example, version, created_at, changed_at, published_at
                FROM service ",
            $rest
        )
    };
}

statements! {
    SERVICE_BY_SLUG = service!("WHERE institution_id = $1 AND slug = $2");
    SERVICE = service!("WHERE institution_id = $1 AND id = $2");
    SERVICES = service!("WHERE institution_id = $1 ORDER BY plain_name, id");
    PUBLISHED_SERVICES = service!("WHERE institution_id = $1 AND state = 'published' ORDER BY plain_name, id");
    SERVICES_OF_UNIT = service!("WHERE institution_id = $1 AND unit_id = $2 ORDER BY plain_name, id");
    SERVICES_SINCE = service!("WHERE institution_id = $1 AND revision > $2 ORDER BY revision, id");
    SERVICES_PAGE = service!(
        "WHERE institution_id = $1 AND plain_name LIKE $2 AND (state = $3 OR $3 = '') ORDER BY plain_name, id LIMIT $4 OFFSET $5"
    );
    SERVICES_FITTING = "SELECT COUNT(*) FROM service
        WHERE institution_id = $1 AND plain_name LIKE $2 AND (state = $3 OR $3 = '')";
    SERVICE_SLUGS = "SELECT slug FROM service WHERE institution_id = $1 AND slug LIKE $2";
    COUNT_SERVICES = "SELECT COUNT(*) FROM service WHERE institution_id = $1";
    REVISION = "SELECT revision FROM service_catalogue WHERE institution_id = $1";
    NEXT_REVISION = "INSERT INTO service_catalogue (institution_id, revision) VALUES ($1, 1)
        ON CONFLICT (institution_id) DO UPDATE SET revision = service_catalogue.revision + 1 RETURNING revision";
    ADD_SERVICE = "INSERT INTO service (institution_id, id, slug, unit_id, name, plain_name, category, facts, state, example,
            revision, version, created_at, changed_at, published_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)";
    SAVE_SERVICE = "UPDATE service SET unit_id = $3, name = $4, plain_name = $5, category = $6, facts = $7, state = $8,
            example = $9, revision = $10, version = $11, changed_at = $12, published_at = $13
        WHERE institution_id = $1 AND id = $2 AND version = $11 - 1";
}

pub(crate) type Answer<T> = Result<T, DatabaseError>;

/// A stored value that the program does not know: the database was changed by other means.
pub(crate) fn unknown(what: &'static str, found: &str) -> DatabaseError {
    DatabaseError::Other(format!("{what}: {found} is unknown").into())
}

pub(crate) fn from_json<T: DeserializeOwned>(text: &str) -> Answer<T> {
    serde_json::from_str(text).map_err(|error| DatabaseError::Other(Box::new(error)))
}

pub(crate) fn to_json(value: &impl Serialize) -> Answer<String> {
    serde_json::to_string(value).map_err(|error| DatabaseError::Other(Box::new(error)))
}

impl FromRow for Service {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, slug, unit, name, category) = (row.next()?, row.next()?, row.next()?, row.next()?, row.next()?);
        let facts: ServiceFacts = from_json(&row.next::<String>()?)?;
        let state = row.next::<String>()?;
        Ok(Self {
            id,
            slug,
            unit,
            facts: ServiceFacts { name, category, ..facts },
            state: ServiceState::named(&state).ok_or_else(|| unknown("state of a service", &state))?,
            example: row.next()?,
            version: row.next()?,
            created_at: row.next()?,
            changed_at: row.next()?,
            published_at: row.next()?,
        })
    }
}

/// The service at an address.
///
/// # Errors
/// When the database cannot be read.
pub fn service_by_slug(db: &mut Read<'_>, institution: InstitutionId, slug: &str) -> Answer<Option<Service>> {
    db.one(SERVICE_BY_SLUG, params![institution, slug])
}

/// The service of an identifier.
///
/// # Errors
/// When the database cannot be read.
pub fn service(db: &mut Read<'_>, institution: InstitutionId, id: ServiceId) -> Answer<Option<Service>> {
    db.one(SERVICE, params![institution, id])
}

/// All services of an institution, by name, whatever their state.
///
/// # Errors
/// When the database cannot be read.
pub fn services(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<Service>> {
    db.all(SERVICES, params![institution])
}

/// Hands over the services that everybody finds, by name.
pub(crate) fn each_published(
    db: &mut Read<'_>,
    institution: InstitutionId,
    mut take: impl FnMut(Service),
) -> Answer<()> {
    db.each(PUBLISHED_SERVICES, params![institution], |row| {
        take(Service::from_row(row)?);
        Ok(())
    })
}

/// The services of a unit, by name, whatever their state.
///
/// # Errors
/// When the database cannot be read.
pub fn services_of_unit(db: &mut Read<'_>, institution: InstitutionId, unit: UnitId) -> Answer<Vec<Service>> {
    db.all(SERVICES_OF_UNIT, params![institution, unit])
}

/// What staff look for in the whole catalogue: part of a name, and a state or none.
#[derive(Debug, Clone, Default)]
pub(crate) struct Sought {
    /// Part of the name, plain.
    pub(crate) name: String,
    /// A state.
    pub(crate) state: Option<ServiceState>,
}

impl Sought {
    fn like(&self) -> String {
        // A plain name has no sign that means something in a pattern.
        format!("%{}%", self.name)
    }

    fn state(&self) -> &'static str {
        self.state.map_or("", ServiceState::name)
    }

    /// Whether a service fits.
    pub(crate) fn fits(&self, service: &Service) -> bool {
        organisation::plain(&service.facts.name).contains(&self.name)
            && self.state.is_none_or(|state| service.state == state)
    }
}

/// How many services fit, and `size` of them, by name, after the first `skipped`.
pub(crate) fn sought(
    db: &mut Read<'_>,
    institution: InstitutionId,
    sought: &Sought,
    (skipped, size): (u32, u32),
) -> Answer<(i64, Vec<Service>)> {
    let (like, state) = (sought.like(), sought.state());
    let count = db.one::<(i64,)>(SERVICES_FITTING, params![institution, &like, state])?.map_or(0, |(count,)| count);
    Ok((count, db.all(SERVICES_PAGE, params![institution, &like, state, size, skipped])?))
}

/// Hands over, in the order of their changes, the services that changed after a revision of the catalogue.
pub(crate) fn each_since(
    db: &mut Read<'_>,
    institution: InstitutionId,
    revision: i64,
    mut take: impl FnMut(Service),
) -> Answer<()> {
    db.each(SERVICES_SINCE, params![institution, revision], |row| {
        take(Service::from_row(row)?);
        Ok(())
    })
}

/// How many services an institution has, whatever their state.
///
/// # Errors
/// When the database cannot be read.
pub fn count_services(db: &mut Read<'_>, institution: InstitutionId) -> Answer<i64> {
    Ok(db.one::<(i64,)>(COUNT_SERVICES, params![institution])?.map_or(0, |(count,)| count))
}

/// The revision of a catalogue; 0 when it never had a service.
pub(crate) fn revision(db: &mut Read<'_>, institution: InstitutionId) -> Answer<i64> {
    Ok(db.one::<(i64,)>(REVISION, params![institution])?.map_or(0, |(revision,)| revision))
}

/// Counts a change of the catalogue and gives its number. Whoever changes services waits here for whoever does so at the same time.
pub(crate) fn next_revision(db: &mut Write<'_>, institution: InstitutionId) -> Answer<i64> {
    let counted = db.one::<(i64,)>(NEXT_REVISION, params![institution])?;
    counted.map(|(revision,)| revision).ok_or_else(|| unknown("revision of a catalogue", "none"))
}

/// The addresses taken that begin alike.
pub(crate) fn slugs_like(db: &mut Read<'_>, institution: InstitutionId, beginning: &str) -> Answer<Vec<String>> {
    let like = format!("{beginning}%");
    Ok(db.all::<(String,)>(SERVICE_SLUGS, params![institution, like])?.into_iter().map(|(slug,)| slug).collect())
}

/// Adds a service as it is, as part of a change of the catalogue.
pub(crate) fn add_service(
    db: &mut Write<'_>,
    institution: InstitutionId,
    service: &Service,
    revision: i64,
) -> Answer<()> {
    let values = params![
        institution,
        service.id,
        &service.slug,
        service.unit,
        &service.facts.name,
        organisation::plain(&service.facts.name),
        &service.facts.category,
        to_json(&service.facts)?,
        service.state.name(),
        service.example,
        revision,
        service.version,
        service.created_at,
        service.changed_at,
        service.published_at,
    ];
    db.execute(ADD_SERVICE, values).map(drop)
}

/// Saves a service whose version follows the one in the database; says whether it did.
pub(crate) fn save_service(
    db: &mut Write<'_>,
    institution: InstitutionId,
    service: &Service,
    revision: i64,
) -> Answer<bool> {
    let values = params![
        institution,
        service.id,
        service.unit,
        &service.facts.name,
        organisation::plain(&service.facts.name),
        &service.facts.category,
        to_json(&service.facts)?,
        service.state.name(),
        service.example,
        revision,
        service.version,
        service.changed_at,
        service.published_at,
    ];
    Ok(db.execute(SAVE_SERVICE, values)? == 1)
}
