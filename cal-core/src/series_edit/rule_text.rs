//! A recurrence rule as text: one part is changed, the others stay as they are.

use std::fmt;

use crate::Property;

/// The parts of an RRULE in their order.
#[derive(Debug, Clone)]
pub(super) struct RuleText(Vec<String>);

impl RuleText {
    pub(super) fn of(property: &Property<'_>) -> Self {
        let raw = property.raw_value();
        RuleText(raw.trim().split(';').map(str::to_owned).collect())
    }

    /// Sets a part in its place, or adds it.
    pub(super) fn set(&mut self, name: &str, value: &str) {
        let part = format!("{name}={value}");
        match self.0.iter_mut().find(|part| is(part, name)) {
            Some(old) => *old = part,
            None => self.0.push(part),
        }
    }

    /// Ends it at a moment, inclusively, and no more by a count.
    pub(super) fn end_at(&mut self, until: &str) {
        if let Some(count) = self.0.iter_mut().find(|part| is(part, "COUNT")) {
            *count = format!("UNTIL={until}");
        } else {
            self.set("UNTIL", until);
        }
    }
}

fn is(part: &str, name: &str) -> bool {
    part.split_once('=')
        .is_some_and(|(own, _)| own.trim().eq_ignore_ascii_case(name))
}

impl fmt::Display for RuleText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0.join(";"))
    }
}
