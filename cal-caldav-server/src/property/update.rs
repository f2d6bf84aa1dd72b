//! Changes of properties: which can be made, and what they come to.

use cal_dav::Element;
use cal_dav::name::{Name, caldav};
use cal_dav::property::PropertyName;
use cal_dav::request::Instruction;
use cal_dav::response::{Precondition, Propstat};
use cal_store::{CollectionChanges, PropertyChanges, Transparency};
use http::StatusCode;

use super::dead;
use crate::zone;

/// Properties that are the server's own: clients read them.
const PROTECTED: &[PropertyName] = &[
    PropertyName::Acl,
    PropertyName::AclRestrictions,
    PropertyName::AddMember,
    PropertyName::AlternateUriSet,
    PropertyName::CalendarData,
    PropertyName::CalendarHomeSet,
    PropertyName::CalendarUserAddressSet,
    PropertyName::CalendarUserType,
    PropertyName::CreationDate,
    PropertyName::CurrentUserPrincipal,
    PropertyName::CurrentUserPrivilegeSet,
    PropertyName::GetCTag,
    PropertyName::GetContentLength,
    PropertyName::GetContentType,
    PropertyName::GetETag,
    PropertyName::GetLastModified,
    PropertyName::GroupMemberSet,
    PropertyName::GroupMembership,
    PropertyName::InheritedAclSet,
    PropertyName::LockDiscovery,
    PropertyName::ManagedAttachmentsServerUrl,
    PropertyName::MaxAttachmentSize,
    PropertyName::MaxAttachmentsPerResource,
    PropertyName::MaxAttendeesPerInstance,
    PropertyName::MaxDateTime,
    PropertyName::MaxInstances,
    PropertyName::MaxResourceSize,
    PropertyName::MinDateTime,
    PropertyName::Owner,
    PropertyName::PrincipalCollectionSet,
    PropertyName::PrincipalUrl,
    PropertyName::ResourceType,
    PropertyName::ScheduleTag,
    PropertyName::SupportedCalendarComponentSet,
    PropertyName::SupportedCalendarData,
    PropertyName::SupportedCollationSet,
    PropertyName::SupportedLock,
    PropertyName::SupportedPrivilegeSet,
    PropertyName::SupportedReportSet,
    PropertyName::SupportedRscaleSet,
    PropertyName::SyncToken,
    PropertyName::TimezoneServiceSet,
];

/// Why a property cannot be changed as asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fault {
    status: StatusCode,
    condition: Option<Precondition>,
}

impl Fault {
    pub(crate) fn protected() -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            condition: Some(Precondition::CannotModifyProtectedProperty),
        }
    }

    pub(crate) fn condition(condition: Precondition) -> Self {
        Self {
            status: StatusCode::FORBIDDEN,
            condition: Some(condition),
        }
    }

    /// The value is none that the property can have (RFC 4918 section 9.2.1).
    pub(crate) fn value() -> Self {
        Self {
            status: StatusCode::CONFLICT,
            condition: None,
        }
    }
}

/// What became of each property, in the order of the request.
#[derive(Debug, Default)]
pub(crate) struct Outcome {
    named: Vec<(Name, Result<(), Fault>)>,
}

impl Outcome {
    pub(crate) fn push(&mut self, name: &Name, result: Result<(), Fault>) {
        match self.named.iter_mut().find(|(known, _)| known == name) {
            Some((_, earlier)) if earlier.is_ok() => *earlier = result,
            Some(_) => {}
            None => self.named.push((name.clone(), result)),
        }
    }

    pub(crate) fn extend(&mut self, other: Self) {
        for (name, result) in other.named {
            self.push(&name, result);
        }
    }

    pub(crate) fn is_ok(&self) -> bool {
        self.named.iter().all(|(_, result)| result.is_ok())
    }

    /// All or nothing: where one could not be changed, 424 for those that could.
    pub(crate) fn into_propstats(self) -> Vec<Propstat> {
        let good = if self.is_ok() {
            StatusCode::OK
        } else {
            StatusCode::FAILED_DEPENDENCY
        };
        let mut propstats: Vec<Propstat> = Vec::new();
        for (name, result) in self.named {
            let (status, conditions) = match result {
                Ok(()) => (good, Vec::new()),
                Err(fault) => (fault.status, Vec::from_iter(fault.condition)),
            };
            let property = Element::new(name);
            match propstats
                .iter_mut()
                .find(|propstat| propstat.status == status && propstat.conditions == conditions)
            {
                Some(propstat) => propstat.properties.push(property),
                None => {
                    let mut propstat = Propstat::new(status, vec![property]);
                    propstat.conditions = conditions;
                    propstats.push(propstat);
                }
            }
        }
        propstats
    }
}

/// Changes of a resource that nobody can change.
pub(crate) fn refused(instructions: &[Instruction]) -> Outcome {
    let mut outcome = Outcome::default();
    for instruction in instructions {
        outcome.push(instruction.name(), Err(Fault::protected()));
    }
    outcome
}

/// What changes of an object come to.
pub(crate) fn of_object(instructions: &[Instruction]) -> (PropertyChanges, Outcome) {
    let mut changes = PropertyChanges::default();
    let mut outcome = Outcome::default();
    for instruction in instructions {
        outcome.push(instruction.name(), keep(&mut changes, instruction));
    }
    (changes, outcome)
}

/// What changes of a collection come to.
pub(crate) fn of_collection(instructions: &[Instruction]) -> (CollectionChanges, Outcome) {
    let mut changes = CollectionChanges::default();
    let mut outcome = Outcome::default();
    for instruction in instructions {
        outcome.push(instruction.name(), change(&mut changes, instruction));
    }
    (changes, outcome)
}

fn change(changes: &mut CollectionChanges, instruction: &Instruction) -> Result<(), Fault> {
    let value = match instruction {
        Instruction::Set(element) => Some(element),
        Instruction::Remove(_) => None,
    };
    let text = || value.map(Element::text);
    match PropertyName::of(instruction.name()) {
        Some(PropertyName::DisplayName) => {
            changes.display_name = Some(text());
            return keep_language(&mut changes.properties, instruction);
        }
        Some(PropertyName::CalendarDescription) => {
            changes.description = Some(text());
            return keep_language(&mut changes.properties, instruction);
        }
        Some(PropertyName::CalendarColor) => {
            changes.color = Some(text().map(|color| color.trim().to_owned()));
        }
        Some(PropertyName::CalendarOrder) => changes.order = Some(order(value)?),
        Some(PropertyName::CalendarTimezone) => changes.time_zone = Some(time_zone(value)?),
        Some(PropertyName::CalendarTimezoneId) => changes.time_zone = Some(time_zone_id(value)?),
        Some(PropertyName::ScheduleCalendarTransp) => {
            changes.transparency = Some(transparency(value)?);
        }
        _ => return keep(&mut changes.properties, instruction),
    }
    Ok(())
}

/// Keeps a text as it came where it says its language (RFC 4918 section 4.3), which the store
/// does not know of; without one the store's own text is all.
fn keep_language(changes: &mut PropertyChanges, instruction: &Instruction) -> Result<(), Fault> {
    match instruction {
        Instruction::Set(element) if element.language().is_some() => keep(changes, instruction),
        other => keep(changes, &Instruction::Remove(other.name().clone())),
    }
}

/// Keeps a property as it came.
fn keep(changes: &mut PropertyChanges, instruction: &Instruction) -> Result<(), Fault> {
    let name = instruction.name();
    if PropertyName::of(name).is_some_and(|property| PROTECTED.contains(&property)) {
        return Err(Fault::protected());
    }
    let key = dead::key(name).map_err(|_| Fault::value())?;
    match instruction {
        Instruction::Set(element) => {
            changes.remove.retain(|removed| *removed != key);
            changes.set.insert(key, dead::text(element));
        }
        Instruction::Remove(_) => {
            changes.set.remove(&key);
            changes.remove.push(key);
        }
    }
    Ok(())
}

fn order(value: Option<&Element>) -> Result<Option<i64>, Fault> {
    let parse = |element: &Element| element.text().trim().parse().map_err(|_| Fault::value());
    value.map(parse).transpose()
}

/// RFC 4791 section 5.2.2: an iCalendar object with one VTIMEZONE.
fn time_zone(value: Option<&Element>) -> Result<Option<String>, Fault> {
    let Some(text) = value.map(Element::text) else {
        return Ok(None);
    };
    match zone::defined(&text) {
        Some(_) => Ok(Some(text)),
        None => Err(Fault::condition(Precondition::ValidCalendarData)),
    }
}

/// RFC 7809 section 5.2: an id stands for the definition of its zone.
fn time_zone_id(value: Option<&Element>) -> Result<Option<String>, Fault> {
    let Some(id) = value.map(Element::text) else {
        return Ok(None);
    };
    match zone::definition(id.trim()) {
        Some(text) => Ok(Some(text)),
        None => Err(Fault::condition(Precondition::ValidTimezone)),
    }
}

fn transparency(value: Option<&Element>) -> Result<Transparency, Fault> {
    match value {
        None => Ok(Transparency::Opaque),
        Some(element) if element.child(&caldav::TRANSPARENT).is_some() => {
            Ok(Transparency::Transparent)
        }
        Some(element) if element.child(&caldav::OPAQUE).is_some() => Ok(Transparency::Opaque),
        Some(_) => Err(Fault::value()),
    }
}
