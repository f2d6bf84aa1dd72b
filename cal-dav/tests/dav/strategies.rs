//! Any value of each type.

use cal_dav::name::{Name, Namespace, apple, caldav, dav};
use cal_dav::property::*;
use cal_dav::report::*;
use cal_dav::request::*;
use cal_dav::response::*;
use cal_dav::{Element, Href, SyncToken};
use chrono::{DateTime, NaiveDateTime};
use http::StatusCode;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::*;

/// Text that XML 1.0 can hold, with what is hard to print in it.
pub(crate) fn text() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        Just("\r\n".to_owned()),
        Just("]]>".to_owned()),
        Just("&lt;<![CDATA[".to_owned()),
        Just("\t '\"> ".to_owned()),
        "[ -~]{0,8}",
        "[\u{A0}-\u{D7FF}\u{E000}-\u{FFFD}\u{10000}-\u{10FFFF}]{0,4}",
    ];
    vec(piece, 0..4).prop_map(|pieces| pieces.concat())
}

/// Text without white space at its ends, and not empty.
pub(crate) fn word() -> impl Strategy<Value = String> {
    "[!-~]([ -~]{0,8}[!-~])?"
}

pub(crate) fn name() -> impl Strategy<Value = Name> {
    let namespace = prop_oneof![
        Just(Namespace::DAV),
        Just(Namespace::CALDAV),
        Just(Namespace::APPLE),
        Just(Namespace::NONE),
        Just(Namespace::new("urn:x")),
        Just(Namespace::new("http://example.com/?a&b=<\"'>")),
    ];
    (namespace, "[a-zA-Z_\u{C0}-\u{D6}][a-zA-Z0-9_.-]{0,6}")
        .prop_map(|(namespace, local)| Name::new(namespace, &local).unwrap())
}

pub(crate) fn dead_name() -> impl Strategy<Value = Name> {
    name().prop_filter("a name with meaning", |name| {
        *name.namespace() != Namespace::DAV && *name.namespace() != Namespace::CALDAV
    })
}

pub(crate) fn element() -> impl Strategy<Value = Element> {
    let leaf =
        (dead_name(), vec((name(), text()), 0..3), text()).prop_map(|(name, attributes, text)| {
            let mut element = Element::new(name).with_text(&text);
            for (name, value) in attributes {
                element.set_attribute(name, &value);
            }
            element
        });
    leaf.prop_recursive(3, 12, 3, |inner| {
        (inner.clone(), vec((inner, text()), 0..3)).prop_map(|(parent, children)| {
            children.into_iter().fold(parent, |parent, (child, text)| {
                parent.with_child(child).with_text(&text)
            })
        })
    })
}

pub(crate) fn href() -> impl Strategy<Value = Href> {
    prop_oneof![
        vec("\\PC{1,6}", 1..4).prop_map(Href::from_segments),
        Just("https://example.com:8443/a%2Fb/c?d".parse().unwrap()),
        Just("/cal/x-apple%3A%15.ics".parse().unwrap()),
    ]
}

fn instant() -> impl Strategy<Value = NaiveDateTime> {
    (0i64..4_000_000_000)
        .prop_map(|seconds| DateTime::from_timestamp(seconds, 0).unwrap().naive_utc())
}

fn closed_range() -> impl Strategy<Value = TimeRange> {
    (instant(), 1i64..1_000_000).prop_map(|(start, length)| {
        TimeRange::new(start, start + chrono::TimeDelta::seconds(length)).unwrap()
    })
}

fn range() -> impl Strategy<Value = TimeRange> {
    prop_oneof![
        closed_range(),
        instant().prop_map(TimeRange::from),
        instant().prop_map(TimeRange::until),
    ]
}

fn component_selection() -> impl Strategy<Value = ComponentSelection> {
    let choice = (word(), any::<bool>()).prop_map(|(name, without_value)| PropertyChoice {
        name,
        without_value,
    });
    let properties = prop_oneof![
        Just(Properties::All),
        vec(choice, 0..3).prop_map(Properties::Listed),
    ];
    let leaf = (word(), properties).prop_map(|(name, properties)| ComponentSelection {
        name,
        properties,
        components: Components::All,
    });
    leaf.prop_recursive(2, 6, 3, |inner| {
        (inner.clone(), vec(inner, 0..3)).prop_map(|(parent, children)| ComponentSelection {
            components: Components::Listed(children),
            ..parent
        })
    })
}

pub(crate) fn calendar_data() -> impl Strategy<Value = CalendarData> {
    let recurrences = prop_oneof![
        Just(Recurrences::AsStored),
        closed_range().prop_map(Recurrences::Expand),
        closed_range().prop_map(Recurrences::Limit),
    ];
    (
        of(word()),
        of(word()),
        of(component_selection()),
        recurrences,
        of(closed_range()),
    )
        .prop_map(
            |(content_type, version, component, recurrences, limit_freebusy)| CalendarData {
                content_type,
                version,
                component,
                recurrences,
                limit_freebusy,
            },
        )
}

pub(crate) fn selection() -> impl Strategy<Value = Selection> {
    let requested = prop_oneof![
        dead_name().prop_map(Requested::Property),
        Just(Requested::Property(dav::GETETAG.clone())),
        calendar_data().prop_map(|data| Requested::CalendarData(Box::new(data))),
    ];
    prop_oneof![
        vec(name(), 0..3).prop_map(|include| Selection::All { include }),
        Just(Selection::Names),
        vec(requested, 0..4).prop_map(Selection::Listed),
    ]
}

fn text_match() -> impl Strategy<Value = TextMatch> {
    let collation = prop::sample::select(&Collation::ALL[..]);
    let match_type = prop::sample::select(
        &[
            MatchType::Contains,
            MatchType::Equals,
            MatchType::StartsWith,
            MatchType::EndsWith,
        ][..],
    );
    (text(), collation, match_type, any::<bool>()).prop_map(
        |(text, collation, match_type, negated)| TextMatch {
            text,
            collation,
            match_type,
            negated,
        },
    )
}

fn parameter_filter() -> impl Strategy<Value = ParameterFilter> {
    let test = prop_oneof![
        Just(ParameterTest::IsNotDefined),
        of(text_match()).prop_map(ParameterTest::Defined),
    ];
    (word(), test).prop_map(|(name, test)| ParameterFilter { name, test })
}

fn property_filter() -> impl Strategy<Value = PropertyFilter> {
    let test = prop_oneof![
        Just(PropertyTest::IsNotDefined),
        (of(text_match()), vec(parameter_filter(), 0..3)).prop_map(|(text, parameters)| {
            PropertyTest::Defined {
                value: text.map(ValueTest::Text),
                parameters,
            }
        }),
    ];
    let any = (word(), test).prop_map(|(name, test)| PropertyFilter { name, test });
    let timed =
        (range(), vec(parameter_filter(), 0..3)).prop_map(|(range, parameters)| PropertyFilter {
            name: "DTSTART".to_owned(),
            test: PropertyTest::Defined {
                value: Some(ValueTest::TimeRange(range)),
                parameters,
            },
        });
    prop_oneof![any, timed]
}

/// Conditions in the places where they make sense.
fn component_filter() -> impl Strategy<Value = ComponentFilter> {
    let alarm = of(range()).prop_map(|range| defined("VALARM", range, Vec::new(), Vec::new()));
    let event = (of(range()), vec(property_filter(), 0..3), vec(alarm, 0..2))
        .prop_map(|(range, properties, alarms)| defined("VEVENT", range, properties, alarms));
    let absent = Just(ComponentFilter {
        name: "VTODO".to_owned(),
        test: ComponentTest::IsNotDefined,
    });
    let extension = vec(property_filter(), 0..3)
        .prop_map(|properties| defined("X-COMP", None, properties, Vec::new()));
    prop_oneof![event, absent, extension]
}

fn defined(
    name: &str,
    time_range: Option<TimeRange>,
    properties: Vec<PropertyFilter>,
    components: Vec<ComponentFilter>,
) -> ComponentFilter {
    ComponentFilter {
        name: name.to_owned(),
        test: ComponentTest::Defined {
            time_range,
            properties,
            components,
        },
    }
}

pub(crate) fn report() -> impl Strategy<Value = Report> {
    let zone = prop_oneof![
        text().prop_map(QueryZone::Data),
        word().prop_map(QueryZone::Id),
    ];
    let query =
        (selection(), component_filter(), of(zone)).prop_map(|(selection, filter, zone)| {
            Report::CalendarQuery(CalendarQuery {
                selection,
                filter: filter.in_calendar(),
                zone,
            })
        });
    let multiget = (selection(), vec(href(), 1..5)).prop_map(|(selection, hrefs)| {
        Report::CalendarMultiget(CalendarMultiget { selection, hrefs })
    });
    let free_busy = range().prop_map(|range| Report::FreeBusyQuery(FreeBusyQuery { range }));
    let acl = selection()
        .prop_map(|selection| Report::AclPrincipalPropSet(AclPrincipalPropSet { selection }));
    let set = vec((name(), text()), 0..3).prop_map(|properties| {
        Report::PrincipalSearchPropertySet(PrincipalSearchPropertySet { properties })
    });
    prop_oneof![
        query,
        multiget,
        free_busy,
        acl,
        set,
        sync(),
        expand(),
        search(),
        principal_match(),
    ]
}

fn sync() -> impl Strategy<Value = Report> {
    let level = prop::sample::select(&[SyncLevel::One, SyncLevel::Infinite][..]);
    (of(word()), of(level), of(1u64..), selection()).prop_map(|(token, level, limit, selection)| {
        Report::SyncCollection(SyncCollection {
            token: token.map(SyncToken::new),
            level,
            limit,
            selection,
        })
    })
}

fn expand() -> impl Strategy<Value = Report> {
    let leaf = name().prop_map(|name| ExpandedProperty {
        name,
        properties: Vec::new(),
    });
    let property = leaf.prop_recursive(3, 8, 3, |inner| {
        (name(), vec(inner, 0..3))
            .prop_map(|(name, properties)| ExpandedProperty { name, properties })
    });
    vec(property, 0..4).prop_map(|properties| Report::ExpandProperty(ExpandProperty { properties }))
}

fn search() -> impl Strategy<Value = Report> {
    let one = (vec(name(), 0..3), text()).prop_map(|(properties, text)| PropertySearch {
        properties,
        text,
        match_type: MatchType::StartsWith,
    });
    let test = prop::sample::select(&[SearchTest::All, SearchTest::Any][..]);
    (vec(one, 0..3), test, selection(), any::<bool>()).prop_map(
        |(searches, test, selection, in_principal_collections)| {
            Report::PrincipalPropertySearch(PrincipalPropertySearch {
                searches,
                test,
                selection,
                in_principal_collections,
            })
        },
    )
}

fn principal_match() -> impl Strategy<Value = Report> {
    let target = prop_oneof![
        Just(PrincipalTarget::Itself),
        name().prop_map(PrincipalTarget::Property),
    ];
    (target, selection()).prop_map(|(target, selection)| {
        Report::PrincipalMatch(PrincipalMatch { target, selection })
    })
}

pub(crate) fn property_update() -> impl Strategy<Value = PropertyUpdate> {
    let instruction = prop_oneof![
        element().prop_map(Instruction::Set),
        name().prop_map(Instruction::Remove),
    ];
    vec(instruction, 1..5).prop_map(|instructions| PropertyUpdate { instructions })
}

pub(crate) fn lock_info() -> impl Strategy<Value = LockInfo> {
    let owner = of(text());
    (scope(), owner).prop_map(|(scope, owner)| LockInfo {
        scope,
        owner: owner.map(|text| Element::new(dav::OWNER.clone()).with_text(&text)),
    })
}

pub(crate) fn scope() -> impl Strategy<Value = LockScope> {
    prop::sample::select(&[LockScope::Exclusive, LockScope::Shared][..])
}

pub(crate) fn privilege() -> impl Strategy<Value = Privilege> {
    name()
        .prop_map(|name| Privilege::of(&name))
        .boxed()
        .prop_union(
            prop::sample::select(vec![
                Privilege::All,
                Privilege::Read,
                Privilege::WriteContent,
                Privilege::ReadFreeBusy,
            ])
            .boxed(),
        )
}

pub(crate) fn precondition() -> impl Strategy<Value = Precondition> {
    prop_oneof![
        Just(Precondition::ValidCalendarData),
        Just(Precondition::ValidSyncToken),
        Just(Precondition::SupportedReport),
        vec((href(), privilege()), 0..3).prop_map(Precondition::NeedPrivileges),
        vec(href(), 0..3).prop_map(Precondition::LockTokenSubmitted),
        vec(href(), 0..3).prop_map(Precondition::NoConflictingLock),
        of(href()).prop_map(Precondition::NoUidConflict),
        of(href()).prop_map(Precondition::UniqueSchedulingObjectResource),
        vec(element(), 0..3).prop_map(Precondition::SupportedFilter),
        element().prop_map(Precondition::Other),
    ]
}

fn status() -> impl Strategy<Value = StatusCode> {
    prop::sample::select(vec![
        StatusCode::OK,
        StatusCode::NOT_FOUND,
        StatusCode::FORBIDDEN,
        StatusCode::FAILED_DEPENDENCY,
        StatusCode::INSUFFICIENT_STORAGE,
    ])
}

pub(crate) fn propstat() -> impl Strategy<Value = Propstat> {
    (
        status(),
        vec(element(), 0..3),
        vec(precondition(), 0..2),
        of(text()),
    )
        .prop_map(|(status, properties, conditions, description)| Propstat {
            status,
            properties,
            conditions,
            description,
        })
}

pub(crate) fn response() -> impl Strategy<Value = Response> {
    let outcome = prop_oneof![
        status().prop_map(Outcome::Status),
        vec(propstat(), 1..3).prop_map(Outcome::Properties),
    ];
    (
        href(),
        vec(href(), 0..2),
        outcome,
        vec(precondition(), 0..2),
        of(text()),
        of(href()),
    )
        .prop_map(
            |(href, more_hrefs, outcome, conditions, description, location)| Response {
                href,
                more_hrefs,
                outcome,
                conditions,
                description,
                location,
            },
        )
}

pub(crate) fn multistatus() -> impl Strategy<Value = Multistatus> {
    (vec(response(), 0..4), of(text()), of(word())).prop_map(
        |(responses, description, sync_token)| Multistatus {
            responses,
            description,
            sync_token: sync_token.map(SyncToken::new),
        },
    )
}

pub(crate) fn supported_privileges() -> impl Strategy<Value = SupportedPrivilegeSet> {
    let leaf = (privilege(), any::<bool>(), text()).prop_map(|(privilege, is_abstract, text)| {
        let mut supported = SupportedPrivilege::new(privilege, &text, Vec::new());
        if is_abstract {
            supported.usage = PrivilegeUse::Abstract;
        }
        supported
    });
    let tree = leaf.prop_recursive(3, 8, 3, |inner| {
        (inner.clone(), vec(inner, 0..3))
            .prop_map(|(parent, contains)| SupportedPrivilege { contains, ..parent })
    });
    vec(tree, 0..3).prop_map(|privileges| SupportedPrivilegeSet { privileges })
}

pub(crate) fn acl() -> impl Strategy<Value = Acl> {
    let principal = prop_oneof![
        href().prop_map(AcePrincipal::Href),
        Just(AcePrincipal::All),
        Just(AcePrincipal::Authenticated),
        Just(AcePrincipal::Unauthenticated),
        Just(AcePrincipal::Itself),
        name().prop_map(AcePrincipal::Property),
    ];
    let permission = prop::sample::select(&[Permission::Grant, Permission::Deny][..]);
    let entry = (
        principal,
        any::<bool>(),
        permission,
        vec(privilege(), 0..3),
        any::<bool>(),
        of(href()),
    )
        .prop_map(
            |(principal, inverted, permission, privileges, protected, inherited)| Ace {
                principal,
                inverted,
                permission,
                privileges,
                protected,
                inherited,
            },
        );
    vec(entry, 0..4).prop_map(|entries| Acl { entries })
}

pub(crate) fn locks() -> impl Strategy<Value = LockDiscovery> {
    use cal_dav::header::{Depth, LockToken, Timeout};
    let timeout = prop_oneof![
        Just(Timeout::Infinite),
        any::<u32>().prop_map(Timeout::Seconds)
    ];
    let lock =
        (scope(), timeout, any::<bool>(), href()).prop_map(|(scope, timeout, deep, root)| {
            ActiveLock {
                scope,
                depth: if deep { Depth::Infinity } else { Depth::Zero },
                owner: deep.then(|| Element::new(dav::OWNER.clone()).with_text("Ada")),
                timeout,
                token: deep.then(|| LockToken::new("urn:uuid:1-2").unwrap()),
                root,
            }
        });
    vec(lock, 0..3).prop_map(|locks| LockDiscovery { locks })
}

pub(crate) fn known_property() -> impl Strategy<Value = Element> {
    text().prop_map(|text| Element::new(apple::CALENDAR_COLOR.clone()).with_text(&text))
}

pub(crate) fn href_set() -> impl Strategy<Value = HrefSet> {
    vec(href(), 0..4).prop_map(|hrefs| HrefSet {
        name: caldav::CALENDAR_HOME_SET.clone(),
        hrefs,
    })
}
