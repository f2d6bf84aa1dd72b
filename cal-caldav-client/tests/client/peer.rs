//! A Radicale of one's own: on a free port, in a temporary folder, ended with
//! the test.

use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A running server with one user, `ada`, whose password is `lovelace`.
pub(crate) struct Radicale {
    pub(crate) url: String,
    process: Child,
    _folder: TempDir,
}

impl Radicale {
    /// Starts it. Where the Python environment of `.ci/python-env` is missing
    /// the answer is `None`, unless `CAL_REQUIRE_PEERS=1` is set.
    pub(crate) fn start() -> Option<Self> {
        let Some(python) = python() else {
            assert!(
                std::env::var_os("CAL_REQUIRE_PEERS").is_none_or(|value| value != "1"),
                "no Python environment: run .ci/python-env"
            );
            eprintln!("skipped: no Python environment, run .ci/python-env");
            return None;
        };
        let folder = TempDir::new().unwrap();
        let users = folder.path().join("users");
        std::fs::write(&users, "ada:lovelace\n").unwrap();
        let port = free_port();
        let process = Command::new(python)
            .args(["-m", "radicale", "--config", ""])
            .arg(format!("--server-hosts=127.0.0.1:{port}"))
            .arg(argument(
                "--storage-filesystem-folder=",
                &folder.path().join("data"),
            ))
            .arg("--auth-type=htpasswd")
            .arg("--auth-htpasswd-encryption=plain")
            .arg(argument("--auth-htpasswd-filename=", &users))
            .arg("--auth-delay=0")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let server = Self {
            url: format!("http://127.0.0.1:{port}/"),
            process,
            _folder: folder,
        };
        server.wait_until_ready(port);
        Some(server)
    }

    fn wait_until_ready(&self, port: u16) {
        let patience = Instant::now() + Duration::from_secs(60);
        while TcpStream::connect(("127.0.0.1", port)).is_err() {
            assert!(Instant::now() < patience, "Radicale does not start");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Radicale {
    fn drop(&mut self) {
        let _gone = self.process.kill();
        let _gone = self.process.wait();
    }
}

fn argument(option: &str, path: &Path) -> String {
    format!("{option}{}", path.display())
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

/// The interpreter of the Python environment, where there is one.
fn python() -> Option<PathBuf> {
    let environment = std::env::var_os("CAL_TEST_PYTHON").map_or_else(
        || Path::new(env!("CARGO_MANIFEST_DIR")).join("../target/python"),
        PathBuf::from,
    );
    let python = environment.join("bin/python");
    python.exists().then_some(python)
}
