//! The catalogue of services, and the standard (Standar Pelayanan) by which each is given.
//!
//! - **People**: everybody finds a service by their own words; the admin of a unit keeps its services.
//! - **Law**: UU 25/2009 articles 20 to 22 (standards and declaration), Permenpan RB 15/2014 (the fourteen components).
//! - **States** of a service: `docs/states/service.md`.
//!
//! | page | for whom |
//! |---|---|
//! | `/layanan`, `/layanan/{slug}` | everybody |
//! | `/layanan.csv`, `/layanan.json` | everybody: open data |
//! | `/layanan.jsonld`, `/layanan.hsds.json` | the same in open vocabularies: CPSV-AP, HSDS |
//! | `/layanan/{slug}/kepuasan` | everybody: what people who used it said |
//! | `/layanan/{slug}/poster.pdf`, `/maklumat/{unit}/maklumat.pdf` | everybody: sheets of A4 to hang |
//! | `/layanan/{slug}/jadwal` | everybody: the days it is open |
//! | `/layanan/{slug}/standar/{number}` | everybody: a version as it was published |
//! | `/kelola/layanan`, `…/baru`, `…/contoh`, `…/{slug}`, `…/{slug}/tarik` | staff |
//! | `/kelola/kontak`, `/kelola/kontak/{unit}` | staff: whether people reach the units by what they publish |
//! | `/maklumat/{unit}`, `/kelola/maklumat/{unit}` | everybody; staff |
//! | `/kelola/layanan/{slug}/berkas`, `…/hapus` | staff: forms, minutes and decrees as files |
//! | `/kelola/impor/layanan` and its steps | coordinator |
//! | `/kelola/layanan/{slug}/standar`, `…/isi`, `…/versi/{number}` | staff: writing, determining, publishing a standard |

mod actions;
mod api;
mod contact;
mod declaration;
mod kinds;
mod open_data;
mod pages;
mod permissions;
mod probe;
mod promise;
mod reviews;
mod schedule;
mod search;
mod self_test;
mod service;
mod service_files;
mod standard;
mod starter;
mod store;
mod table;
mod typed;
mod vocabularies;

pub use actions::contacts::{confirm_contact, note_looks};
pub use actions::declarations::{note_declaration, publish_declaration, write_declaration};
pub use actions::standards::{
    begin_standard, determine_standard, discuss_standard, note_publication, publish_standard, reopen_standard,
    review_standard, write_standard,
};
pub use actions::{Refused, change_service, enter_service, publish_service, withdraw_service};
pub use api::API;
pub use contact::{BELIEVED, CheckState, ContactCheck, ContactFault, ContactKind, Look};
pub use declaration::{Declaration, DeclarationId, DeclarationState};
pub use kinds::{Kind, categories, category, category_named, life_event, life_event_named, life_events};
pub use pages::{DeclarationPath, ServicePath, ServicesPath};
pub use permissions::{DETERMINE_STANDARD, EDIT_SERVICES, IMPORT_SERVICES, PUBLISH_STANDARD, READ_SERVICES};
pub use probe::{Prober, ProberShelf, Surroundings, phone};
pub use promise::{Duration, Fee, Opening, TimeUnit, Week, rupiah};
pub use reviews::{MESSAGES, handlers};
pub use search::{Catalogue, Found, Listed, Shelf, Wanted};
pub use service::{BlankForm, Channel, Service, ServiceFacts, ServiceId, ServiceState, WrongState};
pub use service_files::{
    FileRole, SERVICE_HOLDER, ServiceFile, TypedFile, add_service_file, remove_service_file, service_files,
};
pub use standard::{
    Content, Decree, Discussion, Medium, Proof, ProofId, Review, Standard, StandardId, StandardState, WrongStep,
    fingerprint, rule,
};
pub use starter::{Example, copy_example, example_named, examples};
pub use store::contact_checks::checks_of_unit;
pub use store::declarations::declaration_of;
pub use store::standards::{in_force, standards};
pub use store::{count_services, service, service_by_slug, services, services_of_unit};
pub use table::{COLUMNS, MOST_SERVICES, NotStored, review_services, store_services};
pub use typed::{DAYS, TypedService};

use pages::{
    contacts, declaration as declarations, edit, files, import_services, keep, list, service_files as files_of_service,
    standard as steps, standard_form, starter as examples_page, version,
};
use platform::app::{MenuEntry, Shown};
use platform::database::Sql;
use platform::identity::Action;
use platform::route::{Pace, Routes};
use platform::words::{Words, catalogue};
use rules::phrase::{Catalogue as Sentences, Language};
use std::sync::LazyLock;
use std::time::Duration as Wait;

#[cfg(test)]
mod tests;

static WORDS: LazyLock<Sentences> =
    LazyLock::new(|| catalogue(include_str!("../locales/id.toml"), include_str!("../locales/en.toml")));

/// Every statement of the slice.
pub const STATEMENTS: &[&[Sql]] = &[
    store::STATEMENTS,
    store::standards::STATEMENTS,
    store::declarations::STATEMENTS,
    store::contact_checks::STATEMENTS,
    store::service_files::STATEMENTS,
];

/// Every action of the slice.
pub const ACTIONS: &[&Action] =
    &[&READ_SERVICES, &EDIT_SERVICES, &DETERMINE_STANDARD, &PUBLISH_STANDARD, &IMPORT_SERVICES];

/// So many events in people's lives are shown before anybody searched.
pub const EVENTS_SHOWN: usize = 8;

/// The form of fourteen long texts, as a browser encodes them.
const STANDARD_BYTES: usize = 512 * 1024;
/// The largest file of a service, with the rest of its form.
const LARGEST_FILE: usize = 65 * 1024 * 1024;
/// The largest table of services.
const LARGEST_TABLE: usize = 5 * 1024 * 1024;
/// Trying an address twice, with all that waits for answers.
const TEST_TIME: Wait = Wait::from_secs(90);
/// As every form has.
const FORM_TIME: Wait = Wait::from_secs(30);

/// "Layanan", for everybody.
pub const MENU: MenuEntry =
    MenuEntry { href: "/layanan", label: |language| word("menu.services", language), shown: Shown::ToAll };
/// "Kelola layanan", for staff.
pub const KEEP_MENU: MenuEntry = MenuEntry {
    href: "/kelola/layanan",
    label: |language| word("menu.keep", language),
    shown: Shown::ToWhoMay(&READ_SERVICES),
};

/// "Uji kontak", for staff.
pub const CONTACTS_MENU: MenuEntry = MenuEntry {
    href: "/kelola/kontak",
    label: |language| word("menu.contacts", language),
    shown: Shown::ToWhoMay(&READ_SERVICES),
};

fn word(key: &str, language: Language) -> String {
    Words::new(&WORDS, language).text(key)
}

/// The words of the slice in a language, for the command line.
#[must_use]
pub fn words(language: Language) -> Words {
    Words::new(&WORDS, language)
}

/// The routes of the slice.
#[must_use]
pub fn routes() -> Routes {
    public_routes().and(staff_routes()).and(standard_routes()).and(other_routes())
}

fn public_routes() -> Routes {
    Routes::new()
        .get(list::list)
        .public_and_kept()
        .get(pages::service::show_service)
        .sample("/layanan/penerbitan-kartu-keluarga-baru")
        .public_and_kept()
        .get(pages::schedule::show_schedule)
        .sample("/layanan/penerbitan-kartu-keluarga-baru/jadwal")
        .public()
        .get(pages::satisfaction::show_satisfaction)
        .sample("/layanan/penerbitan-kartu-keluarga-baru/kepuasan")
        .public_and_kept()
        .get(version::show_public)
        .sample("/layanan/penerbitan-kartu-keluarga-baru/standar/1")
        .public_and_kept()
        .get(version::bytes)
        .sample("/layanan/penerbitan-kartu-keluarga-baru/standar/1/isi.json")
        .file()
        .public()
        .get(declarations::show_public)
        .sample("/maklumat/dinas-kependudukan-dan-pencatatan-sipil")
        .public_and_kept()
        .get(pages::poster::of_service)
        .sample("/layanan/penerbitan-kartu-keluarga-baru/poster.pdf")
        .file()
        .pace(Pace::Heavy)
        .public()
        .get(pages::poster::of_declaration)
        .sample("/maklumat/dinas-kependudukan-dan-pencatatan-sipil/maklumat.pdf")
        .file()
        .pace(Pace::Heavy)
        .public()
        .get(files::csv)
        .file()
        .pace(Pace::Heavy)
        .public()
        .get(files::json)
        .file()
        .pace(Pace::Heavy)
        .public()
        .get(files::linked_data)
        .file()
        .pace(Pace::Heavy)
        .public()
        .get(files::human_services)
        .file()
        .pace(Pace::Heavy)
        .public()
        .get(api::list)
        .file()
        .public_and_kept()
        .get(api::show)
        .sample("/api/v1/services/penerbitan-kartu-keluarga-baru")
        .file()
        .public_and_kept()
}

fn staff_routes() -> Routes {
    Routes::new()
        .get(keep::list)
        .may(&READ_SERVICES)
        .get(edit::show_new)
        .may(&EDIT_SERVICES)
        .post(edit::post_new)
        .may(&EDIT_SERVICES)
        .get(examples_page::show_examples)
        .may(&EDIT_SERVICES)
        .post(examples_page::post_example)
        .may(&EDIT_SERVICES)
        .get(edit::show_edit)
        .sample("/kelola/layanan/penerbitan-kartu-keluarga-baru")
        .may(&READ_SERVICES)
        .post(edit::post_edit)
        .may(&EDIT_SERVICES)
        .post(edit::post_publish)
        .may(&EDIT_SERVICES)
        .get(edit::show_withdraw)
        .sample("/kelola/layanan/penerbitan-kartu-keluarga-baru/tarik")
        .may(&EDIT_SERVICES)
        .post(edit::post_withdraw)
        .may(&EDIT_SERVICES)
}

fn standard_routes() -> Routes {
    Routes::new()
        .get(files_of_service::show_files)
        .sample("/kelola/layanan/penerbitan-kartu-keluarga-baru/berkas")
        .may(&READ_SERVICES)
        .post(files_of_service::post_file)
        // A quarter of an hour for a long decree over a slow line.
        .upload(LARGEST_FILE, Wait::from_secs(900))
        .may(&EDIT_SERVICES)
        .get(files_of_service::show_remove)
        .sample("/kelola/layanan/penerbitan-kartu-keluarga-baru/berkas/hapus")
        .may(&EDIT_SERVICES)
        .post(files_of_service::post_remove)
        .may(&EDIT_SERVICES)
        .get(steps::show_standard)
        .sample("/kelola/layanan/penerbitan-kartu-keluarga-baru/standar")
        .may(&READ_SERVICES)
        .get(standard_form::show_form)
        .sample("/kelola/layanan/penggantian-ktp-el-karena-hilang/standar/isi")
        .may(&EDIT_SERVICES)
        .post(standard_form::post_form)
        .upload(STANDARD_BYTES, FORM_TIME)
        .may(&EDIT_SERVICES)
        .get(version::show_version)
        .sample("/kelola/layanan/penerbitan-kartu-keluarga-baru/standar/versi/1")
        .may(&READ_SERVICES)
        .post(steps::post_begin)
        .may(&EDIT_SERVICES)
        .post(steps::post_discuss)
        .may(&DETERMINE_STANDARD)
        .post(steps::post_determine)
        .may(&DETERMINE_STANDARD)
        .post(steps::post_reopen)
        .may(&DETERMINE_STANDARD)
        .post(steps::post_publish)
        .may(&PUBLISH_STANDARD)
        .post(steps::post_review)
        .may(&DETERMINE_STANDARD)
        .post(steps::post_proof)
        .may(&EDIT_SERVICES)
}

fn other_routes() -> Routes {
    Routes::new()
        .get(contacts::list)
        .may(&READ_SERVICES)
        .get(contacts::show_unit)
        .sample("/kelola/kontak/dinas-kependudukan-dan-pencatatan-sipil")
        .may(&READ_SERVICES)
        .post(contacts::post_test)
        .time(TEST_TIME)
        .pace(Pace::Heavy)
        .may(&EDIT_SERVICES)
        .post(contacts::post_confirm)
        .may(&EDIT_SERVICES)
        .get(declarations::show_keep)
        .sample("/kelola/maklumat/dinas-kependudukan-dan-pencatatan-sipil")
        .may(&READ_SERVICES)
        .post(declarations::post_keep)
        .may(&EDIT_SERVICES)
        .post(declarations::post_proof)
        .may(&EDIT_SERVICES)
        .post(declarations::post_publish)
        .may(&DETERMINE_STANDARD)
        .get(import_services::show_form)
        .may(&IMPORT_SERVICES)
        .post(import_services::post_form)
        .upload(LARGEST_TABLE, Wait::from_secs(60))
        .pace(Pace::Heavy)
        .may(&IMPORT_SERVICES)
        .get(import_services::show_review)
        .may(&IMPORT_SERVICES)
        .post(import_services::post_review)
        .may(&IMPORT_SERVICES)
        .get(import_services::wrong_rows)
        .file()
        .may(&IMPORT_SERVICES)
        .get(import_services::template)
        .file()
        .may(&IMPORT_SERVICES)
}
