//! `cal serve`: the server.

use std::path::PathBuf;

use super::Outcome;
use crate::config::{self, Flags, Role};
use crate::console::Console;
use crate::error::Error;
use crate::{daemon, logging};

/// Run the calendar server.
///
/// Calendars and accounts are kept in the data folder, which is made when it is not there, or in a
/// PostgreSQL database, which many servers may share. One line on standard output says when the server is ready and where it listens; logs go to standard
/// error. SIGTERM and Ctrl-C end it when the requests in flight are answered, a second one at once.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Folder of calendars and accounts [default: $XDG_DATA_HOME/cal or ~/.local/share/cal]
    #[arg(long, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Keep calendars and accounts in this PostgreSQL database instead of a folder
    #[arg(long, value_name = "URL", conflicts_with = "data")]
    database: Option<String>,
    /// Address and port to listen on; port 0 takes any free one [default: 127.0.0.1:5545]
    #[arg(long, value_name = "ADDR")]
    listen: Option<String>,
    /// Configuration file [default: $XDG_CONFIG_HOME/cal/config.toml if it is there]
    #[arg(long, value_name = "FILE")]
    config: Option<PathBuf>,
    /// What this process does: all, answer requests only, or work in the background only
    #[arg(long, value_name = "ROLE")]
    role: Option<Role>,
}

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = config::load(&Flags {
        data: arguments.data,
        database: arguments.database,
        listen: arguments.listen,
        role: arguments.role,
        config: arguments.config,
    })?;
    logging::start(&settings.log)?;
    daemon::run(&settings, console)?;
    Ok(Outcome::Done)
}
