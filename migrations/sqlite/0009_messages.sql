-- Messages to people. `due_at` says when somebody is to look at one next. `content` holds, sealed, the address given for this
-- message and what it says; it is erased when the message is over. `turn` grows with each change: who comes late changes nothing.
CREATE TABLE message (
    id             BLOB    PRIMARY KEY CHECK (length(id) = 16),
    institution_id BLOB    NOT NULL CHECK (length(institution_id) = 16),
    account_id     BLOB    CHECK (length(account_id) = 16),
    kind           TEXT    NOT NULL CHECK (kind <> ''),
    category       TEXT    NOT NULL CHECK (category IN ('security', 'work', 'summary')),
    channel        TEXT    NOT NULL CHECK (channel IN ('mail')),
    language       TEXT    CHECK (language IN ('id', 'en')),
    origin         TEXT    NOT NULL,
    content        BLOB,
    state          TEXT    NOT NULL CHECK (state IN ('waiting', 'handing-over', 'in-doubt', 'collected', 'sent', 'digested',
                                                     'refused', 'declined', 'expired', 'dropped')),
    turn           INTEGER NOT NULL CHECK (turn >= 0),
    tries          INTEGER NOT NULL CHECK (tries >= 0),
    trouble        TEXT,
    digest_id      BLOB    CHECK (length(digest_id) = 16),
    created_at     TEXT    NOT NULL,
    due_at         TEXT,
    handed_at      TEXT,
    valid_until    TEXT,
    ended_at       TEXT,
    CHECK ((due_at IS NOT NULL) = (state IN ('waiting', 'handing-over', 'collected'))),
    CHECK ((ended_at IS NULL) = (state IN ('waiting', 'handing-over', 'collected'))),
    CHECK (content IS NULL OR state IN ('waiting', 'handing-over', 'collected', 'in-doubt', 'refused'))
) STRICT, WITHOUT ROWID;

CREATE INDEX message_by_due ON message (state, due_at) WHERE due_at IS NOT NULL;
CREATE INDEX message_open ON message (institution_id, id) WHERE state IN ('in-doubt', 'refused');
CREATE INDEX message_collected ON message (institution_id, account_id, due_at) WHERE state = 'collected';
CREATE INDEX message_by_end ON message (ended_at) WHERE ended_at IS NOT NULL;
CREATE INDEX message_by_state ON message (institution_id, state);

-- How an account wants its messages. Quiet hours are minutes after midnight, in the zone of the city.
CREATE TABLE message_preference (
    institution_id BLOB    NOT NULL CHECK (length(institution_id) = 16),
    account_id     BLOB    NOT NULL CHECK (length(account_id) = 16),
    language       TEXT    CHECK (language IN ('id', 'en')),
    work           TEXT    NOT NULL CHECK (work IN ('at-once', 'daily', 'never')),
    summary        TEXT    NOT NULL CHECK (summary IN ('at-once', 'daily', 'never')),
    digest_days    TEXT    NOT NULL CHECK (digest_days IN ('daily', 'working-days')),
    quiet_from     INTEGER CHECK (quiet_from BETWEEN 0 AND 1439),
    quiet_until    INTEGER CHECK (quiet_until BETWEEN 0 AND 1439),
    changed_at     TEXT    NOT NULL,
    PRIMARY KEY (institution_id, account_id),
    CHECK ((quiet_from IS NULL) = (quiet_until IS NULL))
) STRICT, WITHOUT ROWID;
