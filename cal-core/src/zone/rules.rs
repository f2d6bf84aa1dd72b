//! The rules of a zone, wherever they come from.

use std::fmt;
use std::sync::Arc;

use cal_rrule::{OffsetSpan, Zone};
use chrono::{FixedOffset, NaiveDateTime, Offset, Utc};
use chrono_tz::Tz;

use super::{CompiledZone, TabledZone, changes};

/// The rules by which a local time becomes an instant: a zone of the IANA
/// database, a fixed offset, or a VTIMEZONE compiled to its onsets. Cheap to
/// clone.
///
/// ```
/// use cal_core::ZoneRules;
/// use cal_rrule::Zone;
/// use chrono::NaiveDate;
///
/// let berlin = ZoneRules::from(chrono_tz::Europe::Berlin);
/// let noon = NaiveDate::from_ymd_opt(2026, 7, 1).unwrap().and_hms_opt(12, 0, 0).unwrap();
/// assert_eq!(berlin.to_utc(noon).to_string(), "2026-07-01 10:00:00");
/// ```
#[derive(Clone)]
#[non_exhaustive]
pub enum ZoneRules {
    /// A zone of the IANA database.
    Iana(Tz),
    /// A zone of the IANA database that is asked often.
    Tabled(Arc<TabledZone>),
    /// One offset for ever.
    Fixed(FixedOffset),
    /// A VTIMEZONE.
    Compiled(Arc<CompiledZone>),
    /// A zone of the caller's own making.
    Other(Arc<dyn Zone>),
}

impl ZoneRules {
    /// Coordinated Universal Time.
    #[must_use]
    pub fn utc() -> Self {
        Self::Fixed(Utc.fix())
    }

    /// The IANA zone, if these are the rules of one; UTC is one.
    #[must_use]
    pub fn iana(&self) -> Option<Tz> {
        match self {
            Self::Iana(zone) => Some(*zone),
            Self::Tabled(zone) => Some(zone.zone()),
            Self::Fixed(offset) if offset.local_minus_utc() == 0 => Some(Tz::UTC),
            Self::Fixed(_) | Self::Compiled(_) | Self::Other(_) => None,
        }
    }

    /// The offset at an instant, and each later one before another instant (or
    /// as far as is looked ahead), with the instant from which it holds.
    pub(crate) fn changes(
        &self,
        start: NaiveDateTime,
        end: Option<NaiveDateTime>,
    ) -> Vec<(NaiveDateTime, i32)> {
        let horizon = super::definition::horizon();
        let end = end.map_or(horizon, |end| end.min(horizon));
        let later = changes::between(self, start, end);
        let later = later.iter().map(|change| (change.at, change.to));
        std::iter::once((start, self.offset_at(start)))
            .chain(later)
            .collect()
    }
}

impl Zone for ZoneRules {
    fn offset_at(&self, utc: NaiveDateTime) -> i32 {
        match self {
            Self::Iana(zone) => zone.offset_at(utc),
            Self::Tabled(zone) => zone.offset_at(utc),
            Self::Fixed(offset) => offset.local_minus_utc(),
            Self::Compiled(zone) => zone.offset_at(utc),
            Self::Other(zone) => zone.offset_at(utc),
        }
    }

    fn to_utc(&self, local: NaiveDateTime) -> NaiveDateTime {
        match self {
            Self::Iana(zone) => zone.to_utc(local),
            Self::Tabled(zone) => zone.to_utc(local),
            Self::Fixed(offset) => Zone::to_utc(offset, local),
            Self::Compiled(zone) => zone.to_utc(local),
            Self::Other(zone) => zone.to_utc(local),
        }
    }

    fn span_at(&self, utc: NaiveDateTime) -> OffsetSpan {
        match self {
            Self::Iana(zone) => zone.span_at(utc),
            Self::Tabled(zone) => zone.span_at(utc),
            Self::Fixed(offset) => offset.span_at(utc),
            Self::Compiled(zone) => zone.span_at(utc),
            Self::Other(zone) => zone.span_at(utc),
        }
    }

    fn knows_transitions(&self) -> bool {
        match self {
            Self::Iana(zone) => zone.knows_transitions(),
            Self::Tabled(zone) => zone.knows_transitions(),
            Self::Fixed(offset) => offset.knows_transitions(),
            Self::Compiled(zone) => zone.knows_transitions(),
            Self::Other(zone) => zone.knows_transitions(),
        }
    }
}

impl fmt::Debug for ZoneRules {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Iana(zone) => f.debug_tuple("Iana").field(zone).finish(),
            Self::Tabled(zone) => f.debug_tuple("Tabled").field(&zone.zone()).finish(),
            Self::Fixed(offset) => f.debug_tuple("Fixed").field(offset).finish(),
            Self::Compiled(zone) => f.debug_tuple("Compiled").field(zone).finish(),
            Self::Other(_) => f.write_str("Other(..)"),
        }
    }
}

impl From<Tz> for ZoneRules {
    fn from(zone: Tz) -> Self {
        match zone {
            // The one zone so common that its table look-up is worth skipping.
            Tz::UTC => Self::utc(),
            zone => Self::Iana(zone),
        }
    }
}

impl From<Utc> for ZoneRules {
    fn from(_: Utc) -> Self {
        Self::utc()
    }
}

impl From<FixedOffset> for ZoneRules {
    fn from(offset: FixedOffset) -> Self {
        Self::Fixed(offset)
    }
}

impl From<Arc<TabledZone>> for ZoneRules {
    fn from(zone: Arc<TabledZone>) -> Self {
        Self::Tabled(zone)
    }
}

impl From<CompiledZone> for ZoneRules {
    fn from(zone: CompiledZone) -> Self {
        Self::Compiled(Arc::new(zone))
    }
}

impl From<Arc<CompiledZone>> for ZoneRules {
    fn from(zone: Arc<CompiledZone>) -> Self {
        Self::Compiled(zone)
    }
}

impl From<Arc<dyn Zone>> for ZoneRules {
    fn from(zone: Arc<dyn Zone>) -> Self {
        Self::Other(zone)
    }
}

impl From<&ZoneRules> for ZoneRules {
    fn from(rules: &ZoneRules) -> Self {
        rules.clone()
    }
}
