-- When calendars take their owner's time, worked out from their objects.

-- What the times of a calendar were worked out from, and the pages of 28 days
-- (numbered from 1970) that are kept, from the first up to, and without, the
-- end. A calendar without a row keeps no times.
CREATE TABLE busy_calendars (
    collection_id INTEGER PRIMARY KEY REFERENCES collections ON DELETE CASCADE,
    digest        BLOB    NOT NULL,
    first_page    INTEGER NOT NULL,
    end_page      INTEGER NOT NULL
) STRICT;

-- A row for each page in which an object takes time. `starts` and `ends` are the
-- seconds (since 1970) around all its times there; see src/busy/times.rs.
CREATE TABLE busy_times (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    page          INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    starts        INTEGER NOT NULL,
    ends          INTEGER NOT NULL,
    times         BLOB    NOT NULL,
    PRIMARY KEY (collection_id, page, name)
) STRICT, WITHOUT ROWID;

-- Times that are held for somebody until they lapse (milliseconds since 1970).
CREATE TABLE holds (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    token         INTEGER NOT NULL,
    starts        INTEGER NOT NULL,
    ends          INTEGER NOT NULL,
    lapses        INTEGER NOT NULL,
    PRIMARY KEY (collection_id, token)
) STRICT, WITHOUT ROWID;
