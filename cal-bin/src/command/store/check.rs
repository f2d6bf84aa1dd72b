//! `cal store check`: is the store what was written to it?

use serde::Serialize;

use crate::command::Outcome;
use crate::config::StoreFlags;
use crate::console::{Console, counted};
use crate::error::{Error, with_causes};
use crate::storage;

/// Check that the store is whole, also while the server runs.
///
/// Looks through the whole file of the data folder, and reads each event and file, which must be,
/// byte for byte, what was stored. Exits with 1 if anything is wrong, and says what. A database
/// checks its own pages (pg_amcheck), and a folder of plain files its journal when it is opened: of
/// both only events and files are read. Plain files are checked while no server has them open.
///
/// Whether somebody has changed the record of the changes is for `cal audit verify` to say.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// Print one JSON object: {"sound","faults":[{"user","collection","object","fault"}]}
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreFlags,
}

/// What was found.
#[derive(Default, Serialize)]
struct Report {
    /// Objects that are what was stored.
    sound: u64,
    faults: Vec<Fault>,
}

/// Something that is wrong: of an object, a collection or the whole.
#[derive(Serialize)]
struct Fault {
    user: Option<String>,
    collection: Option<String>,
    object: Option<String>,
    fault: String,
}

impl Fault {
    fn of_the_whole(fault: String) -> Self {
        Self {
            user: None,
            collection: None,
            object: None,
            fault,
        }
    }

    fn of(unsound: cal_store::Unsound) -> Self {
        let fault = match &unsound.error {
            Some(error) => with_causes(error),
            None => "other bytes than were stored".to_owned(),
        };
        Self {
            user: Some(unsound.owner.to_string()),
            collection: Some(unsound.collection.to_string()),
            object: unsound.name.map(|name| name.to_string()),
            fault,
        }
    }
}

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = arguments.store.load()?;
    let report = storage::runtime()?.block_on(async {
        let mut report = Report::default();
        if let Some(sqlite) = storage::open_file(&settings.place()?).await? {
            let faults = sqlite.check_integrity().await?;
            report
                .faults
                .extend(faults.into_iter().map(Fault::of_the_whole));
        }
        let store = storage::open(&settings).await?;
        let faults = &mut report.faults;
        report.sound = store
            .check_objects(|unsound| faults.push(Fault::of(unsound)))
            .await?;
        Ok::<_, Error>(report)
    })?;
    match arguments.json {
        true => console.json(&report)?,
        false => print(&report, console)?,
    }
    match report.faults.is_empty() {
        true => Ok(Outcome::Done),
        false => Ok(Outcome::Failed),
    }
}

fn print(report: &Report, console: &mut Console) -> Result<(), Error> {
    for Fault {
        user,
        collection,
        object,
        fault,
    } in &report.faults
    {
        let place = [user, collection, object].into_iter().flatten();
        let place: String = place.map(|word| format!("{word}: ")).collect();
        console.line(format_args!("{place}{fault}"))?;
    }
    let sound = usize::try_from(report.sound).unwrap_or(usize::MAX);
    console.line(format_args!(
        "{} as stored, {}",
        counted(sound, "object"),
        counted(report.faults.len(), "fault")
    ))
}
