-- What the desk keeps. Moments are UTC text that sorts; documents are messages exactly as they stood on the wire.
CREATE TABLE IF NOT EXISTS links (
    link_id TEXT PRIMARY KEY,
    peer TEXT NOT NULL,
    peer_region TEXT NOT NULL,
    requester TEXT NOT NULL,
    half TEXT NOT NULL,
    cancelled INTEGER NOT NULL CHECK (cancelled IN (0, 1)),
    drill INTEGER NOT NULL CHECK (drill IN (0, 1)),
    last_sent INTEGER NOT NULL,
    last_received INTEGER NOT NULL
) STRICT;

CREATE TABLE IF NOT EXISTS received (
    sender TEXT NOT NULL,
    message_id TEXT NOT NULL,
    link_id TEXT NOT NULL,
    seq INTEGER NOT NULL,
    digest TEXT NOT NULL,
    received_at TEXT NOT NULL,
    state TEXT NOT NULL CHECK (state IN ('stored', 'held', 'refused')),
    answered TEXT NOT NULL CHECK (answered IN ('stored', 'held')),
    document TEXT NOT NULL,
    PRIMARY KEY (sender, message_id),
    UNIQUE (link_id, sender, seq)
) STRICT;

CREATE TABLE IF NOT EXISTS sent (
    position INTEGER PRIMARY KEY AUTOINCREMENT,
    message_id TEXT NOT NULL UNIQUE,
    link_id TEXT NOT NULL REFERENCES links (link_id),
    seq INTEGER NOT NULL,
    receiver TEXT NOT NULL,
    written_at TEXT NOT NULL,
    document TEXT NOT NULL,
    state TEXT NOT NULL DEFAULT 'waiting' CHECK (state IN ('waiting', 'delivered', 'refused')),
    attempts INTEGER NOT NULL DEFAULT 0,
    due TEXT NOT NULL,
    delivered_at TEXT,
    error TEXT NOT NULL DEFAULT '',
    UNIQUE (link_id, seq)
) STRICT;
CREATE INDEX IF NOT EXISTS sent_undelivered ON sent (position) WHERE state <> 'delivered';

CREATE TABLE IF NOT EXISTS nonces (
    desk TEXT NOT NULL,
    nonce TEXT NOT NULL,
    until TEXT NOT NULL,
    PRIMARY KEY (desk, nonce)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS nonces_until ON nonces (until);

CREATE TABLE IF NOT EXISTS cursors (peer TEXT PRIMARY KEY, cursor TEXT NOT NULL) STRICT;

CREATE TABLE IF NOT EXISTS incidents (
    link_id TEXT PRIMARY KEY REFERENCES links (link_id),
    outward INTEGER NOT NULL CHECK (outward IN (0, 1)),
    urgency TEXT NOT NULL CHECK (urgency IN ('CRITICAL', 'URGENT', 'ROUTINE')),
    began_at TEXT NOT NULL,
    changed_at TEXT NOT NULL,
    reply_by TEXT,
    retain_until TEXT NOT NULL,
    handoff_id TEXT NOT NULL,
    incident_no TEXT,
    operator TEXT,
    erased INTEGER NOT NULL DEFAULT 0 CHECK (erased IN (0, 1))
) STRICT;
CREATE INDEX IF NOT EXISTS incidents_began ON incidents (began_at);

CREATE TABLE IF NOT EXISTS serials (day TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;

CREATE TABLE IF NOT EXISTS operators (
    code TEXT PRIMARY KEY,
    name TEXT NOT NULL,
    password TEXT NOT NULL,
    failures INTEGER NOT NULL DEFAULT 0,
    locked_until TEXT
) STRICT;

CREATE TABLE IF NOT EXISTS sessions (
    token_hash TEXT PRIMARY KEY,
    operator TEXT NOT NULL REFERENCES operators (code) ON DELETE CASCADE,
    form_token TEXT NOT NULL,
    expires_at TEXT NOT NULL
) STRICT;
