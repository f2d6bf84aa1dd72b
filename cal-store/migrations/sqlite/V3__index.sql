-- What objects are found by besides their times: words, categories, reminders.
-- All of it is made of their bytes, and is made again where `index_basis` is not
-- that of the program.

-- An object of the index of words is known by its bytes.
CREATE INDEX objects_by_body ON objects (body_id);

-- The words of each object that is there, under the number of its bytes; each
-- has its collection before it, so that a question reads nothing of others.
CREATE VIRTUAL TABLE object_words USING fts5 (
    words, content = '', contentless_delete = 1, detail = 'none', tokenize = 'ascii'
);

CREATE TABLE object_categories (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    category      TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    PRIMARY KEY (collection_id, category, name)
) STRICT, WITHOUT ROWID;
CREATE INDEX object_categories_by_name ON object_categories (collection_id, name);

-- `kind` is the number of a ReminderKind; see src/index/reminder.rs.
CREATE TABLE reminders (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    name          TEXT    NOT NULL,
    kind          INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (collection_id, name, kind, at)
) STRICT, WITHOUT ROWID;
CREATE INDEX reminders_by_time ON reminders (kind, at, collection_id, name);

-- What the index was made with.
CREATE TABLE index_basis (
    workspace_id INTEGER PRIMARY KEY REFERENCES workspaces,
    form         INTEGER NOT NULL,
    tzdata       TEXT    NOT NULL,
    zones        TEXT    NOT NULL
) STRICT;
