//! Component names of RFC 5545 3.6, RFC 7953 and RFC 9073.

macro_rules! components {
    ($($kind:ident $name:literal;)*) => {
        /// What a component is, by its name.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum ComponentKind {
            $(#[doc = concat!("`", $name, "`")] $kind,)*
            /// A component with a name that this crate does not know.
            Other,
        }

        impl ComponentKind {
            /// The kind with this name, in any case of letters.
            #[must_use]
            pub fn of(name: &str) -> Self {
                Self::of_bytes(name.as_bytes())
            }

            pub(crate) fn of_bytes(name: &[u8]) -> Self {
                $(if name.eq_ignore_ascii_case($name.as_bytes()) { return ComponentKind::$kind; })*
                ComponentKind::Other
            }

            /// The name in the specification; `None` for an unknown component.
            #[must_use]
            pub fn name(self) -> Option<&'static str> {
                match self {
                    $(ComponentKind::$kind => Some($name),)*
                    ComponentKind::Other => None,
                }
            }
        }
    };
}

components! {
    Event "VEVENT";
    Alarm "VALARM";
    Calendar "VCALENDAR";
    TimeZone "VTIMEZONE";
    Standard "STANDARD";
    Daylight "DAYLIGHT";
    Todo "VTODO";
    Journal "VJOURNAL";
    FreeBusy "VFREEBUSY";
    Availability "VAVAILABILITY";
    Available "AVAILABLE";
    Participant "PARTICIPANT";
    Location "VLOCATION";
    Resource "VRESOURCE";
}

impl ComponentKind {
    /// Whether such a component stands directly in a VCALENDAR and nowhere else,
    /// so that its BEGIN closes what was left open.
    pub(crate) fn is_top(self) -> bool {
        matches!(
            self,
            ComponentKind::Event
                | ComponentKind::Todo
                | ComponentKind::Journal
                | ComponentKind::FreeBusy
                | ComponentKind::TimeZone
                | ComponentKind::Availability
        )
    }
}
