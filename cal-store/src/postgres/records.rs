//! All that a PostgreSQL store keeps, as records, and back.

mod load;

use tokio_postgres::Row;

use super::read::Reader;
use super::read::audit::record as audit_record;
use super::read::past::pruning;
use super::row::{
    audit_hash, bytes, cause, collection, collection_columns, details, natural, optional,
    properties, schedule_tag,
};
use crate::record::{
    ChainRecord, CollectionRecord, HoldRecord, ObjectRecord, PastRecord, PrincipalRecord,
    StateRecord, TombstoneRecord, VersionRecord,
};
use crate::{
    AuditChain, CollectionId, CollectionName, ContentType, Ending, EndingKind, Error, HoldToken,
    Job, JobFilter, ObjectName, PrincipalId, PrincipalKey, Record, RecordKey, Timestamp,
};

pub(super) use load::load;

/// The three columns of the properties that a clause selects.
macro_rules! properties_of {
    ($clause:literal) => {
        concat!(
            "ARRAY(SELECT p.namespace FROM ",
            $clause,
            " ORDER BY p.namespace, p.local), ARRAY(SELECT p.local FROM ",
            $clause,
            " ORDER BY p.namespace, p.local), ARRAY(SELECT p.value FROM ",
            $clause,
            " ORDER BY p.namespace, p.local)"
        )
    };
}

impl Reader {
    pub(super) async fn records(
        &self,
        after: Option<&RecordKey>,
        limit: usize,
    ) -> Result<Vec<Record>, Error> {
        let first = after.map_or(0, RecordKey::stage);
        for stage in first..=RecordKey::LAST_STAGE {
            let after = after.filter(|_| stage == first);
            let found = self.of_stage(stage, after, limit).await?;
            if !found.is_empty() {
                return Ok(found);
            }
        }
        Ok(Vec::new())
    }

    /// How many there are: indexes are read, but no bodies.
    pub(super) async fn record_count(&self) -> Result<Option<u64>, Error> {
        const COUNT: &str = "SELECT (SELECT count(*) FROM principals WHERE workspace_id = $1) \
             + (SELECT count(*) FROM collections WHERE workspace_id = $1) \
             + (SELECT count(*) FROM objects WHERE workspace_id = $1) \
             + (SELECT count(*) FROM versions WHERE workspace_id = $1) \
             + (SELECT count(*) FROM tombstones WHERE workspace_id = $1) \
             + (SELECT count(*) FROM audit_chains WHERE workspace_id = $1) \
             + (SELECT count(*) FROM audit_entries WHERE workspace_id = $1) \
             + (SELECT count(*) FROM prunings WHERE workspace_id = $1) \
             + (SELECT count(*) FROM secrets WHERE workspace_id = $1) \
             + (SELECT count(*) FROM jobs WHERE workspace_id = $1) \
             + (SELECT count(*) FROM holds WHERE workspace_id = $1)";
        let row = self.row(COUNT, &[&self.workspace]).await?;
        row.map(|row| natural(&row, 0)).transpose()
    }

    /// Records of one kind, after one of that kind.
    async fn of_stage(
        &self,
        stage: u8,
        after: Option<&RecordKey>,
        items: usize,
    ) -> Result<Vec<Record>, Error> {
        let limit = i64::try_from(items).unwrap_or(i64::MAX);
        let (id, name, number) = after.map_or((i64::MIN, "", 0), RecordKey::columns);
        let workspace = &self.workspace;
        match stage {
            0 => self.principal_records(id, limit).await,
            1 => self.collection_records(id, limit).await,
            2 => {
                let rows = self.rows(OBJECTS, &[workspace, &id, &name, &limit]).await?;
                rows.iter().map(object).collect()
            }
            3 => {
                let key: [&(dyn tokio_postgres::types::ToSql + Sync); 5] =
                    [workspace, &id, &name, &number, &limit];
                self.rows(VERSIONS, &key)
                    .await?
                    .iter()
                    .map(version)
                    .collect()
            }
            4 => {
                let rows = self
                    .rows(TOMBSTONES, &[workspace, &id, &name, &limit])
                    .await?;
                rows.iter().map(tombstone).collect()
            }
            5 => {
                let rows = self.rows(CHAINS, &[workspace, &id, &limit]).await?;
                rows.iter().map(chain).collect()
            }
            6 => {
                let rows = self
                    .rows(ENTRIES, &[workspace, &id, &number, &limit])
                    .await?;
                rows.iter().map(entry).collect()
            }
            7 => {
                let rows = self.rows(PRUNINGS, &[workspace, &number, &limit]).await?;
                let record = |row: &Row| {
                    let pruning = Box::new(pruning(row)?);
                    Ok(Record::Pruning(natural(row, 0)?, pruning))
                };
                rows.iter().map(record).collect()
            }
            8 => {
                let secrets = self.secrets(&RecordKey::page_after(after, items)).await?;
                Ok(secrets.items.into_iter().map(Record::Secret).collect())
            }
            9 => {
                let page = RecordKey::page_after(after, items);
                let jobs = self.jobs(&JobFilter::default(), &page).await?;
                let jobs = jobs.items.into_iter().map(Job::without_lease);
                Ok(jobs.map(|job| Record::Job(Box::new(job))).collect())
            }
            _ => {
                let rows = self.rows(HOLDS, &[workspace, &id, &number, &limit]).await?;
                rows.iter().map(held).collect()
            }
        }
    }

    async fn principal_records(&self, after: i64, limit: i64) -> Result<Vec<Record>, Error> {
        const IDS: &str = "SELECT principal_id FROM principals \
             WHERE workspace_id = $1 AND principal_id > $2 ORDER BY principal_id LIMIT $3";
        let rows = self.rows(IDS, &[&self.workspace, &after, &limit]).await?;
        let mut records = Vec::with_capacity(rows.len());
        for row in rows {
            let id = PrincipalId::from_raw(row.try_get(0)?);
            let found = self.principal(&PrincipalKey::Id(id)).await?;
            let principal = found.ok_or(Error::NotFound)?;
            let (password, tokens) = (self.password(id).await?, self.tokens(id).await?);
            records.push(PrincipalRecord::of(principal, password, tokens).into());
        }
        Ok(records)
    }

    async fn collection_records(&self, after: i64, limit: i64) -> Result<Vec<Record>, Error> {
        const COLLECTIONS: &str = concat!(
            "SELECT ",
            collection_columns!(),
            ", c.floor, c.parent_sequence, c.trashed_at, c.trash_root, c.since \
             FROM collections c WHERE c.workspace_id = $1 AND c.collection_id > $2 \
             ORDER BY c.collection_id LIMIT $3"
        );
        let key: [&(dyn tokio_postgres::types::ToSql + Sync); 3] =
            [&self.workspace, &after, &limit];
        let mut records = Vec::new();
        for row in self.rows(COLLECTIONS, &key).await? {
            let since = Timestamp::from_millis(row.try_get(22)?);
            let mut record = CollectionRecord::of(collection(&row, self.epoch)?, since);
            record.floor = natural(&row, 18)?;
            let at = optional(&row, 20, Timestamp::from_millis)?;
            record.trashed = at.zip(optional(&row, 21, CollectionId::from_raw)?);
            let is_root = record.trashed.is_some_and(|(_, root)| root == record.id);
            let place: Option<i64> = row.try_get(19)?;
            let place = place.filter(|_| !is_root);
            record.place = place.and_then(|place| u64::try_from(place).ok());
            record.states = self.states(record.id).await?;
            records.push(Record::Collection(Box::new(record)));
        }
        Ok(records)
    }

    async fn states(&self, id: CollectionId) -> Result<Vec<StateRecord>, Error> {
        const STATES: &str = concat!(
            "SELECT c.parent_id, c.name, c.display_name, c.description, c.color, c.sort_order, \
             c.time_zone, c.is_transparent, c.is_trashed, c.since, c.ended_at, ",
            properties_of!(
                "past_properties p WHERE p.workspace_id = c.workspace_id \
                 AND p.collection_id = c.collection_id AND p.state = c.state"
            ),
            " FROM past_collections c WHERE c.workspace_id = $1 AND c.collection_id = $2 \
             ORDER BY c.state"
        );
        let key = id.into_raw();
        let rows = self.rows(STATES, &[&self.workspace, &key]).await?;
        rows.iter().map(state).collect()
    }
}

const OBJECTS: &str = concat!(
    "SELECT o.collection_id, o.name, o.schedule_tag, o.content_type, o.created, o.sequence, \
     o.component, o.version, o.modified, o.via, o.principal, o.note, o.body, ",
    properties_of!(
        "properties p WHERE p.workspace_id = o.workspace_id \
         AND p.collection_id = o.collection_id AND p.name = o.name"
    ),
    " FROM objects o WHERE o.workspace_id = $1 AND (o.collection_id, o.name) > ($2, $3) \
     ORDER BY o.collection_id, o.name LIMIT $4"
);

const VERSIONS: &str = "SELECT v.collection_id, v.name, v.version, v.content_type, v.made_at, \
     v.made_via, v.made_principal, v.made_note, v.is_deletion, v.ended_at, v.ended_via, \
     v.ended_principal, v.ended_note, v.body FROM versions v \
     WHERE v.workspace_id = $1 AND (v.collection_id, v.name, v.version) > ($2, $3, $4) \
     ORDER BY v.collection_id, v.name, v.version LIMIT $5";

const TOMBSTONES: &str = "SELECT collection_id, name, sequence, at FROM tombstones \
     WHERE workspace_id = $1 AND (collection_id, name) > ($2, $3) \
     ORDER BY collection_id, name LIMIT $4";

const CHAINS: &str = "SELECT chain, number, hash, pruned, anchor FROM audit_chains \
     WHERE workspace_id = $1 AND chain > $2 ORDER BY chain LIMIT $3";

const ENTRIES: &str = "SELECT number, at, via, principal, note, action, subject, name, before, \
     after, hash, chain FROM audit_entries \
     WHERE workspace_id = $1 AND (chain, number) > ($2, $3) ORDER BY chain, number LIMIT $4";

const PRUNINGS: &str = "SELECT number, before, at, via, principal, note, versions, tombstones, \
     collections, states, audit_entries, dead_letters FROM prunings \
     WHERE workspace_id = $1 AND number > $2 ORDER BY number LIMIT $3";

const HOLDS: &str = "SELECT collection_id, token, starts, ends, lapses FROM holds \
     WHERE workspace_id = $1 AND (collection_id, token) > ($2, $3) \
     ORDER BY collection_id, token LIMIT $4";

fn object(row: &Row) -> Result<Record, Error> {
    let component: Option<&str> = row.try_get(6)?;
    Ok(Record::Object(Box::new(ObjectRecord {
        collection: CollectionId::from_raw(row.try_get(0)?),
        name: ObjectName::from_stored(row.try_get(1)?),
        schedule_tag: schedule_tag(row, 2)?,
        content_type: content_type(row, 3)?,
        created: Timestamp::from_millis(row.try_get(4)?),
        sequence: natural(row, 5)?,
        component: component.and_then(|name| name.parse().ok()),
        version: natural(row, 7)?,
        made: cause(row, 8)?,
        properties: properties(row, 13)?,
        body: bytes(row, 12)?,
        index: None,
    })))
}

fn version(row: &Row) -> Result<Record, Error> {
    let kind = match row.try_get(8)? {
        true => EndingKind::Deleted,
        false => EndingKind::Replaced,
    };
    Ok(Record::Version(Box::new(VersionRecord {
        collection: CollectionId::from_raw(row.try_get(0)?),
        name: ObjectName::from_stored(row.try_get(1)?),
        version: natural(row, 2)?,
        content_type: content_type(row, 3)?,
        made: cause(row, 4)?,
        ended: Ending {
            kind,
            cause: cause(row, 9)?,
        },
        body: bytes(row, 13)?,
    })))
}

fn tombstone(row: &Row) -> Result<Record, Error> {
    Ok(Record::Tombstone(TombstoneRecord {
        collection: CollectionId::from_raw(row.try_get(0)?),
        name: ObjectName::from_stored(row.try_get(1)?),
        sequence: natural(row, 2)?,
        at: Timestamp::from_millis(row.try_get(3)?),
    }))
}

fn chain(row: &Row) -> Result<Record, Error> {
    Ok(Record::Chain(ChainRecord {
        chain: AuditChain::from_raw(row.try_get(0)?),
        number: natural(row, 1)?,
        hash: audit_hash(row, 2)?,
        pruned: natural(row, 3)?,
        anchor: audit_hash(row, 4)?,
    }))
}

fn held(row: &Row) -> Result<Record, Error> {
    Ok(Record::Hold(HoldRecord {
        collection: CollectionId::from_raw(row.try_get(0)?),
        token: HoldToken::from_raw(row.try_get(1)?),
        start: Timestamp::from_millis(row.try_get(2)?),
        end: Timestamp::from_millis(row.try_get(3)?),
        lapses: Timestamp::from_millis(row.try_get(4)?),
    }))
}

fn entry(row: &Row) -> Result<Record, Error> {
    let chain = AuditChain::from_raw(row.try_get(11)?);
    Ok(Record::Entry(Box::new(audit_record(chain, row)?)))
}

/// What a collection was for a time.
fn state(row: &Row) -> Result<StateRecord, Error> {
    let was = PastRecord {
        parent: optional(row, 0, CollectionId::from_raw)?,
        name: CollectionName::from_stored(row.try_get(1)?),
        details: details(row, 2)?,
        properties: properties(row, 11)?,
    };
    let is_trashed: bool = row.try_get(8)?;
    Ok(StateRecord {
        since: Timestamp::from_millis(row.try_get(9)?),
        ended: Timestamp::from_millis(row.try_get(10)?),
        was: Some(was).filter(|_| !is_trashed),
    })
}

fn content_type(row: &Row, column: usize) -> Result<ContentType, Error> {
    let kept: Option<&str> = row.try_get(column)?;
    Ok(kept.map_or_else(ContentType::calendar, ContentType::new))
}
