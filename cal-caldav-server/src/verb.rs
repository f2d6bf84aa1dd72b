//! The methods that the server knows.

use http::Method;

/// A method of HTTP, WebDAV or CalDAV.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Verb {
    Options,
    Get,
    Head,
    Put,
    Delete,
    Post,
    Propfind,
    Proppatch,
    Mkcol,
    Mkcalendar,
    Report,
    Copy,
    Move,
    Acl,
    Lock,
    Unlock,
}

impl Verb {
    /// All of them.
    pub(crate) const ALL: [Self; 16] = [
        Self::Options,
        Self::Get,
        Self::Head,
        Self::Put,
        Self::Delete,
        Self::Post,
        Self::Propfind,
        Self::Proppatch,
        Self::Mkcol,
        Self::Mkcalendar,
        Self::Report,
        Self::Copy,
        Self::Move,
        Self::Lock,
        Self::Unlock,
        Self::Acl,
    ];

    /// The method of a request, where the server knows it.
    pub(crate) fn of(method: &Method) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|verb| verb.as_str() == method.as_str())
    }

    /// Whether a lock may be in its way.
    pub(crate) const fn writes(self) -> bool {
        !matches!(
            self,
            Self::Options | Self::Get | Self::Head | Self::Propfind | Self::Report | Self::Unlock
        )
    }

    /// Its name on the wire.
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Options => "OPTIONS",
            Self::Get => "GET",
            Self::Head => "HEAD",
            Self::Put => "PUT",
            Self::Delete => "DELETE",
            Self::Post => "POST",
            Self::Propfind => "PROPFIND",
            Self::Proppatch => "PROPPATCH",
            Self::Mkcol => "MKCOL",
            Self::Mkcalendar => "MKCALENDAR",
            Self::Report => "REPORT",
            Self::Copy => "COPY",
            Self::Move => "MOVE",
            Self::Lock => "LOCK",
            Self::Unlock => "UNLOCK",
            Self::Acl => "ACL",
        }
    }
}
