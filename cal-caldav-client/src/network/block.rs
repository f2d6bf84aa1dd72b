//! Blocks of addresses (RFC 4632).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::str::FromStr;

/// Addresses that share their first bits, for example `10.0.0.0/8`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Block {
    first: IpAddr,
    bits: u32,
}

/// The text is no block of addresses.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a block of addresses: {0:?}")]
pub struct InvalidBlock(String);

impl Block {
    pub(super) const fn v4(first: [u8; 4], bits: u32) -> Self {
        let [a, b, c, d] = first;
        Self {
            first: IpAddr::V4(Ipv4Addr::new(a, b, c, d)),
            bits,
        }
    }

    pub(super) const fn v6(first: u128, bits: u32) -> Self {
        Self {
            first: IpAddr::V6(Ipv6Addr::from_bits(first)),
            bits,
        }
    }

    /// Whether the address is one of them.
    #[must_use]
    pub fn contains(&self, address: IpAddr) -> bool {
        match (self.first, address) {
            (IpAddr::V4(first), IpAddr::V4(address)) => {
                let differing = u32::from(first) ^ u32::from(address);
                differing.leading_zeros() >= self.bits
            }
            (IpAddr::V6(first), IpAddr::V6(address)) => {
                let differing = u128::from(first) ^ u128::from(address);
                differing.leading_zeros() >= self.bits
            }
            _ => false,
        }
    }
}

impl FromStr for Block {
    type Err = InvalidBlock;

    /// Reads `address/bits`, or an address, which is a block of one.
    fn from_str(text: &str) -> Result<Self, InvalidBlock> {
        let invalid = || InvalidBlock(text.chars().take(60).collect());
        let (address, bits) = match text.split_once('/') {
            Some((address, bits)) => (address, Some(bits)),
            None => (text, None),
        };
        let first: IpAddr = address.trim().parse().map_err(|_| invalid())?;
        let most = if first.is_ipv4() { 32 } else { 128 };
        let bits = match bits {
            Some(bits) => bits.trim().parse().map_err(|_| invalid())?,
            None => most,
        };
        if bits > most {
            return Err(invalid());
        }
        Ok(Self { first, bits })
    }
}
