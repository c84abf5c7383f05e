//! What the layout of every page shows: titles, menus, language, person, notices. Slices give templates that extend it.

use crate::app::MenuEntry;
use crate::problem::Problem;
use crate::site::Site;
use crate::visit::{SIGN_IN, Visit};
use crate::words::{Words, tag};
use axum::http::{StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use rules::phrase::Language;

/// An entry of a menu.
#[derive(Debug, Clone)]
pub struct NavItem {
    /// The words.
    pub label: String,
    /// Where it leads.
    pub href: String,
    /// Whether this page is there or below.
    pub current: bool,
}

/// One step of the way from the first page to this one. The last one, this page itself, has no address.
#[derive(Debug, Clone)]
pub struct Crumb {
    /// The words.
    pub label: String,
    /// Where it leads.
    pub href: Option<String>,
}

/// What kind of notice stands above the content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NoticeKind {
    /// Something was done.
    Success,
    /// Something to know.
    Important,
}

impl NoticeKind {
    /// Whether it says that something was done; for templates, which cannot name this type from another crate.
    #[must_use]
    pub fn is_done(self) -> bool {
        self == Self::Success
    }
}

/// A notice above the content: what was just done.
#[derive(Debug, Clone)]
pub struct Notice {
    /// Its kind.
    pub kind: NoticeKind,
    /// What happened.
    pub text: String,
}

/// What the layout shows. Every template has one, named `page`.
#[derive(Debug, Clone)]
pub struct Page {
    /// The visit.
    pub visit: Visit,
    /// The title: heading of the browser's tab.
    pub title: String,
    /// The way here.
    pub breadcrumbs: Vec<Crumb>,
    /// A notice.
    pub notice: Option<Notice>,
    /// Whether a form on it could not be taken: the title then begins with "Kesalahan:".
    pub has_errors: bool,
}

impl Page {
    /// An empty page for a visit.
    #[must_use]
    pub fn new(visit: Visit, title: String) -> Self {
        Self { visit, title, breadcrumbs: Vec::new(), notice: None, has_errors: false }
    }

    /// With one more step of the way here.
    #[must_use]
    pub fn crumb(mut self, label: impl Into<String>, href: impl std::fmt::Display) -> Self {
        self.breadcrumbs.push(Crumb { label: label.into(), href: Some(href.to_string()) });
        self
    }

    /// With a notice that something was done.
    #[must_use]
    pub fn done(mut self, text: Option<String>) -> Self {
        self.notice = text.map(|text| Notice { kind: NoticeKind::Success, text });
        self
    }

    /// With the mark that a form on it could not be taken.
    #[must_use]
    pub fn with_errors(mut self, has_errors: bool) -> Self {
        self.has_errors = has_errors;
        self
    }

    /// The city.
    #[must_use]
    pub fn site(&self) -> &Site {
        self.visit.site()
    }

    /// "id" or "en".
    #[must_use]
    pub fn language(&self) -> &'static str {
        tag(self.visit.language())
    }

    /// The tag of the other language.
    #[must_use]
    pub fn other_language(&self) -> &'static str {
        match self.visit.language() {
            Language::Indonesian => "en",
            Language::English => "id",
        }
    }

    /// This page in the other language.
    #[must_use]
    pub fn other_language_url(&self) -> String {
        self.visit.in_other_language()
    }

    /// The address of this page without its query.
    #[must_use]
    pub fn canonical(&self) -> String {
        format!("{}{}", self.visit.facts().origin, self.path())
    }

    /// The path of this page.
    #[must_use]
    pub fn path(&self) -> &str {
        self.visit.facts().uri.path()
    }

    /// A word of the platform.
    #[must_use]
    pub fn word(&self, key: &str) -> String {
        Words::shared(self.visit.language()).text(key)
    }

    /// The address of an embedded file.
    #[must_use]
    pub fn asset(&self, name: &str) -> String {
        crate::assets::url(name)
    }

    /// The public menu.
    #[must_use]
    pub fn nav(&self) -> Vec<NavItem> {
        let menu = self.visit.facts().app.wiring().menu;
        menu.iter().map(|entry| self.entry(entry)).collect()
    }

    /// The menu of the person who is signed in.
    #[must_use]
    pub fn staff_nav(&self) -> Vec<NavItem> {
        let menu = self.visit.facts().app.wiring().staff_menu;
        menu.iter().filter(|entry| entry.shown.to(&self.visit)).map(|entry| self.entry(entry)).collect()
    }

    /// The name of the person who is signed in.
    #[must_use]
    pub fn person(&self) -> Option<&str> {
        self.visit.person().map(|person| person.name.as_str())
    }

    /// Where one signs in.
    #[must_use]
    pub fn sign_in(&self) -> &'static str {
        SIGN_IN
    }

    /// The version of the program.
    #[must_use]
    pub fn version(&self) -> &'static str {
        env!("CARGO_PKG_VERSION")
    }

    fn entry(&self, entry: &MenuEntry) -> NavItem {
        let path = self.path();
        let below = path.strip_prefix(entry.href).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'));
        NavItem { label: (entry.label)(self.visit.language()), href: entry.href.to_owned(), current: below }
    }
}

/// A rendered template as an answer.
///
/// # Errors
/// When a template fails while it is written, which no template of ours does on its own.
pub fn show(template: &impl askama::Template) -> Result<Response, Problem> {
    show_with(StatusCode::OK, template)
}

/// A form that could not be taken, shown again with what was typed and what is wrong (status 422).
///
/// # Errors
/// As [`show`].
pub fn show_again(template: &impl askama::Template) -> Result<Response, Problem> {
    show_with(StatusCode::UNPROCESSABLE_ENTITY, template)
}

/// A rendered template with a status of its own.
///
/// # Errors
/// As [`show`].
pub fn show_with(status: StatusCode, template: &impl askama::Template) -> Result<Response, Problem> {
    let body = template.render().map_err(Problem::internal)?;
    Ok((status, [(header::CACHE_CONTROL, "private, no-cache")], Html(body)).into_response())
}
