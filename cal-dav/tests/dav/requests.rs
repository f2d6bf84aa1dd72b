//! Bodies that clients send.

use cal_dav::name::{apple, caldav, dav};
use cal_dav::request::{Instruction, PropertyUpdate, Propfind, Selection};
use cal_dav::{Limits, XmlElement};

#[test]
fn an_empty_propfind_asks_for_all_properties() {
    for body in ["", " \r\n"] {
        let propfind = Propfind::from_body(body.as_bytes(), &Limits::REQUEST).unwrap();
        let include = Vec::new();
        assert_eq!(propfind.selection, Selection::All { include });
    }
}

#[test]
fn allprop_may_include_more() {
    let body = b"<propfind xmlns='DAV:'><allprop/><include><acl/></include></propfind>";
    let propfind = Propfind::parse(body, &Limits::REQUEST).unwrap();
    let include = vec![dav::ACL.clone()];
    assert_eq!(propfind.selection, Selection::All { include });
}

#[test]
fn prefixes_and_unknown_elements_do_not_matter() {
    let body = b"<x:propfind xmlns:x='DAV:' xmlns:y='urn:y'><y:new/><x:prop>\
        <calendar-home-set xmlns='urn:ietf:params:xml:ns:caldav'/></x:prop></x:propfind>";
    let propfind = Propfind::parse(body, &Limits::REQUEST).unwrap();
    let wanted = Selection::of([caldav::CALENDAR_HOME_SET.clone()]);
    assert_eq!(propfind.selection, wanted);
}

#[test]
fn a_propfind_in_another_namespace_is_none() {
    assert!(
        Propfind::parse(
            b"<propfind xmlns='DAV'><prop/></propfind>",
            &Limits::REQUEST
        )
        .is_err()
    );
}

#[test]
fn property_updates_keep_document_order_and_language() {
    let body = "<D:propertyupdate xmlns:D='DAV:' xmlns:A='http://apple.com/ns/ical/' xml:lang='en'>\
        <D:remove><D:prop><A:calendar-order/></D:prop></D:remove>\
        <D:set><D:prop><A:calendar-color symbolic-color='green'>#63DA38</A:calendar-color>\
        <D:displayname xml:lang='de'>Arbeit</D:displayname></D:prop></D:set>\
        </D:propertyupdate>";
    let update = PropertyUpdate::parse(body.as_bytes(), &Limits::REQUEST).unwrap();
    let [remove, Instruction::Set(color), Instruction::Set(name)] = &update.instructions[..] else {
        panic!("{update:?}");
    };
    assert_eq!(*remove, Instruction::Remove(apple::CALENDAR_ORDER.clone()));
    assert_eq!(color.name(), &apple::CALENDAR_COLOR);
    assert_eq!(color.attribute("symbolic-color"), Some("green"));
    assert_eq!(
        (color.text().as_str(), color.language()),
        ("#63DA38", Some("en"))
    );
    assert_eq!(
        (name.text().as_str(), name.language()),
        ("Arbeit", Some("de"))
    );
}
