//! A plan can be read, kept and applied later.

use cal_sync::{Approval, Plan};

use crate::pair::{Two, edit, event, run, text};

async fn some_plan() -> (Two, Plan) {
    let two = Two::new();
    for uid in ["changed", "collided", "deleted"] {
        two.a.put(uid, event(uid, "SUMMARY:Old"));
    }
    two.settle().await;
    edit(&two.a, "changed", "Old", "New");
    edit(&two.a, "collided", "Old", "Ours");
    edit(&two.b, "collided", "Old", "Theirs");
    assert!(two.b.take("deleted"));
    two.b.put("new", event("new", "SUMMARY:A\\nB\u{7}"));
    two.a.put("unreadable", "nothing");
    let plan = two.plan().await;
    (two, plan)
}

#[tokio::test]
async fn a_plan_says_what_it_will_do_and_why() {
    let (_, plan) = some_plan().await;
    assert_eq!(
        plan.to_string(),
        "a: a (memory:a)\n\
         b: b (memory:b)\n\
         \x20 ~ b  changed \"New\": changed on a\n\
         \x20 ~ b  collided \"Ours\": changed on both sides, a wins; the version of b gives way over SUMMARY\n\
         \x20 + a  new \"A\\nB\\u{7}\": new on b\n\
         \x20 - a  deleted \"Old\": deleted on b\n\
         skipped: a:unreadable: cannot be read: the text is incomplete or no calendar\n\
         1 to create, 2 to update, 1 to delete, 1 skipped"
    );
}

#[tokio::test]
async fn a_plan_that_was_stored_is_the_same_plan() {
    let (_, plan) = some_plan().await;
    let stored = serde_json::to_string(&plan).unwrap();
    assert_eq!(serde_json::from_str::<Plan>(&stored).unwrap(), plan);
}

#[tokio::test]
async fn planning_writes_nothing() {
    let (two, plan) = some_plan().await;
    let before = (two.a.bodies(), two.b.bodies(), two.state.state());
    assert_eq!(two.plan().await, plan);
    assert_eq!((two.a.bodies(), two.b.bodies(), two.state.state()), before);
}

#[tokio::test]
async fn an_old_plan_does_not_undo_what_has_happened_since() {
    let (two, plan) = some_plan().await;
    edit(&two.b, "changed", "Old", "Later");
    edit(&two.a, "deleted", "Old", "Kept");
    let applied = two
        .mapping
        .apply(&plan, &two.state, &run(), Approval::None)
        .await;
    let report = applied.unwrap();
    let raced: Vec<_> = report
        .failed
        .iter()
        .map(|failure| failure.uid.as_str())
        .collect();
    assert_eq!(raced, ["changed", "deleted"]);
    assert!(report.failed.iter().all(|failure| failure.raced));
    assert!(text(&two.b, "changed").contains("Later"));
    two.settle().await;
    assert!(two.both("deleted").contains("Kept"));
    assert_eq!(
        two.state.state().losses.len(),
        2,
        "the later change collides, and is settled"
    );
}

#[tokio::test]
async fn applying_a_plan_twice_does_its_work_once() {
    let (two, plan) = some_plan().await;
    let run = run();
    let apply = || two.mapping.apply(&plan, &two.state, &run, Approval::None);
    assert_eq!(apply().await.unwrap().writes(), 4);
    let sides = (two.a.bodies(), two.b.bodies());
    apply().await.unwrap();
    assert_eq!((two.a.bodies(), two.b.bodies()), sides);
    assert_eq!(two.settle().await.writes(), 0);
}

#[tokio::test]
async fn of_twenty_thousand_objects_that_cannot_be_read_each_is_told_by_its_uid() {
    let two = Two::new();
    let uids: Vec<String> = (0..20_000).map(|number| format!("{number:05}")).collect();
    for uid in &uids {
        two.a.put(uid, event(uid, "SUMMARY:x"));
    }
    two.sync().await;
    for uid in &uids {
        two.a.put(uid, "nothing");
    }
    let plan = two.plan().await;
    assert!(plan.writes_nothing(), "{} steps", plan.steps.len());
    let told = plan.skipped.iter().filter_map(|skip| skip.uid.as_ref());
    let mut told: Vec<&str> = told.map(cal_sync::Uid::as_str).collect();
    told.sort_unstable();
    assert!(told == uids, "{} of {} are told", told.len(), uids.len());
}
