//! Bounds on what a store accepts.

/// What a [`Store`](crate::Store) accepts at most.
///
/// They bound single requests, single resources and the queue of jobs, never how
/// much may be stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of a calendar object.
    pub object_bytes: u64,
    /// Bytes of any other file.
    pub file_bytes: u64,
    /// Bytes of the properties set in one request.
    pub property_bytes: u64,
    /// Levels of collections below a home.
    pub depth: usize,
    /// Members copied in one request.
    pub copied_members: usize,
    /// Bytes of the members copied in one request, which are in memory until
    /// all of them are written.
    pub copied_bytes: u64,
    /// Members restored in one transaction.
    pub restored_members: usize,
    /// Jobs of one kind that wait or are being done.
    pub jobs_of_kind: u64,
    /// Jobs of all kinds, those that were given up among them.
    pub jobs: u64,
    /// Jobs that were given up, which are kept when others are
    /// [pruned](crate::Store::prune_dead_letters): the latest.
    pub dead_letters: u64,
    /// Bytes of the payload of a job.
    pub job_bytes: u64,
    /// Bytes of the secret of a source.
    pub secret_bytes: u64,
    /// Items in a page, whatever is asked for.
    pub page_items: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            object_bytes: 10 << 20,
            file_bytes: 64 << 20,
            property_bytes: 1 << 20,
            depth: 64,
            copied_members: 100_000,
            copied_bytes: 256 << 20,
            restored_members: 5_000,
            jobs_of_kind: 100_000,
            jobs: 1_000_000,
            dead_letters: 100_000,
            job_bytes: 64 << 10,
            secret_bytes: 64 << 10,
            page_items: 10_000,
        }
    }
}
