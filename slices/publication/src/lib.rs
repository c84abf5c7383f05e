//! Published results that anyone can recompute, and a page where anyone calculates a file of their own.
//!
//! **For whom**: citizens and journalists see how a city performed and why; an evaluator follows every step to its article; an
//! office calculates its own answers without an account and without leaving anything behind.
//!
//! **The law**: Permenpan RB 14/2017 (SKM), 29/2022 (IPP), Per ORI 61/2025 and its forerunners (Ombudsman), each in its file under
//! `rules/parameters`; UU 14/2008 and UU 25/2009 on publishing them. All arithmetic is in `rules` and `calculation`.
//!
//! | page | shows |
//! |---|---|
//! | `/kinerja` | what is measured, the newest values, rankings; with `?cari=` the places found |
//! | `/kinerja/{tempat}` | the history of a place, its units, worst first |
//! | `/kinerja/{tempat}/{hasil}` | one result with every step, its agreement with its rule, its files |
//! | `/kinerja/peringkat/{keluarga}/{tahun}` | a ranking within one instrument |
//! | `/kinerja/metode` | definitions, rules in force by date, weights, limits, what is uncertain |
//! | `/kinerja/data` | the dictionary of `data.csv` and `data.json` |
//! | `/hitung` | a file in, its results out as page, PDF, CSV or JSON; nothing is kept |
//!
//! Published results are data of the nation, the same for every city of an installation. They come from the tables in `vectors/`
//! ([`load_reference`]) or from a table of the same shape ([`import`]); each keeps the instrument of its time for ever.

mod actions;
mod api;
mod calculator;
mod export;
mod pages;
mod place;
mod reading;
mod result;
mod search;
mod service_figure;
mod sheet;
mod store;
#[cfg(test)]
mod tests;

pub use actions::{Address, LoadError, Loaded, import, load_reference, publish};
pub use api::API;
pub use pages::{CalculatePath, HomePath};
pub use service_figure::{FigureOf, ServiceAnswers, ServiceFigure, keep_service_figures, service_figures};

use platform::app::{MenuEntry, Shown};
use platform::database::{DatabaseError, Read, Sql};
use platform::identity::Action;
use platform::route::{Pace, Routes};
use platform::words::catalogue;
use rules::phrase::{Catalogue, Language};
use std::sync::LazyLock;
use std::time::Duration;

/// What may be done here needs no role: everything is public.
pub const ACTIONS: &[&Action] = &[];

/// Every SQL statement of the slice.
pub const STATEMENTS: &[&[Sql]] = &[store::STATEMENTS, store::service_figures::STATEMENTS];

static WORDS: LazyLock<Catalogue> =
    LazyLock::new(|| catalogue(include_str!("../locales/id.toml"), include_str!("../locales/en.toml")));

/// The largest file that is calculated.
const LARGEST_FILE: usize = 200 * 1024 * 1024;

/// A sheet of results as a form sends it: every sign may take three.
const LARGEST_SHEET: usize = 3 * sheet::LARGEST + 4096;

/// "Kinerja", for everybody.
pub const MENU: MenuEntry =
    MenuEntry { href: "/kinerja", label: |language| word("home.crumb", language), shown: Shown::ToAll };

/// "Hitung", for everybody.
pub const CALCULATE_MENU: MenuEntry =
    MenuEntry { href: "/hitung", label: |language| word("calculate.menu", language), shown: Shown::ToAll };

fn word(key: &str, language: Language) -> String {
    platform::words::Words::new(&WORDS, language).text(key)
}

pub(crate) fn words(language: Language) -> platform::words::Words {
    platform::words::Words::new(&WORDS, language)
}

/// Every result as a table: what `/kinerja/data.csv` gives.
///
/// # Errors
/// When the database cannot be read.
pub fn results_as_csv(db: &mut Read<'_>) -> Result<String, DatabaseError> {
    export::table(db, &export::Part::default(), export::Style::PLAIN)
}

/// The routes of the slice.
#[must_use]
pub fn routes() -> Routes {
    results().and(calculator_routes())
}

fn results() -> Routes {
    Routes::new()
        .get(pages::home::show_home)
        .public_and_kept()
        .get(pages::method::show_method)
        .public_and_kept()
        .get(pages::method::show_instrument)
        .sample("/kinerja/metode/ombudsman-2022")
        .public_and_kept()
        .get(pages::data::show_dictionary)
        .public_and_kept()
        .get(pages::data::csv)
        .file()
        .public()
        .get(pages::data::json)
        .file()
        .public()
        .get(pages::league::show_league)
        .sample("/kinerja/peringkat/ombudsman/2024")
        .public_and_kept()
        .get(pages::subject::show_subject)
        .sample("/kinerja/kota-palembang")
        .public_and_kept()
        .get(pages::result::show_result)
        .sample("/kinerja/kota-palembang/omb-089")
        .public_and_kept()
        .get(pages::result::file)
        .sample("/kinerja/kota-palembang/omb-089/hasil.json")
        .file()
        .public()
        .get(api::list)
        .file()
        .public_and_kept()
        .get(api::show)
        .sample("/api/v1/results/kota-palembang/omb-089")
        .file()
        .public_and_kept()
}

fn calculator_routes() -> Routes {
    Routes::new()
        .get(pages::calculate::show_form)
        .public()
        .post(pages::calculate::post)
        .upload(LARGEST_FILE, Duration::from_secs(15 * 60))
        .pace(Pace::Heavy)
        .public()
        .post(pages::calculate::print)
        .upload(LARGEST_SHEET, Duration::from_secs(3 * 60))
        .pace(Pace::Heavy)
        .public()
        .get(pages::calculate::example)
        .sample("/hitung/contoh/jawaban.csv")
        .file()
        .public()
}
