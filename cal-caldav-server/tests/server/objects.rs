//! Calendar objects: stored as they came, found again, changed under conditions.

use crate::world::{World, event};

const PATH: &str = "/dav/calendars/ada/calendar/lunch.ics";

fn lunch() -> String {
    event(
        "lunch",
        &[
            "DTSTART:20260302T120000Z",
            "DTEND:20260302T130000Z",
            "SUMMARY:Lunch",
        ],
    )
}

#[tokio::test]
async fn what_is_put_comes_back_byte_for_byte_with_its_etag() {
    let world = World::new();
    let bodies = [
        lunch(),
        lunch().replace("\r\n", "\n"),
        format!("\u{feff}{}", lunch()),
        lunch().replace(
            "SUMMARY:Lunch",
            "X-ODD;A=\"b:c\":\r\n  folded\r\nSUMMARY:Essen \u{1f35c}",
        ),
    ];
    for body in bodies {
        let put = world.request("PUT", PATH).calendar(&body).send().await;
        assert!(
            put.status == 201 || put.status == 204,
            "{}: {}",
            put.status,
            put.text()
        );
        let got = world.request("GET", PATH).send().await;
        assert_eq!(got.text(), body);
        assert_eq!(got.etag(), put.etag());
    }
}

#[tokio::test]
async fn a_put_a_get_a_head_and_a_delete() {
    let world = World::new();
    let put = world.request("PUT", PATH).calendar(&lunch()).send().await;
    insta::assert_snapshot!("put", put.transcript());
    insta::assert_snapshot!("get", world.request("GET", PATH).send().await.transcript());
    insta::assert_snapshot!(
        "head",
        world.request("HEAD", PATH).send().await.transcript()
    );
    insta::assert_snapshot!(
        "delete",
        world.request("DELETE", PATH).send().await.transcript()
    );
    assert_eq!(world.request("GET", PATH).status().await, 404);
    assert_eq!(world.request("DELETE", PATH).status().await, 404);
    let seen = world.request("DELETE", PATH).header("if-match", "\"seen\"");
    assert_eq!(seen.status().await, 404, "it is deleted already");
}

#[tokio::test]
async fn conditions_decide_about_writes_and_spare_readers_the_body() {
    let world = World::new();
    assert_eq!(
        world
            .request("PUT", PATH)
            .header("if-match", "*")
            .calendar(&lunch())
            .status()
            .await,
        412
    );
    let first = world
        .request("PUT", PATH)
        .header("if-none-match", "*")
        .calendar(&lunch())
        .send()
        .await;
    assert_eq!(first.status, 201);
    assert_eq!(
        world
            .request("PUT", PATH)
            .header("if-none-match", "*")
            .calendar(&lunch())
            .status()
            .await,
        412
    );
    let etag = first.etag();
    let hash = etag.trim_matches('"');
    let mangled = [
        etag.clone(),
        format!("W/{etag}"),
        format!("\"{hash}-gzip\""),
        format!("\"{hash}-br\""),
        format!("\"{hash};gzip\""),
    ];
    for tag in &mangled {
        let put = world
            .request("PUT", PATH)
            .header("if-match", tag)
            .calendar(&lunch());
        assert_eq!(put.status().await, 204, "{tag}");
    }
    for tag in [
        "\"other\"",
        "\"\"",
        "W/\"0123456789abcdef0123456789abcdef\"",
    ] {
        let put = world
            .request("PUT", PATH)
            .header("if-match", tag)
            .calendar(&lunch());
        assert_eq!(put.status().await, 412, "{tag}");
        assert_eq!(
            world
                .request("DELETE", PATH)
                .header("if-match", tag)
                .status()
                .await,
            412,
            "{tag}"
        );
    }
    let unchanged = world
        .request("GET", PATH)
        .header("if-none-match", &etag)
        .send()
        .await;
    assert_eq!(
        (unchanged.status.as_u16(), unchanged.text().as_str()),
        (304, "")
    );
    let date = "Sun, 01 Mar 2026 12:00:00 GMT";
    assert_eq!(
        world
            .request("GET", PATH)
            .header("if-modified-since", date)
            .status()
            .await,
        304
    );
    let before = "Sun, 01 Mar 2026 11:59:59 GMT";
    assert_eq!(
        world
            .request("GET", PATH)
            .header("if-modified-since", before)
            .status()
            .await,
        200
    );
    let put = world
        .request("PUT", PATH)
        .header("if-unmodified-since", before)
        .calendar(&lunch());
    assert_eq!(put.status().await, 412);
    let delete = world
        .request("DELETE", PATH)
        .header("if-unmodified-since", before);
    assert_eq!(delete.status().await, 412);
    assert_eq!(
        world
            .request("DELETE", PATH)
            .header("if-match", &etag)
            .status()
            .await,
        204
    );
}

#[tokio::test]
async fn a_writer_that_prefers_it_gets_the_stored_object() {
    let world = World::new();
    let prefer = |call: crate::world::Call<'static>| call.header("prefer", "return=representation");
    let world: &'static World = Box::leak(Box::new(world));
    let put = prefer(world.request("PUT", PATH))
        .calendar(&lunch())
        .send()
        .await;
    assert_eq!((put.status.as_u16(), put.text()), (201, lunch()));
    assert_eq!(
        put.header("preference-applied"),
        Some("return=representation")
    );
    let other = lunch().replace("Lunch", "Dinner");
    let stale = prefer(world.request("PUT", PATH))
        .header("if-match", "\"x\"")
        .calendar(&other)
        .send()
        .await;
    assert_eq!((stale.status.as_u16(), stale.text()), (412, lunch()));
    assert_eq!(stale.etag(), put.etag());
}

#[tokio::test]
async fn post_adds_a_member_with_a_name_of_the_servers() {
    let world = World::new();
    let posted = world
        .request("POST", "/dav/calendars/ada/calendar/")
        .calendar(&lunch())
        .send()
        .await;
    assert_eq!(posted.status, 201);
    let location = posted.header("location").unwrap().to_owned();
    let got = world.request("GET", &location).send().await;
    assert_eq!((got.text(), got.etag()), (lunch(), posted.etag()));
    let post = world.request("POST", "/dav/calendars/ada/calendar/");
    let again = post.clone().calendar(&lunch()).send().await;
    assert_eq!(again.status, 201);
    assert_eq!(again.header("location"), Some(location.as_str()));
    let edited = lunch().replace("Lunch", "Late lunch");
    assert_eq!(
        world
            .request("PUT", &location)
            .calendar(&edited)
            .status()
            .await,
        204
    );
    let late = post.calendar(&lunch()).send().await;
    assert_eq!(
        (late.status.as_u16(), late.conditions()),
        (403, vec!["no-uid-conflict".to_owned()])
    );
    assert_eq!(
        world.request("GET", &location).send().await.text(),
        edited,
        "the edit stays"
    );
}

#[tokio::test]
async fn a_deleted_uid_can_come_back_under_any_name() {
    let world = World::new();
    for name in ["a.ics", "b.ics", "a.ics"] {
        let path = format!("/dav/calendars/ada/calendar/{name}");
        world.put(&path, &lunch()).await;
        assert_eq!(world.request("DELETE", &path).status().await, 204);
    }
}

#[tokio::test]
async fn a_calendar_is_one_stream_of_icalendar_with_a_tag_of_its_own() {
    let world = World::new();
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    for n in 0..3 {
        let body = event(
            &format!("e{n}"),
            &["DTSTART;TZID=Europe/Berlin:20260302T120000"],
        )
        .replace("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"));
        world
            .put(&format!("/dav/calendars/ada/calendar/{n}.ics"), &body)
            .await;
    }
    let export = world
        .request("GET", "/dav/calendars/ada/calendar/")
        .send()
        .await;
    assert_eq!(export.status, 200);
    assert_eq!(export.text().matches("BEGIN:VEVENT").count(), 3);
    assert_eq!(export.text().matches("BEGIN:VTIMEZONE").count(), 1);
    cal_core::Calendar::parse(export.text()).expect("strict iCalendar");
    let bare = event("bare", &["DTSTART;TZID=America/New_York:20260302T120000"]);
    world
        .put("/dav/calendars/ada/calendar/bare.ics", &bare)
        .await;
    let with_bare = world.request("GET", "/dav/calendars/ada/calendar/");
    let text = with_bare.send().await.text();
    assert!(text.contains("TZID:America/New_York\r\n"), "{text}");
    let changed = world.request("GET", "/dav/calendars/ada/calendar");
    let changed = changed.header("if-none-match", &export.etag()).send().await;
    assert_eq!(changed.status, 200);
    let again = world.request("GET", "/dav/calendars/ada/calendar");
    let again = again.header("if-none-match", &changed.etag());
    assert_eq!(again.status().await, 304);
}

#[tokio::test]
async fn an_if_header_is_heeded_like_any_other_condition() {
    let world = World::new();
    let etag = world.put(PATH, &lunch()).await.etag();
    let there = format!("<{PATH}>");
    let nowhere = "</dav/calendars/ada/calendar/none.ics>";
    let strangers = "</dav/calendars/bob/calendar/lunch.ics>";
    let cases = [
        (format!("([{etag}])"), 204),
        ("([\"old\"])".to_owned(), 412),
        (format!("(Not [{etag}])"), 412),
        (format!("([\"old\"]) ([{etag}])"), 204),
        (format!("([{etag}] <urn:uuid:no-lock>)"), 412),
        ("(Not <DAV:no-lock>)".to_owned(), 204),
        (format!("{there} ([{etag}])"), 204),
        (format!("{nowhere} ([{etag}])"), 412),
        (format!("{strangers} ([{etag}])"), 412),
        ("not a list".to_owned(), 400),
    ];
    for (field, expected) in cases {
        let put = world
            .request("PUT", PATH)
            .calendar(&lunch())
            .header("if", &field);
        assert_eq!(put.status().await, expected, "{field}");
    }
    let delete = world.request("DELETE", PATH).header("if", "([\"old\"])");
    assert_eq!(delete.status().await, 412);
    assert_eq!(world.request("GET", PATH).status().await, 200);
}

#[tokio::test]
async fn an_if_header_may_name_the_sync_token_of_a_collection() {
    let world = World::new();
    world.put(PATH, &lunch()).await;
    let calendar = "/dav/calendars/ada/calendar/";
    let name = &cal_dav::name::dav::SYNC_TOKEN;
    let body = crate::world::prop(&["D:sync-token"]);
    let found = world.request("PROPFIND", calendar).depth("0").xml(&body);
    let token = found.send().await.property(name).expect("a sync token");
    let field = format!("<{calendar}> (<{token}>)");
    for expected in [204, 412] {
        let changed = lunch().replace("Lunch", "Brunch");
        let put = world
            .request("PUT", PATH)
            .calendar(&changed)
            .header("if", &field);
        assert_eq!(
            put.status().await,
            expected,
            "the first write moves the token"
        );
    }
}

#[tokio::test]
async fn of_many_writers_with_one_if_header_exactly_one_wins() {
    let world = World::new();
    let held = world.put(PATH, &lunch()).await.etag();
    for field in [format!("([{held}])"), format!("<{PATH}> ([{held}])")] {
        let now = world.request("GET", PATH).send().await.etag();
        let field = field.replace(&held, &now);
        let writers = (0..8).map(|number| {
            let body = lunch().replace("Lunch", &format!("{field} {number}"));
            let put = world.request("PUT", PATH).calendar(&body);
            put.header("if", &field).status()
        });
        let mut answers = futures::future::join_all(writers).await;
        answers.sort_unstable();
        assert_eq!(answers, [204, 412, 412, 412, 412, 412, 412, 412], "{field}");
    }
}
