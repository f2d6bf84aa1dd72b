//! Taking in records.

use std::cell::RefCell;
use std::sync::Arc;

use rusqlite::{Connection, Params, TransactionBehavior, params};

use crate::record::{CollectionRecord, ObjectRecord, PrincipalRecord, VersionRecord};
use crate::sqlite::Place;
use crate::sqlite::audit::Heads;
use crate::sqlite::connection::patiently;
use crate::sqlite::row::{content_type, integer, kind_columns};
use crate::sqlite::words::PendingWords;
use crate::sqlite::write::Session;
use crate::{
    AuditRecord, Cause, ETag, Error, Job, JobKey, PasswordHash, Precondition, PrincipalName,
    Properties, Pruning, PutObject, Record, Role, StateRecord, Submitted, Timestamp, Transaction,
    Transparency,
};

/// Takes in records, all or none.
pub(in crate::sqlite) fn load(
    connection: &mut Connection,
    place: &Place,
    records: &[Record],
) -> Result<(), Error> {
    // Records come in the order of ids, not of the tree: what refers to
    // another may come before it, and in another call.
    connection.pragma_update(None, "foreign_keys", false)?;
    let loaded = load_all(connection, place, records);
    connection.pragma_update(None, "foreign_keys", true)?;
    loaded
}

fn load_all(connection: &Connection, place: &Place, records: &[Record]) -> Result<(), Error> {
    let begin = || rusqlite::Transaction::new_unchecked(connection, TransactionBehavior::Immediate);
    let transaction = patiently(begin)?;
    let loader = Loader {
        connection: &transaction,
        place,
        words: RefCell::default(),
    };
    records.iter().try_for_each(|record| loader.load(record))?;
    loader.words.borrow_mut().keep();
    loader.words.borrow().write(&transaction)?;
    patiently(|| transaction.execute_batch("COMMIT"))
}

/// A transaction that takes in records.
struct Loader<'l> {
    connection: &'l Connection,
    place: &'l Place,
    words: RefCell<PendingWords>,
}

impl Loader<'_> {
    fn load(&self, record: &Record) -> Result<(), Error> {
        const TOMBSTONE: &str = "INSERT INTO tombstones (collection_id, name, sequence, at) \
             VALUES (?1, ?2, ?3, ?4)";
        const CHAIN: &str = "INSERT INTO audit_chains (workspace_id, chain, number, hash, pruned, \
             anchor) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
        const SECRET: &str = "INSERT INTO secrets (workspace_id, source, envelope, modified) \
             VALUES (?1, ?2, ?3, ?4)";
        const HOLD: &str = "INSERT INTO holds (collection_id, token, starts, ends, lapses) \
             VALUES (?1, ?2, ?3, ?4, ?5)";
        match record {
            Record::Principal(record) => self.principal(record),
            Record::Collection(record) => self.collection(record),
            Record::Object(record) => self.object(record),
            Record::Version(record) => self.version(record),
            Record::Tombstone(record) => {
                let (id, name) = (record.collection.into_raw(), record.name.as_str());
                let row = (id, name, integer(record.sequence), record.at.millis());
                self.insert(TOMBSTONE, row)
            }
            Record::Chain(record) => self.insert(
                CHAIN,
                params![
                    self.place.workspace,
                    record.chain.into_raw(),
                    integer(record.number),
                    record.hash.as_bytes(),
                    integer(record.pruned),
                    record.anchor.as_bytes(),
                ],
            ),
            Record::Entry(record) => self.entry(record),
            Record::Pruning(number, pruning) => self.pruning(*number, pruning),
            Record::Secret(record) => {
                let (source, envelope) = (record.source.as_str(), record.envelope.as_str());
                let row = (
                    self.place.workspace,
                    source,
                    envelope,
                    record.modified.millis(),
                );
                self.insert(SECRET, row)
            }
            Record::Job(record) => self.job(record),
            Record::Hold(record) => self.insert(
                HOLD,
                (
                    record.collection.into_raw(),
                    record.token.into_raw(),
                    record.start.millis(),
                    record.end.millis(),
                    record.lapses.millis(),
                ),
            ),
        }
    }

    fn insert(&self, sql: &str, row: impl Params) -> Result<(), Error> {
        self.connection.prepare_cached(sql)?.execute(row)?;
        Ok(())
    }

    fn principal(&self, record: &PrincipalRecord) -> Result<(), Error> {
        const PRINCIPAL: &str = "INSERT INTO principals (principal_id, workspace_id, name, kind, \
             is_admin, display_name, created, password, credential_generation) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
        const EMAIL: &str = "INSERT INTO principal_emails (workspace_id, folded, principal_id, \
             position, address) VALUES (?1, ?2, ?3, ?4, ?5)";
        const TOKEN: &str = "INSERT INTO app_tokens (token_id, principal_id, hash, label, scope, \
             created, expires) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
        let (id, workspace) = (record.id.into_raw(), self.place.workspace);
        self.insert(
            PRINCIPAL,
            params![
                id,
                workspace,
                record.name.as_str(),
                record.kind.as_str(),
                record.role == Role::Admin,
                record.display_name,
                record.created.millis(),
                record.password.as_ref().map(PasswordHash::as_str),
                integer(record.credential_generation),
            ],
        )?;
        for (position, email) in (0_i64..).zip(&record.emails) {
            let row = (workspace, email.folded(), id, position, email.as_str());
            self.insert(EMAIL, row)?;
        }
        for token in &record.tokens {
            self.insert(
                TOKEN,
                params![
                    token.id.into_raw(),
                    id,
                    token.hash.as_bytes(),
                    token.label,
                    token.scope,
                    token.created.millis(),
                    token.expires.map(Timestamp::millis),
                ],
            )?;
        }
        Ok(())
    }

    fn collection(&self, record: &CollectionRecord) -> Result<(), Error> {
        const COLLECTION: &str = "INSERT INTO collections (collection_id, workspace_id, owner_id, \
             parent_id, name, kind, components, display_name, description, color, sort_order, \
             time_zone, is_transparent, created, modified, sequence, floor, parent_sequence, \
             trashed_at, trash_root, state, since) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, \
             ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22)";
        let (kind, components) = kind_columns(record.kind);
        let details = &record.details;
        let state = i64::try_from(record.states.len()).unwrap_or(i64::MAX) + 1;
        self.insert(
            COLLECTION,
            params![
                record.id.into_raw(),
                self.place.workspace,
                record.owner.into_raw(),
                record.parent.map(crate::CollectionId::into_raw),
                record.name.as_str(),
                kind,
                components,
                details.display_name,
                details.description,
                details.color,
                details.order,
                details.time_zone,
                details.transparency == Transparency::Transparent,
                record.created.millis(),
                record.modified.millis(),
                integer(record.sequence),
                integer(record.floor),
                record.place.map(integer),
                record.trashed.map(|(at, _)| at.millis()),
                record.trashed.map(|(_, root)| root.into_raw()),
                state,
                record.since.millis(),
            ],
        )?;
        let id = record.id.into_raw();
        self.properties(id, "", &record.properties)?;
        (1..)
            .zip(&record.states)
            .try_for_each(|(number, state)| self.state(id, number, state))
    }

    fn state(&self, id: i64, number: i64, state: &StateRecord) -> Result<(), Error> {
        const STATE: &str = "INSERT INTO past_collections (collection_id, state, parent_id, name, \
             display_name, description, color, sort_order, time_zone, is_transparent, \
             is_trashed, since, ended_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        const PROPERTY: &str = "INSERT INTO past_properties (collection_id, state, namespace, \
             local, value) VALUES (?1, ?2, ?3, ?4, ?5)";
        let was = state.was.as_ref();
        let details = was.map(|was| was.details.clone()).unwrap_or_default();
        self.insert(
            STATE,
            params![
                id,
                number,
                was.and_then(|was| was.parent)
                    .map(crate::CollectionId::into_raw),
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
            ],
        )?;
        for (name, value) in was.iter().flat_map(|was| &was.properties) {
            self.insert(
                PROPERTY,
                (id, number, name.namespace(), name.local(), value),
            )?;
        }
        Ok(())
    }

    fn properties(&self, id: i64, of: &str, properties: &Properties) -> Result<(), Error> {
        const PROPERTY: &str = "INSERT INTO properties (collection_id, name, namespace, local, \
             value) VALUES (?1, ?2, ?3, ?4, ?5)";
        for (name, value) in properties {
            self.insert(PROPERTY, (id, of, name.namespace(), name.local(), value))?;
        }
        Ok(())
    }

    /// Stores an object as a write of it does, and gives it its place in the log.
    fn object(&self, record: &ObjectRecord) -> Result<(), Error> {
        const TAKEN: &str = "SELECT 1 FROM objects WHERE collection_id = ?1 AND name = ?2";
        const PLACE: &str =
            "UPDATE objects SET sequence = ?3 WHERE collection_id = ?1 AND name = ?2";
        let (id, name) = (record.collection.into_raw(), record.name.as_str());
        if self.connection.prepare_cached(TAKEN)?.exists((id, name))? {
            return Err(Error::Exists);
        }
        let put = PutObject {
            collection: record.collection,
            name: record.name.clone(),
            precondition: Precondition::None,
            content_type: record.content_type.clone(),
            body: record.body.clone(),
            etag: ETag::of(&record.body),
            schedule_tag: record.schedule_tag,
            index: record.index.clone(),
            properties: None,
            busy: None,
            hold: None,
        };
        let transaction = Transaction {
            unmoved: Vec::new(),
            cause: Arc::new(record.made.clone()),
            depth: 0,
            writes: Vec::new(),
            submitted: Submitted::Bypass,
        };
        let heads = RefCell::new(Heads::default());
        let session = Session::new(
            self.connection,
            self.place,
            &transaction,
            &heads,
            &self.words,
        );
        session.store(&put, record.created.millis(), record.version)?;
        self.insert(PLACE, (id, name, integer(record.sequence)))?;
        self.properties(id, name, &record.properties)
    }

    fn version(&self, record: &VersionRecord) -> Result<(), Error> {
        const BODY: &str = "INSERT INTO bodies (body) VALUES (?1)";
        const VERSION: &str = "INSERT INTO versions (collection_id, name, version, etag, \
             content_type, size, body_id, made_at, made_via, made_principal, made_note, \
             is_deletion, ended_at, ended_via, ended_principal, ended_note) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)";
        self.insert(BODY, [&*record.body])?;
        let (made, ended) = (&record.made, &record.ended.cause);
        self.insert(
            VERSION,
            params![
                record.collection.into_raw(),
                record.name.as_str(),
                integer(record.version),
                ETag::of(&record.body).as_bytes(),
                content_type(&record.content_type),
                i64::try_from(record.body.len()).unwrap_or(i64::MAX),
                self.connection.last_insert_rowid(),
                made.at.millis(),
                made.via.as_str(),
                principal(made),
                made.note,
                record.ended.kind == crate::EndingKind::Deleted,
                ended.at.millis(),
                ended.via.as_str(),
                principal(ended),
                ended.note,
            ],
        )
    }

    fn job(&self, record: &Job) -> Result<(), Error> {
        const JOB: &str = "INSERT INTO jobs (job_id, workspace_id, kind, dedup_key, payload, \
             created, due, attempts, fault, dead_at) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
        let (due, dead) = record.state.columns();
        self.insert(
            JOB,
            params![
                record.id.into_raw(),
                self.place.workspace,
                record.kind.as_str(),
                record.key.as_ref().map(JobKey::as_str),
                &*record.payload,
                record.created.millis(),
                due.millis(),
                record.attempts,
                record.fault,
                dead.map(Timestamp::millis),
            ],
        )
    }

    fn entry(&self, record: &AuditRecord) -> Result<(), Error> {
        const ENTRY: &str = "INSERT INTO audit_entries (workspace_id, chain, number, at, via, \
             principal, note, action, subject, name, before, after, hash) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let entry = &record.entry;
        self.insert(
            ENTRY,
            params![
                self.place.workspace,
                entry.chain.into_raw(),
                integer(entry.number),
                entry.cause.at.millis(),
                entry.cause.via.as_str(),
                principal(&entry.cause),
                entry.cause.note,
                entry.action.as_str(),
                entry.subject,
                entry.name,
                entry.before.as_ref().map(ETag::as_bytes),
                entry.after.as_ref().map(ETag::as_bytes),
                record.hash.as_bytes(),
            ],
        )
    }

    fn pruning(&self, number: u64, pruning: &Pruning) -> Result<(), Error> {
        const PRUNING: &str = "INSERT INTO prunings (workspace_id, number, before, at, via, \
             principal, note, versions, tombstones, collections, states, audit_entries, \
             dead_letters) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let (cause, pruned) = (&pruning.cause, &pruning.pruned);
        self.insert(
            PRUNING,
            params![
                self.place.workspace,
                integer(number),
                pruning.before.millis(),
                cause.at.millis(),
                cause.via.as_str(),
                principal(cause),
                cause.note,
                integer(pruned.versions),
                integer(pruned.tombstones),
                integer(pruned.collections),
                integer(pruned.states),
                integer(pruned.audit_entries),
                integer(pruned.dead_letters),
            ],
        )
    }
}

fn principal(cause: &Cause) -> Option<&str> {
    cause.principal.as_ref().map(PrincipalName::as_str)
}
