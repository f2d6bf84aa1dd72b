//! What is asked of resources, looked up once for all of them.

use cal_dav::name::Name;
use cal_dav::property::PropertyName;
use cal_dav::report::CalendarData;
use cal_dav::request::{Requested, Selection};

/// The properties that `DAV:allprop` stands for besides the dead ones: those of RFC 4918.
pub(crate) const OF_ALLPROP: &[PropertyName] = &[
    PropertyName::ResourceType,
    PropertyName::DisplayName,
    PropertyName::CreationDate,
    PropertyName::GetLastModified,
    PropertyName::GetETag,
    PropertyName::GetContentType,
    PropertyName::GetContentLength,
    PropertyName::GetContentLanguage,
    PropertyName::LockDiscovery,
    PropertyName::SupportedLock,
];

/// The properties that a request asks for.
pub(crate) enum Wanted {
    Names,
    All { include: Vec<Asked> },
    Listed(Vec<Asked>),
}

/// A property that is asked for.
pub(crate) struct Asked {
    pub(crate) name: Name,
    /// The property, where it is one that the server knows.
    pub(crate) live: Option<PropertyName>,
}

impl Asked {
    fn new(name: &Name) -> Self {
        Self {
            name: name.clone(),
            live: PropertyName::of(name),
        }
    }
}

impl Wanted {
    pub(crate) fn new(selection: &Selection) -> Self {
        match selection {
            Selection::Names => Self::Names,
            Selection::All { include } => Self::All {
                include: include.iter().map(Asked::new).collect(),
            },
            Selection::Listed(requested) => {
                let mut asked: Vec<Asked> = Vec::with_capacity(requested.len());
                for name in requested.iter().map(Requested::name) {
                    if !asked.iter().any(|already| already.name == *name) {
                        asked.push(Asked::new(name));
                    }
                }
                Self::Listed(asked)
            }
        }
    }

    /// Whether an answer needs more than these properties, and so those that are kept as
    /// clients sent them.
    pub(crate) fn needs_more_than(&self, live: &[PropertyName]) -> bool {
        match self {
            Self::Names | Self::All { .. } => true,
            Self::Listed(asked) => asked
                .iter()
                .any(|asked| !asked.live.is_some_and(|property| live.contains(&property))),
        }
    }

    /// Whether it is asked which locks there are.
    pub(crate) fn needs_locks(&self) -> bool {
        matches!(self, Self::All { .. }) || self.names(PropertyName::LockDiscovery)
    }

    /// Whether a property is asked for by name.
    pub(crate) fn names(&self, property: PropertyName) -> bool {
        match self {
            Self::Names => false,
            Self::All { include: asked } | Self::Listed(asked) => {
                asked.iter().any(|asked| asked.live == Some(property))
            }
        }
    }
}

/// What is asked of the calendar data of objects: all of it, unless the request says more.
pub(crate) fn calendar_data(selection: &Selection) -> Option<CalendarData> {
    match selection {
        Selection::All { include } => include
            .contains(PropertyName::CalendarData.name())
            .then(CalendarData::default),
        _ => selection.calendar_data().cloned(),
    }
}
