//! What follows from an edit by the organizer (RFC 5546 3.2.2, 3.2.5).

use cal_core::Calendar;
use cal_core::itip::{Method, Refusal, organizer_edit};

use crate::itip::{
    DAILY, PEOPLE, SECOND, SINGLE, answers, at, event, letters, lines, organize, replaced, sent,
    text, with_second,
};
use crate::series::of_kind;

#[test]
fn a_new_event_invites_all_but_the_organizer() {
    let (object, messages) = sent(&event(&[SINGLE, PEOPLE]));
    assert_eq!(
        letters(&messages),
        [(Method::Request, vec!["mailto:a@x", "mailto:b@x"])]
    );
    let message = &messages[0];
    assert_eq!(message.from, "mailto:o@x");
    assert_eq!(message.calendar.method().as_deref(), Some("REQUEST"));
    assert!(Calendar::parse(message.calendar.to_bytes()).is_ok());
    assert_eq!(lines(&object, "METHOD"), [""; 0]);
}

#[test]
fn without_attendees_nothing_is_sent_or_changed() {
    let calendar = event(&[SINGLE]);
    let done = organize(None, Some(&calendar));
    assert!(done.messages.is_empty());
    assert_eq!(done.object.unwrap().to_bytes(), calendar.to_bytes());
}

#[test]
fn what_is_private_does_not_leave() {
    let private = "COMMENT:all may know\nX-MOZ-LASTACK:20260101T000000Z\nX-ALT-DESC:shown\n\
        BEGIN:VALARM\nACTION:DISPLAY\nTRIGGER:-PT5M\nDESCRIPTION:secret\nEND:VALARM";
    let people = PEOPLE.replace(
        "ATTENDEE;RSVP=TRUE:mailto:a@x",
        "ATTENDEE;SCHEDULE-STATUS=1.2;SCHEDULE-AGENT=SERVER;CN=Ada:mailto:a@x",
    );
    let (object, messages) = sent(&event(&[SINGLE, &people, private]));
    let message = text(&messages[0].calendar);
    for secret in ["VALARM", "secret", "X-MOZ", "SCHEDULE-", "X-CAL"] {
        assert!(!message.contains(secret), "{secret}\n{message}");
    }
    for told in [
        "COMMENT:all may know",
        "X-ALT-DESC:shown",
        "ATTENDEE;CN=Ada:mailto:a@x",
    ] {
        assert!(message.contains(told), "{told}\n{message}");
    }
    assert!(text(&object).contains("X-MOZ-LASTACK"));
}

#[test]
fn a_message_defines_the_zones_it_uses() {
    let berlin = SINGLE
        .replace(":2026", ";TZID=Europe/Berlin:2026")
        .replace("00Z", "00");
    let (_, messages) = sent(&event(&[&berlin, PEOPLE]));
    assert_eq!(messages[0].calendar.time_zones().count(), 1);
}

#[test]
fn a_new_time_raises_sequence_and_asks_again() {
    let calendar = event(&[SINGLE, &PEOPLE.replace("RSVP=TRUE", "PARTSTAT=ACCEPTED")]);
    let (before, _) = sent(&calendar);
    let after = replaced(&before, "DTEND:20260105T100000Z", "DTEND:20260105T110000Z");
    let done = organize(Some(&before), Some(&after));
    let object = done.object.unwrap();
    assert_eq!(lines(&object, "SEQUENCE"), ["SEQUENCE:1"]);
    assert_eq!(answers(&object, "mailto:a@x"), ["NEEDS-ACTION"]);
    assert_eq!(answers(&object, "mailto:o@x"), ["ACCEPTED"]);
    assert_eq!(
        lines(&done.messages[0].calendar, "SEQUENCE"),
        ["SEQUENCE:1"]
    );
    assert_eq!(
        lines(&done.messages[0].calendar, "DTSTAMP"),
        lines(&object, "DTSTAMP")
    );
}

#[test]
fn another_change_tells_all_and_keeps_their_answers() {
    let calendar = event(&[SINGLE, &PEOPLE.replace("RSVP=TRUE", "PARTSTAT=ACCEPTED")]);
    let (before, _) = sent(&calendar);
    let after = replaced(&before, "SUMMARY:Talk", "SUMMARY:Chat");
    let done = organize(Some(&before), Some(&after));
    assert_eq!(letters(&done.messages).len(), 1);
    let object = done.object.unwrap();
    assert_eq!(object.events().next().unwrap().sequence(), 0);
    assert_eq!(answers(&object, "mailto:a@x"), ["ACCEPTED"]);
}

#[test]
fn a_change_of_what_is_private_tells_nobody() {
    let (before, _) = sent(&event(&[SINGLE, PEOPLE]));
    let alarm = "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT";
    let after = replaced(&before, "END:VEVENT", alarm);
    assert!(organize(Some(&before), Some(&after)).messages.is_empty());
}

#[test]
fn who_is_taken_out_gets_a_cancel_and_who_comes_in_a_request() {
    let (before, _) = sent(&event(&[SINGLE, PEOPLE]));
    let after = replaced(&before, "mailto:b@x", "mailto:c@x");
    let done = organize(Some(&before), Some(&after));
    let letters = letters(&done.messages);
    assert!(letters.contains(&(Method::Request, vec!["mailto:a@x", "mailto:c@x"])));
    assert!(letters.contains(&(Method::Cancel, vec!["mailto:b@x"])));
    let cancel = done
        .messages
        .iter()
        .find(|found| found.method == Method::Cancel);
    let cancel = &cancel.unwrap().calendar;
    assert_eq!(lines(cancel, "ATTENDEE"), ["ATTENDEE;RSVP=TRUE:mailto:b@x"]);
    assert_eq!(lines(cancel, "STATUS"), ["STATUS:CANCELLED"]);
}

#[test]
fn deletion_cancels_for_all_with_a_higher_sequence() {
    let (before, _) = sent(&event(&[SINGLE, PEOPLE]));
    let done = organize(Some(&before), None);
    assert_eq!(
        letters(&done.messages),
        [(Method::Cancel, vec!["mailto:a@x", "mailto:b@x"])]
    );
    assert_eq!(
        lines(&done.messages[0].calendar, "SEQUENCE"),
        ["SEQUENCE:1"]
    );
}

#[test]
fn an_instance_taken_out_is_cancelled_alone() {
    let (before, _) = sent(&event(&[DAILY, PEOPLE]));
    let after = replaced(&before, "SUMMARY", "EXDATE:20260106T090000Z\nSUMMARY");
    let done = organize(Some(&before), Some(&after));
    assert_eq!(
        letters(&done.messages),
        [(Method::Cancel, vec!["mailto:a@x", "mailto:b@x"])]
    );
    let cancel = &done.messages[0].calendar;
    assert_eq!(
        lines(cancel, "RECURRENCE-ID"),
        ["RECURRENCE-ID:20260106T090000Z"]
    );
    assert_eq!(lines(cancel, "SEQUENCE"), ["SEQUENCE:1"]);
    assert!(lines(cancel, "RRULE").is_empty());
}

#[test]
fn a_changed_instance_is_sent_alone_to_its_attendees() {
    let (before, _) = sent(&event(&[DAILY, PEOPLE]));
    let moved = SECOND
        .replace("T09", "T14")
        .replace("ID:20260106T14", "ID:20260106T09");
    let guests = "ORGANIZER:mailto:o@x\nATTENDEE:mailto:a@x\nATTENDEE:mailto:c@x";
    let second = format!(
        "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n{moved}\n{guests}\nEND:VEVENT\nEND:VCALENDAR"
    );
    let after = replaced(&before, "END:VCALENDAR", &second);
    let done = organize(Some(&before), Some(&after));
    let letters = letters(&done.messages);
    assert_eq!(letters.len(), 2, "{letters:?}");
    assert!(letters.contains(&(Method::Request, vec!["mailto:a@x", "mailto:c@x"])));
    // To the one left out it is cancelled.
    assert!(letters.contains(&(Method::Cancel, vec!["mailto:b@x"])));
    for message in &done.messages {
        assert_eq!(message.calendar.events().count(), 1);
        assert_eq!(lines(&message.calendar, "RECURRENCE-ID").len(), 1);
    }
}

#[test]
fn who_does_not_come_to_an_instance_gets_the_series_without_it() {
    let second = [SECOND, "ORGANIZER:mailto:o@x\nATTENDEE:mailto:a@x"];
    let (_, messages) = sent(&with_second(&[DAILY, PEOPLE], &second));
    let of = |who: &str| {
        let mut found = messages.iter();
        &found.find(|message| message.to == [who]).unwrap().calendar
    };
    assert_eq!(of("mailto:a@x").events().count(), 2);
    assert_eq!(of("mailto:b@x").events().count(), 1);
    assert_eq!(
        lines(of("mailto:b@x"), "EXDATE"),
        ["EXDATE:20260106T090000Z"]
    );
}

#[test]
fn agents_other_than_the_server_send_themselves() {
    for agent in ["CLIENT", "NONE", "X-OTHER"] {
        let people = PEOPLE.replacen("RSVP=TRUE", &format!("SCHEDULE-AGENT={agent}"), 1);
        let calendar = event(&[SINGLE, &people]);
        let (before, messages) = sent(&calendar);
        assert_eq!(letters(&messages), [(Method::Request, vec!["mailto:b@x"])]);
        assert!(text(&before).contains(agent));
        let done = organize(Some(&before), None);
        assert_eq!(
            letters(&done.messages),
            [(Method::Cancel, vec!["mailto:b@x"])]
        );
    }
}

#[test]
fn a_message_can_be_forced_once() {
    let (before, _) = sent(&event(&[SINGLE, PEOPLE]));
    let after = replaced(&before, "RSVP=TRUE", "SCHEDULE-FORCE-SEND=REQUEST");
    let done = organize(Some(&before), Some(&after));
    assert_eq!(
        letters(&done.messages),
        [(Method::Request, vec!["mailto:a@x"])]
    );
    assert!(!text(&done.object.unwrap()).contains("FORCE-SEND"));
}

#[test]
fn organizer_and_uid_stay() {
    let (before, _) = sent(&event(&[SINGLE, PEOPLE]));
    let edit = |from, to| {
        let after = replaced(&before, from, to);
        organizer_edit(Some(&before), Some(&after), &at(10)).unwrap_err()
    };
    assert_eq!(
        edit("ORGANIZER:mailto:o@x", "ORGANIZER:mailto:p@x"),
        Refusal::OrganizerDiffers
    );
    assert_eq!(edit("UID:1", "UID:2"), Refusal::UidDiffers);
    let nobody = event(&[SINGLE, "ATTENDEE:mailto:a@x"]);
    assert_eq!(
        organizer_edit(None, Some(&nobody), &at(10)).unwrap_err(),
        Refusal::NoOrganizer
    );
}

#[test]
fn to_dos_are_assigned_as_events_are() {
    let todo = of_kind("VTODO", &[&format!("DUE:20260105T090000Z\n{PEOPLE}")]);
    let (object, messages) = sent(&todo);
    assert_eq!(messages[0].calendar.todos().count(), 1);
    let later = replaced(&object, "DUE:20260105", "DUE:20260107");
    let done = organize(Some(&object), Some(&later));
    assert_eq!(lines(&done.object.unwrap(), "SEQUENCE"), ["SEQUENCE:1"]);
}
