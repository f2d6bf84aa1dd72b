//! Endpoints and objects as they are in the field.

use cal_sync::simulate::{Collection, Habit};
use cal_sync::{Policy, SkipReason, Status};

use crate::pair::{Two, edit, event, text};

#[tokio::test]
async fn what_the_other_side_cannot_keep_survives_its_edits() {
    let two = Two::of(Habit::Forgetful, Policy::new());
    two.a.put("1", event("1", "SUMMARY:Old\nLOCATION:Here"));
    two.settle().await;
    assert!(!text(&two.b, "1").contains("LOCATION"));
    edit(&two.b, "1", "Old", "New");
    two.settle().await;
    let ours = text(&two.a, "1");
    assert!(
        ours.contains("SUMMARY:New") && ours.contains("LOCATION:Here"),
        "{ours}"
    );
}

#[tokio::test]
async fn alarm_acknowledgements_and_bookkeeping_are_not_carried_over() {
    let alarm = "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT10M\nEND:VALARM";
    let two = Two::new();
    two.a.put("1", event("1", alarm));
    two.settle().await;
    edit(
        &two.a,
        "1",
        "TRIGGER:-PT10M",
        "TRIGGER:-PT10M\r\nACKNOWLEDGED:20260302T085500Z",
    );
    edit(
        &two.b,
        "1",
        "BEGIN:VALARM",
        "X-MOZ-LASTACK:20260302T085600Z\r\nBEGIN:VALARM",
    );
    assert_eq!(two.settle().await.writes(), 0);
}

#[tokio::test]
async fn what_cannot_be_read_is_told_and_is_neither_synced_nor_deleted() {
    let two = Two::new();
    two.a.put("1", event("1", "SUMMARY:Old"));
    two.settle().await;
    let whole = text(&two.a, "1");
    for broken in [
        whole.get(..whole.len() / 2).unwrap(),
        "",
        "<html>please sign in</html>",
    ] {
        two.a.put("1", broken);
        let report = two.sync().await;
        assert_eq!(report.writes(), 0);
        assert_eq!(report.status(), Status::PartialFailure);
        assert!(matches!(report.skipped[0].why, SkipReason::Unreadable(_)));
        assert!(text(&two.b, "1").contains("Old"));
    }
    two.a.put("1", whole.replace("Old", "New"));
    two.settle().await;
    assert!(two.both("1").contains("New"));
}

#[tokio::test]
async fn objects_without_a_uid_or_with_several_are_left_alone() {
    let two = Two::new();
    two.a.put("none", event("1", "").replace("UID:1\r\n", ""));
    let double = event("1", "").replace(
        "END:VCALENDAR",
        "BEGIN:VEVENT\r\nUID:2\r\nEND:VEVENT\r\nEND:VCALENDAR",
    );
    two.a.put("several", double);
    let report = two.sync().await;
    assert_eq!((report.writes(), report.skipped.len()), (0, 2));
}

#[tokio::test]
async fn a_name_that_something_else_has_does_not_keep_an_object_from_coming_over() {
    let two = Two::between(
        Collection::new("a", Habit::Faithful),
        Collection::new("b", Habit::Faithful),
        Policy::new(),
    );
    two.a.put("1", event("1", "SUMMARY:First"));
    two.b.put("1", event("2", "SUMMARY:Second"));
    let report = two.run().await.unwrap();
    // This collection knows one name for a UID: the object waits, and says so.
    assert_eq!(report.failed.len(), 1, "{report}");
    assert!(text(&two.a, "2").contains("Second"));
    assert!(text(&two.b, "1").contains("Second"));
}
