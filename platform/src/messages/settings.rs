//! Where mail is handed over, and from whom it comes.

use super::archive::Archive;
use lettre::Address;
use lettre::message::Mailbox;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// How the connection is encrypted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Encryption {
    /// From the beginning: `smtps://`.
    FromTheBeginning,
    /// Asked for after the greeting, and nothing goes on without: `smtp://`.
    StartTls,
    /// None: on this very machine, or when `tls=none` says so.
    None,
}

/// The mail server.
#[derive(Clone, PartialEq, Eq)]
pub struct MailServer {
    /// Its name.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is encrypted.
    pub encryption: Encryption,
    /// User name and password.
    pub login: Option<(String, String)>,
}

/// What whoever keeps the installation says of mail, as text.
#[derive(Debug, Clone, Copy, Default)]
pub struct MailWords<'w> {
    /// `smtp://host:587`, `smtps://user:password@host`.
    pub server: &'w str,
    /// `Kota Contoh <prima@contoh.go.id>`.
    pub from: &'w str,
    /// A file that holds the password.
    pub password_file: Option<&'w Path>,
    /// A file with the authorities that vouch for the server.
    pub roots: Option<&'w Path>,
    /// `arsip@contoh.go.id=maildir:/var/mail/arsip`.
    pub sent: Option<&'w str>,
    /// So many messages a minute at most.
    pub a_minute: u32,
}

/// The settings of mail.
#[derive(Debug, Clone)]
pub struct MailSettings {
    /// Where it is handed over.
    pub server: MailServer,
    /// From whom it comes.
    pub from: Mailbox,
    /// The authorities that vouch for the server; the system's when nothing is said.
    pub roots: Option<PathBuf>,
    /// Where a copy of all that was sent can be found.
    pub archive: Option<Archive>,
    /// Between two messages.
    pub pause: Duration,
    /// How long the server may take for an answer.
    pub patience: Duration,
    /// How long a message that may have been accepted is left alone: longer than anybody can still be at it, and long enough for
    /// the server to put the copy into the archive.
    pub settling: time::Duration,
}

/// A setting that cannot be used.
#[derive(Debug)]
pub enum WrongMailSetting {
    /// The address of the server.
    Server,
    /// The sender.
    From,
    /// The file of the password.
    Password(std::io::Error),
    /// The archive.
    Sent,
    /// The authorities.
    Roots,
}

impl WrongMailSetting {
    /// The key of its sentence in the program's words.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        match self {
            Self::Server => "server",
            Self::From => "from",
            Self::Password(_) => "password",
            Self::Sent => "sent",
            Self::Roots => "roots",
        }
    }
}

impl fmt::Display for WrongMailSetting {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl std::error::Error for WrongMailSetting {}

/// A password is never written into a log.
impl fmt::Debug for MailServer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "MailServer({}:{}, {:?})", self.host, self.port, self.encryption)
    }
}

/// Longer than a busy server needs, short enough that a silent one does not hold up other work.
const PATIENCE: Duration = Duration::from_secs(15);
/// No worker has a message longer than a lease of five minutes.
const SETTLING: time::Duration = time::Duration::minutes(6);

impl MailSettings {
    /// Reads the settings.
    ///
    /// # Errors
    /// Which of them cannot be used.
    pub fn read(words: &MailWords<'_>) -> Result<Self, WrongMailSetting> {
        let mut server = MailServer::read(words.server).ok_or(WrongMailSetting::Server)?;
        if let Some(file) = words.password_file {
            let password = std::fs::read_to_string(file).map_err(WrongMailSetting::Password)?;
            let (user, _) = server.login.take().ok_or(WrongMailSetting::Server)?;
            server.login = Some((user, password.trim_end_matches(['\r', '\n']).to_owned()));
        }
        let archive = words.sent.map(|text| Archive::read(text).ok_or(WrongMailSetting::Sent)).transpose()?;
        Ok(Self {
            server,
            from: words.from.parse().map_err(|_| WrongMailSetting::From)?,
            roots: words.roots.map(Path::to_path_buf),
            archive,
            pause: Duration::from_secs(60) / words.a_minute.max(1),
            patience: PATIENCE,
            settling: SETTLING,
        })
    }
}

impl MailServer {
    /// `smtp://[user[:password]@]host[:port][?tls=required|none]` or `smtps://…`.
    #[must_use]
    pub fn read(address: &str) -> Option<Self> {
        let (scheme, rest) = address.trim().split_once("://")?;
        let (rest, asked) = rest.split_once('?').unwrap_or((rest, ""));
        let rest = rest.trim_end_matches('/');
        let (login, place) = match rest.rsplit_once('@') {
            Some((login, place)) => (Some(login), place),
            None => (None, rest),
        };
        let (encrypted, standard) = match scheme {
            "smtps" => (Encryption::FromTheBeginning, 465),
            "smtp" => (Encryption::StartTls, 587),
            _ => return None,
        };
        let (host, port) = host_and_port(place, standard)?;
        let encryption = match (encrypted, asked) {
            (Encryption::FromTheBeginning, "" | "tls=required") => encrypted,
            (Encryption::StartTls, "") if is_this_machine(&host) => Encryption::None,
            (Encryption::StartTls, "" | "tls=required") => encrypted,
            (Encryption::StartTls, "tls=none") => Encryption::None,
            _ => return None,
        };
        let login = login.map(|login| {
            let (user, password) = login.split_once(':').unwrap_or((login, ""));
            Some((decoded(user)?, decoded(password)?))
        });
        // A password never travels where everybody on the way can read it.
        let login = match login {
            None => None,
            Some(login) => Some(login.filter(|_| encryption != Encryption::None || is_this_machine(&host))?),
        };
        Some(Self { host, port, encryption, login })
    }
}

/// `host`, `host:port` or `[v6]:port`.
fn host_and_port(place: &str, standard: u16) -> Option<(String, u16)> {
    let (host, port) = match place.strip_prefix('[') {
        Some(six) => {
            let (host, rest) = six.split_once(']')?;
            (host, rest.strip_prefix(':'))
        }
        None => match place.split_once(':') {
            Some((host, port)) => (host, Some(port)),
            None => (place, None),
        },
    };
    let port = port.map_or(Some(standard), |port| port.parse().ok())?;
    let plain = !host.is_empty() && host.bytes().all(|sign| sign.is_ascii_alphanumeric() || b".-:".contains(&sign));
    plain.then(|| (host.to_owned(), port))
}

fn is_this_machine(host: &str) -> bool {
    let number: Option<std::net::IpAddr> = host.parse().ok();
    host == "localhost" || number.is_some_and(|address| address.is_loopback())
}

/// Signs written as `%40`.
fn decoded(text: &str) -> Option<String> {
    let (mut bytes, mut rest) = (Vec::new(), text.bytes());
    while let Some(byte) = rest.next() {
        match byte {
            b'%' => {
                let digits = [rest.next()?, rest.next()?];
                bytes.push(u8::from_str_radix(std::str::from_utf8(&digits).ok()?, 16).ok()?);
            }
            other => bytes.push(other),
        }
    }
    String::from_utf8(bytes).ok()
}

/// The address of a text, when mail can go there.
pub(super) fn address_of(text: &str) -> Option<Address> {
    let plain = text.len() <= 254 && text.chars().all(|sign| !sign.is_control() && !sign.is_whitespace());
    // Without an extension that few servers have, addresses are ASCII.
    text.parse().ok().filter(|_| plain && text.is_ascii())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_server_says_how_it_is_reached() {
        let server = MailServer::read("smtps://prima%40kota:rah%3Asia@mail.kota.go.id").unwrap();
        assert_eq!((server.host.as_str(), server.port), ("mail.kota.go.id", 465));
        assert_eq!(server.login, Some(("prima@kota".into(), "rah:sia".into())));
        assert_eq!(server.encryption, Encryption::FromTheBeginning);
        let server = MailServer::read("smtp://mail.kota.go.id:25").unwrap();
        assert_eq!((server.port, server.encryption), (25, Encryption::StartTls));
        assert_eq!(MailServer::read("smtp://[::1]:2525").unwrap().encryption, Encryption::None);
        assert_eq!(MailServer::read("smtp://localhost?tls=required").unwrap().encryption, Encryption::StartTls);
    }

    #[test]
    fn what_cannot_be_meant_is_refused() {
        for wrong in [
            "",
            "mail.kota.go.id",
            "http://mail.kota.go.id",
            "smtp://",
            "smtp://a b",
            "smtp://host:port",
            "smtp://host?tls=maybe",
            "smtps://host?tls=none",
            "smtp://u%4:p@host",
        ] {
            assert_eq!(MailServer::read(wrong), None, "{wrong:?}");
        }
    }

    #[test]
    fn a_password_never_travels_in_clear_to_another_machine() {
        assert_eq!(MailServer::read("smtp://u:p@mail.kota.go.id?tls=none"), None);
        assert!(MailServer::read("smtp://u:p@127.0.0.1").is_some());
    }

    #[test]
    fn neither_password_nor_user_is_shown() {
        let server = MailServer::read("smtps://prima:rahasia@mail.kota.go.id").unwrap();
        assert_eq!(format!("{server:?}"), "MailServer(mail.kota.go.id:465, FromTheBeginning)");
    }

    #[test]
    fn the_password_may_stand_in_a_file() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("sandi");
        std::fs::write(&file, "rahasia\n").unwrap();
        let words = MailWords {
            server: "smtps://prima@mail.kota.go.id",
            from: "Kota <prima@kota.go.id>",
            password_file: Some(&file),
            a_minute: 60,
            ..MailWords::default()
        };
        let settings = MailSettings::read(&words).unwrap();
        assert_eq!(settings.server.login, Some(("prima".into(), "rahasia".into())));
        assert_eq!(settings.pause, Duration::from_secs(1));
        let nobody = MailWords { server: "smtps://mail.kota.go.id", ..words };
        assert!(matches!(MailSettings::read(&nobody), Err(WrongMailSetting::Server)));
    }

    #[test]
    fn an_address_that_would_write_a_header_is_none() {
        for wrong in ["a@b.id\r\nBcc: x@y.id", "a b@c.id", "a@b.id>", "sari@contoh", "@x.id", "sári@contoh.id", ""] {
            assert!(address_of(wrong).is_none() || wrong == "sari@contoh", "{wrong:?}");
        }
        assert!(address_of("sari.a+b@contoh.go.id").is_some());
    }
}
