//! Where files lie when nobody says: the XDG base directories.

use std::env;
use std::path::PathBuf;

/// `$XDG_DATA_HOME/cal`, by default `~/.local/share/cal`.
pub(super) fn data() -> Option<PathBuf> {
    base("XDG_DATA_HOME", ".local/share")
}

/// `$XDG_CONFIG_HOME/cal/config.toml`, by default `~/.config/cal/config.toml`.
pub(super) fn config_file() -> Option<PathBuf> {
    base("XDG_CONFIG_HOME", ".config").map(|folder| folder.join("config.toml"))
}

/// The specification has a relative path in the variable ignored.
fn base(variable: &str, below_home: &str) -> Option<PathBuf> {
    let absolute = |name| {
        env::var_os(name)
            .map(PathBuf::from)
            .filter(|path| path.is_absolute())
    };
    absolute(variable)
        .or_else(|| absolute("HOME").map(|home| home.join(below_home)))
        .map(|folder| folder.join("cal"))
}
