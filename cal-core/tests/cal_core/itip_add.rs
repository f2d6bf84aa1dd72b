//! ADD at both ends (RFC 5546 3.2.4).

use cal_core::Window;
use cal_core::itip::{Method, Refusal, Unchanged, add_instance};

use crate::itip::{
    DAILY, PEOPLE, SINGLE, answer, answers, arrive, at, changed, event, letters, lines, organize,
    reason, replaced, sent,
};

fn ninth() -> cal_core::Calendar {
    event(&[&SINGLE.replace("20260105", "20260109")])
}

#[test]
fn an_instance_is_added_without_asking_about_the_others() {
    let (object, messages) = sent(&event(&[DAILY, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let reply = answer(&own, "mailto:a@x", "ACCEPTED", 10);
    let object = changed(arrive(Some(&object), &reply, "mailto:o@x"));
    let done = add_instance(&object, &ninth(), &at(11)).unwrap();
    assert_eq!(
        letters(&done.messages),
        [(Method::Add, vec!["mailto:a@x", "mailto:b@x"])]
    );
    let message = &done.messages[0];
    assert_eq!(lines(&message.calendar, "SEQUENCE"), ["SEQUENCE:1"]);
    assert!(lines(&message.calendar, "RECURRENCE-ID").is_empty());
    let object = done.object.unwrap();
    assert_eq!(answers(&object, "mailto:a@x"), ["ACCEPTED", "NEEDS-ACTION"]);
    let theirs = changed(arrive(Some(&own), message, "mailto:a@x"));
    for calendar in [&object, &theirs] {
        assert_eq!(
            calendar.occurrences(&Window::ALL, chrono_tz::UTC).count(),
            4
        );
    }
    assert_eq!(
        reason(arrive(Some(&theirs), message, "mailto:a@x")),
        Unchanged::AlreadyApplied
    );
}

#[test]
fn an_update_that_the_addition_overtook_still_counts() {
    let (object, messages) = sent(&event(&[DAILY, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let renamed = replaced(&object, "SUMMARY:Talk", "SUMMARY:Chat");
    let renamed = organize(Some(&object), Some(&renamed));
    let done = add_instance(&renamed.object.unwrap(), &ninth(), &at(11)).unwrap();
    let own = changed(arrive(Some(&own), &done.messages[0], "mailto:a@x"));
    let own = changed(arrive(Some(&own), &renamed.messages[0], "mailto:a@x"));
    assert_eq!(lines(&own, "SUMMARY"), ["SUMMARY:Chat", "SUMMARY:Talk"]);
    assert_eq!(own.occurrences(&Window::ALL, chrono_tz::UTC).count(), 4);
}

#[test]
fn who_has_no_series_is_asked_to_the_instance() {
    let (object, _) = sent(&event(&[DAILY, PEOPLE]));
    let guests = "ORGANIZER:mailto:o@x\nATTENDEE:mailto:a@x\nATTENDEE:mailto:c@x";
    let added = event(&[&SINGLE.replace("20260105", "20260109"), guests]);
    let done = add_instance(&object, &added, &at(11)).unwrap();
    assert_eq!(
        letters(&done.messages),
        [
            (Method::Add, vec!["mailto:a@x"]),
            (Method::Request, vec!["mailto:c@x"])
        ]
    );
    assert_eq!(
        lines(&done.messages[1].calendar, "RECURRENCE-ID"),
        ["RECURRENCE-ID:20260109T090000Z"]
    );
}

#[test]
fn what_the_series_has_is_not_added() {
    let (object, _) = sent(&event(&[DAILY, PEOPLE]));
    let there = event(&[SINGLE]);
    assert_eq!(
        add_instance(&object, &there, &at(11)).unwrap_err(),
        Refusal::NotAnInstance
    );
}
