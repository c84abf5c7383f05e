//! Answers from elsewhere: tables, and paper entered by two people.

use super::{City, KEYS, between, chosen};
use crate::actions::{self, Difference, Entered, Refused, Sheet};
use crate::answer::{Answer, Channel};
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
    Sheet { number: number.into(), answer: Answer::read(&instrument, 0, form).unwrap(), looked_again: false }
}

#[tokio::test]
async fn a_table_is_looked_through_row_by_row_and_taken_over_once() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let admin = city.as_role(Role::UnitAdmin);
    let path = format!("/kelola/survei/{id}/impor");
    let page = admin.upload(&path, &[], ("berkas", "jawaban.csv", TABLE.as_bytes())).await;
    let review = page.location().to_owned();
    let page = admin.get(&review).await;
    assert!(page.says("2 baris dapat disimpan, 1 baris tidak"), "{}", page.text());
    assert!(page.says("<th scope=\"row\">3<") && page.says("Kolom waktu: “5” bukan jawaban") && page.says("Cuaca"));
    let text = page.text();
    let draft = between(&text, "name=\"berkas\" value=\"", "\"").to_owned();
    for expected in [303, 303] {
        let stored = admin.post(&format!("{path}/simpan"), &[("berkas", &draft), ("version", "2")]).await;
        assert_eq!(stored.status, expected, "{}", stored.text());
    }
    let again = admin.upload(&path, &[], ("berkas", "salinan.csv", TABLE.as_bytes())).await;
    let text = admin.get(again.location()).await.text();
    let draft = between(&text, "name=\"berkas\" value=\"", "\"").to_owned();
    admin.post(&format!("{path}/simpan"), &[("berkas", &draft), ("version", "2")]).await;
    let institution = city.institution;
    let counts = city.database.read(move |db| store::counts::counts(db, institution, id)).await.unwrap();
    assert_eq!(
        counts.of(|count| count.channel == Channel::File).answers(),
        2,
        "the same table a second time changes nothing"
    );
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
        let settled = Sheet { looked_again: true, ..sheet("8", &chosen(&[4])) };
        assert_eq!(enter(other, settled).await.unwrap(), Entered::Counted);
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
    form.push(("looked", "ya"));
    let counted = city.as_role(Role::UnitAdmin).post(&path, &form).await;
    assert!(counted.location().ends_with("?lembar=dihitung"), "{}", counted.text());
    form.retain(|(key, _)| *key != "sarana");
    let wrong = city.as_role(Role::UnitAdmin).post(&path, &form).await;
    assert!(wrong.status == 422 && wrong.says("pertanyaan 8"));
}
