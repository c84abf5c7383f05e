//! Killed at a hundred moments that nobody chose, while people send and the worker works.

use super::load::{Crowd, Held};
use super::served::Served;
use super::server_of_data::DataServer;
use super::stored::{city, nothing_is_lost_or_doubled};
use crate::support::{Folder, prima};
use std::time::Duration;

const ROUNDS: usize = 100;
const PEOPLE: usize = 8;

fn killed_again_and_again(database: &str) {
    let before = city(database);
    let (mut held, mut unanswered) = (Held::new(), 0);
    for round in 0..ROUNDS {
        let served = Served::start(database, &[]);
        let crowd = Crowd::at(served.address, PEOPLE);
        // Not before something was confirmed, and then at any moment of what goes on.
        while crowd.confirmed() == 0 {
            std::thread::sleep(Duration::from_millis(1));
        }
        let [chance] = platform::clock::random::<1>();
        std::thread::sleep(Duration::from_micros(u64::from(chance) * 200));
        served.kill();
        let told = crowd.go_home();
        assert!(told.refused.is_empty(), "round {round}: {:?}", told.refused.first());
        held.extend(told.held);
        unanswered += told.unanswered.min(PEOPLE);
    }
    assert!(held.len() >= ROUNDS, "{}", held.len());
    let served = Served::start(database, &[]);
    nothing_is_lost_or_doubled(&served, (database, before), &held, unanswered);
    served.stop();
    let verified = prima(&["audit", "verify", "--database", database]);
    assert_eq!(verified.code, 0, "{}{}", verified.out, verified.err);
}

#[test]
fn killed_at_a_hundred_moments_sqlite_keeps_every_confirmation_once() {
    let folder = Folder::new();
    killed_again_and_again(folder.path("kota.db").to_str().unwrap());
}

#[test]
fn killed_at_a_hundred_moments_postgres_keeps_every_confirmation_once() {
    let server = DataServer::start();
    killed_again_and_again(&server.url);
}
