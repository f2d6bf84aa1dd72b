//! Why a command could not do what it was asked.

use std::io;
use std::path::PathBuf;
use std::process::ExitCode;

/// A failure that ends the command.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub(crate) enum Error {
    /// The command line makes no sense; the message says what would.
    #[error("{0}")]
    Usage(String),
    /// The configuration makes no sense.
    #[error(transparent)]
    Config(#[from] crate::config::Error),
    /// An input could not be read at all.
    #[error("{name}: cannot be read")]
    Read {
        /// The file as the user named it, `-` for standard input.
        name: String,
        /// What the system said.
        source: io::Error,
    },
    /// A file or folder could not be written.
    #[error("{}: cannot be written", path.display())]
    Write {
        /// What was to be written.
        path: PathBuf,
        /// What the system said.
        source: io::Error,
    },
    /// An input was read and is not what the command needs. The message names
    /// the place.
    #[error("{0}")]
    Input(String),
    /// There are no calendars and accounts yet where they were looked for.
    #[error("no data at {0}; start with `cal serve` or name another with --data")]
    NoData(String),
    /// An account could not be read or changed.
    #[error(transparent)]
    Account(#[from] crate::account::Error),
    /// The file or database with the calendars and accounts cannot be used.
    #[error("{name}: cannot be opened")]
    Open {
        /// The file in the data folder, or the database.
        name: String,
        /// What the store said.
        source: cal_store::Error,
    },
    /// The store refused or failed.
    #[error(transparent)]
    Store(#[from] cal_store::Error),
    /// A store could not be copied.
    #[error("{from} to {to}: cannot be copied")]
    Copy {
        /// The store copied from.
        from: String,
        /// The store copied to.
        to: String,
        /// What the store said.
        source: cal_store::Error,
    },
    /// The server could not run.
    #[error(transparent)]
    Daemon(#[from] crate::daemon::Error),
    /// Standard output is gone or full.
    #[error("standard output cannot be written")]
    Output(#[source] io::Error),
    /// The system refused something that the command cannot do without.
    #[error("{0}")]
    System(&'static str, #[source] io::Error),
}

impl Error {
    /// The reader of a pipe went away. That is how pipes end, not a failure.
    pub(crate) fn is_broken_pipe(&self) -> bool {
        matches!(self, Error::Output(error) if error.kind() == io::ErrorKind::BrokenPipe)
    }

    /// 2 for a wrong command line or configuration, 1 for everything else.
    pub(crate) fn exit_code(&self) -> ExitCode {
        match self {
            Error::Usage(_) | Error::Config(_) => ExitCode::from(2),
            _ => ExitCode::from(1),
        }
    }
}

/// What an error says, with every cause that says something more.
pub(crate) fn with_causes(error: &dyn std::error::Error) -> String {
    let mut text = error.to_string();
    let mut source = error.source();
    while let Some(cause) = source {
        let said = cause.to_string();
        if !text.ends_with(&said) {
            text = format!("{text}: {said}");
        }
        source = cause.source();
    }
    text
}
