//! Properties of collections and objects.

use super::scene::{Scene, cause, event, ics};
use super::{Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    CollectionChanges, Delete, Error, Properties, PropertyChanges, PropertyName, Put, Store,
    Transparency,
};

/// Properties as they are set.
fn set(pairs: &[(&PropertyName, &str)]) -> Properties {
    let pairs = pairs.iter();
    pairs
        .map(|(name, value)| ((*name).clone(), (*value).to_owned()))
        .collect()
}

pub(super) async fn changes_collection_details(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let changes = CollectionChanges {
        display_name: Some(Some("Work".to_owned())),
        color: Some(Some("#63DA38FF".to_owned())),
        order: Some(Some(-3)),
        transparency: Some(Transparency::Transparent),
        ..CollectionChanges::default()
    };
    let before = scene.token().await?;
    let changed = store
        .update_collection(scene.calendar, changes, &cause(1))
        .await?;
    let details = &changed.details;
    ensure_eq!(details.display_name.as_deref(), Some("Work"), "the name");
    ensure_eq!(details.color.as_deref(), Some("#63DA38FF"), "the color");
    ensure_eq!(details.order, Some(-3), "the order");
    ensure_eq!(
        details.transparency,
        Transparency::Transparent,
        "the transparency"
    );
    ensure_eq!(changed.token, before, "the token after a change of details");

    let changes = CollectionChanges {
        display_name: Some(None),
        ..CollectionChanges::default()
    };
    let changed = store
        .update_collection(scene.calendar, changes, &cause(2))
        .await?;
    let details = &changed.details;
    ensure_eq!(details.display_name, None, "a name that was removed");
    ensure_eq!(details.order, Some(-3), "a detail that was left alone");
    let listed = store.child(scene.home.id, &changed.name).await?;
    ensure_eq!(listed, Some(changed), "a collection by name");
    Ok(())
}

pub(super) async fn changes_collection_properties(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let color = PropertyName::new("http://example.com/ns/", "color")?;
    let other = PropertyName::new("", "note")?;
    let green = "<color xmlns='http://example.com/ns/' symbolic='green'>#0F0</color>";
    let change = async |set, remove| {
        let changes = CollectionChanges {
            properties: PropertyChanges { set, remove },
            ..CollectionChanges::default()
        };
        store
            .update_collection(scene.calendar, changes, &cause(1))
            .await
    };
    let before = scene.token().await?;
    let both = set(&[(&color, green), (&other, "<note/>")]);
    let absent = vec![PropertyName::new("urn:x", "absent")?];
    let changed = change(both.clone(), absent).await?;
    ensure_eq!(changed.properties, both, "the properties");
    ensure_eq!(
        changed.token,
        before,
        "the token after a change of properties"
    );
    let red = set(&[(&color, "<color>#F00</color>")]);
    let changed = change(red.clone(), vec![other]).await?;
    ensure_eq!(
        changed.properties,
        red,
        "the properties after another change"
    );
    let listed = store.child(scene.home.id, &changed.name).await?;
    ensure_eq!(listed, Some(changed), "a collection by name");
    Ok(())
}

pub(super) async fn keeps_object_properties(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let name = ics("lunch")?;
    let color = PropertyName::new("urn:x", "color")?;
    let changes = PropertyChanges {
        set: Properties::from([(color.clone(), "<c/>".to_owned())]),
        remove: Vec::new(),
    };
    let refused = store
        .update_properties(scene.calendar, &name, changes.clone(), &cause(1))
        .await;
    ensure_refused!(refused, Error::NotFound, "properties of what is not there");

    let stored = scene.put("lunch", "Lunch").await?;
    store
        .update_properties(scene.calendar, &name, changes.clone(), &cause(2))
        .await?;
    let kept = store.properties(scene.calendar, &name).await?;
    ensure_eq!(kept, changes.set, "properties of an object");
    let object = store.object(scene.calendar, &name).await?;
    let etag = object.map(|object| object.entry.etag);
    ensure_eq!(
        etag,
        Some(stored.etag),
        "the ETag after a change of properties"
    );
    let news = scene.changes(Some(&stored.token)).await?;
    ensure_eq!(
        news.changes.len(),
        1,
        "changes logged for properties of an object"
    );

    scene.put("lunch", "Late lunch").await?;
    let kept = store.properties(scene.calendar, &name).await?;
    ensure_eq!(kept, changes.set, "properties of an object with a new body");
    let put = Put::new(scene.calendar, name.clone(), event("lunch", "No lunch"))
        .with_properties(Properties::new());
    store.put(put, &cause(3)).await?;
    let kept = store.properties(scene.calendar, &name).await?;
    ensure!(
        kept.is_empty(),
        "properties that were replaced by none: {kept:?}"
    );

    store
        .update_properties(scene.calendar, &name, changes, &cause(4))
        .await?;
    store
        .delete(Delete::new(scene.calendar, name.clone()), &cause(5))
        .await?;
    scene.put("lunch", "Lunch").await?;
    let kept = store.properties(scene.calendar, &name).await?;
    ensure!(
        kept.is_empty(),
        "properties of an object that was deleted: {kept:?}"
    );
    Ok(())
}
