//! What newer specifications add to events and alarms (RFC 7986, 8607, 9073,
//! 9074, 9253), and building them.

use cal_core::{
    Calendar, ComponentKind, Duration, Moment, NewComponent, NewProperty, PropertyKind, Trigger,
};

use crate::{calendar_of, event_of};

fn read(text: &str) -> Calendar {
    text.parse().unwrap()
}

#[test]
fn an_attachment_is_an_address_or_bytes_in_the_text() {
    let calendar = read(&event_of(
        "ATTACH;FMTTYPE=text/html;FILENAME=a.html;SIZE=12;MANAGED-ID=m1:https://example.com/a.html\n\
         ATTACH;ENCODING=BASE64;VALUE=BINARY:aGVsbG8=\n\
         IMAGE;VALUE=URI;DISPLAY=BADGE,thumbnail;FMTTYPE=image/png:https://example.com/i.png\n\
         IMAGE;VALUE=URI:https://example.com/j.png",
    ));
    let event = calendar.events().next().unwrap();
    let attachments: Vec<_> = event.attachments().collect();
    assert_eq!(
        attachments[0].uri().as_deref(),
        Some("https://example.com/a.html")
    );
    assert_eq!(attachments[0].media_type().as_deref(), Some("text/html"));
    assert_eq!(attachments[0].file_name().as_deref(), Some("a.html"));
    assert_eq!(attachments[0].size(), Some(12));
    assert_eq!(attachments[0].managed_id().as_deref(), Some("m1"));
    assert_eq!(attachments[0].bytes().unwrap(), None);
    assert_eq!(attachments[1].uri(), None);
    assert_eq!(attachments[1].bytes().unwrap().unwrap(), b"hello");
    let shown: Vec<_> = event.images().map(|image| image.displays()).collect();
    assert_eq!(shown, [vec!["BADGE", "THUMBNAIL"], vec!["BADGE"]]);
}

#[test]
fn an_inline_attachment_that_is_not_base64_is_an_error_with_its_place() {
    let text = event_of("ATTACH;ENCODING=BASE64;VALUE=BINARY:a*b");
    let calendar = Calendar::read(text).calendar;
    let event = calendar.events().next().unwrap();
    let error = event.attachments().next().unwrap().bytes().unwrap_err();
    assert_eq!(error.fault().unwrap().position().line, 8);
}

#[test]
fn conferences_links_concepts_and_relations_are_read() {
    let calendar = read(&event_of(
        "CONFERENCE;VALUE=URI;FEATURE=audio,VIDEO;LABEL=Join:https://meet.example.com/1\n\
         LINK;LINKREL=latest-version;VALUE=URI;LABEL=Agenda;FMTTYPE=text/plain:https://example.com/agenda\n\
         CONCEPT:https://example.com/concept/sport\n\
         RELATED-TO:parent-uid\n\
         RELATED-TO;RELTYPE=finishtostart;GAP=PT5M:other-uid",
    ));
    let event = calendar.events().next().unwrap();
    let conference = event.conferences().next().unwrap();
    assert_eq!(conference.uri(), "https://meet.example.com/1");
    assert_eq!(conference.features(), ["AUDIO", "VIDEO"]);
    assert_eq!(conference.label().as_deref(), Some("Join"));
    let link = event.links().next().unwrap();
    assert_eq!(link.target(), "https://example.com/agenda");
    assert_eq!(link.relation().as_deref(), Some("latest-version"));
    assert_eq!(link.label().as_deref(), Some("Agenda"));
    assert_eq!(link.media_type().as_deref(), Some("text/plain"));
    let concepts: Vec<_> = event.concepts().collect();
    assert_eq!(concepts, ["https://example.com/concept/sport"]);
    let relations: Vec<_> = event
        .relations()
        .map(|relation| (relation.target().into_owned(), relation.kind().into_owned()))
        .collect();
    assert_eq!(
        relations,
        [
            ("parent-uid".into(), "PARENT".into()),
            ("other-uid".into(), "FINISHTOSTART".into()),
        ]
    );
    let gap = event.relations().nth(1).unwrap().gap().unwrap();
    assert_eq!(gap, Some(Duration::from_seconds(300)));
}

#[test]
fn participants_places_and_resources_are_components_of_the_event() {
    let calendar = read(&event_of(
        "BEGIN:PARTICIPANT\nUID:p1\nPARTICIPANT-TYPE:speaker\nCALENDAR-ADDRESS:mailto:ada@example.com\n\
         BEGIN:VLOCATION\nUID:l2\nNAME:Green room\nEND:VLOCATION\nEND:PARTICIPANT\n\
         BEGIN:VLOCATION\nUID:l1\nNAME:Hall\\, left\nLOCATION-TYPE:auditorium,arena\nGEO:52.5;13.4\nEND:VLOCATION\n\
         BEGIN:VRESOURCE\nUID:r1\nNAME:Beamer\nRESOURCE-TYPE:projector\nEND:VRESOURCE",
    ));
    let event = calendar.events().next().unwrap();
    let speaker = event.participants().next().unwrap();
    assert_eq!(speaker.participant_type().as_deref(), Some("SPEAKER"));
    assert_eq!(
        speaker.calendar_address().as_deref(),
        Some("mailto:ada@example.com")
    );
    let titles: Vec<_> = speaker.places().map(|place| place.title()).collect();
    assert_eq!(titles, [Some("Green room".into())]);
    let hall = event.places().next().unwrap();
    assert_eq!(hall.title().as_deref(), Some("Hall, left"));
    assert_eq!(hall.location_types(), ["auditorium", "arena"]);
    assert!(hall.geo().is_some());
    let beamer = event.needed_resources().next().unwrap();
    assert_eq!(beamer.title().as_deref(), Some("Beamer"));
    assert_eq!(beamer.resource_type().as_deref(), Some("PROJECTOR"));
}

#[test]
fn an_alarm_says_what_it_postpones_and_which_place_it_waits_for() {
    let calendar = read(&event_of(
        "BEGIN:VALARM\nUID:a2\nACTION:DISPLAY\nDESCRIPTION:x\nTRIGGER;VALUE=DATE-TIME:20260101T000000Z\n\
         RELATED-TO;RELTYPE=SNOOZE:a1\nPROXIMITY:arrive\n\
         BEGIN:VLOCATION\nUID:l\nURL:geo:40.4,-82.8\nEND:VLOCATION\nEND:VALARM",
    ));
    let event = calendar.events().next().unwrap();
    let alarm = event.alarms().next().unwrap();
    assert_eq!(alarm.snoozes().as_deref(), Some("a1"));
    assert_eq!(alarm.proximity().as_deref(), Some("ARRIVE"));
    let place = alarm.places().next().unwrap();
    assert_eq!(place.url().as_deref(), Some("geo:40.4,-82.8"));
}

#[test]
fn a_calendar_has_a_description_a_colour_a_source_and_an_interval() {
    let new = read(&calendar_of(
        "DESCRIPTION:Ours\nX-WR-CALDESC:old\nCOLOR:teal\nREFRESH-INTERVAL;VALUE=DURATION:P1D\n\
         SOURCE;VALUE=URI:https://example.com/ours.ics\nBEGIN:VEVENT\nUID:1\n\
         DTSTAMP:20260101T000000Z\nDTSTART:20260101T000000Z\nEND:VEVENT",
    ));
    assert_eq!(new.description().as_deref(), Some("Ours"));
    assert_eq!(new.color().as_deref(), Some("teal"));
    assert_eq!(
        new.source().as_deref(),
        Some("https://example.com/ours.ics")
    );
    assert_eq!(
        new.refresh_interval().unwrap(),
        Some(Duration::from_days(1))
    );
}

#[test]
fn what_programs_wrote_before_rfc_7986_counts_where_it_stands_alone() {
    let old = Calendar::read(calendar_of(
        "X-WR-CALDESC:Theirs\nX-APPLE-CALENDAR-COLOR:#ff0000\nX-PUBLISHED-TTL:PT12H",
    ))
    .calendar;
    assert_eq!(old.description().as_deref(), Some("Theirs"));
    assert_eq!(old.color().as_deref(), Some("#ff0000"));
    assert_eq!(
        old.refresh_interval().unwrap(),
        Some(Duration::from_seconds(43_200))
    );
}

#[test]
fn comments_contacts_resources_and_statuses_are_read() {
    let calendar = read(&event_of(
        "COMMENT:One\\, two\nCOMMENT:Three\nCONTACT:Ada\nRESOURCES:beamer,flipchart\nRESOURCES:tea\n\
         REQUEST-STATUS:2.0;Success\nSTYLED-DESCRIPTION;VALUE=TEXT;FMTTYPE=text/html:<b>hi</b>",
    ));
    let event = calendar.events().next().unwrap();
    assert_eq!(event.comments().collect::<Vec<_>>(), ["One, two", "Three"]);
    assert_eq!(event.contacts().collect::<Vec<_>>(), ["Ada"]);
    assert_eq!(event.resources(), ["beamer", "flipchart", "tea"]);
    assert_eq!(event.request_statuses().unwrap().len(), 1);
    assert_eq!(
        event.styled_descriptions().next().unwrap().text(),
        "<b>hi</b>"
    );
}

#[test]
fn a_built_calendar_of_several_events_parses_strictly() {
    let stamp = "2026-01-01T12:00:00".parse().unwrap();
    let start = Moment::parse("20260302T090000", Some("Europe/Berlin")).unwrap();
    let weekly = NewComponent::event("1", stamp)
        .with_start(&start)
        .with_recurrence_rule(&"FREQ=WEEKLY;BYDAY=MO".parse().unwrap())
        .with_text(PropertyKind::Location, "Hall; left")
        .with_organizer("mailto:ada@example.com", "Ada \"A\" Lovelace")
        .with_attendee("mailto:bob@example.com", "Bob, Jr.")
        .with(NewProperty::of(PropertyKind::Attach).with_bytes(b"hello"))
        .with_component(
            NewComponent::alarm("EMAIL", &Trigger::FromEnd(Duration::from_seconds(-600)))
                .with_text(PropertyKind::Summary, "Soon over")
                .with_text(PropertyKind::Description, "Ten minutes")
                .with(
                    NewProperty::of(PropertyKind::Attendee)
                        .with_raw_value("mailto:bob@example.com"),
                ),
        );
    let once = NewComponent::event("2", stamp)
        .with_start(&Moment::parse("20260303", None).unwrap())
        .with_component(NewComponent::alarm(
            "AUDIO",
            &Trigger::At(Moment::Utc(stamp)),
        ));
    let built = NewComponent::calendar("-//Example//EN")
        .with_component(weekly)
        .with_component(once);
    let calendar = read(&built.to_string());
    assert_eq!(built.read().to_string(), built.to_string());
    let event = calendar.events().next().unwrap();
    assert_eq!(event.location().as_deref(), Some("Hall; left"));
    assert_eq!(event.recurrence_rules().count(), 1);
    assert_eq!(
        event.attendees().next().unwrap().name().as_deref(),
        Some("Bob, Jr.")
    );
    let attachment = event.attachments().next().unwrap();
    assert_eq!(attachment.bytes().unwrap().unwrap(), b"hello");
    let triggers: Vec<_> = calendar
        .events()
        .flat_map(|event| event.alarms())
        .map(|alarm| alarm.trigger().unwrap())
        .collect();
    assert_eq!(
        triggers,
        [
            Trigger::FromEnd(Duration::from_seconds(-600)),
            Trigger::At(Moment::Utc(stamp)),
        ]
    );
    assert!(
        calendar
            .components()
            .all(|found| found.kind() == ComponentKind::Event)
    );
}
