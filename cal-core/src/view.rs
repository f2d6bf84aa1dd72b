//! Typed views: what a component of a known kind says, read on demand.

mod alarm;
mod attachment;
mod availability;
mod conference;
mod event;
mod extent;
mod fields;
mod free_busy;
mod journal;
mod person;
mod relation;
mod structured;
mod time_zone;
mod todo;

pub use alarm::{Alarm, Trigger};
pub use attachment::Attachment;
pub use availability::{Availability, Available};
pub use conference::Conference;
pub use event::Event;
pub use extent::{Extent, Length};
pub use free_busy::FreeBusy;
pub use journal::Journal;
pub use person::Person;
pub use relation::{Link, Relation};
pub use structured::{NeededResource, Participant, Place};
pub use time_zone::{Observance, TimeZoneBlock};
pub use todo::Todo;

/// Declares a view: a component known to be of one kind, with all of [`Component`](crate::Component)'s questions.
macro_rules! view {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub struct $name<'a>(crate::Component<'a>);

        impl<'a> $name<'a> {
            pub(crate) fn new(component: crate::Component<'a>) -> Self {
                $name(component)
            }

            /// The component that this is a view of.
            #[must_use]
            pub fn component(&self) -> crate::Component<'a> {
                self.0
            }
        }

        impl<'a> std::ops::Deref for $name<'a> {
            type Target = crate::Component<'a>;

            fn deref(&self) -> &crate::Component<'a> {
                &self.0
            }
        }
    };
}
pub(crate) use view;
