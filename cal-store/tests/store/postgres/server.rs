//! A PostgreSQL server of our own, from what is installed, for as long as this
//! process lives.
//!
//! A shell beside it waits for the end of a pipe, which comes with the end of
//! this process in whatever manner, and then stops the server and removes its
//! files.

use std::fs::Permissions;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio_postgres::{Client, NoTls};

/// Makes a cluster, starts the server, says so, waits, and cleans up. It outlives
/// the signals that end this process.
const KEEPER: &str = r#"
    set -e
    trap 'rm -rf "$FOLDER"' EXIT
    trap '' INT TERM HUP
    "$BIN/initdb" --pgdata="$FOLDER/data" --username=cal --auth=trust --encoding=UTF8 \
        --no-locale --no-sync >"$FOLDER/initdb.log" 2>&1
    "$BIN/pg_ctl" start --wait --silent --pgdata="$FOLDER/data" --log="$FOLDER/server.log" \
        --options="-c listen_addresses='' -c unix_socket_directories='$FOLDER' \
        -c max_connections=300 -c fsync=on $OPTIONS" >/dev/null 2>&1
    echo ready
    cat >/dev/null
    "$BIN/pg_ctl" stop --mode=immediate --silent --pgdata="$FOLDER/data" >/dev/null 2>&1
"#;

/// How a server is made to stop before it starts again.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Restart {
    /// It takes back what is open and closes all connections.
    Fast,
    /// It ends at once, as in a crash, and recovers when it starts.
    Immediate,
}

/// A running server.
#[derive(Debug)]
pub(crate) struct Server {
    bin: PathBuf,
    folder: PathBuf,
    port: u16,
    /// Closed when this process ends, or with this value.
    _life: ChildStdin,
    keeper: Option<Child>,
}

/// The server that tests share; none if PostgreSQL is not installed.
///
/// # Panics
///
/// If it is not, and `CAL_REQUIRE_PEERS` is 1.
pub(crate) fn shared() -> Option<&'static Server> {
    static SERVER: OnceLock<Option<Server>> = OnceLock::new();
    SERVER.get_or_init(Server::start).as_ref()
}

/// The settings for an empty database of its own on the shared server.
pub(crate) async fn database() -> Option<String> {
    Some(shared()?.database().await)
}

impl Server {
    /// Starts a server; none if PostgreSQL is not installed.
    pub(crate) fn start() -> Option<Self> {
        Self::start_with(5432, "", &[])
    }

    /// Starts one that also listens on a free port of this machine, with
    /// these settings and with these files beside the folder of its data.
    pub(crate) fn start_on_a_port(options: &str, files: &[(&str, &str)]) -> Option<Self> {
        let free = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = free.local_addr().unwrap().port();
        drop(free);
        let options = format!("-c listen_addresses=127.0.0.1 -c port={port} {options}");
        Self::start_with(port, &options, files)
    }

    fn start_with(port: u16, options: &str, files: &[(&str, &str)]) -> Option<Self> {
        let Some(bin) = binaries() else {
            let required = std::env::var("CAL_REQUIRE_PEERS").is_ok_and(|value| value == "1");
            assert!(!required, "PostgreSQL is not installed");
            println!("skipped: PostgreSQL is not installed");
            return None;
        };
        let folder = tempfile::Builder::new().prefix("cal-pg").tempdir().unwrap();
        let folder = folder.keep();
        let mut shell = as_other_than_root(&folder, "sh");
        let owner = std::fs::metadata(&folder).unwrap();
        for (name, content) in files {
            let file = folder.join(name);
            std::fs::write(&file, content).unwrap();
            std::fs::set_permissions(&file, Permissions::from_mode(0o600)).unwrap();
            chown(&file, Some(owner.uid()), Some(owner.gid())).unwrap();
        }
        let mut keeper = shell
            .args(["-c", KEEPER])
            .env("BIN", &bin)
            .env("FOLDER", &folder)
            .env("OPTIONS", options)
            .current_dir(&folder)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let life = keeper.stdin.take().unwrap();
        let mut said = String::new();
        let mut stdout = BufReader::new(keeper.stdout.take().unwrap());
        stdout.read_line(&mut said).unwrap();
        assert_eq!(said.trim(), "ready", "PostgreSQL did not start");
        Some(Self {
            bin,
            folder,
            port,
            _life: life,
            keeper: Some(keeper),
        })
    }

    /// The settings for an empty database of its own.
    pub(crate) async fn database(&self) -> String {
        self.database_with("").await
    }

    /// The same, with more words for `CREATE DATABASE`.
    pub(crate) async fn database_with(&self, options: &str) -> String {
        static NUMBER: AtomicU32 = AtomicU32::new(0);
        let name = format!("test_{}", NUMBER.fetch_add(1, Ordering::Relaxed));
        let admin = client(&self.settings("postgres")).await;
        let create = format!("CREATE DATABASE {name} TEMPLATE template0 {options}");
        admin.batch_execute(&create).await.unwrap();
        self.settings(&name)
    }

    fn settings(&self, name: &str) -> String {
        let Self { folder, port, .. } = self;
        format!(
            "host={} port={port} user=cal dbname={name}",
            folder.display()
        )
    }

    /// Its files; the data is in `data`.
    pub(crate) fn folder(&self) -> &Path {
        &self.folder
    }

    /// The port that it listens on, if it was started on one.
    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// Stops the server and starts it again.
    pub(crate) fn restart(&self, how: Restart) {
        let mode = match how {
            Restart::Fast => "fast",
            Restart::Immediate => "immediate",
        };
        let restarted = as_other_than_root(&self.folder, self.bin.join("pg_ctl"))
            .args(["restart", "--wait", "--silent", "--mode", mode])
            .arg("--pgdata")
            .arg(self.folder.join("data"))
            .arg("--log")
            .arg(self.folder.join("server.log"))
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .status();
        assert!(restarted.unwrap().success());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // The pipe closes with the field after this; who waits is the keeper's parent.
        if let Some(mut keeper) = self.keeper.take() {
            std::thread::spawn(move || keeper.wait());
        }
    }
}

/// A connection for what tests do beside a store.
pub(crate) async fn client(settings: &str) -> Client {
    let (client, connection) = tokio_postgres::connect(settings, NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

/// Ends all other connections to the database.
pub(crate) async fn cut_connections(settings: &str) -> i64 {
    const CUT: &str = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity \
         WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let cut = client(settings).await.query_one(CUT, &[]).await;
    cut.unwrap().get(0)
}

/// Where `initdb`, `pg_ctl` and `postgres` are: of the newest version.
fn binaries() -> Option<PathBuf> {
    let complete = |bin: &PathBuf| {
        let programs = ["initdb", "pg_ctl", "postgres"];
        programs.iter().all(|program| bin.join(program).is_file())
    };
    let path = std::env::var_os("PATH").unwrap_or_default();
    let mut found: Vec<_> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .map(|version| version.path().join("bin"))
        .filter(complete)
        .collect();
    found.sort();
    found
        .pop()
        .or_else(|| std::env::split_paths(&path).find(complete))
}

/// A command as the user who runs this, or as another if that is root: the
/// server refuses to be root's.
fn as_other_than_root(folder: &Path, program: impl AsRef<std::ffi::OsStr>) -> Command {
    let me = std::fs::metadata("/proc/self").map_or(1, |myself| myself.uid());
    if me != 0 {
        return Command::new(program);
    }
    let (uid, gid) = other_user().expect("a user `postgres` or `nobody`");
    chown(folder, Some(uid), Some(gid)).unwrap();
    let mut command = Command::new("setpriv");
    command
        .arg(format!("--reuid={uid}"))
        .arg(format!("--regid={gid}"))
        .arg("--clear-groups")
        .arg(program);
    command
}

fn other_user() -> Option<(u32, u32)> {
    let users = std::fs::read_to_string("/etc/passwd").ok()?;
    let user = |name: &str| {
        let mut lines = users
            .lines()
            .map(|line| line.split(':').collect::<Vec<_>>());
        let line = lines.find(|fields| fields.first() == Some(&name))?;
        Some((line.get(2)?.parse().ok()?, line.get(3)?.parse().ok()?))
    };
    user("postgres").or_else(|| user("nobody"))
}
