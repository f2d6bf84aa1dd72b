//! Conditions on properties and their parameters (RFC 4791 sections 9.7.2 to 9.7.5).

use cal_core::{Component, Expansion, Property, ValueType};
use cal_dav::report::{
    ParameterFilter, ParameterTest, PropertyFilter, PropertyTest, TextMatch, TimeRange, ValueTest,
};

/// Whether a component has a property as the filter wants it.
pub(super) fn passes(
    expansion: &Expansion<'_>,
    component: Component<'_>,
    filter: &PropertyFilter,
) -> bool {
    let mut named = component
        .properties()
        .filter(|property| property.is(&filter.name));
    match &filter.test {
        PropertyTest::IsNotDefined => named.next().is_none(),
        PropertyTest::Defined { value, parameters } => named.any(|property| {
            value
                .as_ref()
                .is_none_or(|test| value_passes(expansion, &property, test))
                && parameters
                    .iter()
                    .all(|filter| parameter_passes(&property, filter))
        }),
    }
}

fn value_passes(expansion: &Expansion<'_>, property: &Property<'_>, test: &ValueTest) -> bool {
    match test {
        ValueTest::TimeRange(range) => is_within(expansion, property, *range),
        ValueTest::Text(text) => text_passes(text, values(property).iter().map(String::as_str)),
    }
}

/// Every text that the value can be taken for: the whole, and each item of a list.
fn values(property: &Property<'_>) -> Vec<String> {
    let mut values = vec![property.text().into_owned()];
    if property.value_type() == ValueType::Text {
        values.extend(property.texts());
    }
    values
}

/// A negated condition holds where the text is in none of the values.
fn text_passes<'v>(text: &TextMatch, mut values: impl Iterator<Item = &'v str>) -> bool {
    let wanted = TextMatch {
        negated: false,
        ..text.clone()
    };
    values.any(|value| wanted.matches(value)) != text.negated
}

/// RFC 4791 section 9.9: a date or date-time inside the range, its start included.
fn is_within(expansion: &Expansion<'_>, property: &Property<'_>, range: TimeRange) -> bool {
    let window = super::window(range);
    property.date_times().is_ok_and(|moments| {
        moments
            .iter()
            .any(|moment| window.contains(expansion.instant(moment)))
    })
}

fn parameter_passes(property: &Property<'_>, filter: &ParameterFilter) -> bool {
    let mut named = property
        .parameters()
        .filter(|parameter| parameter.is(&filter.name));
    match &filter.test {
        ParameterTest::IsNotDefined => named.next().is_none(),
        ParameterTest::Defined(None) => named.next().is_some(),
        ParameterTest::Defined(Some(text)) => named.any(|parameter| {
            let values: Vec<_> = parameter.values().collect();
            text_passes(text, values.iter().map(AsRef::as_ref))
        }),
    }
}
