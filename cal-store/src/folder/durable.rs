//! Files that are whole or not there at all: written beside, flushed, renamed,
//! and the folder flushed.

use std::ffi::OsString;
use std::fs::{self, File, OpenOptions};
use std::io;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use crate::{Durability, Error};

/// How files get to the disk, and whether anybody waits for it.
#[derive(Debug, Clone, Copy)]
pub(super) struct Disk(pub(super) Durability);

impl Disk {
    /// Puts a file with this content in place of what is there.
    pub(super) fn write(self, path: &Path, content: &[u8]) -> Result<(), Error> {
        let beside = beside(path);
        let written = create(&beside).and_then(|mut file| {
            file.write_all(content)?;
            self.flush(&file)
        });
        if let Err(error) = written {
            let _ = fs::remove_file(&beside);
            return Err(Error::backend(error));
        }
        self.rename(&beside, path)
    }

    /// Renames within one file system, for good.
    pub(super) fn rename(self, from: &Path, to: &Path) -> Result<(), Error> {
        fs::rename(from, to).map_err(Error::backend)?;
        self.flush_parent(to)
    }

    /// Removes a file, for good; one that is gone is no error.
    pub(super) fn remove(self, path: &Path) -> Result<(), Error> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::backend(error)),
            Ok(()) | Err(_) => self.flush_parent(path),
        }
    }

    /// Makes a folder that only its owner may look into, unless it is there.
    pub(super) fn make_folder(self, path: &Path) -> Result<(), Error> {
        if path.is_dir() {
            return Ok(());
        }
        let mut builder = fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(path).map_err(Error::backend)?;
        self.flush_parent(path)
    }

    /// Waits until the disk has what was written.
    pub(super) fn flush(self, file: &File) -> io::Result<()> {
        match self.0 {
            Durability::Full => file.sync_all(),
            Durability::Process => Ok(()),
        }
    }

    fn flush_parent(self, path: &Path) -> Result<(), Error> {
        // Only Unix opens folders; elsewhere a rename is as durable as it gets.
        let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
        let Some(parent) = parent.filter(|_| cfg!(unix)) else {
            return Ok(());
        };
        match File::open(parent).and_then(|folder| self.flush(&folder)) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => Err(Error::backend(error)),
            Ok(()) | Err(_) => Ok(()),
        }
    }
}

/// An empty file that only its owner may read: it holds people's appointments.
pub(super) fn create(path: &Path) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options.open(path)
}

/// A hidden name beside a file, which readers of the folder pass over.
fn beside(path: &Path) -> PathBuf {
    let mut name = OsString::from(".");
    name.push(path.file_name().unwrap_or_default());
    name.push(".tmp");
    // A name near the limit has no place for more.
    if name.len() > 250 {
        name = ".cal.tmp".into();
    }
    path.with_file_name(name)
}
