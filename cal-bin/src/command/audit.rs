//! `cal audit`: is what the store says of its changes what it said before?

use std::fmt::Display;

use cal_store::{AuditChain, AuditHash, AuditHead, PageRequest, Store};
use clap::Subcommand;
use serde::{Deserialize, Serialize};

use super::Outcome;
use crate::config::StoreFlags;
use crate::console::{Console, counted};
use crate::error::Error;
use crate::input::Input;
use crate::storage;

/// Check the audit chains: every change, each bound to the one before it.
///
/// Each change of a calendar is recorded with who made it, how, when, and what it replaced. A
/// record that was changed, removed, inserted or put elsewhere breaks its chain. Works while the
/// server runs.
///
/// Whoever can write the data folder could make all chains anew. To prove that nobody did, keep
/// the heads somewhere else from time to time, and verify against them:
///
///   cal audit heads > /elsewhere/heads.json
///   cal audit verify --heads /elsewhere/heads.json
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    store: StoreFlags,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// Check all chains; exits with 1 if one is broken, and says where
    Verify {
        /// What `cal audit heads` printed earlier; - is standard input
        #[arg(long, value_name = "FILE")]
        heads: Option<Input>,
        /// Print one JSON object: {"chains","entries","pruned","broken":[{"chain","fault"}]}
        #[arg(long)]
        json: bool,
    },
    /// Print where each chain stands, one JSON object a line: {"chain","number","hash"}
    Heads,
}

/// Chains that are asked for at a time.
const PAGE: usize = 500;

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = arguments.store.load()?;
    storage::runtime()?.block_on(async {
        let store = storage::open(&settings).await?;
        match arguments.action {
            Action::Verify { heads, json } => {
                let noted = heads.as_ref().map(noted).transpose()?;
                verify(&store, &noted.unwrap_or_default(), json, console).await
            }
            Action::Heads => heads(&store, console).await,
        }
    })
}

async fn verify(
    store: &Store,
    noted: &[AuditHead],
    json: bool,
    console: &mut Console,
) -> Result<Outcome, Error> {
    let report = store.verify_audit(noted).await?;
    let outcome = match report.broken.is_empty() {
        true => Outcome::Done,
        false => Outcome::Failed,
    };
    if json {
        console.json(&Report {
            chains: report.chains,
            entries: report.entries,
            pruned: report.pruned,
            broken: report
                .broken
                .iter()
                .map(|broken| Broken {
                    chain: broken.chain.to_string(),
                    fault: broken.fault.to_string(),
                })
                .collect(),
        })?;
        return Ok(outcome);
    }
    for broken in &report.broken {
        console.line(broken)?;
    }
    let number = |number: u64| usize::try_from(number).unwrap_or(usize::MAX);
    let (chains, entries) = (number(report.chains), number(report.entries));
    console.line(format_args!(
        "{} with {}: {}",
        counted(chains, "chain"),
        counted(entries, "record"),
        match report.broken.len() {
            0 => "all hold".to_owned(),
            broken => format!("{broken} broken"),
        }
    ))?;
    if report.pruned > 0 {
        let pruned = counted(number(report.pruned), "older change");
        console.note(format_args!(
            "{pruned} known by number only: pruned, or from before audit chains"
        ));
    }
    Ok(outcome)
}

#[derive(Serialize)]
struct Report {
    chains: u64,
    entries: u64,
    pruned: u64,
    broken: Vec<Broken>,
}

#[derive(Serialize)]
struct Broken {
    chain: String,
    fault: String,
}

async fn heads(store: &Store, console: &mut Console) -> Result<Outcome, Error> {
    let mut request = Some(PageRequest::first(PAGE));
    while let Some(page) = request {
        let page = store.audit_chains(page).await?;
        for chain in page.items {
            let head = store.audit(chain, u64::MAX, 1).await?.head;
            console.json(&Head {
                chain: chain.to_string(),
                number: head.number,
                hash: head.hash.to_string(),
            })?;
        }
        request = page.next.map(|next| PageRequest::after(next, PAGE));
    }
    Ok(Outcome::Done)
}

/// Where a chain stands, as it is noted.
#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    chain: String,
    number: u64,
    hash: String,
}

fn noted(input: &Input) -> Result<Vec<AuditHead>, Error> {
    let bytes = input.read()?;
    let text = String::from_utf8_lossy(&bytes);
    let mut heads = Vec::new();
    for (line, text) in text.lines().enumerate() {
        let wrong = |what: &dyn Display| {
            let line = line + 1;
            Error::Input(format!("{input}:{line}: no head of a chain: {what}"))
        };
        let head: Head = serde_json::from_str(text).map_err(|error| wrong(&error))?;
        let chain: AuditChain = head.chain.parse().map_err(|error| wrong(&error))?;
        let hash: AuditHash = head.hash.parse().map_err(|error| wrong(&error))?;
        heads.push(AuditHead {
            number: head.number,
            hash,
            ..AuditHead::start(chain)
        });
    }
    Ok(heads)
}
