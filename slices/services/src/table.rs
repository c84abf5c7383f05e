//! Services as a table: what each row would enter or change, and the same services written out again.
//!
//! A row is one of the services there are when its unit has one of that name. An empty cell leaves what is there. So a table sent twice
//! changes nothing the second time.

mod plan;
#[cfg(test)]
mod tests;

use crate::actions::{changes, new_service, slug_beside};
use crate::promise::Fee;
use crate::service::{Channel, Service, ServiceFacts, ServiceState};
use crate::store;
use organisation::Desk;
use organisation::import::{Column, Counts, Review, Table};
use plan::{Plan, Step};
use platform::audit::Subject;
use platform::database::{DatabaseError, Read, Write};
use platform::identity::{InstitutionId, UnitId};
use rules::phrase::Phrase;
use serde_json::{Value, json};
use std::collections::HashSet;

/// The most rows of a table of services.
pub const MOST_SERVICES: usize = 5_000;

const fn column(field: &'static str, names: &'static [&'static str]) -> Column {
    Column { field, names, required: false }
}

/// The columns of a table of services.
pub const COLUMNS: [Column; 17] = [
    Column {
        required: true,
        ..column("name", &["Nama layanan", "nama", "layanan", "jenis pelayanan", "nama pelayanan", "service name"])
    },
    Column {
        required: true,
        ..column("unit", &["Unit", "unit penyelenggara", "nama unit", "perangkat daerah", "opd", "instansi"])
    },
    column("category", &["Kategori", "bidang", "category"]),
    column("summary", &["Ringkasan", "deskripsi", "keterangan", "summary"]),
    column("audience", &["Untuk siapa", "sasaran", "pemohon", "audience"]),
    column("keywords", &["Kata lain", "kata kunci", "keywords"]),
    column("events", &["Peristiwa", "peristiwa hidup", "life events"]),
    column("channels", &["Kanal", "saluran", "channels"]),
    column("hours", &["Jam buka", "jam layanan", "jam pelayanan", "hours"]),
    column("holidays", &["Hari libur", "libur nasional", "holidays"]),
    column("duration", &["Waktu", "jangka waktu", "waktu penyelesaian", "jangka waktu pelayanan", "duration"]),
    column("fee", &["Biaya", "tarif", "biaya tarif", "fee"]),
    column("requirements", &["Persyaratan", "syarat", "requirements"]),
    column("online", &["Alamat daring", "tautan layanan", "url", "online"]),
    column("forms", &["Formulir", "forms"]),
    column("sign_language", &["Video bahasa isyarat", "sign language video"]),
    column("state", &["Keadaan", "status", "state"]),
];

/// Why a reviewed table was not stored. Nothing of it was.
#[derive(Debug)]
pub enum NotStored {
    /// The table lacks a column; the sentence is for [`organisation::import::say`].
    Unreadable(Phrase),
    /// Services changed since the review: here is what the table would do now.
    Differs(Box<Review>),
    /// The database refused.
    Database(DatabaseError),
}

impl From<DatabaseError> for NotStored {
    fn from(error: DatabaseError) -> Self {
        Self::Database(error)
    }
}

/// What a table of services would do.
///
/// # Errors
/// When the database cannot be read. Inside: the sentence about the columns.
pub fn review_services(
    db: &mut Read<'_>,
    institution: InstitutionId,
    table: &Table,
) -> Result<Result<Review, Phrase>, DatabaseError> {
    Ok(planned(db, institution, table)?.map(|plan| plan.review))
}

/// Stores the rows of a table that can be taken, all or nothing, when they are still those of the review with this fingerprint.
///
/// # Errors
/// When the table would do something else by now.
pub fn store_services(db: &mut Write<'_>, desk: &Desk, table: &Table, fingerprint: &str) -> Result<Counts, NotStored> {
    let Plan { review, steps } = planned(db, desk.institution, table)?.map_err(NotStored::Unreadable)?;
    if review.fingerprint() != fingerprint {
        return Err(NotStored::Differs(Box::new(review)));
    }
    let counts = review.counts();
    if counts.to_store() > 0 {
        let revision = store::next_revision(db, desk.institution)?;
        let mut taken: HashSet<String> = store::slugs_like(db, desk.institution, "")?.into_iter().collect();
        for step in steps {
            store_step(db, desk, step, (revision, &mut taken))?;
        }
        let detail = json!({ "new": counts.new, "changed": counts.changed, "wrong": counts.wrong });
        desk.record(db, "services.services-imported", Subject::new("institution", desk.institution), detail)?;
    }
    Ok(counts)
}

fn planned(
    db: &mut Read<'_>,
    institution: InstitutionId,
    table: &Table,
) -> Result<Result<Plan, Phrase>, DatabaseError> {
    let (services, units) = (store::services(db, institution)?, organisation::units(db, institution)?);
    let in_force = store::standards::services_in_force(db, institution)?.into_iter().collect();
    Ok(plan::plan(&services, &in_force, &units, table))
}

fn store_step(
    db: &mut Write<'_>,
    desk: &Desk,
    step: Step,
    (revision, taken): (i64, &mut HashSet<String>),
) -> Result<(), DatabaseError> {
    match step {
        Step::Enter(unit, facts, publish) => {
            let slug = slug_beside(&facts.name, |slug| taken.contains(slug));
            taken.insert(slug.clone());
            let draft = new_service(desk, slug, unit, facts);
            let detail = json!({ "name": draft.facts.name, "unit": unit, "example": false });
            let service = if publish { published(draft, desk) } else { draft };
            store::add_service(db, desk.institution, &service, revision)?;
            record(db, desk, &service, ("services.service-entered", detail), publish)
        }
        Step::Change(service, facts, publish) => {
            let detail = changes(&service.facts, &facts);
            let changed =
                Service { facts, example: false, version: service.version + 1, changed_at: desk.now, ..*service };
            let changed = if publish { published(changed, desk) } else { changed };
            if !store::save_service(db, desk.institution, &changed, revision)? {
                return Err(DatabaseError::Busy(None));
            }
            record(db, desk, &changed, ("services.service-changed", detail), publish)
        }
    }
}

/// Records what a row did to a service as it is recorded when somebody does it on its page.
fn record(
    db: &mut Write<'_>,
    desk: &Desk,
    service: &Service,
    (act, detail): (&'static str, Value),
    publish: bool,
) -> Result<(), DatabaseError> {
    let subject = || Subject::new("service", service.id);
    desk.record(db, act, subject(), detail)?;
    if publish { desk.record(db, "services.service-published", subject(), json!({})) } else { Ok(()) }
}

fn published(service: Service, desk: &Desk) -> Service {
    let published_at = service.published_at.or(Some(desk.now));
    Service { state: ServiceState::Published, published_at, ..service }
}

/// A field of a service as a table writes it.
pub(crate) fn cell(facts: &ServiceFacts, field: &str, unit: &str) -> String {
    let list = |items: Vec<String>| written(&items);
    match field {
        "name" => facts.name.clone(),
        "unit" => unit.to_owned(),
        "category" => facts.category.clone(),
        "summary" => facts.summary.clone(),
        "audience" => facts.audience.clone(),
        "keywords" => facts.keywords.clone(),
        "events" => list(facts.events.clone()),
        "channels" => list(facts.channels.iter().map(|channel| channel_name(*channel).to_owned()).collect()),
        "hours" => facts.hours.written(),
        "holidays" => if facts.closed_on_holidays { "Tutup" } else { "Buka" }.to_owned(),
        "duration" => facts.duration.map(|duration| duration.to_string()).unwrap_or_default(),
        "fee" => facts.fee.as_ref().map(Fee::to_string).unwrap_or_default(),
        "requirements" => list(facts.requirements.clone()),
        "online" => facts.online.clone(),
        "forms" => list(facts.forms.iter().map(|form| format!("{} | {}", form.title, form.url)).collect()),
        "sign_language" => facts.sign_language.clone(),
        _ => String::new(),
    }
}

/// Items in one cell, with `; ` between them. A semicolon inside an item stands behind a backslash, and so does a backslash.
fn written(items: &[String]) -> String {
    let one = |item: &String| item.replace('\\', "\\\\").replace(';', "\\;");
    items.iter().map(one).collect::<Vec<_>>().join("; ")
}

/// The items of a cell. A backslash before another sign is only a backslash, as in a table that somebody typed.
fn items(cell: &str) -> Vec<String> {
    let (mut items, mut item, mut signs) = (Vec::new(), String::new(), cell.chars().peekable());
    while let Some(sign) = signs.next() {
        let escaped = if sign == '\\' { signs.next_if(|next| matches!(next, ';' | '\\')) } else { None };
        match (sign, escaped) {
            (';', None) => items.push(std::mem::take(&mut item)),
            (sign, escaped) => item.push(escaped.unwrap_or(sign)),
        }
    }
    items.push(item);
    items.into_iter().map(|item| item.trim().to_owned()).filter(|item| !item.is_empty()).collect()
}

/// A channel as tables name it.
const fn channel_name(channel: Channel) -> &'static str {
    match channel {
        Channel::Counter => "loket",
        Channel::Online => "daring",
        Channel::DriveThru => "drive-thru",
        Channel::Kiosk => "anjungan",
        Channel::Mobile => "keliling",
    }
}

/// The unit a row names, by code or by name.
type UnitsByName = std::collections::HashMap<String, Option<UnitId>>;
