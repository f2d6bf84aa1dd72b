//! `cal store copy`: everything from one place to another.

mod progress;

use cal_store::{CopyReport, Limits};
use indicatif::HumanCount;
use serde::Serialize;

use self::progress::Progress;
use crate::command::Outcome;
use crate::config::Place;
use crate::console::{Console, counted};
use crate::error::Error;
use crate::storage;

/// Copy a store, whole, to a place of any kind.
///
/// Accounts with their passwords and tokens, calendars, also deleted ones, events byte for byte,
/// all earlier versions, what was deleted, and the audit chains; secrets, as they are sealed, jobs
/// that wait and times that are held. A place is a data folder, folder:DIR for plain files, or a
/// postgres:// URL.
///
/// Stop the servers of both first. Neither is changed but by the copy; at its end both are read
/// again and their checksums compared. A copy that was interrupted goes on when it is asked for
/// again. One onto anything else is refused.
///
/// Clients that sync with the copy read everything once: it does not take the sync tokens of the
/// other, so that nothing is missed where both went on. It needs the same server secret.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The place to copy from
    #[arg(long, value_name = "PLACE")]
    from: String,
    /// The place to copy to, which is made if it is not there
    #[arg(long, value_name = "PLACE")]
    to: String,
    /// Print one JSON object: {"records","principals","collections","objects","versions","others",
    /// "found","bytes","checksum"}
    #[arg(long)]
    json: bool,
}

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let Arguments { from, to, json } = arguments;
    let (from, to) = (Place::named(from), Place::named(to));
    let report = storage::runtime()?.block_on(copy(&from, &to, console))?;
    match json {
        true => console.json(&Report::of(&report))?,
        false => print(&report, console)?,
    }
    Ok(Outcome::Done)
}

async fn copy(from: &Place, to: &Place, console: &mut Console) -> Result<CopyReport, Error> {
    let source = storage::open_at(from, Limits::default()).await?;
    let target = storage::create_at(to, Limits::default()).await?;
    let mut progress = Progress::new(console);
    let copied = source.copy_to(&target, |report| progress.show(report));
    let copied = copied.await;
    progress.end();
    copied.map_err(|source| Error::Copy {
        from: from.to_string(),
        to: to.to_string(),
        source,
    })
}

fn print(report: &CopyReport, console: &mut Console) -> Result<(), Error> {
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    console.line(format_args!(
        "copied {}, {}, {} and {}; both have sha256 {}",
        counted(number(report.principals), "user"),
        counted(number(report.collections), "collection"),
        counted(number(report.objects), "object"),
        counted(number(report.versions), "earlier version"),
        report.checksum
    ))?;
    if report.found > 0 {
        let (found, all) = (HumanCount(report.found), HumanCount(report.records()));
        console.note(format_args!(
            "{found} of {all} records were there from an earlier copy"
        ));
    }
    Ok(())
}

/// What was copied, as it is printed.
#[derive(Serialize)]
struct Report<'a> {
    records: u64,
    principals: u64,
    collections: u64,
    objects: u64,
    versions: u64,
    others: u64,
    found: u64,
    bytes: u64,
    checksum: &'a str,
}

impl<'a> Report<'a> {
    fn of(report: &'a CopyReport) -> Self {
        Self {
            records: report.records(),
            principals: report.principals,
            collections: report.collections,
            objects: report.objects,
            versions: report.versions,
            others: report.others,
            found: report.found,
            bytes: report.bytes,
            checksum: &report.checksum,
        }
    }
}
