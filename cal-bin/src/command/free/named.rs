//! Values that may be about one person or about all: `ada=15m`, `15m`.

use std::fmt::Display;
use std::str::FromStr;

use crate::error::Error;

/// A value, and whom it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Named<T> {
    /// Everyone, if there is none.
    pub(super) name: Option<String>,
    pub(super) value: T,
}

/// Reads `NAME=VALUE` or `VALUE`. A name has no slash, so that a path with an
/// equals sign can be told by one: `./a=b.ics`.
impl<T> FromStr for Named<T>
where
    T: FromStr,
    T::Err: Display,
{
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let (name, value) = match text.split_once('=') {
            Some((name, value)) if !name.is_empty() && !name.contains('/') => (Some(name), value),
            _ => (None, text),
        };
        let value = value.parse().map_err(|error: T::Err| error.to_string())?;
        let name = name.map(str::to_owned);
        Ok(Named { name, value })
    }
}

impl<T> Named<T> {
    /// Whether it is about this person.
    fn is_about(&self, person: &str) -> bool {
        self.name.as_deref().is_none_or(|name| name == person)
    }
}

/// What is said of a person, the last word of each kind: by name if there is
/// any, else what is said of all.
pub(super) fn said_of<'a, T>(all: &'a [Named<T>], person: &str) -> Option<&'a T> {
    let named = |said: &&Named<T>| said.name.as_deref() == Some(person);
    let of_all = |said: &&Named<T>| said.name.is_none();
    let said = all.iter().rev();
    let found = said
        .clone()
        .find(named)
        .or_else(|| said.clone().find(of_all));
    found.map(|said| &said.value)
}

/// Everything that is said of a person, or of all.
pub(super) fn all_said_of<'a, T>(
    all: &'a [Named<T>],
    person: &'a str,
) -> impl Iterator<Item = &'a T> {
    let about = all.iter().filter(move |said| said.is_about(person));
    about.map(|said| &said.value)
}

/// Refuses what is said of somebody who is not there: most likely a name is
/// spelled in two ways.
///
/// # Errors
/// It names one who is not among the people.
pub(super) fn check_names<'n>(
    flag: &str,
    names: impl IntoIterator<Item = &'n str>,
    people: &[&str],
) -> Result<(), Error> {
    for name in names {
        if !people.contains(&name) {
            let people = people.join(", ");
            return Err(Error::Usage(format!(
                "{flag}: nobody is called {name}; there are {people}"
            )));
        }
    }
    Ok(())
}
