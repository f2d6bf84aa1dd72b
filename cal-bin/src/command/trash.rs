//! `cal trash`: calendars that were deleted.

use cal_store::{
    Collection, CollectionName, Error as StoreError, MoveCollection, PrincipalName, Store,
    Timestamp, Via,
};
use clap::Subcommand;
use serde::Serialize;

use super::Outcome;
use crate::account;
use crate::config::StoreFlags;
use crate::console::Console;
use crate::error::Error;
use crate::storage::{self, rfc3339};

/// List deleted calendars and take them back, also while the server runs.
///
/// A calendar comes back as it was when it was deleted. Deleted events are in the history of
/// their calendar: see `cal at`.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    #[command(subcommand)]
    action: Action,
    #[command(flatten)]
    store: StoreFlags,
}

#[derive(Debug, Subcommand)]
enum Action {
    /// List the calendars and folders in the trash, latest first
    List {
        /// Whose
        #[arg(long, value_name = "USER", value_parser = account::user_name)]
        user: PrincipalName,
        /// Print one JSON object a line: {"id","calendar","display_name","deleted"}
        #[arg(long)]
        json: bool,
    },
    /// Take a calendar back from the trash
    Restore {
        /// Whose
        #[arg(long, value_name = "USER", value_parser = account::user_name)]
        user: PrincipalName,
        /// Its name in the URL, what people see, or its id; of several the one deleted last
        #[arg(long, value_name = "CALENDAR")]
        calendar: String,
        /// The name in the URL that it gets, if its own is taken
        #[arg(long = "as", value_name = "NAME")]
        name: Option<String>,
    },
}

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = arguments.store.load()?;
    storage::runtime()?.block_on(async {
        let store = storage::open(&settings).await?;
        match arguments.action {
            Action::List { user, json } => {
                for (at, collection) in trash(&store, &user).await? {
                    list(at, &collection, json, console)?;
                }
                Ok(Outcome::Done)
            }
            Action::Restore {
                user,
                calendar,
                name,
            } => {
                let restored = restore(&store, &user, (&calendar, name.as_deref())).await?;
                console.line(format_args!("restored {restored}"))?;
                Ok(Outcome::Done)
            }
        }
    })
}

async fn trash(store: &Store, user: &PrincipalName) -> Result<Vec<(Timestamp, Collection)>, Error> {
    let user = storage::existing_user(store, user).await?;
    Ok(store.trash(user.id).await?)
}

fn list(
    at: Timestamp,
    collection: &Collection,
    json: bool,
    console: &mut Console,
) -> Result<(), Error> {
    let row = Row {
        id: collection.id.to_string(),
        calendar: collection.name.as_str(),
        display_name: collection.details.display_name.as_deref(),
        deleted: rfc3339(at),
    };
    if json {
        return console.json(&row);
    }
    let shown = row.display_name.unwrap_or_default();
    console.line(format_args!("{}\t{shown}\t{}", row.calendar, row.deleted))
}

/// A collection in the trash, as it is listed.
#[derive(Serialize)]
struct Row<'a> {
    id: String,
    calendar: &'a str,
    display_name: Option<&'a str>,
    deleted: String,
}

async fn restore(
    store: &Store,
    user: &PrincipalName,
    (calendar, name): (&str, Option<&str>),
) -> Result<CollectionName, Error> {
    let found = trash(store, user).await?.into_iter().find(|(_, each)| {
        each.name.as_str() == calendar
            || each.details.display_name.as_deref() == Some(calendar)
            || each.id.to_string() == calendar
    });
    let (_, found) = found
        .ok_or_else(|| Error::Input(format!("{user} has no calendar {calendar} in the trash")))?;
    let name = match name {
        Some(name) => CollectionName::new(name)?,
        None => found.name.clone(),
    };
    let to = MoveCollection {
        id: found.id,
        parent: store.home(found.owner).await?.id,
        name: name.clone(),
    };
    let cause = storage::cause(Via::Command, Some(user));
    let restored = store.restore_collection(to, &cause).await;
    restored.map_err(|error| match error {
        StoreError::Exists => Error::Input(format!(
            "there is another {name} now; name the restored calendar with --as"
        )),
        other => other.into(),
    })?;
    Ok(name)
}
