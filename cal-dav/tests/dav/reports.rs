//! Reports other than calendar-query.

use cal_dav::name::dav;
use cal_dav::report::{
    CalendarMultiget, PrincipalPropertySearch, PrincipalTarget, Report, SearchTest, SyncCollection,
    SyncLevel,
};
use cal_dav::request::Selection;
use cal_dav::{Error, Limits, SyncToken, XmlElement};

fn sync(inside: &str) -> Result<SyncCollection, Error> {
    let body = format!("<sync-collection xmlns='DAV:'>{inside}</sync-collection>");
    SyncCollection::parse(body.as_bytes(), &Limits::REQUEST)
}

#[test]
fn a_first_synchronization_has_an_empty_token() {
    let first = sync("<sync-token/><sync-level>1</sync-level><prop><getetag/></prop>").unwrap();
    assert_eq!(first.token, None);
    assert_eq!(first.level, Some(SyncLevel::One));
    assert_eq!(first.limit, None);
    assert_eq!(first.selection, Selection::of([dav::GETETAG.clone()]));
}

#[test]
fn the_old_dialect_has_no_level_and_may_select_nothing() {
    let old = sync("<sync-token>urn:1</sync-token><prop/>").unwrap();
    assert_eq!(old.token, Some(SyncToken::new("urn:1".to_owned())));
    assert_eq!(old.level, None);
    assert_eq!(old.selection, Selection::Listed(Vec::new()));
}

#[test]
fn a_limit_is_a_positive_number() {
    let limit = |text: &str| sync(&format!("<limit><nresults>{text}</nresults></limit>"));
    assert_eq!(limit(" 10 ").unwrap().limit, Some(10));
    for text in ["", "0", "-1", "many", "99999999999999999999999"] {
        assert!(limit(text).is_err(), "{text:?}");
    }
    assert!(sync("<sync-level>2</sync-level>").is_err());
}

#[test]
fn a_principal_search_reads_what_apple_sends() {
    let body = b"<A:principal-property-search xmlns:A='DAV:' test='anyof'>\
        <A:property-search><A:prop><A:displayname/></A:prop>\
        <A:match match-type='starts-with'>ad</A:match></A:property-search>\
        <A:prop><A:displayname/></A:prop></A:principal-property-search>";
    let search = PrincipalPropertySearch::parse(body, &Limits::REQUEST).unwrap();
    assert_eq!(search.test, SearchTest::Any);
    assert!(!search.in_principal_collections);
    let [one] = &search.searches[..] else {
        panic!("{search:?}")
    };
    assert_eq!(one.properties.len(), 1);
    assert_eq!(one.properties[0], dav::DISPLAYNAME);
    assert!(one.matches("Ada") && !one.matches("Conrad"));
}

#[test]
fn a_principal_search_without_conditions_lists_all() {
    let body = b"<principal-property-search xmlns='DAV:'><prop><displayname/></prop></principal-property-search>";
    let search = PrincipalPropertySearch::parse(body, &Limits::REQUEST).unwrap();
    assert!(search.searches.is_empty());
}

#[test]
fn a_body_says_which_report_it_is() {
    let body = b"<principal-match xmlns='DAV:'><principal-property><owner/></principal-property></principal-match>";
    let Report::PrincipalMatch(found) = Report::parse(body, &Limits::REQUEST).unwrap() else {
        panic!("another report");
    };
    assert_eq!(found.target, PrincipalTarget::Property(dav::OWNER.clone()));
}

#[test]
fn expand_property_names_default_to_dav() {
    let body = b"<expand-property xmlns='DAV:'><property name='current-user-principal'>\
        <property name='calendar-home-set' namespace='urn:ietf:params:xml:ns:caldav'/></property></expand-property>";
    let Report::ExpandProperty(expand) = Report::parse(body, &Limits::REQUEST).unwrap() else {
        panic!("another report");
    };
    let [outer] = &expand.properties[..] else {
        panic!("{expand:?}")
    };
    assert_eq!(outer.name, dav::CURRENT_USER_PRINCIPAL);
    assert_eq!(
        outer.properties[0].name,
        cal_dav::name::caldav::CALENDAR_HOME_SET
    );
    let nameless = b"<expand-property xmlns='DAV:'><property/></expand-property>";
    assert!(Report::parse(nameless, &Limits::REQUEST).is_err());
}

#[test]
fn a_multiget_leaves_out_what_is_no_href() {
    let multiget = |hrefs: &str| {
        let body = format!(
            "<C:calendar-multiget xmlns='DAV:' xmlns:C='urn:ietf:params:xml:ns:caldav'>{hrefs}</C:calendar-multiget>"
        );
        CalendarMultiget::parse(body.as_bytes(), &Limits::REQUEST)
    };
    let some = multiget("<href>/a%zz.ics</href><href/><href>http://h/b c.ics</href>").unwrap();
    let texts: Vec<_> = some.hrefs.iter().map(cal_dav::Href::as_str).collect();
    assert_eq!(texts, ["/a%zz.ics", "http://h/b c.ics"]);
    assert!(multiget("<href> </href>").is_err());
}
