//! One request as a handler sees it: who asks, in which city, in which language, from where.

use crate::app::App;
use crate::form::visible;
use crate::identity::Person;
use crate::page::Page;
use crate::problem::Problem;
use crate::site::Site;
use crate::words::{Words, tag};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{Method, Uri};
use axum::response::{IntoResponse, Redirect, Response};
use rules::phrase::{Catalogue, Language};
use std::net::IpAddr;
use std::sync::Arc;

/// Where people sign in.
pub const SIGN_IN: &str = "/masuk";
/// Where people give, or set up, their second factor.
pub const SECOND_FACTOR: &str = "/akun/dua-langkah";

/// One request as a handler sees it. Cheap to clone.
#[derive(Debug, Clone)]
pub struct Visit(Arc<Facts>);

/// What the server found out about a request before its handler runs.
#[derive(Debug)]
pub struct Facts {
    /// The city.
    pub site: Arc<Site>,
    /// The reader's language.
    pub language: Language,
    /// Who is signed in.
    pub person: Option<Person>,
    /// Path and query as asked.
    pub uri: Uri,
    /// `https://host`, for links that leave the page.
    pub origin: String,
    /// The visitor's address, after trusted proxies. Never stored.
    pub address: Option<IpAddr>,
    /// Number of the request, for the log and for people who report a problem.
    pub request: String,
    /// The program.
    pub app: App,
}

impl Visit {
    /// The visit of these facts.
    #[must_use]
    pub fn new(facts: Facts) -> Self {
        Self(Arc::new(facts))
    }

    /// The facts.
    #[must_use]
    pub fn facts(&self) -> &Facts {
        &self.0
    }

    /// The city.
    #[must_use]
    pub fn site(&self) -> &Site {
        &self.0.site
    }

    /// The reader's language.
    #[must_use]
    pub fn language(&self) -> Language {
        self.0.language
    }

    /// Who is signed in.
    #[must_use]
    pub fn person(&self) -> Option<&Person> {
        self.0.person.as_ref()
    }

    /// Who is signed in, on a route that is only for them.
    ///
    /// # Errors
    /// A problem that asks to sign in: only when a public route calls this.
    pub fn signed_in(&self) -> Result<&Person, Problem> {
        self.person().ok_or_else(Problem::sign_in_first)
    }

    /// The institution of this site.
    ///
    /// # Errors
    /// When nobody has set up the installation; the server sends such visits to the first page before.
    pub fn institution(&self) -> Result<crate::identity::InstitutionId, Problem> {
        self.0.site.institution.ok_or_else(Problem::not_found)
    }

    /// The words of a slice in the reader's language.
    #[must_use]
    pub fn words(&self, catalogue: &'static Catalogue) -> Words {
        Words::new(catalogue, self.0.language)
    }

    /// A page for this visit, to be filled and rendered.
    #[must_use]
    pub fn page(&self, title: impl Into<String>) -> Page {
        Page::new(self.clone(), title.into())
    }

    /// The address of this page in the other language.
    #[must_use]
    pub fn in_other_language(&self) -> String {
        let other = match self.0.language {
            Language::Indonesian => Language::English,
            Language::English => Language::Indonesian,
        };
        let kept: Vec<(String, String)> = query(&self.0.uri).filter(|(key, _)| key != "lang").collect();
        let with = kept.iter().map(|(key, value)| (key.as_str(), value.as_str())).chain([("lang", tag(other))]);
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(with).finish();
        format!("{}?{query}", self.0.uri.path())
    }

    /// To the page where one signs in, and back here afterwards when this was a page.
    #[must_use]
    pub fn to_sign_in(&self, method: &Method) -> Response {
        if method == Method::GET { self.detour(SIGN_IN) } else { Problem::sign_in_first().into_response() }
    }

    /// To the page of the second factor, and back here afterwards.
    #[must_use]
    pub fn to_second_factor(&self, method: &Method) -> Response {
        if method == Method::GET { self.detour(SECOND_FACTOR) } else { Problem::second_factor_first().into_response() }
    }

    fn detour(&self, to: &str) -> Response {
        let here = self.0.uri.path_and_query().map_or("/", axum::http::uri::PathAndQuery::as_str);
        let back = form_urlencoded::Serializer::new(String::new()).append_pair("lanjut", here).finish();
        Redirect::to(&format!("{to}?{back}")).into_response()
    }
}

/// An address with a query.
#[must_use]
pub fn with_query(path: &str, pairs: &[(&str, &str)]) -> String {
    let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish();
    format!("{path}?{query}")
}

/// The pairs of a query.
pub fn query(uri: &Uri) -> impl Iterator<Item = (String, String)> {
    let pairs = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs.map(|(name, value)| (name.into_owned(), visible(&value)))
}

/// An address inside this site to go on to, or nothing when it leads elsewhere: `//evil.example` is no path of ours.
#[must_use]
pub fn inside(address: &str) -> Option<&str> {
    let plain = address.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    (address.starts_with('/') && !address.starts_with("//") && plain).then_some(address)
}

impl<S: Send + Sync> FromRequestParts<S> for Visit {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get::<Self>().cloned().ok_or_else(Problem::not_found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_of_this_site_are_gone_on_to() {
        assert_eq!(inside("/kinerja?tahun=2025"), Some("/kinerja?tahun=2025"));
        for elsewhere in ["//evil.example/x", "https://evil.example", "evil", "/\\evil.example", "/a\nb", ""] {
            assert_eq!(inside(elsewhere), None, "{elsewhere:?}");
        }
    }
}
