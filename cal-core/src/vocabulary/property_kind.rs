//! Property names of RFC 5545 3.7 and 3.8, RFC 7986, RFC 7953, RFC 9073, RFC 9074, RFC 9253,
//! with the type and arity of their values.

use super::ValueType;

/// How the value of a property is made up.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Arity {
    /// One value.
    One,
    /// Several values, separated by commas.
    List,
    /// Parts separated by semicolons (GEO, REQUEST-STATUS).
    Parts,
}

macro_rules! properties {
    ($($kind:ident $name:literal $value:ident $arity:ident;)*) => {
        /// What a property is, by its name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        #[repr(u8)]
        pub enum PropertyKind {
            $(#[doc = concat!("`", $name, "`")] $kind,)*
            /// A property with a name that this crate does not know.
            Other,
        }

        const NAMES: &[&str] = &[$($name),*];
        const KINDS: &[PropertyKind] = &[$(PropertyKind::$kind),*];

        impl PropertyKind {
            /// The name in the specification; `None` for an unknown property.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                match self {
                    $(PropertyKind::$kind => Some($name),)*
                    PropertyKind::Other => None,
                }
            }

            /// The type of its value where no `VALUE` parameter says otherwise.
            #[must_use]
            pub fn default_type(self) -> ValueType {
                match self {
                    $(PropertyKind::$kind => ValueType::$value,)*
                    PropertyKind::Other => ValueType::Unknown,
                }
            }

            pub(crate) fn arity(self) -> Arity {
                match self {
                    $(PropertyKind::$kind => Arity::$arity,)*
                    PropertyKind::Other => Arity::One,
                }
            }
        }
    };
}

properties! {
    Begin "BEGIN" Text One;
    End "END" Text One;
    CalScale "CALSCALE" Text One;
    Method "METHOD" Text One;
    ProdId "PRODID" Text One;
    Version "VERSION" Text One;
    Attach "ATTACH" Uri One;
    Categories "CATEGORIES" Text List;
    Class "CLASS" Text One;
    Comment "COMMENT" Text One;
    Description "DESCRIPTION" Text One;
    Geo "GEO" Float Parts;
    Location "LOCATION" Text One;
    PercentComplete "PERCENT-COMPLETE" Integer One;
    Priority "PRIORITY" Integer One;
    Resources "RESOURCES" Text List;
    Status "STATUS" Text One;
    Summary "SUMMARY" Text One;
    Completed "COMPLETED" DateTime One;
    DtEnd "DTEND" DateTime One;
    Due "DUE" DateTime One;
    DtStart "DTSTART" DateTime One;
    Duration "DURATION" Duration One;
    FreeBusy "FREEBUSY" Period List;
    Transp "TRANSP" Text One;
    TzId "TZID" Text One;
    TzName "TZNAME" Text One;
    TzOffsetFrom "TZOFFSETFROM" UtcOffset One;
    TzOffsetTo "TZOFFSETTO" UtcOffset One;
    TzUrl "TZURL" Uri One;
    TzUntil "TZUNTIL" DateTime One;
    TzIdAliasOf "TZID-ALIAS-OF" Text One;
    Attendee "ATTENDEE" CalAddress One;
    Contact "CONTACT" Text One;
    Organizer "ORGANIZER" CalAddress One;
    RecurrenceId "RECURRENCE-ID" DateTime One;
    RelatedTo "RELATED-TO" Text One;
    Url "URL" Uri One;
    Uid "UID" Text One;
    ExDate "EXDATE" DateTime List;
    ExRule "EXRULE" Recur One;
    RDate "RDATE" DateTime List;
    RRule "RRULE" Recur One;
    Action "ACTION" Text One;
    Repeat "REPEAT" Integer One;
    Trigger "TRIGGER" Duration One;
    Created "CREATED" DateTime One;
    DtStamp "DTSTAMP" DateTime One;
    LastModified "LAST-MODIFIED" DateTime One;
    Sequence "SEQUENCE" Integer One;
    RequestStatus "REQUEST-STATUS" Text Parts;
    Name "NAME" Text One;
    RefreshInterval "REFRESH-INTERVAL" Duration One;
    Source "SOURCE" Uri One;
    Color "COLOR" Text One;
    Image "IMAGE" Uri One;
    Conference "CONFERENCE" Uri One;
    BusyType "BUSYTYPE" Text One;
    LocationType "LOCATION-TYPE" Text List;
    ParticipantType "PARTICIPANT-TYPE" Text One;
    ResourceType "RESOURCE-TYPE" Text One;
    CalendarAddress "CALENDAR-ADDRESS" CalAddress One;
    StyledDescription "STYLED-DESCRIPTION" Text One;
    StructuredData "STRUCTURED-DATA" Text One;
    Acknowledged "ACKNOWLEDGED" DateTime One;
    Proximity "PROXIMITY" Text One;
    Concept "CONCEPT" Uri One;
    Link "LINK" Uri One;
    RefId "REFID" Text One;
}

impl PropertyKind {
    /// The kind with this name, in any case of letters.
    #[must_use]
    pub fn of(name: &str) -> Self {
        Self::of_bytes(name.as_bytes())
    }

    /// Whether its specification gives it no default type, so that each of its
    /// lines has to say `VALUE`: RFC 7986 5.7, 5.8, 5.10, 5.11, RFC 9073 6.5,
    /// 6.6, RFC 9253 8.2. Where one does not, [`default_type`](Self::default_type)
    /// is how it is read.
    pub(crate) fn must_say_type(self) -> bool {
        matches!(
            self,
            PropertyKind::RefreshInterval
                | PropertyKind::Source
                | PropertyKind::Image
                | PropertyKind::Conference
                | PropertyKind::StyledDescription
                | PropertyKind::StructuredData
                | PropertyKind::Link
        )
    }

    #[inline]
    pub(crate) fn of_bytes(name: &[u8]) -> Self {
        let mut slot = hash(name);
        while let Some(&(kind, known)) = TABLE.get(slot) {
            if known.is_empty() {
                break;
            }
            // Nearly every name is in capitals.
            if known == name || known.eq_ignore_ascii_case(name) {
                return kind;
            }
            slot = (slot + 1) % SLOTS;
        }
        PropertyKind::Other
    }
}

const SLOTS: usize = 512;

/// Open addressing over the names, laid out when the crate is compiled.
static TABLE: [(PropertyKind, &[u8]); SLOTS] = table();

/// Mixes length, first, third and last letter; `| 0x20` makes letters lower case.
const fn hash(name: &[u8]) -> usize {
    let (first, third, last) = match name {
        [first, _, third] => (*first, *third, *third),
        [first, _, third, .., last] => (*first, *third, *last),
        _ => return 0,
    };
    let letters = (first | 0x20) as usize * 31 + (third | 0x20) as usize * 7;
    (name.len() * 67 + letters + (last | 0x20) as usize * 3) % SLOTS
}

#[expect(
    clippy::indexing_slicing,
    reason = "runs in the compiler, where a wrong index is an error"
)]
const fn table() -> [(PropertyKind, &'static [u8]); SLOTS] {
    let mut table: [(PropertyKind, &'static [u8]); SLOTS] = [(PropertyKind::Other, &[]); SLOTS];
    let mut index = 0;
    while index < NAMES.len() {
        let name = NAMES[index].as_bytes();
        let mut slot = hash(name);
        while !table[slot].1.is_empty() {
            slot = (slot + 1) % SLOTS;
        }
        table[slot] = (KINDS[index], name);
        index += 1;
    }
    table
}
