//! The calendars in which recurrence rules may count (RFC 7529).

use cal_rrule::Rscale;

use crate::Property;

/// The calendar that a recurrence rule names as its RSCALE.
///
/// ```
/// use cal_core::{Calendar, PropertyKind, RuleCalendar};
///
/// let text = "BEGIN:VCALENDAR\nBEGIN:VEVENT\nRRULE:RSCALE=Klingon;FREQ=YEARLY\nEND:VEVENT\nEND:VCALENDAR\n";
/// let calendar = Calendar::read(text).calendar;
/// let event = calendar.components().next().ok_or("no event")?;
/// let rule = event.all(PropertyKind::RRule).next().ok_or("no rule")?;
/// let scale = RuleCalendar::of(&rule).ok_or("no calendar")?;
/// assert_eq!(scale.name(), "KLINGON");
/// assert!(!scale.is_supported());
/// # Ok::<(), &str>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RuleCalendar(String);

impl RuleCalendar {
    /// What an RRULE or EXRULE names; `None` where it names none and so counts
    /// as RFC 5545 has it.
    #[must_use]
    pub fn of(rule: &Property<'_>) -> Option<Self> {
        let value = rule.raw_value();
        let (_, name) = value
            .split(';')
            .filter_map(|part| part.split_once('='))
            .find(|(name, _)| name.trim().eq_ignore_ascii_case("RSCALE"))?;
        Some(Self(name.trim().to_ascii_uppercase()))
    }

    /// Its name in upper case.
    #[must_use]
    pub fn name(&self) -> &str {
        &self.0
    }

    /// Whether instances of its rules can be computed.
    #[must_use]
    pub fn is_supported(&self) -> bool {
        Self::supported().any(|name| name == self.0)
    }

    /// The names of all that can be computed; more with the feature `rscale`.
    pub fn supported() -> impl Iterator<Item = &'static str> {
        Rscale::supported()
    }
}
