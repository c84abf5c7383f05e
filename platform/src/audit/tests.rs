//! What the log promises: every way of tampering is named, on both engines, in the database and in an exported file.

use super::*;
use crate::database::{Database, Engine, Value};
use crate::params;
use crate::testing::{each_engine, prepare_all};
use proptest::prelude::*;
use serde_json::json;
use std::io::BufReader;
use time::Duration;
use time::macros::datetime;

const START: OffsetDateTime = datetime!(2026-11-21 01:00:00.123456789 UTC);

crate::statements! {
    private;
    UNGUARD_SQLITE_UPDATE_IN_SQLITE = "DROP TRIGGER audit_entry_is_never_changed";
    UNGUARD_SQLITE_DELETE_IN_SQLITE = "DROP TRIGGER audit_entry_is_never_deleted";
    UNGUARD_IN_POSTGRES = "ALTER TABLE audit_entry DISABLE TRIGGER USER";
    REWORD = "UPDATE audit_entry SET detail = $3 WHERE institution_id = $1 AND number = $2";
    MOVE = "UPDATE audit_entry SET number = $3 WHERE institution_id = $1 AND number = $2";
    REMOVE = "DELETE FROM audit_entry WHERE institution_id = $1 AND number = $2";
    REMOVE_FROM = "DELETE FROM audit_entry WHERE institution_id = $1 AND number >= $2";
}

fn entry(institution: InstitutionId, step: i64) -> Entry {
    Entry {
        institution: Some(institution),
        at: START + Duration::minutes(step),
        actor: if step % 2 == 0 { Actor::Program("schedule") } else { Actor::Person(AccountId::new(START)) },
        act: "test.done",
        subject: Subject::new("thing", step),
        detail: json!({ "step": step, "words": "ganti \"nama\"\n" }),
    }
}

async fn chain(database: &Database, entries: i64) -> InstitutionId {
    let institution = InstitutionId::new(START);
    for step in 1..=entries {
        database.write(move |db| record(db, &entry(institution, step))).await.unwrap();
    }
    institution
}

async fn verdict(database: &Database, institution: InstitutionId, expected: Option<Head>) -> Verdict {
    database.read(move |db| verify(db, Some(institution), expected)).await.unwrap()
}

/// Runs a statement after the triggers were taken away, as somebody with the rights of the database's owner could.
async fn tamper(database: &Database, steps: Vec<(crate::database::Sql, Vec<Value>)>) {
    let outcome: Result<(), DatabaseError> = database
        .write(move |db| {
            if db.engine() == Engine::Sqlite {
                // A transaction sees its own dropped triggers; the second time they are gone already.
                db.execute(UNGUARD_SQLITE_UPDATE_IN_SQLITE, &[])?;
                db.execute(UNGUARD_SQLITE_DELETE_IN_SQLITE, &[])?;
            } else {
                db.execute(UNGUARD_IN_POSTGRES, &[])?;
            }
            for (sql, values) in &steps {
                assert!(db.execute(*sql, values)? > 0, "{} changes something", sql.name());
            }
            Ok(())
        })
        .await;
    outcome.unwrap();
}

fn values(values: &[Value]) -> Vec<Value> {
    values.to_vec()
}

#[test]
fn an_untouched_chain_is_whole() {
    each_engine("an untouched chain is whole", |database| async move {
        let institution = chain(&database, 20).await;
        let found = verdict(&database, institution, None).await;
        assert!(found.is_whole());
        assert_eq!(found.entries, 20);
        assert_eq!(verdict(&database, institution, found.head).await.fault, None, "its head was kept");
    });
}

#[test]
fn an_entry_is_read_as_it_was_recorded() {
    each_engine("an entry is read as it was recorded", |database| async move {
        let institution = chain(&database, 1).await;
        let found = database.read(move |db| search(db, Some(institution), &Filter::default(), 10)).await.unwrap();
        let [read] = found.as_slice() else { panic!("{found:?}") };
        assert_eq!(read.at, datetime!(2026-11-21 01:01:00.123456 UTC), "to the microsecond");
        assert_eq!(
            (read.act.as_str(), read.subject_kind.as_str(), read.subject_id.as_str()),
            ("test.done", "thing", "1")
        );
        assert_eq!(read.detail(), json!({ "step": 1, "words": "ganti \"nama\"\n" }));
        assert!(matches!(read.author(), Author::Person(_)));
    });
}

#[test]
fn the_database_refuses_to_change_or_delete_entries() {
    each_engine("the database refuses to change or delete entries", |database| async move {
        let institution = chain(&database, 2).await;
        let changed = database.write(move |db| db.execute(REWORD, params![institution, 1_i64, "{}"])).await;
        assert!(changed.is_err());
        let deleted = database.write(move |db| db.execute(REMOVE, params![institution, 1_i64])).await;
        assert!(deleted.is_err());
        assert!(verdict(&database, institution, None).await.is_whole());
    });
}

#[test]
fn one_altered_byte_is_caught() {
    each_engine("one altered byte is caught", |database| async move {
        let institution = chain(&database, 9).await;
        let words = r#"{"step":4,"words":"ganti \"namo\"\n"}"#;
        tamper(&database, vec![(REWORD, values(params![institution, 4_i64, words]))]).await;
        assert_eq!(verdict(&database, institution, None).await.fault, Some(Fault::Altered { number: 4 }));
    });
}

#[test]
fn a_removed_entry_is_caught() {
    each_engine("a removed entry is caught", |database| async move {
        let institution = chain(&database, 9).await;
        tamper(&database, vec![(REMOVE, values(params![institution, 6_i64]))]).await;
        assert_eq!(verdict(&database, institution, None).await.fault, Some(Fault::Missing { number: 6 }));
    });
}

#[test]
fn a_removed_entry_whose_gap_was_closed_is_caught() {
    each_engine("a removed entry whose gap was closed is caught", |database| async move {
        let institution = chain(&database, 6).await;
        let mut steps = vec![(REMOVE, values(params![institution, 3_i64]))];
        steps.extend((4..=6_i64).map(|number| (MOVE, values(params![institution, number, number - 1]))));
        tamper(&database, steps).await;
        assert_eq!(verdict(&database, institution, None).await.fault, Some(Fault::Missing { number: 3 }));
    });
}

#[test]
fn two_entries_that_changed_places_are_caught() {
    each_engine("two entries that changed places are caught", |database| async move {
        let institution = chain(&database, 9).await;
        let moves = [(3_i64, 99_i64), (7, 3), (99, 7)];
        let steps = moves.map(|(from, to)| (MOVE, values(params![institution, from, to])));
        tamper(&database, steps.to_vec()).await;
        let expected = Some(Fault::OutOfOrder { number: 3, belongs_at: 7 });
        assert_eq!(verdict(&database, institution, None).await.fault, expected);
    });
}

#[test]
fn an_entry_put_in_between_is_caught() {
    each_engine("an entry put in between is caught", |database| async move {
        let institution = chain(&database, 6).await;
        // A forger who knows how entries are sealed makes one that follows the second, and moves the rest on.
        let before =
            database.read(move |db| search(db, Some(institution), &Filter { before: Some(3), ..Filter::default() }, 1));
        let before = before.await.unwrap().remove(0);
        let forged = Recorded::following(Some(before.head()), &entry(institution, 50));
        let steps = (3..=6_i64).rev().map(|number| (MOVE, values(params![institution, number, number + 1]))).collect();
        tamper(&database, steps).await;
        database.write(move |db| store::insert(db, &forged)).await.unwrap();
        assert_eq!(verdict(&database, institution, None).await.fault, Some(Fault::Inserted { number: 3 }));
    });
}

#[test]
fn a_cut_off_end_is_caught_by_a_head_kept_elsewhere() {
    each_engine("a cut-off end is caught by a head kept elsewhere", |database| async move {
        let institution = chain(&database, 9).await;
        let kept = verdict(&database, institution, None).await.head;
        tamper(&database, vec![(REMOVE_FROM, values(params![institution, 8_i64]))]).await;
        assert_eq!(verdict(&database, institution, None).await.fault, None, "without the head nothing is missing");
        let expected = Some(Fault::CutOff { number: 7, expected: 9 });
        assert_eq!(verdict(&database, institution, kept).await.fault, expected);
    });
}

#[test]
fn a_chain_written_anew_is_caught_by_a_head_kept_elsewhere() {
    each_engine("a chain written anew is caught by a head kept elsewhere", |database| async move {
        let institution = chain(&database, 5).await;
        let kept = verdict(&database, institution, None).await.head;
        tamper(&database, vec![(REMOVE_FROM, values(params![institution, 4_i64]))]).await;
        for step in 40..=43 {
            database.write(move |db| record(db, &entry(institution, step))).await.unwrap();
        }
        assert!(verdict(&database, institution, None).await.is_whole());
        assert_eq!(verdict(&database, institution, kept).await.fault, Some(Fault::Rewritten { number: 5 }));
    });
}

#[test]
fn each_institution_has_a_chain_of_its_own() {
    each_engine("each institution has a chain of its own", |database| async move {
        let (one, other) = (chain(&database, 3).await, chain(&database, 2).await);
        let installation = Entry { institution: None, ..entry(one, 1) };
        database.write(move |db| record(db, &installation)).await.unwrap();
        let all = database.read(verify_all).await.unwrap();
        assert_eq!(all.len(), 3);
        assert!(all.iter().all(|(_, verdict)| verdict.is_whole()));
        let found = database.read(move |db| search(db, Some(other), &Filter::default(), 10)).await.unwrap();
        assert!(found.iter().all(|entry| entry.institution == Some(other)) && found.len() == 2);
    });
}

#[test]
fn an_act_that_fails_leaves_no_entry() {
    each_engine("an act that fails leaves no entry", |database| async move {
        let institution = chain(&database, 1).await;
        let failed: Result<(), DatabaseError> = database
            .write(move |db| {
                record(db, &entry(institution, 2))?;
                Err(DatabaseError::Other("the act failed after all".into()))
            })
            .await;
        assert!(failed.is_err());
        assert_eq!(verdict(&database, institution, None).await.entries, 1);
    });
}

#[test]
fn people_who_act_at_the_same_time_keep_the_chain_whole() {
    each_engine("people who act at the same time keep the chain whole", |database| async move {
        let institution = InstitutionId::new(START);
        let acts = (0..200).map(|step| {
            let database = database.clone();
            tokio::spawn(async move { database.write(move |db| record(db, &entry(institution, step))).await })
        });
        for act in acts.collect::<Vec<_>>() {
            act.await.unwrap().unwrap();
        }
        let found = verdict(&database, institution, None).await;
        assert!(found.is_whole());
        assert_eq!(found.entries, 200);
    });
}

#[test]
fn a_search_finds_by_period_act_person_and_subject() {
    each_engine("a search finds by period, act, person and subject", |database| async move {
        let institution = chain(&database, 10).await;
        let search = |filter: Filter, most: u32| {
            let database = database.clone();
            async move {
                let found = database.read(move |db| search(db, Some(institution), &filter, most)).await.unwrap();
                found.into_iter().map(|entry| entry.number).collect::<Vec<_>>()
            }
        };
        let all = Filter::default;
        assert_eq!(search(all(), 3).await, [10, 9, 8], "the newest first");
        assert_eq!(search(Filter { before: Some(8), ..all() }, 2).await, [7, 6], "the next page");
        let (from, until) = (START + Duration::minutes(2), START + Duration::minutes(4));
        assert_eq!(search(Filter { from: Some(from), ..all() }, 2).await, [10, 9]);
        let period = Filter { from: Some(from - Duration::seconds(1)), until: Some(until), ..all() };
        assert_eq!(search(period, 9).await, [3, 2]);
        assert_eq!(search(Filter { act: Some("test.other".into()), ..all() }, 9).await, [0_i64; 0]);
        let thing = Filter { subject_kind: Some("thing".into()), subject_id: Some("4".into()), ..all() };
        assert_eq!(search(thing, 9).await, [4]);
        assert_eq!(search(Filter { person: Some(AccountId::new(START)), ..all() }, 9).await, [0_i64; 0]);
        let acts = database.read(move |db| acts(db, Some(institution))).await.unwrap();
        assert_eq!(acts, ["test.done"]);
    });
}

async fn exported(database: &Database, institution: InstitutionId) -> String {
    let bytes = database.read(move |db| {
        let mut bytes = Vec::new();
        export(db, Some(institution), &mut bytes).map(|_| bytes)
    });
    String::from_utf8(bytes.await.unwrap()).unwrap()
}

fn verify_text(text: &str) -> Result<Verdict, Unreadable> {
    verify_export(BufReader::new(text.as_bytes()), None)
}

#[test]
fn an_export_is_verified_from_the_file_alone() {
    each_engine("an export is verified from the file alone", |database| async move {
        let institution = chain(&database, 8).await;
        let head = verdict(&database, institution, None).await.head;
        let found = verify_text(&exported(&database, institution).await).unwrap();
        assert!(found.is_whole());
        assert_eq!((found.entries, found.head), (8, head));
    });
}

#[test]
fn tampering_with_an_export_is_caught() {
    each_engine("tampering with an export is caught", |database| async move {
        let institution = chain(&database, 8).await;
        let text = exported(&database, institution).await;
        let lines: Vec<&str> = text.lines().collect();
        let fault = |lines: &[&str]| verify_text(&(lines.join("\n") + "\n")).map(|verdict| verdict.fault);
        let altered = lines[3].replace("nama", "namo");
        let with_altered: Vec<&str> = [&lines[..3], &[altered.as_str()], &lines[4..]].concat();
        assert_eq!(fault(&with_altered).unwrap(), Some(Fault::Altered { number: 4 }));
        let without_fifth: Vec<&str> = [&lines[..4], &lines[5..]].concat();
        assert_eq!(fault(&without_fifth).unwrap(), Some(Fault::Missing { number: 5 }));
        let without_last: Vec<&str> = [&lines[..7], &lines[8..]].concat();
        assert_eq!(fault(&without_last).unwrap(), Some(Fault::CutOff { number: 7, expected: 8 }));
        assert!(matches!(fault(&lines[..8]), Err(Unreadable::Incomplete)), "the end is missing");
        let spaced = lines[3].replace("\"number\":", "\"number\": ");
        let with_spaced: Vec<&str> = [&lines[..3], &[spaced.as_str()], &lines[4..]].concat();
        assert!(matches!(fault(&with_spaced), Err(Unreadable::Line(4))), "no byte may differ");
    });
}

#[test]
fn a_table_for_spreadsheets_holds_no_formula() {
    each_engine("a table for spreadsheets holds no formula", |database| async move {
        let institution = InstitutionId::new(START);
        let evil = Entry { subject: Subject::new("thing", "=1+1"), ..entry(institution, 1) };
        database.write(move |db| record(db, &evil)).await.unwrap();
        let bytes = database.read(move |db| {
            let mut bytes = Vec::new();
            csv(db, Some(institution), &mut bytes).map(|()| bytes)
        });
        let text = String::from_utf8(bytes.await.unwrap()).unwrap();
        assert_eq!(text.lines().count(), 2);
        assert!(text.contains(",'=1+1,"), "{text}");
    });
}

#[test]
fn a_detail_with_a_fraction_is_refused() {
    each_engine("a detail with a fraction is refused", |database| async move {
        let fraction = Entry { detail: json!({ "value": [{ "of": 0.1 }] }), ..entry(InstitutionId::new(START), 1) };
        assert!(database.write(move |db| record(db, &fraction)).await.is_err());
    });
}

#[test]
fn both_engines_accept_every_statement() {
    prepare_all(&[super::STATEMENTS, STATEMENTS]);
}

#[test]
fn a_head_is_written_and_read() {
    let head = Head { number: 41, hash: [0xab; 32] };
    assert_eq!(head.to_string().parse(), Ok(head));
    assert_eq!("41".parse::<Head>(), Err(()));
    assert_eq!("41:xyz".parse::<Head>(), Err(()));
}

/// A chain in memory, as a database would give it.
fn chained(details: &[(String, u8)]) -> Vec<Recorded> {
    let institution = InstitutionId::from(crate::database::Uuid::from_u128(7));
    let mut head = None;
    details
        .iter()
        .zip(1..)
        .map(|((words, kind), step)| {
            let made = Entry {
                detail: json!({ "words": words }),
                act: ["a.one", "a.two", "b.three"][usize::from(kind % 3)],
                ..entry(institution, step)
            };
            let recorded = Recorded::following(head, &made);
            head = Some(recorded.head());
            recorded
        })
        .collect()
}

fn check(entries: &[Recorded], expected: Option<Head>) -> Verdict {
    let mut checker = Checker::new(entries.first().and_then(|entry| entry.institution), expected);
    entries.iter().for_each(|entry| checker.take(entry.clone()));
    checker.verdict()
}

proptest! {
    #[test]
    fn whatever_is_recorded_is_whole_and_whatever_is_changed_is_named(
        details in proptest::collection::vec((".{0,12}", any::<u8>()), 3..20),
        place in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        field in 0..6,
    ) {
        let whole = chained(&details);
        let head = whole.last().map(Recorded::head);
        prop_assert!(check(&whole, head).is_whole());
        let (at, with) = (place.index(whole.len()), other.index(whole.len()));
        let number = whole[at].number;

        let mut altered = whole.clone();
        match field {
            0 => altered[at].detail.push(' '),
            1 => altered[at].act.push('x'),
            2 => altered[at].actor.push('x'),
            3 => altered[at].at += Duration::microseconds(1),
            4 => altered[at].subject_id.push('x'),
            _ => altered[at].hash[31] ^= 1,
        }
        prop_assert_eq!(check(&altered, head).fault, Some(Fault::Altered { number }));

        let mut shorter = whole.clone();
        shorter.remove(at);
        let fault = check(&shorter, head).fault;
        let last = number == whole.len() as i64;
        let expected = if last { Fault::CutOff { number: number - 1, expected: number } } else { Fault::Missing { number } };
        prop_assert_eq!(fault, Some(expected));

        if at != with {
            let mut swapped = whole.clone();
            let (low, high) = (at.min(with), at.max(with));
            swapped.swap(low, high);
            (swapped[low].number, swapped[high].number) = (low as i64 + 1, high as i64 + 1);
            let expected = Fault::OutOfOrder { number: low as i64 + 1, belongs_at: high as i64 + 1 };
            prop_assert_eq!(check(&swapped, head).fault, Some(expected));
        }

        let mut longer = whole.clone();
        let before = at.checked_sub(1).map(|before| whole[before].head());
        longer.insert(at, Recorded::following(before, &entry(whole[0].institution.unwrap(), 77)));
        for (entry, number) in longer.iter_mut().zip(1..) {
            entry.number = number;
        }
        prop_assert_eq!(check(&longer, None).fault, Some(Fault::Inserted { number }));
    }
}
