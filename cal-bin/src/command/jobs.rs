//! `cal jobs`: work in the background, and what of it was given up.

use cal_store::{
    Cause, Error as StoreError, Job, JobFilter, JobId, JobKind, JobState, PageRequest, Store, Via,
};
use clap::Subcommand;
use serde::Serialize;

use super::Outcome;
use crate::config::StoreFlags;
use crate::console::{Console, counted};
use crate::error::Error;
use crate::storage::{self, rfc3339};

/// Look after the work that is done in the background, also while the server runs.
///
/// `cal serve` does jobs unless its role is `api`. One that fails is tried again later; one that
/// fails too often is given up, stays here with the reason, and can be tried again or dropped.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    store: StoreFlags,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the jobs that wait, are being done, or were given up
    List {
        /// Only those that were given up
        #[arg(long)]
        dead: bool,
        /// Only those of this kind, such as `prune`
        #[arg(long, value_name = "KIND")]
        kind: Option<JobKind>,
        /// Print one JSON object a line: {"id","kind","key","state","at","attempts","fault"}
        #[arg(long)]
        json: bool,
    },
    /// Try jobs again at once that were given up
    Retry(Which),
    /// Drop jobs, for good
    Drop(Which),
}

#[derive(Debug, clap::Args)]
struct Which {
    /// The job with this id
    #[arg(value_name = "ID", required_unless_present = "all")]
    id: Option<JobId>,
    /// All that were given up
    #[arg(long, conflicts_with = "id")]
    all: bool,
}

/// Jobs that are asked for at a time.
const PAGE: usize = 500;

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = arguments.store.load()?;
    storage::runtime()?.block_on(async {
        let store = storage::open(&settings).await?;
        let cause = storage::cause(Via::Command, None);
        let (word, changed) = match arguments.action {
            Action::List { dead, kind, json } => {
                for job in jobs(&store, JobFilter { kind, dead }).await? {
                    print(&job, json, console)?;
                }
                return Ok(Outcome::Done);
            }
            Action::Retry(which) => ("waiting again", retry(&store, which, &cause).await?),
            Action::Drop(which) => ("dropped", drop_jobs(&store, which, &cause).await?),
        };
        console.line(format_args!("{} {word}", counted(changed, "job")))?;
        Ok(Outcome::Done)
    })
}

async fn jobs(store: &Store, filter: JobFilter) -> Result<Vec<Job>, Error> {
    let mut all = Vec::new();
    let mut request = Some(PageRequest::first(PAGE));
    while let Some(page) = request {
        let page = store.jobs(filter.clone(), page).await?;
        all.extend(page.items);
        request = page.next.map(|next| PageRequest::after(next, PAGE));
    }
    all.sort_by_key(|job| (job.created, job.id));
    Ok(all)
}

/// The jobs that were asked for by name, or all that were given up.
async fn chosen(store: &Store, which: Which) -> Result<Vec<JobId>, Error> {
    if let Some(id) = which.id {
        return Ok(vec![id]);
    }
    let dead = JobFilter {
        dead: true,
        ..JobFilter::default()
    };
    Ok(jobs(store, dead).await?.iter().map(|job| job.id).collect())
}

async fn retry(store: &Store, which: Which, cause: &Cause) -> Result<usize, Error> {
    let named = which.id.is_some();
    let mut changed = 0;
    for id in chosen(store, which).await? {
        match store.revive_job(id, cause).await {
            Ok(()) => changed += 1,
            Err(StoreError::NotFound) if named => {
                return Err(Error::Input(format!("no job {id} was given up")));
            }
            Err(StoreError::Exists) if named => {
                return Err(Error::Input(format!(
                    "another job has come in the place of {id}; drop it"
                )));
            }
            // Of many, some may go their way meanwhile.
            Err(StoreError::NotFound | StoreError::Exists) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(changed)
}

async fn drop_jobs(store: &Store, which: Which, cause: &Cause) -> Result<usize, Error> {
    let named = which.id.is_some();
    let mut changed = 0;
    for id in chosen(store, which).await? {
        match store.remove_job(id, cause).await {
            Ok(()) => changed += 1,
            Err(StoreError::NotFound) if named => {
                return Err(Error::Input(format!("there is no job {id}")));
            }
            Err(StoreError::NotFound) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Ok(changed)
}

fn print(job: &Job, json: bool, console: &mut Console) -> Result<(), Error> {
    let (state, at) = match job.state {
        JobState::Waiting(at) => ("waiting", at),
        JobState::Leased(at) => ("running", at),
        JobState::Dead(at) => ("dead", at),
    };
    let row = Row {
        id: job.id.to_string(),
        kind: job.kind.as_str(),
        key: job.key.as_ref().map(cal_store::JobKey::as_str),
        state,
        at: rfc3339(at),
        attempts: job.attempts,
        fault: job.fault.as_deref(),
    };
    if json {
        return console.json(&row);
    }
    let (key, fault) = (row.key.unwrap_or_default(), row.fault.unwrap_or_default());
    // What the other end said must not steer a terminal.
    let fault: String = fault.chars().flat_map(char::escape_debug).collect();
    let Row {
        id,
        kind,
        at,
        attempts,
        ..
    } = row;
    console.line(format_args!(
        "{id}\t{kind}\t{key}\t{state}\t{at}\t{attempts}\t{fault}"
    ))
}

/// A job, as it is listed. `at` is when it may run, when its lease runs out, or
/// when it was given up.
#[derive(Serialize)]
struct Row<'a> {
    id: String,
    kind: &'a str,
    key: Option<&'a str>,
    state: &'a str,
    at: String,
    attempts: u32,
    fault: Option<&'a str>,
}
