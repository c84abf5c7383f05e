//! One answer: what somebody chose for each element, what they told of themselves if they wanted to, and nothing that leads to them.

use crate::fault::Fault;
use crate::period::{PeriodId, names, survey};
use platform::identity::InstitutionId;
use rules::instrument::Instrument;
use rules::phrase::Phrase;
use rules::satisfaction_index::Order;
use serde_json::{Map, Value};
use sha2::{Digest as _, Sha256};
use std::collections::BTreeMap;

/// Where an answer was given.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Channel {
    /// On one's own telephone or computer.
    Web,
    /// On a tablet of the office, one question at a time.
    Kiosk,
    /// Kept by the browser until the line was back.
    Offline,
    /// On paper, entered by two people.
    Paper,
    /// In a table from elsewhere.
    File,
}

names! { Channel: Web = "web", Kiosk = "kiosk", Offline = "offline", Paper = "paper", File = "file" }

/// What people may tell of themselves: name of the column, and the stable names of its choices.
pub const PROFILE: [(&str, &[&str]); 5] = [
    ("sex", &["P", "L"]),
    ("age", &["17-24", "25-34", "35-44", "45-54", "55-64", "65-"]),
    ("education", &["sd", "smp", "sma", "diploma", "s1", "s2"]),
    ("occupation", &["pns", "tni-polri", "swasta", "wirausaha", "pelajar", "lainnya"]),
    ("disability", &["ya", "tidak"]),
];

/// "Janji vs kenyataan": whether time, fee and requirements were as published.
pub const PROMISES: [&str; 3] = ["time", "fee", "requirements"];

/// The longest suggestion, in letters.
pub(crate) const LONGEST_SUGGESTION: usize = 1000;
/// The longest answer to a question of the unit's own, in letters.
pub(crate) const LONGEST_OWN: usize = 300;

/// The identifier of an answer: a hash of what the browser chose. It has no order and holds no moment, whatever the browser chose.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct AnswerId(pub(crate) Vec<u8>);

impl AnswerId {
    /// The identifier of what a browser sent under a name of its own choosing.
    #[must_use]
    pub fn of(institution: InstitutionId, period: PeriodId, delivery: &str) -> Self {
        Self(hash("prima survey answer", institution, period, delivery))
    }

    /// Another identifier from the same sending, for the answer to a question of the unit's own.
    #[must_use]
    pub fn of_own(institution: InstitutionId, period: PeriodId, delivery: &str, number: i64) -> Self {
        Self(hash(&format!("prima survey own question {number}"), institution, period, delivery))
    }

    /// Another identifier from the same sending, for the suggestion: nobody can lay the two side by side without the browser's name.
    #[must_use]
    pub fn of_suggestion(institution: InstitutionId, period: PeriodId, delivery: &str) -> Self {
        Self(hash("prima survey suggestion", institution, period, delivery))
    }
}

fn hash(domain: &str, institution: InstitutionId, period: PeriodId, delivery: &str) -> Vec<u8> {
    let mut hash = Sha256::new();
    hash.update(domain);
    hash.update(institution.uuid().as_bytes());
    hash.update(period.uuid().as_bytes());
    hash.update(delivery);
    hash.finalize()[..16].to_vec()
}

/// Capital letters and digits that cannot be mistaken for one another.
const RECEIPT_SIGNS: &[u8; 32] = b"ABCDEFGHJKMNPQRSTUVWXYZ023456789";

/// The number on a receipt: from the sending alone, and kept nowhere.
#[must_use]
pub fn receipt(delivery: &str) -> String {
    let mut hash = Sha256::new();
    hash.update("prima survey receipt");
    hash.update(delivery);
    let sign = |byte: &u8| char::from(RECEIPT_SIGNS[usize::from(byte % 32)]);
    let signs: String = hash.finalize().iter().take(8).map(sign).collect();
    format!("{}-{}", &signs[..4], &signs[4..])
}

/// Whether a browser may name its sending so: 16 to 64 letters, digits and hyphens.
#[must_use]
pub fn is_delivery(name: &str) -> bool {
    (16..=64).contains(&name.len()) && name.bytes().all(|sign| sign.is_ascii_alphanumeric() || sign == b'-')
}

/// What was answered, complete and possible.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Answer {
    /// The choice for each element, by its key.
    pub answers: BTreeMap<String, u8>,
    /// What they told of themselves, by column.
    pub profile: BTreeMap<&'static str, String>,
    /// Whether promises were kept, where they said.
    pub promises: BTreeMap<&'static str, bool>,
    /// Answers to the unit's own questions, by number.
    pub own: BTreeMap<i64, String>,
    /// What they suggest; may be empty.
    pub suggestion: String,
}

/// Where an answer's fields come from: a form, a row of a table.
pub trait Typed {
    /// What was typed into a field; empty when nothing was.
    fn field(&self, name: &str) -> &str;
}

impl Typed for platform::form::Form {
    fn field(&self, name: &str) -> &str {
        self.value(name)
    }
}

impl Answer {
    /// Reads an answer. The elements are fields of their own key; a profile is left out where nothing or nonsense was chosen.
    ///
    /// # Errors
    /// The elements without a choice, in the order of the questionnaire.
    pub fn read(instrument: &Instrument, own_questions: usize, typed: &impl Typed) -> Result<Self, Vec<Fault>> {
        let Some(survey) = survey(instrument) else { return Err(vec![Fault::new("", "fault.no-survey")]) };
        let mut answer = Self::default();
        let mut faults = Vec::new();
        for (place, key) in survey.keys_in(Order::Questionnaire).iter().enumerate() {
            let chosen = typed.field(key).parse::<u8>().ok();
            match chosen.filter(|chosen| (survey.answers.lowest..=survey.answers.highest).contains(chosen)) {
                Some(chosen) => {
                    answer.answers.insert(key.clone(), chosen);
                }
                None => faults.push(Fault { field: key.clone(), phrase: missing(place) }),
            }
        }
        for (column, choices) in PROFILE {
            if let Some(choice) = choices.iter().find(|choice| typed.field(column) == **choice) {
                answer.profile.insert(column, (*choice).to_owned());
            }
        }
        for promise in PROMISES {
            match typed.field(&format!("promise-{promise}")) {
                "ya" => answer.promises.insert(promise, true),
                "tidak" => answer.promises.insert(promise, false),
                _ => None,
            };
        }
        for number in (1_i64..).take(own_questions) {
            let text = typed.field(&format!("own-{number}"));
            if !text.is_empty() {
                answer.own.insert(number, text.chars().take(LONGEST_OWN).collect());
            }
        }
        let suggestion = typed.field("suggestion");
        if suggestion.chars().count() > LONGEST_SUGGESTION {
            let phrase = Phrase::new("fault.long-suggestion").with("most", LONGEST_SUGGESTION as u64);
            faults.push(Fault { field: "suggestion".into(), phrase });
        }
        suggestion.clone_into(&mut answer.suggestion);
        if faults.is_empty() { Ok(answer) } else { Err(faults) }
    }

    /// All that was answered, by the names of fields: to compare two entries of one sheet, and to keep a table that waits.
    #[must_use]
    pub fn fields(&self) -> BTreeMap<String, String> {
        let mut fields: BTreeMap<String, String> =
            self.answers.iter().map(|(key, choice)| (key.clone(), choice.to_string())).collect();
        fields.extend(self.profile.iter().map(|(column, choice)| ((*column).to_owned(), choice.clone())));
        let word = |kept: bool| if kept { "ya" } else { "tidak" }.to_owned();
        fields.extend(self.promises.iter().map(|(promise, kept)| (format!("promise-{promise}"), word(*kept))));
        fields.extend(self.own.iter().map(|(number, text)| (format!("own-{number}"), text.clone())));
        if !self.suggestion.is_empty() {
            fields.insert("suggestion".into(), self.suggestion.clone());
        }
        fields
    }

    /// The sum over all elements.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.answers.values().map(|choice| i64::from(*choice)).sum()
    }

    /// The choices by key, as they are stored.
    #[must_use]
    pub fn stored(&self) -> String {
        let choices: Map<String, Value> =
            self.answers.iter().map(|(key, choice)| (key.clone(), Value::from(*choice))).collect();
        Value::Object(choices).to_string()
    }

    /// What is counted of it: each part with its value.
    #[must_use]
    pub fn counted(&self) -> Vec<(String, i64)> {
        let total = self.total();
        let mut parts = vec![("total".to_owned(), total)];
        parts.extend(self.answers.iter().map(|(key, choice)| (key.clone(), i64::from(*choice))));
        parts.extend(self.profile.iter().map(|(column, choice)| (format!("{column}:{choice}"), total)));
        parts.extend(self.promises.iter().map(|(promise, kept)| (format!("promise:{promise}"), i64::from(*kept))));
        parts
    }
}

fn missing(place: usize) -> Phrase {
    Phrase::new("fault.unanswered").with("number", place as u64 + 1)
}

#[cfg(test)]
mod tests {
    use super::*;
    use calculation::instruments;
    use platform::database::Uuid;
    use platform::form::Form;

    const KEYS: &[&str] =
        &["persyaratan", "prosedur", "waktu", "biaya", "produk", "kompetensi", "perilaku", "sarana", "pengaduan"];

    fn instrument() -> Instrument {
        instruments::find("skm-2017").unwrap()
    }

    fn form(skip: &str) -> Form {
        let mut form = Form::new();
        for key in KEYS.iter().filter(|key| **key != skip) {
            form.set(key, "3");
        }
        form
    }

    #[test]
    fn an_answer_without_an_element_names_its_question() {
        let faults = Answer::read(&instrument(), 0, &form("waktu")).unwrap_err();
        assert_eq!(faults.iter().map(|fault| fault.field.as_str()).collect::<Vec<_>>(), ["waktu"]);
        let mut form = form("");
        form.set("biaya", "5");
        assert_eq!(Answer::read(&instrument(), 0, &form).unwrap_err()[0].field, "biaya");
    }

    #[test]
    fn a_profile_is_optional_and_nonsense_in_it_is_left_out() {
        let mut typed = form("");
        typed.set("sex", "P");
        typed.set("age", "seratus");
        typed.set("promise-fee", "tidak");
        let answer = Answer::read(&instrument(), 0, &typed).unwrap();
        assert_eq!(answer.profile, BTreeMap::from([("sex", "P".to_owned())]));
        assert_eq!(answer.promises, BTreeMap::from([("fee", false)]));
        assert!(Answer::read(&instrument(), 0, &form("")).unwrap().profile.is_empty());
    }

    #[test]
    fn an_answer_is_counted_by_element_in_total_and_within_its_groups() {
        let mut typed = form("");
        typed.set("sex", "P");
        typed.set("promise-time", "ya");
        let counted = Answer::read(&instrument(), 0, &typed).unwrap().counted();
        assert_eq!(counted.len(), 9 + 1 + 1 + 1);
        assert!(counted.contains(&("total".into(), 27)) && counted.contains(&("sex:P".into(), 27)));
        assert!(counted.contains(&("waktu".into(), 3)) && counted.contains(&("promise:time".into(), 1)));
    }

    #[test]
    fn answers_are_stored_by_the_key_of_the_element() {
        let answer = Answer::read(&instrument(), 0, &form("")).unwrap();
        let stored: BTreeMap<String, u8> = serde_json::from_str(&answer.stored()).unwrap();
        assert_eq!(stored, answer.answers);
        assert_eq!(stored["sarana"], 3);
    }

    /// Browsers like identifiers that begin with the moment; those of answers tell none.
    #[test]
    fn the_identifier_of_an_answer_has_no_order_of_time() {
        let (city, period) = (InstitutionId::from(Uuid::from_u128(1)), PeriodId::from(Uuid::from_u128(2)));
        let names: Vec<String> =
            (0..200).map(|moment| format!("0198c1a0-{moment:04}-7000-8000-000000000001")).collect();
        let ids: Vec<AnswerId> = names.iter().map(|name| AnswerId::of(city, period, name)).collect();
        let rising = ids.windows(2).filter(|pair| pair[0] < pair[1]).count();
        assert!((60..140).contains(&rising), "{rising} of 199 stand in order");
        assert_ne!(AnswerId::of(city, period, &names[0]), AnswerId::of_suggestion(city, period, &names[0]));
    }

    #[test]
    fn a_receipt_is_the_same_for_the_same_sending() {
        assert_eq!(receipt("0123456789abcdef"), receipt("0123456789abcdef"));
        assert_eq!(receipt("0123456789abcdef").len(), 9);
        assert!(is_delivery("0123456789abcdef") && !is_delivery("short") && !is_delivery("0123456789abcdef<"));
    }
}
