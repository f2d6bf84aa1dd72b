//! Uniqueness of UIDs.

use super::scene::{Scene, cause, event, ics};
use super::{Broken, Outcome, ensure_eq, ensure_refused};
use crate::{CollectionName, ComponentKind, Error, NewCollection, Put, Store, Uid};

pub(super) async fn keeps_uids_unique(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    scene.put("lunch", "Lunch").await?;
    let put = async |name: &str, uid: &str| {
        let put = Put::new(scene.calendar, ics(name)?, event(uid, "Again"));
        store.put(put, &cause(2)).await.map_err(Broken::from)
    };
    let copy = Put::new(scene.calendar, ics("copy")?, event("lunch", "Again"));
    match store.put(copy.clone(), &cause(2)).await {
        Err(Error::UidConflict { holder }) => {
            ensure_eq!(holder, ics("lunch")?, "the object that has the UID");
        }
        other => return Err(Broken::new(format!("a UID twice: {other:?}"))),
    }
    // Compared byte for byte.
    put("shouted", "LUNCH").await?;
    // An object may take another UID, and the one it had is free.
    put("lunch", "dinner").await?;
    put("copy", "lunch").await?;
    let found = store
        .object_by_uid(scene.calendar, &Uid::new("lunch")?)
        .await?;
    ensure_eq!(
        found.map(|object| object.entry.name),
        Some(ics("copy")?),
        "who has the UID"
    );

    // What was deleted has neither name nor UID any more.
    scene.delete("copy").await?;
    scene.put("lunch", "Lunch").await?;
    scene.delete("lunch").await?;
    put("other", "lunch").await?;
    put("lunch", "brunch").await?;
    let refused = store.put(copy, &cause(3)).await;
    ensure_refused!(
        refused,
        Error::UidConflict { .. },
        "a UID twice after deletions"
    );

    let name = CollectionName::new("work")?;
    let work = NewCollection::calendar(scene.home.id, name, [ComponentKind::Event]);
    let work = store.create_collection(work, &cause(4)).await?;
    store
        .put(
            Put::new(work.id, ics("lunch")?, event("lunch", "Lunch")),
            &cause(4),
        )
        .await?;
    Ok(())
}
