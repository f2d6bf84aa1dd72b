//! What a component must have, and what it may have only once (RFC 5545 3.6).

use crate::{ComponentKind, PropertyKind, Rule};

/// The kinds of properties seen in one component.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Seen {
    once: u128,
    twice: u128,
    inner: u16,
}

impl Seen {
    /// Notes a property.
    #[inline]
    pub(crate) fn property(&mut self, kind: PropertyKind) {
        let bit = bit(kind);
        self.twice |= self.once & bit;
        self.once |= bit;
    }

    /// Notes a component inside.
    pub(crate) fn component(&mut self, kind: ComponentKind) {
        self.inner |= 1 << (kind as u16 % 16);
    }

    /// Whether a METHOD was seen: the VCALENDAR is a message.
    pub(crate) fn is_message(self) -> bool {
        self.has(PropertyKind::Method)
    }

    fn has(self, kind: PropertyKind) -> bool {
        self.once & bit(kind) != 0
    }

    fn has_inner(self, kind: ComponentKind) -> bool {
        self.inner & (1 << (kind as u16 % 16)) != 0
    }

    /// What is wrong with a component of this kind, now that it is over.
    /// `in_message` says that its VCALENDAR has a METHOD.
    pub(crate) fn faults(self, kind: ComponentKind, in_message: bool) -> Vec<(Rule, PropertyKind)> {
        let mut faults = Vec::new();
        for &(property, rule) in required(kind) {
            let excused = rule == Rule::MissingStart && in_message;
            if !self.has(property) && !excused {
                faults.push((rule, property));
            }
        }
        let ends = [PropertyKind::DtEnd, PropertyKind::Due];
        let timed = matches!(kind, ComponentKind::Event | ComponentKind::Todo);
        if timed && self.has(PropertyKind::Duration) {
            let both = ends.iter().copied().find(|&end| self.has(end));
            faults.extend(both.map(|end| (Rule::EndAndDuration, end)));
        }
        let parts = [ComponentKind::Standard, ComponentKind::Daylight];
        if kind == ComponentKind::TimeZone && !parts.iter().any(|&part| self.has_inner(part)) {
            faults.push((Rule::NoObservance, PropertyKind::TzId));
        }
        if self.twice & SINGLE != 0 {
            let repeated = once(kind)
                .iter()
                .filter(|&&property| self.twice & bit(property) != 0);
            faults.extend(repeated.map(|&property| (Rule::Repeated, property)));
        }
        faults
    }
}

/// There are fewer kinds than bits; unknown ones share a bit that nothing asks for.
const fn bit(kind: PropertyKind) -> u128 {
    1 << kind as u32
}

/// All properties but those that may be repeated in any component.
const SINGLE: u128 = !(bit(PropertyKind::Other)
    | bit(PropertyKind::Attendee)
    | bit(PropertyKind::Categories)
    | bit(PropertyKind::Comment)
    | bit(PropertyKind::ExDate)
    | bit(PropertyKind::RDate));

fn required(kind: ComponentKind) -> &'static [(PropertyKind, Rule)] {
    use PropertyKind as P;
    match kind {
        ComponentKind::Calendar => &[
            (P::ProdId, Rule::MissingProdId),
            (P::Version, Rule::MissingVersion),
        ],
        ComponentKind::Event => &[
            (P::Uid, Rule::MissingUid),
            (P::DtStamp, Rule::MissingStamp),
            (P::DtStart, Rule::MissingStart),
        ],
        ComponentKind::FreeBusy => &[
            (P::Uid, Rule::FreeBusyWithoutUid),
            (P::DtStamp, Rule::MissingStamp),
        ],
        ComponentKind::Todo
        | ComponentKind::Journal
        | ComponentKind::Availability
        | ComponentKind::Available => {
            &[(P::Uid, Rule::MissingUid), (P::DtStamp, Rule::MissingStamp)]
        }
        ComponentKind::Alarm => &[
            (P::Action, Rule::MissingAction),
            (P::Trigger, Rule::MissingTrigger),
        ],
        ComponentKind::TimeZone => &[(P::TzId, Rule::MissingTzId)],
        ComponentKind::Standard | ComponentKind::Daylight => &[
            (P::DtStart, Rule::MissingOnset),
            (P::TzOffsetFrom, Rule::MissingOffset),
            (P::TzOffsetTo, Rule::MissingOffset),
        ],
        _ => &[],
    }
}

fn once(kind: ComponentKind) -> &'static [PropertyKind] {
    use PropertyKind as P;
    match kind {
        ComponentKind::Calendar => &[P::ProdId, P::Version, P::CalScale, P::Method],
        ComponentKind::Event | ComponentKind::Todo | ComponentKind::Journal => &[
            P::Uid,
            P::DtStamp,
            P::DtStart,
            P::DtEnd,
            P::Due,
            P::Duration,
            P::Class,
            P::Created,
            P::Geo,
            P::LastModified,
            P::Location,
            P::Organizer,
            P::Priority,
            P::Sequence,
            P::Status,
            P::Summary,
            P::Transp,
            P::Url,
            P::RecurrenceId,
            P::Completed,
            P::PercentComplete,
        ],
        ComponentKind::FreeBusy => &[
            P::Uid,
            P::DtStamp,
            P::Contact,
            P::DtStart,
            P::DtEnd,
            P::Organizer,
            P::Url,
        ],
        ComponentKind::Alarm => &[P::Action, P::Trigger, P::Duration, P::Repeat],
        ComponentKind::TimeZone => &[P::TzId, P::LastModified, P::TzUrl],
        ComponentKind::Standard | ComponentKind::Daylight => {
            &[P::DtStart, P::TzOffsetFrom, P::TzOffsetTo]
        }
        _ => &[],
    }
}
