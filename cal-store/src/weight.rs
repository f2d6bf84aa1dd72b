//! How much work an object makes, told before anything is worked out of it.

/// Bytes that are read, checked and indexed in no time: below a millisecond.
const LIGHT_BYTES: usize = 16 << 10;

/// Names of properties that make many times of one line (RFC 5545 3.8.5; EXRULE
/// is of RFC 2445), in capitals.
const REPEATING: [&[u8; 5]; 3] = [b"RRULE", b"RDATE", b"XRULE"];

/// Whether reading and expanding an object is sure to be short work, so that it
/// may be done on a thread that others wait for.
///
/// That is told by its bytes alone, and rather too seldom than too often: a small
/// object without a rule has as many times as it has lines.
#[must_use]
pub fn is_light(body: &[u8]) -> bool {
    body.len() <= LIGHT_BYTES && !names_a_rule(body)
}

/// Whether the name of a rule or a list of dates may be somewhere in a text: in
/// any case, and however its lines are folded.
fn names_a_rule(body: &[u8]) -> bool {
    const LETTERS: u64 = 0xff_ffff_ffff;
    let names = REPEATING.map(|name| name.iter().fold(0, shifted));
    let mut last = 0;
    body.iter().filter(|byte| **byte > b' ').any(|byte| {
        last = shifted(last, &byte.to_ascii_uppercase()) & LETTERS;
        names.contains(&last)
    })
}

fn shifted(letters: u64, letter: &u8) -> u64 {
    letters << 8 | u64::from(*letter)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rule_is_seen_in_any_case_and_folded_anywhere() {
        for text in [
            "DTSTART:20260922T090000Z\r\nRRULE:FREQ=SECONDLY\r\n",
            "rrule:freq=secondly\r\n",
            "RR\r\n ULE:FREQ=SECONDLY\r\n",
            "RRU\n\tLE;X=1:FREQ=SECONDLY\n",
            "RDATE;VALUE=PERIOD:19960403T020000Z/PT4H\r\n",
            "EXRULE:FREQ=SECONDLY\r\n",
        ] {
            assert!(!is_light(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn a_small_object_without_a_rule_is_light() {
        let text = "BEGIN:VEVENT\r\nUID:a\r\nDTSTART:20260922T090000Z\r\n\
                    RECURRENCE-ID:20260922T090000Z\r\nSUMMARY:Rules\r\nEND:VEVENT\r\n";
        assert!(is_light(text.as_bytes()));
        assert!(!is_light(&vec![b'x'; LIGHT_BYTES + 1]));
    }
}
