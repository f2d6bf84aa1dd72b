//! Jobs, holds and secrets, which are in the journal alone, and busy times,
//! which are in no file at all.

use std::fs;

use cal_freebusy::Interval;
use cal_store::{
    CollectionId, Error, JobFilter, JobKey, JobKind, JobOutcome, JobState, NewJob, NewPrincipal,
    PageRequest, PrincipalKind, Put, Sealer, Secret, ServerSecret, SourceId, Store, Timestamp,
};
use chrono::{DateTime, TimeDelta};

use super::{calendar, open};
use crate::scene::{calendar as around, calendar_of_ada, cause, event, ics, lease_push, put};

/// So many seconds after the instant of [`cause`].
fn later(seconds: i64) -> Timestamp {
    Timestamp::from_millis(cause().at.millis() + seconds * 1000)
}

fn job(key: &str) -> NewJob {
    let kind = JobKind::new("push").unwrap();
    NewJob::new(kind, "payload", later(0)).with_key(JobKey::new(key).unwrap())
}

async fn states(store: &Store) -> Vec<(u32, JobState)> {
    let jobs = store.jobs(JobFilter::default(), PageRequest::first(9));
    let jobs = jobs.await.unwrap().items.into_iter();
    jobs.map(|job| (job.attempts, job.state)).collect()
}

/// Has the journal written anew.
async fn rewrite(store: &Store) {
    let before = later(-1);
    let source = SourceId::new("passing").unwrap();
    let sealer = sealer();
    let secret = Secret::new("x");
    store
        .set_secret(&sealer, &source, secret, &cause())
        .await
        .unwrap();
    store.remove_secret(&source, &cause()).await.unwrap();
    store.prune(before, &cause()).await.unwrap();
}

fn sealer() -> Sealer {
    Sealer::new(ServerSecret::new("the secret of the server").unwrap()).unwrap()
}

#[tokio::test]
async fn leases_outlive_the_process_and_a_journal_that_is_written_anew() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let store = open(root).await;
    store.enqueue(job("one"), &cause()).await.unwrap();
    let leased = lease_push(&store, later(0), later(10), 9).await;
    store
        .extend_lease(leased[0].lease, later(20))
        .await
        .unwrap();
    // To be done again, while somebody does it.
    store.enqueue(job("one"), &cause()).await.unwrap();
    drop(store);
    for is_written_anew in [false, true] {
        let store = open(root).await;
        assert_eq!(states(&store).await, [(1, JobState::Leased(later(20)))]);
        assert_eq!(lease_push(&store, later(15), later(30), 9).await, []);
        if is_written_anew {
            rewrite(&store).await;
        }
    }
    let store = open(root).await;
    store
        .settle_job(leased[0].lease, JobOutcome::Done, &cause())
        .await
        .unwrap();
    assert_eq!(states(&store).await, [(0, JobState::Waiting(later(0)))]);
    drop(store);
    let store = open(root).await;
    assert_eq!(states(&store).await, [(0, JobState::Waiting(later(0)))]);
}

#[tokio::test]
async fn a_secret_outlives_the_process_and_when_removed_is_in_no_line_of_the_journal() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let (sealer, source) = (sealer(), SourceId::new("far away").unwrap());
    let store = open(root).await;
    store
        .set_secret(&sealer, &source, Secret::new("sesame"), &cause())
        .await
        .unwrap();
    drop(store);
    let store = open(root).await;
    let secret = store.secret(&sealer, &source).await.unwrap().unwrap();
    assert_eq!(secret.expose(), b"sesame");
    let kept = store.secrets(PageRequest::first(1)).await.unwrap().items;
    let journal = || fs::read_to_string(root.join(".cal/journal")).unwrap();
    assert!(journal().contains(kept[0].envelope.as_str()));
    store.remove_secret(&source, &cause()).await.unwrap();
    assert!(!journal().contains(kept[0].envelope.as_str()));
}

/// The calendar of a room in which a time is taken, and a time that is free.
async fn room(store: &Store) -> (CollectionId, Interval) {
    let new = NewPrincipal::new("room".parse().unwrap()).with_kind(PrincipalKind::Room);
    let room = store.create_principal(new, &cause()).await.unwrap().id;
    let home = store.home(room).await.unwrap().id;
    let name = "calendar".parse().unwrap();
    let id = store.child(home, &name).await.unwrap().unwrap().id;
    let meeting = Put::new(id, ics("a"), meeting("a", "10"));
    store.put(meeting, &cause()).await.unwrap();
    let instant = |text: &str| text.parse::<DateTime<chrono::Utc>>().unwrap();
    let free = Interval::new(
        instant("2026-09-22T12:00:00Z"),
        instant("2026-09-22T13:00:00Z"),
    );
    (id, free)
}

/// A meeting of an hour, from an hour of a day on.
fn meeting(uid: &str, hour: &str) -> String {
    around(&format!(
        "BEGIN:VEVENT\r\nUID:{uid}\r\nDTSTAMP:20260901T080000Z\r\n\
         DTSTART:20260922T{hour}0000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n"
    ))
}

#[tokio::test]
async fn a_hold_outlives_the_process_until_it_is_released() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let store = open(root).await;
    let (room, free) = room(&store).await;
    let hour = TimeDelta::hours(1);
    let hold = store.hold(room, free, hour, &cause()).await.unwrap();
    drop(store);
    for is_written_anew in [false, true] {
        let store = open(root).await;
        let refused = store.hold(room, free, hour, &cause()).await;
        assert!(
            matches!(refused, Err(Error::DoubleBooking { holder: None, .. })),
            "{refused:?}"
        );
        if is_written_anew {
            rewrite(&store).await;
        }
    }
    let store = open(root).await;
    let was_held = store.release_hold(room, hold.token, &cause()).await;
    assert!(was_held.unwrap());
    drop(store);
    let store = open(root).await;
    assert!(store.hold(room, free, hour, &cause()).await.is_ok());
}

#[tokio::test]
async fn a_file_that_double_books_a_room_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let store = open(root).await;
    let (room, _) = room(&store).await;
    let files = root.join("room/calendar");
    drop(store);
    fs::write(files.join("closed.ics"), meeting("closed", "10")).unwrap();
    let store = open(root).await;
    fs::write(files.join("open.ics"), meeting("open", "10")).unwrap();
    fs::write(files.join("later.ics"), meeting("later", "11")).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    let names = store.entries(room, PageRequest::first(9)).await.unwrap();
    let names = names.items.iter().map(|entry| entry.name.as_str());
    assert_eq!(names.collect::<Vec<_>>(), ["a.ics", "later.ics"]);
    let written = fs::read_to_string(files.join("open.ics")).unwrap();
    assert_eq!(written, meeting("open", "10"), "nobody's words are lost");
}

#[tokio::test]
async fn busy_times_follow_files_that_are_edited() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path();
    let store = open(root).await;
    let id = calendar_of_ada(&store).await;
    store.put(put(id, "a", "At noon"), &cause()).await.unwrap();
    let (_, free) = room(&store).await;
    let at = cause().at;
    let collection = store.collection(id).await.unwrap().unwrap();
    let is_free = async || {
        let known = store.busy_slots_of(&collection, &free, at).await.unwrap();
        known.is_free(&free)
    };
    assert!(is_free().await);
    assert_ne!(event("a", "At noon"), meeting("a", "12"));
    fs::write(calendar(root).join("a.ics"), meeting("a", "12")).unwrap();
    tokio::time::sleep(std::time::Duration::from_millis(1100)).await;
    assert!(!is_free().await);
}
