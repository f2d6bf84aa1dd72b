//! Never delete on doubt.

use cal_sync::simulate::{Collection, Habit};
use cal_sync::{Approval, DeletionGuard, Error, Hold, Mapping, Memory, Policy, Side, SkipReason};

use crate::pair::{Two, edit, event, run};

/// Two sides in sync on so many objects.
async fn synced(count: usize) -> Two {
    let two = Two::new();
    for number in 0..count {
        let uid = format!("{number:03}");
        two.a.put(&uid, event(&uid, "SUMMARY:x"));
    }
    two.settle().await;
    two
}

#[tokio::test]
async fn what_a_partial_listing_lacks_is_neither_deleted_nor_created_again() {
    let two = synced(10).await;
    two.a.set_partial(true);
    two.b.put("new", event("new", ""));
    let report = two.sync().await;
    assert_eq!(report.writes(), 0, "{report}");
    assert_eq!(report.skipped.len(), 6);
    assert!(
        report
            .skipped
            .iter()
            .all(|skip| matches!(skip.why, SkipReason::Uncertain(Side::A, _)))
    );
    assert_eq!(two.b.bodies().len(), 11);
    two.a.set_partial(false);
    assert_eq!(two.settle().await.written.a.created, 1);
}

#[tokio::test]
async fn changes_of_what_a_partial_listing_does_have_still_travel() {
    let two = synced(10).await;
    two.a.set_partial(true);
    edit(&two.a, "000", "SUMMARY:x", "SUMMARY:y");
    two.sync().await;
    assert!(two.both("000").contains("SUMMARY:y"));
}

#[tokio::test]
async fn a_side_that_lost_everything_is_held_until_someone_approves() {
    let two = synced(5).await;
    two.a.clear();
    let held = two.run().await.unwrap_err();
    assert!(matches!(held, Error::NeedsApproval(_)), "{held}");
    assert_eq!(two.b.bodies().len(), 5);

    let plan = two.plan().await;
    assert_eq!(
        plan.holds,
        [Hold::Emptied {
            side: Side::A,
            had: 5
        }]
    );
    let report = two
        .mapping
        .apply(&plan, &two.state, &run(), Approval::Given)
        .await;
    assert_eq!(report.unwrap().written.b.deleted, 5);
    assert!(two.b.bodies().is_empty());
}

#[tokio::test]
async fn many_deletions_are_held_and_a_few_are_not() {
    for (objects, deleted, held) in [
        (20, 10, false),
        (20, 11, true),
        (100, 25, false),
        (100, 26, true),
    ] {
        let two = synced(objects).await;
        for number in 0..deleted {
            assert!(two.b.take(&format!("{number:03}")));
        }
        let is_held = matches!(two.run().await, Err(Error::NeedsApproval(_)));
        assert_eq!(is_held, held, "{deleted} of {objects}");
        let left = if held { objects } else { objects - deleted };
        assert_eq!(two.a.bodies().len(), left);
    }
}

#[tokio::test]
async fn the_guard_can_be_set() {
    let strict = DeletionGuard {
        count: 0,
        percent: 0,
    };
    let two = Two::of(Habit::Faithful, Policy::new().with_guard(strict));
    two.a.put("1", event("1", ""));
    two.b.put("2", event("2", ""));
    two.settle().await;
    assert!(two.a.take("1"));
    assert!(matches!(two.run().await, Err(Error::NeedsApproval(_))));
}

#[tokio::test]
async fn legitimate_emptiness_is_no_reason_to_stop() {
    // Both sides are empty, and always were.
    let two = Two::new();
    assert_eq!(two.settle().await.writes(), 0);
    // One side is empty at the first sync.
    two.a.put("1", event("1", ""));
    two.settle().await;
    // The last object is deleted by its user.
    assert!(two.a.take("1"));
    assert_eq!(two.settle().await.written.b.deleted, 1);
    // Both sides are emptied by their users.
    let two = synced(30).await;
    two.a.clear();
    two.b.clear();
    assert_eq!(two.settle().await.writes(), 0);
}

#[tokio::test]
async fn a_lost_state_deletes_and_duplicates_nothing() {
    let two = synced(30).await;
    edit(&two.a, "001", "SUMMARY:x", "SUMMARY:y");
    assert!(two.b.take("002"));
    let fresh = Memory::new();
    let report = two.mapping.run(&fresh, &run()).await.unwrap();
    assert_eq!((report.written.a.deleted, report.written.b.deleted), (0, 0));
    assert_eq!((two.a.bodies().len(), two.b.bodies().len()), (30, 30));
    assert_eq!(two.mapping.run(&fresh, &run()).await.unwrap().writes(), 0);
}

#[tokio::test]
async fn a_state_is_not_used_with_another_collection() {
    let two = synced(3).await;
    let other = Collection::new("elsewhere", Habit::Faithful);
    let moved = Mapping::new(two.a.clone(), other.clone());
    let refused = moved.run(&two.state, &run()).await.unwrap_err();
    assert!(
        matches!(refused, Error::IdentityChanged { side: Side::B, .. }),
        "{refused}"
    );
    assert_eq!((two.a.bodies().len(), other.bodies().len()), (3, 0));
    let renamed = Mapping::new(two.a.renamed("elsewhere"), two.b.clone());
    assert!(renamed.plan(&two.state).await.is_err());
}

#[tokio::test]
async fn a_plan_is_not_applied_to_another_collection() {
    let two = synced(3).await;
    let plan = two.plan().await;
    let other = Mapping::new(two.a.clone(), Collection::new("elsewhere", Habit::Faithful));
    let refused = other
        .apply(&plan, &Memory::new(), &run(), Approval::Given)
        .await;
    assert!(matches!(refused, Err(Error::IdentityChanged { .. })));
}

#[tokio::test]
async fn a_collection_is_not_synced_with_itself() {
    let one = Collection::new("one", Habit::Faithful);
    let loop_of_one = Mapping::new(one.clone(), one);
    let refused = loop_of_one.run(&Memory::new(), &run()).await;
    assert!(matches!(refused, Err(Error::SameCollection(_))));
}
