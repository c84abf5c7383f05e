//! Answering: by list, one at a time, twice, too late.

use super::{City, KEYS, between, chosen, delivery};
use crate::actions::Refused;
use crate::store;
use platform::identity::Role;
use platform::testing::{Browser, each_engine, migrated_sqlite};

fn fields(choice: &'static str) -> Vec<(&'static str, &'static str)> {
    KEYS.iter().map(|key| (*key, choice)).collect()
}

/// The hidden fields of a survey page.
fn hidden(page: &str) -> (String, String) {
    let value = |name: &str| between(page, &format!("name=\"{name}\" value=\""), "\"").to_owned();
    (value("kiriman"), value("survei"))
}

#[tokio::test]
async fn a_visit_is_answered_once_and_gets_a_receipt() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let code = city.codes(id, 1).await.remove(0).printed();
    let browser = city.browser();
    let typed = browser.get(&format!("/s?kode={}", code.to_uppercase().replace('-', "+"))).await;
    assert_eq!(typed.location(), format!("/s/{code}"));
    let page = browser.get(&format!("/s/{code}")).await.text();
    assert!(page.contains("Dinas Sosial") && page.contains("tidak terhubung dengan nama"), "{page}");
    assert!(!page.contains("checked") && !page.contains("selected"), "nothing is chosen beforehand");
    let (kiriman, survei) = hidden(&page);
    let mut form = fields("4");
    form.extend([("kiriman", kiriman.as_str()), ("survei", &survei), ("sex", "P"), ("promise-fee", "ya")]);
    form.push(("suggestion", "Tambah kursi."));
    let sent = browser.post(&format!("/s/{code}"), &form).await;
    assert_eq!(sent.status, 303, "{}", sent.text());
    let receipt = browser.get(sent.location()).await;
    assert!(receipt.says("Terima kasih") && receipt.says("2026 TW IV"), "{}", receipt.text());
    assert!(receipt.says(&crate::receipt(&kiriman)));
    assert!(!sent.location().contains(&kiriman), "browsers remember addresses: this one leads to no answer");
    let forged = sent.location().replace(&crate::receipt(&kiriman), "AAAA-AAAA");
    assert!(browser.get(&forged).await.says("Belum ada bukti"));
    let again = browser.post(&format!("/s/{code}"), &form).await;
    assert_eq!(again.location(), sent.location(), "the same sending is kept once and gets the same receipt");
    let used = browser.get(&format!("/s/{code}")).await;
    assert!(used.status == 410 && used.says("Survei untuk kunjungan ini sudah diisi"), "{}", used.text());
    let other = browser.post(&format!("/s/{code}"), &fields("1")).await;
    assert_eq!(other.status, 410, "another answer with the same code");
    assert!(browser.get("/s/terima-kasih?bukti=y").await.says("Belum ada bukti"));
    assert!(city.as_role(Role::UnitAdmin).get(&format!("/kelola/survei/{id}")).await.says("100 % (1 dari 1)"));
}

#[tokio::test]
async fn a_question_without_an_answer_is_named_and_the_others_are_kept() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let code = city.codes(id, 1).await.remove(0).printed();
    let form: Vec<_> = fields("3").into_iter().filter(|(key, _)| *key != "waktu").collect();
    let page = city.browser().post(&format!("/s/{code}"), &form).await;
    assert!(page.status == 422 && page.says("Pilih salah satu jawaban untuk pertanyaan 3"), "{}", page.text());
    assert_eq!(page.text().matches(" checked").count(), 8);
    let rest = city.browser().post(&format!("/s/{code}"), &fields("3")).await;
    assert_eq!(rest.status, 303, "the code was not used up: {}", rest.text());
}

#[tokio::test]
async fn a_slip_in_a_code_is_told_from_a_code_that_was_used() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let slip = city.browser().get("/s/aaaa-aaaa-aaaa").await;
    assert!(slip.status == 422 && slip.says("Kode ini tidak cocok") && slip.says("aaaa-aaaa-aaaa"));
    let unknown = city.browser().get(&format!("/s/{}", crate::Code::new().printed())).await;
    assert_eq!(unknown.status, 410);
}

/// Presses the button of a choice on each screen, as a browser would without any script.
async fn press(browser: &Browser, path: &str, page: &str, choice: &str) -> String {
    let mut form: Vec<(String, String)> = Vec::new();
    let first = between(page, "class=\"p-choices\"", "</form>");
    for field in first.split("<input type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = field.split_once('"').unwrap();
        form.push((name.to_owned(), between(rest, "value=\"", "\"").to_owned()));
    }
    let key = between(first, "name=\"", "\"").to_owned();
    let button = first.split("<button").nth(1).unwrap();
    form.push((between(button, "name=\"", "\"").to_owned(), choice.to_owned()));
    assert_ne!(key, "", "{page}");
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    browser.post(path, &form).await.text()
}

#[tokio::test]
async fn a_tablet_asks_one_question_at_a_time_and_sends_all_of_them() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let code = city.codes(id, 1).await.remove(0).printed();
    let (browser, path) = (city.browser(), format!("/s/{code}/layar"));
    let mut page = browser.get(&path).await.text();
    assert!(page.contains("Pertanyaan 1 dari 9"), "{page}");
    for number in 2..=9 {
        page = press(&browser, &path, &page, "4").await;
        assert!(page.contains(&format!("Pertanyaan {number} dari 9")), "{page}");
    }
    page = press(&browser, &path, &page, "3").await;
    assert!(page.contains("Langkah terakhir") && page.contains("Apakah waktunya sesuai"), "{page}");
    let mut form: Vec<(String, String)> = Vec::new();
    for field in between(&page, &format!("action=\"/s/{code}\""), "</form>").split("type=\"hidden\" name=\"").skip(1) {
        let (name, rest) = field.split_once('"').unwrap();
        form.push((name.to_owned(), between(rest, "value=\"", "\"").to_owned()));
    }
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let sent = browser.post(&format!("/s/{code}"), &form).await;
    assert!(browser.get(sent.location()).await.says("Terima kasih"), "{}", sent.text());
    let institution = city.institution;
    let counts = city.database.read(move |db| store::counts::counts(db, institution, id)).await.unwrap();
    assert_eq!(counts.of(|count| count.part == "pengaduan" && count.value == 3).answers(), 0);
    assert_eq!(counts.answers(), 1);
}

#[tokio::test]
async fn cards_are_printed_with_a_square_code_and_shown_once() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let desk = city.as_role(Role::CounterOfficer);
    let path = format!("/kelola/survei/{id}/kode");
    let form = [("version", "2"), ("count", "3"), ("place", "Loket 4"), ("channel", "web")];
    let cards = desk.post(&path, &form).await;
    assert_eq!(cards.text().matches("<svg width=\"200\"").count(), 3, "{}", cards.text());
    assert!(cards.says("Loket 4") && cards.says("2 menit, tanpa nama"));
    assert_eq!(cards.headers["cache-control"], "no-store");
    let code = between(&cards.text(), "<strong class=\"p-code\">", "</strong>").to_owned();
    assert_eq!(city.browser().get(&format!("/s/{code}")).await.status, 200);
    let list = desk.get(&path).await;
    assert!(list.says("Loket 4") && !list.says(&code), "a code is shown once");
    let many = desk.post(&path, &[("version", "2"), ("count", "501"), ("channel", "web")]).await;
    assert!(many.status == 422 && many.says("1 sampai 500"));
}

#[tokio::test]
async fn the_script_for_answers_without_a_signal_is_small_and_speaks_by_the_page() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let script = city.browser().get("/s/luring.js").await;
    assert!(script.bytes.len() <= 4096, "{} bytes", script.bytes.len());
    assert!(script.headers["content-type"].to_str().unwrap().starts_with("text/javascript"));
    let page = city.browser().get("/s").await;
    assert!(page.says("Tersimpan di ponsel. Akan terkirim saat ada sinyal.") && page.says("id=\"luring\""));
}

#[tokio::test]
async fn an_answer_that_waited_on_a_telephone_is_counted_as_such_and_once() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let code = city.codes(id, 1).await.remove(0).printed();
    let (kiriman, survei) = hidden(&city.browser().get(&format!("/s/{code}")).await.text());
    let mut form = fields("4");
    form.extend([("kiriman", kiriman.as_str()), ("survei", &survei), ("luring", "ya")]);
    for _ in 0..3 {
        let sent = city.browser().post(&format!("/s/{code}"), &form).await;
        assert!(sent.location().starts_with("/s/terima-kasih?"), "{}", sent.text());
    }
    let institution = city.institution;
    let counts = city.database.read(move |db| store::counts::counts(db, institution, id)).await.unwrap();
    assert_eq!(counts.of(|count| count.channel == crate::Channel::Offline).answers(), 1);
    assert_eq!(counts.answers(), 1);
}

#[test]
fn an_answer_is_kept_once_however_often_it_arrives() {
    each_engine("an answer that arrives twice", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        let codes = city.codes(id, 2).await;
        assert!(city.send(id, &codes[0], &delivery(1), &chosen(&[3])).await.unwrap());
        assert!(!city.send(id, &codes[0], &delivery(1), &chosen(&[3])).await.unwrap());
        let other = city.send(id, &codes[0], &delivery(2), &chosen(&[1])).await;
        assert!(matches!(other, Err(Refused::Used)), "{other:?}");
        let institution = city.institution;
        let counts = city.database.read(move |db| store::counts::counts(db, institution, id)).await.unwrap();
        assert_eq!(counts.answers(), 1);
    });
}

#[test]
fn counts_are_the_same_before_and_after_the_minute_in_which_they_are_made() {
    each_engine("counts that are made later", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        let codes = city.codes(id, 6).await;
        let institution = city.institution;
        let counts = |database: platform::database::Database| async move {
            database.read(move |db| store::counts::counts(db, institution, id)).await.unwrap()
        };
        for (number, code) in codes.iter().enumerate() {
            city.send(id, code, &delivery(number), &chosen(&[3, 4, 1])).await.unwrap();
            if number % 2 == 1 {
                let before = counts(city.database.clone()).await;
                crate::jobs::count_all(&city.app).await.unwrap();
                let after = counts(city.database.clone()).await;
                assert_eq!(after.answers(), number as u64 + 1);
                for part in ["persyaratan", "prosedur", "sarana"] {
                    assert_eq!(before.sum(part), after.sum(part));
                }
            }
        }
        crate::jobs::count_all(&city.app).await.unwrap();
        assert_eq!(counts(city.database.clone()).await.answers(), 6, "counting again counts nothing twice");
        let answered = city.database.read(move |db| store::counts::answered(db, institution, id)).await.unwrap();
        assert_eq!(answered, 6);
    });
}

/// The page of a survey and the answer to it, with a suggestion, as somebody with a telephone has it.
#[tokio::test]
async fn the_page_and_its_answer_take_five_statements_at_most() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let code = city.codes(id, 1).await.remove(0).printed();
    let browser = city.browser();
    browser.get("/s").await;
    let before = city.database.gauges().statements;
    let page = browser.get(&format!("/s/{code}")).await.text();
    let (kiriman, survei) = hidden(&page);
    let mut form = fields("4");
    form.extend([("kiriman", kiriman.as_str()), ("survei", &survei), ("suggestion", "Tambah kursi.")]);
    assert_eq!(browser.post(&format!("/s/{code}"), &form).await.status, 303);
    let statements = city.database.gauges().statements - before;
    assert!((1..=5).contains(&statements), "{statements} statements");
}

#[tokio::test]
async fn no_browser_keeps_a_page_with_answers() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.open().await;
    let code = city.codes(id, 1).await.remove(0).printed();
    for address in [format!("/s/{code}"), format!("/s/{code}/layar")] {
        assert_eq!(city.browser().get(&address).await.headers["cache-control"], "no-store");
    }
}

#[test]
fn nobody_answers_before_a_period_is_open_or_after_it_is_closed() {
    each_engine("answers out of time", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        let codes = city.codes(id, 1).await;
        city.close(id).await;
        let late = city.send(id, &codes[0], &delivery(1), &chosen(&[3])).await;
        assert!(matches!(late, Err(Refused::Used)), "{late:?}");
        let institution = city.institution;
        let progress = city.database.read(move |db| store::codes::progress(db, institution, id)).await.unwrap();
        assert_eq!(progress, (1, 0), "codes nobody used are removed");
    });
}

#[test]
fn many_answers_at_once_are_all_counted() {
    each_engine("answers at once", |database| async move {
        let city = City::new(database).await;
        let id = city.open().await;
        let codes = city.codes(id, 40).await;
        let (answered, choices) = (chosen(&[1, 2, 3, 4]), [1_u8, 2, 3, 4]);
        let names: Vec<String> = (0..codes.len()).map(delivery).collect();
        let mut sent = Vec::new();
        for (code, name) in codes.iter().zip(&names) {
            sent.push(Box::pin(city.send(id, code, name, &answered)));
        }
        for result in futures_of(sent).await {
            assert!(result.unwrap());
        }
        let institution = city.institution;
        let counts = city.database.read(move |db| store::counts::counts(db, institution, id)).await.unwrap();
        assert_eq!(counts.answers(), 40);
        for (place, key) in KEYS.iter().enumerate() {
            let of = counts.of(|count| count.part == *key);
            let sum = i64::from(choices[place % 4]) * 40;
            assert_eq!(of.sum(key), u64::try_from(sum).unwrap(), "{key}");
        }
    });
}

/// Waits for all, which run side by side.
async fn futures_of<F: Future + Unpin>(mut waiting: Vec<F>) -> Vec<F::Output> {
    let mut done: Vec<Option<F::Output>> = waiting.iter().map(|_| None).collect();
    std::future::poll_fn(|context| {
        let mut all = true;
        for (future, done) in waiting.iter_mut().zip(&mut done) {
            if done.is_none() {
                match std::pin::Pin::new(future).poll(context) {
                    std::task::Poll::Ready(output) => *done = Some(output),
                    std::task::Poll::Pending => all = false,
                }
            }
        }
        if all { std::task::Poll::Ready(()) } else { std::task::Poll::Pending }
    })
    .await;
    done.into_iter().flatten().collect()
}
