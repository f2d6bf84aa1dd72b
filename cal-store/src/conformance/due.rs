//! Reminders, and making the index again.

use super::scene::{Scene, at, cause, ics, timed_event};
use super::{Broken, Outcome, ensure, ensure_eq};
use crate::{
    CollectionName, MoveCollection, PageRequest, Put, Reindex, SearchQuery, Span, Store, Timestamp,
};

/// 2026-09-21T12:00:00Z, which hours and minutes here are counted from.
const BEGINNING: i64 = 1_789_992_000_000;

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

/// What is due in some hours, as lines of minutes and names.
async fn due(store: &Store, hours: std::ops::Range<i64>) -> Result<Vec<String>, Broken> {
    let hour = |hour: i64| Timestamp::from_millis(BEGINNING + hour * 3_600_000);
    let span = Span::new(hour(hours.start), hour(hours.end));
    let due = store.due(span).await?;
    Ok(due
        .iter()
        .map(|it| format!("{} {}", (it.at.millis() - BEGINNING) / 60_000, it.name))
        .collect())
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
