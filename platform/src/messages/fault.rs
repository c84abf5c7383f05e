//! What a mail server's refusals and a network's failures mean.

use super::MailTrouble;
use super::settings::MailSettings;
use super::smtp::Handed;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::client::{Certificate, CertificateStore, TlsParameters};
use std::error::Error as _;
use std::io;

/// What went wrong in a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Fault {
    /// In words that help.
    pub(super) trouble: MailTrouble,
    /// Whether the server said so itself, and so surely did not take anything.
    pub(super) answered: bool,
}

impl Fault {
    /// No answer in time.
    pub(super) const fn late() -> Self {
        Self { trouble: MailTrouble::Timeout, answered: false }
    }

    pub(super) fn of(error: &Error) -> Self {
        if let Some(code) = error.status().map(u16::from) {
            let trouble = if code >= 500 { MailTrouble::Never(code) } else { MailTrouble::NotNow(code) };
            return Self { trouble, answered: true };
        }
        Self { trouble: of_the_network(error), answered: false }
    }

    /// What it means for a message whose words were not heard, or were refused.
    pub(super) const fn handed(self) -> Handed {
        match self.trouble {
            MailTrouble::Never(_) => Handed::Refused(self.trouble),
            other => Handed::Not(other),
        }
    }
}

fn of_the_network(error: &Error) -> MailTrouble {
    if error.is_timeout() {
        return MailTrouble::Timeout;
    }
    if error.is_client() {
        // What the library says before it sends: the server offers no way to sign in.
        return MailTrouble::WrongPassword;
    }
    let mut source = error.source();
    while let Some(cause) = source {
        if cause.is::<rustls::Error>() {
            return MailTrouble::Untrusted;
        }
        if let Some(cause) = cause.downcast_ref::<io::Error>() {
            // The encryption's own error stands inside that of the connection.
            if cause.get_ref().is_some_and(|inner| inner.is::<rustls::Error>()) {
                return MailTrouble::Untrusted;
            }
            return match cause.kind() {
                io::ErrorKind::ConnectionRefused
                | io::ErrorKind::HostUnreachable
                | io::ErrorKind::NetworkUnreachable => MailTrouble::Unreachable,
                io::ErrorKind::TimedOut => MailTrouble::Timeout,
                _ => MailTrouble::BrokeOff,
            };
        }
        source = cause.source();
    }
    MailTrouble::BrokeOff
}

/// How the connection is encrypted: against the authorities of the settings, else those of the system.
pub(super) fn tls_for(settings: &MailSettings) -> Result<TlsParameters, Box<dyn std::error::Error>> {
    let tls = TlsParameters::builder(settings.server.host.clone());
    let tls = match &settings.roots {
        Some(file) => {
            let roots = Certificate::from_pem(&std::fs::read(file)?)?;
            tls.certificate_store(CertificateStore::None).add_root_certificate(roots)
        }
        None => tls,
    };
    Ok(tls.build()?)
}
