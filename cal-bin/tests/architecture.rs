//! The shape of the workspace, held by a test: which crate may know which, and
//! what lies at the top of the repository.
#![allow(
    clippy::expect_used,
    missing_docs,
    reason = "tests stop at the first surprise and are named after what they hold"
)]

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use cargo_metadata::{DependencyKind, MetadataCommand, Package};

/// Every arrow that ARCHITECTURE.md allows between two crates of Cal.
///
/// `cal-bin` composes everything and so may know every crate.
const ARROWS: &[(&str, &[&str])] = &[
    ("cal-rrule", &[]),
    ("cal-core", &["cal-rrule"]),
    ("cal-freebusy", &["cal-core"]),
    ("cal-dav", &["cal-core"]),
    ("cal-store", &["cal-core", "cal-rrule", "cal-freebusy"]),
    ("cal-caldav-client", &["cal-dav", "cal-core"]),
    (
        "cal-caldav-server",
        &["cal-dav", "cal-store", "cal-freebusy", "cal-core"],
    ),
    ("cal-sync", &["cal-store", "cal-caldav-client", "cal-core"]),
    (
        "cal-bin",
        &[
            "cal-rrule",
            "cal-core",
            "cal-freebusy",
            "cal-dav",
            "cal-store",
            "cal-caldav-client",
            "cal-caldav-server",
            "cal-sync",
        ],
    ),
];

/// Crates that must stay free of I/O, so none of them may pull in a runtime, a
/// database, or a network stack.
const PURE: &[&str] = &["cal-rrule", "cal-core", "cal-freebusy", "cal-dav"];

/// Dependencies that bring I/O, async or a clock with them.
const IMPURE_DEPENDENCIES: &[&str] = &[
    "tokio",
    "async-std",
    "smol",
    "hyper",
    "reqwest",
    "axum",
    "tower",
    "rusqlite",
    "mio",
    "tracing",
];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the crate lies in the workspace")
}

fn packages() -> BTreeMap<String, Package> {
    MetadataCommand::new()
        .manifest_path(root().join("Cargo.toml"))
        .no_deps()
        .exec()
        .expect("cargo metadata answers")
        .packages
        .into_iter()
        .map(|package| (package.name.to_string(), package))
        .collect()
}

/// The names of what a package needs to be built, tests aside.
fn dependencies(package: &Package) -> BTreeSet<&str> {
    package
        .dependencies
        .iter()
        .filter(|dependency| dependency.kind != DependencyKind::Development)
        .map(|dependency| dependency.name.as_str())
        .collect()
}

#[test]
fn every_arrow_between_crates_is_in_the_list() {
    let packages = packages();
    for (name, allowed) in ARROWS {
        let package = &packages[*name];
        for dependency in dependencies(package) {
            if packages.contains_key(dependency) {
                assert!(
                    allowed.contains(&dependency),
                    "{name} must not know {dependency}; ARCHITECTURE.md lists the arrows"
                );
            }
        }
    }
}

#[test]
fn every_member_of_the_workspace_is_in_the_list_of_arrows() {
    let listed: BTreeSet<&str> = ARROWS.iter().map(|(name, _)| *name).collect();
    for name in packages().keys().filter(|name| *name != "benches") {
        assert!(
            listed.contains(name.as_str()),
            "{name} has no row in ARROWS"
        );
    }
}

#[test]
fn the_pure_crates_pull_in_no_io() {
    let packages = packages();
    for name in PURE {
        for dependency in dependencies(&packages[*name]) {
            assert!(
                !IMPURE_DEPENDENCIES.contains(&dependency),
                "{name} is pure and must not depend on {dependency}"
            );
        }
    }
}

#[test]
fn every_crate_inherits_the_one_lint_table_and_has_a_readme() {
    for (name, _) in ARROWS {
        let folder = root().join(name);
        let manifest = std::fs::read_to_string(folder.join("Cargo.toml")).expect("a manifest");
        assert!(
            manifest.contains("[lints]\nworkspace = true"),
            "{name} does not inherit the workspace's lints"
        );
        assert!(
            folder.join("README.md").is_file(),
            "{name} has no README.md"
        );
    }
}

#[test]
fn every_dependency_is_declared_once_in_the_workspace_table() {
    for (name, _) in ARROWS {
        let manifest =
            std::fs::read_to_string(root().join(name).join("Cargo.toml")).expect("a manifest");
        let versions = manifest
            .lines()
            .filter(|line| !line.starts_with("version") && !line.starts_with("rust-version"))
            .filter(|line| line.contains("version = \""))
            .collect::<Vec<_>>();
        assert!(
            versions.is_empty(),
            "{name} spells a version that belongs into the workspace's table: {versions:?}"
        );
    }
}

#[test]
fn the_top_of_the_repository_is_what_the_architecture_says() {
    for entry in [
        "ARCHITECTURE.md",
        "CHANGELOG.md",
        "COMPLIANCE.md",
        "CONTRIBUTING.md",
        "Cargo.toml",
        "LICENSE-APACHE",
        "LICENSE-MIT",
        "README.md",
        "benches",
        "fuzz",
        "testdata",
    ] {
        assert!(root().join(entry).exists(), "{entry} is missing at the top");
    }
}
