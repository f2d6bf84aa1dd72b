//! What every backend promises, as checks that anyone can run against one.
//!
//! ```
//! # #[tokio::main(flavor = "current_thread")]
//! # async fn main() -> Result<(), cal_store::conformance::Broken> {
//! use cal_store::{Memory, conformance};
//!
//! conformance::run(async || Ok(Memory::new())).await
//! # }
//! ```
//!
//! [`run`] checks one promise after the other, each on a fresh and empty
//! backend. A backend that outlives its process also passes
//! [`survives_reopening`]. The promises are public one by one, too, for a test
//! each.

mod atomicity;
mod attachments;
mod audit;
mod booking;
mod busy;
mod collections;
mod concurrency;
mod copying;
mod credentials;
mod due;
mod history;
mod jobs;
mod locks;
mod objects;
mod paging;
mod past;
mod preconditions;
mod principals;
mod properties;
mod relocation;
mod restart;
mod restore;
mod rooms;
mod scene;
mod search;
mod secrets;
mod sync;
mod trash;
mod uniqueness;
mod windows;

use std::future::Future;
use std::pin::Pin;

use crate::{Backend, Error, Store};

pub use restart::survives_reopening;

/// A promise that a backend does not keep.
#[derive(Debug, Clone, thiserror::Error)]
#[error("{}{what}", Prefix(promise))]
pub struct Broken {
    /// The promise, by the name of its check.
    pub promise: &'static str,
    /// What happened instead.
    pub what: String,
}

/// Writes the promise before what happened, if it is known.
struct Prefix<'p>(&'p str);

impl std::fmt::Display for Prefix<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        if self.0.is_empty() {
            return Ok(());
        }
        write!(f, "{}: ", self.0)
    }
}

impl Broken {
    pub(crate) fn new(what: impl Into<String>) -> Self {
        Self {
            promise: "",
            what: what.into(),
        }
    }
}

impl From<Error> for Broken {
    fn from(error: Error) -> Self {
        Self::new(format!("unexpected error: {error:?}"))
    }
}

/// Fails a check unless a condition holds.
macro_rules! ensure {
    ($condition:expr, $($what:tt)+) => {
        if !$condition {
            return Err($crate::conformance::Broken::new(format!($($what)+)));
        }
    };
}
use ensure;

/// Fails a check unless two values are equal.
macro_rules! ensure_eq {
    ($left:expr, $right:expr, $what:literal) => {
        match (&$left, &$right) {
            (left, right) => {
                if left != right {
                    return Err($crate::conformance::Broken::new(format!(
                        "{}: {left:?} is not {right:?}",
                        $what
                    )));
                }
            }
        }
    };
}
use ensure_eq;

/// Fails a check unless an outcome is an error of this form.
macro_rules! ensure_refused {
    ($outcome:expr, $pattern:pat, $what:literal) => {
        match $outcome {
            Err($pattern) => {}
            other => {
                return Err($crate::conformance::Broken::new(format!(
                    "{}: {other:?}",
                    $what
                )))
            }
        }
    };
}
use ensure_refused;

/// One check of one promise.
type Check = for<'s> fn(&'s Store) -> Pin<Box<dyn Future<Output = Outcome> + Send + 's>>;

/// Whether a promise is kept.
pub type Outcome = Result<(), Broken>;

/// Declares the promises: a public check each, and the list of all.
macro_rules! promises {
    ($($(#[doc = $doc:literal])+ $module:ident::$name:ident;)+) => {
        $(
            $(#[doc = $doc])+
            ///
            /// # Errors
            ///
            /// What the backend does instead.
            pub async fn $name(store: &Store) -> Outcome {
                let promise = stringify!($name);
                $module::$name(store).await.map_err(|broken| Broken { promise, ..broken })
            }
        )+

        const PROMISES: &[Check] = &[$(|store| Box::pin($name(store))),+];
    };
}

promises! {
    /// A new principal has a home and in it two calendars with disjoint kinds.
    principals::provisions_two_disjoint_calendars;
    /// Principals are found by id, name and address; names keep their bytes.
    principals::finds_principals_by_any_name;
    /// A name or an address belongs to one principal only.
    principals::keeps_names_and_addresses_unique;
    /// No principal has a name that people cannot tell from another's.
    principals::keeps_names_apart;
    /// Changes of a principal take effect, and a removed one is gone with all it had.
    principals::changes_and_removes_principals;
    /// Passwords and tokens are kept, found and revoked, and each change shows.
    credentials::keeps_credentials;
    /// Collections are made, found by path, listed by name and refused where they cannot be.
    collections::builds_a_tree;
    /// Collections move with all below them, but never into themselves.
    collections::moves_subtrees;
    /// Collections go as deep as the store allows, however they come there.
    collections::bounds_the_depth;
    /// What scheduling needs a home for is not taken by anything else.
    collections::reserves_the_names_of_scheduling;
    /// Details of collections change one by one.
    properties::changes_collection_details;
    /// Other properties of collections are replaced and removed by name.
    properties::changes_collection_properties;
    /// Objects have properties that outlive a new body and end with the object.
    properties::keeps_object_properties;
    /// Bytes, media type and times come back as they went in.
    objects::returns_what_was_stored;
    /// Storing the same bytes again changes nothing at all.
    objects::ignores_identical_bytes;
    /// A calendar takes valid objects of its kinds only, other collections take anything.
    objects::refuses_what_a_calendar_cannot_hold;
    /// Preconditions are held against what is there.
    preconditions::checks_every_precondition;
    /// Of many writers with one condition exactly one wins.
    preconditions::lets_one_writer_win;
    /// A UID is in a calendar once, byte for byte, and deletion frees it.
    uniqueness::keeps_uids_unique;
    /// An object is not replaced by one with another UID, however it comes.
    uniqueness::keeps_the_uid_of_an_object;
    /// Several edits happen together or not at all.
    atomicity::writes_all_or_nothing;
    /// Of many independent puts those that can be made are made.
    atomicity::writes_each_by_itself;
    /// Attachments are files in a place of their own, written together with what names them.
    attachments::keeps_attachments;
    /// Attachments that nothing names go, all others stay.
    attachments::prunes_attachments_that_nothing_names;
    /// A reader that follows tokens sees each change, each name once, in its latest state.
    sync::follows_tokens;
    /// A token of another epoch, collection or the future is refused.
    sync::refuses_foreign_tokens;
    /// The token moves when, and only when, a member changes.
    sync::moves_the_token_with_changes_only;
    /// Paging through changes misses nothing, whatever happens meanwhile.
    sync::pages_through_changes;
    /// Random writers and a reader of tokens agree on what is there.
    sync::replays_to_the_same_state;
    /// Collections inside a collection are members of its log.
    sync::logs_collections_in_their_parent;
    /// A token from before pruned deletions is refused, others go on.
    sync::expires_tokens_before_pruned_deletions;
    /// Listings come in pages in a stable order.
    paging::pages_through_listings;
    /// A window finds all that overlaps it, and little else, in pages.
    windows::finds_what_overlaps;
    /// Words are found by how they begin, without regard to case and accents, in pages.
    search::finds_words;
    /// The index of words is where the objects are, through all that happens to them.
    search::keeps_words_up_to_date;
    /// Words are found in all calendars of a principal.
    search::finds_words_of_a_principal;
    /// Categories are found and counted.
    search::finds_categories;
    /// What alarms go off in a time is told, of everything that is there.
    due::tells_what_is_due;
    /// Reminders come in pages of any size, whatever is written meanwhile.
    due::pages_through_what_is_due;
    /// The index is made again from the bytes, and nothing else changes.
    due::makes_the_index_again;
    /// The index of what is in the trash is made again, too, and right once it is back.
    due::indexes_what_is_in_the_trash;
    /// Every version is kept, with who made and who ended it.
    history::keeps_every_version;
    /// An earlier version can be made the current one, as a new change.
    history::restores_versions;
    /// What is older than the retention is forgotten, nothing else.
    history::prunes_what_is_old;
    /// A collection is told as it was at any instant: its objects, in pages.
    past::tells_what_objects_were_there;
    /// Where a clock went backwards, the later change counts, and none is lost.
    past::orders_by_sequence_where_clocks_go_back;
    /// A collection is told as it was: its place, name, details and properties.
    past::tells_what_collections_were;
    /// What is in the trash is told as it was before it was put there.
    past::tells_what_was_in_the_trash;
    /// What was pruned is refused, never answered with nothing, and recorded.
    past::refuses_what_was_forgotten;
    /// A collection goes back to what it was, as changes that clients sync.
    restore::restores_collections;
    /// A restoration that meets a change it does not know of does nothing.
    restore::restores_all_or_nothing;
    /// A deleted object comes back unless its UID is taken, and then once it is free.
    restore::restores_objects_of_deleted_uids;
    /// More than one transaction takes goes into several.
    restore::bounds_restorations;
    /// Each change of an object is an entry of the chain of its collection.
    audit::chains_changes_of_members;
    /// Each change of a collection is an entry of the chain of its parent.
    audit::chains_changes_of_collections;
    /// Each change of a principal is an entry of the chain of the store.
    audit::chains_changes_of_principals;
    /// A chain that was pruned goes on from its anchor.
    audit::keeps_chains_whole_through_pruning;
    /// A chain is held against a head that was noted earlier.
    audit::proves_heads_that_were_noted;
    /// A deleted collection frees its name, vanishes with its members, and can come back.
    trash::keeps_deleted_collections;
    /// What was deleted stays with its owner when what held it goes to another.
    trash::leaves_the_trash_with_its_owner;
    /// Objects are copied with their properties, if the other calendar takes them.
    relocation::copies_objects;
    /// Objects move whole, or stay where they are.
    relocation::moves_objects;
    /// Collections are copied with all below them, or empty.
    relocation::copies_collections;
    /// Collections move over others, but never into what is below them.
    relocation::moves_collections;
    /// A job that is due is leased to one, and comes back when the lease runs out.
    jobs::leases_what_is_due;
    /// A job ends as whoever has its lease says, and nobody else.
    jobs::settles_what_is_leased;
    /// Of the jobs of a kind and key one waits; one that is being done runs again.
    jobs::keeps_one_job_of_a_key;
    /// A job is enqueued, or done, with other writes or not at all.
    jobs::changes_the_queue_with_other_writes;
    /// Dead letters are listed, taken back and removed.
    jobs::keeps_dead_letters;
    /// Dead letters are forgotten by age and by number, which leaves a record.
    jobs::forgets_dead_letters;
    /// Many workers at once do each job once.
    jobs::leases_each_job_to_one_of_many;
    /// A secret is kept for its source, and each change of one is in the chain of the store.
    secrets::keeps_secrets;
    /// All secrets are replaced at once, or none where one has changed.
    secrets::replaces_all_secrets_or_none;
    /// What is locked is written with the token of whoever locked it only.
    locks::keeps_others_from_writing;
    /// A lock covers what is below its root, or its members alone.
    locks::covers_what_is_below;
    /// An exclusive lock is alone, shared ones are beside each other.
    locks::shuts_out_other_locks;
    /// A lock ends when its time has come, it is released, or its root goes elsewhere.
    locks::ends_with_its_time_or_root;
    /// What is made under a lock is locked at once; nobody has too many locks.
    locks::locks_what_it_makes_or_nothing;
    /// The times that calendars take follow every change of their objects.
    busy::knows_what_takes_time;
    /// What is transparent, in the trash or another's takes no time of a principal.
    busy::follows_collections;
    /// Times are those of the owner's present addresses and of the calendar's present zone.
    busy::follows_addresses_and_zones;
    /// What cannot be worked out is never free.
    busy::shows_as_busy_what_cannot_be_worked_out;
    /// The times that are kept are those that are worked out anew.
    busy::equals_what_is_worked_out_anew;
    /// A room is at one meeting at a time, exactly; the first wins and is named.
    booking::books_a_room_once;
    /// Every instance of a series counts, as far as is looked ahead.
    booking::books_a_room_for_series;
    /// Writes of one transaction, and what comes back, are booked one after the other.
    booking::books_in_order_of_transactions;
    /// Of many who book a room at once exactly one wins.
    booking::lets_one_booking_win;
    /// All opaque calendars of a room are one room, for events, series and holds.
    rooms::books_all_calendars_as_one;
    /// Of many who book a room at once, each in another of its calendars, exactly one wins.
    rooms::lets_one_booking_win_over_all_calendars;
    /// What is booked years beyond what is kept is compared exactly.
    rooms::compares_what_is_years_ahead;
    /// A write that was decided upon from a log that has moved since is refused.
    rooms::refuses_what_was_decided_before;
    /// What meets all the same is found, with both events.
    rooms::tells_what_is_booked_twice;
    /// A person's calendar refuses to be busy twice if it has the property.
    booking::refuses_double_booking_where_asked;
    /// A held time is busy for others until it lapses, is released or is booked by its holder.
    booking::holds_times;
    /// Nothing is booked or held in the trash; what was held before is held when it comes back.
    booking::keeps_holds_out_of_the_trash;
    /// A store is copied whole, from and to other backends, and goes on from there.
    copying::copies_whole;
    /// Secrets, jobs and holds are copied, and what is worked out from objects is there.
    copying::copies_what_is_to_be_done;
    /// A copy that was interrupted goes on; one over something else is refused.
    copying::copies_only_over_itself;
    /// Many writers and readers at once get no error and lose nothing.
    concurrency::serves_many_at_once;
    /// Committed changes are published, refused ones are not.
    concurrency::publishes_changes;
}

/// Checks every promise, each against a backend that `make` has just made.
///
/// # Errors
///
/// The first promise that is not kept, and what happens instead.
pub async fn run<B: Backend + 'static>(make: impl AsyncFn() -> Result<B, Error>) -> Outcome {
    for check in PROMISES {
        let store = Store::new(make().await?);
        check(&store).await?;
    }
    Ok(())
}
