//! The policy on addresses (RFC 6890 and the registries it began).

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};

use super::Block;

/// Which addresses may be connected to.
///
/// It is asked for the address that a connection is made to, not for the name
/// in the URL, and again at each redirect.
///
/// ```
/// use cal_caldav_client::AddressPolicy;
///
/// let policy = AddressPolicy::public().with_block("10.1.0.0/16".parse()?);
/// assert!(policy.permits("93.184.216.34".parse()?));
/// assert!(policy.permits("10.1.2.3".parse()?));
/// assert!(!policy.permits("10.2.2.3".parse()?));
/// assert!(!policy.permits("127.0.0.1".parse()?));
/// assert!(!policy.permits("::ffff:127.0.0.1".parse()?));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AddressPolicy {
    allowed: Vec<Block>,
    reach: Reach,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Reach {
    Public,
    Everything,
}

/// Everything that is not for the public network.
const SPECIAL_V4: [Block; 15] = [
    Block::v4([0, 0, 0, 0], 8),
    Block::v4([10, 0, 0, 0], 8),
    Block::v4([100, 64, 0, 0], 10),
    Block::v4([127, 0, 0, 0], 8),
    Block::v4([169, 254, 0, 0], 16),
    Block::v4([172, 16, 0, 0], 12),
    Block::v4([192, 0, 0, 0], 24),
    Block::v4([192, 0, 2, 0], 24),
    Block::v4([192, 88, 99, 0], 24),
    Block::v4([192, 168, 0, 0], 16),
    Block::v4([198, 18, 0, 0], 15),
    Block::v4([198, 51, 100, 0], 24),
    Block::v4([203, 0, 113, 0], 24),
    Block::v4([224, 0, 0, 0], 4),
    Block::v4([240, 0, 0, 0], 4),
];

/// Global unicast is `2000::/3`; within it, these are not public. What is
/// outside of it never is, apart from addresses that embed one of IPv4.
const SPECIAL_V6: [Block; 4] = [
    Block::v6(0x2001 << 112, 23),
    Block::v6(0x2001_0db8 << 96, 32),
    Block::v6(0x3fff << 112, 20),
    Block::v6(0x2620_004f_8000 << 80, 48),
];
const GLOBAL_V6: Block = Block::v6(0x2000 << 112, 3);

const LOOPBACK: [Block; 2] = [Block::v4([127, 0, 0, 0], 8), Block::v6(1, 128)];
const PRIVATE: [Block; 4] = [
    Block::v4([10, 0, 0, 0], 8),
    Block::v4([172, 16, 0, 0], 12),
    Block::v4([192, 168, 0, 0], 16),
    Block::v6(0xfc00 << 112, 7),
];

impl AddressPolicy {
    /// Public addresses only: no loopback, private, link-local, shared,
    /// multicast or reserved ones, in no spelling.
    #[must_use]
    pub fn public() -> Self {
        Self {
            allowed: Vec::new(),
            reach: Reach::Public,
        }
    }

    /// Any address at all: for a client that only its user points anywhere.
    #[must_use]
    pub fn unrestricted() -> Self {
        Self {
            allowed: Vec::new(),
            reach: Reach::Everything,
        }
    }

    /// Permits this machine too.
    #[must_use]
    pub fn with_loopback(mut self) -> Self {
        self.allowed.extend(LOOPBACK);
        self
    }

    /// Permits private networks too (RFC 1918, RFC 4193).
    #[must_use]
    pub fn with_private_networks(mut self) -> Self {
        self.allowed.extend(PRIVATE);
        self
    }

    /// Permits a block of addresses too.
    #[must_use]
    pub fn with_block(mut self, block: Block) -> Self {
        self.allowed.push(block);
        self
    }

    /// Whether an address may be connected to.
    #[must_use]
    pub fn permits(&self, address: IpAddr) -> bool {
        if self.reach == Reach::Everything {
            return true;
        }
        let address = unwrapped(address);
        self.allowed.iter().any(|block| block.contains(address)) || is_public(address)
    }
}

impl Default for AddressPolicy {
    fn default() -> Self {
        Self::public()
    }
}

fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(_) => !SPECIAL_V4.iter().any(|block| block.contains(address)),
        IpAddr::V6(_) => {
            GLOBAL_V6.contains(address) && !SPECIAL_V6.iter().any(|block| block.contains(address))
        }
    }
}

/// The IPv4 address that an IPv6 address leads to, where it embeds one:
/// mapped, compatible, NAT64 (RFC 6052), 6to4 (RFC 3056).
fn unwrapped(address: IpAddr) -> IpAddr {
    const COMPATIBLE: Block = Block::v6(0, 96);
    const MAPPED: Block = Block::v6(0xffff << 32, 96);
    const NAT64: Block = Block::v6(0x0064_ff9b << 96, 96);
    const SIX_TO_FOUR: Block = Block::v6(0x2002 << 112, 16);
    let IpAddr::V6(v6) = address else {
        return address;
    };
    let compatible = COMPATIBLE.contains(address) && v6 > Ipv6Addr::LOCALHOST;
    let embedded = if compatible || MAPPED.contains(address) || NAT64.contains(address) {
        last_32_bits(v6)
    } else if SIX_TO_FOUR.contains(address) {
        let [_, _, a, b, c, d, ..] = v6.octets();
        Ipv4Addr::new(a, b, c, d)
    } else {
        return address;
    };
    IpAddr::V4(embedded)
}

fn last_32_bits(address: Ipv6Addr) -> Ipv4Addr {
    let [.., a, b, c, d] = address.octets();
    Ipv4Addr::new(a, b, c, d)
}
