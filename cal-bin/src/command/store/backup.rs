//! `cal store backup`: a copy of the file while it is in use.

use std::path::PathBuf;

use crate::command::Outcome;
use crate::config::{Place, StoreFlags};
use crate::console::Console;
use crate::error::Error;
use crate::storage;

/// Copy the store to a new file, also while the server runs.
///
/// The copy has everything that was there when it began. Put it in place of cal.db in a data
/// folder to go on from it. Clients that know what came after it then read everything once more.
///
/// For a PostgreSQL database take its own means, such as pg_dump or pg_basebackup; for plain files
/// cal store copy, while no server has them open.
#[derive(Debug, clap::Args)]
pub(super) struct Arguments {
    /// The file to make
    #[arg(value_name = "FILE")]
    to: PathBuf,
    #[command(flatten)]
    store: StoreFlags,
}

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = arguments.store.load()?;
    let to = arguments.to;
    storage::runtime()?.block_on(async {
        let place = settings.place()?;
        let Some(sqlite) = storage::open_file(&place).await? else {
            let instead = match place {
                Place::Files(_) => "plain files are backed up with `cal store copy`",
                _ => "a PostgreSQL database is backed up by its own means, such as pg_dump",
            };
            return Err(Error::Usage(instead.to_owned()));
        };
        sqlite.backup(&to).await.map_err(|error| match error {
            cal_store::Error::Exists => Error::Input(format!("{}: already exists", to.display())),
            other => other.into(),
        })?;
        console.line(format_args!("copied to {}", to.display()))?;
        Ok(Outcome::Done)
    })
}
