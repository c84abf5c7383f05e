//! A period from its plan to its publication, by the people who may.

use super::{City, quarter};
use crate::actions::{self, Refused};
use crate::period::{PeriodState, TypedPlan};
use platform::identity::Role;
use platform::testing::{each_engine, migrated_sqlite};

const FORM: [(&str, &str); 5] = [
    ("unit", "dinas-sosial"),
    ("rhythm", "quarter"),
    ("starts_on", "2026-10-01"),
    ("ends_on", "2026-12-31"),
    ("population", "1.200"),
];

#[tokio::test]
async fn the_admin_of_a_unit_plans_opens_and_closes_and_the_coordinator_publishes() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let admin = city.as_role(Role::UnitAdmin);
    let planned = admin.post("/kelola/survei/baru", &FORM).await;
    assert_eq!(planned.status, 303, "{}", planned.text());
    let path = planned.location().split('?').next().unwrap().to_owned();
    let page = admin.get(&path).await;
    assert!(page.says("Direncanakan") && page.says("291") && page.says("Krejcie–Morgan"), "{}", page.text());
    let step = format!("{path}/langkah");
    assert_eq!(admin.post(&step, &[("step", "open"), ("version", "1")]).await.status, 303);
    let stale = admin.post(&step, &[("step", "close"), ("version", "1")]).await;
    assert!(stale.status == 409 && stale.says("baru saja diubah orang lain"), "{}", stale.text());
    assert_eq!(admin.post(&step, &[("step", "close"), ("version", "2")]).await.status, 303);
    assert!(admin.get(&path).await.says("Ditutup"));
    assert_eq!(admin.post(&step, &[("step", "publish"), ("version", "3")]).await.status, 403);
    let few = city.as_role(Role::Coordinator).post(&step, &[("step", "publish"), ("version", "3")]).await;
    assert!(few.status == 409 && few.says("Kurang dari lima orang"), "{}", few.text());
    let acts = city.acts().await;
    assert_eq!(&acts[..3], ["survey.period-closed", "survey.period-opened", "survey.period-planned"]);
}

#[tokio::test]
async fn a_wrong_plan_is_explained_and_what_was_typed_is_kept() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let mut form = FORM;
    (form[3].1, form[4].1) = ("2026-09-01", "banyak");
    let page = city.as_role(Role::Coordinator).post("/kelola/survei/baru", &form).await;
    assert!(page.status == 422 && page.says("Hari terakhir harus sesudah hari pertama"), "{}", page.text());
    assert!(page.says("value=\"banyak\"") && page.says("bilangan bulat"));
    let other = [("unit", "dinas-kesehatan"), FORM[1], FORM[2], FORM[3], FORM[4]];
    let refused = city.as_role(Role::UnitAdmin).post("/kelola/survei/baru", &other).await;
    assert!(refused.status == 422 && refused.says("Pilih unit yang disurvei"), "another's unit");
}

#[tokio::test]
async fn questions_and_quotas_are_arranged_until_the_period_is_opened() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.planned().await;
    let admin = city.as_role(Role::UnitAdmin);
    let path = format!("/kelola/survei/{id}/rencana");
    let mut form = vec![("version", "1"), ("questions", "Dari mana Anda tahu?\n\nApakah parkirnya cukup?")];
    form.extend_from_slice(&FORM[1..]);
    let changed = admin.post(&path, &form).await;
    assert_eq!(changed.status, 303, "{}", changed.text());
    assert!(admin.get(&path).await.says("Apakah parkirnya cukup?"));
    form[1].1 = "a\nb\nc\nd\ne\nf";
    form[0].1 = "2";
    assert!(admin.post(&path, &form).await.says("paling banyak 5 pertanyaan"));
    let desk = city.desk();
    city.database.write(move |db| actions::open(db, &desk, (id, 2))).await.unwrap();
    let open = admin.get(&path).await;
    assert!(!open.says("name=\"questions\"") && !open.says("name=\"starts_on\""), "{}", open.text());
}

#[tokio::test]
async fn staff_of_another_unit_do_not_see_a_period() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let (desk, other) = (city.desk(), city.institution);
    let id = city
        .database
        .write(move |db| {
            let unit = organisation::unit_by_slug(db, other, "dinas-kesehatan")?.unwrap();
            actions::plan(db, &desk, unit.id, &quarter())
        })
        .await
        .unwrap();
    let admin = city.as_role(Role::UnitAdmin);
    assert_eq!(admin.get(&format!("/kelola/survei/{id}")).await.status, 403);
    assert!(!admin.get("/kelola/survei").await.says("Dinas Kesehatan"));
    assert!(city.as_role(Role::Auditor).get("/kelola/survei").await.says("Dinas Kesehatan"));
    assert_eq!(city.as_role(Role::Juror).get("/kelola/survei").await.status, 403);
}

#[test]
fn a_unit_asks_in_one_period_at_a_time() {
    each_engine("one open period", |database| async move {
        let city = City::new(database).await;
        city.open().await;
        let (desk, second) = (city.desk(), city.planned().await);
        let refused = city.database.write(move |db| actions::open(db, &desk, (second, 1))).await;
        assert!(matches!(refused, Err(Refused::AlreadyOpen)), "{refused:?}");
        assert_eq!(city.period(second).await.state, PeriodState::Planned);
    });
}

#[test]
fn a_period_keeps_the_instrument_of_its_first_day() {
    each_engine("the instrument", |database| async move {
        let city = City::new(database).await;
        let id = city.planned().await;
        assert_eq!(city.period(id).await.instrument, "skm-2017");
        let typed = TypedPlan {
            rhythm: "year".into(),
            starts_on: "1999-01-01".into(),
            ends_on: "1999-12-31".into(),
            population: String::new(),
        };
        let (desk, unit, plan) = (city.desk(), city.unit, typed.check().unwrap());
        let refused = city.database.write(move |db| actions::plan(db, &desk, unit, &plan)).await;
        assert!(matches!(refused, Err(Refused::Faults(_))), "no survey was prescribed in 1999");
    });
}
