//! Versions.

use super::scene::{Scene, at, cause, event, ics};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    Cause, EndingKind, Error, ObjectName, PageRequest, Put, Store, Version, VersionId, Via,
};

async fn versions(scene: &Scene<'_>, name: &ObjectName) -> Result<Vec<Version>, Broken> {
    let page = PageRequest::first(100);
    Ok(scene
        .store
        .versions(scene.calendar, name, page)
        .await?
        .items)
}

pub(super) async fn keeps_every_version(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let name = ics("lunch")?;
    let by_ada = cause(1).with_principal(&scene.ada.name);
    let run = Cause::new(Via::Sync, at(2)).with_note("run 17");
    let put = |text| Put::new(scene.calendar, name.clone(), event("lunch", text));
    store.put(put("One"), &by_ada).await?;
    store.put(put("Two"), &run).await?;
    scene.delete("lunch").await?;
    let third = store.put(put("Three"), &cause(3)).await?;

    let all = versions(&scene, &name).await?;
    let [three, two, one] = &*all else {
        return Err(Broken::new(format!("not three versions: {all:?}")));
    };
    ensure_eq!(three.ended, None, "the end of the current version");
    ensure_eq!(three.etag, third.etag, "the current version");
    ensure_eq!(one.made, by_ada, "who made the first version");
    ensure_eq!(two.made, run, "who made the second version");
    let ends = |version: &Version| version.ended.clone().map(|end| (end.kind, end.cause));
    ensure_eq!(
        ends(one),
        Some((EndingKind::Replaced, run)),
        "how the first ended"
    );
    ensure_eq!(
        ends(two),
        Some((EndingKind::Deleted, cause(2))),
        "how the second ended"
    );
    for (version, text) in [(one, "One"), (two, "Two"), (three, "Three")] {
        let found = store.version(scene.calendar, &name, version.id).await?;
        let found = found.ok_or_else(|| Broken::new(format!("version {text} is lost")))?;
        ensure_eq!(found.body, event("lunch", text), "the bytes of a version");
        ensure_eq!(&found.version, version, "a version by itself");
    }
    let first = store
        .versions(scene.calendar, &name, PageRequest::first(2))
        .await?;
    let next = first
        .next
        .ok_or_else(|| Broken::new("no second page of versions"))?;
    let last = store
        .versions(scene.calendar, &name, PageRequest::after(next, 2))
        .await?;
    ensure_eq!(
        last.items.as_slice(),
        std::slice::from_ref(one),
        "the last page of versions"
    );
    ensure_eq!(last.next, None, "a page after the last");
    let never = store
        .version(scene.calendar, &name, VersionId::new(999))
        .await?;
    ensure_eq!(never, None, "a version that never was");
    Ok(())
}

pub(super) async fn restores_versions(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let name = ics("lunch")?;
    let first = scene.put("lunch", "One").await?;
    scene.put("lunch", "Two").await?;
    let token = scene.delete("lunch").await?;
    let one = versions(&scene, &name).await?.pop();
    let one = one.ok_or_else(|| Broken::new("no version is left"))?;
    let restored = store
        .restore(scene.calendar, &name, one.id, &cause(5))
        .await?;
    ensure_eq!(restored.etag, first.etag, "the version that was restored");
    let news = scene.changes(Some(&token)).await?;
    ensure_eq!(news.changes.len(), 1, "changes logged by a restoration");
    let object = store.object(scene.calendar, &name).await?;
    let body = object.map(|object| object.body);
    ensure_eq!(
        body,
        Some(event("lunch", "One")),
        "the bytes that were restored"
    );
    ensure_eq!(
        versions(&scene, &name).await?.len(),
        3,
        "versions after a restoration"
    );
    let refused = store
        .restore(scene.calendar, &name, VersionId::new(999), &cause(6))
        .await;
    ensure_refused!(refused, Error::NotFound, "restoring what never was");
    Ok(())
}

pub(super) async fn prunes_what_is_old(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let name = ics("lunch")?;
    for (seconds, text) in [(10, "One"), (20, "Two"), (30, "Three"), (40, "Four")] {
        let put = Put::new(scene.calendar, name.clone(), event("lunch", text));
        store.put(put, &cause(seconds)).await?;
    }
    let folder = scene.folder("old").await?;
    store.delete_collection(folder, &cause(20)).await?;
    let recent = scene.folder("recent").await?;
    store.delete_collection(recent, &cause(40)).await?;

    let nothing = store.prune(at(-5), &cause(50)).await?;
    ensure_eq!(
        nothing,
        crate::Pruned::default(),
        "what is older than everything"
    );
    let pruned = store.prune(at(30), &cause(50)).await?;
    ensure_eq!(pruned.versions, 1, "versions that were pruned");
    ensure_eq!(pruned.collections, 1, "collections that were pruned");
    let left = versions(&scene, &name).await?;
    ensure_eq!(left.len(), 3, "versions that were left");
    for version in &left {
        let found = store.version(scene.calendar, &name, version.id).await?;
        ensure!(
            found.is_some(),
            "a version that was left has lost its bytes"
        );
    }
    let trash = store.trash(scene.ada.id).await?;
    let trash: Vec<_> = trash.iter().map(|(_, collection)| collection.id).collect();
    ensure_eq!(trash, [recent], "what is left in the trash");
    Ok(())
}
