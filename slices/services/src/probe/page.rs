//! Asking for a page: HEAD, then GET where a server has no HEAD. It may lead on a few times, and never into a network of its own.

use super::Prober;
use super::network::Names;
use crate::contact::{ContactFault, Look};
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::{Attempt, Policy};
use reqwest::{Client, Method, Url};
use std::error::Error;
use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

/// So often a page may lead on.
const MOST_REDIRECTS: usize = 5;

/// Ends a request with a fault of ours.
#[derive(Debug, Clone, Copy)]
struct Stopped(ContactFault);

impl std::fmt::Display for Stopped {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.0.name())
    }
}

impl Error for Stopped {}

struct Directory(Arc<Names>);

impl Resolve for Directory {
    fn resolve(&self, name: Name) -> Resolving {
        let names = Arc::clone(&self.0);
        Box::pin(async move {
            let found = names.addresses(name.as_str()).await.map_err(Stopped)?;
            let with_port = found.into_iter().map(|address| SocketAddr::new(address, 0));
            Ok(Box::new(with_port) as Addrs)
        })
    }
}

/// A browser without memory that resolves names here.
pub(super) fn client(names: &Arc<Names>, wait: Duration) -> Result<Client, reqwest::Error> {
    // Whoever installed one before has the same.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let allowed = names.allowed;
    Client::builder()
        .dns_resolver(Arc::new(Directory(Arc::clone(names))))
        .redirect(Policy::custom(move |attempt: Attempt<'_>| {
            if attempt.previous().len() > MOST_REDIRECTS {
                return attempt.error(Stopped(ContactFault::Redirects));
            }
            match may_visit(attempt.url(), allowed) {
                Ok(()) => attempt.follow(),
                Err(fault) => attempt.error(Stopped(fault)),
            }
        }))
        .timeout(wait)
        .connect_timeout(wait)
        .no_proxy()
        .referer(false)
        .pool_max_idle_per_host(0)
        .user_agent("Prima")
        .build()
}

/// Whether an address is one of the web. A name in it is looked at when it is resolved, an address is not, and so it is here.
fn may_visit(url: &Url, allowed: fn(IpAddr) -> bool) -> Look {
    if !matches!(url.scheme(), "http" | "https") {
        return Err(ContactFault::BadAddress);
    }
    let host = url.host_str().ok_or(ContactFault::BadAddress)?;
    match host.trim_matches(['[', ']']).parse::<IpAddr>() {
        Ok(address) if !allowed(address) => Err(ContactFault::PrivateAddress),
        _ => Ok(()),
    }
}

impl Prober {
    pub(super) async fn page(&self, address: &str) -> Look {
        let url = Url::parse(address).map_err(|_| ContactFault::BadAddress)?;
        may_visit(&url, self.names.allowed)?;
        match self.ask(Method::HEAD, &url).await {
            Err(ContactFault::Status(_)) => self.ask(Method::GET, &url).await,
            decided => decided,
        }
    }

    async fn ask(&self, method: Method, url: &Url) -> Look {
        match self.pages.request(method, url.clone()).send().await {
            Ok(answer) if answer.status().is_success() => Ok(()),
            Ok(answer) => Err(ContactFault::Status(answer.status().as_u16())),
            Err(error) => Err(fault_of(&error)),
        }
    }
}

/// What ended a request: ours stand somewhere below what the browser says.
fn fault_of(error: &reqwest::Error) -> ContactFault {
    let mut below = error.source();
    while let Some(source) = below {
        if let Some(Stopped(fault)) = source.downcast_ref() {
            return *fault;
        }
        let inner = source.downcast_ref::<std::io::Error>().and_then(std::io::Error::get_ref);
        if source.is::<rustls::Error>() || inner.is_some_and(|inner| inner.is::<rustls::Error>()) {
            return ContactFault::Insecure;
        }
        below = source.source();
    }
    ContactFault::NoAnswer
}
