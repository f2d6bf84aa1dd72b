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
    /// and series whose rules or dates cannot be read.
    pub(super) fn all(
        input: &CalendarInput,
        expansion: &Expansion<'_>,
        window: &Interval,
        faults: &[Error],
    ) -> Vec<Unknown> {
        let components = Components::of(input);
        let cut = input.is_incomplete().then(|| Unknown {
            file: input.name.clone(),
            line: None,
            uid: None,
            reason: "the text breaks off or passes a limit, and more may have followed".to_owned(),
        });
        let failed = faults.iter().filter_map(|fault| {
            let component = components.behind(fault)?;
            let reason = match fault {
                Error::Fault(fault) => fault.message(),
                other => other.to_string(),
            };
            Some(Unknown::new(input, component, reason))
        });
        let unread = input.calendar.events().filter_map(|event| {
            let reason = unreadable(&event)?;
            let matters = takes_time(&event) && may_begin(&event, expansion, window);
            matters.then(|| Unknown::new(input, event.component(), reason))
        });
        cut.into_iter().chain(failed).chain(unread).collect()
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
    /// The first event of a UID that takes time.
    by_uid: HashMap<String, Component<'a>>,
}

impl<'a> Components<'a> {
    fn of(input: &'a CalendarInput) -> Components<'a> {
        let mut by_uid = HashMap::new();
        for event in input.calendar.events().filter(takes_time) {
            if let Some(uid) = event.uid() {
                by_uid.entry(uid.into_owned()).or_insert(event.component());
            }
        }
        Components {
            all: input.calendar.components().collect(),
            by_uid,
        }
    }

    /// What takes time and could not be worked out. Neither do tasks, nor an
    /// event without any time.
    fn behind(&self, fault: &Error) -> Option<Component<'a>> {
        match fault {
            Error::Fault(fault) => {
                let begun = self
                    .all
                    .partition_point(|found| found.line() <= fault.line());
                let component = *self.all.get(begun.checked_sub(1)?)?;
                let takes_time = match component.kind() {
                    ComponentKind::FreeBusy => true,
                    _ => Event::of(component).is_some_and(|event| takes_time(&event)),
                };
                takes_time.then_some(component)
            }
            Error::Recurrence { uid, .. } | Error::OccurrenceLimit { uid, .. } => {
                self.by_uid.get(uid.as_ref()).copied()
            }
            _ => None,
        }
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

/// Why instances of a series may be missing, if so. What only excludes some
/// does not matter: without it, too much is busy.
fn unreadable(event: &Event<'_>) -> Option<String> {
    event.component().properties().find_map(|property| {
        let read = match property.kind() {
            PropertyKind::RRule => return unreadable_rule(&property.raw_value()),
            PropertyKind::RDate if property.value_type() == ValueType::Period => {
                property.periods().map(|_| ())
            }
            PropertyKind::RDate => property.date_times().map(|_| ()),
            _ => return None,
        };
        read.err().map(|error| match error {
            Error::Fault(fault) => fault.message(),
            other => other.to_string(),
        })
    })
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
