//! A service as people type it into a form or a table, and what is wrong with it.

use crate::kinds;
use crate::promise::{Duration, Fee, LONGEST_FEE, Opening, Week, rupiah};
use crate::service::{BlankForm, Channel, ServiceFacts};
use organisation::{Checks, Fault, web_address};

/// A service as somebody typed it, without its unit.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedService {
    /// "Nama layanan".
    pub name: String,
    /// Key or name of a category.
    pub category: String,
    /// "Ringkasan".
    pub summary: String,
    /// "Untuk siapa".
    pub audience: String,
    /// "Kata lain".
    pub keywords: String,
    /// Keys or names of events.
    pub events: Vec<String>,
    /// Names of channels.
    pub channels: Vec<String>,
    /// Opening times of each day, Monday first; empty for a day that is closed.
    pub hours: [String; 7],
    /// Whether national holidays are free.
    pub closed_on_holidays: bool,
    /// "1".
    pub amount: String,
    /// Name of a [`crate::TimeUnit`].
    pub time_unit: String,
    /// [`Fee::kind`].
    pub fee: String,
    /// The amount or the note of the fee.
    pub fee_text: String,
    /// One requirement a line.
    pub requirements: String,
    /// "Alamat layanan daring".
    pub online: String,
    /// One form a line: title, `|`, address.
    pub forms: String,
    /// Address of a video.
    pub sign_language: String,
    /// "Versi mudah dibaca".
    pub easy: String,
}

/// Days as fields of forms.
pub const DAYS: [&str; 7] = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];
/// More items are no help to anybody.
const MOST_ITEMS: usize = 40;

impl TypedService {
    /// The facts of a service, or everything that is wrong with what was typed.
    ///
    /// # Errors
    /// The faults, each with its field.
    pub fn check(&self) -> Result<ServiceFacts, Vec<Fault>> {
        let mut checks = Checks::default();
        let name = checks.required("name", &self.name, 200, "fault.service-name");
        checks.require(name.is_empty() || !organisation::plain(&name).is_empty(), "name", "fault.service-name");
        let category = checks.choice("category", &self.category, kinds::category_named, "fault.category");
        checks.require(!self.category.trim().is_empty(), "category", "fault.category");
        let facts = ServiceFacts {
            name,
            category: category.map(|kind| kind.key.clone()).unwrap_or_default(),
            summary: checks.optional("summary", &self.summary, 400),
            audience: checks.optional("audience", &self.audience, 300),
            keywords: checks.optional("keywords", &self.keywords, 300),
            events: self.events(&mut checks),
            channels: self.channels(&mut checks),
            hours: self.hours(&mut checks),
            closed_on_holidays: self.closed_on_holidays,
            duration: self.duration(&mut checks),
            fee: self.fee(&mut checks),
            requirements: lines(&mut checks, "requirements", &self.requirements),
            online: address(&mut checks, "online", &self.online),
            forms: self.forms(&mut checks),
            sign_language: address(&mut checks, "sign_language", &self.sign_language),
            easy: paragraphs(&mut checks, "easy", &self.easy, 4_000),
        };
        checks.finish(facts)
    }

    fn events(&self, checks: &mut Checks) -> Vec<String> {
        let found = self.events.iter().filter(|text| !text.trim().is_empty()).map(|text| kinds::life_event_named(text));
        let mut keys: Vec<String> = Vec::new();
        for kind in found {
            checks.require(kind.is_some(), "events", "fault.event");
            keys.extend(kind.map(|kind| kind.key.clone()).filter(|key| !keys.contains(key)));
        }
        keys
    }

    fn channels(&self, checks: &mut Checks) -> Vec<Channel> {
        let typed: Vec<&String> = self.channels.iter().filter(|text| !text.trim().is_empty()).collect();
        let known: Vec<Channel> = typed.iter().filter_map(|text| Channel::named(text)).collect();
        checks.require(known.len() == typed.len(), "channels", "fault.channel");
        Channel::ALL.into_iter().filter(|channel| known.contains(channel)).collect()
    }

    fn hours(&self, checks: &mut Checks) -> Week {
        let mut week = Week::default();
        for ((day, typed), field) in week.0.iter_mut().zip(&self.hours).zip(DAYS) {
            *day = checks.choice(field, typed, Opening::read, "fault.hours");
        }
        week
    }

    fn duration(&self, checks: &mut Checks) -> Option<Duration> {
        if self.amount.trim().is_empty() {
            return None;
        }
        checks.choice("amount", &self.amount, |amount| Duration::of(amount, &self.time_unit), "fault.duration")
    }

    fn fee(&self, checks: &mut Checks) -> Option<Fee> {
        match self.fee.trim() {
            "free" => Some(Fee::Free),
            "fixed" => {
                checks.require(!self.fee_text.trim().is_empty(), "fee_text", "fault.rupiah");
                checks.choice("fee_text", &self.fee_text, rupiah, "fault.rupiah").map(|rupiah| Fee::Fixed { rupiah })
            }
            "varies" => {
                let note = checks.required("fee_text", &self.fee_text, LONGEST_FEE, "fault.fee-note");
                Some(Fee::Varies { note })
            }
            _ => None,
        }
    }

    fn forms(&self, checks: &mut Checks) -> Vec<BlankForm> {
        let mut forms = Vec::new();
        for line in lines(checks, "forms", &self.forms) {
            let form = line.rsplit_once('|').and_then(|(title, url)| {
                let (title, url) = (title.trim().to_owned(), web_address(url.trim())?);
                (!title.is_empty()).then_some(BlankForm { title, url })
            });
            checks.require(form.is_some(), "forms", "fault.forms");
            forms.extend(form);
        }
        forms
    }
}

/// Lines that hold something, each on its own; marks of lists before them are left out.
pub(crate) fn lines(checks: &mut Checks, field: &'static str, typed: &str) -> Vec<String> {
    let bare = |line: &str| {
        let line = line.split_whitespace().collect::<Vec<_>>().join(" ");
        line.trim_start_matches(['-', '*', '•', '–']).trim_start().to_owned()
    };
    let lines: Vec<String> = typed.lines().map(bare).filter(|line| !line.is_empty()).collect();
    checks.require(lines.len() <= MOST_ITEMS, field, "fault.too-many-lines");
    checks.require(lines.iter().all(|line| line.chars().count() <= 400), field, "fault.long-line");
    lines
}

/// A text of several paragraphs with plain line ends.
pub(crate) fn paragraphs(checks: &mut Checks, field: &'static str, typed: &str, most: usize) -> String {
    let lines: Vec<&str> = typed.trim().lines().map(str::trim_end).collect();
    let text = lines.join("\n");
    // The words of the sentence name the limit, so the check of the whole is the one that counts.
    if text.chars().count() > most {
        checks.optional(field, &text, most);
    }
    text
}

fn address(checks: &mut Checks, field: &'static str, typed: &str) -> String {
    let address = checks.choice(field, typed, web_address, "fault.web").unwrap_or_default();
    checks.optional(field, &address, 300)
}

impl ServiceFacts {
    /// What people come for and this does not say yet: it cannot be published so.
    pub(crate) fn lacking(&self) -> Vec<Fault> {
        let mut checks = Checks::default();
        checks.require(!self.summary.is_empty(), "summary", "fault.lacks-summary");
        checks.require(!self.channels.is_empty(), "channels", "fault.lacks-channel");
        checks.require(self.duration.is_some(), "amount", "fault.lacks-duration");
        checks.require(self.fee.is_some(), "fee", "fault.lacks-fee");
        checks.finish(()).err().unwrap_or_default()
    }

    /// The facts as a form shows them.
    #[must_use]
    pub fn typed(&self) -> TypedService {
        let (fee, fee_text) = match &self.fee {
            None => ("", String::new()),
            Some(fee @ Fee::Free) => (fee.kind(), String::new()),
            Some(fee @ Fee::Fixed { rupiah }) => (fee.kind(), rupiah.to_string()),
            Some(fee @ Fee::Varies { note }) => (fee.kind(), note.clone()),
        };
        let forms: Vec<String> = self.forms.iter().map(|form| format!("{} | {}", form.title, form.url)).collect();
        TypedService {
            name: self.name.clone(),
            category: self.category.clone(),
            summary: self.summary.clone(),
            audience: self.audience.clone(),
            keywords: self.keywords.clone(),
            events: self.events.clone(),
            channels: self.channels.iter().map(|channel| channel.name().to_owned()).collect(),
            hours: self.hours.0.map(|day| day.map(|opening| opening.written('.')).unwrap_or_default()),
            closed_on_holidays: self.closed_on_holidays,
            amount: self.duration.map(|duration| duration.amount.to_string()).unwrap_or_default(),
            time_unit: self.duration.map(|duration| duration.unit.name().to_owned()).unwrap_or_default(),
            fee: fee.to_owned(),
            fee_text,
            requirements: self.requirements.join("\n"),
            online: self.online.clone(),
            forms: forms.join("\n"),
            sign_language: self.sign_language.clone(),
            easy: self.easy.clone(),
        }
    }

    /// These facts with the time, the fee and the requirements of others.
    pub(crate) fn promising_as(&self, other: &Self) -> Self {
        Self {
            duration: other.duration,
            fee: other.fee.clone(),
            requirements: other.requirements.clone(),
            ..self.clone()
        }
    }

    /// The names of the fields in which two differ.
    #[must_use]
    pub fn differences(&self, other: &Self) -> Vec<&'static str> {
        let differs = [
            ("name", self.name != other.name),
            ("category", self.category != other.category),
            ("summary", self.summary != other.summary),
            ("audience", self.audience != other.audience),
            ("keywords", self.keywords != other.keywords),
            ("events", self.events != other.events),
            ("channels", self.channels != other.channels),
            ("hours", (self.hours, self.closed_on_holidays) != (other.hours, other.closed_on_holidays)),
            ("duration", self.duration != other.duration),
            ("fee", self.fee != other.fee),
            ("requirements", self.requirements != other.requirements),
            ("online", self.online != other.online),
            ("forms", self.forms != other.forms),
            ("sign_language", self.sign_language != other.sign_language),
            ("easy", self.easy != other.easy),
        ];
        differs.into_iter().filter_map(|(field, differs)| differs.then_some(field)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn typed() -> TypedService {
        TypedService {
            name: "Kartu Keluarga baru".into(),
            category: "Kependudukan dan pencatatan sipil".into(),
            events: vec!["menikah".into(), "Menikah".into()],
            channels: vec!["daring".into(), "loket".into()],
            hours: ["08.00-15.00", "8-15", "", "", "08:00–11:00", "", ""].map(str::to_owned),
            amount: "1".into(),
            time_unit: "hari kerja".into(),
            fee: "fixed".into(),
            fee_text: "Rp25.000".into(),
            requirements: "- KTP-el pemohon\n\n • Buku nikah".into(),
            forms: "Formulir F-1.01 | contoh.go.id/f101.pdf".into(),
            ..TypedService::default()
        }
    }

    #[test]
    fn what_was_typed_becomes_facts_and_comes_back_the_same() {
        let facts = typed().check().expect("nothing is wrong");
        assert_eq!(facts.requirements, ["KTP-el pemohon", "Buku nikah"]);
        assert_eq!((facts.events.len(), facts.channels.as_slice()), (1, &[Channel::Counter, Channel::Online][..]));
        assert_eq!(facts.fee, Some(Fee::Fixed { rupiah: 25_000 }));
        assert_eq!(facts.forms[0].url, "https://contoh.go.id/f101.pdf");
        assert_eq!(facts.typed().check().expect("nor then"), facts);
        assert!(facts.differences(&facts).is_empty());
    }

    #[test]
    fn every_fault_names_its_field() {
        let wrong = TypedService {
            category: "pohon".into(),
            events: vec!["pesta".into()],
            channels: vec!["merpati".into()],
            hours: ["kadang", "", "", "", "", "", ""].map(str::to_owned),
            amount: "cepat".into(),
            fee: "fixed".into(),
            fee_text: "banyak".into(),
            online: "javascript:1".into(),
            forms: "tanpa alamat".into(),
            ..TypedService::default()
        };
        let fields: Vec<&str> = wrong.check().expect_err("much is wrong").iter().map(|fault| fault.field).collect();
        let expected = ["name", "category", "events", "channels", "monday", "amount", "fee_text", "online", "forms"];
        assert_eq!(fields, expected);
    }

    #[test]
    fn what_nobody_typed_stays_unknown_and_is_not_free_of_charge() {
        let bare =
            TypedService { name: "Legalisir".into(), category: "kependudukan".into(), ..TypedService::default() };
        let facts = bare.check().expect("name and category are enough");
        assert_eq!((facts.fee, facts.duration, facts.hours.is_empty()), (None, None, true));
    }
}
