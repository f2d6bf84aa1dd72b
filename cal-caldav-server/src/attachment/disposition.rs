//! File names in `Content-Disposition` (RFC 6266).

use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_decode, utf8_percent_encode};

/// Octets of a file name that are kept.
const LONGEST: usize = 255;

/// What an extended value has as it is (`attr-char` of RFC 8187 section 3.2.1), but for marks that
/// are as well encoded.
const ENCODED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_');

/// The file name that a client gives, without the folders before it.
pub(crate) fn file_name(field: &[u8]) -> Option<String> {
    let mut plain = None;
    for (name, value) in parameters(field) {
        if name.eq_ignore_ascii_case("filename*") {
            if let Some(name) = extended(&value).and_then(|name| bare(&name)) {
                return Some(name);
            }
        } else if name.eq_ignore_ascii_case("filename") {
            plain = plain.or_else(|| bare(&String::from_utf8_lossy(&value)));
        }
    }
    plain
}

/// The field that gives a file this name, and has it saved rather than shown.
pub(crate) fn header(name: Option<&str>) -> String {
    let Some(name) = name else {
        return "attachment".to_owned();
    };
    let ascii: String = name
        .chars()
        .map(|c| match c {
            '"' | '\\' => '_',
            ' '..='~' => c,
            _ => '_',
        })
        .collect();
    if ascii == name {
        return format!("attachment; filename=\"{ascii}\"");
    }
    let encoded = utf8_percent_encode(name, ENCODED);
    format!("attachment; filename=\"{ascii}\"; filename*=UTF-8''{encoded}")
}

/// The parameters after the type, unquoted.
fn parameters(field: &[u8]) -> Vec<(String, Vec<u8>)> {
    let (mut quoted, mut escaped) = (false, false);
    let parts = field.split(|byte| {
        let ends = *byte == b';' && !quoted;
        quoted ^= *byte == b'"' && !escaped;
        escaped = quoted && *byte == b'\\' && !escaped;
        ends
    });
    let parameter = |part: &[u8]| {
        let equals = part.iter().position(|byte| *byte == b'=')?;
        let (name, value) = part.split_at_checked(equals)?;
        let name = String::from_utf8_lossy(name).trim().to_owned();
        Some((name, unquoted(value.get(1..)?)))
    };
    parts.skip(1).filter_map(parameter).collect()
}

fn unquoted(value: &[u8]) -> Vec<u8> {
    let value = value.trim_ascii();
    let Some(quoted) = value.strip_prefix(b"\"") else {
        return value.to_vec();
    };
    let mut text = Vec::new();
    let mut bytes = quoted.iter().copied();
    while let Some(byte) = bytes.next() {
        match byte {
            b'"' => break,
            b'\\' => text.extend(bytes.next()),
            byte => text.push(byte),
        }
    }
    text
}

/// `UTF-8'en'na%C3%AFve.txt`
fn extended(value: &[u8]) -> Option<String> {
    let mut parts = value.splitn(3, |byte| *byte == b'\'');
    let charset = parts.next()?;
    let text = parts.nth(1)?;
    charset
        .eq_ignore_ascii_case(b"utf-8")
        .then(|| percent_decode(text).decode_utf8_lossy().into_owned())
}

fn bare(name: &str) -> Option<String> {
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let mut bare: String = last.chars().filter(|c| !c.is_control()).collect();
    while bare.len() > LONGEST {
        bare.pop();
    }
    let bare = bare.trim();
    (!matches!(bare, "" | "." | "..")).then(|| bare.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_is_read_in_every_form() {
        for (field, name) in [
            ("attachment; filename=a.txt", Some("a.txt")),
            ("attachment;filename=\"a; b.txt\"; x=y", Some("a; b.txt")),
            (r#"attachment; FileName="a \"b\".txt""#, Some("a \"b\".txt")),
            (
                "attachment; filename=x; filename*=UTF-8'en'na%C3%AFve.txt",
                Some("na\u{ef}ve.txt"),
            ),
            (
                "attachment; filename*=utf-8''b.txt; filename=x",
                Some("b.txt"),
            ),
            ("attachment; filename*=latin1''b.txt; filename=x", Some("x")),
            ("attachment; filename=/etc/../passwd", Some("passwd")),
            (r"attachment; filename=C:\a.txt", Some("a.txt")),
            ("attachment; filename=\"..\"", None),
            ("attachment; filename=", None),
            ("attachment; filename", None),
            ("attachment; filename=\"open", Some("open")),
            ("attachment", None),
            ("", None),
        ] {
            assert_eq!(file_name(field.as_bytes()).as_deref(), name, "{field}");
        }
        let long = format!("attachment; filename={}", "\u{e9}".repeat(500));
        assert_eq!(file_name(long.as_bytes()).map(|name| name.len()), Some(254));
    }

    #[test]
    fn a_file_name_comes_back_as_it_was() {
        for name in [
            "a.txt",
            "a b.txt",
            "na\u{ef}ve \"x\".txt",
            "\u{65e5}\u{672c}",
        ] {
            assert_eq!(
                file_name(header(Some(name)).as_bytes()).as_deref(),
                Some(name)
            );
            assert!(header(Some(name)).is_ascii());
        }
        assert_eq!(header(None), "attachment");
    }
}
