PRAGMA foreign_keys=OFF;
BEGIN TRANSACTION;
CREATE TABLE refinery_schema_history(
             version int4 PRIMARY KEY,
             name VARCHAR(255),
             applied_on VARCHAR(255),
             checksum VARCHAR(255));
INSERT INTO refinery_schema_history VALUES(1,'initial','2026-11-21T16:15:20.373097431Z','8669686148594543071');
INSERT INTO refinery_schema_history VALUES(2,'history','2026-11-21T23:36:52.62502602Z','15354842315406045930');
INSERT INTO refinery_schema_history VALUES(3,'index','2026-11-21T23:36:52.62504721Z','12057020406526619862');
INSERT INTO refinery_schema_history VALUES(4,'jobs_and_secrets','2026-11-21T23:36:52.625050376Z','15499602207125039721');
INSERT INTO refinery_schema_history VALUES(5,'busy','2026-11-21T23:36:52.625053381Z','5916579394009103453');
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
INSERT INTO principals VALUES(1404853196023044694,1,'room','room',0,NULL,1790000101000,NULL,0);
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
, state INTEGER NOT NULL DEFAULT 1, since INTEGER NOT NULL DEFAULT 0) STRICT;
INSERT INTO collections VALUES(512094062754966526,1,1404853196023044694,3466940009242873503,'calendar','calendar','VEVENT','Calendar',NULL,NULL,NULL,NULL,0,1790000101000,1790000105000,1,0,1,NULL,NULL,1,1790000101000);
INSERT INTO collections VALUES(840549563526811797,1,1404853196023044694,3466940009242873503,'tasks','calendar','VTODO','Tasks',NULL,NULL,NULL,NULL,0,1790000101000,1790000101000,0,0,2,NULL,NULL,1,1790000101000);
INSERT INTO collections VALUES(2032551066137191844,1,1218785223080931804,4535918350395632394,'tasks','calendar','VTODO','Tasks',NULL,NULL,NULL,NULL,0,1790000000000,1790000000000,0,0,2,NULL,NULL,1,1790000000000);
INSERT INTO collections VALUES(2312059748447531069,1,1218785223080931804,4535918350395632394,'calendar','calendar','VEVENT','Calendar',NULL,'#112233',NULL,NULL,0,1790000000000,1790000100000,8,0,5,NULL,NULL,1,1790000000000);
INSERT INTO collections VALUES(3466940009242873503,1,1404853196023044694,NULL,'137f0a89de869a56','home',NULL,NULL,NULL,NULL,NULL,NULL,0,1790000101000,1790000101000,2,0,NULL,NULL,NULL,1,1790000101000);
INSERT INTO collections VALUES(4535918350395632394,1,1218785223080931804,NULL,'10e9feb3f73bf1dc','home',NULL,NULL,NULL,NULL,NULL,NULL,0,1790000000000,1790000095000,5,0,NULL,NULL,NULL,1,1790000000000);
INSERT INTO collections VALUES(4555775322839540193,1,1218785223080931804,4535918350395632394,'old','calendar','VEVENT','Old plans',NULL,NULL,NULL,NULL,0,1790000080000,1790000081000,1,0,3,1790000090000,4555775322839540193,2,1790000090000);
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
INSERT INTO bodies VALUES(7,X'424547494e3a5643414c454e4441520d0a56455253494f4e3a322e300d0a50524f4449443a2d2f2f4578616d706c652f2f454e0d0a424547494e3a564556454e540d0a5549443a7465616d0d0a44545354414d503a3230323630393031543038303030305a0d0a445453544152543b545a49443d4575726f70652f4265726c696e3a3230323630393231543230303030300d0a4455524154494f4e3a505431480d0a53554d4d4152593a5465616d0d0a43415445474f524945533a576f726b0d0a424547494e3a56414c41524d0d0a414354494f4e3a444953504c41590d0a4445534352495054494f4e3a536f6f6e0d0a545249474745523a2d505431354d0d0a454e443a56414c41524d0d0a454e443a564556454e540d0a454e443a5643414c454e4441520d0a');
INSERT INTO bodies VALUES(8,X'424547494e3a5643414c454e4441520d0a56455253494f4e3a322e300d0a50524f4449443a2d2f2f4578616d706c652f2f454e0d0a424547494e3a564556454e540d0a5549443a6e696e650d0a44545354414d503a3230323630393031543038303030305a0d0a445453544152543a3230323630393232543039303030305a0d0a4455524154494f4e3a505431480d0a53554d4d4152593a4e696e650d0a454e443a564556454e540d0a454e443a5643414c454e4441520d0a');
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
INSERT INTO objects VALUES(512094062754966526,'nine.ics',X'5e142fcfdc0d49e5114e32fcceacfec8',NULL,NULL,185,1790000105000,1790000105000,1,'VEVENT',8,1,'dav','ada',NULL,'nine',0,0,1790067600000,1790071200000);
INSERT INTO objects VALUES(2312059748447531069,'again.ics',X'0edb7659c83d161bf8a2e652bd8fa766',NULL,NULL,173,1790000070000,1790000070000,7,'VEVENT',5,7,'dav','ada',NULL,'again',0,0,1789992000000,1789992000000);
INSERT INTO objects VALUES(2312059748447531069,'lunch.ics',X'38b93bd13e03170a930a5ac28d535d38',NULL,NULL,177,1790000010000,1790000020000,2,'VEVENT',2,2,'dav','ada',NULL,'lunch',0,0,1789992000000,1789992000000);
INSERT INTO objects VALUES(2312059748447531069,'team.ics',X'6ac2bc960e256f67465212c0894b8ab4',NULL,NULL,296,1790000100000,1790000100000,8,'VEVENT',7,8,'dav','ada',NULL,'team',0,0,1790013600000,1790017200000);
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
INSERT INTO sqlite_stat1 VALUES('tombstones','tombstones_by_time','2 1');
INSERT INTO sqlite_stat1 VALUES('tombstones','tombstones_by_sequence','2 1 1');
INSERT INTO sqlite_stat1 VALUES('tombstones','tombstones','2 1 1');
INSERT INTO sqlite_stat1 VALUES('principals','sqlite_autoindex_principals_1','1 1 1');
INSERT INTO sqlite_stat1 VALUES('holds','holds','1 1 1');
INSERT INTO sqlite_stat1 VALUES('busy_times','busy_times','2 1 1 1');
INSERT INTO sqlite_stat1 VALUES('objects','objects_by_body','5 1');
INSERT INTO sqlite_stat1 VALUES('objects','objects_by_span','5 2 2 2 1 1 1');
INSERT INTO sqlite_stat1 VALUES('objects','objects_by_uid','5 2 1');
INSERT INTO sqlite_stat1 VALUES('objects','objects_by_sequence','5 2 1');
INSERT INTO sqlite_stat1 VALUES('objects','objects','5 2 1');
INSERT INTO sqlite_stat1 VALUES('audit_entries','audit_entries','6 6 2 1');
INSERT INTO sqlite_stat1 VALUES('object_words_idx','object_words_idx','4 1 1');
INSERT INTO sqlite_stat1 VALUES('reminders','reminders_by_time','1 1 1 1 1');
INSERT INTO sqlite_stat1 VALUES('reminders','reminders','1 1 1 1 1');
INSERT INTO sqlite_stat1 VALUES('past_collections','past_collections_by_end','1 1');
INSERT INTO sqlite_stat1 VALUES('past_collections','past_collections_by_parent','1 1 1');
INSERT INTO sqlite_stat1 VALUES('past_collections','past_collections','1 1 1');
INSERT INTO sqlite_stat1 VALUES('secrets','secrets','1 1 1');
INSERT INTO sqlite_stat1 VALUES('jobs','jobs_by_key','1 1 1 1');
INSERT INTO sqlite_stat1 VALUES('jobs','jobs_by_due','1 1 1 1');
INSERT INTO sqlite_stat1 VALUES('jobs',NULL,'1');
INSERT INTO sqlite_stat1 VALUES('audit_chains','audit_chains','6 6 1');
INSERT INTO sqlite_stat1 VALUES('object_words_config','object_words_config','1 1');
INSERT INTO sqlite_stat1 VALUES('object_categories','object_categories_by_name','1 1 1');
INSERT INTO sqlite_stat1 VALUES('object_categories','object_categories','1 1 1 1');
ANALYZE sqlite_schema;
CREATE TABLE past_collections (
    collection_id  INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    state          INTEGER NOT NULL,
    parent_id      INTEGER,
    name           TEXT    NOT NULL,
    display_name   TEXT,
    description    TEXT,
    color          TEXT,
    sort_order     INTEGER,
    time_zone      TEXT,
    is_transparent INTEGER NOT NULL,
    is_trashed     INTEGER NOT NULL,
    since          INTEGER NOT NULL,
    ended_at       INTEGER NOT NULL,
    PRIMARY KEY (collection_id, state)
) STRICT, WITHOUT ROWID;
INSERT INTO past_collections VALUES(4555775322839540193,1,4535918350395632394,'old','Old plans',NULL,NULL,NULL,NULL,0,0,1790000080000,1790000090000);
CREATE TABLE past_properties (
    collection_id INTEGER NOT NULL,
    state         INTEGER NOT NULL,
    namespace     TEXT    NOT NULL,
    local         TEXT    NOT NULL,
    value         TEXT    NOT NULL,
    PRIMARY KEY (collection_id, state, namespace, local),
    FOREIGN KEY (collection_id, state) REFERENCES past_collections ON DELETE CASCADE
) STRICT, WITHOUT ROWID;
CREATE TABLE prunings (
    workspace_id  INTEGER NOT NULL REFERENCES workspaces,
    number        INTEGER NOT NULL,
    before        INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    via           TEXT    NOT NULL,
    principal     TEXT,
    note          TEXT,
    versions      INTEGER NOT NULL,
    tombstones    INTEGER NOT NULL,
    collections   INTEGER NOT NULL,
    states        INTEGER NOT NULL,
    audit_entries INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, number)
) STRICT, WITHOUT ROWID;
CREATE TABLE audit_chains (
    workspace_id INTEGER NOT NULL REFERENCES workspaces,
    chain        INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    hash         BLOB    NOT NULL,
    pruned       INTEGER NOT NULL,
    anchor       BLOB    NOT NULL,
    PRIMARY KEY (workspace_id, chain)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_chains VALUES(1,0,2,X'5eb0bdf2263bb9b9b3d5e4a76f6c43c2d448065be320b326dc0e53c2cfc586b4',0,X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO audit_chains VALUES(1,512094062754966526,1,X'9d2914765b70e615a0800d0dd2fc2e036fa2c95c0683ec3c5040a06ecc48b0d4',0,X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO audit_chains VALUES(1,2312059748447531069,8,X'97f2783f230a204e6a9afbc265017eb228f2904bbc482572da332684c963c411',7,X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO audit_chains VALUES(1,3466940009242873503,2,X'a4a5f0ebf3ab138b221d2fc3ee76709e035f4011b7febe3f6516ff0110c035b0',0,X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO audit_chains VALUES(1,4535918350395632394,5,X'0000000000000000000000000000000000000000000000000000000000000000',5,X'0000000000000000000000000000000000000000000000000000000000000000');
INSERT INTO audit_chains VALUES(1,4555775322839540193,1,X'0000000000000000000000000000000000000000000000000000000000000000',1,X'0000000000000000000000000000000000000000000000000000000000000000');
CREATE TABLE audit_entries (
    workspace_id INTEGER NOT NULL,
    chain        INTEGER NOT NULL,
    number       INTEGER NOT NULL,
    at           INTEGER NOT NULL,
    via          TEXT    NOT NULL,
    principal    TEXT,
    note         TEXT,
    action       TEXT    NOT NULL,
    subject      INTEGER,
    name         TEXT    NOT NULL,
    before       BLOB,
    after        BLOB,
    hash         BLOB    NOT NULL,
    PRIMARY KEY (workspace_id, chain, number)
) STRICT, WITHOUT ROWID;
INSERT INTO audit_entries VALUES(1,0,1,1790000101000,'dav','ada',NULL,'create-principal',1404853196023044694,'room',NULL,NULL,X'bfea0d0c3450562a3d5c13053ee445f930201a14e53f8cef7a2acb09eeede9c2');
INSERT INTO audit_entries VALUES(1,0,2,1790000104000,'dav','ada',NULL,'set-secret',NULL,'far away',NULL,NULL,X'5eb0bdf2263bb9b9b3d5e4a76f6c43c2d448065be320b326dc0e53c2cfc586b4');
INSERT INTO audit_entries VALUES(1,512094062754966526,1,1790000105000,'dav','ada',NULL,'put',NULL,'nine.ics',NULL,X'5e142fcfdc0d49e5114e32fcceacfec8',X'9d2914765b70e615a0800d0dd2fc2e036fa2c95c0683ec3c5040a06ecc48b0d4');
INSERT INTO audit_entries VALUES(1,2312059748447531069,8,1790000100000,'dav','ada',NULL,'put',NULL,'team.ics',NULL,X'6ac2bc960e256f67465212c0894b8ab4',X'97f2783f230a204e6a9afbc265017eb228f2904bbc482572da332684c963c411');
INSERT INTO audit_entries VALUES(1,3466940009242873503,1,1790000101000,'dav','ada',NULL,'create-collection',512094062754966526,'calendar',NULL,NULL,X'7dfbb850ba394f338efb45247878e499701df2ce1ec2ff8d2cd281698dac42a2');
INSERT INTO audit_entries VALUES(1,3466940009242873503,2,1790000101000,'dav','ada',NULL,'create-collection',840549563526811797,'tasks',NULL,NULL,X'a4a5f0ebf3ab138b221d2fc3ee76709e035f4011b7febe3f6516ff0110c035b0');
PRAGMA writable_schema=ON;
INSERT INTO sqlite_schema(type,name,tbl_name,rootpage,sql)VALUES('table','object_words','object_words',0,'CREATE VIRTUAL TABLE object_words USING fts5 (
    words, content = '''', contentless_delete = 1, detail = ''none'', tokenize = ''ascii''
)');
CREATE TABLE IF NOT EXISTS 'object_words_data'(id INTEGER PRIMARY KEY, block BLOB);
INSERT INTO object_words_data VALUES(1,X'0506');
INSERT INTO object_words_data VALUES(10,X'00000000ff00000101040400040101010101000001020101020200000203010103030000010401010404000001');
INSERT INTO object_words_data VALUES(137438953473,X'0000001d1730323031363136313736356231623033647365636f6e640504');
INSERT INTO object_words_data VALUES(274877906945,X'000000391530323031363136313736356231623033646c617465021204756e636802011433663339356438346332353736316531706c616e06041707');
INSERT INTO object_words_data VALUES(412316860417,X'0000001b1530323031363136313736356231623033647465616d0704');
INSERT INTO object_words_data VALUES(549755813889,X'0000001b1530303731623532643633653138616266656e696e650804');
CREATE TABLE IF NOT EXISTS 'object_words_idx'(segid, term, pgno, PRIMARY KEY(segid, term)) WITHOUT ROWID;
INSERT INTO object_words_idx VALUES(1,X'',2);
INSERT INTO object_words_idx VALUES(2,X'',2);
INSERT INTO object_words_idx VALUES(3,X'',2);
INSERT INTO object_words_idx VALUES(4,X'',2);
CREATE TABLE IF NOT EXISTS 'object_words_docsize'(id INTEGER PRIMARY KEY, sz BLOB, origin INTEGER);
INSERT INTO object_words_docsize VALUES(2,X'02',2);
INSERT INTO object_words_docsize VALUES(5,X'01',1);
INSERT INTO object_words_docsize VALUES(6,X'01',2);
INSERT INTO object_words_docsize VALUES(7,X'01',3);
INSERT INTO object_words_docsize VALUES(8,X'01',4);
CREATE TABLE IF NOT EXISTS 'object_words_config'(k PRIMARY KEY, v) WITHOUT ROWID;
INSERT INTO object_words_config VALUES('version',4);
CREATE TABLE object_categories (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    category      TEXT    NOT NULL,
    name          TEXT    NOT NULL,
    PRIMARY KEY (collection_id, category, name)
) STRICT, WITHOUT ROWID;
INSERT INTO object_categories VALUES(2312059748447531069,'work','team.ics');
CREATE TABLE reminders (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    name          TEXT    NOT NULL,
    kind          INTEGER NOT NULL,
    at            INTEGER NOT NULL,
    PRIMARY KEY (collection_id, name, kind, at)
) STRICT, WITHOUT ROWID;
INSERT INTO reminders VALUES(2312059748447531069,'team.ics',0,1790012700000);
CREATE TABLE index_basis (
    workspace_id INTEGER PRIMARY KEY REFERENCES workspaces,
    form         INTEGER NOT NULL,
    tzdata       TEXT    NOT NULL,
    zones        TEXT    NOT NULL
) STRICT;
INSERT INTO index_basis VALUES(1,1,'2026a',replace(replace('BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//EN\r\nEND:VCALENDAR\r\n','\r',char(13)),'\n',char(10)));
CREATE TABLE jobs (
    job_id       INTEGER PRIMARY KEY,
    workspace_id INTEGER NOT NULL REFERENCES workspaces,
    kind         TEXT    NOT NULL,
    dedup_key    TEXT,
    payload      BLOB    NOT NULL,
    created      INTEGER NOT NULL,
    due          INTEGER NOT NULL,
    attempts     INTEGER NOT NULL,
    lease        INTEGER,
    again        INTEGER,
    fault        TEXT,
    dead_at      INTEGER
) STRICT;
INSERT INTO jobs VALUES(635255848138883487,1,'push','key',X'7061796c6f6164',1790000103000,1790000500000,0,NULL,NULL,NULL,NULL);
CREATE TABLE secrets (
    workspace_id INTEGER NOT NULL REFERENCES workspaces,
    source       TEXT    NOT NULL,
    envelope     TEXT    NOT NULL,
    modified     INTEGER NOT NULL,
    PRIMARY KEY (workspace_id, source)
) STRICT, WITHOUT ROWID;
INSERT INTO secrets VALUES(1,'far away','v1:MCS+gJaMTwFGgV29LS1kbg==:0bnt7qXQ92ik2vYK:ZNlgXVnBEoGdCrCDRORG9mwfvxGTfQ==',1790000104000);
CREATE TABLE busy_calendars (
    collection_id INTEGER PRIMARY KEY REFERENCES collections ON DELETE CASCADE,
    digest        BLOB    NOT NULL,
    first_page    INTEGER NOT NULL,
    end_page      INTEGER NOT NULL
) STRICT;
INSERT INTO busy_calendars VALUES(512094062754966526,X'b336aaf84016c4a3fef4477cd890077241d2f25c591f98d9e047c04993af10dd',726,780);
INSERT INTO busy_calendars VALUES(2032551066137191844,X'b336aaf84016c4a3fef4477cd890077241d2f25c591f98d9e047c04993af10dd',726,780);
INSERT INTO busy_calendars VALUES(2312059748447531069,X'b336aaf84016c4a3fef4477cd890077241d2f25c591f98d9e047c04993af10dd',726,780);
CREATE TABLE busy_times (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    page          INTEGER NOT NULL,
    name          TEXT    NOT NULL,
    starts        INTEGER NOT NULL,
    ends          INTEGER NOT NULL,
    times         BLOB    NOT NULL,
    PRIMARY KEY (collection_id, page, name)
) STRICT, WITHOUT ROWID;
INSERT INTO busy_times VALUES(512094062754966526,739,'nine.ics',1790067600,1790071200,X'00c170');
INSERT INTO busy_times VALUES(2312059748447531069,739,'team.ics',1790013600,1790017200,X'00c170');
CREATE TABLE holds (
    collection_id INTEGER NOT NULL REFERENCES collections ON DELETE CASCADE,
    token         INTEGER NOT NULL,
    starts        INTEGER NOT NULL,
    ends          INTEGER NOT NULL,
    lapses        INTEGER NOT NULL,
    PRIMARY KEY (collection_id, token)
) STRICT, WITHOUT ROWID;
INSERT INTO holds VALUES(512094062754966526,2498779262483114860,1790071200000,1790074800000,1790086502000);
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
CREATE INDEX past_collections_by_parent ON past_collections (parent_id, collection_id);
CREATE INDEX past_collections_by_end ON past_collections (ended_at);
CREATE INDEX objects_by_body ON objects (body_id);
CREATE INDEX object_categories_by_name ON object_categories (collection_id, name);
CREATE INDEX reminders_by_time ON reminders (kind, at, collection_id, name);
CREATE INDEX jobs_by_due ON jobs (workspace_id, kind, due) WHERE dead_at IS NULL;
CREATE UNIQUE INDEX jobs_by_key ON jobs (workspace_id, kind, dedup_key) WHERE dead_at IS NULL;
PRAGMA writable_schema=OFF;
COMMIT;
