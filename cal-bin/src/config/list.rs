//! A list of addresses, as a file and as a variable of the environment has it.

use std::net::IpAddr;

use serde::de::Error as _;
use serde::{Deserialize, Deserializer};

#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    /// As in the file.
    List(Vec<String>),
    /// One, or several with commas between them.
    Line(String),
}

pub(super) fn addresses<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<IpAddr>, D::Error> {
    let written = match Written::deserialize(from)? {
        Written::List(written) => written,
        Written::Line(line) => line.split(',').map(str::to_owned).collect(),
    };
    let read = |address: &String| address.trim().parse().map_err(D::Error::custom);
    written.iter().map(read).collect()
}
