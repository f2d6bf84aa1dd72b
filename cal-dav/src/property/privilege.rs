//! Privileges (RFC 3744 section 3, RFC 4791 section 6.1, RFC 6638 section 6).

use crate::name::{Name, caldav, dav};
use crate::xml::expect;
use crate::{Element, Error, Writer, XmlElement};

/// Declares the privileges of the vocabulary.
macro_rules! privileges {
    ($($(#[$doc:meta])* $variant:ident = $name:expr,)*) => {
        /// What a principal may do with a resource.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum Privilege {
            $($(#[$doc])* $variant,)*
            /// A privilege that is none of these.
            Other(Name),
        }

        impl Privilege {
            /// The name of its element.
            #[must_use]
            pub fn name(&self) -> &Name {
                match self {
                    $(Self::$variant => &$name,)*
                    Self::Other(name) => name,
                }
            }

            /// The privilege with this name.
            #[must_use]
            pub fn of(name: &Name) -> Self {
                [$((&$name, Self::$variant),)*]
                    .into_iter()
                    .find_map(|(known, privilege)| (known == name).then_some(privilege))
                    .unwrap_or_else(|| Self::Other(name.clone()))
            }
        }
    };
}

privileges! {
    /// Everything.
    All = dav::ALL,
    /// Read content and properties.
    Read = dav::READ,
    /// Write content and properties, and add and remove members.
    Write = dav::WRITE,
    /// Write properties.
    WriteProperties = dav::WRITE_PROPERTIES,
    /// Write content.
    WriteContent = dav::WRITE_CONTENT,
    /// Add members to a collection.
    Bind = dav::BIND,
    /// Remove members from a collection.
    Unbind = dav::UNBIND,
    /// Remove a lock of another.
    Unlock = dav::UNLOCK,
    /// Read the ACL.
    ReadAcl = dav::READ_ACL,
    /// Read one's own privileges.
    ReadCurrentUserPrivilegeSet = dav::READ_CURRENT_USER_PRIVILEGE_SET,
    /// Write the ACL.
    WriteAcl = dav::WRITE_ACL,
    /// Ask when there is something, not what.
    ReadFreeBusy = caldav::READ_FREE_BUSY,
    /// Deliver scheduling messages to an inbox.
    ScheduleDeliver = caldav::SCHEDULE_DELIVER,
    /// Deliver invitations to an inbox.
    ScheduleDeliverInvite = caldav::SCHEDULE_DELIVER_INVITE,
    /// Deliver replies to an inbox.
    ScheduleDeliverReply = caldav::SCHEDULE_DELIVER_REPLY,
    /// Ask an inbox for free-busy times.
    ScheduleQueryFreebusy = caldav::SCHEDULE_QUERY_FREEBUSY,
    /// Send scheduling messages.
    ScheduleSend = caldav::SCHEDULE_SEND,
    /// Send invitations.
    ScheduleSendInvite = caldav::SCHEDULE_SEND_INVITE,
    /// Send replies.
    ScheduleSendReply = caldav::SCHEDULE_SEND_REPLY,
    /// Ask others for free-busy times.
    ScheduleSendFreebusy = caldav::SCHEDULE_SEND_FREEBUSY,
}

impl XmlElement for Privilege {
    /// Reads `DAV:privilege`.
    fn read(element: &Element) -> Result<Self, Error> {
        expect(element, &dav::PRIVILEGE)?;
        let child = element
            .children()
            .next()
            .ok_or_else(|| Error::missing(element.name(), "the name of a privilege"))?;
        Ok(Self::of(child.name()))
    }

    fn write(&self, writer: &mut Writer) {
        writer
            .element(&dav::PRIVILEGE)
            .content(|writer| writer.empty(self.name()));
    }
}
