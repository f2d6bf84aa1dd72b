//! Every href the server writes, and every path it is given.
//!
//! Hrefs are absolute paths under the base path, percent-encoded once; collections end with a
//! slash. Nothing else in the crate puts a path together or takes one apart.

use cal_dav::Href;
use percent_encoding::percent_decode_str;

use crate::path::{self, InvalidPath};
use crate::resource::Resource;

/// Where the tree of DAV resources hangs: the prefix of every href.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct BasePath {
    segments: Vec<String>,
}

impl BasePath {
    /// Reads a base path as an operator writes it: `/dav`, `dav/`, `/x/y`, or empty.
    pub(crate) fn new(path: &str) -> Self {
        let segments = path
            .split('/')
            .filter(|segment| !matches!(*segment, "" | "." | ".."))
            .map(|segment| percent_decode_str(segment).decode_utf8_lossy().into_owned())
            .collect();
        Self { segments }
    }

    /// The href of a resource, with a slash at its end: that of a collection.
    pub(crate) fn collection(&self, resource: &Resource) -> Href {
        Href::from_collection_segments(
            self.segments
                .iter()
                .map(String::as_str)
                .chain(resource.segments()),
        )
    }

    /// The href of a resource, without a slash at its end: that of an object.
    pub(crate) fn object(&self, resource: &Resource) -> Href {
        Href::from_segments(
            self.segments
                .iter()
                .map(String::as_str)
                .chain(resource.segments()),
        )
    }

    /// What an href (a path, or a URI whose host is not looked at) names under the base path.
    pub(crate) fn resolve(&self, href: &Href) -> Result<Option<Resource>, InvalidPath> {
        let segments = path::decode(href.path())?;
        Ok(segments
            .strip_prefix(self.segments.as_slice())
            .and_then(Resource::at))
    }

    /// What the path of a request names, whether or not a router in front has taken the base
    /// path off.
    pub(crate) fn resolve_request(&self, path: &str) -> Result<Option<Resource>, InvalidPath> {
        let segments = path::decode(path)?;
        let below = segments
            .strip_prefix(self.segments.as_slice())
            .unwrap_or(&segments);
        Ok(Resource::at(below))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tree(user: &str, names: &[&str]) -> Resource {
        Resource::Tree {
            user: user.to_owned(),
            names: names.iter().copied().map(str::to_owned).collect(),
        }
    }

    #[test]
    fn every_href_hangs_under_the_base_path_and_is_encoded_once() {
        for (base, prefix) in [
            ("/dav", "/dav"),
            ("dav/", "/dav"),
            ("/x/y", "/x/y"),
            ("", ""),
            ("/", ""),
        ] {
            let base = BasePath::new(base);
            let href = base.collection(&tree("Zoë/x", &["The King"]));
            assert_eq!(
                href.as_str(),
                format!("{prefix}/calendars/Zo%C3%AB%2Fx/The%20King/")
            );
            assert_eq!(base.resolve(&href), Ok(Some(tree("Zoë/x", &["The King"]))));
        }
    }

    #[test]
    fn a_request_is_understood_with_and_without_the_base_path() {
        let base = BasePath::new("/dav");
        for path in [
            "/dav/calendars/ada/",
            "/calendars/ada",
            "/dav/calendars/ada",
        ] {
            assert_eq!(
                base.resolve_request(path),
                Ok(Some(tree("ada", &[]))),
                "{path}"
            );
        }
        for path in ["/dav", "/dav/", "/"] {
            assert_eq!(
                base.resolve_request(path),
                Ok(Some(Resource::Root)),
                "{path}"
            );
        }
    }
}
