//! A table between its preview and the decision about it.

use super::table::Table;
use crate::store::{self, DraftId, DraftOf};
use platform::database::{DatabaseError, Read, Write};
use time::{Duration, OffsetDateTime};

/// How long a table waits for a decision.
const WAITS: Duration = Duration::hours(2);

/// Keeps a table for two hours, in place of an older one of the same account and purpose.
///
/// # Errors
/// When the database refuses.
pub fn keep_draft(
    db: &mut Write<'_>,
    of: DraftOf,
    table: &Table,
    now: OffsetDateTime,
) -> Result<DraftId, DatabaseError> {
    let content = serde_json::to_string(table).map_err(|error| DatabaseError::Other(Box::new(error)))?;
    store::add_draft(db, of, &content, now, now + WAITS)
}

/// The table of a draft; nothing when it has ended, or belongs to somebody else.
///
/// # Errors
/// When the database cannot be read.
pub fn load_draft(
    db: &mut Read<'_>,
    of: DraftOf,
    id: DraftId,
    now: OffsetDateTime,
) -> Result<Option<Table>, DatabaseError> {
    let content = store::draft(db, of, id, now)?;
    let read = |text: String| serde_json::from_str(&text).map_err(|error| DatabaseError::Other(Box::new(error)));
    content.map(read).transpose()
}

/// Forgets a draft: it was stored, or nobody wants it.
///
/// # Errors
/// When the database refuses.
pub fn drop_draft(db: &mut Write<'_>, of: DraftOf, id: DraftId) -> Result<(), DatabaseError> {
    store::drop_draft(db, of, id)
}
