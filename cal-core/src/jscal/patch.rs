//! PatchObjects (RFC 8984 1.4.9).

use serde_json::Value;

use super::{Object, pointer};

/// The patch that makes `to` of `from`: only what differs, as deep inside as
/// both have objects that are much the same.
pub(super) fn diff(from: &Object, to: &Object) -> Object {
    let mut patch = Object::new();
    collect(&mut patch, "", (from, to), usize::MAX);
    patch
}

/// Adds what differs, unless that is more than `most`. Depth is bounded by
/// that of the objects.
fn collect(patch: &mut Object, path: &str, (from, to): (&Object, &Object), most: usize) -> bool {
    let mut own = Object::new();
    for (name, old) in from {
        let path = pointer::join(path, name);
        match (old, to.get(name)) {
            (_, None) => {
                own.insert(path, Value::Null);
            }
            (Value::Object(old), Some(Value::Object(new))) => {
                // What has little left of the old one is shorter as it is.
                let most = new.len().saturating_mul(4).saturating_add(16);
                if !collect(&mut own, &path, (old, new), most) {
                    own.insert(path, Value::Object(new.clone()));
                }
            }
            (old, Some(new)) if old != new => {
                own.insert(path, new.clone());
            }
            _ => {}
        }
        if own.len() > most {
            return false;
        }
    }
    for (name, new) in to {
        if !from.contains_key(name) {
            own.insert(pointer::join(path, name), new.clone());
        }
    }
    patch.extend(own);
    true
}

/// Applies a patch; the pointers that point nowhere.
pub(super) fn apply(object: &mut Object, patch: Object) -> Vec<String> {
    let apply = |(path, value): (String, Value)| {
        let done = pointer::set(object, &path, value);
        (!done).then_some(path)
    };
    patch.into_iter().filter_map(apply).collect()
}
