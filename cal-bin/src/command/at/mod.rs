//! `cal at`: calendars as they were, and going back to that.

mod found;
mod list;
mod restore;
mod show;

use cal_core::{Moment, ZoneRules};
use cal_store::{PrincipalName, Timestamp};
use chrono::Utc;
use clap::Subcommand;
use clap::builder::NonEmptyStringValueParser;

use super::{Outcome, zone};
use crate::account;
use crate::config::StoreFlags;
use crate::console::Console;
use crate::error::Error;
use crate::point_in_time::PointInTime;
use crate::storage;

use found::Scene;

/// Show calendars as they were at some time, and bring them back to that.
///
/// TIME is a date (2026-11-01, its midnight), a time (2026-11-01T09:00, 2026-11-01T08:00:00Z), or
/// how long ago: "2d ago", "3h ago", "90m ago", "1w ago" (or 2d-ago, without quotes).
///
/// History is kept for 90 days unless the operator prunes it otherwise; of a time before that you
/// are told that nothing is known of it any more. Works while the server runs.
#[derive(Debug, clap::Args)]
#[command(after_help = EXAMPLES)]
pub(crate) struct Arguments {
    /// The time to look at
    #[arg(value_name = "TIME")]
    time: PointInTime,
    #[command(subcommand)]
    action: Action,
    /// Zone of a TIME that names none [default: UTC]
    #[arg(long, global = true, value_name = "ZONE", value_parser = zone::parse)]
    tz: Option<ZoneRules>,
    #[command(flatten)]
    store: StoreFlags,
}

const EXAMPLES: &str = "\
Examples:
  cal at \"2d ago\" list --user ada                                 her calendars then
  cal at \"2d ago\" list --user ada --calendar work                 what was in one of them
  cal at 2026-11-01 show --user ada --calendar work --uid 42 --diff what has changed since
  cal at \"1h ago\" restore --user ada --calendar work --dry-run    what would change back
  cal at \"1h ago\" restore --user ada --calendar work              the whole calendar
  cal at \"1h ago\" restore --user ada --calendar work --uid 42     one event or series

Exit codes: 0 done; 1 the input or the operation failed, as standard error says; 2 the command \
line or the configuration makes no sense.";

#[derive(Debug, Subcommand)]
enum Action {
    /// List the calendars that were there, or the objects of one
    ///
    /// The last column says what became of it: same, changed, gone, or in the trash.
    List {
        #[command(flatten)]
        user: User,
        /// The calendar, by the name that it had in the URL or that people saw
        #[arg(long, value_name = "CALENDAR", value_parser = NonEmptyStringValueParser::new())]
        calendar: Option<String>,
        /// Only the object with this UID
        #[arg(long, value_name = "UID", requires = "calendar")]
        uid: Option<String>,
        /// Print one JSON object a line: {"calendar","display_name","color","now"}, or of objects
        /// {"name","uid","component","summary","start","since","now"}
        #[arg(long)]
        json: bool,
    },
    /// Print an object as it was
    Show {
        #[command(flatten)]
        object: Object,
        /// Print what has changed from then to now instead, property by property
        #[arg(long)]
        diff: bool,
        /// Print one JSON object: {"name","since","via","principal","body"}, or with --diff
        /// {"components":[{"component","uid","recurrence_id","presence","properties":
        /// [{"name","from","to"}]}]}
        #[arg(long)]
        json: bool,
    },
    /// Bring a calendar, one object or one instance of a series back to what it was
    ///
    /// What is brought back is a new change, which every client syncs, and which can be undone in
    /// the same way. A calendar in the trash is taken back from there.
    Restore {
        #[command(flatten)]
        calendar: Calendar,
        /// Only the event or series with this UID
        #[arg(long, value_name = "UID")]
        uid: Option<String>,
        /// Only this instance of the series, by its RECURRENCE-ID: the start that it has by the
        /// rule, such as 20261102T090000Z
        #[arg(long, value_name = "START", requires = "uid", value_parser = moment)]
        instance: Option<Moment>,
        /// The name in the URL for a calendar from the trash, if its own is taken
        #[arg(long = "as", value_name = "NAME", conflicts_with = "uid")]
        name: Option<String>,
        /// Say what would change, and change nothing
        #[arg(long)]
        dry_run: bool,
        /// Print one JSON object a line: {"action","name","uid","summary"}
        #[arg(long)]
        json: bool,
    },
}

#[derive(Debug, clap::Args)]
struct User {
    /// Whose calendars
    #[arg(long, value_name = "USER", value_parser = account::user_name)]
    user: PrincipalName,
}

#[derive(Debug, clap::Args)]
struct Calendar {
    #[command(flatten)]
    user: User,
    /// The calendar, by the name that it had in the URL or that people saw
    #[arg(long, value_name = "CALENDAR", value_parser = NonEmptyStringValueParser::new())]
    calendar: String,
}

#[derive(Debug, clap::Args)]
struct Object {
    #[command(flatten)]
    calendar: Calendar,
    /// The UID of the event or series
    #[arg(long, value_name = "UID")]
    uid: String,
}

pub(super) fn run(arguments: Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = arguments.store.load()?;
    let zone = arguments.tz.unwrap_or_else(ZoneRules::utc);
    let now = Utc::now();
    let at = arguments.time.utc(&zone, now);
    if at > now {
        return Err(Error::Usage(
            "the time is in the future; `cal at` looks back".to_owned(),
        ));
    }
    let at = Timestamp::from(at);
    storage::runtime()?.block_on(async {
        let store = storage::open(&settings).await?;
        let scene = |user: User| Scene::new(&store, user.user, at);
        match arguments.action {
            Action::List {
                user,
                calendar: None,
                json,
                ..
            } => list::calendars(&scene(user).await?, json, console).await,
            Action::List {
                user,
                calendar: Some(calendar),
                uid,
                json,
            } => {
                let scene = scene(user).await?;
                list::objects(&scene, &calendar, (uid.as_deref(), json), console).await
            }
            Action::Show { object, diff, json } => {
                let scene = scene(object.calendar.user).await?;
                let object = (&*object.calendar.calendar, &*object.uid);
                show::run(&scene, object, (diff, json), console).await
            }
            Action::Restore {
                calendar,
                uid,
                instance,
                name,
                dry_run,
                json,
            } => {
                let scene = scene(calendar.user).await?;
                let wanted = restore::Wanted {
                    calendar: calendar.calendar,
                    uid,
                    instance,
                    name,
                    dry_run,
                    json,
                };
                restore::run(&scene, &wanted, console).await
            }
        }?;
        Ok(Outcome::Done)
    })
}

fn moment(text: &str) -> Result<Moment, String> {
    Moment::parse(text, None)
        .map_err(|_| "a start is written 20261102T090000Z, 20261102T090000 or 20261102".to_owned())
}
