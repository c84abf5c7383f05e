//! The cookie of a signed-in browser: a random token whose hash alone is stored. Who it belongs to, the slice of accounts knows.

use crate::app::Surroundings;
use crate::clock;
use axum::http::{HeaderMap, HeaderValue, header};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use sha2::{Digest as _, Sha256};
use std::fmt;

/// The name of the session's cookie.
pub const COOKIE: &str = "prima_sesi";
/// The name of the cookie that remembers a language.
pub const LANGUAGE_COOKIE: &str = "prima_bahasa";

/// A secret that a browser keeps: 256 random bits. Only its hash is stored, so that a copy of the database opens no session.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// The SHA-256 of a token, as stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TokenHash(pub [u8; 32]);

impl Token {
    /// A new token.
    #[must_use]
    pub fn new() -> Self {
        Self(URL_SAFE_NO_PAD.encode(clock::random::<32>()))
    }

    /// The token of a keyed fingerprint: whoever can make the fingerprint again hands over the same token again.
    #[must_use]
    pub fn of_fingerprint(fingerprint: [u8; 32]) -> Self {
        Self(URL_SAFE_NO_PAD.encode(fingerprint))
    }

    /// A token as somebody presents it: from a cookie, a link or a form.
    #[must_use]
    pub fn presented(text: &str) -> Self {
        Self(text.to_owned())
    }

    /// What is stored of it.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(Sha256::digest(self.0.as_bytes()).into())
    }

    /// The secret itself, for the one place that hands it over.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl Default for Token {
    fn default() -> Self {
        Self::new()
    }
}

/// A token is never written into a log.
impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// The name as it travels. By https a browser is told that nobody but this very host may set it: not even a neighbour of the
/// same domain, which could otherwise put its own session in place of the visitor's.
fn full(name: &str, surroundings: &Surroundings) -> String {
    format!("{}{name}", if surroundings.https { "__Host-" } else { "" })
}

/// The value of a cookie that a request brought.
#[must_use]
pub fn cookie<'h>(headers: &'h HeaderMap, name: &str, surroundings: &Surroundings) -> Option<&'h str> {
    let name = full(name, surroundings);
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(|line| line.split(';')).find_map(|pair| {
        let (key, value) = pair.trim().split_once('=')?;
        (key == name).then_some(value)
    })
}

/// The header that gives a browser a cookie no script can read; kept for `seconds`, or until the browser closes.
#[must_use]
pub fn set_cookie(
    name: &str,
    value: &str,
    seconds: Option<i64>,
    surroundings: &Surroundings,
) -> (header::HeaderName, HeaderValue) {
    let mut line = format!("{}={value}; Path=/; HttpOnly; SameSite=Lax", full(name, surroundings));
    if let Some(seconds) = seconds {
        line.push_str(&format!("; Max-Age={seconds}"));
    }
    if surroundings.https {
        line.push_str("; Secure");
    }
    (header::SET_COOKIE, HeaderValue::from_str(&line).unwrap_or_else(|_| HeaderValue::from_static("")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cookie_is_found_among_others() {
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("a=1; prima_sesi=xyz; b=2"));
        let plain = Surroundings::default();
        assert_eq!(cookie(&headers, COOKIE, &plain), Some("xyz"));
        assert_eq!(cookie(&headers, "sesi", &plain), None);
    }

    #[test]
    fn over_https_a_cookie_that_a_neighbour_set_is_not_looked_at() {
        let https = Surroundings { https: true, ..Surroundings::default() };
        let mut headers = HeaderMap::new();
        headers.insert(header::COOKIE, HeaderValue::from_static("prima_sesi=theirs; __Host-prima_sesi=own"));
        assert_eq!(cookie(&headers, COOKIE, &https), Some("own"));
    }

    #[test]
    fn two_tokens_differ_and_are_not_shown() {
        let (one, other) = (Token::new(), Token::new());
        assert_ne!(one.hash(), other.hash());
        assert_eq!(format!("{one:?}"), "Token(…)");
    }

    #[test]
    fn over_https_a_cookie_never_travels_in_the_clear() {
        let surroundings = Surroundings { https: true, ..Surroundings::default() };
        let (_, value) = set_cookie(COOKIE, "t", None, &surroundings);
        assert_eq!(value.to_str().unwrap(), "__Host-prima_sesi=t; Path=/; HttpOnly; SameSite=Lax; Secure");
    }
}
