//! A week or a year of many people, joined and searched: `cal-freebusy` beside
//! roaring bitmaps and a bare loop over words.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops at the first surprise"
)]

use std::hint::black_box;
use std::ops::Range;

use cal_core::Calendar;
use cal_freebusy::{
    BusyIndex, BusyTime, BusyTimes, BusyType, Change, Interval, Layers, Participant, Preference,
    Request, Room, Schedule, Slot, SlotSet, Transparency, WorkingHours,
};
use chrono::TimeDelta;
use chrono_tz::{America::New_York, Europe::Berlin, Europe::London, Tz};
use criterion::{Criterion, criterion_group, criterion_main};
use roaring::RoaringBitmap;

/// A Sunday in 2026, as a slot; a multiple of 64, so that the bare words line up.
const START: u32 = 1_974_848;
const WEEK: u32 = 7 * 96;
const YEAR: u32 = 365 * 96;

/// Two half hours or hours a day for each person, the same in every run.
fn busy(person: u32, slots: u32) -> Vec<Range<u32>> {
    let mut state = person.wrapping_mul(2_654_435_761).wrapping_add(12_345);
    let mut next = move || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state >> 16
    };
    (0..slots / 96)
        .flat_map(|day| [day, day])
        .map(|day| {
            let start = START + day * 96 + 32 + next() % 40;
            start..start + 2 + 2 * (next() % 2)
        })
        .collect()
}

/// The same people in each of the three forms.
struct People {
    cal: Vec<SlotSet>,
    roaring: Vec<RoaringBitmap>,
    naive: Vec<Vec<u64>>,
}

impl People {
    fn new(count: u32, slots: u32) -> Self {
        // One form after the other, so that each lies in memory as if it were
        // alone.
        let ranges = || (0..count).map(|person| busy(person, slots));
        let cal = ranges().map(|ranges| {
            let ranges = ranges.into_iter();
            ranges
                .map(|range| slot(range.start)..slot(range.end))
                .collect()
        });
        let roaring = ranges().map(|ranges| {
            let mut bitmap = RoaringBitmap::new();
            for range in ranges {
                bitmap.insert_range(range);
            }
            bitmap
        });
        let naive = ranges().map(|ranges| {
            let mut words = vec![0_u64; slots.div_ceil(64) as usize];
            for bit in ranges.into_iter().flatten().map(|bit| bit - START) {
                if let Some(word) = words.get_mut((bit / 64) as usize) {
                    *word |= 1 << (bit % 64);
                }
            }
            words
        });
        Self {
            cal: cal.collect(),
            roaring: roaring.collect(),
            naive: naive.collect(),
        }
    }

    fn naive_union(&self) -> Vec<u64> {
        let mut union = vec![0; self.naive.first().map_or(0, Vec::len)];
        for words in &self.naive {
            for (all, one) in union.iter_mut().zip(words) {
                *all |= one;
            }
        }
        union
    }

    fn roaring_union(&self) -> RoaringBitmap {
        let mut union = RoaringBitmap::new();
        for bitmap in &self.roaring {
            union |= bitmap;
        }
        union
    }
}

fn slot(number: u32) -> Slot {
    Slot::from_number(i64::from(number))
}

fn union(criterion: &mut Criterion, name: &str, slots: u32, counts: &[u32]) {
    for &count in counts {
        let people = People::new(count, slots);
        assert_eq!(
            SlotSet::union_of(&people.cal).len(),
            people.roaring_union().len(),
            "both find the same"
        );
        let mut group = criterion.benchmark_group(format!("freebusy/{name}_{count}"));
        group.bench_function("cal", |bencher| {
            bencher.iter(|| SlotSet::union_of(black_box(&people.cal)));
        });
        group.bench_function("roaring", |bencher| {
            bencher.iter(|| black_box(&people).roaring_union());
        });
        group.bench_function("naive", |bencher| {
            bencher.iter(|| black_box(&people).naive_union());
        });
        group.finish();
    }
}

/// The union, and in it the first ten gaps of half an hour.
fn find(criterion: &mut Criterion, name: &str, slots: u32, counts: &[u32]) {
    for &count in counts {
        let people = People::new(count, slots);
        let week = slot(START)..slot(START + slots);
        let mut group = criterion.benchmark_group(format!("freebusy/{name}_{count}"));
        group.bench_function("cal", |bencher| {
            bencher.iter(|| {
                let busy = SlotSet::union_of(black_box(&people.cal));
                busy.free_runs(week.clone(), 2).take(10).count()
            });
        });
        group.bench_function("roaring", |bencher| {
            bencher.iter(|| {
                let mut free = RoaringBitmap::new();
                free.insert_range(START..START + slots);
                free -= black_box(&people).roaring_union();
                runs(free.iter())
            });
        });
        group.bench_function("naive", |bencher| {
            bencher.iter(|| {
                let busy = black_box(&people).naive_union();
                runs_of_words(&busy, slots)
            });
        });
        group.finish();
    }
}

/// How many of the first ten runs of two or more zero bits there are, found a
/// word at a time: what anyone would write by hand.
fn runs_of_words(words: &[u64], bits: u32) -> usize {
    let (mut found, mut open) = (0, None);
    for (start, word) in (0_u32..).step_by(64).zip(words) {
        let (mut at, mut rest) = (0, *word);
        while at < 64 {
            // The run of equal bits that comes next.
            let free = rest & 1 == 0;
            let length = if free {
                rest.trailing_zeros()
            } else {
                rest.trailing_ones()
            };
            let length = length.min(64 - at);
            if free {
                open.get_or_insert(start + at);
            } else if open.take().is_some_and(|from| start + at - from >= 2) {
                found += 1;
                if found == 10 {
                    return found;
                }
            }
            at += length;
            rest = rest.checked_shr(length).unwrap_or(0);
        }
    }
    found + usize::from(open.is_some_and(|from| bits - from >= 2))
}

/// How many of the first ten runs of two or more numbers there are.
fn runs(numbers: impl Iterator<Item = u32>) -> usize {
    let (mut found, mut last, mut length) = (0, None, 0);
    for number in numbers {
        length = if last == number.checked_sub(1) {
            length + 1
        } else {
            1
        };
        last = Some(number);
        if length == 2 {
            found += 1;
            if found == 10 {
                break;
            }
        }
    }
    found
}

fn weeks(criterion: &mut Criterion) {
    union(criterion, "union", WEEK, &[5, 50, 500, 5000]);
    find(criterion, "find", WEEK, &[5, 50, 500, 5000]);
}

fn years(criterion: &mut Criterion) {
    union(criterion, "union_year", YEAR, &[5, 50, 500, 5000]);
    find(criterion, "find_year", YEAR, &[5, 50, 500, 5000]);
}

/// How many of many people are taken: any of them, and half of them.
fn at_least(criterion: &mut Criterion) {
    for count in [5, 50, 500, 5000] {
        let people = People::new(count, WEEK);
        let half = (count as usize).div_ceil(2);
        criterion.bench_function(
            &format!("freebusy/at_least_half_of_{count}/cal"),
            |bencher| {
                bencher.iter(|| SlotSet::at_least_of(half, black_box(&people.cal)));
            },
        );
    }
}

/// One event, a fifth of the time a weekly series.
fn event(number: u32) -> String {
    let (day, hour) = (number % 28 + 1, number % 9 + 8);
    let (month, rule) = match number % 5 {
        0 => (1, "RRULE:FREQ=WEEKLY\r\n"),
        _ => (number % 12 + 1, ""),
    };
    format!(
        "BEGIN:VEVENT\r\nUID:{number}\r\nDTSTAMP:20260101T000000Z\r\n\
         DTSTART;TZID=Europe/Berlin:2026{month:02}{day:02}T{hour:02}0000\r\n\
         DTEND;TZID=Europe/Berlin:2026{month:02}{day:02}T{hour:02}4500\r\n\
         SUMMARY:Meeting {number}\r\n{rule}END:VEVENT\r\n"
    )
}

fn calendar(events: &str) -> Calendar {
    let frame = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//y\r\n";
    Calendar::parse(format!("{frame}{events}END:VCALENDAR\r\n")).unwrap()
}

/// A year of a thousand events to layers, and one change of it: of a single
/// event, and of a weekly series.
fn from_calendars(criterion: &mut Criterion) {
    let year: Interval = "20260101T000000Z/P365D".parse().unwrap();
    let all = calendar(&(0..1000).map(event).collect::<String>());
    criterion.bench_function("freebusy/year_of_1000_events/cal", |bencher| {
        let schedule = Schedule::new(Berlin).with_calendar(&all);
        bencher.iter(|| Layers::of(black_box(&schedule), &year));
    });
    let mut index = BusyIndex::new(Berlin, year).unwrap();
    let objects: Vec<Calendar> = (0..1000).map(|number| calendar(&event(number))).collect();
    let transparency = Transparency::AsEvents;
    for (number, object) in objects.iter().enumerate() {
        let key = &number.to_string();
        index.apply(&Change::Put {
            key,
            object,
            transparency,
        });
    }
    let changes = [
        ("change_of_1000_events", ["1", "2"]),
        ("change_of_a_series_of_1000_events", ["0", "5"]),
    ];
    for (name, [key, other]) in changes {
        let versions = [key, other].map(|number| calendar(&event(number.parse().unwrap())));
        criterion.bench_function(&format!("freebusy/{name}/cal"), |bencher| {
            let mut versions = versions.iter().cycle();
            bencher.iter(|| {
                let object = versions.next().unwrap();
                index.apply(&Change::Put {
                    key,
                    object,
                    transparency,
                });
            });
        });
    }
}

/// A half hour for some people over two weeks, with hours, buffers,
/// preferences and three rooms.
fn suggest(criterion: &mut Criterion) {
    let office = |zone: Tz| WorkingHours::weekdays(zone, "08:00-18:00".parse().unwrap());
    let taken = |person: u32| -> BusyTimes {
        let ranges = busy(person, 2 * WEEK).into_iter().step_by(2);
        let times = ranges.map(|range| {
            let interval = Interval::new(slot(range.start).start(), slot(range.end).start());
            BusyTime::new(interval, BusyType::Busy)
        });
        times.collect()
    };
    let window = Interval::new(slot(START).start(), slot(START + 2 * WEEK).start());
    let (ten, length) = (TimeDelta::minutes(10), TimeDelta::minutes(30));
    for count in [5, 10, 50, 500, 5000] {
        let mut request = (0..3).fold(Request::new(window, length, Berlin), |request, room| {
            request.with_room(Room::new(format!("room {room}"), taken(10_000 + room)))
        });
        for person in 0..count {
            let zone = [Berlin, London, New_York]
                .into_iter()
                .nth(person as usize % 3);
            let zone = zone.unwrap_or(Berlin);
            let morning = Preference::liking("morning", "08:00-12:00".parse().unwrap());
            request = request.with(
                Participant::new(format!("person {person}"), zone, taken(person))
                    .with_hours(office(zone).with_margins(ten, ten))
                    .with_buffers(ten, ten)
                    .with_preference(morning),
            );
        }
        criterion.bench_function(&format!("freebusy/suggest_{count}/cal"), |bencher| {
            bencher.iter(|| black_box(&request).suggest().unwrap());
        });
    }
}

criterion_group!(benches, weeks, years, at_least, from_calendars, suggest);
criterion_main!(benches);
