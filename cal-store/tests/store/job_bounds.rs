//! How many jobs there may be.

use cal_store::{
    Edit, Effect, Error, JobFilter, JobKey, JobKind, JobOutcome, Limits, Memory, NewJob,
    PageRequest, Put, Store,
};

use crate::scene::{calendar_of_ada, cause, event, ics, lease_push};

/// A store with room for three jobs of a kind, and five in all.
fn small() -> Store {
    let mut limits = Limits::default();
    (limits.jobs_of_kind, limits.jobs, limits.dead_letters) = (3, 5, 2);
    Store::with_limits(Memory::new(), limits)
}

fn job(kind: &str) -> NewJob {
    NewJob::new(JobKind::new(kind).unwrap(), "", cause().at)
}

async fn enqueue(store: &Store, kind: &str) -> Result<Effect, Error> {
    store.enqueue(job(kind), &cause()).await
}

/// Ends the earliest job of the kind `push`.
async fn end(store: &Store, outcome: JobOutcome) {
    let until = cause().at.after(std::time::Duration::from_secs(10));
    let leased = lease_push(store, cause().at, until, 1).await.pop().unwrap();
    store
        .settle_job(leased.lease, outcome, &cause())
        .await
        .unwrap();
}

fn dead() -> JobOutcome {
    let fault = "gone".to_owned();
    JobOutcome::Dead { fault }
}

#[tokio::test]
async fn a_kind_that_is_full_refuses_jobs_and_says_where_the_bound_is() {
    let store = small();
    for _ in 0..3 {
        enqueue(&store, "push").await.unwrap();
    }
    let refused = enqueue(&store, "push").await.unwrap_err();
    assert_eq!(refused.to_string(), "more than 3 jobs of one kind");
    enqueue(&store, "other").await.unwrap();
}

#[tokio::test]
async fn a_job_that_ends_makes_room_for_another() {
    let store = small();
    for _ in 0..3 {
        enqueue(&store, "push").await.unwrap();
    }
    enqueue(&store, "push").await.unwrap_err();
    end(&store, JobOutcome::Done).await;
    enqueue(&store, "push").await.unwrap();
    enqueue(&store, "push").await.unwrap_err();
}

#[tokio::test]
async fn a_job_of_a_key_that_waits_already_takes_no_room() {
    let store = small();
    for _ in 0..9 {
        let one = job("push").with_key(JobKey::new("one").unwrap());
        store.enqueue(one, &cause()).await.unwrap();
    }
    enqueue(&store, "push").await.unwrap();
}

#[tokio::test]
async fn dead_letters_count_among_all_jobs_and_not_among_those_of_their_kind() {
    let store = small();
    for _ in 0..5 {
        enqueue(&store, "push").await.unwrap();
        end(&store, dead()).await;
    }
    let refused = enqueue(&store, "other").await.unwrap_err();
    assert_eq!(
        refused.to_string(),
        "more than 5 jobs, with those that were given up"
    );
    let forgotten = store.prune_dead_letters(cause().at, &cause()).await;
    assert_eq!(forgotten.unwrap(), 3, "the two latest are kept");
    enqueue(&store, "other").await.unwrap();
}

#[tokio::test]
async fn what_would_enqueue_too_much_is_not_written_at_all() {
    let store = small();
    let calendar = calendar_of_ada(&store).await;
    for _ in 0..3 {
        enqueue(&store, "push").await.unwrap();
    }
    let put = Put::new(calendar, ics("1"), event("1", "One"));
    let edits = vec![Edit::from(put), Edit::from(job("push"))];
    let refused = store.write_all(edits, &cause()).await;
    assert!(matches!(refused, Err(Error::Limit { limit: 3, .. })));
    let object = store.object(calendar, &ics("1")).await.unwrap();
    assert_eq!(object, None);
    let jobs = store.jobs(JobFilter::default(), PageRequest::first(9));
    assert_eq!(jobs.await.unwrap().items.len(), 3);
}

#[tokio::test]
async fn the_bounds_hold_for_jobs_that_others_have_enqueued() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let mut limits = Limits::default();
    limits.jobs_of_kind = 3;
    let open = async || {
        let sqlite = cal_store::Sqlite::open(&path).await.unwrap();
        Store::with_limits(sqlite, limits)
    };
    let (one, other) = (open().await, open().await);
    for _ in 0..3 {
        enqueue(&one, "push").await.unwrap();
    }
    enqueue(&other, "push").await.unwrap_err();
}
