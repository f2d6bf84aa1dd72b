//! Busy time drawn with characters, a day a line.

use std::fmt;

use cal_core::ZoneRules;
use chrono::{DateTime, NaiveDate, TimeDelta};

use crate::disjoint::touches;
use crate::wall_clock::{WallClock, utc};
use crate::{BusyTimes, BusyType, Error, Interval};

const DAY: i64 = 86_400;
const HALF_HOUR: i64 = 1_800;

/// A chart of busy time on the clock of a zone: a line for each day, a
/// character for each half hour.
///
/// ```
/// use cal_freebusy::{BusyTime, BusyTimes, BusyType, Chart};
/// use chrono_tz::Europe::Berlin;
///
/// let busy: BusyTimes = [
///     BusyTime::new("20260302T083000Z/PT2H".parse()?, BusyType::Busy),
///     BusyTime::new("20260302T143000Z/PT1H".parse()?, BusyType::Tentative),
/// ]
/// .into_iter()
/// .collect();
/// // From Monday, 00:00, to Wednesday, 00:00.
/// let chart = Chart::new(&busy, &"20260301T230000Z/P2D".parse()?, Berlin)?;
/// assert_eq!(
///     chart.to_string(),
///     "\
/// ____________0     3     6     9     12    15    18    21
/// Mon 02 Mar  ...................####........~~...............
/// Tue 03 Mar  ................................................
/// "
///     .replace('_', " ")
/// );
/// # Ok::<(), cal_freebusy::Error>(())
/// ```
///
/// A half hour is free (`.`) if nothing takes any of it; else it is what the
/// firmest says that takes some of it: tentative (`~`), busy (`#`) or
/// unavailable (`x`). Where nothing takes it and its owner does not work for
/// some of it ([`with_closed`](Self::with_closed)) it is `-`. It is blank outside of the window and where the clocks
/// jump over it; where they go back the hour that comes twice is one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Chart {
    days: Vec<(NaiveDate, [Option<Cell>; 48])>,
}

/// A half hour on a wall clock, as far as it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Cell {
    shown: Interval,
    taken: Option<BusyType>,
    is_closed: bool,
}

impl Chart {
    /// How many days a chart may have.
    pub const MAX_DAYS: i64 = 400;

    /// What `busy` says of `window`, on the clock of `zone`.
    ///
    /// # Errors
    ///
    /// [`Error::WindowTooLong`] beyond [`MAX_DAYS`](Self::MAX_DAYS).
    pub fn new(
        busy: &BusyTimes,
        window: &Interval,
        zone: impl Into<ZoneRules>,
    ) -> Result<Self, Error> {
        if window.length() > TimeDelta::days(Self::MAX_DAYS) {
            return Err(Error::WindowTooLong {
                days: Self::MAX_DAYS,
            });
        }
        let clock = WallClock::over(&zone.into(), window)?;
        let first = clock.to_local(window.start().timestamp()).div_euclid(DAY);
        let end = clock.to_local(window.end().timestamp());
        let after = end.div_euclid(DAY) + i64::from(end.rem_euclid(DAY) > 0);
        let days = (first..after.max(first)).map(|day| {
            let mut midnight = day * DAY;
            let cells = std::array::from_fn(|_| {
                let local = midnight;
                midnight += HALF_HOUR;
                cell(busy, window, &clock, local)
            });
            (utc(day * DAY).date_naive(), cells)
        });
        Ok(Self {
            days: days.collect(),
        })
    }
}

impl Chart {
    /// Marks when someone does not work: disjoint times, in order.
    ///
    /// ```
    /// use cal_freebusy::{BusyTimes, Chart};
    /// use chrono_tz::Tz;
    ///
    /// let day = "20260302T000000Z/P1D".parse()?;
    /// let night = "20260302T000000Z/PT9H".parse()?;
    /// let chart = Chart::new(&BusyTimes::new(), &day, Tz::UTC)?.with_closed(&[night]);
    /// assert!(chart.to_string().contains("------------------.........."));
    /// # Ok::<(), cal_freebusy::Error>(())
    /// ```
    #[must_use]
    pub fn with_closed(mut self, closed: &[Interval]) -> Self {
        let cells = self.days.iter_mut().flat_map(|(_, cells)| cells);
        for cell in cells.flatten() {
            cell.is_closed = touches(closed, &cell.shown);
        }
        self
    }
}

fn cell(busy: &BusyTimes, window: &Interval, clock: &WallClock, local: i64) -> Option<Cell> {
    let start = clock.to_utc(local);
    if clock.to_local(start) != local {
        return None;
    }
    let instant = |seconds| DateTime::from_timestamp(seconds, 0);
    let half_hour = Interval::new(instant(start)?, instant(clock.to_utc(local + HALF_HOUR))?);
    let shown = half_hour.intersection(window)?;
    Some(Cell {
        shown,
        taken: busy.touching(&shown).map(|time| time.busy_type).max(),
        is_closed: false,
    })
}

impl fmt::Display for Chart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:12}", "")?;
        for hour in (0..21).step_by(3) {
            write!(f, "{hour:<6}")?;
        }
        writeln!(f, "21")?;
        for (date, cells) in &self.days {
            let drawn: String = cells.iter().map(|cell| character(*cell)).collect();
            writeln!(f, "{}  {}", date.format("%a %d %b"), drawn.trim_end())?;
        }
        Ok(())
    }
}

fn character(cell: Option<Cell>) -> char {
    let Some(cell) = cell else {
        return ' ';
    };
    match cell.taken {
        None if cell.is_closed => '-',
        None => '.',
        Some(BusyType::Tentative) => '~',
        Some(BusyType::Busy) => '#',
        Some(BusyType::Unavailable) => 'x',
    }
}
