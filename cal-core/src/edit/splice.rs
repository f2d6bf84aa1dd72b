//! Changes to the lists of lines and components that keep their indices in step.

use std::ops::Range;

use bytes::Bytes;

use crate::text::head;
use crate::tree::Tree;
use crate::tree::assembly::{self, Strictness};
use crate::tree::line::{Form, Line};
use crate::tree::node::{Ending, Node};
use crate::{Limits, PropertyKind};

impl Tree {
    /// Puts an unfolded content line in the place of another.
    pub(crate) fn replace_line(&mut self, index: u32, text: Box<[u8]>) {
        let old = self.line(index);
        let mut new = if old.is(Form::OWNED)
            && let Some(place) = self.owned.get_mut(old.start as usize)
        {
            *place = text;
            described(place, old.start, old.number)
        } else {
            self.own(text, old.number)
        };
        // It takes over the line break of the line that it stands for.
        new.end = old.end;
        if let Some(line) = self.lines.get_mut(index as usize) {
            *line = new;
            self.edited = true;
        }
    }

    /// Adds a content line to a component: after its own last property, before
    /// any component inside it.
    pub(crate) fn add_line(&mut self, node: u32, text: Box<[u8]>) {
        let line = self.own(text, 0);
        let at = self.after_properties(node);
        self.make_room(at, 1, node);
        self.lines.insert(at as usize, line);
        self.edited = true;
    }

    fn after_properties(&self, index: u32) -> u32 {
        let node = self.node(index);
        let first_child = self.node(index + 1).begin;
        if index + 1 < node.next {
            first_child
        } else {
            node.end
        }
    }

    /// Takes out some lines that hold no BEGIN or END.
    pub(crate) fn remove_lines(&mut self, range: Range<u32>) {
        let count = range.end.saturating_sub(range.start);
        for node in &mut self.nodes {
            for edge in [&mut node.begin, &mut node.end] {
                if *edge >= range.end {
                    *edge -= count;
                }
            }
        }
        self.lines.drain(range.start as usize..range.end as usize);
        self.edited = true;
    }

    /// Takes out single lines that hold no BEGIN or END, in rising order.
    pub(crate) fn remove_lines_at(&mut self, indices: &[u32]) {
        if indices.is_empty() {
            return;
        }
        let before = |edge: u32| indices.partition_point(|&index| index < edge);
        for node in &mut self.nodes {
            for edge in [&mut node.begin, &mut node.end] {
                *edge -= u32::try_from(before(*edge)).unwrap_or(0);
            }
        }
        let (mut at, mut gone) = (0, indices.iter().peekable());
        self.lines.retain(|_| {
            let removed = gone.next_if_eq(&&at).is_some();
            at += 1;
            !removed
        });
        self.edited = true;
    }

    /// Takes out a component with all that is in it.
    pub(crate) fn remove_node(&mut self, index: u32) {
        let node = self.node(index);
        let count = node.next.saturating_sub(index);
        self.nodes.drain(index as usize..node.next as usize);
        for other in &mut self.nodes {
            for link in [&mut other.next, &mut other.parent] {
                if *link > index {
                    *link -= count;
                }
            }
        }
        self.remove_lines(node.begin..node.after());
    }

    /// Adds the component that `text` holds as the last one inside `parent`.
    /// Returns its index, or `None` if the text holds no component.
    pub(crate) fn add_node(&mut self, parent: u32, text: Bytes) -> Option<u32> {
        let limits = Limits {
            warnings: 0,
            ..Limits::default()
        };
        let part = assembly::assemble(text, limits, Strictness::Lenient).tree;
        let root = part.nodes.first().copied()?;
        let outer = self.node(parent);
        let (at, index) = (outer.end, outer.next);
        let (lines, nodes) = (root.after() - root.begin, root.next);
        self.make_room(at, lines, parent);
        self.make_node_room(index, nodes, parent);
        let moved = (root.begin..root.after()).map(|line| self.adopt(&part, line));
        let moved: Vec<Line> = moved.collect();
        self.lines.splice(at as usize..at as usize, moved);
        let inner = part
            .nodes
            .iter()
            .take(nodes as usize)
            .enumerate()
            .map(|(offset, node)| Node {
                begin: node.begin - root.begin + at,
                end: node.end - root.begin + at,
                next: node.next + index,
                parent: if offset == 0 {
                    parent
                } else {
                    node.parent + index
                },
                ending: if node.ending == Ending::Cut {
                    Ending::Missing
                } else {
                    node.ending
                },
                ..*node
            });
        self.nodes.splice(index as usize..index as usize, inner);
        self.edited = true;
        Some(index)
    }

    /// A line of another tree as an edited line of this one.
    fn adopt(&mut self, from: &Tree, index: u32) -> Line {
        let line = from.line(index);
        if line.is(Form::RAW) {
            let mut kept = self.own(from.raw(line).into(), 0);
            kept.mark(Form::RAW);
            return kept;
        }
        let text = [from.head(line), &from.value(line)].concat();
        self.own(text.into(), 0)
    }

    fn own(&mut self, text: Box<[u8]>, number: u32) -> Line {
        let index = u32::try_from(self.owned.len()).unwrap_or(u32::MAX);
        let line = described(&text, index, number);
        self.owned.push(text);
        line
    }

    /// Shifts what lies at or behind `at`, where lines are to be put into `target`.
    fn make_room(&mut self, at: u32, count: u32, target: u32) {
        for (index, node) in self.nodes.iter_mut().enumerate() {
            let around = index <= target as usize && target < node.next;
            if node.begin >= at {
                node.begin += count;
            }
            if node.end > at || (node.end == at && around) {
                node.end += count;
            }
        }
    }

    /// Shifts the links of nodes where some are to be put at `index`, inside `target`.
    fn make_node_room(&mut self, index: u32, count: u32, target: u32) {
        for (own, node) in self.nodes.iter_mut().enumerate() {
            let around = own <= target as usize && target < node.next;
            if node.next > index || (node.next == index && around) {
                node.next += count;
            }
            if node.parent >= index {
                node.parent += count;
            }
        }
    }
}

/// The line entry for an unfolded text.
fn described(text: &[u8], index: u32, number: u32) -> Line {
    let mut line = Line::new(Form::OWNED, index, 0, number);
    match head::split(text) {
        Ok(head) => {
            line.name = u16::try_from(head.name).unwrap_or(u16::MAX);
            line.value = u32::try_from(head.value).unwrap_or(u32::MAX);
            line.kind = PropertyKind::of_bytes(text.get(..head.name).unwrap_or_default());
        }
        Err(_) => line.mark(Form::RAW),
    }
    line
}
