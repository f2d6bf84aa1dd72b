//! Deleted collections.

use super::scene::{Scene, at, cause, event, ics};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    CollectionName, ComponentKind, Delete, Error, MoveCollection, NewCollection, NewPrincipal,
    PageRequest, PrincipalName, Put, SpanQuery, Store,
};

pub(super) async fn keeps_deleted_collections(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let outer = scene.folder("outer").await?;
    let name = CollectionName::new("inner")?;
    let inner = NewCollection::calendar(outer, name, [ComponentKind::Event]);
    let inner = store.create_collection(inner, &cause(1)).await?.id;
    store
        .put(Put::new(inner, ics("a")?, event("a", "A")), &cause(1))
        .await?;
    store.delete_collection(outer, &cause(2)).await?;

    for id in [outer, inner] {
        ensure_eq!(
            store.collection(id).await?,
            None,
            "a collection in the trash"
        );
        let refused = store.delete_collection(id, &cause(3)).await;
        ensure_refused!(refused, Error::NotFound, "deleting what is in the trash");
    }
    ensure_eq!(
        store.object(inner, &ics("a")?).await?,
        None,
        "an object in the trash"
    );
    let put = Put::new(inner, ics("b")?, event("b", "B"));
    let refused = store.put(put.clone(), &cause(3)).await;
    ensure_refused!(refused, Error::ParentMissing, "a put into the trash");
    let refused = store.delete(Delete::new(inner, ics("a")?), &cause(3)).await;
    ensure_refused!(refused, Error::NotFound, "a deletion in the trash");
    let refused = store.entries(inner, PageRequest::first(9)).await;
    ensure_refused!(refused, Error::NotFound, "a listing of the trash");
    let refused = store.changes(inner, None, 9).await;
    ensure_refused!(refused, Error::NotFound, "changes in the trash");
    let query = SpanQuery::new(inner, crate::Span::ALWAYS);
    let refused = store.overlapping(query, PageRequest::first(9)).await;
    ensure_refused!(refused, Error::NotFound, "a query of the trash");

    // The name is free at once.
    let taken = scene.folder("outer").await?;
    let trash = store.trash(scene.ada.id).await?;
    let trashed: Vec<_> = trash.iter().map(|(when, each)| (*when, each.id)).collect();
    ensure_eq!(trashed, [(at(2), outer)], "the trash");
    let back = |name| {
        Ok::<_, Error>(MoveCollection {
            id: outer,
            parent: scene.home.id,
            name: CollectionName::new(name)?,
        })
    };
    let refused = store.restore_collection(back("outer")?, &cause(4)).await;
    ensure_refused!(refused, Error::Exists, "restoring to a name that is taken");
    let restored = store
        .restore_collection(back("restored")?, &cause(4))
        .await?;
    ensure_eq!(restored.id, outer, "the collection that was restored");
    let object = store.object(inner, &ics("a")?).await?;
    ensure!(
        object.is_some(),
        "an object was not restored with its collection"
    );
    store.put(put, &cause(5)).await?;
    ensure!(
        store.trash(scene.ada.id).await?.is_empty(),
        "the trash is not empty"
    );
    let refused = store.restore_collection(back("again")?, &cause(6)).await;
    ensure_refused!(
        refused,
        Error::NotFound,
        "restoring what is not in the trash"
    );
    let found = store
        .child(scene.home.id, &CollectionName::new("outer")?)
        .await?;
    let found = found.ok_or_else(|| Broken::new("the new collection is gone"))?;
    ensure_eq!(found.id, taken, "the collection that took the name");
    Ok(())
}

pub(super) async fn leaves_the_trash_with_its_owner(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let outer = scene.folder("outer").await?;
    let name = CollectionName::new("inner")?;
    let inner = NewCollection::calendar(outer, name.clone(), [ComponentKind::Event]);
    let inner = store.create_collection(inner, &cause(1)).await?.id;
    let put = Put::new(inner, ics("a")?, event("a", "A"));
    store.put(put, &cause(1)).await?;
    store.delete_collection(inner, &cause(2)).await?;

    let bob = NewPrincipal::new(PrincipalName::new("bob")?);
    let bob = store.create_principal(bob, &cause(3)).await?;
    let to = MoveCollection {
        id: outer,
        parent: store.home(bob.id).await?.id,
        name: CollectionName::new("outer")?,
    };
    let moved = store.move_collection(to, &cause(3)).await?;
    ensure_eq!(moved.owner, bob.id, "the owner after a move");
    ensure!(
        store.trash(bob.id).await?.is_empty(),
        "what one has deleted is in the trash of another"
    );
    store.remove_principal(bob.id, &cause(4)).await?;
    let trash = store.trash(scene.ada.id).await?;
    let trashed: Vec<_> = trash.iter().map(|(_, each)| each.id).collect();
    ensure_eq!(trashed, [inner], "the trash of who has deleted it");
    let back = MoveCollection {
        id: inner,
        parent: scene.home.id,
        name,
    };
    store.restore_collection(back, &cause(5)).await?;
    let object = store.object(inner, &ics("a")?).await?;
    ensure!(object.is_some(), "an object went with another's principal");
    Ok(())
}
