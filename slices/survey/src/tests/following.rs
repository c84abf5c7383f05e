//! A result asks for something: its weakest elements become findings, and the next result stands beside them.

use super::{City, chosen, delivery, quarter};
use crate::actions::{self, Refused};
use crate::period::{PeriodId, Plan};
use improvement::{FindingId, Owner, SourceKind, TypedProof};
use platform::audit::Actor;
use platform::database::DatabaseError;
use platform::identity::{AccountId, Role};
use platform::testing::{each_engine, migrated_sqlite};
use time::Duration;
use time::macros::date;

/// A quarter in which so many people gave these answers, closed.
async fn closed(city: &City, id: PeriodId, people: usize, choices: &[u8]) {
    for (number, code) in city.codes(id, i64::try_from(people).unwrap()).await.iter().enumerate() {
        city.send(id, code, &delivery(number), &chosen(choices)).await.unwrap();
    }
    city.close(id).await;
}

async fn follow_up(city: &City, id: PeriodId, element: &'static str) -> Result<FindingId, Refused> {
    let desk = city.desk();
    city.database.write(move |db| actions::follow_up(db, &desk, id, element)).await
}

/// Plans, does and verifies a measure for a finding, and lets everybody read it.
async fn carried_out(city: &City, finding: FindingId) {
    let (institution, now) = (city.institution, city.clock.now());
    let at = |actor| organisation::Desk { institution, actor, now };
    let (one, other) =
        (at(Actor::Person(AccountId::new(now))), at(Actor::Person(AccountId::new(now + Duration::SECOND))));
    let done = city.database.write(move |db| {
        let plan =
            improvement::Plan { what: "Buka loket".into(), owner: Owner::Role(Role::UnitAdmin), working_days: 5 };
        let measure = improvement::plan_measure(db, &one, (finding, 1), &plan, None)?;
        let proof = TypedProof { words: "Loket dibuka.".into(), url: "https://contoh.go.id".into() };
        improvement::finish_measure(db, &one, (measure, 1), (&proof, &[]), None)?;
        improvement::verify_measure(db, &other, (measure, 2))?;
        improvement::publish_finding(db, &other, (finding, 4), ("Terlalu lama.", "Loket dibuka."))
    });
    done.await.expect("it is carried out");
}

/// Waiting has 2, fees 1 and the rest 3 or 4.
const WEAK_TIME: &[u8] = &[4, 3, 2, 1, 3, 4, 4, 3, 3];
const BETTER_TIME: &[u8] = &[4, 3, 4, 1, 3, 4, 4, 3, 3];

#[test]
fn the_weakest_elements_are_proposed_and_become_findings_once() {
    each_engine("weakest elements", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        assert!(matches!(follow_up(&city, id, "waktu").await, Err(Refused::WrongState)), "it is still open");
        closed(&city, id, 6, WEAK_TIME).await;
        let (head, path) = (city.as_role(Role::HeadOfUnit), format!("/kelola/survei/{id}/hasil"));
        let page = head.get(&path).await;
        let proposed = page.text().matches("name=\"element\"").count();
        // Four elements share the third place, with 3 each.
        assert_eq!(proposed, 6, "{}", page.text());
        assert!(page.says("value=\"waktu\"") && page.says("value=\"biaya\"") && !page.says("value=\"perilaku\""));
        let sent = head.post(&format!("/kelola/survei/{id}/tindak-lanjut"), &[("element", "waktu")]).await;
        assert!(sent.location().starts_with("/kelola/perbaikan/"), "{}", sent.text());
        let again = follow_up(&city, id, "waktu").await.unwrap();
        assert!(sent.location().contains(&again.to_string()), "once");
        let institution = city.institution;
        let reference = id.to_string();
        let raised = city
            .database
            .read(move |db| improvement::raised(db, institution, (SourceKind::Survey, &reference)))
            .await
            .unwrap();
        let [finding] = raised.as_slice() else { panic!("one finding: {raised:?}") };
        let before = finding.facts.before.as_ref().expect("a figure");
        assert_eq!(
            (before.value.as_str(), before.full.as_deref(), before.on),
            ("2.000", Some("4"), date!(2026 - 12 - 31))
        );
        assert_eq!(
            finding.facts.said,
            "Waktu penyelesaian bernilai 2,000 dari 4 pada 2026 TW IV, menurut 6 orang yang dilayani."
        );
        let page = head.get(&path).await;
        assert!(page.says("Buka rencana perbaikan") && page.says("Belum ada tindakan yang direncanakan"));
        assert!(matches!(follow_up(&city, id, "cuaca").await, Err(Refused::NotFound)));
    });
}

#[tokio::test]
async fn whoever_may_not_plan_reads_what_is_proposed_and_raises_nothing() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    closed(&city, id, 6, WEAK_TIME).await;
    let auditor = city.as_role(Role::Auditor);
    let page = auditor.get(&format!("/kelola/survei/{id}/hasil")).await;
    assert!(page.says("id=\"tindak-lanjut\"") && !page.says("name=\"element\""));
    for role in [Role::Auditor, Role::CounterOfficer] {
        let sent =
            city.as_role(role).post(&format!("/kelola/survei/{id}/tindak-lanjut"), &[("element", "waktu")]).await;
        assert_eq!(sent.status, 403, "{role:?}");
    }
}

#[tokio::test]
async fn a_result_of_four_answers_is_followed_up_by_nothing_that_tells_of_them() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    closed(&city, id, 4, WEAK_TIME).await;
    assert!(matches!(follow_up(&city, id, "waktu").await, Err(Refused::TooFew)));
}

#[test]
fn the_share_that_was_done_and_the_figure_after_are_read_by_everybody() {
    each_engine("before and after", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        closed(&city, id, 6, WEAK_TIME).await;
        let finding = follow_up(&city, id, "waktu").await.unwrap();
        follow_up(&city, id, "biaya").await.unwrap();
        city.publish(id).await.unwrap();
        carried_out(&city, finding).await;
        let browser = city.browser();
        let page = browser.get(&format!("/survei/{id}")).await;
        let rate = "1 dari 1 tindakan untuk hasil ini selesai dan terverifikasi (100,00 %).";
        assert!(page.says(rate) && page.says("href=\"/anda-bilang/dinas-sosial\""), "{}", page.text());
        let json: serde_json::Value =
            serde_json::from_slice(&browser.get(&format!("/survei/{id}/tindak-lanjut.json")).await.bytes).unwrap();
        assert_eq!((&json["findings"], &json["share"]), (&2.into(), &"1".into()), "{json}");

        city.clock.advance(Duration::days(60));
        let plan = Plan { starts_on: date!(2027 - 01 - 01), ends_on: date!(2027 - 03 - 31), ..quarter() };
        let (desk, unit) = (city.desk(), city.unit);
        let next = city.database.write(move |db| actions::plan(db, &desk, unit, &plan)).await.unwrap();
        let desk = city.desk();
        city.database.write(move |db| actions::open(db, &desk, (next, 1))).await.unwrap();
        closed(&city, next, 6, BETTER_TIME).await;
        let institution = city.institution;
        let reference = id.to_string();
        let after = || {
            let (database, reference) = (city.database.clone(), reference.clone());
            async move {
                let source = move |db: &mut platform::database::Read<'_>| {
                    improvement::raised(db, institution, (SourceKind::Survey, &reference))
                };
                let raised: Result<_, DatabaseError> = database.read(source).await;
                raised.unwrap().into_iter().map(|finding| finding.after.map(|after| after.value)).collect::<Vec<_>>()
            }
        };
        assert_eq!(after().await, [None, None], "closed is not published");
        city.publish(next).await.unwrap();
        assert_eq!(after().await, [Some("1.000".to_owned()), Some("4.000".to_owned())], "fee, then time");
        let page = browser.get(&format!("/survei/{next}")).await;
        assert!(page.says("Waktu penyelesaian: 2,000 pada 2026 TW IV, sekarang 4,000."), "{}", page.text());
        assert!(!page.says("1,000 pada 2026 TW IV"), "what nobody published is not told");
    });
}
