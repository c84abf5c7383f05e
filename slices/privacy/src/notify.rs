//! The seam to messages: what people are to be told of is said here, in the transaction it follows from.
//!
//! Nothing is sent yet. Whoever brings messages puts their `send` into [`notify`]: recipients are the people who hold the role of
//! data protection officer, and for [`Notice::RequestMoved`] the address in the request, sealed. A notice names things by
//! identifier and holds no personal data.

use crate::breach::BreachId;
use crate::request::RequestId;
use platform::database::{DatabaseError, Write};
use platform::identity::InstitutionId;
use time::OffsetDateTime;

/// What somebody is to be told of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Notice {
    /// A request came in: the officer.
    RequestReceived(RequestId),
    /// A request took a step: the person who asked.
    RequestMoved(RequestId),
    /// A deadline is near or over: the officer.
    RequestDue(RequestId),
    /// A breach was recorded: the officer and the system admins.
    BreachRecorded(BreachId),
    /// So many hours of a breach have passed: the officer and the system admins.
    BreachRuns(BreachId, i64),
}

/// Tells somebody of something, in the caller's transaction.
///
/// # Errors
/// When the database fails.
#[expect(clippy::unnecessary_wraps, reason = "messages are enqueued in the database, which may fail")]
pub(crate) fn notify(
    _db: &mut Write<'_>,
    _institution: InstitutionId,
    _notice: Notice,
    _at: OffsetDateTime,
) -> Result<(), DatabaseError> {
    Ok(())
}
