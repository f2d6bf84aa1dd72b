//! The known key that a mistyped one was meant to be.

/// The key of `known` that looks most like `unknown`, if one looks like it at
/// all. A right name in the wrong table counts as well.
pub(super) fn nearest<'a>(unknown: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let unknown = unknown.to_ascii_lowercase();
    let alike = |key: &str| {
        let key = key.to_ascii_lowercase();
        let whole = strsim::normalized_damerau_levenshtein(&unknown, &key);
        let ends = strsim::normalized_damerau_levenshtein(last(&unknown), last(&key));
        whole.max(ends * 0.95)
    };
    known
        .map(|key| (alike(key), key))
        .filter(|(likeness, _)| *likeness > 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, key)| key)
}

fn last(key: &str) -> &str {
    key.rsplit('.').next().unwrap_or(key)
}
