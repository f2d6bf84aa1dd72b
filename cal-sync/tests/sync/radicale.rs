//! A calendar of a store and one on Radicale, over HTTP.

use cal_caldav_client::{AddressPolicy, Basic, Client, NewCalendar, Options, RemoteCalendar};
use cal_core::Calendar;
use cal_store::{CollectionId, ObjectName, Put, Store};
use cal_sync::endpoint::{CalDavCalendar, StoreCalendar};
use cal_sync::{Mapping, Memory, Report};

use crate::pair::{event, run};
use crate::peer::Radicale;
use crate::stores::{by_hand, put, store, text};

struct Joined {
    _server: Radicale,
    remote: RemoteCalendar,
    store: Store,
    calendar: CollectionId,
    mapping: Mapping,
    state: Memory,
}

impl Joined {
    /// A store joined to a server; `None` where there is no server to start.
    async fn start() -> Option<Self> {
        let server = Radicale::start()?;
        let options = Options::default().with_addresses(AddressPolicy::public().with_loopback());
        let credentials = Basic::new("ada", "lovelace");
        let client = Client::connect_with(&server.url, credentials, options)
            .await
            .unwrap();
        let new = NewCalendar::new("work").with_components(&["VEVENT", "VTODO"]);
        let remote = client.make_calendar(new).await.unwrap().calendar;
        let (store, calendar) = store().await;
        Some(Self {
            mapping: Mapping::new(
                StoreCalendar::new(store.clone(), calendar),
                CalDavCalendar::new(remote.clone()),
            ),
            _server: server,
            remote,
            store,
            calendar,
            state: Memory::new(),
        })
    }

    async fn sync(&self) -> Report {
        let report = self.mapping.run(&self.state, &run()).await.unwrap();
        assert_eq!(report.stopped, None);
        report
    }

    /// A run after which another has nothing to write.
    async fn settle(&self) -> Report {
        let report = self.sync().await;
        assert_eq!(report.failed, [], "{report}");
        let again = self.sync().await;
        assert_eq!(again.writes(), 0, "a second run writes: {again}");
        report
    }

    /// Edits an event on the server.
    async fn edit_remote(&self, uid: &str, summary: &str) {
        let href = self.remote.href().member(&format!("{uid}.ics"));
        let mut object = self.remote.get(&href).await.unwrap();
        object.edit(|event| {
            event.set_summary(summary);
        });
        object.save().await.unwrap();
    }
}

const SERIES: &str = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//test//EN\r\nBEGIN:VTIMEZONE\r\n\
    TZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19961027T030000\r\nTZOFFSETFROM:+0200\r\n\
    TZOFFSETTO:+0100\r\nRRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=10\r\nEND:STANDARD\r\n\
    BEGIN:DAYLIGHT\r\nDTSTART:19810329T020000\r\nTZOFFSETFROM:+0100\r\nTZOFFSETTO:+0200\r\n\
    RRULE:FREQ=YEARLY;BYDAY=-1SU;BYMONTH=3\r\nEND:DAYLIGHT\r\nEND:VTIMEZONE\r\nBEGIN:VEVENT\r\n\
    UID:series\r\nDTSTAMP:20260101T000000Z\r\nDTSTART;TZID=Europe/Berlin:20260302T090000\r\n\
    DURATION:PT1H\r\nRRULE:FREQ=WEEKLY;BYDAY=MO\r\nEXDATE;TZID=Europe/Berlin:20260309T090000\r\n\
    SUMMARY:Caf\u{e9}\\, with a long text that has to be folded because it passes the 75 byt\r\n es\r\n\
    ATTENDEE;CN=\"Lovelace, Ada\";PARTSTAT=NEEDS-ACTION:mailto:ada@example.com\r\n\
    X-OWN;A=1:kept\r\nBEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT10M\r\nDESCRIPTION:Now\r\n\
    END:VALARM\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:series\r\nDTSTAMP:20260101T000000Z\r\n\
    RECURRENCE-ID;TZID=Europe/Berlin:20260316T090000\r\n\
    DTSTART;TZID=Europe/Berlin:20260316T110000\r\nDURATION:PT1H\r\nSUMMARY:Later\r\nEND:VEVENT\r\n\
    END:VCALENDAR\r\n";

#[tokio::test]
async fn edits_on_both_sides_meet_and_a_second_run_writes_nothing() {
    let Some(joined) = Joined::start().await else {
        return;
    };
    for number in 0..8 {
        put(
            &joined.store,
            joined.calendar,
            &format!("ours-{number}"),
            "Old",
        )
        .await;
        let theirs: Calendar = event(&format!("theirs-{number}"), "SUMMARY:Old")
            .parse()
            .unwrap();
        joined.remote.create(&theirs).await.unwrap();
    }
    let report = joined.settle().await;
    assert_eq!((report.written.a.created, report.written.b.created), (8, 8));

    put(&joined.store, joined.calendar, "ours-0", "Newer here").await;
    joined.edit_remote("theirs-0", "Newer there").await;
    joined.edit_remote("ours-1", "Newer there").await;
    // Both sides change one object, in different things.
    joined.edit_remote("ours-2", "Merged").await;
    let body = text(&joined.store, joined.calendar, "ours-2").await;
    let name = ObjectName::new("ours-2.ics").unwrap();
    let moved = body.replace("DTSTART:20260302T090000Z", "DTSTART:20260303T090000Z");
    let moved = Put::new(joined.calendar, name, moved);
    joined.store.put(moved, &by_hand()).await.unwrap();
    // Each side deletes one.
    let gone = joined.remote.href().member("ours-3.ics");
    joined.remote.delete(&gone, None).await.unwrap();
    let name = ObjectName::new("theirs-3.ics").unwrap();
    let delete = cal_store::Delete::new(joined.calendar, name);
    joined.store.delete(delete, &by_hand()).await.unwrap();

    let report = joined.settle().await;
    assert_eq!(report.losses, 0);
    assert_eq!((report.written.a.deleted, report.written.b.deleted), (1, 1));
    for (uid, summary) in [
        ("ours-0", "Newer here"),
        ("theirs-0", "Newer there"),
        ("ours-1", "Newer there"),
        ("ours-2", "Merged"),
    ] {
        let href = joined.remote.href().member(&format!("{uid}.ics"));
        let theirs = joined.remote.get(&href).await.unwrap();
        let ours = text(&joined.store, joined.calendar, uid).await;
        assert!(ours.contains(&format!("SUMMARY:{summary}")), "{ours}");
        assert!(theirs.calendar().to_string().contains(summary));
        assert_eq!(ours.contains("20260303T090000Z"), uid == "ours-2");
    }
    assert_eq!(joined.remote.list().await.unwrap().objects.len(), 14);
}

#[tokio::test]
async fn a_series_with_all_that_goes_with_it_survives_the_round_trip() {
    let Some(joined) = Joined::start().await else {
        return;
    };
    let name = ObjectName::new("series.ics").unwrap();
    let series = Put::new(joined.calendar, name, SERIES);
    joined.store.put(series, &by_hand()).await.unwrap();
    joined.settle().await;
    joined.edit_remote("series", "New").await;
    joined.settle().await;
    let ours: Calendar = text(&joined.store, joined.calendar, "series")
        .await
        .parse()
        .unwrap();
    let expected: Calendar = SERIES
        .replace("Caf\u{e9}\\, with a long text that has to be folded because it passes the 75 byt\r\n es", "New")
        .parse()
        .unwrap();
    assert!(ours.same_content(&expected), "{ours}");
}

#[tokio::test]
async fn what_both_have_already_is_adopted() {
    let Some(joined) = Joined::start().await else {
        return;
    };
    for number in 0..5 {
        let uid = format!("both-{number}");
        put(&joined.store, joined.calendar, &uid, "Same").await;
        let theirs: Calendar = event(&uid, "SUMMARY:Same").parse().unwrap();
        joined.remote.create(&theirs).await.unwrap();
    }
    assert_eq!(joined.settle().await.writes(), 0);
    assert_eq!(joined.state.state().links.len(), 5);
}

#[tokio::test]
async fn attendees_are_written_so_that_no_server_invites_them_and_stay_as_they_are_here() {
    let Some(joined) = Joined::start().await else {
        return;
    };
    let people = "ORGANIZER:mailto:ada@example.com\nATTENDEE;PARTSTAT=ACCEPTED:mailto:bob@example.com\n\
                  ATTENDEE:mailto:cy@example.com\nSUMMARY:Old";
    let name = ObjectName::new("meeting.ics").unwrap();
    let meeting = Put::new(joined.calendar, name, event("meeting", people));
    joined.store.put(meeting, &by_hand()).await.unwrap();
    joined.settle().await;
    let href = joined.remote.href().member("meeting.ics");
    let theirs = joined
        .remote
        .get(&href)
        .await
        .unwrap()
        .calendar()
        .to_string();
    let theirs = theirs.replace("\r\n ", "");
    assert_eq!(
        theirs.matches("SCHEDULE-AGENT=CLIENT").count(),
        3,
        "{theirs}"
    );

    joined.edit_remote("meeting", "New").await;
    joined.settle().await;
    let ours = text(&joined.store, joined.calendar, "meeting").await;
    assert!(
        ours.contains("SUMMARY:New") && !ours.contains("SCHEDULE-AGENT"),
        "{ours}"
    );
}
