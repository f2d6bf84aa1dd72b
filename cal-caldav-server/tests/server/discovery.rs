//! How a client finds its calendars from nothing but a host and a password.

use crate::world::{World, prop};

#[tokio::test]
async fn well_known_redirects_every_method_with_and_without_credentials() {
    let world = World::new();
    for path in ["/.well-known/caldav", "/.well-known/caldav/"] {
        for method in ["GET", "PROPFIND", "OPTIONS"] {
            let call = world.request(method, path);
            for call in [call.clone(), call.anonymous()] {
                let answer = call.send_to(world.dav.discovery()).await;
                assert_eq!(answer.status, 301, "{method} {path}");
                assert_eq!(answer.header("location"), Some("/dav/"));
                assert_eq!(answer.header("cache-control"), Some("no-cache"));
            }
        }
    }
    for path in ["/.well-known", "/.well-known/", "/.well-known/carddav"] {
        let call = world.request("PROPFIND", path).anonymous();
        let answer = call.send_to(world.dav.discovery()).await;
        assert_eq!(answer.status, 404, "{path} asks for a password");
    }
}

#[tokio::test]
async fn apple_finds_the_principal_at_the_origin() {
    let world = World::new();
    for path in ["/", "/principals/"] {
        let call = world
            .request("PROPFIND", path)
            .depth("0")
            .xml(&prop(&["D:current-user-principal", "D:resourcetype"]));
        let answer = call.send_to(world.dav.discovery()).await;
        insta::assert_snapshot!(answer.transcript());
    }
}

#[tokio::test]
async fn from_the_root_to_the_calendars() {
    let world = World::new();
    let root = world
        .request("PROPFIND", "/dav/")
        .depth("0")
        .xml(&prop(&[
            "D:current-user-principal",
            "D:principal-URL",
            "D:resourcetype",
        ]))
        .send()
        .await;
    insta::assert_snapshot!(root.transcript());
    let principal = world
        .request("PROPFIND", "/dav/principals/ada/")
        .depth("0")
        .xml(&prop(&[
            "C:calendar-home-set",
            "C:calendar-user-address-set",
            "D:displayname",
            "D:resourcetype",
            "C:schedule-inbox-URL",
        ]))
        .send()
        .await;
    insta::assert_snapshot!(principal.transcript());
    let home = world
        .request("PROPFIND", "/dav/calendars/ada/")
        .depth("1")
        .xml(&prop(&[
            "D:resourcetype",
            "D:displayname",
            "C:supported-calendar-component-set",
            "CS:getctag",
        ]))
        .send()
        .await;
    insta::assert_snapshot!(home.transcript());
}
