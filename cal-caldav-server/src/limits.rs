//! How much work one request may ask for.

/// Bounds on one request. Passing one is a clear error to the client, never a cut answer.
///
/// They bound the work of a request, never what may be stored: a series may have as many
/// occurrences as it likes, a report over it may not.
///
/// ```
/// use cal_caldav_server::Limits;
///
/// let small = Limits { resource_size: 1024 * 1024, ..Limits::default() };
/// assert!(small.resource_size < Limits::default().resource_size);
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Octets of a calendar object or file: advertised as `max-resource-size` and refused before
    /// they are buffered.
    pub resource_size: u64,
    /// Octets of an XML request body.
    pub xml_size: u64,
    /// Hrefs in one `calendar-multiget`.
    pub hrefs: usize,
    /// Filters, nested ones included, in one `calendar-query`.
    pub filters: usize,
    /// Occurrences that one request may compute, over all objects it looks at. In a free-busy
    /// query one object may have a tenth of them; one with more counts as busy for as long as it
    /// may be on.
    pub occurrences: u64,
    /// Changes in one answer to `sync-collection` before it is truncated with a token that
    /// resumes.
    pub changes: u32,
    /// Attendees of one instance: advertised as `max-attendees-per-instance`.
    pub attendees: u32,
    /// Octets of a managed attachment: advertised as `max-attachment-size`.
    pub attachment_size: u64,
    /// Managed attachments that one object may get: advertised as
    /// `max-attachments-per-resource`.
    pub attachments: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            resource_size: 10 * 1024 * 1024,
            xml_size: 4 * 1024 * 1024,
            hrefs: 10_000,
            filters: 200,
            occurrences: 250_000,
            changes: 50_000,
            attendees: 10_000,
            attachment_size: 10 * 1024 * 1024,
            attachments: 20,
        }
    }
}
