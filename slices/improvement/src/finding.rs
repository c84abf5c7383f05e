//! Findings: what is to be better, where it was found, and what shows whether it became better.

use crate::state::{FindingState, names};
use organisation::{Checks, Fault};
use platform::identity::UnitId;
use rules::quantity::{Decimal, parse_decimal};
use services::ServiceId;
use time::{Date, OffsetDateTime};

platform::id! {
    /// A finding.
    pub struct FindingId;
}

/// Where a finding comes from.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SourceKind {
    /// The satisfaction survey.
    Survey,
    /// A complaint, or a pattern of them.
    Complaint,
    /// An official assessment or a rehearsal of one.
    Assessment,
    /// "Forum Konsultasi Publik".
    Forum,
    /// An inspection: Inspektorat, BPK, a visit.
    Inspection,
    /// Elsewhere.
    Other,
}

names! {
    SourceKind: Survey = "survey", Complaint = "complaint", Assessment = "assessment", Forum = "forum",
    Inspection = "inspection", Other = "other"
}

/// Where a finding comes from, so that it is raised once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// What kind of source.
    pub kind: SourceKind,
    /// Its stable name there: the identifier of a period, the number of a letter.
    pub reference: String,
    /// The part that is meant: the key of an element or indicator; empty for the whole.
    pub part: String,
    /// How people call the source: "2026 TW III".
    pub words: String,
}

/// A figure on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Figure {
    /// The value as an exact decimal: `2.870`.
    pub value: String,
    /// What a full figure would be, where there is such a thing: `4`.
    pub full: Option<String>,
    /// The last day it tells of.
    pub on: Date,
}

/// A figure measured later, with what people call that measurement.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Later {
    /// The value as an exact decimal.
    pub value: String,
    /// "2026 TW IV".
    pub words: String,
    /// The last day it tells of.
    pub on: Date,
}

/// What raises a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewFinding {
    /// The unit that is to act.
    pub unit: UnitId,
    /// The service, where it is about one.
    pub service: Option<ServiceId>,
    /// Where it comes from.
    pub source: Source,
    /// What it is about, in a few words.
    pub title: String,
    /// What was said or found; may be empty.
    pub said: String,
    /// The figure before anything was done.
    pub before: Option<Figure>,
}

/// A finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// Its identifier.
    pub id: FindingId,
    /// What it was raised with.
    pub facts: NewFinding,
    /// The same figure, measured later.
    pub after: Option<Later>,
    /// Where it stands.
    pub state: FindingState,
    /// Why it was dropped; may be empty.
    pub reason: String,
    /// What everybody reads of what was said, and of what was done; empty before it was published.
    pub public: (String, String),
    /// Grows with each change.
    pub version: i64,
    /// When it was raised.
    pub created_at: OffsetDateTime,
    /// When it was changed last.
    pub changed_at: OffsetDateTime,
    /// When it was published, while it is.
    pub published_at: Option<OffsetDateTime>,
}

/// The longest title, in letters.
pub(crate) const LONGEST_TITLE: usize = 120;
/// The longest of other texts, in letters.
pub(crate) const LONGEST_TEXT: usize = 1000;
/// The longest name of a source, in letters.
const LONGEST_REFERENCE: usize = 120;
/// So many decimals of a typed figure are kept.
const PLACES: usize = 4;

/// A finding as somebody types it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct TypedFinding {
    /// Stable name of a [`SourceKind`].
    pub source: String,
    /// What people call the source.
    pub reference: String,
    /// What it is about.
    pub title: String,
    /// What was said or found.
    pub said: String,
    /// A figure as offices write it, or nothing.
    pub figure: String,
    /// What a full figure would be, or nothing.
    pub full: String,
}

/// A typed figure as it is kept: without needless zeros; at most four decimals.
fn decimal(typed: &str) -> Option<String> {
    let value = parse_decimal(typed).ok()?;
    let exact = (0..=PLACES).map(|places| Decimal::half_up(&value, places)).find(|shown| shown.value() == value)?;
    Some(exact.to_string())
}

impl TypedFinding {
    /// What it raises in a unit, on a day. Without a reference it is a finding of its own: `id` stands in its place.
    ///
    /// # Errors
    /// Each fault, with its field.
    pub fn check(
        &self,
        unit: UnitId,
        service: Option<ServiceId>,
        today: Date,
        id: FindingId,
    ) -> Result<NewFinding, Vec<Fault>> {
        let mut checks = Checks::default();
        let title = checks.required("title", &self.title, LONGEST_TITLE, "fault.title");
        // The survey raises its findings by itself.
        let kind = SourceKind::named(&self.source).filter(|kind| *kind != SourceKind::Survey);
        checks.require(kind.is_some(), "source", "fault.source");
        let words = checks.optional("reference", &self.reference, LONGEST_REFERENCE);
        let said = checks.required("said", &self.said, LONGEST_TEXT, "fault.said");
        let value = checks.choice("figure", &self.figure, decimal, "fault.figure");
        let full = checks.choice("full", &self.full, decimal, "fault.figure");
        checks.require(full.is_none() || value.is_some() || !self.figure.trim().is_empty(), "figure", "fault.figure");
        let before = value.map(|value| Figure { value, full, on: today });
        let reference = if words.is_empty() { id.to_string() } else { words.clone() };
        let kind = kind.unwrap_or(SourceKind::Other);
        let source = Source { kind, reference, part: String::new(), words };
        checks.finish(NewFinding { unit, service, source, title, said, before })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use time::macros::{date, datetime};

    fn check(typed: &TypedFinding) -> Result<NewFinding, Vec<Fault>> {
        let now = datetime!(2026-11-21 01:00 UTC);
        typed.check(UnitId::new(now), None, date!(2026 - 11 - 21), FindingId::new(now))
    }

    fn typed() -> TypedFinding {
        TypedFinding {
            source: "complaint".into(),
            title: "Antrean pagi".into(),
            said: "Antrean melewati pintu.".into(),
            ..TypedFinding::default()
        }
    }

    #[test]
    fn a_figure_is_kept_exactly_as_a_decimal() {
        let figure = |typed_figure: &str| {
            let typed = TypedFinding { figure: typed_figure.into(), full: "4".into(), ..typed() };
            check(&typed).map(|finding| finding.before.map(|figure| figure.value))
        };
        assert_eq!(figure("2,870"), Ok(Some("2.87".into())));
        assert_eq!(figure("17"), Ok(Some("17".into())));
        assert_eq!(figure("2,12345").unwrap_err()[0].field, "figure");
        assert_eq!(figure("banyak").unwrap_err()[0].field, "figure");
        assert_eq!(figure("").unwrap_err()[0].field, "figure", "a full figure alone says nothing");
    }

    #[test]
    fn without_a_reference_it_is_a_finding_of_its_own() {
        let finding = check(&typed()).unwrap();
        assert!(finding.source.reference.len() == 36 && finding.source.words.is_empty());
    }

    #[test]
    fn findings_of_the_survey_are_not_typed() {
        let wrong = check(&TypedFinding { source: "survey".into(), said: String::new(), ..typed() }).unwrap_err();
        assert_eq!(wrong.iter().map(|fault| fault.field).collect::<Vec<_>>(), ["source", "said"]);
    }
}
