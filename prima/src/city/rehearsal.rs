//! The rehearsal: a city of real acts is backed up while people go on, is lost, comes back elsewhere and shows its pages.

use super::slices::{routes, wiring};
use access::{Email, Post};
use platform::app::{App, Means};
use platform::backup::{self, Folder, Identity, Origin, Plan, Recipients, Retention, Target};
use platform::clock::Clock;
use platform::database::{Database, Engine, Options};
use platform::identity::{InstitutionId, Role};
use platform::secret::Secrets;
use platform::site::Zone;
use platform::testing::{Browser, Fresh};
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use time::OffsetDateTime;
use time::macros::datetime;
use welcome::demonstration::Trouble;

const NOW: OffsetDateTime = datetime!(2026-11-21 19:00 UTC);

fn plan(folder: &Path, identity: &Identity, database: &Fresh) -> Plan {
    Plan {
        place: Arc::new(Folder(folder.join("cadangan"))),
        recipients: Recipients::read(&identity.recipient()).unwrap(),
        origin: Origin::of(database.url()),
        files: None,
        keys: vec![folder.join("prima.key")],
        settings: Vec::new(),
        work: folder.join("kerja"),
        names_key: [5; 32],
        retention: Retention::default(),
        zone: Zone::Wib,
    }
}

/// Invites people until it is told to stop; every name in the list was confirmed.
fn invite(database: &Database, institution: InstitutionId, stop: &AtomicBool) -> Vec<String> {
    let mut confirmed = Vec::new();
    while !stop.load(Ordering::Relaxed) {
        let email = format!("warga{}@contoh.go.id", confirmed.len());
        let post = Post::new(Role::Auditor, None).unwrap();
        let address = Email::read(&email).unwrap();
        assert!(access::invite_person(database, institution, ("Warga", &address), post, NOW).is_ok());
        confirmed.push(email);
    }
    confirmed
}

async fn rehearse(engine: Engine) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("prima.key"), "7".repeat(64)).unwrap();
    let (mut lost, identity) = (Fresh::migrated(engine), Identity::new());
    let filled: Result<InstitutionId, Trouble> = lost.write_now(|db| welcome::demonstration::found(db, NOW));
    let institution = filled.expect("the demonstration city can be founded");
    let plan = plan(folder.path(), &identity, &lost);
    let stop = AtomicBool::new(false);
    let (made, confirmed) = std::thread::scope(|scope| {
        let people = scope.spawn(|| invite(&lost, institution, &stop));
        // Some are confirmed before it begins.
        std::thread::sleep(std::time::Duration::from_millis(100));
        let made = backup::make(&lost, &Clock::standing(NOW), &plan);
        stop.store(true, Ordering::Relaxed);
        (made.unwrap(), people.join().unwrap())
    });
    // The city is lost.
    lost.close();
    let empty = (engine == Engine::Postgres).then(|| Fresh::empty(engine, &Options::default()));
    let origin =
        empty.as_ref().map_or_else(|| Origin::Sqlite(folder.path().join("baru.db")), |one| Origin::of(one.url()));
    let at = |name: &str| folder.path().join(name);
    let target = Target { origin, files: at("baru.berkas"), key: at("baru.key"), settings: at("baru.pengaturan") };
    let restored = backup::restore(&*plan.place, &made.manifest.id, &identity, &target).unwrap();
    assert!(restored.is_whole(), "{engine:?}");
    let database = Database::open(&target.origin.url(), &Options::default()).unwrap();
    let verdicts = database.read_now(|db| super::audit::verify(db, None, None)).unwrap();
    assert!(!verdicts.is_empty() && verdicts.iter().all(platform::audit::Verdict::is_whole), "{engine:?}");
    // Everybody of whom it was said that they are invited before it began, and nobody by half: the first so many.
    let people = access::list_people(&database, institution, NOW).map_err(|_| "people").unwrap();
    let mut found: Vec<String> = people.iter().map(|one| one.account.email.to_string()).collect();
    found.retain(|email| email.starts_with("warga"));
    assert!(!found.is_empty() && found.len() <= confirmed.len(), "{engine:?}");
    assert!(confirmed[..found.len()].iter().all(|email| found.contains(email)), "{engine:?}");
    assert!(people.iter().all(|one| !one.roles.is_empty()), "{engine:?}: somebody came back without a role");
    let key = Secrets::kept_in(&target.key).unwrap();
    let app = App::new(database, Clock::standing(NOW), wiring(), Means::new(key));
    let page = Browser::new(platform::server::router(&app, routes())).at("contoh.go.id").get("/kinerja").await;
    assert_eq!(page.status, 200, "{engine:?}");
    println!("{engine:?}: {} of {} invited during the backup are in it", found.len(), confirmed.len());
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_city_of_sqlite_comes_back_and_shows_its_pages() {
    rehearse(Engine::Sqlite).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lost_city_of_postgres_comes_back_and_shows_its_pages() {
    rehearse(Engine::Postgres).await;
}
