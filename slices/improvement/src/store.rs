//! Findings and what happened to them.

pub(crate) mod measures;

use crate::finding::{Figure, Finding, FindingId, Later, NewFinding, Source, SourceKind};
use crate::measure::MeasureId;
use crate::state::FindingState;
use platform::database::{DatabaseError, FromRow, Read, Row, Sql, Write};
use platform::identity::{AccountId, InstitutionId, UnitId};
use platform::{params, statements};
use time::{Date, OffsetDateTime};

/// The columns of a finding, in the order of its `FromRow`.
macro_rules! finding {
    ($rest:literal) => {
        concat!(
            "SELECT id, unit_id, service_id, source, reference, part, source_words, title, said, before_value, before_full, before_on,
                after_value, after_words, after_on, state, reason, public_said, public_done, version, created_at, changed_at,
                published_at FROM improvement_finding ",
            $rest
        )
    };
}

statements! {
    FINDING = finding!("WHERE institution_id = $1 AND id = $2");
    FINDING_OF_PART = finding!("WHERE institution_id = $1 AND source = $2 AND reference = $3 AND part = $4");
    FINDINGS_OF_SOURCE = finding!("WHERE institution_id = $1 AND source = $2 AND reference = $3 ORDER BY created_at, part, id");
    FINDINGS = finding!("WHERE institution_id = $1 AND (unit_id = $2 OR $2 IS NULL) ORDER BY created_at DESC, id DESC LIMIT 5000");
    PUBLISHED_FINDINGS = finding!("WHERE institution_id = $1 AND state = 'published' AND (unit_id = $2 OR $2 IS NULL)
        ORDER BY published_at DESC, id DESC LIMIT $3 OFFSET $4");
    COUNT_PUBLISHED_FINDINGS = "SELECT COUNT(*) FROM improvement_finding
        WHERE institution_id = $1 AND state = 'published' AND (unit_id = $2 OR $2 IS NULL)";
    ADD_FINDING = "INSERT INTO improvement_finding (id, institution_id, unit_id, service_id, source, reference, part, source_words,
            title, said, before_value, before_full, before_on, after_words, state, reason, public_said, public_done, version,
            created_at, changed_at)
        VALUES ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, '', 'open', '', '', '', 1, $14, $14)";
    SAVE_FINDING = "UPDATE improvement_finding SET state = $4, reason = $5, public_said = $6, public_done = $7, published_at = $8,
            changed_at = $9, version = version + 1
        WHERE institution_id = $1 AND id = $2 AND version = $3";
    /// A figure measured later; never one of an earlier day than what is there.
    NOTE_LATER = "UPDATE improvement_finding SET after_value = $5, after_words = $6, after_on = $7
        WHERE institution_id = $1 AND unit_id = $2 AND source = $3 AND part = $4 AND before_on < $7
            AND (after_on IS NULL OR after_on <= $7)";
    CORRECT_BEFORE = "UPDATE improvement_finding SET before_value = $5
        WHERE institution_id = $1 AND source = $2 AND reference = $3 AND part = $4 AND before_value <> $5";
    LAST_EVENT = "SELECT MAX(number) FROM improvement_event WHERE institution_id = $1 AND finding_id = $2";
    ADD_EVENT = "INSERT INTO improvement_event (institution_id, finding_id, number, measure_id, act, words, account_id, at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
    EVENTS = "SELECT number, measure_id, act, words, account_id, at FROM improvement_event
        WHERE institution_id = $1 AND finding_id = $2 ORDER BY number DESC";
}

/// Every statement.
pub(crate) const ALL: &[&[Sql]] = &[STATEMENTS, measures::STATEMENTS];

type Answer<T> = Result<T, DatabaseError>;

/// A stored value that the program does not know: the database was changed by other means.
fn unknown(what: &'static str) -> DatabaseError {
    DatabaseError::Other(format!("{what} is unknown").into())
}

impl FromRow for Finding {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, unit, service) = (row.next()?, row.next()?, row.next()?);
        let kind = SourceKind::named(&row.next::<String>()?).ok_or_else(|| unknown("source of a finding"))?;
        let source = Source { kind, reference: row.next()?, part: row.next()?, words: row.next()? };
        let (title, said) = (row.next()?, row.next()?);
        let (value, full, on) = (row.next::<Option<String>>()?, row.next()?, row.next::<Option<Date>>()?);
        let before = value.zip(on).map(|(value, on)| Figure { value, full, on });
        let (value, words, on) = (row.next::<Option<String>>()?, row.next()?, row.next::<Option<Date>>()?);
        Ok(Self {
            id,
            facts: NewFinding { unit, service, source, title, said, before },
            after: value.zip(on).map(|(value, on)| Later { value, words, on }),
            state: FindingState::named(&row.next::<String>()?).ok_or_else(|| unknown("state of a finding"))?,
            reason: row.next()?,
            public: (row.next()?, row.next()?),
            version: row.next()?,
            created_at: row.next()?,
            changed_at: row.next()?,
            published_at: row.next()?,
        })
    }
}

/// A finding.
pub(crate) fn finding(db: &mut Read<'_>, institution: InstitutionId, id: FindingId) -> Answer<Option<Finding>> {
    db.one(FINDING, params![institution, id])
}

/// The finding that a source raised of one of its parts.
pub(crate) fn of_part(db: &mut Read<'_>, institution: InstitutionId, source: &Source) -> Answer<Option<Finding>> {
    db.one(FINDING_OF_PART, params![institution, source.kind.name(), &source.reference, &source.part])
}

/// The findings that a source raised.
pub(crate) fn of_source(
    db: &mut Read<'_>,
    institution: InstitutionId,
    (kind, reference): (SourceKind, &str),
) -> Answer<Vec<Finding>> {
    db.all(FINDINGS_OF_SOURCE, params![institution, kind.name(), reference])
}

/// The findings of a unit, or of all, the newest first.
pub(crate) fn findings(db: &mut Read<'_>, institution: InstitutionId, unit: Option<UnitId>) -> Answer<Vec<Finding>> {
    db.all(FINDINGS, params![institution, unit])
}

/// So many of what everybody reads, of a unit or of all, after so many others; the newest first.
pub(crate) fn published(
    db: &mut Read<'_>,
    institution: InstitutionId,
    unit: Option<UnitId>,
    (most, after): (i64, i64),
) -> Answer<Vec<Finding>> {
    db.all(PUBLISHED_FINDINGS, params![institution, unit, most, after])
}

/// How many findings everybody reads, of a unit or of all.
pub(crate) fn count_published(db: &mut Read<'_>, institution: InstitutionId, unit: Option<UnitId>) -> Answer<u64> {
    let counted: Option<(i64,)> = db.one(COUNT_PUBLISHED_FINDINGS, params![institution, unit])?;
    Ok(counted.and_then(|(count,)| u64::try_from(count).ok()).unwrap_or(0))
}

/// Keeps a finding that was raised.
pub(crate) fn add(
    db: &mut Write<'_>,
    institution: InstitutionId,
    id: FindingId,
    new: &NewFinding,
    now: OffsetDateTime,
) -> Answer<()> {
    let (source, before) = (&new.source, new.before.as_ref());
    let values = params![
        institution,
        id,
        new.unit,
        new.service,
        source.kind.name(),
        &source.reference,
        &source.part,
        &source.words,
        &new.title,
        &new.said,
        before.map(|figure| figure.value.clone()),
        before.and_then(|figure| figure.full.clone()),
        before.map(|figure| figure.on),
        now,
    ];
    db.execute(ADD_FINDING, values).map(drop)
}

/// Saves where a finding stands, unless somebody changed it since; says whether it was saved.
pub(crate) fn save(db: &mut Write<'_>, institution: InstitutionId, finding: &Finding) -> Answer<bool> {
    let values = params![
        institution,
        finding.id,
        finding.version,
        finding.state.name(),
        &finding.reason,
        &finding.public.0,
        &finding.public.1,
        finding.published_at,
        finding.changed_at,
    ];
    Ok(db.execute(SAVE_FINDING, values)? == 1)
}

/// Notes a later figure with the findings of a unit that a kind of source raised of a part; says with how many.
pub(crate) fn note_later(
    db: &mut Write<'_>,
    institution: InstitutionId,
    (unit, kind, part): (UnitId, SourceKind, &str),
    later: &Later,
) -> Answer<u64> {
    db.execute(NOTE_LATER, params![institution, unit, kind.name(), part, &later.value, &later.words, later.on])
}

/// Corrects the figure with which a source raised a part; says whether it was another.
pub(crate) fn correct_before(
    db: &mut Write<'_>,
    institution: InstitutionId,
    (kind, reference): (SourceKind, &str),
    (part, value): (&str, &str),
) -> Answer<bool> {
    Ok(db.execute(CORRECT_BEFORE, params![institution, kind.name(), reference, part, value])? > 0)
}

/// One thing that happened to a finding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Event {
    pub(crate) measure: Option<MeasureId>,
    pub(crate) act: String,
    pub(crate) words: String,
    pub(crate) account: Option<AccountId>,
    pub(crate) at: OffsetDateTime,
}

impl FromRow for Event {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let _number: i64 = row.next()?;
        Ok(Self { measure: row.next()?, act: row.next()?, words: row.next()?, account: row.next()?, at: row.next()? })
    }
}

/// Notes what happened to a finding.
pub(crate) fn add_event(
    db: &mut Write<'_>,
    institution: InstitutionId,
    finding: FindingId,
    event: &Event,
) -> Answer<()> {
    let last: Option<(Option<i64>,)> = db.one(LAST_EVENT, params![institution, finding])?;
    let number = last.and_then(|(last,)| last).unwrap_or(0) + 1;
    let Event { measure, act, words, account, at } = event;
    db.execute(ADD_EVENT, params![institution, finding, number, *measure, act, words, *account, *at]).map(drop)
}

/// What happened to a finding, the last first.
pub(crate) fn events(db: &mut Read<'_>, institution: InstitutionId, finding: FindingId) -> Answer<Vec<Event>> {
    db.all(EVENTS, params![institution, finding])
}
