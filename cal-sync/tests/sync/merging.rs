//! Both sides change one object.

use cal_sync::simulate::Habit;
use cal_sync::{Collisions, Policy, Reason, Side};

use crate::pair::{Two, edit, event, text};

/// Two sides in sync on one object with these lines.
async fn synced(lines: &str, policy: Policy) -> Two {
    let two = Two::of(Habit::Faithful, policy);
    two.a.put("1", event("1", lines));
    two.settle().await;
    two
}

#[tokio::test]
async fn different_properties_changed_on_both_sides_both_survive() {
    let two = synced("SUMMARY:Lunch\nLOCATION:Here\nX-KEPT:1", Policy::new()).await;
    edit(&two.a, "1", "SUMMARY:Lunch", "SUMMARY:Dinner");
    edit(
        &two.b,
        "1",
        "DTSTART:20260302T090000Z",
        "DTSTART:20260302T190000Z",
    );
    let plan = two.plan().await;
    assert_eq!(plan.steps[0].reason, Reason::ChangedOnBoth);
    let report = two.settle().await;
    assert_eq!(report.losses, 0);
    let text = two.both("1");
    for line in [
        "SUMMARY:Dinner",
        "DTSTART:20260302T190000Z",
        "LOCATION:Here",
        "X-KEPT:1",
    ] {
        assert!(text.contains(line), "{line} in {text}");
    }
}

#[tokio::test]
async fn the_same_change_on_both_sides_is_no_conflict_and_no_write() {
    let two = synced("SUMMARY:Lunch", Policy::new()).await;
    edit(&two.a, "1", "Lunch", "Dinner");
    edit(&two.b, "1", "Lunch", "Dinner");
    let report = two.settle().await;
    assert_eq!((report.writes(), report.losses), (0, 0));
}

#[tokio::test]
async fn values_of_lists_and_attendees_merge_one_by_one() {
    let two = synced(
        "CATEGORIES:one,two\nATTENDEE:mailto:ada@x\nATTENDEE:mailto:bob@x\nEXDATE:20260304T090000Z\n\
         RRULE:FREQ=DAILY",
        Policy::new(),
    )
    .await;
    edit(
        &two.a,
        "1",
        "CATEGORIES:one,two",
        "CATEGORIES:one,two,three",
    );
    edit(
        &two.a,
        "1",
        "ATTENDEE:mailto:ada@x",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@x",
    );
    edit(
        &two.a,
        "1",
        "EXDATE:20260304T090000Z",
        "EXDATE:20260304T090000Z,20260305T090000Z",
    );
    edit(&two.b, "1", "CATEGORIES:one,two", "CATEGORIES:two");
    edit(&two.b, "1", "ATTENDEE:mailto:bob@x", "ATTENDEE:mailto:cy@x");
    edit(
        &two.b,
        "1",
        "EXDATE:20260304T090000Z",
        "EXDATE:20260304T090000Z\r\nEXDATE:20260306T090000Z",
    );
    let report = two.settle().await;
    assert_eq!(report.losses, 0, "{report}");
    let text = two.both("1").replace("\r\n ", "");
    for has in [
        "two",
        "three",
        "PARTSTAT=ACCEPTED:mailto:ada@x",
        "cy@x",
        "20260304",
        "20260305",
        "20260306",
    ] {
        assert!(text.contains(has), "{has} in {text}");
    }
    for gone in ["one", "bob@x"] {
        assert!(!text.contains(gone), "{gone} in {text}");
    }
}

#[tokio::test]
async fn where_both_changed_the_same_property_the_newest_wins_and_the_other_is_kept() {
    for (a, b, winner) in [
        ("20260201T000000Z", "20260202T000000Z", "Supper"),
        ("20260202T000000Z", "20260201T000000Z", "Dinner"),
        ("20260201T000000Z", "20260201T000000Z", "Dinner"),
    ] {
        let two = synced(
            "SUMMARY:Lunch\nLAST-MODIFIED:20260101T000000Z",
            Policy::new(),
        )
        .await;
        edit(&two.a, "1", "SUMMARY:Lunch", "SUMMARY:Dinner");
        edit(
            &two.a,
            "1",
            "LAST-MODIFIED:20260101T000000Z",
            &format!("LAST-MODIFIED:{a}"),
        );
        edit(
            &two.b,
            "1",
            "SUMMARY:Lunch",
            "SUMMARY:Supper\r\nLOCATION:There",
        );
        edit(
            &two.b,
            "1",
            "LAST-MODIFIED:20260101T000000Z",
            &format!("LAST-MODIFIED:{b}"),
        );
        let report = two.settle().await;
        assert_eq!(report.losses, 1);
        let text = two.both("1");
        assert!(text.contains(winner), "{winner} in {text}");
        assert!(
            text.contains("LOCATION:There"),
            "what does not collide is merged"
        );
        let losses = two.state.state().losses;
        assert_eq!(losses[0].over, ["SUMMARY"]);
        let kept = String::from_utf8_lossy(losses[0].body.as_bytes()).into_owned();
        assert!(!kept.contains(winner) && kept.contains("SUMMARY:"));
    }
}

#[tokio::test]
async fn a_side_can_be_preferred() {
    for (side, winner) in [(Side::A, "Dinner"), (Side::B, "Supper")] {
        let policy = Policy::new().with_collisions(Collisions::Prefer(side));
        let two = synced("SUMMARY:Lunch", policy).await;
        edit(&two.a, "1", "Lunch", "Dinner");
        edit(&two.b, "1", "Lunch", "Supper");
        two.settle().await;
        assert!(two.both("1").contains(winner));
    }
}

#[tokio::test]
async fn moving_a_series_and_taking_out_an_instance_collide_as_a_whole() {
    for side in Side::BOTH {
        let policy = Policy::new().with_collisions(Collisions::Prefer(side));
        let two = synced("RRULE:FREQ=DAILY\nSUMMARY:Old", policy).await;
        edit(
            &two.a,
            "1",
            "DTSTART:20260302T090000Z",
            "DTSTART:20260302T100000Z",
        );
        edit(
            &two.b,
            "1",
            "RRULE:FREQ=DAILY",
            "RRULE:FREQ=DAILY\r\nEXDATE:20260304T090000Z",
        );
        edit(&two.b, "1", "SUMMARY:Old", "SUMMARY:New");
        let report = two.settle().await;
        assert_eq!(report.losses, 1);
        let text = two.both("1");
        assert!(text.contains("SUMMARY:New"), "{text}");
        assert_eq!(text.contains("T100000Z"), side == Side::A, "{text}");
        assert_eq!(text.contains("EXDATE"), side == Side::B, "{text}");
    }
}

#[tokio::test]
async fn start_and_end_changed_on_different_sides_do_not_make_a_third_event() {
    let policy = Policy::new().with_collisions(Collisions::Prefer(Side::B));
    let two = synced("DTEND:20260302T100000Z", policy).await;
    edit(
        &two.a,
        "1",
        "DTSTART:20260302T090000Z",
        "DTSTART:20260309T090000Z",
    );
    edit(
        &two.a,
        "1",
        "DTEND:20260302T100000Z",
        "DTEND:20260309T100000Z",
    );
    edit(
        &two.b,
        "1",
        "DTEND:20260302T100000Z",
        "DTEND:20260302T110000Z",
    );
    assert_eq!(two.settle().await.losses, 1);
    let text = two.both("1");
    assert!(text.contains("DTSTART:20260302T090000Z") && text.contains("DTEND:20260302T110000Z"));
}

#[tokio::test]
async fn overrides_of_different_instances_on_both_sides_both_survive() {
    let two = synced("RRULE:FREQ=DAILY", Policy::new()).await;
    let instance = |day: &str, summary: &str| {
        format!(
            "BEGIN:VEVENT\r\nUID:1\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID:202603{day}T090000Z\r\n\
             DTSTART:202603{day}T110000Z\r\nSUMMARY:{summary}\r\nEND:VEVENT\r\nEND:VCALENDAR"
        )
    };
    edit(&two.a, "1", "END:VCALENDAR", &instance("04", "Ours"));
    edit(&two.b, "1", "END:VCALENDAR", &instance("05", "Theirs"));
    assert_eq!(two.settle().await.losses, 0);
    let text = two.both("1");
    assert!(text.contains("Ours") && text.contains("Theirs"));
}

#[tokio::test]
async fn a_change_beats_a_deletion_unless_the_deleting_side_is_preferred() {
    let two = synced("SUMMARY:Old", Policy::new()).await;
    assert!(two.a.take("1"));
    edit(&two.b, "1", "Old", "New");
    two.settle().await;
    assert!(two.both("1").contains("New"));

    let policy = Policy::new().with_collisions(Collisions::Prefer(Side::A));
    let two = synced("SUMMARY:Old", policy).await;
    assert!(two.a.take("1"));
    edit(&two.b, "1", "Old", "New");
    two.settle().await;
    assert!(two.b.bodies().is_empty());
    let kept = &two.state.state().losses[0];
    assert!(String::from_utf8_lossy(kept.body.as_bytes()).contains("SUMMARY:New"));
}

#[tokio::test]
async fn without_a_common_version_the_newest_wins_whole_and_the_other_is_kept() {
    let two = Two::new();
    two.a.put(
        "1",
        event("1", "SUMMARY:Older\nLAST-MODIFIED:20260101T000000Z"),
    );
    two.b.put(
        "1",
        event("1", "SUMMARY:Newer\nLAST-MODIFIED:20260201T000000Z"),
    );
    let report = two.settle().await;
    assert_eq!((report.losses, report.written.a.updated), (1, 1));
    assert!(two.both("1").contains("Newer"));
    let kept = &two.state.state().losses[0];
    assert!(String::from_utf8_lossy(kept.body.as_bytes()).contains("SUMMARY:Older"));
}

#[tokio::test]
async fn texts_that_are_not_utf_8_are_carried_whole_and_never_cut_up() {
    let two = Two::new();
    let mut latin = event("1", "SUMMARY:Caf@\nLOCATION:x").into_bytes();
    for byte in &mut latin {
        if *byte == b'@' {
            *byte = 0xE9;
        }
    }
    two.a.put("1", latin.clone());
    two.settle().await;
    assert_eq!(two.b.bodies()["1"].as_bytes(), latin);
    let edited = |from: &str, to: &str| {
        let old = latin.as_slice();
        let at = old
            .windows(from.len())
            .position(|part| part == from.as_bytes())
            .unwrap();
        [&old[..at], to.as_bytes(), &old[at + from.len()..]].concat()
    };
    two.a.put("1", edited("LOCATION:x", "LOCATION:y"));
    two.b
        .put("1", edited("DTSTART:20260302", "DTSTART:20260303"));
    let report = two.settle().await;
    assert_eq!(report.losses, 1);
    assert_eq!(two.a.bodies()["1"], two.b.bodies()["1"]);
    assert!(two.a.bodies()["1"].as_bytes().contains(&0xE9));
}

#[tokio::test]
async fn a_merged_text_keeps_the_lines_that_nobody_touched() {
    let two = synced(
        "X-LONG:0123456789012345678901234567890123456789012345678901234567890123\n 456789\n\
         SUMMARY:a\nLOCATION:b\nX-ODD;P=\"q;r\":s\\;t",
        Policy::new(),
    )
    .await;
    edit(&two.a, "1", "SUMMARY:a", "SUMMARY:aa");
    edit(&two.b, "1", "LOCATION:b", "LOCATION:bb");
    two.settle().await;
    let text = text(&two.b, "1");
    for kept in [
        "0123\r\n 456789\r\n",
        "X-ODD;P=\"q;r\":s\\;t\r\n",
        "PRODID:-//test//EN\r\n",
    ] {
        assert!(text.contains(kept), "{kept} in {text}");
    }
}

#[tokio::test]
async fn a_time_zone_comes_along_with_the_time_that_needs_it() {
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Own\r\nBEGIN:STANDARD\r\nDTSTART:19700101T000000\r\n\
                TZOFFSETFROM:+0130\r\nTZOFFSETTO:+0130\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    let two = synced("SUMMARY:Old", Policy::new()).await;
    edit(
        &two.a,
        "1",
        "DTSTART:20260302T090000Z",
        "DTSTART;TZID=Own:20260302T090000",
    );
    edit(&two.a, "1", "BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"));
    edit(&two.b, "1", "SUMMARY:Old", "SUMMARY:New");
    two.settle().await;
    let text = two.both("1");
    assert!(text.contains("TZID:Own") && text.contains("TZID=Own") && text.contains("New"));
    assert_eq!(text.matches("BEGIN:VTIMEZONE").count(), 1, "{text}");
}
