//! What is given to others depends on when events are and how firmly they take
//! time, and on nothing that is written in them.

use cal_core::Calendar;
use cal_freebusy::{
    Availability, Chart, Error, Interval, Layers, Participant, Request, Room, RoomNeed, Schedule,
    SharedAvailability, SignedAvailability, WorkingHours,
};
use chrono::TimeDelta;
use chrono_tz::Europe::Berlin;
use proptest::prelude::*;

use crate::{at, period};

fn window() -> Interval {
    period("20260302T000000Z/P2D")
}

/// A calendar in which every text is one of these: of events that count and
/// that do not, that cannot be expanded, of published time and of usual hours.
fn calendar(texts: &[String; 4], shape: &[(u32, usize)]) -> Calendar {
    let [one, two, three, four] = texts;
    let events: String = (shape.iter().enumerate())
        .map(|(number, (quarter, kind))| {
            let standing = [
                "STATUS:CONFIRMED\n",
                "STATUS:TENTATIVE\n",
                "STATUS:CANCELLED\n",
                "TRANSP:TRANSPARENT\n",
                "ATTENDEE;PARTSTAT=DECLINED;CN={1}:mailto:ada@example.com\n",
                "CLASS:PRIVATE\nATTENDEE;PARTSTAT=TENTATIVE:mailto:ada@example.com\n",
                "RRULE:FREQ={2}\n",
                "RRULE:FREQ=DAILY;COUNT=2;X-{2}={3}\n",
                "RECURRENCE-ID:{4}\n",
                "RDATE:{1}\n",
                "DTEND:{2}\n",
            ];
            let standing = standing[kind % standing.len()];
            // One end that cannot be read is enough.
            let length = if standing.starts_with("DTEND") {
                ""
            } else {
                "DURATION:PT30M\n"
            };
            format!(
                "BEGIN:VEVENT\nUID:{{1}}{number}\nSUMMARY:{{2}}\nLOCATION:{{3}}\nDESCRIPTION:{{4}}\n\
                 CATEGORIES:{{1}}\nCOMMENT:{{2}}\nURL:https://{{3}}.example/{{4}}\n\
                 ORGANIZER;CN={{2}}:mailto:{{3}}@example.net\nX-{{1}}:{{4}}\n\
                 ATTACH:{{3}}\nDTSTART:202603{:02}T{:02}{:02}00Z\n{length}{standing}END:VEVENT\n",
                2 + quarter / 96,
                quarter % 96 / 4,
                quarter % 4 * 15,
            )
        })
        .collect();
    let text = format!(
        "BEGIN:VCALENDAR\nPRODID:{{1}}\nX-WR-CALNAME:{{2}}\n{events}\
         BEGIN:VEVENT\nUID:never\nSUMMARY:{{3}}\nDTSTART:{{4}}\nEND:VEVENT\n\
         BEGIN:VFREEBUSY\nUID:{{1}}\nORGANIZER:mailto:{{2}}@example.net\nCOMMENT:{{3}}\n\
         FREEBUSY;FBTYPE=X-{{4}}:20260302T050000Z/PT1H,{{1}}\nEND:VFREEBUSY\n\
         BEGIN:VAVAILABILITY\nUID:{{2}}\nSUMMARY:{{3}}\nBUSYTYPE:X-{{4}}\nDTEND:20260302T040000Z\n\
         BEGIN:AVAILABLE\nUID:{{1}}\nSUMMARY:{{2}}\nDTSTART:20260302T010000Z\nDURATION:PT1H\n\
         END:AVAILABLE\nEND:VAVAILABILITY\nBEGIN:VTODO\nUID:{{4}}\nSUMMARY:{{1}}\nEND:VTODO\n\
         END:VCALENDAR\n"
    );
    let text = text
        .replace("{1}", one)
        .replace("{2}", two)
        .replace("{3}", three)
        .replace("{4}", four);
    Calendar::read(text).calendar
}

/// Everything that this crate makes of a calendar for the eyes of others,
/// error messages included.
fn seen_by_others(calendar: &Calendar) -> Vec<Vec<u8>> {
    let schedule = Schedule::new(Berlin)
        .with_address("ada@example.com")
        .with_calendar(calendar);
    let stamp = at("2026-03-01T12:00:00Z");
    let busy = Availability::of(&schedule, &window());
    let hours = WorkingHours::weekdays(Berlin, "09:00-17:00".parse().unwrap());
    let layers = Layers::of(&schedule, &window()).with_hours(&hours).unwrap();
    let shared = SharedAvailability::new("ada", &layers, stamp).unwrap();
    let signed = shared.to_signed_bytes(|bytes| vec![bytes[0]; 32]).unwrap();
    let refused: Result<_, Error> = SignedAvailability::from_bytes(&shared.to_bytes())
        .and_then(|unsigned| unsigned.verified(|_, _| true));
    let ada = Participant::new("Ada", Berlin, busy.busy().clone()).with_hours(hours);
    let request = Request::new(window(), TimeDelta::hours(2), Berlin)
        .with(ada)
        .with_room(Room::new("Atrium", busy.busy().clone()))
        .with_need_of_room(RoomNeed::Preferred);
    let answers = (
        request.suggest().unwrap(),
        request.why_not(&period("20260302T090000Z/PT2H")).unwrap(),
        request.weekly(2).unwrap(),
    );
    let why = schedule.explain(&window()).unwrap();
    vec![
        busy.to_vfreebusy(stamp).into_bytes(),
        shared.to_bytes(),
        signed,
        refused.unwrap_err().to_string().into_bytes(),
        Chart::new(busy.busy(), &window(), Berlin)
            .unwrap()
            .to_string()
            .into_bytes(),
        format!("{answers:?}").into_bytes(),
        format!("{:?}", why.for_others()).into_bytes(),
    ]
}

fn texts() -> impl Strategy<Value = [String; 4]> {
    // Some letters first, so that none is by chance a word of the format.
    prop::array::uniform4("zq[a-z0-9äλ🎉]{2,30}")
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn calendars_that_differ_in_their_texts_look_the_same_to_others(
        texts in texts(),
        others in texts(),
        shape in prop::collection::vec((0_u32..190, 0_usize..11), 0..12),
    ) {
        let seen = seen_by_others(&calendar(&texts, &shape));
        prop_assert_eq!(&seen, &seen_by_others(&calendar(&others, &shape)));
        // Not even by chance.
        for text in &texts {
            for seen in &seen {
                let text = text.as_bytes();
                prop_assert!(!seen.windows(text.len()).any(|part| part == text));
            }
        }
    }
}
