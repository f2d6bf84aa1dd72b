//! Taking in records.

use deadpool_postgres::Pool;
use tokio_postgres::types::{ToSql, Type};

use crate::postgres::connection::{abandon, connection};
use crate::postgres::copy::{Rows, Table};
use crate::postgres::pipeline::{self, Bounds, Call, Value};
use crate::postgres::row::{content_type, integer, kind_columns};
use crate::postgres::write::{ENTRIES, ObjectRow, copied_objects, inserted, principal, push_entry};
use crate::record::{CollectionRecord, HoldRecord, PrincipalRecord, VersionRecord};
use crate::{
    CollectionId, ETag, EndingKind, Error, Job, JobKey, PasswordHash, Properties, Pruning, Record,
    Role, StateRecord, Timestamp, Transparency,
};

/// Takes in records, all or none, in one round trip but for those of COPY.
pub(in crate::postgres) async fn load(
    pool: &Pool,
    workspace: i64,
    records: &[Record],
) -> Result<(), Error> {
    let mut loader = Loader {
        workspace,
        calls: Vec::new(),
    };
    records.iter().for_each(|record| loader.load(record));
    loader.many(records)?;
    let connection = connection(pool).await?;
    let loaded = pipeline::run(&connection, Bounds::Whole, &loader.calls).await;
    if loaded.is_err() {
        abandon(connection).await;
    }
    loaded.map(drop)
}

/// The statements that take in records.
struct Loader<'r> {
    workspace: i64,
    calls: Vec<Call<'r>>,
}

/// The values of a row.
macro_rules! row {
    ($($value:expr),* $(,)?) => {
        vec![$(Box::new($value) as Value<'r>),*]
    };
}

const VERSIONS: Table = Table {
    sql: "COPY versions (workspace_id, collection_id, name, version, etag, content_type, size, \
         made_at, made_via, made_principal, made_note, is_deletion, ended_at, ended_via, \
         ended_principal, ended_note, body) FROM STDIN (FORMAT binary)",
    types: &[
        Type::INT8,
        Type::INT8,
        Type::TEXT,
        Type::INT8,
        Type::BYTEA,
        Type::TEXT,
        Type::INT8,
        Type::INT8,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::BOOL,
        Type::INT8,
        Type::TEXT,
        Type::TEXT,
        Type::TEXT,
        Type::BYTEA,
    ],
};

impl<'r> Loader<'r> {
    /// What there may be very many of is brought in with COPY.
    fn many(&mut self, records: &'r [Record]) -> Result<(), Error> {
        let mut objects = Vec::new();
        let mut indexes = Vec::new();
        let mut entries = Rows::of(&ENTRIES);
        let mut versions = Rows::of(&VERSIONS);
        for record in records {
            match record {
                Record::Object(record) => {
                    objects.push(ObjectRow::copied(record));
                    let index = record.index.as_ref();
                    indexes.extend(index.map(|index| (record.collection, &record.name, index)));
                }
                Record::Version(record) => version(self.workspace, record, &mut versions)?,
                Record::Entry(record) => push_entry(self.workspace, record, &mut entries)?,
                _ => {}
            }
        }
        if !objects.is_empty() {
            self.calls.push(copied_objects(self.workspace, &objects)?);
        }
        self.calls.extend(inserted(self.workspace, &indexes)?);
        for (table, rows) in [(&VERSIONS, versions), (&ENTRIES, entries)] {
            if !rows.is_empty() {
                self.calls.push(Call::copy(table, rows));
            }
        }
        Ok(())
    }

    fn load(&mut self, record: &'r Record) {
        const TOMBSTONE: &str = "INSERT INTO tombstones (workspace_id, collection_id, name, \
             sequence, at) VALUES ($1, $2, $3, $4, $5)";
        const CHAIN: &str = "INSERT INTO audit_chains (workspace_id, chain, number, hash, pruned, \
             anchor) VALUES ($1, $2, $3, $4, $5, $6)";
        const SECRET: &str = "INSERT INTO secrets (workspace_id, source, envelope, modified) \
             VALUES ($1, $2, $3, $4)";
        let workspace = self.workspace;
        match record {
            Record::Principal(record) => self.principal(record),
            Record::Collection(record) => self.collection(record),
            Record::Object(record) => {
                let id = record.collection.into_raw();
                self.properties(id, record.name.as_str(), &record.properties);
            }
            Record::Tombstone(record) => {
                let row = row![
                    workspace,
                    record.collection.into_raw(),
                    record.name.as_str(),
                    integer(record.sequence),
                    record.at.millis(),
                ];
                self.insert(TOMBSTONE, row);
            }
            Record::Chain(record) => {
                let row = row![
                    workspace,
                    record.chain.into_raw(),
                    integer(record.number),
                    &record.hash.as_bytes()[..],
                    integer(record.pruned),
                    &record.anchor.as_bytes()[..],
                ];
                self.insert(CHAIN, row);
            }
            Record::Pruning(number, pruning) => self.pruning(*number, pruning),
            Record::Secret(record) => {
                let row = row![
                    workspace,
                    record.source.as_str(),
                    record.envelope.as_str(),
                    record.modified.millis(),
                ];
                self.insert(SECRET, row);
            }
            Record::Job(record) => self.job(record),
            Record::Hold(record) => self.hold(record),
            Record::Version(_) | Record::Entry(_) => {}
        }
    }

    fn insert(&mut self, sql: &'static str, row: Vec<Value<'r>>) {
        self.calls.push(Call::new(sql, row));
    }

    fn principal(&mut self, record: &'r PrincipalRecord) {
        const PRINCIPAL: &str = "INSERT INTO principals (workspace_id, principal_id, name, \
             folded, kind, is_admin, display_name, created, password, credential_generation) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        const EMAIL: &str = "INSERT INTO principal_emails (workspace_id, folded, principal_id, \
             position, address) VALUES ($1, $2, $3, $4, $5)";
        const TOKEN: &str = "INSERT INTO app_tokens (workspace_id, token_id, principal_id, hash, \
             label, scope, created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let (workspace, id) = (self.workspace, record.id.into_raw());
        let row = row![
            workspace,
            id,
            record.name.as_str(),
            record.name.folded(),
            record.kind.as_str(),
            record.role == Role::Admin,
            &record.display_name,
            record.created.millis(),
            record.password.as_ref().map(PasswordHash::as_str),
            integer(record.credential_generation),
        ];
        self.insert(PRINCIPAL, row);
        for (position, email) in (0_i64..).zip(&record.emails) {
            let row = row![workspace, email.folded(), id, position, email.as_str()];
            self.insert(EMAIL, row);
        }
        for token in &record.tokens {
            let row = row![
                workspace,
                token.id.into_raw(),
                id,
                token.hash.as_bytes(),
                &token.label,
                &token.scope,
                token.created.millis(),
                token.expires.map(Timestamp::millis),
            ];
            self.insert(TOKEN, row);
        }
    }

    fn collection(&mut self, record: &'r CollectionRecord) {
        const COLLECTION: &str = "INSERT INTO collections (workspace_id, collection_id, owner_id, \
             parent_id, name, kind, components, display_name, description, color, sort_order, \
             time_zone, is_transparent, created, modified, sequence, floor, parent_sequence, \
             trashed_at, trash_root, state, since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
             $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
        let (kind, components) = kind_columns(record.kind);
        let (id, details) = (record.id.into_raw(), &record.details);
        let state = i64::try_from(record.states.len()).unwrap_or(i64::MAX);
        let row = row![
            self.workspace,
            id,
            record.owner.into_raw(),
            record.parent.map(CollectionId::into_raw),
            record.name.as_str(),
            kind,
            components,
            &details.display_name,
            &details.description,
            &details.color,
            &details.order,
            &details.time_zone,
            details.transparency == Transparency::Transparent,
            record.created.millis(),
            record.modified.millis(),
            integer(record.sequence),
            integer(record.floor),
            record.place.map(integer),
            record.trashed.map(|(at, _)| at.millis()),
            record.trashed.map(|(_, root)| root.into_raw()),
            state.saturating_add(1),
            record.since.millis(),
        ];
        self.insert(COLLECTION, row);
        self.properties(id, "", &record.properties);
        for (number, state) in (1..).zip(&record.states) {
            self.state(id, number, state);
        }
    }

    fn state(&mut self, id: i64, number: i64, state: &'r StateRecord) {
        const STATE: &str = "INSERT INTO past_collections (workspace_id, collection_id, state, \
             parent_id, name, display_name, description, color, sort_order, time_zone, \
             is_transparent, is_trashed, since, ended_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        const PROPERTY: &str = "INSERT INTO past_properties (workspace_id, collection_id, state, \
             namespace, local, value) VALUES ($1, $2, $3, $4, $5, $6)";
        let was = state.was.as_ref();
        let details = was.map(|was| was.details.clone()).unwrap_or_default();
        let row = row![
            self.workspace,
            id,
            number,
            was.and_then(|was| was.parent).map(CollectionId::into_raw),
            was.map_or("", |was| was.name.as_str()),
            details.display_name,
            details.description,
            details.color,
            details.order,
            details.time_zone,
            details.transparency == Transparency::Transparent,
            was.is_none(),
            state.since.millis(),
            state.ended.millis(),
        ];
        self.insert(STATE, row);
        for (name, value) in was.iter().flat_map(|was| &was.properties) {
            let row = row![
                self.workspace,
                id,
                number,
                name.namespace(),
                name.local(),
                value,
            ];
            self.insert(PROPERTY, row);
        }
    }

    fn properties(&mut self, id: i64, of: &'r str, properties: &'r Properties) {
        const PROPERTY: &str = "INSERT INTO properties (workspace_id, collection_id, name, \
             namespace, local, value) VALUES ($1, $2, $3, $4, $5, $6)";
        for (name, value) in properties {
            let row = row![
                self.workspace,
                id,
                of,
                name.namespace(),
                name.local(),
                value,
            ];
            self.insert(PROPERTY, row);
        }
    }

    fn job(&mut self, record: &'r Job) {
        const JOB: &str = "INSERT INTO jobs (workspace_id, job_id, kind, dedup_key, payload, \
             created, due, attempts, fault, dead_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let (due, dead) = record.state.columns();
        let row = row![
            self.workspace,
            record.id.into_raw(),
            record.kind.as_str(),
            record.key.as_ref().map(JobKey::as_str),
            &*record.payload,
            record.created.millis(),
            due.millis(),
            i64::from(record.attempts),
            &record.fault,
            dead.map(Timestamp::millis),
        ];
        self.insert(JOB, row);
    }

    fn hold(&mut self, record: &HoldRecord) {
        const HOLD: &str = "INSERT INTO holds (workspace_id, collection_id, token, starts, ends, \
             lapses) VALUES ($1, $2, $3, $4, $5, $6)";
        let row = row![
            self.workspace,
            record.collection.into_raw(),
            record.token.into_raw(),
            record.start.millis(),
            record.end.millis(),
            record.lapses.millis(),
        ];
        self.insert(HOLD, row);
    }

    fn pruning(&mut self, number: u64, pruning: &'r Pruning) {
        const PRUNING: &str = "INSERT INTO prunings (workspace_id, number, before, at, via, \
             principal, note, versions, tombstones, collections, states, audit_entries, \
             dead_letters) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let (cause, pruned) = (&pruning.cause, &pruning.pruned);
        let row = row![
            self.workspace,
            integer(number),
            pruning.before.millis(),
            cause.at.millis(),
            cause.via.as_str(),
            principal(cause),
            &cause.note,
            integer(pruned.versions),
            integer(pruned.tombstones),
            integer(pruned.collections),
            integer(pruned.states),
            integer(pruned.audit_entries),
            integer(pruned.dead_letters),
        ];
        self.insert(PRUNING, row);
    }
}

fn version(workspace: i64, record: &VersionRecord, rows: &mut Rows) -> Result<(), Error> {
    let (made, ended) = (&record.made, &record.ended.cause);
    let etag = ETag::of(&record.body);
    let values: [&(dyn ToSql + Sync); 17] = [
        &workspace,
        &record.collection.into_raw(),
        &record.name.as_str(),
        &integer(record.version),
        &&etag.as_bytes()[..],
        &content_type(&record.content_type),
        &i64::try_from(record.body.len()).unwrap_or(i64::MAX),
        &made.at.millis(),
        &made.via.as_str(),
        &principal(made),
        &made.note,
        &(record.ended.kind == EndingKind::Deleted),
        &ended.at.millis(),
        &ended.via.as_str(),
        &principal(ended),
        &ended.note,
        &&*record.body,
    ];
    rows.push(&values)
}
