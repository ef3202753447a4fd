-- What the agent wrote about a call, while it ran or after. It goes with the call's history.
CREATE TABLE note (
    call       TEXT PRIMARY KEY NOT NULL,
    text       TEXT NOT NULL,
    changed_at INTEGER NOT NULL
) STRICT;
