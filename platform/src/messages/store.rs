//! The statements of messages and preferences.

use super::{
    Category, Content, Delivery, DigestDays, Message, MessageCounts, MessageId, MessageState, Preferences, Quiet,
};
use crate::database::{DatabaseError, FromRow, Read, Row, Write};
use crate::identity::{AccountId, InstitutionId};
use crate::params;
use crate::secret::Secrets;
use crate::words::tag;
use rules::phrase::Language;
use time::{OffsetDateTime, Time};

/// The columns of a message, in the order of its `FromRow`.
macro_rules! message {
    ($rest:literal) => {
        concat!(
            "SELECT id, institution_id, account_id, kind, category, language, origin, content, state, turn, tries, trouble,
            created_at, handed_at, valid_until FROM message ",
            $rest
        )
    };
}

crate::statements! {
    private;
    ADD_MESSAGE = "INSERT INTO message (id, institution_id, account_id, kind, category, channel, language, origin, content,
        state, turn, tries, created_at, due_at, valid_until)
        VALUES ($1, $2, $3, $4, $5, 'mail', $6, $7, $8, 'waiting', 0, 0, $9, $9, $10)";
    MESSAGE = message!("WHERE institution_id = $1 AND id = $2");
    // Nothing is changed when somebody else changed it meanwhile.
    MOVE_MESSAGE = "UPDATE message SET state = $4, turn = turn + 1, tries = tries + $5, due_at = $6,
        handed_at = COALESCE($7, handed_at), trouble = $8, ended_at = $9, digest_id = $10,
        content = CASE WHEN $11 THEN NULL ELSE content END
        WHERE institution_id = $1 AND id = $2 AND turn = $3";
    OPEN_MESSAGES = message!("WHERE institution_id = $1 AND state IN ('in-doubt', 'refused') ORDER BY id DESC LIMIT $2");
    // Those that nobody looks at any more: mail was set up, or the job was given up.
    OVERDUE_MESSAGES = message!("WHERE state IN ('waiting', 'handing-over') AND due_at <= $1 ORDER BY due_at, id LIMIT $2");
    OUTDATED_MESSAGES = message!("WHERE state IN ('waiting', 'collected') AND valid_until <= $1 ORDER BY id LIMIT $2");
    LONG_OPEN_MESSAGES = message!("WHERE state IN ('in-doubt', 'refused') AND ended_at <= $1 ORDER BY id LIMIT $2");
    READERS_OF_DIGESTS = "SELECT DISTINCT institution_id, account_id FROM message
        WHERE state = 'collected' AND due_at <= $1";
    COLLECTED_MESSAGES = message!("WHERE institution_id = $1 AND account_id = $2 AND state = 'collected'
        ORDER BY id LIMIT $3");
    COUNT_MESSAGES = "SELECT state, COUNT(*) FROM message WHERE institution_id = $1 GROUP BY state";
    LAST_TROUBLE = "SELECT trouble FROM message WHERE institution_id = $1 AND state IN ('waiting', 'handing-over')
        AND trouble IS NOT NULL ORDER BY due_at DESC, id DESC LIMIT 1";
    pub(super) NEXT_CONTENT = "SELECT institution_id, id, content FROM message
        WHERE content IS NOT NULL AND (id > $1 OR $1 IS NULL) ORDER BY id LIMIT $2";
    pub(super) SAVE_CONTENT = "UPDATE message SET content = $4 WHERE institution_id = $1 AND id = $2 AND content = $3";
    pub(super) HELD_CONTENT = "SELECT COUNT(*) FROM message WHERE SUBSTR(content, 1, CAST($2 AS INTEGER)) = $1";
    SWEEP_MESSAGES = "DELETE FROM message WHERE id IN (SELECT id FROM message
        WHERE state IN ('sent', 'digested', 'declined', 'expired', 'dropped') AND ended_at <= $1 ORDER BY ended_at LIMIT $2)";
    PREFERENCES = "SELECT language, work, summary, digest_days, quiet_from, quiet_until FROM message_preference
        WHERE institution_id = $1 AND account_id = $2";
    SET_PREFERENCES = "INSERT INTO message_preference (institution_id, account_id, language, work, summary, digest_days,
        quiet_from, quiet_until, changed_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)
        ON CONFLICT (institution_id, account_id) DO UPDATE SET language = $3, work = $4, summary = $5, digest_days = $6,
        quiet_from = $7, quiet_until = $8, changed_at = $9";
}

type Answer<T> = Result<T, DatabaseError>;

fn unknown(what: &str) -> DatabaseError {
    DatabaseError::Other(format!("a message has an unknown {what}").into())
}

fn language(tag: Option<&str>) -> Option<Language> {
    match tag {
        Some("id") => Some(Language::Indonesian),
        Some("en") => Some(Language::English),
        _ => None,
    }
}

impl FromRow for Message {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        Ok(Self {
            id: row.next()?,
            institution: row.next()?,
            account: row.next()?,
            kind: row.next()?,
            category: Category::named(&row.next::<String>()?).ok_or_else(|| unknown("category"))?,
            language: language(row.next::<Option<String>>()?.as_deref()),
            origin: row.next()?,
            content: row.next()?,
            state: row.next()?,
            turn: row.next()?,
            tries: u32::try_from(row.next::<i64>()?).unwrap_or(u32::MAX),
            trouble: row.next()?,
            created_at: row.next()?,
            handed_at: row.next()?,
            valid_until: row.next()?,
        })
    }
}

impl FromRow for Preferences {
    fn from_row(row: &Row<'_>) -> Answer<Self> {
        let language = language(row.next::<Option<String>>()?.as_deref());
        let way = || Delivery::named(&row.next::<String>()?).ok_or_else(|| unknown("way"));
        let (work, summary) = (way()?, way()?);
        let digest_days = DigestDays::named(&row.next::<String>()?).ok_or_else(|| unknown("rhythm"))?;
        let quiet = match (row.next::<Option<i64>>()?, row.next::<Option<i64>>()?) {
            (Some(from), Some(until)) => Some(Quiet { from: time_of(from), until: time_of(until) }),
            _ => None,
        };
        Ok(Self { language, work, summary, digest_days, quiet })
    }
}

/// The time of day so many minutes after midnight.
fn time_of(minutes: i64) -> Time {
    let part = |number: i64| u8::try_from(number).unwrap_or_default();
    Time::from_hms(part(minutes / 60), part(minutes % 60), 0).unwrap_or(Time::MIDNIGHT)
}

fn minutes_of(time: Time) -> i64 {
    i64::from(time.hour()) * 60 + i64::from(time.minute())
}

/// A message to be stored.
pub(super) struct NewRow<'m> {
    pub(super) message: &'m Message,
    pub(super) sealed: Vec<u8>,
}

pub(super) fn add(db: &mut Write<'_>, row: &NewRow<'_>) -> Answer<()> {
    let Message { id, institution, account, kind, category, language, origin, created_at, valid_until, .. } =
        row.message;
    let values = params![
        *id,
        *institution,
        *account,
        kind,
        category.name(),
        language.map(tag),
        origin,
        row.sealed.as_slice(),
        *created_at,
        *valid_until,
    ];
    db.execute(ADD_MESSAGE, values).map(drop)
}

pub(super) fn message(db: &mut Read<'_>, institution: InstitutionId, id: MessageId) -> Answer<Option<Message>> {
    db.one(MESSAGE, params![institution, id])
}

/// What becomes of a message.
#[derive(Debug, Clone)]
pub(super) struct Change {
    pub(super) to: MessageState,
    pub(super) now: OffsetDateTime,
    /// When it is looked at next; for states that go on.
    pub(super) due: OffsetDateTime,
    /// When it began to be handed over; nothing to keep what was said.
    pub(super) handed: Option<OffsetDateTime>,
    pub(super) trouble: Option<String>,
    pub(super) failed: bool,
    pub(super) digest: Option<MessageId>,
}

impl Change {
    pub(super) const fn to(to: MessageState, now: OffsetDateTime) -> Self {
        Self { to, now, due: now, handed: None, trouble: None, failed: false, digest: None }
    }
}

/// Changes a message as it was loaded; `false` when somebody else changed it since.
///
/// # Errors
/// When the database fails, or the way does not exist.
pub(super) fn change(db: &mut Write<'_>, message: &Message, change: &Change) -> Answer<bool> {
    let (from, to) = (message.state, change.to);
    if !from.may_become(to) {
        return Err(DatabaseError::Other(format!("a message cannot become {to:?} from {from:?}").into()));
    }
    let values = params![
        message.institution,
        message.id,
        message.turn,
        to.name(),
        i64::from(change.failed),
        to.is_open().then_some(change.due),
        change.handed,
        change.trouble.as_deref(),
        (!to.is_open()).then_some(change.now),
        change.digest,
        to.is_over(),
    ];
    Ok(db.execute(MOVE_MESSAGE, values)? == 1)
}

pub(super) fn open(db: &mut Read<'_>, institution: InstitutionId, most: u32) -> Answer<Vec<Message>> {
    db.all(OPEN_MESSAGES, params![institution, most])
}

pub(super) fn overdue(db: &mut Read<'_>, before: OffsetDateTime, most: u32) -> Answer<Vec<Message>> {
    db.all(OVERDUE_MESSAGES, params![before, most])
}

pub(super) fn outdated(db: &mut Read<'_>, now: OffsetDateTime, most: u32) -> Answer<Vec<Message>> {
    db.all(OUTDATED_MESSAGES, params![now, most])
}

pub(super) fn long_open(db: &mut Read<'_>, before: OffsetDateTime, most: u32) -> Answer<Vec<Message>> {
    db.all(LONG_OPEN_MESSAGES, params![before, most])
}

pub(super) fn readers_of_digests(db: &mut Read<'_>, now: OffsetDateTime) -> Answer<Vec<(InstitutionId, AccountId)>> {
    db.all(READERS_OF_DIGESTS, params![now])
}

pub(super) fn collected(
    db: &mut Read<'_>,
    institution: InstitutionId,
    account: AccountId,
    most: u32,
) -> Answer<Vec<Message>> {
    db.all(COLLECTED_MESSAGES, params![institution, account, most])
}

pub(super) fn counts(db: &mut Read<'_>, institution: InstitutionId) -> Answer<MessageCounts> {
    let rows: Vec<(MessageState, i64)> = db.all(COUNT_MESSAGES, params![institution])?;
    let of = |wanted: &[MessageState]| {
        rows.iter().filter(|(state, _)| wanted.contains(state)).map(|(_, count)| count.unsigned_abs()).sum()
    };
    Ok(MessageCounts {
        waiting: of(&[MessageState::Waiting, MessageState::HandingOver]),
        collected: of(&[MessageState::Collected]),
        in_doubt: of(&[MessageState::InDoubt]),
        refused: of(&[MessageState::Refused]),
        sent: of(&[MessageState::Sent]),
        expired: of(&[MessageState::Expired]),
    })
}

pub(super) fn last_trouble(db: &mut Read<'_>, institution: InstitutionId) -> Answer<Option<String>> {
    let found: Option<(Option<String>,)> = db.one(LAST_TROUBLE, params![institution])?;
    Ok(found.and_then(|(trouble,)| trouble))
}

pub(super) fn sweep(db: &mut Write<'_>, ended_before: OffsetDateTime, most: u32) -> Answer<u64> {
    db.execute(SWEEP_MESSAGES, params![ended_before, most])
}

pub(super) fn preferences(db: &mut Read<'_>, institution: InstitutionId, account: AccountId) -> Answer<Preferences> {
    Ok(db.one(PREFERENCES, params![institution, account])?.unwrap_or_default())
}

pub(super) fn set_preferences(
    db: &mut Write<'_>,
    institution: InstitutionId,
    account: AccountId,
    preferences: &Preferences,
    now: OffsetDateTime,
) -> Answer<()> {
    let quiet = preferences.quiet;
    let values = params![
        institution,
        account,
        preferences.language.map(tag),
        preferences.work.name(),
        preferences.summary.name(),
        preferences.digest_days.name(),
        quiet.map(|quiet| minutes_of(quiet.from)),
        quiet.map(|quiet| minutes_of(quiet.until)),
        now,
    ];
    db.execute(SET_PREFERENCES, values).map(drop)
}

/// What the content of a message is sealed for: nobody can move it to another.
pub(super) fn sealed_for(id: MessageId) -> String {
    format!("message:{id}")
}

pub(super) fn seal(secrets: &Secrets, id: MessageId, content: &Content) -> Answer<Vec<u8>> {
    let plain = serde_json::to_vec(content).map_err(|error| DatabaseError::Other(error.into()))?;
    Ok(secrets.seal(&sealed_for(id), &plain))
}

/// What a message says; nothing when it was erased, or sealed with another key.
pub(super) fn opened(secrets: &Secrets, message: &Message) -> Option<Content> {
    let plain = secrets.open(&sealed_for(message.id), message.content.as_deref()?)?;
    serde_json::from_slice(&plain).ok()
}
