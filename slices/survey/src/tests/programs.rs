//! Codes for other queue systems: keys of programs, and what they may ask for.

use super::{City, chosen, delivery};
use crate::actions::{self, Refused};
use crate::key::ProgramKey;
use crate::period::PeriodId;
use crate::store;
use crate::token::Code;
use axum::body::Body;
use platform::database::Database;
use platform::identity::Role;
use platform::testing::{Answer, each_engine, migrated_sqlite};
use serde_json::{Value, json};

platform::statements! {
    private;
    ASKINGS = "SELECT asking FROM survey_issue";
    COLUMNS_IN_SQLITE = "SELECT part.name FROM pragma_table_info('survey_issue') AS part ORDER BY part.cid";
}

const PATH: &str = "/api/v1/survey/codes";

async fn key(city: &City) -> ProgramKey {
    let (desk, unit) = (city.desk(), city.unit);
    city.database.write(move |db| actions::make_key(db, &desk, unit, "Mesin antrean")).await.unwrap()
}

async fn ask(city: &City, key: &str, name: &str, wanted: &Value) -> Answer {
    let browser = city.browser();
    let request = browser.request("POST", PATH).header("authorization", format!("Bearer {key}"));
    let request = request.header("idempotency-key", name).header("content-type", "application/json");
    browser.send(request, Body::from(wanted.to_string())).await
}

fn codes(answer: &Answer) -> Vec<Code> {
    let told: Value = serde_json::from_slice(&answer.bytes).unwrap();
    let codes = told["codes"].as_array().unwrap_or_else(|| panic!("{told}"));
    codes.iter().map(|code| Code::read(code["code"].as_str().unwrap()).unwrap()).collect()
}

fn three() -> Value {
    json!({ "channel": "web", "count": 3, "place": "Loket 3" })
}

async fn batches(city: &City, id: PeriodId) -> Vec<(String, i64, i64)> {
    let institution = city.institution;
    let batches = city.database.read(move |db| store::codes::batches(db, institution, id)).await.unwrap();
    batches.into_iter().map(|batch| (batch.place, batch.issued, batch.unused)).collect()
}

async fn askings(database: &Database) -> usize {
    database.read(|db| db.all::<(Vec<u8>,)>(ASKINGS, &[])).await.unwrap().len()
}

#[test]
fn a_program_makes_codes_that_are_good_for_one_answer_each() {
    each_engine("codes of a program", |database| async move {
        let city = City::new(database).await;
        let (id, key) = (city.open().await, key(&city).await);
        let answer = ask(&city, key.shown(), "tiket-0001", &three()).await;
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_eq!(answer.headers["cache-control"], "no-store");
        assert!(answer.says("\"url\":\"http://contoh.go.id/s/"), "{}", answer.text());
        let made = codes(&answer);
        assert_eq!(made.len(), 3);
        for (number, code) in made.iter().enumerate() {
            assert!(city.send(id, code, &delivery(number), &chosen(&[3])).await.unwrap());
            let twice = city.send(id, code, &delivery(number + 10), &chosen(&[3])).await;
            assert!(matches!(twice, Err(Refused::Used)), "a code is good for one");
        }
    });
}

#[test]
fn asking_again_gives_the_same_codes_and_makes_no_new_ones() {
    each_engine("asking again", |database| async move {
        let city = City::new(database).await;
        let (id, key) = (city.open().await, key(&city).await);
        let first = codes(&ask(&city, key.shown(), "tiket-0001", &three()).await);
        assert!(city.send(id, &first[0], &delivery(1), &chosen(&[3])).await.unwrap());
        let again = codes(&ask(&city, key.shown(), "tiket-0001", &three()).await);
        assert!(first == again, "the same codes");
        let mut same = three();
        same["count"] = json!(3.0);
        let again = codes(&ask(&city, key.shown(), "tiket-0001", &same).await);
        assert!(first == again, "in JSON Schema 3.0 is a whole number");
        assert_eq!(batches(&city, id).await, [("Loket 3".to_owned(), 3, 2)], "the used one stays used");
        let other = codes(&ask(&city, key.shown(), "tiket-0002", &three()).await);
        assert!(first.iter().all(|code| !other.contains(code)), "another asking, other codes");
        let mut more = three();
        more["count"] = 4.into();
        let refused = ask(&city, key.shown(), "tiket-0001", &more).await;
        assert!(refused.status == 409 && refused.says("Idempotency-Key"), "{}", refused.text());
    });
}

#[test]
fn codes_of_a_day_stand_in_one_batch_and_the_first_is_recorded() {
    each_engine("one batch a day", |database| async move {
        let city = City::new(database).await;
        let (id, key) = (city.open().await, key(&city).await);
        let mut one = three();
        one["count"] = 1.into();
        for ticket in 1..=5 {
            assert_eq!(ask(&city, key.shown(), &format!("tiket-000{ticket}"), &one).await.status, 201);
        }
        assert_eq!(batches(&city, id).await, [("Loket 3".to_owned(), 5, 5)], "no batch tells of one visitor");
        let recorded = city.acts().await.into_iter().filter(|act| act == "survey.codes-issued").count();
        assert_eq!(recorded, 1, "no moment of each ticket");
        one["place"] = "Loket 4".into();
        ask(&city, key.shown(), "tiket-0006", &one).await;
        assert_eq!(batches(&city, id).await.len(), 2, "another place, another batch");
    });
}

#[test]
fn closing_a_period_forgets_what_programs_asked_for() {
    each_engine("closing forgets", |database| async move {
        let city = City::new(database.clone()).await;
        let (id, key) = (city.open().await, key(&city).await);
        ask(&city, key.shown(), "tiket-0001", &three()).await;
        assert_eq!(askings(&database).await, 1);
        city.close(id).await;
        assert_eq!(askings(&database).await, 0);
        let late = ask(&city, key.shown(), "tiket-0001", &three()).await;
        assert!(late.status == 409 && late.says("tidak sedang membuka survei"), "{}", late.text());
    });
}

/// Nothing in it could be laid beside a code, a batch or an answer.
#[test]
fn what_a_program_asked_for_is_kept_as_hashes_beside_its_period() {
    let columns = migrated_sqlite().read_now(|db| db.all::<(String,)>(COLUMNS_IN_SQLITE, &[])).unwrap();
    let columns: Vec<&str> = columns.iter().map(|(name,)| name.as_str()).collect();
    assert_eq!(columns, ["institution_id", "key_id", "asking", "content", "period_id"]);
}

#[tokio::test]
async fn without_a_key_or_with_a_revoked_one_nobody_makes_codes() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    city.open().await;
    let key = key(&city).await;
    for wrong in ["", "prima_salah", "Bearer"] {
        let refused = ask(&city, wrong, "tiket-0001", &three()).await;
        assert!(refused.status == 401 && refused.says("\"code\":\"no-key\""), "{wrong}: {}", refused.text());
        assert_eq!(refused.headers["www-authenticate"], "Bearer realm=\"Prima\"");
    }
    let admin = city.as_role(Role::UnitAdmin);
    let page = admin.get("/kelola/survei/kunci").await;
    let id = super::between(&page.text(), "name=\"id\" value=\"", "\"").to_owned();
    assert_eq!(admin.post("/kelola/survei/kunci/cabut", &[("id", &id)]).await.status, 303);
    assert_eq!(ask(&city, key.shown(), "tiket-0001", &three()).await.status, 401);
    let again = admin.post("/kelola/survei/kunci/cabut", &[("id", &id)]).await;
    assert_eq!(again.status, 409, "it is revoked once");
    assert!(admin.get("/kelola/survei/kunci").await.says("Dicabut"));
}

#[tokio::test]
async fn what_cannot_be_asked_for_is_refused_and_nothing_is_made() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let (id, key) = (city.open().await, key(&city).await);
    let wanted = |field: &str, value: Value| {
        let mut wanted = three();
        wanted[field] = value;
        wanted
    };
    let cases = [
        (wanted("count", 0.into()), 400),
        (wanted("count", 101.into()), 400),
        (wanted("count", json!(1.5)), 400),
        (wanted("channel", "paper".into()), 400),
        (wanted("place", "a".repeat(61).into()), 400),
        (wanted("person", "Sari".into()), 400),
        (wanted("service", "layanan-lain".into()), 404),
        (json!([]), 400),
    ];
    for (wanted, status) in cases {
        let refused = ask(&city, key.shown(), "tiket-0001", &wanted).await;
        assert_eq!(refused.status, status, "{wanted}: {}", refused.text());
    }
    for name in ["", "pendek", "a b c d e f", &"a".repeat(65)] {
        assert_eq!(ask(&city, key.shown(), name, &three()).await.status, 400, "{name}");
    }
    let browser = city.browser();
    let request = browser.request("POST", PATH).header("authorization", format!("Bearer {}", key.shown()));
    let request = request.header("idempotency-key", "tiket-0001").header("content-type", "text/plain");
    assert_eq!(browser.send(request, Body::from(three().to_string())).await.status, 415);
    assert!(batches(&city, id).await.is_empty());
}

#[tokio::test]
async fn a_key_is_shown_once_and_kept_by_its_hash() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let admin = city.as_role(Role::UnitAdmin);
    let none = admin.post("/kelola/survei/kunci", &[("unit", "dinas-sosial"), ("label", "")]).await;
    assert!(none.status == 422 && none.says("Isi nama program"), "{}", none.text());
    let other = admin.post("/kelola/survei/kunci", &[("unit", "dinas-kesehatan"), ("label", "Mesin")]).await;
    assert_eq!(other.status, 422, "another's unit");
    let made = admin.post("/kelola/survei/kunci", &[("unit", "dinas-sosial"), ("label", "Mesin antrean")]).await;
    assert_eq!((made.status.as_u16(), &made.headers["cache-control"]), (200, &"no-store".parse().unwrap()));
    let key = super::between(&made.text(), "<code class=\"p-code\">", "<").to_owned();
    assert!(key.starts_with("prima_") && key.len() == 38, "{key}");
    let page = admin.get("/kelola/survei/kunci").await;
    assert!(page.says("Mesin antrean") && page.says(&key[34..]) && !page.says(&key), "{}", page.text());
    assert_eq!(city.acts().await[0], "survey.key-made");
    let path = fresh.url().trim_start_matches("sqlite:").to_owned();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(std::fs::read(format!("{path}-wal")).unwrap_or_default());
    assert!(bytes.windows(13).any(|window| window == b"Mesin antrean"), "what is kept is seen");
    assert!(!bytes.windows(key.len()).any(|window| window == key.as_bytes()), "the key is not");
    city.open().await;
    assert_eq!(ask(&city, &key, "tiket-0001", &three()).await.status, 201);
    assert!(!admin.get("/kelola/survei/kunci").await.says("belum pernah"), "its day of use is shown");
    assert_eq!(city.as_role(Role::CounterOfficer).get("/kelola/survei/kunci").await.status, 403);
}

#[tokio::test]
async fn a_key_is_good_for_its_own_unit_alone() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    city.open().await;
    let institution = city.institution;
    let other = city.database.read(move |db| organisation::unit_by_slug(db, institution, "dinas-kesehatan"));
    let other = other.await.unwrap().unwrap().id;
    let desk = city.desk();
    let key: Result<ProgramKey, Refused> =
        city.database.write(move |db| actions::make_key(db, &desk, other, "Mesin")).await;
    let refused = ask(&city, key.unwrap().shown(), "tiket-0001", &three()).await;
    assert!(refused.status == 409 && refused.says("tidak sedang membuka survei"), "{}", refused.text());
}
