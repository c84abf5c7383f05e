//! Showing a value whole: only for a reason, and never without a line in the audit log.

use crate::audit::{self, Actor, Entry, Subject};
use crate::database::{DatabaseError, Write};
use crate::identity::InstitutionId;
use serde_json::json;
use time::OffsetDateTime;

/// Why somebody looks at a value. A choice, not a text: a text would bring personal data into the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reason {
    /// To see whether the person is who they say.
    Identify,
    /// To answer or to call them.
    Contact,
    /// To do what was decided.
    CarryOut,
    /// To tell people about a breach.
    Breach,
    /// A law or a court asks for it.
    Law,
}

impl Reason {
    /// All reasons, in the order of screens.
    pub const ALL: [Self; 5] = [Self::Identify, Self::Contact, Self::CarryOut, Self::Breach, Self::Law];

    /// The stable name.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Identify => "identify",
            Self::Contact => "contact",
            Self::CarryOut => "carry-out",
            Self::Breach => "breach",
            Self::Law => "law",
        }
    }

    /// The reason of a stable name.
    #[must_use]
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|reason| reason.name() == name)
    }
}

/// The receipt of a line in the audit log: with it values show themselves. It cannot be made otherwise, and lasts as long as the
/// work it was made for.
#[derive(Debug)]
pub struct Revealed {
    _made_here: (),
}

/// Records that somebody looks at values of `what`, and why; the receipt shows them. The caller shows them only after the
/// transaction was committed: a closure that is undone gives its receipt to nobody.
///
/// # Errors
/// When the database fails.
pub fn reveal(
    db: &mut Write<'_>,
    (institution, by, at): (InstitutionId, Actor, OffsetDateTime),
    reason: Reason,
    what: Subject,
) -> Result<Revealed, DatabaseError> {
    let detail = json!({ "reason": reason.name() });
    let institution = Some(institution);
    audit::record(db, &Entry { institution, at, actor: by, act: "personal.revealed", subject: what, detail })?;
    Ok(Revealed { _made_here: () })
}
