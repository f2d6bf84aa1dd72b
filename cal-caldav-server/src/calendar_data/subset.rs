//! The components and properties that a client asks for (RFC 4791 section 9.6.1).

use cal_core::{Calendar, Component, ComponentId, NewProperty};
use cal_dav::report::{ComponentSelection, Components, Properties, PropertyChoice};

/// Leaves out everything that the selection, which is one of VCALENDAR, does not name.
pub(super) fn keep(calendar: &mut Calendar, selection: &ComponentSelection) {
    let Some(root) = calendar.roots().next() else {
        return;
    };
    let mut plan = Vec::new();
    if root.name().eq_ignore_ascii_case(&selection.name) {
        visit(root, selection, &mut plan);
    }
    // From the last to the first, so that each is still where the plan has it.
    for (id, fate) in plan.into_iter().rev() {
        match fate {
            Fate::Leave => {
                calendar.remove(id);
            }
            Fate::Keep(choices) => thin(calendar, id, choices),
        }
    }
}

/// What becomes of a component.
enum Fate<'s> {
    Leave,
    Keep(&'s [PropertyChoice]),
}

fn visit<'s>(
    component: Component<'_>,
    selection: &'s ComponentSelection,
    plan: &mut Vec<(ComponentId, Fate<'s>)>,
) {
    if is_bare(selection) {
        return;
    }
    if let Properties::Listed(choices) = &selection.properties {
        plan.push((component.id(), Fate::Keep(choices)));
    }
    let Components::Listed(listed) = &selection.components else {
        return;
    };
    for inner in component.components() {
        match listed
            .iter()
            .find(|wanted| inner.name().eq_ignore_ascii_case(&wanted.name))
        {
            Some(wanted) => visit(inner, wanted, plan),
            None => plan.push((inner.id(), Fate::Leave)),
        }
    }
}

/// A component that is named without saying what of it is wanted whole, as in the RFC's own
/// example for VTIMEZONE.
fn is_bare(selection: &ComponentSelection) -> bool {
    matches!(&selection.properties, Properties::Listed(listed) if listed.is_empty())
        && matches!(&selection.components, Components::Listed(listed) if listed.is_empty())
}

fn thin(calendar: &mut Calendar, id: ComponentId, choices: &[PropertyChoice]) {
    let Some(mut component) = calendar.component_mut(id) else {
        return;
    };
    component.remove_where(|property| !choices.iter().any(|choice| property.is(&choice.name)));
    for choice in choices.iter().filter(|choice| choice.without_value) {
        if component.component().property(&choice.name).is_some()
            && let Ok(empty) = NewProperty::new(&choice.name)
        {
            component.set(&empty.with_raw_value(""));
        }
    }
}
