//! What a calendar accepts, and what it says about the rest.

use cal_store::{Error, ObjectFault, Put, Store};

use crate::scene::{calendar, calendar_of_ada, cause, event, ics};

const START: &str = "DTSTART:20260921T120000Z\r\n";

fn vevent(lines: &str) -> String {
    format!("BEGIN:VEVENT\r\nDTSTAMP:20260901T080000Z\r\n{lines}END:VEVENT\r\n")
}

async fn store(body: impl Into<bytes::Bytes>) -> Result<(), Error> {
    let store = Store::memory();
    let calendar = calendar_of_ada(&store).await;
    let put = Put::new(calendar, ics("x"), body);
    store.put(put, &cause()).await.map(drop)
}

/// Bodies that are refused, with the variant and the line that say why.
fn refusals() -> Vec<(&'static str, String, Option<u32>)> {
    let method = event("x", "X").replace("PRODID", "METHOD:REQUEST\r\nPRODID");
    let cut = event("x", "X").replace("END:VCALENDAR\r\n", "");
    let two = |first: &str, second: &str| calendar(&(vevent(first) + &vevent(second)));
    let master = format!("UID:x\r\n{START}");
    let other = format!("UID:y\r\n{START}");
    let todo = "BEGIN:VTODO\r\nUID:x\r\nEND:VTODO\r\n";
    let no_event = "BEGIN:VTIMEZONE\r\nTZID:X\r\nEND:VTIMEZONE\r\n";
    vec![
        ("NotCalendar", "<html>not found</html>".to_owned(), Some(1)),
        ("NotCalendar", String::new(), None),
        ("NotCalendar", event("x", "a\0b"), Some(8)),
        ("Incomplete", cut, None),
        ("Method", method, Some(3)),
        ("NoComponent", calendar(""), None),
        ("NoComponent", calendar(no_event), None),
        ("NoUid", calendar(&vevent(START)), None),
        ("SeveralUids", two(&master, &other), None),
        ("SeveralKinds", calendar(&(vevent(&master) + todo)), None),
        ("SameInstance", two(&master, &master), None),
        ("NoStart", calendar(&vevent("UID:x\r\n")), Some(4)),
        (
            "NoStart",
            calendar(&vevent("UID:x\r\nDTSTART:soon\r\n")),
            Some(7),
        ),
    ]
}

#[tokio::test]
async fn what_is_no_calendar_object_is_refused_with_the_reason() {
    for (expected, body, line) in refusals() {
        let Err(Error::InvalidObject(invalid)) = store(body.clone()).await else {
            panic!("{expected} was accepted: {body}");
        };
        let variant = format!("{:?}", invalid.fault);
        assert!(variant.starts_with(expected), "{expected}: {variant}");
        if line.is_some() {
            assert_eq!(invalid.line, line, "{expected}: {variant}");
        }
    }
}

#[tokio::test]
async fn only_faults_of_the_text_itself_are_syntax() {
    for (name, body, _) in refusals() {
        let Err(Error::InvalidObject(invalid)) = store(body).await else {
            panic!("{name} was accepted");
        };
        let syntax = matches!(name, "NotCalendar" | "Incomplete" | "NoStart");
        assert_eq!(invalid.fault.is_syntax(), syntax, "{name}");
    }
    assert!(!ObjectFault::Method.is_syntax());
}

#[tokio::test]
async fn quirks_of_clients_are_stored_as_they_come() {
    let folded = event("x", "X").replace("\r\n", "\n");
    let quirks = [
        ("bare line feeds", folded),
        ("a byte order mark", format!("\u{feff}{}", event("x", "X"))),
        ("lower case", event("x", "X").to_lowercase()),
        ("an unknown property", event("x", "X\r\nX-ODD;A=B:c")),
        (
            "an unknown zone",
            event("x", "X")
                .replace("T120000Z", "T120000")
                .replace("DTSTART", "DTSTART;TZID=Mars/Base"),
        ),
        (
            "no product",
            event("x", "X").replace("PRODID:-//Example//EN\r\n", ""),
        ),
        (
            "a rule that is none",
            event("x", "X\r\nRRULE:FREQ=SOMETIMES"),
        ),
        ("blank lines at the end", event("x", "X") + "\r\n\r\n"),
    ];
    for (quirk, body) in quirks {
        let stored = store(body).await;
        assert!(stored.is_ok(), "{quirk}: {stored:?}");
    }
    let latin = event("x", "X").replace('X', "Caf").into_bytes();
    let latin: Vec<u8> = latin
        .into_iter()
        .flat_map(|b| if b == b'f' { vec![b, 0xe9] } else { vec![b] })
        .collect();
    assert!(store(latin).await.is_ok(), "Latin-1");
}

#[tokio::test]
async fn an_override_without_its_master_is_an_object() {
    let lines = format!("UID:x\r\nRECURRENCE-ID:20260920T120000Z\r\n{START}");
    assert!(store(calendar(&vevent(&lines))).await.is_ok());
}
