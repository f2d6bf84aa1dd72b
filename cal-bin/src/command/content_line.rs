//! Content lines as we write them: UTF-8, CRLF, folded (RFC 5545 3.1).

use cal_core::decode_text;

/// Octets of a physical line at most, its line break not counted.
const WIDTH: usize = 75;

/// Writes a content line, folded between characters.
fn write_line(out: &mut Vec<u8>, line: &str) {
    let mut room = WIDTH;
    for character in line.chars() {
        let length = character.len_utf8();
        if length > room {
            out.extend_from_slice(b"\r\n ");
            room = WIDTH - 1;
        }
        let mut octets = [0_u8; 4];
        out.extend_from_slice(character.encode_utf8(&mut octets).as_bytes());
        room -= length;
    }
    out.extend_from_slice(b"\r\n");
}

/// Copies content lines: any line break becomes CRLF, and a line that is not
/// UTF-8 (or whose folds cut characters apart) is written anew. All else stays,
/// folds included.
pub(super) fn copy_lines(out: &mut Vec<u8>, bytes: &[u8]) {
    for content in (ContentLines { rest: bytes }) {
        match std::str::from_utf8(content) {
            Ok(text) => {
                for physical in (PhysicalLines {
                    rest: text.as_bytes(),
                }) {
                    out.extend_from_slice(physical);
                    out.extend_from_slice(b"\r\n");
                }
            }
            Err(_) => write_line(out, &decode_text(&unfold(content))),
        }
    }
}

fn unfold(content: &[u8]) -> Vec<u8> {
    let mut unfolded = Vec::with_capacity(content.len());
    for (number, physical) in (PhysicalLines { rest: content }).enumerate() {
        let text = match physical.split_first() {
            Some((_, text)) if number > 0 => text,
            _ => physical,
        };
        unfolded.extend_from_slice(text);
    }
    unfolded
}

/// Physical lines without their line breaks: CRLF, LF or CR.
struct PhysicalLines<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for PhysicalLines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        if self.rest.is_empty() {
            return None;
        }
        let (line, rest) = physical_line(self.rest);
        self.rest = rest;
        Some(line)
    }
}

/// Physical lines with the folded ones after them, the last line break left out.
struct ContentLines<'a> {
    rest: &'a [u8],
}

impl<'a> Iterator for ContentLines<'a> {
    type Item = &'a [u8];

    fn next(&mut self) -> Option<&'a [u8]> {
        let whole = self.rest;
        if whole.is_empty() {
            return None;
        }
        let (line, mut rest) = physical_line(whole);
        let mut end = line.len();
        while matches!(rest.first(), Some(b' ' | b'\t')) {
            let (folded, after) = physical_line(rest);
            end = whole.len() - rest.len() + folded.len();
            rest = after;
        }
        self.rest = rest;
        whole.get(..end)
    }
}

/// The first physical line and what follows its line break.
fn physical_line(bytes: &[u8]) -> (&[u8], &[u8]) {
    let end = bytes
        .iter()
        .position(|byte| matches!(byte, b'\r' | b'\n'))
        .unwrap_or(bytes.len());
    let (line, rest) = bytes.split_at(end);
    let rest = match rest {
        [b'\r', b'\n', rest @ ..] | [b'\r' | b'\n', rest @ ..] => rest,
        _ => rest,
    };
    (line, rest)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn copied(bytes: &[u8]) -> String {
        let mut out = Vec::new();
        copy_lines(&mut out, bytes);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn any_line_break_becomes_crlf_and_folds_stay() {
        for text in ["A:1\nB:2\n 3\n", "A:1\rB:2\r 3", "A:1\r\nB:2\r\n 3\r\n"] {
            assert_eq!(copied(text.as_bytes()), "A:1\r\nB:2\r\n 3\r\n", "{text:?}");
        }
    }

    #[test]
    fn what_is_not_utf_8_is_written_anew() {
        assert_eq!(copied(b"S:caf\xE9\n"), "S:café\r\n");
        assert_eq!(copied(b"S:Ada\x92s\n"), "S:Ada’s\r\n");
        assert_eq!(copied(b"S:caf\xC3\n \xA9!\n"), "S:café!\r\n");
    }

    #[test]
    fn lines_are_folded_between_characters() {
        let mut out = Vec::new();
        write_line(&mut out, &"é".repeat(100));
        let text = String::from_utf8(out).unwrap();
        assert!(text.split("\r\n").all(|line| line.len() <= WIDTH));
        assert_eq!(
            text.replace("\r\n ", ""),
            format!("{}\r\n", "é".repeat(100))
        );
    }
}
