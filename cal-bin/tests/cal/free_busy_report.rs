//! The free-busy REPORT of a server against what a client works out from the
//! events that it downloads: the same, whatever is in the calendar.

use std::sync::atomic::{AtomicUsize, Ordering};

use cal_caldav_client::{AddressPolicy, Basic, Client, NewCalendar, Options, RemoteCalendar};
use cal_caldav_server::{Attempt, Authenticator, CalDavServer, Error, User};
use cal_core::{Calendar, ZoneDefinition};
use cal_dav::report::TimeRange;
use cal_freebusy::{Availability, Interval, Schedule};
use cal_store::{EmailAddress, PrincipalName, Store};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use proptest::prelude::*;
use proptest::sample::select;
use proptest::test_runner::{Config, RngSeed, TestCaseError, TestRunner};

const ADDRESS: &str = "ada@example.com";

/// Ada, by any password.
struct AlwaysAda;

#[async_trait::async_trait]
impl Authenticator for AlwaysAda {
    async fn authenticate(&self, attempt: &Attempt<'_>) -> Result<User, Error> {
        attempt.basic().ok_or(Error::Unauthenticated)?;
        let ada = User::new(PrincipalName::new("ada")?);
        Ok(ada.with_email(EmailAddress::new(ADDRESS)?))
    }
}

/// A server on a free port, and a client of it.
async fn serve() -> Client {
    crate::server::client();
    let dav = CalDavServer::builder(Store::memory())
        .auth(AlwaysAda)
        .base_path("/dav")
        .build();
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/dav/", listener.local_addr().unwrap());
    let router = axum::Router::new().fallback_service(dav);
    tokio::spawn(async move { axum::serve(listener, router).await });
    let options = Options::default().with_addresses(AddressPolicy::public().with_loopback());
    Client::connect_with(&url, Basic::new("ada", "any"), options)
        .await
        .unwrap()
}

/// Three weeks in which the clocks of Berlin go forward by an hour and those of
/// Lord Howe Island back by half of one.
const WINDOW: &str = "20260320T103000Z/20260410T171500Z";

const ZONES: [Tz; 4] = [
    Tz::Europe__Berlin,
    Tz::America__New_York,
    Tz::Australia__Lord_Howe,
    Tz::Asia__Kathmandu,
];

/// A quarter hour from some days before the window to some days after it, as a
/// local time.
fn local() -> impl Strategy<Value = String> {
    let first: DateTime<Utc> = "2026-03-14T00:00:00Z".parse().unwrap();
    (0_i64..96 * 32).prop_map(move |slot| {
        let at = first + TimeDelta::minutes(15 * slot);
        at.format("%Y%m%dT%H%M%S").to_string()
    })
}

/// What follows the name of a DTSTART: a time in UTC or in a zone, a floating
/// one, or a date.
fn moment() -> impl Strategy<Value = String> {
    (local(), 0..4, select(&ZONES[..])).prop_map(|(local, form, zone)| match form {
        0 => format!(":{local}Z"),
        1 => format!(";TZID={zone}:{local}"),
        2 => format!(":{local}"),
        _ => format!(";VALUE=DATE:{}", local.split_once('T').unwrap().0),
    })
}

/// A series or a single event, with what decides how firmly it takes time.
fn an_event() -> impl Strategy<Value = String> {
    let rule = select(
        &[
            "",
            "",
            "RRULE:FREQ=DAILY",
            "RRULE:FREQ=DAILY;COUNT=9",
            "RRULE:FREQ=WEEKLY;BYDAY=MO,WE,SU",
            "RRULE:FREQ=HOURLY;INTERVAL=7;COUNT=40",
        ][..],
    );
    (
        moment(),
        select(&["PT0S", "PT45M", "PT3H", "P1D", "P2D"][..]),
        rule,
        standing(),
    )
        .prop_map(|(start, length, rule, standing)| {
            // A whole day lasts whole days.
            let length = if start.contains("DATE") && length.contains('T') {
                "P1D"
            } else {
                length
            };
            format!("DTSTART{start}\r\nDURATION:{length}\r\n{rule}\r\n{standing}")
        })
}

/// STATUS, TRANSP and the own answer.
fn standing() -> impl Strategy<Value = String> {
    let status = select(
        &[
            "",
            "STATUS:TENTATIVE",
            "STATUS:CANCELLED",
            "STATUS:CONFIRMED",
        ][..],
    );
    let transparency = select(&["", "", "TRANSP:OPAQUE", "TRANSP:TRANSPARENT"][..]);
    let answer = select(
        &[
            "",
            "",
            "ACCEPTED",
            "DECLINED",
            "TENTATIVE",
            "NEEDS-ACTION",
            "X-OTHER",
        ][..],
    );
    (status, transparency, answer).prop_map(|(status, transparency, answer)| {
        let attendee = match answer {
            "" => String::new(),
            answer => format!(
                "ORGANIZER:mailto:bob@example.com\r\nATTENDEE;PARTSTAT={answer}:mailto:{ADDRESS}"
            ),
        };
        format!("{status}\r\n{transparency}\r\n{attendee}")
    })
}

/// A daily series of which one instance is moved, and with it perhaps all that
/// follow.
fn a_series_with_an_override() -> impl Strategy<Value = String> {
    let moved = (1_i64..6, moment(), standing(), any::<bool>());
    (select(&ZONES[..]), moved).prop_map(|(zone, (day, start, standing, following))| {
        let range = if following {
            ";RANGE=THISANDFUTURE"
        } else {
            ""
        };
        format!(
            "DTSTART;TZID={zone}:20260327T013000\r\nDURATION:PT2H\r\nRRULE:FREQ=DAILY;COUNT=9\r\n\
             EXDATE;TZID={zone}:20260328T013000\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:{{uid}}\r\n\
             DTSTAMP:20260101T000000Z\r\nRECURRENCE-ID{range};TZID={zone}:202603{:02}T013000\r\n\
             DTSTART{start}\r\n{standing}",
            27 + day.min(4)
        )
    })
}

fn published_busy_time() -> impl Strategy<Value = String> {
    let kind = select(
        &[
            "",
            ";FBTYPE=FREE",
            ";FBTYPE=BUSY-TENTATIVE",
            ";FBTYPE=BUSY-UNAVAILABLE",
        ][..],
    );
    prop::collection::vec((kind, local(), 1..40), 1..4).prop_map(|periods| {
        let lines = periods.into_iter();
        let lines = lines.map(|(kind, start, hours)| format!("FREEBUSY{kind}:{start}Z/PT{hours}H"));
        lines.collect::<Vec<_>>().join("\r\n")
    })
}

fn usual_hours() -> impl Strategy<Value = String> {
    let priority = select(&["", "PRIORITY:0", "PRIORITY:1", "PRIORITY:5", "PRIORITY:9"][..]);
    let kind = select(
        &[
            "",
            "BUSYTYPE:BUSY",
            "BUSYTYPE:BUSY-TENTATIVE",
            "BUSYTYPE:BUSY-UNAVAILABLE",
        ][..],
    );
    let bounds = (prop::option::of(local()), prop::option::of(2..20));
    let open = (
        select(&ZONES[..]),
        0..14,
        1..12,
        select(&["DAILY", "WEEKLY;BYDAY=MO,TU,TH"][..]),
    );
    (priority, kind, bounds, open).prop_map(|(priority, kind, (start, days), open)| {
        let start = start.map(|start| format!("DTSTART:{start}Z"));
        let days = days.filter(|_| start.is_some());
        let length = days.map(|days| format!("DURATION:P{days}D"));
        let (zone, hour, hours, frequency) = open;
        format!(
            "{priority}\r\n{kind}\r\n{}\r\n{}\r\nBEGIN:AVAILABLE\r\nUID:open\r\n\
             DTSTAMP:20260101T000000Z\r\nDTSTART;TZID={zone}:20260105T{hour:02}0000\r\n\
             DURATION:PT{hours}H\r\nRRULE:FREQ={frequency}\r\nEND:AVAILABLE",
            start.unwrap_or_default(),
            length.unwrap_or_default(),
        )
    })
}

/// Kind and lines of some objects.
fn objects() -> impl Strategy<Value = Vec<(&'static str, String)>> {
    let kind = |kind: &'static str| move |lines| (kind, lines);
    let object = prop_oneof![
        4 => an_event().prop_map(kind("VEVENT")),
        2 => a_series_with_an_override().prop_map(kind("VEVENT")),
        1 => published_busy_time().prop_map(kind("VFREEBUSY")),
        1 => usual_hours().prop_map(kind("VAVAILABILITY")),
    ];
    prop::collection::vec(object, 1..9)
}

/// A calendar object of a component with these lines.
fn object(uid: usize, kind: &str, lines: &str) -> String {
    let lines = lines.replace("{uid}", &uid.to_string());
    let lines: Vec<&str> = lines
        .split("\r\n")
        .filter(|line| !line.is_empty())
        .collect();
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Client//EN\r\nBEGIN:{kind}\r\n\
         UID:{uid}\r\nDTSTAMP:20260101T000000Z\r\n{}\r\nEND:{kind}\r\nEND:VCALENDAR\r\n",
        lines.join("\r\n")
    )
}

/// A new calendar of this zone with these objects.
async fn calendar_of(
    client: &Client,
    zone: Tz,
    objects: &[(&'static str, String)],
) -> RemoteCalendar {
    static NUMBER: AtomicUsize = AtomicUsize::new(0);
    let number = NUMBER.fetch_add(1, Ordering::Relaxed);
    let definition = ZoneDefinition::new(zone.name(), zone);
    let definition = format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Example//Client//EN\r\n{definition}END:VCALENDAR\r\n"
    );
    let new = NewCalendar::new(&format!("case{number}"))
        .with_time_zone(&definition)
        .with_components(&["VEVENT", "VFREEBUSY", "VAVAILABILITY"]);
    let made = client.make_calendar(new).await.unwrap();
    assert!(made.refused.is_empty(), "{made:?}");
    for (uid, (kind, lines)) in objects.iter().enumerate() {
        let text = object(uid, kind, lines);
        let stored = made.calendar.create(&Calendar::read(&text).calendar).await;
        stored.unwrap_or_else(|error| panic!("{error:?}\n{text}"));
    }
    made.calendar
}

/// Asks the server, downloads everything, and compares.
async fn check(
    client: &Client,
    zone: Tz,
    objects: &[(&'static str, String)],
) -> Result<(), TestCaseError> {
    let window: Interval = WINDOW.parse().unwrap();
    let remote = calendar_of(client, zone, objects).await;
    let range = TimeRange::new(window.start().naive_utc(), window.end().naive_utc()).unwrap();
    let told = remote.free_busy(range).await.unwrap();
    let told = Availability::of(&Schedule::new(Tz::UTC).with_calendar(&told), &window);

    let listing = remote.list().await.unwrap();
    let hrefs: Vec<_> = listing
        .objects
        .into_iter()
        .map(|found| found.href)
        .collect();
    let fetched = remote.fetch(&hrefs).await.unwrap();
    prop_assert_eq!(fetched.objects.len(), objects.len());
    let owner = Schedule::new(zone).with_address(ADDRESS);
    let schedule = fetched
        .objects
        .iter()
        .fold(owner, |all, object| all.with_calendar(object.calendar()));
    let own = Availability::of(&schedule, &window);
    prop_assert_eq!(own.faults(), []);
    prop_assert_eq!(told.busy(), own.busy());
    Ok(())
}

#[test]
fn the_report_says_what_a_client_works_out_from_the_events() {
    const VARIABLE: &str = "FREE_BUSY_TEST_SEED";
    let seed = match std::env::var(VARIABLE) {
        Ok(seed) => seed.parse().expect("the seed is a number"),
        Err(_) => rand::random(),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let client = runtime.block_on(serve());
    let mut runner = TestRunner::new(Config {
        cases: 64,
        rng_seed: RngSeed::Fixed(seed),
        failure_persistence: None,
        ..Config::default()
    });
    let cases = (select(&ZONES[..]), objects());
    let result = runner.run(&cases, |(zone, objects)| {
        runtime.block_on(check(&client, zone, &objects))
    });
    if let Err(failure) = result {
        panic!("{VARIABLE}={seed}: {failure}");
    }
}
