//! Trying what a unit publishes, without sending anything: a page is asked for, a mail server is asked whether it has the mailbox, a
//! number is read.
//!
//! Whoever types an address must not have the server look around in its own network: names are resolved here, and addresses that
//! people cannot reach from outside are refused, also where a page leads on to them.

mod mail;
mod network;
mod page;
mod phone;

pub use phone::phone;

use crate::contact::{ContactFault, ContactKind, Look};
use hickory_resolver::TokioResolver;
use hickory_resolver::config::ResolverConfig;
use hickory_resolver::net::runtime::TokioRuntimeProvider;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

/// What is tried, and where; the defaults are those of the open network.
#[derive(Debug, Clone)]
pub struct Surroundings {
    /// Whether an address may be talked to.
    pub allowed: fn(IpAddr) -> bool,
    /// Where names are asked for; nothing for what the machine is set to.
    pub directory: Option<ResolverConfig>,
    /// The port of mail servers.
    pub mail_port: u16,
    /// How long an answer may take.
    pub wait: Duration,
}

impl Default for Surroundings {
    fn default() -> Self {
        Self { allowed: platform::outward::is_public, directory: None, mail_port: 25, wait: Duration::from_secs(8) }
    }
}

/// Tries addresses.
#[derive(Debug)]
pub struct Prober {
    names: Arc<network::Names>,
    pages: reqwest::Client,
    mail_port: u16,
    wait: Duration,
}

impl Prober {
    /// A prober, or why this machine cannot try anything.
    ///
    /// # Errors
    /// When the settings of the machine's names cannot be read, or it knows no certificate authority.
    pub fn new(surroundings: Surroundings) -> Result<Self, Box<dyn std::error::Error + Send + Sync>> {
        let mut builder = match surroundings.directory {
            None => TokioResolver::builder_tokio()?,
            Some(directory) => TokioResolver::builder_with_config(directory, TokioRuntimeProvider::default()),
        };
        let options = builder.options_mut();
        options.timeout = surroundings.wait / 2;
        options.attempts = 1;
        let names = Arc::new(network::Names { resolver: builder.build()?, allowed: surroundings.allowed });
        let pages = page::client(&names, surroundings.wait)?;
        Ok(Self { names, pages, mail_port: surroundings.mail_port, wait: surroundings.wait })
    }

    /// Tries one address; what seems dead is tried twice, since a network hiccups.
    pub async fn look(&self, kind: ContactKind, target: &str) -> Look {
        match self.once(kind, target).await {
            Err(ContactFault::NoAnswer) => self.once(kind, target).await,
            decided => decided,
        }
    }

    async fn once(&self, kind: ContactKind, target: &str) -> Look {
        match kind {
            ContactKind::Page => self.page(target).await,
            ContactKind::Mail => self.mail(target).await,
            ContactKind::Phone => phone(target),
        }
    }
}

/// The prober of a running program, made when it is first needed.
#[derive(Debug, Default)]
pub struct ProberShelf(Mutex<Option<Arc<Prober>>>);

impl ProberShelf {
    /// The prober.
    ///
    /// # Errors
    /// As [`Prober::new`].
    pub fn get(&self) -> Result<Arc<Prober>, Box<dyn std::error::Error + Send + Sync>> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(prober) = &*kept {
            return Ok(Arc::clone(prober));
        }
        let prober = Arc::new(Prober::new(Surroundings::default())?);
        *kept = Some(Arc::clone(&prober));
        Ok(prober)
    }

    /// Another prober from now on.
    pub fn set(&self, prober: Prober) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(Arc::new(prober));
    }
}
