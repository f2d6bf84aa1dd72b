//! Workers that die, and many that work at once.
//!
//! The crash test runs itself again as a child that leases a job and is killed
//! in the middle of it.

use std::collections::BTreeSet;
use std::io::{BufRead, BufReader};
use std::process::{Command, Stdio};
use std::time::Duration;

use cal_store::{
    Error, Job, JobFilter, JobKey, JobKind, JobOutcome, JobState, Limits, Memory, NewJob,
    PageRequest, RetrySchedule, Sqlite, Store, Timestamp,
};
use proptest::prelude::*;

use crate::crash::open;
use crate::scene::{cause, lease_push};

const PLACE: &str = "CAL_JOB_PLACE";

/// How long a lease lasts in these tests, in milliseconds.
const LEASE: i64 = 10_000;

/// So many milliseconds after the job may run.
fn after(millis: i64) -> Timestamp {
    Timestamp::from_millis(cause().at.millis() + millis)
}

fn push(payload: &str) -> NewJob {
    let kind = JobKind::new("push").unwrap();
    NewJob::new(kind, payload.to_owned(), after(0))
}

#[tokio::test]
#[ignore = "the child of the crash test; it is killed"]
async fn child_that_is_killed_in_the_middle_of_a_job() {
    let Ok(place) = std::env::var(PLACE) else {
        return;
    };
    let store = open(&place).await.unwrap();
    let leased = lease_push(&store, after(0), after(LEASE), 1).await;
    println!("leased {}", leased[0].job.id);
    // Nobody kills it if the parent has failed.
    tokio::time::sleep(Duration::from_secs(60)).await;
}

/// Has a child lease the one job and kills it.
fn lease_and_die(place: &str) {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["--ignored", "--exact", "--nocapture"])
        .arg("jobs::child_that_is_killed_in_the_middle_of_a_job")
        .env(PLACE, place)
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    let lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let mut leased = lines
        .map_while(Result::ok)
        .skip_while(|line| !line.contains("leased "));
    assert!(leased.next().is_some(), "the child leased nothing");
    child.kill().unwrap();
    child.wait().unwrap();
}

#[tokio::test]
async fn a_job_whose_worker_was_killed_runs_again_when_the_lease_has_run_out() {
    let folder = tempfile::tempdir().unwrap();
    let place = format!("file {}", folder.path().join("cal.db").display());
    killed_in_the_middle(&place).await;
}

#[cfg(feature = "postgres")]
#[tokio::test]
async fn a_job_whose_worker_was_killed_runs_again_on_postgres_too() {
    let Some(settings) = crate::postgres::server::database().await else {
        return;
    };
    killed_in_the_middle(&format!("database {settings}")).await;
}

async fn killed_in_the_middle(place: &str) {
    let store = open(place).await.unwrap();
    store.enqueue(push("work"), &cause()).await.unwrap();
    lease_and_die(place);
    let early = lease_push(&store, after(LEASE - 1), after(LEASE), 9).await;
    assert_eq!(early, [], "the lease has not run out");
    let leased = lease_push(&store, after(LEASE), after(2 * LEASE), 9).await;
    let [leased] = &*leased else {
        panic!("{leased:?}");
    };
    assert_eq!(leased.job.payload, "work");
    assert_eq!(leased.job.attempts, 2);
    store
        .settle_job(leased.lease, JobOutcome::Done, &cause())
        .await
        .unwrap();
    let left = store
        .jobs(JobFilter::default(), PageRequest::first(9))
        .await;
    assert_eq!(left.unwrap().items, []);
}

/// Does what is due until nothing is left, and tells what it did.
async fn work(store: Store) -> Vec<String> {
    let mut done = Vec::new();
    loop {
        let leased = lease_push(&store, after(0), after(LEASE), 4).await;
        if leased.is_empty() {
            return done;
        }
        for leased in leased {
            done.push(String::from_utf8(leased.job.payload.to_vec()).unwrap());
            let settled = store
                .settle_job(leased.lease, JobOutcome::Done, &cause())
                .await;
            settled.unwrap();
        }
    }
}

/// Several stores over the same data, as of several processes, share the work.
async fn share_the_work(stores: [Store; 3]) {
    const JOBS: usize = 90;
    for number in 0..JOBS {
        let job = push(&number.to_string());
        stores[0].enqueue(job, &cause()).await.unwrap();
    }
    let workers = stores
        .iter()
        .flat_map(|store| [store.clone(), store.clone()]);
    let workers: Vec<_> = workers.map(|store| tokio::spawn(work(store))).collect();
    let mut done = Vec::new();
    for worker in workers {
        done.extend(worker.await.unwrap());
    }
    let once: BTreeSet<_> = done.iter().collect();
    assert_eq!((done.len(), once.len()), (JOBS, JOBS));
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_of_several_processes_on_one_file_do_each_job_once() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cal.db");
    let mut stores = Vec::new();
    for _ in 0..3 {
        stores.push(Store::new(Sqlite::open(&path).await.unwrap()));
    }
    share_the_work(stores.try_into().unwrap()).await;
}

#[cfg(feature = "postgres")]
#[tokio::test(flavor = "multi_thread")]
async fn workers_of_several_nodes_on_one_database_do_each_job_once() {
    let Some(settings) = crate::postgres::server::database().await else {
        return;
    };
    let mut stores = Vec::new();
    for _ in 0..3 {
        let node = cal_store::Postgres::connect(&settings).await.unwrap();
        stores.push(Store::new(node));
    }
    share_the_work(stores.try_into().unwrap()).await;
}

#[tokio::test]
async fn a_payload_beyond_the_limit_is_refused() {
    let mut limits = Limits::default();
    limits.job_bytes = 4;
    let store = Store::with_limits(Memory::new(), limits);
    store.enqueue(push("four"), &cause()).await.unwrap();
    let refused = store.enqueue(push("fives"), &cause()).await;
    assert!(
        matches!(refused, Err(Error::TooLarge { size: 5, limit: 4 })),
        "{refused:?}"
    );
}

#[tokio::test]
async fn a_fault_is_kept_in_part() {
    let store = Store::memory();
    store.enqueue(push("work"), &cause()).await.unwrap();
    let leased = lease_push(&store, after(0), after(LEASE), 1).await;
    let fault = format!("\0{}", "ä".repeat(5_000));
    let dead = JobOutcome::Dead { fault };
    store
        .settle_job(leased[0].lease, dead, &cause())
        .await
        .unwrap();
    let listed = store
        .jobs(JobFilter::default(), PageRequest::first(1))
        .await;
    let fault = listed.unwrap().items[0].fault.clone().unwrap();
    assert!(
        fault.starts_with("\u{fffd}ä") && fault.len() <= 1_024,
        "{fault}"
    );
}

#[test]
fn what_is_printed_of_a_job_has_no_payload() {
    let job = push("hush").with_key(JobKey::new("key").unwrap());
    let printed = format!("{job:?}");
    assert!(
        printed.contains("push") && !printed.contains("hush"),
        "{printed}"
    );
}

#[test]
fn a_kind_of_job_is_a_plain_word() {
    for word in ["prune", "push.apns", "v2-mail"] {
        assert_eq!(JobKind::new(word).unwrap().as_str(), word);
    }
    for wrong in ["", "Prune", "a b", "ä", &"x".repeat(65)] {
        assert!(JobKind::new(wrong).is_err(), "{wrong}");
    }
}

const SCHEDULE: RetrySchedule = RetrySchedule {
    first: Duration::from_secs(10),
    longest: Duration::from_secs(300),
    attempts: 7,
};

#[test]
fn pauses_double_up_to_the_longest_and_end_with_the_last_attempt() {
    let pauses = (1..=8).map(|attempts| SCHEDULE.pause(attempts, 1.0));
    let seconds: Vec<_> = pauses.map(|pause| pause.map(|it| it.as_secs())).collect();
    let expected = [10, 20, 40, 80, 160, 300].map(Some);
    assert_eq!(seconds, [&expected[..], &[None, None]].concat());
}

#[test]
fn a_job_that_failed_too_often_is_a_dead_letter() {
    let job = |attempts| Job {
        id: push("").id,
        kind: push("").kind,
        key: None,
        payload: "".into(),
        created: after(0),
        attempts,
        state: JobState::Leased(after(LEASE)),
        fault: None,
    };
    let fault = "no answer".to_owned();
    let first = SCHEDULE.failed(&job(1), after(0), 1.0, &*fault);
    let at = after(10_000);
    let expected = JobOutcome::Retry {
        at,
        fault: fault.clone(),
    };
    assert_eq!(first, expected);
    let last = SCHEDULE.failed(&job(7), after(0), 1.0, &*fault);
    assert_eq!(last, JobOutcome::Dead { fault });
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn a_pause_is_between_half_and_all_of_what_the_schedule_says(
        first in 0_u64..100_000, longest in 0_u64..100_000, attempts in 0_u32..60, draw in any::<f64>(),
    ) {
        let schedule = RetrySchedule {
            first: Duration::from_millis(first),
            longest: Duration::from_millis(longest),
            attempts: 50,
        };
        match (schedule.pause(attempts, draw), schedule.pause(attempts, 1.0)) {
            (Some(pause), Some(whole)) => {
                prop_assert!(pause <= whole && pause * 2 + Duration::from_micros(1) >= whole);
                prop_assert!(whole <= schedule.longest);
            }
            (drawn, whole) => {
                prop_assert_eq!((drawn, whole), (None, None));
                prop_assert!(attempts >= 50);
            }
        }
    }
}
