//! References to resources: percent-encoding, normal form, resolution of
//! segments (RFC 3986, RFC 4918 section 8.3).

use std::fmt;
use std::hash::{Hash, Hasher};
use std::str::FromStr;

use percent_encoding::{AsciiSet, CONTROLS, percent_decode_str, utf8_percent_encode};

use crate::name::dav;
use crate::{Element, Error, Writer, XmlElement};

/// What is encoded in a path segment: all but unreserved characters and those
/// sub-delimiters, `:` and `@`, that RFC 3986 allows there. Parentheses,
/// quotes and `;` are encoded too: some clients mishandle them.
const SEGMENT: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'%')
    .add(b'/')
    .add(b'\'')
    .add(b'(')
    .add(b')')
    .add(b';')
    .add(b'<')
    .add(b'>')
    .add(b'?')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A `DAV:href`: an absolute path or an absolute URI.
///
/// The text is kept as it came, byte for byte, so that a request goes to the
/// very address the server named. Two hrefs are equal if they name the same
/// resource: percent-encoding is undone before they are compared, except that
/// an encoded slash is no separator.
///
/// ```
/// use cal_dav::Href;
///
/// let ours = Href::from_segments(["dav", "Zo\u{eb}", "a b.ics"]);
/// assert_eq!(ours.as_str(), "/dav/Zo%C3%AB/a%20b.ics");
///
/// let theirs: Href = "/dav/Zo%c3%ab/%61%20b%2Eics".parse()?;
/// assert_eq!(ours, theirs);
/// assert_eq!(theirs.as_str(), "/dav/Zo%c3%ab/%61%20b%2Eics");
/// # Ok::<(), cal_dav::Error>(())
/// ```
#[derive(Clone)]
pub struct Href(String);

impl Href {
    /// The absolute path of a resource that is no collection; each segment is
    /// encoded once.
    #[must_use]
    pub fn from_segments<S: AsRef<str>>(segments: impl IntoIterator<Item = S>) -> Self {
        let mut text = String::new();
        for segment in segments {
            text.push('/');
            text.extend(utf8_percent_encode(segment.as_ref(), SEGMENT));
        }
        Self(text)
    }

    /// The absolute path of a collection: it ends with a slash.
    #[must_use]
    pub fn from_collection_segments<S: AsRef<str>>(segments: impl IntoIterator<Item = S>) -> Self {
        Self::from_segments(segments).into_collection()
    }

    /// The same path with a slash at its end.
    #[must_use]
    pub fn into_collection(mut self) -> Self {
        if !self.path().ends_with('/') {
            self.0.push('/');
        }
        self
    }

    /// A member of this collection; `name` is encoded once.
    #[must_use]
    pub fn member(&self, name: &str) -> Self {
        let mut text = self.clone().into_collection().0;
        text.extend(utf8_percent_encode(name, SEGMENT));
        Self(text)
    }

    /// The text as it came.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The path as it came, without scheme, authority, query and fragment.
    #[must_use]
    pub fn path(&self) -> &str {
        let after_authority = match self.authority_and_rest() {
            Some((_, path)) => path,
            None => &self.0,
        };
        let end = after_authority
            .find(['?', '#'])
            .unwrap_or(after_authority.len());
        after_authority.get(..end).unwrap_or_default()
    }

    /// Scheme and authority, for example `https://dav.example.com:8443`, of an
    /// absolute URI.
    #[must_use]
    pub fn origin(&self) -> Option<&str> {
        self.authority_and_rest().map(|(origin, _)| origin)
    }

    fn authority_and_rest(&self) -> Option<(&str, &str)> {
        let (scheme, rest) = self.0.split_once("://")?;
        if scheme.is_empty()
            || !scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte))
        {
            return None;
        }
        let length = rest.find(['/', '?', '#']).unwrap_or(rest.len());
        let split = scheme.len() + "://".len() + length;
        self.0.split_at_checked(split)
    }

    /// The decoded path segments, the empty one after a final slash left out.
    ///
    /// # Errors
    ///
    /// [`Error::Value`] for a path that does not start with a slash, has a
    /// broken escape, is not UTF-8, or has an empty, `.` or `..` segment or a
    /// NUL, also where these are encoded.
    pub fn segments(&self) -> Result<Vec<String>, Error> {
        let refuse = |reason| Error::value("href", reason, &self.0);
        let path = self.path();
        let Some(relative) = path.strip_prefix('/') else {
            return Err(refuse("not an absolute path"));
        };
        let relative = relative.strip_suffix('/').unwrap_or(relative);
        if relative.is_empty() {
            return Ok(Vec::new());
        }
        let mut segments = Vec::new();
        for raw in relative.split('/') {
            if !escapes_are_whole(raw) {
                return Err(refuse("a percent sign starts no escape"));
            }
            let segment = percent_decode_str(raw)
                .decode_utf8()
                .map_err(|_| refuse("not UTF-8"))?;
            if matches!(&*segment, "" | "." | "..") || segment.contains('\0') {
                return Err(refuse("a segment is empty, dots or holds a NUL"));
            }
            segments.push(segment.into_owned());
        }
        Ok(segments)
    }

    /// The decoded last segment, where the path has a readable one.
    #[must_use]
    pub fn file_name(&self) -> Option<String> {
        let path = self.path();
        let last = path.strip_suffix('/').unwrap_or(path).rsplit('/').next()?;
        let decoded = percent_decode_str(last).decode_utf8().ok()?;
        (!decoded.is_empty()).then(|| decoded.into_owned())
    }

    /// Whether the path is written as that of a collection.
    #[must_use]
    pub fn is_collection(&self) -> bool {
        self.path().ends_with('/')
    }

    /// The form that equality compares: the origin in lower case, and the path
    /// with only encoded slashes, percent signs and what is not UTF-8 left
    /// encoded.
    #[must_use]
    pub fn normal_form(&self) -> String {
        let mut normal = self.origin().unwrap_or_default().to_ascii_lowercase();
        let mut decoded = Vec::with_capacity(self.path().len());
        let mut rest = self.path().as_bytes();
        while let Some((byte, tail)) = rest.split_first() {
            rest = tail;
            match (byte, escape_value(tail)) {
                (b'%', Some(value)) => {
                    rest = tail.get(2..).unwrap_or_default();
                    push_normal(&mut decoded, value);
                }
                (b'%', None) => push_normal(&mut decoded, b'%'),
                (byte, _) => decoded.push(*byte),
            }
        }
        let query = self.0.find('?').and_then(|at| self.0.get(at..));
        normal.push_str(&text_or_escapes(&decoded));
        normal.push_str(query.unwrap_or_default());
        normal
    }
}

fn push_normal(out: &mut Vec<u8>, value: u8) {
    match value {
        b'/' => out.extend_from_slice(b"%2F"),
        b'%' => out.extend_from_slice(b"%25"),
        b'?' => out.extend_from_slice(b"%3F"),
        value => out.push(value),
    }
}

/// Bytes that are no UTF-8 are encoded again.
fn text_or_escapes(bytes: &[u8]) -> String {
    let mut text = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        text.push_str(chunk.valid());
        text.extend(chunk.invalid().iter().map(|byte| format!("%{byte:02X}")));
    }
    text
}

fn escape_value(tail: &[u8]) -> Option<u8> {
    let [high, low, ..] = tail else { return None };
    let digit = |byte: &u8| char::from(*byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

fn escapes_are_whole(raw: &str) -> bool {
    raw.bytes().enumerate().all(|(at, byte)| {
        byte != b'%'
            || raw
                .as_bytes()
                .get(at + 1..)
                .and_then(escape_value)
                .is_some()
    })
}

impl FromStr for Href {
    type Err = Error;

    /// Takes any text without control characters; that it can be resolved is
    /// not checked. Spaces, which some clients do not encode, stay as they are.
    fn from_str(text: &str) -> Result<Self, Error> {
        let text = text.trim_ascii();
        if text.is_empty() || text.bytes().any(|byte| byte.is_ascii_control()) {
            return Err(Error::value(
                &dav::HREF,
                "empty, or control characters inside",
                text,
            ));
        }
        Ok(Self(text.to_owned()))
    }
}

impl PartialEq for Href {
    fn eq(&self, other: &Self) -> bool {
        self.0 == other.0 || self.normal_form() == other.normal_form()
    }
}

impl Eq for Href {}

impl Hash for Href {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.normal_form().hash(state);
    }
}

impl fmt::Display for Href {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

impl fmt::Debug for Href {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "Href({:?})", self.0)
    }
}

impl XmlElement for Href {
    fn read(element: &Element) -> Result<Self, Error> {
        element.text().parse()
    }

    fn write(&self, writer: &mut Writer) {
        writer.text_element(&dav::HREF, &self.0);
    }
}

/// The hrefs among the children of an element; those that are none are left out.
pub(crate) fn hrefs_in(element: &Element) -> Vec<Href> {
    element
        .children_named(&dav::HREF)
        .filter_map(|child| Href::read(child).ok())
        .collect()
}
