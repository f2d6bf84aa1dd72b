//! PatchObjects (RFC 8984 1.4.9).

use serde_json::Value;

use super::{Object, pointer};

/// The patch that makes `to` of `from`: only what differs, as deep inside as
/// both have objects.
pub(super) fn diff(from: &Object, to: &Object) -> Object {
    let mut patch = Object::new();
    collect(&mut patch, "", from, to);
    patch
}

/// Depth is bounded by that of the objects.
fn collect(patch: &mut Object, path: &str, from: &Object, to: &Object) {
    for (name, old) in from {
        let path = pointer::join(path, name);
        match (old, to.get(name)) {
            (_, None) => {
                patch.insert(path, Value::Null);
            }
            (Value::Object(old), Some(Value::Object(new))) => collect(patch, &path, old, new),
            (old, Some(new)) if old != new => {
                patch.insert(path, new.clone());
            }
            _ => {}
        }
    }
    for (name, new) in to {
        if !from.contains_key(name) {
            patch.insert(pointer::join(path, name), new.clone());
        }
    }
}

/// Applies a patch; the pointers that point nowhere.
pub(super) fn apply(object: &mut Object, patch: Object) -> Vec<String> {
    let apply = |(path, value): (String, Value)| {
        let done = pointer::set(object, &path, value);
        (!done).then_some(path)
    };
    patch.into_iter().filter_map(apply).collect()
}
