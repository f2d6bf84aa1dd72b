//! Whom a request acts for.

use cal_store::{EmailAddress, PrincipalName};

/// A user, as the authenticator names one.
///
/// The name is any text without control characters: it is the path segment of the user's
/// principal (percent-encoded in hrefs) and the key of what the store keeps. A user that the
/// store does not know yet is made at the first request, with a calendar for events and one for
/// tasks.
///
/// ```
/// use cal_caldav_server::User;
/// use cal_store::{EmailAddress, PrincipalName};
///
/// let ada = User::new(PrincipalName::new("ada")?)
///     .with_display_name("Ada Lovelace")
///     .with_email(EmailAddress::new("ada@example.com")?);
/// assert_eq!(ada.name().as_str(), "ada");
/// # Ok::<(), cal_store::Error>(())
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    name: PrincipalName,
    display_name: Option<String>,
    emails: Vec<EmailAddress>,
}

impl User {
    /// A user of this name.
    #[must_use]
    pub fn new(name: PrincipalName) -> Self {
        Self {
            name,
            display_name: None,
            emails: Vec::new(),
        }
    }

    /// Called so by people, where the store has no better name yet.
    #[must_use]
    pub fn with_display_name(mut self, name: impl Into<String>) -> Self {
        self.display_name = Some(name.into());
        self
    }

    /// With one more address; the first is the preferred one.
    #[must_use]
    pub fn with_email(mut self, email: EmailAddress) -> Self {
        self.emails.push(email);
        self
    }

    /// The name that identifies this user.
    #[must_use]
    pub fn name(&self) -> &PrincipalName {
        &self.name
    }

    /// The name shown to people, if there is one.
    #[must_use]
    pub fn display_name(&self) -> Option<&str> {
        self.display_name.as_deref()
    }

    /// The mail addresses, the preferred one first.
    #[must_use]
    pub fn emails(&self) -> &[EmailAddress] {
        &self.emails
    }
}
