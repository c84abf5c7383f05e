//! The slice as a whole: taken over on both engines, shown through the real server, in both languages.

use crate::{STATEMENTS, WORDS, load_reference, routes, store};
use platform::app::{App, Means, Wiring};
use platform::clock::Clock;
use platform::database::{Database, DatabaseError, Read};
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
    App::new(database, Clock::standing(NOW), wiring, Means::new(Secrets::new([7; 32])))
}

fn city() -> City {
    let fresh = migrated_sqlite();
    fresh.write_now(|db| load_reference(db, NOW)).unwrap();
    let router = platform::server::router(&app(Database::clone(&fresh)), routes());
    City { fresh, browser: Browser::new(router.clone()), router }
}

#[test]
fn every_word_is_there_in_both_languages_and_used() {
    platform::testing::words(&WORDS, env!("CARGO_MANIFEST_DIR"), &["read"]);
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

#[test]
fn ranks_are_the_same_however_a_ranking_is_cut_into_pages() {
    each_engine("ranks", |database| async move {
        database.write(|db| load_reference(db, NOW)).await.unwrap();
        let check = |db: &mut Read<'_>| {
            for league in store::leagues(db)? {
                let asked = store::Asked { family: league.family, year: league.year, kind: None };
                let (whole, _) = store::league(db, asked, 10_000, 0)?;
                assert_eq!(i64::try_from(whole.len()).unwrap(), league.results);
                for after in (0..league.results).step_by(3) {
                    for ranked in store::league(db, asked, 3, after)?.0 {
                        let better = whole.iter().filter(|other| {
                            other.result.instrument == ranked.result.instrument
                                && other.result.order() > ranked.result.order()
                        });
                        assert_eq!(ranked.rank, 1 + i64::try_from(better.count()).unwrap(), "{}", ranked.result.id);
                    }
                }
            }
            Ok::<_, DatabaseError>(())
        };
        database.read(check).await.unwrap();
    });
}
