//! What differs between two versions of an object.

use cal_core::{Calendar, Difference, Presence, PropertyDifference};

fn calendar(components: &str) -> Calendar {
    let text = format!("BEGIN:VCALENDAR\nVERSION:2.0\n{components}END:VCALENDAR\n");
    Calendar::read(text).calendar
}

fn event(lines: &str) -> String {
    format!("BEGIN:VEVENT\nUID:1\n{lines}END:VEVENT\n")
}

fn between(before: &str, after: &str) -> Difference {
    Difference::between(&calendar(before), &calendar(after))
}

#[test]
fn a_line_that_is_another_is_told_before_and_after() {
    let difference = between(&event("SUMMARY:Lunch\n"), &event("SUMMARY:Dinner\n"));
    let [component] = &*difference.components else {
        panic!("{difference:?}");
    };
    assert_eq!(component.component, "VEVENT");
    assert_eq!(component.uid.as_deref(), Some("1"));
    assert_eq!(component.presence, Presence::Both);
    let changed = PropertyDifference::Changed {
        from: "SUMMARY:Lunch".to_owned(),
        to: "SUMMARY:Dinner".to_owned(),
    };
    assert_eq!(component.properties, [changed]);
    assert_eq!(component.properties[0].name(), "SUMMARY");
}

#[test]
fn of_several_lines_those_that_came_and_went_are_told() {
    let attendee = |name: &str| format!("ATTENDEE:mailto:{name}@example.com\n");
    let before = event(&(attendee("ada") + &attendee("bob")));
    let after = event(&(attendee("cyd") + &attendee("bob") + &attendee("dan")));
    let text = between(&before, &after).to_string();
    let expected = "VEVENT 1\n- ATTENDEE:mailto:ada@example.com\n\
         + ATTENDEE:mailto:cyd@example.com\n+ ATTENDEE:mailto:dan@example.com\n";
    assert_eq!(text, expected);
}

#[test]
fn each_instance_of_a_series_is_compared_with_itself() {
    let master = event("RRULE:FREQ=DAILY\n");
    let instance = |day: u32, summary: &str| {
        event(&format!(
            "RECURRENCE-ID:202603{day:02}T090000Z\nSUMMARY:{summary}\n"
        ))
    };
    let before = master.clone() + &instance(1, "One") + &instance(2, "Two");
    let after = instance(2, "Two") + &instance(3, "Three") + &master;
    let difference = between(&before, &after);
    let seen: Vec<_> = difference
        .components
        .iter()
        .map(|part| (part.recurrence_id.as_deref(), part.presence))
        .collect();
    let expected = [
        (Some("20260301T090000Z"), Presence::Removed),
        (Some("20260303T090000Z"), Presence::Added),
    ];
    assert_eq!(seen, expected);
}

#[test]
fn alarms_are_compared_in_their_component() {
    let alarm = |trigger: &str| {
        event(&format!(
            "BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:{trigger}\nEND:VALARM\n"
        ))
    };
    let text = between(&alarm("-PT5M"), &alarm("-PT10M")).to_string();
    assert_eq!(text, "VEVENT/VALARM 1\n- TRIGGER:-PT5M\n+ TRIGGER:-PT10M\n");
}

#[test]
fn order_folding_and_letter_case_of_names_do_not_count() {
    let before = event("SUMMARY:Lunch with all of us\nLOCATION;LANGUAGE=en:Room\n");
    let after = event("location;language=en:Room\nSUMMARY:Lunch with \n all of us\n");
    let difference = between(&before, &after);
    assert!(difference.is_empty(), "{difference}");
}
