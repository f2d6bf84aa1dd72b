//! What a condition of the protocol that is not met means, in words for people.

use std::borrow::Cow;

use cal_dav::response::Precondition;

/// Why a request that does not meet a condition is refused.
pub(crate) fn of(condition: &Precondition) -> Cow<'static, str> {
    Cow::Borrowed(match condition {
        Precondition::AllowedPrincipal => "only the owner can have privileges",
        Precondition::CalendarCollectionLocationOk => {
            "a collection is made in a calendar home or in a plain collection, never in a calendar"
        }
        Precondition::CannotModifyProtectedProperty => {
            "the server alone says what this property is"
        }
        Precondition::GrantOnly => "privileges are granted, never denied",
        Precondition::LimitedNumberOfAces => {
            "the owner has all privileges, and there is no other entry beside that"
        }
        Precondition::MaxAttachmentsPerResource => "the object has as many attachments as it may",
        Precondition::NeedPrivileges(_) => "a privilege that it takes is missing",
        Precondition::NoExternalEntities => "a request has no document type",
        Precondition::NoInvert => "an entry is about whom it names, never about all others",
        Precondition::NotSupportedPrivilege => "there is no such privilege here",
        Precondition::NoUidConflict(Some(_)) => "the object at the href has this UID",
        Precondition::NumberOfMatchesWithinLimits => "there is more than one answer may hold",
        Precondition::PropfindFiniteDepth => "a listing has Depth 0 or 1",
        Precondition::RecognizedPrincipal => "the principal is none of this server",
        Precondition::ResourceMustBeNull => "there is something of this name already",
        Precondition::SupportedCalendarComponent => "the calendar does not take this component",
        Precondition::SupportedCalendarData => "the server has calendar data as text/calendar only",
        Precondition::SupportedFilter(_) => "the filter has more conditions than are worked out",
        Precondition::SupportedReport => "the resource does not have this report",
        Precondition::SyncTraversalSupported => {
            "a sync tells of the members of a collection, not of what is in those"
        }
        Precondition::ValidAction => {
            "the action is attachment-add, attachment-update or attachment-remove"
        }
        Precondition::ValidManagedId => "the object has no attachment with this managed-id",
        Precondition::ValidManagedIdParameter => "there is no attachment with this MANAGED-ID",
        Precondition::ValidResourceType => "what is made is a plain collection or a calendar",
        Precondition::ValidRid => "the object has no such instance, or all of it is meant",
        Precondition::ValidSyncToken => "the token is none of this collection; sync without one",
        Precondition::ValidTimezone => "the time zone is not one VTIMEZONE in iCalendar",
        other => return Cow::Owned(format!("{} is not met", other.name())),
    })
}
