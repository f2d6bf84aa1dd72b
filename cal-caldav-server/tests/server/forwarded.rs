//! Users whom a proxy in front names in a header.

use bytes::Bytes;
use cal_caldav_server::{CalDavServer, ForwardedUser, Peer};
use http::{HeaderName, Request, StatusCode};
use http_body_util::{BodyExt, Full};
use tower::ServiceExt;

use crate::world::{NamesArePasswords, World, now, prop};

const USER: HeaderName = HeaderName::from_static("x-forwarded-user");
const EMAIL: HeaderName = HeaderName::from_static("x-forwarded-email");
const KEY: HeaderName = HeaderName::from_static("x-forwarded-key");

fn users() -> ForwardedUser<NamesArePasswords> {
    ForwardedUser::new(USER, NamesArePasswords)
}

fn by_peer() -> ForwardedUser<NamesArePasswords> {
    users().from_peers(["192.0.2.1".parse().unwrap(), "2001:db8::1".parse().unwrap()])
}

/// The answer to "who am I" from an address with these headers.
async fn who(
    users: ForwardedUser<NamesArePasswords>,
    world: &World,
    peer: Option<&str>,
    headers: &[(&str, &str)],
) -> (StatusCode, String) {
    let dav = CalDavServer::builder(world.store.clone())
        .auth(users)
        .base_path("/dav")
        .clock(now)
        .build();
    let call = world.request("PROPFIND", "/dav/").depth("0").anonymous();
    let call = call.xml(&prop(&["D:current-user-principal"]));
    let call = headers
        .iter()
        .fold(call, |call, (name, value)| call.header(name, value));
    let mut request: Request<Full<Bytes>> = call.into_http();
    if let Some(peer) = peer {
        request.extensions_mut().insert(Peer(peer.parse().unwrap()));
    }
    let response = dav.oneshot(request).await.unwrap();
    let status = response.status();
    let body = response.into_body().collect().await.unwrap().to_bytes();
    (status, String::from_utf8(body.to_vec()).unwrap())
}

#[tokio::test]
async fn the_header_counts_only_from_those_who_are_trusted() {
    let world = World::new();
    let both = || by_peer().with_key(KEY, "engine");
    let key = || users().with_key(KEY, "engine");
    let empty = || users().with_key(KEY, "");
    let grace = ("x-forwarded-user", "grace");
    let right = ("x-forwarded-key", "engine");
    let wrong = ("x-forwarded-key", "Engine");
    let (near, far) = (Some("192.0.2.1"), Some("192.0.2.2"));
    for (case, users, peer, headers, expected) in [
        ("nobody is trusted", users(), near, vec![grace], 401),
        (
            "nobody is trusted with a key",
            users(),
            near,
            vec![grace, right],
            401,
        ),
        ("a trusted peer", by_peer(), near, vec![grace], 207),
        (
            "the same as IPv6 has it",
            by_peer(),
            Some("::ffff:192.0.2.1"),
            vec![grace],
            207,
        ),
        (
            "the other peer",
            by_peer(),
            Some("2001:db8::1"),
            vec![grace],
            207,
        ),
        ("a stranger", by_peer(), far, vec![grace], 401),
        ("an unknown peer", by_peer(), None, vec![grace], 401),
        ("the key", key(), far, vec![grace, right], 207),
        ("a wrong key", key(), near, vec![grace, wrong], 401),
        ("no key", key(), near, vec![grace], 401),
        ("two keys", key(), near, vec![grace, right, right], 401),
        (
            "a key that is empty",
            empty(),
            near,
            vec![grace, ("x-forwarded-key", "")],
            401,
        ),
        ("peer and key", both(), near, vec![grace, right], 207),
        ("the peer alone", both(), near, vec![grace], 401),
        ("the key alone", both(), far, vec![grace, right], 401),
        (
            "two users",
            by_peer(),
            near,
            vec![grace, ("x-forwarded-user", "ada")],
            401,
        ),
        (
            "no name",
            by_peer(),
            near,
            vec![("x-forwarded-user", "")],
            401,
        ),
    ] {
        let (status, body) = who(users, &world, peer, &headers).await;
        assert_eq!(status, expected, "{case}: {body}");
        let named = body.contains("/dav/principals/grace/");
        assert_eq!(named, expected == 207, "{case}: {body}");
    }
}

#[tokio::test]
async fn who_is_not_named_comes_in_with_a_password() {
    let world = World::new();
    let basic = ("authorization", "Basic YWRhOmFkYQ==");
    let forged = ("x-forwarded-user", "grace");
    for (peer, headers, expected) in [
        ("192.0.2.1", vec![basic], "ada"),
        ("192.0.2.1", vec![basic, forged], "grace"),
        // A stranger's header is as if it were not there.
        ("192.0.2.2", vec![basic, forged], "ada"),
    ] {
        let (status, body) = who(by_peer(), &world, Some(peer), &headers).await;
        assert_eq!(status, 207, "{body}");
        assert!(
            body.contains(&format!("/dav/principals/{expected}/")),
            "{body}"
        );
    }
}

#[tokio::test]
async fn who_is_named_for_the_first_time_gets_a_home_and_the_address() {
    let world = World::new();
    let users = by_peer().with_email(EMAIL);
    let headers = [
        ("x-forwarded-user", "Zoë Ü"),
        ("x-forwarded-email", "zoe@example.com"),
    ];
    let (status, body) = who(users, &world, Some("192.0.2.1"), &headers).await;
    assert_eq!(status, 207, "{body}");
    let name = cal_store::PrincipalName::new("Zoë Ü").unwrap();
    let made = world.store.principal(&name).await.unwrap().unwrap();
    assert_eq!(made.emails.len(), 1);
    assert_eq!(made.emails[0].to_string(), "zoe@example.com");
}
