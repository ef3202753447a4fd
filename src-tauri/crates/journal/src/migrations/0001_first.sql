-- Calls that were open when last heard of. One row a call, replaced with each change.
CREATE TABLE open_call (
    id          TEXT PRIMARY KEY NOT NULL,
    line        TEXT NOT NULL,
    call        TEXT NOT NULL
) STRICT;

-- Every call once, when it has ended.
CREATE TABLE history (
    id          TEXT PRIMARY KEY NOT NULL,
    line        TEXT NOT NULL,
    correlation TEXT NOT NULL,
    direction   TEXT NOT NULL,
    reason      TEXT NOT NULL,
    number      TEXT,
    queue       TEXT,
    started_at  INTEGER NOT NULL,
    answered_at INTEGER,
    ended_at    INTEGER NOT NULL,
    parties     TEXT NOT NULL
) STRICT;
CREATE INDEX history_by_start ON history (started_at);
CREATE INDEX history_by_number ON history (number, started_at) WHERE number IS NOT NULL;

-- Which record the agent opened last for a number that several records have.
CREATE TABLE choice (
    number      TEXT PRIMARY KEY NOT NULL,
    integration TEXT NOT NULL,
    module      TEXT NOT NULL,
    record      TEXT NOT NULL,
    chosen_at   INTEGER NOT NULL
) STRICT;

-- What reading and writing cost at a CRM, by the hour.
CREATE TABLE credit (
    integration TEXT NOT NULL,
    hour        INTEGER NOT NULL,
    calls       INTEGER NOT NULL,
    credits     INTEGER NOT NULL,
    PRIMARY KEY (integration, hour)
) STRICT, WITHOUT ROWID;
