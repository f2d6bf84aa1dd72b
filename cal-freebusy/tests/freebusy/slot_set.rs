//! Sets of slots against a `Vec<bool>`, near together and years apart.

use std::ops::Range;

use cal_freebusy::{Error, Slot, SlotSet};
use proptest::prelude::*;

const SIZE: usize = 400;

/// Slots `0..SIZE`, each stretched to `scale` slots of the real set, so that a
/// large scale makes a set reach over centuries.
#[derive(Clone, Debug)]
struct Model {
    taken: Vec<bool>,
    scale: i64,
}

impl Model {
    fn slot(&self, index: usize) -> Slot {
        Slot::from_number((i64::try_from(index).unwrap() - 200) * self.scale)
    }

    fn range(&self, range: &Range<usize>) -> Range<Slot> {
        self.slot(range.start)..self.slot(range.end)
    }

    fn set(&self) -> SlotSet {
        (0..SIZE)
            .filter(|index| self.taken[*index])
            .map(|index| self.range(&(index..index + 1)))
            .collect()
    }

    fn runs_of(&self, wanted: bool, within: Range<usize>) -> Vec<Range<Slot>> {
        let mut runs: Vec<Range<usize>> = Vec::new();
        for index in within.filter(|index| self.taken[*index] == wanted) {
            match runs.last_mut() {
                Some(run) if run.end == index => run.end += 1,
                _ => runs.push(index..index + 1),
            }
        }
        runs.iter().map(|run| self.range(run)).collect()
    }

    fn with(&self, other: &Self, combine: fn(bool, bool) -> bool) -> Self {
        let pairs = self.taken.iter().zip(&other.taken);
        Self {
            taken: pairs.map(|(a, b)| combine(*a, *b)).collect(),
            scale: self.scale,
        }
    }
}

prop_compose! {
    fn model_of(scale: i64)(
        ranges in prop::collection::vec((0..SIZE, 0_usize..60), 0..8),
    ) -> Model {
        let mut taken = vec![false; SIZE];
        for (start, length) in ranges {
            taken[start..(start + length).min(SIZE)].fill(true);
        }
        Model { taken, scale }
    }
}

/// Single slots; a few years; so far apart that a set turns to roaring.
fn scales() -> impl Strategy<Value = i64> {
    prop_oneof![Just(1_i64), Just(500), Just(30_000)]
}

fn model() -> impl Strategy<Value = Model> {
    scales().prop_flat_map(model_of)
}

fn models() -> impl Strategy<Value = (Model, Model)> {
    scales().prop_flat_map(|scale| (model_of(scale), model_of(scale)))
}

/// Up to nine people, near together or centuries apart.
fn people() -> impl Strategy<Value = Vec<Model>> {
    scales().prop_flat_map(|scale| prop::collection::vec(model_of(scale), 0..9))
}

fn length(range: &Range<Slot>) -> i64 {
    i64::from(range.end.number()) - i64::from(range.start.number())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn operators_are_those_of_sets((a, b) in models()) {
        let (left, right) = (a.set(), b.set());
        prop_assert_eq!(&left | &right, a.with(&b, |a, b| a || b).set());
        prop_assert_eq!(&left & &right, a.with(&b, |a, b| a && b).set());
        prop_assert_eq!(&left - &right, a.with(&b, |a, b| a && !b).set());
        prop_assert_eq!(&left ^ &right, a.with(&b, |a, b| a != b).set());
        prop_assert_eq!(left.is_disjoint(&right), a.with(&b, |a, b| a && b).set().is_empty());
        prop_assert_eq!(left.is_subset(&right), (&left - &right).is_empty());
    }

    #[test]
    fn many_sets_are_joined_shared_and_counted_slot_by_slot(people in people(), count in 0_usize..10) {
        let sets: Vec<SlotSet> = people.iter().map(Model::set).collect();
        let held = |index: usize| people.iter().filter(|model| model.taken[index]).count();
        let scale = people.first().map_or(1, |model| model.scale);
        let expect = |wanted: &dyn Fn(usize) -> bool| {
            Model { taken: (0..SIZE).map(|index| wanted(held(index))).collect(), scale }.set()
        };
        prop_assert_eq!(SlotSet::union_of(&sets), expect(&|held| held > 0));
        let all = |held| held > 0 && held == people.len();
        prop_assert_eq!(SlotSet::intersection_of(&sets), expect(&all));
        let enough = |held| held >= count.max(1);
        prop_assert_eq!(SlotSet::at_least_of(count, &sets), expect(&enough));
    }

    #[test]
    fn blame_falls_on_everyone_who_is_taken_at_any_time_of_it(
        people in people(), start in 0..SIZE, length in 0_usize..30,
    ) {
        let sets: Vec<SlotSet> = people.iter().map(Model::set).collect();
        let range = start..(start + length).min(SIZE);
        let expected: Vec<usize> = (0..people.len())
            .filter(|person| range.clone().any(|index| people[*person].taken[index]))
            .collect();
        let asked = people.first().map_or(Slot::MIN..Slot::MIN, |model| model.range(&range));
        prop_assert_eq!(SlotSet::blockers_of(&sets, asked).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn sets_of_different_reach_combine(near in model_of(1), far in model_of(30_000)) {
        let (near, far) = (near.set(), far.set());
        let both = &near & &far;
        for slot in &near {
            prop_assert_eq!(both.contains(slot), far.contains(slot));
        }
        prop_assert_eq!((&near | &far).len() + both.len(), near.len() + far.len());
        prop_assert_eq!(&(&far - &near) | &both, far.clone());
        prop_assert_eq!(&near ^ &far, &(&near | &far) - &both);
    }

    #[test]
    fn runs_are_as_long_as_they_can_be(model in model()) {
        let set = model.set();
        prop_assert_eq!(set.runs().collect::<Vec<_>>(), model.runs_of(true, 0..SIZE));
        prop_assert_eq!(set.len(), set.runs().map(|run| length(&run).unsigned_abs()).sum::<u64>());
        prop_assert_eq!(set.is_empty(), set.first().is_none());
    }

    #[test]
    fn slots_come_in_order_and_are_all_contained(model in model_of(1)) {
        let set = model.set();
        let listed: Vec<Slot> = set.iter().collect();
        prop_assert!(listed.is_sorted());
        for index in 0..SIZE {
            prop_assert_eq!(set.contains(model.slot(index)), model.taken[index]);
        }
        prop_assert_eq!(listed.into_iter().collect::<SlotSet>(), set);
    }

    #[test]
    fn free_runs_are_the_gaps_that_are_long_enough(
        model in model(), start in 0..SIZE, end in 0..SIZE, least in 0_u32..40,
    ) {
        let least = least * u32::try_from(model.scale).unwrap();
        let within = start..end.max(start);
        let expected: Vec<_> = model
            .runs_of(false, within.clone())
            .into_iter()
            .filter(|run| length(run) >= i64::from(least))
            .collect();
        let set = model.set();
        let found: Vec<_> = set.free_runs(model.range(&within), least).collect();
        prop_assert_eq!(found, expected);
    }

    #[test]
    fn next_free_is_the_first_that_fits(model in model_of(1), after in 0..SIZE, least in 1..60_usize) {
        let free_at = |index: usize| model.taken.get(index).is_none_or(|taken| !taken);
        let expected = (after..).find(|start| (*start..start + least).all(free_at)).unwrap();
        let found = model.set().next_free(model.slot(after), u32::try_from(least).unwrap());
        prop_assert_eq!(found, Some(model.slot(expected)));
    }

    #[test]
    fn removing_a_range_leaves_the_rest(model in model(), start in 0..SIZE, end in 0..SIZE) {
        let range = start..end.max(start);
        let mut cut = model.clone();
        cut.taken[range.clone()].fill(false);
        let mut set = model.set();
        set.remove_range(model.range(&range));
        prop_assert_eq!(&set, &cut.set());

        let mut kept = model.set();
        kept.retain_range(model.range(&range));
        prop_assert_eq!(kept, model.set() - &set);
    }

    #[test]
    fn the_stored_form_reads_back(model in model()) {
        let set = model.set();
        prop_assert_eq!(SlotSet::from_bytes(&set.to_bytes()).unwrap(), set);
    }

    #[test]
    fn damaged_bytes_are_refused_or_read(mut bytes in prop::collection::vec(any::<u8>(), 0..64)) {
        let _ = SlotSet::from_bytes(&bytes);
        bytes.splice(..0, [0x3b, 0x30, 0, 0]);
        let _ = SlotSet::from_bytes(&bytes);
    }
}

#[test]
fn insert_and_remove_say_whether_they_changed_anything() {
    let mut set = SlotSet::new();
    let slot = Slot::from_number(-3);
    assert!(set.insert(slot));
    assert!(!set.insert(slot));
    assert!(set.remove(slot));
    assert!(!set.remove(slot));
    assert_eq!(set, SlotSet::default());
}

#[test]
fn a_set_may_reach_from_one_end_of_time_to_the_other() {
    let set: SlotSet = [Slot::MIN, Slot::MAX].into_iter().collect();
    assert_eq!(set.iter().collect::<Vec<_>>(), [Slot::MIN, Slot::MAX]);
    assert_eq!(SlotSet::from_bytes(&set.to_bytes()).unwrap(), set);
    let all: SlotSet = [Slot::MIN..Slot::MAX].into_iter().collect();
    assert_eq!(all.next_free(Slot::MIN, 1), None);
    assert!(set.is_subset(&(&all | &set)));
}

#[test]
fn a_stored_set_that_is_cut_or_followed_by_more_is_refused() {
    let set: SlotSet = (0..100).map(|n| Slot::from_number(n * 3)).collect();
    let mut bytes = set.to_bytes();
    assert!(matches!(
        SlotSet::from_bytes(&bytes[..bytes.len() - 1]),
        Err(Error::Damaged(_))
    ));
    bytes.push(0);
    assert!(matches!(
        SlotSet::from_bytes(&bytes),
        Err(Error::Damaged(_))
    ));
}

#[test]
fn values_beyond_the_last_slot_are_refused() {
    let bitmap: roaring::RoaringBitmap = [u32::MAX].into_iter().collect();
    let mut bytes = Vec::new();
    bitmap.serialize_into(&mut bytes).unwrap();
    assert!(matches!(
        SlotSet::from_bytes(&bytes),
        Err(Error::SlotOutOfRange)
    ));
}

#[test]
fn a_year_at_seven_percent_is_stored_in_the_bytes_of_roaring_with_runs() {
    let year = 365 * 96;
    // Meetings of an hour, scattered by a fixed stride: 7 % of the year.
    let meetings = (0..year * 7 / 400).map(|meeting| (meeting * 7919 * 4) % year);
    let (mut busy, mut peer) = (SlotSet::new(), roaring::RoaringBitmap::new());
    for start in meetings {
        let start = 2_000_000 + start;
        busy.insert_range(Slot::from_number(start.into())..Slot::from_number((start + 4).into()));
        peer.insert_range(start..start + 4);
    }
    peer.optimize();
    let (ours, theirs) = (busy.to_bytes().len(), peer.serialized_size());
    println!("{ours} bytes a person and year, {theirs} in roaring");
    assert!(busy.len() > 2_300, "{}", busy.len());
    assert!(
        ours * 10 <= theirs * 11,
        "{ours} bytes, {theirs} in roaring"
    );
}
