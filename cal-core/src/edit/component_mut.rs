//! A component that can be edited in its place.

use bytes::Bytes;
use chrono::NaiveDateTime;

use super::{NewComponent, NewProperty};
use crate::tree::Tree;
use crate::{Calendar, Component, ComponentKind, Duration, Error, Moment, PropertyKind};

/// Which component of its calendar one is. Holds until components are added or removed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct ComponentId(u32);

/// A component of a [`Calendar`], borrowed for editing.
///
/// Each setter changes the one line it names, or adds it; every other line
/// keeps its bytes. Nothing else follows by itself: SEQUENCE, DTSTAMP and
/// LAST-MODIFIED change where [`ComponentMut::revise`] is called.
///
/// ```
/// use cal_core::Calendar;
///
/// let mut calendar = Calendar::read(
///     "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:Old\nX-KEPT:a;b\nEND:VEVENT\nEND:VCALENDAR\n",
/// )
/// .calendar;
/// calendar.event_mut("1")?.set_summary("New, and better");
/// assert_eq!(
///     calendar.to_string(),
///     "BEGIN:VCALENDAR\nBEGIN:VEVENT\nUID:1\nSUMMARY:New\\, and better\nX-KEPT:a;b\n\
///      END:VEVENT\nEND:VCALENDAR\n",
/// );
/// # Ok::<(), cal_core::Error>(())
/// ```
pub struct ComponentMut<'a> {
    tree: &'a mut Tree,
    index: u32,
}

/// What is to become of one property; see [`ComponentMut::edit_properties`].
pub(crate) enum PropertyEdit {
    Keep,
    Replace(NewProperty),
    Remove,
}

impl Component<'_> {
    /// Which one it is, for [`Calendar::component_mut`].
    #[must_use]
    pub fn id(&self) -> ComponentId {
        ComponentId(self.index)
    }
}

impl Calendar {
    /// The event with this UID, for editing: the master of a series, or the
    /// first override where there is no master.
    ///
    /// # Errors
    /// If no VEVENT has this UID.
    pub fn event_mut(&mut self, uid: &str) -> Result<ComponentMut<'_>, Error> {
        self.master_mut(ComponentKind::Event, uid)
    }

    /// The to-do with this UID, for editing; see [`Calendar::event_mut`].
    ///
    /// # Errors
    /// If no VTODO has this UID.
    pub fn todo_mut(&mut self, uid: &str) -> Result<ComponentMut<'_>, Error> {
        self.master_mut(ComponentKind::Todo, uid)
    }

    fn master_mut(&mut self, kind: ComponentKind, uid: &str) -> Result<ComponentMut<'_>, Error> {
        let mut found: Option<Component<'_>> = None;
        for component in self
            .components()
            .filter(|component| component.kind() == kind)
        {
            if component.uid().as_deref() != Some(uid) {
                continue;
            }
            if !component.is_override() {
                found = Some(component);
                break;
            }
            found = found.or(Some(component));
        }
        let id = found.map(|component| component.id());
        id.and_then(|id| self.component_mut(id))
            .ok_or_else(|| Error::UnknownUid { uid: uid.into() })
    }

    /// A component for editing; `None` if there is no such one any more.
    pub fn component_mut(&mut self, id: ComponentId) -> Option<ComponentMut<'_>> {
        ((id.0 as usize) < self.tree.nodes.len()).then_some(ComponentMut {
            tree: &mut self.tree,
            index: id.0,
        })
    }

    /// Takes out a component with all that is in it. Returns whether it was there.
    pub fn remove(&mut self, id: ComponentId) -> bool {
        let there = (id.0 as usize) < self.tree.nodes.len();
        if there {
            self.tree.remove_node(id.0);
        }
        there
    }

    /// Adds a component as the last one of the first VCALENDAR.
    ///
    /// # Errors
    /// If there is no VCALENDAR to add it to.
    pub fn add(&mut self, component: &NewComponent) -> Result<ComponentId, Error> {
        self.add_text(component.to_bytes())
    }

    /// Adds the component that a text holds (from BEGIN to END) as the last one
    /// of the first VCALENDAR.
    ///
    /// # Errors
    /// If there is no VCALENDAR to add it to, or the text holds no component.
    pub fn add_text(&mut self, text: impl Into<Bytes>) -> Result<ComponentId, Error> {
        let root = self
            .roots()
            .find(|root| root.kind() == ComponentKind::Calendar);
        let root = root.map(|root| root.index).ok_or(Error::NoCalendar)?;
        let added = self.tree.add_node(root, text.into());
        added.map(ComponentId).ok_or(Error::NoComponent)
    }
}

impl ComponentMut<'_> {
    /// The component as it now is.
    #[must_use]
    pub fn component(&self) -> Component<'_> {
        Component {
            tree: self.tree,
            index: self.index,
        }
    }

    /// Puts a property in the place of the first with its name, or adds it.
    pub fn set(&mut self, property: &NewProperty) -> &mut Self {
        let old = self
            .component()
            .property(property.name())
            .map(|found| found.index);
        let text = property.to_string().into_bytes().into_boxed_slice();
        match old {
            Some(index) => self.tree.replace_line(index, text),
            None => self.tree.add_line(self.index, text),
        }
        self
    }

    /// Adds a property after the others, whether or not there is one of its name.
    pub fn add(&mut self, property: &NewProperty) -> &mut Self {
        let text = property.to_string().into_bytes().into_boxed_slice();
        self.tree.add_line(self.index, text);
        self
    }

    /// Takes out all properties with this name; returns how many there were.
    pub fn remove(&mut self, name: &str) -> usize {
        self.remove_where(|property| property.is(name))
    }

    /// Takes out all properties that `unwanted` picks; returns how many there were.
    pub fn remove_where(&mut self, unwanted: impl Fn(crate::Property<'_>) -> bool) -> usize {
        let component = self.component();
        let found = component
            .properties()
            .filter(|&property| unwanted(property));
        let indices: Vec<u32> = found.map(|property| property.index).collect();
        self.tree.remove_lines_at(&indices);
        indices.len()
    }

    /// Asks of each property what is to become of it; a line that is kept keeps its bytes.
    pub(crate) fn edit_properties(
        &mut self,
        edit: impl FnMut(crate::Property<'_>) -> PropertyEdit,
    ) -> &mut Self {
        let component = self.component();
        let indices: Vec<u32> = component.properties().map(|found| found.index).collect();
        let edits: Vec<PropertyEdit> = component.properties().map(edit).collect();
        let mut removed = Vec::new();
        for (index, edit) in indices.into_iter().zip(edits) {
            match edit {
                PropertyEdit::Keep => {}
                PropertyEdit::Remove => removed.push(index),
                PropertyEdit::Replace(property) => {
                    let text = property.to_string().into_bytes().into_boxed_slice();
                    self.tree.replace_line(index, text);
                }
            }
        }
        self.tree.remove_lines_at(&removed);
        self
    }

    /// Adds a component inside, after the others.
    pub fn add_component(&mut self, component: &NewComponent) -> &mut Self {
        self.tree.add_node(self.index, component.to_bytes());
        self
    }

    /// Adds the component that a text holds inside, after the others.
    pub(crate) fn add_component_text(&mut self, text: Bytes) -> &mut Self {
        self.tree.add_node(self.index, text);
        self
    }

    /// Takes out the components directly inside that `unwanted` picks; returns how many.
    pub fn remove_components_where(&mut self, unwanted: impl Fn(Component<'_>) -> bool) -> usize {
        let component = self.component();
        let found = component.components().filter(|&inner| unwanted(inner));
        let indices: Vec<u32> = found.map(|inner| inner.index).collect();
        for &index in indices.iter().rev() {
            self.tree.remove_node(index);
        }
        indices.len()
    }

    /// Sets a property to a text; it keeps its parameters but for those that
    /// belonged to the old text.
    pub fn set_text(&mut self, kind: PropertyKind, text: &str) -> &mut Self {
        let property = self
            .current(kind)
            .without_parameter("ALTREP")
            .without_parameter("ENCODING")
            .without_parameter("VALUE")
            .with_text(text);
        self.set(&property)
    }

    /// Sets a property to a date or date-time; it keeps its parameters but for VALUE and TZID.
    pub fn set_moment(&mut self, kind: PropertyKind, moment: &Moment) -> &mut Self {
        let property = self.current(kind).with_moment(moment);
        self.set(&property)
    }

    fn current(&self, kind: PropertyKind) -> NewProperty {
        let found = self.component().first(kind);
        found.map_or_else(
            || NewProperty::of(kind),
            |old| NewProperty::from_property(&old),
        )
    }

    /// Sets `SUMMARY`.
    pub fn set_summary(&mut self, summary: &str) -> &mut Self {
        self.set_text(PropertyKind::Summary, summary)
    }

    /// Sets `DESCRIPTION`.
    pub fn set_description(&mut self, description: &str) -> &mut Self {
        self.set_text(PropertyKind::Description, description)
    }

    /// Sets `LOCATION`.
    pub fn set_location(&mut self, location: &str) -> &mut Self {
        self.set_text(PropertyKind::Location, location)
    }

    /// Sets `STATUS`, such as `CANCELLED`.
    pub fn set_status(&mut self, status: &str) -> &mut Self {
        self.set_text(PropertyKind::Status, status)
    }

    /// Sets `DTSTART`.
    pub fn set_start(&mut self, start: &Moment) -> &mut Self {
        self.set_moment(PropertyKind::DtStart, start)
    }

    /// Sets the end of an event (`DTEND`) or to-do (`DUE`) and takes out its `DURATION`.
    pub fn set_end(&mut self, end: &Moment) -> &mut Self {
        let todo = self.component().kind() == ComponentKind::Todo;
        self.remove("DURATION");
        self.set_moment(
            if todo {
                PropertyKind::Due
            } else {
                PropertyKind::DtEnd
            },
            end,
        )
    }

    /// Sets `DURATION` and takes out `DTEND` or `DUE`.
    pub fn set_duration(&mut self, duration: Duration) -> &mut Self {
        self.remove_where(|property| {
            matches!(property.kind(), PropertyKind::DtEnd | PropertyKind::Due)
        });
        let property = NewProperty::of(PropertyKind::Duration).with_duration(duration);
        self.set(&property)
    }

    /// Marks a new revision at `now` (UTC): DTSTAMP and LAST-MODIFIED are set,
    /// SEQUENCE goes up by one.
    pub fn revise(&mut self, now: NaiveDateTime) -> &mut Self {
        let sequence = self.component().sequence().saturating_add(1);
        let next = NewProperty::of(PropertyKind::Sequence).with_raw_value(&sequence.to_string());
        self.set(&next).touch(now)
    }

    /// Sets DTSTAMP and LAST-MODIFIED to `now` (UTC), without a new SEQUENCE.
    pub fn touch(&mut self, now: NaiveDateTime) -> &mut Self {
        self.set_moment(PropertyKind::DtStamp, &Moment::Utc(now));
        self.set_moment(PropertyKind::LastModified, &Moment::Utc(now))
    }
}
