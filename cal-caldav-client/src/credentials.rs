//! How the client shows who it is.

use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;

/// A user name and password (RFC 7617).
#[derive(Clone)]
pub struct Basic {
    user: String,
    password: String,
}

impl Basic {
    /// This user with this password.
    #[must_use]
    pub fn new(user: impl Into<String>, password: impl Into<String>) -> Self {
        Self {
            user: user.into(),
            password: password.into(),
        }
    }
}

/// A token (RFC 6750).
#[derive(Clone)]
pub struct Bearer(String);

impl Bearer {
    /// This token.
    #[must_use]
    pub fn new(token: impl Into<String>) -> Self {
        Self(token.into())
    }
}

/// What is sent to the server to show who asks.
///
/// Secrets are never printed:
///
/// ```
/// use cal_caldav_client::{Basic, Credentials};
///
/// let credentials = Credentials::from(Basic::new("ada", "secret"));
/// assert!(!format!("{credentials:?}").contains("secret"));
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub enum Credentials {
    /// Nothing.
    Anonymous,
    /// A user name and password.
    Basic(Basic),
    /// A token.
    Bearer(Bearer),
}

impl Credentials {
    /// The value of the `Authorization` header field; `None` for nobody, and
    /// for tokens that no header field can hold.
    pub(crate) fn authorization(&self) -> Option<HeaderValue> {
        let text = match self {
            Self::Anonymous => return None,
            Self::Basic(Basic { user, password }) => {
                format!("Basic {}", STANDARD.encode(format!("{user}:{password}")))
            }
            Self::Bearer(Bearer(token)) => format!("Bearer {token}"),
        };
        let mut value = HeaderValue::from_str(&text).ok()?;
        value.set_sensitive(true);
        Some(value)
    }
}

impl From<Basic> for Credentials {
    fn from(basic: Basic) -> Self {
        Self::Basic(basic)
    }
}

impl From<Bearer> for Credentials {
    fn from(bearer: Bearer) -> Self {
        Self::Bearer(bearer)
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter
            .debug_struct("Basic")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

impl fmt::Debug for Bearer {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Bearer(..)")
    }
}
