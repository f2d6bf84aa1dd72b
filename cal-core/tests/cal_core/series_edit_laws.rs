//! Laws of editing a series, over random series.

use cal_core::series_edit::{Change, Scope, SeriesEdit};
use cal_core::{Calendar, Moment, Window};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use proptest::prelude::*;

use crate::calendar_of;
use crate::series_edit::now;

/// Start of every series: a Monday shortly before the clock changes in Berlin.
fn origin() -> NaiveDateTime {
    "2026-03-23T09:00:00".parse().unwrap()
}

#[derive(Clone, Copy, Debug)]
enum Form {
    Date,
    Floating,
    Utc,
    Berlin,
}

impl Form {
    fn property(self, name: &str, at: NaiveDateTime) -> String {
        match self {
            Form::Date => format!("{name};VALUE=DATE:{}\n", at.format("%Y%m%d")),
            Form::Floating => format!("{name}:{}\n", at.format("%Y%m%dT%H%M%S")),
            Form::Utc => format!("{name}:{}\n", at.format("%Y%m%dT%H%M%SZ")),
            Form::Berlin => format!("{name};TZID=Europe/Berlin:{}\n", at.format("%Y%m%dT%H%M%S")),
        }
    }

    fn until(self, at: NaiveDateTime) -> String {
        match self {
            Form::Date => at.format("%Y%m%d").to_string(),
            Form::Floating => at.format("%Y%m%dT%H%M%S").to_string(),
            Form::Utc | Form::Berlin => at.format("%Y%m%dT%H%M%SZ").to_string(),
        }
    }
}

fn form() -> impl Strategy<Value = Form> {
    prop_oneof![
        Just(Form::Date),
        Just(Form::Floating),
        Just(Form::Utc),
        Just(Form::Berlin)
    ]
}

#[derive(Clone, Debug)]
struct Other {
    nth: usize,
    days: i64,
    many: bool,
}

/// A series before it is written.
#[derive(Clone, Debug)]
struct Sketch {
    form: Form,
    rule: String,
    until: Option<i64>,
    excluded: Vec<usize>,
    added: Vec<i64>,
    others: Vec<Other>,
}

fn rule() -> impl Strategy<Value = String> {
    let what = prop_oneof![
        Just("FREQ=DAILY"),
        Just("FREQ=WEEKLY"),
        Just("FREQ=WEEKLY;BYDAY=MO,WE,SU"),
        Just("FREQ=WEEKLY;WKST=TH;BYDAY=SA,TU"),
        Just("FREQ=DAILY;BYDAY=MO,TU,FR"),
        Just("FREQ=MONTHLY"),
        Just("FREQ=MONTHLY;BYMONTHDAY=10,23"),
    ];
    let count = prop_oneof![
        Just(String::new()),
        (2..12u32).prop_map(|count| format!(";COUNT={count}")),
    ];
    (what, 1..4u32, count)
        .prop_map(|(what, interval, count)| format!("{what};INTERVAL={interval}{count}"))
}

fn sketch() -> impl Strategy<Value = Sketch> {
    let other = (0..12usize, -3..4i64, any::<bool>()).prop_map(|(nth, days, many)| Other {
        nth,
        days,
        many,
    });
    (
        form(),
        rule(),
        prop::option::of(5..120i64),
        prop::collection::vec(0..12usize, 0..3),
        prop::collection::vec(0..60i64, 0..3),
        prop::collection::vec(other, 0..4),
    )
        .prop_map(|(form, rule, until, excluded, added, others)| Sketch {
            form,
            until: until.filter(|_| !rule.contains("COUNT")),
            rule,
            excluded,
            added,
            others,
        })
}

impl Sketch {
    fn master(&self, exceptions: &str) -> String {
        let mut lines = self.form.property("DTSTART", origin());
        let length = match self.form {
            Form::Date => "P1D",
            _ => "PT1H",
        };
        lines += &format!("DURATION:{length}\nSUMMARY:series\nRRULE:{}", self.rule);
        if let Some(days) = self.until {
            let until = self.form.until(origin() + TimeDelta::days(days));
            lines += &format!(";UNTIL={until}");
        }
        lines.push('\n');
        for days in &self.added {
            let at = origin() + TimeDelta::days(*days) + TimeDelta::hours(3);
            lines += &self.form.property("RDATE", at);
        }
        format!("BEGIN:VEVENT\nUID:1@x\nDTSTAMP:20260101T000000Z\n{lines}{exceptions}END:VEVENT\n")
    }

    /// The text; exceptions are those of the instances that there are.
    fn calendar(&self) -> Calendar {
        let bare = Calendar::read(calendar_of(&self.master(""))).calendar;
        let starts: Vec<NaiveDateTime> = rows(&bare)
            .iter()
            .map(|row| row.id.clone().unwrap().local())
            .collect();
        let nth = |nth: &usize| starts.get(*nth).copied();
        let excluded = self.excluded.iter().filter_map(nth);
        let exdates: String = excluded
            .map(|at| self.form.property("EXDATE", at))
            .collect();
        let mut used = Vec::new();
        let mut text = self.master(&exdates);
        for other in &self.others {
            let Some(at) = nth(&other.nth).filter(|_| !used.contains(&other.nth)) else {
                continue;
            };
            if self.excluded.contains(&other.nth) {
                continue;
            }
            used.push(other.nth);
            let id = if other.many {
                "RECURRENCE-ID;RANGE=THISANDFUTURE"
            } else {
                "RECURRENCE-ID"
            };
            let start = at + TimeDelta::days(other.days);
            text += &format!(
                "BEGIN:VEVENT\nUID:1@x\n{}{}SUMMARY:other {}\nEND:VEVENT\n",
                self.form.property(id, at),
                self.form.property("DTSTART", start),
                other.nth
            );
        }
        Calendar::read(calendar_of(&text)).calendar
    }
}

/// What tells one occurrence from another.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    start: DateTime<Utc>,
    end: DateTime<Utc>,
    shown: Moment,
    summary: String,
    id: Option<Moment>,
}

impl Row {
    /// Without its place in the series.
    fn bare(&self) -> (DateTime<Utc>, DateTime<Utc>, String) {
        (self.start, self.end, self.summary.clone())
    }
}

fn window() -> Window {
    let start = origin().and_utc();
    Window::new(start - TimeDelta::days(30), start + TimeDelta::days(300))
}

fn rows(calendar: &Calendar) -> Vec<Row> {
    let found = calendar.occurrences(&window(), chrono_tz::Europe::Berlin);
    let row = |found: cal_core::Occurrence<'_>| Row {
        start: found.start_utc(),
        end: found.end_utc(),
        shown: found.start(),
        summary: found.component().summary().unwrap_or_default().into_owned(),
        id: found.recurrence_id(),
    };
    found.map(|found| row(found.unwrap())).collect()
}

fn sorted(rows: impl IntoIterator<Item = Row>) -> Vec<(DateTime<Utc>, DateTime<Utc>, String)> {
    let mut all: Vec<_> = rows.into_iter().map(|row| row.bare()).collect();
    all.sort();
    all
}

fn edit(scope: Scope, row: &Row) -> SeriesEdit {
    SeriesEdit::new(scope, row.id.clone().unwrap(), now()).in_zone(chrono_tz::Europe::Berlin)
}

fn of(calendar: Option<&Calendar>) -> Vec<Row> {
    calendar.map(rows).unwrap_or_default()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(512) })]

    #[test]
    fn the_halves_of_a_series_have_its_occurrences(sketch in sketch(), nth in any::<prop::sample::Index>()) {
        let calendar = sketch.calendar();
        let before = rows(&calendar);
        prop_assume!(!before.is_empty());
        let nth = nth.index(before.len());
        let place = cal_core::NewProperty::new("LOCATION").unwrap().with_text("there");
        let edited = edit(Scope::ThisAndFollowing, &before[nth])
            .change(&calendar, &Change::new().with(place))
            .unwrap();
        let cut = before[nth].id.clone().unwrap().local();
        let (earlier, later): (Vec<Row>, Vec<Row>) = before
            .into_iter()
            .partition(|row| row.id.clone().unwrap().local() < cut);
        let (head, tail) = (edited.object.as_ref(), edited.following.as_ref());
        // Without anything before it there is one object, not two.
        if earlier.is_empty() {
            prop_assert_eq!(tail.map(Calendar::to_string), None);
            prop_assert_eq!(sorted(of(head)), sorted(later));
        } else {
            prop_assert_eq!(sorted(of(head)), sorted(earlier), "{}", calendar);
            prop_assert_eq!(sorted(of(tail)), sorted(later), "{} {}", calendar, tail.unwrap());
        }
    }

    #[test]
    fn a_deleted_instance_is_gone_and_no_other(sketch in sketch(), nth in any::<prop::sample::Index>()) {
        let calendar = sketch.calendar();
        let mut expected = rows(&calendar);
        prop_assume!(!expected.is_empty());
        let nth = nth.index(expected.len());
        let gone = expected.remove(nth);
        let edited = edit(Scope::This, &gone).delete(&calendar).unwrap();
        let left = edited.object;
        prop_assert_eq!(sorted(of(left.as_ref())), sorted(expected), "{}", calendar);
    }

    #[test]
    fn a_series_cut_off_has_what_came_before(sketch in sketch(), nth in any::<prop::sample::Index>()) {
        let calendar = sketch.calendar();
        let mut expected = rows(&calendar);
        prop_assume!(!expected.is_empty());
        let nth = nth.index(expected.len());
        let at = expected[nth].clone();
        let edited = edit(Scope::ThisAndFollowing, &at).delete(&calendar).unwrap();
        let cut = at.id.unwrap().local();
        expected.retain(|row| row.id.clone().unwrap().local() < cut);
        prop_assert_eq!(edited.object.is_none(), expected.is_empty());
        prop_assert_eq!(sorted(of(edited.object.as_ref())), sorted(expected), "{}", calendar);
    }

    #[test]
    fn a_changed_instance_is_changed_and_no_other(
        sketch in sketch(), nth in any::<prop::sample::Index>(), days in -5..6i64,
    ) {
        let calendar = sketch.calendar();
        let before = rows(&calendar);
        prop_assume!(!before.is_empty());
        let nth = nth.index(before.len());
        // Moved, it must still be where one looks.
        let near = before.iter().take_while(|row| row.start < origin().and_utc() + TimeDelta::days(250));
        let nth = nth.min(near.count().saturating_sub(1));
        let start = before[nth].shown.shifted(TimeDelta::days(days)).unwrap();
        let change = Change::new().with_start(start.clone()).with_summary("changed");
        let edited = edit(Scope::This, &before[nth]).change(&calendar, &change).unwrap();
        let after = rows(edited.object.as_ref().unwrap());
        let of_others = |rows: &[Row]| {
            let others = rows.iter().filter(|row| row.id != before[nth].id);
            sorted(others.cloned())
        };
        prop_assert_eq!(of_others(&after), of_others(&before), "{}", calendar);
        let changed: Vec<&Row> = after.iter().filter(|row| row.id == before[nth].id).collect();
        prop_assert_eq!(changed.len(), 1);
        prop_assert_eq!(&changed[0].shown, &start);
        prop_assert_eq!(&changed[0].summary, "changed");
    }

    #[test]
    fn a_series_moves_as_one_and_keeps_its_overrides(
        sketch in sketch(), nth in any::<prop::sample::Index>(), days in -5..5i64, hours in 0..14i64,
    ) {
        let calendar = sketch.calendar();
        let before = rows(&calendar);
        prop_assume!(!before.is_empty());
        let nth = nth.index(before.len());
        let hours = if matches!(sketch.form, Form::Date) { 0 } else { hours };
        let by = TimeDelta::days(days) + TimeDelta::hours(hours);
        let change = Change::new().with_start(before[nth].shown.shifted(by).unwrap());
        let edited = edit(Scope::All, &before[nth]).change(&calendar, &change).unwrap();
        let moved = edited.object.unwrap();
        let near = |at: NaiveDateTime| at > origin() - TimeDelta::days(15) && at < origin() + TimeDelta::days(200);
        let shape = |rows: &[Row], by: TimeDelta| {
            let mut all: Vec<(NaiveDateTime, NaiveDateTime, String)> = rows
                .iter()
                .map(|row| {
                    let id = row.id.clone().unwrap().local() + by;
                    (id, row.shown.local() + by, row.summary.clone())
                })
                .filter(|(id, ..)| near(*id))
                .collect();
            all.sort();
            all
        };
        prop_assert_eq!(shape(&rows(&moved), TimeDelta::zero()), shape(&before, by), "{} {}", calendar, moved);
    }
}
