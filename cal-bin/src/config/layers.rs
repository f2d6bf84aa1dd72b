//! Flags over environment over file over defaults.
//!
//! A setting `limits.header_seconds` is the key `header_seconds` of the table
//! `[limits]` in the file and the variable `CAL_LIMITS_HEADER_SECONDS` in the
//! environment. A name in either that means nothing is an error: a typing
//! mistake that silently leaves a default in force is worse.

use std::collections::BTreeMap;
use std::env;
use std::path::{Path, PathBuf};

use figment::providers::{Env, Format, Serialized, Toml};
use figment::value::{Dict, Value};
use figment::{Figment, Provider};
use serde::Serialize;

use super::{Error, Role, Settings, folders, nearest, secret, wrong_value};

/// What the command line says; `None` leaves it to the lower layers.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Flags {
    /// Beside the layers: a path need not be a text, and their values are.
    #[serde(skip)]
    pub(crate) data: Option<PathBuf>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) database: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) listen: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) role: Option<Role>,
    /// The file to read; not a setting itself.
    #[serde(skip)]
    pub(crate) config: Option<PathBuf>,
}

/// The settings in force.
pub(crate) fn load(flags: &Flags) -> Result<Settings, Error> {
    let defaults = Serialized::defaults(Settings::default());
    let known = known_keys(&defaults)?;
    let variables = variables(&known)?;

    let mut figment = Figment::from(defaults);
    if let Some(path) = config_file(flags)? {
        let file = Toml::file_exact(&path);
        reject_unknown_keys(&file, &path, &known)?;
        figment = figment.merge(file);
    }
    let environment = Env::raw()
        .filter_map(move |name| variables.get(name.as_str()).map(|key| key.clone().into()));
    let figment = figment
        .merge(environment)
        .merge(Serialized::defaults(flags));
    let mut settings: Settings = figment
        .extract()
        .map_err(|error| wrong_value::wrong_value(&figment, &known, error))?;
    if let Some(folder) = &flags.data {
        settings.data = Some(folder.clone());
        // Who names a folder now does not mean the database of another layer.
        settings.database = None;
    }
    settings.validate()?;
    Ok(settings)
}

/// Variables that are no settings.
const OTHER_VARIABLES: [&str; 2] = [CONFIG_VARIABLE, secret::VARIABLE];

/// The variable that names the configuration file.
const CONFIG_VARIABLE: &str = "CAL_CONFIG";

/// The file that is named must be there; the one at the usual place may be.
fn config_file(flags: &Flags) -> Result<Option<PathBuf>, Error> {
    let named = flags
        .config
        .clone()
        .or_else(|| env::var_os(CONFIG_VARIABLE).map(PathBuf::from));
    match named {
        Some(path) => match std::fs::metadata(&path) {
            Ok(_) => Ok(Some(path)),
            Err(source) => Err(Error::File { path, source }),
        },
        None => Ok(folders::config_file().filter(|path| path.is_file())),
    }
}

/// Every setting's dotted name, from the defaults themselves.
fn known_keys(defaults: &impl Provider) -> Result<Vec<String>, Error> {
    let mut keys = Vec::new();
    for table in defaults.data().map_err(Box::new)?.values() {
        collect_keys(table, "", &mut keys);
    }
    Ok(keys)
}

fn collect_keys(table: &Dict, above: &str, keys: &mut Vec<String>) {
    for (name, value) in table {
        let key = format!("{above}{name}");
        match value {
            Value::Dict(_, below) => collect_keys(below, &format!("{key}."), keys),
            _ => keys.push(key),
        }
    }
}

/// The variables of the environment that set something: name -> key.
fn variables(known: &[String]) -> Result<BTreeMap<String, String>, Error> {
    let mut names: BTreeMap<String, String> = known
        .iter()
        .map(|key| (variable(key), key.clone()))
        .collect();
    for (name, _) in env::vars_os() {
        let name = name.to_string_lossy();
        let known = OTHER_VARIABLES.contains(&&*name) || names.contains_key(&*name);
        if !name.starts_with("CAL_") || known {
            continue;
        }
        return Err(Error::UnknownKey {
            place: "environment".to_owned(),
            nearest: nearest::nearest(&name, names.keys().map(String::as_str)).map(str::to_owned),
            key: name.into_owned(),
        });
    }
    // Env::raw hands names over in lower case.
    names = names
        .into_iter()
        .flat_map(|(name, key)| [(name.to_ascii_lowercase(), key.clone()), (name, key)])
        .collect();
    Ok(names)
}

/// The variable that sets a key.
pub(super) fn variable(key: &str) -> String {
    format!("CAL_{}", key.replace('.', "_").to_ascii_uppercase())
}

fn reject_unknown_keys(file: &impl Provider, path: &Path, known: &[String]) -> Result<(), Error> {
    let mut keys = Vec::new();
    let tables = file.data().map_err(|error| Error::Syntax {
        path: path.to_owned(),
        message: error.to_string(),
    })?;
    for table in tables.values() {
        collect_keys(table, "", &mut keys);
    }
    let Some(key) = keys.into_iter().find(|key| !known.contains(key)) else {
        return Ok(());
    };
    let place = path.display().to_string();
    if known
        .iter()
        .any(|known| known.starts_with(&format!("{key}.")))
    {
        let value = tables.values().find_map(|table| table.get(&key));
        return Err(Error::Value {
            place,
            expected: format!("a table, [{key}]"),
            found: value.map_or_else(String::new, wrong_value::written),
            key,
        });
    }
    Err(Error::UnknownKey {
        place,
        nearest: nearest::nearest(&key, known.iter().map(String::as_str)).map(str::to_owned),
        key,
    })
}
