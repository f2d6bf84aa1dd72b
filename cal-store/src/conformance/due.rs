//! Reminders, and making the index again.

use cal_freebusy::Interval;

use super::scene::{Scene, at, cause, ics, timed_event};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    BusyQuery, CollectionName, ComponentKind, Error, IndexRow, MoveCollection, PageRequest, Put,
    RebuiltBusy, Reindex, Reindexed, SearchQuery, Span, Store, Timestamp, Uid, Wanted,
};

/// 2026-09-21T12:00:00Z, which hours and minutes here are counted from.
const BEGINNING: i64 = 1_789_992_000_000;

/// Pages that are read at most.
const MOST_PAGES: usize = 1_000;

/// Events by name with their lines.
const EVENTS: &[(&str, &str)] = &[
    // 13:45
    ("once", "DTSTART:20260921T140000Z\r\n{-PT15M}"),
    // Every day at 08:00, also in a year.
    (
        "daily",
        "DTSTART:20260901T090000Z\r\nRRULE:FREQ=DAILY\r\n{-PT1H}",
    ),
    // Nine o'clock in no zone, less nine hours.
    ("floating", "DTSTART:20260922T090000\r\n{-PT9H}"),
    ("silent", "DTSTART:20260921T140000Z"),
    (
        "cancelled",
        "DTSTART:20260921T140000Z\r\nSTATUS:CANCELLED\r\n{-PT15M}",
    ),
];

fn lines(template: &str) -> String {
    match template.split_once('{') {
        Some((before, trigger)) => format!(
            "{before}BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:Soon\r\nTRIGGER:{}\r\nEND:VALARM",
            trigger.trim_end_matches('}')
        ),
        None => template.to_owned(),
    }
}

async fn filled(store: &Store) -> Result<Scene<'_>, Broken> {
    let scene = Scene::new(store).await?;
    for (uid, template) in EVENTS {
        let put = Put::new(
            scene.calendar,
            ics(uid)?,
            timed_event(uid, &lines(template)),
        );
        store.put(put, &cause(0)).await?;
    }
    Ok(scene)
}

/// What is due in some hours, by calendar and name, read in pages of so many.
async fn due_in_pages(
    store: &Store,
    hours: std::ops::Range<i64>,
    limit: usize,
) -> Result<Vec<String>, Broken> {
    let hour = |hour: i64| Timestamp::from_millis(BEGINNING + hour * 3_600_000);
    let span = Span::new(hour(hours.start), hour(hours.end));
    let mut due = Vec::new();
    let mut page = PageRequest::first(limit);
    for _ in 0..MOST_PAGES {
        let found = store.due(span, page).await?;
        ensure!(found.items.len() <= limit, "more than a page of reminders");
        ensure!(
            found.items.is_sorted_by_key(|it| it.at),
            "a page is out of order"
        );
        due.extend(found.items);
        match found.next {
            Some(next) => page = PageRequest::after(next, limit),
            None => {
                due.sort_by_key(|it| (it.at, it.collection));
                let minutes = |at: Timestamp| (at.millis() - BEGINNING) / 60_000;
                let lines = due
                    .iter()
                    .map(|it| format!("{} {}", minutes(it.at), it.name));
                return Ok(lines.collect());
            }
        }
    }
    Err(Broken::new("the pages of reminders do not end"))
}

/// What is due in some hours, as lines of minutes and names.
async fn due(store: &Store, hours: std::ops::Range<i64>) -> Result<Vec<String>, Broken> {
    due_in_pages(store, hours, 100).await
}

pub(super) async fn tells_what_is_due(store: &Store) -> Outcome {
    let scene = filled(store).await?;
    ensure_eq!(
        due(store, 0..24).await?,
        ["105 once.ics", "720 floating.ics", "1200 daily.ics"],
        "what is due in a day"
    );
    ensure!(due(store, 2..3).await?.is_empty(), "reminders of no one");
    let year = 365 * 24;
    ensure_eq!(
        due(store, year..year + 24).await?,
        [format!("{} daily.ics", year * 60 + 1200)],
        "what is due in a year"
    );

    let moved = lines("DTSTART:20260921T180000Z\r\n{-PT15M}");
    let put = Put::new(scene.calendar, ics("once")?, timed_event("once", &moved));
    store.put(put, &cause(1)).await?;
    scene.delete("daily").await?;
    let left = ["345 once.ics", "720 floating.ics"];
    ensure_eq!(due(store, 0..24).await?, left, "after changes");
    store.delete_collection(scene.calendar, &cause(2)).await?;
    ensure!(
        due(store, 0..24).await?.is_empty(),
        "reminders of the trash"
    );
    let back = MoveCollection {
        id: scene.calendar,
        parent: scene.home.id,
        name: CollectionName::new("back")?,
    };
    store.restore_collection(back, &cause(3)).await?;
    ensure_eq!(due(store, 0..24).await?, left, "after the restoration");
    Ok(())
}

pub(super) async fn pages_through_what_is_due(store: &Store) -> Outcome {
    let scene = filled(store).await?;
    // Two that go off at one instant, an object with two alarms at one, and one that goes off often.
    for (name, lines) in [
        ("same", lines("DTSTART:20260921T140000Z\r\n{-PT15M}")),
        (
            "twice",
            lines("DTSTART:20260921T140000Z\r\n{-PT15M}") + &lines("\r\n{-PT15M}"),
        ),
        (
            "often",
            lines("DTSTART:20260921T120000Z\r\nRRULE:FREQ=MINUTELY;INTERVAL=7\r\n{PT0S}"),
        ),
    ] {
        let put = Put::new(scene.calendar, ics(name)?, timed_event(name, &lines));
        store.put(put, &cause(0)).await?;
    }
    let all = due(store, 0..24).await?;
    ensure_eq!(all.len(), 206 + 6, "reminders of a day");
    for limit in [1, 2, 7] {
        let mut paged = due_in_pages(store, 0..24, limit).await?;
        let mut expected = all.clone();
        paged.sort();
        expected.sort();
        ensure_eq!(paged, expected, "reminders in small pages");
    }

    let day = Span::new(Timestamp::from_millis(BEGINNING), {
        Timestamp::from_millis(BEGINNING + 86_400_000)
    });
    let mut told = Vec::new();
    let mut page = PageRequest::first(1);
    loop {
        let found = store.due(day, page).await?;
        told.extend(found.items.iter().map(|it| it.name.to_string()));
        let Some(next) = found.next else { break };
        if found.items.iter().any(|it| it.name.as_str() == "once.ics") {
            // What comes and goes before the cursor, and beside it, moves nothing else.
            scene.delete("once").await?;
            let early = lines("DTSTART:20260921T121600Z\r\n{-PT15M}");
            let put = Put::new(scene.calendar, ics("early")?, timed_event("early", &early));
            store.put(put, &cause(1)).await?;
        }
        page = PageRequest::after(next, 1);
    }
    for (name, times) in [
        ("same.ics", 1),
        ("twice.ics", 2),
        ("floating.ics", 1),
        ("daily.ics", 1),
    ] {
        let count = told.iter().filter(|told| *told == name).count();
        ensure_eq!(count, times, "how often what was not touched is told");
    }
    let refused = store
        .due(day, PageRequest::after(crate::Cursor::new("x"), 1))
        .await;
    ensure_refused!(refused, Error::InvalidCursor, "a cursor of no listing");
    Ok(())
}

pub(super) async fn makes_the_index_again(store: &Store) -> Outcome {
    let scene = filled(store).await?;
    let before = (scene.token().await?, due(store, 0..24).await?);
    ensure!(
        store.index_basis().await?.is_none(),
        "a basis that nobody has noted"
    );
    let report = store.reindex(Reindex::everything(at(0)).dry_run()).await?;
    ensure_eq!(report.reindexed, 5, "objects that would be indexed");
    ensure!(
        store.index_basis().await?.is_none(),
        "a basis after a dry run"
    );
    let report = store.reindex(Reindex::outdated(at(0))).await?;
    ensure_eq!(report.reindexed, 5, "objects indexed for the first basis");
    let basis = store.index_basis().await?;
    ensure!(
        basis.is_some_and(|basis| basis.is_current()),
        "the basis was not noted"
    );
    let report = store.reindex(Reindex::outdated(at(0))).await?;
    ensure_eq!(report.reindexed, 0, "objects indexed for the same basis");
    let after = (scene.token().await?, due(store, 0..24).await?);
    ensure_eq!(after, before, "the token and what is due");
    let of = Reindex::everything(at(0)).of(scene.ada.id);
    ensure_eq!(store.reindex(of).await?.reindexed, 5, "objects of one");
    let query = SearchQuery::new(scene.calendar, "soon")?;
    let found = store.search(query, PageRequest::first(9)).await?;
    ensure!(found.items.is_empty(), "words of an alarm");
    let name = ics("once")?;
    let versions = store.versions(scene.calendar, &name, PageRequest::first(9));
    ensure_eq!(versions.await?.items.len(), 1, "versions of an object");
    let report = store.verify_audit(&[]).await?;
    ensure!(report.broken.is_empty(), "the audit chains are broken");
    Ok(())
}

pub(super) async fn indexes_what_is_in_the_trash(store: &Store) -> Outcome {
    let scene = filled(store).await?;
    let lines = "DTSTART:20260921T150000Z\r\nDTEND:20260921T160000Z\r\nSUMMARY:Rehearsal";
    let put = Put::new(scene.calendar, ics("long")?, timed_event("long", lines));
    store.put(put, &cause(0)).await?;
    let day = interval(0, 24);
    let times = store.busy_slots(scene.ada.id, &day, at(0)).await?;
    ensure!(!times.times().is_empty(), "nothing takes time");
    let before = (due(store, 0..24).await?, times.times().clone());
    spoil(store, scene.calendar).await?;

    store.delete_collection(scene.calendar, &cause(1)).await?;
    let report = store.reindex(Reindex::everything(at(2))).await?;
    ensure_eq!(report.reindexed, 6, "objects indexed in the trash");
    let back = MoveCollection {
        id: scene.calendar,
        parent: scene.home.id,
        name: CollectionName::new("back")?,
    };
    store.restore_collection(back, &cause(3)).await?;
    let times = store.busy_slots(scene.ada.id, &day, at(3)).await?;
    let after = (due(store, 0..24).await?, times.times().clone());
    ensure_eq!(after, before, "reminders and busy times after the trash");
    let query = SearchQuery::new(scene.calendar, "rehears")?;
    let found = store.search(query, PageRequest::first(9)).await?;
    ensure_eq!(found.items.len(), 1, "what is found by its words");
    Ok(())
}

/// So many hours after the beginning.
fn interval(start: i64, end: i64) -> Interval {
    let hour = |hour: i64| Timestamp::from_millis(BEGINNING + hour * 3_600_000).to_date_time();
    Interval::new(
        hour(start).unwrap_or_default(),
        hour(end).unwrap_or_default(),
    )
}

/// Makes all that is worked out from the objects of a calendar wrong.
async fn spoil(store: &Store, calendar: crate::CollectionId) -> Outcome {
    let indexed = store
        .backend()
        .indexed(None, PageRequest::first(99))
        .await?;
    let wrong = indexed.items.into_iter().map(|it| {
        let entry = it.object.entry;
        let component = entry.component.unwrap_or(ComponentKind::Event);
        Ok(Reindexed {
            collection: it.collection,
            etag: entry.etag,
            index: IndexRow::new(
                Uid::new(entry.name.as_str().trim_end_matches(".ics"))?,
                component,
            ),
            name: entry.name,
        })
    });
    let wrong = wrong.collect::<Result<Vec<_>, Error>>()?;
    store.backend().reindex(wrong).await?;
    let query = BusyQuery {
        collections: vec![calendar],
        window: interval(0, 24),
        wanted: Wanted::Standing,
    };
    let standing = store.backend().busy(&query).await?.into_iter().next();
    let basis = standing.and_then(|standing| standing.basis);
    let head = store.changes(calendar, None, 99).await?;
    let wrong = RebuiltBusy {
        collection: calendar,
        sequence: head.token.sequence(),
        basis: basis.ok_or_else(|| Broken::new("no busy times are kept"))?,
        objects: Vec::new(),
    };
    ensure!(
        store.backend().set_busy(wrong).await?,
        "the times are not replaced"
    );
    ensure!(
        due(store, 0..24).await?.is_empty(),
        "reminders of an empty index"
    );
    Ok(())
}
