//! Reading the log: what has changed after a sequence.

use tokio_postgres::Row;

use super::Reader;
use crate::postgres::row::{entry, entry_columns, integer, natural, one_more, optional};
use crate::{CollectionId, Error, LogPage, LogQuery, MemberState, ObjectName, SyncChange};

/// The columns of the collection before those of a member: head and floor, the
/// member's name and sequence, and what it is: a child, or gone.
const ENTRY: usize = 6;

impl Reader {
    pub(in crate::postgres) async fn changes(&self, query: &LogQuery) -> Result<LogPage, Error> {
        // Each part is cut at the limit, so what is left of all is exact up to it.
        const CHANGES: &str = concat!(
            "SELECT c.sequence, c.floor, m.* FROM collections c LEFT JOIN LATERAL (\
             (SELECT o.name AS member, o.sequence AS place, NULL::bigint AS child, \
             false AS gone, ",
            entry_columns!(),
            " FROM objects o WHERE o.workspace_id = $1 AND o.collection_id = $2 \
             AND o.sequence > $3 ORDER BY o.sequence LIMIT $5) \
             UNION ALL \
             (SELECT d.name, d.parent_sequence, d.collection_id, false, \
             NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM collections d \
             WHERE d.workspace_id = $1 AND d.parent_id = $2 AND d.parent_sequence > $3 \
             AND d.trashed_at IS NULL ORDER BY d.parent_sequence LIMIT $5) \
             UNION ALL \
             (SELECT t.name, t.sequence, NULL, true, \
             NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL, NULL FROM tombstones t \
             WHERE t.workspace_id = $1 AND t.collection_id = $2 AND t.sequence > $4 \
             ORDER BY t.sequence LIMIT $5) \
             ORDER BY place LIMIT $5) m ON true \
             WHERE c.workspace_id = $1 AND c.collection_id = $2 AND c.trashed_at IS NULL \
             ORDER BY m.place"
        );
        let (id, after) = (query.collection.into_raw(), integer(query.after));
        let gone_after = integer(query.after.max(query.horizon));
        let limit = one_more(query.limit);
        let rows = self
            .rows(
                CHANGES,
                &[&self.workspace, &id, &after, &gone_after, &limit],
            )
            .await?;
        let first = rows.first().ok_or(Error::NotFound)?;
        let (head, floor) = (natural(first, 0)?, natural(first, 1)?);
        let mut changes = Vec::with_capacity(rows.len());
        for row in &rows {
            changes.extend(change(row)?);
        }
        let more = changes.len() > query.limit;
        changes.truncate(query.limit);
        Ok(LogPage {
            changes,
            head,
            floor,
            more,
        })
    }
}

/// The change that a row tells; nothing in the row of a collection without any.
fn change(row: &Row) -> Result<Option<SyncChange>, Error> {
    let Some(name) = optional(row, 2, ObjectName::from_stored)? else {
        return Ok(None);
    };
    let child = optional(row, 4, CollectionId::from_raw)?;
    let state = match child {
        Some(child) => MemberState::Collection(child),
        None if row.try_get(5)? => MemberState::Gone,
        None => MemberState::Object(entry(row, ENTRY)?),
    };
    Ok(Some(SyncChange {
        name,
        sequence: natural(row, 3)?,
        state,
    }))
}
