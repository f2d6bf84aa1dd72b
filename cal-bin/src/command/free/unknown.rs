//! What keeps free time from being known.

use std::borrow::Cow;
use std::collections::HashMap;

use cal_core::{Component, ComponentKind, Error, Event, Expansion, PropertyKind, ValueType};
use cal_freebusy::Interval;
use cal_rrule::{ProblemKind, RRule};
use serde::Serialize;

use crate::command::calendar_input::{CalendarInput, Message};

/// Something that may take time, and nobody can tell when.
#[derive(Debug, Serialize)]
pub(super) struct Unknown {
    /// The file as the user named it.
    file: String,
    /// The line that its component begins in, from 1.
    line: Option<u32>,
    uid: Option<String>,
    reason: String,
}

impl Unknown {
    /// All of a calendar: what is cut off, events that could not be expanded,
    /// and events whose times, rules or dates cannot be read.
    pub(super) fn all(
        input: &CalendarInput,
        expansion: &Expansion<'_>,
        window: &Interval,
        faults: &[Error],
    ) -> Vec<Unknown> {
        let components = Components::of(input);
        let cut = input.is_incomplete().then(|| {
            let reason = "the text breaks off or passes a limit, and more may have followed";
            Unknown::anywhere(input, reason.to_owned())
        });
        let failed = faults.iter().filter_map(|fault| {
            let reason = reason(fault);
            let component = match components.behind(fault) {
                Behind::Component(component) => component,
                Behind::NoTime => return None,
                Behind::Anything => return Some(Unknown::anywhere(input, reason)),
            };
            let matters =
                Event::of(component).is_none_or(|event| may_begin(&event, expansion, window));
            matters.then(|| Unknown::new(input, component, reason))
        });
        let unread = input.calendar.events().filter_map(|event| {
            let reason = unreadable(&event)?;
            let matters = takes_time(&event) && may_begin(&event, expansion, window);
            matters.then(|| Unknown::new(input, event.component(), reason))
        });
        let lost = input
            .not_carried()
            .iter()
            .filter(|lost| TELL_WHEN.contains(&lost.property()))
            .map(|lost| Unknown::anywhere(input, lost.to_string()));
        cut.into_iter()
            .chain(lost)
            .chain(failed)
            .chain(unread)
            .collect()
    }

    /// Something of which not even the component is known.
    fn anywhere(input: &CalendarInput, reason: String) -> Unknown {
        Unknown {
            file: input.name.clone(),
            line: None,
            uid: None,
            reason,
        }
    }

    fn new(input: &CalendarInput, component: Component<'_>, reason: String) -> Unknown {
        Unknown {
            file: input.name.clone(),
            line: input.line_of(component),
            uid: component.uid().map(Cow::into_owned),
            reason,
        }
    }

    /// The line that says so.
    pub(super) fn message(&self) -> Message<'_> {
        let text = match &self.uid {
            Some(uid) => format!("when {uid:?} takes place is not known: {}", self.reason),
            None => self.reason.clone(),
        };
        Message::error(&self.file, self.line, text)
    }
}

/// The components of a calendar, by where they are and whose they are.
struct Components<'a> {
    all: Vec<Component<'a>>,
    /// The UIDs that errors name, also those of events without one, with the
    /// first event that takes time, if any does.
    by_uid: HashMap<String, Option<Component<'a>>>,
}

/// What an error is about.
enum Behind<'a> {
    /// Something that takes time.
    Component(Component<'a>),
    /// Something that takes none, or that is looked at by itself.
    NoTime,
    /// It does not say.
    Anything,
}

impl<'a> Components<'a> {
    fn of(input: &'a CalendarInput) -> Components<'a> {
        let objects = input.calendar.objects();
        let by_uid = objects.iter().map(|object| {
            let mut events = object.components().iter().copied().filter_map(Event::of);
            let event = events.find(takes_time).map(|event| event.component());
            (object.uid().to_owned(), event)
        });
        Components {
            all: input.calendar.components().collect(),
            by_uid: by_uid.collect(),
        }
    }

    /// What could not be worked out. Tasks take no time.
    fn behind(&self, error: &Error) -> Behind<'a> {
        match error {
            Error::Fault(fault) => {
                let begun = self
                    .all
                    .partition_point(|found| found.line() <= fault.line());
                let Some(component) = begun.checked_sub(1).and_then(|at| self.all.get(at)) else {
                    return Behind::Anything;
                };
                let takes_time = match component.kind() {
                    ComponentKind::FreeBusy
                    | ComponentKind::Availability
                    | ComponentKind::Available => true,
                    _ => Event::of(*component).is_some_and(|event| takes_time(&event)),
                };
                if takes_time {
                    Behind::Component(*component)
                } else {
                    Behind::NoTime
                }
            }
            Error::Recurrence { uid, .. }
            | Error::OccurrenceLimit { uid, .. }
            | Error::RuleLimit { uid, .. } => match self.by_uid.get(uid.as_ref()) {
                Some(Some(component)) => Behind::Component(*component),
                Some(None) => Behind::NoTime,
                None => Behind::Anything,
            },
            // It does not say whose start is missing; `unreadable` does.
            Error::Missing { .. } => Behind::NoTime,
            _ => Behind::Anything,
        }
    }
}

fn reason(error: &Error) -> String {
    match error {
        Error::Fault(fault) => fault.message(),
        other => other.to_string(),
    }
}

fn takes_time(event: &Event<'_>) -> bool {
    !event.is_transparent() && event.status().as_deref() != Some("CANCELLED")
}

/// Whether a series begins before the window ends, or nobody knows.
fn may_begin(event: &Event<'_>, expansion: &Expansion<'_>, window: &Interval) -> bool {
    let start = event.component().moment(PropertyKind::DtStart);
    start
        .ok()
        .flatten()
        .is_none_or(|start| expansion.instant(&start) < window.end())
}

/// Why time of an event may be missing, if so, where expanding it does not
/// fail: it is then taken to be shorter, or to occur less often. What only
/// excludes instances does not matter: without it, too much is busy.
fn unreadable(event: &Event<'_>) -> Option<String> {
    unreadable_extent(event)
        .or_else(|| unreadable_series(event))
        .or_else(|| untranslated(event))
}

/// Why it is not known from when to when an event lasts. One without any time
/// takes none.
fn unreadable_extent(event: &Event<'_>) -> Option<String> {
    let component = event.component();
    let has = |kind| component.first(kind).is_some();
    if !has(PropertyKind::DtStart) {
        let timed = TIMES.into_iter().any(has);
        return timed.then(|| "it has no DTSTART".to_owned());
    }
    let read = match component.first(PropertyKind::DtEnd) {
        Some(end) => end.moment().map(|_| ()),
        None => component
            .first(PropertyKind::Duration)?
            .duration()
            .map(|_| ()),
    };
    read.err().map(|error| reason(&error))
}

/// What an event has only if it takes place at some time.
const TIMES: [PropertyKind; 5] = [
    PropertyKind::DtEnd,
    PropertyKind::Duration,
    PropertyKind::RRule,
    PropertyKind::RDate,
    PropertyKind::RecurrenceId,
];

/// Why instances of a series may be missing.
fn unreadable_series(event: &Event<'_>) -> Option<String> {
    event.component().properties().find_map(|property| {
        let read = match property.kind() {
            PropertyKind::RRule => return unreadable_rule(&property.raw_value()),
            PropertyKind::RDate if property.value_type() == ValueType::Period => {
                property.periods().map(|_| ())
            }
            PropertyKind::RDate => property.date_times().map(|_| ()),
            _ => return None,
        };
        read.err().map(|error| reason(&error))
    })
}

/// Members of JSCalendar by which an event takes more time than without them.
const TELL_WHEN: [&str; 5] = [
    "duration",
    "recurrenceId",
    "recurrenceOverrides",
    "recurrenceRule",
    "recurrenceRules",
];

/// Which member of JSCalendar is there as it was, for want of a meaning.
fn untranslated(event: &Event<'_>) -> Option<String> {
    let mut kept = event.component().properties();
    let member = kept.find_map(|property| {
        let member = property.parameter("JSPTR")?;
        let hides = property.is("JSPROP") && TELL_WHEN.contains(&member.as_ref());
        hides.then_some(member)
    })?;
    Some(format!("its {member} cannot be read"))
}

/// Parts that only say too much are no reason: the rule without them is what
/// every reader of it follows.
fn unreadable_rule(text: &str) -> Option<String> {
    let reading = RRule::parse_lenient(text);
    let lost = |kind| matches!(kind, ProblemKind::Syntax(_) | ProblemKind::OutOfRange(_));
    reading
        .problems
        .iter()
        .find(|problem| reading.rule.is_none() || lost(problem.kind()))
        .map(|problem| format!("in its rule, {problem}"))
}
