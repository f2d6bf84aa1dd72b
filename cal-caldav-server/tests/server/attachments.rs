//! Managed attachments (RFC 8607): brought by POST, named in the object, read where they are.

use cal_caldav_server::Limits;
use cal_dav::name::caldav;
use cal_store::{Cause, Timestamp, Via};

use crate::world::{Answer, World, event, prop};

const CALENDAR: &str = "/dav/calendars/ada/calendar/";
const OBJECT: &str = "/dav/calendars/ada/calendar/a.ics";
const FILES: &str = "/dav/calendars/ada/managed-attachments/";

async fn world() -> World {
    world_with(Limits::default()).await
}

async fn world_with(limits: Limits) -> World {
    let world = World::with_limits(limits);
    let lines = [
        "DTSTART:20260302T090000Z",
        "RRULE:FREQ=DAILY;COUNT=5",
        "SUMMARY:A",
    ];
    let changed = "BEGIN:VEVENT\r\nUID:a\r\nDTSTAMP:20260101T000000Z\r\n\
        RECURRENCE-ID:20260303T090000Z\r\nDTSTART:20260303T100000Z\r\nSUMMARY:B\r\nEND:VEVENT\r\n\
        END:VCALENDAR";
    let body = event("a", &lines).replace("END:VCALENDAR", changed);
    world.put(OBJECT, &body).await;
    world
}

/// Adds a file to the object, with more in the query.
async fn add(world: &World, more: &str, text: &str) -> Answer {
    world
        .request("POST", &format!("{OBJECT}?action=attachment-add{more}"))
        .header("content-type", "text/plain; charset=utf-8")
        .header("content-disposition", "attachment; filename=\"a b.txt\"")
        .body(text.to_owned())
        .send()
        .await
}

async fn post(world: &World, query: &str) -> Answer {
    let call = world.request("POST", &format!("{OBJECT}?{query}"));
    call.body("new").send().await
}

fn id(answer: &Answer) -> String {
    answer.header("cal-managed-id").expect("an id").to_owned()
}

/// The object without folds.
async fn text(world: &World) -> String {
    let got = world.request("GET", OBJECT).send().await;
    got.text().replace("\r\n ", "")
}

/// Which components have an attachment: those of the series as `M`, others by instance.
async fn having(world: &World, id: &str) -> String {
    let text = text(world).await;
    let components = text.split("BEGIN:VEVENT").skip(1);
    let with = components.filter(|component| component.contains(&format!("MANAGED-ID={id}")));
    let names: Vec<&str> = with
        .map(|component| {
            let rid = component.split("RECURRENCE-ID:").nth(1);
            rid.map_or("M", |rid| &rid[..16])
        })
        .collect();
    names.join(" ")
}

fn refused(answer: &Answer) -> (u16, Vec<String>) {
    (answer.status.as_u16(), answer.conditions())
}

fn condition(name: &str) -> (u16, Vec<String>) {
    (403, vec![name.to_owned()])
}

#[tokio::test]
async fn what_is_added_is_named_in_the_object_and_read_where_it_is() {
    let world = world().await;
    let added = add(&world, "", "hello").await;
    assert_eq!(added.status, 201, "{}", added.text());
    let id = id(&added);
    let place = added.header("location").expect("a Location").to_owned();
    assert_eq!(place, format!("{FILES}{id}"));
    let line =
        format!("ATTACH;MANAGED-ID={id};FMTTYPE=text/plain;FILENAME=a b.txt;SIZE=5:{place}\r\n");
    let text = text(&world).await;
    assert_eq!(text.matches(&line).count(), 2, "{text}");
    let object = world.request("GET", OBJECT).send().await;
    assert_eq!(object.etag(), added.etag());

    let file = world.request("GET", &place).send().await;
    assert_eq!((file.status.as_u16(), file.text().as_str()), (200, "hello"));
    assert_eq!(
        file.header("content-type"),
        Some("text/plain; charset=utf-8")
    );
    assert_eq!(
        file.header("content-disposition"),
        Some("attachment; filename=\"a b.txt\"")
    );
    assert_eq!(file.header("x-content-type-options"), Some("nosniff"));
}

#[tokio::test]
async fn an_attachment_is_of_the_instances_that_are_named() {
    for (rid, components) in [
        ("", "M 20260303T090000Z"),
        ("&rid=M", "M"),
        ("&rid=20260303T090000Z", "20260303T090000Z"),
        ("&rid=20260304T090000Z", "20260304T090000Z"),
        (
            "&rid=M,20260303T090000Z,20260304T090000Z",
            "M 20260303T090000Z 20260304T090000Z",
        ),
    ] {
        let world = world().await;
        let added = add(&world, rid, "x").await;
        assert_eq!(added.status, 201, "{rid}: {}", added.text());
        assert_eq!(having(&world, &id(&added)).await, components, "{rid}");
    }
    let world = world().await;
    for rid in ["20260302T100000Z", "20270101T090000Z", "soon", ""] {
        let answer = add(&world, &format!("&rid={rid}"), "x").await;
        assert_eq!(refused(&answer), condition("valid-rid"), "{rid}");
    }
    let text = text(&world).await;
    assert!(!text.contains("ATTACH"), "{text}");
}

#[tokio::test]
async fn an_update_brings_a_new_file_under_a_new_id_wherever_the_old_one_was() {
    let world = world().await;
    let old = id(&add(&world, "", "old").await);
    let query = format!("action=attachment-update&managed-id={old}");
    let updated = world
        .request("POST", &format!("{OBJECT}?{query}"))
        .header("content-type", "image/png")
        .header(
            "content-disposition",
            "attachment; filename*=UTF-8''b%C3%A9.png",
        )
        .header("prefer", "return=representation")
        .body("newer")
        .send()
        .await;
    assert_eq!(updated.status, 200);
    let new = id(&updated);
    assert_ne!(new, old);
    assert_eq!(updated.header("content-location"), Some(OBJECT));
    assert_eq!(
        updated.header("content-type"),
        Some("text/calendar; charset=utf-8")
    );
    assert_eq!(
        updated.header("preference-applied"),
        Some("return=representation")
    );
    let represented = updated.text().replace("\r\n ", "");
    assert_eq!(represented, text(&world).await);
    assert_eq!(having(&world, &old).await, "");
    assert_eq!(having(&world, &new).await, "M 20260303T090000Z");
    let line = "FMTTYPE=image/png;FILENAME=b\u{e9}.png;SIZE=5:";
    assert_eq!(represented.matches(line).count(), 2, "{represented}");
    let again = post(&world, &query).await;
    assert_eq!(refused(&again), condition("valid-managed-id"));
}

#[tokio::test]
async fn what_is_removed_is_named_no_more() {
    for (rid, left) in [
        ("", ""),
        ("&rid=M", "20260303T090000Z"),
        ("&rid=20260303T090000Z", "M"),
        // An instance gets a component of its own that has it no more.
        ("&rid=20260304T090000Z", "M 20260303T090000Z"),
    ] {
        let world = world().await;
        let id = id(&add(&world, "", "x").await);
        let query = format!("action=attachment-remove&managed-id={id}{rid}");
        let removed = post(&world, &query).await;
        assert_eq!(removed.status, 204, "{rid}: {}", removed.text());
        assert_eq!(removed.header("cal-managed-id"), None);
        assert_eq!(having(&world, &id).await, left, "{rid}");
        let instances = text(&world).await.matches("BEGIN:VEVENT").count();
        assert_eq!(instances, if rid.contains("0304") { 3 } else { 2 }, "{rid}");
        let object = world.request("GET", OBJECT).send().await;
        assert_eq!(object.etag(), removed.etag());
    }
}

#[tokio::test]
async fn each_fault_of_a_request_is_named() {
    let world = world_with(Limits {
        attachment_size: 10,
        attachments: 2,
        ..Limits::default()
    })
    .await;
    let one = id(&add(&world, "", "1").await);
    for (query, name) in [
        ("", "valid-action"),
        ("action=attachment", "valid-action"),
        ("action=attachment-add&managed-id=x", "valid-managed-id"),
        ("action=attachment-update", "valid-managed-id"),
        (
            "action=attachment-update&managed-id=none",
            "valid-managed-id",
        ),
        (
            &format!("action=attachment-update&managed-id={one}&rid=M"),
            "valid-rid",
        ),
        ("action=attachment-remove", "valid-managed-id"),
        (
            "action=attachment-remove&managed-id=none",
            "valid-managed-id",
        ),
        (
            "action=attachment-remove&managed-id=none&rid=20260304T090000Z",
            "valid-managed-id",
        ),
    ] {
        assert_eq!(
            refused(&post(&world, query).await),
            condition(name),
            "{query}"
        );
    }
    let large = add(&world, "", "more than ten").await;
    assert_eq!(refused(&large), condition("max-attachment-size"));
    assert_eq!(add(&world, "", "2").await.status, 201);
    let third = add(&world, "", "3").await;
    assert_eq!(refused(&third), condition("max-attachments-per-resource"));
    // There is always a place for what stands for another.
    let update = post(
        &world,
        &format!("action=attachment-update&managed-id={one}"),
    )
    .await;
    assert_eq!(update.status, 204);
    let nowhere = world.request(
        "POST",
        "/dav/calendars/ada/calendar/none.ics?action=attachment-add",
    );
    assert_eq!(nowhere.body("x").status().await, 404);
    let listed = world.request("PROPFIND", FILES).depth("1").send().await;
    assert_eq!(listed.hrefs().len(), 4, "what was refused left no file");
}

#[tokio::test]
async fn a_client_that_edits_what_has_changed_is_told_so() {
    let world = world().await;
    let add = |tag: &str| {
        let query = format!("{OBJECT}?action=attachment-add");
        world
            .request("POST", &query)
            .header("if-match", tag)
            .body("x")
    };
    let before = world.request("GET", OBJECT).send().await.etag();
    let added = add(&before).send().await;
    assert_eq!(added.status, 201);
    assert_eq!(add(&before).status().await, 412);
    assert_eq!(add(&added.etag()).status().await, 201);
}

#[tokio::test]
async fn of_many_who_add_at_once_none_is_lost() {
    let world = world().await;
    let adding = (0..6).map(|n| {
        let world = &world;
        async move { add(world, "", &n.to_string()).await }
    });
    let added = futures::future::join_all(adding).await;
    for answer in &added {
        assert_eq!(answer.status, 201, "{}", answer.text());
        assert_eq!(having(&world, &id(answer)).await, "M 20260303T090000Z");
    }
}

#[tokio::test]
async fn an_attachment_that_is_there_can_be_named_by_other_objects() {
    let world = world().await;
    let id = id(&add(&world, "", "x").await);
    let naming = |uid: &str, id: &str| {
        let attach = format!("ATTACH;MANAGED-ID={id}:https://example.com/{id}");
        event(uid, &["DTSTART:20260302T090000Z", &attach])
    };
    let other = "/dav/calendars/ada/calendar/b.ics";
    world.put(other, &naming("b", &id)).await;
    for (method, path) in [
        ("PUT", "/dav/calendars/ada/calendar/c.ics"),
        ("POST", CALENDAR),
    ] {
        let call = world
            .request(method, path)
            .calendar(&naming("c", "made-up"));
        let answer = call.send().await;
        assert_eq!(
            refused(&answer),
            condition("valid-managed-id-parameter"),
            "{method}"
        );
    }
    // The attachments of others are not there.
    let theirs = world
        .request("PUT", "/dav/calendars/bob/calendar/c.ics")
        .user("bob")
        .calendar(&naming("c", &id));
    assert_eq!(
        refused(&theirs.send().await),
        condition("valid-managed-id-parameter")
    );
    // What came from elsewhere with its attachments, not by a client, can be edited.
    let ada = cal_store::PrincipalName::new("ada").unwrap();
    let names = ["calendar", "d.ics"].map(|name| cal_store::ObjectName::new(name).unwrap());
    let place = world.store.locate(&ada, &names).await.unwrap();
    let cal_store::Location::Member { parent, name } = place else {
        panic!("{place:?}")
    };
    let cause = Cause::new(Via::Dav, Timestamp::from_millis(0));
    let put = cal_store::Put::new(parent.id, name, naming("d", "elsewhere"));
    world.store.put(put, &cause).await.unwrap();
    let edited = naming("d", "elsewhere").replace("DTSTART", "SUMMARY:Edited\r\nDTSTART");
    let put = world.request("PUT", "/dav/calendars/ada/calendar/d.ics");
    assert_eq!(put.calendar(&edited).status().await, 204);
}

#[tokio::test]
async fn attachments_are_changed_in_no_other_way() {
    let world = world().await;
    let place = add(&world, "", "x")
        .await
        .header("location")
        .unwrap()
        .to_owned();
    let copy = "/dav/calendars/ada/copy";
    for (method, path) in [
        ("PUT", place.as_str()),
        ("DELETE", &place),
        ("PROPPATCH", &place),
        ("MOVE", &place),
        ("COPY", &place),
        ("POST", &place),
        ("DELETE", FILES),
        ("PROPPATCH", FILES),
        ("MOVE", FILES),
        ("COPY", FILES),
        ("PUT", &format!("{FILES}new")),
    ] {
        let call = world.request(method, path).header("destination", copy);
        assert_eq!(call.body("y").status().await, 405, "{method} {path}");
    }
    for destination in [place.as_str(), FILES] {
        let call = world
            .request("MOVE", OBJECT)
            .header("destination", destination);
        assert_eq!(call.status().await, 403, "{destination}");
    }
    for method in ["MKCOL", "MKCALENDAR"] {
        let call = world.request(method, &format!("{FILES}inner/"));
        assert_eq!(call.status().await, 403, "{method}");
    }
    let got = world.request("GET", &place).send().await;
    assert_eq!(got.text(), "x");
    // The name is kept before there is an attachment, too.
    let name = "/dav/calendars/bob/managed-attachments";
    for method in ["PUT", "MKCOL", "MKCALENDAR"] {
        let call = world.request(method, name).user("bob");
        assert_eq!(
            refused(&call.send().await),
            condition("calendar-collection-location-ok"),
            "{method}"
        );
    }
}

#[tokio::test]
async fn the_attachments_of_others_are_as_if_they_were_not_there() {
    let world = world().await;
    let place = add(&world, "", "secret")
        .await
        .header("location")
        .unwrap()
        .to_owned();
    let absent = format!("{FILES}none");
    for method in [
        "GET", "HEAD", "PROPFIND", "REPORT", "OPTIONS", "DELETE", "POST",
    ] {
        let mut answers = Vec::new();
        for path in [&place, &absent] {
            let answer = world.request(method, path).user("bob").send().await;
            answers.push((answer.status, answer.text()));
        }
        assert_eq!(answers[0], answers[1], "{method}");
        assert_eq!(answers[0].0, 404, "{method}");
    }
    let stranger = world.request("GET", &place).anonymous();
    assert_eq!(stranger.status().await, 401);
    let query = format!("{OBJECT}?action=attachment-add");
    let theirs = world.request("POST", &query).user("bob").body("x");
    assert_eq!(theirs.status().await, 404);
}

#[tokio::test]
async fn what_no_object_names_goes_when_the_store_is_pruned() {
    let world = world().await;
    let kept = add(&world, "", "kept").await;
    let gone = add(&world, "", "gone").await;
    let query = format!("action=attachment-remove&managed-id={}", id(&gone));
    assert_eq!(post(&world, &query).await.status, 204);
    let after = Timestamp::from_millis(crate::world::now().timestamp_millis() + 1);
    let cause = Cause::new(Via::Dav, after);
    assert_eq!(
        world.store.prune_attachments(after, &cause).await.unwrap(),
        1
    );
    for (answer, status) in [(&kept, 200), (&gone, 404)] {
        let place = answer.header("location").unwrap();
        assert_eq!(world.request("GET", place).status().await, status);
    }
}

#[tokio::test]
async fn the_limits_are_told_where_calendars_are() {
    let world = world().await;
    let names = [
        "C:max-attachment-size",
        "C:max-attachments-per-resource",
        "C:managed-attachments-server-URL",
    ];
    for path in ["/dav/calendars/ada/", CALENDAR] {
        let call = world.request("PROPFIND", path).depth("0");
        let answer = call.clone().xml(&prop(&names)).send().await;
        for (name, value) in [
            (&caldav::MAX_ATTACHMENT_SIZE, "10485760"),
            (&caldav::MAX_ATTACHMENTS_PER_RESOURCE, "20"),
            // The server of the calendars itself.
            (&caldav::MANAGED_ATTACHMENTS_SERVER_URL, ""),
        ] {
            assert_eq!(answer.property(name).as_deref(), Some(value), "{path}");
        }
        let all = "<D:propfind xmlns:D='DAV:'><D:allprop/></D:propfind>";
        let all = call.xml(all).send().await.text();
        assert!(!all.contains("attachment"), "{all}");
    }
    let options = world.request("OPTIONS", OBJECT).send().await;
    let classes = options.header("dav").unwrap();
    assert!(classes.contains("calendar-managed-attachments"));
    assert!(!classes.contains("no-recurrence"));
    assert!(options.header("allow").unwrap().contains("POST"));
}

#[tokio::test]
async fn an_object_names_its_attachments_under_the_address_that_the_client_uses() {
    for (headers, origin) in [
        (
            vec![("host", "cal.example.com:8080")],
            "http://cal.example.com:8080",
        ),
        (
            vec![
                ("host", "10.0.0.1"),
                ("x-forwarded-host", "cal.example.com"),
                ("x-forwarded-proto", "https"),
            ],
            "https://cal.example.com",
        ),
        (
            vec![
                ("host", "10.0.0.1"),
                ("forwarded", "for=x;proto=https;host=\"cal.example.com\""),
            ],
            "https://cal.example.com",
        ),
        (vec![("host", "exa mple/x?")], ""),
        (vec![], ""),
    ] {
        let world = world().await;
        let mut call = world.request("POST", &format!("{OBJECT}?action=attachment-add"));
        for (name, value) in &headers {
            call = call.header(name, value);
        }
        let added = call.body("x").send().await;
        assert_eq!(added.status, 201, "{headers:?}");
        let line = format!("SIZE=1:{origin}{FILES}{}", id(&added));
        let text = text(&world).await;
        assert!(text.contains(&line), "{headers:?}: {text}");
    }
}
