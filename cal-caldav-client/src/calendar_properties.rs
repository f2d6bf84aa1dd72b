//! What a server says of a calendar.

use cal_dav::name::{Name, apple, caldav, calendarserver, dav};
use cal_dav::property::{
    CurrentUserPrivilegeSet, ResourceType, SupportedComponentSet, SupportedReportSet,
};
use cal_dav::report::ReportKind;
use cal_dav::response::Response;
use cal_dav::{Element, SyncToken, XmlElement};

/// The properties of a calendar; absent ones are those the server does not
/// have or does not show.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CalendarProperties {
    /// Its name for people.
    pub display_name: Option<String>,
    /// What it is for.
    pub description: Option<String>,
    /// Its color, for example `#63DA38FF`.
    pub color: Option<String>,
    /// Its place among the calendars.
    pub order: Option<i64>,
    /// Which components it holds; any where absent.
    pub components: Option<SupportedComponentSet>,
    /// What the user may do.
    pub privileges: Option<CurrentUserPrivilegeSet>,
    /// A text that changes whenever a member does.
    pub ctag: Option<String>,
    /// The state of its members, for synchronization.
    pub sync_token: Option<SyncToken>,
    /// Which reports it answers.
    pub reports: Option<SupportedReportSet>,
    /// The zone of its floating times: an iCalendar text.
    pub time_zone: Option<String>,
}

/// Whether a user can change what a calendar holds.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Access {
    /// They can.
    Write,
    /// They cannot.
    Read,
    /// The server does not say: try, and heed a refusal.
    Unknown,
}

impl CalendarProperties {
    /// The properties to ask for.
    pub(crate) fn names() -> Vec<Name> {
        [
            &dav::RESOURCETYPE,
            &dav::DISPLAYNAME,
            &caldav::CALENDAR_DESCRIPTION,
            &apple::CALENDAR_COLOR,
            &apple::CALENDAR_ORDER,
            &caldav::SUPPORTED_CALENDAR_COMPONENT_SET,
            &dav::CURRENT_USER_PRIVILEGE_SET,
            &calendarserver::GETCTAG,
            &dav::SYNC_TOKEN,
            &dav::SUPPORTED_REPORT_SET,
            &caldav::CALENDAR_TIMEZONE,
        ]
        .into_iter()
        .cloned()
        .collect()
    }

    /// What a response says of a calendar; `None` where it is none.
    pub(crate) fn read(response: &Response) -> Option<Self> {
        let resource_type = typed::<ResourceType>(response, &dav::RESOURCETYPE)?;
        if !resource_type.is_calendar() {
            return None;
        }
        let text = |name: &Name| {
            let value = response.property(name).map(Element::text)?;
            let value = value.trim();
            (!value.is_empty()).then(|| value.to_owned())
        };
        Some(Self {
            display_name: text(&dav::DISPLAYNAME),
            description: text(&caldav::CALENDAR_DESCRIPTION),
            color: text(&apple::CALENDAR_COLOR),
            order: text(&apple::CALENDAR_ORDER).and_then(|order| order.parse().ok()),
            components: typed::<SupportedComponentSet>(
                response,
                &caldav::SUPPORTED_CALENDAR_COMPONENT_SET,
            )
            .filter(|set| !set.components().is_empty()),
            privileges: typed(response, &dav::CURRENT_USER_PRIVILEGE_SET),
            ctag: text(&calendarserver::GETCTAG),
            sync_token: text(&dav::SYNC_TOKEN).map(SyncToken::new),
            reports: typed(response, &dav::SUPPORTED_REPORT_SET),
            time_zone: text(&caldav::CALENDAR_TIMEZONE),
        })
    }

    /// Whether the user can change what the calendar holds.
    #[must_use]
    pub fn access(&self) -> Access {
        match &self.privileges {
            None => Access::Unknown,
            Some(set) if set.allows_writing() => Access::Write,
            Some(_) => Access::Read,
        }
    }

    /// Whether objects of a component, for example `VTODO`, are held.
    #[must_use]
    pub fn holds(&self, component: &str) -> bool {
        self.components
            .as_ref()
            .is_none_or(|set| set.has(component))
    }

    /// Whether a report is answered; `None` where the server does not say.
    #[must_use]
    pub fn answers(&self, report: ReportKind) -> Option<bool> {
        self.reports.as_ref().map(|set| set.has(report))
    }
}

fn typed<T: XmlElement>(response: &Response, name: &Name) -> Option<T> {
    T::read(response.property(name)?).ok()
}
