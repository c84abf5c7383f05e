//! A period from its plan to its publication, by the people who may.

use super::{City, chosen, delivery, quarter};
use crate::actions::{self, Refused};
use crate::period::{PeriodState, TypedPlan};
use crate::store;
use platform::identity::{AccountId, Role};
use platform::testing::{each_engine, migrated_sqlite};
use time::Duration;

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
    let stale = admin.post(&step, &[("step", "open"), ("version", "1")]).await;
    assert!(stale.status == 409 && stale.says("baru saja diubah orang lain"), "{}", stale.text());
    let close = format!("{path}/tutup");
    assert!(admin.get(&path).await.says(&close), "closing is asked for on a page of its own");
    assert_eq!(admin.post(&step, &[("step", "close"), ("version", "2")]).await.status, 400);
    assert_eq!(admin.post(&close, &[("population", "1.200"), ("version", "2")]).await.status, 303);
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
    let facts = services::examples()[0].facts.clone();
    let (desk, unit, name) = (actions::following::at_findings(&city.desk()), city.unit, facts.name.clone());
    let entered = city.database.write(move |db| {
        let entered = services::enter_service(db, &desk, unit, &facts, false)?;
        services::publish_service(db, &desk, entered.id, 1)
    });
    assert!(entered.await.is_ok());
    let admin = city.as_role(Role::UnitAdmin);
    let path = format!("/kelola/survei/{id}/rencana");
    let page = admin.get(&path).await;
    assert!(page.says(&name), "each quota bears the name of its service: {}", page.text());
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

/// A survey of an agency is held at its service points: who serves there makes its codes and enters its sheets, and keeps nothing.
#[tokio::test]
async fn whoever_serves_below_a_unit_hands_out_its_codes_and_changes_nothing() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let (desk, institution, own) = (city.desk(), city.institution, city.unit);
    let id = city.database.write(move |db| {
        let agency = organisation::unit_by_slug(db, institution, "dinas-kesehatan")?.expect("it was entered");
        let counter = organisation::unit(db, institution, own)?.expect("it was entered");
        let facts = organisation::UnitFacts { parent: Some(agency.id), ..counter.facts };
        let at_units = actions::following::at_findings(&desk);
        assert!(organisation::change_unit(db, &at_units, own, 1, &facts).is_ok(), "it serves below the agency now");
        let id = actions::plan(db, &desk, agency.id, &quarter())?;
        actions::open(db, &desk, (id, 1))?;
        Ok::<_, Refused>(id)
    });
    let id = id.await.unwrap();
    let officer = city.as_role(Role::CounterOfficer);
    assert!(officer.get("/kelola/survei").await.says("Dinas Kesehatan"));
    let page = officer.get(&format!("/kelola/survei/{id}")).await;
    assert!(page.says("/kode") && page.says("/kertas") && !page.says("/rencana"), "{}", page.text());
    assert_eq!(officer.get(&format!("/kelola/survei/{id}/kode")).await.status, 200);
    assert_eq!(officer.get(&format!("/kelola/survei/{id}/kertas")).await.status, 200);
    let admin = city.as_role(Role::UnitAdmin);
    for closed in ["rencana", "tutup", "impor"] {
        assert_eq!(admin.get(&format!("/kelola/survei/{id}/{closed}")).await.status, 403, "{closed}");
    }
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
fn no_day_of_a_unit_belongs_to_two_periods() {
    each_engine("overlapping periods", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        let plan = |starts_on: &str, ends_on: &str| {
            let (starts_on, ends_on) = (starts_on.to_owned(), ends_on.to_owned());
            let typed = TypedPlan { rhythm: "continuous".into(), starts_on, ends_on, population: String::new() };
            let (desk, unit, plan) = (city.desk(), city.unit, typed.check().unwrap());
            city.database.write(move |db| actions::plan(db, &desk, unit, &plan))
        };
        let refused = plan("2026-12-31", "2027-02-28").await;
        assert!(matches!(&refused, Err(Refused::Faults(faults)) if faults[0].field == "starts_on"), "{refused:?}");
        let next = plan("2027-01-01", "2027-02-28").await.unwrap();
        let (desk, institution) = (city.desk(), city.institution);
        let early = city.database.write(move |db| actions::open(db, &desk, (next, 1))).await;
        assert!(matches!(early, Err(Refused::OutOfDays)), "before its first day: {early:?}");
        assert_eq!(city.period(next).await.state, PeriodState::Planned);
        // What telephones kept may still arrive in the first, while the next begins.
        city.clock.advance(Duration::days(41));
        let desk = city.desk();
        city.database.write(move |db| actions::open(db, &desk, (next, 1))).await.unwrap();
        let both = city.database.read(move |db| store::periods::periods(db, institution, (0, 50))).await.unwrap();
        assert!(both.0.iter().all(|period| period.state == PeriodState::Open), "{id}");
    });
}

#[test]
fn an_answer_counts_only_on_a_day_of_its_period() {
    each_engine("answers by day", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        let codes = city.codes(id, 4).await;
        city.clock.advance(Duration::days(40));
        assert!(city.send(id, &codes[0], &delivery(0), &chosen(&[3])).await.unwrap(), "on 31 December");
        city.clock.advance(Duration::days(1));
        let late = city.send(id, &codes[1], &delivery(1), &chosen(&[3])).await;
        assert!(matches!(late, Err(Refused::Used)), "on 1 January: {late:?}");
        let page = city.browser().get(&format!("/s/{}", codes[1].printed())).await;
        assert!(page.status == 410 && page.says("masa surveinya sudah berakhir"), "{}", page.text());
        let offline = |code: &crate::Code, number| {
            let sending = crate::Sending {
                institution: city.institution,
                day: city.desk().today(),
                code: code.clone(),
                delivery: delivery(number),
                period: Some(id),
                offline: true,
            };
            city.database.write(move |db| actions::answer(db, &sending, &chosen(&[3])))
        };
        city.clock.advance(Duration::days(2));
        assert!(offline(&codes[2], 2).await.unwrap().new, "a telephone had no signal until 3 January");
        city.clock.advance(Duration::days(1));
        let late = offline(&codes[3], 3).await;
        assert!(matches!(late, Err(Refused::Used)), "on 4 January: {late:?}");
        let (desk, account) = (city.desk(), AccountId::new(super::NOW));
        let instrument = calculation::instruments::find("skm-2017").unwrap();
        let answer = crate::Answer::read(&instrument, 0, &chosen(&[3])).unwrap();
        let sheet = crate::Sheet { number: "1".into(), service: None, answer, looked_again: None };
        let paper = city.database.write(move |db| actions::enter_sheet(db, &desk, account, (id, 2), &sheet)).await;
        assert!(matches!(paper, Err(Refused::OutOfDays)), "{paper:?}");
        let desk = city.desk();
        let wanted = crate::NewBatch { service: None, place: String::new(), channel: crate::Channel::Web, count: 1 };
        let code = city.database.write(move |db| actions::issue(db, &desk, (id, 2), &wanted)).await;
        assert!(matches!(code, Err(Refused::OutOfDays)), "{code:?}");
        let page = city.as_role(Role::UnitAdmin).get(&format!("/kelola/survei/{id}")).await;
        assert!(page.says("Masa survei sudah berakhir") && page.says("3 Januari 2027"), "{}", page.text());
    });
}

#[tokio::test]
async fn the_number_of_people_served_is_corrected_until_the_period_is_closed() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let codes = city.codes(id, 6).await;
    for (number, code) in codes.iter().enumerate() {
        city.send(id, code, &delivery(number), &chosen(&[3, 4])).await.unwrap();
    }
    let admin = city.as_role(Role::UnitAdmin);
    let path = format!("/kelola/survei/{id}");
    let changed = admin.post(&format!("{path}/rencana"), &[("version", "2"), ("population", "6")]).await;
    assert_eq!(changed.status, 303, "{}", changed.text());
    let page = admin.get(&format!("{path}/tutup")).await;
    assert!(page.says("value=\"6\"") && page.says("Jawaban masih diterima sampai 3 Januari 2027"), "{}", page.text());
    let wrong = admin.post(&format!("{path}/tutup"), &[("version", "3"), ("population", "1.5")]).await;
    assert!(wrong.status == 422 && wrong.says("value=\"1.5\""), "{}", wrong.text());
    let closed = admin.post(&format!("{path}/tutup"), &[("version", "3"), ("population", "4.000")]).await;
    assert_eq!(closed.status, 303, "{}", closed.text());
    let period = city.period(id).await;
    assert_eq!(period.plan.population, Some(4000));
    assert!(period.inputs.unwrap().contains("4000"), "the margin is computed from it");
    assert_eq!(&city.acts().await[..3], ["survey.period-closed", "survey.population-changed", "survey.period-changed"]);
}

#[tokio::test]
async fn closing_says_what_it_ends_and_ends_it() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    city.codes(id, 3).await;
    let path = format!("/kelola/survei/{id}");
    let mut form: Vec<(&str, &str)> = super::KEYS.iter().map(|key| (*key, "3")).collect();
    form.extend([("version", "2"), ("sheet", "A-5")]);
    assert_eq!(city.as_role(Role::CounterOfficer).post(&format!("{path}/kertas"), &form).await.status, 303);
    let admin = city.as_role(Role::UnitAdmin);
    let page = admin.get(&format!("{path}/tutup")).await;
    assert!(page.says("Penutupan tidak dapat dibatalkan") && page.says("tidak akan dihitung: A-5"), "{}", page.text());
    assert!(page.says("<dd>3</dd>"), "the codes nobody used: {}", page.text());
    let closed = admin.post(&format!("{path}/tutup"), &[("version", "2"), ("population", "1200")]).await;
    assert_eq!(closed.status, 303, "{}", closed.text());
    let institution = city.institution;
    let known = city.database.read(move |db| store::paper::sheet(db, institution, id, "A-5")).await.unwrap();
    assert_eq!(known, None, "what one person entered is forgotten");
}

#[test]
fn a_period_is_not_closed_while_a_table_waits() {
    each_engine("closing with a table", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        let admin = city.as_role(Role::UnitAdmin);
        let path = format!("/kelola/survei/{id}/impor");
        let table = "U1;U2;U3;U4;U5;U6;U7;U8;U9\n3;3;2;4;3;3;4;1;4\n";
        let review = admin.upload(&path, &[], ("berkas", "a.csv", table.as_bytes())).await.location().to_owned();
        let review = admin.get(&review).await.text();
        let value = |name: &str| super::between(&review, &format!("name=\"{name}\" value=\""), "\"").to_owned();
        let form = [("berkas", &*value("berkas")), ("sidik", &value("sidik")), ("version", "2")];
        assert_eq!(admin.post(&format!("{path}/simpan"), &form).await.status, 303);
        let desk = city.desk();
        let refused = city.database.write(move |db| actions::close(db, &desk, (id, 2))).await;
        assert!(matches!(refused, Err(Refused::TableWaits)), "{refused:?}");
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

#[test]
fn whoever_keeps_one_unit_finds_its_periods_however_many_the_others_have() {
    each_engine("many periods", |database| async move {
        let city = City::new(database).await;
        let id = city.planned().await;
        let (desk, other) = (city.desk(), city.institution);
        let planned = city.database.write(move |db| {
            let unit = organisation::unit_by_slug(db, other, "dinas-kesehatan")?.unwrap();
            for year in 2027..2087 {
                let typed = TypedPlan {
                    rhythm: "year".into(),
                    starts_on: format!("{year}-01-01"),
                    ends_on: format!("{year}-12-31"),
                    population: String::new(),
                };
                actions::plan(db, &desk, unit.id, &typed.check().unwrap())?;
            }
            Ok::<_, Refused>(())
        });
        planned.await.unwrap();
        let own = city.as_role(Role::UnitAdmin).get("/kelola/survei").await;
        assert!(own.says(&format!("/kelola/survei/{id}")) && !own.says("Dinas Kesehatan"), "{}", own.text());
        let auditor = city.as_role(Role::Auditor);
        let (first, second) = (auditor.get("/kelola/survei").await, auditor.get("/kelola/survei?halaman=2").await);
        assert!(!first.says("Dinas Sosial") && second.says("Dinas Sosial"), "{}", second.text());
        assert_eq!(first.text().matches("<tr><th scope=\"row\">").count(), 50);
    });
}

#[test]
fn whoever_keeps_a_period_that_is_over_is_told_once_a_week_and_nothing_closes_by_itself() {
    each_engine("reminders", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        let institution = city.institution;
        let over = || {
            let today = city.desk().today();
            city.database.read(move |db| store::periods::over(db, institution, today, 10))
        };
        city.clock.advance(Duration::days(43));
        assert!(over().await.unwrap().is_empty(), "on 3 January answers still arrive");
        city.clock.advance(Duration::days(1));
        assert_eq!(over().await.unwrap().len(), 1);
        crate::reminders::remind_all(&city.app).await.unwrap();
        assert!(over().await.unwrap().is_empty(), "it was told");
        city.clock.advance(Duration::days(7));
        assert_eq!(over().await.unwrap().len(), 1, "a week later again");
        assert_eq!(city.period(id).await.state, PeriodState::Open);
    });
}
