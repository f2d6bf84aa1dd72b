//! Builds the tree from bytes in one pass, without recursion, and collects
//! the faults it meets on the way.

use std::borrow::Cow;

use bytes::Bytes;

use super::line::{Form, Line};
use super::node::{Ending, Node};
use super::{Tree, decode, position, print};
use crate::check::{membership::Seen, value};
use crate::text::lines::{Lines, Span};
use crate::text::{fold, head, survey};
use crate::{ComponentKind, Fault, Limits, PropertyKind, Rule, Severity};

/// What to do at the first error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Strictness {
    /// Stop: the caller wants nothing but the fault.
    Strict,
    /// Note it and go on.
    Lenient,
}

/// A tree with what was found wrong while it grew.
pub(crate) struct Assembled {
    pub(crate) tree: Tree,
    pub(crate) faults: Vec<Fault>,
    pub(crate) incomplete: bool,
}

/// Reads an input of any kind.
pub(crate) fn assemble(input: Bytes, limits: Limits, strictness: Strictness) -> Assembled {
    let transcoded = decode::from_utf16(&input);
    let (source, received) = match transcoded {
        Some(utf8) => (utf8, Some(input)),
        None => (input, None),
    };
    let mut assembly = Assembly::new(&source, limits, strictness);
    if received.is_some() {
        assembly.fault_at(Rule::Utf16, 1, &[]);
    }
    assembly.run();
    assembly.finish(received)
}

/// A component that has begun and not ended.
struct Open {
    node: u32,
    /// Physical line of its BEGIN.
    number: u32,
    properties: usize,
    seen: Seen,
}

struct Assembly<'a> {
    source: &'a Bytes,
    limits: Limits,
    strictness: Strictness,
    survey: survey::Survey,
    lines: Vec<Line>,
    nodes: Vec<Node>,
    copies: Vec<(u32, Box<[u8]>)>,
    open: Vec<Open>,
    /// BEGINs inside a component that is too deep to be kept as one.
    too_deep: usize,
    /// The current content line with its folds, and its first physical line.
    raw: &'a [u8],
    number: u32,
    tail: usize,
    first: usize,
    faults: Vec<Fault>,
    incomplete: bool,
    stopped: bool,
}

impl<'a> Assembly<'a> {
    fn new(source: &'a Bytes, limits: Limits, strictness: Strictness) -> Self {
        let first = if source.starts_with(b"\xEF\xBB\xBF") {
            3
        } else {
            0
        };
        Assembly {
            source,
            limits,
            strictness,
            survey: survey::survey(source),
            lines: Vec::with_capacity(source.len() / 28 + 4),
            nodes: Vec::new(),
            copies: Vec::new(),
            open: Vec::new(),
            too_deep: 0,
            raw: &[],
            number: 1,
            tail: source.len(),
            first,
            faults: Vec::new(),
            incomplete: false,
            stopped: false,
        }
    }

    fn run(&mut self) {
        let source: &'a [u8] = self.source;
        let most = self.limits.input_bytes.min(u32::MAX as usize - 1);
        for span in Lines::new(source, self.first, self.survey.bare_cr) {
            if span.next > most || self.lines.len() >= self.limits.lines {
                let rule = if span.next > most {
                    Rule::InputTooLong
                } else {
                    Rule::TooManyLines
                };
                self.fault_at(rule, self.number, &[]);
                (self.tail, self.incomplete) = (span.start, true);
                break;
            }
            self.raw = source.get(span.start..span.end).unwrap_or_default();
            self.content_line(span);
            if self.stopped {
                return;
            }
            self.number = self.number.saturating_add(span.folds + 1);
        }
        self.end_of_input();
    }

    fn content_line(&mut self, span: Span) {
        let raw = self.raw;
        let form = if span.folds > 0 { Form::FOLDED } else { 0 };
        let mut line = Line::new(form, offset(span.start), offset(span.end), self.number);
        if raw.is_empty() {
            return self.keep_raw(line);
        }
        if self.open.is_empty() && span.folds == 0 && !begins_component(raw) {
            return self.outside(line);
        }
        if raw.len() > self.limits.line_bytes {
            self.fault(Rule::LineTooLong, 0);
            return self.keep_raw(line);
        }
        if span.folds > 0 {
            return self.folded_line(line);
        }
        self.unfolded_line(&mut line, raw);
    }

    /// Unfolds a line; keeps the copy if more than the value is folded.
    fn folded_line(&mut self, mut line: Line) {
        let raw = self.raw;
        let unfolded = fold::unfold(raw);
        if self.open.is_empty() && !begins_component(&unfolded) {
            return self.outside(line);
        }
        let first = memchr::memchr2(b'\r', b'\n', raw).unwrap_or(raw.len());
        let head_in_first = head::split(&unfolded).is_ok_and(|head| head.value <= first);
        let border = begins_component(&unfolded) || ends_component(&unfolded);
        if !head_in_first || border {
            line.mark(Form::COPIED);
            self.copies.push((line.start, unfolded.as_ref().into()));
        }
        self.unfolded_line(&mut line, &unfolded);
    }

    fn unfolded_line(&mut self, line: &mut Line, text: &[u8]) {
        let head = match head::split(text) {
            Ok(head) if head.name <= usize::from(u16::MAX) => head,
            Ok(_) => return self.reject(Rule::BadName, 0, *line),
            Err((rule, at)) => return self.reject(rule, at, *line),
        };
        line.name = u16::try_from(head.name).unwrap_or(u16::MAX);
        line.value = offset(head.value);
        line.kind = PropertyKind::of_bytes(text.get(..head.name).unwrap_or_default());
        if head.value > self.limits.head_bytes {
            return self.reject(Rule::HeadTooLong, head.name, *line);
        }
        if head.parameters > self.limits.parameters {
            return self.reject(Rule::TooManyParameters, head.name, *line);
        }
        if let Some((rule, at)) = head.flaw {
            self.fault(rule, at);
        }
        if self.survey.control || self.survey.not_utf8 {
            self.characters(text);
        }
        match line.kind {
            PropertyKind::Begin => self.begin(*line, text),
            PropertyKind::End => self.end(*line, text),
            _ => self.property(*line, head.declared, text),
        }
    }

    /// Control characters and bytes that are not UTF-8: noted, the line stays in use.
    fn characters(&mut self, text: &[u8]) {
        let control = |&byte: &u8| (byte < 0x20 && byte != b'\t') || byte == 0x7F;
        if let Some(at) = text.iter().position(control) {
            self.fault(Rule::ControlCharacter, at);
        }
        if let Err(error) = std::str::from_utf8(text) {
            self.fault(Rule::NotUtf8, error.valid_up_to());
        }
    }

    /// `declared` is where its type is declared, `text` the line without its folds.
    fn property(&mut self, line: Line, declared: Option<(usize, usize)>, text: &[u8]) {
        let at = line.value as usize;
        let most = self.limits.properties;
        let Some(open) = self.open.last_mut() else {
            return self.outside(line);
        };
        open.properties += 1;
        if self.too_deep > 0 || open.properties > most {
            if open.properties == most + 1 {
                self.fault(Rule::TooManyProperties, 0);
                self.incomplete = true;
            }
            return self.keep_raw(line);
        }
        open.seen.property(line.kind);
        let value = text.get(at..).unwrap_or_default();
        let declared = declared.and_then(|(start, end)| text.get(start..end));
        if let Some((rule, offset)) = value::fault(line.kind, declared, value) {
            self.fault(rule, at + offset);
        }
        self.lines.push(line);
    }

    fn begin(&mut self, line: Line, text: &[u8]) {
        let Some(name) = self.border_name(line, text) else {
            return;
        };
        let kind = ComponentKind::of_bytes(name);
        self.close_for(kind);
        if self.open.len() >= self.limits.depth {
            if self.too_deep == 0 {
                self.fault(Rule::TooDeep, 0);
                self.incomplete = true;
            }
            self.too_deep += 1;
            return self.keep_raw(line);
        }
        if self.open.is_empty() && kind != ComponentKind::Calendar {
            self.fault(Rule::StrayComponent, 0);
        }
        let node = offset(self.nodes.len());
        self.nodes.push(Node {
            begin: offset(self.lines.len()),
            parent: self.open.last().map_or(node, |open| open.node),
            kind,
            ..Node::default()
        });
        if let Some(outer) = self.open.last_mut() {
            outer.seen.component(kind);
        }
        let number = self.number;
        self.open.push(Open {
            node,
            number,
            properties: 0,
            seen: Seen::default(),
        });
        self.lines.push(line);
    }

    /// A VCALENDAR closes all that is open; an event inside an event closes the outer one.
    fn close_for(&mut self, kind: ComponentKind) {
        let keep = if kind == ComponentKind::Calendar {
            Some(0)
        } else if kind.is_top() {
            let nodes = &self.nodes;
            let top = |open: &Open| {
                nodes
                    .get(open.node as usize)
                    .is_some_and(|n| n.kind.is_top())
            };
            self.open.iter().position(top)
        } else {
            None
        };
        if let Some(keep) = keep {
            self.too_deep = 0;
            self.close_down_to(keep);
        }
    }

    /// Ends without END whatever is open beyond the first `keep`.
    fn close_down_to(&mut self, keep: usize) {
        if self.open.len() <= keep {
            return;
        }
        let name = self
            .open
            .last()
            .map(|open| self.name_of(open.node))
            .unwrap_or_default();
        self.fault_at(Rule::MissingEnd, self.number, &name);
        while self.open.len() > keep {
            self.close(Ending::Missing);
        }
    }

    fn close(&mut self, ending: Ending) {
        let Some(open) = self.open.pop() else { return };
        let (end, next) = (offset(self.lines.len()), offset(self.nodes.len()));
        if let Some(node) = self.nodes.get_mut(open.node as usize) {
            (node.end, node.next, node.ending) = (end, next, ending);
            if ending != Ending::Cut {
                let kind = node.kind;
                self.membership(&open, kind);
            }
        }
    }

    /// What a component lacks or has too much of, told at its BEGIN.
    fn membership(&mut self, open: &Open, kind: ComponentKind) {
        let in_message = self.open.first().is_some_and(|root| root.seen.is_message());
        for (rule, property) in open.seen.faults(kind, in_message) {
            let name = property.name().unwrap_or_default();
            self.fault_at(rule, open.number, name.as_bytes());
        }
    }

    fn end(&mut self, line: Line, text: &[u8]) {
        let Some(name) = self.border_name(line, text) else {
            return;
        };
        if self.too_deep > 0 {
            self.too_deep -= 1;
            return self.keep_raw(line);
        }
        let matching = |open: &Open| self.name_of(open.node).eq_ignore_ascii_case(name);
        let Some(depth) = self.open.iter().rposition(matching) else {
            return self.reject(Rule::UnmatchedEnd, 0, line);
        };
        self.close_down_to(depth + 1);
        self.close(Ending::Closed);
        self.lines.push(line);
    }

    /// The component name of a BEGIN or END line, if there is one.
    fn border_name<'t>(&mut self, line: Line, text: &'t [u8]) -> Option<&'t [u8]> {
        let value = text.get(line.value as usize..).unwrap_or_default();
        let name = value.trim_ascii();
        if name.is_empty()
            || !name
                .iter()
                .all(|&byte| head::is_name_byte(byte) || byte == b'_')
        {
            self.reject(Rule::BadBegin, 0, line);
            return None;
        }
        if name.len() < value.len() {
            self.fault(Rule::Blanks, line.value as usize);
        }
        Some(name)
    }

    fn name_of(&self, node: u32) -> Cow<'a, [u8]> {
        let node = self.nodes.get(node as usize).copied().unwrap_or_default();
        if let Some(name) = node.kind.name() {
            return Cow::Borrowed(name.as_bytes());
        }
        let line = self
            .lines
            .get(node.begin as usize)
            .copied()
            .unwrap_or_default();
        let source: &'a [u8] = self.source;
        let raw = source
            .get(line.start as usize..line.end as usize)
            .unwrap_or_default();
        let at = line.value as usize;
        match fold::unfold(raw) {
            Cow::Borrowed(text) => Cow::Borrowed(text.get(at..).unwrap_or_default().trim_ascii()),
            Cow::Owned(text) => {
                Cow::Owned(text.get(at..).unwrap_or_default().trim_ascii().to_vec())
            }
        }
    }

    /// Text outside of any component: one fault for each run of it.
    fn outside(&mut self, line: Line) {
        let in_run = self
            .lines
            .last()
            .is_some_and(|last| last.is(Form::RAW) && last.end > last.start);
        if !in_run && !self.raw.trim_ascii().is_empty() {
            self.fault(Rule::OutsideCalendar, 0);
        }
        self.keep_raw(line);
    }

    fn reject(&mut self, rule: Rule, at: usize, line: Line) {
        if self.too_deep == 0 {
            self.fault(rule, at);
        }
        self.keep_raw(line);
    }

    /// Keeps a line as mere text; neighbours of that sort are one.
    fn keep_raw(&mut self, mut line: Line) {
        if let Some(last) = self.lines.last_mut()
            && last.is(Form::RAW)
        {
            last.end = line.end;
            return;
        }
        line.mark(Form::RAW);
        self.lines.push(line);
    }

    fn end_of_input(&mut self) {
        if let Some(open) = self.open.last() {
            let name = self.name_of(open.node);
            let last = self.number.saturating_sub(1).max(1);
            self.fault_at(Rule::MissingEnd, last, &name);
            self.incomplete = true;
        }
        while !self.open.is_empty() {
            self.close(Ending::Cut);
        }
        if !self
            .nodes
            .iter()
            .any(|node| node.kind == ComponentKind::Calendar)
        {
            self.fault_at(Rule::NoCalendar, 1, &[]);
            self.incomplete = true;
        }
    }

    fn finish(mut self, received: Option<Bytes>) -> Assembled {
        // What a component lacks is known at its end and told at its beginning.
        self.faults
            .sort_by_key(|fault| (fault.rule() == Rule::TooManyWarnings, fault.position()));
        self.lines.shrink_to_fit();
        self.nodes.shrink_to_fit();
        let tree = Tree {
            source: self.source.clone(),
            received,
            first: offset(self.first),
            tail: offset(self.tail),
            lines: self.lines,
            nodes: self.nodes,
            copies: self.copies,
            owned: Vec::new(),
            eol: print::eol_of(self.source),
            edited: false,
        };
        Assembled {
            tree,
            faults: self.faults,
            incomplete: self.incomplete,
        }
    }

    /// Notes a fault at a byte of the unfolded current line.
    fn fault(&mut self, rule: Rule, at: usize) {
        if self.wanted(rule) {
            let raw = self.raw;
            let place = position(raw, self.number, at);
            let text = raw.get(fold::raw_offset(raw, at)..).unwrap_or_default();
            self.faults.push(Fault::new(rule, place, text));
        }
    }

    fn fault_at(&mut self, rule: Rule, line: u32, text: &[u8]) {
        if self.wanted(rule) {
            let place = crate::Position { line, column: 1 };
            self.faults.push(Fault::new(rule, place, text));
        }
    }

    /// Whether a fault is to be noted; a strict reading stops at the first error.
    fn wanted(&mut self, rule: Rule) -> bool {
        if self.strictness == Strictness::Strict {
            let first = rule.severity() == Severity::Error && !self.stopped;
            self.stopped |= first;
            return first;
        }
        if self.faults.len() == self.limits.warnings {
            let place = crate::Position {
                line: self.number,
                column: 1,
            };
            self.faults
                .push(Fault::new(Rule::TooManyWarnings, place, &[]));
        }
        self.faults.len() < self.limits.warnings
    }
}

/// Offsets and counts fit: the input limit is below `u32::MAX`.
fn offset(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

fn begins_component(text: &[u8]) -> bool {
    text.get(..6)
        .is_some_and(|start| start.eq_ignore_ascii_case(b"BEGIN:"))
}

fn ends_component(text: &[u8]) -> bool {
    text.get(..4)
        .is_some_and(|start| start.eq_ignore_ascii_case(b"END:"))
}
