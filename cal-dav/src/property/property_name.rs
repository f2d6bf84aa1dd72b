//! The properties that have a meaning here.

use crate::name::{Name, apple, caldav, calendarserver, dav};

/// Declares the properties, once each.
macro_rules! properties {
    ($($variant:ident = $name:expr,)*) => {
        /// A well-known property. What is none of them is a dead property.
        ///
        /// ```
        /// use cal_dav::name::dav;
        /// use cal_dav::property::PropertyName;
        ///
        /// assert_eq!(PropertyName::of(&dav::GETETAG), Some(PropertyName::GetETag));
        /// assert_eq!(PropertyName::GetETag.name(), &dav::GETETAG);
        /// ```
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum PropertyName {
            $(#[doc = concat!("`", stringify!($name), "`")] $variant,)*
        }

        impl PropertyName {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant,)*];

            /// The name of its element.
            #[must_use]
            pub fn name(self) -> &'static Name {
                match self {
                    $(Self::$variant => &$name,)*
                }
            }
        }
    };
}

properties! {
    Acl = dav::ACL,
    AclRestrictions = dav::ACL_RESTRICTIONS,
    AddMember = dav::ADD_MEMBER,
    AlternateUriSet = dav::ALTERNATE_URI_SET,
    CreationDate = dav::CREATIONDATE,
    CurrentUserPrincipal = dav::CURRENT_USER_PRINCIPAL,
    CurrentUserPrivilegeSet = dav::CURRENT_USER_PRIVILEGE_SET,
    DisplayName = dav::DISPLAYNAME,
    GetContentLanguage = dav::GETCONTENTLANGUAGE,
    GetContentLength = dav::GETCONTENTLENGTH,
    GetContentType = dav::GETCONTENTTYPE,
    GetETag = dav::GETETAG,
    GetLastModified = dav::GETLASTMODIFIED,
    Group = dav::GROUP,
    GroupMemberSet = dav::GROUP_MEMBER_SET,
    GroupMembership = dav::GROUP_MEMBERSHIP,
    InheritedAclSet = dav::INHERITED_ACL_SET,
    LockDiscovery = dav::LOCKDISCOVERY,
    Owner = dav::OWNER,
    ParentSet = dav::PARENT_SET,
    PrincipalCollectionSet = dav::PRINCIPAL_COLLECTION_SET,
    PrincipalUrl = dav::PRINCIPAL_URL,
    QuotaAvailableBytes = dav::QUOTA_AVAILABLE_BYTES,
    QuotaUsedBytes = dav::QUOTA_USED_BYTES,
    ResourceId = dav::RESOURCE_ID,
    ResourceType = dav::RESOURCETYPE,
    SupportedLivePropertySet = dav::SUPPORTED_LIVE_PROPERTY_SET,
    SupportedMethodSet = dav::SUPPORTED_METHOD_SET,
    SupportedPrivilegeSet = dav::SUPPORTED_PRIVILEGE_SET,
    SupportedReportSet = dav::SUPPORTED_REPORT_SET,
    SupportedLock = dav::SUPPORTEDLOCK,
    SyncToken = dav::SYNC_TOKEN,
    CalendarAvailability = caldav::CALENDAR_AVAILABILITY,
    CalendarData = caldav::CALENDAR_DATA,
    CalendarDescription = caldav::CALENDAR_DESCRIPTION,
    CalendarHomeSet = caldav::CALENDAR_HOME_SET,
    CalendarTimezone = caldav::CALENDAR_TIMEZONE,
    CalendarTimezoneId = caldav::CALENDAR_TIMEZONE_ID,
    CalendarUserAddressSet = caldav::CALENDAR_USER_ADDRESS_SET,
    CalendarUserType = caldav::CALENDAR_USER_TYPE,
    ManagedAttachmentsServerUrl = caldav::MANAGED_ATTACHMENTS_SERVER_URL,
    MaxAttachmentSize = caldav::MAX_ATTACHMENT_SIZE,
    MaxAttachmentsPerResource = caldav::MAX_ATTACHMENTS_PER_RESOURCE,
    MaxAttendeesPerInstance = caldav::MAX_ATTENDEES_PER_INSTANCE,
    MaxDateTime = caldav::MAX_DATE_TIME,
    MaxInstances = caldav::MAX_INSTANCES,
    MaxResourceSize = caldav::MAX_RESOURCE_SIZE,
    MinDateTime = caldav::MIN_DATE_TIME,
    ScheduleCalendarTransp = caldav::SCHEDULE_CALENDAR_TRANSP,
    ScheduleDefaultCalendarUrl = caldav::SCHEDULE_DEFAULT_CALENDAR_URL,
    ScheduleInboxUrl = caldav::SCHEDULE_INBOX_URL,
    ScheduleOutboxUrl = caldav::SCHEDULE_OUTBOX_URL,
    ScheduleTag = caldav::SCHEDULE_TAG,
    SupportedCalendarComponentSet = caldav::SUPPORTED_CALENDAR_COMPONENT_SET,
    SupportedCalendarComponentSets = caldav::SUPPORTED_CALENDAR_COMPONENT_SETS,
    SupportedCalendarData = caldav::SUPPORTED_CALENDAR_DATA,
    SupportedCollationSet = caldav::SUPPORTED_COLLATION_SET,
    SupportedRscaleSet = caldav::SUPPORTED_RSCALE_SET,
    TimezoneServiceSet = caldav::TIMEZONE_SERVICE_SET,
    AllowedSharingModes = calendarserver::ALLOWED_SHARING_MODES,
    CalendarProxyReadFor = calendarserver::CALENDAR_PROXY_READ_FOR,
    CalendarProxyWriteFor = calendarserver::CALENDAR_PROXY_WRITE_FOR,
    EmailAddressSet = calendarserver::EMAIL_ADDRESS_SET,
    FirstName = calendarserver::FIRST_NAME,
    GetCTag = calendarserver::GETCTAG,
    Invite = calendarserver::INVITE,
    LastName = calendarserver::LAST_NAME,
    MaxCollections = calendarserver::MAX_COLLECTIONS,
    MaxResources = calendarserver::MAX_RESOURCES,
    NotificationUrl = calendarserver::NOTIFICATION_URL,
    PrePublishUrl = calendarserver::PRE_PUBLISH_URL,
    PublishUrl = calendarserver::PUBLISH_URL,
    Source = calendarserver::SOURCE,
    AutoProvisioned = apple::AUTOPROVISIONED,
    CalendarColor = apple::CALENDAR_COLOR,
    CalendarOrder = apple::CALENDAR_ORDER,
    RefreshRate = apple::REFRESHRATE,
}

impl PropertyName {
    /// The well-known property with this name.
    #[must_use]
    pub fn of(name: &Name) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|property| property.name() == name)
    }
}
