//! Citizens who send requests about their data all at once, and remember what they were told.

use super::served::{self, Answer};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A confirmation that somebody holds: where their request is followed, and what they wrote.
pub(crate) type Held = BTreeMap<String, String>;

/// What a crowd was told.
#[derive(Debug, Default)]
pub(crate) struct Told {
    /// Every confirmation by its secret link.
    pub(crate) held: Held,
    /// Answers that refused, in the order they came: status and page.
    pub(crate) refused: Vec<(u16, String)>,
    /// Requests of which nobody knows whether they were taken: the answer never came.
    pub(crate) unanswered: usize,
}

/// A crowd that sends until it is told to stop.
pub(crate) struct Crowd {
    stop: Arc<AtomicBool>,
    told: Arc<Mutex<Told>>,
    threads: Vec<std::thread::JoinHandle<()>>,
}

/// Where a request is followed, before its secret.
const FOLLOW: &str = "/data-pribadi/permintaan/";

/// Numbers what is written, so that two requests are never the same.
static WRITTEN: AtomicU64 = AtomicU64::new(0);

impl Crowd {
    /// So many people at one server.
    pub(crate) fn at(address: SocketAddr, people: usize) -> Self {
        let (stop, told) = (Arc::new(AtomicBool::new(false)), Arc::new(Mutex::new(Told::default())));
        let person = |_| {
            let (stop, told) = (Arc::clone(&stop), Arc::clone(&told));
            std::thread::spawn(move || {
                while !stop.load(Ordering::SeqCst) {
                    send(address, &told);
                }
            })
        };
        let threads = (0..people).map(person).collect();
        Self { stop, told, threads }
    }

    /// How many confirmations they hold by now.
    pub(crate) fn confirmed(&self) -> usize {
        self.told.lock().unwrap().held.len()
    }

    /// How many were refused by now.
    pub(crate) fn refused(&self) -> usize {
        self.told.lock().unwrap().refused.len()
    }

    /// Sends them home, and hears what they were told.
    pub(crate) fn go_home(self) -> Told {
        self.stop.store(true, Ordering::SeqCst);
        for thread in self.threads {
            thread.join().unwrap();
        }
        std::mem::take(&mut *self.told.lock().unwrap())
    }
}

fn send(address: SocketAddr, told: &Mutex<Told>) {
    let words = format!("Minta salinan data kunjungan nomor {}", WRITTEN.fetch_add(1, Ordering::SeqCst));
    let sent = served::post(address, "/data-pribadi/permintaan", &fields(&words));
    let mut told = told.lock().unwrap();
    match sent {
        Ok(Answer { status: 200, text, .. }) => {
            let link = text.split(FOLLOW).nth(1).and_then(|rest| rest.split(['"', '<', '?']).next());
            let link = link.filter(|token| token.len() > 20).expect("a receipt has the link by which it is followed");
            told.held.insert(format!("{FOLLOW}{link}"), words);
        }
        Ok(answer) => told.refused.push((answer.status, answer.text)),
        Err(_) => {
            told.unanswered += 1;
            drop(told);
            // Nobody hammers at a door that does not open.
            std::thread::sleep(Duration::from_millis(2));
        }
    }
}

fn fields(words: &str) -> Vec<(&str, &str)> {
    vec![("kind", "access"), ("name", "Sari Uji"), ("email", "sari@contoh.example"), ("about", words)]
}
