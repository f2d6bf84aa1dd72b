//! Who may do what: the one place where authorization is decided.
//!
//! It is decided on decoded paths, before the store is asked whether anything is there. What a
//! user may not even read is answered exactly like what is not there.

use cal_dav::Href;
use cal_dav::property::{Ace, AcePrincipal, Acl, Privilege};
use cal_store::Principal;

use crate::refusal::Refusal;
use crate::resource::Resource;

/// What a principal may do with a resource.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Access {
    /// Read it: the collections above what belongs to anyone.
    Browse,
    /// Read it, as one's own principal, which is changed elsewhere.
    Itself,
    /// Everything.
    Own,
}

/// What `principal` may do with `resource`; nothing at all is [`Refusal::NotFound`].
pub(crate) fn access(principal: &Principal, resource: &Resource) -> Result<Access, Refusal> {
    match resource.owner() {
        None => Ok(Access::Browse),
        Some(owner) if owner != principal.name.as_str() => Err(Refusal::NotFound),
        Some(_) => Ok(match resource {
            Resource::Principal { .. } => Access::Itself,
            _ => Access::Own,
        }),
    }
}

impl Access {
    /// The privileges, aggregates and their parts alike.
    pub(crate) fn privileges(self) -> &'static [Privilege] {
        match self {
            Self::Browse | Self::Itself => &[
                Privilege::Read,
                Privilege::ReadAcl,
                Privilege::ReadCurrentUserPrivilegeSet,
                Privilege::ReadFreeBusy,
            ],
            Self::Own => &[
                Privilege::All,
                Privilege::Read,
                Privilege::ReadAcl,
                Privilege::ReadCurrentUserPrivilegeSet,
                Privilege::ReadFreeBusy,
                Privilege::Write,
                Privilege::WriteProperties,
                Privilege::WriteContent,
                Privilege::Bind,
                Privilege::Unbind,
            ],
        }
    }

    /// The access control list (RFC 3744 section 5.5) that gives a principal this: one entry,
    /// which cannot be changed.
    pub(crate) fn acl(self, principal: Href) -> Acl {
        let (whom, privilege) = match self {
            Self::Browse => (AcePrincipal::Authenticated, Privilege::Read),
            Self::Itself => (AcePrincipal::Href(principal), Privilege::Read),
            Self::Own => (AcePrincipal::Href(principal), Privilege::All),
        };
        Acl {
            entries: vec![Ace {
                protected: true,
                ..Ace::grant(whom, vec![privilege])
            }],
        }
    }
}
