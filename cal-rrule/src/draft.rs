//! The combinations of parts that the RFCs allow, for text and builder alike.

use chrono::Weekday;

use crate::{
    Error, Frequency, Month, Part, Problem, ProblemKind, RRule, Rscale, Skip, WeekdayNum, When,
};

/// A rule whose values were read but whose combination was not judged yet.
#[derive(Clone, Debug, Default)]
pub(crate) struct Draft {
    pub(crate) frequency: Option<Frequency>,
    pub(crate) interval: Option<u32>,
    pub(crate) count: Option<u64>,
    pub(crate) until: Option<When>,
    pub(crate) by_second: Vec<u8>,
    pub(crate) by_minute: Vec<u8>,
    pub(crate) by_hour: Vec<u8>,
    pub(crate) by_day: Vec<WeekdayNum>,
    pub(crate) by_month_day: Vec<i8>,
    pub(crate) by_year_day: Vec<i16>,
    pub(crate) by_week_no: Vec<i8>,
    pub(crate) by_month: Vec<Month>,
    pub(crate) by_set_pos: Vec<i16>,
    pub(crate) week_start: Option<Weekday>,
    pub(crate) rscale: Option<Rscale>,
    pub(crate) skip: Option<Skip>,
}

/// Whether a number may stand in a part. Calendars other than the Gregorian
/// have up to thirteen months and longer years (RFC 7529 4.1).
pub(crate) fn in_range(part: Part, value: i32, gregorian: bool) -> bool {
    let signed = |limit: i32| value != 0 && value.abs() <= limit;
    match part {
        Part::BySecond => (0..=60).contains(&value),
        Part::ByMinute => (0..=59).contains(&value),
        Part::ByHour => (0..=23).contains(&value),
        Part::ByMonth => (1..=if gregorian { 12 } else { 13 }).contains(&value),
        Part::ByDay | Part::ByWeekNo => signed(if gregorian { 53 } else { 56 }),
        Part::ByMonthDay => signed(if gregorian { 31 } else { 32 }),
        Part::ByYearDay => signed(if gregorian { 366 } else { 385 }),
        Part::BySetPos => signed(366),
        Part::Interval | Part::Count => value > 0,
        _ => true,
    }
}

/// Where a part stands in the text, if the rule has a text.
type Place<'a> = &'a dyn Fn(Part) -> Option<(usize, &'a str)>;

impl Draft {
    /// Judges the combination: what is forbidden is taken out and reported.
    pub(crate) fn settle(mut self, place: Place<'_>, problems: &mut Vec<Problem>) -> Option<RRule> {
        let Some(frequency) = self.frequency else {
            if !problems
                .iter()
                .any(|problem| problem.kind() == ProblemKind::UnknownFrequency)
            {
                problems.push(Problem::new(ProblemKind::NoFrequency, None));
            }
            return None;
        };
        self.drop_forbidden_parts(frequency, place, problems);
        if !self.by_set_pos.is_empty() && !self.has_other_by_part() {
            self.by_set_pos.clear();
            problems.push(Problem::new(
                ProblemKind::SetPosAlone,
                place(Part::BySetPos),
            ));
        }
        if self.count.is_some() && self.until.is_some() {
            problems.push(Problem::new(ProblemKind::CountAndUntil, place(Part::Count)));
        }
        if self.skip.is_some() && self.rscale.is_none() {
            problems.push(Problem::new(
                ProblemKind::SkipWithoutRscale,
                place(Part::Skip),
            ));
            self.rscale = Some(Rscale::new("GREGORIAN"));
        }
        Some(self.into_rule(frequency))
    }

    /// Like [`Draft::settle`], but the first problem is an error.
    pub(crate) fn settle_strictly(self) -> Result<RRule, Error> {
        let mut problems = Vec::new();
        let rule = self.settle(&|_| None, &mut problems);
        match (rule, problems.into_iter().next()) {
            (Some(rule), None) => Ok(rule),
            (_, Some(problem)) => Err(Error::Invalid(problem)),
            (None, None) => Err(Error::Invalid(Problem::new(ProblemKind::NoFrequency, None))),
        }
    }

    fn drop_forbidden_parts(
        &mut self,
        frequency: Frequency,
        place: Place<'_>,
        problems: &mut Vec<Problem>,
    ) {
        let mut forbid = |part, values_present: bool| {
            if values_present {
                let kind = ProblemKind::NotWithFrequency(part, frequency);
                problems.push(Problem::new(kind, place(part)));
            }
            values_present
        };
        if frequency != Frequency::Yearly && forbid(Part::ByWeekNo, !self.by_week_no.is_empty()) {
            self.by_week_no.clear();
        }
        if matches!(
            frequency,
            Frequency::Daily | Frequency::Weekly | Frequency::Monthly
        ) && forbid(Part::ByYearDay, !self.by_year_day.is_empty())
        {
            self.by_year_day.clear();
        }
        if frequency == Frequency::Weekly && forbid(Part::ByMonthDay, !self.by_month_day.is_empty())
        {
            self.by_month_day.clear();
        }
        if !self.by_day.iter().any(|day| day.ordinal().is_some()) {
            return;
        }
        if frequency < Frequency::Monthly {
            let kind = ProblemKind::OrdinalNotWithFrequency(frequency);
            problems.push(Problem::new(kind, place(Part::ByDay)));
            self.drop_ordinals();
        } else if !self.by_week_no.is_empty() {
            let kind = ProblemKind::OrdinalWithWeekNo;
            problems.push(Problem::new(kind, place(Part::ByDay)));
            self.drop_ordinals();
        }
    }

    fn drop_ordinals(&mut self) {
        for day in &mut self.by_day {
            *day = WeekdayNum::every(day.weekday());
        }
    }

    fn has_other_by_part(&self) -> bool {
        !(self.by_second.is_empty()
            && self.by_minute.is_empty()
            && self.by_hour.is_empty()
            && self.by_day.is_empty()
            && self.by_month_day.is_empty()
            && self.by_year_day.is_empty()
            && self.by_week_no.is_empty()
            && self.by_month.is_empty())
    }

    fn into_rule(self, frequency: Frequency) -> RRule {
        RRule {
            frequency,
            interval: self.interval.unwrap_or(1),
            count: self.count,
            until: self.until,
            by_second: sorted(self.by_second, |value| *value),
            by_minute: sorted(self.by_minute, |value| *value),
            by_hour: sorted(self.by_hour, |value| *value),
            by_day: sorted(self.by_day, |day| day.sort_key()),
            by_month_day: sorted(self.by_month_day, |value| {
                (*value < 0, value.unsigned_abs())
            }),
            by_year_day: sorted(self.by_year_day, |value| (*value < 0, value.unsigned_abs())),
            by_week_no: sorted(self.by_week_no, |value| (*value < 0, value.unsigned_abs())),
            by_month: sorted(self.by_month, |month| *month),
            by_set_pos: sorted(self.by_set_pos, |value| (*value < 0, value.unsigned_abs())),
            week_start: self.week_start.unwrap_or(Weekday::Mon),
            rscale: self.rscale,
            skip: self.skip.unwrap_or_default(),
        }
    }
}

fn sorted<T: PartialEq, K: Ord>(mut values: Vec<T>, key: impl Fn(&T) -> K) -> Vec<T> {
    if values.len() > 1 {
        values.sort_by_key(key);
        values.dedup();
    }
    values
}
