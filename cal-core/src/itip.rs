//! Scheduling by messages (iTIP, RFC 5546), as pure functions: an edit or a
//! message goes in, the new object and the messages that follow come out.
//!
//! # Who calls what, when
//!
//! A calendar server or hub keeps one copy of an object for each person, and
//! calls one function whenever a copy changes or a message comes:
//!
//! | What happened | Function | What follows |
//! |---|---|---|
//! | The organizer created, changed or deleted | [`organizer_edit`] | REQUEST, CANCEL |
//! | The organizer adds a date, asking about that alone | [`add_instance`] | ADD |
//! | An attendee answered, delegated or changed what is its own | [`attendee_edit`] | REPLY, REQUEST to a delegate |
//! | An attendee would have it otherwise | [`counter`] | COUNTER |
//! | The organizer does not take that over | [`decline_counter`] | DECLINECOUNTER |
//! | An attendee lacks something | [`refresh`] | REFRESH |
//! | Something is for anyone to see | [`publish`] | PUBLISH |
//! | Another one is to organize | [`hand_over`] | CANCEL, REQUEST under a new UID |
//! | A message came, for either | [`receive`] | a new copy, or why there is none |
//! | A delivery succeeded or failed | [`record_status`] | |
//!
//! Which of [`organizer_edit`] and [`attendee_edit`] it is, [`role`] tells. What
//! comes back is stored and sent in one step: a copy without its messages, or
//! messages without their copy, is what no later message mends. Busy time
//! (VFREEBUSY) has no copy to keep and its own functions: [`request_busy_time`],
//! [`reply_busy_time`], [`publish_busy_time`] and [`receive_busy_time`].
//!
//! # An event from beginning to end
//!
//! ```
//! use cal_core::Calendar;
//! use cal_core::itip::{CalendarUser, Context, Delivery, Method, Outcome};
//! use cal_core::itip::{attendee_edit, organizer_edit, receive};
//!
//! let [ada, bob] = ["ada@example.com", "bob@example.com"].map(|who| CalendarUser::new([who]));
//! let at = |hour| -> Result<_, Box<dyn std::error::Error>> {
//!     Ok(Context::at(format!("2026-03-01T{hour}:00:00").parse()?))
//! };
//! let changed = |outcome| match outcome {
//!     Outcome::Changed { object, .. } => object,
//!     other => panic!("{other:?}"),
//! };
//! let edited = |object: &Calendar, from: &str, to: &str| {
//!     let text = object.to_string();
//!     assert!(text.contains(from));
//!     Calendar::read(text.replace(from, to)).calendar
//! };
//!
//! // Ada invites Bob,
//! let event = Calendar::read(
//!     "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n\
//!      DTSTART:20260302T090000Z\nORGANIZER:mailto:ada@example.com\n\
//!      ATTENDEE:mailto:bob@example.com\nEND:VEVENT\nEND:VCALENDAR\n",
//! )
//! .calendar;
//! let invited = organizer_edit(None, Some(&event), &at(10)?)?;
//! let hers = invited.object.ok_or("she keeps it")?;
//! let to_bob = Delivery::new(ada.clone(), bob.clone(), at(11)?);
//! let his = changed(receive(None, &invited.messages[0].calendar, &to_bob)?);
//!
//! // who accepts.
//! let yes = edited(&his, "ATTENDEE", "ATTENDEE;PARTSTAT=ACCEPTED");
//! let answered = attendee_edit(&his, Some(&yes), &bob, &at(12)?)?;
//! let his = answered.object.ok_or("he keeps it")?;
//! assert_eq!(answered.messages[0].method, Method::Reply);
//! let to_ada = Delivery::new(bob, ada, at(13)?);
//! let hers = changed(receive(Some(&hers), &answered.messages[0].calendar, &to_ada)?);
//! assert!(hers.to_string().contains("PARTSTAT=ACCEPTED"));
//!
//! // At another time he is asked again.
//! let later = edited(&hers, "T090000Z", "T150000Z");
//! let moved = organizer_edit(Some(&hers), Some(&later), &at(14)?)?;
//! let hers = moved.object.ok_or("she keeps it")?;
//! let his = changed(receive(Some(&his), &moved.messages[0].calendar, &to_bob)?);
//! assert!(his.to_string().contains("PARTSTAT=NEEDS-ACTION"));
//!
//! // Deleted by her, it stays with him as called off.
//! let gone = organizer_edit(Some(&hers), None, &at(15)?)?;
//! let his = changed(receive(Some(&his), &gone.messages[0].calendar, &to_bob)?);
//! assert!(his.to_string().contains("STATUS:CANCELLED"));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
//!
//! # What is the caller's
//!
//! Delivery, transport and identity: the caller says in a [`Delivery`] who really
//! sent a message, and nobody changes more than its own. What breaks a rule is a
//! [`Refusal`], by name. An ORGANIZER is never changed by a message.
//!
//! # In whatever order
//!
//! Messages may arrive twice and in any order; both sides end alike. A message
//! that overtook the one it needs is handed in again when the object changed
//! ([`Unchanged::may_apply_later`]). Of two that tell of the same, SEQUENCE and
//! then DTSTAMP say which is the later (RFC 5546 2.1.5); an organizer's messages
//! never have the same DTSTAMP twice.
//!
//! For that the objects remember two things, in parameters that no message
//! carries: `X-CAL-REPLY` on an ATTENDEE is SEQUENCE and DTSTAMP of the last
//! answer that counted, as RFC 5546 2.1.5 asks of an organizer, and
//! `X-CAL-DECLINED` on an EXDATE says that the attendee took the instance out,
//! and not the organizer, and when it was to be.

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
