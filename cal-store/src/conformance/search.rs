//! Finding by words and categories.

use super::scene::{Scene, cause, component, ics, timed_event};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    Category, CollectionId, CollectionName, ComponentKind, Cursor, Error, MoveCollection,
    NewCollection, PageRequest, Put, SearchQuery, Store,
};

/// Events by name, with the lines that they are found by.
const EVENTS: &[(&str, &str)] = &[
    ("a", "SUMMARY:Café am Königsplatz\r\nLOCATION:Hauptstraße 7"),
    (
        "b",
        "SUMMARY:Planning\r\nDESCRIPTION:Figures of the CAFE\\, please",
    ),
    (
        "c",
        "SUMMARY:Review\r\nORGANIZER;CN=Ada Lovelace:mailto:ada@example.com\r\n\
         ATTENDEE;CN=\"Bohr, Niels\":mailto:nb@institute.example",
    ),
    ("d", "SUMMARY:会議の準備\r\nCATEGORIES:Work,Été"),
    (
        "e",
        "SUMMARY:Review of plans\r\nCATEGORIES:WORK\r\nCATEGORIES:C++",
    ),
];

/// Questions, and what they find.
const QUESTIONS: &[(&str, &[&str])] = &[
    ("cafe", &["a", "b"]),
    ("CAFÉ figures", &["b"]),
    ("konigs", &["a"]),
    ("hauptstrasse", &["a"]),
    ("strasse", &[]),
    ("niels bohr", &["c"]),
    ("ada@example.com", &["c"]),
    ("mailto", &[]),
    ("plan", &["b", "e"]),
    ("review pl", &["e"]),
    ("会議", &["d"]),
    ("準備", &["d"]),
    ("7", &["a"]),
    ("\"* OR 'plan", &[]),
    ("", &[]),
    ("!", &[]),
];

async fn filled(store: &Store) -> Result<Scene<'_>, Broken> {
    let scene = Scene::new(store).await?;
    for (uid, lines) in EVENTS {
        put(&scene, scene.calendar, uid, lines).await?;
    }
    Ok(scene)
}

async fn put(scene: &Scene<'_>, to: CollectionId, uid: &str, lines: &str) -> Outcome {
    let lines = format!("DTSTART:20260921T120000Z\r\n{lines}");
    let put = Put::new(to, ics(uid)?, timed_event(uid, &lines));
    scene.store.put(put, &cause(1)).await?;
    Ok(())
}

pub(super) async fn finds_words(store: &Store) -> Outcome {
    let scene = filled(store).await?;
    for (text, expected) in QUESTIONS {
        let query = SearchQuery::new(scene.calendar, text)?;
        for limit in [1, 100] {
            let found = found(store, &query, limit).await?;
            ensure!(
                found == *expected,
                "{text:?} finds {found:?}, not {expected:?}"
            );
        }
    }
    let todo = SearchQuery::new(scene.calendar, "cafe")?.with_component(ComponentKind::Todo);
    let none = found(store, &todo, 9).await?;
    ensure!(none.is_empty(), "an event among to-dos: {none:?}");
    let nowhere = SearchQuery::new(CollectionId::random(), "cafe")?;
    let refused = store.search(nowhere, PageRequest::first(1)).await;
    ensure_refused!(refused, Error::NotFound, "a search of nothing");
    Ok(())
}

pub(super) async fn keeps_words_up_to_date(store: &Store) -> Outcome {
    let scene = filled(store).await?;
    let query = SearchQuery::new(scene.calendar, "cafe")?;
    put(&scene, scene.calendar, "a", "SUMMARY:Tea").await?;
    scene.delete("b").await?;
    put(&scene, scene.calendar, "f", "SUMMARY:Cafeteria").await?;
    ensure_eq!(
        found(store, &query, 9).await?,
        ["f"],
        "what has the word now"
    );
    put(&scene, scene.calendar, "b", "SUMMARY:Café").await?;
    ensure_eq!(
        found(store, &query, 9).await?,
        ["b", "f"],
        "after one came back"
    );

    store.delete_collection(scene.calendar, &cause(2)).await?;
    let gone = store.search(query.clone(), PageRequest::first(9)).await;
    ensure_refused!(gone, Error::NotFound, "a search of the trash");
    let back = MoveCollection {
        id: scene.calendar,
        parent: scene.home.id,
        name: CollectionName::new("back")?,
    };
    store.restore_collection(back, &cause(3)).await?;
    ensure_eq!(
        found(store, &query, 9).await?,
        ["b", "f"],
        "after the restoration"
    );

    // What was pruned or removed leaves no word behind for what comes after it.
    store.delete_collection(scene.calendar, &cause(4)).await?;
    store.prune(super::scene::at(60), &cause(60)).await?;
    store.remove_principal(scene.ada.id, &cause(61)).await?;
    let scene = Scene::new(store).await?;
    put(&scene, scene.calendar, "g", "SUMMARY:Tea").await?;
    let query = query.in_collection(scene.calendar);
    let found = found(store, &query, 9).await?;
    ensure!(found.is_empty(), "words of what is gone: {found:?}");
    Ok(())
}

pub(super) async fn finds_words_of_a_principal(store: &Store) -> Outcome {
    let scene = filled(store).await?;
    let folder = scene.folder("folder").await?;
    let name = CollectionName::new("inner")?;
    let inner = NewCollection::calendar(folder, name, [ComponentKind::Event]);
    let inner = store.create_collection(inner, &cause(0)).await?.id;
    put(&scene, inner, "a", "SUMMARY:Cafeteria").await?;
    let todo = component("VTODO", "t", "SUMMARY:Buy coffee at the café");
    let tasks = Put::new(scene.tasks().await?, ics("t")?, todo);
    store.put(tasks, &cause(1)).await?;
    let mut expected = vec![
        (scene.calendar, "a".to_owned()),
        (scene.calendar, "b".to_owned()),
        (inner, "a".to_owned()),
        (scene.tasks().await?, "t".to_owned()),
    ];
    expected.sort();
    let query = SearchQuery::new(scene.home.id, "cafe")?;
    for limit in [1, 2, 100] {
        let mut all = Vec::new();
        let mut page = PageRequest::first(limit);
        loop {
            let found = store.search_all(scene.ada.id, &query, page).await?;
            ensure!(
                found.items.len() <= limit,
                "a page is longer than its limit"
            );
            all.extend(found.items.into_iter().map(|found| {
                let name = found.object.entry.name.as_str().replace(".ics", "");
                (found.collection, name)
            }));
            match found.next {
                Some(next) => page = PageRequest::after(next, limit),
                None => break,
            }
        }
        ensure_eq!(all, expected, "what is found in all calendars");
    }
    Ok(())
}

pub(super) async fn finds_categories(store: &Store) -> Outcome {
    let scene = filled(store).await?;
    let of = |text: &str| {
        let category = Category::of(text).ok_or_else(|| Broken::new("a blank category"))?;
        let all = SearchQuery::new(scene.calendar, "")?;
        Ok::<_, Broken>(all.with_category(category))
    };
    for (category, expected) in [
        ("work", &["d", "e"][..]),
        ("ete", &["d"]),
        ("c++", &["e"]),
        ("c", &[]),
    ] {
        let found = found(store, &of(category)?, 1).await?;
        ensure!(found == expected, "{category:?} finds {found:?}");
    }
    let mut both = of("work")?;
    both.words = SearchQuery::new(scene.calendar, "review")?.words;
    ensure_eq!(
        found(store, &both, 9).await?,
        ["e"],
        "a word and a category"
    );
    ensure_eq!(
        counts(&scene).await?,
        ["c++ 1", "ete 1", "work 2"],
        "categories"
    );
    put(&scene, scene.calendar, "d", "SUMMARY:None").await?;
    ensure_eq!(counts(&scene).await?, ["c++ 1", "work 1"], "after a change");
    scene.delete("e").await?;
    ensure!(counts(&scene).await?.is_empty(), "categories of nothing");
    let nowhere = store.categories(CollectionId::random(), PageRequest::first(1));
    ensure_refused!(nowhere.await, Error::NotFound, "categories of nothing");
    Ok(())
}

/// The categories of the calendar with their counts, page by page.
async fn counts(scene: &Scene<'_>) -> Result<Vec<String>, Broken> {
    let mut counts = Vec::new();
    let mut page = PageRequest::first(1);
    loop {
        let found = scene.store.categories(scene.calendar, page).await?;
        let lines = found.items.iter();
        counts.extend(lines.map(|it| format!("{} {}", it.category, it.objects)));
        match found.next {
            Some(next) => page = PageRequest::after(next, 1),
            None => return Ok(counts),
        }
    }
}

/// The UIDs that a question finds, page by page.
async fn found(store: &Store, query: &SearchQuery, limit: usize) -> Result<Vec<String>, Broken> {
    let mut found = Vec::new();
    let mut next: Option<Cursor> = None;
    loop {
        let page = match next {
            Some(cursor) => PageRequest::after(cursor, limit),
            None => PageRequest::first(limit),
        };
        let objects = store.search(query.clone(), page).await?;
        ensure!(
            objects.items.len() <= limit,
            "a page is longer than its limit"
        );
        let names = objects
            .items
            .iter()
            .map(|object| object.entry.name.as_str());
        found.extend(names.map(|name| name.replace(".ics", "")));
        next = objects.next;
        if next.is_none() {
            return Ok(found);
        }
    }
}
