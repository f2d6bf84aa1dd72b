//! Managed attachments.

use super::scene::{Scene, at, cause, ics, timed_event};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    CollectionKind, CollectionName, ContentType, Edit, Error, NewCollection, ObjectName,
    PageRequest, Put, Store,
};

/// An event that names attachments.
fn naming(uid: &str, ids: &[&str]) -> bytes::Bytes {
    let mut lines = "DTSTART:20260921T120000Z".to_owned();
    for id in ids {
        lines.push_str(&format!(
            "\r\nATTACH;MANAGED-ID={id}:https://example.com/{id}"
        ));
    }
    timed_event(uid, &lines)
}

pub(super) async fn keeps_attachments(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let owner = scene.ada.id;
    ensure_eq!(
        store.attachments(owner).await?,
        None,
        "attachments of who has none"
    );
    let made = store.make_attachments(owner, &cause(1)).await?;
    ensure_eq!(made.kind, CollectionKind::Attachments, "what was made");
    ensure_eq!(made.parent, Some(scene.home.id), "where it is");
    let again = store.make_attachments(owner, &cause(2)).await?;
    ensure_eq!(again.id, made.id, "what was there already");
    let found = store.attachments(owner).await?;
    ensure_eq!(found.map(|found| found.id), Some(made.id), "what is found");

    // A file and the event that names it come together, or neither does.
    let file = Put::new(made.id, ObjectName::new("a")?, &b"\0bytes"[..])
        .with_content_type(ContentType::new("image/png"));
    let held = crate::Precondition::Present;
    let event = Put::new(scene.calendar, ics("e")?, naming("e", &["a"]));
    let edits = vec![
        Edit::from(file.clone()),
        Edit::from(event.clone().with_precondition(held)),
    ];
    let refused = store.write_all(edits, &cause(3)).await;
    ensure_refused!(
        refused,
        Error::PreconditionFailed { .. },
        "an event that must be there"
    );
    let name = ObjectName::new("a")?;
    ensure_eq!(
        store.object(made.id, &name).await?,
        None,
        "a file of an event that was refused"
    );
    let edits = vec![Edit::from(file), Edit::from(event)];
    store.write_all(edits, &cause(3)).await?;
    let file = store.object(made.id, &name).await?;
    let file = file.ok_or_else(|| Broken::new("the file is not there"))?;
    ensure_eq!(&file.body[..], b"\0bytes", "the bytes of a file");
    ensure_eq!(
        file.entry.content_type.as_str(),
        "image/png",
        "the media type of a file"
    );

    let inner = NewCollection::plain(made.id, CollectionName::new("x")?);
    let refused = store.create_collection(inner, &cause(4)).await;
    ensure_refused!(refused, Error::WrongPlace, "a folder among attachments");
    Ok(())
}

pub(super) async fn prunes_attachments_that_nothing_names(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let files = store.make_attachments(scene.ada.id, &cause(1)).await?.id;
    for (id, seconds) in [("named", 1), ("folded", 1), ("unnamed", 1), ("new", 9)] {
        let file = Put::new(files, ObjectName::new(id)?, id.as_bytes().to_vec());
        store.put(file, &cause(seconds)).await?;
    }
    let event = naming("e", &["named", "folded", "unnamed"]);
    let event =
        String::from_utf8_lossy(&event).replace("MANAGED-ID=folded", "MANAGED-\r\n ID=fol\r\n ded");
    let event = Put::new(scene.calendar, ics("e")?, event.into_bytes());
    store.put(event, &cause(2)).await?;
    let left = async || {
        let entries = store.entries(files, PageRequest::first(9)).await?;
        let names = entries.items.iter().map(|entry| entry.name.to_string());
        Ok::<_, Broken>(names.collect::<Vec<_>>().join(" "))
    };

    ensure_eq!(
        store.prune_attachments(at(5), &cause(10)).await?,
        0,
        "what was pruned while all was named"
    );
    let fewer = naming("e", &["named", "folded"]);
    let fewer = Put::new(scene.calendar, ics("e")?, fewer);
    store.put(fewer, &cause(11)).await?;
    // What is in the trash may come back and name it.
    let folder = scene.folder("gone").await?;
    store.delete_collection(folder, &cause(12)).await?;
    ensure_eq!(
        store.prune_attachments(at(5), &cause(13)).await?,
        0,
        "what was pruned beside a trash that is not empty"
    );
    store.prune(at(13), &cause(13)).await?;
    ensure_eq!(
        store.prune_attachments(at(5), &cause(14)).await?,
        1,
        "what was pruned"
    );
    ensure_eq!(left().await?, "folded named new", "what is left");
    ensure!(
        store.prune_attachments(at(99), &cause(15)).await? == 1,
        "a file that is old enough now was not pruned"
    );
    ensure_eq!(left().await?, "folded named", "what is left in the end");
    Ok(())
}
