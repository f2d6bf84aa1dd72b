//! Request paths as decoded segments.
//!
//! A path is split at its literal slashes first and percent-decoded second, once: a name that
//! itself holds a slash (`Zoë%2Fx`) stays one segment, and everything after this module
//! compares names, never spellings. Empty segments are dropped, so a missing or doubled slash
//! never changes which resource is meant.

use percent_encoding::percent_decode_str;

/// The longest name, in octets of UTF-8, that any resource can have.
const LONGEST_NAME: usize = 1024;

/// The most segments a path can have.
const DEEPEST: usize = 96;

/// Why a path names nothing that could ever exist here.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub(crate) enum InvalidPath {
    #[error("the path holds a percent sign that is not followed by two hexadecimal digits")]
    Escape,
    #[error("the path is not UTF-8 once decoded")]
    Encoding,
    #[error("the path holds a control character")]
    Control,
    #[error("the path holds a dot segment")]
    DotSegment,
    #[error("the path is too long")]
    TooLong,
}

/// Splits and decodes the path of a URI (no scheme, host, query or fragment).
pub(crate) fn decode(path: &str) -> Result<Vec<String>, InvalidPath> {
    let mut segments = Vec::new();
    for raw in path.split('/').filter(|raw| !raw.is_empty()) {
        if segments.len() == DEEPEST {
            return Err(InvalidPath::TooLong);
        }
        segments.push(decode_segment(raw)?);
    }
    Ok(segments)
}

fn decode_segment(raw: &str) -> Result<String, InvalidPath> {
    check_escapes(raw.as_bytes())?;
    let name = percent_decode_str(raw)
        .decode_utf8()
        .map_err(|_| InvalidPath::Encoding)?;
    if name.len() > LONGEST_NAME {
        return Err(InvalidPath::TooLong);
    }
    if name.chars().any(char::is_control) {
        return Err(InvalidPath::Control);
    }
    if name
        .split(['/', '\\'])
        .any(|part| part == "." || part == "..")
    {
        return Err(InvalidPath::DotSegment);
    }
    Ok(name.into_owned())
}

fn check_escapes(raw: &[u8]) -> Result<(), InvalidPath> {
    let mut rest = raw.iter();
    while let Some(octet) = rest.next() {
        if *octet != b'%' {
            continue;
        }
        for _ in 0..2 {
            if !rest.next().is_some_and(u8::is_ascii_hexdigit) {
                return Err(InvalidPath::Escape);
            }
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn segments_are_decoded_once_after_the_split() {
        let cases: [(&str, &[&str]); 7] = [
            ("/", &[]),
            ("/a/b/", &["a", "b"]),
            ("//a///b", &["a", "b"]),
            ("/The%20King/", &["The King"]),
            ("/Zo%C3%AB%2Fx", &["Zoë/x"]),
            ("/cn=a,dc=b", &["cn=a,dc=b"]),
            ("/a%252Fb", &["a%2Fb"]),
        ];
        for (path, expected) in cases {
            let expected = expected.iter().copied().map(str::to_owned).collect();
            assert_eq!(decode(path), Ok(expected), "{path}");
        }
    }

    #[test]
    fn hostile_paths_are_refused() {
        let long = format!("/{}", "x".repeat(2000));
        let deep = "/x".repeat(100);
        let cases = [
            ("/%zz", InvalidPath::Escape),
            ("/%1", InvalidPath::Escape),
            ("/%", InvalidPath::Escape),
            ("/%c0%af", InvalidPath::Encoding),
            ("/%ff", InvalidPath::Encoding),
            ("/a%00b", InvalidPath::Control),
            ("/%15.ics", InvalidPath::Control),
            ("/..", InvalidPath::DotSegment),
            ("/%2e%2e/x", InvalidPath::DotSegment),
            ("/..%2fx", InvalidPath::DotSegment),
            ("/..%5cx", InvalidPath::DotSegment),
            ("/a/./b", InvalidPath::DotSegment),
            (long.as_str(), InvalidPath::TooLong),
            (deep.as_str(), InvalidPath::TooLong),
        ];
        for (path, expected) in cases {
            assert_eq!(decode(path), Err(expected), "{path}");
        }
    }
}
