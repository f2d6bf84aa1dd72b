//! Several objects with one UID on one side.

use cal_sync::{Side, SkipReason, Status};

use crate::pair::{Two, edit, event, text};

#[tokio::test]
async fn identical_copies_count_as_one_and_different_ones_are_skipped_with_all_else_synced() {
    let two = Two::new();
    for number in 0..96 {
        let uid = format!("{number:03}");
        two.a.put(&uid, event(&uid, "SUMMARY:x"));
    }
    for copy in ["same-1", "same-2"] {
        two.a.put(copy, event("same", "SUMMARY:Same"));
    }
    for copy in ["different-1", "different-2"] {
        two.a
            .put(copy, event("different", &format!("SUMMARY:{copy}")));
    }
    let report = two.settle().await;
    assert_eq!(report.written.b.created, 97);
    assert_eq!(report.written.a.total(), 0);
    assert_eq!(report.status(), Status::PartialFailure);
    let told: Vec<_> = report.skipped.iter().map(ToString::to_string).collect();
    assert_eq!(
        told,
        [
            "different \"different-1\" a:different-1 a:different-2: objects of a have the same UID and differ",
            "same \"Same\" a:same-2: copies of another object of a",
        ]
    );
}

#[tokio::test]
async fn copies_that_appear_later_change_nothing_and_are_not_deleted() {
    let two = Two::new();
    two.a.put("1", event("1", "SUMMARY:Old"));
    two.settle().await;
    two.b.put("copy", text(&two.b, "1"));
    let report = two.settle().await;
    assert_eq!(report.writes(), 0);
    assert_eq!(report.skipped[0].why, SkipReason::Copies(Side::B));
    edit(&two.b, "copy", "Old", "Stray");
    let report = two.sync().await;
    assert_eq!(report.writes(), 0);
    assert_eq!(report.skipped[0].why, SkipReason::Duplicates(Side::B));
    assert!(two.b.take("copy"));
    edit(&two.a, "1", "Old", "New");
    two.settle().await;
    assert!(two.both("1").contains("New"));
}
