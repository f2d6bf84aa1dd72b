//! The preconditions and postconditions that an error body names (RFC 3744,
//! 4331, 4791, 4918, 5689, 6578, 6638, 7529, 7809, 8607).

use crate::href::hrefs_in;
use crate::name::{Name, caldav, dav};
use crate::property::Privilege;
use crate::{Element, Error, Href, Writer, XmlElement};

/// Declares the conditions that are an empty element.
macro_rules! preconditions {
    ($($variant:ident = $name:expr,)*) => {
        /// A condition that a request did not meet.
        #[derive(Clone, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum Precondition {
            $(#[doc = concat!("`", stringify!($name), "`")] $variant,)*
            /// `dav::NEED_PRIVILEGES`: what the user may not do, and where.
            NeedPrivileges(Vec<(Href, Privilege)>),
            /// `dav::LOCK_TOKEN_SUBMITTED`: the locked resources.
            LockTokenSubmitted(Vec<Href>),
            /// `dav::NO_CONFLICTING_LOCK`: the roots of the other locks.
            NoConflictingLock(Vec<Href>),
            /// `caldav::NO_UID_CONFLICT`: the resource that has the UID.
            NoUidConflict(Option<Href>),
            /// `caldav::UNIQUE_SCHEDULING_OBJECT_RESOURCE`: the resource that
            /// has the UID.
            UniqueSchedulingObjectResource(Option<Href>),
            /// `caldav::SUPPORTED_FILTER`: the parts of the filter that are not
            /// supported.
            SupportedFilter(Vec<Element>),
            /// A condition that is none of these.
            Other(Element),
        }

        impl Precondition {
            /// The name of its element.
            #[must_use]
            pub fn name(&self) -> &Name {
                match self {
                    $(Self::$variant => &$name,)*
                    Self::NeedPrivileges(_) => &dav::NEED_PRIVILEGES,
                    Self::LockTokenSubmitted(_) => &dav::LOCK_TOKEN_SUBMITTED,
                    Self::NoConflictingLock(_) => &dav::NO_CONFLICTING_LOCK,
                    Self::NoUidConflict(_) => &caldav::NO_UID_CONFLICT,
                    Self::UniqueSchedulingObjectResource(_) => {
                        &caldav::UNIQUE_SCHEDULING_OBJECT_RESOURCE
                    }
                    Self::SupportedFilter(_) => &caldav::SUPPORTED_FILTER,
                    Self::Other(element) => element.name(),
                }
            }

            fn empty_of(name: &Name) -> Option<Self> {
                [$((&$name, Self::$variant),)*]
                    .into_iter()
                    .find_map(|(known, condition)| (known == name).then_some(condition))
            }
        }
    };
}

preconditions! {
    AllowedPrincipal = dav::ALLOWED_PRINCIPAL,
    CannotModifyProtectedProperty = dav::CANNOT_MODIFY_PROTECTED_PROPERTY,
    DenyBeforeGrant = dav::DENY_BEFORE_GRANT,
    GrantOnly = dav::GRANT_ONLY,
    LimitedNumberOfAces = dav::LIMITED_NUMBER_OF_ACES,
    LockTokenMatchesRequestUri = dav::LOCK_TOKEN_MATCHES_REQUEST_URI,
    MissingRequiredPrincipal = dav::MISSING_REQUIRED_PRINCIPAL,
    NoAbstract = dav::NO_ABSTRACT,
    NoAceConflict = dav::NO_ACE_CONFLICT,
    NoExternalEntities = dav::NO_EXTERNAL_ENTITIES,
    NoInheritedAceConflict = dav::NO_INHERITED_ACE_CONFLICT,
    NoInvert = dav::NO_INVERT,
    NoProtectedAceConflict = dav::NO_PROTECTED_ACE_CONFLICT,
    NotSupportedPrivilege = dav::NOT_SUPPORTED_PRIVILEGE,
    NumberOfMatchesWithinLimits = dav::NUMBER_OF_MATCHES_WITHIN_LIMITS,
    PreservedLiveProperties = dav::PRESERVED_LIVE_PROPERTIES,
    PropfindFiniteDepth = dav::PROPFIND_FINITE_DEPTH,
    QuotaNotExceeded = dav::QUOTA_NOT_EXCEEDED,
    RecognizedPrincipal = dav::RECOGNIZED_PRINCIPAL,
    ResourceMustBeNull = dav::RESOURCE_MUST_BE_NULL,
    SufficientDiskSpace = dav::SUFFICIENT_DISK_SPACE,
    SupportedReport = dav::SUPPORTED_REPORT,
    SyncTraversalSupported = dav::SYNC_TRAVERSAL_SUPPORTED,
    ValidResourceType = dav::VALID_RESOURCETYPE,
    ValidSyncToken = dav::VALID_SYNC_TOKEN,
    AllowedAttendeeSchedulingObjectChange = caldav::ALLOWED_ATTENDEE_SCHEDULING_OBJECT_CHANGE,
    AllowedOrganizerSchedulingObjectChange = caldav::ALLOWED_ORGANIZER_SCHEDULING_OBJECT_CHANGE,
    CalendarCollectionLocationOk = caldav::CALENDAR_COLLECTION_LOCATION_OK,
    DefaultCalendarNeeded = caldav::DEFAULT_CALENDAR_NEEDED,
    InitializeCalendarCollection = caldav::INITIALIZE_CALENDAR_COLLECTION,
    MaxAttachmentSize = caldav::MAX_ATTACHMENT_SIZE,
    MaxAttachmentsPerResource = caldav::MAX_ATTACHMENTS_PER_RESOURCE,
    MaxAttendeesPerInstance = caldav::MAX_ATTENDEES_PER_INSTANCE,
    MaxDateTime = caldav::MAX_DATE_TIME,
    MaxInstances = caldav::MAX_INSTANCES,
    MaxResourceSize = caldav::MAX_RESOURCE_SIZE,
    MinDateTime = caldav::MIN_DATE_TIME,
    SameOrganizerInAllComponents = caldav::SAME_ORGANIZER_IN_ALL_COMPONENTS,
    SupportedCalendarComponent = caldav::SUPPORTED_CALENDAR_COMPONENT,
    SupportedCalendarData = caldav::SUPPORTED_CALENDAR_DATA,
    SupportedCollation = caldav::SUPPORTED_COLLATION,
    SupportedRscale = caldav::SUPPORTED_RSCALE,
    ValidAction = caldav::VALID_ACTION,
    ValidCalendarData = caldav::VALID_CALENDAR_DATA,
    ValidCalendarObjectResource = caldav::VALID_CALENDAR_OBJECT_RESOURCE,
    ValidFilter = caldav::VALID_FILTER,
    ValidManagedId = caldav::VALID_MANAGED_ID,
    ValidManagedIdParameter = caldav::VALID_MANAGED_ID_PARAMETER,
    ValidOrganizer = caldav::VALID_ORGANIZER,
    ValidRid = caldav::VALID_RID,
    ValidScheduleDefaultCalendarUrl = caldav::VALID_SCHEDULE_DEFAULT_CALENDAR_URL,
    ValidSchedulingMessage = caldav::VALID_SCHEDULING_MESSAGE,
    ValidTimezone = caldav::VALID_TIMEZONE,
}

impl XmlElement for Precondition {
    /// Reads any element: what is not known is [`Precondition::Other`].
    fn read(element: &Element) -> Result<Self, Error> {
        Ok(match element.name() {
            name if *name == dav::NEED_PRIVILEGES => Self::NeedPrivileges(needed(element)),
            name if *name == dav::LOCK_TOKEN_SUBMITTED => {
                Self::LockTokenSubmitted(hrefs_in(element))
            }
            name if *name == dav::NO_CONFLICTING_LOCK => Self::NoConflictingLock(hrefs_in(element)),
            name if *name == caldav::NO_UID_CONFLICT => {
                Self::NoUidConflict(hrefs_in(element).into_iter().next())
            }
            name if *name == caldav::UNIQUE_SCHEDULING_OBJECT_RESOURCE => {
                Self::UniqueSchedulingObjectResource(hrefs_in(element).into_iter().next())
            }
            name if *name == caldav::SUPPORTED_FILTER => {
                Self::SupportedFilter(element.children().cloned().collect())
            }
            name => Self::empty_of(name).unwrap_or_else(|| Self::Other(element.clone())),
        })
    }

    fn write(&self, writer: &mut Writer) {
        match self {
            Self::NeedPrivileges(needed) => {
                writer.element(self.name()).content(|writer| {
                    for (href, privilege) in needed {
                        writer.element(&dav::RESOURCE).content(|writer| {
                            href.write(writer);
                            privilege.write(writer);
                        });
                    }
                });
            }
            Self::LockTokenSubmitted(hrefs) | Self::NoConflictingLock(hrefs) => {
                write_hrefs(writer, self.name(), hrefs);
            }
            Self::NoUidConflict(href) | Self::UniqueSchedulingObjectResource(href) => {
                write_hrefs(writer, self.name(), href.as_slice());
            }
            Self::SupportedFilter(parts) => writer.element(self.name()).content(|writer| {
                for part in parts {
                    writer.tree(part);
                }
            }),
            Self::Other(element) => writer.tree(element),
            plain => writer.empty(plain.name()),
        }
    }
}

fn needed(element: &Element) -> Vec<(Href, Privilege)> {
    let resources = element.children_named(&dav::RESOURCE);
    resources
        .filter_map(|resource| {
            let href = hrefs_in(resource).into_iter().next()?;
            let privilege = Privilege::read(resource.child(&dav::PRIVILEGE)?).ok()?;
            Some((href, privilege))
        })
        .collect()
}

fn write_hrefs(writer: &mut Writer, name: &Name, hrefs: &[Href]) {
    let tag = writer.element(name);
    if hrefs.is_empty() {
        return tag.empty();
    }
    tag.content(|writer| {
        for href in hrefs {
            href.write(writer);
        }
    });
}
