//! Another network: the addresses of this machine changed in a way that links do not survive.

use std::collections::BTreeSet;
use std::net::IpAddr;
use std::time::Duration;

use netwatcher::async_adapter::Tokio;
use netwatcher::{AsyncWatch, Interface};
use ringcard_app::Session;
use tracing::{debug, warn};

use super::Bell;

/// A network comes with several addresses, one after the other: it is told when they have come.
const QUIET: Duration = Duration::from_secs(2);

/// Listens as long as it is polled.
pub async fn watch(bell: Bell) {
    let mut watch = match netwatcher::watch_interfaces_async::<Tokio>() {
        Ok(watch) => watch,
        Err(error) => {
            debug!(%error, "the interfaces cannot be watched");
            warn!("this system does not tell of networks: lines notice them by themselves, later");
            return;
        }
    };
    let mut known = networks(watch.changed().await.interfaces.values());
    loop {
        let now = settled(&mut watch).await;
        if now != known {
            known = now;
            bell.tell(Session::NetworkChanged);
        }
    }
}

/// The networks after the next change, when nothing more changes for a moment.
async fn settled(watch: &mut AsyncWatch) -> BTreeSet<Network> {
    let mut update = watch.changed().await;
    while let Ok(newer) = tokio::time::timeout(QUIET, watch.changed()).await {
        update = newer;
    }
    networks(update.interfaces.values())
}

/// One network that this machine is in: the interface and the part of the address that stays.
type Network = (String, IpAddr);

/// Addresses that only reach this machine or the next one carry no link of ours, and the changing
/// half of an IPv6 address (privacy addresses come and go all day) is no other network.
fn networks<'a>(interfaces: impl Iterator<Item = &'a Interface>) -> BTreeSet<Network> {
    let address = |interface: &'a Interface| {
        let reaching = interface.ips.iter().map(|record| record.ip);
        reaching
            .filter_map(lasting)
            .map(|ip| (interface.name.clone(), ip))
    };
    interfaces.flat_map(address).collect()
}

fn lasting(ip: IpAddr) -> Option<IpAddr> {
    match ip {
        IpAddr::V4(ip) => (!ip.is_loopback() && !ip.is_link_local()).then_some(IpAddr::V4(ip)),
        IpAddr::V6(ip) => {
            let reaches = !ip.is_loopback() && !ip.is_unicast_link_local();
            let prefix = ip.to_bits() & !u128::from(u64::MAX);
            reaches.then_some(IpAddr::V6(prefix.into()))
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use netwatcher::IpRecord;

    fn seen(addresses: &[&str]) -> BTreeSet<Network> {
        let record = |text: &&str| IpRecord {
            ip: text.parse().expect("an address of the test"),
            prefix_len: 64,
        };
        let interface = Interface {
            index: 2,
            name: "eth0".into(),
            hw_addr: String::new(),
            ips: addresses.iter().map(record).collect(),
        };
        networks([&interface].into_iter())
    }

    #[test]
    fn another_address_is_another_network() {
        assert_ne!(seen(&["192.0.2.7"]), seen(&["198.51.100.7"]));
        assert_ne!(
            seen(&["192.0.2.7"]),
            seen(&[]),
            "a pulled cable is a change"
        );
    }

    #[test]
    fn privacy_addresses_of_one_network_are_no_change() {
        assert_eq!(
            seen(&["2001:db8::1"]),
            seen(&["2001:db8::1", "2001:db8::abcd:1"]),
            "links on the lasting address go on"
        );
    }

    #[test]
    fn addresses_that_reach_nobody_are_no_network() {
        assert_eq!(
            seen(&["127.0.0.1", "::1", "fe80::1", "169.254.9.9"]),
            seen(&[]),
            "no telephone system is reached by them"
        );
    }
}
