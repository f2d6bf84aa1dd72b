//! What an endpoint cannot take is never sent to it.

use cal_sync::endpoint::{Access, Capabilities};
use cal_sync::simulate::{Collection, Habit};
use cal_sync::{Policy, Side, SkipReason};

use crate::pair::{Two, edit, event};

fn with(capabilities: Capabilities) -> Two {
    let b = Collection::new("b", Habit::Faithful).with_capabilities(capabilities);
    Two::between(Collection::new("a", Habit::Faithful), b, Policy::new())
}

#[tokio::test]
async fn nothing_is_written_to_a_side_that_is_read_only() {
    let two = with(Capabilities::all().with_access(Access::ReadOnly));
    two.b.put("1", event("1", "SUMMARY:Holiday"));
    two.settle().await;
    edit(&two.a, "1", "Holiday", "Work day");
    two.a.put("2", event("2", ""));
    for _ in 0..2 {
        let report = two.sync().await;
        assert_eq!(report.writes(), 0);
        assert!(
            report
                .skipped
                .iter()
                .all(|skip| skip.why == SkipReason::ReadOnly(Side::B))
        );
        assert_eq!(report.skipped.len(), 2);
    }
    assert!(two.a.take("1"));
    assert_eq!(two.sync().await.writes(), 0);
}

#[tokio::test]
async fn kinds_and_sizes_that_a_side_does_not_take_are_skipped_by_name() {
    let two = with(
        Capabilities::all()
            .with_components(["VEVENT"])
            .with_max_size(400),
    );
    two.a.put("1", event("1", ""));
    two.a.put("2", event("2", "").replace("VEVENT", "VTODO"));
    two.a
        .put("3", event("3", &format!("DESCRIPTION:{}", "x".repeat(400))));
    let report = two.settle().await;
    assert_eq!(report.written.b.created, 1);
    let why: Vec<_> = report.skipped.iter().map(|skip| skip.why.clone()).collect();
    assert_eq!(
        why,
        [
            SkipReason::Unsupported(Side::B, "VTODO".to_owned()),
            SkipReason::TooLarge(Side::B),
        ]
    );
}
