//! Names and addresses: what a name stands for, and whether people can reach it from outside.

use crate::contact::ContactFault;
use hickory_resolver::TokioResolver;
use hickory_resolver::net::NetError;
use hickory_resolver::proto::rr::RData;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

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

/// Whether an address belongs to the open network (the special registries of RFC 6890 do not).
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => is_public_v4(address),
        IpAddr::V6(address) => embedded(address).map_or_else(|| is_public_v6(address), is_public_v4),
    }
}

fn is_public_v4(address: Ipv4Addr) -> bool {
    let [first, second, third, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        || first == 0
        || first >= 240
        || (first == 100 && (64..128).contains(&second))
        || (first == 192 && second == 0 && third == 0)
        || (first == 192 && second == 88 && third == 99)
        || (first == 198 && (second == 18 || second == 19));
    !special
}

fn is_public_v6(address: Ipv6Addr) -> bool {
    let segments = address.segments();
    // Only 2000::/3 is given out; of it, these are special.
    let given_out = segments[0] & 0xe000 == 0x2000;
    let special = (segments[0] == 0x2001 && (segments[1] < 0x200 || segments[1] == 0xdb8)) || segments[0] == 0x3fff;
    given_out && !special
}

/// The old address inside a new one: mapped, translated (`64:ff9b::/96`) or tunnelled (`2002::/16`).
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let of = |high: u16, low: u16| {
        let ([one, two], [three, four]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(one, two, three, four)
    };
    match (a, b) {
        (0x2002, _) => Some(of(b, c)),
        (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => Some(of(g, h)),
        _ => address.to_ipv4_mapped(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn public(text: &str) -> bool {
        is_public(text.parse().expect("an address"))
    }

    #[test]
    fn addresses_of_a_network_of_ones_own_are_not_public() {
        for own in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "172.31.255.255",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "192.0.0.8",
            "198.18.0.1",
            "224.0.0.1",
            "255.255.255.255",
            "203.0.113.9",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "2001:db8::1",
            "::ffff:10.0.0.1",
            "64:ff9b::7f00:1",
            "2002:c0a8:101::1",
        ] {
            assert!(!public(own), "{own}");
        }
        for open in ["8.8.8.8", "172.32.0.1", "103.10.66.1", "2404:6800:4003::71", "::ffff:8.8.8.8", "2002:808:808::1"]
        {
            assert!(public(open), "{open}");
        }
    }

    proptest! {
        #[test]
        fn an_old_address_is_as_public_as_the_same_inside_a_new_one(bits in any::<u32>()) {
            let old = Ipv4Addr::from_bits(bits);
            let mapped = old.to_ipv6_mapped();
            let [a, b, c, d] = old.octets();
            let high = u16::from_be_bytes([a, b]);
            let low = u16::from_be_bytes([c, d]);
            let translated = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low);
            let tunnelled = Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1);
            for new in [mapped, translated, tunnelled] {
                prop_assert_eq!(is_public(old.into()), is_public(new.into()), "{}", new);
            }
        }
    }
}
