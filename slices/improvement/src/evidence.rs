//! Files that show what was done.

use crate::measure::MeasureId;
use crate::permissions::{DO_MEASURES, READ_FINDINGS};
use crate::state::FindingState;
use crate::store;
use platform::database::{DatabaseError, Read};
use platform::files::{Holder, HolderKind, Kind, StoredFile};
use platform::identity::Person;

/// What a measure can hold: what shows that it was done.
pub static MEASURE_HOLDER: HolderKind = HolderKind {
    name: "measure",
    kinds: &Kind::ALL,
    most_bytes: 100 * 1024 * 1024,
    keeps_position: false,
    may_send: |person| person.may_somewhere(&DO_MEASURES),
    may_read,
};

/// Everybody once the finding is published; until then whoever may read it.
fn may_read(db: &mut Read<'_>, file: &StoredFile, person: Option<&Person>) -> Result<bool, DatabaseError> {
    let Some(id) = file.holder.map(MeasureId::from) else { return Ok(false) };
    let Some(measure) = store::measures::measure(db, file.institution, id)? else { return Ok(false) };
    let Some(finding) = store::finding(db, file.institution, measure.finding)? else { return Ok(false) };
    let seen = person.is_some_and(|person| person.may(&READ_FINDINGS, Some(finding.facts.unit)));
    Ok(seen || finding.state == FindingState::Published)
}

/// The measure as a holder of files.
pub(crate) fn holder(id: MeasureId) -> Holder {
    Holder { kind: &MEASURE_HOLDER, id: id.uuid() }
}
