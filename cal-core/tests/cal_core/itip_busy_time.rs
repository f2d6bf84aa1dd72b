//! Busy time by messages (RFC 5546 3.3).

use cal_core::Calendar;
use cal_core::itip::{
    BusyTime, Delivery, Message, Method, Refusal, publish_busy_time, receive_busy_time,
    reply_busy_time, request_busy_time,
};

use crate::calendar_of;
use crate::itip::{at, letters, lines, replaced, user};
use crate::series::window;

fn asked() -> Message {
    let day = window("20260105T000000Z", "20260106T000000Z");
    let people = ("mailto:o@x", &["mailto:a@x", "mailto:b@x"][..]);
    request_busy_time(people, &day, "q", &at(9)).unwrap()
}

fn busy() -> Calendar {
    let text = calendar_of(
        "BEGIN:VFREEBUSY\nUID:own\nDTSTART:20260105T000000Z\nDTEND:20260106T000000Z\n\
         FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260105T090000Z/PT1H\nCOMMENT:secret\nEND:VFREEBUSY",
    );
    Calendar::read(text).calendar
}

fn told() -> Message {
    let busy = busy();
    let view = busy.free_busies().next().unwrap();
    reply_busy_time(&asked().calendar, &view, &user("mailto:a@x"), &at(10)).unwrap()
}

fn from(sender: &str, to: &str) -> Delivery {
    Delivery::new(user(sender), user(to), at(12))
}

#[test]
fn a_request_asks_each_attendee_about_a_window() {
    let message = asked();
    assert_eq!(
        letters(std::slice::from_ref(&message)),
        [(Method::Request, vec!["mailto:a@x", "mailto:b@x"])]
    );
    assert!(Calendar::parse(message.calendar.to_bytes()).is_ok());
    assert_eq!(
        receive_busy_time(&message.calendar, &from("mailto:o@x", "mailto:a@x")),
        Ok(BusyTime::Requested(window(
            "20260105T000000Z",
            "20260106T000000Z"
        )))
    );
}

#[test]
fn a_reply_tells_the_periods_under_the_uid_of_the_request() {
    let message = told();
    assert_eq!(message.to, ["mailto:o@x"]);
    for (start, line) in [
        ("UID", "UID:q"),
        ("ATTENDEE", "ATTENDEE:mailto:a@x"),
        (
            "FREEBUSY",
            "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260105T090000Z/PT1H",
        ),
    ] {
        assert_eq!(lines(&message.calendar, start), [line]);
    }
    assert!(lines(&message.calendar, "COMMENT").is_empty());
    assert_eq!(
        receive_busy_time(&message.calendar, &from("mailto:a@x", "mailto:o@x")),
        Ok(BusyTime::Replied)
    );
}

#[test]
fn what_is_published_tells_times_alone() {
    let busy = busy();
    let view = busy.free_busies().next().unwrap();
    let message = publish_busy_time(&view, "mailto:a@x", &at(10));
    assert!(lines(&message.calendar, "COMMENT").is_empty());
    assert_eq!(
        receive_busy_time(&message.calendar, &from("mailto:a@x", "mailto:z@x")),
        Ok(BusyTime::Published)
    );
}

#[test]
fn nobody_asks_or_tells_for_another() {
    for (message, to) in [(asked(), "mailto:a@x"), (told(), "mailto:o@x")] {
        assert_eq!(
            receive_busy_time(&message.calendar, &from("mailto:z@x", to)),
            Err(Refusal::SenderDiffers)
        );
    }
    assert_eq!(
        receive_busy_time(&asked().calendar, &from("mailto:o@x", "mailto:z@x")),
        Err(Refusal::NotInvited)
    );
}

#[test]
fn a_request_without_a_window_is_refused() {
    let open = replaced(&asked().calendar, "DTEND:20260106T000000Z\n", "");
    assert_eq!(
        receive_busy_time(&open, &from("mailto:o@x", "mailto:a@x")),
        Err(Refusal::NoWindow)
    );
}
