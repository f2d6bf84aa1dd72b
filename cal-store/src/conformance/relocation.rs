//! Copying and moving.

use super::scene::{Scene, cause, component, ics};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    CollectionId, CollectionName, ComponentKind, Effect, Error, NewCollection, Overwrite, Place,
    Precondition, Properties, PropertyChanges, PropertyName, Put, Relocate, Relocation, Store,
};

fn place(collection: CollectionId, name: &str) -> Result<Place, Broken> {
    let name = name.parse()?;
    Ok(Place { collection, name })
}

pub(super) async fn copies_and_moves(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let name = CollectionName::new("work")?;
    let work = NewCollection::calendar(scene.home.id, name, [ComponentKind::Event]);
    let work = store.create_collection(work, &cause(1)).await?.id;
    objects(&scene, work).await?;
    collections(&scene, work).await
}

async fn objects(scene: &Scene<'_>, work: CollectionId) -> Outcome {
    let store = scene.store;
    let stored = scene.put("a", "A").await?;
    let color = PropertyName::new("urn:x", "color")?;
    let changes = PropertyChanges {
        set: Properties::from([(color, "<c/>".to_owned())]),
        remove: Vec::new(),
    };
    store
        .update_properties(scene.calendar, &ics("a")?, changes.clone(), &cause(2))
        .await?;
    let here = place(scene.calendar, "a.ics")?;
    let there = place(work, "b.ics")?;
    let copy = Relocate::new(Relocation::Copy, here.clone(), there.clone());
    ensure_eq!(store.relocate(&copy, &cause(3)).await?, Effect::Created, "a copy");
    ensure_eq!(store.relocate(&copy, &cause(3)).await?, Effect::Updated, "a copy over another");
    let kept = store.properties(work, &ics("b")?).await?;
    ensure_eq!(kept, changes.set, "the properties of a copy");
    let refuse = copy.clone().with_overwrite(Overwrite::Refuse);
    let refused = store.relocate(&refuse, &cause(3)).await;
    ensure_refused!(refused, Error::Exists, "a copy over what is to stay");
    let twin = Relocate::new(Relocation::Copy, here.clone(), place(scene.calendar, "twin.ics")?);
    let refused = store.relocate(&twin, &cause(3)).await;
    ensure_refused!(refused, Error::UidConflict { .. }, "a copy beside its original");

    let away = Relocate::new(Relocation::Move, here.clone(), place(scene.calendar, "moved.ics")?);
    let stale = Precondition::Matches(vec![crate::ETag::of(b"another")]);
    let refused = store.relocate(&away.clone().with_precondition(stale), &cause(4)).await;
    ensure_refused!(refused, Error::PreconditionFailed { .. }, "a move of a stale version");
    ensure_eq!(store.relocate(&away, &cause(4)).await?, Effect::Created, "a move");
    let refused = store.relocate(&away, &cause(4)).await;
    ensure_refused!(refused, Error::NotFound, "a move of what has gone");
    let moved = store.object(scene.calendar, &ics("moved")?).await?;
    let etag = moved.map(|object| object.entry.etag);
    ensure_eq!(etag, Some(stored.etag), "the version that was moved");
    ensure_eq!(scene.names().await?, ["moved.ics"], "the names after a move");

    let tasks = store.child(scene.home.id, &"tasks".parse()?).await?;
    let tasks = tasks.ok_or_else(|| Broken::new("no calendar for to-dos"))?.id;
    let wrong = Relocate::new(Relocation::Move, place(work, "b.ics")?, place(tasks, "b.ics")?);
    let refused = store.relocate(&wrong, &cause(5)).await;
    ensure_refused!(refused, Error::UnsupportedComponent { .. }, "an event among to-dos");
    let nowhere = place(CollectionId::random(), "x")?;
    let lost = Relocate::new(Relocation::Move, place(work, "b.ics")?, nowhere);
    let refused = store.relocate(&lost, &cause(5)).await;
    ensure_refused!(refused, Error::ParentMissing, "a move to nowhere");
    let still = store.object(work, &ics("b")?).await?;
    ensure!(still.is_some(), "an object was lost in a move that was refused");
    Ok(())
}

async fn collections(scene: &Scene<'_>, work: CollectionId) -> Outcome {
    let store = scene.store;
    let home = scene.home.id;
    let folder = scene.folder("folder").await?;
    store.put(Put::new(folder, "file".parse()?, "bytes"), &cause(1)).await?;
    let inside = NewCollection::calendar(folder, CollectionName::new("todo")?, [ComponentKind::Todo]);
    let inside = store.create_collection(inside, &cause(1)).await?.id;
    let todo = component("VTODO", "t", "SUMMARY:T");
    store.put(Put::new(inside, ics("t")?, todo.clone()), &cause(1)).await?;

    let copy = Relocate::new(Relocation::Copy, place(home, "folder")?, place(home, "copy")?);
    ensure_eq!(store.relocate(&copy, &cause(2)).await?, Effect::Created, "a copy");
    let path = ["copy", "todo", "t.ics"].map(str::parse);
    let path = path.into_iter().collect::<Result<Vec<_>, _>>()?;
    let crate::Location::Member { parent, name } = store.locate(&scene.ada.name, &path).await? else {
        return Err(Broken::new("the copy of a collection lacks a collection"));
    };
    let copied = store.object(parent.id, &name).await?.map(|object| object.body);
    ensure_eq!(copied, Some(todo), "an object in the copy of a collection");
    ensure!(parent.id != inside, "the copy is the original");

    let shallow = Relocate::new(Relocation::CopyShallow, place(home, "folder")?, place(home, "copy")?);
    ensure_eq!(store.relocate(&shallow, &cause(3)).await?, Effect::Updated, "a copy over another");
    let empty = store.child(home, &"copy".parse()?).await?;
    let empty = empty.ok_or_else(|| Broken::new("the shallow copy is not there"))?;
    let children = store.children(empty.id, crate::PageRequest::first(9)).await?;
    ensure!(children.items.is_empty(), "a shallow copy has members");

    let over = Relocate::new(Relocation::Move, place(home, "folder")?, place(home, "work")?);
    let refused = store
        .relocate(&over.clone().with_overwrite(Overwrite::Refuse), &cause(4))
        .await;
    ensure_refused!(refused, Error::Exists, "a move over what is to stay");
    ensure_eq!(store.relocate(&over, &cause(4)).await?, Effect::Updated, "a move over another");
    ensure_eq!(store.collection(work).await?, None, "the collection that was replaced");
    let found = store.child(home, &"work".parse()?).await?.map(|found| found.id);
    ensure_eq!(found, Some(folder), "the collection that was moved");
    let inward = Relocate::new(Relocation::Move, place(home, "work")?, place(folder, "x")?);
    let refused = store.relocate(&inward, &cause(5)).await;
    ensure_refused!(refused, Error::WrongPlace, "a move into itself");
    let onto = Relocate::new(Relocation::Copy, place(folder, "todo")?, place(home, "work")?);
    let refused = store.relocate(&onto, &cause(5)).await;
    ensure_refused!(refused, Error::WrongPlace, "a copy over what holds it");
    Ok(())
}
