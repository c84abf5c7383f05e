//! A program dies between any two steps of a message's way, by `abort`, and another goes on: the person gets it once.

use super::*;
use crate::database::{Engine, Options};
use crate::messages::steps::Step;
use crate::testing::{Fresh, MailServer as RealServer};
use std::process::{Command, Stdio};

const ADDRESS: &str = "PRIMA_TEST_MAIL_DATABASE";
const PORT: &str = "PRIMA_TEST_MAIL_PORT";
const ARCHIVE: &str = "PRIMA_TEST_MAIL_ARCHIVE";
const NOW: &str = "PRIMA_TEST_MAIL_NOW";
const DIE_AT: &str = "PRIMA_TEST_DIE_AT";
/// The name of the step before all others: the message is stored, and nobody has looked at it.
const STORED: &str = "Stored";
const STEPS: [Step; 6] = [Step::Claimed, Step::Addressed, Step::Marked, Step::Opened, Step::Accepted, Step::Written];

fn runtime() -> tokio::runtime::Runtime {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap()
}

/// The program that dies: it does what is due until it comes to its step.
fn work_until_the_step(address: &str) {
    let value = |name: &str| std::env::var(name).unwrap();
    let server = format!("smtp://127.0.0.1:{}", value(PORT));
    let sent = std::env::var(ARCHIVE).ok();
    let words = MailWords {
        server: &server,
        from: "Kota Contoh <prima@contoh.go.id>",
        sent: sent.as_deref(),
        a_minute: 60_000,
        ..MailWords::default()
    };
    let mail = Mail::new(MailSettings::read(&words).unwrap()).unwrap();
    let database = Database::open(address, &Options { readers: 1, ..Options::default() }).unwrap();
    let now = OffsetDateTime::from_unix_timestamp(value(NOW).parse().unwrap()).unwrap();
    runtime().block_on(async {
        let world = World::at(&database, mail, now);
        if value(DIE_AT) == STORED {
            world.send(SARI, &WORK).await;
            std::process::abort();
        }
        world.worker.work_off().await.unwrap();
    });
}

struct Scene<'s> {
    test: &'s str,
    fresh: &'s Fresh,
    server: &'s RealServer,
    archive: bool,
    clock: Clock,
}

impl Scene<'_> {
    fn world(&self) -> World {
        let settings = if self.archive { self.server.settings() } else { self.server.settings_without_archive() };
        World::at(self.fresh, Mail::new(settings).unwrap(), self.clock.now())
    }

    /// Starts the program and says whether it died at the step.
    fn dies_at(&self, step: &str) -> bool {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", self.test, "--nocapture", "--test-threads=1"]);
        command.env(ADDRESS, self.fresh.url()).env(PORT, self.server.port().to_string()).env(DIE_AT, step);
        command.env(NOW, self.clock.now().unix_timestamp().to_string());
        if let Some(archive) = self.server.settings().archive.filter(|_| self.archive) {
            let Archive::Maildir { address, folder } = archive;
            command.env(ARCHIVE, format!("{address}=maildir:{}", folder.display()));
        }
        let status = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).status().unwrap();
        !status.success()
    }

    /// Leases and waits are over, and the mail server did what it had to do.
    fn time_passes(&self) {
        self.server.settle();
        self.clock.advance(Duration::minutes(7));
    }

    /// Another program goes on until nothing is left that it could do.
    fn another_goes_on(&self) {
        for _ in 0..12 {
            self.time_passes();
            let world = self.world();
            runtime().block_on(async {
                // A server needs a moment to see that its client died, and holds what it had locked until then.
                for _ in 0..5 {
                    world.worker.work_off().await.unwrap();
                    tokio::time::sleep(std::time::Duration::from_millis(10)).await;
                }
            });
        }
    }
}

/// Each step on its own: a message whose program dies there.
fn at_each_step(engine: Engine, test: &str) {
    if let Ok(address) = std::env::var(ADDRESS) {
        return work_until_the_step(&address);
    }
    let server = RealServer::start(&["sari"]);
    let fresh = Fresh::migrated(engine);
    let scene = Scene { test, fresh: &fresh, server: &server, archive: true, clock: Clock::standing(START) };
    let mut ids = Vec::new();
    for kind in [&WORK, &SECURITY] {
        for step in STEPS {
            let world = scene.world();
            let id = runtime().block_on(world.send(SARI, kind));
            assert!(scene.dies_at(&format!("{step:?}")), "{step:?}");
            scene.another_goes_on();
            assert_eq!(runtime().block_on(world.state(id)), MessageState::Sent, "{step:?}");
            ids.push(id);
        }
    }
    once_each(&server.mailbox("sari"), &ids);
    once_each(&server.mailbox("arsip"), &ids);
    println!("{engine:?}: {} messages, a death at each of {} steps: each arrived once", ids.len(), STEPS.len());
}

/// One message whose programs die one after another, each at the next step.
fn at_every_step_in_turn(engine: Engine, test: &str) {
    if let Ok(address) = std::env::var(ADDRESS) {
        return work_until_the_step(&address);
    }
    let server = RealServer::start(&["sari"]);
    let fresh = Fresh::migrated(engine);
    let scene = Scene { test, fresh: &fresh, server: &server, archive: true, clock: Clock::standing(START) };
    assert!(scene.dies_at(STORED));
    let mut deaths = 1;
    for step in STEPS {
        deaths += usize::from(scene.dies_at(&format!("{step:?}")));
        scene.time_passes();
    }
    assert_eq!(deaths, 6, "all but the last: the archive had it by then");
    scene.another_goes_on();
    let mailbox = server.mailbox("sari");
    assert_eq!((mailbox.len(), server.mailbox("arsip").len()), (1, 1), "one message, after {deaths} deaths");
}

/// Without an archive: what protects an account may come twice as one and the same message; work waits for a person.
fn without_an_archive(engine: Engine, test: &str) {
    if let Ok(address) = std::env::var(ADDRESS) {
        return work_until_the_step(&address);
    }
    let server = RealServer::start(&["sari"]);
    let fresh = Fresh::migrated(engine);
    let scene = Scene { test, fresh: &fresh, server: &server, archive: false, clock: Clock::standing(START) };
    // Hours pass from one death to the next.
    runtime().block_on(scene.world().prefer(SARI, Preferences { quiet: None, ..Preferences::default() }));
    for step in STEPS {
        for kind in [&WORK, &SECURITY] {
            let world = scene.world();
            let id = runtime().block_on(world.send(SARI, kind));
            assert!(scene.dies_at(&format!("{step:?}")), "{step:?}");
            scene.another_goes_on();
            let own = format!("<{id}@contoh.go.id>");
            let arrived = server.mailbox("sari").iter().filter(|one| header(one, "message-id") == own).count();
            let expected = match (step, kind.category) {
                (Step::Claimed | Step::Addressed | Step::Written, _) => (MessageState::Sent, 1),
                (Step::Marked | Step::Opened, Category::Security) => (MessageState::Sent, 1),
                // The same Message-ID: mail programs show one.
                (Step::Accepted, Category::Security) => (MessageState::Sent, 2),
                (Step::Marked | Step::Opened, _) => (MessageState::InDoubt, 0),
                (Step::Accepted, _) => (MessageState::InDoubt, 1),
            };
            assert_eq!((runtime().block_on(world.state(id)), arrived), expected, "{step:?} of {}", kind.name);
        }
    }
}

macro_rules! on_both {
    ($($run:ident: $sqlite:ident, $postgres:ident;)+) => {
        $(#[test]
        fn $sqlite() {
            $run(Engine::Sqlite, concat!("messages::tests::crash::", stringify!($sqlite)));
        }

        #[test]
        fn $postgres() {
            $run(Engine::Postgres, concat!("messages::tests::crash::", stringify!($postgres)));
        })+
    };
}

on_both! {
    at_each_step: a_message_of_a_killed_program_arrives_once_in_sqlite, a_message_of_a_killed_program_arrives_once_in_postgres;
    at_every_step_in_turn: a_message_killed_again_and_again_arrives_once_in_sqlite,
        a_message_killed_again_and_again_arrives_once_in_postgres;
    without_an_archive: without_an_archive_no_work_is_doubled_in_sqlite, without_an_archive_no_work_is_doubled_in_postgres;
}
