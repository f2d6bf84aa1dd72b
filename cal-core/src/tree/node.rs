//! One component of the tree.

use crate::ComponentKind;

/// How a component ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// By its own END.
    Closed,
    /// Without END, where another component begins or its parent ends.
    Missing,
    /// Where the input ends.
    Cut,
}

/// Where a component lies in the list of lines. Nodes stand in the order of
/// their BEGIN, so that the first child of a node is the one after it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Node {
    /// Index of the BEGIN line.
    pub(crate) begin: u32,
    /// Index of the END line, or of the line after the last where there is no END.
    pub(crate) end: u32,
    /// Index of the first node that does not lie inside this one.
    pub(crate) next: u32,
    /// Index of the node around this one; its own for a root.
    pub(crate) parent: u32,
    pub(crate) kind: ComponentKind,
    pub(crate) ending: Ending,
}

impl Node {
    /// Index of the line after the component.
    pub(crate) fn after(self) -> u32 {
        self.end + u32::from(self.ending == Ending::Closed)
    }
}

impl Default for Node {
    fn default() -> Self {
        Node {
            begin: 0,
            end: 0,
            next: 0,
            parent: 0,
            kind: ComponentKind::Other,
            ending: Ending::Missing,
        }
    }
}
