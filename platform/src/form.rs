//! Forms that keep what was typed, name each error and lead the reader to it.
//!
//! A handler takes [`Form`], asks it for each field, and either has domain values or shows the same page again: every fault
//! is kept beside its field, and the summary above links to it.

use crate::problem::Problem;
use axum::body::Bytes;
use axum::extract::{FromRequest, Request};

/// One fault of a form: which field, and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The name of the field; its element has the identifier `f-<name>`.
    pub field: String,
    /// What to do, in the reader's language.
    pub message: String,
}

/// What was typed into a form, and what is wrong with it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Form {
    typed: Vec<(String, String)>,
    errors: Vec<FieldError>,
}

impl Form {
    /// An empty form.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// A form that already holds these values: for editing something that exists.
    #[must_use]
    pub fn filled<'v>(values: impl IntoIterator<Item = (&'v str, String)>) -> Self {
        let typed = values.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
        Self { typed, errors: Vec::new() }
    }

    /// A form as a browser sends it: `application/x-www-form-urlencoded`.
    #[must_use]
    pub fn parse(body: &[u8]) -> Self {
        let typed = form_urlencoded::parse(body).map(|(name, value)| (name.into_owned(), visible(&value)));
        Self { typed: typed.collect(), errors: Vec::new() }
    }

    /// What was typed into a field, without the spaces around it; empty when nothing was.
    #[must_use]
    pub fn value(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value.trim())
    }

    /// What was typed exactly as it was typed: for passwords, whose spaces count.
    #[must_use]
    pub fn exact(&self, field: &str) -> &str {
        self.typed.iter().find(|(name, _)| name == field).map_or("", |(_, value)| value)
    }

    /// All values of a field that may be sent several times: ticked boxes.
    pub fn values(&self, field: &str) -> impl Iterator<Item = &str> {
        self.typed.iter().filter(move |(name, _)| name == field).map(|(_, value)| value.trim())
    }

    /// Whether a choice of a field was made.
    #[must_use]
    pub fn has(&self, field: &str, value: &str) -> bool {
        self.values(field).any(|chosen| chosen == value)
    }

    /// Puts a value into a field in place of what was there.
    pub fn set(&mut self, field: &str, value: impl Into<String>) {
        self.typed.retain(|(name, _)| name != field);
        self.typed.push((field.to_owned(), value.into()));
    }

    /// Adds a value to a field.
    pub(crate) fn push(&mut self, field: &str, value: &str) {
        self.typed.push((field.to_owned(), visible(value)));
    }

    /// Forgets what was typed into a field: a password is never sent back.
    pub fn forget(&mut self, field: &str) {
        self.typed.retain(|(name, _)| name != field);
    }

    /// Notes what is wrong with a field. The first fault of a field is the one that is shown.
    pub fn fault(&mut self, field: &str, message: impl Into<String>) {
        if self.error(field).is_empty() {
            self.errors.push(FieldError { field: field.to_owned(), message: message.into() });
        }
    }

    /// The value of a field that must not be empty nor longer than `most` characters; otherwise notes the sentence that fits.
    pub fn required(&mut self, field: &str, most: usize, empty: impl Into<String>, long: impl Into<String>) -> String {
        let value = self.value(field).to_owned();
        if value.is_empty() {
            self.fault(field, empty);
        } else if value.chars().count() > most {
            self.fault(field, long);
        }
        value
    }

    /// The value that `read` makes of a field, or a noted fault.
    pub fn read<T>(
        &mut self,
        field: &str,
        read: impl FnOnce(&str) -> Option<T>,
        wrong: impl Into<String>,
    ) -> Option<T> {
        let value = read(self.value(field));
        if value.is_none() {
            self.fault(field, wrong);
        }
        value
    }

    /// What is wrong with a field; empty when nothing is.
    #[must_use]
    pub fn error(&self, field: &str) -> &str {
        self.errors.iter().find(|error| error.field == field).map_or("", |error| &error.message)
    }

    /// Everything that is wrong, in the order it was found.
    #[must_use]
    pub fn errors(&self) -> &[FieldError] {
        &self.errors
    }

    /// Whether nothing is wrong.
    #[must_use]
    pub fn is_fine(&self) -> bool {
        self.errors.is_empty()
    }
}

/// Text without signs that nobody sees: they would let a name pass for another, or speak to the terminal of whoever lists it.
pub(crate) fn visible(text: &str) -> String {
    let hidden = |sign: char| {
        (sign.is_control() && !matches!(sign, '\n' | '\r' | '\t'))
            || matches!(sign, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
    };
    text.replace(hidden, "")
}

impl<S: Send + Sync> FromRequest<S> for Form {
    type Rejection = Problem;

    async fn from_request(request: Request, state: &S) -> Result<Self, Problem> {
        let body = Bytes::from_request(request, state).await.map_err(|refused| match refused.status().as_u16() {
            413 => Problem::too_large(),
            _ => Problem::unreadable(),
        })?;
        Ok(Self::parse(&body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_was_typed_is_kept_when_something_is_wrong() {
        let mut form = Form::parse(b"name=Dinas+Sosial+&code=");
        let name = form.required("name", 80, "Isi nama unit", "terlalu panjang");
        form.required("code", 20, "Isi kode unit", "terlalu panjang");
        assert_eq!((name.as_str(), form.value("name")), ("Dinas Sosial", "Dinas Sosial"));
        assert_eq!(form.error("code"), "Isi kode unit");
        assert!(!form.is_fine());
    }

    #[test]
    fn the_first_fault_of_a_field_is_the_one_shown() {
        let mut form = Form::new();
        form.fault("email", "Isi surel");
        form.fault("email", "Surel harus memuat @");
        assert_eq!(form.errors().len(), 1);
        assert_eq!(form.error("email"), "Isi surel");
    }

    #[test]
    fn signs_that_nobody_sees_are_not_kept() {
        let form = Form::parse("nama=Budi%1B%5B2J%00%E2%80%AEitna&alamat=Jl.+Merdeka%0ANo.+1".as_bytes());
        assert_eq!((form.value("nama"), form.value("alamat")), ("Budi[2Jitna", "Jl. Merdeka\nNo. 1"));
    }

    #[test]
    fn several_ticked_boxes_are_several_values() {
        let form = Form::parse(b"role=sekda&role=juror");
        assert!(form.has("role", "juror") && !form.has("role", "auditor"));
        assert_eq!(form.values("role").count(), 2);
    }

    #[test]
    fn a_password_keeps_its_spaces_and_is_forgotten_when_told() {
        let mut form = Form::parse(b"password=+a+");
        assert_eq!(form.exact("password"), " a ");
        form.forget("password");
        assert_eq!(form.exact("password"), "");
    }
}
