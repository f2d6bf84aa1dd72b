//! `Prefer` (RFC 7240, RFC 8144) and its forerunner `Brief`.

use http::HeaderMap;

/// What a client would like to be sent, or spared.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Prefer {
    pub(crate) content: Option<Content>,
    pub(crate) root: Root,
}

/// The `return` preference.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Content {
    Minimal,
    Representation,
}

/// The `depth-noroot` preference: whether a listing names its own collection.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Root {
    #[default]
    Listed,
    LeftOut,
}

impl Prefer {
    /// Reads every `Prefer` field, `Brief: t` and `Depth: 1,noroot`; the first mention of a
    /// preference counts, what is not known is ignored.
    pub(crate) fn of(headers: &HeaderMap) -> Self {
        let mut prefer = Self::default();
        for field in headers.get_all("prefer") {
            for item in field.to_str().unwrap_or_default().split(',') {
                prefer.read(item);
            }
        }
        if prefer.content.is_none() && is(headers, "brief", |brief| brief.eq_ignore_ascii_case("t"))
        {
            prefer.content = Some(Content::Minimal);
        }
        if is(headers, "depth", |depth| {
            depth.to_ascii_lowercase().contains("noroot")
        }) {
            prefer.root = Root::LeftOut;
        }
        prefer
    }

    fn read(&mut self, item: &str) {
        let preference = item.split(';').next().unwrap_or_default();
        let (name, value) = preference.split_once('=').unwrap_or((preference, ""));
        let value = value.trim().trim_matches('"');
        match name.trim().to_ascii_lowercase().as_str() {
            "return" if self.content.is_none() => {
                self.content = match value.to_ascii_lowercase().as_str() {
                    "minimal" => Some(Content::Minimal),
                    "representation" => Some(Content::Representation),
                    _ => None,
                };
            }
            "return-minimal" if self.content.is_none() => self.content = Some(Content::Minimal),
            "depth-noroot" => self.root = Root::LeftOut,
            _ => {}
        }
    }

    /// Whether properties that a resource does not have go unmentioned.
    pub(crate) fn is_minimal(self) -> bool {
        self.content == Some(Content::Minimal)
    }

    /// Whether a write is answered with what is stored after it.
    pub(crate) fn wants_representation(self) -> bool {
        self.content == Some(Content::Representation)
    }
}

fn is(headers: &HeaderMap, name: &str, test: impl Fn(&str) -> bool) -> bool {
    headers
        .get(name)
        .and_then(|value| value.to_str().ok())
        .is_some_and(|value| test(value.trim()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn prefer(fields: &[(&'static str, &'static str)]) -> Prefer {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, http::HeaderValue::from_static(value));
        }
        Prefer::of(&headers)
    }

    #[test]
    fn preferences_are_read_in_all_their_spellings() {
        use Content::{Minimal, Representation};
        type Case = (
            &'static [(&'static str, &'static str)],
            Option<Content>,
            Root,
        );
        let cases: [Case; 8] = [
            (&[], None, Root::Listed),
            (&[("prefer", "return=minimal")], Some(Minimal), Root::Listed),
            (
                &[("prefer", "Return=\"minimal\"; x=y, wait=10")],
                Some(Minimal),
                Root::Listed,
            ),
            (
                &[("prefer", "wait=1"), ("prefer", "return=representation")],
                Some(Representation),
                Root::Listed,
            ),
            (&[("prefer", "return-minimal")], Some(Minimal), Root::Listed),
            (&[("brief", "t")], Some(Minimal), Root::Listed),
            (&[("brief", "f")], None, Root::Listed),
            (
                &[("prefer", "depth-noroot, return=minimal")],
                Some(Minimal),
                Root::LeftOut,
            ),
        ];
        for (fields, content, root) in cases {
            assert_eq!(prefer(fields), Prefer { content, root }, "{fields:?}");
        }
    }
}
