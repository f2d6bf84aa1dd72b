//! Which properties a PROPFIND or REPORT asks for (RFC 4918 sections 9.1 and
//! 14.20, RFC 4791 section 9.6).

use crate::name::{Name, caldav, dav};
use crate::report::CalendarData;
use crate::{Element, Error, Writer, XmlElement};

/// The properties asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Selection {
    /// `DAV:allprop`: all that RFC 4918 defines and all dead ones, and those of
    /// `DAV:include`.
    All {
        /// Names asked for beyond that.
        include: Vec<Name>,
    },
    /// `DAV:propname`: the names of all, without values.
    Names,
    /// `DAV:prop`: these. The list may be empty.
    Listed(Vec<Requested>),
}

/// One property asked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requested {
    /// A property.
    Property(Name),
    /// `CALDAV:calendar-data`, which says in itself what of the data is wanted.
    CalendarData(Box<CalendarData>),
}

impl Requested {
    /// The name of the property.
    #[must_use]
    pub fn name(&self) -> &Name {
        match self {
            Self::Property(name) => name,
            Self::CalendarData(_) => &caldav::CALENDAR_DATA,
        }
    }
}

impl Selection {
    /// These properties.
    #[must_use]
    pub fn of(names: impl IntoIterator<Item = Name>) -> Self {
        Self::Listed(names.into_iter().map(Requested::Property).collect())
    }

    /// What is asked of the calendar data, where it is asked for at all.
    #[must_use]
    pub fn calendar_data(&self) -> Option<&CalendarData> {
        let Self::Listed(requested) = self else {
            return None;
        };
        requested.iter().find_map(|requested| match requested {
            Requested::CalendarData(data) => Some(&**data),
            Requested::Property(_) => None,
        })
    }

    /// Finds the selection among the children of a request.
    pub(crate) fn find(parent: &Element) -> Result<Option<Self>, Error> {
        let mut found = None;
        for child in parent.children() {
            let selection = match child.name().parts() {
                ("DAV:", "allprop") => Self::All {
                    include: include(parent),
                },
                ("DAV:", "propname") => Self::Names,
                ("DAV:", "prop") => Self::listed(child)?,
                _ => continue,
            };
            if found.replace(selection).is_some() {
                return Err(Error::value(
                    parent.name(),
                    "only one of allprop, propname and prop may be given",
                    child.name().local(),
                ));
            }
        }
        Ok(found)
    }

    /// The selection of a REPORT, where asking for nothing is allowed.
    pub(crate) fn of_report(parent: &Element) -> Result<Self, Error> {
        Ok(Self::find(parent)?.unwrap_or(Self::Listed(Vec::new())))
    }

    fn listed(prop: &Element) -> Result<Self, Error> {
        let requested = prop.children().map(|child| {
            Ok(if *child.name() == caldav::CALENDAR_DATA {
                Requested::CalendarData(Box::new(CalendarData::read(child)?))
            } else {
                Requested::Property(child.name().clone())
            })
        });
        requested.collect::<Result<_, Error>>().map(Self::Listed)
    }

    pub(crate) fn write(&self, writer: &mut Writer) {
        match self {
            Self::All { include } => {
                writer.empty(&dav::ALLPROP);
                if !include.is_empty() {
                    writer.element(&dav::INCLUDE).content(|writer| {
                        for name in include {
                            writer.empty(name);
                        }
                    });
                }
            }
            Self::Names => writer.empty(&dav::PROPNAME),
            Self::Listed(requested) => writer.element(&dav::PROP).content(|writer| {
                for requested in requested {
                    match requested {
                        Requested::Property(name) => writer.empty(name),
                        Requested::CalendarData(data) => data.write(writer),
                    }
                }
            }),
        }
    }
}

fn include(parent: &Element) -> Vec<Name> {
    parent
        .child(&dav::INCLUDE)
        .map_or_else(Vec::new, |include| {
            include
                .children()
                .map(|child| child.name().clone())
                .collect()
        })
}
