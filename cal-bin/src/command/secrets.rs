//! `cal secrets`: passwords and tokens of sources elsewhere, encrypted.

use std::path::PathBuf;

use cal_store::{Sealer, Via};
use clap::Subcommand;
use serde::Serialize;

use super::Outcome;
use crate::config::{StoreFlags, secret_of_file};
use crate::console::{Console, counted};
use crate::error::Error;
use crate::storage;

/// Check the secrets of sources elsewhere, or encrypt them with another server secret.
///
/// They are encrypted under a key that is derived from the server secret: the variable CAL_SECRET,
/// or the file that secret_file (CAL_SECRET_FILE) names. There is no default. This makes one:
///
///   openssl rand -base64 32
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    store: StoreFlags,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Open every secret; exits with 1 and names the sources if some do not open
    Check {
        /// Print one JSON object: {"opened","failed":[{"source","fault"}]}
        #[arg(long)]
        json: bool,
    },
    /// Encrypt all secrets anew, all or none
    ///
    /// Stop the servers before, and start them with the new server secret afterwards.
    Rotate {
        /// The file with the new server secret
        #[arg(long, value_name = "FILE")]
        new_secret_file: PathBuf,
    },
}

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = arguments.store.load()?;
    let sealer = Sealer::new(settings.server_secret()?)?;
    storage::runtime()?.block_on(async {
        let store = storage::open(&settings).await?;
        match arguments.action {
            Action::Check { json } => {
                let report = store.check_secrets(&sealer).await?;
                let failed = report.faults.iter();
                let failed = failed.map(|(source, fault)| Failed {
                    source: source.as_str(),
                    fault: fault.to_string(),
                });
                let report = Report {
                    opened: report.opened,
                    failed: failed.collect(),
                };
                tell(&report, json, console)
            }
            Action::Rotate { new_secret_file } => {
                let new = Sealer::new(secret_of_file(&new_secret_file)?)?;
                let cause = storage::cause(Via::Command, None);
                let rotated = store.rotate_secrets((&sealer, &new), &cause).await?;
                let rotated = counted(rotated, "secret");
                console.line(format_args!("{rotated} encrypted anew"))?;
                Ok(Outcome::Done)
            }
        }
    })
}

#[derive(Serialize)]
struct Report<'a> {
    opened: u64,
    failed: Vec<Failed<'a>>,
}

#[derive(Serialize)]
struct Failed<'a> {
    source: &'a str,
    fault: String,
}

fn tell(report: &Report<'_>, json: bool, console: &mut Console) -> Result<Outcome, Error> {
    if json {
        console.json(report)?;
    } else {
        for Failed { source, fault } in &report.failed {
            console.line(format_args!("the secret of {source} {fault}"))?;
        }
        let opened = usize::try_from(report.opened).unwrap_or(usize::MAX);
        let (opened, failed) = (counted(opened, "secret"), report.failed.len());
        console.line(format_args!("{opened} open, {failed} do not"))?;
    }
    Ok(match report.failed.is_empty() {
        true => Outcome::Done,
        false => Outcome::Failed,
    })
}
