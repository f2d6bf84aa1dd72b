//! Work in the background, and `cal jobs`.

use std::io::{BufRead, BufReader};
use std::process::{Child, Stdio};
use std::time::Duration;

use cal_freebusy::Interval;
use cal_store::{
    Cause, Collection, JobKey, JobKind, JobOutcome, LeaseRequest, LeasedJob, NewJob, ObjectName,
    PageRequest, PrincipalName, Pruning, Put, Sqlite, Store, Timestamp, Via,
};
use chrono::{TimeDelta, Utc};
use serde_json::Value;

use crate::running::{Home, calendar, event};

/// `cal serve --role worker`, which ends with the test.
struct Worker(Child);

impl Worker {
    /// Starts one and waits until it says that it works.
    fn start(home: &Home) -> Worker {
        let mut child = home
            .command()
            .args(["serve", "--role", "worker"])
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut ready = String::new();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        stdout.read_line(&mut ready).unwrap();
        assert!(ready.contains("works in the background"), "{ready}");
        Worker(child)
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

fn now() -> Timestamp {
    Timestamp::from(Utc::now())
}

fn cause() -> Cause {
    Cause::new(Via::Command, now())
}

async fn store(home: &Home) -> Store {
    Store::new(Sqlite::open(home.data().join("cal.db")).await.unwrap())
}

/// A store with a calendar of Ada's.
async fn with_calendar() -> (Home, Store, Collection) {
    let home = Home::new();
    home.add_user("ada", "engine");
    let store = store(&home).await;
    let ada = PrincipalName::new("ada").unwrap();
    let ada = store.principal(&ada).await.unwrap().unwrap();
    let ada = store.home(ada.id).await.unwrap();
    let name = "calendar".parse().unwrap();
    let work = store.child(ada.id, &name).await.unwrap().unwrap();
    (home, store, work)
}

/// A store where an event was replaced half a year ago.
async fn with_old_history() -> (Home, Store) {
    let (home, store, work) = with_calendar().await;
    let long_ago = Cause::new(Via::Dav, now().days_before(180));
    for more in ["", "SEQUENCE:1"] {
        let name = ObjectName::new("1.ics").unwrap();
        let put = Put::new(work.id, name, calendar(&event("1", 1, more)));
        store.put(put, &long_ago).await.unwrap();
    }
    (home, store)
}

async fn prunings(store: &Store) -> Vec<Pruning> {
    let page = store.prunings(PageRequest::first(9)).await;
    page.unwrap().items
}

fn listed(home: &Home) -> Vec<Value> {
    home.run(&["jobs", "list", "--json"]).json_lines()
}

/// Waits until the one daily job of a kind waits for its next day; answers all
/// of the kind, those that were given up first.
async fn until_tomorrow(home: &Home, kind: &str) -> Vec<Value> {
    let soon = (Utc::now() + Duration::from_secs(23 * 3_600)).to_rfc3339();
    for _ in 0..300 {
        let mut jobs = home
            .run(&["jobs", "list", "--json", "--kind", kind])
            .json_lines();
        jobs.sort_by_key(|job| job["state"].to_string());
        let waiting = |job: &&Value| job["state"] == "waiting" && job["at"].as_str() > Some(&*soon);
        if jobs.iter().filter(waiting).count() == 1 {
            return jobs;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("nothing was done: {:?}", listed(home));
}

async fn lease(store: &Store, kind: &str, until: Timestamp) -> LeasedJob {
    let request = LeaseRequest {
        kind: JobKind::new(kind).unwrap(),
        now: now(),
        until,
        limit: 1,
    };
    store.lease_jobs(request).await.unwrap().pop().unwrap()
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_forget_what_is_older_than_the_retention_and_have_one_job_for_it() {
    let (home, store) = with_old_history().await;
    let _workers = [Worker::start(&home), Worker::start(&home)];
    let [job] = &*until_tomorrow(&home, "prune").await else {
        panic!("more than one job: {:?}", listed(&home));
    };
    assert_eq!(job["key"], "daily");
    let [pruning] = &*prunings(&store).await else {
        panic!("pruned more than once");
    };
    assert_eq!(pruning.pruned.versions, 1);
    assert_eq!(pruning.cause.via, Via::System);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_job_whose_worker_died_is_done_by_the_next_when_the_lease_has_run_out() {
    let (home, store) = with_old_history().await;
    let job = NewJob::new(JobKind::new("prune").unwrap(), "", now());
    let job = job.with_key(JobKey::new("daily").unwrap());
    store.enqueue(job, &cause()).await.unwrap();
    // As a worker that was killed leaves it.
    let until = now().after(Duration::from_secs(2));
    lease(&store, "prune", until).await;
    let _worker = Worker::start(&home);
    until_tomorrow(&home, "prune").await;
    let pruned = prunings(&store).await;
    assert!(
        pruned[0].cause.at >= until,
        "it was done while another had it"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daily_job_that_was_given_up_is_done_again_the_next_day() {
    let (home, store) = with_old_history().await;
    let job = NewJob::new(JobKind::new("prune").unwrap(), "", now());
    let job = job.with_key(JobKey::new("daily").unwrap());
    store.enqueue(job, &cause()).await.unwrap();
    // As workers leave it that are killed, one after the other.
    for _ in 0..12 {
        lease(&store, "prune", now()).await;
    }
    let _worker = Worker::start(&home);
    let jobs = until_tomorrow(&home, "prune").await;
    let states: Vec<_> = jobs.iter().map(|job| job["state"].clone()).collect();
    assert_eq!(states, ["dead", "waiting"], "{jobs:?}");
    assert_eq!(prunings(&store).await.len(), 0);
}

#[tokio::test(flavor = "multi_thread")]
async fn workers_keep_known_when_calendars_take_time_that_nobody_writes_to() {
    let (home, store, work) = with_calendar().await;
    let years_ago = Cause::new(Via::Dav, now().days_before(2 * 366));
    let name = ObjectName::new("1.ics").unwrap();
    let put = Put::new(work.id, name, calendar(&event("1", 1, "RRULE:FREQ=DAILY")));
    store.put(put, &years_ago).await.unwrap();
    let start = Utc::now() + TimeDelta::days(600);
    let window = Interval::new(start, start + TimeDelta::days(7));
    let known = async || {
        let slots = store.busy_slots(work.owner, &window, now()).await;
        slots.unwrap()
    };
    assert!(known().await.known().is_empty(), "it is known already");
    let _worker = Worker::start(&home);
    until_tomorrow(&home, "busy").await;
    let known = known().await;
    assert_eq!(known.known(), &window);
    assert!(!known.times().is_empty());
}

#[tokio::test(flavor = "multi_thread")]
async fn jobs_that_were_given_up_are_forgotten_after_a_time_and_counted_for_good() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let store = store(&home).await;
    for days in [40, 20] {
        let cause = Cause::new(Via::System, now().days_before(days));
        let job = NewJob::new(JobKind::new("push").unwrap(), "", cause.at);
        store.enqueue(job, &cause).await.unwrap();
        let leased = lease(&store, "push", now()).await;
        let fault = "gone".to_owned();
        let dead = JobOutcome::Dead { fault };
        store.settle_job(leased.lease, dead, &cause).await.unwrap();
    }
    let counts = || {
        home.run(&["jobs", "count", "--json"])
            .json_lines()
            .remove(0)
    };
    assert_eq!(counts()["forgotten"], 0);
    let _worker = Worker::start(&home);
    until_tomorrow(&home, "prune").await;
    let counts = counts();
    assert_eq!(counts["forgotten"], 1, "{counts}");
    assert!(counts["last_forgotten"].is_string(), "{counts}");
    let kinds = counts["kinds"].as_array().unwrap();
    let push = kinds.iter().find(|it| it["kind"] == "push").unwrap();
    assert_eq!((&push["alive"], &push["dead"]), (&0.into(), &1.into()));
    let told = home.run(&["jobs", "count"]).expect_done();
    assert!(told.contains("1 job forgotten of those given up"), "{told}");
}

#[tokio::test]
async fn what_was_given_up_is_listed_tried_again_and_dropped() {
    let home = Home::new();
    home.add_user("ada", "engine");
    let store = store(&home).await;
    let kind = || JobKind::new("push").unwrap();
    store
        .enqueue(NewJob::new(kind(), "hush", now()), &cause())
        .await
        .unwrap();
    let leased = lease(&store, "push", now()).await;
    let fault = "no\u{1b}[31m answer".to_owned();
    let dead = JobOutcome::Dead { fault };
    store
        .settle_job(leased.lease, dead, &cause())
        .await
        .unwrap();
    let id = leased.job.id.to_string();

    let list = home.run(&["jobs", "list", "--dead"]).expect_done();
    assert!(
        list.contains("dead") && list.contains(r"no\u{1b}[31m answer"),
        "{list}"
    );
    assert!(!list.contains("hush"), "{list}");
    let other = home.run(&["jobs", "list", "--kind", "prune"]).expect_done();
    assert_eq!(other, "");

    let retried = home.run(&["jobs", "retry", "--all"]).expect_done();
    assert_eq!(retried, "1 job waiting again\n");
    let job = &listed(&home)[0];
    let expected = (Value::from(&*id), "waiting".into(), 0.into());
    let shown = ["id", "state", "attempts"].map(|name| job[name].clone());
    assert_eq!(shown, [expected.0, expected.1, expected.2]);
    let again = home.run(&["jobs", "retry", &id]);
    assert_eq!(again.code, 1, "{again}");
    assert!(
        again.stderr.contains(&format!("no job {id} was given up")),
        "{again}"
    );

    let dropped = home.run(&["jobs", "drop", &id]).expect_done();
    assert_eq!(dropped, "1 job dropped\n");
    assert_eq!(listed(&home), Vec::<Value>::new());
    let gone = home.run(&["jobs", "drop", &id]);
    assert!(
        gone.stderr.contains(&format!("there is no job {id}")),
        "{gone}"
    );
    assert_eq!(
        home.run(&["jobs", "drop"]).code,
        2,
        "of none there is nothing to drop"
    );
}
