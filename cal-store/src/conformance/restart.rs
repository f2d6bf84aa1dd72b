//! What outlives the process.

use super::scene::{Scene, cause, event, ics};
use super::{Broken, Outcome, ensure_eq};
use crate::{Backend, Error, PageRequest, PasswordHash, Put, Store};

/// All that was acknowledged is there after the store was closed and opened
/// again; tokens from before go on.
///
/// `open` opens the same, at first empty, store each time.
///
/// # Errors
///
/// What is lost or changed.
pub async fn survives_reopening<B: Backend + 'static>(
    open: impl AsyncFn() -> Result<B, Error>,
) -> Outcome {
    let outcome = survives(open).await;
    let promise = "survives_reopening";
    outcome.map_err(|broken| Broken { promise, ..broken })
}

async fn survives<B: Backend + 'static>(open: impl AsyncFn() -> Result<B, Error>) -> Outcome {
    let store = Store::new(open().await?);
    let epoch = store.epoch();
    let scene = Scene::new(&store).await?;
    let (ada, calendar) = (scene.ada.clone(), scene.calendar);
    let hash = PasswordHash::new("$argon2id$x");
    store
        .set_password(ada.id, Some(hash.clone()), &cause(1))
        .await?;
    scene.put("a", "One").await?;
    let token = scene.put("a", "Two").await?.token;
    scene.put("b", "B").await?;
    scene.delete("b").await?;
    let before = store.changes(calendar, Some(&token), 10).await?;
    let entries = store.entries(calendar, PageRequest::first(10)).await?;
    drop(store);

    let store = Store::new(open().await?);
    ensure_eq!(store.epoch(), epoch, "the epoch");
    let found = store.principal(&ada.name).await?;
    ensure_eq!(found.map(|found| found.id), Some(ada.id), "the principal");
    ensure_eq!(store.password(ada.id).await?, Some(hash), "the password");
    let after = store.entries(calendar, PageRequest::first(10)).await?;
    ensure_eq!(after, entries, "the listing");
    let after = store.changes(calendar, Some(&token), 10).await?;
    ensure_eq!(after, before, "the changes since a token");
    let versions = store
        .versions(calendar, &ics("a")?, PageRequest::first(10))
        .await?;
    ensure_eq!(versions.items.len(), 2, "the versions");
    let report = store.verify_audit(&[]).await?;
    ensure_eq!(report.broken, [], "the audit chains that do not hold");
    let put = Put::new(calendar, ics("c")?, event("c", "C"));
    let stored = store.put(put, &cause(9)).await?;
    let next = before.token.sequence() + 1;
    ensure_eq!(stored.token.sequence(), next, "the next sequence");
    Ok(())
}
