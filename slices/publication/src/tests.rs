//! The slice as a whole: taken over on both engines, shown through the real server, in both languages.

use crate::{STATEMENTS, WORDS, load_reference, routes};
use platform::app::{App, Surroundings, Wiring};
use platform::clock::Clock;
use platform::database::Database;
use platform::identity::InstitutionId;
use platform::secret::Secrets;
use platform::site::{Site, Zone};
use platform::testing::{Browser, Fresh, each_engine, migrated_sqlite, prepare_all, statements_name_their_institution};
use time::macros::datetime;

mod calculating;
mod pages;

const NOW: time::OffsetDateTime = datetime!(2026-11-21 01:00 UTC);

/// The pages over a database with the reference results, and the database, which must outlive them.
struct City {
    fresh: Fresh,
    router: axum::Router,
    browser: Browser,
}

fn app(database: Database) -> App {
    let wiring = Wiring {
        site: |_, _| {
            let institution = Some(InstitutionId::from(platform::database::Uuid::from_u128(1)));
            Ok(Some(Site { institution, short_name: "Kota Contoh".into(), zone: Zone::Wib, ..Site::unclaimed() }))
        },
        ..Wiring::default()
    };
    App::new(database, Clock::standing(NOW), wiring, Surroundings::default(), Secrets::new([7; 32]))
}

fn city() -> City {
    let fresh = migrated_sqlite();
    fresh.write_now(|db| load_reference(db, NOW)).unwrap();
    let router = platform::server::router(&app(Database::clone(&fresh)), routes());
    City { fresh, browser: Browser::new(router.clone()), router }
}

#[test]
fn every_word_is_there_in_both_languages_and_used() {
    platform::testing::words(&WORDS, env!("CARGO_MANIFEST_DIR"), &[]);
}

#[test]
fn both_engines_take_every_statement() {
    prepare_all(STATEMENTS);
}

#[test]
fn no_statement_reads_rows_of_an_institution() {
    let reason = "'unit' is a kind of place in published_result, not the table of an institution's units";
    statements_name_their_institution(&STATEMENTS.concat(), &[("LEAGUES", reason)]);
}

#[test]
fn the_reference_results_are_taken_over_once() {
    each_engine("reference results", |database| async move {
        let load = || database.write(|db| load_reference(db, NOW));
        let first = load().await.unwrap();
        assert_eq!((first.new, first.changed, first.same), (134, 0, 0));
        let second = load().await.unwrap();
        assert_eq!((second.new, second.changed, second.same), (0, 0, 134));
    });
}
