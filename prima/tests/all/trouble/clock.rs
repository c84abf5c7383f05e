//! The machine's clock jumps an hour ahead and an hour back while people send and the worker works. The clock is a library between
//! the program and the system (`libfaketime`), which reads from a file how far off it is to be.

use super::load::{Crowd, Held};
use super::served::Served;
use super::server_of_data::DataServer;
use super::stored::{city, nothing_is_lost_or_doubled};
use crate::support::{Folder, prima};
use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

const LIBRARY: &str = "faketime/libfaketimeMT.so.1";

/// Where the package has put the library.
fn library() -> String {
    let places = std::fs::read_dir("/usr/lib").unwrap().filter_map(Result::ok).map(|entry| entry.path().join(LIBRARY));
    let found = places.chain([Path::new("/usr/lib").join(LIBRARY)]).find(|path| path.exists());
    found.expect("libfaketime is installed: run bin/install").to_str().unwrap().to_owned()
}

fn through_jumps(database: &str, folder: &Folder) {
    let before = city(database);
    let offset = folder.file("selisih", "+0\n");
    let mut command = Command::new(env!("CARGO_BIN_EXE_prima"));
    command.arg("serve").env("LD_PRELOAD", library()).env("FAKETIME_TIMESTAMP_FILE", &offset);
    command.env("FAKETIME_CACHE_DURATION", "1").env("FAKETIME_DONT_FAKE_MONOTONIC", "1");
    let served = Served::of(command, database, &[]);
    let crowd = Crowd::at(served.address, 4);
    for jump in ["+3600", "+0", "-3600", "+0"] {
        std::fs::write(&offset, format!("{jump}\n")).unwrap();
        // The library reads its file once a second.
        std::thread::sleep(Duration::from_millis(2_500));
        let (before, began) = (crowd.confirmed(), Instant::now());
        while crowd.confirmed() < before + 20 {
            assert!(began.elapsed() < Duration::from_secs(60), "after {jump} seconds nothing is taken any more");
            std::thread::sleep(Duration::from_millis(5));
        }
        assert_eq!(served.get("/").unwrap().status, 200, "{jump}");
    }
    let told = crowd.go_home();
    assert!(told.refused.is_empty(), "{:?}", told.refused.first());
    assert_eq!(told.unanswered, 0);
    let held: Held = told.held;
    nothing_is_lost_or_doubled(&served, (database, before), &held, 0);
    served.stop();
    let verified = prima(&["audit", "verify", "--database", database]);
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
}

#[test]
fn a_clock_that_jumps_an_hour_loses_and_doubles_nothing_in_sqlite() {
    let folder = Folder::new();
    through_jumps(folder.path("kota.db").to_str().unwrap(), &folder);
}

#[test]
fn a_clock_that_jumps_an_hour_loses_and_doubles_nothing_in_postgres() {
    let (folder, server) = (Folder::new(), DataServer::start());
    through_jumps(&server.url, &folder);
}
