//! What follows from an edit by an attendee (RFC 5546 3.2.3).

use cal_core::Calendar;
use cal_core::itip::{Method, Refusal, Role, Scheduled, Unchanged, attendee_edit, role};

use crate::itip::{
    DAILY, PEOPLE, SECOND, SINGLE, answer, answers, arrive, at, changed, event, invited, letters,
    lines, reason, replaced, sent, text, user,
};
use crate::series::of_kind;

fn edit(before: &Calendar, after: Option<&Calendar>) -> Result<Scheduled, Refusal> {
    attendee_edit(before, after, &user("mailto:a@x"), &at(10))
}

#[test]
fn an_answer_is_sent_with_what_identifies_it_and_one_attendee() {
    let own = invited(&event(&[SINGLE, PEOPLE, "DESCRIPTION:long"]), "mailto:a@x");
    let message = answer(&own, "mailto:a@x", "ACCEPTED", 10);
    assert_eq!(message.method, Method::Reply);
    assert_eq!(
        (message.from.as_str(), message.to.as_slice()),
        ("mailto:a@x", &["mailto:o@x".to_owned()][..])
    );
    let reply = text(&message.calendar);
    for line in [
        "METHOD:REPLY",
        "PRODID:-//Cal//cal-core//EN",
        "UID:1",
        "DTSTAMP:20260102T100000Z",
        "ORGANIZER:mailto:o@x",
        "ATTENDEE;PARTSTAT=ACCEPTED:mailto:a@x",
        "REQUEST-STATUS:2.0;Success",
    ] {
        assert!(reply.lines().any(|found| found == line), "{line}\n{reply}");
    }
    assert!(
        !reply.contains("b@x") && !reply.contains("DESCRIPTION"),
        "{reply}"
    );
}

#[test]
fn what_is_the_attendees_own_may_change_and_is_kept_quiet() {
    let own = invited(&event(&[SINGLE, PEOPLE]), "mailto:a@x");
    let mine = "TRANSP:TRANSPARENT\nCATEGORIES:Mine\nX-MINE:1\nCOLOR:red\n\
        BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT";
    let after = replaced(&own, "END:VEVENT", mine);
    let done = edit(&own, Some(&after)).unwrap();
    assert!(done.messages.is_empty());
    assert_eq!(text(&done.object.unwrap()), text(&after));
}

#[test]
fn what_is_the_organizers_is_refused_by_name() {
    let own = invited(&event(&[DAILY, PEOPLE]), "mailto:a@x");
    for (from, to, property) in [
        ("SUMMARY:Talk", "SUMMARY:Chat", "SUMMARY"),
        ("DTSTART:20260105T09", "DTSTART:20260105T08", "DTSTART"),
        ("COUNT=3", "COUNT=4", "RRULE"),
        ("ATTENDEE;RSVP=TRUE:mailto:b@x\n", "", "ATTENDEE"),
        (
            "ATTENDEE;RSVP=TRUE:mailto:b@x",
            "ATTENDEE;PARTSTAT=DECLINED:mailto:b@x",
            "ATTENDEE",
        ),
    ] {
        let after = replaced(&own, from, to);
        assert_eq!(
            edit(&own, Some(&after)).unwrap_err(),
            Refusal::NotYours {
                property: property.into()
            }
        );
    }
    let after = replaced(&own, "ORGANIZER:mailto:o@x", "ORGANIZER:mailto:a@x");
    assert_eq!(
        edit(&own, Some(&after)).unwrap_err(),
        Refusal::OrganizerDiffers
    );
    let stranger = attendee_edit(&own, Some(&own), &user("mailto:z@x"), &at(10));
    assert_eq!(stranger.unwrap_err(), Refusal::NotInvited);
}

#[test]
fn what_is_written_to_an_answer_goes_with_it_and_no_other_comment() {
    let own = invited(&event(&[SINGLE, PEOPLE, "COMMENT:see you"]), "mailto:a@x");
    let after = replaced(&own, "RSVP=TRUE:mailto:a@x", "PARTSTAT=DECLINED:mailto:a@x");
    let after = replaced(&after, "END:VEVENT", "COMMENT:on holiday\nEND:VEVENT");
    let done = edit(&own, Some(&after)).unwrap();
    assert_eq!(
        lines(&done.messages[0].calendar, "COMMENT"),
        ["COMMENT:on holiday"]
    );
}

#[test]
fn deletion_declines() {
    let own = invited(&event(&[SINGLE, PEOPLE]), "mailto:a@x");
    let done = edit(&own, None).unwrap();
    assert!(done.object.is_none());
    assert_eq!(
        lines(&done.messages[0].calendar, "ATTENDEE"),
        ["ATTENDEE;PARTSTAT=DECLINED:mailto:a@x"]
    );
    let declined = replaced(&own, "RSVP=TRUE:mailto:a@x", "PARTSTAT=DECLINED:mailto:a@x");
    assert!(edit(&declined, None).unwrap().messages.is_empty());
}

#[test]
fn an_instance_taken_out_is_declined_alone() {
    let own = invited(&event(&[DAILY, PEOPLE]), "mailto:a@x");
    let after = replaced(&own, "SUMMARY", "EXDATE:20260106T090000Z\nSUMMARY");
    let done = edit(&own, Some(&after)).unwrap();
    let reply = &done.messages[0].calendar;
    assert_eq!(
        lines(reply, "RECURRENCE-ID"),
        ["RECURRENCE-ID:20260106T090000Z"]
    );
    assert_eq!(
        lines(reply, "ATTENDEE"),
        ["ATTENDEE;PARTSTAT=DECLINED:mailto:a@x"]
    );
    assert_eq!(reply.events().count(), 1);
}

#[test]
fn an_instance_is_answered_alone() {
    let own = invited(&event(&[DAILY, PEOPLE]), "mailto:a@x");
    let second = format!(
        "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n{SECOND}\n{}\nEND:VEVENT\nEND:VCALENDAR",
        PEOPLE.replacen("RSVP=TRUE", "PARTSTAT=TENTATIVE", 1)
    );
    let after = replaced(&own, "END:VCALENDAR", &second);
    let done = edit(&own, Some(&after)).unwrap();
    assert_eq!(done.messages.len(), 1);
    assert_eq!(
        answers(&done.messages[0].calendar, "mailto:a@x"),
        ["TENTATIVE"]
    );
    assert_eq!(lines(&done.messages[0].calendar, "RECURRENCE-ID").len(), 1);
}

#[test]
fn who_delegates_tells_the_organizer_and_asks_the_delegate() {
    let own = invited(&event(&[SINGLE, PEOPLE]), "mailto:a@x");
    let after = replaced(
        &own,
        "ATTENDEE;RSVP=TRUE:mailto:a@x",
        "ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:d@x\":mailto:a@x\n\
         ATTENDEE;DELEGATED-FROM=\"mailto:a@x\";RSVP=TRUE:mailto:d@x",
    );
    let done = edit(&own, Some(&after)).unwrap();
    assert_eq!(
        letters(&done.messages),
        [
            (Method::Reply, vec!["mailto:o@x"]),
            (Method::Request, vec!["mailto:d@x"])
        ]
    );
    // The delegate takes it, though it is not from the organizer.
    let theirs = changed(arrive(None, &done.messages[1], "mailto:d@x"));
    assert_eq!(role(&theirs, &user("mailto:d@x")), Some(Role::Attendee));
    // The organizer gets to know the delegate, then hears of him.
    let (object, _) = sent(&event(&[SINGLE, PEOPLE]));
    let accepted = answer(&theirs, "mailto:d@x", "ACCEPTED", 11);
    assert_eq!(
        reason(arrive(Some(&object), &accepted, "mailto:o@x")),
        Unchanged::NotInvited
    );
    let object = changed(arrive(Some(&object), &done.messages[0], "mailto:o@x"));
    assert_eq!(answers(&object, "mailto:a@x"), ["DELEGATED"]);
    let object = changed(arrive(Some(&object), &accepted, "mailto:o@x"));
    assert_eq!(answers(&object, "mailto:d@x"), ["ACCEPTED"]);
}

#[test]
fn where_the_client_answers_itself_the_server_does_not() {
    let own = invited(&event(&[SINGLE, PEOPLE]), "mailto:a@x");
    let own = replaced(&own, "ORGANIZER", "ORGANIZER;SCHEDULE-AGENT=CLIENT");
    let after = replaced(&own, "RSVP=TRUE:mailto:a@x", "PARTSTAT=ACCEPTED:mailto:a@x");
    assert!(edit(&own, Some(&after)).unwrap().messages.is_empty());
    assert!(edit(&own, None).unwrap().messages.is_empty());
}

#[test]
fn progress_of_a_to_do_is_reported() {
    let todo = of_kind("VTODO", &[&format!("DUE:20260105T090000Z\n{PEOPLE}")]);
    let own = invited(&todo, "mailto:a@x");
    let after = replaced(&own, "END:VTODO", "PERCENT-COMPLETE:50\nEND:VTODO");
    let done = edit(&own, Some(&after)).unwrap();
    assert_eq!(
        lines(&done.messages[0].calendar, "PERCENT"),
        ["PERCENT-COMPLETE:50"]
    );
}
