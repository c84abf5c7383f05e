-- People: their accounts, roles, open sessions, links that let them in, and what slows down whoever guesses.

CREATE TABLE account (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL REFERENCES institution (id),
    -- As it was typed; compared by email_key, which has small letters only.
    email TEXT NOT NULL CHECK (email <> ''),
    email_key TEXT NOT NULL CHECK (email_key <> ''),
    name TEXT NOT NULL CHECK (name <> ''),
    state TEXT NOT NULL CHECK (state IN ('invited', 'active', 'suspended', 'closed')),
    -- A PHC string; none until the invitation is accepted.
    password TEXT,
    -- Sealed with the installation's key; none without a second factor.
    totp_secret BYTEA,
    -- The last step of the clock whose code was taken: each code is taken once.
    totp_step BIGINT NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    changed_at TIMESTAMPTZ NOT NULL,
    UNIQUE (institution_id, id),
    UNIQUE (institution_id, email_key),
    CHECK (state NOT IN ('active', 'suspended') OR password IS NOT NULL)
);

CREATE INDEX account_by_name ON account (institution_id, name, id);

CREATE TABLE recovery_code (
    institution_id UUID NOT NULL,
    account_id UUID NOT NULL,
    code_hash BYTEA NOT NULL CHECK (length(code_hash) = 32),
    used_at TIMESTAMPTZ,
    PRIMARY KEY (institution_id, account_id, code_hash),
    FOREIGN KEY (institution_id, account_id) REFERENCES account (institution_id, id)
);

CREATE TABLE role_grant (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL,
    account_id UUID NOT NULL,
    role TEXT NOT NULL CHECK (role <> ''),
    -- None for the whole institution; else the unit with all below it.
    unit_id UUID,
    from_at TIMESTAMPTZ NOT NULL,
    -- From this moment it holds no more; none while no end is known.
    until_at TIMESTAMPTZ,
    granted_at TIMESTAMPTZ NOT NULL,
    FOREIGN KEY (institution_id, account_id) REFERENCES account (institution_id, id),
    FOREIGN KEY (institution_id, unit_id) REFERENCES unit (institution_id, id)
);

CREATE INDEX role_grant_by_account ON role_grant (institution_id, account_id);
CREATE INDEX role_grant_by_role ON role_grant (institution_id, role);
CREATE INDEX role_grant_by_unit ON role_grant (institution_id, unit_id);

CREATE TABLE session (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL,
    account_id UUID NOT NULL,
    token_hash BYTEA NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    -- The family of the browser ("Firefox, Android"), never its full signature.
    browser TEXT NOT NULL,
    second_factor BOOLEAN NOT NULL,
    proved_at TIMESTAMPTZ NOT NULL,
    created_at TIMESTAMPTZ NOT NULL,
    seen_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    FOREIGN KEY (institution_id, account_id) REFERENCES account (institution_id, id)
);

CREATE INDEX session_by_account ON session (institution_id, account_id);
CREATE INDEX session_by_end ON session (institution_id, expires_at);

-- A link somebody hands over: an invitation, a new password, a new second factor. Only its hash is kept.
CREATE TABLE access_link (
    id UUID PRIMARY KEY,
    institution_id UUID NOT NULL,
    account_id UUID NOT NULL,
    purpose TEXT NOT NULL CHECK (purpose IN ('invitation', 'password', 'second-factor')),
    token_hash BYTEA NOT NULL UNIQUE CHECK (length(token_hash) = 32),
    created_at TIMESTAMPTZ NOT NULL,
    expires_at TIMESTAMPTZ NOT NULL,
    used_at TIMESTAMPTZ,
    revoked_at TIMESTAMPTZ,
    FOREIGN KEY (institution_id, account_id) REFERENCES account (institution_id, id)
);

CREATE INDEX access_link_by_account ON access_link (institution_id, account_id);

-- Failed attempts. What they are counted for is a fingerprint only: no address of a network, no e-mail.
CREATE TABLE attempt (
    institution_id UUID NOT NULL REFERENCES institution (id),
    counted BYTEA NOT NULL CHECK (length(counted) = 32),
    failures BIGINT NOT NULL CHECK (failures >= 0),
    last_at TIMESTAMPTZ NOT NULL,
    PRIMARY KEY (institution_id, counted)
);

CREATE INDEX attempt_by_time ON attempt (institution_id, last_at);
