//! The names that the specifications define: components, properties, value types.

mod component_kind;
mod property_kind;
mod value_type;

pub use component_kind::ComponentKind;
pub(crate) use property_kind::Arity;
pub use property_kind::PropertyKind;
pub use value_type::ValueType;
