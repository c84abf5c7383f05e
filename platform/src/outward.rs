//! Requests to addresses that people typed: by https, to addresses of the public internet alone, and nothing that is answered is
//! followed. Otherwise whoever types an address could have the server ask its own neighbours.

use crate::app::App;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, Url};
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The longest address, in bytes.
const LONGEST: usize = 500;
/// How long a whole exchange may take.
const TIME: Duration = Duration::from_secs(15);
/// How long reaching the other side may take.
const CONNECT: Duration = Duration::from_secs(5);

/// Whether addresses of one's own machine and network are asked, too, and without TLS: for tests, which start their servers there.
#[derive(Debug, Default)]
pub struct Neighbours(AtomicBool);

impl Neighbours {
    /// They are, from now on, in this program.
    pub fn allow(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    fn are_allowed(&self) -> bool {
        self.0.load(Ordering::Relaxed)
    }
}

/// Why something could not be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotSent {
    /// The address is none: not https, without a host, with a password in it, too long.
    NoAddress,
    /// No machine has that name.
    NoSuchHost,
    /// It leads into a network that is not public.
    NotPublic,
    /// Nobody answered in time.
    TimedOut,
    /// Nobody could be reached, or their certificate is not believed.
    NotReached,
}

impl NotSent {
    /// All of them.
    pub const ALL: [Self; 5] = [Self::NoAddress, Self::NoSuchHost, Self::NotPublic, Self::TimedOut, Self::NotReached];

    /// The stable name, for words and for what is kept.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::NoAddress => "no-address",
            Self::NoSuchHost => "no-such-host",
            Self::NotPublic => "not-public",
            Self::TimedOut => "timed-out",
            Self::NotReached => "not-reached",
        }
    }
}

/// Whether an address can be asked at all, as far as its text tells.
#[must_use]
pub fn is_address(app: &App, text: &str) -> bool {
    read(app, text).is_ok()
}

fn read(app: &App, text: &str) -> Result<Url, NotSent> {
    let url = Url::parse(text).map_err(|_| NotSent::NoAddress)?;
    let secure = url.scheme() == "https" || (url.scheme() == "http" && app.shelf::<Neighbours>().are_allowed());
    let plain = url.username().is_empty() && url.password().is_none() && url.fragment().is_none();
    let fits = text.len() <= LONGEST && secure && plain && url.has_host();
    if fits { Ok(url) } else { Err(NotSent::NoAddress) }
}

/// Sends bytes to an address and gives the status of the answer; what else was answered is not read.
///
/// # Errors
/// When there was none.
pub async fn post(app: &App, address: &str, headers: &[(&str, &str)], body: Vec<u8>) -> Result<u16, NotSent> {
    let url = read(app, address)?;
    let client = client(app, &url).await?;
    let mut all = HeaderMap::new();
    for (name, value) in headers {
        let pair = HeaderName::try_from(*name).ok().zip(HeaderValue::try_from(*value).ok());
        all.extend(pair);
    }
    match client.post(url).headers(all).body(body).send().await {
        Ok(response) => Ok(response.status().as_u16()),
        Err(error) if error.is_timeout() => Err(NotSent::TimedOut),
        Err(_) => Err(NotSent::NotReached),
    }
}

/// A client that reaches exactly the addresses that were looked at: the name is not asked for again, so it cannot come to mean another
/// machine in between.
async fn client(app: &App, url: &Url) -> Result<Client, NotSent> {
    // Whoever talks to servers by TLS needs one provider of it; a second call finds the first.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let host = url.host_str().ok_or(NotSent::NoAddress)?.trim_start_matches('[').trim_end_matches(']');
    let port = url.port_or_known_default().ok_or(NotSent::NoAddress)?;
    let found: Vec<SocketAddr> =
        tokio::net::lookup_host((host, port)).await.map_err(|_| NotSent::NoSuchHost)?.collect();
    if found.is_empty() {
        return Err(NotSent::NoSuchHost);
    }
    let allowed = app.shelf::<Neighbours>().are_allowed();
    if !allowed && !found.iter().all(|address| is_public(address.ip())) {
        return Err(NotSent::NotPublic);
    }
    let builder = Client::builder().redirect(Policy::none()).no_proxy().timeout(TIME).connect_timeout(CONNECT);
    let agent = concat!("Prima/", env!("CARGO_PKG_VERSION"));
    builder.user_agent(agent).resolve_to_addrs(host, &found).build().map_err(|_| NotSent::NotReached)
}

/// Whether an address is one of the public internet.
#[must_use]
pub fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(four) => is_public_four(four),
        IpAddr::V6(six) => match six.to_ipv4_mapped().or_else(|| embedded(six)) {
            Some(four) => is_public_four(four),
            None => is_public_six(six),
        },
    }
}

fn is_public_four(address: Ipv4Addr) -> bool {
    let [a, b, c, _] = address.octets();
    let special = address.is_private()
        || address.is_loopback()
        || address.is_link_local()
        || address.is_broadcast()
        || address.is_documentation()
        || address.is_multicast()
        // "This network", shared addresses of providers, assignments of protocols, relays, benchmarks, reserved.
        || a == 0
        || (a == 100 && (64..128).contains(&b))
        || (a == 192 && b == 0 && c == 0)
        || (a == 192 && b == 88 && c == 99)
        || (a == 198 && (b == 18 || b == 19))
        || a >= 240;
    !special
}

fn is_public_six(address: Ipv6Addr) -> bool {
    let [a, b, ..] = address.segments();
    // Of all addresses 2000::/3 alone is given out; in it, Teredo, documentation and what is for one machine are not.
    (a & 0xe000) == 0x2000 && !(a == 0x2001 && (b < 0x200 || b == 0x0db8)) && a != 0x3fff
}

/// The IPv4 address inside one of 6to4 or of NAT64.
fn embedded(address: Ipv6Addr) -> Option<Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = address.segments();
    let four = |high: u16, low: u16| {
        let ([a, b], [c, d]) = (high.to_be_bytes(), low.to_be_bytes());
        Ipv4Addr::new(a, b, c, d)
    };
    match (a, b) {
        (0x2002, _) => Some(four(b, c)),
        (0x0064, 0xff9b) if [c, d, e, f] == [0; 4] => Some(four(g, h)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::{Means, Wiring};
    use crate::clock::Clock;
    use crate::secret::Secrets;
    use crate::testing::migrated_sqlite;
    use proptest::prelude::*;
    use std::io::{Read as _, Write as _};
    use time::macros::datetime;

    fn app() -> (App, crate::testing::Fresh) {
        let fresh = migrated_sqlite();
        let clock = Clock::standing(datetime!(2026-11-21 01:00 UTC));
        (App::new(fresh.clone(), clock, Wiring::default(), Means::new(Secrets::new([7; 32]))), fresh)
    }

    #[test]
    fn addresses_of_ones_own_network_are_not_public() {
        let refused = [
            "127.0.0.1",
            "10.0.0.8",
            "172.16.4.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "224.0.0.1",
            "255.255.255.255",
            "172.31.255.255",
            "192.0.0.8",
            "198.18.0.1",
            "203.0.113.9",
            "::1",
            "::",
            "fe80::1",
            "fd00::1",
            "ff02::1",
            "::ffff:127.0.0.1",
            "64:ff9b::7f00:1",
            "2002:7f00:1::",
            "2001:db8::1",
            "2001::1",
        ];
        for address in refused {
            assert!(!is_public(address.parse().unwrap()), "{address}");
        }
        for address in
            ["8.8.8.8", "172.32.0.1", "103.10.10.10", "2404:6800:4003::8a", "64:ff9b::808:808", "2002:808:808::1"]
        {
            assert!(is_public(address.parse().unwrap()), "{address}");
        }
    }

    proptest! {
        #[test]
        fn an_address_is_judged_alike_however_it_is_written(octets: [u8; 4]) {
            let four = Ipv4Addr::from(octets);
            let [a, b, c, d] = octets;
            let (high, low) = (u16::from_be_bytes([a, b]), u16::from_be_bytes([c, d]));
            let translated = Ipv6Addr::new(0x64, 0xff9b, 0, 0, 0, 0, high, low);
            let tunnelled = Ipv6Addr::new(0x2002, high, low, 0, 0, 0, 0, 1);
            for six in [four.to_ipv6_mapped(), translated, tunnelled] {
                prop_assert_eq!(is_public(IpAddr::V4(four)), is_public(IpAddr::V6(six)), "{}", six);
            }
        }
    }

    #[tokio::test]
    async fn an_address_that_is_none_is_refused_before_anybody_is_asked() {
        let (app, _fresh) = app();
        let wrong = [
            "http://contoh.go.id/x",
            "ftp://contoh.go.id",
            "https://",
            "x",
            "https://a:b@contoh.go.id/",
            "https://contoh.go.id/#x",
        ];
        for address in wrong {
            assert!(!is_address(&app, address), "{address}");
            assert_eq!(post(&app, address, &[], Vec::new()).await, Err(NotSent::NoAddress), "{address}");
        }
        assert!(is_address(&app, "https://penerima.contoh.go.id/survei?x=1"));
    }

    #[tokio::test]
    async fn a_neighbour_is_not_asked_under_any_name() {
        let (app, _fresh) = app();
        for address in
            ["https://127.0.0.1/", "https://localhost/", "https://[::1]/", "https://0x7f000001/", "https://2130706433/"]
        {
            assert_eq!(post(&app, address, &[], Vec::new()).await, Err(NotSent::NotPublic), "{address}");
        }
    }

    #[tokio::test]
    async fn what_is_answered_is_not_followed() {
        let (app, _fresh) = app();
        app.shelf::<Neighbours>().allow();
        let server = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}/x", server.local_addr().unwrap());
        let asked = std::thread::spawn(move || {
            let (mut stream, _) = server.accept().unwrap();
            let mut bytes = [0; 4096];
            let read = stream.read(&mut bytes).unwrap();
            stream.write_all(b"HTTP/1.1 302 Found\r\nLocation: /elsewhere\r\nContent-Length: 0\r\n\r\n").unwrap();
            String::from_utf8_lossy(&bytes[..read]).into_owned()
        });
        assert_eq!(post(&app, &address, &[("x-test", "ya")], b"isi".to_vec()).await, Ok(302));
        let asked = asked.join().unwrap();
        assert!(asked.starts_with("POST /x HTTP/1.1") && asked.contains("x-test: ya"), "{asked}");
    }
}
