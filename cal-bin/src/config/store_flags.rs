//! The flags by which every command that opens the store is told where it is.

use std::path::PathBuf;

use super::{Error, Flags, Settings, load};

/// Where calendars and accounts are.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct StoreFlags {
    /// Folder of calendars and accounts [default: $XDG_DATA_HOME/cal or ~/.local/share/cal];
    /// folder:DIR keeps them as plain files that other programs may edit
    #[arg(long, global = true, value_name = "DIR")]
    data: Option<PathBuf>,
    /// Keep calendars and accounts in this PostgreSQL database instead of a folder
    #[arg(long, global = true, value_name = "URL", conflicts_with = "data")]
    database: Option<String>,
    /// Configuration file [default: $XDG_CONFIG_HOME/cal/config.toml if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
}

impl StoreFlags {
    /// The settings in force for a command that has no other flags of them.
    pub(crate) fn load(self) -> Result<Settings, Error> {
        load(&self.into())
    }
}

impl From<StoreFlags> for Flags {
    fn from(flags: StoreFlags) -> Self {
        Self {
            data: flags.data,
            database: flags.database,
            config: flags.config,
            ..Self::default()
        }
    }
}
