//! Properties: their names, and the values that are more than text.

mod privilege;
mod property_name;
mod resource_type;

pub use privilege::Privilege;
pub use property_name::PropertyName;
pub use resource_type::ResourceType;
