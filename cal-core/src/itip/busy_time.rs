//! Busy time by messages (VFREEBUSY, RFC 5546 3.3). It has no object that is
//! kept: somebody asks, somebody tells, and each message stands for itself.

use bytes::Bytes;
use chrono::{DateTime, Utc};

use super::people::CalendarUser;
use super::receive::Delivery;
use super::{Context, Message, Method, Refusal};
use crate::{Calendar, FreeBusy, Moment, NewComponent, NewProperty, PropertyKind, Window};

/// Attendees that one message asks.
const MOST: usize = 1_000;

/// What a message about busy time is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum BusyTime {
    /// The organizer asks when the recipient is busy within a window:
    /// [`reply_busy_time`] answers.
    Requested(Window),
    /// The sender tells when it is busy, as it was asked: the periods are those
    /// of the message's [`Calendar::free_busies`].
    Replied,
    /// The sender tells anyone when it is busy.
    Published,
}

/// Asks attendees when they are busy within a window, which must have both
/// ends. `uid` is for their answers to name.
///
/// # Errors
/// If the window is open, or there are too many attendees.
pub fn request_busy_time<A: AsRef<str>>(
    (organizer, attendees): (&str, &[A]),
    window: &Window,
    uid: &str,
    context: &Context,
) -> Result<Message, Refusal> {
    let (Some(start), Some(end)) = (window.start(), window.end()) else {
        return Err(Refusal::NoWindow);
    };
    if attendees.len() > MOST {
        return Err(Refusal::TooMany {
            what: "attendees",
            limit: MOST,
        });
    }
    let to: Vec<String> = attendees
        .iter()
        .map(|address| address.as_ref().to_owned())
        .collect();
    let utc =
        |kind, at: DateTime<Utc>| NewProperty::of(kind).with_moment(&Moment::Utc(at.naive_utc()));
    let asked = NewComponent::free_busy(uid, context.now)
        .with(utc(PropertyKind::DtStart, start))
        .with(utc(PropertyKind::DtEnd, end))
        .with(NewProperty::of(PropertyKind::Organizer).with_raw_value(organizer));
    let asked = to.iter().fold(asked, |asked, address| {
        asked.with(NewProperty::of(PropertyKind::Attendee).with_raw_value(address))
    });
    Ok(message(
        Method::Request,
        (organizer.to_owned(), to),
        asked.to_bytes(),
    ))
}

/// Tells the organizer of a request when the user is busy: `busy` says it, for
/// the time that was asked about.
///
/// # Errors
/// If the request is none for this user.
pub fn reply_busy_time(
    request: &Calendar,
    busy: &FreeBusy<'_>,
    user: &CalendarUser,
    context: &Context,
) -> Result<Message, Refusal> {
    let asked = only(request)?;
    let organizer = asked.component().organizer().ok_or(Refusal::NoOrganizer)?;
    let own = user
        .attendee(asked.component())
        .ok_or(Refusal::NotInvited)?;
    let from = own.address().trim().to_owned();
    let to = organizer.address().trim().to_owned();
    let uid = asked.component().uid().unwrap_or_default().into_owned();
    let mut told = NewComponent::free_busy(&uid, context.now)
        .with(NewProperty::of(PropertyKind::Organizer).with_raw_value(&to))
        .with(NewProperty::of(PropertyKind::Attendee).with_raw_value(&from));
    for kind in [PropertyKind::DtStart, PropertyKind::DtEnd] {
        for line in asked.component().all(kind) {
            told = told.with(NewProperty::from_property(&line));
        }
    }
    let told = with_periods(told, busy)
        .with(NewProperty::of(PropertyKind::RequestStatus).with_raw_value("2.0;Success"));
    Ok(message(Method::Reply, (from, vec![to]), told.to_bytes()))
}

/// Tells anyone when `owner` is busy: a VFREEBUSY with its span and periods, and
/// nothing else of it.
#[must_use]
pub fn publish_busy_time(busy: &FreeBusy<'_>, owner: &str, context: &Context) -> Message {
    let uid = busy.component().uid().unwrap_or_default().into_owned();
    let mut told = NewComponent::free_busy(&uid, context.now)
        .with(NewProperty::of(PropertyKind::Organizer).with_raw_value(owner));
    for kind in [PropertyKind::DtStart, PropertyKind::DtEnd] {
        for line in busy.component().all(kind) {
            told = told.with(NewProperty::from_property(&line));
        }
    }
    message(
        Method::Publish,
        (owner.to_owned(), Vec::new()),
        with_periods(told, busy).to_bytes(),
    )
}

/// Says what a message about busy time is, once it is from whom it speaks for:
/// the organizer asks and publishes, the one ATTENDEE replies.
///
/// # Errors
/// If the message is not one VFREEBUSY, has another METHOD, speaks for someone
/// else, or asks about no window.
pub fn receive_busy_time(message: &Calendar, delivery: &Delivery) -> Result<BusyTime, Refusal> {
    let method: Method = message.method().unwrap_or_default().parse()?;
    let found = only(message)?;
    let component = found.component();
    let organizer = component.organizer().ok_or(Refusal::NoOrganizer)?;
    let speaks = match method {
        Method::Request | Method::Publish => delivery.sender.acts_for(&organizer),
        Method::Reply => {
            let mut all = component.attendees();
            let own = all.next().is_some_and(|own| delivery.sender.is(&own));
            own && all.next().is_none()
        }
        _ => return Err(Refusal::UnknownMethod),
    };
    if !speaks {
        return Err(Refusal::SenderDiffers);
    }
    Ok(match method {
        Method::Publish => BusyTime::Published,
        Method::Reply => BusyTime::Replied,
        _ if delivery.recipient.attendee(component).is_none() => return Err(Refusal::NotInvited),
        _ => BusyTime::Requested(asked_window(&found)?),
    })
}

/// The times of a request, which are in UTC (RFC 5546 3.3.2).
fn asked_window(asked: &FreeBusy<'_>) -> Result<Window, Refusal> {
    match (asked.start(), asked.end()) {
        (Ok(Some(Moment::Utc(start))), Ok(Some(Moment::Utc(end)))) if start < end => {
            Ok(Window::new(start.and_utc(), end.and_utc()))
        }
        _ => Err(Refusal::NoWindow),
    }
}

/// The one VFREEBUSY of a message.
fn only(calendar: &Calendar) -> Result<FreeBusy<'_>, Refusal> {
    let mut all = calendar.free_busies();
    match (all.next(), all.next()) {
        (Some(found), None) if found.component().attendees().take(MOST + 1).count() > MOST => {
            Err(Refusal::TooMany {
                what: "attendees",
                limit: MOST,
            })
        }
        (Some(found), None) => Ok(found),
        _ => Err(Refusal::NotOneObject),
    }
}

fn with_periods(told: NewComponent, busy: &FreeBusy<'_>) -> NewComponent {
    let lines = busy.component().all(PropertyKind::FreeBusy);
    lines.fold(told, |told, line| {
        told.with(NewProperty::from_property(&line))
    })
}

fn message(method: Method, people: (String, Vec<String>), text: Bytes) -> Message {
    let empty = crate::Reader::new().read("").calendar;
    Message::new(method, people, (&empty, &[text]))
}
