//! Messages and edits that break a rule of scheduling, by the name of the rule.

use cal_core::itip::{
    CalendarUser, Delivery, Method, Outcome, Refusal, Unchanged, attendee_edit, hand_over,
    organizer_edit, receive,
};

use crate::itip::{
    DAILY, PEOPLE, SINGLE, answer, answers, arrive, at, changed, event, invited, letters, lines,
    organize, reason, replaced, sent, user, with_second,
};

#[test]
fn a_message_does_not_replace_the_organizer() {
    let (_, messages) = sent(&event(&[SINGLE, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let forged = replaced(
        &messages[0].calendar,
        "ORGANIZER:mailto:o@x",
        "ORGANIZER:mailto:z@x",
    );
    let delivery = Delivery::new(user("mailto:z@x"), user("mailto:a@x"), at(12));
    assert_eq!(
        receive(Some(&own), &forged, &delivery).unwrap_err(),
        Refusal::OrganizerDiffers
    );
}

#[test]
fn an_object_is_handed_over_as_another_one() {
    let (object, messages) = sent(&event(&[SINGLE, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let object = changed(arrive(
        Some(&object),
        &answer(&own, "mailto:a@x", "ACCEPTED", 10),
        "mailto:o@x",
    ));
    let done = hand_over(&object, "mailto:b@x", "2", &at(11)).unwrap();
    assert_eq!(
        letters(&done.ended),
        [(Method::Cancel, vec!["mailto:a@x", "mailto:b@x"])]
    );
    assert_eq!(
        letters(&done.begun.messages),
        [(Method::Request, vec!["mailto:a@x", "mailto:o@x"])]
    );
    let begun = done.begun.object.unwrap();
    assert_eq!(lines(&begun, "UID"), ["UID:2"]);
    assert_eq!(lines(&begun, "ORGANIZER"), ["ORGANIZER:mailto:b@x"]);
    assert_eq!(answers(&begun, "mailto:a@x"), ["NEEDS-ACTION"]);
    assert_eq!(answers(&begun, "mailto:b@x"), ["ACCEPTED"]);
}

#[test]
fn handing_over_takes_another_organizer_and_uid() {
    let (object, _) = sent(&event(&[SINGLE, PEOPLE]));
    for (successor, uid) in [("MAILTO:O@x", "2"), ("mailto:b@x", "1")] {
        let refusal = hand_over(&object, successor, uid, &at(11)).unwrap_err();
        assert_eq!(refusal, Refusal::SuccessionWithin, "{successor} {uid}");
    }
}

#[test]
fn an_answer_of_one_not_invited_counts_only_where_guests_may_bring_guests() {
    let (object, messages) = sent(&event(&[SINGLE, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let mut crasher = answer(&own, "mailto:a@x", "ACCEPTED", 10);
    crasher.calendar = replaced(&crasher.calendar, "mailto:a@x", "mailto:z@x");
    crasher.from = "mailto:z@x".to_owned();
    assert_eq!(
        reason(arrive(Some(&object), &crasher, "mailto:o@x")),
        Unchanged::NotInvited
    );
    let delivery = Delivery::new(user("mailto:z@x"), user("mailto:o@x"), at(12));
    let open = delivery.admitting_uninvited();
    let known = changed(receive(Some(&object), &crasher.calendar, &open).unwrap());
    assert_eq!(answers(&known, "mailto:z@x"), ["ACCEPTED"]);
    let again = receive(Some(&known), &crasher.calendar, &open).unwrap();
    assert_eq!(reason(again), Unchanged::AlreadyApplied);
}

#[test]
fn sequence_never_goes_back() {
    let (before, _) = sent(&event(&[SINGLE, PEOPLE, "SEQUENCE:5"]));
    let after = replaced(&before, "SEQUENCE:5", "SEQUENCE:2");
    let after = replaced(&after, "SUMMARY:Talk", "SUMMARY:Chat");
    let done = organize(Some(&before), Some(&after));
    assert_eq!(lines(&done.object.unwrap(), "SEQUENCE"), ["SEQUENCE:5"]);
}

#[test]
fn a_series_has_one_master() {
    let two = with_second(&[DAILY, PEOPLE], &[SINGLE, PEOPLE]);
    assert_eq!(
        organizer_edit(None, Some(&two), &at(10)).unwrap_err(),
        Refusal::SeveralMasters
    );
    let (_, messages) = sent(&event(&[SINGLE, PEOPLE]));
    let request = replaced(
        &messages[0].calendar,
        "END:VEVENT\n",
        &format!(
            "END:VEVENT\nBEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n{SINGLE}\n{PEOPLE}\nEND:VEVENT\n"
        ),
    );
    let delivery = Delivery::new(user("mailto:o@x"), user("mailto:a@x"), at(12));
    assert_eq!(
        receive(None, &request, &delivery).unwrap_err(),
        Refusal::SeveralMasters
    );
}

#[test]
fn a_delegation_does_not_come_back() {
    let people = PEOPLE.replace(
        "ATTENDEE;RSVP=TRUE:mailto:b@x",
        "ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:a@x\":mailto:b@x",
    );
    let own = invited(&event(&[SINGLE, &people]), "mailto:a@x");
    let to_b = replaced(
        &own,
        "ATTENDEE;RSVP=TRUE:mailto:a@x",
        "ATTENDEE;PARTSTAT=DELEGATED;DELEGATED-TO=\"MAILTO:B@x\":mailto:a@x",
    );
    assert_eq!(
        attendee_edit(&own, Some(&to_b), &user("mailto:a@x"), &at(10)).unwrap_err(),
        Refusal::DelegationLoop
    );
    // Nor where the attendee's side lets it pass.
    let (object, _) = sent(&event(&[SINGLE, &people]));
    let reply = answer(&own, "mailto:a@x", "DELEGATED", 10);
    let looping = replaced(
        &reply.calendar,
        "PARTSTAT=DELEGATED",
        "PARTSTAT=DELEGATED;DELEGATED-TO=\"mailto:b@x\"",
    );
    let delivery = Delivery::new(user("mailto:a@x"), user("mailto:o@x"), at(12));
    assert_eq!(
        receive(Some(&object), &looping, &delivery).unwrap_err(),
        Refusal::DelegationLoop
    );
}

#[test]
fn addresses_in_other_letters_or_encoded_are_one_person() {
    for alias in [
        "MAILTO:A.B@X",
        "mailto:a%2Eb@x",
        "mailto:%61.b%40x",
        "a.b@x",
    ] {
        assert!(CalendarUser::new(["mailto:a.b@x"]).has(alias), "{alias}");
    }
    assert!(!CalendarUser::new(["mailto:a.b@x"]).has("mailto:a%2Fb@x"));
    let (object, messages) = sent(&event(&[SINGLE, PEOPLE]));
    let own = changed(arrive(None, &messages[0], "mailto:a@x"));
    let mut reply = answer(&own, "mailto:a@x", "ACCEPTED", 10);
    reply.calendar = replaced(&reply.calendar, "mailto:a@x", "MAILTO:%41@X");
    let known = changed(arrive(Some(&object), &reply, "mailto:o@x"));
    assert_eq!(answers(&known, "mailto:a@x"), ["ACCEPTED"]);
}

fn crowd(size: usize) -> String {
    let people = (0..size).map(|one| format!("ATTENDEE:mailto:{one}@x\n"));
    format!("ORGANIZER:mailto:o@x\n{}", people.collect::<String>())
}

#[test]
fn ten_thousand_are_invited_and_answer() {
    let (object, messages) = sent(&event(&[SINGLE, crowd(10_000).trim_end()]));
    assert_eq!(messages.len(), 1);
    assert_eq!(messages[0].to.len(), 10_000);
    let own = changed(arrive(None, &messages[0], "mailto:9999@x"));
    let reply = answer(&own, "mailto:9999@x", "ACCEPTED", 10);
    let known = changed(arrive(Some(&object), &reply, "mailto:o@x"));
    assert_eq!(answers(&known, "mailto:9999@x"), ["ACCEPTED"]);
    let renamed = replaced(&known, "SUMMARY:Talk", "SUMMARY:Chat");
    let told = organize(Some(&known), Some(&renamed)).messages;
    let updated = changed(arrive(Some(&own), &told[0], "mailto:9999@x"));
    assert_eq!(lines(&updated, "SUMMARY"), ["SUMMARY:Chat"]);
}

#[test]
fn more_than_ten_thousand_are_too_many() {
    let calendar = event(&[SINGLE, crowd(10_001).trim_end()]);
    assert_eq!(
        organizer_edit(None, Some(&calendar), &at(10)).unwrap_err(),
        Refusal::TooMany {
            what: "attendees",
            limit: 10_000
        }
    );
}

#[test]
fn an_answer_to_nothing_is_kept_for_later() {
    let own = invited(&event(&[SINGLE, PEOPLE]), "mailto:a@x");
    let reply = answer(&own, "mailto:a@x", "ACCEPTED", 10);
    let Outcome::Unchanged { reason, .. } = arrive(None, &reply, "mailto:o@x") else {
        panic!("there is nothing to change");
    };
    assert!(reason.may_apply_later());
}
