//! What a decoded path names.

/// A place in the tree of resources. Whether anything is there is the store's to say.
///
/// ```text
/// /                                 Root
/// /principals/                      Principals
/// /principals/<user>/               Principal
/// /calendars/                       Homes
/// /calendars/<user>/                Tree without names: the calendar home
/// /calendars/<user>/<name>/...      Tree: collections, and what is in them
/// ```
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Resource {
    Root,
    Principals,
    Principal { user: String },
    Homes,
    Tree { user: String, names: Vec<String> },
}

const PRINCIPALS: &str = "principals";
const CALENDARS: &str = "calendars";

impl Resource {
    /// What the segments below the base path name; `None` where nothing can be.
    pub(crate) fn at(segments: &[String]) -> Option<Self> {
        let Some((top, below)) = segments.split_first() else {
            return Some(Self::Root);
        };
        match (top.as_str(), below) {
            (PRINCIPALS, []) => Some(Self::Principals),
            (PRINCIPALS, [user]) => Some(Self::Principal { user: user.clone() }),
            (CALENDARS, []) => Some(Self::Homes),
            (CALENDARS, [user, names @ ..]) => Some(Self::Tree {
                user: user.clone(),
                names: names.to_vec(),
            }),
            _ => None,
        }
    }

    /// The calendar home of a user.
    pub(crate) fn home(user: &str) -> Self {
        Self::Tree {
            user: user.to_owned(),
            names: Vec::new(),
        }
    }

    /// The principal resource of a user.
    pub(crate) fn principal(user: &str) -> Self {
        Self::Principal {
            user: user.to_owned(),
        }
    }

    /// The resource one level up; the root is its own.
    pub(crate) fn parent(&self) -> Self {
        match self {
            Self::Root | Self::Principals | Self::Homes => Self::Root,
            Self::Principal { .. } => Self::Principals,
            Self::Tree { user, names } => match names.split_last() {
                Some((_, above)) => Self::Tree {
                    user: user.clone(),
                    names: above.to_vec(),
                },
                None => Self::Homes,
            },
        }
    }

    /// Whether it is `other` or somewhere below it.
    pub(crate) fn is_within(&self, other: &Self) -> bool {
        self.segments().starts_with(&other.segments())
    }

    /// The segments below the base path.
    pub(crate) fn segments(&self) -> Vec<&str> {
        match self {
            Self::Root => Vec::new(),
            Self::Principals => vec![PRINCIPALS],
            Self::Principal { user } => vec![PRINCIPALS, user],
            Self::Homes => vec![CALENDARS],
            Self::Tree { user, names } => {
                let mut segments = vec![CALENDARS, user.as_str()];
                segments.extend(names.iter().map(String::as_str));
                segments
            }
        }
    }

    /// Whose it is, where it is anyone's.
    pub(crate) fn owner(&self) -> Option<&str> {
        match self {
            Self::Root | Self::Principals | Self::Homes => None,
            Self::Principal { user } | Self::Tree { user, .. } => Some(user),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_resource_and_its_segments_are_one() {
        let paths: [&[&str]; 7] = [
            &[],
            &["principals"],
            &["principals", "Zoë/x"],
            &["calendars"],
            &["calendars", "ada"],
            &["calendars", "ada", "work"],
            &["calendars", "ada", "work", "1.ics"],
        ];
        for path in paths {
            let segments: Vec<String> = path.iter().copied().map(str::to_owned).collect();
            let resource = Resource::at(&segments);
            assert_eq!(
                resource.as_ref().map(Resource::segments).as_deref(),
                Some(path),
                "{path:?}"
            );
        }
    }

    #[test]
    fn there_is_nothing_beside_principals_and_calendars() {
        for path in [
            vec!["x"],
            vec!["Principals"],
            vec!["principals", "ada", "x"],
        ] {
            let segments: Vec<String> = path.iter().copied().map(str::to_owned).collect();
            assert_eq!(Resource::at(&segments), None, "{path:?}");
        }
    }
}
