//! The page of dead jobs through the real server: what two cities see, and what their system admins decide.

use crate::{JOBS_MENU, WORDS, routes};
use platform::app::{App, Means, Wiring};
use platform::audit::{self, Filter};
use platform::clock::Clock;
use platform::database::{Database, DatabaseError, Read, Uuid};
use platform::identity::{AccountId, Grant, InstitutionId, Person, Role, SessionId};
use platform::jobs::{self, Handlers, JobError, JobId, JobState, NewJob, Settings, Worker};
use platform::secret::Secrets;
use platform::session::{COOKIE, Token, TokenHash};
use platform::site::Site;
use platform::testing::{Browser, Fresh, migrated_sqlite};
use time::OffsetDateTime;
use time::macros::datetime;

const NOW: OffsetDateTime = datetime!(2026-11-22 01:00 UTC);
const KEEPER: &str = "satu.contoh.go.id";
const OTHER: &str = "dua.contoh.go.id";

fn institution(host: &str) -> InstitutionId {
    Uuid::from_u128(if host == OTHER { 2 } else { 1 }).into()
}

fn site(_: &mut Read<'_>, host: &str) -> Result<Option<Site>, DatabaseError> {
    let (institution, keeps_installation) = (Some(institution(host)), host != OTHER);
    Ok(Some(Site { institution, keeps_installation, ..Site::unclaimed() }))
}

/// Whoever holds a role's name as token holds the role.
fn person(
    _: &mut Read<'_>,
    token: &TokenHash,
    institution: InstitutionId,
    _: OffsetDateTime,
) -> Result<Option<Person>, DatabaseError> {
    let role = Role::ALL.into_iter().find(|role| Token::presented(role.name()).hash() == *token);
    Ok(role.map(|role| Person {
        account: AccountId::from(Uuid::from_u128(7)),
        session: SessionId::new(NOW),
        institution,
        name: "Sari".into(),
        grants: vec![Grant { role, units: None }],
        second_factor: true,
        proved_at: NOW,
    }))
}

struct World {
    browser: Browser,
    worker: Worker,
    database: Fresh,
}

impl World {
    fn new() -> Self {
        let database = migrated_sqlite();
        let wiring = Wiring { site, person, staff_menu: &[JOBS_MENU], ..Wiring::default() };
        let means = Means::new(Secrets::new([7; 32]));
        let app = App::new(Database::clone(&database), Clock::standing(NOW), wiring, means);
        let browser = Browser::new(platform::server::router(&app, routes()));
        let refused = |_: App, _| async { Err(JobError::new("database.full", "").for_good()) };
        let worker = Worker::new(app, Handlers::new().outside("jobs.sweep", 1, refused), Settings::default());
        Self { browser, worker, database }
    }

    fn admin(&self, host: &str) -> Browser {
        let browser = self.browser.at(host);
        browser.keep(COOKIE, Role::SystemAdmin.name());
        browser
    }

    /// A job that failed for good.
    async fn dead(&self, of: Option<InstitutionId>) -> JobId {
        let job =
            NewJob { kind: "jobs.sweep", institution: of, payload: serde_json::json!({}), run_at: NOW, key: None };
        let id = self.database.write(move |db| jobs::enqueue(db, &job)).await.unwrap();
        for job in self.worker.claim(10).await.unwrap() {
            self.worker.perform(&job).await.unwrap();
        }
        id
    }

    async fn state(&self, of: Option<InstitutionId>, id: JobId) -> Option<JobState> {
        self.database.read(move |db| jobs::state(db, of, id)).await.unwrap()
    }

    async fn acts(&self, of: Option<InstitutionId>) -> Vec<String> {
        let read = self.database.read(move |db| audit::search(db, of, &Filter::default(), 10)).await;
        read.unwrap().into_iter().map(|entry: audit::Recorded| entry.act).collect()
    }
}

#[test]
fn every_word_is_there_in_both_languages_and_used() {
    platform::testing::words(&WORDS, env!("CARGO_MANIFEST_DIR"), &["work", "trouble"]);
}

#[tokio::test]
async fn without_dead_jobs_the_page_says_that_nothing_waits() {
    let world = World::new();
    let page = world.admin(OTHER).get("/kelola/pekerjaan").await;
    assert!(page.says("Tidak ada yang menunggu keputusan"));
    assert!(!page.says("Seluruh instalasi"), "figures of all cities are for whoever keeps the installation");
    assert!(world.admin(KEEPER).get("/kelola/pekerjaan").await.says("Seluruh instalasi"));
}

#[tokio::test]
async fn a_dead_job_is_named_with_its_cause_and_runs_again_when_somebody_says_so() {
    let (world, own) = (World::new(), Some(institution(OTHER)));
    let id = world.dead(own).await;
    let admin = world.admin(OTHER);
    let page = admin.get("/kelola/pekerjaan").await;
    assert!(page.says("Menghapus catatan pekerjaan lama") && page.says("Tempat penyimpanan basis data penuh."));
    let answer = admin.post(&format!("/kelola/pekerjaan/{id}/coba-lagi"), &[]).await;
    assert_eq!(answer.location(), "/kelola/pekerjaan?selesai=dicoba");
    assert_eq!(world.state(own, id).await, Some(JobState::Waiting));
    assert_eq!(world.acts(own).await, ["operations.job-retried"]);
    let again = admin.post(&format!("/kelola/pekerjaan/{id}/coba-lagi"), &[]).await;
    assert_eq!(again.location(), "/kelola/pekerjaan?selesai=sudah");
    assert_eq!(world.acts(own).await.len(), 1, "what changed nothing is not recorded");
}

#[tokio::test]
async fn a_dead_job_is_given_up_after_a_question() {
    let (world, own) = (World::new(), Some(institution(OTHER)));
    let id = world.dead(own).await;
    let admin = world.admin(OTHER);
    let question = admin.get(&format!("/kelola/pekerjaan?buang={id}")).await;
    assert!(question.says("Ya, buang") && question.says(&format!("/kelola/pekerjaan/{id}/buang")));
    assert_eq!(world.state(own, id).await, Some(JobState::Dead), "a question changes nothing");
    let answer = admin.post(&format!("/kelola/pekerjaan/{id}/buang"), &[]).await;
    assert_eq!(answer.location(), "/kelola/pekerjaan?selesai=dibuang");
    assert_eq!(world.state(own, id).await, Some(JobState::Discarded));
    assert_eq!(world.acts(own).await, ["operations.job-discarded"]);
}

#[tokio::test]
async fn nobody_decides_about_jobs_of_another_city() {
    let (world, theirs) = (World::new(), Some(institution(OTHER)));
    let id = world.dead(theirs).await;
    let keeper = world.admin(KEEPER);
    assert!(!keeper.get("/kelola/pekerjaan").await.says(&id.to_string()));
    for act in ["coba-lagi", "buang"] {
        assert_eq!(keeper.post(&format!("/kelola/pekerjaan/{id}/{act}"), &[]).await.status, 404);
    }
    assert_eq!(world.state(theirs, id).await, Some(JobState::Dead));
}

#[tokio::test]
async fn jobs_of_the_installation_are_decided_by_whoever_keeps_it() {
    let world = World::new();
    let id = world.dead(None).await;
    assert_eq!(world.admin(OTHER).post(&format!("/kelola/pekerjaan/{id}/coba-lagi"), &[]).await.status, 404);
    let keeper = world.admin(KEEPER);
    assert!(keeper.get("/kelola/pekerjaan").await.says("(instalasi)"));
    keeper.post(&format!("/kelola/pekerjaan/{id}/coba-lagi"), &[]).await;
    assert_eq!(world.state(None, id).await, Some(JobState::Waiting));
    assert_eq!(world.acts(None).await, ["operations.job-retried"], "in the chain of the installation");
}

#[tokio::test]
async fn only_a_system_admin_sees_the_page() {
    let world = World::new();
    let sekda = world.browser.at(KEEPER);
    sekda.keep(COOKIE, Role::Sekda.name());
    assert_eq!(sekda.get("/kelola/pekerjaan").await.status, 403);
}

#[tokio::test]
async fn the_checks_of_the_system_are_shown_and_looked_at_again() {
    let world = World::new();
    let keeper = world.admin(KEEPER);
    let before = keeper.get("/kelola/sistem").await;
    assert!(before.says("Periksa sistem") && before.says("Belum diperiksa"));
    let answer = keeper.post("/kelola/sistem/database/uji", &[]).await;
    assert_eq!(answer.location(), "/kelola/sistem?selesai=database");
    let after = keeper.get("/kelola/sistem?selesai=database").await;
    assert!(after.says("tabelnya cocok dengan program ini"), "{}", after.text());
    assert!(after.says("Basis data baru saja diuji."));
    assert_eq!(world.acts(None).await, ["operations.system-checked"]);
    assert_eq!(keeper.post("/kelola/sistem/lain/uji", &[]).await.status, 404);
}

#[tokio::test]
async fn only_whoever_keeps_the_installation_looks_at_its_system() {
    let world = World::new();
    assert_eq!(world.admin(OTHER).get("/kelola/sistem").await.status, 404);
    assert_eq!(world.admin(OTHER).post("/kelola/sistem/disk/uji", &[]).await.status, 404);
    let sekda = world.browser.at(KEEPER);
    sekda.keep(COOKIE, Role::Sekda.name());
    assert_eq!(sekda.get("/kelola/sistem").await.status, 403);
}
