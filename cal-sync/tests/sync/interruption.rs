//! Runs that die, endpoints that fail, runs at the same time.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use async_trait::async_trait;
use cal_sync::endpoint::{Description, Endpoint, Fetched, Listing, Place, Run, Written};
use cal_sync::simulate::{Collection, Habit};
use cal_sync::{
    Body, Error, ItemId, Lock, Mapping, Memory, Record, State, StateStore, Status, Uid,
};

use crate::pair::{Two, edit, event, run};

/// A state whose process dies right before so many records are made.
struct Dying {
    inner: Memory,
    left: AtomicUsize,
}

#[async_trait]
impl StateStore for Dying {
    async fn lock(&self) -> Result<Lock, Error> {
        self.inner.lock().await
    }

    async fn load(&self) -> Result<State, Error> {
        self.inner.load().await
    }

    async fn record(&self, records: Vec<Record>) -> Result<(), Error> {
        let alive = |left: usize| left.checked_sub(1);
        match self
            .left
            .fetch_update(Ordering::SeqCst, Ordering::SeqCst, alive)
        {
            Ok(_) => self.inner.record(records).await,
            Err(_) => Err(Error::State {
                what: "the process".to_owned(),
                source: "died".into(),
            }),
        }
    }
}

/// Two sides with something of everything to do.
async fn busy() -> Two {
    let two = Two::of(Habit::Rewriting, cal_sync::Policy::new());
    for uid in ["1", "2", "3", "4"] {
        two.a.put(uid, event(uid, "SUMMARY:Old\nLOCATION:Old"));
    }
    two.settle().await;
    edit(&two.a, "1", "SUMMARY:Old", "SUMMARY:New");
    edit(&two.a, "2", "SUMMARY:Old", "SUMMARY:New");
    edit(&two.b, "2", "LOCATION:Old", "LOCATION:New");
    assert!(two.b.take("3"));
    edit(&two.a, "4", "SUMMARY:Old", "SUMMARY:Ours");
    edit(&two.b, "4", "SUMMARY:Old", "SUMMARY:Theirs");
    two.a.put("5", event("5", ""));
    two.b.put("6", event("6", ""));
    two
}

#[tokio::test]
async fn a_run_that_dies_at_any_point_is_finished_by_the_next() {
    let undisturbed = busy().await;
    undisturbed.settle().await;
    let mut deaths = 0;
    for step in 0.. {
        let two = busy().await;
        let dying = Dying {
            inner: two.state.clone(),
            left: AtomicUsize::new(step),
        };
        if two.mapping.run(&dying, &run()).await.is_ok() {
            break;
        }
        deaths += 1;
        two.settle().await;
        assert_eq!(
            two.a.bodies().len(),
            undisturbed.a.bodies().len(),
            "death {step}"
        );
        for (id, body) in undisturbed.a.bodies() {
            assert_eq!(two.a.bodies()[&id], body, "{id}, death {step}");
        }
        let losses = two.state.state().losses.len();
        assert_eq!(losses, 1, "the one conflict there is, death {step}");
        assert!(two.state.state().intents.is_empty());
    }
    assert!(deaths > 10, "{deaths}");
}

/// A collection that fails for ever with one object.
struct Poisoned {
    inner: Collection,
    tried: Arc<AtomicUsize>,
}

#[async_trait]
impl Endpoint for Poisoned {
    async fn describe(&self) -> Result<Description, Error> {
        self.inner.describe().await
    }

    async fn list(&self) -> Result<Listing, Error> {
        self.inner.list().await
    }

    async fn fetch(&self, ids: &[ItemId]) -> Result<Vec<Fetched>, Error> {
        self.inner.fetch(ids).await
    }

    async fn create(&self, uid: &Uid, body: &Body, run: &Run) -> Result<Written, Error> {
        if uid.as_str() == "100" {
            self.tried.fetch_add(1, Ordering::SeqCst);
            return Err(Error::Failed("500 internal server error".into()));
        }
        self.inner.create(uid, body, run).await
    }

    async fn update(&self, place: &Place, body: &Body, run: &Run) -> Result<Written, Error> {
        self.inner.update(place, body, run).await
    }

    async fn delete(&self, place: &Place, run: &Run) -> Result<(), Error> {
        self.inner.delete(place, run).await
    }
}

#[tokio::test]
async fn one_object_that_fails_for_ever_keeps_no_other_from_being_synced() {
    let a = Collection::new("a", Habit::Faithful);
    for number in 0..200 {
        let uid = number.to_string();
        a.put(&uid, event(&uid, "SUMMARY:x"));
    }
    let tried = Arc::new(AtomicUsize::new(0));
    let b = Collection::new("b", Habit::Faithful);
    let poisoned = Poisoned {
        inner: b.clone(),
        tried: Arc::clone(&tried),
    };
    let (mapping, state) = (Mapping::new(a, poisoned), Memory::new());
    let report = mapping.run(&state, &run()).await.unwrap();
    assert_eq!(b.bodies().len(), 199);
    assert_eq!(report.status(), Status::PartialFailure);
    assert_eq!(report.failed.len(), 1);
    assert_eq!(
        report.failed[0].error,
        "the endpoint failed: 500 internal server error"
    );
    let report = mapping.run(&state, &run()).await.unwrap();
    assert_eq!((report.writes(), report.failed.len()), (0, 1));
    assert_eq!(tried.load(Ordering::SeqCst), 2, "once a run");
}

#[tokio::test]
async fn two_runs_of_one_mapping_do_not_run_at_the_same_time() {
    let two = Two::new();
    let lock = two.state.lock().await.unwrap();
    assert!(matches!(two.run().await, Err(Error::Locked)));
    drop(lock);
    two.settle().await;
}

/// Two sides of which b has an object that a run created right before it died.
async fn died_after_creating() -> Two {
    let two = Two::of(Habit::Rewriting, cal_sync::Policy::new());
    two.a.put("1", event("1", "SUMMARY:Old"));
    // Bind and Intend are recorded, Link is not.
    let dying = Dying {
        inner: two.state.clone(),
        left: AtomicUsize::new(2),
    };
    assert!(two.mapping.run(&dying, &run()).await.is_err());
    assert!(two.b.bodies().contains_key("1"));
    assert!(two.state.state().links.is_empty());
    two
}

#[tokio::test]
async fn what_a_dying_run_created_is_deleted_with_its_original() {
    let two = died_after_creating().await;
    assert!(two.a.take("1"));
    two.settle().await;
    assert!(
        two.b.bodies().is_empty(),
        "the copy has not become an object of its own"
    );
}

#[tokio::test]
async fn a_change_after_a_write_that_nobody_heard_of_is_no_conflict() {
    let two = died_after_creating().await;
    edit(&two.a, "1", "Old", "New");
    let report = two.settle().await;
    assert_eq!(report.losses, 0);
    assert!(crate::pair::text(&two.b, "1").contains("New"));
}

#[tokio::test]
async fn what_was_recovered_is_not_forgotten_when_the_next_write_fails_too() {
    let two = died_after_creating().await;
    assert!(two.a.take("1"));
    // The recovered link and the intent to delete are recorded, then it dies.
    let dying = Dying {
        inner: two.state.clone(),
        left: AtomicUsize::new(2),
    };
    assert!(two.mapping.run(&dying, &run()).await.is_err());
    two.settle().await;
    assert!(two.a.bodies().is_empty() && two.b.bodies().is_empty());
}
