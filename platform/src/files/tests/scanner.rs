//! A real ClamAV daemon, started by the test with one signature of our own: the test string of EICAR.

use super::world::{app, city, is_there, keys, sent, table, taken};
use crate::audit;
use crate::database::DatabaseError;
use crate::files::{FileError, Place, Refusal, Scanner};
use crate::testing::{each_engine, migrated_sqlite};
use std::fs;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::time::Duration;
use tempfile::TempDir;

/// In parts, so that a scanner of this machine does not take the test for what it tests.
fn eicar() -> String {
    ["X5O!P%@AP[4\\PZX54(P^)7CC)7}$", "EICAR-STANDARD-", "ANTIVIRUS-TEST-FILE!", "$H+H*"].concat()
}

/// A daemon that ends with the test.
struct Daemon {
    process: Child,
    folder: TempDir,
}

impl Daemon {
    async fn start() -> Self {
        let folder = TempDir::with_prefix("prima-clamav-").unwrap();
        let inside = |name: &str| folder.path().join(name).display().to_string();
        fs::create_dir(inside("tanda")).unwrap();
        let signature: String = eicar().bytes().map(|byte| format!("{byte:02x}")).collect();
        fs::write(inside("tanda/uji.ndb"), format!("Prima.Test.Eicar:0:*:{signature}\n")).unwrap();
        let settings = format!(
            "LocalSocket {}\nDatabaseDirectory {}\nTemporaryDirectory {}\nForeground yes\nStreamMaxLength 1M\n",
            inside("pintu"),
            inside("tanda"),
            folder.path().display()
        );
        fs::write(inside("clamd.conf"), settings).unwrap();
        let log = fs::File::create(inside("log")).unwrap();
        let mut command = Command::new(program());
        command.arg("--config-file").arg(inside("clamd.conf")).stdin(Stdio::null());
        let process = command.stdout(log.try_clone().unwrap()).stderr(log).spawn();
        let mut daemon = Self { process: process.expect("clamd starts: bin/install puts it there"), folder };
        for _ in 0..600 {
            if daemon.socket().exists() {
                return daemon;
            }
            if let Some(ended) = daemon.process.try_wait().unwrap() {
                panic!("clamd ended with {ended}: {}", fs::read_to_string(daemon.folder.path().join("log")).unwrap());
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("clamd does not listen: {}", fs::read_to_string(daemon.folder.path().join("log")).unwrap());
    }

    fn socket(&self) -> PathBuf {
        self.folder.path().join("pintu")
    }

    fn scanner(&self) -> Scanner {
        Scanner::Unix(self.socket())
    }
}

impl Drop for Daemon {
    fn drop(&mut self) {
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

fn program() -> &'static str {
    let places = ["/usr/sbin/clamd", "/usr/local/sbin/clamd", "/opt/homebrew/sbin/clamd"];
    places.into_iter().find(|place| std::path::Path::new(place).exists()).unwrap_or("clamd")
}

#[test]
fn a_file_with_a_known_signature_is_refused_and_recorded_without_its_name() {
    each_engine("infected", |database| async move {
        let (daemon, folder) = (Daemon::start().await, TempDir::new().unwrap());
        let app = app(&database, Place::folder(folder.path()), Some(daemon.scanner()));
        let infected = format!("nama,nilai\nbaris,{}\n", eicar());
        let refused = taken(&app, &sent("daftar-gaji-bu-sari.csv"), infected.as_bytes()).await;
        assert!(matches!(refused, Err(FileError::Refused(Refusal::Infected))), "{refused:?}");
        assert_eq!(keys(&app).await, Vec::<String>::new());
        let all = audit::Filter::default();
        let found = database.read(move |db| audit::search(db, Some(city(1)), &all, 9)).await;
        let found = found.map_err(|error: DatabaseError| error).unwrap();
        let entry = format!("{found:?}");
        assert!(found.len() == 1 && entry.contains("files.infected") && !entry.contains("gaji"), "{entry}");
        let clean = taken(&app, &sent("nilai.csv"), &table(1, 400_000)).await.unwrap();
        assert!(is_there(&app, &clean).await);
        let large = taken(&app, &sent("nilai.csv"), &table(1, 2_000_000)).await;
        assert!(matches!(large, Err(FileError::Refused(Refusal::TooLargeToScan))), "{large:?}");
    });
}

#[tokio::test]
async fn a_scanner_that_is_gone_takes_nothing_and_says_to_try_again() {
    let (fresh, folder) = (migrated_sqlite(), TempDir::new().unwrap());
    let nobody = Scanner::Unix(folder.path().join("tidak-ada"));
    let app = app(&fresh, Place::folder(folder.path()), Some(nobody));
    let refused = taken(&app, &sent("a.csv"), &table(1, 100)).await.unwrap_err();
    assert!(
        refused.can_be_tried_again()
            && refused.words(rules::phrase::Language::English).starts_with("The virus scanner")
    );
    assert_eq!(keys(&app).await, Vec::<String>::new());
}

#[tokio::test]
async fn a_daemon_that_breaks_off_gives_no_verdict() {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let scanner: Scanner = format!("tcp:{}", listener.local_addr().unwrap()).parse().unwrap();
    tokio::spawn(async move {
        loop {
            drop(listener.accept().await);
        }
    });
    let file = tempfile::NamedTempFile::new().unwrap();
    fs::write(file.path(), table(1, 300_000)).unwrap();
    assert!(scanner.scan(file.path()).await.is_err());
}

#[test]
fn the_address_of_a_scanner_is_read_and_written_alike() {
    for text in ["unix:/run/clamav/clamd.ctl", "tcp:127.0.0.1:3310"] {
        assert_eq!(text.parse::<Scanner>().map(|scanner| scanner.to_string()), Ok(text.to_owned()));
    }
    for wrong in ["", "unix:", "tcp:host", "127.0.0.1:3310"] {
        assert!(wrong.parse::<Scanner>().is_err(), "{wrong}");
    }
}
