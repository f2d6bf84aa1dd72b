//! All that a SQLite store keeps, as records, and back.

mod load;

use rusqlite::{Params, Row};

use super::audit::{hash, record as audit_record};
use super::prune::pruning;
use super::readers::Reader;
use super::row::{COLLECTION, cause, collection, natural, text};
use crate::record::{
    ChainRecord, CollectionRecord, HoldRecord, ObjectRecord, PastRecord, PrincipalRecord,
    StateRecord, TombstoneRecord, VersionRecord,
};
use crate::{
    AuditChain, CollectionId, CollectionName, ContentType, Details, Ending, EndingKind, Error,
    HoldToken, Job, JobFilter, ObjectName, PageRequest, PrincipalId, PrincipalKey, Properties,
    PropertyName, Record, RecordKey, ScheduleTag, Timestamp, Transparency,
};

pub(super) use load::load;

impl Reader<'_> {
    pub(super) fn records(
        &self,
        after: Option<&RecordKey>,
        limit: usize,
    ) -> Result<Vec<Record>, Error> {
        let first = after.map_or(0, RecordKey::stage);
        for stage in first..=RecordKey::LAST_STAGE {
            let after = after.filter(|_| stage == first);
            let found = self.of_stage(stage, after, limit)?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// How many there are: pages of indexes are read, but no bodies.
    pub(super) fn record_count(&self) -> Result<Option<u64>, Error> {
        const COUNT: &str = "SELECT (SELECT count(*) FROM principals) \
             + (SELECT count(*) FROM collections) + (SELECT count(*) FROM objects) \
             + (SELECT count(*) FROM versions) + (SELECT count(*) FROM tombstones) \
             + (SELECT count(*) FROM audit_chains) + (SELECT count(*) FROM audit_entries) \
             + (SELECT count(*) FROM prunings) + (SELECT count(*) FROM secrets) \
             + (SELECT count(*) FROM jobs) + (SELECT count(*) FROM holds)";
        self.row(COUNT, [], |row| natural(row, 0))
    }

    /// Records of one kind, after one of that kind.
    fn of_stage(
        &self,
        stage: u8,
        after: Option<&RecordKey>,
        items: usize,
    ) -> Result<Vec<Record>, Error> {
        let limit = i64::try_from(items).unwrap_or(i64::MAX);
        let (id, name, number) = after.map_or((i64::MIN, "", 0), RecordKey::columns);
        match stage {
            0 => self.principal_records(id, limit),
            1 => self.collection_records(id, limit),
            2 => self.object_records((id, name, limit)),
            3 => self.version_records((id, name, number, limit)),
            4 => self.tombstones((id, name, limit)),
            5 => self.chains((self.workspace, id, limit)),
            6 => self.audit_entries((self.workspace, id, number, limit)),
            7 => self.all_prunings((self.workspace, number, limit)),
            8 => self.secret_records(&RecordKey::page_after(after, items)),
            9 => self.job_records(&RecordKey::page_after(after, items)),
            _ => self.held((id, number, limit)),
        }
    }

    fn principal_records(&self, after: i64, limit: i64) -> Result<Vec<Record>, Error> {
        const IDS: &str = "SELECT principal_id FROM principals WHERE principal_id > ?1 \
             ORDER BY principal_id LIMIT ?2";
        let ids = self.rows(IDS, (after, limit), |row| {
            Ok(PrincipalId::from_raw(row.get(0)?))
        })?;
        let records = ids.into_iter().map(|id| {
            let found = self.principal(&PrincipalKey::Id(id))?;
            let principal = found.ok_or(Error::NotFound)?;
            let (password, tokens) = (self.password(id)?, self.tokens(id)?);
            Ok(PrincipalRecord::of(principal, password, tokens).into())
        });
        records.collect()
    }

    fn collection_records(&self, after: i64, limit: i64) -> Result<Vec<Record>, Error> {
        let sql = format!(
            "SELECT {COLLECTION}, c.floor, c.parent_sequence, c.trashed_at, c.trash_root, c.since \
             FROM collections c WHERE c.collection_id > ?1 ORDER BY c.collection_id LIMIT ?2"
        );
        let found = self.rows(&sql, (after, limit), |row| {
            let collection = collection(row, self.epoch)?;
            let place: Option<i64> = row.get(16)?;
            let trashed: Option<i64> = row.get(17)?;
            let root: Option<i64> = row.get(18)?;
            let trashed = trashed.map(Timestamp::from_millis);
            let trashed = trashed.zip(root.map(CollectionId::from_raw));
            let is_root = trashed.is_some_and(|(_, root)| root == collection.id);
            let place = place
                .filter(|_| !is_root)
                .and_then(|it| u64::try_from(it).ok());
            let since = Timestamp::from_millis(row.get(19)?);
            let mut record = CollectionRecord::of(collection, since);
            (record.floor, record.place, record.trashed) = (natural(row, 15)?, place, trashed);
            Ok(record)
        })?;
        let records = found.into_iter().map(|mut record| {
            record.properties = self.properties(record.id, "")?;
            record.states = self.states(record.id)?;
            Ok(Record::Collection(Box::new(record)))
        });
        records.collect()
    }

    fn states(&self, id: CollectionId) -> Result<Vec<StateRecord>, Error> {
        const STATES: &str = "SELECT state, parent_id, name, display_name, description, color, \
             sort_order, time_zone, is_transparent, is_trashed, since, ended_at \
             FROM past_collections WHERE collection_id = ?1 ORDER BY state";
        const PROPERTIES: &str = "SELECT namespace, local, value FROM past_properties \
             WHERE collection_id = ?1 AND state = ?2";
        let states = self.rows(STATES, [id.into_raw()], |row| {
            let number: i64 = row.get(0)?;
            let is_trashed: bool = row.get(9)?;
            let was = past(row)?;
            let state = StateRecord {
                since: Timestamp::from_millis(row.get(10)?),
                ended: Timestamp::from_millis(row.get(11)?),
                was: Some(was).filter(|_| !is_trashed),
            };
            Ok((number, state))
        })?;
        let states = states.into_iter().map(|(number, mut state)| {
            if let Some(was) = &mut state.was {
                let key = (id.into_raw(), number);
                let rows = self.rows(PROPERTIES, key, |row| {
                    let name = PropertyName::from_stored(row.get(0)?, row.get(1)?);
                    Ok((name, row.get(2)?))
                })?;
                was.properties = rows.into_iter().collect();
            }
            Ok(state)
        });
        states.collect()
    }

    fn object_records(&self, key: impl Params) -> Result<Vec<Record>, Error> {
        const OBJECTS: &str = "SELECT o.collection_id, o.name, o.schedule_tag, o.content_type, \
             o.created, o.sequence, o.component, o.version, o.modified, o.via, o.principal, \
             o.note, b.body FROM objects o JOIN bodies b USING (body_id) \
             WHERE (o.collection_id, o.name) > (?1, ?2) \
             ORDER BY o.collection_id, o.name LIMIT ?3";
        let found = self.rows(OBJECTS, key, |row| {
            let component: Option<String> = row.get(6)?;
            Ok(ObjectRecord {
                collection: CollectionId::from_raw(row.get(0)?),
                name: text(row, 1, ObjectName::from_stored)?,
                schedule_tag: row.get::<_, Option<_>>(2)?.map(ScheduleTag::from_bytes),
                content_type: content_type(row, 3)?,
                created: Timestamp::from_millis(row.get(4)?),
                sequence: natural(row, 5)?,
                component: component.and_then(|name| name.parse().ok()),
                version: natural(row, 7)?,
                made: cause(row, 8)?,
                properties: Properties::new(),
                body: super::row::bytes(row, 12)?,
                index: None,
            })
        })?;
        let records = found.into_iter().map(|mut record| {
            record.properties = self.properties(record.collection, record.name.as_str())?;
            Ok(Record::Object(Box::new(record)))
        });
        records.collect()
    }

    fn version_records(&self, key: impl Params) -> Result<Vec<Record>, Error> {
        const VERSIONS: &str = "SELECT v.collection_id, v.name, v.version, v.content_type, \
             v.made_at, v.made_via, v.made_principal, v.made_note, v.is_deletion, v.ended_at, \
             v.ended_via, v.ended_principal, v.ended_note, b.body \
             FROM versions v JOIN bodies b USING (body_id) \
             WHERE (v.collection_id, v.name, v.version) > (?1, ?2, ?3) \
             ORDER BY v.collection_id, v.name, v.version LIMIT ?4";
        self.rows(VERSIONS, key, |row| {
            let kind = match row.get(8)? {
                true => EndingKind::Deleted,
                false => EndingKind::Replaced,
            };
            Ok(Record::Version(Box::new(VersionRecord {
                collection: CollectionId::from_raw(row.get(0)?),
                name: text(row, 1, ObjectName::from_stored)?,
                version: natural(row, 2)?,
                content_type: content_type(row, 3)?,
                made: cause(row, 4)?,
                ended: Ending {
                    kind,
                    cause: cause(row, 9)?,
                },
                body: super::row::bytes(row, 13)?,
            })))
        })
    }

    fn tombstones(&self, key: impl Params) -> Result<Vec<Record>, Error> {
        const TOMBSTONES: &str = "SELECT collection_id, name, sequence, at FROM tombstones \
             WHERE (collection_id, name) > (?1, ?2) ORDER BY collection_id, name LIMIT ?3";
        self.rows(TOMBSTONES, key, |row| {
            Ok(Record::Tombstone(TombstoneRecord {
                collection: CollectionId::from_raw(row.get(0)?),
                name: text(row, 1, ObjectName::from_stored)?,
                sequence: natural(row, 2)?,
                at: Timestamp::from_millis(row.get(3)?),
            }))
        })
    }

    fn chains(&self, key: impl Params) -> Result<Vec<Record>, Error> {
        const CHAINS: &str = "SELECT chain, number, hash, pruned, anchor FROM audit_chains \
             WHERE workspace_id = ?1 AND chain > ?2 ORDER BY chain LIMIT ?3";
        self.rows(CHAINS, key, |row| {
            Ok(Record::Chain(ChainRecord {
                chain: AuditChain::from_raw(row.get(0)?),
                number: natural(row, 1)?,
                hash: hash(row, 2)?,
                pruned: natural(row, 3)?,
                anchor: hash(row, 4)?,
            }))
        })
    }

    fn audit_entries(&self, key: impl Params) -> Result<Vec<Record>, Error> {
        const ENTRIES: &str = "SELECT number, at, via, principal, note, action, subject, name, \
             before, after, hash, chain FROM audit_entries \
             WHERE workspace_id = ?1 AND (chain, number) > (?2, ?3) \
             ORDER BY chain, number LIMIT ?4";
        self.rows(ENTRIES, key, |row| {
            let chain = AuditChain::from_raw(row.get(11)?);
            Ok(Record::Entry(Box::new(audit_record(chain, row)?)))
        })
    }

    fn all_prunings(&self, key: impl Params) -> Result<Vec<Record>, Error> {
        const PRUNINGS: &str = "SELECT number, before, at, via, principal, note, versions, \
             tombstones, collections, states, audit_entries, dead_letters FROM prunings \
             WHERE workspace_id = ?1 AND number > ?2 ORDER BY number LIMIT ?3";
        self.rows(PRUNINGS, key, |row| {
            let (number, pruning) = pruning(row)?;
            Ok(Record::Pruning(number, Box::new(pruning)))
        })
    }
}

/// What is no calendar's, but for holds: as it is read one by one.
impl Reader<'_> {
    fn secret_records(&self, page: &PageRequest) -> Result<Vec<Record>, Error> {
        let secrets = self.secrets(page)?.items.into_iter();
        Ok(secrets.map(Record::Secret).collect())
    }

    fn job_records(&self, page: &PageRequest) -> Result<Vec<Record>, Error> {
        let jobs = self.jobs(&JobFilter::default(), page)?;
        let jobs = jobs.items.into_iter().map(Job::without_lease);
        Ok(jobs.map(|job| Record::Job(Box::new(job))).collect())
    }

    fn held(&self, key: impl Params) -> Result<Vec<Record>, Error> {
        const HOLDS: &str = "SELECT collection_id, token, starts, ends, lapses FROM holds \
             WHERE (collection_id, token) > (?1, ?2) ORDER BY collection_id, token LIMIT ?3";
        self.rows(HOLDS, key, |row| {
            Ok(Record::Hold(HoldRecord {
                collection: CollectionId::from_raw(row.get(0)?),
                token: HoldToken::from_raw(row.get(1)?),
                start: Timestamp::from_millis(row.get(2)?),
                end: Timestamp::from_millis(row.get(3)?),
                lapses: Timestamp::from_millis(row.get(4)?),
            }))
        })
    }
}

/// What a collection was, but for its properties.
fn past(row: &Row<'_>) -> rusqlite::Result<PastRecord> {
    Ok(PastRecord {
        parent: row.get::<_, Option<_>>(1)?.map(CollectionId::from_raw),
        name: text(row, 2, CollectionName::from_stored)?,
        details: Details {
            display_name: row.get(3)?,
            description: row.get(4)?,
            color: row.get(5)?,
            order: row.get(6)?,
            time_zone: row.get(7)?,
            transparency: match row.get(8)? {
                true => Transparency::Transparent,
                false => Transparency::Opaque,
            },
        },
        properties: Properties::new(),
    })
}

fn content_type(row: &Row<'_>, column: usize) -> rusqlite::Result<ContentType> {
    let kept: Option<String> = row.get(column)?;
    Ok(kept.map_or_else(ContentType::calendar, |text| ContentType::new(&text)))
}
