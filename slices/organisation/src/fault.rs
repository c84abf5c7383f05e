//! What is wrong with something that was typed, wherever it was typed: a form, a table, the command line.

use rules::phrase::{Language, Phrase};

/// One fault: of which field, and what to do about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The field by its name in forms and tables.
    pub field: &'static str,
    /// The sentence, a key of this crate's words.
    pub phrase: Phrase,
}

impl Fault {
    /// A fault of `field`, said by `key`.
    #[must_use]
    pub fn new(field: &'static str, key: &'static str) -> Self {
        Self { field, phrase: Phrase::new(key) }
    }

    /// What to do, in a language.
    #[must_use]
    pub fn sentence(&self, language: Language) -> String {
        crate::WORDS.say(&self.phrase, language)
    }
}

/// Reads typed fields one by one and gathers what is wrong with them.
///
/// Its one sentence of its own is `fault.too-long` with `{most}`, which the words of a slice that uses it must hold.
#[derive(Debug, Default)]
pub struct Checks {
    pub(crate) faults: Vec<Fault>,
}

impl Checks {
    /// The text without blanks around it, or a fault when it is empty or has more than `most` letters.
    pub fn required(&mut self, field: &'static str, typed: &str, most: usize, empty: &'static str) -> String {
        if typed.trim().is_empty() {
            self.faults.push(Fault::new(field, empty));
        }
        self.optional(field, typed, most)
    }

    /// The text without blanks around it, on one line, or a fault when it has more than `most` letters.
    pub fn optional(&mut self, field: &'static str, typed: &str, most: usize) -> String {
        let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
        if text.chars().count() > most {
            let phrase = Phrase::new("fault.too-long").with("most", most as u64);
            self.faults.push(Fault { field, phrase });
        }
        text
    }

    /// What `read` makes of a text; nothing for an empty one, a fault for one it cannot read.
    pub fn choice<T>(
        &mut self,
        field: &'static str,
        typed: &str,
        read: impl Fn(&str) -> Option<T>,
        wrong: &'static str,
    ) -> Option<T> {
        let typed = typed.trim();
        if typed.is_empty() {
            return None;
        }
        let value = read(typed);
        self.require(value.is_some(), field, wrong);
        value
    }

    /// Notes a fault unless something holds.
    pub fn require(&mut self, holds: bool, field: &'static str, wrong: &'static str) {
        if !holds {
            self.faults.push(Fault::new(field, wrong));
        }
    }

    /// `value` when nothing is wrong.
    ///
    /// # Errors
    /// The faults, in the order they were found.
    pub fn finish<T>(self, value: T) -> Result<T, Vec<Fault>> {
        if self.faults.is_empty() { Ok(value) } else { Err(self.faults) }
    }
}

/// Whether a text can be an e-mail address: one `@`, something before it, a domain behind it.
pub(crate) fn is_email(text: &str) -> bool {
    let Some((name, domain)) = text.split_once('@') else { return false };
    !name.is_empty() && is_host(domain) && domain.contains('.') && !text.contains(char::is_whitespace)
}

/// Whether a text can be a telephone number: five digits at least, and signs that people put between them.
pub(crate) fn is_phone(text: &str) -> bool {
    let digits = text.bytes().filter(u8::is_ascii_digit).count();
    let usual = |letter: char| letter.is_ascii_digit() || " +-()./,;".contains(letter) || letter.is_ascii_alphabetic();
    digits >= 3 && text.chars().all(usual)
}

/// Whether a text can be the name of a host, without a port.
pub(crate) fn is_host(text: &str) -> bool {
    let label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    };
    text.len() <= 253 && text.split('.').all(label)
}

/// The address of a website with its scheme; nothing when it cannot be one.
#[must_use]
pub fn web_address(text: &str) -> Option<String> {
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (scheme.to_ascii_lowercase(), rest),
        None => ("https".to_owned(), text),
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default();
    let (name, port) = host.split_once(':').unwrap_or((host, "443"));
    let printable = rest.bytes().all(|byte| byte.is_ascii_graphic());
    let is_web = matches!(scheme.as_str(), "http" | "https");
    (is_web && is_host(name) && name.contains('.') && port.parse::<u16>().is_ok() && printable)
        .then(|| format!("{scheme}://{rest}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_of_a_website_gets_its_scheme_and_runs_no_script() {
        assert_eq!(web_address("dinsos.contoh.go.id").as_deref(), Some("https://dinsos.contoh.go.id"));
        assert_eq!(web_address("HTTP://contoh.go.id/a?b").as_deref(), Some("http://contoh.go.id/a?b"));
        for wrong in ["javascript:alert(1)", "javascript://x.y/%0aalert(1)", "contoh", "https://a b.id", "https://"] {
            assert_eq!(web_address(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn telephone_numbers_and_mail_addresses_are_known_when_seen() {
        assert!(is_phone("(0711) 350-123 ext. 4") && is_phone("112") && !is_phone("belum ada"));
        assert!(is_email("dinsos@contoh.go.id") && !is_email("dinsos.contoh.go.id") && !is_email("a@b"));
    }

    #[test]
    fn text_is_put_on_one_line() {
        let mut checks = Checks::default();
        assert_eq!(checks.optional("address", " Jalan\n Merdeka  1 ", 40), "Jalan Merdeka 1");
        assert!(checks.finish(()).is_ok());
    }
}
