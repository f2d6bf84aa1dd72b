//! Reading the audit chains.

use std::sync::Arc;

use tokio_postgres::Row;

use super::Reader;
use crate::postgres::pipeline::Call;
use crate::postgres::row::{audit_hash, cause, integer, natural, one_more};
use crate::{
    AuditAction, AuditChain, AuditEntry, AuditHash, AuditHead, AuditPage, AuditRecord, Cursor,
    ETag, Error, Page, PageRequest,
};

impl Reader {
    pub(in crate::postgres) async fn audit_chains(
        &self,
        page: &PageRequest,
    ) -> Result<Page<AuditChain>, Error> {
        // The chains of entries are found by one step through the index for
        // each, not for each of their entries.
        const CHAINS: &str = "WITH RECURSIVE walk (chain, step) AS (\
             (SELECT chain, 1::bigint FROM audit_entries WHERE workspace_id = $1 AND chain > $2 \
             ORDER BY chain LIMIT 1) UNION ALL \
             SELECT (SELECT e.chain FROM audit_entries e WHERE e.workspace_id = $1 \
             AND e.chain > walk.chain ORDER BY e.chain LIMIT 1), step + 1 FROM walk \
             WHERE walk.chain IS NOT NULL AND step < $3) \
             SELECT chain FROM (\
             (SELECT chain FROM audit_chains WHERE workspace_id = $1 AND chain > $2 \
             ORDER BY chain LIMIT $3) UNION \
             (SELECT collection_id FROM collections WHERE workspace_id = $1 \
             AND collection_id > $2 AND sequence > 0 ORDER BY collection_id LIMIT $3) UNION \
             SELECT chain FROM walk WHERE chain IS NOT NULL) found ORDER BY chain LIMIT $3";
        let after: i64 = match &page.after {
            Some(cursor) => cursor.as_str().parse().map_err(|_| Error::InvalidCursor)?,
            None => i64::MIN,
        };
        let limit = one_more(page.limit);
        let rows = self
            .rows(CHAINS, &[&self.workspace, &after, &limit])
            .await?;
        let chains = rows
            .iter()
            .map(|row| Ok(AuditChain::from_raw(row.try_get(0)?)));
        let chains = chains.collect::<Result<Vec<_>, Error>>()?;
        Ok(Page::cut(chains, page.limit, |last: &AuditChain| {
            Cursor::new(last.into_raw().to_string())
        }))
    }

    pub(in crate::postgres) async fn audit(
        &self,
        chain: AuditChain,
        after: u64,
        limit: usize,
    ) -> Result<AuditPage, Error> {
        const HEAD: &str = "SELECT number, hash, pruned, anchor FROM audit_chains \
             WHERE workspace_id = $1 AND chain = $2";
        const SEQUENCE: &str =
            "SELECT sequence FROM collections WHERE workspace_id = $1 AND collection_id = $2";
        const ENTRIES: &str = "SELECT number, at, via, principal, note, action, subject, name, \
             before, after, hash FROM audit_entries \
             WHERE workspace_id = $1 AND chain = $2 AND number > $3 ORDER BY number LIMIT $4";
        let (workspace, raw) = (self.workspace, chain.into_raw());
        let calls = [
            Call::new(HEAD, vec![Box::new(workspace), Box::new(raw)]),
            Call::new(SEQUENCE, vec![Box::new(workspace), Box::new(raw)]),
            Call::new(
                ENTRIES,
                vec![
                    Box::new(workspace),
                    Box::new(raw),
                    Box::new(integer(after)),
                    Box::new(one_more(limit)),
                ],
            ),
        ];
        let [heads, sequences, entries] = self.snapshot(calls).await?;
        let head = heads.first().map(|row| head(chain, row)).transpose()?;
        let sequence = sequences.first().map(|row| natural(row, 0)).transpose()?;
        let records = entries.iter().take(limit).map(|row| record(chain, row));
        Ok(AuditPage {
            head: AuditHead {
                sequence,
                ..head.unwrap_or_else(|| AuditHead::start(chain))
            },
            records: records.collect::<Result<_, _>>()?,
            more: entries.len() > limit,
        })
    }
}

fn head(chain: AuditChain, row: &Row) -> Result<AuditHead, Error> {
    Ok(AuditHead {
        chain,
        number: natural(row, 0)?,
        hash: audit_hash(row, 1)?,
        pruned: natural(row, 2)?,
        anchor: audit_hash(row, 3)?,
        sequence: None,
    })
}

/// An entry as it is kept. What no program of ours writes becomes a hash that
/// does not fit, not an error: it is for the check to name it.
pub(in crate::postgres) fn record(chain: AuditChain, row: &Row) -> Result<AuditRecord, Error> {
    let action: &str = row.try_get(5)?;
    let (before, after) = (tag(row, 8)?, tag(row, 9)?);
    let (action, hash) = match (action.parse(), before, after) {
        (Ok(action), Ok(_), Ok(_)) => (action, audit_hash(row, 10)?),
        _ => (AuditAction::Put, AuditHash::START),
    };
    let entry = AuditEntry {
        chain,
        number: natural(row, 0)?,
        cause: Arc::new(cause(row, 1)?),
        action,
        subject: row.try_get(6)?,
        name: row.try_get(7)?,
        before: before.ok().flatten(),
        after: after.ok().flatten(),
    };
    Ok(AuditRecord { entry, hash })
}

/// A tag, if there is one; and an inner error if what is there is none.
fn tag(row: &Row, column: usize) -> Result<Result<Option<ETag>, NoTag>, Error> {
    let bytes: Option<&[u8]> = row.try_get(column)?;
    Ok(match bytes.map(TryInto::try_into) {
        None => Ok(None),
        Some(Ok(bytes)) => Ok(Some(ETag::from_bytes(bytes))),
        Some(Err(_)) => Err(NoTag),
    })
}

/// What is kept where a tag should be has another length.
#[derive(Debug, Clone, Copy)]
struct NoTag;
