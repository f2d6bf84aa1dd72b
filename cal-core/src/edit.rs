//! Editing: one property or component at a time, nothing else is touched.

mod component_mut;
mod new_component;
mod new_property;
mod splice;

pub(crate) use component_mut::PropertyEdit;
pub use component_mut::{ComponentId, ComponentMut};
pub use new_component::NewComponent;
pub use new_property::NewProperty;
