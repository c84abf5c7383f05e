//! Refuses forms that another site makes a browser send (CSRF), without a token that a handler could forget.
//!
//! Browsers say where a request comes from: `Sec-Fetch-Site`, or `Origin` on every POST, or at least `Referer`. A request that
//! changes something is taken when the one it brings names this site. One that brings none comes from an old browser or no
//! browser: it is refused as soon as it carries a cookie, since then somebody's rights would be used.

use axum::http::{HeaderMap, Method, header};

/// Whether a request may change something, by what its browser says of where it comes from.
#[must_use]
pub fn comes_from_here(method: &Method, headers: &HeaderMap, host: &str) -> bool {
    if matches!(*method, Method::GET | Method::HEAD | Method::OPTIONS) {
        return true;
    }
    let text = |name: &str| headers.get(name).and_then(|value| value.to_str().ok());
    if let Some(site) = text("sec-fetch-site") {
        return matches!(site, "same-origin" | "none");
    }
    for name in [header::ORIGIN, header::REFERER] {
        if let Some(address) = text(name.as_str()) {
            return host_of(address) == Some(host);
        }
    }
    !headers.contains_key(header::COOKIE)
}

/// `contoh.go.id:8080` of `https://contoh.go.id:8080/path`; nothing of `null`.
fn host_of(address: &str) -> Option<&str> {
    let (_, rest) = address.split_once("://")?;
    rest.split(['/', '?', '#']).next()
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

    fn post(pairs: &[(&'static str, &'static str)]) -> bool {
        let mut headers = HeaderMap::new();
        for (name, value) in pairs {
            headers.insert(*name, HeaderValue::from_static(value));
        }
        comes_from_here(&Method::POST, &headers, "contoh.go.id")
    }

    #[test]
    fn a_form_of_this_site_is_taken() {
        assert!(post(&[("sec-fetch-site", "same-origin"), ("cookie", "prima_sesi=x")]));
        assert!(post(&[("origin", "https://contoh.go.id"), ("cookie", "prima_sesi=x")]));
        assert!(post(&[("referer", "https://contoh.go.id/unit/1"), ("cookie", "prima_sesi=x")]));
    }

    #[test]
    fn a_form_of_another_site_is_refused() {
        assert!(!post(&[("sec-fetch-site", "cross-site")]));
        assert!(!post(&[("sec-fetch-site", "same-site")]), "another host of the same domain is another site");
        assert!(!post(&[("origin", "https://evil.example")]));
        assert!(!post(&[("origin", "null")]));
        assert!(!post(&[("origin", "https://contoh.go.id.evil.example")]));
        assert!(!post(&[("referer", "https://evil.example/?contoh.go.id")]));
    }

    #[test]
    fn without_a_word_of_origin_a_cookie_decides() {
        assert!(!post(&[("cookie", "prima_sesi=x")]));
        assert!(post(&[]), "a program without cookies uses nobody's rights");
    }

    #[test]
    fn reading_is_always_allowed() {
        assert!(comes_from_here(&Method::GET, &HeaderMap::new(), "contoh.go.id"));
    }
}
