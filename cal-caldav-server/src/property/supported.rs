//! What the server supports, as properties tell it.

use cal_core::RuleCalendar;
use cal_dav::Writer;
use cal_dav::name::{caldav, dav};
use cal_dav::property::Privilege;
use cal_dav::report::Collation;

/// `CALDAV:supported-calendar-data` (RFC 4791 section 5.2.4).
pub(crate) fn calendar_data(writer: &mut Writer) {
    writer
        .element(&caldav::CALENDAR_DATA)
        .attribute("content-type", "text/calendar")
        .attribute("version", "2.0")
        .empty();
}

/// `CALDAV:supported-collation-set` (RFC 4791 section 7.5.1).
pub(crate) fn collations(writer: &mut Writer) {
    for collation in Collation::ALL {
        writer.text_element(&caldav::SUPPORTED_COLLATION, collation.as_str());
    }
}

/// `CALDAV:supported-rscale-set` (RFC 7529 section 8).
pub(crate) fn rule_calendars(writer: &mut Writer) {
    for name in RuleCalendar::supported() {
        writer.text_element(&caldav::SUPPORTED_RSCALE, name);
    }
}

/// `DAV:acl-restrictions` (RFC 3744 section 5.6).
pub(crate) fn acl_restrictions(writer: &mut Writer) {
    writer.empty(&dav::GRANT_ONLY);
    writer.empty(&dav::NO_INVERT);
}

/// `DAV:supported-privilege-set` (RFC 3744 section 5.3): aggregates and their parts.
pub(crate) fn privileges(writer: &mut Writer) {
    supported(writer, &Privilege::All, "Everything", |writer| {
        supported(
            writer,
            &Privilege::Read,
            "Read content and properties",
            |writer| {
                leaf(writer, &Privilege::ReadAcl, "Read who may do what");
                leaf(
                    writer,
                    &Privilege::ReadCurrentUserPrivilegeSet,
                    "Read one's own privileges",
                );
                leaf(
                    writer,
                    &Privilege::ReadFreeBusy,
                    "Read when there is something",
                );
            },
        );
        supported(
            writer,
            &Privilege::Write,
            "Write content and properties",
            |writer| {
                leaf(writer, &Privilege::WriteProperties, "Write properties");
                leaf(writer, &Privilege::WriteContent, "Write content");
                leaf(writer, &Privilege::Bind, "Add members");
                leaf(writer, &Privilege::Unbind, "Remove members");
            },
        );
    });
}

fn leaf(writer: &mut Writer, privilege: &Privilege, description: &str) {
    supported(writer, privilege, description, |_| {});
}

fn supported(
    writer: &mut Writer,
    privilege: &Privilege,
    description: &str,
    parts: impl FnOnce(&mut Writer),
) {
    use cal_dav::XmlElement;
    writer.element(&dav::SUPPORTED_PRIVILEGE).content(|writer| {
        privilege.write(writer);
        writer
            .element(&dav::DESCRIPTION)
            .attribute("xml:lang", "en")
            .text(description);
        parts(writer);
    });
}
