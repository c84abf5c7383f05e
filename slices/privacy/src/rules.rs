//! The periods and articles of UU 27/2022, read from `parameters/uu-27-2022.toml`.

use crate::request::{Refusal, RequestKind};
use serde::Deserialize;
use std::sync::LazyLock;
use time::Duration;

const TEXT: &str = include_str!("../parameters/uu-27-2022.toml");

static RULES: LazyLock<Rules> = LazyLock::new(|| toml::from_str(TEXT).expect("the embedded file is read by a test"));

/// How a parameter is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Known {
    /// Read in the text, or in sources that quote it.
    Verified,
    /// Known, but not read now.
    OwnKnowledge,
    /// Not sure.
    Uncertain,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "the head of the file is for readers")]
struct Rules {
    id: String,
    last_checked_on: toml::value::Datetime,
    right: Vec<Right>,
    refusal: Vec<Refused>,
    breach: Breach,
    request: Reminding,
    copy: Copied,
    keeping: Kept,
}

/// A right of a person, its article and the time it is carried out in.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Right {
    kind: String,
    /// The article.
    pub(crate) article: String,
    hours: i64,
    status: Known,
    #[cfg_attr(not(test), expect(dead_code, reason = "for readers of the file"))]
    note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "status and note are for readers of the file")]
struct Refused {
    reason: String,
    article: String,
    status: Known,
    note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "status and note are for readers of the file")]
struct Breach {
    article: String,
    hours: i64,
    remind_after_hours: Vec<i64>,
    status: Known,
    note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "status and note are for readers of the file")]
struct Reminding {
    remind_before_hours: i64,
    status: Known,
    note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "status and note are for readers of the file")]
struct Copied {
    days: i64,
    status: Known,
    note: String,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
#[expect(dead_code, reason = "status and note are for readers of the file")]
struct Kept {
    request_days: i64,
    breach_days: i64,
    status: Known,
    note: String,
}

/// The right that a request exercises.
///
/// # Panics
/// Never: a test reads every kind.
#[must_use]
pub(crate) fn right(kind: RequestKind) -> &'static Right {
    RULES.right.iter().find(|right| right.kind == kind.name()).expect("a test reads every kind")
}

impl Right {
    /// Whether article and time were read in the text, or in sources that quote it.
    #[must_use]
    pub(crate) fn is_sure(&self) -> bool {
        self.status == Known::Verified
    }

    /// So long after it was received a request is carried out: hours, not working days.
    #[must_use]
    pub(crate) fn time(&self) -> Duration {
        Duration::hours(self.hours)
    }
}

/// The article a refusal rests on.
///
/// # Panics
/// Never: a test reads every reason.
#[must_use]
pub(crate) fn refusal_article(refusal: Refusal) -> &'static str {
    let found = RULES.refusal.iter().find(|refused| refused.reason == refusal.name());
    found.map(|refused| refused.article.as_str()).expect("a test reads every reason")
}

/// The article on breaches.
#[must_use]
pub(crate) fn breach_article() -> &'static str {
    &RULES.breach.article
}

/// So long after a breach became known people and the agency are told.
#[must_use]
pub(crate) fn breach_time() -> Duration {
    Duration::hours(RULES.breach.hours)
}

/// The hours after which somebody is reminded of a breach, in order.
#[must_use]
pub(crate) fn breach_reminders() -> &'static [i64] {
    &RULES.breach.remind_after_hours
}

/// So long before a request's deadline somebody is reminded.
#[must_use]
pub(crate) fn request_reminder() -> Duration {
    Duration::hours(RULES.request.remind_before_hours)
}

/// So long a copy can be fetched.
#[must_use]
pub(crate) fn copy_time() -> Duration {
    Duration::days(RULES.copy.days)
}

/// So long after it was closed a request is kept.
#[must_use]
pub(crate) fn request_keeping() -> Duration {
    Duration::days(RULES.keeping.request_days)
}

/// So long after it was closed a breach is kept.
#[must_use]
pub(crate) fn breach_keeping() -> Duration {
    Duration::days(RULES.keeping.breach_days)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// UU 27/2022 Pasal 30, 40 and 46: 3 × 24 hours.
    #[test]
    fn every_right_has_an_article_and_three_days_of_hours() {
        for kind in RequestKind::ALL {
            assert_eq!(right(kind).time(), Duration::hours(3 * 24), "{}", kind.name());
            assert!(right(kind).article.contains("Pasal") && !right(kind).note.is_empty());
        }
        assert_eq!(breach_time(), Duration::hours(3 * 24));
    }

    #[test]
    fn every_refusal_names_an_article() {
        assert!(Refusal::ALL.into_iter().all(|refusal| refusal_article(refusal).contains("UU ")));
    }

    #[test]
    fn reminders_of_a_breach_come_before_its_deadline_in_order() {
        let hours = breach_reminders();
        assert!(hours.is_sorted() && hours.last().is_some_and(|last| Duration::hours(*last) < breach_time()));
        assert!(request_reminder() < right(RequestKind::Access).time());
        assert!(copy_time() < request_keeping() && request_keeping() < breach_keeping());
    }

    #[test]
    fn what_is_not_sure_is_said() {
        assert_eq!(right(RequestKind::Erasure).status, Known::Uncertain);
        assert_eq!(right(RequestKind::Correction).status, Known::Verified);
    }
}
