//! Elements beside one another: which to improve first, from the answers themselves, and how each went from period to period.

use super::{City, chosen, delivery};
use crate::importance;
use crate::period::PeriodId;
use platform::database::DatabaseError;
use platform::identity::Role;
use platform::testing::{each_engine, migrated_sqlite};

/// A quarter of people in three moods: what they say of the first three elements follows their mood and is low, of the fourth to the
/// sixth it follows it and is high; the others are high and follow nothing.
async fn moody(city: &City, people: usize) -> PeriodId {
    let id = city.open().await;
    for (number, code) in city.codes(id, i64::try_from(people).unwrap()).await.iter().enumerate() {
        let number = u8::try_from(number).unwrap();
        let (low, high) = (1 + number % 3, 2 + number % 3);
        let answers =
            [low, low, low, high, high, high, 3 + (number / 3) % 2, 4 - (number / 5) % 2, 3 + (number / 7) % 2];
        city.send(id, code, &delivery(usize::from(number)), &chosen(&answers)).await.unwrap();
    }
    city.close(id).await;
    id
}

/// What the job does, when its turn comes.
async fn made(city: &City, id: PeriodId) {
    let institution = city.institution;
    city.database.write(move |db| importance::make_now(db, institution, id)).await.unwrap();
}

#[test]
fn what_goes_with_the_whole_and_is_weak_is_to_be_improved_first() {
    each_engine("priorities", |database| async move {
        let city = City::new(database).await;
        let id = moody(&city, 36).await;
        let (auditor, path) = (city.as_role(Role::Auditor), format!("/kelola/survei/{id}/hasil"));
        assert!(!auditor.get(&path).await.says("grafik-prioritas"), "not before the job has run");
        let now = city.clock.now();
        let waiting = city.database.read(move |db| platform::jobs::counts(db, now)).await.unwrap();
        assert_eq!(waiting.due, 1, "whoever closes asks for it");
        made(&city, id).await;
        for (language, words) in [("id", "Perbaiki dahulu: Persyaratan"), ("en", "Improve first: Requirements")] {
            let page = auditor.get(&format!("{path}?lang={language}")).await;
            assert!(page.says("grafik-prioritas") && page.says(words), "{}", page.text());
        }
        let page = auditor.get(&format!("{path}?lang=id")).await.text();
        // The table beside the drawing, whose rows begin with the element.
        let chart =
            page.split_once("grafik-prioritas").and_then(|(_, after)| after.split_once("<tbody")).expect("the chart").1;
        let row = |name: &str| chart.split(&format!("{name}</th>")).nth(1).expect("a row").split("<tr").next().unwrap();
        assert!(row("Waktu penyelesaian").contains("Perbaiki dahulu"), "{}", row("Waktu penyelesaian"));
        assert!(row("Kompetensi pelaksana").contains("Pertahankan"), "{}", row("Kompetensi pelaksana"));
        assert!(row("Perilaku pelaksana").contains("Cukup"), "{}", row("Perilaku pelaksana"));
    });
}

#[tokio::test]
async fn of_few_answers_no_priority_is_told() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = moody(&city, 29).await;
    made(&city, id).await;
    let page = city.as_role(Role::Auditor).get(&format!("/kelola/survei/{id}/hasil")).await;
    assert!(page.status == 200 && !page.says("grafik-prioritas"));
}

#[tokio::test]
async fn a_changed_result_shows_no_priority_of_the_one_before() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = moody(&city, 36).await;
    made(&city, id).await;
    let institution = city.institution;
    let other = city.database.write(move |db| {
        let period = crate::store::periods::period(db, institution, id)?.expect("it is there");
        let inputs = period.inputs.clone().expect("it is closed").replace("1200", "1300");
        crate::store::periods::set_inputs(db, institution, &period, &inputs)
    });
    let changed: Result<bool, DatabaseError> = other.await;
    assert!(changed.unwrap());
    let path = format!("/kelola/survei/{id}/hasil");
    let auditor = city.as_role(Role::Auditor);
    assert!(!auditor.get(&path).await.says("grafik-prioritas"));
    made(&city, id).await;
    assert!(auditor.get(&path).await.says("grafik-prioritas"), "made anew, it is shown again");
}

#[tokio::test]
async fn everybody_sees_the_priorities_on_a_page_of_their_own() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = moody(&city, 36).await;
    made(&city, id).await;
    city.publish(id).await.unwrap();
    let browser = city.browser();
    let first = browser.get(&format!("/survei/{id}")).await;
    assert!(!first.says("grafik-prioritas") && first.says("?menurut=unsur"), "{}", first.text());
    let page = browser.get(&format!("/survei/{id}?menurut=unsur")).await;
    assert!(page.says("grafik-prioritas") && page.says("Perbaiki dahulu"), "{}", page.text());
}
