//! The disk is full, and then it is not: on a small file system of memory that only this test sees.

use super::load::Crowd;
use super::served::Served;
use super::stored::{city, nothing_is_lost_or_doubled};
use crate::support::Folder;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// A command that runs where a folder is a file system of so many megabytes. Root makes a space of mounts of its own; anybody else a
/// space of users as well.
fn on_a_small_disk(folder: &Path, megabytes: u32, then: &str) -> Command {
    let mut command = Command::new("unshare");
    command.arg(if is_root() { "--mount" } else { "--user" });
    if !is_root() {
        command.args(["--map-root-user", "--mount"]);
    }
    let script = format!(
        "mount -t tmpfs -o size={megabytes}m none \"$0\" && cp \"$0\".db \"$0\"/kota.db && cp \"$0\".db.key \"$0\"/kota.db.key && exec {then}"
    );
    command.args(["sh", "-c", &(script + " \"$@\"")]).arg(folder);
    command
}

fn is_root() -> bool {
    Command::new("id").arg("-u").output().is_ok_and(|output| output.stdout == b"0\n")
}

/// A file of that process's file system, as seen from outside.
fn inside(process: u32, path: &Path) -> PathBuf {
    PathBuf::from(format!("/proc/{process}/root{}", path.display()))
}

#[test]
fn a_full_disk_refuses_with_a_sentence_and_loses_nothing() {
    let folder = Folder::new();
    let small = folder.path("kecil");
    std::fs::create_dir(&small).unwrap();
    let sample = city(folder.path("kecil.db").to_str().unwrap());
    let program = format!("'{}' serve", env!("CARGO_BIN_EXE_prima"));
    let database = small.join("kota.db");
    let served = Served::of(on_a_small_disk(&small, 24, &program), database.to_str().unwrap(), &[]);
    let crowd = Crowd::at(served.address, 4);
    while crowd.confirmed() < 20 {
        std::thread::sleep(Duration::from_millis(5));
    }
    // Somebody else fills the disk.
    let filler = inside(served.process(), &small.join("isi"));
    let mut file = std::fs::File::create(&filler).unwrap();
    while file.write_all(&[0; 4096]).is_ok() {}
    let began = Instant::now();
    while crowd.refused() < 20 {
        assert!(began.elapsed() < Duration::from_secs(120), "the disk never became full");
        std::thread::sleep(Duration::from_millis(5));
    }
    let page = served.get("/").unwrap();
    assert_eq!(page.status, 200, "what is there can still be read");
    drop(file);
    std::fs::remove_file(&filler).unwrap();
    let (before, began) = (crowd.confirmed(), Instant::now());
    while crowd.confirmed() < before + 20 {
        assert!(began.elapsed() < Duration::from_secs(60), "with room again nothing is taken");
        std::thread::sleep(Duration::from_millis(5));
    }
    let told = crowd.go_home();
    for (status, page) in &told.refused {
        assert!(*status == 507 || *status == 503, "{status} {page}");
        assert!(page.contains("Ruang penyimpanan habis") && page.contains("Tidak ada yang tersimpan"), "{page}");
    }
    assert_eq!(told.unanswered, 0, "everybody was told something");
    // SQLite would follow the way inside back out: it is given a copy.
    let copy = folder.path("salinan.db");
    for ending in ["", "-wal"] {
        let from = inside(served.process(), &small.join(format!("kota.db{ending}")));
        std::fs::copy(from, format!("{}{ending}", copy.display())).unwrap();
    }
    nothing_is_lost_or_doubled(&served, (copy.to_str().unwrap(), sample), &told.held, 0);
    served.stop();
}
