//! A calendar on a server.

mod changes;
mod fetch;
mod ladder;
mod listing;
mod windows;
mod write;

use cal_core::Calendar;
use cal_dav::header::Depth;
use cal_dav::name::{apple, caldav, dav};
use cal_dav::report::TimeRange;
use cal_dav::request::{Instruction, PropertyUpdate};
use cal_dav::{Element, Href};
use url::Url;

use crate::calendar_properties::{Access, CalendarProperties};
use crate::client::Connection;
use crate::exchange::resolve;
use crate::operation::{Delete, FreeBusy, Propfind, Proppatch, WriteCondition};
use crate::operation::{resource_key, same_resource};
use crate::{Error, RefusedProperty};

pub use changes::{Changes, Rung, SyncState};
pub use fetch::{Failure, Fetched};
pub use listing::{Listed, Listing};

/// A calendar on a server, with the properties it had when it was last asked.
///
/// Its methods take and give the hrefs of the server as they came; they may be
/// relative, and spelled in any way.
#[derive(Clone)]
pub struct RemoteCalendar {
    connection: Connection,
    url: Url,
    properties: CalendarProperties,
}

impl std::fmt::Debug for RemoteCalendar {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("RemoteCalendar")
            .field("url", &self.url.as_str())
            .field("properties", &self.properties)
            .finish_non_exhaustive()
    }
}

impl RemoteCalendar {
    pub(crate) fn new(connection: Connection, url: Url, properties: CalendarProperties) -> Self {
        Self {
            connection,
            url: with_final_slash(url),
            properties,
        }
    }

    pub(crate) async fn open(connection: Connection, url: Url) -> Result<Self, Error> {
        let (url, properties) = ask(&connection, &url).await?;
        Ok(Self::new(connection, url, properties))
    }

    /// Its URL, which ends with a slash.
    #[must_use]
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Its path on the server.
    #[must_use]
    pub fn href(&self) -> Href {
        // A URL never has white space or control characters.
        self.url
            .path()
            .parse()
            .unwrap_or_else(|_| Href::from_collection_segments([""; 0]))
    }

    /// Its properties, as they were when it was last asked.
    #[must_use]
    pub fn properties(&self) -> &CalendarProperties {
        &self.properties
    }

    /// Its name for people, or else the last segment of its URL.
    #[must_use]
    pub fn name(&self) -> String {
        let displayed = self.properties.display_name.clone();
        displayed
            .or_else(|| self.href().file_name())
            .unwrap_or_default()
    }

    /// Whether the user can change what it holds.
    #[must_use]
    pub fn access(&self) -> Access {
        self.properties.access()
    }

    /// Asks for its properties again.
    ///
    /// # Errors
    ///
    /// [`Error::NotFound`] where it is gone, or what kept the server from
    /// being asked.
    pub async fn refresh(&mut self) -> Result<(), Error> {
        let (_, properties) = ask(&self.connection, &self.url).await?;
        self.properties = properties;
        Ok(())
    }

    /// When there is something in a span of time: a calendar with a VFREEBUSY.
    ///
    /// # Errors
    ///
    /// [`Error::Status`] where the server does not know the report, or what
    /// kept it from being asked.
    pub async fn free_busy(&self, range: TimeRange) -> Result<Calendar, Error> {
        let question = FreeBusy {
            url: self.url.clone(),
            range,
        };
        let bytes = self.connection.run(&question).await?;
        let reading = Calendar::read(&bytes);
        if reading.incomplete {
            return Err(Error::malformed(&self.url, "not a whole iCalendar text"));
        }
        Ok(reading.calendar)
    }

    /// Sets and removes properties, all or none.
    ///
    /// # Errors
    ///
    /// [`Error::PropertiesRefused`], or what kept the server from being asked.
    pub async fn update(&self, instructions: Vec<Instruction>) -> Result<(), Error> {
        let change = Proppatch {
            url: self.url.clone(),
            update: PropertyUpdate { instructions },
        };
        let refused: Vec<RefusedProperty> = self.connection.run(&change).await?;
        if refused.is_empty() {
            return Ok(());
        }
        Err(Error::PropertiesRefused {
            url: self.url.clone(),
            refused,
        })
    }

    /// Sets its name for people.
    ///
    /// # Errors
    ///
    /// As [`update`](Self::update).
    pub async fn set_display_name(&mut self, name: &str) -> Result<(), Error> {
        let property = Element::new(dav::DISPLAYNAME.clone()).with_text(name);
        self.update(vec![Instruction::Set(property)]).await?;
        self.properties.display_name = Some(name.to_owned());
        Ok(())
    }

    /// Sets its color, for example `#63DA38`.
    ///
    /// # Errors
    ///
    /// As [`update`](Self::update).
    pub async fn set_color(&mut self, color: &str) -> Result<(), Error> {
        let property = Element::new(apple::CALENDAR_COLOR.clone()).with_text(color);
        self.update(vec![Instruction::Set(property)]).await?;
        self.properties.color = Some(color.to_owned());
        Ok(())
    }

    /// Sets what it is for.
    ///
    /// # Errors
    ///
    /// As [`update`](Self::update).
    pub async fn set_description(&mut self, text: &str) -> Result<(), Error> {
        let property = Element::new(caldav::CALENDAR_DESCRIPTION.clone()).with_text(text);
        self.update(vec![Instruction::Set(property)]).await?;
        self.properties.description = Some(text.to_owned());
        Ok(())
    }

    /// Deletes it with all that it holds.
    ///
    /// # Errors
    ///
    /// What kept the server from doing it.
    pub async fn delete_calendar(self) -> Result<(), Error> {
        let deletion = Delete {
            url: self.url.clone(),
            condition: WriteCondition::Unconditional,
        };
        self.connection.run(&deletion).await
    }

    /// Whether this is the calendar at a URL, in whatever spelling.
    #[must_use]
    pub fn is_at(&self, url: &Url) -> bool {
        same_resource(&self.url, url)
    }

    /// The URL of a member.
    pub(crate) fn resolve(&self, href: &Href) -> Result<Url, Error> {
        resolve(&self.url, href)
    }

    /// A text that is the same for all spellings of a member's href.
    fn key(&self, href: &Href) -> String {
        self.resolve(href)
            .map_or_else(|_| href.as_str().to_owned(), |url| resource_key(&url))
    }
}

async fn ask(connection: &Connection, url: &Url) -> Result<(Url, CalendarProperties), Error> {
    let question = Propfind {
        url: url.clone(),
        depth: Depth::Zero,
        properties: CalendarProperties::names(),
    };
    let answer = connection.run(&question).await?;
    let member = answer
        .members
        .first()
        .ok_or_else(|| Error::malformed(url, "the server says nothing of the resource"))?;
    let properties = CalendarProperties::read(&member.response)
        .ok_or_else(|| Error::NoCalendars { url: url.clone() })?;
    Ok((member.url.clone(), properties))
}

/// Members resolve against the URL of a collection only if it ends so.
fn with_final_slash(mut url: Url) -> Url {
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    url
}
