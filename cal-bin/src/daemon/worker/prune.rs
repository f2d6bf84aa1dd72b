//! Forgetting what is older than the retention, once a day.

use cal_store::{Cause, Error as StoreError, Store};

pub(super) async fn run(store: &Store, days: u32, cause: &Cause) -> Result<(), StoreError> {
    let before = cause.at.days_before(days);
    let pruned = store.prune(before, cause).await?;
    tracing::info!(
        days,
        versions = pruned.versions,
        deletions = pruned.tombstones,
        collections = pruned.collections,
        "what is older was forgotten"
    );
    Ok(())
}
