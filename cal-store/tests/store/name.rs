//! Names at the border.

use cal_store::{CollectionName, EmailAddress, Error, NameFault, ObjectName, PrincipalName, Uid};

fn fault<T>(result: Result<T, Error>) -> Option<NameFault> {
    match result {
        Ok(_) => None,
        Err(Error::InvalidName { fault, .. }) => Some(fault),
        Err(other) => panic!("{other}"),
    }
}

#[test]
fn a_principal_may_have_any_printable_name() {
    for name in [
        "ada",
        "The King",
        "a@b.c",
        "Zoë/x",
        "cn=a,dc=b",
        "..",
        "%2F",
        "王",
    ] {
        assert_eq!(PrincipalName::new(name).unwrap().as_str(), name);
    }
    assert_eq!(fault(PrincipalName::new("")), Some(NameFault::Empty));
    assert_eq!(
        fault(PrincipalName::new("a\nb")),
        Some(NameFault::Character('\n'))
    );
    let long = "x".repeat(256);
    assert_eq!(
        fault(PrincipalName::new(long)),
        Some(NameFault::TooLong(255))
    );
}

#[test]
fn a_path_segment_may_have_all_but_slashes_and_dots_alone() {
    for name in ["a.ics", "Ümlaut & 100%", "a b", "...", ".hidden", "\u{1}"] {
        assert_eq!(ObjectName::new(name).unwrap().as_str(), name);
        assert_eq!(CollectionName::new(name).unwrap().as_str(), name);
    }
    assert_eq!(fault(ObjectName::new(".")), Some(NameFault::Relative));
    assert_eq!(fault(ObjectName::new("..")), Some(NameFault::Relative));
    assert_eq!(
        fault(CollectionName::new("a/b")),
        Some(NameFault::Character('/'))
    );
    assert_eq!(
        fault(ObjectName::new("a\0b")),
        Some(NameFault::Character('\0'))
    );
}

#[test]
fn uids_are_long_if_they_must_and_never_have_control_characters() {
    assert!(Uid::new("x".repeat(4096)).is_ok());
    assert_eq!(
        fault(Uid::new("x".repeat(4097))),
        Some(NameFault::TooLong(4096))
    );
    assert_eq!(fault(Uid::new("a\tb")), Some(NameFault::Character('\t')));
}

#[test]
fn an_address_may_come_with_its_scheme() {
    let plain = EmailAddress::new("Ada@Example.com").unwrap();
    assert_eq!(EmailAddress::new("MAILTO:Ada@Example.com").unwrap(), plain);
    assert_eq!(plain.folded(), "ada@example.com");
    for text in ["", "@", "ada", "ada@", "@example.com", "a b@c", "a@b\n"] {
        assert!(fault(EmailAddress::new(text)).is_some(), "{text:?}");
    }
}

#[test]
fn an_error_says_what_is_wrong_with_a_name() {
    let error = ObjectName::new("a/b").unwrap_err();
    assert_eq!(error.to_string(), "the object name holds the character '/'");
}
