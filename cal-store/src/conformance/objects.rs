//! Objects: what goes in comes out.

use super::scene::{Scene, at, cause, component, event, ics};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{ComponentKind, ContentType, ETag, Effect, Error, ObjectName, Put, Store, Uid};

pub(super) async fn returns_what_was_stored(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let body = event(
        "lunch",
        "Mittagessen\u{1F35D}\r\nX-ODD;A=\"b\":\\,kept as it is ",
    );
    let name = ObjectName::new("Zoë's lunch %41.ics")?;
    let stored = store
        .put(
            Put::new(scene.calendar, name.clone(), body.clone()),
            &cause(7),
        )
        .await?;
    ensure_eq!(stored.effect, Effect::Created, "the effect of a first put");
    ensure_eq!(stored.etag, ETag::of(&body), "the ETag");
    let object = store.object(scene.calendar, &name).await?;
    let object = object.ok_or_else(|| Broken::new("an object is not there"))?;
    ensure_eq!(object.body, body, "the bytes");
    let entry = &object.entry;
    ensure_eq!(entry.etag, stored.etag, "the ETag read back");
    ensure_eq!(
        entry.content_type,
        ContentType::calendar(),
        "the media type"
    );
    ensure_eq!(entry.size, body.len() as u64, "the size");
    ensure_eq!((entry.created, entry.modified), (at(7), at(7)), "the times");
    ensure_eq!(entry.component, Some(ComponentKind::Event), "the kind");
    let by_uid = store
        .object_by_uid(scene.calendar, &Uid::new("lunch")?)
        .await?;
    ensure_eq!(by_uid.as_ref(), Some(&object), "the object by UID");
    let names = [ObjectName::new("absent")?, name.clone(), name.clone()];
    let many = store.objects(scene.calendar, &names).await?;
    let expected = [None, Some(object.clone()), Some(object)];
    ensure_eq!(many, expected, "many objects, each in its place");

    let put = Put::new(scene.calendar, name.clone(), event("lunch", "Lunch"));
    let stored = store.put(put, &cause(9)).await?;
    ensure_eq!(stored.effect, Effect::Updated, "the effect of a second put");
    let object = store.object(scene.calendar, &name).await?;
    let times = object.map(|object| (object.entry.created, object.entry.modified));
    ensure_eq!(times, Some((at(7), at(9))), "the times of a changed object");

    let bytes: Vec<u8> = (0..=255).collect();
    let folder = scene.folder("files").await?;
    let file = Put::new(folder, name.clone(), bytes.clone())
        .with_content_type(ContentType::new("image/x-odd; a=b"));
    store.put(file, &cause(1)).await?;
    let file = store.object(folder, &name).await?;
    let file = file.ok_or_else(|| Broken::new("a file is not there"))?;
    ensure_eq!(file.body, bytes, "any bytes in a folder");
    ensure_eq!(
        file.entry.content_type.as_str(),
        "image/x-odd; a=b",
        "any media type"
    );
    ensure_eq!(file.entry.component, None, "the kind of a file");
    Ok(())
}

pub(super) async fn ignores_identical_bytes(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let first = scene.put("lunch", "Lunch").await?;
    let again = scene.put("lunch", "Lunch").await?;
    ensure_eq!(
        again.effect,
        Effect::Unchanged,
        "the effect of the same bytes"
    );
    ensure_eq!(again.etag, first.etag, "the ETag of the same bytes");
    ensure_eq!(
        scene.token().await?,
        first.token,
        "the token after the same bytes"
    );
    let other_type = Put::new(scene.calendar, ics("lunch")?, event("lunch", "Lunch"))
        .with_content_type(ContentType::new("text/calendar"));
    let changed = store.put(other_type, &cause(2)).await?;
    ensure_eq!(
        changed.effect,
        Effect::Updated,
        "the effect of another media type"
    );
    Ok(())
}

pub(super) async fn refuses_what_a_calendar_cannot_hold(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let put = async |body| {
        let put = Put::new(scene.calendar, ics("x")?, body);
        store.put(put, &cause(1)).await
    };
    let todo = component("VTODO", "x", "SUMMARY:Buy milk");
    let refused = put(todo.clone()).await;
    ensure_refused!(
        refused,
        Error::UnsupportedComponent { .. },
        "a to-do among events"
    );
    ensure_refused!(
        put("plain text".into()).await,
        Error::InvalidObject(_),
        "plain text"
    );
    let unknown = component("X-THING", "x", "SUMMARY:What");
    ensure!(put(unknown).await.is_err(), "a component that is none");
    let big = "x".repeat(usize::try_from(store.limits().object_bytes).unwrap_or(0) + 1);
    ensure_refused!(
        put(big.into()).await,
        Error::TooLarge { .. },
        "too many bytes"
    );
    ensure!(
        scene.names().await?.is_empty(),
        "something was stored all the same"
    );
    let untouched = scene.token().await?.sequence();
    ensure_eq!(untouched, 0, "the sequence after refusals");

    let tasks = scene.tasks().await?;
    store
        .put(Put::new(tasks, ics("x")?, todo), &cause(1))
        .await?;
    let folder = scene.folder("files").await?;
    store
        .put(Put::new(folder, ics("x")?, "plain text"), &cause(1))
        .await?;
    Ok(())
}
