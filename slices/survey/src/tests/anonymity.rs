//! Nobody can tell which code an answer came from: the promises of `docs/survey-anonymity.md`, held against both engines.

use super::{City, chosen, delivery};
use crate::jobs;
use crate::token::Code;
use platform::audit;
use platform::database::{Database, DatabaseError, Engine};
use platform::testing::{each_engine, migrated_sqlite};
use time::Duration;

platform::statements! {
    private;
    TOKENS = "SELECT hash FROM survey_token ORDER BY hash";
    IDS_AS_THEY_LIE = "SELECT id FROM survey_answer";
    COLUMNS_IN_SQLITE = "SELECT part.name FROM pragma_table_info('survey_answer') AS part ORDER BY part.cid";
    WRITERS_OF_ANSWERS_IN_POSTGRES = "SELECT CAST(xmin AS TEXT) FROM survey_answer
        UNION SELECT CAST(xmin AS TEXT) FROM survey_incoming";
    WRITERS_OF_TOKENS_IN_POSTGRES = "SELECT CAST(xmin AS TEXT) FROM survey_token
        UNION SELECT CAST(xmin AS TEXT) FROM survey_batch UNION SELECT CAST(xmin AS TEXT) FROM audit_entry";
    WRITERS_OF_SUGGESTIONS_IN_POSTGRES = "SELECT DISTINCT CAST(xmin AS TEXT) FROM survey_suggestion";
    WRITERS_OF_COUNTS_IN_POSTGRES = "SELECT DISTINCT CAST(xmin AS TEXT) FROM survey_count";
    SUGGESTIONS_AS_THEY_LIE = "SELECT id FROM survey_suggestion";
    TEXTS = "SELECT answers || COALESCE(own, '') || COALESCE(sex, '') || channel FROM survey_incoming
        UNION ALL SELECT answers || COALESCE(own, '') || COALESCE(sex, '') || channel FROM survey_answer";
}

async fn texts(database: &Database, sql: platform::database::Sql) -> Vec<String> {
    let rows = database.read(move |db| db.all::<(String,)>(sql, &[])).await.unwrap();
    rows.into_iter().map(|(text,)| text).collect()
}

async fn bytes(database: &Database, sql: platform::database::Sql) -> Vec<Vec<u8>> {
    let rows = database.read(move |db| db.all::<(Vec<u8>,)>(sql, &[])).await.unwrap();
    rows.into_iter().map(|(bytes,)| bytes).collect()
}

/// A city in which thirty of forty codes were used, in their order.
async fn answered(city: &City) -> (Vec<Code>, Vec<Code>) {
    let id = city.open().await;
    let mut codes = city.codes(id, 40).await;
    for (number, code) in codes.iter().take(30).enumerate() {
        let mut form = chosen(&[3, 4]);
        form.set("suggestion", "Tambah kursi");
        city.send(id, code, &delivery(number), &form).await.unwrap();
    }
    let unused = codes.split_off(30);
    (codes, unused)
}

#[test]
fn a_code_that_was_used_leaves_no_row_that_could_be_laid_beside_an_answer() {
    each_engine("used codes", |database| async move {
        let city = City::new(database).await;
        let (used, unused) = answered(&city).await;
        let kept = bytes(&city.database, TOKENS).await;
        let hashes = |codes: &[Code]| {
            let mut hashes: Vec<Vec<u8>> = codes.iter().map(|code| code.hash(city.institution)).collect();
            hashes.sort();
            hashes
        };
        assert_eq!(kept, hashes(&unused), "what is kept are the unused codes alone");
        let answers = texts(&city.database, TEXTS).await.concat();
        assert!(answers.matches("persyaratan").count() == 30, "{answers}");
        for code in &used {
            assert!(!answers.contains(&code.printed()), "no answer holds its code");
        }
    });
}

#[test]
fn answers_lie_in_no_order_that_tells_when_they_came() {
    each_engine("the order of answers", |database| async move {
        let city = City::new(database).await;
        answered(&city).await;
        city.clock.advance(Duration::days(1));
        jobs::mix_all(&city.app).await.unwrap();
        let lying = bytes(&city.database, IDS_AS_THEY_LIE).await;
        let mut sorted = lying.clone();
        sorted.sort();
        assert_eq!(lying.len(), 30);
        assert_eq!(lying, sorted, "they lie in the order of their hashes, which nothing else follows");
    });
}

#[test]
fn a_night_that_was_missed_is_made_up_for_however_long_ago_it_was() {
    each_engine("a missed night", |database| async move {
        let city = City::new(database).await;
        answered(&city).await;
        city.clock.advance(Duration::days(40));
        jobs::mix_all(&city.app).await.unwrap();
        assert!(bytes(&city.database, IDS_AS_THEY_LIE).await.is_sorted());
    });
}

/// PostgreSQL remembers of each row which transaction wrote it. Two rows of one transaction would belong together.
#[test]
fn on_postgresql_no_transaction_ties_an_answer_to_a_code_a_suggestion_or_an_act() {
    each_engine("transactions of answers", |database| async move {
        if database.engine() == Engine::Sqlite {
            return;
        }
        let city = City::new(database).await;
        answered(&city).await;
        let of_answers = texts(&city.database, WRITERS_OF_ANSWERS_IN_POSTGRES).await;
        let of_tokens = texts(&city.database, WRITERS_OF_TOKENS_IN_POSTGRES).await;
        assert!(of_answers.iter().all(|writer| !of_tokens.contains(writer)), "{of_answers:?} {of_tokens:?}");
        city.clock.advance(Duration::days(1));
        jobs::mix_all(&city.app).await.unwrap();
        let writers =
            [WRITERS_OF_ANSWERS_IN_POSTGRES, WRITERS_OF_SUGGESTIONS_IN_POSTGRES, WRITERS_OF_COUNTS_IN_POSTGRES];
        for writers in writers {
            let mixed = texts(&city.database, writers).await;
            assert_eq!(mixed.len(), 1, "after the night one transaction wrote all of them: {writers:?}");
        }
        let lying = bytes(&city.database, SUGGESTIONS_AS_THEY_LIE).await;
        assert!(lying.is_sorted(), "and suggestions lie in the order of their hashes");
    });
}

#[test]
fn giving_an_answer_is_not_recorded_in_the_audit_log() {
    each_engine("the audit log", |database| async move {
        let city = City::new(database).await;
        let before = city.acts().await.len();
        answered(&city).await;
        let acts = city.acts().await;
        // Planning, opening and issuing; nothing of thirty answers.
        assert_eq!(acts.len() - before, 3, "{acts:?}");
        let institution = city.institution;
        let lines = city.database.read(move |db| {
            let mut lines = Vec::new();
            audit::export(db, Some(institution), &mut lines).expect("the log is exported");
            Ok::<_, DatabaseError>(lines)
        });
        let lines = String::from_utf8(lines.await.unwrap()).unwrap();
        assert!(!lines.contains("survey-answer") && !lines.contains("hash\":\"survey"), "{lines}");
    });
}

#[test]
fn the_row_of_an_answer_has_no_place_for_a_code_a_moment_an_address_or_a_browser() {
    let columns = migrated_sqlite().read_now(|db| db.all::<(String,)>(COLUMNS_IN_SQLITE, &[])).unwrap();
    let columns: Vec<&str> = columns.iter().map(|(name,)| name.as_str()).collect();
    let expected = [
        "institution_id",
        "period_id",
        "id",
        "service_id",
        "channel",
        "answered_on",
        "answers",
        "sex",
        "age",
        "education",
        "occupation",
        "disability",
        "promise_time",
        "promise_fee",
        "promise_requirements",
        "own",
        "excluded",
        "mixed",
    ];
    assert_eq!(columns, expected);
}
