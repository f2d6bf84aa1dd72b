//! `cal export`: calendars in bulk, out of the store.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use cal_core::{Calendar, Export, NewProperty, Reader};
use cal_store::{Collection, Object, PageRequest, Principal, PrincipalName, Store};
use clap::builder::NonEmptyStringValueParser;
use serde::Serialize;

use super::{Outcome, calendars};
use crate::account;
use crate::config::StoreFlags;
use crate::console::{Console, counted};
use crate::error::Error;
use crate::storage;

/// Export a user's calendars.
///
/// Without --to they go to standard output, one VCALENDAR for each calendar, with each time zone
/// defined once. With --to each calendar becomes a folder with one .ics file for each object, byte
/// for byte as the server has it.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// Whose calendars
    #[arg(long, value_name = "USER", value_parser = account::user_name)]
    user: PrincipalName,
    /// Only this calendar, by its name in the URL or as people see it
    #[arg(long, value_name = "CALENDAR", value_parser = NonEmptyStringValueParser::new())]
    calendar: Option<String>,
    /// Folder to write to, made if it is not there
    #[arg(long, value_name = "DIR")]
    to: Option<PathBuf>,
    #[command(flatten)]
    store: StoreFlags,
    /// With --to, print what was written as one JSON object a line:
    /// {"calendar","folder","objects"}
    #[arg(long, requires = "to")]
    json: bool,
}

/// Objects that are read at a time.
const PAGE: usize = 500;

/// What an exported calendar says it was made by.
const PRODUCT: &str = "-//Cal//cal export//EN";

pub(super) fn run(arguments: &Arguments, console: &mut Console) -> Result<Outcome, Error> {
    let settings = arguments.store.clone().load()?;
    storage::runtime()?.block_on(async {
        let store = storage::open(&settings).await?;
        let user = storage::existing_user(&store, &arguments.user).await?;
        let calendars = chosen(&store, &user, arguments.calendar.as_deref()).await?;
        for calendar in &calendars {
            match &arguments.to {
                None => print(&store, calendar, console).await?,
                Some(folder) => {
                    let written = write(&store, calendar, folder).await?;
                    report(&written, arguments.json, console)?;
                }
            }
        }
        Ok(Outcome::Done)
    })
}

async fn chosen(
    store: &Store,
    user: &Principal,
    name: Option<&str>,
) -> Result<Vec<Collection>, Error> {
    let Some(name) = name else {
        return calendars::all(store, user).await;
    };
    match calendars::find(store, user, name).await? {
        Some(calendar) => Ok(vec![calendar]),
        None => Err(Error::Input(format!(
            "{} has no calendar {name}",
            user.name
        ))),
    }
}

/// Prints a calendar as one VCALENDAR, object by object.
///
/// An object that came from a feed whose floating times belong to a zone goes
/// into a further VCALENDAR that says so: this holds for a whole VCALENDAR only.
async fn print(store: &Store, calendar: &Collection, console: &mut Console) -> Result<(), Error> {
    let header = header(calendar)?;
    let mut export = Export::new();
    let mut apart: BTreeMap<String, Vec<Calendar>> = BTreeMap::new();
    console.bytes(&export.begin(PRODUCT, &header))?;
    let mut objects = Objects::of(store, calendar);
    while let Some(page) = objects.next().await? {
        for object in page {
            let calendar = Reader::new().read(object.body).calendar;
            let zone = calendar.property(FEED_ZONE);
            match zone.map(|zone| zone.text().into_owned()) {
                None => console.bytes(&export.add(&calendar))?,
                Some(zone) => apart.entry(zone).or_default().push(calendar),
            }
        }
    }
    console.bytes(&export.end())?;
    for (zone, calendars) in apart {
        let mut export = Export::new();
        let mut header = header.clone();
        header.push(property(FEED_ZONE, &zone)?);
        console.bytes(&export.begin(PRODUCT, &header))?;
        for calendar in &calendars {
            console.bytes(&export.add(calendar))?;
        }
        console.bytes(&export.end())?;
    }
    Ok(())
}

/// The zone of times without one, in feeds.
const FEED_ZONE: &str = "X-WR-TIMEZONE";

/// What the calendar itself is called, in the form that other programs read.
fn header(calendar: &Collection) -> Result<Vec<NewProperty>, Error> {
    let details = &calendar.details;
    let named = [
        ("X-WR-CALNAME", &details.display_name),
        ("X-WR-CALDESC", &details.description),
        ("X-APPLE-CALENDAR-COLOR", &details.color),
    ];
    let mut properties = Vec::new();
    for (name, value) in named {
        if let Some(value) = value {
            let property =
                NewProperty::new(name).map_err(|error| Error::Input(error.to_string()))?;
            properties.push(property.with_text(value));
        }
    }
    Ok(properties)
}

fn property(name: &str, value: &str) -> Result<NewProperty, Error> {
    let property = NewProperty::new(name).map_err(|error| Error::Input(error.to_string()))?;
    Ok(property.with_text(value))
}

/// What was written for one calendar.
#[derive(Serialize)]
struct Written {
    calendar: String,
    folder: String,
    objects: usize,
}

/// Writes each object of a calendar to a file of its own.
async fn write(store: &Store, calendar: &Collection, folder: &Path) -> Result<Written, Error> {
    let folder = folder.join(file_name(calendar.name.as_str()));
    let failed = |path: &Path| {
        let path = path.to_owned();
        move |source| Error::Write { path, source }
    };
    fs::create_dir_all(&folder).map_err(failed(&folder))?;
    let mut count = 0;
    let mut objects = Objects::of(store, calendar);
    while let Some(page) = objects.next().await? {
        for object in page {
            let path = folder.join(file_name(object.entry.name.as_str()));
            fs::write(&path, &object.body).map_err(failed(&path))?;
            count += 1;
        }
    }
    Ok(Written {
        calendar: calendar.name.to_string(),
        folder: folder.display().to_string(),
        objects: count,
    })
}

fn report(written: &Written, json: bool, console: &mut Console) -> Result<(), Error> {
    if json {
        return console.json(written);
    }
    console.line(format_args!(
        "{}: {} to {}",
        written.calendar,
        counted(written.objects, "object"),
        written.folder
    ))
}

/// A name of the store as one of the file system: what could mean a path there
/// is percent-encoded.
fn file_name(name: &str) -> String {
    let mut file = String::with_capacity(name.len());
    for (place, character) in name.chars().enumerate() {
        let hidden = place == 0 && character == '.';
        if hidden || character.is_control() || r#"/\:*?"<>|%"#.contains(character) {
            let mut octets = [0_u8; 4];
            for octet in character.encode_utf8(&mut octets).bytes() {
                file.push_str(&format!("%{octet:02X}"));
            }
        } else {
            file.push(character);
        }
    }
    file
}

/// All objects of a calendar, a page at a time.
struct Objects<'a> {
    store: &'a Store,
    calendar: &'a Collection,
    request: Option<PageRequest>,
}

impl<'a> Objects<'a> {
    fn of(store: &'a Store, calendar: &'a Collection) -> Objects<'a> {
        Objects {
            store,
            calendar,
            request: Some(PageRequest::first(PAGE)),
        }
    }

    async fn next(&mut self) -> Result<Option<Vec<Object>>, Error> {
        let Some(request) = self.request.take() else {
            return Ok(None);
        };
        let page = self.store.entries(self.calendar.id, request).await?;
        self.request = page.next.map(|next| PageRequest::after(next, PAGE));
        let names: Vec<_> = page.items.into_iter().map(|entry| entry.name).collect();
        let objects = self.store.objects(self.calendar.id, &names).await?;
        // One that was deleted in between is not there any more.
        Ok(Some(objects.into_iter().flatten().collect()))
    }
}
