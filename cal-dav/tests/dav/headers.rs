//! Header fields, entity tags, dates.

use cal_dav::header::{
    Depth, Destination, ETagCondition, Flag, IfHeader, LockToken, Prefer, Return, State,
    Strictness, Timeout,
};
use cal_dav::{ETag, HttpDate};

#[test]
fn an_entity_tag_is_recognised_in_every_form_proxies_make_of_it() {
    let ours = ETag::strong("h").unwrap();
    for (sent, meant) in [
        ("\"h\"", true),
        ("W/\"h\"", true),
        ("\"h-gzip\"", true),
        ("\"h-br\"", true),
        ("\"h;gzip\"", true),
        ("W/\"h-gzip\"", true),
        ("\"h2\"", false),
        ("\"h-zip\"", false),
        ("\"H\"", false),
        ("h", false),
        ("\"h-gzip-gzip\"", false),
        ("\"-gzip\"", false),
    ] {
        let sent: ETag = sent.parse().unwrap();
        assert_eq!(ours.is_meant_by(&sent), meant, "{sent}");
    }
    let weak: ETag = "W/\"h\"".parse().unwrap();
    assert!(!weak.is_meant_by(&ours) && weak.weakly_equals(&ours) && !weak.strongly_equals(&weak));
}

#[test]
fn entity_tags_without_quotes_are_sent_back_as_they_came() {
    let bare: ETag = " abc ".parse().unwrap();
    assert_eq!(bare.as_str(), "abc");
    for broken in ["", "\"", "W/", "\"a", "a b", "\"a\"b\"", "\"a\u{7}\""] {
        assert!(broken.parse::<ETag>().is_err(), "{broken:?}");
    }
}

#[test]
fn lists_of_entity_tags_may_hold_commas_inside_quotes() {
    let listed: ETagCondition = "\"a,b\" , W/\"c\",d".parse().unwrap();
    let tags = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
    assert_eq!(
        listed,
        ETagCondition::Tags(tags(&["\"a,b\"", "W/\"c\"", "d"]))
    );
    for broken in ["", ",", "\"a", "\"a\" \"b"] {
        assert!(broken.parse::<ETagCondition>().is_err(), "{broken:?}");
    }
    let current: ETag = "\"c\"".parse().unwrap();
    assert!(listed.names(Some(&current), Strictness::Weak));
    assert!(!listed.names(Some(&current), Strictness::Strong));
}

#[test]
fn depths_flags_timeouts_and_destinations_are_read() {
    assert_eq!("0".parse(), Ok(Depth::Zero));
    assert_eq!(" 1 ".parse(), Ok(Depth::One));
    assert_eq!("1,noroot".parse(), Ok(Depth::One));
    assert_eq!("Infinity".parse(), Ok(Depth::Infinity));
    assert!("2".parse::<Depth>().is_err());
    assert_eq!("T".parse(), Ok(Flag::True));
    assert_eq!("f".parse(), Ok(Flag::False));
    assert!("yes".parse::<Flag>().is_err());
    assert_eq!("Infinite, Second-4100000000".parse(), Ok(Timeout::Infinite));
    assert_eq!("Second-3600".parse(), Ok(Timeout::Seconds(3600)));
    assert!("Second-".parse::<Timeout>().is_err());
    let there: Destination = "https://example.com/a%20b/".parse().unwrap();
    assert_eq!(there.href().path(), "/a%20b/");
    for broken in ["", "relative", "/a#b", "/a b"] {
        assert!(broken.parse::<Destination>().is_err(), "{broken:?}");
    }
}

#[test]
fn lock_tokens_stand_in_angle_brackets() {
    let token: LockToken = "<urn:uuid:1>".parse().unwrap();
    assert_eq!(
        (token.as_str(), token.to_string().as_str()),
        ("urn:uuid:1", "<urn:uuid:1>")
    );
    for broken in ["urn:uuid:1", "<>", "<nothing>", "<urn:a b>"] {
        assert!(broken.parse::<LockToken>().is_err(), "{broken:?}");
    }
}

#[test]
fn an_if_header_holds_if_one_list_holds() {
    let tagged = "</a> (<urn:t:1> [\"e1\"]) (Not [\"e2\"]) <http://h/b> ([W/\"e3\"])";
    let field: IfHeader = tagged.parse().unwrap();
    assert_eq!(field.lists.len(), 3);
    assert_eq!(field.lists[1].resource, field.lists[0].resource);
    assert_eq!(field.lists[2].resource, Some("http://h/b".parse().unwrap()));
    assert_eq!(field.tokens().count(), 1);
    let state_is = |text: &'static str| {
        move |state: &State| match state {
            State::Token(token) => token.as_str() == text,
            State::ETag(tag) => tag.as_str() == text,
        }
    };
    let e2 = state_is("\"e2\"");
    assert!(!field.holds(|_, state| e2(state)));
    assert!(field.holds(|_, _| true));
    assert!(field.holds(|_, _| false));
}

#[test]
fn a_broken_if_header_is_refused() {
    for broken in [
        "",
        "<urn:t:1>",
        "()",
        "(Not)",
        "(<urn:t:1>",
        "(\"e\")",
        "([\"e\"]) trailing",
        "(<not a uri>)",
        "<bad uri> ([\"e\"])",
    ] {
        assert!(broken.parse::<IfHeader>().is_err(), "{broken:?}");
    }
    let endless = format!("({})", "[\"e\"]".repeat(1000));
    assert!(endless.parse::<IfHeader>().is_err());
}

#[test]
fn preferences_are_read_in_all_dialects() {
    let minimal = Prefer::parse("Return=\"minimal\"; x=y, wait=10");
    assert_eq!(minimal.returning, Some(Return::Minimal));
    assert!(Prefer::parse("return-minimal").is_minimal());
    assert!(Prefer::default().with_brief(" T ").is_minimal());
    assert!(
        Prefer::parse("return=representation")
            .with_brief("t")
            .is_representation()
    );
    assert!(Prefer::parse("return=nothing, respond-async").is_empty());
}

#[test]
fn http_dates_are_read_in_three_forms() {
    for text in [
        "Sun, 06 Nov 1994 08:49:37 GMT",
        "Sunday, 06-Nov-94 08:49:37 GMT",
        "Sun Nov  6 08:49:37 1994",
    ] {
        let date: HttpDate = text.parse().unwrap();
        assert_eq!(date.to_string(), "Sun, 06 Nov 1994 08:49:37 GMT", "{text}");
    }
    for broken in [
        "",
        "1994-11-06T08:49:37Z",
        "Sun, 06 Nov 1994 08:49:37 +0100",
        "Sun, 32 Nov 1994 08:49:37 GMT",
    ] {
        assert!(broken.parse::<HttpDate>().is_err(), "{broken}");
    }
}

#[test]
fn what_a_client_means_by_a_tag_is_the_text_before_quotes_and_coding_were_touched() {
    for sent in [
        "\"h\"",
        "W/\"h\"",
        "\"h-gzip\"",
        "W/\"h-br\"",
        "\"h;gzip\"",
        "h",
    ] {
        let sent: ETag = sent.parse().unwrap();
        assert_eq!(sent.quoted().meant(), "h", "{sent}");
    }
    let other: ETag = "\"h-zip\"".parse().unwrap();
    assert_eq!(other.meant(), "h-zip");
}

#[test]
fn preferences_come_from_their_forerunners_too() {
    let early = Prefer::parse("").with_brief("t").with_depth("1,NoRoot");
    assert_eq!(early.to_string(), "return=minimal, depth-noroot");
    let first = Prefer::parse("return=representation, return-minimal").with_brief("t");
    assert_eq!(first.returning, Some(Return::Representation));
    assert!(Prefer::parse("").with_depth("1").is_empty());
}
