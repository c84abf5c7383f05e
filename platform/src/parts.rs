//! Parts of pages that need more than a template: what `templates/parts.html` shows, page numbers, and the steps of a result.
//!
//! All words are in the reader's language already.

use askama::Template;
use askama::filters::Safe;
use rules::phrase::Language;
use rules::step::Step;

/// HTML that is safe to write into a page as it is: everything in it was escaped.
pub type SafeHtml = Safe<String>;

/// A fact right under a title: "Selesai dalam: 1 hari kerja".
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fact {
    /// What it is about.
    pub label: String,
    /// The fact.
    pub value: String,
    /// Where more of it stands.
    pub href: Option<String>,
}

impl Fact {
    /// A fact without a link.
    #[must_use]
    pub fn new(label: impl Into<String>, value: impl Into<String>) -> Self {
        Self { label: label.into(), value: value.into(), href: None }
    }

    /// With the address where more of it stands.
    #[must_use]
    pub fn leading_to(mut self, href: impl Into<String>) -> Self {
        self.href = Some(href.into());
        self
    }
}

/// A figure at a glance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tile {
    /// The figure.
    pub value: String,
    /// What it says, in a few words.
    pub words: String,
    /// Where its parts stand.
    pub href: Option<String>,
    /// `hijau`, `kuning`, `merah`, or nothing where no zone is meant. The words must say it too.
    pub zone: &'static str,
}

/// One thing that happened, or is awaited.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// "21 November 2026, 08.00 WIB".
    pub when: String,
    /// What happened.
    pub title: String,
    /// More about it; may be empty.
    pub text: String,
    /// Whether this is what is awaited now.
    pub current: bool,
}

/// One of the things to do before something can be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Task {
    /// What to do.
    pub title: String,
    /// Where; nothing while it cannot be begun.
    pub href: Option<String>,
    /// What it takes; may be empty.
    pub hint: String,
    /// "Selesai", "Belum dimulai".
    pub status: String,
    /// Whether nothing is left to do.
    pub done: bool,
}

/// An answer that can be changed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    /// The question in a few words.
    pub name: String,
    /// The answer.
    pub value: String,
    /// Where it is changed.
    pub change: Option<String>,
}

/// The pages of a long list. An address is `path?halaman=N`, with what else the query held.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pages {
    path: String,
    others: Vec<(String, String)>,
    number: u64,
    last: u64,
}

/// A page number with its address, or a gap without one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PageLink {
    /// The number.
    pub number: u64,
    /// Its address; nothing for a gap.
    pub href: Option<String>,
    /// Whether it is the page shown.
    pub current: bool,
}

impl Pages {
    /// The name of the page number in an address.
    pub const QUERY: &'static str = "halaman";

    /// The pages of `total` entries, `size` on each, while page `number` (from one) of `path` is shown. A number beyond the
    /// end means the last page.
    #[must_use]
    pub fn new(path: impl Into<String>, number: u64, size: u64, total: u64) -> Self {
        let last = total.div_ceil(size.max(1)).max(1);
        Self { path: path.into(), others: Vec::new(), number: number.clamp(1, last), last }
    }

    /// With what else stands in the query of each address: search words, filters. Empty values are left out.
    #[must_use]
    pub fn keeping(mut self, others: impl IntoIterator<Item = (String, String)>) -> Self {
        self.others.extend(others.into_iter().filter(|(name, value)| name != Self::QUERY && !value.is_empty()));
        self
    }

    /// The number of the page shown, from one.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.number
    }

    /// Whether there is more than one page.
    #[must_use]
    pub fn several(&self) -> bool {
        self.last > 1
    }

    /// The address of the page before this one.
    #[must_use]
    pub fn previous(&self) -> Option<String> {
        (self.number > 1).then(|| self.address(self.number - 1))
    }

    /// The address of the page after this one.
    #[must_use]
    pub fn next(&self) -> Option<String> {
        (self.number < self.last).then(|| self.address(self.number + 1))
    }

    /// The first and last page, this one and its neighbours, with gaps between; never more than seven.
    #[must_use]
    pub fn items(&self) -> Vec<PageLink> {
        let mut items: Vec<PageLink> = Vec::new();
        for number in [1, self.number.saturating_sub(1), self.number, self.number + 1, self.last] {
            let before = items.last().map_or(0, |item| item.number);
            if number <= before || number > self.last {
                continue;
            }
            if number == before + 2 {
                items.push(self.link(before + 1));
            } else if number > before + 2 {
                items.push(PageLink { number: before + 1, href: None, current: false });
            }
            items.push(self.link(number));
        }
        items
    }

    fn link(&self, number: u64) -> PageLink {
        PageLink { number, href: Some(self.address(number)), current: number == self.number }
    }

    fn address(&self, number: u64) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.others);
        query.append_pair(Self::QUERY, &number.to_string());
        format!("{}?{}", self.path, query.finish())
    }
}

/// One step of a result, in the reader's words: made from a [`Step`], or from the steps that a stored result kept.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct ShownStep {
    /// What is computed.
    pub what: String,
    /// The outcome: a number as the language writes it, or a word.
    pub output: String,
    /// The outcome without rounding, where that says more; else empty.
    pub exact: String,
    /// The formula with its numbers; may be empty.
    pub formula: String,
    /// Names and values that went in.
    pub inputs: Vec<(String, String)>,
    /// Regulation and article; may be empty.
    pub citation: String,
    /// The steps that led to the inputs.
    pub children: Vec<ShownStep>,
}

impl ShownStep {
    /// A step in the reader's language.
    #[must_use]
    pub fn new(step: &Step, language: Language) -> Self {
        let shown = language.number(&step.output);
        let exact =
            step.exact.as_ref().map_or_else(String::new, |exact| language.number(&rules::quantity::exact_text(exact)));
        Self {
            what: step.what.in_language(language),
            exact: if exact == shown { String::new() } else { exact },
            output: shown,
            formula: language.number(&step.formula),
            inputs: step
                .inputs
                .iter()
                .map(|input| (input.name.in_language(language), language.number(&input.value)))
                .collect(),
            citation: step.citation.clone(),
            children: step.children.iter().map(|child| Self::new(child, language)).collect(),
        }
    }

    fn is_leaf(&self) -> bool {
        self.inputs.is_empty() && self.children.is_empty() && self.formula.is_empty() && self.citation.is_empty()
    }
}

#[derive(Template)]
#[template(path = "part/steps.html")]
struct Steps<'s> {
    steps: &'s [ShownStep],
    words: crate::words::Words,
}

impl Steps<'_> {
    fn word(&self, key: &str) -> String {
        self.words.text(key)
    }

    /// A template cannot call itself; each level is rendered by its own.
    fn nested(&self, steps: &[ShownStep]) -> SafeHtml {
        Safe(Steps { steps, words: self.words }.render().unwrap_or_default())
    }
}

/// "Langkah demi langkah": the steps of a result, each to be opened down to its inputs, with the rule it rests on.
#[must_use]
pub fn steps(steps: &[Step], language: Language) -> SafeHtml {
    let shown: Vec<ShownStep> = steps.iter().map(|step| ShownStep::new(step, language)).collect();
    shown_steps(&shown, language)
}

/// As [`steps`], of steps that are in the reader's words already.
#[must_use]
pub fn shown_steps(steps: &[ShownStep], language: Language) -> SafeHtml {
    Safe(Steps { steps, words: crate::words::Words::shared(language) }.render().unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rules::phrase::Phrase;

    fn shown(pages: &Pages) -> String {
        let number = |link: PageLink| match (link.href, link.current) {
            (None, _) => "…".to_owned(),
            (_, true) => format!("[{}]", link.number),
            (_, false) => link.number.to_string(),
        };
        pages.items().into_iter().map(number).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_long_list_shows_its_ends_and_the_neighbours() {
        assert_eq!(shown(&Pages::new("/aduan", 7, 20, 400)), "1 … 6 [7] 8 … 20");
    }

    #[test]
    fn a_gap_of_one_page_is_that_page() {
        assert_eq!(shown(&Pages::new("/aduan", 4, 20, 120)), "1 2 3 [4] 5 6");
    }

    #[test]
    fn a_number_beyond_the_end_is_the_last_page() {
        let pages = Pages::new("/aduan", 99, 20, 41);
        assert_eq!((pages.number(), pages.next()), (3, None));
    }

    #[test]
    fn an_empty_list_has_one_page_and_no_links() {
        let pages = Pages::new("/aduan", 1, 20, 0);
        assert!(!pages.several() && pages.previous().is_none() && pages.next().is_none());
    }

    #[test]
    fn search_words_stay_in_the_address() {
        let pages = Pages::new("/aduan", 1, 20, 41)
            .keeping([("q".into(), "jalan & lampu".into()), ("unit".into(), String::new())]);
        assert_eq!(pages.next().as_deref(), Some("/aduan?q=jalan+%26+lampu&halaman=2"));
    }

    #[test]
    fn a_step_is_shown_with_its_number_as_the_language_writes_it_and_its_markup_escaped() {
        let step = Step::words(Phrase::new("unknown.key"), "a < b", "3.14", "Permenpan RB 14/2017");
        let html = steps(&[step], Language::Indonesian).0;
        assert!(html.contains("3,14") && html.contains("a &#60; b") && html.contains("Permenpan RB 14/2017"), "{html}");
    }

    #[test]
    fn the_steps_that_led_to_a_step_stand_inside_it() {
        let inner = Step::words(Phrase::new("inner"), "", "1", "");
        let html = steps(&[Step::words(Phrase::new("outer"), "", "2", "").led_by(vec![inner])], Language::English).0;
        let (outer, inner) = (html.find("outer").unwrap(), html.find("inner").unwrap());
        assert!(outer < inner && inner < html.rfind("</details>").unwrap(), "{html}");
    }
}
