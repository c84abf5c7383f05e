//! Why mail does not go out, in words that help.

use crate::words::Words;
use rules::phrase::Language;
use std::fmt;

/// Why a message, or all of them, did not go out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MailTrouble {
    /// Nobody has set up mail.
    NotSet,
    /// No machine has the name of the mail server.
    HostNotFound,
    /// The machine is there and refuses the connection.
    Unreachable,
    /// No answer in time.
    Timeout,
    /// The certificate is not one that is trusted for this name.
    Untrusted,
    /// The server offers no encryption.
    Unencrypted,
    /// The server does not take the user name and password.
    WrongPassword,
    /// The connection broke off.
    BrokeOff,
    /// The server says: not now. With its code.
    NotNow(u16),
    /// The server says: never. With its code.
    Never(u16),
    /// The address cannot be one.
    BadAddress,
    /// Nobody is there to receive it any more.
    NobodyThere,
    /// What it said cannot be opened: it was sealed with another key.
    Unreadable,
    /// This version of the program does not know the kind of message.
    UnknownKind,
    /// The archive of sent mail cannot be read, or takes nothing.
    Archive,
}

impl MailTrouble {
    /// All of them, with some code.
    pub const ALL: [Self; 15] = [
        Self::NotSet,
        Self::HostNotFound,
        Self::Unreachable,
        Self::Timeout,
        Self::Untrusted,
        Self::Unencrypted,
        Self::WrongPassword,
        Self::BrokeOff,
        Self::NotNow(451),
        Self::Never(550),
        Self::BadAddress,
        Self::NobodyThere,
        Self::Unreadable,
        Self::UnknownKind,
        Self::Archive,
    ];

    const fn name(self) -> &'static str {
        match self {
            Self::NotSet => "not-set",
            Self::HostNotFound => "host-not-found",
            Self::Unreachable => "unreachable",
            Self::Timeout => "timeout",
            Self::Untrusted => "untrusted",
            Self::Unencrypted => "unencrypted",
            Self::WrongPassword => "wrong-password",
            Self::BrokeOff => "broke-off",
            Self::NotNow(_) => "not-now",
            Self::Never(_) => "never",
            Self::BadAddress => "bad-address",
            Self::NobodyThere => "nobody-there",
            Self::Unreadable => "unreadable",
            Self::UnknownKind => "unknown-kind",
            Self::Archive => "archive",
        }
    }

    /// The key of its sentence among the platform's words.
    #[must_use]
    pub fn key(self) -> String {
        format!("mail.trouble.{}", self.name())
    }

    /// The server's code, where it gave one.
    #[must_use]
    pub const fn code(self) -> Option<u16> {
        match self {
            Self::NotNow(code) | Self::Never(code) => Some(code),
            _ => None,
        }
    }

    /// What is stored: a name, and the server's code. Nothing of its words, which may name an address.
    #[must_use]
    pub fn stored(self) -> String {
        self.code().map_or_else(|| self.name().to_owned(), |code| format!("{} {code}", self.name()))
    }

    /// The trouble of what was stored.
    #[must_use]
    pub fn read(stored: &str) -> Option<Self> {
        let (name, code) = stored.split_once(' ').unwrap_or((stored, ""));
        let found = Self::ALL.into_iter().find(|trouble| trouble.name() == name)?;
        let code = code.parse().unwrap_or_default();
        Some(match found {
            Self::NotNow(_) => Self::NotNow(code),
            Self::Never(_) => Self::Never(code),
            other => other,
        })
    }

    /// What it is and what to do about it.
    #[must_use]
    pub fn sentence(self, language: Language) -> String {
        let sentence = Words::shared(language).text(&format!("mail.trouble.{}", self.name()));
        sentence.replace("{code}", &self.code().unwrap_or_default().to_string())
    }
}

impl fmt::Display for MailTrouble {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.stored())
    }
}

impl std::error::Error for MailTrouble {}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_is_read_as_it_was_stored_and_has_a_sentence() {
        for trouble in MailTrouble::ALL {
            assert_eq!(MailTrouble::read(&trouble.stored()), Some(trouble));
            for language in [Language::Indonesian, Language::English] {
                let sentence = trouble.sentence(language);
                assert!(sentence.ends_with('.') && !sentence.contains("mail.trouble"), "{sentence}");
            }
        }
        assert_eq!(MailTrouble::read("something-new"), None);
    }
}
