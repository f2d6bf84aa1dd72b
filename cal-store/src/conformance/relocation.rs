//! Copying and moving.

use super::scene::{Scene, cause, component, ics};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    CollectionId, CollectionName, ComponentKind, ETag, Effect, Error, Location, NewCollection,
    Overwrite, PageRequest, Place, Precondition, Properties, PropertyChanges, PropertyName, Put,
    Relocate, Relocation, Store,
};

fn place(collection: CollectionId, name: &str) -> Result<Place, Broken> {
    let name = name.parse()?;
    Ok(Place { collection, name })
}

/// A second calendar for events.
async fn second(scene: &Scene<'_>) -> Result<CollectionId, Broken> {
    let name = CollectionName::new("work")?;
    let work = NewCollection::calendar(scene.home.id, name, [ComponentKind::Event]);
    Ok(scene.store.create_collection(work, &cause(1)).await?.id)
}

pub(super) async fn copies_objects(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let work = second(&scene).await?;
    scene.put("a", "A").await?;
    let color = PropertyName::new("urn:x", "color")?;
    let changes = PropertyChanges {
        set: Properties::from([(color, "<c/>".to_owned())]),
        remove: Vec::new(),
    };
    store
        .update_properties(scene.calendar, &ics("a")?, changes.clone(), &cause(2))
        .await?;
    let here = place(scene.calendar, "a.ics")?;
    let copy = Relocate::new(Relocation::Copy, here.clone(), place(work, "b.ics")?);
    let effect = store.relocate(&copy, &cause(3)).await?;
    ensure_eq!(effect, Effect::Created, "a copy");
    let effect = store.relocate(&copy, &cause(3)).await?;
    ensure_eq!(effect, Effect::Updated, "a copy over another");
    let kept = store.properties(work, &ics("b")?).await?;
    ensure_eq!(kept, changes.set, "the properties of a copy");
    let refuse = copy.with_overwrite(Overwrite::Refuse);
    let refused = store.relocate(&refuse, &cause(3)).await;
    ensure_refused!(refused, Error::Exists, "a copy over what is to stay");
    let twin = Relocate::new(Relocation::Copy, here, place(scene.calendar, "twin.ics")?);
    let refused = store.relocate(&twin, &cause(3)).await;
    ensure_refused!(
        refused,
        Error::UidConflict { .. },
        "a copy beside its original"
    );
    Ok(())
}

pub(super) async fn moves_objects(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let stored = scene.put("a", "A").await?;
    let here = place(scene.calendar, "a.ics")?;
    let there = place(scene.calendar, "b.ics")?;
    let away = Relocate::new(Relocation::Move, here, there.clone());
    let stale = Precondition::Matches(vec![ETag::of(b"another")]);
    let stale = away.clone().with_precondition(stale);
    let refused = store.relocate(&stale, &cause(4)).await;
    ensure_refused!(
        refused,
        Error::PreconditionFailed { .. },
        "a move of a stale version"
    );
    let effect = store.relocate(&away, &cause(4)).await?;
    ensure_eq!(effect, Effect::Created, "a move");
    let refused = store.relocate(&away, &cause(4)).await;
    ensure_refused!(refused, Error::NotFound, "a move of what has gone");
    let moved = store.object(scene.calendar, &ics("b")?).await?;
    let etag = moved.map(|object| object.entry.etag);
    ensure_eq!(etag, Some(stored.etag), "the version that was moved");
    ensure_eq!(scene.names().await?, ["b.ics"], "the names after a move");

    let tasks = scene.tasks().await?;
    let wrong = Relocate::new(Relocation::Move, there.clone(), place(tasks, "b.ics")?);
    let refused = store.relocate(&wrong, &cause(5)).await;
    ensure_refused!(
        refused,
        Error::UnsupportedComponent { .. },
        "an event among to-dos"
    );
    let nowhere = place(CollectionId::random(), "x")?;
    let lost = Relocate::new(Relocation::Move, there, nowhere);
    let refused = store.relocate(&lost, &cause(5)).await;
    ensure_refused!(refused, Error::ParentMissing, "a move to nowhere");
    ensure_eq!(
        scene.names().await?,
        ["b.ics"],
        "the names after moves that were refused"
    );
    Ok(())
}

/// A folder with a file, and in it a calendar with a to-do.
async fn folder(scene: &Scene<'_>) -> Result<(CollectionId, CollectionId), Broken> {
    let store = scene.store;
    let folder = scene.folder("folder").await?;
    let file = Put::new(folder, "file".parse()?, "bytes");
    store.put(file, &cause(1)).await?;
    let name = CollectionName::new("todo")?;
    let inside = NewCollection::calendar(folder, name, [ComponentKind::Todo]);
    let inside = store.create_collection(inside, &cause(1)).await?.id;
    let todo = component("VTODO", "t", "SUMMARY:T");
    let todo = Put::new(inside, ics("t")?, todo);
    store.put(todo, &cause(1)).await?;
    Ok((folder, inside))
}

pub(super) async fn copies_collections(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let home = scene.home.id;
    let (_, inside) = folder(&scene).await?;
    let (from, to) = (place(home, "folder")?, place(home, "copy")?);
    let copy = Relocate::new(Relocation::Copy, from.clone(), to.clone());
    let effect = store.relocate(&copy, &cause(2)).await?;
    ensure_eq!(effect, Effect::Created, "a copy");
    let path = ["copy", "todo", "t.ics"].map(str::parse);
    let path = path.into_iter().collect::<Result<Vec<_>, _>>()?;
    let Location::Member { parent, name } = store.locate(&scene.ada.name, &path).await? else {
        return Err(Broken::new("the copy of a collection lacks a collection"));
    };
    let original = store.object(inside, &name).await?.map(|object| object.body);
    let copied = store
        .object(parent.id, &name)
        .await?
        .map(|object| object.body);
    ensure_eq!(copied, original, "an object in the copy of a collection");
    ensure!(copied.is_some(), "nothing was copied");
    ensure!(parent.id != inside, "the copy is the original");

    let shallow = Relocate::new(Relocation::CopyShallow, from, to);
    let effect = store.relocate(&shallow, &cause(3)).await?;
    ensure_eq!(effect, Effect::Updated, "a copy over another");
    let empty = store.child(home, &"copy".parse()?).await?;
    let empty = empty.ok_or_else(|| Broken::new("the shallow copy is not there"))?;
    let children = store.children(empty.id, PageRequest::first(9)).await?;
    ensure!(children.items.is_empty(), "a shallow copy has collections");
    let entries = store.entries(empty.id, PageRequest::first(9)).await?;
    ensure!(entries.items.is_empty(), "a shallow copy has objects");
    Ok(())
}

pub(super) async fn moves_collections(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let (home, work) = (scene.home.id, second(&scene).await?);
    let (folder, inside) = folder(&scene).await?;
    let over = Relocate::new(
        Relocation::Move,
        place(home, "folder")?,
        place(home, "work")?,
    );
    let refuse = over.clone().with_overwrite(Overwrite::Refuse);
    let refused = store.relocate(&refuse, &cause(4)).await;
    ensure_refused!(refused, Error::Exists, "a move over what is to stay");
    let effect = store.relocate(&over, &cause(4)).await?;
    ensure_eq!(effect, Effect::Updated, "a move over another");
    ensure_eq!(
        store.collection(work).await?,
        None,
        "the collection that was replaced"
    );
    let found = store.child(home, &"work".parse()?).await?;
    ensure_eq!(
        found.map(|found| found.id),
        Some(folder),
        "the collection that was moved"
    );
    let todo = store.object(inside, &ics("t")?).await?;
    ensure!(todo.is_some(), "what was below a collection is lost");

    let inward = Relocate::new(Relocation::Move, place(home, "work")?, place(folder, "x")?);
    let refused = store.relocate(&inward, &cause(5)).await;
    ensure_refused!(refused, Error::WrongPlace, "a move into itself");
    let onto = Relocate::new(
        Relocation::Copy,
        place(folder, "todo")?,
        place(home, "work")?,
    );
    let refused = store.relocate(&onto, &cause(5)).await;
    ensure_refused!(refused, Error::WrongPlace, "a copy over what holds it");
    Ok(())
}
