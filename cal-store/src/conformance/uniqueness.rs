//! Uniqueness of UIDs.

use super::scene::{Scene, cause, event, ics};
use super::{Broken, Outcome, ensure_eq, ensure_refused};
use crate::{
    CollectionName, ComponentKind, Delete, Error, NewCollection, Place, Put, Relocate, Relocation,
    Store, Uid,
};

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
    // The UID that a deleted object had is free, and so is its name.
    scene.delete("lunch").await?;
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
    scene.delete("lunch").await?;
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

pub(super) async fn keeps_the_uid_of_an_object(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let stored = scene.put("lunch", "Lunch").await?;
    let other = Put::new(scene.calendar, ics("lunch")?, event("dinner", "Dinner"));
    let refused = store.put(other.clone(), &cause(2)).await;
    ensure_refused!(
        refused,
        Error::OtherUid { .. },
        "another UID over an object"
    );
    let name = CollectionName::new("work")?;
    let work = NewCollection::calendar(scene.home.id, name, [ComponentKind::Event]);
    let work = store.create_collection(work, &cause(2)).await?.id;
    let dinner = Put::new(work, ics("dinner")?, event("dinner", "Dinner"));
    store.put(dinner, &cause(2)).await?;
    let place = |collection, name| Place { collection, name };
    for how in [Relocation::Copy, Relocation::Move] {
        let from = place(work, ics("dinner")?);
        let over = Relocate::new(how, from, place(scene.calendar, ics("lunch")?));
        let refused = store.relocate(&over, &cause(3)).await;
        ensure_refused!(
            refused,
            Error::OtherUid { .. },
            "another UID moved or copied over an object"
        );
    }
    let kept = store.object(scene.calendar, &ics("lunch")?).await?;
    let etag = kept.map(|object| object.entry.etag);
    ensure_eq!(
        etag,
        Some(stored.etag),
        "the object that was to be replaced"
    );
    let free = store
        .object_by_uid(scene.calendar, &Uid::new("dinner")?)
        .await?;
    ensure_eq!(free, None, "what has the UID that was refused");
    // Who means to replace it says so: both together or neither.
    let delete = Delete::new(scene.calendar, ics("lunch")?);
    let edits = vec![delete.into(), other.into()];
    store.write_all(edits, &cause(4)).await?;
    Ok(())
}
