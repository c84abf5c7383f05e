//! Names and addresses: what a name stands for, and whether people can reach it from outside.

use crate::contact::ContactFault;
use hickory_resolver::TokioResolver;
use hickory_resolver::net::NetError;
use hickory_resolver::proto::rr::RData;
use std::net::IpAddr;

/// The directory of names, with the addresses that may be talked to.
#[derive(Debug)]
pub(super) struct Names {
    pub(super) resolver: TokioResolver,
    pub(super) allowed: fn(IpAddr) -> bool,
}

impl Names {
    /// The addresses of a host that may be talked to: at least one.
    pub(super) async fn addresses(&self, host: &str) -> Result<Vec<IpAddr>, ContactFault> {
        let found = match host.trim_matches(['[', ']']).parse::<IpAddr>() {
            Ok(literal) => vec![literal],
            Err(_) => {
                let found = self.resolver.lookup_ip(whole(host)).await.map_err(|error| fault_of(&error))?;
                found.iter().collect()
            }
        };
        if found.is_empty() {
            return Err(ContactFault::NoName);
        }
        let allowed: Vec<IpAddr> = found.into_iter().filter(|address| (self.allowed)(*address)).collect();
        if allowed.is_empty() { Err(ContactFault::PrivateAddress) } else { Ok(allowed) }
    }

    /// The servers that take mail for a domain, the preferred first (RFC 5321 section 5.1).
    pub(super) async fn mail_servers(&self, domain: &str) -> Result<Vec<String>, ContactFault> {
        let found = match self.resolver.mx_lookup(whole(domain)).await {
            Ok(found) => found,
            // Without an entry of its own the domain takes its mail itself.
            Err(error) if error.is_no_records_found() && !error.is_nx_domain() => return Ok(vec![domain.to_owned()]),
            Err(error) => return Err(fault_of(&error)),
        };
        let mut servers: Vec<(u16, String)> = found
            .answers()
            .iter()
            .filter_map(|record| match &record.data {
                RData::MX(server) => Some((server.preference, server.exchange.to_string())),
                _ => None,
            })
            .collect();
        servers.sort();
        // A lone full stop says that the domain takes no mail (RFC 7505).
        let named: Vec<String> = servers.into_iter().map(|(_, name)| name).filter(|name| name != ".").collect();
        if named.is_empty() { Err(ContactFault::NoName) } else { Ok(named) }
    }
}

/// The name without what a machine adds to short ones.
fn whole(host: &str) -> String {
    format!("{}.", host.trim_end_matches('.'))
}

fn fault_of(error: &NetError) -> ContactFault {
    if error.is_no_records_found() || error.is_nx_domain() { ContactFault::NoName } else { ContactFault::NoDirectory }
}
