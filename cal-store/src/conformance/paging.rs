//! Listings in pages.

use super::scene::Scene;
use super::{Outcome, ensure, ensure_eq, ensure_refused};
use crate::{CollectionId, Error, PageRequest, Store};

pub(super) async fn pages_through_listings(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let uids = [
        "b",
        "B",
        "a",
        "Ä",
        "aa",
        "0",
        "z%20",
        "z z",
        "\u{10FFFF}",
        "é",
    ];
    for uid in uids {
        scene.put(uid, "Event").await?;
        scene.folder(uid).await?;
    }
    let mut expected: Vec<_> = uids.iter().map(|uid| format!("{uid}.ics")).collect();
    expected.sort_unstable();
    for limit in [1, 3, 10, 11] {
        let mut listed = Vec::new();
        let mut page = PageRequest::first(limit);
        loop {
            let entries = store.entries(scene.calendar, page).await?;
            ensure!(
                entries.items.len() <= limit,
                "a page is longer than its limit"
            );
            listed.extend(entries.items.iter().map(|entry| entry.name.to_string()));
            match entries.next {
                Some(next) => page = PageRequest::after(next, limit),
                None => break,
            }
        }
        ensure_eq!(listed, expected, "a listing in pages, byte by byte");
    }
    let mut children = Vec::new();
    let mut page = PageRequest::first(5);
    loop {
        let found = store.children(scene.home.id, page).await?;
        children.extend(found.items.iter().map(|child| child.name.to_string()));
        match found.next {
            Some(next) => page = PageRequest::after(next, 5),
            None => break,
        }
    }
    let mut expected: Vec<_> = uids.iter().map(ToString::to_string).collect();
    expected.extend(["calendar".to_owned(), "tasks".to_owned()]);
    expected.sort_unstable();
    ensure_eq!(children, expected, "collections in pages");

    let nothing = CollectionId::random();
    let refused = store.entries(nothing, PageRequest::first(1)).await;
    ensure_refused!(refused, Error::NotFound, "a listing of nothing");
    let refused = store.children(nothing, PageRequest::first(1)).await;
    ensure_refused!(refused, Error::NotFound, "the children of nothing");
    Ok(())
}
