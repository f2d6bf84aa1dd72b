//! The verbs of the command line, one file each.

mod at;
mod audit;
mod calendar_input;
mod calendars;
mod check;
mod content_line;
mod convert;
mod expand;
mod export;
mod format;
mod free;
mod import;
mod jobs;
mod reindex;
mod rooms;
mod secrets;
mod serve;
mod store;
mod trash;
mod user;
mod zone;

use std::sync::LazyLock;

use clap::{Parser, Subcommand};

use crate::console::Console;
use crate::error::Error;

/// A calendar server, and calendar tools for the terminal.
#[derive(Debug, Parser)]
#[command(
    name = "cal",
    version,
    long_version = LONG_VERSION.as_str(),
    arg_required_else_help = true,
    after_help = EXIT_CODES,
    after_long_help = REFERENCE,
)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    #[command(after_help = EXIT_CODES, after_long_help = REFERENCE)]
    Serve(serve::Arguments),
    #[command(after_help = EXIT_CODES)]
    User(user::Arguments),
    #[command(after_help = EXIT_CODES)]
    Import(import::Arguments),
    #[command(after_help = EXIT_CODES)]
    Export(export::Arguments),
    #[command(after_help = EXIT_CODES)]
    Expand(expand::Arguments),
    #[command(after_help = EXIT_CODES)]
    Check(check::Arguments),
    #[command(after_help = EXIT_CODES)]
    Convert(convert::Arguments),
    #[command(after_help = EXIT_CODES, after_long_help = FREE)]
    Free(Box<free::Arguments>),
    At(at::Arguments),
    #[command(after_help = EXIT_CODES)]
    Trash(trash::Arguments),
    #[command(after_help = EXIT_CODES)]
    Audit(audit::Arguments),
    #[command(after_help = EXIT_CODES)]
    Jobs(jobs::Arguments),
    #[command(after_help = EXIT_CODES)]
    Rooms(rooms::Arguments),
    #[command(after_help = EXIT_CODES)]
    Secrets(secrets::Arguments),
    #[command(after_help = EXIT_CODES)]
    Reindex(reindex::Arguments),
    #[command(after_help = EXIT_CODES)]
    Store(store::Arguments),
}

/// Below the help of every verb.
const EXIT_CODES: &str = "Exit codes: 0 done; 1 the input or the operation failed, as standard \
    error says; 2 the command line or the configuration makes no sense.";

/// Below the long help of `cal free`.
const FREE: &str = "\
Example:
  cal free ada.ics bob.ics --from 2026-03-02 --to 2026-03-07 --slot 30m --tz Europe/Berlin

Exit codes: 0 done; 1 the input or the operation failed, as standard error says; 2 the command line
or the configuration makes no sense.";

/// Below the long help of the command and of the server.
const REFERENCE: &str = "\
Exit codes:
  0  done
  1  the input or the operation failed; standard error says what and where
  2  the command line or the configuration makes no sense

What lenient reading finds goes to standard error as FILE:LINE:COL: warning: MESSAGE, with - for
standard input.

Configuration: flags go over the environment, that over the configuration file, and that over the
defaults. The variable of a key is its name in capitals after CAL_, with _ for each dot:
CAL_LIMITS_OBJECT_BYTES. The keys and their defaults:
  data                                folder of calendars and accounts, or folder:DIR
  database                            URL of a PostgreSQL database to keep them in instead;
                                      ?sslmode=verify-full asks for TLS and a known server
  listen = \"127.0.0.1:5545\"           address and port
  role = \"all\"                        or \"api\", \"worker\"
  secret_file                         file with the server secret, unless CAL_SECRET holds it
  retention_days = 90                 days that history and the trash are kept; 0 for ever
  dead_letter_days = 30               days that jobs are kept that were given up; 0 for ever
  base_url                            address that users see, with the path prefix of a proxy
  trusted_proxies = []                addresses of proxies whose X-Forwarded-For counts
  forwarded.user                      header of a proxy that names its user, from trusted_proxies
                                      or with the key
  forwarded.email                     header with the email address of that user
  forwarded.key_file                  file with what such a proxy must send as X-Forwarded-Key
  log.level = \"info\"                  or a filter such as \"info,cal::daemon=debug\"
  log.format = \"text\"                 or \"json\"
  limits.connections = 1024           open at once
  limits.header_bytes = 65536         of a request
  limits.header_seconds = 15          until a request's head is whole
  limits.request_seconds = 120        until a request is answered
  limits.object_bytes = 10485760      of one calendar object
  limits.shutdown_seconds = 10        for requests in flight when the server stops";

/// How a command ended that did not fail outright.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// As it was asked.
    Done,
    /// It ran to its end and says that its input is at fault.
    Failed,
}

impl Outcome {
    /// Done only if both are.
    fn and(self, other: Outcome) -> Outcome {
        match self {
            Outcome::Done => other,
            Outcome::Failed => Outcome::Failed,
        }
    }
}

/// Runs the verb.
pub(crate) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    match arguments.verb {
        Verb::Serve(arguments) => serve::run(arguments, console),
        Verb::User(arguments) => user::run(arguments, console),
        Verb::Import(arguments) => import::run(&arguments, console),
        Verb::Export(arguments) => export::run(&arguments, console),
        Verb::Expand(arguments) => expand::run(&arguments, console),
        Verb::Check(arguments) => check::run(&arguments, console),
        Verb::Convert(arguments) => convert::run(&arguments, console),
        Verb::Free(arguments) => free::run(&arguments, console),
        Verb::At(arguments) => at::run(arguments, console),
        Verb::Trash(arguments) => trash::run(arguments, console),
        Verb::Audit(arguments) => audit::run(arguments, console),
        Verb::Jobs(arguments) => jobs::run(arguments, console),
        Verb::Rooms(arguments) => rooms::run(arguments, console),
        Verb::Secrets(arguments) => secrets::run(arguments, console),
        Verb::Reindex(arguments) => reindex::run(arguments, console),
        Verb::Store(arguments) => store::run(arguments, console),
    }
}

/// Which rules of which zones this binary knows matters as much as its own
/// version.
static LONG_VERSION: LazyLock<String> = LazyLock::new(|| {
    format!(
        "{}\ntime zones: tzdata {}",
        env!("CARGO_PKG_VERSION"),
        chrono_tz::IANA_TZDB_VERSION
    )
});
