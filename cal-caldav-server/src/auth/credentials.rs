//! The credentials of a request (RFC 7617, RFC 6750).

use std::fmt;

use base64::Engine as _;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use http::request::Parts;
use http::{Extensions, HeaderMap, header};

/// Some clients leave the padding out.
const BASE64: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A request as an [`Authenticator`](crate::Authenticator) sees it: its head.
#[derive(Debug, Clone, Copy)]
pub struct Attempt<'a> {
    parts: &'a Parts,
}

impl<'a> Attempt<'a> {
    pub(crate) fn new(parts: &'a Parts) -> Self {
        Self { parts }
    }

    /// The user name and password of HTTP Basic authentication, where the request has them.
    ///
    /// They are read as UTF-8, and as Latin-1 where they are not UTF-8. A password may hold
    /// colons.
    #[must_use]
    pub fn basic(&self) -> Option<Basic> {
        let octets = BASE64.decode(self.token("basic")?).ok()?;
        let text = String::from_utf8(octets)
            .unwrap_or_else(|not_utf8| not_utf8.into_bytes().into_iter().map(char::from).collect());
        let (user, password) = text.split_once(':')?;
        Some(Basic {
            user: user.to_owned(),
            password: password.to_owned(),
        })
    }

    /// The token of Bearer authentication, where the request has one.
    #[must_use]
    pub fn bearer(&self) -> Option<&'a str> {
        self.token("bearer")
    }

    /// All header fields: cookies, or what a trusted proxy adds.
    #[must_use]
    pub fn headers(&self) -> &'a HeaderMap {
        &self.parts.headers
    }

    /// What the layers around the server know of the request, for instance the address of the
    /// peer.
    #[must_use]
    pub fn extensions(&self) -> &'a Extensions {
        &self.parts.extensions
    }

    fn token(&self, wanted: &str) -> Option<&'a str> {
        let field = self
            .parts
            .headers
            .get(header::AUTHORIZATION)?
            .to_str()
            .ok()?;
        let (scheme, token) = field.trim().split_once(' ')?;
        scheme.eq_ignore_ascii_case(wanted).then(|| token.trim())
    }
}

/// A user name and password. Never printed by `Debug`.
#[derive(Clone, PartialEq, Eq)]
pub struct Basic {
    user: String,
    password: String,
}

impl Basic {
    /// The name of the user, as sent.
    #[must_use]
    pub fn user(&self) -> &str {
        &self.user
    }

    /// The password, as sent.
    #[must_use]
    pub fn password(&self) -> &str {
        &self.password
    }
}

impl fmt::Debug for Basic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Basic")
            .field("user", &self.user)
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(value: &str) -> Option<(String, String)> {
        let (parts, ()) = http::Request::builder()
            .header(header::AUTHORIZATION, value)
            .body(())
            .ok()?
            .into_parts();
        let basic = Attempt::new(&parts).basic()?;
        Some((basic.user, basic.password))
    }

    #[test]
    fn basic_credentials_are_utf8_then_latin1_with_colons_in_the_password() {
        let cases: [(&str, Option<(&str, &str)>); 8] = [
            ("Basic YWRhOmVuZ2luZQ==", Some(("ada", "engine"))),
            ("basic  YWRhOmVuZ2luZQ", Some(("ada", "engine"))),
            ("Basic em/DqzpwOnE=", Some(("zoë", "p:q"))),
            ("Basic em/rOng=", Some(("zoë", "x"))),
            ("Basic bm9jb2xvbg==", None),
            ("Basic !!!", None),
            ("Digest username=x", None),
            ("Basic", None),
        ];
        for (value, expected) in cases {
            let expected = expected.map(|(user, password)| (user.to_owned(), password.to_owned()));
            assert_eq!(read(value), expected, "{value}");
        }
    }
}
