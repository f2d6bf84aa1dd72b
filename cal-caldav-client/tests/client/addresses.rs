//! Which addresses may be connected to.

use std::net::IpAddr;

use cal_caldav_client::{AddressPolicy, Basic, Block, Client, Error};

#[test]
fn only_public_addresses_are_permitted() {
    let policy = AddressPolicy::public();
    for refused in [
        "0.0.0.0",
        "0.1.2.3",
        "10.0.0.1",
        "100.64.0.1",
        "100.127.255.255",
        "127.0.0.1",
        "127.255.255.254",
        "169.254.169.254",
        "172.16.0.1",
        "172.31.255.255",
        "192.0.0.1",
        "192.0.2.1",
        "192.88.99.1",
        "192.168.1.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.1",
        "203.0.113.1",
        "224.0.0.1",
        "240.0.0.1",
        "255.255.255.255",
        "::",
        "::1",
        "::7f00:1",
        "::ffff:127.0.0.1",
        "::ffff:10.0.0.1",
        "64:ff9b::7f00:1",
        "64:ff9b::a00:1",
        "64:ff9b:1::1",
        "100::1",
        "2001::1",
        "2001:db8::1",
        "2002:7f00:1::1",
        "2002:c0a8:101::1",
        "3fff::1",
        "fc00::1",
        "fd12:3456::1",
        "fe80::1",
        "fec0::1",
        "ff02::1",
    ] {
        let address: IpAddr = refused.parse().unwrap();
        assert!(!policy.permits(address), "{refused}");
        assert!(AddressPolicy::unrestricted().permits(address), "{refused}");
    }
    for permitted in [
        "1.1.1.1",
        "100.63.255.255",
        "100.128.0.1",
        "172.15.0.1",
        "172.32.0.1",
        "192.167.1.1",
        "198.17.0.1",
        "223.255.255.255",
        "::ffff:1.1.1.1",
        "64:ff9b::101:101",
        "2606:4700:4700::1111",
        "2a00:1450::1",
        "2002:101:101::1",
    ] {
        assert!(policy.permits(permitted.parse().unwrap()), "{permitted}");
    }
}

#[test]
fn operators_permit_more_by_blocks() {
    let policy = AddressPolicy::public()
        .with_loopback()
        .with_block("192.168.1.0/24".parse().unwrap())
        .with_block("fd00::/8".parse().unwrap());
    for (address, permitted) in [
        ("127.0.0.1", true),
        ("::1", true),
        ("::ffff:127.0.0.1", true),
        ("192.168.1.77", true),
        ("192.168.2.77", false),
        ("fd00::1", true),
        ("fc00::1", false),
        ("10.0.0.1", false),
    ] {
        assert_eq!(
            policy.permits(address.parse().unwrap()),
            permitted,
            "{address}"
        );
    }
    let private = AddressPolicy::public().with_private_networks();
    assert!(private.permits("10.0.0.1".parse().unwrap()));
    assert!(!private.permits("169.254.169.254".parse().unwrap()));
}

#[test]
fn broken_blocks_are_refused() {
    for broken in [
        "",
        "10.0.0.0/33",
        "10.0.0/8",
        "::/129",
        "10.0.0.0/",
        "10.0.0.0/-1",
        "x/8",
    ] {
        assert!(broken.parse::<Block>().is_err(), "{broken:?}");
    }
    let one: Block = "10.0.0.1".parse().unwrap();
    assert!(one.contains("10.0.0.1".parse().unwrap()));
    assert!(!one.contains("10.0.0.2".parse().unwrap()));
}

#[tokio::test]
async fn no_spelling_of_a_local_address_is_connected_to() {
    for host in [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0x7f.0.0.1",
        "localhost",
        "LOCALHOST",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "0.0.0.0",
        "0",
        "[::]",
        "10.0.0.1",
        "169.254.169.254",
        "192.168.0.1",
    ] {
        let url = format!("http://{host}:9/");
        let outcome = Client::connect(&url, Basic::new("ada", "secret")).await;
        assert!(
            matches!(outcome, Err(Error::AddressRefused { .. })),
            "{host}: {outcome:?}"
        );
    }
}
