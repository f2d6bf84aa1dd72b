//! Questions to whoever sits there.

use std::io::{self, BufRead, IsTerminal, Write};

use super::Error;

/// Asks twice on a terminal, without echo; reads one line of standard input
/// where the caller says so.
pub(crate) fn new_password(source: PasswordSource) -> Result<String, Error> {
    match source {
        PasswordSource::StandardInput => one_line(),
        PasswordSource::Terminal if io::stdin().is_terminal() => twice(),
        PasswordSource::Terminal => Err(Error::InvalidPassword(
            "cannot be asked for without a terminal; pass it on standard input with --password-stdin",
        )),
    }
}

/// Asks a question on standard error and gives the line that is typed.
pub(crate) fn answer(question: &str) -> Result<String, Error> {
    let mut err = io::stderr();
    write!(err, "{question}")
        .and_then(|()| err.flush())
        .map_err(Error::Prompt)?;
    one_line()
}

/// Where a password comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PasswordSource {
    /// The person at the terminal.
    Terminal,
    /// The first line of standard input.
    StandardInput,
}

/// Everything up to the line's end counts, spaces included.
fn one_line() -> Result<String, Error> {
    let mut line = Vec::new();
    io::stdin()
        .lock()
        .read_until(b'\n', &mut line)
        .map_err(Error::Prompt)?;
    let mut line = String::from_utf8(line).map_err(|_| Error::InvalidPassword("is not UTF-8"))?;
    if line.ends_with('\n') {
        line.pop();
        if line.ends_with('\r') {
            line.pop();
        }
    }
    Ok(line)
}

fn twice() -> Result<String, Error> {
    let first = rpassword::prompt_password("New password: ").map_err(Error::Prompt)?;
    let second = rpassword::prompt_password("Once more: ").map_err(Error::Prompt)?;
    if first == second {
        Ok(first)
    } else {
        Err(Error::InvalidPassword("was not the same both times"))
    }
}
