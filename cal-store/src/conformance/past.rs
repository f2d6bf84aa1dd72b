//! Collections as they were.

use super::scene::{Scene, at, cause, event, ics};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    CollectionAt, CollectionChanges, CollectionId, CollectionName, Delete, Error, MoveCollection,
    NewCollection, PageRequest, PropertyChanges, PropertyName, Put, Store,
};

/// A collection as it was so many seconds after the beginning, with up to a hundred objects.
async fn was(
    store: &Store,
    id: CollectionId,
    seconds: i64,
) -> Result<Option<CollectionAt>, Broken> {
    let page = PageRequest::first(100);
    Ok(store.collection_at(id, at(seconds), page).await?)
}

/// The names of its objects then.
async fn names_at(
    store: &Store,
    id: CollectionId,
    seconds: i64,
) -> Result<Option<Vec<String>>, Broken> {
    let then = was(store, id, seconds).await?;
    Ok(then.map(|then| {
        let entries = then.entries.items.iter();
        entries.map(|entry| entry.name.to_string()).collect()
    }))
}

fn some(names: &[&str]) -> Option<Vec<String>> {
    Some(names.iter().map(|name| (*name).to_owned()).collect())
}

pub(super) async fn tells_what_objects_were_there(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let id = scene.calendar;
    let put = |uid: &str, text: &str| Ok::<_, Error>(Put::new(id, ics(uid)?, event(uid, text)));
    store.put(put("a", "One")?, &cause(10)).await?;
    store.put(put("b", "B")?, &cause(20)).await?;
    store.put(put("a", "Two")?, &cause(30)).await?;
    store.delete(Delete::new(id, ics("b")?), &cause(40)).await?;
    store.put(put("b", "Again")?, &cause(50)).await?;

    ensure_eq!(names_at(store, id, -1).await?, None, "before it was made");
    let expected: [(i64, &[&str]); 7] = [
        (9, &[]),
        (10, &["a.ics"]),
        (25, &["a.ics", "b.ics"]),
        (39, &["a.ics", "b.ics"]),
        (40, &["a.ics"]),
        (49, &["a.ics"]),
        (1_000, &["a.ics", "b.ics"]),
    ];
    for (seconds, names) in expected {
        let found = names_at(store, id, seconds).await?;
        ensure_eq!(found, some(names), "what was there");
    }
    for (seconds, text) in [(29, "One"), (30, "Two"), (99, "Two")] {
        let then = was(store, id, seconds).await?;
        let entry = then.and_then(|then| then.entries.items.into_iter().next());
        let entry = entry.ok_or_else(|| Broken::new("an object was not there"))?;
        let found = store.version(id, &entry.name, entry.version.id).await?;
        let body = found.map(|found| found.body);
        ensure_eq!(body, Some(event("a", text)), "the bytes of then");
    }

    let first = store.collection_at(id, at(25), PageRequest::first(1));
    let first = first.await?.map(|first| first.entries);
    let first = first.ok_or_else(|| Broken::new("it was not there"))?;
    let next = first
        .next
        .ok_or_else(|| Broken::new("there is no second page"))?;
    let last = store.collection_at(id, at(25), PageRequest::after(next, 1));
    let last = last.await?.map(|last| last.entries);
    let last = last.ok_or_else(|| Broken::new("it was not there"))?;
    let names: Vec<_> = last.items.iter().map(|entry| entry.name.as_str()).collect();
    ensure_eq!(names, ["b.ics"], "the second page");
    ensure_eq!(last.next, None, "a page after the last");
    Ok(())
}

pub(super) async fn orders_by_sequence_where_clocks_go_back(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let id = scene.calendar;
    let put = |text: &str| Ok::<_, Error>(Put::new(id, ics("a")?, event("a", text)));
    store.put(put("One")?, &cause(30)).await?;
    let second = store.put(put("Two")?, &cause(20)).await?;
    for seconds in [20, 29, 30, 99] {
        let then = was(store, id, seconds).await?;
        let entries = then.map(|then| then.entries.items).unwrap_or_default();
        let etags: Vec<_> = entries.iter().map(|entry| entry.version.etag).collect();
        ensure_eq!(etags, [second.etag], "the later of two versions");
    }
    ensure_eq!(names_at(store, id, 19).await?, some(&[]), "before both");
    Ok(())
}

pub(super) async fn tells_what_collections_were(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let mark = PropertyName::new("urn:example", "mark")?;
    let name = CollectionName::new("work")?;
    let mut new = NewCollection::plain(scene.home.id, name).with_display_name("Work");
    new.properties.insert(mark.clone(), "<x/>".to_owned());
    let id = new.id;
    store.create_collection(new, &cause(10)).await?;
    let changes = CollectionChanges {
        display_name: Some(Some("Toil".to_owned())),
        color: Some(Some("#112233".to_owned())),
        properties: PropertyChanges {
            set: Default::default(),
            remove: vec![mark.clone()],
        },
        ..CollectionChanges::default()
    };
    store.update_collection(id, changes, &cause(20)).await?;
    let place = |parent, name| {
        Ok::<_, Error>(MoveCollection {
            id,
            parent,
            name: CollectionName::new(name)?,
        })
    };
    let moved = place(scene.home.id, "moved")?;
    store.move_collection(moved, &cause(30)).await?;
    store.delete_collection(id, &cause(40)).await?;
    let back = place(scene.home.id, "back")?;
    store.restore_collection(back, &cause(50)).await?;

    let expected = [
        (10, Some(("work", Some("Work"), None, 1))),
        (19, Some(("work", Some("Work"), None, 1))),
        (20, Some(("work", Some("Toil"), Some("#112233"), 0))),
        (35, Some(("moved", Some("Toil"), Some("#112233"), 0))),
        (40, None),
        (49, None),
        (50, Some(("back", Some("Toil"), Some("#112233"), 0))),
    ];
    for (seconds, expected) in expected {
        let found = was(store, id, seconds).await?.map(|then| then.collection);
        let seen = found.as_ref().map(|then| {
            let details = &then.details;
            let name = then.name.as_str();
            let (shown, color) = (details.display_name.as_deref(), details.color.as_deref());
            (name, shown, color, then.properties.len())
        });
        ensure_eq!(seen, expected, "what the collection was");
        let children = store.children_at(scene.home.id, at(seconds), PageRequest::first(100));
        let children = children.await?.items;
        let child = children.into_iter().find(|child| child.id == id);
        ensure_eq!(child, found, "the collection among those of its parent");
    }
    let before = store.children_at(scene.home.id, at(5), PageRequest::first(1));
    let names = |page: &crate::Page<crate::PastCollection>| {
        let names = page.items.iter().map(|child| child.name.to_string());
        names.collect::<Vec<_>>()
    };
    let before = before.await?;
    ensure_eq!(names(&before), ["calendar"], "the first page of children");
    let next = before
        .next
        .ok_or_else(|| Broken::new("there is no second page"))?;
    let rest = store.children_at(scene.home.id, at(5), PageRequest::after(next, 9));
    ensure_eq!(names(&rest.await?), ["tasks"], "the rest of the children");
    Ok(())
}

pub(super) async fn tells_what_was_in_the_trash(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let id = scene.calendar;
    let put = Put::new(id, ics("a")?, event("a", "A"));
    store.put(put, &cause(10)).await?;
    store.delete_collection(id, &cause(20)).await?;
    let then = was(store, id, 15).await?;
    let then = then.ok_or_else(|| Broken::new("what is in the trash was not there before"))?;
    let entry = then.entries.items.first();
    let entry = entry.ok_or_else(|| Broken::new("it was empty"))?;
    let version = store.version(id, &entry.name, entry.version.id).await?;
    let body = version.map(|version| version.body);
    ensure_eq!(body, Some(event("a", "A")), "bytes in the trash");
    let versions = store
        .versions(id, &ics("a")?, PageRequest::first(9))
        .await?;
    ensure_eq!(versions.items.len(), 1, "versions in the trash");
    ensure_eq!(was(store, id, 20).await?, None, "once it was in the trash");
    Ok(())
}

pub(super) async fn refuses_what_was_forgotten(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let id = scene.calendar;
    for (seconds, text) in [(10, "One"), (20, "Two"), (30, "Three")] {
        let put = Put::new(id, ics("a")?, event("a", text));
        store.put(put, &cause(seconds)).await?;
    }
    let pruning = cause(100).with_note("upkeep");
    let pruned = store.prune(at(25), &pruning).await?;
    ensure_eq!(pruned.versions, 1, "versions that were pruned");
    for seconds in [-5, 15, 24] {
        let refused = was_refused(store, id, seconds).await;
        ensure!(
            refused,
            "an instant that is not known any more is answered: {seconds}"
        );
        let refused = store.children_at(scene.home.id, at(seconds), PageRequest::first(9));
        ensure_refused!(refused.await, Error::Forgotten { .. }, "forgotten children");
        let refused = store.plan_restore(id, at(seconds)).await;
        ensure_refused!(refused, Error::Forgotten { .. }, "a forgotten state");
    }
    ensure_eq!(
        names_at(store, id, 25).await?,
        some(&["a.ics"]),
        "what is known"
    );
    // An earlier pruning does not take the later one back.
    store.prune(at(5), &cause(110)).await?;
    ensure!(
        was_refused(store, id, 24).await,
        "what was forgotten is known again"
    );
    let records = store.prunings(PageRequest::first(9)).await?.items;
    let record = records.last();
    let record = record.ok_or_else(|| Broken::new("the pruning left no record"))?;
    ensure_eq!(record.before, at(25), "up to when it was pruned");
    ensure_eq!(record.cause, pruning, "who pruned, when and why");
    ensure_eq!(record.pruned, pruned, "how much was pruned");
    store.prune(at(35), &cause(120)).await?;
    let first = store.prunings(PageRequest::first(1)).await?;
    let latest = first.items.first().map(|record| record.before);
    ensure_eq!(latest, Some(at(35)), "the latest pruning");
    let next = first
        .next
        .ok_or_else(|| Broken::new("earlier records of prunings are gone"))?;
    let rest = store.prunings(PageRequest::after(next, 9)).await?.items;
    ensure_eq!(rest, records, "the prunings before");
    Ok(())
}

async fn was_refused(store: &Store, id: CollectionId, seconds: i64) -> bool {
    let page = PageRequest::first(100);
    let refused = store.collection_at(id, at(seconds), page).await;
    matches!(refused, Err(Error::Forgotten { .. }))
}
