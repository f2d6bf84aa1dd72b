//! Scheduling by messages (iTIP, RFC 5546), as pure functions: an edit or a
//! message goes in, the new object and the messages that follow come out.
//!
//! - [`organizer_edit`]: an organizer creates, changes or deletes; the attendees
//!   get REQUEST and CANCEL.
//! - [`attendee_edit`]: an attendee answers, or changes what is its own; the
//!   organizer gets a REPLY.
//! - [`receive`]: a message arrives at either.
//! - [`publish`], [`refresh`], [`counter`] and [`decline_counter`] write the
//!   other messages.
//! - [`request_busy_time`], [`reply_busy_time`], [`publish_busy_time`] and
//!   [`receive_busy_time`]: VFREEBUSY, of which nobody keeps an object.
//!
//! Delivery, transport and identity are the caller's: it says who really sent
//! a message, and nobody changes more than its own. Messages may arrive twice and
//! in any order; both sides end alike (a message that overtook the one it needs
//! is handed in again later, see [`Unchanged::may_apply_later`]).
//!
//! For that the objects remember two things, in parameters that no message
//! carries: `X-CAL-REPLY` on an ATTENDEE is SEQUENCE and DTSTAMP of the last
//! answer that counted, as RFC 5546 2.1.5 asks of an organizer, and
//! `X-CAL-DECLINED` on an EXDATE says that the attendee took the instance out,
//! and not the organizer, and when it was to be.
//!
//! ```
//! use cal_core::Calendar;
//! use cal_core::itip::{CalendarUser, Context, Delivery, Outcome, organizer_edit, receive};
//!
//! let event = Calendar::read(
//!     "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n\
//!      DTSTART:20260302T090000Z\nORGANIZER:mailto:ada@example.com\n\
//!      ATTENDEE:mailto:bob@example.com\nEND:VEVENT\nEND:VCALENDAR\n",
//! )
//! .calendar;
//! let context = Context::at("2026-03-01T12:00:00".parse()?);
//! let sent = organizer_edit(None, Some(&event), &context)?.messages;
//! assert_eq!(sent[0].to, ["mailto:bob@example.com"]);
//!
//! let [ada, bob] = ["ada@example.com", "bob@example.com"].map(|who| CalendarUser::new([who]));
//! let outcome = receive(None, &sent[0].calendar, &Delivery::new(ada, bob, context))?;
//! assert!(matches!(outcome, Outcome::Changed { .. }));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod add;
mod attendee;
mod busy_time;
mod cancel;
mod delegation;
mod draft;
mod mark;
mod merge;
mod message;
mod organizer;
mod outgoing;
mod parts;
mod people;
mod proposal;
mod receive;
mod refusal;
mod reply;
mod request;
mod status;
mod succession;

use chrono::NaiveDateTime;

pub use add::add_instance;
pub use attendee::attendee_edit;
pub use busy_time::{
    BusyTime, publish_busy_time, receive_busy_time, reply_busy_time, request_busy_time,
};
pub use message::{Message, Method};
pub use organizer::organizer_edit;
pub use people::{CalendarUser, Role, role};
pub use proposal::{counter, decline_counter, publish, refresh};
pub use receive::{Delivery, Outcome, Unchanged, receive};
pub use refusal::Refusal;
pub use status::record_status;
pub use succession::{Succession, hand_over};

use crate::{Calendar, ZoneRules};

/// When something is done, and in which zone.
#[derive(Debug, Clone)]
pub struct Context {
    now: NaiveDateTime,
    zone: ZoneRules,
}

impl Context {
    /// Now (UTC), with dates and floating times taken in UTC.
    #[must_use]
    pub fn at(now: NaiveDateTime) -> Self {
        Self {
            now,
            zone: ZoneRules::utc(),
        }
    }

    /// Sets the zone in which dates and floating times are taken, and times
    /// whose zone is unknown.
    #[must_use]
    pub fn in_zone(mut self, zone: impl Into<ZoneRules>) -> Self {
        self.zone = zone.into();
        self
    }
}

/// What an edit comes to.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Scheduled {
    /// The object to keep: as edited, with SEQUENCE, DTSTAMP and answers set
    /// right. `None` if it was deleted.
    pub object: Option<Calendar>,
    /// What is to be sent.
    pub messages: Vec<Message>,
}
