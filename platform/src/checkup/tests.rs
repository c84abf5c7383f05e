//! Each check sees what it should, says so in both languages, and comes through without a database.

use super::disk::{Room, days_left, judge};
use super::*;
use crate::app::{Means, Wiring};
use crate::backup::Folder;
use crate::jobs::{NewJob, Outcome, Settings, Worker, enqueue};
use crate::messages::MailTrouble;
use crate::secret::Secrets;
use crate::site::Zone;
use crate::testing::{each_engine, migrated_sqlite, prepare_all, statements_name_their_institution};
use rules::phrase::Language;
use std::net::UdpSocket;
use std::time::Instant;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-21 01:00 UTC);
const GB: u64 = 1_000_000_000;

fn said(finding: &Finding) -> String {
    finding.seen.say(Language::English, Zone::Wib)
}

#[test]
fn both_engines_accept_every_statement() {
    prepare_all(&[super::STATEMENTS]);
}

#[test]
fn statements_of_checks_see_no_more_of_cities_than_a_moment() {
    statements_name_their_institution(
        super::STATEMENTS,
        &[("OLDEST_DUE_JOB", "how late the worker is, for all cities")],
    );
}

#[test]
fn names_lead_back_to_what_they_name() {
    assert!(Check::ALL.iter().all(|check| Check::named(check.name()) == Some(*check)));
    assert!(Health::ALL.iter().all(|health| Health::named(health.name()) == Some(*health)));
}

#[tokio::test]
async fn without_a_database_and_settings_everything_is_said_and_nothing_breaks() {
    for check in Check::ALL {
        let finding = look(check, &Equipment::default(), None, &Clock::standing(NOW), true).await;
        for language in [Language::Indonesian, Language::English] {
            for saying in [&finding.seen, &finding.advice] {
                let sentence = saying.say(language, Zone::Wita);
                assert!(sentence.ends_with('.') && !sentence.contains('{'), "{check:?}: {sentence}");
            }
        }
        let good = matches!(check, Check::Clock);
        assert_eq!(finding.health == Health::Good, good, "{check:?}: {}", said(&finding));
    }
}

#[test]
fn what_was_seen_last_is_kept_and_said_later() {
    each_engine("findings are kept", |database| async move {
        for (health, minutes) in [(Health::Good, 0), (Health::Bad, 10)] {
            let saying = Saying::new("check.queue-late").with("minutes", Value::Count(1_250));
            let looked_at = NOW + Duration::minutes(minutes);
            let finding = Finding { check: Check::Queue, health, seen: saying.clone(), advice: saying, looked_at };
            database.write(move |db| note(db, &finding)).await.unwrap();
        }
        let kept = database.read(last).await.unwrap();
        assert_eq!(kept.len(), 1);
        assert_eq!((kept[0].health, kept[0].looked_at), (Health::Bad, NOW + Duration::minutes(10)));
        assert_eq!(kept[0].seen.say(Language::Indonesian, Zone::Wib), "Pekerjaan tertua menunggu 1.250 menit.");
    });
}

#[test]
fn room_for_few_days_calls_for_attention_before_the_disk_is_full() {
    let room = Room { free: 100 * GB, total: 200 * GB };
    assert_eq!(days_left(room, 70 * GB, 30), Some(100), "thirty gigabytes a month");
    assert_eq!(days_left(room, 100 * GB, 30), None, "it did not grow");
    assert_eq!(days_left(room, 120 * GB, 30), None, "it shrank");
    assert_eq!(judge(room, None), Health::Good);
    assert_eq!(judge(room, Some(29)), Health::Attention);
    assert_eq!(judge(room, Some(6)), Health::Bad);
    assert_eq!(judge(Room { free: 15 * GB, ..room }, None), Health::Attention);
    assert_eq!(judge(Room { free: GB / 2, ..room }, None), Health::Bad);
}

#[tokio::test]
async fn the_room_of_a_folder_that_is_not_made_yet_is_that_of_the_one_above() {
    let folder = tempfile::tempdir().unwrap();
    let equipment = Equipment { files: Some(folder.path().join("a/b/c")), ..Equipment::default() };
    let finding = look(Check::Disk, &equipment, None, &Clock::standing(NOW), false).await;
    assert!(finding.health != Health::NotSet, "{}", said(&finding));
    assert_eq!(disk::samples(&equipment).len(), 1);
}

#[test]
fn growth_is_measured_from_the_oldest_day_of_the_last_month() {
    each_engine("disk samples", |database| async move {
        for (days, used) in [(40, 1_u64), (20, 2), (20, 99), (1, 3)] {
            let at = NOW - Duration::days(days);
            database.write(move |db| store::sample(db, &[("database".to_owned(), used)], at)).await.unwrap();
        }
        let first = database.read(|db| store::first_sample(db, "database", NOW)).await.unwrap();
        assert_eq!(first, Some(((NOW - Duration::days(20)).date(), 2)), "the first of a day counts");
    });
}

#[test]
fn a_backup_is_judged_by_its_age_and_by_whether_one_was_ever_brought_back() {
    let judge = |hours: i64, failed, verified: Option<i64>| {
        let verified = Some(verified.map(|days| NOW - Duration::days(days)));
        backup::judge(Some(NOW - Duration::hours(hours)), failed, verified, NOW).health
    };
    assert_eq!(judge(6, false, Some(10)), Health::Good);
    assert_eq!(judge(-1, false, Some(10)), Health::Good, "the clock was set back an hour");
    assert_eq!(judge(6, true, Some(10)), Health::Attention);
    assert_eq!(judge(40, false, Some(10)), Health::Attention);
    assert_eq!(judge(80, false, Some(10)), Health::Bad);
    assert_eq!(judge(6, false, Some(91)), Health::Attention);
    assert_eq!(judge(6, false, None), Health::Attention);
    assert_eq!(backup::judge(None, false, None, NOW).health, Health::Bad);
}

#[tokio::test]
async fn a_place_without_a_backup_is_bad_news_also_without_a_database() {
    let folder = tempfile::tempdir().unwrap();
    let backups: Arc<dyn Place> = Arc::new(Folder(folder.path().to_owned()));
    let equipment = Equipment { backups: Some(backups), ..Equipment::default() };
    let none = look(Check::Backup, &equipment, None, &Clock::standing(NOW), false).await;
    assert_eq!(none.health, Health::Bad);
    let backup = folder.path().join("2026-11-20T19-00-00Z-07a1");
    std::fs::create_dir(&backup).unwrap();
    std::fs::write(backup.join("database.age"), "").unwrap();
    assert_eq!(look(Check::Backup, &equipment, None, &Clock::standing(NOW), false).await.health, Health::Bad);
    std::fs::write(backup.join("manifest.json"), "{}").unwrap();
    let made = look(Check::Backup, &equipment, None, &Clock::standing(NOW), false).await;
    assert_eq!(made.health, Health::Good);
    assert_eq!(said(&made), "The last backup was made 21 November 2026, 02:00 WIB.");
}

#[test]
fn a_queue_that_nobody_works_off_is_found() {
    each_engine("a late job", |database| async move {
        let equipment = Equipment::default();
        let at = |minutes| Clock::standing(NOW + Duration::minutes(minutes));
        assert_eq!(look(Check::Queue, &equipment, Some(&database), &at(0), false).await.health, Health::Good);
        let job =
            NewJob { kind: "test.wait", institution: None, payload: serde_json::json!({}), run_at: NOW, key: None };
        database.write(move |db| enqueue(db, &job)).await.unwrap();
        for (minutes, health) in [(5, Health::Good), (11, Health::Attention), (61, Health::Bad)] {
            let finding = look(Check::Queue, &equipment, Some(&database), &at(minutes), false).await;
            assert_eq!(finding.health, health, "{}", said(&finding));
        }
    });
    assert_eq!(queue::judge(2, 0, None).health, Health::Attention);
}

#[test]
fn a_database_answers_and_is_read_to_its_end_when_asked() {
    each_engine("the database", |database| async move {
        let finding = look(Check::Database, &Equipment::default(), Some(&database), &Clock::machine(), true).await;
        assert_eq!(finding.health, Health::Good, "{}", said(&finding));
    });
    let fresh = migrated_sqlite();
    let origin = Origin::of(fresh.url());
    let equipment = Equipment { origin: Some(origin), ..Equipment::default() };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let finding = runtime.block_on(look(Check::Database, &equipment, Some(&fresh), &Clock::machine(), true));
    assert!(said(&finding).contains("is whole"), "{}", said(&finding));
}

#[test]
fn a_clock_that_was_set_is_found_by_one_that_cannot_be() {
    let (watch, start) = (Watch::default(), Instant::now());
    let later = |seconds| start + std::time::Duration::from_secs(seconds);
    assert_eq!(watch.jump(NOW, start), None);
    assert_eq!(watch.jump(NOW + Duration::minutes(10), later(600)), Some(Duration::ZERO));
    assert_eq!(watch.jump(NOW + Duration::minutes(80), later(1_200)), Some(Duration::HOUR));
    assert_eq!(watch.jump(NOW + Duration::minutes(30), later(1_800)), Some(-Duration::HOUR));
}

/// A time server that answers what a clock shows.
fn time_server(shows: OffsetDateTime) -> String {
    let socket = UdpSocket::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        let mut question = [0; 48];
        while let Ok((48, from)) = socket.recv_from(&mut question) {
            let mut answer = [0; 48];
            (answer[0], answer[1]) = (0x24, 2);
            answer[24..32].copy_from_slice(&question[40..]);
            let seconds = u32::try_from(shows.unix_timestamp() + 2_208_988_800).unwrap();
            answer[40..44].copy_from_slice(&seconds.to_be_bytes());
            socket.send_to(&answer, from).unwrap();
        }
    });
    address
}

#[tokio::test]
async fn the_clock_is_compared_with_a_time_server() {
    for (ahead, health) in [(0, Health::Good), (30, Health::Attention), (-3_600, Health::Bad)] {
        let server = time_server(NOW - Duration::seconds(ahead));
        let equipment = Equipment { time_server: Some(server), ..Equipment::default() };
        let finding = look(Check::Clock, &equipment, None, &Clock::standing(NOW), false).await;
        assert_eq!(finding.health, health, "{}", said(&finding));
    }
}

#[tokio::test]
async fn a_mail_server_that_refuses_is_bad_news_with_its_words() {
    let refusing: Probe = Arc::new(|| Box::pin(async { Err(MailTrouble::WrongPassword) }));
    let taking: Probe = Arc::new(|| Box::pin(async { Ok(()) }));
    for (mail, health) in [(refusing, Health::Bad), (taking, Health::Good)] {
        let equipment = Equipment { mail: Some(mail), ..Equipment::default() };
        let finding = look(Check::Mail, &equipment, None, &Clock::standing(NOW), false).await;
        assert_eq!(finding.health, health);
        assert_eq!(said(&finding).contains("password"), health == Health::Bad);
    }
}

fn certificate(names: &[&str], ends: OffsetDateTime) -> String {
    let names: Vec<String> = names.iter().map(|name| (*name).to_owned()).collect();
    let mut params = rcgen::CertificateParams::new(names).unwrap();
    params.not_after = ends;
    params.self_signed(&rcgen::KeyPair::generate().unwrap()).unwrap().pem()
}

#[tokio::test]
async fn a_certificate_is_judged_by_the_days_that_are_left() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("situs.pem");
    for (days, health) in [(60, Health::Good), (20, Health::Attention), (5, Health::Bad), (-1, Health::Bad)] {
        std::fs::write(&file, certificate(&["pelayanan.contoh.go.id"], NOW + Duration::days(days))).unwrap();
        let equipment = Equipment { certificate: Some(file.clone()), ..Equipment::default() };
        let finding = look(Check::Certificate, &equipment, None, &Clock::standing(NOW), false).await;
        assert_eq!(finding.health, health, "{}", said(&finding));
        assert!(said(&finding).contains("pelayanan.contoh.go.id"));
    }
    std::fs::write(&file, "nothing").unwrap();
    let equipment = Equipment { certificate: Some(file), ..Equipment::default() };
    assert_eq!(look(Check::Certificate, &equipment, None, &Clock::standing(NOW), false).await.health, Health::Bad);
}

#[cfg(unix)]
#[tokio::test]
async fn a_key_that_others_may_read_is_bad_news() {
    use std::os::unix::fs::PermissionsExt as _;
    let folder = tempfile::tempdir().unwrap();
    let key = folder.path().join("prima.key");
    let equipment = Equipment { key: Some(key.clone()), ..Equipment::default() };
    let clock = Clock::machine();
    let look = || look(Check::Key, &equipment, None, &clock, false);
    assert_eq!(look().await.health, Health::Bad, "it is missing");
    std::fs::write(&key, "k").unwrap();
    for (mode, health) in [(0o600, Health::Good), (0o644, Health::Bad)] {
        std::fs::set_permissions(&key, std::fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(look().await.health, health);
    }
}

#[test]
fn a_new_installation_is_looked_at_once_and_at_once() {
    each_engine("first look", |database| async move {
        let app = App::new(database, Clock::standing(NOW), Wiring::default(), Means::new(Secrets::new([1; 32])));
        begin(app.clone()).await;
        begin(app.clone()).await;
        let handlers = watched(Handlers::new(), Equipment::default());
        let outcomes = Worker::new(app.clone(), handlers, Settings::default()).work_off().await.unwrap();
        assert_eq!(outcomes, [Outcome::Done]);
        assert_eq!(app.database().read(last).await.unwrap().len(), Check::ALL.len());
        begin(app.clone()).await;
        let handlers = watched(Handlers::new(), Equipment::default());
        let again = Worker::new(app, handlers, Settings::default()).work_off().await.unwrap();
        assert!(again.is_empty(), "what is known is not looked at anew by a start");
    });
}
