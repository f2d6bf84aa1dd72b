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
    /// Tell how many there are of each kind, and how many were forgotten
    ///
    /// Those that were given up are kept for the days that `dead_letter_days` says, and no more
    /// than a fixed number of them. How many were forgotten then stays known for good.
    Count {
        /// Print one JSON object: {"kinds","forgotten","last_forgotten"}
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
            Action::Count { json } => {
                let counts = counts(&store).await?;
                match json {
                    true => console.json(&counts)?,
                    false => print_counts(&counts, console)?,
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

async fn counts(store: &Store) -> Result<Counts, Error> {
    let kinds = store.job_counts().await?.into_iter();
    let kinds = kinds.map(|count| KindCount {
        kind: count.kind.to_string(),
        alive: count.alive,
        dead: count.dead,
    });
    let mut counts = Counts {
        kinds: kinds.collect(),
        forgotten: 0,
        last_forgotten: None,
    };
    let mut request = Some(PageRequest::first(PAGE));
    while let Some(page) = request {
        let page = store.prunings(page).await?;
        for pruning in page.items.iter().filter(|it| it.pruned.dead_letters > 0) {
            counts.forgotten += pruning.pruned.dead_letters;
            // The latest comes first.
            let at = || rfc3339(pruning.cause.at);
            counts.last_forgotten.get_or_insert_with(at);
        }
        request = page.next.map(|next| PageRequest::after(next, PAGE));
    }
    Ok(counts)
}

fn print_counts(counts: &Counts, console: &mut Console) -> Result<(), Error> {
    for KindCount { kind, alive, dead } in &counts.kinds {
        console.line(format_args!("{kind}\t{alive} to do\t{dead} given up"))?;
    }
    match &counts.last_forgotten {
        Some(last) => console.line(format_args!(
            "{} forgotten of those given up, the last at {last}",
            counted(
                usize::try_from(counts.forgotten).unwrap_or(usize::MAX),
                "job"
            ),
        )),
        None => Ok(()),
    }
}

/// How many jobs there are, and how many of those given up were forgotten.
#[derive(Serialize)]
struct Counts {
    kinds: Vec<KindCount>,
    forgotten: u64,
    last_forgotten: Option<String>,
}

#[derive(Serialize)]
struct KindCount {
    kind: String,
    alive: u64,
    dead: u64,
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
