//! Making calendars.

use cal_dav::name::{Name, apple, caldav, dav};
use cal_dav::{Element, Href};
use url::Url;

use crate::operation::{MakeCalendar, MakeMethod};
use crate::{Client, Error, RefusedProperty, RemoteCalendar};

/// A calendar to be made.
///
/// ```
/// use cal_caldav_client::NewCalendar;
///
/// let work = NewCalendar::new("work")
///     .with_display_name("Work")
///     .with_color("#63DA38")
///     .with_components(&["VEVENT"]);
/// ```
#[derive(Clone, Debug)]
pub struct NewCalendar {
    name: String,
    properties: Vec<Element>,
}

/// A calendar that was made.
#[derive(Clone, Debug)]
pub struct Made {
    /// The calendar.
    pub calendar: RemoteCalendar,
    /// Properties it was made without, because the server refused them.
    pub refused: Vec<RefusedProperty>,
}

impl NewCalendar {
    /// A calendar whose URL ends with this name.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            name: name.to_owned(),
            properties: Vec::new(),
        }
    }

    /// Its name for people.
    #[must_use]
    pub fn with_display_name(self, name: &str) -> Self {
        self.with_text(&dav::DISPLAYNAME, name)
    }

    /// Its color, for example `#63DA38`.
    #[must_use]
    pub fn with_color(self, color: &str) -> Self {
        self.with_text(&apple::CALENDAR_COLOR, color)
    }

    /// What it is for.
    #[must_use]
    pub fn with_description(self, text: &str) -> Self {
        self.with_text(&caldav::CALENDAR_DESCRIPTION, text)
    }

    /// The zone of its floating times: an iCalendar text with a VTIMEZONE.
    #[must_use]
    pub fn with_time_zone(self, icalendar: &str) -> Self {
        self.with_text(&caldav::CALENDAR_TIMEZONE, icalendar)
    }

    /// Which components it holds, for example `VEVENT`. The server must heed
    /// this one.
    #[must_use]
    pub fn with_components(self, names: &[&str]) -> Self {
        use cal_dav::XmlElement;
        use cal_dav::property::SupportedComponentSet;
        let set: SupportedComponentSet = names.iter().collect();
        match Element::parse(&set.to_bytes(), &cal_dav::Limits::REQUEST) {
            Ok(property) => self.with_property(property),
            Err(_) => self,
        }
    }

    /// Any property.
    #[must_use]
    pub fn with_property(mut self, property: Element) -> Self {
        self.properties
            .retain(|held| held.name() != property.name());
        self.properties.push(property);
        self
    }

    fn with_text(self, name: &Name, text: &str) -> Self {
        self.with_property(Element::new(name.clone()).with_text(text))
    }
}

impl Client {
    /// Makes a calendar in the account's home.
    ///
    /// Properties that the server refuses are left out, except the components
    /// it is to hold. A server without MKCALENDAR is asked by MKCOL.
    ///
    /// # Errors
    ///
    /// [`Error::PropertiesRefused`], [`Error::Refused`] for example where there
    /// is something at the URL, or what kept the server from being asked.
    pub async fn make_calendar(&self, new: NewCalendar) -> Result<Made, Error> {
        let home = self
            .home()
            .ok_or_else(|| Error::NoSuchCalendar(new.name.clone()))?;
        let url = url_in(home, &new.name)?;
        let mut operation = MakeCalendar {
            url: url.clone(),
            properties: new.properties,
            method: MakeMethod::Mkcalendar,
        };
        let mut refused = Vec::new();
        loop {
            match self.connection().run(&operation).await {
                Ok(failed) if failed.is_empty() => break,
                Ok(failed) => {
                    let causes = leave_out(&mut operation, failed)?;
                    refused.extend(causes);
                }
                Err(error)
                    if lacks_method(&error) && operation.method == MakeMethod::Mkcalendar =>
                {
                    operation.method = MakeMethod::ExtendedMkcol;
                }
                Err(error) => return Err(error),
            }
        }
        let calendar = RemoteCalendar::open(self.connection().clone(), url).await?;
        Ok(Made { calendar, refused })
    }
}

/// Takes the refused properties out of the request, if it can do without them.
fn leave_out(
    operation: &mut MakeCalendar,
    failed: Vec<RefusedProperty>,
) -> Result<Vec<RefusedProperty>, Error> {
    let (causes, rest): (Vec<_>, Vec<_>) = failed.into_iter().partition(RefusedProperty::is_cause);
    let before = operation.properties.len();
    let needed = |name: &Name| {
        *name == caldav::SUPPORTED_CALENDAR_COMPONENT_SET || *name == dav::RESOURCETYPE
    };
    operation.properties.retain(|property| {
        let name = property.name();
        needed(name) || !causes.iter().any(|cause| cause.name == *name)
    });
    if operation.properties.len() == before {
        return Err(Error::PropertiesRefused {
            url: operation.url.clone(),
            refused: causes.into_iter().chain(rest).collect(),
        });
    }
    Ok(causes)
}

fn lacks_method(error: &Error) -> bool {
    match error {
        Error::Status { status, .. } | Error::Server { status, .. } => {
            matches!(status.as_u16(), 405 | 501)
        }
        _ => false,
    }
}

fn url_in(home: &Url, name: &str) -> Result<Url, Error> {
    let home_path: Result<Href, _> = home.path().parse();
    let path = home_path
        .map(|path| path.member(name).into_collection())
        .map_err(|_| Error::Url(home.to_string()))?;
    home.join(path.as_str())
        .map_err(|_| Error::Url(home.to_string()))
}
