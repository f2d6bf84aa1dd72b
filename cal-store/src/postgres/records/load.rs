//! Taking in records.

use deadpool_postgres::{Object as Connection, Pool};
use tokio_postgres::types::ToSql;

use crate::postgres::connection::{abandon, connection};
use crate::postgres::pipeline::{self, Bounds};
use crate::postgres::row::{content_type, integer, kind_columns, uid_hash};
use crate::postgres::write::inserted;
use crate::record::{CollectionRecord, HoldRecord, ObjectRecord, PrincipalRecord, VersionRecord};
use crate::{
    AuditRecord, Cause, CollectionId, ETag, EndingKind, Error, Job, JobKey, PasswordHash,
    PrincipalName, Properties, Pruning, Record, Recurrence, Role, ScheduleTag, StateRecord,
    Timestamp, Transparency, Uid,
};

/// Takes in records, all or none.
pub(in crate::postgres) async fn load(
    pool: &Pool,
    workspace: i64,
    records: &[Record],
) -> Result<(), Error> {
    let connection = connection(pool).await?;
    let loader = Loader {
        connection: &connection,
        workspace,
    };
    let loaded = async {
        connection.batch_execute("BEGIN").await?;
        for record in records {
            loader.load(record).await?;
        }
        connection.batch_execute("COMMIT").await?;
        Ok(())
    };
    let loaded: Result<(), Error> = loaded.await;
    if loaded.is_err() {
        abandon(connection).await;
    }
    loaded
}

/// A transaction that takes in records.
struct Loader<'l> {
    connection: &'l Connection,
    workspace: i64,
}

type Row<'r> = &'r [&'r (dyn ToSql + Sync)];

impl Loader<'_> {
    async fn load(&self, record: &Record) -> Result<(), Error> {
        const TOMBSTONE: &str = "INSERT INTO tombstones (workspace_id, collection_id, name, \
             sequence, at) VALUES ($1, $2, $3, $4, $5)";
        const CHAIN: &str = "INSERT INTO audit_chains (workspace_id, chain, number, hash, pruned, \
             anchor) VALUES ($1, $2, $3, $4, $5, $6)";
        const SECRET: &str = "INSERT INTO secrets (workspace_id, source, envelope, modified) \
             VALUES ($1, $2, $3, $4)";
        let workspace = &self.workspace;
        match record {
            Record::Principal(record) => self.principal(record).await,
            Record::Collection(record) => self.collection(record).await,
            Record::Object(record) => self.object(record).await,
            Record::Version(record) => self.version(record).await,
            Record::Tombstone(record) => {
                let (id, name) = (record.collection.into_raw(), record.name.as_str());
                let (sequence, at) = (integer(record.sequence), record.at.millis());
                self.insert(TOMBSTONE, &[workspace, &id, &name, &sequence, &at])
                    .await
            }
            Record::Chain(record) => {
                let (number, pruned) = (integer(record.number), integer(record.pruned));
                let row: Row<'_> = &[
                    workspace,
                    &record.chain.into_raw(),
                    &number,
                    &&record.hash.as_bytes()[..],
                    &pruned,
                    &&record.anchor.as_bytes()[..],
                ];
                self.insert(CHAIN, row).await
            }
            Record::Entry(record) => self.entry(record).await,
            Record::Pruning(number, pruning) => self.pruning(*number, pruning).await,
            Record::Secret(record) => {
                let (source, envelope) = (record.source.as_str(), record.envelope.as_str());
                let row: Row<'_> = &[workspace, &source, &envelope, &record.modified.millis()];
                self.insert(SECRET, row).await
            }
            Record::Job(record) => self.job(record).await,
            Record::Hold(record) => self.hold(record).await,
        }
    }

    async fn insert(&self, sql: &str, row: Row<'_>) -> Result<(), Error> {
        let statement = self.connection.prepare_cached(sql).await?;
        self.connection.execute(&statement, row).await?;
        Ok(())
    }

    async fn principal(&self, record: &PrincipalRecord) -> Result<(), Error> {
        const PRINCIPAL: &str = "INSERT INTO principals (workspace_id, principal_id, name, \
             folded, kind, is_admin, display_name, created, password, credential_generation) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        const EMAIL: &str = "INSERT INTO principal_emails (workspace_id, folded, principal_id, \
             position, address) VALUES ($1, $2, $3, $4, $5)";
        const TOKEN: &str = "INSERT INTO app_tokens (workspace_id, token_id, principal_id, hash, \
             label, scope, created, expires) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        let (workspace, id) = (&self.workspace, record.id.into_raw());
        let row: Row<'_> = &[
            workspace,
            &id,
            &record.name.as_str(),
            &record.name.folded(),
            &record.kind.as_str(),
            &(record.role == Role::Admin),
            &record.display_name,
            &record.created.millis(),
            &record.password.as_ref().map(PasswordHash::as_str),
            &integer(record.credential_generation),
        ];
        self.insert(PRINCIPAL, row).await?;
        for (position, email) in (0_i64..).zip(&record.emails) {
            let row: Row<'_> = &[workspace, &email.folded(), &id, &position, &email.as_str()];
            self.insert(EMAIL, row).await?;
        }
        for token in &record.tokens {
            let row: Row<'_> = &[
                workspace,
                &token.id.into_raw(),
                &id,
                &token.hash.as_bytes(),
                &token.label,
                &token.scope,
                &token.created.millis(),
                &token.expires.map(Timestamp::millis),
            ];
            self.insert(TOKEN, row).await?;
        }
        Ok(())
    }

    async fn collection(&self, record: &CollectionRecord) -> Result<(), Error> {
        const COLLECTION: &str = "INSERT INTO collections (workspace_id, collection_id, owner_id, \
             parent_id, name, kind, components, display_name, description, color, sort_order, \
             time_zone, is_transparent, created, modified, sequence, floor, parent_sequence, \
             trashed_at, trash_root, state, since) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, \
             $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22)";
        let (kind, components) = kind_columns(record.kind);
        let (id, details) = (record.id.into_raw(), &record.details);
        let state = i64::try_from(record.states.len()).unwrap_or(i64::MAX);
        let row: Row<'_> = &[
            &self.workspace,
            &id,
            &record.owner.into_raw(),
            &record.parent.map(CollectionId::into_raw),
            &record.name.as_str(),
            &kind,
            &components,
            &details.display_name,
            &details.description,
            &details.color,
            &details.order,
            &details.time_zone,
            &(details.transparency == Transparency::Transparent),
            &record.created.millis(),
            &record.modified.millis(),
            &integer(record.sequence),
            &integer(record.floor),
            &record.place.map(integer),
            &record.trashed.map(|(at, _)| at.millis()),
            &record.trashed.map(|(_, root)| root.into_raw()),
            &state.saturating_add(1),
            &record.since.millis(),
        ];
        self.insert(COLLECTION, row).await?;
        self.properties(id, "", &record.properties).await?;
        for (number, state) in (1..).zip(&record.states) {
            self.state(id, number, state).await?;
        }
        Ok(())
    }

    async fn state(&self, id: i64, number: i64, state: &StateRecord) -> Result<(), Error> {
        const STATE: &str = "INSERT INTO past_collections (workspace_id, collection_id, state, \
             parent_id, name, display_name, description, color, sort_order, time_zone, \
             is_transparent, is_trashed, since, ended_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14)";
        const PROPERTY: &str = "INSERT INTO past_properties (workspace_id, collection_id, state, \
             namespace, local, value) VALUES ($1, $2, $3, $4, $5, $6)";
        let was = state.was.as_ref();
        let details = was.map(|was| was.details.clone()).unwrap_or_default();
        let row: Row<'_> = &[
            &self.workspace,
            &id,
            &number,
            &was.and_then(|was| was.parent).map(CollectionId::into_raw),
            &was.map_or("", |was| was.name.as_str()),
            &details.display_name,
            &details.description,
            &details.color,
            &details.order,
            &details.time_zone,
            &(details.transparency == Transparency::Transparent),
            &was.is_none(),
            &state.since.millis(),
            &state.ended.millis(),
        ];
        self.insert(STATE, row).await?;
        for (name, value) in was.iter().flat_map(|was| &was.properties) {
            let row: Row<'_> = &[
                &self.workspace,
                &id,
                &number,
                &name.namespace(),
                &name.local(),
                value,
            ];
            self.insert(PROPERTY, row).await?;
        }
        Ok(())
    }

    async fn properties(&self, id: i64, of: &str, properties: &Properties) -> Result<(), Error> {
        const PROPERTY: &str = "INSERT INTO properties (workspace_id, collection_id, name, \
             namespace, local, value) VALUES ($1, $2, $3, $4, $5, $6)";
        for (name, value) in properties {
            let row: Row<'_> = &[
                &self.workspace,
                &id,
                &of,
                &name.namespace(),
                &name.local(),
                value,
            ];
            self.insert(PROPERTY, row).await?;
        }
        Ok(())
    }

    async fn object(&self, record: &ObjectRecord) -> Result<(), Error> {
        const OBJECT: &str = "INSERT INTO objects (workspace_id, collection_id, name, etag, \
             schedule_tag, content_type, size, created, modified, sequence, component, version, \
             via, principal, note, uid, uid_hash, is_series, span_class, span_start, span_end, \
             body) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, \
             $16, $17, $18, $19, $20, $21, $22)";
        let index = record.index.as_ref();
        let (id, made) = (record.collection.into_raw(), &record.made);
        let etag = ETag::of(&record.body);
        let row: Row<'_> = &[
            &self.workspace,
            &id,
            &record.name.as_str(),
            &&etag.as_bytes()[..],
            &record
                .schedule_tag
                .as_ref()
                .map(|tag| &ScheduleTag::as_bytes(tag)[..]),
            &content_type(&record.content_type),
            &size(&record.body),
            &record.created.millis(),
            &made.at.millis(),
            &integer(record.sequence),
            &index.map(|row| row.component.as_str()),
            &integer(record.version),
            &made.via.as_str(),
            &principal(made),
            &made.note,
            &index.map(|row| Uid::as_str(&row.uid)),
            &index.map(|row| uid_hash(&row.uid)),
            &index.map(|row| row.recurrence == Recurrence::Series),
            &index.map(|row| i16::from(row.span.length_class().number())),
            &index.map(|row| row.span.first_millis()),
            &index.map(|row| row.span.end_millis()),
            &&*record.body,
        ];
        self.insert(OBJECT, row).await?;
        if let Some(index) = index {
            let spot = (record.collection, &record.name, index);
            let calls = inserted(self.workspace, &[spot]);
            pipeline::run(self.connection, Bounds::Within, &calls).await?;
        }
        self.properties(id, record.name.as_str(), &record.properties)
            .await
    }

    async fn version(&self, record: &VersionRecord) -> Result<(), Error> {
        const VERSION: &str = "INSERT INTO versions (workspace_id, collection_id, name, version, \
             etag, content_type, size, made_at, made_via, made_principal, made_note, \
             is_deletion, ended_at, ended_via, ended_principal, ended_note, body) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17)";
        let (made, ended) = (&record.made, &record.ended.cause);
        let etag = ETag::of(&record.body);
        let row: Row<'_> = &[
            &self.workspace,
            &record.collection.into_raw(),
            &record.name.as_str(),
            &integer(record.version),
            &&etag.as_bytes()[..],
            &content_type(&record.content_type),
            &size(&record.body),
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
        self.insert(VERSION, row).await
    }

    async fn job(&self, record: &Job) -> Result<(), Error> {
        const JOB: &str = "INSERT INTO jobs (workspace_id, job_id, kind, dedup_key, payload, \
             created, due, attempts, fault, dead_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10)";
        let (due, dead) = record.state.columns();
        let row: Row<'_> = &[
            &self.workspace,
            &record.id.into_raw(),
            &record.kind.as_str(),
            &record.key.as_ref().map(JobKey::as_str),
            &&*record.payload,
            &record.created.millis(),
            &due.millis(),
            &i64::from(record.attempts),
            &record.fault,
            &dead.map(Timestamp::millis),
        ];
        self.insert(JOB, row).await
    }

    async fn hold(&self, record: &HoldRecord) -> Result<(), Error> {
        const HOLD: &str = "INSERT INTO holds (workspace_id, collection_id, token, starts, ends, \
             lapses) VALUES ($1, $2, $3, $4, $5, $6)";
        let row: Row<'_> = &[
            &self.workspace,
            &record.collection.into_raw(),
            &record.token.into_raw(),
            &record.start.millis(),
            &record.end.millis(),
            &record.lapses.millis(),
        ];
        self.insert(HOLD, row).await
    }

    async fn entry(&self, record: &AuditRecord) -> Result<(), Error> {
        const ENTRY: &str = "INSERT INTO audit_entries (workspace_id, chain, number, at, via, \
             principal, note, action, subject, name, before, after, hash) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let (entry, cause) = (&record.entry, &record.entry.cause);
        let row: Row<'_> = &[
            &self.workspace,
            &entry.chain.into_raw(),
            &integer(entry.number),
            &cause.at.millis(),
            &cause.via.as_str(),
            &principal(cause),
            &cause.note,
            &entry.action.as_str(),
            &entry.subject,
            &entry.name,
            &entry.before.as_ref().map(|etag| &ETag::as_bytes(etag)[..]),
            &entry.after.as_ref().map(|etag| &ETag::as_bytes(etag)[..]),
            &&record.hash.as_bytes()[..],
        ];
        self.insert(ENTRY, row).await
    }

    async fn pruning(&self, number: u64, pruning: &Pruning) -> Result<(), Error> {
        const PRUNING: &str = "INSERT INTO prunings (workspace_id, number, before, at, via, \
             principal, note, versions, tombstones, collections, states, audit_entries, \
             dead_letters) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)";
        let (cause, pruned) = (&pruning.cause, &pruning.pruned);
        let row: Row<'_> = &[
            &self.workspace,
            &integer(number),
            &pruning.before.millis(),
            &cause.at.millis(),
            &cause.via.as_str(),
            &principal(cause),
            &cause.note,
            &integer(pruned.versions),
            &integer(pruned.tombstones),
            &integer(pruned.collections),
            &integer(pruned.states),
            &integer(pruned.audit_entries),
            &integer(pruned.dead_letters),
        ];
        self.insert(PRUNING, row).await
    }
}

fn size(body: &[u8]) -> i64 {
    i64::try_from(body.len()).unwrap_or(i64::MAX)
}

fn principal(cause: &Cause) -> Option<&str> {
    cause.principal.as_ref().map(PrincipalName::as_str)
}
