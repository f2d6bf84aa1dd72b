//! Forgetting what is older than the retention, files that no event names, and
//! dead letters, once a day.

use cal_store::{Cause, Error as StoreError, Store, Timestamp};

/// Days that things are kept; for ever where there are none.
#[derive(Debug, Clone, Copy)]
pub(super) struct Kept {
    pub(super) history: Option<u32>,
    pub(super) dead_letters: Option<u32>,
}

pub(super) async fn run(store: &Store, kept: Kept, cause: &Cause) -> Result<(), StoreError> {
    if let Some(days) = kept.history {
        let before = cause.at.days_before(days);
        // One that is being put into an event, or taken from one to another, stays.
        let yesterday = cause.at.days_before(1);
        let attachments = store.prune_attachments(yesterday, cause).await?;
        let pruned = store.prune(before, cause).await?;
        tracing::info!(
            days,
            versions = pruned.versions,
            deletions = pruned.tombstones,
            collections = pruned.collections,
            attachments,
            "what is older was forgotten"
        );
    }
    let before = match kept.dead_letters {
        Some(days) => cause.at.days_before(days),
        // Their number is bounded all the same.
        None => Timestamp::BEGINNING,
    };
    let jobs = store.prune_dead_letters(before, cause).await?;
    if jobs > 0 {
        tracing::warn!(
            jobs,
            "jobs were forgotten that had been given up, see `cal jobs`"
        );
    }
    Ok(())
}
