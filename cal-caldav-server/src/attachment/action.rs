//! What a POST to a calendar object asks for, in its query (RFC 8607 section 3.3).

use std::borrow::Cow;

use cal_core::Moment;
use cal_dav::response::Precondition;
use percent_encoding::percent_decode_str;

/// Instances that one request may name.
const MOST_INSTANCES: usize = 100;

/// What is to be done with an attachment.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Action {
    /// `attachment-add`
    Add(Scope),
    /// `attachment-update` of the attachment with this id, wherever the object names it.
    Update(String),
    /// `attachment-remove` of the attachment with this id.
    Remove(String, Scope),
}

/// The instances of an object that are meant.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Scope {
    /// All: the series and what stands for single instances of it.
    Whole,
    Some {
        /// The series without the instances that have components of their own.
        series: bool,
        instances: Vec<Moment>,
    },
}

impl Action {
    /// Reads the query of a request.
    pub(crate) fn parse(query: Option<&str>) -> Result<Self, Precondition> {
        let parameter = |name: &str| -> Option<Cow<'_, str>> {
            let pairs = query.unwrap_or_default().split('&');
            let mut pairs = pairs.filter_map(|pair| pair.split_once('='));
            let (_, value) = pairs.find(|(found, _)| *found == name)?;
            percent_decode_str(value).decode_utf8().ok()
        };
        let id = parameter("managed-id").map(Cow::into_owned);
        let rid = parameter("rid");
        let scope = || Scope::parse(rid.as_deref());
        match parameter("action").as_deref() {
            Some("attachment-add") if id.is_some() => Err(Precondition::ValidManagedId),
            Some("attachment-add") => Ok(Self::Add(scope()?)),
            Some("attachment-update") if rid.is_some() => Err(Precondition::ValidRid),
            Some("attachment-update") => id.map(Self::Update).ok_or(Precondition::ValidManagedId),
            Some("attachment-remove") => {
                let id = id.ok_or(Precondition::ValidManagedId)?;
                Ok(Self::Remove(id, scope()?))
            }
            _ => Err(Precondition::ValidAction),
        }
    }
}

impl Scope {
    fn parse(rid: Option<&str>) -> Result<Self, Precondition> {
        let Some(rid) = rid else {
            return Ok(Self::Whole);
        };
        let (mut series, mut instances) = (false, Vec::new());
        for part in rid.split(',').map(str::trim) {
            if part == "M" {
                series = true;
                continue;
            }
            let instance = Moment::parse(part, None).map_err(|_| Precondition::ValidRid)?;
            instances.push(instance);
            if instances.len() > MOST_INSTANCES {
                return Err(Precondition::ValidRid);
            }
        }
        Ok(Self::Some { series, instances })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_query_says_what_and_where() {
        let at = |text: &str| Moment::parse(text, None).ok();
        assert_eq!(
            Action::parse(Some("action=attachment-add")),
            Ok(Action::Add(Scope::Whole))
        );
        let scope = Scope::Some {
            series: true,
            instances: at("20260302T090000Z")
                .into_iter()
                .chain(at("20260303"))
                .collect(),
        };
        assert_eq!(
            Action::parse(Some(
                "x&rid=M,20260302T090000Z%2C20260303&action=attachment-add"
            )),
            Ok(Action::Add(scope.clone()))
        );
        assert_eq!(
            Action::parse(Some("action=attachment-update&managed-id=a%20b")),
            Ok(Action::Update("a b".to_owned()))
        );
        assert_eq!(
            Action::parse(Some(
                "managed-id=a&action=attachment-remove&rid=M,20260302T090000Z,20260303"
            )),
            Ok(Action::Remove("a".to_owned(), scope))
        );
    }

    #[test]
    fn what_is_wrong_in_a_query_is_named() {
        for (query, condition) in [
            (None, Precondition::ValidAction),
            (Some("action=attach"), Precondition::ValidAction),
            (
                Some("action=attachment-add&managed-id=a"),
                Precondition::ValidManagedId,
            ),
            (
                Some("action=attachment-add&rid=soon"),
                Precondition::ValidRid,
            ),
            (Some("action=attachment-add&rid="), Precondition::ValidRid),
            (
                Some("action=attachment-update"),
                Precondition::ValidManagedId,
            ),
            (
                Some("action=attachment-update&managed-id=a&rid=M"),
                Precondition::ValidRid,
            ),
            (
                Some("action=attachment-remove"),
                Precondition::ValidManagedId,
            ),
        ] {
            assert_eq!(Action::parse(query), Err(condition), "{query:?}");
        }
        let many = vec!["20260302"; MOST_INSTANCES + 1].join(",");
        let many = format!("action=attachment-add&rid={many}");
        assert_eq!(Action::parse(Some(&many)), Err(Precondition::ValidRid));
    }
}
