//! Everything that can go wrong as people meet it: what happened, whether anything was saved, where to go on.
//!
//! A [`Problem`] becomes a page or `application/problem+json` (RFC 9457), as the asker prefers; its source stays in the log.

use crate::app::App;
use crate::database::DatabaseError;
use crate::page::{self, Page};
use crate::visit::{SIGN_IN, Visit};
use crate::words::{SHARED, Words, tag};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use rules::phrase::{Language, Phrase, Text};
use std::sync::Arc;

type Source = Arc<dyn std::error::Error + Send + Sync>;

/// Something that went wrong, worded for the person it stopped.
#[derive(Debug, Clone)]
pub struct Problem {
    /// The status of the answer.
    pub status: StatusCode,
    /// Stable code: what tests and programs read.
    pub code: &'static str,
    /// What people read. Boxed: a problem travels in every `Result` of a handler, and most results are none.
    pub words: Box<Told>,
    /// Seconds to wait before trying again.
    pub retry_after: Option<u64>,
    source: Option<Source>,
}

/// What people read of a problem.
#[derive(Debug, Clone)]
pub struct Told {
    /// What happened, in one line.
    pub title: Text,
    /// What it means and what to do.
    pub detail: Text,
    /// Links on.
    pub ways: Vec<Way>,
}

/// A way on from a problem.
#[derive(Debug, Clone)]
pub struct Way {
    /// The words.
    pub label: Text,
    /// Where it leads.
    pub href: String,
}

impl Problem {
    /// A problem with its code and words. Its key has `.title` and `.detail` in the platform's locales.
    fn shared(status: StatusCode, code: &'static str) -> Self {
        let both = |part: &str| Text {
            id: Words::shared(Language::Indonesian).text(&format!("problem.{code}.{part}")),
            en: Words::shared(Language::English).text(&format!("problem.{code}.{part}")),
        };
        let (title, detail) = (both("title"), both("detail"));
        let home = Words::both(&SHARED, &Phrase::new("problem.to-first-page"));
        let ways = vec![Way { label: home, href: "/".into() }];
        Self { status, code, words: Box::new(Told { title, detail, ways }), retry_after: None, source: None }
    }

    /// Something a slice words itself: a conflict, a refusal. Nothing was saved.
    #[must_use]
    pub fn worded(status: StatusCode, code: &'static str, title: Text, detail: Text) -> Self {
        let mut problem = Self::shared(status, code);
        (problem.words.title, problem.words.detail) = (title, detail);
        problem
    }

    /// There is nothing at this address, or nothing this person may know of.
    #[must_use]
    pub fn not_found() -> Self {
        Self::shared(StatusCode::NOT_FOUND, "not-found")
    }

    /// Signed in, but without a role that may do this.
    #[must_use]
    pub fn forbidden() -> Self {
        Self::shared(StatusCode::FORBIDDEN, "forbidden")
    }

    /// This needs somebody who is signed in.
    #[must_use]
    pub fn sign_in_first() -> Self {
        let label = Words::both(&SHARED, &Phrase::new("layout.sign-in"));
        Self::shared(StatusCode::UNAUTHORIZED, "sign-in-first").way(label, SIGN_IN)
    }

    /// This needs a second factor.
    #[must_use]
    pub fn second_factor_first() -> Self {
        let label = Words::both(&SHARED, &Phrase::new("layout.second-factor"));
        Self::shared(StatusCode::FORBIDDEN, "second-factor-first").way(label, crate::visit::SECOND_FACTOR)
    }

    /// A form was sent from another site.
    #[must_use]
    pub fn from_another_site() -> Self {
        Self::shared(StatusCode::FORBIDDEN, "from-another-site")
    }

    /// Asked too often; `seconds` to wait.
    #[must_use]
    pub fn too_many_requests(seconds: u64) -> Self {
        Self { retry_after: Some(seconds.max(1)), ..Self::shared(StatusCode::TOO_MANY_REQUESTS, "too-many-requests") }
    }

    /// The handler took longer than its route allows.
    #[must_use]
    pub fn took_too_long() -> Self {
        Self { retry_after: Some(30), ..Self::shared(StatusCode::SERVICE_UNAVAILABLE, "took-too-long") }
    }

    /// What was sent is larger than the route takes.
    #[must_use]
    pub fn too_large() -> Self {
        Self::shared(StatusCode::PAYLOAD_TOO_LARGE, "too-large")
    }

    /// What was sent cannot be read at all: cut off, or no form.
    #[must_use]
    pub fn unreadable() -> Self {
        Self::shared(StatusCode::BAD_REQUEST, "unreadable")
    }

    /// A value of the query is none of its kind, or a name of it is unknown.
    #[must_use]
    pub fn bad_parameter() -> Self {
        let label = Words::both(&SHARED, &Phrase::new("api.title"));
        Self::shared(StatusCode::BAD_REQUEST, "bad-parameter").way(label, "/api")
    }

    /// A program came without a key, or with one that opens nothing.
    #[must_use]
    pub fn no_key() -> Self {
        Self::shared(StatusCode::UNAUTHORIZED, "no-key")
    }

    /// A program sent something else than JSON.
    #[must_use]
    pub fn not_json() -> Self {
        Self::shared(StatusCode::UNSUPPORTED_MEDIA_TYPE, "not-json")
    }

    /// The method is not one of this address.
    #[must_use]
    pub fn wrong_method() -> Self {
        Self::shared(StatusCode::METHOD_NOT_ALLOWED, "wrong-method")
    }

    /// A fault of ours. The source is for the log only.
    #[must_use]
    pub fn internal(source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self::shared(StatusCode::INTERNAL_SERVER_ERROR, "internal").because(source)
    }

    /// With one more way on, offered first.
    #[must_use]
    pub fn way(mut self, label: Text, href: impl Into<String>) -> Self {
        self.words.ways.insert(0, Way { label, href: href.into() });
        self
    }

    /// With the error it came from, for the log.
    #[must_use]
    pub fn because(mut self, source: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        self.source = Some(Arc::from(source.into()));
        self
    }

    /// What it came from, with everything below, in one line for the log. Of each only its first line: after that PostgreSQL tells
    /// the values of the row, and whose they are is nothing for a log.
    #[must_use]
    pub fn cause(&self) -> Option<String> {
        let first = |words: String| words.lines().next().unwrap_or_default().to_owned();
        let mut line = first(self.source.as_ref()?.to_string());
        let mut below = self.source.as_ref().and_then(|source| source.source());
        while let Some(source) = below {
            line = format!("{line}: {}", first(source.to_string()));
            below = source.source();
        }
        Some(line)
    }

    /// The problem as the asker prefers it.
    #[must_use]
    pub(crate) fn answer(&self, visit: &Visit, headers: &HeaderMap) -> Response {
        // Programs that ask the API say little of what they take.
        let json = prefers_json(headers) || crate::api::is_of_api(visit.facts().uri.path());
        let mut response = if json { self.as_json(visit) } else { self.as_page(visit) };
        if let Some(seconds) = self.retry_after {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    fn as_json(&self, visit: &Visit) -> Response {
        let language = visit.language();
        let body = serde_json::json!({
            "type": format!("{}/masalah/{}", visit.facts().origin, self.code),
            "title": self.words.title.in_language(language),
            "status": self.status.as_u16(),
            "detail": self.words.detail.in_language(language),
            "code": self.code,
            "request": visit.facts().request,
        });
        let kind = [(header::CONTENT_TYPE, "application/problem+json"), (header::CONTENT_LANGUAGE, tag(language))];
        (self.status, kind, body.to_string()).into_response()
    }

    fn as_page(&self, visit: &Visit) -> Response {
        let language = visit.language();
        let page = visit.page(self.words.title.in_language(language));
        let template = ProblemPage { page, problem: self, language };
        page::show_with(self.status, &template)
            .unwrap_or_else(|_| (self.status, self.words.title.in_language(language).to_owned()).into_response())
    }
}

/// Whether `application/json` (or problem+json) is asked for, and HTML is not.
#[must_use]
pub fn prefers_json(headers: &HeaderMap) -> bool {
    let accept = headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    accept.contains("json") && !accept.contains("text/html")
}

#[derive(askama::Template)]
#[template(path = "problem.html")]
struct ProblemPage<'p> {
    page: Page,
    problem: &'p Problem,
    language: Language,
}

impl ProblemPage<'_> {
    fn ways(&self) -> Vec<(&str, &str)> {
        self.problem.words.ways.iter().map(|way| (way.label.in_language(self.language), way.href.as_str())).collect()
    }

    fn detail(&self) -> &str {
        self.problem.words.detail.in_language(self.language)
    }

    fn request(&self) -> &str {
        &self.page.visit.facts().request
    }
}

impl IntoResponse for Problem {
    /// The bare status with the problem attached; the server's last layer words it for the visit.
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(self);
        response
    }
}

impl From<DatabaseError> for Problem {
    fn from(error: DatabaseError) -> Self {
        let wait = match &error {
            DatabaseError::Busy(_) | DatabaseError::Timeout(_) | DatabaseError::Unreachable(_) => 5,
            DatabaseError::ReadOnly(_) | DatabaseError::Full(_) => 600,
            // Whether it was saved is looked at first, so nobody is told to come back.
            DatabaseError::OutcomeUnknown(_) => {
                return Self::shared(StatusCode::SERVICE_UNAVAILABLE, "outcome-unknown").because(error);
            }
            _ => return Self::internal(error),
        };
        let detail = Words::both(&SHARED, &error.phrase());
        let mut problem = Self { retry_after: Some(wait), ..Self::shared(StatusCode::SERVICE_UNAVAILABLE, "database") };
        problem.words.detail = detail;
        problem.because(error)
    }
}

/// The problem of an address that no route knows.
pub(crate) async fn nothing_here(_: axum::extract::State<App>) -> Problem {
    std::future::ready(Problem::not_found()).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_told_that_nothing_was_saved_when_that_is_not_known() {
        let broken = DatabaseError::OutcomeUnknown("the connection broke".into());
        let problem = Problem::from(broken);
        assert_eq!((problem.status, problem.code), (StatusCode::SERVICE_UNAVAILABLE, "outcome-unknown"));
        assert!(problem.words.detail.id.starts_with("Sambungan putus saat menyimpan. Periksa dahulu"));
        assert_eq!(problem.retry_after, None);
        let problem = Problem::from(DatabaseError::Unreachable(None));
        assert_eq!((problem.status, problem.retry_after), (StatusCode::SERVICE_UNAVAILABLE, Some(5)));
    }

    #[test]
    fn the_log_hears_of_an_error_without_the_values_of_the_row() {
        let said = "db error: ERROR: duplicate key value violates unique constraint \"account_email\"\nDETAIL: Key (email)=(sari@contoh.go.id) already exists.";
        let cause = Problem::internal(said).cause().unwrap();
        assert!(cause.contains("account_email") && !cause.contains("sari@"), "{cause}");
    }
}
