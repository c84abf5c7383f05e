//! A mail server for tests: Postfix, with folders of its own, on a port of its own, delivering into folders that tests read.
//!
//! Postfix starts as root and gives its rights away itself. Tests that need it fail as anybody else, and say so.

use crate::messages::{Archive, MailSettings, MailWords};
use std::fs;
use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _, chown};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;
use tempfile::TempDir;

/// The user "nobody", who owns the mail.
const NOBODY: u32 = 65_534;

/// A certificate and its key, as PEM, for a server that encrypts.
#[derive(Debug, Clone)]
pub struct Tls {
    /// The certificate.
    pub certificate: String,
    /// Its key.
    pub key: String,
}

/// A running server; it ends with the test.
#[derive(Debug)]
pub struct MailServer {
    folder: TempDir,
    port: u16,
}

impl MailServer {
    /// Starts a server that takes mail for these names at `contoh.go.id`, and for `arsip`.
    ///
    /// # Panics
    /// When Postfix is not there or does not start, and when the test does not run as root.
    #[must_use]
    pub fn start(names: &[&str]) -> Self {
        Self::start_with(names, None)
    }

    /// The same with encryption: asked for on the port, and from the beginning on the next one.
    ///
    /// # Panics
    /// As [`MailServer::start`].
    #[must_use]
    pub fn start_with(names: &[&str], tls: Option<&Tls>) -> Self {
        let user = fs::metadata("/proc/self").expect("the system shows processes").uid();
        assert_eq!(user, 0, "this test starts Postfix, which needs root: run bin/test as root");
        assert!(Path::new("/usr/sbin/postfix").exists(), "Postfix is not installed: run bin/install");
        let folder = TempDir::with_prefix("prima-mail-").expect("a temporary folder can be made");
        let server = Self { folder, port: free_port() };
        server.write_settings(names, tls);
        server.go_on();
        server
    }

    fn at(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    fn write_settings(&self, names: &[&str], tls: Option<&Tls>) {
        fs::set_permissions(self.folder.path(), fs::Permissions::from_mode(0o755)).expect("the folder is ours");
        for name in ["conf", "queue", "data", "mail"] {
            fs::create_dir(self.at(name)).expect("a folder can be made");
        }
        let made = Command::new("chown").arg("postfix").arg(self.at("data")).status();
        assert!(made.is_ok_and(|status| status.success()), "the package of Postfix makes the user postfix");
        let mut boxes = String::new();
        for name in names.iter().chain(&["arsip"]) {
            boxes.push_str(&format!("{name}@contoh.go.id {name}/\n"));
            for part in ["", "/new", "/cur", "/tmp"] {
                let place = self.at(&format!("mail/{name}{part}"));
                fs::create_dir(&place).expect("a folder can be made");
                chown(&place, Some(NOBODY), Some(NOBODY)).expect("root gives it away");
            }
        }
        let mut main = format!("{MAIN}\n").replace("FOLDER", &self.folder.path().display().to_string());
        let mut master = MASTER.replace("PORT", &self.port.to_string());
        if let Some(tls) = tls {
            let pem = self.at("conf/tls.pem");
            fs::write(&pem, format!("{}{}", tls.key, tls.certificate)).expect("the folder is ours");
            main.push_str(&format!("smtpd_tls_chain_files = {}\nsmtpd_tls_security_level = may\n", pem.display()));
            let next = self.port + 1;
            master.push_str(&format!("127.0.0.1:{next} inet n - n - - smtpd\n  -o smtpd_tls_wrappermode=yes\n"));
        }
        fs::write(self.at("conf/main.cf"), main).expect("the folder is ours");
        fs::write(self.at("conf/master.cf"), master).expect("the folder is ours");
        fs::write(self.at("conf/boxes"), boxes).expect("the folder is ours");
    }

    fn command(&self, word: &str) -> bool {
        let mut command = Command::new("/usr/sbin/postfix");
        command.arg("-c").arg(self.at("conf")).arg(word).stdin(Stdio::null()).stdout(Stdio::null());
        command.stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    }

    /// Starts it again.
    ///
    /// # Panics
    /// When it does not answer.
    pub fn go_on(&self) {
        assert!(self.command("start"), "Postfix does not start: {}", self.log());
        for _ in 0..200 {
            if std::net::TcpStream::connect(("127.0.0.1", self.port)).is_ok() {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("Postfix does not answer: {}", self.log());
    }

    /// Stops it; what it has accepted stays in its queue.
    pub fn stop(&self) {
        self.command("stop");
    }

    fn log(&self) -> String {
        fs::read_to_string(self.at("mail/log")).unwrap_or_default()
    }

    /// Its port.
    #[must_use]
    pub const fn port(&self) -> u16 {
        self.port
    }

    /// Settings that hand mail over to it, with the archive of sent mail.
    ///
    /// # Panics
    /// Never: the settings are correct.
    #[must_use]
    pub fn settings(&self) -> MailSettings {
        let archive = format!("arsip@contoh.go.id=maildir:{}", self.at("mail/arsip").display());
        let words = MailWords {
            server: &format!("smtp://127.0.0.1:{}", self.port),
            from: "Kota Contoh <prima@contoh.go.id>",
            sent: Some(&archive),
            a_minute: 60_000,
            ..MailWords::default()
        };
        MailSettings::read(&words).expect("the settings are correct")
    }

    /// The same without the archive.
    #[must_use]
    pub fn settings_without_archive(&self) -> MailSettings {
        MailSettings { archive: None::<Archive>, ..self.settings() }
    }

    /// Waits until everything it accepted stands in its folders.
    ///
    /// # Panics
    /// When that takes longer than half a minute.
    pub fn settle(&self) {
        for _ in 0..600 {
            let waits = ["maildrop", "incoming", "active", "deferred"]
                .iter()
                .any(|name| has_files(&self.at("queue").join(name)));
            if !waits {
                return;
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        panic!("mail stays in the queue: {}", self.log());
    }

    /// The messages that came for a name, after everything has settled.
    ///
    /// # Panics
    /// When a folder cannot be read.
    #[must_use]
    pub fn mailbox(&self, name: &str) -> Vec<String> {
        self.settle();
        let folder = self.at(&format!("mail/{name}/new"));
        let mut paths: Vec<PathBuf> =
            fs::read_dir(folder).expect("the folder is there").flatten().map(|one| one.path()).collect();
        paths.sort();
        paths.iter().map(|path| fs::read_to_string(path).expect("a message can be read")).collect()
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        self.stop();
    }
}

fn has_files(folder: &Path) -> bool {
    let Ok(entries) = fs::read_dir(folder) else { return false };
    entries.flatten().map(|entry| entry.path()).any(|path| if path.is_dir() { has_files(&path) } else { true })
}

/// A port on which nobody listens, and neither on the next one. Below those that systems give to connections.
fn free_port() -> u16 {
    static NEXT: AtomicU16 = AtomicU16::new(0);
    let begin = 20_000 + u16::try_from(std::process::id() % 5_000).unwrap_or(0) * 2;
    for _ in 0..500 {
        let port = begin + NEXT.fetch_add(1, Ordering::Relaxed) * 2;
        let free = |port: u16| TcpListener::bind(("127.0.0.1", port)).is_ok();
        if port < 32_000 && free(port) && free(port + 1) {
            return port;
        }
    }
    panic!("no port is free");
}

const MAIN: &str = "compatibility_level = 3.6
queue_directory = FOLDER/queue
data_directory = FOLDER/data
maillog_file = FOLDER/mail/log
maillog_file_prefixes = FOLDER
command_directory = /usr/sbin
daemon_directory = /usr/lib/postfix/sbin
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = surel.contoh.go.id
mydestination =
local_transport = error:no
local_recipient_maps =
alias_maps =
alias_database =
virtual_mailbox_domains = contoh.go.id
virtual_mailbox_base = FOLDER/mail
virtual_mailbox_maps = texthash:FOLDER/conf/boxes
virtual_uid_maps = static:65534
virtual_gid_maps = static:65534
mynetworks = 127.0.0.0/8
smtpd_relay_restrictions = permit_mynetworks, reject
smtpd_recipient_restrictions = reject_unlisted_recipient, permit_mynetworks, reject
smtpd_client_connection_count_limit = 0
smtputf8_enable = no";

const MASTER: &str = "127.0.0.1:PORT inet n - n - - smtpd
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
error unix - - n - - error
retry unix - - n - - error
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
tlsmgr unix - - n 1000? 1 tlsmgr
postlog unix-dgram n - n - 1 postlogd
";
