//! Handing mail over to a server.

use super::MailTrouble;
use super::archive::Archive;
use super::fault::{Fault, tls_for};
use super::mime::Outgoing;
use super::settings::{Encryption, MailServer, MailSettings, WrongMailSetting};
use super::steps::{Step, passing};
use crate::database::DatabaseError;
use lettre::transport::smtp::Error;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail as MailFrom, Noop, Rcpt, Rset};
use lettre::transport::smtp::extension::ClientId;
use std::fmt;
use std::future::Future;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::Mutex;
use tokio::time::{Instant, sleep_until, timeout};

/// The server may look at the words of a message: it has so many times the patience for an answer.
const FOR_CONTENT: u32 = 6;
/// A connection that nobody used for so long is not used again: servers close it.
const IDLE: Duration = Duration::from_secs(20);
/// So many messages on one connection: servers like to see an end.
const ON_ONE: u32 = 100;
/// After the server could not be reached, it is not tried by every message.
const LEFT_ALONE: Duration = Duration::from_secs(2);
/// After it did not answer, so many times the patience: those who wait for it hold up other work.
const SILENT: u32 = 2;

/// The way mail goes out; or none. Cheap to clone.
#[derive(Clone, Default)]
pub struct Mail(Option<Arc<Post>>);

struct Post {
    settings: MailSettings,
    tls: Option<TlsParameters>,
    line: Mutex<Line>,
}

/// The one connection of this process.
struct Line {
    connection: Option<AsyncSmtpConnection>,
    used: Instant,
    handed: u32,
    /// Not before: the limit of pace.
    free: Instant,
    /// The server could not be reached, and is not tried before this.
    down: Option<(Instant, MailTrouble)>,
}

/// What became of a message that was to be handed over.
#[derive(Debug)]
pub(super) enum Handed {
    /// The server has it.
    Over,
    /// Somebody else is at it, or was: nothing was handed over.
    NotOurs,
    /// The server surely does not have it.
    Not(MailTrouble),
    /// The server surely does not have it, and will not take it.
    Refused(MailTrouble),
    /// Nobody knows: the words were sent and no answer came.
    Unknown(MailTrouble),
}

/// A password or an address is never written into a log.
impl fmt::Debug for Mail {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(if self.is_set() { "Mail(set)" } else { "Mail(none)" })
    }
}

impl Mail {
    /// No mail: messages wait until it is set up.
    #[must_use]
    pub fn none() -> Self {
        Self::default()
    }

    /// Mail with these settings. Nothing is connected yet.
    ///
    /// # Errors
    /// When the authorities that vouch for the server cannot be read.
    pub fn new(settings: MailSettings) -> Result<Self, WrongMailSetting> {
        let tls = match settings.server.encryption {
            Encryption::None => None,
            _ => Some(tls_for(&settings).map_err(|_| WrongMailSetting::Roots)?),
        };
        let now = Instant::now();
        let line = Mutex::new(Line { connection: None, used: now, handed: 0, free: now, down: None });
        Ok(Self(Some(Arc::new(Post { settings, tls, line }))))
    }

    /// Whether mail goes out at all.
    #[must_use]
    pub const fn is_set(&self) -> bool {
        self.0.is_some()
    }

    pub(super) fn settings(&self) -> Option<&MailSettings> {
        self.0.as_deref().map(|post| &post.settings)
    }

    pub(super) fn archive(&self) -> Option<&Archive> {
        self.settings()?.archive.as_ref()
    }

    /// Whether a message could go out now: connects, encrypts, signs in, and sends nothing. For a page that checks the system.
    ///
    /// # Errors
    /// What is in the way, with a sentence that helps: [`MailTrouble::sentence`].
    pub async fn probe(&self) -> Result<(), MailTrouble> {
        let post = self.0.as_deref().ok_or(MailTrouble::NotSet)?;
        let mut connection = post.connect().await?;
        let answered = said(post.settings.patience, connection.command(Noop)).await;
        connection.abort().await;
        answered.map_err(|fault| fault.trouble)
    }

    /// Hands a message over. `mark` is awaited when the server took the addresses, before it hears a word: when it does not say
    /// yes, nothing is handed over.
    pub(super) async fn hand_over<F>(
        &self,
        outgoing: &Outgoing,
        mark: impl FnOnce() -> F + Send,
    ) -> Result<Handed, DatabaseError>
    where
        F: Future<Output = Result<bool, DatabaseError>> + Send,
    {
        let Some(post) = self.0.as_deref() else { return Ok(Handed::Not(MailTrouble::NotSet)) };
        let mut line = post.line.lock().await;
        let mut connection = match post.ready(&mut line).await {
            Ok(connection) => connection,
            Err(trouble) => return Ok(Handed::Not(trouble)),
        };
        sleep_until(line.free).await;
        line.free = Instant::now() + post.settings.pause;
        let handed = converse((&mut connection, post.settings.patience), outgoing, mark).await;
        let goes_on = match handed {
            Ok(Handed::Over) => true,
            // The server forgets the addresses at once: it holds a place in its queue for them.
            Ok(Handed::NotOurs | Handed::Refused(_)) => {
                said(post.settings.patience, connection.command(Rset)).await.is_ok()
            }
            // Whatever the server still thinks of, it thinks of on a connection that ends.
            _ => false,
        };
        if goes_on {
            line.handed += 1;
            line.used = Instant::now();
            line.connection = Some(connection);
        } else {
            connection.abort().await;
        }
        handed
    }
}

impl Post {
    /// A connection on which nothing is going on: the one that is open, or a new one.
    async fn ready(&self, line: &mut Line) -> Result<AsyncSmtpConnection, MailTrouble> {
        if let Some(mut open) = line.connection.take() {
            let fresh = line.used.elapsed() < IDLE && line.handed < ON_ONE;
            if fresh && said(self.settings.patience, open.command(Rset)).await.is_ok() {
                return Ok(open);
            }
            open.abort().await;
        }
        if let Some((until, trouble)) = line.down
            && Instant::now() < until
        {
            return Err(trouble);
        }
        match self.connect().await {
            Ok(connection) => {
                (line.down, line.handed) = (None, 0);
                Ok(connection)
            }
            Err(trouble) => {
                let silent = trouble == MailTrouble::Timeout;
                let alone = if silent { self.settings.patience * SILENT } else { LEFT_ALONE };
                line.down = Some((Instant::now() + alone, trouble));
                Err(trouble)
            }
        }
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, MailTrouble> {
        let (server, patience) = (&self.settings.server, self.settings.patience);
        let place = (server.host.as_str(), server.port);
        let found = timeout(patience, tokio::net::lookup_host(place)).await.map_err(|_| MailTrouble::Timeout)?;
        if !found.is_ok_and(|mut addresses| addresses.next().is_some()) {
            return Err(MailTrouble::HostNotFound);
        }
        let hello = ClientId::Domain(self.settings.from.email.domain().to_owned());
        let from_the_beginning = self.tls.clone().filter(|_| server.encryption == Encryption::FromTheBeginning);
        let connecting = AsyncSmtpConnection::connect_tokio1(place, Some(patience), &hello, from_the_beginning, None);
        let mut connection = talked(patience * 2, connecting).await.map_err(|fault| fault.trouble)?;
        if let Some(tls) = self.tls.clone().filter(|_| server.encryption == Encryption::StartTls) {
            if !connection.can_starttls() {
                connection.abort().await;
                return Err(MailTrouble::Unencrypted);
            }
            said(patience, connection.starttls(tls, &hello)).await.map_err(|fault| fault.trouble)?;
        }
        self.sign_in(server, connection).await
    }

    async fn sign_in(
        &self,
        server: &MailServer,
        mut connection: AsyncSmtpConnection,
    ) -> Result<AsyncSmtpConnection, MailTrouble> {
        if let Some((user, password)) = server.login.clone() {
            let credentials = Credentials::new(user, password);
            let ways = [Mechanism::Plain, Mechanism::Login];
            if let Err(fault) = said(self.settings.patience, connection.auth(&ways, &credentials)).await {
                connection.abort().await;
                return Err(match fault.trouble {
                    MailTrouble::Never(_) => MailTrouble::WrongPassword,
                    other => other,
                });
            }
        }
        Ok(connection)
    }
}

/// From the sender's address to the answer that the server has the message.
async fn converse<F>(
    (connection, patience): (&mut AsyncSmtpConnection, Duration),
    outgoing: &Outgoing,
    mark: impl FnOnce() -> F + Send,
) -> Result<Handed, DatabaseError>
where
    F: Future<Output = Result<bool, DatabaseError>> + Send,
{
    let from = MailFrom::new(Some(outgoing.from.clone()), Vec::new());
    if let Err(fault) = said(patience, connection.command(from)).await {
        // The server refuses the sender, whoever receives: a matter of settings, not of this message.
        return Ok(Handed::Not(fault.trouble));
    }
    if let Err(fault) = said(patience, connection.command(Rcpt::new(outgoing.to.clone(), Vec::new()))).await {
        return Ok(fault.handed());
    }
    if let Some(copy) = &outgoing.copy
        && said(patience, connection.command(Rcpt::new(copy.clone(), Vec::new()))).await.is_err()
    {
        return Ok(Handed::Not(MailTrouble::Archive));
    }
    passing(Step::Addressed);
    if !mark().await? {
        return Ok(Handed::NotOurs);
    }
    passing(Step::Marked);
    if let Err(fault) = said(patience, connection.command(Data)).await {
        return Ok(fault.handed());
    }
    passing(Step::Opened);
    match said(patience * FOR_CONTENT, connection.message(&outgoing.bytes)).await {
        Ok(()) => {
            passing(Step::Accepted);
            Ok(Handed::Over)
        }
        Err(fault) if fault.answered => Ok(fault.handed()),
        Err(fault) => Ok(Handed::Unknown(fault.trouble)),
    }
}

async fn said<T>(limit: Duration, saying: impl Future<Output = Result<T, Error>> + Send) -> Result<(), Fault> {
    talked(limit, saying).await.map(drop)
}

async fn talked<T>(limit: Duration, saying: impl Future<Output = Result<T, Error>> + Send) -> Result<T, Fault> {
    match timeout(limit, saying).await {
        Ok(Ok(done)) => Ok(done),
        Ok(Err(error)) => Err(Fault::of(&error)),
        Err(_) => Err(Fault::late()),
    }
}
