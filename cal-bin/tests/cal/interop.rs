//! Real clients against a running server.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::running::{Home, run, shared_data};
use crate::server::Server;

/// The Python with the clients in it: `CAL_TEST_PYTHON` (an interpreter or the
/// folder of an environment), else what `.ci/python-env` has made.
fn python() -> Option<PathBuf> {
    let given = std::env::var_os("CAL_TEST_PYTHON").map(PathBuf::from);
    let made = Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/python");
    let python = given.unwrap_or(made);
    let python = if python.is_dir() {
        python.join("bin/python")
    } else {
        python
    };
    if python.exists() {
        return Some(python);
    }
    let required = std::env::var_os("CAL_REQUIRE_PEERS").is_some_and(|value| value == "1");
    assert!(!required, "{} is not there", python.display());
    eprintln!(
        "skipped: {} is not there; .ci/python-env makes it",
        python.display()
    );
    None
}

/// Runs one of the scripts; it must be content.
fn interop(python: &Path, script: &str, arguments: &[&str]) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/interop");
    let mut command = Command::new(python);
    command
        .arg("-W")
        .arg("ignore")
        .arg(folder.join(script))
        .args(arguments);
    let run = run(command, b"");
    assert_eq!(run.code, 0, "{run}");
    assert!(run.stdout.contains("is content"), "{run}");
}

#[test]
fn the_python_caldav_library_is_content() {
    let Some(python) = python() else {
        return;
    };
    let home = Home::new();
    home.add_user("ada", "engine");
    let server = Server::start(&home);
    interop(&python, "python_caldav.py", &[&server.url, "ada", "engine"]);
}

#[test]
fn the_python_caldav_library_is_content_below_a_path_prefix() {
    let Some(python) = python() else {
        return;
    };
    let home = Home::new();
    home.add_user("ada", "engine");
    home.file("c.toml", "base_url = \"https://example.com/x/y/\"\n");
    let server = Server::start_with(&home, &["--config", "c.toml"]);
    interop(&python, "python_caldav.py", &[&server.url, "ada", "engine"]);
}

#[test]
fn vdirsyncer_converges_with_a_folder_of_events() {
    let Some(python) = python() else {
        return;
    };
    let home = Home::new();
    home.add_user("ada", "engine");
    let server = Server::start(&home);
    let work = home.path().join("work");
    let mut arguments = vec![server.url.as_str(), "ada", "engine", work.to_str().unwrap()];
    let corpus = shared_data("ics");
    arguments.extend(corpus.as_deref().and_then(Path::to_str));
    interop(&python, "vdirsyncer_folder.py", &arguments);
}
