//! Running the binary with a home and a data folder of its own.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, SecondsFormat, Utc};
use tempfile::TempDir;

/// A place where nobody has configured anything.
pub(crate) struct Home {
    folder: TempDir,
}

/// What a run of the binary said and how it ended.
#[derive(Debug)]
pub(crate) struct Run {
    pub(crate) stdout: String,
    pub(crate) stderr: String,
    pub(crate) code: i32,
}

impl Home {
    pub(crate) fn new() -> Home {
        Home {
            folder: TempDir::new().unwrap(),
        }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// The data folder that the binary takes when nobody says which.
    pub(crate) fn data(&self) -> PathBuf {
        self.path().join(".local/share/cal")
    }

    /// Writes a file and gives its path.
    pub(crate) fn file(&self, name: &str, content: impl AsRef<[u8]>) -> String {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(&path, content).unwrap();
        path.to_str().unwrap().to_owned()
    }

    /// The binary, away from the settings of whoever runs the tests.
    pub(crate) fn command(&self) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_cal"));
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy();
            if name.starts_with("CAL_") || name.starts_with("XDG_") {
                command.env_remove(&*name);
            }
        }
        command.env("HOME", self.path()).current_dir(self.path());
        command
    }

    pub(crate) fn run<A: AsRef<str>>(&self, arguments: &[A]) -> Run {
        self.run_with(arguments, "")
    }

    /// Runs the binary to its end, with this on standard input.
    pub(crate) fn run_with<A: AsRef<str>>(&self, arguments: &[A], input: impl AsRef<[u8]>) -> Run {
        let mut command = self.command();
        command.args(arguments.iter().map(AsRef::as_ref));
        run(command, input.as_ref())
    }

    /// Makes a user whose password is this.
    pub(crate) fn add_user(&self, name: &str, password: &str) {
        self.run_with(&["user", "add", name, "--password-stdin"], password)
            .expect_done();
    }
}

/// Runs a command to its end.
pub(crate) fn run(mut command: Command, input: &[u8]) -> Run {
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let input = input.to_vec();
    // A child that does not read its input must not hold us up.
    let writer = std::thread::spawn(move || {
        let _ = stdin.write_all(&input);
    });
    let output = child.wait_with_output().unwrap();
    writer.join().unwrap();
    Run {
        stdout: String::from_utf8(output.stdout).unwrap(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        code: output.status.code().unwrap_or(-1),
    }
}

impl Run {
    /// Fails the test unless the run ended well; gives what was printed.
    pub(crate) fn expect_done(self) -> String {
        assert_eq!(self.code, 0, "{self}");
        self.stdout
    }

    /// The lines of standard output as JSON.
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        let parse = |line| serde_json::from_str(line).unwrap();
        self.stdout.lines().map(parse).collect()
    }
}

impl std::fmt::Display for Run {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let mut text = String::new();
        writeln!(text, "exit code {}", self.code)?;
        writeln!(text, "--- stdout\n{}", self.stdout)?;
        write!(text, "--- stderr\n{}", self.stderr)?;
        out.write_str(&text)
    }
}

/// A folder of the data that tests share, where there is one.
pub(crate) fn shared_data(below: &str) -> Option<PathBuf> {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../../shared/data")
        .join(below);
    if path.exists() {
        Some(path)
    } else {
        eprintln!("skipped: {} is not there", path.display());
        None
    }
}

/// A calendar around some components, as a well-behaved program writes it.
pub(crate) fn calendar(components: &str) -> String {
    let text = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//Example//Test//EN\n{}\nEND:VCALENDAR\n",
        components.trim()
    );
    text.replace('\n', "\r\n")
}

/// An event of one hour on a day of March 2026.
pub(crate) fn event(uid: &str, day: u32, more: &str) -> String {
    let more = if more.is_empty() {
        String::new()
    } else {
        format!("\n{more}")
    };
    format!(
        "BEGIN:VEVENT\nUID:{uid}\nDTSTAMP:20260101T000000Z\n\
         DTSTART:202603{day:02}T090000Z\nDTEND:202603{day:02}T100000Z\nSUMMARY:Event {uid}{more}\nEND:VEVENT"
    )
}

/// A time that is between what was done and what will be done.
pub(crate) fn moment() -> String {
    std::thread::sleep(Duration::from_millis(20));
    let now: DateTime<Utc> = std::time::SystemTime::now().into();
    std::thread::sleep(Duration::from_millis(20));
    now.to_rfc3339_opts(SecondsFormat::Millis, true)
}
