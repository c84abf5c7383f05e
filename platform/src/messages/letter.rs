//! A message in words: the subject, the text, and the same as HTML.

use super::kind::{Facts, MessageKind, one_line};
use crate::site::Zone;
use crate::words::{Words, tag};
use askama::Template as _;
use rules::phrase::Language;

/// What a message says of the city it comes from. Given by the slices.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct City {
    /// "Pemerintah Kota Contoh".
    pub name: String,
    /// Who to ask for help.
    pub help: String,
    /// Its time zone.
    pub zone: Zone,
}

/// A message in words.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Letter {
    /// One line of at most 78 signs.
    pub subject: String,
    /// Lines of at most 76 signs; an address of a page stands alone on its line, however long.
    pub text: String,
    /// The same as HTML.
    pub html: String,
}

/// What stands around a message.
#[derive(Debug, Clone, Copy)]
pub struct Frame<'f> {
    /// The city it comes from.
    pub city: &'f City,
    /// The reader's language.
    pub language: Language,
    /// The address behind "stop such messages", when they may be stopped.
    pub stop: Option<&'f str>,
}

/// The longest subject, in signs.
const SUBJECT: usize = 78;
/// The longest line of a text, in signs.
const LINE: usize = 76;

/// One of several messages in a summary.
struct Item {
    title: String,
    paragraphs: Vec<String>,
    link: Option<(String, String)>,
}

#[derive(askama::Template)]
#[template(path = "mail.html")]
struct Page<'p> {
    language: &'static str,
    subject: &'p str,
    city: &'p str,
    paragraphs: &'p [String],
    link: &'p Option<(String, String)>,
    items: &'p [Item],
    below: &'p [String],
    stop: &'p Option<(String, String)>,
}

fn paragraphs(kind: &MessageKind, facts: &Facts, language: Language) -> Vec<String> {
    let words = Words::new(kind.catalogue, language);
    kind.paragraphs.iter().map(|key| facts.fill(&words.text(key), language)).collect()
}

fn link(kind: &MessageKind, facts: &Facts, language: Language) -> Option<(String, String)> {
    let words = Words::new(kind.catalogue, language);
    Some((facts.link()?.to_owned(), facts.fill(&words.text(kind.button?), language)))
}

/// The subject of a message: one line, cut at the end when a fact is too long for it.
fn subject(kind: &MessageKind, facts: &Facts, language: Language) -> String {
    let whole = one_line(&facts.fill(&Words::new(kind.catalogue, language).text(kind.subject), language));
    if whole.chars().count() <= SUBJECT {
        return whole;
    }
    let cut: String = whole.chars().take(SUBJECT - 1).collect();
    format!("{}…", cut.trim_end())
}

/// Writes a message, with others in it when it is a summary.
///
/// # Errors
/// When the template fails, which it does not on its own.
pub fn write(
    kind: &MessageKind,
    facts: &Facts,
    items: &[(&MessageKind, Facts)],
    frame: Frame<'_>,
) -> Result<Letter, askama::Error> {
    let language = frame.language;
    let shared = Words::shared(language);
    let items: Vec<Item> = items
        .iter()
        .map(|(kind, facts)| Item {
            title: subject(kind, facts, language),
            paragraphs: paragraphs(kind, facts, language),
            link: link(kind, facts, language),
        })
        .collect();
    let sent_by = shared.fill("mail.sent-by", [("city", &one_line(&frame.city.name))]);
    let why = facts.fill(&Words::new(kind.catalogue, language).text(kind.why), language);
    let below = [sent_by, one_line(&frame.city.help), why].into_iter().filter(|line| !line.is_empty()).collect();
    let stop = frame.stop.map(|address| (address.to_owned(), shared.text("mail.stop")));
    let parts = Parts {
        subject: subject(kind, facts, language),
        paragraphs: paragraphs(kind, facts, language),
        link: link(kind, facts, language),
        items,
        below,
        stop,
    };
    let page = Page {
        language: tag(language),
        subject: &parts.subject,
        city: &frame.city.name,
        paragraphs: &parts.paragraphs,
        link: &parts.link,
        items: &parts.items,
        below: &parts.below,
        stop: &parts.stop,
    };
    let html = page.render()?;
    Ok(Letter { text: parts.text(), html, subject: parts.subject })
}

struct Parts {
    subject: String,
    paragraphs: Vec<String>,
    link: Option<(String, String)>,
    items: Vec<Item>,
    below: Vec<String>,
    stop: Option<(String, String)>,
}

impl Parts {
    fn text(&self) -> String {
        let mut text = String::new();
        let pointed = |text: &mut String, link: &Option<(String, String)>| {
            if let Some((address, words)) = link {
                text.push_str(&format!("{}\n{address}\n\n", wrapped(&format!("{words}:"))));
            }
        };
        for paragraph in &self.paragraphs {
            text.push_str(&format!("{}\n\n", wrapped(paragraph)));
        }
        pointed(&mut text, &self.link);
        for item in &self.items {
            text.push_str(&format!("* {}\n\n", wrapped(&item.title)));
            for paragraph in &item.paragraphs {
                text.push_str(&format!("{}\n\n", wrapped(paragraph)));
            }
            pointed(&mut text, &item.link);
        }
        // Mail programs know this line: what follows is no part of the message.
        text.push_str("-- \n");
        for line in &self.below {
            text.push_str(&format!("{}\n", wrapped(line)));
        }
        if self.stop.is_some() {
            text.push('\n');
            pointed(&mut text, &self.stop);
        }
        format!("{}\n", text.trim_end())
    }
}

/// A paragraph in lines. A word that is longer than a line is cut, but for an address of a page.
fn wrapped(paragraph: &str) -> String {
    let mut lines: Vec<String> = vec![String::new()];
    let mut put = |word: &str| {
        let last = lines.last_mut().map_or(0, |line| line.chars().count());
        if last > 0 && last + 1 + word.chars().count() > LINE {
            lines.push(String::new());
        }
        if let Some(line) = lines.last_mut() {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
    };
    for word in paragraph.split_whitespace() {
        let signs: Vec<char> = word.chars().collect();
        if word.starts_with("http") {
            put(word);
        } else {
            signs.chunks(LINE).for_each(|part| put(&part.iter().collect::<String>()));
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn no_line_is_too_long_and_no_word_is_lost(text in "[a-zé]{0,200}( [a-zé]{1,90}){0,30}") {
            let lines = wrapped(&text);
            prop_assert!(lines.lines().all(|line| line.chars().count() <= LINE));
            let signs = |text: &str| text.chars().filter(|sign| !sign.is_whitespace()).collect::<String>();
            prop_assert_eq!(signs(&lines), signs(&text));
        }
    }
}
