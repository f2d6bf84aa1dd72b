//! What a message does where it arrives (RFC 5546 3.2).

use cal_core::itip::{
    CalendarUser, Delivery, Method, Outcome, Refusal, Role, Unchanged, attendee_edit, counter,
    decline_counter, publish, receive, record_status, refresh, role,
};
use cal_core::{Calendar, Window};

use crate::calendar_of;
use crate::itip::{
    DAILY, PEOPLE, SINGLE, answer, answers, arrive, at, changed, event, invited, letters, lines,
    organize, reason, replaced, sent, text, user,
};
use crate::series::of_kind;

#[test]
fn an_invitation_becomes_an_object_without_method_and_foreign_alarms() {
    let (_, messages) = sent(&event(&[SINGLE, PEOPLE]));
    let loud = replaced(
        &messages[0].calendar,
        "END:VEVENT",
        "BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT",
    );
    let delivery = Delivery::new(user("mailto:o@x"), user("mailto:a@x"), at(12));
    let object = changed(receive(None, &loud, &delivery).unwrap());
    assert!(object.method().is_none());
    assert!(!text(&object).contains("VALARM"));
    assert_eq!(role(&object, &user("mailto:a@x")), Some(Role::Attendee));
}

#[test]
fn an_update_keeps_what_is_the_attendees_own() {
    let calendar = event(&[SINGLE, PEOPLE]);
    let (before, messages) = sent(&calendar);
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let mine = "TRANSP:TRANSPARENT\nCATEGORIES:Mine\nX-Mine;a=b:1\n\
        BEGIN:VALARM\nACTION:AUDIO\nTRIGGER:-PT5M\nEND:VALARM\nEND:VEVENT";
    let own = replaced(&own, "END:VEVENT", mine);
    let own = replaced(&own, "RSVP=TRUE:mailto:a@x", "PARTSTAT=ACCEPTED:mailto:a@x");
    let after = replaced(&before, "SUMMARY:Talk", "SUMMARY:Chat\nLOCATION:Room");
    let done = organize(Some(&before), Some(&after));
    let updated = changed(arrive(Some(&own), &done.messages[0], "mailto:a@x"));
    let found = text(&updated);
    for line in [
        "SUMMARY:Chat",
        "LOCATION:Room",
        "TRANSP:TRANSPARENT",
        "CATEGORIES:Mine",
        "X-Mine;a=b:1",
        "TRIGGER:-PT5M",
    ] {
        assert!(found.lines().any(|found| found == line), "{line}\n{found}");
    }
    assert_eq!(answers(&updated, "mailto:a@x"), ["ACCEPTED"]);
    // Moved, it asks again.
    let before = done.object.unwrap();
    let after = replaced(&before, "DTEND:20260105T10", "DTEND:20260105T11");
    let done = organize(Some(&before), Some(&after));
    let updated = changed(arrive(Some(&updated), &done.messages[0], "mailto:a@x"));
    assert_eq!(answers(&updated, "mailto:a@x"), ["NEEDS-ACTION"]);
    assert!(text(&updated).contains("TRIGGER:-PT5M"));
}

#[test]
fn what_is_older_or_came_twice_changes_nothing() {
    let (before, first) = sent(&event(&[SINGLE, PEOPLE]));
    let after = replaced(&before, "SUMMARY:Talk", "SUMMARY:Chat");
    let second = organize(Some(&before), Some(&after)).messages;
    let own = changed(arrive(None, &second[0], "mailto:a@x"));
    for (message, expected) in [
        (&first[0], Unchanged::OutOfDate),
        (&second[0], Unchanged::AlreadyApplied),
    ] {
        assert_eq!(reason(arrive(Some(&own), message, "mailto:a@x")), expected);
    }
}

#[test]
fn a_higher_sequence_wins_over_a_later_stamp() {
    let own = invited(&event(&[SINGLE, PEOPLE, "SEQUENCE:2"]), "mailto:a@x");
    let (_, messages) = sent(&event(&[SINGLE, PEOPLE, "SEQUENCE:1"]));
    let mut message = messages[0].clone();
    message.calendar = replaced(&message.calendar, "DTSTAMP:2026", "DTSTAMP:2027");
    assert_eq!(
        reason(arrive(Some(&own), &message, "mailto:a@x")),
        Unchanged::OutOfDate
    );
}

#[test]
fn only_the_organizer_invites_and_cancels() {
    let (before, messages) = sent(&event(&[SINGLE, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let cancel = organize(Some(&before), None).messages;
    for (existing, message) in [(None, &messages[0]), (Some(&own), &cancel[0])] {
        let delivery = Delivery::new(user("mailto:b@x"), user("mailto:a@x"), at(12));
        assert_eq!(
            receive(existing, &message.calendar, &delivery).unwrap_err(),
            Refusal::SenderDiffers
        );
    }
    // Nor does one who calls himself the organizer, or his assistant.
    for organizer in [
        "ORGANIZER:mailto:b@x",
        "ORGANIZER;SENT-BY=\"mailto:b@x\":mailto:o@x",
    ] {
        let forged = replaced(&cancel[0].calendar, "ORGANIZER:mailto:o@x", organizer);
        let delivery = Delivery::new(user("mailto:b@x"), user("mailto:a@x"), at(12));
        assert!(
            receive(Some(&own), &forged, &delivery).is_err(),
            "{organizer}"
        );
    }
}

#[test]
fn an_answer_changes_only_whose_it_is() {
    let (object, messages) = sent(&event(&[SINGLE, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let reply = answer(&own, "mailto:a@x", "ACCEPTED", 10);
    let known = changed(arrive(Some(&object), &reply, "mailto:o@x"));
    assert_eq!(answers(&known, "mailto:a@x"), ["ACCEPTED"]);
    assert_eq!(answers(&known, "mailto:b@x"), ["NEEDS-ACTION"]);
    assert!(text(&known).contains("SCHEDULE-STATUS=2.0"));
    // In the name of another it is refused.
    let delivery = Delivery::new(user("mailto:b@x"), user("mailto:o@x"), at(12));
    assert_eq!(
        receive(Some(&object), &reply.calendar, &delivery).unwrap_err(),
        Refusal::SenderDiffers
    );
    let both = replaced(
        &reply.calendar,
        "ATTENDEE",
        "ATTENDEE;PARTSTAT=DECLINED:mailto:b@x\nATTENDEE",
    );
    let delivery = Delivery::new(user("mailto:a@x"), user("mailto:o@x"), at(12));
    let known = changed(receive(Some(&object), &both, &delivery).unwrap());
    assert_eq!(answers(&known, "mailto:b@x"), ["NEEDS-ACTION"]);
}

#[test]
fn the_later_answer_counts_and_none_to_an_older_time() {
    let (object, messages) = sent(&event(&[SINGLE, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let early = answer(&own, "mailto:a@x", "ACCEPTED", 10);
    let late = answer(&own, "mailto:a@x", "DECLINED", 11);
    let known = changed(arrive(Some(&object), &late, "mailto:o@x"));
    assert_eq!(
        reason(arrive(Some(&known), &early, "mailto:o@x")),
        Unchanged::OutOfDate
    );
    let moved = replaced(&object, "DTEND:20260105T10", "DTEND:20260105T11");
    let moved = organize(Some(&object), Some(&moved)).object.unwrap();
    assert_eq!(
        reason(arrive(Some(&moved), &late, "mailto:o@x")),
        Unchanged::OutOfDate
    );
}

#[test]
fn an_answer_to_an_instance_makes_an_override() {
    let (object, messages) = sent(&event(&[DAILY, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let out = replaced(&own, "SUMMARY", "EXDATE:20260106T090000Z\nSUMMARY");
    let done = attendee_edit(&own, Some(&out), &user("mailto:a@x"), &at(10)).unwrap();
    let known = changed(arrive(Some(&object), &done.messages[0], "mailto:o@x"));
    assert_eq!(answers(&known, "mailto:a@x"), ["NEEDS-ACTION", "DECLINED"]);
    assert_eq!(
        answers(&known, "mailto:b@x"),
        ["NEEDS-ACTION", "NEEDS-ACTION"]
    );
    assert_eq!(known.occurrences(&Window::ALL, chrono_tz::UTC).count(), 3);
    let before = text(&object);
    assert!(text(&known).starts_with(before.strip_suffix("END:VCALENDAR\n").unwrap()));
}

#[test]
fn what_is_called_off_stays_with_its_status() {
    let (before, messages) = sent(&event(&[DAILY, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let after = replaced(&before, "SUMMARY", "EXDATE:20260106T090000Z\nSUMMARY");
    let one = organize(Some(&before), Some(&after)).messages;
    let known = changed(arrive(Some(&own), &one[0], "mailto:a@x"));
    let off = |calendar: &Calendar| -> Vec<bool> {
        let all = calendar.occurrences(&Window::ALL, chrono_tz::UTC);
        all.map(|found| found.unwrap().component().is_cancelled())
            .collect()
    };
    assert_eq!(off(&known), [false, true, false]);
    let all = organize(Some(&before), None).messages;
    let known = changed(arrive(Some(&own), &all[0], "mailto:a@x"));
    assert_eq!(off(&known), [true, true, true]);
    assert_eq!(
        reason(arrive(None, &all[0], "mailto:a@x")),
        Unchanged::UnknownObject
    );
}

#[test]
fn added_instances_join_the_series_and_gaps_are_asked_about() {
    let own = invited(&event(&[DAILY, PEOPLE]), "mailto:a@x");
    let add = |sequence: u32| {
        let lines = SINGLE.replace("20260105", "20260109");
        let text = calendar_of(&format!(
            "METHOD:ADD\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260103T000000Z\nSEQUENCE:{sequence}\n\
             {lines}\n{PEOPLE}\nEND:VEVENT"
        ));
        let delivery = Delivery::new(user("mailto:o@x"), user("mailto:a@x"), at(12));
        receive(Some(&own), &Calendar::read(text).calendar, &delivery).unwrap()
    };
    let joined = changed(add(1));
    assert_eq!(joined.occurrences(&Window::ALL, chrono_tz::UTC).count(), 4);
    assert_eq!(lines(&joined, "RDATE"), ["RDATE:20260109T090000Z"]);
    let Outcome::Unchanged { reason, messages } = add(3) else {
        panic!("applied over a gap");
    };
    assert_eq!(reason, Unchanged::Incomplete);
    assert_eq!(letters(&messages), [(Method::Refresh, vec!["mailto:o@x"])]);
}

#[test]
fn a_refresh_is_answered_with_what_concerns_the_attendee() {
    let (object, messages) = sent(&event(&[SINGLE, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let ask = refresh(&own, &user("mailto:a@x"), &at(11)).unwrap();
    let Outcome::Unchanged { messages, .. } = arrive(Some(&object), &ask, "mailto:o@x") else {
        panic!("a question changes nothing");
    };
    assert_eq!(letters(&messages), [(Method::Request, vec!["mailto:a@x"])]);
    let stranger = Delivery::new(user("mailto:z@x"), user("mailto:o@x"), at(12));
    assert!(receive(Some(&object), &ask.calendar, &stranger).is_err());
}

#[test]
fn a_proposal_is_for_the_organizer_to_decide() {
    let (object, messages) = sent(&event(&[SINGLE, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let later = replaced(&own, "DTEND:20260105T10", "DTEND:20260105T12");
    let proposal = counter(&own, &later, &user("mailto:a@x"), &at(11)).unwrap();
    assert_eq!(
        letters(std::slice::from_ref(&proposal)),
        [(Method::Counter, vec!["mailto:o@x"])]
    );
    assert!(matches!(
        arrive(Some(&object), &proposal, "mailto:o@x"),
        Outcome::Proposed
    ));
    let no = decline_counter(&object, &proposal.calendar, &user("mailto:a@x"), &at(12)).unwrap();
    assert_eq!(
        letters(std::slice::from_ref(&no)),
        [(Method::DeclineCounter, vec!["mailto:a@x"])]
    );
    assert_eq!(
        reason(arrive(Some(&own), &no, "mailto:a@x")),
        Unchanged::ProposalDeclined
    );
}

#[test]
fn what_is_published_has_no_attendees_and_needs_no_invitation() {
    let journal = of_kind(
        "VJOURNAL",
        &[
            "DTSTART;VALUE=DATE:20260105\nSUMMARY:Minutes\nORGANIZER:mailto:o@x\nATTENDEE:mailto:a@x",
        ],
    );
    let message = publish(&journal, &at(10)).unwrap();
    assert!(lines(&message.calendar, "ATTENDEE").is_empty());
    let kept = changed(arrive(None, &message, "mailto:z@x"));
    assert_eq!(kept.journals().count(), 1);
    let request = replaced(&message.calendar, "METHOD:PUBLISH", "METHOD:REQUEST");
    let delivery = Delivery::new(user("mailto:o@x"), user("mailto:a@x"), at(12));
    assert_eq!(
        receive(None, &request, &delivery).unwrap_err(),
        Refusal::UnknownMethod
    );
}

#[test]
fn aliases_of_a_user_are_the_user() {
    let ada = CalendarUser::new(["mailto:ada@x", "MAILTO:A@X"]);
    let own = invited(&event(&[SINGLE, PEOPLE]), "mailto:a@x");
    let done = attendee_edit(&own, None, &ada, &at(10)).unwrap();
    assert_eq!(done.messages[0].from, "mailto:a@x");
}

#[test]
fn delivery_states_are_noted_where_they_belong() {
    let (object, _) = sent(&event(&[SINGLE, PEOPLE]));
    let noted = record_status(&object, &user("mailto:b@x"), "3.7");
    let status: Vec<_> = lines(&noted, "ATTENDEE")
        .into_iter()
        .filter(|line| line.contains("SCHEDULE-STATUS=3.7"))
        .collect();
    assert_eq!(
        status,
        ["ATTENDEE;RSVP=TRUE;SCHEDULE-STATUS=3.7:mailto:b@x"]
    );
}
