//! Measures.

use super::{Answer, unknown};
use crate::finding::FindingId;
use crate::measure::{Measure, MeasureId, Owner, Plan, Proof, Told};
use crate::state::MeasureState;
use platform::database::{FromRow, Read, Row, Write};
use platform::identity::{AccountId, InstitutionId, Role};
use platform::{params, statements};
use time::Date;

/// The columns of a measure, in the order of its `FromRow`.
macro_rules! measure {
    ($rest:literal) => {
        concat!(
            "SELECT id, finding_id, number, what, owner_account, owner_role, working_days, planned_on, due_on, state, done_words,
                proof_url, done_by, done_on, verified_by, verified_on, reason, told, version, created_at, changed_at
                FROM improvement_measure ",
            $rest
        )
    };
}

statements! {
    MEASURE = measure!("WHERE institution_id = $1 AND id = $2");
    MEASURES_OF_FINDING = measure!("WHERE institution_id = $1 AND finding_id = $2 ORDER BY number");
    MEASURES = measure!("WHERE institution_id = $1 ORDER BY finding_id, number LIMIT 20000");
    /// Those whose owner still has something to do, told of so far, due until a day.
    MEASURES_TO_TELL = measure!("WHERE institution_id = $1 AND state IN ('planned', 'under-way') AND told = $2 AND due_on <= $3
        ORDER BY due_on, id LIMIT $4");
    ADD_MEASURE = "INSERT INTO improvement_measure (id, institution_id, finding_id, number, what, owner_account, owner_role,
            working_days, planned_on, due_on, state, done_words, proof_url, reason, told, version, created_at, changed_at)
        VALUES ($2, $1, $3, $4, $5, $6, $7, $8, $9, $10, 'planned', '', '', '', 'nobody', 1, $11, $11)";
    SAVE_MEASURE = "UPDATE improvement_measure SET state = $4, done_words = $5, proof_url = $6, done_by = $7, done_on = $8,
            verified_by = $9, verified_on = $10, reason = $11, told = $12, changed_at = $13, version = version + 1
        WHERE institution_id = $1 AND id = $2 AND version = $3";
}

impl FromRow for Measure {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let (id, finding, number, what) = (row.next()?, row.next()?, row.next()?, row.next()?);
        let (account, role) = (row.next::<Option<AccountId>>()?, row.next::<Option<String>>()?);
        let role = || role.as_deref().and_then(Role::named).map(Owner::Role);
        let owner = account.map(Owner::Account).or_else(role).ok_or_else(|| unknown("owner of a measure"))?;
        let working_days = u32::try_from(row.next::<i64>()?).map_err(|_| unknown("time of a measure"))?;
        let (planned_on, due_on) = (row.next()?, row.next()?);
        let state = MeasureState::named(&row.next::<String>()?).ok_or_else(|| unknown("state of a measure"))?;
        Ok(Self {
            id,
            finding,
            number,
            plan: Plan { what, owner, working_days },
            planned_on,
            due_on,
            state,
            proof: Proof { words: row.next()?, url: row.next()?, by: row.next()?, on: row.next()? },
            verified: (row.next()?, row.next()?),
            reason: row.next()?,
            told: Told::named(&row.next::<String>()?).ok_or_else(|| unknown("whom a measure was told"))?,
            version: row.next()?,
            created_at: row.next()?,
            changed_at: row.next()?,
        })
    }
}

/// A measure.
pub(crate) fn measure(db: &mut Read<'_>, institution: InstitutionId, id: MeasureId) -> Answer<Option<Measure>> {
    db.one(MEASURE, params![institution, id])
}

/// The measures of a finding, in the order they were planned.
pub(crate) fn of_finding(db: &mut Read<'_>, institution: InstitutionId, finding: FindingId) -> Answer<Vec<Measure>> {
    db.all(MEASURES_OF_FINDING, params![institution, finding])
}

/// All measures, those of a finding together.
pub(crate) fn all(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Vec<Measure>> {
    db.all(MEASURES, params![institution])
}

/// At most so many measures of whose deadline, until a day, only `told` were told so far.
pub(crate) fn to_tell(
    db: &mut Read<'_>,
    institution: InstitutionId,
    (told, until): (Told, Date),
    most: u32,
) -> Answer<Vec<Measure>> {
    db.all(MEASURES_TO_TELL, params![institution, told.name(), until, most])
}

/// Keeps a measure that was planned.
pub(crate) fn add(db: &mut Write<'_>, institution: InstitutionId, measure: &Measure) -> Answer<()> {
    let (account, role) = match measure.plan.owner {
        Owner::Account(account) => (Some(account), None),
        Owner::Role(role) => (None, Some(role.name())),
    };
    let values = params![
        institution,
        measure.id,
        measure.finding,
        measure.number,
        &measure.plan.what,
        account,
        role,
        measure.plan.working_days,
        measure.planned_on,
        measure.due_on,
        measure.created_at,
    ];
    db.execute(ADD_MEASURE, values).map(drop)
}

/// Saves where a measure stands, unless somebody changed it since; says whether it was saved.
pub(crate) fn save(db: &mut Write<'_>, institution: InstitutionId, measure: &Measure) -> Answer<bool> {
    let values = params![
        institution,
        measure.id,
        measure.version,
        measure.state.name(),
        &measure.proof.words,
        &measure.proof.url,
        measure.proof.by,
        measure.proof.on,
        measure.verified.0,
        measure.verified.1,
        &measure.reason,
        measure.told.name(),
        measure.changed_at,
    ];
    Ok(db.execute(SAVE_MEASURE, values)? == 1)
}
