//! Printing a rule in canonical form.

use std::fmt;

use chrono::Weekday;

use crate::{Part, RRule, Skip, weekday};

impl fmt::Display for RRule {
    /// RSCALE, FREQ, UNTIL or COUNT, INTERVAL, the BYxxx parts from the finest
    /// to the coarsest, BYSETPOS, WKST, SKIP; defaults are left out.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(rscale) = &self.rscale {
            write!(f, "RSCALE={rscale};")?;
        }
        write!(f, "FREQ={}", self.frequency)?;
        if let Some(until) = self.until {
            write!(f, ";UNTIL={until}")?;
        }
        if let Some(count) = self.count {
            write!(f, ";COUNT={count}")?;
        }
        if self.interval != 1 {
            write!(f, ";INTERVAL={}", self.interval)?;
        }
        list(f, Part::BySecond, &self.by_second)?;
        list(f, Part::ByMinute, &self.by_minute)?;
        list(f, Part::ByHour, &self.by_hour)?;
        list(f, Part::ByDay, &self.by_day)?;
        list(f, Part::ByMonthDay, &self.by_month_day)?;
        list(f, Part::ByYearDay, &self.by_year_day)?;
        list(f, Part::ByWeekNo, &self.by_week_no)?;
        list(f, Part::ByMonth, &self.by_month)?;
        list(f, Part::BySetPos, &self.by_set_pos)?;
        if self.week_start != Weekday::Mon {
            write!(f, ";WKST={}", weekday::code(self.week_start))?;
        }
        if self.skip != Skip::Omit {
            write!(f, ";SKIP={}", self.skip)?;
        }
        Ok(())
    }
}

fn list<T: fmt::Display>(f: &mut fmt::Formatter<'_>, part: Part, values: &[T]) -> fmt::Result {
    let Some((first, rest)) = values.split_first() else {
        return Ok(());
    };
    write!(f, ";{part}={first}")?;
    for value in rest {
        write!(f, ",{value}")?;
    }
    Ok(())
}
