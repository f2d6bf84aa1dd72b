//! A disk that can be filled and made read-only: a file system in memory, in a
//! mount namespace that a child of the test has for itself.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use cal_store::{CollectionId, Error, ObjectName, PageRequest, Store};

use crate::scene::{cause, event, ics, put};

const DISK: &str = "CAL_SMALL_DISK";

/// Mounts the disk where the child alone sees it, and becomes the child.
const MOUNT: &str = r#"mount -t tmpfs -o size="$SIZE" tmpfs "$CAL_SMALL_DISK" && exec "$@""#;

/// Runs the ignored test of this name with a disk of so many KiB; says so and
/// does not where this machine lets nobody mount one.
pub(crate) fn run(test: &str, kib: u32) {
    let folder = tempfile::tempdir().unwrap();
    // Some versions of the server run as another user, who must be able to pass.
    #[cfg(unix)]
    std::fs::set_permissions(
        folder.path(),
        std::os::unix::fs::PermissionsExt::from_mode(0o755),
    )
    .unwrap();
    let unshare = |program: &[&str]| {
        let mut command = Command::new("unshare");
        if !is_root() {
            command.args(["--user", "--map-root-user"]);
        }
        command
            .args(["--mount", "sh", "-c", MOUNT, "sh"])
            .args(program)
            .env("SIZE", format!("{kib}k"))
            .env(DISK, folder.path());
        command
    };
    let mounted = unshare(&["true"]).output();
    if !mounted.is_ok_and(|output| output.status.success()) {
        println!("skipped: nobody may mount a file system here");
        return;
    }
    let program = std::env::current_exe().unwrap();
    let output = unshare(&[program.to_str().unwrap()])
        .args(["--ignored", "--exact", "--nocapture", test])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    let passed = output.status.success() && said.contains("1 passed");
    assert!(passed, "{said}\n{errors}");
}

/// The disk of a child; none if it was not started by [`run`].
pub(crate) fn disk() -> Option<PathBuf> {
    std::env::var_os(DISK).map(PathBuf::from)
}

/// Mounts the disk again, with these options.
pub(crate) fn remount(disk: &Path, options: &str) {
    let status = Command::new("mount")
        .args(["-o", &format!("remount,{options}")])
        .arg(disk)
        .status();
    assert!(status.unwrap().success());
}

/// Whether other users can be made: not so in a namespace where we only seem
/// to be root.
pub(crate) fn is_root() -> bool {
    let map = std::fs::read_to_string("/proc/self/uid_map").unwrap_or_default();
    let is_whole = map.split_ascii_whitespace().last() == Some("4294967295");
    let me = Command::new("id").arg("-u").output();
    is_whole && me.is_ok_and(|me| me.stdout.starts_with(b"0\n"))
}

/// What an error says, down to its first reason.
pub(crate) fn said(error: &dyn std::error::Error) -> String {
    let mut said = error.to_string();
    let mut source = error.source();
    while let Some(error) = source {
        said = format!("{said}: {error}");
        source = error.source();
    }
    said
}

/// Stores groups of objects up to the first that fails, which says why, and
/// notes the names of those that were stored.
pub(crate) async fn fill(
    store: &Store,
    calendar: CollectionId,
    stored: &mut BTreeSet<ObjectName>,
) -> Error {
    let long = "Figures ".repeat(300);
    let mut group = 0;
    loop {
        let uids: Vec<_> = (0..16).map(|number| format!("{group}-{number}")).collect();
        let puts = uids.iter().map(|uid| put(calendar, uid, &long)).collect();
        let mut failure = None;
        let results = store.put_each(puts, &cause()).await;
        for (uid, result) in uids.iter().zip(results) {
            match result {
                Ok(_) => drop(stored.insert(ics(uid))),
                Err(error) => failure = Some(error),
            }
        }
        if let Some(error) = failure {
            return error;
        }
        group += 1;
    }
}

/// Reads events of which some are on a broken page: these are errors that say
/// so, and the others, which are more, are whole.
pub(crate) async fn read_around(
    store: &Store,
    calendar: CollectionId,
    uids: &[String],
    reason: &str,
) {
    let (mut whole, mut broken) = (0, 0);
    for uid in uids {
        match store.object(calendar, &ics(uid)).await {
            Ok(found) => {
                assert_eq!(found.unwrap().body, event(uid, "Event"));
                whole += 1;
            }
            Err(error) => {
                let error = said(&error);
                assert!(error.contains(reason), "{error}");
                broken += 1;
            }
        }
    }
    assert!(
        whole > broken && broken > 0,
        "{whole} whole, {broken} broken"
    );
}

/// The names of all objects of a calendar.
pub(crate) async fn listed(store: &Store, calendar: CollectionId) -> BTreeSet<ObjectName> {
    let mut listed = BTreeSet::new();
    let mut page = PageRequest::first(10_000);
    loop {
        let found = store.entries(calendar, page).await.unwrap();
        listed.extend(found.items.iter().map(|entry| entry.name.clone()));
        match found.next {
            Some(next) => page = PageRequest::after(next, 10_000),
            None => return listed,
        }
    }
}
