//! Forgetting what is older than the retention, once a day.

use cal_store::{Cause, Error as StoreError, Store};

pub(super) async fn run(store: &Store, days: u32, cause: &Cause) -> Result<(), StoreError> {
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
    Ok(())
}
