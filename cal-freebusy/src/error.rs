//! What can go wrong.

/// Why a value could not be read.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum Error {
    /// A period is not `start/end` or `start/duration` in UTC with an end
    /// after its start.
    #[error("`{text}` is not a period of UTC with an end after its start")]
    Period {
        /// The period as written, cut if it is long.
        text: String,
    },
    /// Stored slots cannot be read.
    #[error("stored slots are damaged")]
    Damaged(#[source] std::io::Error),
    /// Stored slots hold numbers that are not slots.
    #[error("stored slots reach beyond the last slot there is")]
    SlotOutOfRange,
    /// A time of the day is not `HH:MM-HH:MM`.
    #[error("`{text}` is not a time of the day such as 09:00-17:00")]
    TimeOfDay {
        /// The time as written, cut if it is long.
        text: String,
    },
    /// A window is longer than can be looked at by the wall clock.
    #[error("the window is longer than {days} days")]
    WindowTooLong {
        /// How many days it may have.
        days: i64,
    },
    /// A time cannot be looked for as asked.
    #[error("{reason}")]
    Request {
        /// What is wrong with the request.
        reason: &'static str,
    },
    /// A time is held by someone else.
    #[error("the time is held until {until}")]
    Held {
        /// When that hold lapses.
        until: chrono::DateTime<chrono::Utc>,
    },
    /// There are as many holds as there may be.
    #[error("there are more than {most} holds")]
    TooManyHolds {
        /// How many there may be.
        most: usize,
    },
    /// A hold has lapsed or was released.
    #[error("the hold has lapsed")]
    Lapsed,
    /// Shared availability cannot be made, read, merged or trusted.
    #[error("shared availability: {reason}")]
    Shared {
        /// What is wrong with it.
        reason: &'static str,
    },
    /// More events play a part than are told.
    #[error("more than {most} events play a part: ask for a shorter time")]
    TooManyEvents {
        /// How many there may be.
        most: usize,
    },
}
