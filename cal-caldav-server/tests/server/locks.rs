//! Write locks (RFC 4918 sections 6, 7, 9.10 and 9.11).

mod conditions;
mod guarding;
mod making;
mod ownership;

use cal_dav::XmlElement;
use cal_dav::name::dav;
use cal_dav::property::LockDiscovery;

use crate::world::{Answer, Call, World};

const FOLDER: &str = "/dav/calendars/ada/files/";
const FILE: &str = "/dav/calendars/ada/files/a.txt";

/// `files/a.txt` and `files/sub/`.
async fn world() -> World {
    let world = World::new();
    for folder in [FOLDER, "/dav/calendars/ada/files/sub/"] {
        assert_eq!(world.request("MKCOL", folder).status().await, 201);
    }
    assert_eq!(put(&world, FILE).status().await, 201);
    world
}

fn put<'w>(world: &'w World, path: &str) -> Call<'w> {
    world
        .request("PUT", path)
        .header("content-type", "text/plain")
        .body("text")
}

fn info(scope: &str) -> String {
    format!(
        "<D:lockinfo xmlns:D='DAV:'><D:lockscope><D:{scope}/></D:lockscope>\
         <D:locktype><D:write/></D:locktype>\
         <D:owner><x:who xmlns:x='urn:x'>me</x:who></D:owner></D:lockinfo>"
    )
}

/// Locks a resource and answers the token, in its brackets.
async fn locked(world: &World, path: &str, depth: &str, scope: &str) -> String {
    let call = world.request("LOCK", path).depth(depth).xml(&info(scope));
    let answer = call.send().await;
    assert!(answer.status.is_success(), "{path}: {}", answer.text());
    token(&answer)
}

fn token(answer: &Answer) -> String {
    answer.header("lock-token").expect("a token").to_owned()
}

/// The locks that an answer to LOCK tells of.
fn discovered(answer: &Answer) -> LockDiscovery {
    let prop = cal_dav::Element::parse(&answer.body, &cal_dav::Limits::RESPONSE).unwrap();
    let discovery = prop.child(&dav::LOCKDISCOVERY).expect("a lockdiscovery");
    LockDiscovery::read(discovery).unwrap()
}
