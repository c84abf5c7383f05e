//! Institutions and their units: who serves the public here, in which order, under which name and colours.
//!
//! - **People**: the coordinator and the system admin keep units and settings; the admin of a unit keeps how it is reached;
//!   everybody reads the public list.
//! - **Law**: UU 25/2009 article 1 (penyelenggara, organisasi penyelenggara, pelaksana) and article 5 (goods, services,
//!   administrative services).
//! - **States** of a unit: `docs/states/unit.md`.
//!
//! Units come in by form or as a table ([`import`]); every change keeps what was, so that a result can name its unit as it was on
//! its day ([`unit_as_of`]). [`areas`] knows the provinces, cities, districts and villages of Indonesia.
//!
//! | page | for whom |
//! |---|---|
//! | `/unit`, `/unit/{slug}` | everybody |
//! | `/kelola/unit`, `…/baru`, `…/{slug}`, `…/{slug}/akhiri`, `…/{slug}/riwayat` | staff |
//! | `/kelola/unit/{slug}/berkas`, `…/hapus` | staff: documents and photographs |
//! | `/kelola/impor/unit` and its steps | coordinator, system admin |
//! | `/pengaturan/kota` | coordinator, system admin |
//! | `/pengaturan/institusi` | system admin of the institution that keeps the installation |
//! | `/aset-kota/{file}` | everybody: logo and colours |

mod actions;
pub mod areas;
mod fault;
pub mod import;
mod institution;
mod logo;
mod names;
mod pages;
pub mod permissions;
mod personal;
mod reach;
mod site;
mod store;
mod tree;
mod unit;
mod unit_files;
mod units_table;

pub use actions::{
    Desk, LogoChange, Refused, change_contact, change_settings, change_unit, end_unit, enter_unit, found, resume_unit,
};
pub use fault::{Checks, Fault, web_address};
pub use institution::{Colours, Institution, InstitutionKind, Settings, TypedSettings};
pub use logo::Logo;
pub use names::{Search, are_similar, plain, slug, squeezed};
pub use pages::{UnitPath, UnitsPath};
pub use personal::HOLDINGS;
pub use reach::Reach;
pub use site::find_site;
pub use store::{
    DraftId, DraftOf, Version, first_institution, institution, institutions, unit, unit_as_of, unit_by_slug, units,
    units_as_of, units_stamp, versions,
};
pub use unit::{Contact, DEEPEST, ServiceClass, TypedUnit, Unit, UnitFacts, UnitKind, UnitState, WrongState};
pub use unit_files::{Category, TypedFile, UNIT_HOLDER, UnitFile, add_unit_file, remove_unit_file, unit_files};
pub use units_table::{MOST_UNITS, NotStored, UNIT_COLUMNS, export_units, review_units, store_units};

use pages::unit_files as files_of_unit;
use pages::{city, edit, end, files, history, import_units, institutions as institution_pages, keep};
use permissions::{
    CHANGE_SETTINGS, EDIT_CONTACT, EDIT_UNITS, FOUND_INSTITUTIONS, IMPORT_UNITS, KEEP_FILES, READ_UNITS,
};
use platform::app::{MenuEntry, Shown};
use platform::database::Sql;
use platform::identity::Action;
use platform::route::{Pace, Routes};
use platform::words::{Words, catalogue};
use rules::phrase::{Catalogue, Language};
use std::sync::LazyLock;
use std::time::Duration;

#[cfg(test)]
mod tests;

static WORDS: LazyLock<Catalogue> =
    LazyLock::new(|| catalogue(include_str!("../locales/id.toml"), include_str!("../locales/en.toml")));

/// Every statement of the slice.
pub const STATEMENTS: &[&[Sql]] = &[store::STATEMENTS, store::unit_files::STATEMENTS];

/// Every action of the slice.
pub const ACTIONS: &[&Action] =
    &[&READ_UNITS, &EDIT_UNITS, &EDIT_CONTACT, &KEEP_FILES, &IMPORT_UNITS, &CHANGE_SETTINGS, &FOUND_INSTITUTIONS];

/// "Unit", for everybody.
pub const MENU: MenuEntry =
    MenuEntry { href: "/unit", label: |language| word("menu.units", language), shown: Shown::ToAll };
/// "Kelola unit", for staff.
pub const UNITS_MENU: MenuEntry = MenuEntry {
    href: "/kelola/unit",
    label: |language| word("menu.keep", language),
    shown: Shown::ToWhoMay(&READ_UNITS),
};
/// "Pengaturan kota".
pub const CITY_MENU: MenuEntry = MenuEntry {
    href: "/pengaturan/kota",
    label: |language| word("menu.city", language),
    shown: Shown::ToWhoMay(&CHANGE_SETTINGS),
};
/// "Institusi".
pub const INSTITUTIONS_MENU: MenuEntry = MenuEntry {
    href: "/pengaturan/institusi",
    label: |language| word("menu.institutions", language),
    shown: Shown::ToKeeper(&FOUND_INSTITUTIONS),
};

fn word(key: &str, language: Language) -> String {
    Words::new(&WORDS, language).text(key)
}

/// The largest table of units.
const LARGEST_TABLE: usize = 5 * 1024 * 1024;
/// A file with the form around it.
const LARGEST_FILE: usize = 1024 * 1024 * 1024 + 1024 * 1024;
/// The form of settings with a logo.
const LARGEST_SETTINGS: usize = 256 * 1024;

/// The routes of the slice.
#[must_use]
pub fn routes() -> Routes {
    public_routes().and(unit_routes()).and(import_routes()).and(settings_routes())
}

fn public_routes() -> Routes {
    Routes::new()
        .get(pages::units::list)
        .public_and_kept()
        .get(pages::units::file)
        .file()
        .public()
        .get(pages::unit::show_unit)
        .sample("/unit/dinas-sosial")
        .public_and_kept()
        .get(files::file)
        .file()
        .public()
}

fn unit_routes() -> Routes {
    Routes::new()
        .get(keep::list)
        .may(&READ_UNITS)
        .get(edit::show_new)
        .may(&EDIT_UNITS)
        .post(edit::post_new)
        .may(&EDIT_UNITS)
        .get(edit::show_unit)
        .sample("/kelola/unit/dinas-sosial")
        .may(&READ_UNITS)
        .post(edit::post_unit)
        .may(&EDIT_CONTACT)
        .get(end::show_end)
        .sample("/kelola/unit/dinas-sosial/akhiri")
        .may(&EDIT_UNITS)
        .post(end::post_end)
        .may(&EDIT_UNITS)
        .post(end::post_resume)
        .may(&EDIT_UNITS)
        .get(history::show_history)
        .sample("/kelola/unit/dinas-sosial/riwayat")
        .may(&READ_UNITS)
        .get(files_of_unit::show_files)
        .sample("/kelola/unit/dinas-sosial/berkas")
        .may(&READ_UNITS)
        .post(files_of_unit::post_file)
        // An hour for a gigabyte over a slow line.
        .upload(LARGEST_FILE, Duration::from_secs(3600))
        .may(&KEEP_FILES)
        .get(files_of_unit::show_remove)
        .sample("/kelola/unit/dinas-sosial/berkas/hapus")
        .may(&KEEP_FILES)
        .post(files_of_unit::post_remove)
        .may(&KEEP_FILES)
}

fn import_routes() -> Routes {
    Routes::new()
        .get(import_units::show_form)
        .may(&IMPORT_UNITS)
        .post(import_units::post_form)
        .upload(LARGEST_TABLE, Duration::from_secs(60))
        .pace(Pace::Heavy)
        .may(&IMPORT_UNITS)
        .get(import_units::show_review)
        .may(&IMPORT_UNITS)
        .post(import_units::post_review)
        .may(&IMPORT_UNITS)
        .get(import_units::wrong_rows)
        .file()
        .may(&IMPORT_UNITS)
        .get(import_units::sample_csv)
        .file()
        .may(&IMPORT_UNITS)
        .get(import_units::sample_xlsx)
        .file()
        .may(&IMPORT_UNITS)
}

fn settings_routes() -> Routes {
    Routes::new()
        .get(city::show_settings)
        .may(&CHANGE_SETTINGS)
        .post(city::post_settings)
        .upload(LARGEST_SETTINGS, Duration::from_secs(30))
        .may(&CHANGE_SETTINGS)
        .get(files::trial)
        .file()
        .may(&CHANGE_SETTINGS)
        .get(institution_pages::list)
        .may(&FOUND_INSTITUTIONS)
        .get(institution_pages::show_new)
        .may(&FOUND_INSTITUTIONS)
        .post(institution_pages::post_new)
        .may(&FOUND_INSTITUTIONS)
        .get(institution_pages::show_host)
        .sample("/pengaturan/institusi/kota-contoh/alamat")
        .may(&FOUND_INSTITUTIONS)
        .post(institution_pages::post_host)
        .may(&FOUND_INSTITUTIONS)
}

/// The words of the slice in a language, for the command line.
#[must_use]
pub fn words(language: rules::phrase::Language) -> platform::words::Words {
    platform::words::Words::new(&WORDS, language)
}
