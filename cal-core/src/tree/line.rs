//! One content line of the tree.

use crate::PropertyKind;

/// Offsets of a content line; twenty bytes, because there is one for every line.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Line {
    /// Offset into the source, or index into the edited lines.
    pub(crate) start: u32,
    /// Offset past the last byte before the line break; of an edited line, that
    /// of the line that it stands for, and 0 of an added one.
    pub(crate) end: u32,
    /// Offset of the value in the unfolded line.
    pub(crate) value: u32,
    /// Physical line number in the input, from 1.
    pub(crate) number: u32,
    /// Length of the name.
    pub(crate) name: u16,
    /// What the name means.
    pub(crate) kind: PropertyKind,
    form: u8,
}

/// Bits that say how a line is stored and what it is.
pub(crate) struct Form;

impl Form {
    /// Has at least one fold.
    pub(crate) const FOLDED: u8 = 1;
    /// Its unfolded text is stored beside the source.
    pub(crate) const COPIED: u8 = 2;
    /// Its text is not in the source: edited or added.
    pub(crate) const OWNED: u8 = 4;
    /// Not a content line (or several of them): kept raw, printed, never looked into.
    pub(crate) const RAW: u8 = 8;
}

impl Line {
    pub(crate) fn new(form: u8, start: u32, end: u32, number: u32) -> Self {
        Line {
            start,
            end,
            value: 0,
            number,
            name: 0,
            kind: PropertyKind::Other,
            form,
        }
    }

    /// Whether any of the [`Form`] bits is set.
    pub(crate) fn is(self, form: u8) -> bool {
        self.form & form != 0
    }

    pub(crate) fn mark(&mut self, form: u8) {
        self.form |= form;
    }

    /// Whether the line is a property, and not a border of a component or kept raw.
    pub(crate) fn is_property(self) -> bool {
        !self.is(Form::RAW) && !matches!(self.kind, PropertyKind::Begin | PropertyKind::End)
    }
}

impl Default for Line {
    fn default() -> Self {
        Line::new(Form::RAW, 0, 0, 0)
    }
}
