//! A closed period: its result is that of `prima score` on the exported answers, to the last digit, and can be verified anywhere.

use super::{City, between, chosen, delivery};
use crate::actions::Refused;
use crate::period::PeriodId;
use calculation::{InputFile, Options, ResultFile, instruments, score};
use platform::identity::Role;
use platform::testing::{each_engine, migrated_sqlite};
use rules::phrase::Language;
use std::io::Write as _;

/// A quarter with answers of many kinds, closed.
async fn closed(city: &City, people: usize) -> PeriodId {
    let id = city.open().await;
    let codes = city.codes(id, i64::try_from(people).unwrap()).await;
    for (number, code) in codes.iter().enumerate() {
        let turn = u8::try_from(number % 4).unwrap();
        let mut form = chosen(&[1 + turn, 4, 2 + turn % 3, 3, 1 + (turn + 2) % 4]);
        form.set("sex", if number % 3 == 0 { "P" } else { "L" });
        form.set("age", if number % 7 == 0 { "65-" } else { "25-34" });
        form.set("promise-time", if number % 5 == 0 { "tidak" } else { "ya" });
        form.set("suggestion", if number % 4 == 0 { "Tambah kursi tunggu" } else { "" });
        assert!(city.send(id, code, &delivery(number), &form).await.unwrap());
    }
    city.close(id).await;
    id
}

/// What `prima score` makes of a file of answers.
fn scored(csv: &[u8], population: Option<u64>) -> ResultFile {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(csv).unwrap();
    let file = InputFile::called(file.path(), "jawaban.csv");
    let instrument = instruments::find("skm-2017").unwrap();
    let options = Options { population, ..Options::default() };
    score(instrument, &[file], options).unwrap().published(Language::Indonesian).unwrap()
}

/// How many results of a file `prima verify` does not reproduce.
pub(super) fn differs(json: &str) -> u64 {
    let mut file = tempfile::NamedTempFile::new().unwrap();
    file.write_all(json.as_bytes()).unwrap();
    let file = InputFile::called(file.path(), "hasil.json");
    let verified = calculation::verify::file(&file, None, Language::Indonesian).unwrap();
    let verified = verified.published(Language::Indonesian);
    assert_eq!(verified.kind, "result");
    verified.differs
}

#[tokio::test]
async fn the_index_is_that_of_the_exported_answers_to_the_last_digit() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = closed(&city, 53).await;
    let auditor = city.as_role(Role::Auditor);
    let csv = auditor.get(&format!("/kelola/survei/{id}/hasil/jawaban.csv")).await;
    assert_eq!(csv.text().lines().count(), 54, "{}", csv.text());
    let json = auditor.get(&format!("/kelola/survei/{id}/hasil/hasil.json")).await;
    let again = calculation::render::json(&scored(&csv.bytes, Some(1_200)));
    assert_eq!(json.text(), again);
    assert!(again.contains("\"margin\"") && again.contains("\"institution\": \"Kota Contoh\""), "{again}");
}

#[tokio::test]
async fn the_result_is_shown_with_its_parts_and_printed() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = closed(&city, 53).await;
    let auditor = city.as_role(Role::Auditor);
    for language in ["id", "en"] {
        let page = auditor.get(&format!("/kelola/survei/{id}/hasil?lang={language}")).await;
        assert_eq!(page.status, 200, "{}", page.text());
        assert!(page.says("p-steps") && page.says("<svg") && page.says("Tambah kursi tunggu"));
    }
    let page = auditor.get(&format!("/kelola/survei/{id}/hasil?cari=parkir&lang=id")).await;
    assert!(page.says("Tidak ada saran yang cocok") && page.says("79 % menjawab ya (42 dari 53)"), "{}", page.text());
    assert!(page.says("tambah</a> (14)"), "frequent words");
    let pdf = auditor.get(&format!("/kelola/survei/{id}/hasil/laporan.pdf")).await;
    assert!(pdf.bytes.starts_with(b"%PDF"), "{}", pdf.status);
    let again = auditor.get(&format!("/kelola/survei/{id}/hasil/laporan.pdf")).await;
    assert_eq!(pdf.bytes, again.bytes, "the same report whenever it is asked for");
}

#[tokio::test]
async fn a_published_result_is_verified_by_anybody_and_refused_after_one_changed_byte() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = closed(&city, 53).await;
    let browser = city.browser();
    assert_eq!(browser.get(&format!("/survei/{id}")).await.status, 404, "not published yet");
    let step = [("step", "publish"), ("version", "3")];
    let done = city.as_role(Role::Coordinator).post(&format!("/kelola/survei/{id}/langkah"), &step).await;
    assert_eq!(done.status, 303, "{}", done.text());
    let list = browser.get("/survei").await;
    assert!(list.says("Dinas Sosial") && list.says(&format!("/survei/{id}")), "{}", list.text());
    let page = browser.get(&format!("/survei/{id}")).await.text();
    assert!(!page.contains("Laki-laki"), "groups stand on a page of their own");
    let groups = browser.get(&format!("/survei/{id}?menurut=kelompok")).await;
    assert!(groups.says("Laki-laki") && groups.says("Kruskal–Wallis"), "{}", groups.text());
    let address = between(&page, "href=\"/kinerja/", "\"").to_owned();
    let shown = browser.get(&format!("/kinerja/{address}")).await;
    assert!(shown.status == 200 && shown.says("2026 TW IV"), "{address}: {}", shown.text());
    assert!(shown.says("53 answers by code, 0 on paper, 0 from tables"), "{}", shown.text());
    let published = browser.get(&format!("/kinerja/{address}/hasil.json")).await.text();
    let own = browser.get(&format!("/survei/{id}/hasil.json")).await.text();
    assert_eq!(published, own, "one result, whichever page gives it");
    assert_eq!(differs(&own), 0, "agrees with its own inputs");
    let one = own.replacen("\"respondents\": 53", "\"respondents\": 54", 1);
    assert_ne!(one, own);
    assert_eq!(differs(&one), 1, "a changed file is found out");
    assert!(browser.get(&format!("/survei/{id}/jawaban.csv")).await.says("instansi,unit,periode"));
}

#[test]
fn a_result_of_four_answers_is_not_published_and_its_answers_are_not_given_out() {
    each_engine("four answers", |database| async move {
        let city = City::new(database).await;
        let id = closed(&city, 4).await;
        assert!(matches!(city.publish(id).await, Err(Refused::TooFew)));
    });
}

/// Whoever makes codes can give one to one visitor: what that one chose must stand nowhere.
#[tokio::test]
async fn of_fewer_than_five_answers_no_page_and_no_file_tells_anything() {
    for people in [1, 4] {
        let fresh = migrated_sqlite();
        let city = City::new(fresh.clone()).await;
        let id = closed(&city, people).await;
        for role in [Role::UnitAdmin, Role::Coordinator, Role::Auditor] {
            let browser = city.as_role(role);
            for file in ["jawaban.csv", "hasil.json", "laporan.pdf"] {
                let given = browser.get(&format!("/kelola/survei/{id}/hasil/{file}")).await;
                assert_eq!(given.status, 404, "{people} answers, {file}");
            }
            let page = browser.get(&format!("/kelola/survei/{id}/hasil")).await;
            assert!(page.says("Kurang dari lima orang menjawab"), "{}", page.text());
            assert!(
                !page.says("Tambah kursi") && !page.says("grafik-unsur") && !page.says("p-facts"),
                "{}",
                page.text()
            );
        }
    }
}

#[tokio::test]
async fn whoever_serves_at_a_counter_reads_no_texts_and_no_rows() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = closed(&city, 53).await;
    for role in [Role::CounterOfficer, Role::CitizenDesk, Role::SystemAdmin] {
        let browser = city.as_role(role);
        let page = browser.get(&format!("/kelola/survei/{id}/hasil")).await;
        assert!(page.status == 200 && page.says("grafik-unsur"), "{role:?}: {}", page.text());
        assert!(!page.says("Tambah kursi tunggu") && !page.says("jawaban.csv"), "{role:?}: {}", page.text());
        assert_eq!(browser.get(&format!("/kelola/survei/{id}/hasil/jawaban.csv")).await.status, 403, "{role:?}");
    }
}

/// Forty-nine people, one of them of 65 and more: how many they are is not told either.
#[tokio::test]
async fn of_a_small_group_no_page_tells_more_than_that_it_is_small() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let codes = city.codes(id, 20).await;
    for (number, code) in codes.iter().enumerate() {
        let mut form = chosen(&[3, 4]);
        form.set("age", if number == 0 { "65-" } else { "25-34" });
        city.send(id, code, &delivery(number), &form).await.unwrap();
    }
    city.close(id).await;
    let page = city.as_role(Role::Auditor).get(&format!("/kelola/survei/{id}/hasil")).await.text();
    assert!(page.contains("&#60; 5") || page.contains("&lt; 5"), "{page}");
}

#[test]
fn a_result_is_published_once() {
    each_engine("publishing", |database| async move {
        let city = City::new(database).await;
        let id = closed(&city, 6).await;
        city.publish(id).await.unwrap();
        let desk = city.desk();
        let again = city.database.write(move |db| crate::publish(db, &desk, (id, 4))).await;
        assert!(matches!(again, Err(Refused::WrongState)), "{again:?}");
    });
}

#[tokio::test]
async fn before_a_period_is_closed_nobody_sees_values_or_answers() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let coordinator = city.as_role(Role::Coordinator);
    for path in ["hasil", "hasil/hasil.json", "hasil/jawaban.csv", "hasil/laporan.pdf"] {
        assert_eq!(coordinator.get(&format!("/kelola/survei/{id}/{path}")).await.status, 404, "{path}");
    }
}

/// Twelve usual answers a day for five days, and one afternoon on which thirty tablets were all answered alike.
async fn with_an_odd_day(city: &City) -> PeriodId {
    let id = city.open().await;
    let codes = city.codes(id, 90).await;
    for (number, code) in codes.iter().enumerate() {
        let turn = u8::try_from(number % 4).unwrap();
        let odd = number >= 60;
        let form = if odd { chosen(&[4]) } else { chosen(&[1 + turn, 3, 1 + (turn + 1) % 4, 2]) };
        city.send(id, code, &delivery(number), &form).await.unwrap();
        if number < 60 && number % 12 == 11 {
            city.clock.advance(time::Duration::days(1));
        }
    }
    city.close(id).await;
    id
}

#[test]
fn odd_answers_are_left_out_by_a_recorded_decision_and_both_figures_are_shown() {
    each_engine("odd answers", |database| async move {
        let city = City::new(database).await;
        let id = with_an_odd_day(&city).await;
        let coordinator = city.as_role(Role::Coordinator);
        let path = format!("/kelola/survei/{id}/periksa");
        let page = coordinator.get(&path).await;
        assert!(page.says("30 dari 30 jawaban memilih 4 untuk semua unsur"), "{}", page.text());
        let flag = "straight:2026-11-26:web:4";
        let bare = [("version", "3"), ("flag", flag), ("decision", "out"), ("reason", "")];
        let page = coordinator.post(&path, &bare).await;
        assert!(page.status == 422 && page.says("Tulis alasan"), "no decision without a reason");
        let before = city.period(id).await;
        let reason = "Diisi petugas dari satu tablet.";
        let out = [("version", "3"), ("flag", flag), ("decision", "out"), ("reason", reason)];
        assert_eq!(coordinator.post(&path, &out).await.status, 303);
        let after = city.period(id).await;
        assert_eq!((crate::result::respondents(&before), crate::result::respondents(&after)), (90, 60));
        assert_eq!(after.all_inputs, before.inputs, "the figure over all answers stays");
        assert_eq!(city.acts().await[0], "survey.answers-excluded");
        let shown = coordinator.get(&format!("/kelola/survei/{id}/hasil")).await;
        assert!(shown.says("Dengan semua 90 jawaban") && shown.says(reason), "{}", shown.text());
        let csv = coordinator.get(&format!("/kelola/survei/{id}/hasil/jawaban.csv")).await;
        let json = coordinator.get(&format!("/kelola/survei/{id}/hasil/hasil.json")).await;
        assert_eq!(
            json.text(),
            calculation::render::json(&scored(&csv.bytes, Some(1_200))),
            "still that of the export"
        );
        let back = [("version", "4"), ("flag", flag), ("decision", "in"), ("reason", "")];
        assert_eq!(coordinator.post(&path, &back).await.status, 303);
        assert_eq!(city.period(id).await.inputs, before.inputs, "and it can be taken back");
        assert_eq!(city.as_role(Role::UnitAdmin).get(&path).await.status, 403, "not by the unit itself");
    });
}

/// Six a day for five days, and on the sixth three usual answers beside thirty-four that chose one answer throughout: the straight line
/// lies within the burst.
#[test]
fn an_answer_under_two_flags_comes_back_when_both_are_taken_in_again() {
    each_engine("nested flags", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        let codes = city.codes(id, 67).await;
        for (number, code) in codes.iter().enumerate() {
            let turn = u8::try_from(number % 4).unwrap();
            let form = if number >= 33 { chosen(&[4]) } else { chosen(&[1 + turn, 3, 1 + (turn + 1) % 4, 2]) };
            city.send(id, code, &delivery(number), &form).await.unwrap();
            if number < 30 && number % 6 == 5 {
                city.clock.advance(time::Duration::days(1));
            }
        }
        city.close(id).await;
        let before = city.period(id).await;
        let judge = |version, flag: &'static str, out| {
            let (desk, reason) = (city.desk(), "Diisi dari satu tablet.");
            city.database.write(move |db| crate::judge(db, &desk, (id, version), (flag, out, reason)))
        };
        let (line, burst) = ("straight:2026-11-26:web:4", "burst:2026-11-26");
        judge(3, line, true).await.unwrap();
        assert_eq!(crate::result::respondents(&city.period(id).await), 33);
        let twice = judge(4, line, true).await;
        assert!(matches!(twice, Err(Refused::AlreadyDecided)), "{twice:?}");
        judge(4, burst, true).await.unwrap();
        assert_eq!(crate::result::respondents(&city.period(id).await), 30);
        judge(5, burst, false).await.unwrap();
        assert_eq!(crate::result::respondents(&city.period(id).await), 33, "the straight line stays out");
        let never = judge(6, burst, false).await;
        assert!(matches!(never, Err(Refused::AlreadyDecided)), "what counts cannot be taken in: {never:?}");
        let page = city.as_role(Role::Auditor).get(&format!("/kelola/survei/{id}/hasil")).await;
        assert!(page.says("34 jawaban dikeluarkan") && page.says("Dengan semua 67 jawaban"), "{}", page.text());
        judge(6, line, false).await.unwrap();
        assert_eq!(city.period(id).await.inputs, before.inputs);
    });
}

#[test]
fn a_published_result_is_corrected_in_the_open_and_never_in_silence() {
    each_engine("a correction", |database| async move {
        let city = City::new(database).await;
        let id = with_an_odd_day(&city).await;
        city.publish(id).await.unwrap();
        let browser = city.browser();
        let index = |page: &str| between(page, "<dt>Indeks (IKM)</dt><dd>", "<").to_owned();
        let before = index(&browser.get(&format!("/survei/{id}")).await.text());
        let report = browser.get(&format!("/survei/{id}/laporan.pdf")).await.bytes;
        let coordinator = city.as_role(Role::Coordinator);
        let reason = "Diisi petugas dari satu tablet.";
        let flag = ("flag", "straight:2026-11-26:web:4");
        let out = [("version", "4"), flag, ("decision", "out"), ("reason", reason)];
        let done = coordinator.post(&format!("/kelola/survei/{id}/periksa"), &out).await;
        assert_eq!(done.status, 303, "{}", done.text());
        let page = browser.get(&format!("/survei/{id}")).await.text();
        let after = index(&page);
        assert_ne!(before, after);
        assert!(page.contains(&format!("indeks {before} menjadi {after}. Alasan: {reason}")), "{page}");
        let address = between(&page, "href=\"/kinerja/", "\"").to_owned();
        let published = browser.get(&format!("/kinerja/{address}/hasil.json")).await.text();
        assert_eq!(differs(&published), 0);
        assert!(published.contains(&after.replace(',', ".")), "the published result is the corrected one");
        assert_eq!(&city.acts().await[..2], ["survey.answers-excluded", "survey.result-corrected"]);
        let pdf = browser.get(&format!("/survei/{id}/laporan.pdf")).await.bytes;
        assert_ne!(pdf, report, "the report tells of the correction");
        let again = browser.get(&format!("/survei/{id}/laporan.pdf")).await.bytes;
        assert_eq!(pdf, again);
    });
}

platform::statements! {
    private;
    OWN = "SELECT own FROM survey_answer";
    RENAME_UNITS = "UPDATE unit SET name = 'Dinas Lain'";
    RENAME_CITIES = "UPDATE institution SET name = 'Pemerintah Kota Lain'";
    ADD_SERVICE = "INSERT INTO service (id, institution_id, unit_id, slug, name, plain_name, category, state, facts, example, revision,
            version, created_at, changed_at, published_at)
        SELECT id, institution_id, id, 'kartu', 'Kartu Keluarga', 'kartu keluarga', 'kependudukan', 'published',
            '{\"summary\":\"\",\"audience\":\"\",\"events\":[],\"channels\":[],\"hours\":[],\"requirements\":[]}',
            1 = 0, 1, 1, '2026-11-21T01:00:00.000000Z', '2026-11-21T01:00:00.000000Z', '2026-11-21T01:00:00.000000Z'
        FROM unit WHERE id = $1";
    MOVE_SERVICES = "UPDATE service SET name = 'Paspor', unit_id = (SELECT id FROM unit WHERE slug = 'dinas-kesehatan')";
}

#[tokio::test]
async fn what_is_renamed_or_moved_later_changes_no_published_result() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let (desk, unit) = (city.desk(), city.unit);
    city.database.write(move |db| db.execute(ADD_SERVICE, platform::params![unit])).await.unwrap();
    let id = city.open().await;
    let service = Some(services::ServiceId::from(unit.uuid()));
    let wanted = crate::NewBatch { service, place: String::new(), channel: crate::Channel::Web, count: 8 };
    let codes = city.database.write(move |db| crate::issue(db, &desk, (id, 2), &wanted)).await.unwrap();
    for (number, code) in codes.iter().enumerate() {
        city.send(id, code, &delivery(number), &chosen(&[3, 4])).await.unwrap();
    }
    city.close(id).await;
    city.publish(id).await.unwrap();
    let browser = city.browser();
    let address = between(&browser.get(&format!("/survei/{id}")).await.text(), "href=\"/kinerja/", "\"").to_owned();
    let (json, csv) = (format!("/survei/{id}/hasil.json"), format!("/survei/{id}/jawaban.csv"));
    let before = (browser.get(&json).await.text(), browser.get(&csv).await.text());
    assert!(before.1.contains("Kartu Keluarga"), "{}", before.1);
    for change in [RENAME_UNITS, RENAME_CITIES, MOVE_SERVICES] {
        city.database.write(move |db| db.execute(change, &[])).await.unwrap();
    }
    let page = browser.get(&format!("/survei/{id}")).await.text();
    assert!(page.contains("Kartu Keluarga") && !page.contains("Paspor"), "{page}");
    assert_eq!(between(&page, "href=\"/kinerja/", "\""), address, "the address of a result stays");
    assert_eq!(browser.get(&format!("/kinerja/{address}")).await.status, 200);
    assert_eq!((browser.get(&json).await.text(), browser.get(&csv).await.text()), before);
    assert_eq!(browser.get(&format!("/kinerja/{address}/hasil.json")).await.text(), before.0, "one result");
}

/// Answers to the unit's own questions lie apart from the answers they came with, are read by staff, and paged like suggestions.
#[tokio::test]
async fn own_questions_are_asked_everywhere_and_their_answers_are_shown() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.planned().await;
    let (desk, plan) = (city.desk(), super::quarter());
    let changes = crate::Changes { plan, questions: vec!["Dari mana Anda tahu?".into()], quotas: Vec::new() };
    city.database.write(move |db| crate::change(db, &desk, (id, 1), &changes)).await.unwrap();
    let desk = city.desk();
    city.database.write(move |db| crate::open(db, &desk, (id, 2))).await.unwrap();
    let wanted = crate::NewBatch { service: None, place: String::new(), channel: crate::Channel::Web, count: 60 };
    let codes = city.database.write(move |db| crate::issue(db, &desk, (id, 3), &wanted)).await.unwrap();
    for (number, code) in codes.iter().enumerate() {
        let mut form = chosen(&[3, 4]);
        form.set("own-1", format!("Tetangga nomor {number}"));
        city.send(id, code, &delivery(number), &form).await.unwrap();
    }
    let paper = city.as_role(Role::CounterOfficer).get(&format!("/kelola/survei/{id}/kertas")).await;
    assert!(paper.says("name=\"own-1\""), "{}", paper.text());
    let desk = city.desk();
    city.database.write(move |db| crate::close(db, &desk, (id, 3))).await.unwrap();
    let auditor = city.as_role(Role::Auditor);
    let path = format!("/kelola/survei/{id}/hasil");
    let page = auditor.get(&path).await;
    assert!(page.says("Dari mana Anda tahu?") && !page.says("Tetangga nomor"), "{}", page.text());
    let page = auditor.get(&format!("{path}?pertanyaan=1")).await.text();
    assert!(page.contains("60 tulisan"), "{page}");
    assert_eq!(page.matches("<li>Tetangga nomor").count(), 50);
    let rest = auditor.get(&format!("{path}?pertanyaan=1&halaman=2")).await.text();
    assert_eq!(rest.matches("<li>Tetangga nomor").count(), 10);
    let csv = auditor.get(&format!("{path}/tulisan.csv")).await.text();
    assert_eq!(csv.matches("Dari mana Anda tahu?,Tetangga nomor").count(), 60, "{csv}");
    assert_eq!(city.as_role(Role::CounterOfficer).get(&format!("{path}/tulisan.csv")).await.status, 403);
    let stored = city.database.read(|db| db.all::<(Option<String>,)>(OWN, &[])).await.unwrap();
    assert!(stored.iter().all(|(own,)| own.is_none()), "no text lies in the row of an answer");
}
