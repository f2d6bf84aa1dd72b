//! An account on a server.

use std::sync::Arc;

use cal_dav::header::Depth;
use url::Url;

use crate::calendar_properties::CalendarProperties;
use crate::discovery::{self, Account};
use crate::operation::{Operation, Propfind};
use crate::{Credentials, Error, HttpTransport, Options, RemoteCalendar, Transport};

/// A client of one account. Clones share connections.
///
/// See the [crate] for an example.
#[derive(Clone)]
pub struct Client {
    connection: Connection,
    account: Arc<Account>,
}

/// What operations are sent over.
#[derive(Clone)]
pub(crate) struct Connection {
    transport: Arc<dyn Transport>,
    pub(crate) options: Arc<Options>,
}

impl Connection {
    pub(crate) async fn run<O: Operation>(&self, operation: &O) -> Result<O::Output, Error> {
        let reply = self.transport.send(operation.request()).await?;
        operation.read(reply)
    }

    fn over_http(
        base: &Url,
        credentials: impl Into<Credentials>,
        options: Options,
    ) -> Result<Self, Error> {
        let transport = HttpTransport::new(base, &credentials.into(), options.clone())?;
        Ok(Self {
            transport: Arc::new(transport),
            options: Arc::new(options),
        })
    }
}

impl std::fmt::Debug for Client {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter
            .debug_struct("Client")
            .field("account", &self.account)
            .finish_non_exhaustive()
    }
}

impl Client {
    /// Finds the calendars of an account, from the URL of a server, a
    /// principal, a calendar home or a calendar.
    ///
    /// Only public addresses are connected to; see
    /// [`connect_with`](Self::connect_with) for others.
    ///
    /// # Errors
    ///
    /// [`Error::Authentication`], [`Error::NoCalendars`], or what kept the
    /// server from being asked.
    pub async fn connect(url: &str, credentials: impl Into<Credentials>) -> Result<Self, Error> {
        Self::connect_with(url, credentials, Options::default()).await
    }

    /// The same with settings of one's own.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub async fn connect_with(
        url: &str,
        credentials: impl Into<Credentials>,
        options: Options,
    ) -> Result<Self, Error> {
        let base = parse_url(url)?;
        let connection = Connection::over_http(&base, credentials, options)?;
        Self::discover(connection, &base).await
    }

    /// The same over another transport than the network.
    ///
    /// # Errors
    ///
    /// As [`connect`](Self::connect).
    pub async fn connect_over(
        transport: Arc<dyn Transport>,
        url: &str,
        options: Options,
    ) -> Result<Self, Error> {
        let connection = Connection {
            transport,
            options: Arc::new(options),
        };
        Self::discover(connection, &parse_url(url)?).await
    }

    async fn discover(connection: Connection, base: &Url) -> Result<Self, Error> {
        let account = discovery::find_account(&connection, base).await?;
        Ok(Self {
            connection,
            account: Arc::new(account),
        })
    }

    /// Opens one calendar by its URL, without looking for others.
    ///
    /// # Errors
    ///
    /// [`Error::NoCalendars`] where the URL is that of something else, or what
    /// kept the server from being asked.
    pub async fn open_calendar(
        url: &str,
        credentials: impl Into<Credentials>,
        options: Options,
    ) -> Result<RemoteCalendar, Error> {
        let url = parse_url(url)?;
        let connection = Connection::over_http(&url, credentials, options)?;
        RemoteCalendar::open(connection, url).await
    }

    /// The principal of the account, where the server names it.
    #[must_use]
    pub fn principal(&self) -> Option<&Url> {
        self.account.principal.as_ref()
    }

    /// The collections that hold the account's calendars; none where a lone
    /// calendar is all there is.
    #[must_use]
    pub fn homes(&self) -> &[Url] {
        &self.account.homes
    }

    /// All calendars of the account, in the order of the server.
    ///
    /// # Errors
    ///
    /// What kept the server from being asked. If one of several homes cannot
    /// be listed, none is.
    pub async fn calendars(&self) -> Result<Vec<RemoteCalendar>, Error> {
        let mut calendars: Vec<RemoteCalendar> = Vec::new();
        for home in &self.account.homes {
            for calendar in list_calendars(&self.connection, home).await? {
                if !calendars.iter().any(|known| known.is_at(calendar.url())) {
                    calendars.push(calendar);
                }
            }
        }
        if let (Some(lone), true) = (&self.account.calendar, calendars.is_empty()) {
            calendars.push(RemoteCalendar::open(self.connection.clone(), lone.clone()).await?);
        }
        Ok(calendars)
    }

    /// The calendar with this name: that for people, or else the last segment
    /// of its URL.
    ///
    /// # Errors
    ///
    /// [`Error::NoSuchCalendar`], or what kept the server from being asked.
    pub async fn calendar(&self, name: &str) -> Result<RemoteCalendar, Error> {
        let calendars = self.calendars().await?;
        let displayed = calendars
            .iter()
            .find(|calendar| calendar.properties().display_name.as_deref() == Some(name));
        let found = displayed.or_else(|| {
            calendars
                .iter()
                .find(|calendar| calendar.href().file_name().as_deref() == Some(name))
        });
        found
            .cloned()
            .ok_or_else(|| Error::NoSuchCalendar(name.to_owned()))
    }

    /// The calendar at a URL, which may be relative to the first home.
    ///
    /// # Errors
    ///
    /// [`Error::NoCalendars`] where the URL is that of something else, or what
    /// kept the server from being asked.
    pub async fn calendar_at(&self, url: &str) -> Result<RemoteCalendar, Error> {
        let parsed = match self
            .account
            .homes
            .first()
            .or(self.account.calendar.as_ref())
        {
            Some(base) => base.join(url).ok(),
            None => Url::parse(url).ok(),
        };
        let url = parsed.ok_or_else(|| Error::Url(url.to_owned()))?;
        RemoteCalendar::open(self.connection.clone(), url).await
    }

    pub(crate) fn connection(&self) -> &Connection {
        &self.connection
    }

    pub(crate) fn home(&self) -> Option<&Url> {
        self.account.homes.first()
    }
}

/// The calendars directly inside a collection.
pub(crate) async fn list_calendars(
    connection: &Connection,
    home: &Url,
) -> Result<Vec<RemoteCalendar>, Error> {
    let listing = Propfind {
        url: home.clone(),
        depth: Depth::One,
        properties: CalendarProperties::names(),
    };
    let answer = connection.run(&listing).await?;
    let calendars = answer.members.into_iter().filter_map(|member| {
        let properties = CalendarProperties::read(&member.response)?;
        let calendar = RemoteCalendar::new(connection.clone(), member.url, properties);
        Some(calendar)
    });
    Ok(calendars.collect())
}

/// A URL of a web resource; a text without scheme is taken for `https`.
fn parse_url(text: &str) -> Result<Url, Error> {
    let text = text.trim();
    let with_scheme = if text.contains("://") {
        text.to_owned()
    } else {
        format!("https://{text}")
    };
    let mut url = Url::parse(&with_scheme)
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https") && url.has_host())
        .filter(|url| url.username().is_empty() && url.password().is_none())
        .ok_or_else(|| Error::Url(without_secrets(text)))?;
    url.set_fragment(None);
    Ok(url)
}

/// What may be shown of a text that should have been a URL: not what comes
/// before an at-sign, for that may be a password.
fn without_secrets(text: &str) -> String {
    let shown = text.rsplit('@').next().unwrap_or_default();
    shown.chars().take(120).collect()
}
