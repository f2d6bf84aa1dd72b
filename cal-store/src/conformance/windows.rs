//! Finding by time.

use super::scene::{Scene, cause, component, ics, timed_event};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    CollectionId, ComponentKind, Cursor, Error, PageRequest, Put, Span, SpanQuery, Store, Timestamp,
};

/// Events by name, with the lines that say when they are.
const EVENTS: &[(&str, &str)] = &[
    (
        "before",
        "DTSTART:20260301T090000Z\r\nDTEND:20260301T100000Z",
    ),
    (
        "inside",
        "DTSTART:20260304T090000Z\r\nDTEND:20260304T100000Z",
    ),
    ("instant", "DTSTART:20260302T000000Z"),
    (
        "around",
        "DTSTART:20260201T090000Z\r\nDTEND:20260401T090000Z",
    ),
    (
        "years",
        "DTSTART:20150101T000000Z\r\nDTEND:20300101T000000Z",
    ),
    (
        "after",
        "DTSTART:20260310T000000Z\r\nDTEND:20260310T010000Z",
    ),
    (
        "forever",
        "DTSTART:20100104T090000Z\r\nDTEND:20100104T100000Z\r\nRRULE:FREQ=WEEKLY",
    ),
    (
        "over",
        "DTSTART:20100104T090000Z\r\nRRULE:FREQ=DAILY;COUNT=10",
    ),
    ("day", "DTSTART;VALUE=DATE:20260305"),
    (
        "floating",
        "DTSTART:20260306T090000\r\nDTEND:20260306T100000",
    ),
];

/// What overlaps the first full week of March 2026.
const WEEK: &[&str] = &[
    "around", "day", "floating", "forever", "inside", "instant", "years",
];

fn week() -> Span {
    let monday = Timestamp::from_millis(1_772_409_600_000);
    let next = Timestamp::from_millis(1_773_014_400_000);
    Span::new(monday, next)
}

pub(super) async fn finds_what_overlaps(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    for (uid, lines) in EVENTS {
        let put = Put::new(scene.calendar, ics(uid)?, timed_event(uid, lines));
        store.put(put, &cause(1)).await?;
    }
    let query = SpanQuery::new(scene.calendar, week());
    for limit in [1, 2, 100] {
        let mut found = found(store, query, limit).await?;
        found.sort_unstable();
        ensure_eq!(found, WEEK, "what overlaps a week");
    }
    let everything = SpanQuery::new(scene.calendar, Span::ALWAYS);
    let all = found(store, everything, 3).await?;
    ensure_eq!(all.len(), EVENTS.len(), "what overlaps all of time");
    let todos = query.with_component(ComponentKind::Todo);
    let none = found(store, todos, 3).await?;
    ensure!(none.is_empty(), "events among to-dos: {none:?}");

    // The index follows the object.
    let (_, lines) = EVENTS.first().copied().unwrap_or_default();
    let moved = Put::new(scene.calendar, ics("inside")?, timed_event("inside", lines));
    store.put(moved, &cause(2)).await?;
    scene.delete("years").await?;
    let mut left = found(store, query, 100).await?;
    left.sort_unstable();
    ensure_eq!(
        left,
        ["around", "day", "floating", "forever", "instant"],
        "what is left"
    );

    let nothing = SpanQuery::new(CollectionId::random(), week());
    let refused = store.overlapping(nothing, PageRequest::first(1)).await;
    ensure_refused!(refused, Error::NotFound, "a query of nothing");
    undated(&scene).await
}

/// A to-do without any time may be on at any time.
async fn undated(scene: &Scene<'_>) -> Outcome {
    let store = scene.store;
    let tasks = scene.tasks().await?;
    let todo = component("VTODO", "t", "SUMMARY:Some day");
    store
        .put(Put::new(tasks, ics("t")?, todo), &cause(1))
        .await?;
    let found = found(store, SpanQuery::new(tasks, week()), 10).await?;
    ensure_eq!(found, ["t"], "a to-do without a time");
    Ok(())
}

/// The UIDs that a query finds, page by page.
async fn found(store: &Store, query: SpanQuery, limit: usize) -> Result<Vec<String>, Broken> {
    let mut found = Vec::new();
    let mut next: Option<Cursor> = None;
    loop {
        let page = match next {
            Some(cursor) => PageRequest::after(cursor, limit),
            None => PageRequest::first(limit),
        };
        let objects = store.overlapping(query, page).await?;
        ensure!(
            objects.items.len() <= limit,
            "a page is longer than its limit"
        );
        for object in objects.items {
            found.push(object.entry.name.as_str().replace(".ics", ""));
        }
        next = objects.next;
        if next.is_none() {
            return Ok(found);
        }
    }
}
