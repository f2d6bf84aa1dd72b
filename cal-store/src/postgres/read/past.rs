//! Reading what was at an instant. What comes first, the present or an earlier
//! state, is told by instants; which of several is the latest, by sequence.

use tokio_postgres::Row;

use super::history::version;
use super::{Reader, after};
use crate::postgres::pipeline::Call;
use crate::postgres::row::{cause, collection_kind, details, natural, one_more, properties};
use crate::{
    CollectionAt, CollectionId, CollectionName, Cursor, Error, ObjectName, Page, PageRequest,
    PastCollection, PastEntry, Pruned, Pruning, Timestamp,
};

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

/// The states at the instant `$3` of the collections whose column is `$2`,
/// without those that were in the trash: the present ones that had begun by
/// then, and of the others the latest that had.
macro_rules! states {
    ($column:literal, $clause:literal) => {
        concat!(
            "(SELECT c.collection_id, c.parent_id, c.name, c.kind, c.components, \
             c.display_name, c.description, c.color, c.sort_order, c.time_zone, \
             c.is_transparent, c.since, ",
            properties_of!(
                "properties p WHERE p.workspace_id = c.workspace_id \
                 AND p.collection_id = c.collection_id AND p.name = ''"
            ),
            " FROM collections c WHERE c.workspace_id = $1 AND c.",
            $column,
            " = $2 AND c.since <= $3 AND c.trashed_at IS NULL ",
            $clause,
            ") UNION ALL (SELECT c.collection_id, c.parent_id, c.name, now.kind, \
             now.components, c.display_name, c.description, c.color, c.sort_order, c.time_zone, \
             c.is_transparent, c.since, ",
            properties_of!(
                "past_properties p WHERE p.workspace_id = c.workspace_id \
                 AND p.collection_id = c.collection_id AND p.state = c.state"
            ),
            " FROM past_collections c JOIN collections now \
             ON now.workspace_id = c.workspace_id AND now.collection_id = c.collection_id \
             WHERE c.workspace_id = $1 AND c.",
            $column,
            " = $2 AND c.since <= $3 AND NOT c.is_trashed AND now.since > $3 \
             AND NOT EXISTS (SELECT 1 FROM past_collections later \
             WHERE later.workspace_id = c.workspace_id \
             AND later.collection_id = c.collection_id AND later.state > c.state \
             AND later.since <= $3) ",
            $clause,
            ") "
        )
    };
}

/// The instant of which, and of all after it, everything is known.
const KNOWN: &str = "SELECT max(before) FROM prunings WHERE workspace_id = $1";

/// The columns are those that a version is read from, and the name. Each part
/// walks its primary key from the cursor on and is cut at the limit, so what
/// is left of both is exact up to it.
const ENTRIES_AT: &str = "(SELECT v.version, v.etag, v.content_type, v.size, v.made_at, \
     v.made_via, v.made_principal, v.made_note, v.is_deletion, v.ended_at, v.ended_via, \
     v.ended_principal, v.ended_note, v.name FROM versions v \
     WHERE v.workspace_id = $1 AND v.collection_id = $2 AND v.name > $4 AND v.made_at <= $3 \
     AND v.ended_at > $3 AND NOT EXISTS (SELECT 1 FROM versions later \
     WHERE later.workspace_id = $1 AND later.collection_id = $2 AND later.name = v.name \
     AND later.version > v.version AND later.made_at <= $3) \
     AND NOT EXISTS (SELECT 1 FROM objects present WHERE present.workspace_id = $1 \
     AND present.collection_id = $2 AND present.name = v.name AND present.modified <= $3) \
     ORDER BY v.name LIMIT $5) \
     UNION ALL (SELECT o.version, o.etag, o.content_type, o.size, o.modified, o.via, \
     o.principal, o.note, NULL, NULL, NULL, NULL, NULL, o.name FROM objects o \
     WHERE o.workspace_id = $1 AND o.collection_id = $2 AND o.name > $4 AND o.modified <= $3 \
     ORDER BY o.name LIMIT $5) ORDER BY name LIMIT $5";

impl Reader {
    pub(in crate::postgres) async fn collection_at(
        &self,
        id: CollectionId,
        at: Timestamp,
        page: &PageRequest,
    ) -> Result<Option<CollectionAt>, Error> {
        const STATE: &str = states!("collection_id", "");
        let (workspace, id, instant) = (self.workspace, id.into_raw(), at.millis());
        let calls = [
            Call::new(KNOWN, vec![Box::new(workspace)]),
            Call::new(
                STATE,
                vec![Box::new(workspace), Box::new(id), Box::new(instant)],
            ),
            Call::new(
                ENTRIES_AT,
                vec![
                    Box::new(workspace),
                    Box::new(id),
                    Box::new(instant),
                    Box::new(after(page)?),
                    Box::new(one_more(page.limit)),
                ],
            ),
        ];
        let [known, states, entries] = self.snapshot(calls).await?;
        check_known(&known, at)?;
        let Some(state) = states.first() else {
            return Ok(None);
        };
        let entries = entries.iter().map(entry).collect::<Result<_, _>>()?;
        Ok(Some(CollectionAt {
            collection: collection(state)?,
            entries: Page::cut(entries, page.limit, |last: &PastEntry| {
                Cursor::new(last.name.as_str())
            }),
        }))
    }

    pub(in crate::postgres) async fn children_at(
        &self,
        parent: CollectionId,
        at: Timestamp,
        page: &PageRequest,
    ) -> Result<Page<PastCollection>, Error> {
        const CHILDREN: &str = concat!(
            states!("parent_id", "AND c.name > $4 ORDER BY c.name LIMIT $5"),
            "ORDER BY name LIMIT $5"
        );
        let workspace = self.workspace;
        let calls = [
            Call::new(KNOWN, vec![Box::new(workspace)]),
            Call::new(
                CHILDREN,
                vec![
                    Box::new(workspace),
                    Box::new(parent.into_raw()),
                    Box::new(at.millis()),
                    Box::new(after(page)?),
                    Box::new(one_more(page.limit)),
                ],
            ),
        ];
        let [known, children] = self.snapshot(calls).await?;
        check_known(&known, at)?;
        let children = children.iter().map(collection);
        let children = children.collect::<Result<_, _>>()?;
        Ok(Page::cut(children, page.limit, |last: &PastCollection| {
            Cursor::new(last.name.as_str())
        }))
    }

    pub(in crate::postgres) async fn prunings(
        &self,
        page: &PageRequest,
    ) -> Result<Page<Pruning>, Error> {
        const PRUNINGS: &str = "SELECT number, before, at, via, principal, note, versions, \
             tombstones, collections, states, audit_entries, dead_letters FROM prunings \
             WHERE workspace_id = $1 AND number < $2 ORDER BY number DESC LIMIT $3";
        let before: i64 = match &page.after {
            Some(cursor) => cursor.as_str().parse().map_err(|_| Error::InvalidCursor)?,
            None => i64::MAX,
        };
        let limit = one_more(page.limit);
        let rows = self
            .rows(PRUNINGS, &[&self.workspace, &before, &limit])
            .await?;
        let found = rows.iter().map(|row| Ok((natural(row, 0)?, pruning(row)?)));
        let found = found.collect::<Result<_, Error>>()?;
        let page = Page::cut(found, page.limit, |(number, _): &(u64, Pruning)| {
            Cursor::new(number.to_string())
        });
        Ok(Page {
            items: page.items.into_iter().map(|(_, pruning)| pruning).collect(),
            next: page.next,
        })
    }
}

/// Refuses an instant of which something was forgotten.
fn check_known(known: &[Row], at: Timestamp) -> Result<(), Error> {
    let known: Option<i64> = known.first().map_or(Ok(None), |row| row.try_get(0))?;
    match known.map(Timestamp::from_millis) {
        Some(known_since) if at < known_since => Err(Error::Forgotten { known_since }),
        _ => Ok(()),
    }
}

fn collection(row: &Row) -> Result<PastCollection, Error> {
    let parent: Option<i64> = row.try_get(1)?;
    Ok(PastCollection {
        id: CollectionId::from_raw(row.try_get(0)?),
        parent: parent.map(CollectionId::from_raw),
        name: CollectionName::from_stored(row.try_get(2)?),
        kind: collection_kind(row, 3)?,
        details: details(row, 5)?,
        properties: properties(row, 12)?,
        since: Timestamp::from_millis(row.try_get(11)?),
    })
}

fn entry(row: &Row) -> Result<PastEntry, Error> {
    Ok(PastEntry {
        name: ObjectName::from_stored(row.try_get(13)?),
        version: version(row)?,
    })
}

pub(in crate::postgres) fn pruning(row: &Row) -> Result<Pruning, Error> {
    Ok(Pruning {
        before: Timestamp::from_millis(row.try_get(1)?),
        cause: cause(row, 2)?,
        pruned: Pruned {
            versions: natural(row, 6)?,
            tombstones: natural(row, 7)?,
            collections: natural(row, 8)?,
            states: natural(row, 9)?,
            audit_entries: natural(row, 10)?,
            dead_letters: natural(row, 11)?,
        },
    })
}
