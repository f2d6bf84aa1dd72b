//! `cal serve`: the server.

use super::Outcome;
use crate::config::{self, Flags, Role, StoreFlags};
use crate::console::Console;
use crate::error::Error;
use crate::{daemon, logging};

/// Run the calendar server.
///
/// Calendars and accounts are kept in the data folder, which is made when it is not there, or in a
/// PostgreSQL database, which many servers may share. One line on standard output says when the
/// server is ready and where it listens; logs go to standard error. SIGTERM and Ctrl-C end it when
/// the requests in flight are answered, a second one at once.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(flatten)]
    store: StoreFlags,
    /// Address and port to listen on; port 0 takes any free one [default: 127.0.0.1:5545]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// What this process does: all, answer requests only, or work in the background only
    #[arg(long, value_name = "ROLE")]
    role: Option<Role>,
}

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = config::load(&Flags {
        listen: arguments.listen,
        role: arguments.role,
        ..arguments.store.into()
    })?;
    logging::start(&settings.log)?;
    daemon::run(&settings, console)?;
    Ok(Outcome::Done)
}
