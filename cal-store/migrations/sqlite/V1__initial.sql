-- The first schema. Identifiers are random and drawn by the program; keys of
-- all that grows lead with the collection, so that one calendar's rows lie
-- together and the tables can be distributed by it.

CREATE TABLE workspaces (
    workspace_id INTEGER PRIMARY KEY,
    epoch        INTEGER NOT NULL
) STRICT;

CREATE TABLE principals (
    principal_id INTEGER PRIMARY KEY,
    workspace_id INTEGER NOT NULL REFERENCES workspaces,
    name         TEXT    NOT NULL,
    kind         TEXT    NOT NULL,
    is_admin     INTEGER NOT NULL,
    display_name TEXT,
    created      INTEGER NOT NULL,
    password     TEXT,
    credential_generation INTEGER NOT NULL DEFAULT 0,
    UNIQUE (workspace_id, name)
) STRICT;

-- `folded` is the address in lower case: the form that is unique.
CREATE TABLE principal_emails (
    workspace_id INTEGER NOT NULL,
    folded       TEXT    NOT NULL,
    principal_id INTEGER NOT NULL REFERENCES principals ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    address      TEXT    NOT NULL,
    PRIMARY KEY (workspace_id, folded)
) STRICT, WITHOUT ROWID;
CREATE INDEX principal_emails_by_principal ON principal_emails (principal_id, position);

CREATE TABLE app_tokens (
    token_id     INTEGER PRIMARY KEY,
    principal_id INTEGER NOT NULL REFERENCES principals ON DELETE CASCADE,
    hash         BLOB    NOT NULL UNIQUE,
    label        TEXT    NOT NULL,
    scope        TEXT    NOT NULL,
    created      INTEGER NOT NULL,
    expires      INTEGER
) STRICT;
CREATE INDEX app_tokens_by_principal ON app_tokens (principal_id, created, token_id);

-- `sequence` counts the changes of members. `floor` is the last sequence whose
-- deletion was pruned. `parent_sequence` is the place of this collection in
-- the log of its parent. A collection in the trash has `trashed_at`, and in
-- `trash_root` the collection with which it went there.
CREATE TABLE collections (
    collection_id   INTEGER PRIMARY KEY,
    workspace_id    INTEGER NOT NULL REFERENCES workspaces,
    owner_id        INTEGER NOT NULL REFERENCES principals ON DELETE CASCADE,
    parent_id       INTEGER REFERENCES collections ON DELETE CASCADE,
    name            TEXT    NOT NULL,
    kind            TEXT    NOT NULL,
    components      TEXT,
    display_name    TEXT,
    description     TEXT,
    color           TEXT,
    sort_order      INTEGER,
    time_zone       TEXT,
    is_transparent  INTEGER NOT NULL,
    created         INTEGER NOT NULL,
    modified        INTEGER NOT NULL,
    sequence        INTEGER NOT NULL DEFAULT 0,
    floor           INTEGER NOT NULL DEFAULT 0,
    parent_sequence INTEGER,
    trashed_at      INTEGER,
    trash_root      INTEGER
) STRICT;
CREATE UNIQUE INDEX collections_by_name ON collections (parent_id, name)
    WHERE parent_id IS NOT NULL AND trashed_at IS NULL;
CREATE INDEX collections_by_sequence ON collections (parent_id, parent_sequence)
    WHERE trashed_at IS NULL;
CREATE UNIQUE INDEX homes ON collections (owner_id) WHERE parent_id IS NULL;
CREATE INDEX collections_by_parent ON collections (parent_id);
CREATE INDEX collections_by_owner ON collections (owner_id);
CREATE INDEX trash ON collections (owner_id, trashed_at) WHERE trashed_at IS NOT NULL;

-- Properties of a collection have the name '', which no object can have.
CREATE TABLE properties (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    name          TEXT    NOT NULL,
    namespace     TEXT    NOT NULL,
    local         TEXT    NOT NULL,
    value         TEXT    NOT NULL,
    PRIMARY KEY (collection_id, name, namespace, local)
) STRICT, WITHOUT ROWID;

-- Bytes exactly as received. A body never changes: a new version has a new
-- one, and the old stays with the history.
CREATE TABLE bodies (
    body_id INTEGER PRIMARY KEY,
    body    BLOB NOT NULL
) STRICT;

-- `sequence` is the last change of any kind, `version` the one that made these
-- bytes. `span_class` orders spans by length, so that a window finds those that
-- begin before it; see src/span.rs. No content type means iCalendar in UTF-8.
CREATE TABLE objects (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    name          TEXT    NOT NULL,
    etag          BLOB    NOT NULL,
    schedule_tag  BLOB,
    content_type  TEXT,
    size          INTEGER NOT NULL,
    created       INTEGER NOT NULL,
    modified      INTEGER NOT NULL,
    sequence      INTEGER NOT NULL,
    component     TEXT,
    body_id       INTEGER NOT NULL,
    version       INTEGER NOT NULL,
    via           TEXT    NOT NULL,
    principal     TEXT,
    note          TEXT,
    uid           TEXT,
    is_series     INTEGER,
    span_class    INTEGER,
    span_start    INTEGER,
    span_end      INTEGER,
    PRIMARY KEY (collection_id, name)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX objects_by_sequence ON objects (collection_id, sequence);
CREATE UNIQUE INDEX objects_by_uid ON objects (collection_id, uid) WHERE uid IS NOT NULL;
CREATE INDEX objects_by_span ON objects (collection_id, span_class, span_start, name, span_end, component)
    WHERE span_class IS NOT NULL;

-- Names that are gone, for whoever syncs. They take no part in uniqueness.
CREATE TABLE tombstones (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    name          TEXT    NOT NULL,
    sequence      INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (collection_id, name)
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX tombstones_by_sequence ON tombstones (collection_id, sequence);
CREATE INDEX tombstones_by_time ON tombstones (at);

-- Versions that have ended.
CREATE TABLE versions (
    collection_id   INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    name            TEXT    NOT NULL,
    version         INTEGER NOT NULL,
    etag            BLOB    NOT NULL,
    content_type    TEXT,
    size            INTEGER NOT NULL,
    body_id         INTEGER NOT NULL,
    made_at         INTEGER NOT NULL,
    made_via        TEXT    NOT NULL,
    made_principal  TEXT,
    made_note       TEXT,
    is_deletion     INTEGER NOT NULL,
    ended_at        INTEGER NOT NULL,
    ended_via       TEXT    NOT NULL,
    ended_principal TEXT,
    ended_note      TEXT,
    PRIMARY KEY (collection_id, name, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX versions_by_end ON versions (ended_at);
