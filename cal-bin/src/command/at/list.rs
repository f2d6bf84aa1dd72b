//! `cal at TIME list`.

use std::collections::HashMap;

use bytes::Bytes;
use cal_core::{PropertyKind, Reader};
use cal_store::{CollectionId, ETag, ObjectName, PageRequest, PastEntry, Store};
use serde::Serialize;

use super::found::Scene;
use crate::console::Console;
use crate::error::Error;
use crate::storage::rfc3339;

/// Objects that are asked for at a time.
const PAGE: usize = 500;

pub(super) async fn calendars(
    scene: &Scene<'_>,
    json: bool,
    console: &mut Console,
) -> Result<(), Error> {
    for then in scene.calendars().await? {
        let now = match scene.store.collection(then.id).await? {
            None => "in the trash",
            Some(now) if now.details == then.details && now.name == then.name => "same",
            Some(_) => "changed",
        };
        let row = CalendarRow {
            calendar: then.name.as_str(),
            display_name: then.details.display_name.as_deref(),
            color: then.details.color.as_deref(),
            now,
        };
        if json {
            console.json(&row)?;
        } else {
            let shown = row.display_name.unwrap_or_default();
            console.line(format_args!("{}\t{shown}\t{now}", row.calendar))?;
        }
    }
    Ok(())
}

/// A calendar as it is listed.
#[derive(Serialize)]
struct CalendarRow<'a> {
    calendar: &'a str,
    display_name: Option<&'a str>,
    color: Option<&'a str>,
    now: &'static str,
}

pub(super) async fn objects(
    scene: &Scene<'_>,
    calendar: &str,
    (uid, json): (Option<&str>, bool),
    console: &mut Console,
) -> Result<(), Error> {
    let calendar = scene.calendar(calendar).await?;
    let now = match scene.store.collection(calendar.id).await? {
        Some(_) => etags(scene.store, calendar.id).await?,
        None => HashMap::new(),
    };
    for entry in scene.entries(calendar.id).await? {
        let body = scene.version(calendar.id, &entry).await?.body;
        let row = ObjectRow::new(&entry, Facts::of(body), now.get(&entry.name));
        if uid.is_some_and(|uid| row.facts.uid.as_deref() != Some(uid)) {
            continue;
        }
        if json {
            console.json(&row)?;
        } else {
            let facts = &row.facts;
            console.line(format_args!(
                "{}\t{}\t{}\t{}\t{}",
                row.name,
                facts.uid.as_deref().unwrap_or_default(),
                facts.start.as_deref().unwrap_or_default(),
                facts.summary.as_deref().unwrap_or_default(),
                row.now
            ))?;
        }
    }
    Ok(())
}

async fn etags(store: &Store, calendar: CollectionId) -> Result<HashMap<ObjectName, ETag>, Error> {
    let mut etags = HashMap::new();
    let mut request = Some(PageRequest::first(PAGE));
    while let Some(page) = request {
        let page = store.entries(calendar, page).await?;
        let entries = page.items.into_iter();
        etags.extend(entries.map(|entry| (entry.name, entry.etag)));
        request = page.next.map(|next| PageRequest::after(next, PAGE));
    }
    Ok(etags)
}

/// An object as it is listed.
#[derive(Serialize)]
struct ObjectRow<'a> {
    name: &'a str,
    #[serde(flatten)]
    facts: Facts,
    since: String,
    now: &'static str,
}

impl<'a> ObjectRow<'a> {
    fn new(entry: &'a PastEntry, facts: Facts, now: Option<&ETag>) -> ObjectRow<'a> {
        let now = match now {
            None => "gone",
            Some(now) if *now == entry.version.etag => "same",
            Some(_) => "changed",
        };
        ObjectRow {
            name: entry.name.as_str(),
            facts,
            since: rfc3339(entry.version.made.at),
            now,
        }
    }
}

/// What tells people which object it is.
#[derive(Default, Serialize)]
pub(super) struct Facts {
    pub(super) uid: Option<String>,
    pub(super) component: Option<String>,
    pub(super) summary: Option<String>,
    pub(super) start: Option<String>,
}

impl Facts {
    pub(super) fn of(body: Bytes) -> Facts {
        let read = Reader::new().read(body).calendar;
        let objects = read.objects();
        let Some(object) = objects.first() else {
            return Facts::default();
        };
        let first = object.components().first();
        let component = object.master().or_else(|| first.copied());
        let text = |kind| component.and_then(|it| it.text(kind).map(|text| line(&text)));
        Facts {
            uid: Some(object.uid().to_owned()),
            component: component.map(|component| component.name().to_owned()),
            summary: text(PropertyKind::Summary),
            start: component
                .and_then(|it| it.first(PropertyKind::DtStart))
                .map(|start| start.raw_value().into_owned()),
        }
    }
}

/// A text on one line, with nothing in it that steers a terminal.
fn line(text: &str) -> String {
    let plain = |character: char| {
        if character.is_control() {
            ' '
        } else {
            character
        }
    };
    text.chars().map(plain).collect()
}
