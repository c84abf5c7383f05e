//! The questions of a period as other programs for forms ask them: names, words in both languages, choices.
//!
//! The first question is the code of the visit, so that a tablet can send no more answers than codes were given out. There is none on
//! the device, the moment or the place: what is not asked is not kept.

use crate::WORDS;
use crate::pages::question::{Question, profile, promises, questions};
use crate::period::Period;
use calculation::instruments;
use organisation::Unit;
use platform::words::Words;
use rules::phrase::{Language, Text};

/// The name of the question for the code.
pub(crate) const CODE: &str = "kode";

/// How a question is answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Kind {
    /// The code of the visit.
    Code,
    /// One of these: value and words.
    Choice(Vec<(String, Text)>),
    /// In one's own words.
    Text,
}

/// A question.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Its name, one that XML and XLSForm take.
    pub(crate) name: String,
    /// Its words.
    pub(crate) label: Text,
    /// How it is answered.
    pub(crate) kind: Kind,
    /// Whether it must be.
    pub(crate) required: bool,
}

/// All questions of a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Questionnaire {
    /// The name of the form; the period can be read from it.
    pub(crate) id: String,
    /// Grows when the questions change.
    pub(crate) version: String,
    /// "Survei Kepuasan Masyarakat, Dinas Sosial, 2026 TW IV".
    pub(crate) title: String,
    /// The questions in their order.
    pub(crate) asked: Vec<Asked>,
}

/// So the name of a form begins.
const BEGINNING: &str = "prima-";

/// The name of a field as XML and XLSForm take it.
pub(crate) fn name_of(field: &str) -> String {
    field.replace('-', "_")
}

/// The period of a form's name.
pub(crate) fn period_of(form: &str) -> Option<crate::period::PeriodId> {
    form.strip_prefix(BEGINNING)?.parse().ok()
}

impl Questionnaire {
    /// The questions of a period, with the unit's own.
    ///
    /// # Errors
    /// When the program no longer knows its instrument.
    pub(crate) fn of(period: &Period, unit: &Unit, own: &[String]) -> Result<Self, calculation::Problem> {
        let instrument = instruments::find(&period.instrument)?;
        let [id, en] = [Language::Indonesian, Language::English].map(|language| Words::new(&WORDS, language));
        let both = |key: &str| Text { id: id.text(key), en: en.text(key) };
        let code = Asked { name: CODE.into(), label: both("tablet.code"), kind: Kind::Code, required: true };
        let mut asked = vec![code];
        asked.extend(in_both(questions(&instrument, id), questions(&instrument, en), true));
        asked.extend(in_both(promises(id), promises(en), false));
        asked.extend(in_both(profile(id), profile(en), false));
        let text = |name: String, label: Text| Asked { name, label, kind: Kind::Text, required: false };
        let own = (1..).zip(own).map(|(number, words): (usize, &String)| {
            text(format!("own_{number}"), Text { id: words.clone(), en: words.clone() })
        });
        asked.extend(own);
        asked.push(text("suggestion".into(), both("open.suggestion")));
        Ok(Self {
            id: format!("{BEGINNING}{}", period.id),
            version: period.version.to_string(),
            title: format!("{}, {}, {}", id.text("open.title"), unit.facts.name, period.plan.label()),
            asked,
        })
    }
}

/// The same questions in two languages.
fn in_both(id: Vec<Question>, en: Vec<Question>, required: bool) -> impl Iterator<Item = Asked> {
    id.into_iter().zip(en).map(move |(id, en)| {
        let choices = id.choices.into_iter().zip(en.choices);
        let choices = choices.map(|((value, id), (_, en))| (value, Text { id, en })).collect();
        Asked {
            name: name_of(&id.key),
            label: Text { id: id.text, en: en.text },
            kind: Kind::Choice(choices),
            required,
        }
    })
}
