//! Answers from elsewhere: tables, and paper entered by two people.

use super::{City, KEYS, between, chosen};
use crate::actions::{self, Difference, Entered, Refused, Sheet};
use crate::answer::{Answer, Channel};
use crate::period::PeriodId;
use crate::store;
use calculation::instruments;
use platform::form::Form;
use platform::identity::{AccountId, Role};
use platform::testing::{each_engine, migrated_sqlite};

const TABLE: &str = "\
No;U1;U2;U3;U4;U5;U6;U7;U8;U9;Jenis Kelamin;Saran;Cuaca
1;3;3;2;4;3;3;4;1;4;P;Tambah kursi;cerah
2;3;3;5;4;3;3;4;1;4;L;;hujan
3;4;4;4;4;4;4;4;4;4;L;;hujan
";

fn sheet(number: &str, form: &Form) -> Sheet {
    let instrument = instruments::find("skm-2017").unwrap();
    Sheet {
        number: number.into(),
        service: None,
        answer: Answer::read(&instrument, 0, form).unwrap(),
        looked_again: None,
    }
}

/// The answers of a period that came from tables.
async fn tabled(city: &City, id: PeriodId) -> u64 {
    let institution = city.institution;
    let counts = city.database.read(move |db| store::counts::counts(db, institution, id)).await.unwrap();
    counts.of(|count| count.channel == Channel::File).answers()
}

/// The admin of the unit sends a table, as far as its review.
async fn reviewed(city: &City, path: &str, table: &str) -> String {
    let admin = city.as_role(Role::UnitAdmin);
    let page = admin.upload(path, &[], ("berkas", "jawaban.csv", table.as_bytes())).await;
    admin.get(page.location()).await.text()
}

/// Sends on what a review shows.
async fn sent(city: &City, path: &str, review: &str, others: &str) -> platform::testing::Answer {
    let value = |name: &str| between(review, &format!("name=\"{name}\" value=\""), "\"").to_owned();
    let form = [("berkas", &*value("berkas")), ("sidik", &value("sidik")), ("version", "2"), ("orang-lain", others)];
    city.as_role(Role::UnitAdmin).post(&format!("{path}/simpan"), &form).await
}

/// Decides about the table that waits.
async fn decided(city: &City, path: &str, role: Role, decision: &str) -> platform::testing::Answer {
    let page = city.as_role(Role::Coordinator).get(path).await.text();
    let table = between(&page, "name=\"table\" value=\"", "\"").to_owned();
    let reason = ("reason", "Lembar asli sudah dilihat.");
    let form = [("table", &*table), ("version", "2"), reason, ("decision", decision)];
    city.as_role(role).post(&format!("{path}/putusan"), &form).await
}

#[tokio::test]
async fn a_table_counts_once_another_person_has_confirmed_it() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let path = format!("/kelola/survei/{id}/impor");
    let review = reviewed(&city, &path, TABLE).await;
    assert!(review.contains("2 jawaban baru, 0 sudah ada, 1 baris tidak dapat disimpan"), "{review}");
    assert!(review.contains("<th scope=\"row\">3<") && review.contains("Kolom waktu: “5” bukan jawaban"), "{review}");
    assert!(review.contains("Cuaca"), "a column without meaning is named");
    let address = format!("{path}/baris-keliru.csv?berkas={}", between(&review, "baris-keliru.csv?berkas=", "\""));
    let file = city.as_role(Role::UnitAdmin).get(&address).await.text();
    assert!(file.contains("2,3,3,5,4,3,3,4,1,4,L") && file.contains("bukan jawaban"), "{file}");
    let stored = sent(&city, &path, &review, "").await;
    assert!(stored.location().ends_with("?selesai=dikirim"), "{}", stored.text());
    assert_eq!(tabled(&city, id).await, 0, "nothing counts yet");
    let page = city.as_role(Role::UnitAdmin).get(&path).await;
    assert!(page.says("menunggu konfirmasi orang lain") && !page.says("name=\"decision\""), "{}", page.text());
    assert_eq!(decided(&city, &path, Role::UnitAdmin, "confirm").await.status, 403, "not by the unit itself");
    let done = decided(&city, &path, Role::Coordinator, "confirm").await;
    assert!(done.location().ends_with("?selesai=dikonfirmasi"), "{}", done.text());
    assert_eq!(tabled(&city, id).await, 2);
    assert_eq!(&city.acts().await[..2], ["survey.table-confirmed", "survey.table-sent"]);
    let page = city.as_role(Role::Coordinator).get(&path).await;
    assert!(page.says("Dikonfirmasi") && page.says("Lembar asli sudah dilihat."), "{}", page.text());
}

#[tokio::test]
async fn a_table_that_was_corrected_is_not_counted_twice() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let path = format!("/kelola/survei/{id}/impor");
    sent(&city, &path, &reviewed(&city, &path, TABLE).await, "").await;
    decided(&city, &path, Role::Coordinator, "confirm").await;
    let corrected = TABLE.replace("2;3;3;5;", "2;3;3;4;");
    let review = reviewed(&city, &path, &corrected).await;
    assert!(review.contains("1 jawaban baru, 2 sudah ada, 0 baris"), "{review}");
    sent(&city, &path, &review, "").await;
    decided(&city, &path, Role::Coordinator, "confirm").await;
    assert_eq!(tabled(&city, id).await, 3, "three people answered");
    let review = reviewed(&city, &path, &corrected).await;
    let nothing = sent(&city, &path, &review, "").await;
    assert!(nothing.status == 422 && nothing.says("tidak menambah jawaban baru"), "{}", nothing.text());
    let others = sent(&city, &path, &review, "ya").await;
    assert_eq!(others.status, 303, "of other people, as somebody says: {}", others.text());
    decided(&city, &path, Role::Coordinator, "refuse").await;
    assert_eq!(tabled(&city, id).await, 3, "a table that was refused leaves nothing");
}

#[tokio::test]
async fn whoever_sends_a_table_confirms_it_never_and_may_take_it_back() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let path = format!("/kelola/survei/{id}/impor");
    let coordinator = city.as_role(Role::Coordinator);
    let page = coordinator.upload(&path, &[], ("berkas", "jawaban.csv", TABLE.as_bytes())).await;
    let review = coordinator.get(page.location()).await.text();
    let value = |name: &str| between(&review, &format!("name=\"{name}\" value=\""), "\"").to_owned();
    let form = [("berkas", &*value("berkas")), ("sidik", "lain"), ("version", "2")];
    let changed = coordinator.post(&format!("{path}/simpan"), &form).await;
    assert!(changed.location().ends_with("&lagi=ya"), "what was not seen is not sent");
    assert!(coordinator.get(changed.location()).await.says("berubah sejak tabel ini diperiksa"));
    let form = [("berkas", &*value("berkas")), ("sidik", &value("sidik")), ("version", "2")];
    assert_eq!(coordinator.post(&format!("{path}/simpan"), &form).await.status, 303);
    let second = sent(&city, &path, &reviewed(&city, &path, TABLE).await, "").await;
    assert!(second.status == 409 && second.says("menunggu keputusan"), "{}", second.text());
    let institution = city.institution;
    let known = city.database.read(move |db| store::imports::imports(db, institution, id)).await.unwrap();
    let table = known[0].id.to_string();
    let form = [("table", &*table), ("version", "2"), ("reason", "Saya sendiri tahu."), ("decision", "confirm")];
    let own = coordinator.post(&format!("{path}/putusan"), &form).await;
    assert!(own.status == 409 && own.says("Minta orang lain"), "{}", own.text());
    assert_eq!(tabled(&city, id).await, 0);
    let page = coordinator.get(&path).await;
    assert!(page.says("Tarik kembali tabel ini") && !page.says("value=\"confirm\""), "{}", page.text());
    let form = [("table", &*table), ("version", "2"), ("reason", "Berkasnya keliru."), ("decision", "refuse")];
    assert_eq!(coordinator.post(&format!("{path}/putusan"), &form).await.status, 303);
    assert!(!coordinator.get(&path).await.says("menunggu konfirmasi"), "another table can be sent");
}

#[tokio::test]
async fn a_table_without_the_elements_or_no_table_at_all_is_refused_with_a_sentence() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let admin = city.as_role(Role::UnitAdmin);
    let path = format!("/kelola/survei/{id}/impor");
    let lacking = admin.upload(&path, &[], ("berkas", "a.csv", b"U1,U2\n1,2\n")).await;
    assert!(lacking.status == 422 && lacking.says("Tabel tidak memuat kolom unsur: waktu"), "{}", lacking.text());
    let picture = admin.upload(&path, &[], ("berkas", "a.csv", b"\x89PNG\r\n\x1a\n")).await;
    assert!(picture.status == 422 && !picture.says("file."), "{}", picture.text());
    assert!(admin.post(&format!("{path}/simpan"), &[("berkas", "x")]).await.location().ends_with("/impor"));
}

#[test]
fn a_sheet_counts_once_two_people_entered_the_same() {
    each_engine("paper", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        let (one, other) = (AccountId::new(super::NOW), AccountId::new(super::NOW));
        let enter = |account, sheet: Sheet| {
            let desk = city.desk();
            city.database.write(move |db| actions::enter_sheet(db, &desk, account, (id, 2), &sheet))
        };
        let right = sheet("17", &chosen(&[3, 4]));
        assert_eq!(enter(one, right.clone()).await.unwrap(), Entered::First);
        let twice = enter(one, right.clone()).await;
        assert!(matches!(twice, Err(Refused::Faults(faults)) if faults[0].field == "sheet"), "the same person");
        let mut wrong = chosen(&[3, 4]);
        wrong.set("waktu", "1");
        let differs = enter(other, sheet("17", &wrong)).await.unwrap();
        let difference = Difference { field: "waktu".into(), first: "3".into(), second: "1".into() };
        assert_eq!(differs, Entered::Differs(vec![difference]));
        assert_eq!(enter(other, right.clone()).await.unwrap(), Entered::Counted);
        let third = enter(other, right).await;
        assert!(matches!(third, Err(Refused::Faults(_))), "a sheet counts once");
        let institution = city.institution;
        let (counts, waiting) = city
            .database
            .read(move |db| {
                let counts = store::counts::counts(db, institution, id)?;
                Ok::<_, platform::database::DatabaseError>((counts, store::paper::waiting(db, institution, id)?))
            })
            .await
            .unwrap();
        assert_eq!((counts.answers(), counts.sum("waktu"), waiting), (1, 3, Vec::new()));
    });
}

#[test]
fn who_looked_at_the_paper_again_settles_a_difference() {
    each_engine("a difference on paper", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        let (one, other) = (AccountId::new(super::NOW), AccountId::new(super::NOW));
        let enter = |account, sheet: Sheet| {
            let desk = city.desk();
            city.database.write(move |db| actions::enter_sheet(db, &desk, account, (id, 2), &sheet))
        };
        enter(one, sheet("8", &chosen(&[1]))).await.unwrap();
        let Entered::Differs(seen) = enter(other, sheet("8", &chosen(&[4]))).await.unwrap() else {
            panic!("they differ")
        };
        let looked_again = Some(Difference::mark(&seen));
        let otherwise = Sheet { looked_again: looked_again.clone(), ..sheet("8", &chosen(&[4, 4, 3])) };
        let differs = enter(other, otherwise).await.unwrap();
        assert!(matches!(differs, Entered::Differs(_)), "the tick was for other differences: {differs:?}");
        let settled = Sheet { looked_again, ..sheet("8", &chosen(&[4])) };
        assert_eq!(enter(other, settled).await.unwrap(), Entered::Settled);
        let institution = city.institution;
        let counts = city.database.read(move |db| store::counts::counts(db, institution, id)).await.unwrap();
        assert_eq!(counts.sum("biaya"), 4);
        assert_eq!(city.acts().await[0], "survey.sheet-counted");
    });
}

#[tokio::test]
async fn two_people_enter_a_sheet_on_its_page_and_see_where_they_differ() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let path = format!("/kelola/survei/{id}/kertas");
    let mut form: Vec<(&str, &str)> = KEYS.iter().map(|key| (*key, "3")).collect();
    form.extend([("version", "2"), ("sheet", "A-5")]);
    let first = city.as_role(Role::CounterOfficer).post(&path, &form).await;
    assert_eq!(first.status, 303, "{}", first.text());
    let page = city.as_role(Role::UnitAdmin).get(&path).await;
    assert!(page.says("<strong>A-5</strong>"), "{}", page.text());
    form[0].1 = "1";
    let second = city.as_role(Role::UnitAdmin).post(&path, &form).await;
    assert!(
        second.status == 422 && second.says("Isian berbeda") && second.says("Sesuai / Tidak sesuai"),
        "{}",
        second.text()
    );
    let page = second.text();
    form.extend([("looked", "ya"), ("seen", between(&page, "name=\"seen\" value=\"", "\""))]);
    let counted = city.as_role(Role::UnitAdmin).post(&path, &form).await;
    assert!(counted.location().ends_with("?lembar=diputuskan"), "{}", counted.text());
    form.retain(|(key, _)| *key != "sarana");
    let wrong = city.as_role(Role::UnitAdmin).post(&path, &form).await;
    assert!(wrong.status == 422 && wrong.says("pertanyaan 8"));
}
