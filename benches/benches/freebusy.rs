//! A week or a year of many people, joined and searched: `cal-freebusy` beside
//! roaring bitmaps and a bare loop over words.
#![allow(
    clippy::unwrap_used,
    missing_docs,
    reason = "a bench stops at the first surprise"
)]

use std::hint::black_box;
use std::ops::Range;

use cal_freebusy::{Slot, SlotSet};
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
        let mut people = Self {
            cal: Vec::new(),
            roaring: Vec::new(),
            naive: Vec::new(),
        };
        for person in 0..count {
            let mut set = SlotSet::new();
            let mut bitmap = RoaringBitmap::new();
            let mut words = vec![0_u64; slots.div_ceil(64) as usize];
            for range in busy(person, slots) {
                set.insert_range(slot(range.start)..slot(range.end));
                bitmap.insert_range(range.clone());
                for bit in range {
                    let bit = bit - START;
                    if let Some(word) = words.get_mut((bit / 64) as usize) {
                        *word |= 1 << (bit % 64);
                    }
                }
            }
            people.cal.push(set);
            people.roaring.push(bitmap);
            people.naive.push(words);
        }
        people
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
fn find(criterion: &mut Criterion) {
    for count in [5, 50, 500, 5000] {
        let people = People::new(count, WEEK);
        let week = slot(START)..slot(START + WEEK);
        let mut group = criterion.benchmark_group(format!("freebusy/find_{count}"));
        group.bench_function("cal", |bencher| {
            bencher.iter(|| {
                let busy = SlotSet::union_of(black_box(&people.cal));
                busy.free_runs(week.clone(), 2).take(10).count()
            });
        });
        group.bench_function("roaring", |bencher| {
            bencher.iter(|| {
                let mut free = RoaringBitmap::new();
                free.insert_range(START..START + WEEK);
                free -= black_box(&people).roaring_union();
                runs(free.iter())
            });
        });
        group.bench_function("naive", |bencher| {
            bencher.iter(|| {
                let busy = black_box(&people).naive_union();
                let taken = |bit: u32| {
                    let word = busy.get((bit / 64) as usize).copied();
                    word.is_some_and(|word| word >> (bit % 64) & 1 == 1)
                };
                runs((0..WEEK).filter(|bit| !taken(*bit)))
            });
        });
        group.finish();
    }
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
}

fn years(criterion: &mut Criterion) {
    union(criterion, "union_year", YEAR, &[5, 50, 500, 5000]);
}

criterion_group!(benches, weeks, years, find);
criterion_main!(benches);
