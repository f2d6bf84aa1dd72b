//! Two users: what is one's is for the other exactly as if it were not there.

use crate::world::{Answer, Call, World, event, prop};

/// All methods, with what makes each of them plausible.
fn requests<'w>(world: &'w World, user: &str, path: &str) -> Vec<(String, Call<'w>)> {
    let destination = format!("/dav/calendars/{user}/calendar/stolen.ics");
    let query = "<C:calendar-query xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop><C:calendar-data/></D:prop><C:filter><C:comp-filter name='VCALENDAR'/></C:filter></C:calendar-query>";
    let multiget = format!(
        "<C:calendar-multiget xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'><D:prop><C:calendar-data/></D:prop><D:href>{path}</D:href></C:calendar-multiget>"
    );
    let sync = "<D:sync-collection xmlns:D='DAV:'><D:sync-token/><D:sync-level>1</D:sync-level><D:prop><D:getetag/></D:prop></D:sync-collection>";
    let busy = "<C:free-busy-query xmlns:C='urn:ietf:params:xml:ns:caldav'><C:time-range start='20260101T000000Z' end='20270101T000000Z'/></C:free-busy-query>";
    let expand = "<D:expand-property xmlns:D='DAV:'><D:property name='owner'><D:property name='displayname'/></D:property></D:expand-property>";
    let search = "<D:principal-property-search xmlns:D='DAV:'><D:prop><D:displayname/></D:prop></D:principal-property-search>";
    let principals = "<D:acl-principal-prop-set xmlns:D='DAV:'><D:prop><D:displayname/></D:prop></D:acl-principal-prop-set>";
    let patch = "<D:propertyupdate xmlns:D='DAV:'><D:set><D:prop><D:displayname>x</D:displayname></D:prop></D:set></D:propertyupdate>";
    let call = |method: &str| world.request(method, path).user(user);
    let mut all = vec![
        ("OPTIONS", call("OPTIONS")),
        ("GET", call("GET")),
        ("HEAD", call("HEAD")),
        (
            "PUT",
            call("PUT").calendar(&event("new", &["DTSTART:20260302T090000Z"])),
        ),
        (
            "POST",
            call("POST").calendar(&event("new", &["DTSTART:20260302T090000Z"])),
        ),
        ("DELETE", call("DELETE")),
        ("PROPFIND 0", call("PROPFIND").depth("0")),
        (
            "PROPFIND 1",
            call("PROPFIND").depth("1").xml(&prop(&["D:displayname"])),
        ),
        ("PROPPATCH", call("PROPPATCH").xml(patch)),
        ("MKCOL", call("MKCOL")),
        ("MKCALENDAR", call("MKCALENDAR")),
        ("COPY", call("COPY").header("destination", &destination)),
        ("MOVE", call("MOVE").header("destination", &destination)),
        ("LOCK", call("LOCK")),
        ("ACL", call("ACL").xml("<D:acl xmlns:D='DAV:'/>")),
    ];
    for (name, body) in [
        ("query", query),
        ("multiget", &multiget),
        ("sync", sync),
        ("busy", busy),
        ("expand", expand),
        ("search", search),
        ("principals", principals),
    ] {
        all.push((name, call("REPORT").depth("1").xml(body)));
    }
    all.into_iter()
        .map(|(name, call)| (name.to_owned(), call))
        .collect()
}

/// Everything of an answer that could tell something, without the path that was asked for.
fn visible(answer: &Answer, path: &str) -> String {
    let mut headers: Vec<_> = answer
        .headers
        .iter()
        .map(|(name, value)| format!("{name}: {value:?}"))
        .collect();
    headers.sort();
    format!("{} {headers:?} {}", answer.status, answer.text()).replace(path, "PATH")
}

async fn populated() -> World {
    let world = World::new();
    for user in ["ada", "bob"] {
        let body = event(
            "secret",
            &[
                "DTSTART:20260302T090000Z",
                &format!("SUMMARY:secret of {user}"),
            ],
        );
        let put = world
            .request("PUT", &format!("/dav/calendars/{user}/calendar/s.ics"))
            .user(user)
            .calendar(&body);
        assert_eq!(put.status().await, 201);
        assert_eq!(
            world
                .request("MKCOL", &format!("/dav/calendars/{user}/files/"))
                .user(user)
                .status()
                .await,
            201
        );
    }
    world
}

#[tokio::test]
async fn every_method_on_what_is_anothers_answers_as_on_what_is_not_there() {
    let world = populated().await;
    let resources = [
        "/dav/principals/{}/",
        "/dav/calendars/{}/",
        "/dav/calendars/{}/calendar/",
        "/dav/calendars/{}/calendar/s.ics",
        "/dav/calendars/{}/calendar/none.ics",
        "/dav/calendars/{}/files/",
        "/dav/calendars/{}/files/x/y",
    ];
    for resource in resources {
        let (theirs, nobodys) = (
            resource.replace("{}", "bob"),
            resource.replace("{}", "nobody"),
        );
        let pairs = requests(&world, "ada", &theirs)
            .into_iter()
            .zip(requests(&world, "ada", &nobodys));
        for ((name, at_bob), (_, at_nobody)) in pairs {
            let (found, absent) = (at_bob.send().await, at_nobody.send().await);
            assert_eq!(
                visible(&found, &theirs),
                visible(&absent, &nobodys),
                "{name} {resource}"
            );
            assert!(
                matches!(found.status.as_u16(), 404 | 501),
                "{name} {resource}: {}",
                found.status
            );
            assert!(!found.text().contains("secret"), "{name} {resource}");
        }
    }
    let own = world
        .request("GET", "/dav/calendars/bob/calendar/s.ics")
        .user("bob")
        .send()
        .await;
    assert!(own.text().contains("secret of bob"));
    let listing = world
        .request("PROPFIND", "/dav/calendars/bob/calendar/")
        .user("bob")
        .depth("1")
        .send()
        .await;
    assert_eq!(listing.hrefs().len(), 2, "nothing was added or taken away");
}

#[tokio::test]
async fn nothing_goes_to_or_comes_from_another_through_a_destination() {
    let world = populated().await;
    for method in ["COPY", "MOVE"] {
        for overwrite in ["T", "F"] {
            for destination in [
                "/dav/calendars/bob/calendar/s.ics",
                "/dav/calendars/bob/calendar/new.ics",
                "/dav/calendars/nobody/calendar/s.ics",
                "http://localhost/dav/calendars/bob/x/",
            ] {
                let call = world
                    .request(method, "/dav/calendars/ada/calendar/s.ics")
                    .header("destination", destination)
                    .header("overwrite", overwrite);
                let answer = call.send().await;
                assert_eq!(
                    (answer.status.as_u16(), answer.text()),
                    (404, "not found\n".to_owned()),
                    "{method} {destination}"
                );
            }
        }
    }
    let kept = world
        .request("GET", "/dav/calendars/bob/calendar/s.ics")
        .user("bob")
        .send()
        .await;
    assert!(kept.text().contains("secret of bob"));
}

#[tokio::test]
async fn listings_searches_and_expansions_name_nobody_else() {
    let world = populated().await;
    let search = "<D:principal-property-search xmlns:D='DAV:'><D:property-search><D:prop><D:displayname/></D:prop><D:match>bob</D:match></D:property-search><D:prop><D:displayname/></D:prop></D:principal-property-search>";
    let expand = "<D:expand-property xmlns:D='DAV:'><D:property name='current-user-principal'><D:property name='displayname'/></D:property></D:expand-property>";
    let mut calls = vec![world.request("REPORT", "/dav/principals/").xml(expand)];
    for path in ["/dav/", "/dav/principals/", "/dav/calendars/"] {
        calls.push(world.request("PROPFIND", path).depth("1"));
    }
    for path in ["/dav/", "/dav/principals/"] {
        calls.push(world.request("REPORT", path).xml(search));
    }
    for call in calls {
        let text = call.send().await.text();
        assert!(!text.contains("bob"), "{text}");
    }
}

#[tokio::test]
async fn strangers_are_challenged_before_anything_is_looked_at() {
    let world = populated().await;
    let paths = [
        "/dav/",
        "/dav/calendars/ada/calendar/s.ics",
        "/dav/calendars/ada/none/",
        "/dav/nothing",
        "/dav/%zz",
    ];
    let mut seen = std::collections::HashSet::new();
    for path in paths {
        for method in [
            "PROPFIND", "GET", "PUT", "REPORT", "DELETE", "MKCOL", "LOCK",
        ] {
            for authorization in [
                "",
                "Basic YWRhOndyb25n",
                "Digest username=\"ada\"",
                "Bearer token",
                "Basic !",
            ] {
                let mut call = world.request(method, path).anonymous();
                if !authorization.is_empty() {
                    call = call.header("authorization", authorization);
                }
                let answer = call.send().await;
                assert_eq!(answer.status, 401, "{method} {path} {authorization}");
                assert_eq!(
                    answer.header("www-authenticate"),
                    Some("Basic realm=\"Calendars\", charset=\"UTF-8\"")
                );
                seen.insert(answer.text());
            }
        }
    }
    assert_eq!(seen.len(), 1, "one body for all");
    let options = world
        .request("OPTIONS", "/dav/calendars/ada/")
        .anonymous()
        .send()
        .await;
    assert_eq!(options.status, 200);
    assert!(options.header("dav").unwrap().contains("calendar-access"));
    let wrong = world
        .request("OPTIONS", "/dav/")
        .anonymous()
        .header("authorization", "Basic YWRhOndyb25n");
    assert_eq!(wrong.status().await, 401);
}
