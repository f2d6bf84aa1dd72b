//! Short words for kinds of things read back as what they stand for.

use cal_store::{ComponentKind, Components, PrincipalKind, Via};

#[test]
fn every_way_of_a_write_has_its_word() {
    let ways = [
        (Via::Dav, "dav"),
        (Via::Api, "api"),
        (Via::Command, "command"),
        (Via::Import, "import"),
        (Via::Sync, "sync"),
        (Via::Scheduling, "scheduling"),
        (Via::Booking, "booking"),
        (Via::Vault, "vault"),
        (Via::Folder, "folder"),
        (Via::System, "system"),
    ];
    for (via, word) in ways {
        assert_eq!(via.to_string(), word);
        assert_eq!(word.parse::<Via>().unwrap(), via);
    }
    assert!("DAV".parse::<Via>().is_err());
}

#[test]
fn every_kind_of_principal_has_its_word() {
    let kinds = [
        (PrincipalKind::Individual, "individual"),
        (PrincipalKind::Group, "group"),
        (PrincipalKind::Room, "room"),
        (PrincipalKind::Resource, "resource"),
    ];
    for (kind, word) in kinds {
        assert_eq!(kind.as_str(), word);
        assert_eq!(word.parse::<PrincipalKind>().unwrap(), kind);
    }
}

#[test]
fn component_names_are_read_in_any_case() {
    assert_eq!(
        "vEvent".parse::<ComponentKind>().unwrap(),
        ComponentKind::Event
    );
    assert!("VALARM".parse::<ComponentKind>().is_err());
}

#[test]
fn a_set_of_components_reads_back_from_its_text() {
    for set in [Components::default(), Components::USUAL, Components::all()] {
        assert_eq!(set.to_string().parse::<Components>().unwrap(), set);
    }
    assert_eq!(Components::USUAL.to_string(), "VEVENT VTODO VJOURNAL");
    assert!(Components::default().is_empty());
    assert!("VEVENT X-THING".parse::<Components>().is_err());
}
