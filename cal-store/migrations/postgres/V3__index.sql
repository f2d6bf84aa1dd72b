-- What objects are found by besides their times: words, categories, reminders.
-- All of it is made of their bytes, and is made again where `index_basis` is not
-- that of the program. As with all tables below a collection, who writes here
-- holds the lock of its row.

-- Each word has its collection before it, so that a question reads nothing of
-- others. The index of words takes what is new into a list first.
CREATE TABLE object_words (
    workspace_id  bigint NOT NULL,
    collection_id bigint NOT NULL,
    name          text COLLATE "C" NOT NULL,
    words         tsvector NOT NULL,
    PRIMARY KEY (workspace_id, collection_id, name)
);
CREATE INDEX object_words_by_word ON object_words USING gin (words);

CREATE TABLE object_categories (
    workspace_id  bigint NOT NULL,
    collection_id bigint NOT NULL,
    category      text COLLATE "C" NOT NULL,
    name          text COLLATE "C" NOT NULL,
    PRIMARY KEY (workspace_id, collection_id, category, name)
);
CREATE INDEX object_categories_by_name
    ON object_categories (workspace_id, collection_id, name);

-- `kind` is the number of a ReminderKind; see src/index/reminder.rs.
CREATE TABLE reminders (
    workspace_id  bigint NOT NULL,
    collection_id bigint NOT NULL,
    name          text COLLATE "C" NOT NULL,
    kind          smallint NOT NULL,
    at            bigint NOT NULL,
    PRIMARY KEY (workspace_id, collection_id, name, kind, at)
);
CREATE INDEX reminders_by_time ON reminders (workspace_id, kind, at, collection_id, name);

-- What the index was made with.
CREATE TABLE index_basis (
    workspace_id bigint PRIMARY KEY REFERENCES workspaces,
    form         bigint NOT NULL,
    tzdata       text NOT NULL,
    zones        text NOT NULL
);
