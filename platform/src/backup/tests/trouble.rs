//! What is in the way of a backup, and what is left of one that was not made.

use super::*;
use std::io::{self, Read, Write};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use time::Duration;

/// A place that fails after so many bytes.
#[derive(Debug)]
struct Failing {
    inner: Folder,
    room: Arc<AtomicU64>,
    kind: io::ErrorKind,
}

struct FailingDraft {
    inner: Box<dyn Draft>,
    room: Arc<AtomicU64>,
    kind: io::ErrorKind,
}

impl Write for FailingDraft {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let left = self.room.load(Ordering::Relaxed);
        if left < bytes.len() as u64 {
            return Err(self.kind.into());
        }
        self.room.store(left - bytes.len() as u64, Ordering::Relaxed);
        self.inner.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

impl Draft for FailingDraft {
    fn keep(self: Box<Self>) -> io::Result<()> {
        self.inner.keep()
    }
}

impl Place for Failing {
    fn create(&self, name: &str) -> io::Result<Box<dyn Draft>> {
        let inner = self.inner.create(name)?;
        Ok(Box::new(FailingDraft { inner, room: Arc::clone(&self.room), kind: self.kind }))
    }

    fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
        self.inner.open(name)
    }

    fn list(&self, under: &str) -> io::Result<Vec<Stored>> {
        self.inner.list(under)
    }

    fn remove(&self, name: &str) -> io::Result<()> {
        self.inner.remove(name)
    }

    fn tidy(&self) -> io::Result<()> {
        self.inner.tidy()
    }

    fn label(&self) -> String {
        self.inner.label()
    }
}

/// At every point at which the disk can become full there is a sentence, and nothing that looks like a backup; the one before stays.
#[test]
fn a_full_disk_is_said_and_leaves_the_earlier_backup_alone() {
    let home = Home::new(Engine::Sqlite);
    let first = home.make().unwrap().manifest;
    let mut failures = 0;
    for room in [0, 100, 1_000, first.bytes() - 1, first.bytes(), first.bytes() + 300] {
        home.clock.advance(Duration::HOUR);
        let (inner, room) = (Folder(home.path("cadangan")), Arc::new(AtomicU64::new(room)));
        let place = Arc::new(Failing { inner, room, kind: io::ErrorKind::StorageFull });
        let refused = make(&home.fresh, &home.clock, &Plan { place, ..home.plan() });
        assert!(matches!(refused, Err(BackupError::NoRoom { .. })), "{refused:?}");
        failures += 1;
        assert_eq!(list(&*home.plan().place).unwrap(), std::slice::from_ref(&first.id));
        let others: Vec<String> =
            names(&home.path("cadangan")).into_iter().filter(|name| !name.starts_with(&first.id)).collect();
        assert_eq!(others, Vec::<String>::new());
        assert!(!home.path("kerja").exists());
    }
    let runs = home.fresh.read_now(|db| runs(db, 100)).unwrap();
    let failed =
        runs.iter().filter(|run| run.state == RunState::Failed && run.error.as_deref() == Some("backup.no-room"));
    assert_eq!(failed.count(), failures);
}

#[test]
fn only_one_backup_is_made_at_a_time() {
    for engine in ENGINES {
        let home = Home::new(engine);
        let now = home.clock.now();
        home.fresh.write_now(move |db| store::start(db, BackupId::new(now), "x", "y", now)).unwrap();
        for step in [Duration::ZERO, Duration::minutes(1)] {
            home.clock.advance(step);
            let refused = home.make();
            assert!(matches!(refused, Err(BackupError::Running { since }) if since == now), "{engine:?}: {refused:?}");
        }
    }
}

/// The other was killed, and the clock is what it should be, or was set an hour forward or back since.
#[test]
fn whoever_died_is_written_off_and_cleaned_up_after_whatever_the_clock_says() {
    for step in [Duration::minutes(2), Duration::HOUR, -Duration::HOUR] {
        let home = Home::new(Engine::Sqlite);
        let now = home.clock.now();
        let dead = manifest::new_id(now);
        let name = dead.clone();
        home.fresh.write_now(move |db| store::start(db, BackupId::new(now), &name, "y", now)).unwrap();
        let left = home.path("cadangan").join(&dead);
        std::fs::create_dir_all(&left).unwrap();
        std::fs::write(left.join("database.age"), "half").unwrap();
        std::fs::write(left.join("settings.age.part"), "half").unwrap();
        std::fs::create_dir_all(home.path("kerja")).unwrap();
        std::fs::write(home.path("kerja/database"), "in clear").unwrap();
        home.clock.advance(step);
        let made = home.make().unwrap();
        assert!(!left.exists() && !home.path("kerja").exists());
        let states: Vec<RunState> =
            home.fresh.read_now(|db| runs(db, 9)).unwrap().into_iter().map(|run| run.state).collect();
        assert!(states.contains(&RunState::Done) && states.contains(&RunState::Broken), "{step}: {states:?}");
        assert_eq!(list(&*home.plan().place).unwrap(), [made.manifest.id]);
    }
}

/// A clock that is set back makes a backup that looks older than the one before: it is kept all the same.
#[test]
fn a_clock_that_is_set_back_deletes_no_backup_that_was_just_made() {
    let home = Home::new(Engine::Sqlite);
    let plan = Plan { retention: Retention { daily: 1, weekly: 1, monthly: 1 }, ..home.plan() };
    make(&home.fresh, &home.clock, &plan).unwrap();
    home.clock.advance(-Duration::HOUR);
    let second = make(&home.fresh, &home.clock, &plan).unwrap();
    assert!(list(&*plan.place).unwrap().contains(&second.manifest.id));
    home.clock.advance(Duration::hours(2));
    let third = make(&home.fresh, &home.clock, &plan).unwrap();
    assert_eq!(list(&*plan.place).unwrap(), [third.manifest.id]);
}

/// Somebody wrote this run off, since it gave no sign of life: what it goes on to make is no backup.
#[test]
fn a_run_that_was_written_off_publishes_nothing() {
    let home = Home::new(Engine::Sqlite);
    struct WritesOff(Folder, Database);
    impl std::fmt::Debug for WritesOff {
        fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            out.write_str("WritesOff")
        }
    }
    impl Place for WritesOff {
        fn create(&self, name: &str) -> io::Result<Box<dyn Draft>> {
            let broken = self.1.write_now(|db| match store::running(db)? {
                Some(run) => store::end(db, run.id, RunState::Broken, START, None, None),
                None => Ok(false),
            });
            assert!(broken.is_ok());
            self.0.create(name)
        }
        fn open(&self, name: &str) -> io::Result<Box<dyn Read + Send>> {
            self.0.open(name)
        }
        fn list(&self, under: &str) -> io::Result<Vec<Stored>> {
            self.0.list(under)
        }
        fn remove(&self, name: &str) -> io::Result<()> {
            self.0.remove(name)
        }
        fn tidy(&self) -> io::Result<()> {
            self.0.tidy()
        }
        fn label(&self) -> String {
            self.0.label()
        }
    }
    let place = Arc::new(WritesOff(Folder(home.path("cadangan")), home.fresh.clone()));
    let refused = make(&home.fresh, &home.clock, &Plan { place, ..home.plan() });
    assert!(matches!(refused, Err(BackupError::Overtaken)), "{refused:?}");
    assert_eq!(list(&*home.plan().place).unwrap(), Vec::<String>::new());
}

#[test]
fn a_restore_overwrites_nothing() {
    let home = Home::new(Engine::Sqlite);
    let made = home.make().unwrap();
    for occupied in ["prima.db", "prima.db-wal", "prima.db.key", "prima.db.settings", "prima.db.berkas"] {
        let target = home.target(occupied, None);
        std::fs::write(home.path(occupied).join(occupied), "mine").unwrap();
        let refused = restore(&*home.plan().place, &made.manifest.id, &home.identity, &target);
        assert!(matches!(refused, Err(BackupError::Occupied { .. })), "{occupied}: {refused:?}");
        assert_eq!(names(&home.path(occupied)), [occupied], "nothing else was written");
    }
    let own = Target { origin: Origin::of(home.fresh.url()), ..home.target("other", None) };
    let refused = restore(&*home.plan().place, &made.manifest.id, &home.identity, &own);
    assert!(matches!(refused, Err(BackupError::Occupied { .. })));
}

/// Each byte of each part is looked at by somebody: a changed one is found, and nothing is restored.
#[test]
fn a_changed_byte_is_found_wherever_it_is() {
    let home = Home::new(Engine::Sqlite);
    record(&home.fresh, 1);
    std::fs::create_dir_all(home.path("berkas")).unwrap();
    std::fs::write(home.path("berkas/satu"), "satu").unwrap();
    let made = home.make().unwrap();
    let place = home.path("cadangan");
    for name in names(&place).into_iter().filter(|name| !name.ends_with("manifest.json") && !name.ends_with(".txt")) {
        let file = place.join(&name);
        let whole = std::fs::read(&file).unwrap();
        let ends = [0, whole.len() / 2, whole.len() - 1];
        let changed = ends.map(|at| {
            let mut changed = whole.clone();
            changed[at] ^= 1;
            changed
        });
        for (number, bytes) in changed.into_iter().chain([whole[..whole.len() - 1].to_vec()]).enumerate() {
            std::fs::write(&file, bytes).unwrap();
            let target = home.target(&format!("{}-{number}", name.replace('/', "-")), None);
            let refused = restore(&*home.plan().place, &made.manifest.id, &home.identity, &target);
            assert!(refused.is_err(), "{name}, change {number}");
            assert!(!Path::new(&target.origin.url()).exists(), "{name}, change {number}");
        }
        std::fs::write(&file, whole).unwrap();
    }
    assert!(restore(&*home.plan().place, &made.manifest.id, &home.identity, &home.target("whole", None)).is_ok());
}

#[test]
fn a_backup_of_one_engine_is_not_restored_into_the_other() {
    let home = Home::new(Engine::Sqlite);
    let made = home.make().unwrap();
    let empty = Fresh::empty(Engine::Postgres, &crate::database::Options::default());
    let target = home.target("pulih", Some(&empty));
    let refused = restore(&*home.plan().place, &made.manifest.id, &home.identity, &target);
    assert!(matches!(refused, Err(BackupError::OtherEngine)), "{refused:?}");
}

const ADDRESS: &str = "PRIMA_TEST_BACKUP";

/// Kills a program that makes a backup at some moment: the earlier backup stays, nothing else looks like one, and the next run
/// makes one and removes what is left.
#[test]
fn a_backup_that_is_killed_is_none() {
    if let Ok(address) = std::env::var(ADDRESS) {
        return make_until_killed(&address);
    }
    let home = Home::new(Engine::Sqlite);
    for number in 1..=3_000 {
        let acts =
            home.fresh.write_now(move |db| (0..10).try_for_each(|part| audit::record(db, &act(number * 10 + part))));
        acts.unwrap();
    }
    let first = home.make().unwrap().manifest.id;
    // Of one day only the last is kept.
    home.clock.advance(Duration::DAY);
    let mut done = 0;
    for pause in [10_u64, 30, 60, 100, 150, 250] {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command.args(["--exact", "backup::tests::trouble::a_backup_that_is_killed_is_none", "--nocapture"]);
        let folder = home.folder.path().display().to_string();
        command.env(ADDRESS, format!("{}|{folder}|{}", home.fresh.url(), home.identity.recipient()));
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
        // It says when it begins: before, there is nothing to kill.
        let mut said = [0; 1];
        let mut out = child.stdout.take().unwrap();
        while out.read(&mut said).unwrap() == 1 && said[0] != b'!' {}
        std::thread::sleep(std::time::Duration::from_millis(pause));
        child.kill().unwrap();
        child.wait().unwrap();
        let there = list(&*home.plan().place).unwrap();
        assert!(there.contains(&first));
        for id in &there {
            verify(&*home.plan().place, id, &home.identity, &home.path("uji"), None).unwrap();
        }
        done += usize::from(there.len() > 1);
        home.clock.advance(Duration::HOUR);
        let next = home.make().unwrap().manifest.id;
        for id in list(&*home.plan().place).unwrap().into_iter().filter(|id| *id != first && *id != next) {
            run::remove_for_test(&*home.plan().place, &id).unwrap();
        }
        run::remove_for_test(&*home.plan().place, &next).unwrap();
        let left: Vec<String> =
            names(&home.path("cadangan")).into_iter().filter(|name| !name.starts_with(&first)).collect();
        assert_eq!(left, Vec::<String>::new(), "after {pause} ms");
        home.clock.advance(Duration::HOUR);
    }
    println!("6 kills; {done} backups were complete before");
}

fn make_until_killed(address: &str) {
    let parts: Vec<&str> = address.split('|').collect();
    let folder = Path::new(parts[1]);
    let database = Database::open(parts[0], &crate::database::Options::default()).unwrap();
    let plan = Plan {
        place: Arc::new(Folder(folder.join("cadangan"))),
        recipients: Recipients::read(parts[2]).unwrap(),
        origin: Origin::of(parts[0]),
        files: None,
        keys: vec![folder.join("prima.key")],
        settings: Vec::new(),
        work: folder.join("kerja"),
        names_key: [5; 32],
        retention: Retention::default(),
        zone: Zone::Wib,
    };
    println!("!");
    let _ = make(&database, &Clock::standing(START + Duration::DAY + Duration::minutes(30)), &plan);
}
