//! `cal rooms`: rooms and resources, and what of them is booked twice.

use cal_store::{DoubleBooked, Principal, PrincipalName, Timestamp};
use chrono::{SecondsFormat, Utc};
use serde::Serialize;

use super::Outcome;
use crate::account;
use crate::config::StoreFlags;
use crate::console::Console;
use crate::error::Error;
use crate::storage;

/// Tell which rooms and resources are booked twice from now on, also while the server runs.
///
/// Whoever books a room that is taken is refused. Two events can meet all the same: series without
/// an end years from now, calendars that are taken back from the trash, made opaque or moved.
/// `cal serve` looks for them once a day too, and its log names them.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Only this room or resource
    #[arg(value_parser = account::user_name)]
    name: Option<PrincipalName>,
    /// Print one JSON object a line: {"room","start","end","first","second"}
    #[arg(long)]
    json: bool,
    #[command(flatten)]
    store: StoreFlags,
}

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = arguments.store.load()?;
    storage::runtime()?.block_on(async {
        let store = storage::open(&settings).await?;
        let rooms = match &arguments.name {
            Some(name) => vec![storage::existing_user(&store, name).await?],
            None => storage::rooms(&store).await?,
        };
        let mut outcome = Outcome::Done;
        for room in rooms {
            let now = Timestamp::from(Utc::now());
            for pair in store.double_bookings(room.id, now).await? {
                print(&room, &pair, arguments.json, console)?;
                outcome = Outcome::Failed;
            }
        }
        Ok(outcome)
    })
}

fn print(
    room: &Principal,
    pair: &DoubleBooked,
    json: bool,
    console: &mut Console,
) -> Result<(), Error> {
    let instant = |at: chrono::DateTime<Utc>| at.to_rfc3339_opts(SecondsFormat::Secs, true);
    let row = Row {
        room: room.name.as_str(),
        start: instant(pair.interval.start()),
        end: instant(pair.interval.end()),
        first: pair.first.uid.as_str(),
        second: pair.second.uid.as_str(),
    };
    if json {
        return console.json(&row);
    }
    console.line(format_args!(
        "{}\t{}\t{}\t{}\t{}",
        row.room, row.start, row.end, row.first, row.second
    ))
}

/// Two events at one time, as they are listed.
#[derive(Serialize)]
struct Row<'a> {
    room: &'a str,
    start: String,
    end: String,
    first: &'a str,
    second: &'a str,
}
