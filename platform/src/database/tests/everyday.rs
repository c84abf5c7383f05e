//! What stores do every day.

use super::super::{
    Column, ConstraintKind, Database, DatabaseError, Engine, FromRow, OffsetDateTime, Options, Row, Sql, Uuid, Value,
    Write,
};
use super::{ADD_COUNTER, ADD_TICKET, COUNT, ENDLESS, STATEMENTS, TICKETS, VALUE, count, prepared, tickets};
use crate::params;
use crate::testing::Fresh;
use crate::testing::database::{ENGINES, each_empty_engine};
use futures_util::future::{join_all, join3};
use std::time::Duration;
use time::Date;
use time::macros::{date, datetime};

crate::id! {
    /// An identifier for these tests.
    struct SampleId;
}

mod own {
    crate::statements! {
    private;
        /// Writes every type and reads it back.
        pub(super) KEEP = "INSERT INTO sample (id, flag, whole, words, bytes, moment, day) VALUES ($1, $2, $3, $4, $5, $6, $7)
            RETURNING id, flag, whole, words, bytes, moment, day";
        /// Moments in order.
        pub(super) MOMENTS = "SELECT moment FROM sample ORDER BY moment";
        /// A sign that looks like a parameter.
        pub(super) PRICE = "SELECT '$1' || $1";
        /// Writes tickets for longer than any limit allows.
        pub(super) ENDLESS_TICKETS = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n
            WHERE i < 4000000000) INSERT INTO ticket (number, counter) SELECT 1, 'a' FROM n GROUP BY 1 HAVING COUNT(*) > 0";
        /// Many rows.
        pub(super) MANY = "WITH RECURSIVE n (i) AS (SELECT CAST(1 AS BIGINT) UNION ALL SELECT i + 1 FROM n WHERE i < $1) SELECT i FROM n";
    }
}

#[derive(Debug, PartialEq, Eq)]
struct Sample {
    id: SampleId,
    flag: Option<bool>,
    whole: Option<i64>,
    words: Option<String>,
    bytes: Option<Vec<u8>>,
    moment: Option<OffsetDateTime>,
    day: Option<Date>,
}

impl FromRow for Sample {
    fn from_row(row: &Row<'_>) -> Result<Self, DatabaseError> {
        Ok(Self {
            id: row.next()?,
            flag: row.next()?,
            whole: row.next()?,
            words: row.next()?,
            bytes: row.next()?,
            moment: row.next()?,
            day: row.next()?,
        })
    }
}

fn keep(sample: &Sample) -> [Value; 7] {
    let Sample { id, flag, whole, words, bytes, moment, day } = sample;
    let values = params![*id, *flag, *whole, words.clone(), bytes.clone(), *moment, *day];
    values.to_vec().try_into().unwrap()
}

#[test]
fn every_type_comes_back_as_it_was_kept() {
    each_empty_engine("types", |database| async move {
        prepared(&database);
        let now = datetime!(2026-11-22 06:30:15.123456 +7);
        let full = Sample {
            id: SampleId::new(now),
            flag: Some(true),
            whole: Some(i64::MIN),
            words: Some("Dukcapil — ‘loket’ 1".to_owned()),
            bytes: Some(vec![0, 255, 7]),
            moment: Some(now),
            day: Some(date!(2024 - 02 - 29)),
        };
        let empty = Sample {
            id: SampleId::new(now),
            flag: None,
            whole: None,
            words: None,
            bytes: None,
            moment: None,
            day: None,
        };
        for sample in [full, empty] {
            let values = keep(&sample);
            let back = database.write(move |db| db.one::<Sample>(own::KEEP, &values)).await;
            assert_eq!(back.unwrap(), Some(sample));
        }
    });
}

#[test]
fn moments_are_in_order_whatever_their_offset_and_fraction() {
    each_empty_engine("moments", |database| async move {
        prepared(&database);
        let moments = [
            datetime!(2026-01-01 07:00 +7),
            datetime!(2026-01-01 00:00:00.000_001 UTC),
            datetime!(2026-01-01 00:00:01 UTC),
        ];
        for moment in moments.into_iter().rev() {
            let sample = Sample {
                id: SampleId::new(moment),
                flag: None,
                whole: None,
                words: None,
                bytes: None,
                moment: Some(moment),
                day: None,
            };
            database.write(move |db| db.one::<Sample>(own::KEEP, &keep(&sample))).await.unwrap();
        }
        let found = database.read(|db| db.all::<(OffsetDateTime,)>(own::MOMENTS, &[])).await.unwrap();
        assert_eq!(found, moments.map(|moment| (moment,)));
    });
}

#[test]
fn parameters_go_by_their_number_and_not_by_their_place() {
    each_empty_engine("numbers", |database| async move {
        prepared(&database);
        database.write(|db| db.execute(ADD_COUNTER, params!["b", 7])).await.unwrap();
        let value = database.read(|db| db.one::<(i64,)>(VALUE, params!["b"])).await.unwrap();
        assert_eq!(value, Some((7,)));
        let price = database.read(|db| db.one::<(String,)>(own::PRICE, params!["!"])).await.unwrap();
        assert_eq!(price, Some(("$1!".to_owned(),)));
    });
}

#[test]
fn both_engines_accept_every_statement_of_these_tests() {
    each_empty_engine("statements", |database| async move {
        prepared(&database);
        database.prepare(STATEMENTS).unwrap();
        database.prepare(own::STATEMENTS).unwrap();
        database.prepare(super::super::STATEMENTS).unwrap();
    });
}

#[test]
fn a_statement_that_names_no_table_is_refused_by_name() {
    mod wrong {
        crate::statements! {
        private;
                /// There is no such table.
                pub(super) NOWHERE = "SELECT 1 FROM nowhere";
            }
        pub(super) const ALL: &[crate::database::Sql] = STATEMENTS;
    }
    each_empty_engine("refusal", |database| async move {
        let refused = database.prepare(wrong::ALL).unwrap_err();
        assert!(refused[0].to_string().contains("NOWHERE"), "{}", refused[0]);
        assert!(database.read(|db| db.all::<(i64,)>(wrong::NOWHERE, &[])).await.is_err());
    });
}

#[test]
fn one_row_means_one() {
    each_empty_engine("one", |database| async move {
        let found = database.read(|db| db.one::<(i64,)>(own::MANY, params![2])).await;
        assert!(matches!(found, Err(DatabaseError::Other(_))));
        let found = database.read(|db| db.one::<(i64,)>(own::MANY, params![1])).await;
        assert_eq!(found.unwrap(), Some((1,)));
    });
}

#[test]
fn many_rows_pass_one_by_one_and_the_receiver_may_stop() {
    each_empty_engine("each", |database| async move {
        let sum = database.read(|db| {
            let mut sum = 0;
            db.each(own::MANY, params![100_000], |row| {
                sum += row.next::<i64>()?;
                Ok::<(), DatabaseError>(())
            })?;
            Ok::<i64, DatabaseError>(sum)
        });
        assert_eq!(sum.await.unwrap(), 5_000_050_000);
        let mut seen = 0;
        let stopped = database.read(move |db| {
            db.each(own::MANY, params![100_000], |_| {
                seen += 1;
                if seen == 3 { Err(Refusal::Own(seen)) } else { Ok(()) }
            })
        });
        assert!(matches!(stopped.await, Err(Refusal::Own(3))));
        assert_eq!(database.read(|db| db.one::<(i64,)>(own::MANY, params![1])).await.unwrap(), Some((1,)));
    });
}

#[derive(Debug)]
enum Refusal {
    Own(i64),
    Engine,
}

impl From<DatabaseError> for Refusal {
    fn from(_: DatabaseError) -> Self {
        Self::Engine
    }
}

#[test]
fn a_refusal_of_the_closure_saves_nothing() {
    each_empty_engine("refusal", |database| async move {
        prepared(&database);
        let refused = database.write(|db| {
            let number = count(db)?;
            Err::<(), Refusal>(Refusal::Own(number))
        });
        assert!(matches!(refused.await, Err(Refusal::Own(1))));
        assert_eq!(database.read(|db| db.one::<(i64,)>(VALUE, params!["a"])).await.unwrap(), Some((0,)));
    });
}

#[test]
fn an_ignored_failure_of_a_statement_saves_nothing() {
    each_empty_engine("ignored", |database| async move {
        prepared(&database);
        let outcome = database.write(|db| {
            count(db)?;
            let _ = db.execute(ADD_COUNTER, params!["a", 1]);
            Ok::<(), DatabaseError>(())
        });
        assert!(matches!(outcome.await, Err(DatabaseError::Other(_))));
        assert_eq!(database.read(|db| db.one::<(i64,)>(VALUE, params!["a"])).await.unwrap(), Some((0,)));
    });
}

#[test]
fn both_engines_name_a_broken_rule_alike() {
    each_empty_engine("rules", |database| async move {
        prepared(&database);
        let broken = |sql: Sql, values: Vec<Value>| {
            let database = database.clone();
            async move {
                match database.write(move |db| db.execute(sql, &values)).await {
                    Err(DatabaseError::Constraint { kind, name, .. }) => (kind, name),
                    other => panic!("{other:?}"),
                }
            }
        };
        let named = |kind, name: &str| (kind, name.to_owned());
        let duplicate = broken(ADD_COUNTER, params!["a", 1].to_vec()).await;
        assert_eq!(duplicate, named(ConstraintKind::Unique, "counter.name"));
        let negative = broken(ADD_COUNTER, params!["b", -1].to_vec()).await;
        assert_eq!(negative, named(ConstraintKind::Check, "value >= 0"));
        let missing = broken(ADD_COUNTER, params!["b", None::<i64>].to_vec()).await;
        assert_eq!(missing, named(ConstraintKind::NotNull, "counter.value"));
        let (kind, _) = broken(ADD_TICKET, params![1, "nobody"].to_vec()).await;
        assert_eq!(kind, ConstraintKind::ForeignKey);
    });
}

#[test]
fn a_question_changes_nothing() {
    each_empty_engine("question", |database| async move {
        prepared(&database);
        let asked = database.read(|db| db.one::<(i64,)>(COUNT, params!["a"])).await;
        assert!(matches!(asked, Err(DatabaseError::ReadOnly(_))), "{asked:?}");
    });
}

#[test]
fn all_statements_of_a_question_see_one_state() {
    each_empty_engine("snapshot", |database| async move {
        prepared(&database);
        let writer = database.clone();
        let seen = database.read(move |db| {
            let before = db.all::<(i64,)>(TICKETS, &[])?.len();
            writer.write_now(|db| db.execute(ADD_TICKET, params![1, "a"]))?;
            Ok::<_, DatabaseError>((before, db.all::<(i64,)>(TICKETS, &[])?.len()))
        });
        assert_eq!(seen.await.unwrap(), (0, 0));
        assert_eq!(tickets(&database), [1]);
    });
}

#[test]
fn a_value_of_the_wrong_type_is_a_mistake_and_not_a_lost_connection() {
    each_empty_engine("wrong type", |database| async move {
        prepared(&database);
        let read = database.read(|db| db.one::<(bool,)>(ENDLESS_FREE, &[])).await;
        assert!(matches!(read, Err(DatabaseError::Other(_))), "{read:?}");
        let missing = database.read(|db| db.one::<(String, i64)>(ENDLESS_FREE, &[])).await;
        assert!(matches!(missing, Err(DatabaseError::Other(_))), "{missing:?}");
    });
}

/// Any statement with one column of text.
const ENDLESS_FREE: Sql = text::NAMES;

mod text {
    crate::statements! {
    private;
        /// Names of counters.
        pub(super) NAMES = "SELECT name FROM counter";
    }
    const _: &[crate::database::Sql] = STATEMENTS;
}

#[test]
fn an_identifier_reads_what_it_writes() {
    let id = SampleId::new(datetime!(2026-11-22 00:00 UTC));
    assert_eq!(id.to_string().parse::<SampleId>(), Ok(id));
    assert_eq!(serde_json::from_str::<SampleId>(&serde_json::to_string(&id).unwrap()).unwrap(), id);
    assert!("counter".parse::<SampleId>().is_err());
    assert_eq!(id.uuid().get_version_num(), 7);
    assert!(SampleId::new(datetime!(2026-11-22 00:00:01 UTC)) > id);
    assert!(<Uuid as Column>::read(Value::Null).is_err());
}

#[test]
fn a_statement_that_takes_too_long_is_stopped_and_its_neighbours_are_not() {
    for engine in ENGINES {
        let options = Options { statement_timeout: Duration::from_millis(300), ..Options::default() };
        let fresh = Fresh::empty(engine, &options);
        prepared(&fresh);
        let slow = fresh.read_now(|db| db.one::<(i64,)>(ENDLESS, &[]));
        assert!(matches!(slow, Err(DatabaseError::Timeout(_))), "{slow:?}");
        assert_eq!(slow.unwrap_err().phrase().key, "database.timeout");
        // SQLite gives up the whole transaction when a change is interrupted, so the group of this one must start again.
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        let (before, slow, after) = runtime.block_on(async {
            // The first holds SQLite's writer until all others wait, so that they share one group.
            let (hold, held) = crossbeam_channel::bounded::<()>(0);
            let first = fresh.write(move |_| Ok::<_, DatabaseError>(held.recv().is_err()));
            let before = join_all((0..20).map(|_| fresh.write(count)));
            let slow = fresh.write(|db| db.execute(own::ENDLESS_TICKETS, &[]));
            let after = join_all((0..20).map(|_| fresh.write(count)));
            join3(first, join3(before, slow, after), async move { drop(hold) }).await.1
        });
        assert!(matches!(slow, Err(DatabaseError::Timeout(_))), "{slow:?}");
        let mut numbers: Vec<i64> = before.into_iter().chain(after).map(Result::unwrap).collect();
        numbers.sort_unstable();
        assert_eq!(numbers, (1..=40).collect::<Vec<i64>>());
        assert_eq!(fresh.read_now(|db| db.one::<(i64,)>(VALUE, params!["a"])).unwrap(), Some((40,)));
        assert!(tickets(&fresh).is_empty());
        assert!(engine == Engine::Postgres || fresh.gauges().retries > 0, "the group did not start again");
    }
}

#[tokio::test]
async fn a_stamp_stays_while_nothing_is_committed_and_changes_with_every_commit() {
    for engine in ENGINES {
        let database = Fresh::empty(engine, &Options::default());
        prepared(&database);
        // Another program with the same database.
        let other = Database::open(database.url(), &Options::default()).unwrap();
        let mut seen = vec![database.stamp().await.unwrap()];
        for writer in [&*database, &other, &*database] {
            writer.write(count).await.unwrap();
            let stamp = database.stamp().await.unwrap();
            assert!(!seen.contains(&stamp), "{engine:?}");
            // On PostgreSQL a commit in another database of the same server changes it, too.
            if engine == Engine::Sqlite {
                let refused =
                    |db: &mut Write<'_>| count(db).and(Err::<(), _>(DatabaseError::other("thought better of it")));
                assert!(writer.write(refused).await.is_err());
                assert_eq!(database.stamp().await.unwrap(), stamp, "nothing was committed");
            }
            seen.push(stamp);
        }
        other.close();
    }
}
