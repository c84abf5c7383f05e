//! Rights carried out, retention and sealing anew, on both engines.

use super::{City, EMAIL, HOLDINGS, NAME, NOW, PHONE, asked};
use crate::holdings::Opened;
use crate::request::{RequestKind, RequestState};
use crate::{actions, jobs, store};
use access::{Email, Invited, Post};
use platform::audit::{self, Actor, Filter};
use platform::database::{DatabaseError, Read};
use platform::identity::Role;
use platform::jobs::{Handlers, NewJob, Outcome, Settings, Worker};
use platform::personal::{self, Correction, EmailAddress, Identity, PersonName, Personal as _, Phone, Reason};
use platform::secret::rotation::{held_by, indexed_by, reseal_all};
use platform::secret::{KeyFile, Secrets};
use platform::testing::each_engine;
use time::Duration;

#[test]
fn what_is_told_of_a_person_is_found_again_by_any_of_it() {
    each_engine("looking somebody up", |database| async move {
        let city = City::new(database).await;
        let (id, _) = city.ask(RequestKind::Access).await;
        let found = |identity: Identity| {
            let (secrets, institution) = (city.app.secrets().clone(), city.institution);
            let read = move |db: &mut Read<'_>| store::requests::of_person(db, &secrets, institution, &identity);
            city.database.read(read)
        };
        let email =
            Identity { email: Some(EmailAddress::read("Siti.Aminah@WARGA.example").unwrap()), ..Identity::default() };
        let phone = Identity { phone: Some(Phone::read("+62 812-3456-7878").unwrap()), ..Identity::default() };
        let other = Identity { phone: Some(Phone::read("0812 0000 0000").unwrap()), ..Identity::default() };
        assert_eq!(found(email).await.unwrap(), vec![id.uuid()]);
        assert_eq!(found(phone).await.unwrap(), vec![id.uuid()]);
        assert!(found(other).await.unwrap().is_empty());
        assert!(found(Identity::default()).await.unwrap().is_empty(), "nothing known fits nobody");
    });
}

#[test]
fn a_correction_changes_earlier_requests_and_finds_them_under_the_right_number() {
    each_engine("correcting", |database| async move {
        let city = City::new(database).await;
        let (earlier, _) = city.ask(RequestKind::Access).await;
        let (id, _) = city.ask(RequestKind::Correction).await;
        let correction = Correction {
            name: Some(PersonName::read("Siti Aminah").unwrap()),
            phone: Some(Phone::read("0813 1111 2222").unwrap()),
            email: None,
        };
        city.settle(id, correction).await;
        let (secrets, request) = (city.app.secrets().clone(), city.request(earlier).await);
        let opened = Opened::of(&secrets, city.institution, &request);
        assert_eq!(opened.name.unwrap().compared(), "siti aminah");
        assert_eq!(opened.phone.unwrap().compared(), "+6281311112222");
        assert_eq!(opened.email.unwrap().compared(), EMAIL);
        let (institution, outcomes) = (city.institution, id);
        let lines = city.database.read(move |db| store::requests::outcomes(db, institution, outcomes)).await.unwrap();
        assert!(
            lines.iter().any(|(holding, outcome, rows, _)| {
                (holding.as_str(), outcome.as_str(), *rows) == ("privacy.request", "done", 2)
            }),
            "{lines:?}"
        );
    });
}

#[test]
fn an_erasure_leaves_nothing_of_closed_requests_and_says_which_law_keeps_the_open_one() {
    each_engine("erasing", |database| async move {
        let city = City::new(database).await;
        let (earlier, _) = city.ask(RequestKind::Access).await;
        city.settle(earlier, Correction::default()).await;
        let desk = city.desk();
        city.database.write(move |db| actions::close(db, &desk, earlier, 4)).await.unwrap();
        let (id, _) = city.ask(RequestKind::Erasure).await;
        city.settle(id, Correction::default()).await;
        let gone = city.request(earlier).await.told;
        assert!(gone.name.is_none() && gone.email.is_none() && gone.nik.is_none() && gone.about.is_none());
        assert!(city.request(id).await.told.name.is_some(), "needed to answer");
        let institution = city.institution;
        let lines = city.database.read(move |db| store::requests::outcomes(db, institution, id)).await.unwrap();
        let line = lines.iter().find(|line| line.0 == "privacy.request").unwrap();
        assert_eq!((line.1.as_str(), line.3.as_deref()), ("kept", Some("UU 27/2022 Pasal 31")), "{lines:?}");
    });
}

#[test]
fn a_member_of_staff_gets_their_account_and_keeps_it_while_the_law_does() {
    each_engine("staff", |database| async move {
        let city = City::new(database).await;
        let new = Invited {
            email: Email::read(EMAIL).unwrap(),
            name: NAME.into(),
            grants: vec![access::NewGrant::now(Post { role: Role::Sekda, unit: None })],
        };
        let act = access::Act::of_program(city.institution, NOW, "test");
        let account =
            city.database.write(move |db| access::create_account(db, &act, &new, "$argon2id$x")).await.unwrap();
        let mut ask = asked(RequestKind::Access);
        (ask.account, ask.email, ask.phone, ask.nik) = (Some(account), None, None, None);
        let desk = city.desk();
        let receipt = city.database.write(move |db| actions::ask(db, &desk, &ask)).await.unwrap();
        let (institution, hash) = (city.institution, receipt.token.hash());
        let found = city.database.read(move |db| store::requests::of_token(db, institution, &hash)).await;
        let request = found.unwrap().unwrap();
        assert_eq!(request.state, RequestState::Verified, "whoever is signed in is known");
        let desk = city.desk();
        let identity = Identity { account: Some(account), ..Identity::default() };
        let shown = city.database.write(move |db| {
            let work = access::HOLDINGS[0].work.unwrap();
            let rows = (work.find)(db, &desk.task(), &identity)?;
            let shown = (work.export)(db, &desk.task(), rows[0])?;
            let kept = (work.erase)(db, &desk.task(), rows[0])?;
            Ok::<_, DatabaseError>((rows.len(), shown, kept))
        });
        let (rows, shown, kept) = shown.await.unwrap();
        assert_eq!((rows, shown["name"].as_str(), shown["roles"][0]["role"].as_str()), (1, Some(NAME), Some("sekda")));
        assert_eq!(kept, personal::Erasure::Kept("UU 43/2009 (kearsipan)"));
        let name = city.database.read(move |db| access::name_of(db, institution, account)).await.unwrap();
        assert_eq!(name.as_deref(), Some(NAME), "an account in use is not touched");
    });
}

#[test]
fn the_job_ends_what_is_past_its_time_and_records_counts_alone() {
    each_engine("retention", |database| async move {
        let city = City::new(database).await;
        let (id, _) = city.ask(RequestKind::Access).await;
        city.settle(id, Correction::default()).await;
        let desk = city.desk();
        city.database.write(move |db| actions::close(db, &desk, id, 4)).await.unwrap();
        let (open, _) = city.ask(RequestKind::Access).await;
        let run = || async {
            let worker = Worker::new(city.app.clone(), jobs::handlers(Handlers::new()), Settings::default());
            let now = city.clock.now();
            let job = NewJob {
                kind: "privacy.expire",
                institution: None,
                payload: serde_json::json!({}),
                run_at: now,
                key: None,
            };
            city.database.write(move |db| platform::jobs::enqueue(db, &job)).await.unwrap();
            let claimed = worker.claim(9).await.unwrap();
            assert_eq!(worker.perform(&claimed[0]).await.unwrap(), Outcome::Done);
        };
        city.clock.advance(Duration::days(1_094));
        run().await;
        assert!(city.request(id).await.closed_at.is_some(), "a day too early");
        let institution = city.institution;
        let tomorrow = city.clock.now() + Duration::DAY;
        let due = city.database.read(move |db| personal::due(db, &crate::HOLDINGS[0], institution, tomorrow)).await;
        assert_eq!(due.unwrap(), 1, "the officer sees it the day before");
        city.clock.advance(Duration::DAY);
        run().await;
        let gone = city.database.read(move |db| store::requests::request(db, institution, id)).await.unwrap();
        assert!(gone.is_none());
        assert!(city.request(open).await.closed_at.is_none(), "an open one stays");
        let filter = Filter { act: Some("personal.expired".into()), ..Filter::default() };
        let found = city.database.read(move |db| audit::search(db, Some(institution), &filter, 9)).await.unwrap();
        let told: Vec<(String, String)> = found.into_iter().map(|entry| (entry.subject_id, entry.detail)).collect();
        let rows = r#"{"rows":1}"#.to_owned();
        assert_eq!(told, vec![("privacy.request".into(), rows.clone()), ("privacy.copy".into(), rows)]);
    });
}

#[test]
fn a_deadline_is_reminded_of_once() {
    each_engine("reminders", |database| async move {
        let city = City::new(database).await;
        city.ask(RequestKind::Access).await;
        let reminders = || async { city.acts().await.iter().filter(|act| *act == "privacy.request-reminded").count() };
        city.clock.advance(Duration::hours(47));
        city.remind().await;
        assert_eq!(reminders().await, 0);
        city.clock.advance(Duration::hours(2));
        city.remind().await;
        city.remind().await;
        assert_eq!(reminders().await, 1);
    });
}

#[test]
fn a_new_key_takes_over_every_column_of_this_slice_and_of_access() {
    each_engine("rotation", |database| async move {
        let folder = std::env::temp_dir().join(format!("prima-keys-{}", platform::database::new_uuid(NOW)));
        std::fs::create_dir(&folder).unwrap();
        let path = folder.join("prima.key");
        let secrets = Secrets::kept_in(&path).unwrap();
        let city = City::with(database, secrets.clone()).await;
        let (id, _) = city.ask(RequestKind::Access).await;
        city.settle(id, Correction::default()).await;
        let desk = city.desk();
        city.database.write(move |db| crate::fill(db, &desk)).await.unwrap();
        let keys = KeyFile::at(&path);
        keys.add(true).unwrap();
        keys.add_index().unwrap();
        secrets.refresh().unwrap();
        let columns: &[&'static [_]] = &[access::RESEALED, crate::RESEALED];
        let (database, copy) = (city.database.clone(), secrets.clone());
        let resealed = std::thread::spawn(move || reseal_all(&database, &copy, columns)).join().unwrap().unwrap();
        assert_eq!((resealed.unreadable, resealed.seen), (0, resealed.changed), "{resealed:?}");
        let held = city.database.read(move |db| {
            Ok::<_, DatabaseError>((held_by(db, 1, columns)?, held_by(db, 2, columns)?, indexed_by(db, 1, columns)?))
        });
        let (old, new, indexed) = held.await.unwrap();
        assert!(old.is_empty() && indexed.is_empty(), "{old:?} {indexed:?}");
        let names: Vec<&str> = new.iter().map(|(name, _)| *name).collect();
        let filled = ["name", "email", "phone", "nik", "about", "answer"].map(|name| format!("data_request.{name}"));
        assert!(filled.iter().all(|name| names.contains(&name.as_str())), "{names:?}");
        assert!(names.contains(&"data_export.content") && names.contains(&"breach.what"), "{names:?}");
        keys.retire(1).unwrap();
        keys.retire_index(1).unwrap();
        let afresh = Secrets::kept_in(&path).unwrap();
        let opened = Opened::of(&afresh, city.institution, &city.request(id).await);
        assert_eq!(opened.phone.unwrap().compared(), Phone::read(PHONE).unwrap().compared());
        let identity = Identity { email: Some(EmailAddress::read(EMAIL).unwrap()), ..Identity::default() };
        let institution = city.institution;
        let found = city.database.read(move |db| store::requests::of_person(db, &afresh, institution, &identity)).await;
        assert_eq!(found.unwrap(), vec![id.uuid()]);
        std::fs::remove_dir_all(folder).unwrap();
    });
}

#[test]
fn what_is_restricted_is_opened_for_the_law_alone() {
    each_engine("restricting", |database| async move {
        let city = City::new(database).await;
        let (id, _) = city.ask(RequestKind::Restriction).await;
        city.settle(id, Correction::default()).await;
        assert!(city.request(id).await.restricted);
        let look = |reason| {
            let desk = city.desk();
            city.database.write(move |db| actions::look(db, &desk, id, reason).map(drop))
        };
        assert!(matches!(look(Reason::Contact).await, Err(actions::Refused::WrongState)));
        assert!(look(Reason::Law).await.is_ok());
    });
}

#[test]
fn carrying_out_is_all_or_nothing() {
    each_engine("all or nothing", |database| async move {
        let city = City::new(database).await;
        let (id, _) = city.ask(RequestKind::Access).await;
        let desk = city.desk();
        let refused =
            city.database.write(move |db| actions::carry_out(db, &desk, (id, 1), HOLDINGS, &Correction::default()));
        assert!(matches!(refused.await, Err(actions::Refused::WrongState)));
        let institution = city.institution;
        let left = city.database.read(move |db| store::requests::outcomes(db, institution, id)).await.unwrap();
        assert!(left.is_empty());
        assert!(matches!(city.desk().actor, Actor::Program(_)));
    });
}
