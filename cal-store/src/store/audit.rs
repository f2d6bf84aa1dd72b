//! Reading and checking the audit chains.

use std::collections::HashMap;

use super::Store;
use crate::{
    AuditChain, AuditHead, AuditPage, AuditReport, BrokenChain, ChainCheck, Error, Page,
    PageRequest,
};

impl Store {
    /// All audit chains.
    ///
    /// # Errors
    ///
    /// [`Error::InvalidCursor`].
    pub async fn audit_chains(&self, page: PageRequest) -> Result<Page<AuditChain>, Error> {
        self.backend().audit_chains(self.bounded(page)).await
    }

    /// At most `limit` entries of a chain after one of its numbers, with where
    /// the chain stands.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`], as for all reads.
    pub async fn audit(
        &self,
        chain: AuditChain,
        after: u64,
        limit: usize,
    ) -> Result<AuditPage, Error> {
        let limit = limit.clamp(1, self.inner.limits.page_items);
        self.backend().audit(chain, after, limit).await
    }

    /// Checks every entry of every chain, also while others write.
    ///
    /// Whoever can write the storage below can make chains anew that hold
    /// among themselves. Heads that were noted earlier, out of their reach, are
    /// what proves otherwise: each `noted` chain must still have the entry with
    /// that number and hash, unless it was pruned.
    ///
    /// # Errors
    ///
    /// [`Error::Backend`] if the chains cannot be read; what is wrong with
    /// them is in the report.
    pub async fn verify_audit(&self, noted: &[AuditHead]) -> Result<AuditReport, Error> {
        let mut noted: HashMap<_, _> = noted.iter().map(|head| (head.chain, *head)).collect();
        let mut report = AuditReport::default();
        let mut request = Some(PageRequest::first(self.inner.limits.page_items));
        while let Some(page) = request {
            let limit = page.limit;
            let chains = self.backend().audit_chains(page).await?;
            for chain in chains.items {
                let noted = noted.remove(&chain);
                self.verify_chain(chain, noted, &mut report).await?;
            }
            request = chains.next.map(|next| PageRequest::after(next, limit));
        }
        for (chain, head) in noted {
            self.verify_chain(chain, Some(head), &mut report).await?;
        }
        Ok(report)
    }

    async fn verify_chain(
        &self,
        chain: AuditChain,
        noted: Option<AuditHead>,
        report: &mut AuditReport,
    ) -> Result<(), Error> {
        let mut check = ChainCheck::new(chain);
        if let Some(head) = noted.filter(|head| head.number > 0) {
            check = check.with_noted(head.number, head.hash);
        }
        report.chains += 1;
        loop {
            let page = self.audit(chain, check.number(), PAGE).await?;
            if let Err(fault) = check.page(&page) {
                report.broken.push(BrokenChain { chain, fault });
                break;
            }
            if !page.more {
                report.pruned += page.head.pruned;
                break;
            }
        }
        report.entries += check.entries();
        Ok(())
    }
}

/// Entries that are read at a time.
const PAGE: usize = 1_000;
