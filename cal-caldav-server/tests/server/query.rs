//! `calendar-query`: filters, time ranges, and what is returned of what they find.

use cal_caldav_server::Limits;

use crate::world::{Answer, World, component, event};

const CALENDAR: &str = "/dav/calendars/ada/all/";

fn query(prop: &str, filter: &str) -> String {
    format!(
        "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>\
         <D:prop><D:getetag/>{prop}</D:prop><C:filter><C:comp-filter name='VCALENDAR'>{filter}\
         </C:comp-filter></C:filter></C:calendar-query>"
    )
}

async fn ask(world: &World, prop: &str, filter: &str) -> Answer {
    world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(&query(prop, filter))
        .send()
        .await
}

/// The names found, without their path and suffix.
async fn found(world: &World, filter: &str) -> String {
    let answer = ask(world, "", filter).await;
    let mut names: Vec<_> = answer
        .hrefs()
        .iter()
        .map(|href| {
            href.trim_start_matches(CALENDAR)
                .trim_end_matches(".ics")
                .to_owned()
        })
        .collect();
    names.sort();
    names.join(" ")
}

async fn world(objects: &[(&str, String)]) -> World {
    let world = World::new();
    assert_eq!(world.request("MKCALENDAR", CALENDAR).status().await, 201);
    for (name, body) in objects {
        world.put(&format!("{CALENDAR}{name}.ics"), body).await;
    }
    world
}

fn comp(name: &str, inner: &str) -> String {
    format!("<C:comp-filter name='{name}'>{inner}</C:comp-filter>")
}

fn prop(name: &str, inner: &str) -> String {
    format!("<C:prop-filter name='{name}'>{inner}</C:prop-filter>")
}

fn text(attributes: &str, text: &str) -> String {
    format!("<C:text-match {attributes}>{text}</C:text-match>")
}

const ABSENT: &str = "<C:is-not-defined/>";

#[tokio::test]
async fn filters_on_components_properties_and_parameters_find_what_they_name() {
    let alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT5M\r\nEND:VALARM";
    let world = world(&[
        (
            "lunch",
            event(
                "lunch",
                &[
                    "DTSTART:20260302T120000Z",
                    "SUMMARY:Lunch with Zo\u{eb}",
                    "CATEGORIES:Food,Friends",
                    "LOCATION:Caf\u{e9}",
                ],
            ),
        ),
        (
            "call",
            event(
                "call",
                &[
                    "DTSTART:20260303T120000Z",
                    "SUMMARY:Call",
                    "ATTENDEE;PARTSTAT=ACCEPTED;CN=Bob:mailto:bob@example.com",
                    "ATTENDEE;PARTSTAT=DECLINED:mailto:eve@example.com",
                    alarm,
                ],
            ),
        ),
        (
            "quiet",
            event(
                "quiet",
                &[
                    "DTSTART:20260304T120000Z",
                    "CLASS:PRIVATE",
                    "SUMMARY:LUNCH break\\, long",
                ],
            ),
        ),
        (
            "task",
            component(
                "VTODO",
                "task",
                &["SUMMARY:Buy lunch", "STATUS:NEEDS-ACTION"],
            ),
        ),
        (
            "note",
            component(
                "VJOURNAL",
                "note",
                &["DTSTART;VALUE=DATE:20260305", "SUMMARY:Note"],
            ),
        ),
    ])
    .await;
    let ev = |inner: &str| comp("VEVENT", inner);
    let cases = [
        (String::new(), "call lunch note quiet task"),
        (ev(""), "call lunch quiet"),
        (comp("vevent", ""), "call lunch quiet"),
        (comp("VTODO", ""), "task"),
        (comp("VJOURNAL", ""), "note"),
        (comp("VFREEBUSY", ""), ""),
        (comp("X-UNKNOWN", ""), ""),
        (comp("VEVENT", ABSENT), "note task"),
        (ev(&comp("VALARM", "")), "call"),
        (ev(&comp("VALARM", ABSENT)), "lunch quiet"),
        (ev(&prop("LOCATION", "")), "lunch"),
        (ev(&prop("LOCATION", ABSENT)), "call quiet"),
        (ev(&prop("summary", &text("", "lunch"))), "lunch quiet"),
        (
            ev(&prop("SUMMARY", &text("collation='i;octet'", "Lunch"))),
            "lunch",
        ),
        (
            ev(&prop(
                "SUMMARY",
                &text("collation='i;ascii-casemap'", "ZO\u{cb}"),
            )),
            "",
        ),
        (
            ev(&prop(
                "SUMMARY",
                &text("collation='i;unicode-casemap'", "ZO\u{cb}"),
            )),
            "lunch",
        ),
        (
            ev(&prop("SUMMARY", &text("negate-condition='yes'", "lunch"))),
            "call",
        ),
        (ev(&prop("SUMMARY", &text("", "break, long"))), "quiet"),
        (ev(&prop("CATEGORIES", &text("", "friends"))), "lunch"),
        (
            ev(&prop("CATEGORIES", &text("match-type='equals'", "food"))),
            "lunch",
        ),
        (ev(&prop("CLASS", &text("", "private"))), "quiet"),
        (
            ev(&format!(
                "{}{}",
                prop("SUMMARY", &text("", "lunch")),
                prop("LOCATION", &text("", "caf"))
            )),
            "lunch",
        ),
        (
            ev(&format!(
                "{}{}",
                prop("SUMMARY", &text("", "lunch")),
                prop("CLASS", ABSENT)
            )),
            "lunch",
        ),
        (ev(&prop("ATTENDEE", &text("", "bob@example.com"))), "call"),
        (
            ev(&prop("ATTENDEE", "<C:param-filter name='PARTSTAT'/>")),
            "call",
        ),
        (
            ev(&prop(
                "ATTENDEE",
                &format!(
                    "{}<C:param-filter name='PARTSTAT'>{}</C:param-filter>",
                    text("", "bob"),
                    text("", "accepted")
                ),
            )),
            "call",
        ),
        (
            ev(&prop(
                "ATTENDEE",
                &format!(
                    "{}<C:param-filter name='PARTSTAT'>{}</C:param-filter>",
                    text("", "bob"),
                    text("", "declined")
                ),
            )),
            "",
        ),
        (
            ev(&prop(
                "ATTENDEE",
                "<C:param-filter name='CN'><C:is-not-defined/></C:param-filter>",
            )),
            "call",
        ),
        (ev(&prop("ATTENDEE", "<C:param-filter name='ROLE'/>")), ""),
        (
            ev(&prop(
                "DTSTART",
                "<C:time-range start='20260303T000000Z' end='20260304T000000Z'/>",
            )),
            "call",
        ),
        (prop("SUMMARY", &text("", "lunch")), "lunch quiet task"),
        (
            prop("VERSION", &text("", "2.0")),
            "call lunch note quiet task",
        ),
        (
            "<C:time-range start='20260304T000000Z' end='20260306T000000Z'/>".to_owned(),
            "note quiet task",
        ),
    ];
    for (filter, expected) in cases {
        assert_eq!(found(&world, &filter).await, expected, "{filter}");
    }
}

#[tokio::test]
async fn malformed_filters_are_refused_as_such() {
    let world = world(&[]).await;
    let ev = |inner: &str| comp("VEVENT", inner);
    let cases = [
        (ev("<C:time-range/>"), "valid-filter"),
        (ev("<C:time-range start='20260301'/>"), "valid-filter"),
        (
            ev("<C:time-range start='20260301T000000'/>"),
            "valid-filter",
        ),
        (
            ev("<C:time-range start='20260302T000000Z' end='20260301T000000Z'/>"),
            "valid-filter",
        ),
        (
            ev("<C:time-range start='20260301T000000Z' end='20260301T000000Z'/>"),
            "valid-filter",
        ),
        (
            ev("<C:is-not-defined/><C:prop-filter name='X'/>"),
            "valid-filter",
        ),
        (ev("<C:prop-filter/>"), "valid-filter"),
        ("<C:comp-filter/>".to_owned(), "valid-filter"),
        (
            ev(&prop(
                "X",
                "<C:text-match collation='i;klingon'>x</C:text-match>",
            )),
            "supported-collation",
        ),
        (
            ev(&prop(
                "X",
                "<C:text-match negate-condition='maybe'>x</C:text-match>",
            )),
            "valid-filter",
        ),
        (comp("VEVENT", "").repeat(300), "supported-filter"),
    ];
    for (filter, condition) in cases {
        let answer = ask(&world, "", &filter).await;
        assert_eq!(
            (answer.status.as_u16(), answer.conditions()),
            (403, vec![condition.to_owned()]),
            "{filter}"
        );
    }
    let no_filter = "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop/></C:calendar-query>";
    let answer = world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(no_filter)
        .send()
        .await;
    assert_eq!(answer.conditions(), ["valid-filter"]);
}

fn range(start: &str, end: &str) -> String {
    format!("<C:time-range start='{start}' end='{end}'/>")
}

#[tokio::test]
async fn events_are_found_by_the_rows_of_their_table() {
    let world = world(&[
        (
            "ended",
            event(
                "ended",
                &["DTSTART:20260302T100000Z", "DTEND:20260302T110000Z"],
            ),
        ),
        (
            "long",
            event("long", &["DTSTART:20260302T100000Z", "DURATION:PT1H"]),
        ),
        ("instant", event("instant", &["DTSTART:20260302T100000Z"])),
        (
            "zero",
            event("zero", &["DTSTART:20260302T100000Z", "DURATION:PT0S"]),
        ),
        ("day", event("day", &["DTSTART;VALUE=DATE:20260302"])),
        (
            "days",
            event(
                "days",
                &["DTSTART;VALUE=DATE:20260301", "DTEND;VALUE=DATE:20260303"],
            ),
        ),
    ])
    .await;
    let cases = [
        (
            "20260302T100000Z",
            "20260302T100001Z",
            "day days ended instant long zero",
        ),
        ("20260302T095900Z", "20260302T100000Z", "day days"),
        (
            "20260302T105959Z",
            "20260302T120000Z",
            "day days ended long",
        ),
        ("20260302T110000Z", "20260302T120000Z", "day days"),
        ("20260301T235959Z", "20260302T000000Z", "days"),
        ("20260303T000000Z", "20260304T000000Z", ""),
        ("20260228T000000Z", "20260301T000000Z", ""),
    ];
    for (start, end, expected) in cases {
        assert_eq!(
            found(&world, &comp("VEVENT", &range(start, end))).await,
            expected,
            "{start}/{end}"
        );
    }
    let open = [
        ("<C:time-range start='20260302T110000Z'/>", "day days"),
        ("<C:time-range end='20260302T000000Z'/>", "days"),
    ];
    for (range, expected) in open {
        assert_eq!(
            found(&world, &comp("VEVENT", range)).await,
            expected,
            "{range}"
        );
    }
}

#[tokio::test]
async fn to_dos_are_found_by_the_rows_of_their_table() {
    let todo = |lines: &[&str]| component("VTODO", lines.join("-").as_str(), lines);
    let world = world(&[
        (
            "both",
            todo(&["DTSTART:20260302T100000Z", "DUE:20260302T110000Z"]),
        ),
        ("span", todo(&["DTSTART:20260302T100000Z", "DURATION:PT1H"])),
        ("start", todo(&["DTSTART:20260302T100000Z"])),
        ("due", todo(&["DUE:20260302T110000Z"])),
        (
            "done",
            todo(&["CREATED:20260302T100000Z", "COMPLETED:20260302T110000Z"]),
        ),
        ("completed", todo(&["COMPLETED:20260302T110000Z"])),
        ("created", todo(&["CREATED:20260302T100000Z"])),
        ("bare", todo(&["SUMMARY:x"])),
    ])
    .await;
    let cases = [
        (
            "20260302T100000Z",
            "20260302T103000Z",
            "bare both created done span start",
        ),
        (
            "20260302T103000Z",
            "20260302T110000Z",
            "bare both completed created done due span",
        ),
        (
            "20260302T110000Z",
            "20260302T120000Z",
            "bare completed created done span",
        ),
        ("20260303T000000Z", "20260304T000000Z", "bare created"),
        ("20260228T000000Z", "20260301T000000Z", "bare"),
    ];
    for (start, end, expected) in cases {
        assert_eq!(
            found(&world, &comp("VTODO", &range(start, end))).await,
            expected,
            "{start}/{end}"
        );
    }
}

#[tokio::test]
async fn series_are_found_where_an_instance_is_and_nowhere_else() {
    let world = world(&[
        (
            "weekly",
            event(
                "weekly",
                &[
                    "DTSTART;TZID=Europe/Berlin:20260302T090000",
                    "DURATION:PT1H",
                    "RRULE:FREQ=WEEKLY",
                    "EXDATE;TZID=Europe/Berlin:20260309T090000",
                ],
            ),
        ),
        (
            "counted",
            event(
                "counted",
                &[
                    "DTSTART:20000101T000000Z",
                    "DURATION:PT1H",
                    "RRULE:FREQ=MONTHLY;COUNT=24",
                ],
            ),
        ),
        (
            "task",
            component(
                "VTODO",
                "task",
                &[
                    "DTSTART:20260302T090000Z",
                    "DUE:20260302T100000Z",
                    "RRULE:FREQ=DAILY",
                ],
            ),
        ),
        (
            "billion",
            event(
                "billion",
                &[
                    "DTSTART:20200101T120000Z",
                    "DURATION:PT1M",
                    "RRULE:FREQ=DAILY;COUNT=1000000000",
                ],
            ),
        ),
    ])
    .await;
    let cases = [
        ("VEVENT", "20360303T080000Z", "20360303T083000Z", "weekly"),
        ("VEVENT", "20360304T080000Z", "20360304T083000Z", ""),
        ("VEVENT", "20360304T000000Z", "20360305T000000Z", "billion"),
        ("VEVENT", "20360310T070000Z", "20360310T110000Z", "weekly"),
        ("VEVENT", "20260309T000000Z", "20260309T110000Z", ""),
        ("VEVENT", "20260316T080000Z", "20260316T080100Z", "weekly"),
        ("VEVENT", "20260706T070000Z", "20260706T070100Z", "weekly"),
        ("VEVENT", "20450101T000000Z", "20450101T010000Z", ""),
        ("VTODO", "20450101T093000Z", "20450101T094500Z", "task"),
        ("VTODO", "20250101T093000Z", "20250101T094500Z", ""),
    ];
    for (kind, start, end, expected) in cases {
        assert_eq!(
            found(&world, &comp(kind, &range(start, end))).await,
            expected,
            "{kind} {start}/{end}"
        );
    }
}

#[tokio::test]
async fn alarms_are_found_when_they_go_off() {
    let alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-P1D\r\nEND:VALARM";
    let world = world(&[("far", event("far", &["DTSTART:20260310T120000Z", alarm]))]).await;
    for (start, end, expected) in [
        ("20260309T120000Z", "20260309T130000Z", "far"),
        ("20260310T120000Z", "20260310T130000Z", ""),
    ] {
        let filter = comp("VEVENT", &comp("VALARM", &range(start, end)));
        assert_eq!(found(&world, &filter).await, expected, "{start}");
    }
}

#[tokio::test]
async fn floating_times_are_in_the_zone_of_the_calendar_or_of_the_query() {
    let world = world(&[
        (
            "floating",
            event("floating", &["DTSTART:20260702T090000", "DURATION:PT1H"]),
        ),
        ("day", event("day", &["DTSTART;VALUE=DATE:20260702"])),
    ])
    .await;
    let at_nine_utc = comp("VEVENT", &range("20260702T090000Z", "20260702T093000Z"));
    let at_nine_berlin = comp("VEVENT", &range("20260702T070000Z", "20260702T073000Z"));
    let late = comp("VEVENT", &range("20260702T220000Z", "20260702T230000Z"));
    assert_eq!(found(&world, &at_nine_utc).await, "day floating");
    assert_eq!(found(&world, &late).await, "day");
    let set = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><calendar-timezone-id xmlns='urn:ietf:params:xml:ns:caldav'>Europe/Berlin</calendar-timezone-id></D:prop></D:set></D:propertyupdate>";
    assert_eq!(
        world.request("PROPPATCH", CALENDAR).xml(set).status().await,
        207
    );
    assert_eq!(found(&world, &at_nine_utc).await, "day");
    assert_eq!(found(&world, &at_nine_berlin).await, "day floating");
    assert_eq!(found(&world, &late).await, "");
    let named = |id: &str| {
        query("", &at_nine_utc).replace(
            "</C:calendar-query>",
            &format!("<C:timezone-id>{id}</C:timezone-id></C:calendar-query>"),
        )
    };
    let answer = world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(&named("Etc/UTC"))
        .send()
        .await;
    assert_eq!(answer.hrefs().len(), 2);
    let answer = world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(&named("Nowhere/None"))
        .send()
        .await;
    assert_eq!(answer.conditions(), ["valid-timezone"]);
    let garbage = query("", &late).replace(
        "</C:calendar-query>",
        "<C:timezone>garbage</C:timezone></C:calendar-query>",
    );
    let answer = world
        .request("REPORT", CALENDAR)
        .depth("1")
        .xml(&garbage)
        .send()
        .await;
    assert_eq!(answer.conditions(), ["valid-calendar-data"]);
}

fn expand(start: &str, end: &str) -> String {
    format!("<C:calendar-data><C:expand start='{start}' end='{end}'/></C:calendar-data>")
}

#[tokio::test]
async fn an_expanded_series_has_one_component_an_instance() {
    let moved = "BEGIN:VEVENT\r\nUID:weekly\r\nDTSTAMP:20260101T000000Z\r\nRECURRENCE-ID;TZID=Europe/Berlin:20260316T090000\r\nDTSTART;TZID=Europe/Berlin:20260317T150000\r\nDURATION:PT1H\r\nSUMMARY:Moved\r\nEND:VEVENT\r\n";
    let weekly = event(
        "weekly",
        &[
            "DTSTART;TZID=Europe/Berlin:20260302T090000",
            "DURATION:PT1H",
            "RRULE:FREQ=WEEKLY",
            "EXDATE;TZID=Europe/Berlin:20260309T090000",
            "SUMMARY:Weekly",
        ],
    )
    .replace("END:VCALENDAR", &format!("{moved}END:VCALENDAR"));
    let world = world(&[
        ("weekly", weekly),
        (
            "birthday",
            event(
                "birthday",
                &[
                    "DTSTART;VALUE=DATE:20200320",
                    "RRULE:FREQ=YEARLY",
                    "SUMMARY:Birthday",
                ],
            ),
        ),
    ])
    .await;
    let month = ("20260301T000000Z", "20260401T000000Z");
    let filter = comp("VEVENT", &range(month.0, month.1));
    let answer = ask(&world, &expand(month.0, month.1), &filter).await;
    insta::assert_snapshot!("expanded", answer.transcript());
    // One second at the start of an instance is that instance; the place a moved one left is empty.
    for (start, end, instances) in [
        ("20260302T080000Z", "20260302T080001Z", 1),
        ("20260316T080000Z", "20260316T083000Z", 0),
        ("20260317T140000Z", "20260317T143000Z", 1),
    ] {
        let answer = ask(
            &world,
            &expand(start, end),
            &comp("VEVENT", &range(start, end)),
        )
        .await;
        assert_eq!(
            answer.text().matches("BEGIN:VEVENT").count(),
            instances,
            "{start}: {}",
            answer.text()
        );
    }
    let limited = format!(
        "<C:calendar-data><C:limit-recurrence-set start='{}' end='{}'/></C:calendar-data>",
        "20260401T000000Z", "20260501T000000Z"
    );
    let answer = ask(&world, &limited, &filter).await;
    assert!(answer.text().contains("RRULE:FREQ=WEEKLY") && !answer.text().contains("Moved"));
}

#[tokio::test]
async fn an_expansion_beyond_the_limit_is_said_for_the_object_and_spares_the_others() {
    let world = World::with_limits(Limits {
        occurrences: 1000,
        ..Limits::default()
    });
    assert_eq!(world.request("MKCALENDAR", CALENDAR).status().await, 201);
    world
        .put(
            &format!("{CALENDAR}tick.ics"),
            &event("tick", &["DTSTART:20260101T000000Z", "RRULE:FREQ=SECONDLY"]),
        )
        .await;
    world
        .put(
            &format!("{CALENDAR}once.ics"),
            &event("once", &["DTSTART:20260601T000000Z", "SUMMARY:Once"]),
        )
        .await;
    let year = ("20260101T000000Z", "20270101T000000Z");
    let answer = ask(
        &world,
        &expand(year.0, year.1),
        &comp("VEVENT", &range(year.0, year.1)),
    )
    .await;
    insta::assert_snapshot!(answer.transcript());
}

#[tokio::test]
async fn only_the_components_and_properties_asked_for_are_returned() {
    let zone = "BEGIN:VTIMEZONE\r\nTZID:Europe/Berlin\r\nBEGIN:STANDARD\r\nDTSTART:19701025T030000\r\nTZOFFSETFROM:+0200\r\nTZOFFSETTO:+0100\r\nEND:STANDARD\r\nEND:VTIMEZONE\r\n";
    let alarm = "BEGIN:VALARM\r\nACTION:DISPLAY\r\nDESCRIPTION:x\r\nTRIGGER:-PT5M\r\nEND:VALARM";
    let body = event(
        "a",
        &[
            "DTSTART;TZID=Europe/Berlin:20260302T090000",
            "SUMMARY:Shown",
            "DESCRIPTION:Hidden",
            "LOCATION:Emptied",
            alarm,
        ],
    )
    .replace("BEGIN:VEVENT", &format!("{zone}BEGIN:VEVENT"));
    let world = world(&[("a", body)]).await;
    let data = "<C:calendar-data><C:comp name='VCALENDAR'><C:prop name='VERSION'/>\
         <C:comp name='VEVENT'><C:prop name='SUMMARY'/><C:prop name='UID'/><C:prop name='LOCATION' novalue='yes'/></C:comp>\
         <C:comp name='VTIMEZONE'/></C:comp></C:calendar-data>";
    insta::assert_snapshot!(ask(&world, data, &comp("VEVENT", "")).await.transcript());
}

#[tokio::test]
async fn busy_times_outside_of_a_range_are_left_out_on_request() {
    let world = World::new();
    let set = "<C:mkcalendar xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:set><D:prop>\
         <C:supported-calendar-component-set><C:comp name='VFREEBUSY'/></C:supported-calendar-component-set>\
         </D:prop></D:set></C:mkcalendar>";
    let made = world.request("MKCALENDAR", CALENDAR).xml(set).status();
    assert_eq!(made.await, 201);
    let lines = [
        "DTSTART:20260302T000000Z",
        "DTEND:20260304T000000Z",
        "FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260302T090000Z/PT1H,20260303T090000Z/PT1H",
        "FREEBUSY:20260303T110000Z/20260303T120000Z",
        "FREEBUSY:20260302T230000Z/20260303T000000Z",
    ];
    let body = component("VFREEBUSY", "busy", &lines);
    world.put(&format!("{CALENDAR}busy.ics"), &body).await;
    let data = "<C:calendar-data><C:limit-freebusy-set start='20260303T000000Z' end='20260303T110000Z'/></C:calendar-data>";
    let text = ask(&world, data, &comp("VFREEBUSY", "")).await.text();
    let left: Vec<_> = text
        .lines()
        .filter(|line| line.starts_with("FREEBUSY"))
        .map(|line| line.trim_end_matches("&#13;").trim_end())
        .collect();
    assert_eq!(
        left,
        ["FREEBUSY;FBTYPE=BUSY-TENTATIVE:20260303T090000Z/PT1H"],
        "{text}"
    );
}

#[tokio::test]
async fn a_home_is_searched_whole_with_depth_infinity() {
    let world = world(&[("a", event("a", &["DTSTART:20260302T090000Z"]))]).await;
    world
        .put(
            "/dav/calendars/ada/calendar/b.ics",
            &event("b", &["DTSTART:20260302T090000Z"]),
        )
        .await;
    let body = query("", &comp("VEVENT", ""));
    let home = world.request("REPORT", "/dav/calendars/ada/").xml(&body);
    let all = home.clone().depth("infinity").send().await;
    assert_eq!(
        all.hrefs(),
        [
            format!("{CALENDAR}a.ics"),
            "/dav/calendars/ada/calendar/b.ics".to_owned()
        ]
    );
    assert_eq!(home.depth("1").send().await.hrefs().len(), 0);
    let object = world
        .request("REPORT", &format!("{CALENDAR}a.ics"))
        .xml(&body)
        .send()
        .await;
    assert_eq!(object.hrefs(), [format!("{CALENDAR}a.ics")]);
}
