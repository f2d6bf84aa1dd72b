//! Guessing made slow, without locking anybody else out.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv6Addr};
use std::time::{Duration, Instant};

use cal_store::PrincipalName;

/// Wrong passwords for one account from one address before it has to wait.
const FREE_TRIES: u32 = 5;

/// Wrong passwords from one address for any accounts before it has to wait.
const FREE_TRIES_OF_ADDRESS: u32 = 50;

/// The first wait; each further wrong password doubles it.
const FIRST_WAIT: Duration = Duration::from_secs(1);

/// The longest wait.
const LONGEST_WAIT: Duration = Duration::from_secs(300);

/// After this long without a wrong password all is forgotten.
const FORGOTTEN: Duration = Duration::from_secs(900);

/// Entries kept at most; the ones that lapse first go first.
const LARGEST: usize = 20_000;

/// Wrong passwords, counted per account and address and per address alone.
///
/// An account is never locked by itself: who guesses from one address makes the
/// rightful user wait at that address only.
#[derive(Default)]
pub(super) struct Backoff {
    counts: HashMap<Key, Count>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
enum Key {
    Pair(PrincipalName, IpAddr),
    Address(IpAddr),
}

struct Count {
    wrong: u32,
    last: Instant,
}

impl Backoff {
    /// How long this address has to wait before it may try this account again.
    pub(super) fn wait(
        &self,
        account: &PrincipalName,
        address: IpAddr,
        now: Instant,
    ) -> Option<Duration> {
        keys(account, address)
            .into_iter()
            .filter_map(|(key, free)| self.counts.get(&key)?.wait(free, now))
            .max()
    }

    /// Notes a wrong password.
    pub(super) fn wrong(&mut self, account: &PrincipalName, address: IpAddr, now: Instant) {
        for (key, _) in keys(account, address) {
            let count = self.counts.entry(key).or_insert(Count {
                wrong: 0,
                last: now,
            });
            if now.duration_since(count.last) > FORGOTTEN {
                count.wrong = 0;
            }
            count.wrong = count.wrong.saturating_add(1);
            count.last = now;
        }
        if self.counts.len() > LARGEST {
            self.forget(now);
        }
    }

    /// Notes a right one: what went before was typing.
    pub(super) fn right(&mut self, account: &PrincipalName, address: IpAddr) {
        self.counts
            .remove(&Key::Pair(account.clone(), network(address)));
    }

    fn forget(&mut self, now: Instant) {
        self.counts
            .retain(|_, count| now.duration_since(count.last) <= FORGOTTEN);
        if self.counts.len() > LARGEST {
            let mut ages: Vec<Instant> = self.counts.values().map(|count| count.last).collect();
            let middle = ages.len() / 2;
            let (_, median, _) = ages.select_nth_unstable(middle);
            let median = *median;
            self.counts.retain(|_, count| count.last > median);
        }
    }
}

impl Count {
    fn wait(&self, free: u32, now: Instant) -> Option<Duration> {
        let beyond = self.wrong.checked_sub(free)?;
        let wait = FIRST_WAIT
            .checked_mul(1_u32.checked_shl(beyond).unwrap_or(u32::MAX))
            .map_or(LONGEST_WAIT, |wait| wait.min(LONGEST_WAIT));
        let left = wait.checked_sub(now.duration_since(self.last))?;
        (!left.is_zero()).then_some(left)
    }
}

fn keys(account: &PrincipalName, address: IpAddr) -> [(Key, u32); 2] {
    let network = network(address);
    [
        (Key::Pair(account.clone(), network), FREE_TRIES),
        (Key::Address(network), FREE_TRIES_OF_ADDRESS),
    ]
}

/// Whoever has one IPv6 address has the other 2^64 of its network too.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => IpAddr::V6(Ipv6Addr::from_bits(v6.to_bits() & !u128::from(u64::MAX))),
        v4 @ IpAddr::V4(_) => v4,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ada() -> PrincipalName {
        "ada".parse().unwrap()
    }

    const HERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 1));
    const THERE: IpAddr = IpAddr::V4(std::net::Ipv4Addr::new(192, 0, 2, 2));

    #[test]
    fn the_wait_starts_after_the_free_tries_doubles_and_ends() {
        let start = Instant::now();
        let mut backoff = Backoff::default();
        for _ in 0..FREE_TRIES - 1 {
            backoff.wrong(&ada(), HERE, start);
            assert_eq!(backoff.wait(&ada(), HERE, start), None);
        }
        let mut expected = FIRST_WAIT;
        for _ in 0..20 {
            backoff.wrong(&ada(), HERE, start);
            assert_eq!(
                backoff.wait(&ada(), HERE, start),
                Some(expected.min(LONGEST_WAIT))
            );
            expected *= 2;
        }
        assert_eq!(backoff.wait(&ada(), HERE, start + LONGEST_WAIT), None);
    }

    #[test]
    fn guessing_at_one_address_locks_nobody_out_at_another() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        for _ in 0..1000 {
            backoff.wrong(&ada(), HERE, now);
        }
        assert!(backoff.wait(&ada(), HERE, now).is_some());
        assert_eq!(backoff.wait(&ada(), THERE, now), None);
    }

    #[test]
    fn trying_one_password_on_many_accounts_is_slowed_too() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        for number in 0..FREE_TRIES_OF_ADDRESS {
            backoff.wrong(&format!("user{number}").parse().unwrap(), HERE, now);
        }
        assert!(backoff.wait(&ada(), HERE, now).is_some());
        assert_eq!(backoff.wait(&ada(), THERE, now), None);
    }

    #[test]
    fn a_right_password_forgives_the_wrong_ones_before_it() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        for _ in 0..FREE_TRIES {
            backoff.wrong(&ada(), HERE, now);
        }
        backoff.right(&ada(), HERE);
        assert_eq!(backoff.wait(&ada(), HERE, now), None);
    }

    #[test]
    fn an_ipv6_network_of_64_bits_counts_as_one_address() {
        let now = Instant::now();
        let mut backoff = Backoff::default();
        for number in 0..FREE_TRIES {
            backoff.wrong(
                &ada(),
                format!("2001:db8::{number:x}").parse().unwrap(),
                now,
            );
        }
        assert!(
            backoff
                .wait(&ada(), "2001:db8::ffff".parse().unwrap(), now)
                .is_some()
        );
        assert_eq!(
            backoff.wait(&ada(), "2001:db8:0:1::1".parse().unwrap(), now),
            None
        );
    }

    #[test]
    fn a_flood_of_addresses_does_not_fill_the_memory() {
        let start = Instant::now();
        let mut backoff = Backoff::default();
        for number in 0..3 * u32::try_from(LARGEST).unwrap() {
            let address = IpAddr::V4(std::net::Ipv4Addr::from_bits(number));
            backoff.wrong(
                &ada(),
                address,
                start + Duration::from_millis(number.into()),
            );
            assert!(backoff.counts.len() <= LARGEST + 2);
        }
    }
}
