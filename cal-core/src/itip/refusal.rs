//! Why an edit or a message is not accepted.

/// Why nothing was done: the edit or message breaks a rule of scheduling.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refusal {
    /// A calendar that should hold one object holds none or several.
    #[error("the calendar does not hold exactly one object")]
    NotOneObject,
    /// Only events, to-dos and journal entries are scheduled here.
    #[error("{0} is not scheduled")]
    UnsupportedComponent(Box<str>),
    /// A message has no METHOD, or one that its component cannot have.
    #[error("the message has no method that can be followed")]
    UnknownMethod,
    /// An object has more attendees or overrides than are handled.
    #[error("more than {limit} {what}")]
    TooMany {
        /// What there are too many of.
        what: &'static str,
        /// How many are handled.
        limit: usize,
    },
    /// Who schedules must be named: there is no ORGANIZER.
    #[error("there is no ORGANIZER")]
    NoOrganizer,
    /// The ORGANIZER is another one than before.
    #[error("the organizer cannot be replaced")]
    OrganizerDiffers,
    /// The UID is another one than before.
    #[error("the UID cannot be replaced")]
    UidDiffers,
    /// The message speaks for someone who did not send it.
    #[error("the sender is not who the message speaks for")]
    SenderDiffers,
    /// A series has one component without RECURRENCE-ID; this one has several.
    #[error("there are several masters")]
    SeveralMasters,
    /// What is added to a series has no start that could be one of it, or the
    /// series has it already.
    #[error("the series cannot have this instance added")]
    NotAnInstance,
    /// Someone delegated to who had delegated to it.
    #[error("the delegation comes back to who began it")]
    DelegationLoop,
    /// An object is handed over to its own organizer, or under its own UID.
    #[error("handing over takes another organizer and another UID")]
    SuccessionWithin,
    /// Busy time is asked about without a start and an end in UTC.
    #[error("there is no window to ask about")]
    NoWindow,
    /// The user is not among the attendees.
    #[error("not an attendee")]
    NotInvited,
    /// An attendee changed what only the organizer may change.
    #[error("only the organizer may change {property}")]
    NotYours {
        /// The property, or the component inside, that was changed.
        property: Box<str>,
    },
}
