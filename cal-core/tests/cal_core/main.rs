//! Specification of cal-core, one module for each of its parts.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::print_stderr,
    clippy::string_slice,
    clippy::cast_possible_truncation,
    missing_docs,
    reason = "tests stop at the first surprise"
)]

mod caldav_data;
mod content;
mod corpus;
mod corpus_counts;
mod difference;
mod editing;
mod expansion_corpus;
mod format_laws;
mod hang_table;
mod hostile;
#[cfg(feature = "icalendar")]
mod icalendar_crate;
mod itip;
mod itip_add;
mod itip_attendee;
mod itip_busy_time;
mod itip_convergence;
mod itip_organizer;
mod itip_receive;
mod itip_refused;
mod itip_world;
mod jcal;
mod jscal;
mod jscal_laws;
mod jscal_properties;
mod laws;
mod lenient;
mod limits;
mod lint;
mod lossless;
mod objects;
mod occurrence_laws;
mod occurrences;
mod odd_edits;
mod odd_texts;
mod overrides;
mod plain_times;
mod recurrence_rules;
mod recurrence_sets;
mod richer_events;
mod series;
mod series_edit;
mod series_edit_laws;
mod series_restore;
mod shared;
mod spans;
mod text;
mod time_range;
mod values;
mod xcal;
mod zone_definitions;
mod zone_laws;
mod zone_updates;
mod zones;

/// A calendar around some components, with CRLF line breaks.
fn calendar_of(components: &str) -> String {
    let text = format!(
        "BEGIN:VCALENDAR\nVERSION:2.0\nPRODID:-//x//y\n{}\nEND:VCALENDAR\n",
        components.trim()
    );
    text.replace('\n', "\r\n")
}

/// A calendar with one event of these lines; UID `1`, a DTSTAMP and, unless the
/// lines have one, a DTSTART stand before them.
fn event_of(lines: &str) -> String {
    let start = if lines.contains("DTSTART") {
        ""
    } else {
        "DTSTART:20260101T000000Z\n"
    };
    calendar_of(&format!(
        "BEGIN:VEVENT\nUID:1\nDTSTAMP:20260101T000000Z\n{start}{}\nEND:VEVENT",
        lines.trim_end()
    ))
}
