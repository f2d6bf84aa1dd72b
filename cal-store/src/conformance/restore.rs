//! Going back to what a collection was.

use super::scene::{Scene, at, cause, event, ics};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    CollectionChanges, Delete, Error, Limits, MemberState, ObjectName, PageRequest, PlannedEffect,
    Put, Store,
};

fn put(scene: &Scene<'_>, name: &str, uid: &str, text: &str) -> Result<Put, Error> {
    Ok(Put::new(scene.calendar, ics(name)?, event(uid, text)))
}

/// The names of the calendar with their texts.
async fn texts(scene: &Scene<'_>) -> Result<Vec<(ObjectName, bytes::Bytes)>, Broken> {
    let page = PageRequest::first(100);
    let entries = scene.store.entries(scene.calendar, page).await?.items;
    let names: Vec<_> = entries.into_iter().map(|entry| entry.name).collect();
    let objects = scene.store.objects(scene.calendar, &names).await?;
    let objects = objects.into_iter().flatten();
    Ok(objects
        .map(|object| (object.entry.name, object.body))
        .collect())
}

/// A calendar with a state at 20, and much that happened afterwards.
async fn eventful(scene: &Scene<'_>) -> Result<Vec<(ObjectName, bytes::Bytes)>, Broken> {
    let store = scene.store;
    for (name, uid, text) in [
        ("kept", "kept", "Kept"),
        ("changed", "changed", "Before"),
        ("deleted", "deleted", "Deleted"),
        ("swap-1", "one", "One"),
        ("swap-2", "two", "Two"),
        ("moved", "moved", "Moved"),
    ] {
        store.put(put(scene, name, uid, text)?, &cause(10)).await?;
    }
    let then = texts(scene).await?;
    let again = put(scene, "changed", "changed", "After")?;
    store.put(again, &cause(30)).await?;
    for name in ["deleted", "swap-1", "swap-2", "moved"] {
        let delete = Delete::new(scene.calendar, ics(name)?);
        store.delete(delete, &cause(30)).await?;
    }
    for (name, uid, text) in [
        ("swap-1", "two", "Two"),
        ("swap-2", "one", "One"),
        ("elsewhere", "moved", "Moved"),
        ("new", "new", "New"),
    ] {
        store.put(put(scene, name, uid, text)?, &cause(31)).await?;
    }
    let changes = CollectionChanges {
        display_name: Some(Some("Renamed".to_owned())),
        ..CollectionChanges::default()
    };
    store
        .update_collection(scene.calendar, changes, &cause(32))
        .await?;
    Ok(then)
}

pub(super) async fn restores_collections(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let shown = scene.store.collection(scene.calendar).await?;
    let shown = shown.map(|shown| shown.details.display_name);
    let then = eventful(&scene).await?;
    let token = scene.token().await?;

    let plan = store.plan_restore(scene.calendar, at(20)).await?;
    ensure_eq!(scene.token().await?, token, "the token after a mere plan");
    let planned: Vec<_> = plan
        .changes
        .iter()
        .map(|change| {
            let effect = match change.effect {
                PlannedEffect::Create(_) => "create",
                PlannedEffect::Replace { .. } => "replace",
                PlannedEffect::Delete(_) => "delete",
            };
            (change.name.as_str(), effect)
        })
        .collect();
    let expected = [
        ("changed.ics", "replace"),
        ("deleted.ics", "create"),
        ("elsewhere.ics", "delete"),
        ("moved.ics", "create"),
        ("new.ics", "delete"),
        ("swap-1.ics", "replace"),
        ("swap-2.ics", "replace"),
    ];
    ensure_eq!(planned, expected, "what is planned");

    let restored = store.restore_to(&plan, &cause(50)).await?;
    ensure_eq!(texts(&scene).await?, then, "what is there");
    let counts = (restored.created, restored.replaced, restored.deleted);
    ensure_eq!(counts, (2, 3, 2), "what was done");
    ensure_eq!(restored.transactions, 1, "transactions");
    let now = store.collection(scene.calendar).await?;
    let now = now.map(|now| now.details.display_name);
    ensure_eq!(now, shown, "the name that people see");

    // Whoever syncs hears of just that.
    let news = scene.changes(Some(&token)).await?.changes;
    let mut news: Vec<_> = news
        .iter()
        .map(|change| (change.name.as_str(), change.state == MemberState::Gone))
        .collect();
    news.sort_unstable();
    let expected = expected.map(|(name, effect)| (name, effect == "delete"));
    ensure_eq!(news, expected, "the changes since before");
    let plan = store.plan_restore(scene.calendar, at(20)).await?;
    ensure!(plan.is_empty(), "there is more to restore: {plan:?}");
    let again = store.restore_to(&plan, &cause(51)).await?;
    ensure_eq!(again.transactions, 0, "transactions to change nothing");

    // A restoration is a change like any other, and can itself be taken back.
    let plan = store.plan_restore(scene.calendar, at(40)).await?;
    store.restore_to(&plan, &cause(60)).await?;
    let names = scene.names().await?;
    ensure!(
        names.contains(&"new.ics".to_owned()),
        "the restoration cannot be undone: {names:?}"
    );
    Ok(())
}

pub(super) async fn restores_all_or_nothing(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    eventful(&scene).await?;
    let plan = store.plan_restore(scene.calendar, at(20)).await?;
    let newer = put(&scene, "new", "new", "Newer")?;
    store.put(newer, &cause(40)).await?;
    let before = (texts(&scene).await?, scene.token().await?);
    let refused = store.restore_to(&plan, &cause(50)).await;
    ensure_refused!(
        refused,
        Error::PreconditionFailed { .. },
        "restoring over a change that the plan does not know"
    );
    let after = (texts(&scene).await?, scene.token().await?);
    ensure_eq!(after, before, "what is there after a refusal");
    Ok(())
}

pub(super) async fn restores_objects_of_deleted_uids(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    scene.put("lunch", "One").await?;
    scene.delete("lunch").await?;
    // The UID is free at once, also under another name.
    let other = put(&scene, "other", "lunch", "Two")?;
    store.put(other, &cause(10)).await?;
    let name = ics("lunch")?;
    let versions = store
        .versions(scene.calendar, &name, PageRequest::first(9))
        .await?;
    let version = versions.items.first().map(|version| version.id);
    let version = version.ok_or_else(|| Broken::new("the deleted version is lost"))?;
    let refused = store
        .restore(scene.calendar, &name, version, &cause(20))
        .await;
    match refused {
        Err(Error::UidConflict { holder }) => {
            ensure_eq!(holder, ics("other")?, "who has the UID");
        }
        other => return Err(Broken::new(format!("a UID twice: {other:?}"))),
    }
    let gone = Delete::new(scene.calendar, ics("other")?);
    store.delete(gone, &cause(30)).await?;
    store
        .restore(scene.calendar, &name, version, &cause(40))
        .await?;
    ensure_eq!(scene.names().await?, ["lunch.ics"], "what is there");
    Ok(())
}

pub(super) async fn bounds_restorations(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let Limits {
        restored_members, ..
    } = *store.limits();
    let count = restored_members.saturating_add(1);
    let puts: Result<Vec<_>, Error> = (0..count)
        .map(|number| put(&scene, &number.to_string(), &number.to_string(), "Each"))
        .collect();
    for result in store.put_each(puts?, &cause(10)).await {
        result?;
    }
    let plan = store.plan_restore(scene.calendar, at(5)).await?;
    let restored = store.restore_to(&plan, &cause(20)).await?;
    ensure_eq!(restored.deleted, count, "objects that went");
    ensure_eq!(restored.transactions, 2, "transactions");
    ensure!(scene.names().await?.is_empty(), "something is left");
    Ok(())
}
