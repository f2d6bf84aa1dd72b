//! Finding the calendars of an account (RFC 4791 section 6.2, RFC 5397,
//! RFC 6764 section 6).

use cal_dav::header::Depth;
use cal_dav::name::{Name, caldav, dav};
use cal_dav::property::{CurrentUserPrincipal, HrefSet, ResourceType};
use cal_dav::{Href, XmlElement};
use url::Url;

use crate::Error;
use crate::client::{Connection, list_calendars};
use crate::exchange::resolve;
use crate::operation::{Member, Propfind};

/// Where the calendars of an account are.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Account {
    pub(crate) principal: Option<Url>,
    pub(crate) homes: Vec<Url>,
    /// A calendar that was given by its own URL.
    pub(crate) calendar: Option<Url>,
}

/// Looks from the URL given, then from the well-known one, then from the root
/// of the server. At each place any of the steps may be missing: a place may
/// name the home, or the principal that names it, or hold calendars, or be one.
pub(crate) async fn find_account(connection: &Connection, base: &Url) -> Result<Account, Error> {
    let mut failure = None;
    for start in starts(base) {
        match look_from(connection, &start).await {
            Ok(Some(account)) => return Ok(account),
            Ok(None) => {}
            Err(error) if is_final(&error) => return Err(error),
            Err(error) => keep_better(&mut failure, error),
        }
    }
    Err(failure
        .filter(|error| rank(error) > 0)
        .unwrap_or_else(|| Error::NoCalendars { url: base.clone() }))
}

fn starts(base: &Url) -> Vec<Url> {
    let mut starts = vec![base.clone()];
    for path in ["/.well-known/caldav", "/"] {
        if let Ok(start) = base.join(path)
            && !starts.contains(&start)
        {
            starts.push(start);
        }
    }
    starts
}

/// Whether asking elsewhere on the same server is of no use.
fn is_final(error: &Error) -> bool {
    matches!(
        error,
        Error::AddressRefused { .. }
            | Error::Setup(_)
            | Error::Timeout { .. }
            | Error::Transport { .. }
    )
}

/// How much an error explains: credentials that are not accepted more than a
/// failure, and that more than a page that is missing.
fn rank(error: &Error) -> u8 {
    match error {
        Error::Authentication { .. } => 3,
        Error::CredentialsWithheld { .. } => 2,
        Error::Server { .. } => 1,
        _ => 0,
    }
}

fn keep_better(held: &mut Option<Error>, error: Error) {
    if held.as_ref().is_none_or(|held| rank(&error) > rank(held)) {
        *held = Some(error);
    }
}

async fn look_from(connection: &Connection, start: &Url) -> Result<Option<Account>, Error> {
    let place = probe(connection, start).await?;
    let mut account = Account {
        principal: place.principal.clone(),
        homes: place.homes.clone(),
        calendar: place.is_calendar.then(|| place.url.clone()),
    };
    if account.homes.is_empty()
        && let Some(principal) = &account.principal
        && *principal != place.url
    {
        // A principal that cannot be asked is a step that is missing.
        match probe(connection, principal).await {
            Ok(found) => account.homes = found.homes,
            Err(error) if rank(&error) > 0 || is_final(&error) => return Err(error),
            Err(error) => tracing::debug!(%error, "the principal cannot be asked"),
        }
    }
    if !account.homes.is_empty() || account.calendar.is_some() {
        return Ok(Some(account));
    }
    if !list_calendars(connection, &place.url).await?.is_empty() {
        account.homes = vec![place.url];
        return Ok(Some(account));
    }
    Ok(None)
}

/// What a resource says of the account.
struct Place {
    url: Url,
    principal: Option<Url>,
    homes: Vec<Url>,
    is_calendar: bool,
}

async fn probe(connection: &Connection, url: &Url) -> Result<Place, Error> {
    let question = Propfind {
        url: url.clone(),
        depth: Depth::Zero,
        properties: vec![
            dav::RESOURCETYPE.clone(),
            dav::CURRENT_USER_PRINCIPAL.clone(),
            dav::PRINCIPAL_URL.clone(),
            caldav::CALENDAR_HOME_SET.clone(),
        ],
    };
    let answer = connection.run(&question).await?;
    let member = answer
        .members
        .first()
        .ok_or_else(|| Error::malformed(url, "the server says nothing of the resource"))?;
    if let Some(status) = member.response.failure() {
        let url = url.clone();
        return Err(Error::Status { url, status });
    }
    let kind = member
        .response
        .property(&dav::RESOURCETYPE)
        .and_then(|value| ResourceType::read(value).ok())
        .unwrap_or_default();
    let own = kind.has(&dav::PRINCIPAL).then(|| member.url.clone());
    Ok(Place {
        principal: current_principal(member)
            .or_else(|| hrefs(member, &dav::PRINCIPAL_URL).into_iter().next())
            .or(own),
        homes: hrefs(member, &caldav::CALENDAR_HOME_SET),
        is_calendar: kind.is_calendar(),
        url: member.url.clone(),
    })
}

fn current_principal(member: &Member) -> Option<Url> {
    let value = member.response.property(&dav::CURRENT_USER_PRINCIPAL)?;
    match CurrentUserPrincipal::read(value).ok()? {
        CurrentUserPrincipal::Principal(href) => resolve(&member.url, &href).ok(),
        CurrentUserPrincipal::Unauthenticated => None,
    }
}

fn hrefs(member: &Member, property: &Name) -> Vec<Url> {
    let value = member.response.property(property);
    let set = value.and_then(|value| HrefSet::read(value).ok());
    let hrefs: Vec<Href> = set.map(|set| set.hrefs).unwrap_or_default();
    hrefs
        .iter()
        .filter_map(|href| resolve(&member.url, href).ok())
        .collect()
}
