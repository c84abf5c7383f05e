//! What this slice says by mail, read as it arrived at a real mail server.

use super::{City, PASSWORD, Someone, between, sign_in};
use platform::identity::Role;
use platform::jobs::{Handlers, Outcome, Settings, Worker};
use platform::messages::{self, Mail, MessageCounts};
use platform::testing::{Browser, MailServer, each_engine, read_every_kind};
use time::Duration;

const CHOSEN: &str = "sepeda merah di bawah hujan";

impl City {
    /// Does everything that is due.
    async fn work(&self) {
        let handlers = messages::handlers(Handlers::new(), Duration::days(90));
        let outcomes = Worker::new(self.app.clone(), handlers, Settings::default()).work_off().await.unwrap();
        assert!(outcomes.iter().all(|outcome| *outcome == Outcome::Done), "{outcomes:?}");
    }

    async fn counts(&self) -> MessageCounts {
        let institution = self.institution;
        self.database.read(move |db| messages::counts(db, institution)).await.unwrap()
    }

    /// Asks for a forgotten password, and waits for what is done beside the answer.
    async fn forget(&self, email: &str) -> platform::testing::Answer {
        let answer = self.browser().post("/masuk/lupa", &[("email", email)]).await;
        self.settle().await;
        self.work().await;
        answer
    }

    /// Waits for what is done beside an answer: the writer takes requests in turn, so the next one comes after it.
    async fn settle(&self) {
        tokio::time::sleep(std::time::Duration::from_millis(600)).await;
        self.database.write(|_| Ok::<_, platform::database::DatabaseError>(())).await.unwrap();
    }
}

fn mail(server: &MailServer) -> Mail {
    Mail::new(server.settings()).unwrap()
}

/// The words of a message, with its soft line ends undone.
fn plain(message: &str) -> String {
    message.replace("=\n", "").replace("=3D", "=")
}

/// The messages of a mailbox whose subject begins so.
fn about(server: &MailServer, name: &str, subject: &str) -> Vec<String> {
    let all = server.mailbox(name);
    let fits = |one: &String| one.contains(&format!("\nSubject: {subject}"));
    all.into_iter().filter(fits).map(|one| plain(&one)).collect()
}

/// The path of the link in a message.
fn link_in(message: &str) -> String {
    format!("/undangan/{}", between(message, "/undangan/", "\n"))
}

async fn invite(admin: &Browser) -> platform::testing::Answer {
    let fields = [("name", "Budi"), ("email", "budi@contoh.go.id"), ("role", "juror")];
    admin.post("/kelola/orang/undang", &fields).await
}

#[test]
fn every_kind_of_message_can_be_read_in_both_languages() {
    read_every_kind(crate::MESSAGES);
}

#[test]
fn an_invitation_comes_by_mail_and_lets_in() {
    let server = MailServer::start(&["budi", "admin"]);
    each_engine("an invitation comes by mail", |database| {
        let server = &server;
        async move {
            let city = City::with_mail(database, mail(server)).await;
            let before = about(server, "budi", "Undangan").len();
            let shown = invite(&city.admin().await).await;
            assert!(shown.says("Tautan sedang dikirim") && !shown.says("/undangan/"), "{}", shown.text());
            city.work().await;
            let mailed = about(server, "budi", "Undangan ke Prima Kota Contoh");
            assert_eq!(mailed.len(), before + 1);
            let mut opened = 0;
            for message in &mailed {
                assert!(message.contains("https://contoh.go.id/undangan/"), "{message}");
                let fields = [("name", "Budi"), ("new_password", CHOSEN), ("again", CHOSEN)];
                opened += usize::from(city.browser().post(&link_in(message), &fields).await.location() == "/akun");
            }
            assert_eq!(opened, 1, "the link of this city");
        }
    });
}

#[test]
fn a_link_can_still_be_handed_over_and_ends_the_mailed_one() {
    let server = MailServer::start(&["budi", "admin"]);
    each_engine("a link can still be handed over", |database| {
        let server = &server;
        async move {
            let city = City::with_mail(database, mail(server)).await;
            let admin = city.admin().await;
            let sent = invite(&admin).await.text();
            city.work().await;
            let again = between(&sent, "action=\"/kelola/orang/", "\"");
            let shown = admin.post(&format!("/kelola/orang/{again}"), &[("cara", "serahkan")]).await.text();
            assert_eq!(city.browser().get(&super::link_on(&shown)).await.status.as_u16(), 200);
            for message in about(server, "budi", "Undangan") {
                assert_eq!(city.browser().get(&link_in(&message)).await.status.as_u16(), 410);
            }
        }
    });
}

#[test]
fn without_mail_the_link_is_shown_and_the_page_says_whom_to_ask() {
    each_engine("without mail the link is shown", |database| async move {
        let city = City::new(database).await;
        assert!(invite(&city.admin().await).await.says("/undangan/"));
        assert_eq!(city.counts().await.waiting, 2, "notices of the admin's first sign-in and second factor wait");
        let page = city.browser().get("/masuk/lupa").await;
        assert!(page.says("Surel belum disiapkan") && !page.says("<form method=\"post\" action=\"/masuk/lupa\""));
        let posted = city.browser().post("/masuk/lupa", &[("email", "admin@contoh.go.id")]).await;
        assert!(posted.status.as_u16() == 422 && posted.says("Surel belum disiapkan"));
    });
}

#[test]
fn a_forgotten_password_is_replaced_by_whoever_reads_the_mail() {
    let server = MailServer::start(&["sari"]);
    each_engine("a forgotten password is replaced", |database| {
        let server = &server;
        async move {
            let city = City::with_mail(database, mail(server)).await;
            let sari = city.person("Sari", Role::Juror, None).await;
            let before = about(server, "sari", "Pilih kata sandi baru").len();
            let known = city.forget(&sari.email).await;
            let unknown = city.forget("tidak.ada@contoh.go.id").await;
            assert_eq!((known.status, known.text()), (unknown.status, unknown.text()), "the answer tells nothing");
            assert!(known.says("Bila alamat itu punya akun"));
            let mailed = about(server, "sari", "Pilih kata sandi baru");
            assert_eq!(mailed.len(), before + 1);
            let fields = [("new_password", CHOSEN), ("again", CHOSEN)];
            let mut changed = 0;
            for message in &mailed {
                changed += usize::from(city.browser().post(&link_in(message), &fields).await.status.as_u16() == 303);
            }
            assert_eq!(changed, 1);
            assert_eq!(sign_in(&city.browser(), &sari.email, CHOSEN).await.location(), "/akun");
            city.work().await;
            assert!(!about(server, "sari", "Kata sandi Anda di Prima Kota Contoh diubah").is_empty());
            assert!(city.chain_is_whole().await);
        }
    });
}

/// One link at a time, for an hour, no oftener than every ten minutes, and only for whoever may sign in.
#[test]
fn links_for_forgotten_passwords_are_few_and_short_lived() {
    let server = MailServer::start(&["sari", "budi"]);
    each_engine("links for forgotten passwords are few", |database| {
        let server = &server;
        async move {
            let city = City::with_mail(database, mail(server)).await;
            let sari = city.person("Sari", Role::Juror, None).await;
            let before = about(server, "sari", "Pilih").len();
            city.forget(&sari.email).await;
            city.forget(&sari.email).await;
            assert_eq!(about(server, "sari", "Pilih").len(), before + 1, "the second came too soon");
            let open = |city: &City| {
                let browser = city.browser();
                async move {
                    let mut open = 0;
                    for message in about(server, "sari", "Pilih") {
                        open += usize::from(browser.get(&link_in(&message)).await.status.as_u16() == 200);
                    }
                    open
                }
            };
            city.wait(Duration::minutes(11));
            city.forget(&sari.email).await;
            assert_eq!((about(server, "sari", "Pilih").len(), open(&city).await), (before + 2, 1));
            city.wait(Duration::minutes(61));
            assert_eq!(open(&city).await, 0);
            let budi = city.person("Budi", Role::Juror, None).await;
            let admin = city.admin().await;
            admin.post(&format!("/kelola/orang/{}/tangguhkan", budi.account), &[]).await;
            city.forget(&budi.email).await;
            assert!(about(server, "budi", "Pilih").is_empty(), "who is kept out gets no link");
        }
    });
}

/// Whoever asks under another host gets no link there sent to somebody else.
#[test]
fn a_link_leads_to_the_city_whatever_the_request_says() {
    let server = MailServer::start(&["sari"]);
    each_engine("a link leads to the city", |database| {
        let server = &server;
        async move {
            let city = City::with_mail(database, mail(server)).await;
            let sari = city.person("Sari", Role::Juror, None).await;
            // An unknown host shows the city that was founded first, whichever of the two that is.
            city.person_of(city.elsewhere, "Sari", None).await;
            let stranger = city.browser().at("jahat.example");
            let answer = stranger.post("/masuk/lupa", &[("email", &sari.email)]).await;
            assert!(answer.says("Bila alamat itu punya akun"), "{} {}", answer.status, answer.text());
            city.settle().await;
            city.work().await;
            let mailed = about(server, "sari", "Pilih");
            assert!(!mailed.is_empty());
            let own =
                |one: &String| one.contains("://contoh.go.id/undangan/") || one.contains("://lain.go.id/undangan/");
            assert!(mailed.iter().all(|one| own(one) && !one.contains("jahat")));
        }
    });
}

#[test]
fn a_new_browser_is_told_of_and_a_known_one_is_not() {
    let server = MailServer::start(&["sari"]);
    each_engine("a new browser is told of", |database| {
        let server = &server;
        async move {
            let city = City::with_mail(database, mail(server)).await;
            let sari = city.person("Sari", Role::Juror, None).await;
            let before = about(server, "sari", "Masuk dari peramban baru").len();
            let browser = city.signed_in(&sari).await;
            sign_in(&browser, &sari.email, PASSWORD).await;
            city.work().await;
            let told = about(server, "sari", "Masuk dari peramban baru");
            assert_eq!(told.len(), before + 1);
            assert!(told[0].contains("https://contoh.go.id/akun/sesi"));
            city.enrolled(&sari).await;
            city.work().await;
            assert!(!about(server, "sari", "Masuk dua langkah aktif").is_empty());
        }
    });
}

#[test]
fn what_somebody_chooses_is_kept_and_what_cannot_be_is_explained() {
    each_engine("what somebody chooses is kept", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Juror, None).await;
        let browser = city.signed_in(&sari).await;
        let page = browser.get("/akun/pemberitahuan").await;
        assert!(page.says("sari@contoh.go.id") && page.says("Surel belum disiapkan") && page.says("value=\"20:00\""));
        let fields = |from: &'static str| {
            [
                ("work", "daily"),
                ("summary", "never"),
                ("days", "daily"),
                ("quiet", "yes"),
                ("quiet_from", from),
                ("quiet_until", "05:30"),
                ("language", "en"),
            ]
        };
        let wrong = browser.post("/akun/pemberitahuan", &fields("25:00")).await;
        assert!(wrong.status.as_u16() == 422 && wrong.says("value=\"25:00\"") && wrong.says("Isi jam"));
        let saved = browser.post("/akun/pemberitahuan", &fields("21:00")).await;
        assert_eq!(saved.location(), "/akun/pemberitahuan?selesai=pemberitahuan");
        let page = browser.get(saved.location()).await;
        assert!(page.says("Pilihan pemberitahuan disimpan") && page.says("value=\"21:00\""));
        assert!(page.says("value=\"daily\" checked") && page.says("value=\"never\" checked"));
        assert!(city.acts(sari.account).await.contains(&"access.notices-chosen".to_owned()));
    });
}

/// Mail programs look at links, and stop with one POST that brings nothing but the token (RFC 8058).
#[test]
fn messages_are_stopped_without_signing_in_and_never_by_looking() {
    each_engine("messages are stopped without signing in", |database| async move {
        let city = City::new(database).await;
        let sari: Someone = city.person("Sari", Role::Juror, None).await;
        let stopping = messages::Stopping {
            institution: city.institution,
            account: sari.account,
            category: messages::Category::Work,
        };
        let path = messages::stop_address(city.app.secrets(), "", &stopping);
        let (institution, account) = (city.institution, sari.account);
        let chosen = || city.database.read(move |db| messages::preferences(db, institution, account));
        assert!(city.browser().get(&path).await.says("Pemberitahuan pekerjaan"));
        assert_eq!(chosen().await.unwrap(), messages::Preferences::default(), "looking changes nothing");
        for _ in 0..2 {
            let request = city.browser().request("POST", &path);
            let request = request.header("content-type", "application/x-www-form-urlencoded");
            let answer = city.browser().send(request, axum::body::Body::from("List-Unsubscribe=One-Click")).await;
            assert!(answer.status.as_u16() == 200 && answer.says("tidak lagi menerima"));
        }
        assert_eq!(chosen().await.unwrap().work, messages::Delivery::Never);
        let acts = city.acts(sari.account).await;
        assert_eq!(acts.iter().filter(|act| *act == "access.notices-stopped").count(), 1);
        for wrong in ["/surel/berhenti/x".to_owned(), path.replace("work", "security")] {
            assert_eq!(city.browser().post(&wrong, &[]).await.status.as_u16(), 410);
        }
        let elsewhere = messages::Stopping { institution: city.elsewhere, ..stopping };
        let path = messages::stop_address(city.app.secrets(), "", &elsewhere);
        assert_eq!(city.browser().post(&path, &[]).await.status.as_u16(), 410, "another city's link");
    });
}

#[test]
fn a_refused_message_is_decided_by_whoever_runs_the_system() {
    let server = MailServer::start(&["admin", "wati"]);
    each_engine("a refused message is decided", |database| {
        let server = &server;
        async move {
            let city = City::with_mail(database, mail(server)).await;
            let admin = city.admin().await;
            invite(&admin).await;
            city.work().await;
            assert_eq!(city.counts().await.refused, 1);
            let page = admin.get("/kelola/pesan").await;
            assert!(page.says("b•••@contoh.go.id") && !page.says("budi@"), "{}", page.text());
            assert!(page.says("Undangan ke Prima …") && page.says("kode 550"));
            let id = between(&page.text(), "action=\"/kelola/pesan/", "/").to_owned();
            let coordinator = city.person("Wati", Role::Coordinator, None).await;
            let coordinator = city.enrolled(&coordinator).await.0;
            let refused = coordinator.post(&format!("/kelola/pesan/{id}/abaikan"), &[]).await;
            assert_eq!(refused.status.as_u16(), 403);
            let again = admin.post(&format!("/kelola/pesan/{id}/kirim-lagi"), &[]).await;
            assert_eq!(again.location(), "/kelola/pesan?selesai=pesan");
            city.work().await;
            assert_eq!(city.counts().await.refused, 1, "the server still does not know it");
            admin.post(&format!("/kelola/pesan/{id}/abaikan"), &[]).await;
            let late = admin.post(&format!("/kelola/pesan/{id}/abaikan"), &[]).await;
            assert_eq!(late.location(), "/kelola/pesan?selesai=pesan-sudah");
            assert!(admin.get("/kelola/pesan").await.says("Tidak ada pesan yang menunggu keputusan"));
            let log = admin.get("/audit").await;
            assert!(log.says("Nasib pesan diputuskan") && city.chain_is_whole().await);
        }
    });
}
