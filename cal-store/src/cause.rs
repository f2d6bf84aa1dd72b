//! Who changes something, by which way, and when.

use std::fmt;
use std::str::FromStr;

use crate::name::{Fault, invalid};
use crate::{Error, LockToken, PrincipalName, Timestamp};

/// The reason of a write, kept with the version it makes.
///
/// ```
/// use cal_store::{Cause, PrincipalName, Timestamp, Via};
///
/// let at = Timestamp::from_millis(1_700_000_000_000);
/// let cause = Cause::new(Via::Sync, at)
///     .with_principal(&PrincipalName::new("ada")?)
///     .with_note("run 17");
/// assert_eq!(cause.via, Via::Sync);
/// # Ok::<(), cal_store::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[non_exhaustive]
pub struct Cause {
    /// When, as the caller's clock has it.
    pub at: Timestamp,
    /// By which way the write came.
    pub via: Via,
    /// On whose behalf, where someone in particular asked for it.
    pub principal: Option<PrincipalName>,
    /// Anything that helps to find the origin: a sync run, a file name, a client.
    pub note: Option<String>,
    /// The tokens of the locks that may be written over on this behalf. They are taken out
    /// before anything is kept.
    #[serde(skip)]
    pub lock_tokens: Vec<LockToken>,
}

impl Cause {
    /// A write that came by `via` at the instant `at`.
    #[must_use]
    pub const fn new(via: Via, at: Timestamp) -> Self {
        Self {
            at,
            via,
            principal: None,
            note: None,
            lock_tokens: Vec::new(),
        }
    }

    /// On behalf of this principal.
    #[must_use]
    pub fn with_principal(mut self, principal: &PrincipalName) -> Self {
        self.principal = Some(principal.clone());
        self
    }

    /// With a remark.
    #[must_use]
    pub fn with_note(mut self, note: impl Into<String>) -> Self {
        self.note = Some(note.into());
        self
    }

    /// Over the locks of these tokens (RFC 4918 section 6.5), where the principal has made
    /// them.
    #[must_use]
    pub fn with_lock_tokens(mut self, tokens: Vec<LockToken>) -> Self {
        self.lock_tokens = tokens;
        self
    }
}

/// The way by which a write came.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Via {
    /// A CalDAV or WebDAV client.
    Dav,
    /// The REST interface or the web pages.
    Api,
    /// The command line.
    Command,
    /// A bulk import.
    Import,
    /// A run of the sync engine.
    Sync,
    /// Implicit scheduling on behalf of someone else.
    Scheduling,
    /// A booking page.
    Booking,
    /// A file of a Markdown vault.
    Vault,
    /// A file of a [folder store](crate::Folder) that somebody else has changed.
    Folder,
    /// The system itself: provisioning, upkeep.
    System,
}

impl Via {
    const ALL: [Self; 10] = [
        Self::Dav,
        Self::Api,
        Self::Command,
        Self::Import,
        Self::Sync,
        Self::Scheduling,
        Self::Booking,
        Self::Vault,
        Self::Folder,
        Self::System,
    ];

    /// A short word for it, which [`FromStr`] reads back.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Dav => "dav",
            Self::Api => "api",
            Self::Command => "command",
            Self::Import => "import",
            Self::Sync => "sync",
            Self::Scheduling => "scheduling",
            Self::Booking => "booking",
            Self::Vault => "vault",
            Self::Folder => "folder",
            Self::System => "system",
        }
    }
}

impl fmt::Display for Via {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl FromStr for Via {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        Self::ALL
            .into_iter()
            .find(|via| via.as_str() == text)
            .ok_or_else(|| invalid("way of a write", Fault::Malformed))
    }
}
