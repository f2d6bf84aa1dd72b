//! Forgetting what is older than the retention.

use std::sync::Arc;

use rusqlite::{Connection, Row, Transaction, TransactionBehavior, params};

use super::Place;
use super::audit::Heads;
use super::connection::patiently;
use super::readers::Reader;
use super::row::{cause, integer, natural, one_more};
use super::words;
use crate::audit::Audited;
use crate::{
    AuditAction, AuditChain, Cause, Cursor, Error, OldLetters, Page, PageRequest, PrincipalId,
    PrincipalName, Pruned, Pruning, Timestamp,
};

pub(super) fn prune(
    connection: &Connection,
    place: &Place,
    before: Timestamp,
    cause: &Cause,
) -> Result<Pruned, Error> {
    let begin = || Transaction::new_unchecked(connection, TransactionBehavior::Immediate);
    let transaction = patiently(begin)?;
    let pruned = Pruned {
        collections: collections(&transaction, before)?,
        versions: versions(&transaction, before)?,
        tombstones: tombstones(&transaction, before)?,
        states: states(&transaction, before)?,
        audit_entries: audit_entries(&transaction, place, before)?,
        dead_letters: 0,
    };
    if pruned != Pruned::default() {
        let cause = cause.clone();
        record(
            &transaction,
            place,
            &Pruning {
                before,
                cause,
                pruned,
            },
        )?;
    }
    patiently(|| transaction.execute_batch("COMMIT"))?;
    Ok(pruned)
}

/// Forgets dead letters.
pub(super) fn prune_dead_letters(
    connection: &Connection,
    place: &Place,
    old: OldLetters,
    cause: &Cause,
) -> Result<u64, Error> {
    const OLD: &str = "DELETE FROM jobs WHERE workspace_id = ?1 AND dead_at < ?2";
    const MANY: &str = "DELETE FROM jobs WHERE job_id IN (SELECT job_id FROM jobs \
         WHERE workspace_id = ?1 AND dead_at IS NOT NULL \
         ORDER BY dead_at DESC, job_id LIMIT -1 OFFSET ?2)";
    let begin = || Transaction::new_unchecked(connection, TransactionBehavior::Immediate);
    let transaction = patiently(begin)?;
    let removed = transaction.execute(OLD, (place.workspace, old.before.millis()))?
        + transaction.execute(MANY, (place.workspace, integer(old.kept)))?;
    let pruned = Pruned {
        dead_letters: u64::try_from(removed).unwrap_or(u64::MAX),
        ..Pruned::default()
    };
    if pruned.dead_letters > 0 {
        let pruning = Pruning {
            before: Timestamp::BEGINNING,
            cause: cause.clone(),
            pruned,
        };
        record(&transaction, place, &pruning)?;
    }
    patiently(|| transaction.execute_batch("COMMIT"))?;
    Ok(pruned.dead_letters)
}

/// Records what was forgotten, in the table of prunings and in the chain of the store.
fn record(connection: &Connection, place: &Place, pruning: &Pruning) -> Result<(), Error> {
    const RECORD: &str = "INSERT INTO prunings (workspace_id, number, before, at, via, principal, \
         note, versions, tombstones, collections, states, audit_entries, dead_letters) \
         SELECT ?1, coalesce(max(number), 0) + 1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12 \
         FROM prunings WHERE workspace_id = ?1";
    let Pruning {
        before,
        cause,
        pruned,
    } = pruning;
    connection.execute(
        RECORD,
        params![
            place.workspace,
            before.millis(),
            cause.at.millis(),
            cause.via.as_str(),
            cause.principal.as_ref().map(PrincipalName::as_str),
            cause.note,
            integer(pruned.versions),
            integer(pruned.tombstones),
            integer(pruned.collections),
            integer(pruned.states),
            integer(pruned.audit_entries),
            integer(pruned.dead_letters),
        ],
    )?;
    let summary = pruning.summary();
    let audited = Audited::object(AuditAction::Prune, &summary, None, None);
    let mut heads = Heads::default();
    let (next, cause) = ((AuditChain::Store, None), Arc::new(cause.clone()));
    heads.append((connection, place), next, &cause, &audited)?;
    heads.keep();
    heads.write(connection, place)
}

fn states(connection: &Connection, before: Timestamp) -> rusqlite::Result<u64> {
    const STATES: &str = "DELETE FROM past_collections WHERE ended_at < ?1";
    let removed = connection.execute(STATES, [before.millis()])?;
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

/// Removes the oldest entries of each chain, and keeps the hash of the last of
/// them. A chain in which that one is missing was tampered with and stays as it is.
fn audit_entries(
    connection: &Connection,
    place: &Place,
    before: Timestamp,
) -> rusqlite::Result<u64> {
    const CUTS: &str = "SELECT cut.chain, cut.number, e.hash FROM (\
         SELECT c.chain, c.pruned, coalesce((SELECT e.number FROM audit_entries e \
         WHERE e.workspace_id = ?1 AND e.chain = c.chain AND e.at >= ?2 \
         ORDER BY e.number LIMIT 1) - 1, c.number) AS number FROM audit_chains c \
         WHERE c.workspace_id = ?1) cut \
         JOIN audit_entries e ON e.workspace_id = ?1 AND e.chain = cut.chain \
         AND e.number = cut.number WHERE cut.number > cut.pruned";
    const ANCHOR: &str = "UPDATE audit_chains SET pruned = ?3, anchor = ?4 \
         WHERE workspace_id = ?1 AND chain = ?2";
    const REMOVE: &str = "DELETE FROM audit_entries \
         WHERE workspace_id = ?1 AND chain = ?2 AND number <= ?3";
    let mut cuts = connection.prepare(CUTS)?;
    let cuts = cuts.query_map((place.workspace, before.millis()), |row| {
        Ok((row.get(0)?, row.get(1)?, row.get(2)?))
    })?;
    let cuts = cuts.collect::<Result<Vec<(i64, i64, Vec<u8>)>, _>>()?;
    let mut removed = 0;
    for (chain, cut, hash) in cuts {
        connection.execute(ANCHOR, (place.workspace, chain, cut, hash))?;
        removed += connection.execute(REMOVE, (place.workspace, chain, cut))?;
    }
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

impl Reader<'_> {
    pub(super) fn prunings(&self, page: &PageRequest) -> Result<Page<Pruning>, Error> {
        const PRUNINGS: &str = "SELECT number, before, at, via, principal, note, versions, \
             tombstones, collections, states, audit_entries, dead_letters FROM prunings \
             WHERE workspace_id = ?1 AND number < ?2 ORDER BY number DESC LIMIT ?3";
        let before = match &page.after {
            Some(cursor) => cursor.as_str().parse().map_err(|_| Error::InvalidCursor)?,
            None => i64::MAX,
        };
        let key = (self.workspace, before, one_more(page.limit));
        let found = self.rows(PRUNINGS, key, pruning)?;
        let page = Page::cut(found, page.limit, |(number, _): &(u64, Pruning)| {
            Cursor::new(number.to_string())
        });
        Ok(Page {
            items: page.items.into_iter().map(|(_, pruning)| pruning).collect(),
            next: page.next,
        })
    }

    /// Refuses an instant of which something was forgotten.
    pub(super) fn check_known(&self, at: Timestamp) -> Result<(), Error> {
        const KNOWN: &str = "SELECT max(before) FROM prunings WHERE workspace_id = ?1";
        let known: Option<Option<i64>> = self.row(KNOWN, [self.workspace], |row| row.get(0))?;
        match known.flatten().map(Timestamp::from_millis) {
            Some(known_since) if at < known_since => Err(Error::Forgotten { known_since }),
            _ => Ok(()),
        }
    }
}

/// A pruning with its number.
pub(super) fn pruning(row: &Row<'_>) -> rusqlite::Result<(u64, Pruning)> {
    let pruned = Pruned {
        versions: natural(row, 6)?,
        tombstones: natural(row, 7)?,
        collections: natural(row, 8)?,
        states: natural(row, 9)?,
        audit_entries: natural(row, 10)?,
        dead_letters: natural(row, 11)?,
    };
    let (before, cause) = (Timestamp::from_millis(row.get(1)?), cause(row, 2)?);
    let pruning = Pruning {
        before,
        cause,
        pruned,
    };
    Ok((natural(row, 0)?, pruning))
}

fn collections(connection: &Connection, before: Timestamp) -> rusqlite::Result<u64> {
    const OLD: &str = "SELECT collection_id FROM collections WHERE trashed_at < ?1";
    let count = format!("SELECT count(*) FROM ({OLD})");
    let count = connection.query_row(&count, [before.millis()], |row| natural(row, 0))?;
    words::remove(connection, OLD, before.millis())?;
    remove_bodies(connection, OLD, before.millis())?;
    let remove = format!("DELETE FROM collections WHERE collection_id IN ({OLD})");
    connection.execute(&remove, [before.millis()])?;
    Ok(count)
}

fn versions(connection: &Connection, before: Timestamp) -> rusqlite::Result<u64> {
    const BODIES: &str = "DELETE FROM bodies WHERE body_id IN \
         (SELECT body_id FROM versions WHERE ended_at < ?1)";
    const VERSIONS: &str = "DELETE FROM versions WHERE ended_at < ?1";
    connection.execute(BODIES, [before.millis()])?;
    let removed = connection.execute(VERSIONS, [before.millis()])?;
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

fn tombstones(connection: &Connection, before: Timestamp) -> rusqlite::Result<u64> {
    const FLOORS: &str = "UPDATE collections SET floor = max(floor, pruned.sequence) FROM \
         (SELECT collection_id, max(sequence) AS sequence FROM tombstones WHERE at < ?1 \
         GROUP BY collection_id) AS pruned WHERE collections.collection_id = pruned.collection_id";
    const TOMBSTONES: &str = "DELETE FROM tombstones WHERE at < ?1";
    connection.execute(FLOORS, params![before.millis()])?;
    let removed = connection.execute(TOMBSTONES, params![before.millis()])?;
    Ok(u64::try_from(removed).unwrap_or(u64::MAX))
}

/// Removes the bytes of everything that a principal owns.
pub(super) fn remove_bodies_of_owner(
    connection: &Connection,
    owner: PrincipalId,
) -> rusqlite::Result<()> {
    const OWNED: &str = "SELECT collection_id FROM collections WHERE owner_id = ?1";
    remove_bodies(connection, OWNED, owner.into_raw())
}

/// Removes the bytes of the collections that a query with one parameter selects.
fn remove_bodies(connection: &Connection, select: &str, key: i64) -> rusqlite::Result<()> {
    for table in ["objects", "versions"] {
        let remove = format!(
            "DELETE FROM bodies WHERE body_id IN \
             (SELECT body_id FROM {table} WHERE collection_id IN ({select}))"
        );
        connection.execute(&remove, [key])?;
    }
    Ok(())
}
