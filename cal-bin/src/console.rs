//! What the command says: answers on standard output, all else on standard
//! error.

use std::fmt::Display;
use std::io::{self, BufWriter, IsTerminal, Stderr, Stdout, Write};

use crate::error::{Error, with_causes};

/// The two streams of the process.
///
/// Standard output is buffered, so that a hundred thousand occurrences cost few
/// system calls; [`Console::flush`] sends what is waiting.
pub(crate) struct Console {
    out: BufWriter<Stdout>,
    err: Stderr,
}

impl Console {
    pub(crate) fn new() -> Console {
        Console {
            out: BufWriter::with_capacity(64 * 1024, io::stdout()),
            err: io::stderr(),
        }
    }

    /// One line of the answer.
    pub(crate) fn line(&mut self, line: impl Display) -> Result<(), Error> {
        writeln!(self.out, "{line}").map_err(Error::Output)
    }

    /// One JSON value of the answer, on a line of its own.
    pub(crate) fn json(&mut self, value: &impl serde::Serialize) -> Result<(), Error> {
        serde_json::to_writer(&mut self.out, value).map_err(|error| Error::Output(error.into()))?;
        self.out.write_all(b"\n").map_err(Error::Output)
    }

    /// Bytes of the answer, as they are.
    pub(crate) fn bytes(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.out.write_all(bytes).map_err(Error::Output)
    }

    /// Sends what is buffered.
    pub(crate) fn flush(&mut self) -> Result<(), Error> {
        self.out.flush().map_err(Error::Output)
    }

    /// One line beside the answer: a warning, a summary, a hint.
    ///
    /// The answer so far goes first, so that the two read in order on a
    /// terminal. What calendars hold must not steer it: control characters are
    /// written as escapes. Nobody can be told that standard error is closed.
    pub(crate) fn note(&mut self, line: impl Display) {
        let _ = self.out.flush();
        let mut safe = String::new();
        for character in line.to_string().chars() {
            if character.is_control() {
                safe.extend(character.escape_default());
            } else {
                safe.push(character);
            }
        }
        let _ = writeln!(self.err, "{safe}");
    }

    /// Why the command failed, with every cause.
    pub(crate) fn report(&mut self, error: &Error) {
        let message = with_causes(error);
        // Some messages, such as those about TOML, show the place below them.
        for line in format!("cal: {}", message.trim_end()).lines() {
            self.note(line);
        }
    }

    /// Whether a person sees standard output, so that text for people helps.
    pub(crate) fn is_seen(&self) -> bool {
        self.out.get_ref().is_terminal()
    }

    /// Whether a person sees standard error, so that a progress bar helps.
    pub(crate) fn shows_progress(&self) -> bool {
        self.err.is_terminal()
    }
}

/// A number of things, in words: `1 object`, `2 objects`.
pub(crate) fn counted(number: usize, thing: &str) -> String {
    let plural = if number == 1 { "" } else { "s" };
    format!("{number} {thing}{plural}")
}
