//! A Redis server of our own, from what is installed, which ends with this
//! process in whatever manner that does.

use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::time::Duration;

use tempfile::TempDir;

/// Runs the server until the pipe closes. It outlives the signals that end
/// this process.
const KEEPER: &str = r#"
    trap '' INT TERM HUP
    "$SERVER" --port 0 --unixsocket "$SOCKET" --dir "$FOLDER" --save '' --appendonly no \
        >"$FOLDER/server.log" 2>&1 &
    server=$!
    cat >/dev/null
    kill -9 $server
"#;

#[derive(Debug)]
pub(super) struct Server {
    program: PathBuf,
    folder: TempDir,
    running: Option<(Child, ChildStdin)>,
}

impl Server {
    /// Starts a server; none if Redis is not installed.
    ///
    /// # Panics
    ///
    /// If it is not, and `CAL_REQUIRE_PEERS` is 1.
    pub(super) fn start() -> Option<Self> {
        let mut server = Self::stopped()?;
        server.run();
        Some(server)
    }

    /// A server that does not run yet.
    pub(super) fn stopped() -> Option<Self> {
        let path = std::env::var_os("PATH").unwrap_or_default();
        let programs = ["redis-server", "valkey-server"];
        let found = std::env::split_paths(&path)
            .flat_map(|folder| programs.map(|program| folder.join(program)))
            .find(|program| program.is_file());
        let Some(program) = found else {
            let required = std::env::var("CAL_REQUIRE_PEERS").is_ok_and(|value| value == "1");
            assert!(!required, "Redis is not installed");
            println!("skipped: Redis is not installed");
            return None;
        };
        Some(Self {
            program,
            folder: TempDir::new().unwrap(),
            running: None,
        })
    }

    /// Starts it with nothing in it.
    pub(super) fn run(&mut self) {
        let mut keeper = Command::new("sh")
            .args(["-c", KEEPER])
            .env("SERVER", &self.program)
            .env("SOCKET", self.socket())
            .env("FOLDER", self.folder.path())
            .stdin(Stdio::piped())
            .spawn()
            .unwrap();
        let life = keeper.stdin.take().unwrap();
        self.running = Some((keeper, life));
        let up = || std::os::unix::net::UnixStream::connect(self.socket()).is_ok();
        for _ in 0..1_000 {
            if up() {
                return;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        panic!("Redis did not start");
    }

    /// Ends it at once, with all that it has.
    pub(super) fn kill(&mut self) {
        if let Some((mut keeper, life)) = self.running.take() {
            drop(life);
            keeper.wait().unwrap();
            // A killed server leaves its socket.
            let _ = std::fs::remove_file(self.socket());
        }
    }

    pub(super) fn url(&self) -> String {
        format!("redis+unix://{}", self.socket().display())
    }

    /// A connection for what tests do beside a store.
    pub(super) async fn client(&self) -> redis::aio::MultiplexedConnection {
        let client = redis::Client::open(self.url()).unwrap();
        client.get_multiplexed_async_connection().await.unwrap()
    }

    fn socket(&self) -> PathBuf {
        Path::join(self.folder.path(), "redis.sock")
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.kill();
    }
}
