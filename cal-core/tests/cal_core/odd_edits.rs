//! Whatever a series looks like, editing and scheduling it ends: with a result
//! or a refusal, never with a panic.

use cal_core::itip::{CalendarUser, Context, Delivery, attendee_edit, organizer_edit, receive};
use cal_core::series_edit::{Change, Scope, SeriesEdit};
use cal_core::{Calendar, Duration, Moment, Window};
use chrono::{DateTime, TimeDelta};
use proptest::prelude::*;

use crate::calendar_of;
use crate::occurrence_laws::event;
use crate::series_edit::now;

fn scope() -> impl Strategy<Value = Scope> {
    prop_oneof![
        Just(Scope::This),
        Just(Scope::ThisAndFollowing),
        Just(Scope::All)
    ]
}

fn start() -> impl Strategy<Value = Moment> {
    (0..2400i64, 0..4usize).prop_map(|(hours, form)| {
        let at = DateTime::from_timestamp(1_767_225_600, 0).unwrap() + TimeDelta::hours(hours);
        match form {
            0 => Moment::Date(at.date_naive()),
            1 => Moment::Floating(at.naive_utc()),
            2 => Moment::Utc(at.naive_utc()),
            _ => Moment::Zoned {
                local: at.naive_utc(),
                tzid: "America/New_York".into(),
            },
        }
    })
}

fn read(text: &str) -> Calendar {
    Calendar::read(calendar_of(text)).calendar
}

/// The same with an organizer and attendees.
fn scheduled(text: &str) -> Calendar {
    let people = "DTSTAMP:20260101T000000Z\nORGANIZER:mailto:o@x\nATTENDEE:mailto:a@x\n\
        ATTENDEE;PARTSTAT=ACCEPTED:mailto:b@x\nEND:VEVENT";
    read(&text.replace("END:VEVENT", people))
}

/// Recurrence-ids of some occurrences.
fn some_instances(calendar: &Calendar) -> Vec<Moment> {
    let window = Window::new(
        "2025-12-01T00:00:00Z".parse().unwrap(),
        "2026-05-01T00:00:00Z".parse().unwrap(),
    );
    let found = calendar.occurrences(&window, chrono_tz::Europe::Berlin);
    found
        .filter_map(Result::ok)
        .map(|found| found.recurrence_id().unwrap_or(found.start()))
        .take(40)
        .collect()
}

proptest! {
    #[test]
    fn any_series_is_edited_or_refused(
        text in event(1), scope in scope(), nth in any::<prop::sample::Index>(),
        start in prop::option::of(start()), days in prop::option::of(1..3i64),
    ) {
        let calendar = read(&text);
        let instances = some_instances(&calendar);
        prop_assume!(!instances.is_empty());
        let edit = SeriesEdit::new(scope, nth.get(&instances).clone(), now())
            .in_zone(chrono_tz::Europe::Berlin);
        let mut change = Change::new().with_summary("changed");
        change = start.into_iter().fold(change, Change::with_start);
        change = days.map(Duration::from_days).into_iter().fold(change, Change::with_duration);
        for edited in [edit.change(&calendar, &change), edit.delete(&calendar)].into_iter().flatten() {
            for part in [edited.object, edited.following].into_iter().flatten() {
                prop_assert_eq!(part.objects().len(), 1);
                // What was edited reads back as it is.
                let again = Calendar::read(part.to_bytes()).calendar;
                prop_assert!(part.same_content(&again));
            }
        }
    }

    #[test]
    fn any_two_versions_are_scheduled_or_refused(
        one in event(1), other in event(1), method in 0..8usize,
    ) {
        let (one, other) = (scheduled(&one), scheduled(&other));
        let context = Context::at(now()).in_zone(chrono_tz::Europe::Berlin);
        let user = |who: &str| CalendarUser::new([who]);
        let edited = organizer_edit(Some(&one), Some(&other), &context);
        for message in edited.into_iter().flat_map(|edited| edited.messages) {
            let delivery = Delivery::new(user("mailto:o@x"), user(&message.to[0]), context.clone());
            prop_assert!(receive(Some(&one), &message.calendar, &delivery).is_ok());
            prop_assert!(receive(None, &message.calendar, &delivery).is_ok());
        }
        let _ = attendee_edit(&one, Some(&other), &user("mailto:a@x"), &context);
        let _ = attendee_edit(&one, None, &user("mailto:a@x"), &context);
        let methods = ["PUBLISH", "REQUEST", "REPLY", "ADD", "CANCEL", "REFRESH", "COUNTER", "DECLINECOUNTER"];
        let method = format!("BEGIN:VCALENDAR\r\nMETHOD:{}\r\n", methods[method]);
        let message = Calendar::read(other.to_string().replacen("BEGIN:VCALENDAR\r\n", &method, 1)).calendar;
        for (sender, recipient) in [("mailto:o@x", "mailto:a@x"), ("mailto:a@x", "mailto:o@x")] {
            let delivery = Delivery::new(user(sender), user(recipient), context.clone());
            let _ = receive(Some(&one), &message, &delivery);
            let _ = receive(None, &message, &delivery);
        }
    }
}
