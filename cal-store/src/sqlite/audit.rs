//! The audit chains in SQLite.

use std::collections::HashMap;
use std::sync::Arc;

use rusqlite::{Connection, OptionalExtension, Row, params};

use super::Place;
use super::readers::Reader;
use super::row::{cause, integer, natural, one_more};
use crate::audit::Audited;
use crate::{
    AuditAction, AuditChain, AuditEntry, AuditHash, AuditHead, AuditPage, AuditRecord, Cause,
    Cursor, ETag, Error, Page, PageRequest, PrincipalName,
};

/// Where the chains stand that a physical transaction adds to. Nobody else
/// writes meanwhile, so each head is read once and written once, at its end.
#[derive(Debug, Default)]
pub(super) struct Heads {
    /// With all transactions so far that stand.
    standing: HashMap<AuditChain, (u64, AuditHash)>,
    /// With the one in progress.
    begun: HashMap<AuditChain, (u64, AuditHash)>,
}

impl Heads {
    /// The transaction in progress stands.
    pub(super) fn keep(&mut self) {
        self.standing.extend(self.begun.drain());
    }

    /// The transaction in progress was taken back.
    pub(super) fn take_back(&mut self) {
        self.begun.clear();
    }

    /// Writes where the chains stand: the last thing before a commit.
    pub(super) fn write(&self, connection: &Connection, place: &Place) -> Result<(), Error> {
        const HEAD: &str = "INSERT INTO audit_chains (workspace_id, chain, number, hash, pruned, \
             anchor) VALUES (?1, ?2, ?3, ?4, 0, zeroblob(32)) \
             ON CONFLICT DO UPDATE SET number = excluded.number, hash = excluded.hash";
        let mut write = connection.prepare_cached(HEAD)?;
        for (chain, (number, hash)) in &self.standing {
            let (workspace, chain) = (place.workspace, chain.into_raw());
            write.execute((workspace, chain, integer(*number), hash.as_bytes()))?;
        }
        Ok(())
    }

    fn last(
        &self,
        connection: &Connection,
        place: &Place,
        chain: AuditChain,
    ) -> Result<(u64, AuditHash), Error> {
        const LAST: &str = "SELECT number, hash FROM audit_chains \
             WHERE workspace_id = ?1 AND chain = ?2";
        let known = self.begun.get(&chain).or_else(|| self.standing.get(&chain));
        if let Some(last) = known {
            return Ok(*last);
        }
        let last = connection
            .prepare_cached(LAST)?
            .query_row((place.workspace, chain.into_raw()), |row| {
                Ok((natural(row, 0)?, hash(row, 1)?))
            })
            .optional()?;
        Ok(last.unwrap_or((0, AuditHash::START)))
    }

    /// Adds an entry to a chain: under this number, or the next one.
    pub(super) fn append(
        &mut self,
        (connection, place): (&Connection, &Place),
        (chain, number): (AuditChain, Option<u64>),
        cause: &Arc<Cause>,
        audited: &Audited<'_>,
    ) -> Result<(), Error> {
        const ENTRY: &str = "INSERT INTO audit_entries (workspace_id, chain, number, at, via, \
             principal, note, action, subject, name, before, after, hash) \
             VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
        let (last, previous) = self.last(connection, place, chain)?;
        let number = number.unwrap_or_else(|| last.saturating_add(1));
        let entry = audited.entry(chain, number, cause);
        let hash = entry.hash(&previous);
        connection.prepare_cached(ENTRY)?.execute(params![
            place.workspace,
            chain.into_raw(),
            integer(number),
            cause.at.millis(),
            cause.via.as_str(),
            cause.principal.as_ref().map(PrincipalName::as_str),
            cause.note,
            entry.action.as_str(),
            entry.subject,
            entry.name,
            entry.before.as_ref().map(ETag::as_bytes),
            entry.after.as_ref().map(ETag::as_bytes),
            hash.as_bytes(),
        ])?;
        self.begun.insert(chain, (number, hash));
        Ok(())
    }
}

impl Reader<'_> {
    pub(super) fn audit_chains(&self, page: &PageRequest) -> Result<Page<AuditChain>, Error> {
        const CHAINS: &str = "SELECT chain FROM (\
             SELECT chain FROM audit_chains WHERE workspace_id = ?1 UNION \
             SELECT DISTINCT chain FROM audit_entries WHERE workspace_id = ?1 UNION \
             SELECT collection_id FROM collections WHERE workspace_id = ?1 AND sequence > 0) \
             WHERE chain > ?2 ORDER BY chain LIMIT ?3";
        let after = match &page.after {
            Some(cursor) => cursor.as_str().parse().map_err(|_| Error::InvalidCursor)?,
            None => i64::MIN,
        };
        let key = (self.workspace, after, one_more(page.limit));
        let chains = self.rows(CHAINS, key, |row| Ok(AuditChain::from_raw(row.get(0)?)))?;
        Ok(Page::cut(chains, page.limit, |last: &AuditChain| {
            Cursor::new(last.into_raw().to_string())
        }))
    }

    pub(super) fn audit(
        &self,
        chain: AuditChain,
        after: u64,
        limit: usize,
    ) -> Result<AuditPage, Error> {
        const ENTRIES: &str = "SELECT number, at, via, principal, note, action, subject, name, \
             before, after, hash FROM audit_entries \
             WHERE workspace_id = ?1 AND chain = ?2 AND number > ?3 ORDER BY number LIMIT ?4";
        let head = self.audit_head(chain)?;
        let (workspace, raw) = (self.workspace, chain.into_raw());
        let key = (workspace, raw, integer(after), one_more(limit));
        let mut records = self.rows(ENTRIES, key, |row| record(chain, row))?;
        let more = records.len() > limit;
        records.truncate(limit);
        Ok(AuditPage {
            head,
            records,
            more,
        })
    }

    fn audit_head(&self, chain: AuditChain) -> Result<AuditHead, Error> {
        const HEAD: &str = "SELECT number, hash, pruned, anchor FROM audit_chains \
             WHERE workspace_id = ?1 AND chain = ?2";
        const SEQUENCE: &str = "SELECT sequence FROM collections WHERE collection_id = ?1";
        let raw = chain.into_raw();
        let head = self.row(HEAD, (self.workspace, raw), |row| {
            Ok(AuditHead {
                chain,
                number: natural(row, 0)?,
                hash: hash(row, 1)?,
                pruned: natural(row, 2)?,
                anchor: hash(row, 3)?,
                sequence: None,
            })
        })?;
        Ok(AuditHead {
            sequence: self.row(SEQUENCE, [raw], |row| natural(row, 0))?,
            ..head.unwrap_or_else(|| AuditHead::start(chain))
        })
    }
}

/// An entry as it is kept. What no program of ours writes becomes a hash that
/// does not fit, not an error: it is for the check to name it.
pub(super) fn record(chain: AuditChain, row: &Row<'_>) -> rusqlite::Result<AuditRecord> {
    let action: String = row.get(5)?;
    let (action, known) = match action.parse() {
        Ok(action) => (action, true),
        Err(_) => (AuditAction::Put, false),
    };
    let entry = AuditEntry {
        chain,
        number: natural(row, 0)?,
        cause: Arc::new(cause(row, 1)?),
        action,
        subject: row.get(6)?,
        name: row.get(7)?,
        before: row.get::<_, Option<_>>(8)?.map(ETag::from_bytes),
        after: row.get::<_, Option<_>>(9)?.map(ETag::from_bytes),
    };
    let hash = if known {
        hash(row, 10)?
    } else {
        AuditHash::START
    };
    Ok(AuditRecord { entry, hash })
}

pub(super) fn hash(row: &Row<'_>, column: usize) -> rusqlite::Result<AuditHash> {
    let bytes: Vec<u8> = row.get(column)?;
    Ok(bytes
        .try_into()
        .map_or(AuditHash::START, AuditHash::from_bytes))
}
