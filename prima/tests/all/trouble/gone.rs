//! The database is gone for half a minute: the server of PostgreSQL stopped, the file of SQLite held by another program.

use super::load::Crowd;
use super::served::Served;
use super::server_of_data::DataServer;
use super::stored::{city, nothing_is_lost_or_doubled};
use crate::support::Folder;
use platform::database::{Database, DatabaseError, Options};
use std::time::{Duration, Instant};

const GONE: Duration = Duration::from_secs(30);

/// What the server logged as its own fault.
fn errors(served: &Served) -> String {
    served.log().lines().filter(|line| line.contains("ERROR")).take(20).collect::<Vec<_>>().join("\n")
}

/// Sends before, while and after `trouble`, and looks at what people were told.
fn through(database: &str, trouble: impl FnOnce()) {
    let before = city(database);
    let served = Served::start(database, &[]);
    let crowd = Crowd::at(served.address, 4);
    let wait_for = |more: usize| {
        let (before, began) = (crowd.confirmed(), Instant::now());
        while crowd.confirmed() < before + more {
            assert!(began.elapsed() < Duration::from_secs(60), "nothing is confirmed any more");
            std::thread::sleep(Duration::from_millis(10));
        }
    };
    wait_for(20);
    trouble();
    wait_for(20);
    let told = crowd.go_home();
    assert!(!told.refused.is_empty() || told.unanswered > 0, "nobody noticed anything");
    for (status, page) in &told.refused {
        assert_eq!(*status, 503, "{page}\n{}", errors(&served));
        assert!(page.contains("Tidak ada yang tersimpan") || page.contains("Periksa dahulu apakah"), "{page}");
        assert!(page.contains("<h1"), "a page, and no bare text");
    }
    nothing_is_lost_or_doubled(&served, (database, before), &told.held, told.unanswered + told.refused.len());
    served.stop();
}

#[test]
fn half_a_minute_without_the_server_of_postgres_loses_nothing() {
    let server = DataServer::start();
    let url = server.url.clone();
    through(&url, || {
        server.cut_off();
        std::thread::sleep(GONE);
        server.start_again();
    });
}

#[test]
fn half_a_minute_in_which_another_program_holds_the_file_loses_nothing() {
    let folder = Folder::new();
    let file = folder.path("kota.db");
    let database = file.to_str().unwrap();
    through(database, || {
        let other = Database::open(database, &Options { readers: 1, ..Options::default() }).unwrap();
        let held = other.write_now(|_| {
            std::thread::sleep(GONE);
            Ok::<(), DatabaseError>(())
        });
        held.unwrap();
        other.close();
    });
}
