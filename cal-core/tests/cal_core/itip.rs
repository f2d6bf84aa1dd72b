//! People and messages for the specifications of scheduling.

use cal_core::Calendar;
use cal_core::itip::{
    CalendarUser, Context, Delivery, Message, Method, Outcome, Scheduled, Unchanged, attendee_edit,
    organizer_edit, receive,
};

use crate::series::of_kind;

pub(crate) const PEOPLE: &str = "ORGANIZER:mailto:o@x\nATTENDEE;PARTSTAT=ACCEPTED:mailto:o@x\n\
    ATTENDEE;RSVP=TRUE:mailto:a@x\nATTENDEE;RSVP=TRUE:mailto:b@x";

pub(crate) const SINGLE: &str = "DTSTART:20260105T090000Z\nDTEND:20260105T100000Z\nSUMMARY:Talk";

pub(crate) const DAILY: &str =
    "DTSTART:20260105T090000Z\nDTEND:20260105T100000Z\nRRULE:FREQ=DAILY;COUNT=3\nSUMMARY:Talk";

pub(crate) const SECOND: &str = "RECURRENCE-ID:20260106T090000Z\nDTSTART:20260106T090000Z\nDTEND:20260106T100000Z\nSUMMARY:Talk";

pub(crate) fn event(lines: &[&str]) -> Calendar {
    of_kind("VEVENT", &[&lines.join("\n")])
}

/// A series and an override of its second instance.
pub(crate) fn with_second(series: &[&str], second: &[&str]) -> Calendar {
    of_kind("VEVENT", &[&series.join("\n"), &second.join("\n")])
}

pub(crate) fn at(hour: u32) -> Context {
    Context::at(format!("2026-01-02T{hour:02}:00:00").parse().unwrap())
}

pub(crate) fn user(address: &str) -> CalendarUser {
    CalendarUser::new([address])
}

pub(crate) fn organize(before: Option<&Calendar>, after: Option<&Calendar>) -> Scheduled {
    organizer_edit(before, after, &at(10)).unwrap()
}

/// An object as the organizer keeps it after sending it out, and what was sent.
pub(crate) fn sent(calendar: &Calendar) -> (Calendar, Vec<Message>) {
    let done = organizer_edit(None, Some(calendar), &at(8)).unwrap();
    (done.object.unwrap(), done.messages)
}

pub(crate) fn arrive(existing: Option<&Calendar>, message: &Message, to: &str) -> Outcome {
    let delivery = Delivery::new(user(&message.from), user(to), at(12));
    receive(existing, &message.calendar, &delivery).unwrap()
}

pub(crate) fn changed(outcome: Outcome) -> Calendar {
    match outcome {
        Outcome::Changed { object, .. } => object,
        other => panic!("{other:?}"),
    }
}

pub(crate) fn reason(outcome: Outcome) -> Unchanged {
    match outcome {
        Outcome::Unchanged { reason, .. } => reason,
        other => panic!("{other:?}"),
    }
}

/// What an attendee has of an object that was sent out.
pub(crate) fn invited(calendar: &Calendar, who: &str) -> Calendar {
    let (_, messages) = sent(calendar);
    changed(arrive(None, &messages[0], who))
}

pub(crate) fn text(calendar: &Calendar) -> String {
    calendar
        .to_string()
        .replace("\r\n ", "")
        .replace("\r\n", "\n")
}

pub(crate) fn replaced(calendar: &Calendar, from: &str, to: &str) -> Calendar {
    let text = text(calendar);
    assert!(text.contains(from), "{from}\n{text}");
    Calendar::read(text.replacen(from, to, 1)).calendar
}

pub(crate) fn lines(calendar: &Calendar, start: &str) -> Vec<String> {
    let text = text(calendar);
    text.lines()
        .filter(|line| line.starts_with(start))
        .map(str::to_owned)
        .collect()
}

/// Method and receivers of each message.
pub(crate) fn letters(messages: &[Message]) -> Vec<(Method, Vec<&str>)> {
    messages
        .iter()
        .map(|message| {
            let to = message.to.iter().map(String::as_str);
            (message.method, to.collect())
        })
        .collect()
}

pub(crate) fn answers(calendar: &Calendar, who: &str) -> Vec<String> {
    let all = calendar.events().filter_map(|event| {
        let mut people = event.attendees();
        let found = people.find(|person| person.address() == who)?;
        Some(found.participation().into_owned())
    });
    all.collect()
}

/// The answer of an attendee as the organizer gets it.
pub(crate) fn answer(own: &Calendar, who: &str, partstat: &str, hour: u32) -> Message {
    let line = lines(own, "ATTENDEE")
        .into_iter()
        .find(|line| line.ends_with(who));
    let line = line.unwrap();
    let after = replaced(own, &line, &format!("ATTENDEE;PARTSTAT={partstat}:{who}"));
    let done = attendee_edit(own, Some(&after), &user(who), &at(hour)).unwrap();
    done.messages.into_iter().next().unwrap()
}
