//! JSON pointers as PatchObjects have them (RFC 6901, RFC 8984 1.4.9): without
//! the slash at the beginning, never into an array.

use serde_json::Value;

use super::Object;

/// A pointer with one more name at its end.
pub(super) fn join(path: &str, name: &str) -> String {
    let name = name.replace('~', "~0").replace('/', "~1");
    if path.is_empty() {
        name
    } else {
        format!("{path}/{name}")
    }
}

fn names(path: &str) -> impl Iterator<Item = String> {
    path.split('/')
        .map(|name| name.replace("~1", "/").replace("~0", "~"))
}

/// Sets what a pointer points to, or takes it away where the value is null.
/// All but the last name must be objects that are there. Returns whether it
/// could be done.
pub(super) fn set(object: &mut Object, path: &str, value: Value) -> bool {
    let mut names: Vec<String> = names(path).collect();
    let Some(last) = names.pop() else {
        return false;
    };
    let mut at = object;
    for name in names {
        match at.get_mut(&name) {
            Some(Value::Object(inner)) => at = inner,
            _ => return false,
        }
    }
    if value.is_null() {
        at.shift_remove(&last);
    } else {
        at.insert(last, value);
    }
    true
}

/// As [`set`], for what is not there yet; a missing object at the first name
/// is made.
pub(super) fn add(object: &mut Object, path: &str, value: Value) -> bool {
    if value.is_null() || find(object, path).is_some() {
        return false;
    }
    let first = names(path).next().unwrap_or_default();
    if path.contains('/') && !object.contains_key(&first) {
        object.insert(first, Value::Object(Object::new()));
    }
    set(object, path, value)
}

fn find<'v>(object: &'v Object, path: &str) -> Option<&'v Value> {
    let mut names = names(path);
    let mut at = object.get(&names.next()?)?;
    for name in names {
        at = at.as_object()?.get(&name)?;
    }
    Some(at)
}
