//! A value that a setting cannot have, in the words of whoever wrote it.

use figment::value::Value;
use figment::{Figment, Metadata, Source};

use super::{Error, layers};

/// What each setting takes.
const EXPECTED: &[(&str, &str)] = &[
    ("data", "a folder, in quotes"),
    ("database", "the URL of a PostgreSQL database, in quotes"),
    ("redis", "the URL of a Redis server, in quotes"),
    ("secret_file", "a file, in quotes"),
    ("listen", "HOST:PORT, in quotes"),
    ("role", "\"all\", \"api\" or \"worker\""),
    (
        "base_url",
        "a URL that starts with http:// or https://, in quotes",
    ),
    ("trusted_proxies", "a list of IP addresses, each in quotes"),
    ("forwarded.user", "the name of a header, in quotes"),
    ("forwarded.email", "the name of a header, in quotes"),
    ("forwarded.key_file", "a file, in quotes"),
    (
        "log.level",
        "a level (error, warn, info, debug, trace) or a filter, in quotes",
    ),
    ("log.format", "\"text\" or \"json\""),
];

/// What the settings take that are not listed: limits are all numbers.
const NUMBER: &str = "a whole number";

fn expected(key: &str) -> &'static str {
    let listed = EXPECTED.iter().find(|(listed, _)| *listed == key);
    listed.map_or(NUMBER, |(_, expected)| expected)
}

/// The failure to make settings of what the layers say.
pub(super) fn wrong_value(figment: &Figment, known: &[String], error: figment::Error) -> Error {
    let path = error.path.join(".");
    let within = |key: &&String| path == **key || path.starts_with(&format!("{key}."));
    let Some(key) = known.iter().find(within) else {
        return Error::Layers(Box::new(error));
    };
    let found = figment.find_value(key).ok();
    let (place, name) = place(error.metadata.as_ref(), key);
    Error::Value {
        place,
        key: name,
        expected: expected(key).to_owned(),
        found: found.as_ref().map_or_else(String::new, written),
    }
}

/// Where a value comes from, and what it is called there.
fn place(metadata: Option<&Metadata>, key: &str) -> (String, String) {
    match metadata.and_then(|metadata| metadata.source.as_ref()) {
        Some(Source::File(path)) => (path.display().to_string(), key.to_owned()),
        Some(Source::Code(_)) => ("command line".to_owned(), key.to_owned()),
        _ => ("environment".to_owned(), layers::variable(key)),
    }
}

/// A value as it may stand in the file.
pub(super) fn written(value: &Value) -> String {
    match value {
        Value::String(_, text) => format!("{text:?}"),
        Value::Char(_, character) => format!("{:?}", character.to_string()),
        Value::Bool(_, truth) => truth.to_string(),
        Value::Num(_, number) => match (number.to_i128(), number.to_u128(), number.to_f64()) {
            (Some(number), _, _) => number.to_string(),
            (_, Some(number), _) => number.to_string(),
            (_, _, Some(number)) => number.to_string(),
            (None, None, None) => "a number".to_owned(),
        },
        Value::Empty(..) => "nothing".to_owned(),
        Value::Dict(..) => "a table".to_owned(),
        Value::Array(_, values) => {
            let values: Vec<String> = values.iter().map(written).collect();
            format!("[{}]", values.join(", "))
        }
    }
}
