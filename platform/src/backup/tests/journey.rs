//! There and back, while others write.

use super::*;
use std::sync::atomic::{AtomicBool, AtomicI64, Ordering};

/// Others write all the time. What was confirmed before the backup began is in it, nothing is there by half, and the chain of the
/// audit log leads to the head that the manifest names.
#[test]
fn what_was_confirmed_before_a_backup_began_comes_back_whole() {
    for engine in ENGINES {
        let home = Home::new(engine);
        for number in 1..=200 {
            record(&home.fresh, number);
        }
        let (stop, confirmed) = (AtomicBool::new(false), AtomicI64::new(200));
        let (before, made, after) = std::thread::scope(|scope| {
            scope.spawn(|| {
                while !stop.load(Ordering::Relaxed) {
                    let number = confirmed.load(Ordering::Relaxed) + 1;
                    record(&home.fresh, number);
                    confirmed.store(number, Ordering::Relaxed);
                }
            });
            let before = confirmed.load(Ordering::Relaxed);
            let made = home.make();
            stop.store(true, Ordering::Relaxed);
            (before, made, confirmed.load(Ordering::Relaxed))
        });
        let made = made.unwrap();
        assert!(after > before, "{engine:?}: nobody wrote while the backup was made");
        let empty = (engine == Engine::Postgres).then(|| Fresh::empty(engine, &crate::database::Options::default()));
        let target = home.target("pulih", empty.as_ref());
        let place = home.plan().place;
        let restored = restore(&*place, &made.manifest.id, &home.identity, &target).unwrap();
        assert!(restored.is_whole(), "{engine:?}: {:?}", restored.chains);
        assert_eq!(restored.chains.len(), 1);
        let database = Database::open(&target.origin.url(), &crate::database::Options::default()).unwrap();
        let last = last_number(&database);
        assert!((before..=after).contains(&last), "{engine:?}: {before} ≤ {last} ≤ {after}");
        assert_eq!(made.manifest.rows["audit_entry"], last.unsigned_abs());
        assert!(database.check_version().is_ok());
        database.close();
        assert_eq!(std::fs::read_to_string(&target.key).unwrap(), "k".repeat(64));
        assert!(std::fs::read_to_string(&target.settings).unwrap().contains("PRIMA_LISTEN=127.0.0.1:8080"));
        let left: Vec<String> =
            names(&home.path("pulih")).into_iter().filter(|name| name.ends_with(".pulih")).collect();
        assert_eq!(left, Vec::<String>::new());
        println!("{engine:?}: {before} confirmed before, {last} in the backup, {after} at the end");
    }
}

#[test]
fn nothing_in_the_place_can_be_read_without_the_secret_half() {
    let home = Home::new(Engine::Sqlite);
    let word = "kata-yang-dicari";
    home.fresh.write_now(move |db| audit::record(db, &Entry { detail: word.into(), ..act(1) })).unwrap();
    std::fs::create_dir_all(home.path("berkas")).unwrap();
    std::fs::write(home.path("berkas/surat"), word).unwrap();
    let made = home.make().unwrap();
    let place = home.path("cadangan");
    for name in names(&place) {
        let bytes = std::fs::read(place.join(&name)).unwrap();
        let holds = |text: &str| bytes.windows(text.len()).any(|part| part == text.as_bytes());
        assert!(!holds(word) && !holds("kkkk") && !holds("surat"), "{name}");
    }
    let stranger = restore(&*home.plan().place, &made.manifest.id, &Identity::new(), &home.target("a", None));
    assert!(matches!(stranger, Err(BackupError::WrongIdentity)), "{stranger:?}");
    assert!(!home.path("kerja").exists(), "the copy in clear is gone");
}

#[test]
fn a_file_is_copied_once_and_comes_back_under_its_name() {
    let home = Home::new(Engine::Sqlite);
    std::fs::create_dir_all(home.path("berkas/ab")).unwrap();
    std::fs::write(home.path("berkas/ab/satu"), "satu").unwrap();
    std::fs::write(home.path("berkas/.sementara"), "half").unwrap();
    let first = home.make().unwrap().manifest.files.unwrap();
    assert_eq!((first.count, first.new), (1, 1));
    std::fs::write(home.path("berkas/ab/dua"), "dua").unwrap();
    home.clock.advance(time::Duration::HOUR);
    let second = home.make().unwrap().manifest;
    let files = second.files.clone().unwrap();
    assert_eq!((files.count, files.new, files.bytes), (2, 1, 7));
    let target = home.target("pulih", None);
    let restored = restore(&*home.plan().place, &second.id, &home.identity, &target).unwrap();
    assert_eq!(restored.files, (2, 7));
    assert_eq!(names(&target.files), ["ab/dua", "ab/satu"]);
    assert_eq!(std::fs::read_to_string(target.files.join("ab/satu")).unwrap(), "satu");
}

#[test]
fn a_file_that_is_not_what_its_name_says_is_left_out_and_counted() {
    let home = Home::new(Engine::Sqlite);
    std::fs::create_dir_all(home.path("berkas")).unwrap();
    std::fs::write(home.path("berkas").join("0".repeat(64)), "other").unwrap();
    let files = home.make().unwrap().manifest.files.unwrap();
    assert_eq!((files.count, files.damaged), (0, 1));
}

#[test]
fn a_file_that_no_backup_needs_any_more_goes_with_the_last_one_that_did() {
    let home = Home::new(Engine::Sqlite);
    std::fs::create_dir_all(home.path("berkas")).unwrap();
    std::fs::write(home.path("berkas/satu"), "satu").unwrap();
    let one_day = Plan { retention: Retention { daily: 1, weekly: 0, monthly: 0 }, ..home.plan() };
    make(&home.fresh, &home.clock, &one_day).unwrap();
    std::fs::remove_file(home.path("berkas/satu")).unwrap();
    assert_eq!(one_day.place.list("files/").unwrap().len(), 1);
    home.clock.advance(time::Duration::DAY);
    let made = make(&home.fresh, &home.clock, &one_day).unwrap();
    assert_eq!(made.removed.len(), 1);
    assert_eq!(one_day.place.list("files/").unwrap(), []);
    assert_eq!(list(&*one_day.place).unwrap(), [made.manifest.id]);
}

#[test]
fn a_backup_is_proved_without_leaving_anything_behind() {
    for engine in ENGINES {
        let home = Home::new(engine);
        record(&home.fresh, 1);
        let made = home.make().unwrap();
        let empty = (engine == Engine::Postgres).then(|| Fresh::empty(engine, &crate::database::Options::default()));
        let scratch = empty.as_ref().map(|empty| empty.url());
        let place = home.plan().place;
        let proved = verify(&*place, &made.manifest.id, &home.identity, &home.path("uji"), scratch).unwrap();
        assert!(proved.is_whole() && proved.chains.len() == 1, "{engine:?}");
        assert_eq!(names(&home.path("uji")), Vec::<String>::new());
        let id = made.manifest.id.clone();
        assert!(home.fresh.write_now(move |db| note_verified(db, &id, START)).unwrap());
        assert_eq!(home.fresh.read_now(last_verified).unwrap(), Some(START));
        assert!(!home.fresh.write_now(|db| note_verified(db, "another", START)).unwrap());
    }
}

#[test]
fn a_bucket_serves_as_well_as_a_folder() {
    let home = Home::new(Engine::Sqlite);
    record(&home.fresh, 1);
    std::fs::create_dir_all(home.path("berkas")).unwrap();
    std::fs::write(home.path("berkas/satu"), "satu").unwrap();
    let store = Arc::new(object_store::memory::InMemory::new());
    let place = Arc::new(Bucket::over(store, "kota", "s3://ember/kota".into()).unwrap());
    let one_day = Retention { daily: 1, weekly: 0, monthly: 0 };
    let plan = Plan { place: place.clone(), retention: one_day, ..home.plan() };
    make(&home.fresh, &home.clock, &plan).unwrap();
    home.clock.advance(time::Duration::DAY);
    let made = make(&home.fresh, &home.clock, &plan).unwrap();
    assert_eq!((made.removed.len(), made.manifest.files.as_ref().map(|files| files.new)), (1, Some(0)));
    assert_eq!(list(&*place).unwrap(), std::slice::from_ref(&made.manifest.id));
    let restored = restore(&*place, &made.manifest.id, &home.identity, &home.target("pulih", None)).unwrap();
    assert!(restored.is_whole());
    assert_eq!(restored.files, (1, 4));
}
