//! Editing what repeats: one instance, it and all that follow, or the whole
//! series (RFC 5545 3.8.4.4 and 3.8.5).
//!
//! One instance is changed by an override and deleted by an EXDATE. From some
//! instance on a series is changed by cutting it in two: the old object ends
//! before that instance, another with its own UID begins with it, and RELATED-TO
//! links them (RFC 9253: NEXT leads from a part to the one after it, FIRST to
//! the first of all). What is not concerned keeps its bytes.

mod change;
mod dates;
mod detach;
mod following;
mod instance;
mod refusal;
mod restore;
mod rule_text;
mod shift;
mod whole;

use chrono::NaiveDateTime;

pub use change::Change;
pub use refusal::Refusal;

pub(crate) use detach::detached;

use crate::{Calendar, Expansion, Moment, Object, ZoneRules};

/// Which instances an edit concerns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// The one instance.
    This,
    /// The instance and all after it.
    ThisAndFollowing,
    /// All of them.
    All,
}

/// An edit of an object, begun at one of its instances.
///
/// ```
/// use cal_core::series_edit::{Change, Scope, SeriesEdit};
/// use cal_core::{Calendar, Moment};
///
/// let series = Calendar::read(
///     "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nDTSTART:20260302T090000Z\nDURATION:PT1H\n\
///      RRULE:FREQ=DAILY;COUNT=5\nEND:VEVENT\nEND:VCALENDAR\n",
/// )
/// .calendar;
/// let third = Moment::parse("20260304T090000Z", None)?;
/// let now = "2026-03-01T12:00:00".parse()?;
///
/// let edit = SeriesEdit::new(Scope::ThisAndFollowing, third, now);
/// let edited = edit.change(&series, &Change::new().with_summary("Longer"))?;
/// let old = edited.object.ok_or("two days are left")?.to_string();
/// let new = edited.following.ok_or("three days are new")?.to_string();
/// assert!(old.contains("RRULE:FREQ=DAILY;COUNT=2"));
/// assert!(new.contains("RRULE:FREQ=DAILY;COUNT=3") && new.contains("SUMMARY:Longer"));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone)]
pub struct SeriesEdit {
    scope: Scope,
    instance: Moment,
    now: NaiveDateTime,
    zone: ZoneRules,
    new_uid: Option<String>,
}

/// What an edit leaves.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Edited {
    /// The object, under its UID. `None` if none of its instances is left: it
    /// is to be deleted.
    pub object: Option<Calendar>,
    /// The new object that holds the instance and all after it, if the series
    /// was cut in two.
    pub following: Option<Calendar>,
}

impl SeriesEdit {
    /// An edit at the instance that `instance` names as a RECURRENCE-ID would
    /// (its original start, in any zone), made at `now` (UTC). Of an object
    /// that does not repeat its DTSTART.
    #[must_use]
    pub fn new(scope: Scope, instance: Moment, now: NaiveDateTime) -> Self {
        Self {
            scope,
            instance,
            now,
            zone: ZoneRules::utc(),
            new_uid: None,
        }
    }

    /// Sets the zone in which dates and floating times are compared with
    /// others, and times whose zone is unknown; UTC if none is named.
    #[must_use]
    pub fn in_zone(mut self, zone: impl Into<ZoneRules>) -> Self {
        self.zone = zone.into();
        self
    }

    /// Sets the UID of the new object where a series is cut in two. Without, it
    /// is made of the old one and the instance, so that whoever makes the same
    /// cut makes the same object.
    #[must_use]
    pub fn with_new_uid(mut self, uid: &str) -> Self {
        self.new_uid = Some(uid.to_owned());
        self
    }

    /// Changes what the scope says. The calendar must hold one object and
    /// nothing else; a single event is changed whatever the scope.
    ///
    /// A new start or end is that of the instance; other instances within the
    /// scope move by as much on the wall clock, and so do the rule, its UNTIL,
    /// its dates and the overrides. A property that an override has of its own
    /// stays in it, but for the override of the instance itself.
    ///
    /// SEQUENCE goes up where times, rule or STATUS change (RFC 5546 2.1.4); a
    /// new object begins without one.
    ///
    /// # Errors
    /// What keeps it from being done; nothing is changed then.
    pub fn change(&self, calendar: &Calendar, change: &Change) -> Result<Edited, Refusal> {
        change.check()?;
        let object = only_object(calendar)?;
        let target = self.target(calendar, &object)?;
        let scope = if target.is_recurring() {
            self.scope
        } else {
            Scope::All
        };
        match scope {
            Scope::This => instance::change(&target, change).map(Edited::object),
            Scope::All => whole::change(&target, change).map(Edited::object),
            Scope::ThisAndFollowing => {
                if target.is_first()? {
                    return whole::change(&target, change).map(Edited::object);
                }
                let new_uid = self.new_uid.clone().unwrap_or_else(|| target.new_uid());
                let head = following::head(&target, Some(&new_uid))?;
                let tail = following::tail(&target, &new_uid)?;
                let tail_object = only_object(&tail)?;
                let in_tail = self.target(&tail, &tail_object)?;
                let following = Some(whole::change_new(&in_tail, change)?);
                Ok(Edited {
                    object: head,
                    following,
                })
            }
        }
    }

    /// Deletes what the scope says; see [`SeriesEdit::change`].
    ///
    /// # Errors
    /// What keeps it from being done; nothing is changed then.
    pub fn delete(&self, calendar: &Calendar) -> Result<Edited, Refusal> {
        let object = only_object(calendar)?;
        if self.scope == Scope::All {
            return Ok(Edited::gone());
        }
        let target = self.target(calendar, &object)?;
        if !target.is_recurring() {
            return Ok(Edited::gone());
        }
        let left = match self.scope {
            Scope::This => instance::delete(&target)?,
            _ if target.is_first()? => None,
            Scope::ThisAndFollowing | Scope::All => following::head(&target, None)?,
        };
        Ok(Edited {
            object: left,
            following: None,
        })
    }

    /// Gives the one instance back what it was in an earlier version of the
    /// series, whatever the scope: its override, byte for byte; what the series
    /// said of it then, where that is something else now; or its absence. All
    /// other instances stay as they are.
    ///
    /// # Errors
    /// What keeps it from being done; above all [`Refusal::NoSuchInstance`] if
    /// the series cannot have the instance any more.
    pub fn restore(&self, calendar: &Calendar, earlier: &Calendar) -> Result<Calendar, Refusal> {
        restore::restore(calendar, earlier, (&self.instance, &self.zone))
    }

    fn target<'a>(
        &self,
        calendar: &'a Calendar,
        object: &Object<'a>,
    ) -> Result<instance::Target<'a>, Refusal> {
        let expansion = Expansion::of(calendar).in_zone(&self.zone);
        instance::Target::of(&expansion, object, &self.instance, self.now)
    }
}

impl Edited {
    fn object(object: Calendar) -> Self {
        Self {
            object: Some(object),
            following: None,
        }
    }

    fn gone() -> Self {
        Self {
            object: None,
            following: None,
        }
    }
}

/// The one object of a calendar that is to be edited.
fn only_object(calendar: &Calendar) -> Result<Object<'_>, Refusal> {
    let mut objects = calendar.objects().into_iter();
    match (objects.next(), objects.next()) {
        (Some(object), None) => Ok(object),
        _ => Err(Refusal::NotOneObject),
    }
}
