//! Who is told of what, by a real mail server.

use super::{City, HOLDINGS, PersonText, Role, VerifiedBy, actions, asked};
use crate::breach::Report;
use crate::request::RequestKind;
use access::{DemonstrationPerson, enter_demonstration_person};
use platform::app::{App, Means, Wiring};
use platform::database::{Database, Write};
use platform::jobs::{Handlers, Settings, Worker};
use platform::messages::{self, Mail};
use platform::personal::{EmailAddress, Personal as _};
use platform::secret::Secrets;
use platform::testing::{MailServer, each_engine, read_every_kind};
use time::Duration;

const KINDS: &[&[&messages::MessageKind]] = &[crate::MESSAGES];

impl City {
    /// With an officer, a system admin and somebody who is both.
    async fn with_mail(database: Database, server: &MailServer) -> Self {
        let city = Self::new(database.clone()).await;
        let wiring = Wiring {
            contact: access::contact_of,
            city: access::city_of,
            messages: KINDS,
            holdings: HOLDINGS,
            site: organisation::find_site,
            ..Wiring::default()
        };
        let mail = Mail::new(server.settings()).unwrap();
        let means = Means { mail, ..Means::new(Secrets::new([9; 32])) };
        let app = App::new(database, city.clock.clone(), wiring, means);
        let (institution, now) = (city.institution, city.clock.now());
        let people =
            [("petugas", Role::DataProtectionOfficer), ("admin", Role::SystemAdmin), ("pelapor", Role::Auditor)];
        let enter = move |db: &mut Write<'_>| {
            for (name, role) in people {
                let (Some(email), name) = (access::Email::read(&format!("{name}@contoh.go.id")), name.to_owned())
                else {
                    panic!("the address is good")
                };
                let person =
                    DemonstrationPerson { id: None, email, name, role, unit: None, password_hash: String::new() };
                enter_demonstration_person(db, institution, &person, now)?;
            }
            Ok::<_, platform::database::DatabaseError>(())
        };
        app.database().write(enter).await.unwrap();
        Self { app, ..city }
    }

    /// Sends everything that is due.
    async fn work(&self) {
        let handlers = messages::handlers(Handlers::new(), Duration::days(90));
        Worker::new(self.app.clone(), handlers, Settings::default()).work_off().await.unwrap();
    }
}

/// How many letters of a mailbox have a subject that begins so.
fn letters(server: &MailServer, name: &str, subject: &str) -> usize {
    server.mailbox(name).iter().filter(|letter| letter.contains(&format!("\nSubject: {subject}"))).count()
}

#[test]
fn every_kind_of_message_can_be_read_in_both_languages() {
    read_every_kind(crate::MESSAGES);
}

#[test]
fn the_officer_hears_of_a_request_and_the_person_of_every_step() {
    let server = MailServer::start(&["petugas", "admin", "pelapor", "warga"]);
    each_engine("the officer hears of a request", |database| {
        let server = &server;
        async move {
            let counted = || {
                [
                    letters(server, "petugas", "Permintaan data pribadi DP-2026-000001 masuk"),
                    letters(server, "petugas", "Tenggat permintaan DP-2026-000001"),
                    letters(server, "warga", "Permintaan DP-2026-000001: Identitas"),
                    letters(server, "admin", "Permintaan"),
                ]
            };
            let first = counted();
            let city = City::with_mail(database, server).await;
            let (desk, mut asked) = (city.desk(), asked(RequestKind::Erasure));
            asked.email = EmailAddress::read("warga@contoh.go.id").ok();
            let receipt = city.database.write(move |db| actions::ask(db, &desk, &asked)).await.unwrap();
            let (institution, hash) = (city.institution, receipt.token.hash());
            let found = city.database.read(move |db| crate::store::requests::of_token(db, institution, &hash)).await;
            let (desk, id) = (city.desk(), found.unwrap().unwrap().id);
            city.database.write(move |db| actions::verify(db, &desk, id, 1, VerifiedBy::Document)).await.unwrap();
            city.work().await;
            city.clock.advance(Duration::hours(74));
            city.remind().await;
            city.remind().await;
            city.work().await;
            let last = counted();
            let come: Vec<usize> = last.iter().zip(first).map(|(last, first)| last - first).collect();
            assert_eq!(come, [1, 1, 1, 0], "the admin has nothing to do with it");
            let letter = server.mailbox("warga").pop().unwrap().replace("=\n", "");
            assert!(!letter.contains(receipt.token.reveal()) && !letter.contains(super::NAME), "{letter}");
        }
    });
}

#[test]
fn of_a_breach_hear_those_who_must_act_and_again_as_its_hours_pass() {
    let server = MailServer::start(&["petugas", "admin", "pelapor"]);
    each_engine("of a breach hear those who must act", |database| {
        let server = &server;
        async move {
            let counted =
                || ["petugas", "admin", "pelapor"].map(|name| letters(server, name, "Kegagalan pelindungan data"));
            let first = counted();
            let city = City::with_mail(database, server).await;
            let desk = city.desk();
            let what = PersonText::read("Daftar hadir terkirim ke alamat yang salah.").unwrap();
            let report = Report {
                title: "Daftar hadir".into(),
                what,
                how: None,
                handling: None,
                contact: "pdp@contoh.go.id".into(),
                people: Some(12),
                public_needed: false,
                happened_at: None,
                known_at: desk.now,
                holdings: Vec::new(),
            };
            city.database.write(move |db| actions::record_breach(db, &desk, &report)).await.unwrap();
            city.work().await;
            city.clock.advance(Duration::hours(24));
            city.remind().await;
            city.work().await;
            let last = counted();
            let come: Vec<usize> = last.iter().zip(first).map(|(last, first)| last - first).collect();
            assert_eq!(come, [2, 2, 0]);
        }
    });
}
