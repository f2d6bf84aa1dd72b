//! A message that arrives.

use super::parts::Parts;
use super::people::CalendarUser;
use super::{Context, Message, Method, Refusal};
use super::{add, cancel, proposal, reply, request};
use crate::{Calendar, ComponentKind};

/// How a message arrived: who really sent it, and to whom.
#[derive(Debug, Clone)]
pub struct Delivery {
    pub(super) sender: CalendarUser,
    pub(super) recipient: CalendarUser,
    pub(super) context: Context,
    pub(super) admits_uninvited: bool,
}

impl Delivery {
    /// `sender` is who the transport says that it comes from, which must be
    /// verified: what a message says of itself is not trusted. `recipient` is
    /// whose object it is for, with all addresses.
    #[must_use]
    pub fn new(sender: CalendarUser, recipient: CalendarUser, context: Context) -> Self {
        Self {
            sender,
            recipient,
            context,
            admits_uninvited: false,
        }
    }

    /// Also takes the answers of people who were not invited, a guest's guests,
    /// who are attendees from then on (RFC 5546 3.2.3 leaves it to the
    /// organizer). Without this nothing changes ([`Unchanged::NotInvited`]).
    #[must_use]
    pub fn admitting_uninvited(mut self) -> Self {
        self.admits_uninvited = true;
        self
    }
}

/// What a message comes to.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub enum Outcome {
    /// The object is to be kept in the place of what was there.
    Changed {
        /// The object as it now is.
        object: Calendar,
        /// What is to be sent in answer.
        messages: Vec<Message>,
    },
    /// Nothing changes.
    Unchanged {
        /// Why.
        reason: Unchanged,
        /// What is to be sent all the same.
        messages: Vec<Message>,
    },
    /// An attendee proposes something else (COUNTER). The organizer decides:
    /// takes it over by an edit, or answers with
    /// [`decline_counter`](super::decline_counter).
    Proposed,
}

/// Why a message changes nothing.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Unchanged {
    /// A later version, or a later answer, is there already.
    OutOfDate,
    /// It is there already: the message came twice.
    AlreadyApplied,
    /// There is no object with this UID.
    UnknownObject,
    /// The object has no such instance.
    UnknownInstance,
    /// The answer is of someone who is not invited: a guest of a guest, or the
    /// delegate of someone whose own answer is not here yet.
    NotInvited,
    /// It concerns others only.
    NotConcerned,
    /// Something is missing before it, and was asked for.
    Incomplete,
    /// It asked for the object, which is in the messages.
    Answered,
    /// The organizer does not take over what was proposed.
    ProposalDeclined,
}

impl Unchanged {
    /// Whether the message may have overtaken another one that it needs: kept,
    /// and handed in again when the object changed, it may apply then.
    #[must_use]
    pub fn may_apply_later(self) -> bool {
        matches!(
            self,
            Self::UnknownObject | Self::UnknownInstance | Self::NotInvited | Self::Incomplete
        )
    }
}

impl Outcome {
    pub(super) fn unchanged(reason: Unchanged) -> Self {
        Self::Unchanged {
            reason,
            messages: Vec::new(),
        }
    }

    /// What a list of reasons comes to, where nothing changed: what may still
    /// come first.
    pub(super) fn of_reasons(reasons: &[Unchanged]) -> Self {
        let later = reasons.iter().find(|reason| reason.may_apply_later());
        let reason = later.or(reasons.first());
        Self::unchanged(reason.copied().unwrap_or(Unchanged::NotConcerned))
    }
}

/// Applies a message to the object with its UID that the recipient has, or to
/// none.
///
/// The message must hold one object. Only the organizer may invite, add and
/// cancel; an answer changes the ATTENDEE it comes from and no other. What is
/// the recipient's own stays: alarms, categories, transparency, colour, notes of
/// programs, and its answer as long as the time is the same.
///
/// # Errors
/// If the message breaks a rule of scheduling or is not from whom it speaks for.
pub fn receive(
    existing: Option<&Calendar>,
    message: &Calendar,
    delivery: &Delivery,
) -> Result<Outcome, Refusal> {
    let method: Method = message.method().unwrap_or_default().parse()?;
    let zone = &delivery.context.zone;
    let existing = existing
        .map(|existing| Parts::of(existing, zone))
        .transpose()?;
    let message = Parts::in_series(message, zone, existing.as_ref())?;
    if let Some(existing) = &existing {
        if existing.uid != message.uid {
            return Err(Refusal::UidDiffers);
        }
        if let (Some(own), Some(other)) = (existing.organizer(), message.organizer())
            && !super::people::is_same(&own, &other)
        {
            return Err(Refusal::OrganizerDiffers);
        }
    }
    let journal = message
        .slots()
        .any(|(_, found)| found.kind() == ComponentKind::Journal);
    if journal && !matches!(method, Method::Publish | Method::Add | Method::Cancel) {
        return Err(Refusal::UnknownMethod);
    }
    let arrival = Arrival {
        existing,
        message,
        delivery,
    };
    match method {
        Method::Request | Method::Publish => request::receive(&arrival, method),
        Method::Cancel => cancel::receive(&arrival),
        Method::Add => add::receive(&arrival),
        Method::Reply => reply::receive(&arrival),
        Method::Refresh => proposal::receive_refresh(&arrival),
        Method::Counter => proposal::receive_counter(&arrival),
        Method::DeclineCounter => {
            arrival.check_organizer()?;
            Ok(Outcome::unchanged(Unchanged::ProposalDeclined))
        }
    }
}

/// A message beside what is there.
#[derive(Debug)]
pub(super) struct Arrival<'a> {
    pub(super) existing: Option<Parts<'a>>,
    pub(super) message: Parts<'a>,
    pub(super) delivery: &'a Delivery,
}

impl Arrival<'_> {
    /// That it comes from the organizer, or from who acts for it in the object
    /// that is there.
    pub(super) fn check_organizer(&self) -> Result<(), Refusal> {
        let organizer = self.message.organizer();
        let known = self.existing.as_ref().and_then(Parts::organizer);
        let organizer = organizer.or(known).ok_or(Refusal::NoOrganizer)?;
        let sender = &self.delivery.sender;
        let acts = known.is_none_or(|known| sender.acts_for(&known)) && sender.acts_for(&organizer);
        if sender.is(&organizer) || acts {
            Ok(())
        } else {
            Err(Refusal::SenderDiffers)
        }
    }

    /// The attendee of the object that is there who sent it.
    pub(super) fn check_attendee(&self) -> Result<(), Refusal> {
        let sender = &self.delivery.sender;
        let signed = self
            .message
            .slots()
            .any(|(_, found)| sender.attendee(found).is_some());
        if signed {
            Ok(())
        } else {
            Err(Refusal::SenderDiffers)
        }
    }
}
