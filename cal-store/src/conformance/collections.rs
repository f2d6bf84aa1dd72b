//! The tree of collections.

use super::scene::{Scene, cause, event};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    CollectionId, CollectionName, ComponentKind, ContentType, Error, Location, MoveCollection,
    NewCollection, ObjectName, PageRequest, Place, Put, Relocate, Relocation, Store,
};

pub(super) async fn builds_a_tree(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let outer = scene.folder("Ordner mit Ümlaut & 100%").await?;
    let inner = NewCollection::plain(outer, CollectionName::new("inner")?);
    let inner = store.create_collection(inner, &cause(1)).await?;
    ensure_eq!(inner.parent, Some(outer), "the parent of a collection");
    ensure_eq!(inner.owner, scene.ada.id, "the owner of a collection");
    let work = NewCollection::calendar(
        inner.id,
        CollectionName::new("work")?,
        [ComponentKind::Event],
    )
    .with_display_name("Work");
    let work = store.create_collection(work, &cause(2)).await?;
    ensure_eq!(
        work.details.display_name.as_deref(),
        Some("Work"),
        "the name of a calendar"
    );
    ensure_eq!(
        store.collection(work.id).await?.as_ref(),
        Some(&work),
        "a collection by id"
    );

    let path = ["Ordner mit Ümlaut & 100%", "inner", "work"].map(ObjectName::new);
    let path = path.into_iter().collect::<Result<Vec<_>, _>>()?;
    let found = store.locate(&scene.ada.name, &path).await?;
    ensure_eq!(
        found,
        Location::Collection(Box::new(work.clone())),
        "a collection by path"
    );
    let mut below = path.clone();
    below.push(ObjectName::new("new.ics")?);
    let found = store.locate(&scene.ada.name, &below).await?;
    let expected = Location::Member {
        parent: Box::new(work.clone()),
        name: ObjectName::new("new.ics")?,
    };
    ensure_eq!(found, expected, "a member by path");
    below.push(ObjectName::new("deeper")?);
    let found = store.locate(&scene.ada.name, &below).await?;
    ensure_eq!(found, Location::Missing, "a path through nothing");

    refuses_wrong_places(&scene, outer, work.id).await?;
    let children = store
        .children(scene.home.id, PageRequest::first(10))
        .await?;
    let names: Vec<_> = children
        .items
        .iter()
        .map(|each| each.name.as_str())
        .collect();
    let expected = ["Ordner mit Ümlaut & 100%", "calendar", "tasks"];
    ensure_eq!(names, expected, "the children of the home, by name");
    Ok(())
}

async fn refuses_wrong_places(
    scene: &Scene<'_>,
    outer: CollectionId,
    work: CollectionId,
) -> Outcome {
    let store = scene.store;
    let make = async |parent, name| {
        let new = NewCollection::plain(parent, CollectionName::new(name)?);
        store.create_collection(new, &cause(3)).await
    };
    ensure_refused!(
        make(outer, "inner").await,
        Error::Exists,
        "a name that is taken"
    );
    ensure_refused!(
        make(work, "x").await,
        Error::WrongPlace,
        "a collection in a calendar"
    );
    let nowhere = make(CollectionId::random(), "x").await;
    ensure_refused!(nowhere, Error::ParentMissing, "a collection in nothing");

    let file = Put::new(outer, ObjectName::new("file")?, "any bytes")
        .with_content_type(ContentType::binary());
    store.put(file, &cause(4)).await?;
    ensure_refused!(
        make(outer, "file").await,
        Error::Exists,
        "the name of an object"
    );
    let over = Put::new(outer, ObjectName::new("inner")?, "any bytes");
    let refused = store.put(over, &cause(4)).await;
    ensure_refused!(
        refused,
        Error::Exists,
        "an object with the name of a collection"
    );
    let nowhere = Put::new(CollectionId::random(), ObjectName::new("x")?, "any bytes");
    let refused = store.put(nowhere, &cause(4)).await;
    ensure_refused!(refused, Error::ParentMissing, "an object in nothing");
    let refused = store.delete_collection(scene.home.id, &cause(5)).await;
    ensure_refused!(refused, Error::WrongPlace, "deleting a home");
    Ok(())
}

pub(super) async fn moves_subtrees(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let (one, two) = (scene.folder("one").await?, scene.folder("two").await?);
    let inner = NewCollection::calendar(one, CollectionName::new("inner")?, [ComponentKind::Event]);
    let inner = store.create_collection(inner, &cause(1)).await?;
    let name = ObjectName::new("a.ics")?;
    let stored = store
        .put(Put::new(inner.id, name.clone(), event("a", "A")), &cause(1))
        .await?;

    let to = |id, parent, name| {
        Ok::<_, Error>(MoveCollection {
            id,
            parent,
            name: CollectionName::new(name)?,
        })
    };
    let refused = store
        .move_collection(to(one, inner.id, "x")?, &cause(2))
        .await;
    ensure_refused!(refused, Error::WrongPlace, "a collection into itself");
    let refused = store
        .move_collection(to(one, scene.home.id, "two")?, &cause(2))
        .await;
    ensure_refused!(refused, Error::Exists, "a collection over another");
    let refused = store
        .move_collection(to(one, scene.calendar, "x")?, &cause(2))
        .await;
    ensure_refused!(refused, Error::WrongPlace, "a collection into a calendar");
    let refused = store
        .move_collection(to(scene.home.id, two, "x")?, &cause(2))
        .await;
    ensure_refused!(refused, Error::WrongPlace, "a home into a collection");

    let moved = store
        .move_collection(to(one, two, "uno")?, &cause(3))
        .await?;
    ensure_eq!(moved.parent, Some(two), "the parent of a moved collection");
    ensure_eq!(moved.name.as_str(), "uno", "the name of a moved collection");
    let old = store
        .child(scene.home.id, &CollectionName::new("one")?)
        .await?;
    ensure_eq!(old, None, "a collection under its old name");
    let path = ["two", "uno", "inner"].map(ObjectName::new);
    let path = path.into_iter().collect::<Result<Vec<_>, _>>()?;
    let Location::Collection(found) = store.locate(&scene.ada.name, &path).await? else {
        return Err(Broken::new("what is below a moved collection is lost"));
    };
    ensure_eq!(
        found.token,
        stored.token,
        "the token of a calendar that was moved"
    );
    let object = store.object(inner.id, &name).await?;
    ensure!(
        object.is_some(),
        "an object below a moved collection is lost"
    );
    Ok(())
}

/// A chain of folders below a parent, the outermost first.
async fn chain(
    scene: &Scene<'_>,
    mut parent: CollectionId,
    length: usize,
) -> Result<Vec<CollectionId>, Broken> {
    let mut made = Vec::new();
    for level in 0..length {
        let name = CollectionName::new(format!("{length}-{level}"))?;
        let new = NewCollection::plain(parent, name);
        parent = scene.store.create_collection(new, &cause(1)).await?.id;
        made.push(parent);
    }
    Ok(made)
}

pub(super) async fn bounds_the_depth(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let home = scene.home.id;
    let limit = store.limits().depth;
    let full = chain(&scene, home, limit).await?;
    let deepest = *full.last().unwrap_or(&home);
    let deeper = NewCollection::plain(deepest, CollectionName::new("x")?);
    let refused = store.create_collection(deeper, &cause(2)).await;
    ensure_refused!(refused, Error::Limit { .. }, "a collection made too deep");

    let pair = chain(&scene, home, 2).await?;
    let outer = *pair.first().unwrap_or(&home);
    // Two levels fit below the last but two, not below the last but one.
    let above = |levels: usize| full.iter().rev().nth(levels).copied().unwrap_or(home);
    let to = |parent| {
        Ok::<_, Error>(MoveCollection {
            id: outer,
            parent,
            name: CollectionName::new("pair")?,
        })
    };
    let refused = store.move_collection(to(above(1))?, &cause(3)).await;
    ensure_refused!(refused, Error::Limit { .. }, "a move that goes too deep");
    let place = |collection, name: &str| {
        let name = ObjectName::new(name)?;
        Ok::<_, Error>(Place { collection, name })
    };
    let copy = Relocate::new(
        Relocation::Copy,
        place(home, "2-0")?,
        place(above(1), "copy")?,
    );
    let refused = store.relocate(&copy, &cause(3)).await;
    ensure_refused!(refused, Error::Limit { .. }, "a copy that goes too deep");
    store.delete_collection(outer, &cause(4)).await?;
    let refused = store.restore_collection(to(above(1))?, &cause(5)).await;
    ensure_refused!(refused, Error::Limit { .. }, "a restoration too deep");
    store.restore_collection(to(above(2))?, &cause(6)).await?;
    Ok(())
}

pub(super) async fn reserves_the_names_of_scheduling(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let home = scene.home.id;
    let folder = scene.folder("folder").await?;
    for reserved in ["inbox", "outbox"] {
        let name = CollectionName::new(reserved)?;
        let calendar = NewCollection::calendar(home, name.clone(), [ComponentKind::Event]);
        let refused = store.create_collection(calendar, &cause(1)).await;
        ensure_refused!(refused, Error::ReservedName { .. }, "a reserved name");
        let to = MoveCollection {
            id: folder,
            parent: home,
            name: name.clone(),
        };
        let refused = store.move_collection(to, &cause(2)).await;
        ensure_refused!(refused, Error::ReservedName { .. }, "a move to it");
        let object = Put::new(home, ObjectName::from(&name), "bytes");
        let refused = store.put(object, &cause(3)).await;
        ensure_refused!(refused, Error::ReservedName { .. }, "a file under it");
        // Only in a home.
        let inside = NewCollection::plain(folder, name);
        store.create_collection(inside, &cause(4)).await?;
    }
    Ok(())
}
