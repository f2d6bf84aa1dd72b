//! What is written is read back as the same value.

use std::fmt::Debug;

use cal_dav::property::{
    CalendarFormat, CurrentUserPrincipal, CurrentUserPrivilegeSet, ResourceType,
    ScheduleTransparency, SupportedCalendarData, SupportedCollationSet, SupportedComponentSet,
    SupportedLock, SupportedReportSet,
};
use cal_dav::report::{Collation, ReportKind};
use cal_dav::request::{Mkcalendar, Mkcol, Propfind};
use cal_dav::response::{
    ErrorBody, MkcalendarResponse, MkcolResponse, MultistatusItem, MultistatusReader,
    MultistatusWriter,
};
use cal_dav::{Element, Limits, SyncToken, XmlElement};
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

use crate::strategies;

#[track_caller]
fn comes_back<T: XmlElement + PartialEq + Debug>(value: &T) {
    let bytes = value.to_bytes();
    let read = T::parse(&bytes, &Limits::REQUEST);
    assert_eq!(
        read.as_ref(),
        Ok(value),
        "{}",
        String::from_utf8_lossy(&bytes)
    );
}

/// Names a test and the values it is about.
macro_rules! comes_back {
    ($($test:ident: $strategy:expr;)*) => {
        proptest! {
            $(#[test] fn $test(value in $strategy) { comes_back(&value); })*
        }
    };
}

comes_back! {
    a_report_comes_back: strategies::report();
    a_propfind_comes_back: strategies::selection().prop_map(|selection| Propfind { selection });
    a_property_update_comes_back: strategies::property_update();
    a_mkcol_comes_back: vec(strategies::element(), 0..4).prop_map(|properties| Mkcol { properties });
    a_mkcalendar_comes_back: vec(strategies::known_property(), 0..4)
        .prop_map(|properties| Mkcalendar { properties });
    a_lock_info_comes_back: strategies::lock_info();
    a_multistatus_comes_back: strategies::multistatus();
    an_error_body_comes_back: (vec(strategies::precondition(), 0..3), of(strategies::text()))
        .prop_map(|(conditions, reason)| ErrorBody { conditions, reason });
    a_mkcol_response_comes_back: vec(strategies::propstat(), 0..3)
        .prop_map(|propstats| MkcolResponse { propstats });
    a_mkcalendar_response_comes_back: vec(strategies::propstat(), 0..3)
        .prop_map(|propstats| MkcalendarResponse { propstats });
    a_privilege_tree_comes_back: strategies::supported_privileges();
    an_acl_comes_back: strategies::acl();
    locks_come_back: strategies::locks();
    supported_locks_come_back: vec(strategies::scope(), 0..3).prop_map(|scopes| SupportedLock { scopes });
    privileges_come_back: vec(strategies::privilege(), 0..4)
        .prop_map(|privileges| CurrentUserPrivilegeSet { privileges });
    hrefs_come_back: strategies::href_set();
    components_come_back: vec("[A-Z-]{1,8}", 0..4)
        .prop_map(|names| names.iter().collect::<SupportedComponentSet>());
    resource_types_come_back: vec(strategies::name(), 0..4)
        .prop_map(|names| names.iter().fold(ResourceType::plain(), ResourceType::with));
    a_principal_comes_back: strategies::href().prop_map(CurrentUserPrincipal::Principal);
}

#[test]
fn properties_with_few_values_come_back() {
    comes_back(&CurrentUserPrincipal::Unauthenticated);
    comes_back(&ScheduleTransparency::Opaque);
    comes_back(&ScheduleTransparency::Transparent);
    comes_back(
        &Collation::ALL
            .into_iter()
            .collect::<SupportedCollationSet>(),
    );
    comes_back(
        &ReportKind::ALL
            .iter()
            .copied()
            .collect::<SupportedReportSet>(),
    );
    comes_back(&SupportedCalendarData {
        formats: vec![CalendarFormat::icalendar()],
    });
}

proptest! {
    #[test]
    fn a_tree_prints_back_faithfully(element in strategies::element()) {
        let bytes = element.to_bytes();
        let read = Element::parse(&bytes, &Limits::REQUEST);
        prop_assert_eq!(read.as_ref(), Ok(&element), "{}", String::from_utf8_lossy(&bytes));
    }

    #[test]
    fn a_multistatus_streams_as_it_is_written_whole(whole in strategies::multistatus()) {
        let mut writer = MultistatusWriter::new();
        let mut bytes = Vec::new();
        for response in &whole.responses {
            writer.response(response);
            bytes.extend(writer.take());
        }
        bytes.extend(writer.finish(whole.sync_token.as_ref()));
        let mut responses = Vec::new();
        let mut token: Option<SyncToken> = None;
        for item in MultistatusReader::new(&bytes[..], Limits::RESPONSE) {
            match item.unwrap() {
                MultistatusItem::Response(response) => responses.push(*response),
                MultistatusItem::SyncToken(found) => token = Some(found),
                other => panic!("{other:?}"),
            }
        }
        prop_assert_eq!(responses, whole.responses);
        prop_assert_eq!(token, whole.sync_token);
    }

    #[test]
    fn no_input_makes_the_reader_panic(document in "[<>/!?&;:='\" a-cxmlnsDOCTYPE\\[\\]-]{0,60}") {
        let _outcome = Element::parse(document.as_bytes(), &Limits::REQUEST);
    }
}
