//! What is kept of a calendar's times, as an entry of a cache that many
//! processes share.

use cal_freebusy::Interval;
use chrono::DateTime;
use sha2::{Digest, Sha256};

use super::{BusyPage, BusyQuery, CalendarBusy, PageTimes, Wanted};
use crate::{CollectionId, Epoch};

/// Windows of more pages are not shared: few ask for the same.
const MOST_PAGES: i32 = 4;

/// Changed with the form of entries and with what they say of the same calendar.
const FORM: u32 = 1;

/// How many bytes of a hash seal an entry: against garbling, not against somebody
/// who may write to the cache.
const SEAL: usize = 16;

/// The pages that a window touches, all of each.
#[derive(Debug, Clone, Copy)]
pub(crate) struct SharedPages {
    first: BusyPage,
    end: BusyPage,
}

impl SharedPages {
    /// The pages of a window that entries are made for.
    pub(crate) fn of(window: &Interval) -> Option<Self> {
        let (start, end) = super::times::seconds(window);
        let first = BusyPage::containing(start);
        let end = BusyPage::containing(end.saturating_sub(1)).plus(1);
        let pages = end.number().saturating_sub(first.number());
        (1..=MOST_PAGES)
            .contains(&pages)
            .then_some(Self { first, end })
    }

    /// The question for all that is kept of calendars on these pages.
    pub(crate) fn query(self, collections: Vec<CollectionId>) -> BusyQuery {
        let instant = |page: BusyPage| DateTime::from_timestamp(page.start(), 0);
        let start = instant(self.first).unwrap_or_default();
        BusyQuery {
            collections,
            window: Interval::new(start, instant(self.end).unwrap_or(start)),
            wanted: Wanted::Times,
        }
    }

    /// The name of the entry of a calendar, of all that its times follow from;
    /// `None` if nothing is kept of it.
    pub(crate) fn key(self, epoch: Epoch, id: CollectionId, kept: &CalendarBusy) -> Option<String> {
        let basis = kept.basis?;
        let mut hash = Sha256::new();
        hash.update(FORM.to_le_bytes());
        hash.update(epoch.into_raw().to_le_bytes());
        hash.update(id.into_raw().to_le_bytes());
        hash.update(kept.sequence.to_le_bytes());
        hash.update(kept.modified.millis().to_le_bytes());
        hash.update(basis.digest);
        let horizon = basis.horizon;
        for page in [horizon.first(), horizon.end(), self.first, self.end] {
            hash.update(page.number().to_le_bytes());
        }
        let hex: String = hash
            .finalize()
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect();
        Some(format!("cal:busy:{hex}"))
    }
}

/// The times of a calendar as the entry of a key.
pub(crate) fn sealed(key: &str, times: &[PageTimes]) -> Vec<u8> {
    let mut body = Vec::new();
    for kept in times {
        let bytes = kept.as_bytes();
        body.extend(kept.page().number().to_le_bytes());
        body.extend(kept.starts().to_le_bytes());
        body.extend(kept.ends().to_le_bytes());
        body.extend(u32::try_from(bytes.len()).unwrap_or(u32::MAX).to_le_bytes());
        body.extend(bytes);
    }
    let mut entry = seal(key, &body).to_vec();
    entry.extend(body);
    entry
}

/// The times that an entry of a key holds; `None` if it is not what was put there.
pub(crate) fn opened(key: &str, entry: &[u8]) -> Option<Vec<PageTimes>> {
    let (found, mut body) = entry.split_at_checked(SEAL)?;
    if found != seal(key, body) {
        return None;
    }
    let mut times = Vec::new();
    while !body.is_empty() {
        let page = i32::from_le_bytes(take(&mut body)?);
        let (starts, ends) = (take(&mut body)?, take(&mut body)?);
        let length = u32::from_le_bytes(take(&mut body)?);
        let (bytes, rest) = body.split_at_checked(usize::try_from(length).ok()?)?;
        body = rest;
        times.push(PageTimes::from_stored(
            BusyPage::from_number(page),
            i64::from_le_bytes(starts),
            i64::from_le_bytes(ends),
            bytes.to_vec(),
        ));
    }
    Some(times)
}

fn take<const N: usize>(bytes: &mut &[u8]) -> Option<[u8; N]> {
    let (first, rest) = bytes.split_first_chunk::<N>()?;
    *bytes = rest;
    Some(*first)
}

fn seal(key: &str, body: &[u8]) -> [u8; SEAL] {
    let mut hash = Sha256::new();
    hash.update(key.as_bytes());
    hash.update(body);
    let hash: [u8; 32] = hash.finalize().into();
    hash.first_chunk().copied().unwrap_or_default()
}
