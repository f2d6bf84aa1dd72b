//! What is done on one side is done on the other.

use cal_sync::simulate::{Collection, Habit};
use cal_sync::{Policy, Side, Status};

use crate::pair::{Two, edit, event, text};

#[tokio::test]
async fn what_is_new_on_either_side_comes_to_the_other_byte_for_byte() {
    let two = Two::new();
    let odd = event("1", "SUMMARY:Caf\u{e9}\nX-ODD;A=\"b;c\":d\\;e").replace("\r\n", "\n");
    two.a.put("1", odd.as_str());
    two.b.put("2", event("2", "SUMMARY:Other"));
    let report = two.settle().await;
    assert_eq!(report.status(), Status::Success);
    assert_eq!((report.written.a.created, report.written.b.created), (1, 1));
    assert_eq!(text(&two.b, "1"), odd);
    two.both("2");
}

#[tokio::test]
async fn changes_travel_both_ways() {
    let two = Two::new();
    for uid in ["1", "2"] {
        two.a.put(uid, event(uid, "SUMMARY:Old"));
    }
    two.settle().await;
    edit(&two.a, "1", "Old", "New");
    edit(&two.b, "2", "Old", "New");
    let report = two.settle().await;
    assert_eq!((report.written.a.updated, report.written.b.updated), (1, 1));
    assert!(two.both("1").contains("SUMMARY:New"));
    assert!(two.both("2").contains("SUMMARY:New"));
}

#[tokio::test]
async fn deletions_travel_both_ways() {
    let two = Two::new();
    for uid in ["1", "2", "3"] {
        two.a.put(uid, event(uid, ""));
    }
    two.settle().await;
    assert!(two.a.take("1") && two.b.take("2"));
    let report = two.settle().await;
    assert_eq!((report.written.a.deleted, report.written.b.deleted), (1, 1));
    assert_eq!(Vec::from_iter(two.a.bodies().into_keys()), ["3"]);
    assert_eq!(Vec::from_iter(two.b.bodies().into_keys()), ["3"]);
}

#[tokio::test]
async fn a_second_run_without_changes_writes_nothing_whatever_the_server_is_like() {
    for habit in [Habit::Faithful, Habit::Rewriting, Habit::Forgetful] {
        let two = Two::of(habit, Policy::new());
        for number in 0..20 {
            let uid = number.to_string();
            two.side(if number % 2 == 0 { Side::A } else { Side::B })
                .put(&uid, event(&uid, "SUMMARY:x\nLOCATION:y\nSEQUENCE:3"));
        }
        assert_eq!(two.sync().await.writes(), 20);
        for _ in 0..4 {
            let report = two.sync().await;
            assert_eq!(report.writes(), 0, "{habit:?}: {report}");
        }
    }
}

#[tokio::test]
async fn objects_that_both_sides_have_already_are_adopted_without_a_write() {
    let two = Two::new();
    two.a.put("1", event("1", "SUMMARY:Same\nLOCATION:Here"));
    let reordered = event(
        "1",
        "LOCATION:Here\nTRANSP:OPAQUE\nSEQUENCE:4\nSUMMARY:Sa\n me",
    );
    two.b.put("elsewhere", reordered.as_str());
    assert_eq!(two.settle().await.writes(), 0);
    edit(&two.a, "1", "Here", "There");
    two.settle().await;
    assert!(text(&two.b, "elsewhere").contains("LOCATION:There"));
    assert_eq!(two.b.bodies().len(), 1);
}

#[tokio::test]
async fn an_object_that_moved_to_another_place_is_the_same_object() {
    let two = Two::new();
    two.a.put("1", event("1", "SUMMARY:Old"));
    two.settle().await;
    let body = text(&two.b, "1");
    assert!(two.b.take("1"));
    two.b.put("moved", body);
    assert_eq!(two.settle().await.writes(), 0);
    edit(&two.a, "1", "Old", "New");
    two.settle().await;
    assert!(text(&two.b, "moved").contains("New"));
}

#[tokio::test]
async fn an_object_deleted_on_both_sides_is_forgotten() {
    let two = Two::new();
    two.a.put("1", event("1", ""));
    two.settle().await;
    assert!(two.a.take("1") && two.b.take("1"));
    assert_eq!(two.settle().await.writes(), 0);
    two.a.put("1", event("1", "SUMMARY:Again"));
    assert_eq!(two.settle().await.written.b.created, 1);
}

#[tokio::test]
async fn to_dos_and_series_with_overrides_are_objects_like_any_other() {
    let two = Two::new();
    let series = event("1", "RRULE:FREQ=DAILY").replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:1\r\nRECURRENCE-ID:20260303T090000Z\r\n\
         DTSTART:20260303T120000Z\r\nSUMMARY:Later\r\nEND:VEVENT\r\nEND:VCALENDAR",
    );
    two.a.put("1", series.as_str());
    two.b.put(
        "2",
        event("2", "DUE:20260303T090000Z").replace("VEVENT", "VTODO"),
    );
    two.settle().await;
    two.both("1");
    two.both("2");
    edit(&two.b, "1", "SUMMARY:Later", "SUMMARY:Even later");
    two.settle().await;
    assert!(two.both("1").contains("Even later"));
}

#[tokio::test]
async fn a_full_circle_of_mappings_comes_to_rest() {
    let sides = ["a", "b", "c"].map(|name| Collection::new(name, Habit::Rewriting));
    let [a, b, c] = sides.clone();
    let ring = [
        Two::between(a.clone(), b.clone(), Policy::new()),
        Two::between(b, c.clone(), Policy::new()),
        Two::between(c, a.clone(), Policy::new()),
    ];
    for number in 0..10 {
        let uid = number.to_string();
        sides[number % 3].put(&uid, event(&uid, "SUMMARY:x"));
    }
    for cycle in 0..20 {
        let mut writes = 0;
        for two in &ring {
            writes += two.sync().await.writes();
        }
        if cycle == 10 {
            edit(&a, "5", "SUMMARY:x", "SUMMARY:y");
        }
        let is_quiet = !matches!(cycle, 0 | 1 | 11 | 12);
        assert!(!is_quiet || writes == 0, "{writes} writes in cycle {cycle}");
    }
    for side in &sides {
        assert_eq!(side.bodies().len(), 10);
        assert!(text(side, "5").contains("SUMMARY:y"));
    }
}
