//! The queue of jobs.

use std::collections::BTreeSet;

use super::scene::{Scene, at, cause, event, ics};
use super::{Broken, Outcome, ensure, ensure_eq, ensure_refused};
use crate::{
    Edit, Effect, Error, Job, JobFilter, JobId, JobKey, JobKind, JobOutcome, JobState, Lease,
    LeaseRequest, LeasedJob, NewJob, OldLetters, PageRequest, Precondition, Put, Store, Written,
};

fn kind(name: &str) -> Result<JobKind, Broken> {
    Ok(JobKind::new(name)?)
}

/// A job of the kind `push` that may run so many seconds after the beginning.
fn push(payload: &'static str, after: i64) -> Result<NewJob, Broken> {
    Ok(NewJob::new(kind("push")?, payload, at(after)))
}

fn keyed(key: &str, after: i64) -> Result<NewJob, Broken> {
    Ok(push("of a key", after)?.with_key(JobKey::new(key)?))
}

/// Leases jobs of the kind `push` for ten seconds.
async fn lease(store: &Store, now: i64, limit: usize) -> Result<Vec<LeasedJob>, Broken> {
    let request = LeaseRequest {
        kind: kind("push")?,
        now: at(now),
        until: at(now + 10),
        limit,
    };
    Ok(store.lease_jobs(request).await?)
}

/// Leases the only job that is due.
async fn lease_one(store: &Store, now: i64) -> Result<LeasedJob, Broken> {
    let mut leased = lease(store, now, 10).await?;
    ensure_eq!(leased.len(), 1, "the jobs that were leased");
    leased.pop().ok_or_else(|| Broken::new("no job"))
}

async fn all(store: &Store) -> Result<Vec<Job>, Broken> {
    let jobs = store.jobs(JobFilter::default(), PageRequest::first(1_000));
    Ok(jobs.await?.items)
}

pub(super) async fn leases_what_is_due(store: &Store) -> Outcome {
    let push_kind = kind("push")?;
    ensure_eq!(store.next_job(&push_kind).await?, None, "the next of none");
    let mut ids = BTreeSet::new();
    for (payload, after) in [("one", 1), ("two", 2), ("later", 100)] {
        let job = push(payload, after)?;
        ids.insert(job.id);
        let effect = store.enqueue(job, &cause(0)).await?;
        ensure_eq!(effect, Effect::Created, "a job that was enqueued");
    }
    let other = NewJob::new(kind("other")?, "other", at(0));
    store.enqueue(other, &cause(0)).await?;
    let next = store.next_job(&push_kind).await?;
    ensure_eq!(next, Some(at(1)), "when the next is due");
    ensure_eq!(lease(store, 0, 9).await?, [], "jobs before they are due");

    let first = lease(store, 5, 1).await?;
    let second = lease(store, 5, 9).await?;
    let payloads = [&first, &second].map(|leased| {
        let payloads = leased.iter().map(|leased| leased.job.payload.clone());
        payloads.collect::<Vec<_>>()
    });
    ensure_eq!(payloads, [["one"], ["two"]], "what is due, earliest first");
    ensure_eq!(lease(store, 5, 9).await?, [], "jobs that another has");
    let LeasedJob { job, lease: one } = first
        .first()
        .cloned()
        .ok_or_else(|| Broken::new("no job"))?;
    ensure_eq!(job.attempts, 1, "the first attempt");
    ensure_eq!(job.state, JobState::Leased(at(15)), "the state");
    ensure_eq!(job.created, at(0), "when it was enqueued");

    store.extend_lease(one, at(40)).await?;
    let next = store.next_job(&push_kind).await?;
    ensure_eq!(next, Some(at(15)), "when the next lease runs out");
    let again = lease_one(store, 30).await?;
    ensure_eq!(&*again.job.payload, b"two", "what comes back");
    ensure_eq!(again.job.attempts, 2, "the second attempt");
    for stale in second {
        let lost = store.extend_lease(stale.lease, at(99)).await;
        ensure_refused!(lost, Error::LeaseLost, "extending a lease that ran out");
    }
    let listed: BTreeSet<_> = all(store).await?.iter().map(|job| job.id).collect();
    ensure!(listed.is_superset(&ids), "jobs that are listed: {listed:?}");
    Ok(())
}

pub(super) async fn settles_what_is_leased(store: &Store) -> Outcome {
    store.enqueue(push("work", 0)?, &cause(0)).await?;
    let first = lease_one(store, 0).await?;
    let retry = JobOutcome::Retry {
        at: at(60),
        fault: "no answer".to_owned(),
    };
    store
        .settle_job(first.lease, retry.clone(), &cause(1))
        .await?;
    ensure_eq!(lease(store, 59, 9).await?, [], "a job that waits");
    let second = lease_one(store, 60).await?;
    ensure_eq!(second.job.attempts, 2, "the attempts of a retry");
    ensure_eq!(second.job.fault.as_deref(), Some("no answer"), "the fault");
    let lost = store
        .settle_job(first.lease, JobOutcome::Done, &cause(60))
        .await;
    ensure_refused!(lost, Error::LeaseLost, "settling with an earlier lease");
    let foreign = Lease {
        job: JobId::random(),
        ..second.lease
    };
    let lost = store.settle_job(foreign, retry, &cause(60)).await;
    ensure_refused!(lost, Error::LeaseLost, "settling what is not there");

    let repeat = JobOutcome::Repeat(at(100));
    store.settle_job(second.lease, repeat, &cause(61)).await?;
    let third = lease_one(store, 100).await?;
    ensure_eq!(third.job.attempts, 1, "the attempts of a repetition");
    ensure_eq!(third.job.fault, None, "the fault of a repetition");
    // It has run out, and nobody else has the job: the work was done.
    store
        .settle_job(third.lease, JobOutcome::Done, &cause(200))
        .await?;
    ensure_eq!(all(store).await?, [], "jobs that are done");
    let lost = store
        .settle_job(third.lease, JobOutcome::Done, &cause(201))
        .await;
    ensure_refused!(lost, Error::LeaseLost, "settling twice");
    Ok(())
}

pub(super) async fn keeps_one_job_of_a_key(store: &Store) -> Outcome {
    let enqueue = async |key: &str, after: i64| -> Result<Effect, Broken> {
        Ok(store.enqueue(keyed(key, after)?, &cause(after)).await?)
    };
    ensure_eq!(enqueue("a", 10).await?, Effect::Created, "the first");
    ensure_eq!(enqueue("a", 0).await?, Effect::Unchanged, "the second");
    ensure_eq!(enqueue("b", 90).await?, Effect::Created, "another key");
    let other = NewJob::new(kind("other")?, "x", at(90)).with_key(JobKey::new("a")?);
    let other = store.enqueue(other, &cause(0)).await?;
    ensure_eq!(other, Effect::Created, "the key of another kind");
    ensure_eq!(lease(store, 9, 9).await?, [], "the first stays as it is");

    // What is asked for while it is done is done afterwards, and once.
    let leased = lease_one(store, 10).await?;
    ensure_eq!(enqueue("a", 30).await?, Effect::Updated, "while it is done");
    ensure_eq!(enqueue("a", 20).await?, Effect::Updated, "and once more");
    store
        .settle_job(leased.lease, JobOutcome::Done, &cause(12))
        .await?;
    ensure_eq!(
        lease(store, 19, 9).await?,
        [],
        "not before it was asked for"
    );
    let leased = lease_one(store, 20).await?;
    ensure_eq!(leased.job.attempts, 1, "the attempts at what runs again");
    store
        .settle_job(leased.lease, JobOutcome::Done, &cause(21))
        .await?;

    // Whoever leases it after the other was gone sees what was asked for.
    ensure_eq!(
        enqueue("a", 21).await?,
        Effect::Created,
        "after it was done"
    );
    lease_one(store, 22).await?;
    enqueue("a", 23).await?;
    let leased = lease_one(store, 40).await?;
    store
        .settle_job(leased.lease, JobOutcome::Done, &cause(41))
        .await?;
    let left = all(store).await?;
    ensure_eq!(left.len(), 2, "the jobs of other keys");
    Ok(())
}

pub(super) async fn changes_the_queue_with_other_writes(store: &Store) -> Outcome {
    let scene = Scene::new(store).await?;
    let put = |uid: &str| Ok::<_, Broken>(Put::new(scene.calendar, ics(uid)?, event(uid, "New")));
    let stale = put("b")?.with_precondition(Precondition::Present);
    let edits = vec![
        Edit::from(push("never", 0)?),
        put("a")?.into(),
        stale.into(),
    ];
    let refused = store.write_all(edits, &cause(1)).await;
    ensure_refused!(refused, Error::PreconditionFailed { .. }, "a stale edit");
    ensure_eq!(all(store).await?, [], "jobs of what was refused");

    let edits = vec![
        put("a")?.into(),
        Edit::from(push("told", 0)?),
        put("b")?.into(),
    ];
    let written = store.write_all(edits, &cause(1)).await?;
    let enqueued = written.get(1).copied();
    ensure_eq!(
        enqueued,
        Some(Written::Job(Effect::Created)),
        "what was done"
    );
    ensure_eq!(scene.names().await?, ["a.ics", "b.ics"], "the objects");

    // The work of a job and its end are one transaction as well.
    let late = lease_one(store, 2).await?;
    let leased = lease_one(store, 20).await?;
    let work = |lease: Lease| {
        let done = Edit::Settle(lease, JobOutcome::Done);
        Ok::<_, Broken>(vec![put("c")?.into(), done])
    };
    let refused = store.write_all(work(late.lease)?, &cause(21)).await;
    ensure_refused!(refused, Error::LeaseLost, "work without a lease");
    ensure_eq!(
        scene.names().await?,
        ["a.ics", "b.ics"],
        "the work of who is late"
    );
    store.write_all(work(leased.lease)?, &cause(21)).await?;
    ensure_eq!(
        scene.names().await?.len(),
        3,
        "the work of who has the lease"
    );
    ensure_eq!(all(store).await?, [], "the job after its work");
    let report = store.verify_audit(&[]).await?;
    ensure_eq!(report.broken, [], "the audit chains that do not hold");
    Ok(())
}

pub(super) async fn keeps_dead_letters(store: &Store) -> Outcome {
    store.enqueue(keyed("a", 0)?, &cause(0)).await?;
    let first = lease_one(store, 0).await?;
    let dead = JobOutcome::Dead {
        fault: "gone".to_owned(),
    };
    store.settle_job(first.lease, dead, &cause(5)).await?;
    let id = first.job.id;
    ensure_eq!(
        lease(store, 1_000, 9).await?,
        [],
        "a dead letter that is due"
    );
    ensure_eq!(store.next_job(&kind("push")?).await?, None, "the next job");

    // It keeps nobody from trying anew.
    let anew = store.enqueue(keyed("a", 6)?, &cause(6)).await?;
    ensure_eq!(anew, Effect::Created, "a job with the key of a dead letter");
    let taken = store.revive_job(id, &cause(7)).await;
    ensure_refused!(
        taken,
        Error::Exists,
        "a dead letter in whose place another came"
    );
    let anew = lease_one(store, 7).await?;
    store
        .settle_job(anew.lease, JobOutcome::Done, &cause(8))
        .await?;

    let filter = JobFilter {
        kind: Some(kind("push")?),
        dead: true,
    };
    store.enqueue(push("alive", 900)?, &cause(8)).await?;
    let listed = store.jobs(filter, PageRequest::first(9)).await?.items;
    let listed: Vec<_> = listed.iter().map(|job| (job.id, job.state)).collect();
    ensure_eq!(listed, [(id, JobState::Dead(at(5)))], "the dead letters");
    let page = store
        .jobs(JobFilter::default(), PageRequest::first(1))
        .await?;
    let next = page
        .next
        .ok_or_else(|| Broken::new("the jobs have no second page"))?;
    let rest = store
        .jobs(JobFilter::default(), PageRequest::after(next, 9))
        .await?;
    ensure_eq!(rest.items.len(), 1, "the second page of jobs");
    ensure!(rest.items != page.items, "a job is on two pages");

    store.revive_job(id, &cause(9)).await?;
    let again = lease_one(store, 9).await?;
    ensure_eq!(
        (again.job.id, again.job.attempts),
        (id, 1),
        "what came back"
    );
    let refused = store.revive_job(id, &cause(9)).await;
    ensure_refused!(refused, Error::NotFound, "taking back what is not dead");
    store.remove_job(id, &cause(10)).await?;
    let lost = store
        .settle_job(again.lease, JobOutcome::Done, &cause(11))
        .await;
    ensure_refused!(lost, Error::LeaseLost, "settling what was removed");
    let refused = store.remove_job(id, &cause(10)).await;
    ensure_refused!(refused, Error::NotFound, "removing what is not there");
    Ok(())
}

/// A job that was given up so many seconds after the beginning.
async fn dead_letter(store: &Store, seconds: i64) -> Result<JobId, Broken> {
    store.enqueue(push("dead", 0)?, &cause(0)).await?;
    let LeasedJob { job, lease } = lease_one(store, 0).await?;
    let fault = "gone".to_owned();
    let dead = JobOutcome::Dead { fault };
    store.settle_job(lease, dead, &cause(seconds)).await?;
    Ok(job.id)
}

pub(super) async fn forgets_dead_letters(store: &Store) -> Outcome {
    let mut dead = Vec::new();
    for seconds in 1..=4 {
        dead.push(dead_letter(store, seconds).await?);
    }
    store.enqueue(push("alive", 0)?, &cause(5)).await?;
    let counts = store.job_counts().await?;
    let counts: Vec<_> = counts
        .iter()
        .map(|it| (it.kind.as_str(), it.alive, it.dead))
        .collect();
    ensure_eq!(counts, [("push", 1, 4)], "the jobs of each kind");

    let forgotten = store.prune_dead_letters(at(3), &cause(9)).await?;
    ensure_eq!(forgotten, 2, "dead letters forgotten");
    let left = all(store).await?;
    ensure_eq!(left.len(), 3, "jobs left");
    ensure!(
        dead.iter()
            .skip(2)
            .all(|id| left.iter().any(|job| job.id == *id)),
        "the later dead letters are gone"
    );
    ensure_eq!(
        store.prune_dead_letters(at(3), &cause(9)).await?,
        0,
        "forgotten twice"
    );
    let old = OldLetters {
        before: at(0),
        kept: 1,
    };
    let forgotten = store.backend().prune_dead_letters(old, &cause(10)).await?;
    ensure_eq!(forgotten, 1, "dead letters beyond their number");
    let left = all(store).await?;
    let latest = dead.last();
    ensure!(
        left.iter().any(|job| Some(&job.id) == latest),
        "the latest dead letter is gone"
    );
    let records = store.prunings(PageRequest::first(9)).await?.items;
    let records: Vec<_> = records
        .iter()
        .map(|it| (it.cause.at, it.pruned.dead_letters))
        .collect();
    ensure_eq!(records, [(at(10), 1), (at(9), 2)], "the records of it");
    // What was before is as well known as it was.
    let scene = Scene::new(store).await?;
    let known = store
        .collection_at(scene.calendar, at(0), PageRequest::first(1))
        .await;
    ensure!(known.is_ok(), "history was forgotten with dead letters");
    let report = store.verify_audit(&[]).await?;
    ensure!(report.broken.is_empty(), "the audit chains are broken");
    Ok(())
}

pub(super) async fn leases_each_job_to_one_of_many(store: &Store) -> Outcome {
    const JOBS: usize = 60;
    for number in 0..JOBS {
        let job = NewJob::new(kind("push")?, number.to_string(), at(0));
        store.enqueue(job, &cause(0)).await?;
    }
    let workers = (0..8).map(|_| {
        let store = store.clone();
        tokio::spawn(async move {
            let mut done = Vec::new();
            loop {
                let leased = lease(&store, 1, 3).await?;
                if leased.is_empty() {
                    return Ok::<_, Broken>(done);
                }
                for LeasedJob { job, lease } in leased {
                    store.settle_job(lease, JobOutcome::Done, &cause(2)).await?;
                    done.push(job.payload);
                }
            }
        })
    });
    let mut done = Vec::new();
    for worker in workers.collect::<Vec<_>>() {
        done.extend(
            worker
                .await
                .map_err(|gone| Broken::new(gone.to_string()))??,
        );
    }
    // A worker may have left while others had what was due, but nothing else.
    let once: BTreeSet<_> = done.iter().cloned().collect();
    ensure_eq!(done.len(), once.len(), "jobs done, and done once");
    ensure_eq!(once.len(), JOBS, "jobs done");
    ensure_eq!(all(store).await?, [], "the jobs left");
    Ok(())
}
