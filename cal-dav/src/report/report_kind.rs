//! Which report a body asks for.

use super::{
    AclPrincipalPropSet, CalendarMultiget, CalendarQuery, ExpandProperty, FreeBusyQuery,
    PrincipalMatch, PrincipalPropertySearch, PrincipalSearchPropertySet, SyncCollection,
};
use crate::name::{Name, caldav, dav};
use crate::response::Precondition;
use crate::{Element, Error, Writer, XmlElement};

/// Declares the reports, once each.
macro_rules! reports {
    ($($(#[$doc:meta])* $variant:ident($body:ty) = $name:expr,)*) => {
        /// The body of a REPORT request.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Report {
            $($(#[$doc])* $variant($body),)*
        }

        /// A report that the vocabulary knows.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ReportKind {
            $($(#[$doc])* $variant,)*
        }

        impl ReportKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name of the element.
            #[must_use]
            pub fn name(self) -> &'static Name {
                match self {
                    $(Self::$variant => $name,)*
                }
            }
        }

        impl Report {
            /// Which report it is.
            #[must_use]
            pub fn kind(&self) -> ReportKind {
                match self {
                    $(Self::$variant(_) => ReportKind::$variant,)*
                }
            }
        }

        impl XmlElement for Report {
            fn read(element: &Element) -> Result<Self, Error> {
                match ReportKind::of(element.name()) {
                    $(Some(ReportKind::$variant) => {
                        <$body>::read(element).map(Self::$variant)
                    })*
                    None => Err(Error::broken(
                        Precondition::SupportedReport,
                        element.name(),
                        "no such report",
                    )),
                }
            }

            fn write(&self, writer: &mut Writer) {
                match self {
                    $(Self::$variant(body) => body.write(writer),)*
                }
            }
        }
    };
}

reports! {
    /// `DAV:acl-principal-prop-set`
    AclPrincipalPropSet(AclPrincipalPropSet) = &dav::ACL_PRINCIPAL_PROP_SET,
    /// `CALDAV:calendar-multiget`
    CalendarMultiget(CalendarMultiget) = &caldav::CALENDAR_MULTIGET,
    /// `CALDAV:calendar-query`
    CalendarQuery(CalendarQuery) = &caldav::CALENDAR_QUERY,
    /// `DAV:expand-property`
    ExpandProperty(ExpandProperty) = &dav::EXPAND_PROPERTY,
    /// `CALDAV:free-busy-query`
    FreeBusyQuery(FreeBusyQuery) = &caldav::FREE_BUSY_QUERY,
    /// `DAV:principal-match`
    PrincipalMatch(PrincipalMatch) = &dav::PRINCIPAL_MATCH,
    /// `DAV:principal-property-search`
    PrincipalPropertySearch(PrincipalPropertySearch) = &dav::PRINCIPAL_PROPERTY_SEARCH,
    /// `DAV:principal-search-property-set`
    PrincipalSearchPropertySet(PrincipalSearchPropertySet) = &dav::PRINCIPAL_SEARCH_PROPERTY_SET,
    /// `DAV:sync-collection`
    SyncCollection(SyncCollection) = &dav::SYNC_COLLECTION,
}

impl ReportKind {
    /// The report with this name.
    #[must_use]
    pub fn of(name: &Name) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.name() == name)
    }
}
