//! Access control lists (RFC 3744): what they say, and which changes of them are refused how.

use cal_dav::name::dav;

use crate::world::{World, event, prop};

const OBJECT: &str = "/dav/calendars/ada/calendar/a.ics";
const OWN: [&str; 3] = [
    "/dav/calendars/ada/",
    "/dav/calendars/ada/calendar/",
    OBJECT,
];
const NOT_OWN: [&str; 4] = [
    "/dav/",
    "/dav/principals/",
    "/dav/principals/ada/",
    "/dav/calendars/",
];
const ADA: &str = "<D:principal><D:href>/dav/principals/ada/</D:href></D:principal>";

async fn world() -> World {
    let world = World::new();
    let body = event("a", &["DTSTART:20260302T090000Z"]);
    world.put(OBJECT, &body).await;
    world
}

fn acl(entries: &str) -> String {
    format!("<D:acl xmlns:D='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>{entries}</D:acl>")
}

fn grant(principal: &str, privilege: &str) -> String {
    acl(&format!(
        "<D:ace>{principal}<D:grant><D:privilege>{privilege}</D:privilege></D:grant></D:ace>"
    ))
}

#[tokio::test]
async fn a_list_that_says_what_is_so_is_taken_and_changes_nothing() {
    let world = world().await;
    let owner = "<D:principal><D:property><D:owner/></D:property></D:principal>";
    for path in OWN {
        for body in [acl(""), grant(ADA, "<D:all/>"), grant(owner, "<D:all/>")] {
            let before = world.request("PROPFIND", path).depth("0");
            let before = before.xml(&prop(&["D:acl"]));
            let (answer, said) = (
                world.request("ACL", path).xml(&body).send().await,
                before.clone().send().await.text(),
            );
            assert_eq!(answer.status, 200, "{path} {body}: {}", answer.text());
            assert_eq!(before.send().await.text(), said, "{path}");
        }
    }
}

#[tokio::test]
async fn each_list_that_cannot_be_meets_the_condition_it_breaks() {
    let world = world().await;
    let bob = "<D:principal><D:href>/dav/principals/bob/</D:href></D:principal>";
    let stranger = "<D:principal><D:href>/elsewhere/</D:href></D:principal>";
    let everyone = "<D:principal><D:authenticated/></D:principal>";
    let denied =
        format!("<D:ace>{ADA}<D:deny><D:privilege><D:write/></D:privilege></D:deny></D:ace>");
    let inverted = format!(
        "<D:ace><D:invert>{ADA}</D:invert><D:grant><D:privilege><D:read/></D:privilege></D:grant></D:ace>"
    );
    for path in OWN {
        for (body, condition) in [
            (acl(&denied), "grant-only"),
            (acl(&inverted), "no-invert"),
            (grant(ADA, "<D:unheard-of/>"), "not-supported-privilege"),
            (grant(bob, "<D:read/>"), "allowed-principal"),
            (grant(everyone, "<D:read/>"), "allowed-principal"),
            (grant(stranger, "<D:read/>"), "recognized-principal"),
            (grant(ADA, "<D:read/>"), "limited-number-of-aces"),
        ] {
            let answer = world.request("ACL", path).xml(&body).send().await;
            assert_eq!(
                (answer.status.as_u16(), answer.conditions()),
                (403, vec![condition.to_owned()]),
                "{path} {body}"
            );
        }
        assert_eq!(
            world
                .request("ACL", path)
                .xml("<D:x xmlns:D='DAV:'/>")
                .status()
                .await,
            400
        );
    }
    let none = world.request("ACL", "/dav/calendars/ada/calendar/none.ics");
    assert_eq!(none.xml(&acl("")).status().await, 404);
}

#[tokio::test]
async fn who_may_not_write_a_list_is_told_which_privilege_is_missing() {
    let world = world().await;
    for path in NOT_OWN {
        let answer = world.request("ACL", path).xml(&acl("")).send().await;
        assert_eq!(
            (answer.status.as_u16(), answer.conditions()),
            (403, vec!["need-privileges".to_owned()]),
            "{path}"
        );
        let text = answer.text();
        assert!(text.contains("write-acl") && text.contains(path), "{text}");
    }
}

/// RFC 3744 section 5.5: whoever may do something is named by an entry, and by none may more be
/// done than `current-user-privilege-set` says.
#[tokio::test]
async fn every_resource_says_who_may_do_what() {
    let world = world().await;
    for path in OWN.into_iter().chain(NOT_OWN) {
        let answer = world
            .request("PROPFIND", path)
            .depth("0")
            .xml(&prop(&[
                "D:acl",
                "D:acl-restrictions",
                "D:inherited-acl-set",
                "D:current-user-privilege-set",
                "D:supported-privilege-set",
                "D:principal-collection-set",
            ]))
            .send()
            .await;
        let multistatus = answer.multistatus();
        let found = &multistatus.responses[0];
        let list = found.property(&dav::ACL).expect("an ACL");
        let entry = list.child(&dav::ACE).expect("an entry");
        assert!(entry.child(&dav::PROTECTED).is_some(), "{path}");
        let granted = entry.child(&dav::GRANT).unwrap().children().next().unwrap();
        let granted = granted.children().next().unwrap().name().clone();
        let own = OWN.contains(&path);
        assert_eq!(granted == dav::ALL, own, "{path}");
        let mine = found.property(&dav::CURRENT_USER_PRIVILEGE_SET).unwrap();
        let mine: Vec<_> = mine
            .children()
            .filter_map(|privilege| privilege.children().next())
            .map(|privilege| privilege.name().clone())
            .collect();
        assert!(mine.contains(&granted), "{path}");
        assert_eq!(mine.contains(&dav::WRITE), own, "{path}");
        for name in [
            &dav::ACL_RESTRICTIONS,
            &dav::INHERITED_ACL_SET,
            &dav::SUPPORTED_PRIVILEGE_SET,
            &dav::PRINCIPAL_COLLECTION_SET,
        ] {
            assert!(found.property(name).is_some(), "{path} {name:?}");
        }
    }
}

#[tokio::test]
async fn the_principals_of_a_list_are_described_as_asked() {
    let world = world().await;
    let report = "<D:acl-principal-prop-set xmlns:D='DAV:'><D:prop><D:displayname/></D:prop></D:acl-principal-prop-set>";
    for path in OWN.into_iter().chain(["/dav/principals/ada/"]) {
        let answer = world.request("REPORT", path).xml(report).send().await;
        assert_eq!(answer.hrefs(), ["/dav/principals/ada/"], "{path}");
        assert_eq!(answer.property(&dav::DISPLAYNAME).as_deref(), Some("ada"));
    }
    // Everyone who has logged in is no principal with properties.
    let answer = world.request("REPORT", "/dav/").xml(report).send().await;
    assert!(answer.hrefs().is_empty());
    let missing = world.request("REPORT", "/dav/calendars/ada/calendar/none.ics");
    assert_eq!(missing.xml(report).status().await, 404);
}

/// RFC 3744 sections 9.2 to 9.5.
#[tokio::test]
async fn reports_about_principals_are_defined_for_depth_0_only() {
    let world = world().await;
    for report in [
        "<D:acl-principal-prop-set xmlns:D='DAV:'><D:prop/></D:acl-principal-prop-set>",
        "<D:principal-match xmlns:D='DAV:'><D:self/><D:prop/></D:principal-match>",
        "<D:principal-property-search xmlns:D='DAV:'><D:prop/></D:principal-property-search>",
        "<D:principal-search-property-set xmlns:D='DAV:'/>",
    ] {
        let call = world.request("REPORT", "/dav/principals/").xml(report);
        assert!(call.clone().send().await.status.is_success(), "{report}");
        assert!(call.clone().depth("0").send().await.status.is_success());
        assert_eq!(call.depth("1").status().await, 400, "{report}");
    }
}
