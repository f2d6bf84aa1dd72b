//! One side leads, the other follows.

use cal_sync::simulate::Habit;
use cal_sync::{Direction, Policy, Reason, Side};

use crate::pair::{Two, edit, event, text};

fn leading(source: Side) -> Two {
    Two::of(
        Habit::Faithful,
        Policy::new().with_direction(Direction::From(source)),
    )
}

#[tokio::test]
async fn creations_changes_and_deletions_go_one_way_only() {
    for source in Side::BOTH {
        let two = leading(source);
        let (lead, follow) = (two.side(source), two.side(source.other()));
        for uid in ["1", "2"] {
            lead.put(uid, event(uid, "SUMMARY:Old"));
        }
        follow.put("own", event("own", "SUMMARY:Mine"));
        let report = two.settle().await;
        assert_eq!(report.written.of(source).total(), 0);
        edit(lead, "1", "Old", "New");
        assert!(lead.take("2"));
        two.settle().await;
        assert!(text(follow, "1").contains("New"));
        assert_eq!(Vec::from_iter(follow.bodies().into_keys()), ["1", "own"]);
        assert_eq!(Vec::from_iter(lead.bodies().into_keys()), ["1"]);
    }
}

#[tokio::test]
async fn what_the_follower_changed_or_deleted_is_set_back_and_kept_in_the_log() {
    let two = leading(Side::A);
    for uid in ["1", "2"] {
        two.a.put(uid, event(uid, "SUMMARY:Truth\nLOCATION:x"));
    }
    two.settle().await;
    edit(&two.b, "1", "Truth", "Rumour");
    assert!(two.b.take("2"));
    let reasons: Vec<_> = two
        .plan()
        .await
        .steps
        .iter()
        .map(|step| step.reason)
        .collect();
    assert_eq!(
        reasons,
        [
            Reason::ChangedFollower(Side::B),
            Reason::MissingFollower(Side::B)
        ]
    );
    let report = two.settle().await;
    assert_eq!((report.losses, report.written.a.total()), (1, 0));
    assert!(two.both("1").contains("Truth") && two.both("2").contains("Truth"));
    let kept = &two.state.state().losses[0];
    assert!(String::from_utf8_lossy(kept.body.as_bytes()).contains("Rumour"));
}

#[tokio::test]
async fn a_deletion_by_the_leader_holds_whatever_the_follower_did() {
    let two = leading(Side::A);
    two.a.put("1", event("1", "SUMMARY:Old"));
    two.settle().await;
    edit(&two.b, "1", "Old", "New");
    assert!(two.a.take("1"));
    assert_eq!(two.settle().await.losses, 1);
    assert!(two.b.bodies().is_empty());
}

#[tokio::test]
async fn what_the_follower_cannot_keep_does_not_come_back_to_the_leader() {
    let policy = Policy::new().with_direction(Direction::From(Side::A));
    let two = Two::of(Habit::Forgetful, policy);
    two.a.put("1", event("1", "SUMMARY:Old\nLOCATION:Here"));
    two.settle().await;
    edit(&two.a, "1", "Old", "New");
    two.settle().await;
    assert!(text(&two.a, "1").contains("LOCATION:Here"));
    assert!(text(&two.b, "1").contains("SUMMARY:New"));
}
