PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE refinery_schema_history(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));
INSERT INTO refinery_schema_history VALUES(1,'initial','2026-11-21T16:15:20.373097431Z','8669686148594543071');
CREATE TABLE workspaces (
    workspace_id INTEGER PRIMARY KEY,
    epoch        INTEGER NOT NULL
) STRICT;
INSERT INTO workspaces VALUES(1,3845379569273477991);
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
INSERT INTO principals VALUES(1218785223080931804,1,'ada','individual',0,NULL,1790000000000,'$argon2id$x',1);
CREATE TABLE principal_emails (
    workspace_id INTEGER NOT NULL,
    folded       TEXT    NOT NULL,
    principal_id INTEGER NOT NULL REFERENCES principals ON DELETE CASCADE,
    position     INTEGER NOT NULL,
    address      TEXT    NOT NULL,
    PRIMARY KEY (workspace_id, folded)
) STRICT, WITHOUT ROWID;
CREATE TABLE app_tokens (
    token_id     INTEGER PRIMARY KEY,
    principal_id INTEGER NOT NULL REFERENCES principals ON DELETE CASCADE,
    hash         BLOB    NOT NULL UNIQUE,
    label        TEXT    NOT NULL,
    scope        TEXT    NOT NULL,
    created      INTEGER NOT NULL,
    expires      INTEGER
) STRICT;
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
INSERT INTO collections VALUES(2032551066137191844,1,1218785223080931804,4535918350395632394,'tasks','calendar','VTODO','Tasks',NULL,NULL,NULL,NULL,0,1790000000000,1790000000000,0,0,2,NULL,NULL);
INSERT INTO collections VALUES(2312059748447531069,1,1218785223080931804,4535918350395632394,'calendar','calendar','VEVENT','Calendar',NULL,'#112233',NULL,NULL,0,1790000000000,1790000095000,7,0,5,NULL,NULL);
INSERT INTO collections VALUES(4535918350395632394,1,1218785223080931804,NULL,'10e9feb3f73bf1dc','home',NULL,NULL,NULL,NULL,NULL,NULL,0,1790000000000,1790000095000,5,0,NULL,NULL,NULL);
INSERT INTO collections VALUES(4555775322839540193,1,1218785223080931804,4535918350395632394,'old','calendar','VEVENT','Old plans',NULL,NULL,NULL,NULL,0,1790000080000,1790000081000,1,0,3,1790000090000,4555775322839540193);
CREATE TABLE properties (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    name          TEXT    NOT NULL,
    namespace     TEXT    NOT NULL,
    local         TEXT    NOT NULL,
    value         TEXT    NOT NULL,
    PRIMARY KEY (collection_id, name, namespace, local)
) STRICT, WITHOUT ROWID;
INSERT INTO properties VALUES(2312059748447531069,'','urn:example','mark','<x/>');
CREATE TABLE bodies (
    body_id INTEGER PRIMARY KEY,
    body    BLOB NOT NULL
) STRICT;
INSERT INTO bodies VALUES(1,X'424547494e3a5643414c454e4441520d0a56455253494f4e3a322e300d0a50524f4449443a2d2f2f4578616d706c652f2f454e0d0a424547494e3a564556454e540d0a5549443a6c756e63680d0a44545354414d503a3230323630393031543038303030305a0d0a445453544152543a3230323630393231543132303030305a0d0a53554d4d4152593a4c756e63680d0a454e443a564556454e540d0a454e443a5643414c454e4441520d0a');
INSERT INTO bodies VALUES(2,X'424547494e3a5643414c454e4441520d0a56455253494f4e3a322e300d0a50524f4449443a2d2f2f4578616d706c652f2f454e0d0a424547494e3a564556454e540d0a5549443a6c756e63680d0a44545354414d503a3230323630393031543038303030305a0d0a445453544152543a3230323630393231543132303030305a0d0a53554d4d4152593a4c617465206c756e63680d0a454e443a564556454e540d0a454e443a5643414c454e4441520d0a');
INSERT INTO bodies VALUES(3,X'424547494e3a5643414c454e4441520d0a56455253494f4e3a322e300d0a50524f4449443a2d2f2f4578616d706c652f2f454e0d0a424547494e3a564556454e540d0a5549443a676f6e650d0a44545354414d503a3230323630393031543038303030305a0d0a445453544152543a3230323630393231543132303030305a0d0a53554d4d4152593a476f6e650d0a454e443a564556454e540d0a454e443a5643414c454e4441520d0a');
INSERT INTO bodies VALUES(4,X'424547494e3a5643414c454e4441520d0a56455253494f4e3a322e300d0a50524f4449443a2d2f2f4578616d706c652f2f454e0d0a424547494e3a564556454e540d0a5549443a616761696e0d0a44545354414d503a3230323630393031543038303030305a0d0a445453544152543a3230323630393231543132303030305a0d0a53554d4d4152593a46697273740d0a454e443a564556454e540d0a454e443a5643414c454e4441520d0a');
INSERT INTO bodies VALUES(5,X'424547494e3a5643414c454e4441520d0a56455253494f4e3a322e300d0a50524f4449443a2d2f2f4578616d706c652f2f454e0d0a424547494e3a564556454e540d0a5549443a616761696e0d0a44545354414d503a3230323630393031543038303030305a0d0a445453544152543a3230323630393231543132303030305a0d0a53554d4d4152593a5365636f6e640d0a454e443a564556454e540d0a454e443a5643414c454e4441520d0a');
INSERT INTO bodies VALUES(6,X'424547494e3a5643414c454e4441520d0a56455253494f4e3a322e300d0a50524f4449443a2d2f2f4578616d706c652f2f454e0d0a424547494e3a564556454e540d0a5549443a706c616e0d0a44545354414d503a3230323630393031543038303030305a0d0a445453544152543a3230323630393231543132303030305a0d0a53554d4d4152593a506c616e0d0a454e443a564556454e540d0a454e443a5643414c454e4441520d0a');
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
INSERT INTO objects VALUES(2312059748447531069,'again.ics',X'0edb7659c83d161bf8a2e652bd8fa766',NULL,NULL,173,1790000070000,1790000070000,7,'VEVENT',5,7,'dav','ada',NULL,'again',0,0,1789992000000,1789992000000);
INSERT INTO objects VALUES(2312059748447531069,'lunch.ics',X'38b93bd13e03170a930a5ac28d535d38',NULL,NULL,177,1790000010000,1790000020000,2,'VEVENT',2,2,'dav','ada',NULL,'lunch',0,0,1789992000000,1789992000000);
INSERT INTO objects VALUES(4555775322839540193,'plan.ics',X'e7c359a06eb67a01d711713df0fa2c48',NULL,NULL,170,1790000081000,1790000081000,1,'VEVENT',6,1,'dav','ada',NULL,'plan',0,0,1789992000000,1789992000000);
CREATE TABLE tombstones (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    name          TEXT    NOT NULL,
    sequence      INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (collection_id, name)
) STRICT, WITHOUT ROWID;
INSERT INTO tombstones VALUES(2312059748447531069,'gone.ics',4,1790000040000);
INSERT INTO tombstones VALUES(4535918350395632394,'old',4,1790000090000);
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
INSERT INTO versions VALUES(2312059748447531069,'again.ics',5,X'e5e6bfaf01db06e807f79c5636ea83c2',NULL,172,4,1790000050000,'dav','ada',NULL,1,1790000060000,'dav','ada',NULL);
INSERT INTO versions VALUES(2312059748447531069,'gone.ics',3,X'ba70114519b670948b24e5e49cfcb140',NULL,170,3,1790000030000,'dav','ada',NULL,1,1790000040000,'dav','ada',NULL);
INSERT INTO versions VALUES(2312059748447531069,'lunch.ics',1,X'0b7acc549aa71c620bb667be34f1d420',NULL,172,1,1790000010000,'dav','ada',NULL,0,1790000020000,'dav','ada',NULL);
ANALYZE sqlite_schema;
INSERT INTO sqlite_stat1 VALUES('versions','versions_by_end','3 1');
INSERT INTO sqlite_stat1 VALUES('versions','versions','3 3 1 1');
INSERT INTO sqlite_stat1 VALUES('collections','trash','1 1 1');
INSERT INTO sqlite_stat1 VALUES('collections','collections_by_owner','4 4');
INSERT INTO sqlite_stat1 VALUES('collections','collections_by_parent','4 2');
INSERT INTO sqlite_stat1 VALUES('collections','homes','1 1');
INSERT INTO sqlite_stat1 VALUES('collections','collections_by_sequence','3 2 1');
INSERT INTO sqlite_stat1 VALUES('collections','collections_by_name','2 2 1');
INSERT INTO sqlite_stat1 VALUES('properties','properties','1 1 1 1 1');
INSERT INTO sqlite_stat1 VALUES('refinery_schema_history','sqlite_autoindex_refinery_schema_history_1','1 1');
INSERT INTO sqlite_stat1 VALUES('objects','objects_by_span','3 2 2 2 1 1 1');
INSERT INTO sqlite_stat1 VALUES('objects','objects_by_uid','3 2 1');
INSERT INTO sqlite_stat1 VALUES('objects','objects_by_sequence','3 2 1');
INSERT INTO sqlite_stat1 VALUES('objects','objects','3 2 1');
INSERT INTO sqlite_stat1 VALUES('tombstones','tombstones_by_time','2 1');
INSERT INTO sqlite_stat1 VALUES('tombstones','tombstones_by_sequence','2 1 1');
INSERT INTO sqlite_stat1 VALUES('tombstones','tombstones','2 1 1');
INSERT INTO sqlite_stat1 VALUES('principals','sqlite_autoindex_principals_1','1 1 1');
ANALYZE sqlite_schema;
CREATE INDEX principal_emails_by_principal ON principal_emails (principal_id, position);
CREATE INDEX app_tokens_by_principal ON app_tokens (principal_id, created, token_id);
CREATE UNIQUE INDEX collections_by_name ON collections (parent_id, name)
    WHERE parent_id IS NOT NULL AND trashed_at IS NULL;
CREATE INDEX collections_by_sequence ON collections (parent_id, parent_sequence)
    WHERE trashed_at IS NULL;
CREATE UNIQUE INDEX homes ON collections (owner_id) WHERE parent_id IS NULL;
CREATE INDEX collections_by_parent ON collections (parent_id);
CREATE INDEX collections_by_owner ON collections (owner_id);
CREATE INDEX trash ON collections (owner_id, trashed_at) WHERE trashed_at IS NOT NULL;
CREATE UNIQUE INDEX objects_by_sequence ON objects (collection_id, sequence);
CREATE UNIQUE INDEX objects_by_uid ON objects (collection_id, uid) WHERE uid IS NOT NULL;
CREATE INDEX objects_by_span ON objects (collection_id, span_class, span_start, name, span_end, component)
    WHERE span_class IS NOT NULL;
CREATE UNIQUE INDEX tombstones_by_sequence ON tombstones (collection_id, sequence);
CREATE INDEX tombstones_by_time ON tombstones (at);
CREATE INDEX versions_by_end ON versions (ended_at);
COMMIT;
