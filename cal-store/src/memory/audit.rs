//! The audit chains in memory.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::folder::Folder;
use super::state::State;
use crate::audit::Audited;
use crate::{
    AuditChain, AuditHash, AuditHead, AuditPage, AuditRecord, Cause, CollectionId, Cursor, Error,
    Page, PageRequest, Timestamp,
};

/// A chain with its entries by number.
#[derive(Debug, Clone)]
pub(super) struct Chain {
    pub(super) head: AuditHead,
    pub(super) records: BTreeMap<u64, Arc<AuditRecord>>,
}

impl State {
    /// Adds an entry to the chain of a collection, for the change of this sequence.
    pub(super) fn audit_member(
        &mut self,
        collection: CollectionId,
        sequence: u64,
        cause: &Arc<Cause>,
        audited: &Audited<'_>,
    ) {
        let chain = AuditChain::Collection(collection);
        self.chain(chain).append(sequence, cause, audited);
    }

    /// Adds an entry to the chain of the store.
    pub(super) fn audit_store(&mut self, cause: &Arc<Cause>, audited: &Audited<'_>) {
        let chain = self.chain(AuditChain::Store);
        chain.append(chain.head.number.saturating_add(1), cause, audited);
    }

    fn chain(&mut self, chain: AuditChain) -> &mut Chain {
        let new = || Chain {
            head: AuditHead::start(chain),
            records: BTreeMap::new(),
        };
        self.audit.entry(chain).or_insert_with(new)
    }

    pub(super) fn audit_chains(&self, page: &PageRequest) -> Result<Page<AuditChain>, Error> {
        let after = match &page.after {
            Some(cursor) => {
                let raw = cursor.as_str().parse().map_err(|_| Error::InvalidCursor)?;
                Bound::Excluded(AuditChain::from_raw(raw))
            }
            None => Bound::Unbounded,
        };
        let chains = self.audit.range((after, Bound::Unbounded));
        let chains = chains.map(|(chain, _)| *chain);
        let chains = chains.take(page.limit.saturating_add(1)).collect();
        Ok(Page::cut(chains, page.limit, |last: &AuditChain| {
            Cursor::new(last.into_raw().to_string())
        }))
    }

    pub(super) fn audit(&self, chain: AuditChain, after: u64, limit: usize) -> AuditPage {
        let sequence = match chain {
            AuditChain::Store => None,
            AuditChain::Collection(id) => self.folders.get(&id).map(Folder::sequence),
        };
        let found = self.audit.get(&chain);
        let head = found.map_or_else(|| AuditHead::start(chain), |chain| chain.head);
        let after = (Bound::Excluded(after), Bound::Unbounded);
        let records = found
            .into_iter()
            .flat_map(|chain| chain.records.range(after));
        let records = records.map(|(_, record)| AuditRecord::clone(record));
        let mut records: Vec<_> = records.take(limit.saturating_add(1)).collect();
        let more = records.len() > limit;
        records.truncate(limit);
        AuditPage {
            head: AuditHead { sequence, ..head },
            records,
            more,
        }
    }

    /// Forgets the oldest entries of each chain; answers how many.
    pub(super) fn prune_audit(&mut self, before: Timestamp) -> u64 {
        self.audit
            .values_mut()
            .map(|chain| chain.prune(before))
            .sum()
    }
}

impl Chain {
    fn append(&mut self, number: u64, cause: &Arc<Cause>, audited: &Audited<'_>) {
        let entry = audited.entry(self.head.chain, number, cause);
        let hash = entry.hash(&self.head.hash);
        (self.head.number, self.head.hash) = (number, hash);
        self.records
            .insert(number, Arc::new(AuditRecord { entry, hash }));
    }

    fn prune(&mut self, before: Timestamp) -> u64 {
        let old = |record: &Arc<AuditRecord>| record.entry.cause.at < before;
        let mut pruned = 0;
        while let Some(first) = self.records.first_entry().filter(|it| old(it.get())) {
            let AuditRecord { entry, hash } = &**first.get();
            (self.head.pruned, self.head.anchor) = (entry.number, AuditHash::clone(hash));
            first.remove();
            pruned += 1;
        }
        pruned
    }
}
