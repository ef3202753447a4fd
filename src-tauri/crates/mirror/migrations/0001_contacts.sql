-- The first mirror: what was read of each module, the contacts, the keys of their numbers, and the
-- words they are found by. Everything here can be read again from the CRM.

CREATE TABLE setting (
    name  TEXT PRIMARY KEY,
    value TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE module (
    id         INTEGER PRIMARY KEY,
    name       TEXT NOT NULL UNIQUE,
    filling    INTEGER NOT NULL DEFAULT 0,  -- 1 between begin and finish of a generation
    generation INTEGER NOT NULL DEFAULT 0,
    page_token TEXT,
    read       INTEGER NOT NULL DEFAULT 0,  -- records read in this generation
    cursor     TEXT,
    synced_at  INTEGER,                     -- when it last agreed with the CRM; NULL: never yet
    records    INTEGER NOT NULL DEFAULT 0   -- kept here because counting a large table is slow
);

CREATE TABLE contact (
    id               INTEGER PRIMARY KEY,
    module           INTEGER NOT NULL REFERENCES module (id),
    record_id        TEXT NOT NULL,
    generation       INTEGER NOT NULL,
    name             TEXT NOT NULL,
    company          TEXT,
    account_module   TEXT,
    account_id       TEXT,
    converted_module TEXT,
    converted_id     TEXT,
    numbers          TEXT NOT NULL,         -- JSON: they are always read together
    email            TEXT,
    city             TEXT,
    country          TEXT,
    owner_id         TEXT,
    owner_name       TEXT,
    owner_email      TEXT,
    opt_out_email    INTEGER NOT NULL,
    opt_out_call     INTEGER NOT NULL,
    note             TEXT,
    modified_at      INTEGER,
    UNIQUE (module, record_id)
);

CREATE INDEX contact_of_account ON contact (account_id) WHERE account_id IS NOT NULL;

-- One row for each key of each number. The whole key is in the primary key, so that a lookup reads
-- one leaf. Stems lie apart from the many exact numbers: there are few of them, and a number that
-- is not known asks for five.
CREATE TABLE number_key (
    basis   INTEGER NOT NULL,               -- 0 exact, 1 stem
    number  TEXT NOT NULL,
    contact INTEGER NOT NULL,
    kind    TEXT NOT NULL,
    PRIMARY KEY (basis, number, contact)
) WITHOUT ROWID;

CREATE INDEX number_key_of_contact ON number_key (contact);

-- Folded words and parts of numbers. Only the index is kept: the contact itself stands above.
CREATE VIRTUAL TABLE search USING fts5 (
    words,
    content = '', contentless_delete = 1, detail = none, prefix = '1 2 3',
    tokenize = 'ascii'
);

-- A leaf of the index fits into one encrypted page; the usual size would take two.
INSERT INTO search (search, rank) VALUES ('pgsz', 3900);
