//! References to resources.

use cal_dav::Href;
use proptest::prelude::*;

fn href(text: &str) -> Href {
    text.parse().unwrap()
}

#[test]
fn spellings_of_one_resource_are_equal() {
    for (left, right) in [
        ("/a%20b/", "/%61%20b/"),
        ("/Zo%C3%AB", "/Zo%c3%ab"),
        ("/a@b.c/", "/a%40b.c/"),
        ("HTTP://Example.com/a", "http://example.com/a"),
        ("/a%2fb", "/a%2Fb"),
        ("/%zz", "/%25zz"),
    ] {
        assert_eq!(href(left), href(right));
    }
}

#[test]
fn an_encoded_slash_is_no_separator() {
    for (left, right) in [
        ("/a%2Fb", "/a/b"),
        ("/a", "/a/"),
        ("/a%252Fb", "/a%2Fb"),
        ("/A", "/a"),
        ("/a?b", "/a%3Fb"),
        ("http://one.example/a", "http://two.example/a"),
    ] {
        assert_ne!(href(left), href(right), "{left} {right}");
    }
}

#[test]
fn the_bytes_that_came_are_kept() {
    for text in [
        "/cal/%15.ics",
        "x-apple-reminderkit%3A//REMCDReminder/1",
        "/a%zz",
        "http%3A//localhost/a",
        "https://h/%7Eada/?x=1#y",
    ] {
        assert_eq!(href(text).as_str(), text);
    }
    assert_eq!(href("/a b"), href("/a%20b"));
    for broken in ["", " ", "/a\nb", "/\u{7f}"] {
        assert!(broken.parse::<Href>().is_err(), "{broken:?}");
    }
}

#[test]
fn paths_and_origins_come_apart() {
    let absolute = href("https://h:8443/a/b%20c.ics?q#f");
    assert_eq!(absolute.origin(), Some("https://h:8443"));
    assert_eq!(absolute.path(), "/a/b%20c.ics");
    assert_eq!(absolute.file_name().as_deref(), Some("b c.ics"));
    assert_eq!(href("https://h").path(), "");
    assert_eq!(href("/a://b").origin(), None);
    assert_eq!(href("/").file_name(), None);
}

#[test]
fn segments_that_could_escape_are_refused() {
    for path in [
        "a/b",
        "/a//b",
        "/a/../b",
        "/a/%2e%2E/b",
        "/./a",
        "/a%00",
        "/%zz",
        "/%C0%AE",
        "//a",
    ] {
        assert!(href(path).segments().is_err(), "{path}");
    }
    assert_eq!(href("/").segments().unwrap(), Vec::<String>::new());
    assert_eq!(href("/a%2Fb/..c/").segments().unwrap(), ["a/b", "..c"]);
}

#[test]
fn members_are_encoded_once() {
    let home = Href::from_collection_segments(["dav", "The King", "cn=a,dc=b"]);
    assert_eq!(home.as_str(), "/dav/The%20King/cn=a,dc=b/");
    assert_eq!(
        home.member("50%/a;b.ics").as_str(),
        "/dav/The%20King/cn=a,dc=b/50%25%2Fa%3Bb.ics"
    );
}

proptest! {
    #[test]
    fn any_name_is_encoded_and_decoded(names in prop::collection::vec("[^\0]{1,8}", 1..4)) {
        prop_assume!(!names.iter().any(|name| name == "." || name == ".."));
        let made = Href::from_collection_segments(&names);
        prop_assert_eq!(made.segments().unwrap(), names);
        prop_assert!(made.is_collection());
        prop_assert_eq!(href(made.as_str()), made);
    }
}
