//! Classifies hosts: Klaviyo's, this machine's, or external.

use std::net::IpAddr;

/// Klaviyo's domain.
pub(crate) const DOMAIN: &str = "klaviyo.com";

/// The class of a host.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum HostClass {
    /// klaviyo.com or one of its subdomains, answered by the fake Klaviyo.
    Klaviyo,
    /// This machine, where the app and its services listen.
    Loopback,
    /// Any other host.
    External,
}

impl HostClass {
    /// The class of a host name or IP address, without port.
    pub(crate) fn of(host: &str) -> Self {
        let host = host.to_ascii_lowercase();
        let host = host.strip_suffix('.').unwrap_or(&host);
        if is_or_below(host, DOMAIN) {
            return Self::Klaviyo;
        }
        let address = host.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(host);
        let loopback = is_or_below(host, "localhost")
            || address.parse::<IpAddr>().is_ok_and(|address| address.to_canonical().is_loopback());
        if loopback { Self::Loopback } else { Self::External }
    }
}

fn is_or_below(host: &str, domain: &str) -> bool {
    host.strip_suffix(domain).is_some_and(|before| before.is_empty() || before.len() > 1 && before.ends_with('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_placed_by_their_whole_name() {
        for (host, class) in [
            ("klaviyo.com", HostClass::Klaviyo),
            ("A.Klaviyo.COM", HostClass::Klaviyo),
            ("www.klaviyo.com.", HostClass::Klaviyo),
            ("static.eu.klaviyo.com", HostClass::Klaviyo),
            ("notklaviyo.com", HostClass::External),
            (".klaviyo.com", HostClass::External),
            ("klaviyo.com.example", HostClass::External),
            ("klaviyo.localhost", HostClass::Loopback),
            ("localhost", HostClass::Loopback),
            ("shop.localhost", HostClass::Loopback),
            ("127.8.9.10", HostClass::Loopback),
            ("[::1]", HostClass::Loopback),
            ("::ffff:127.0.0.1", HostClass::Loopback),
            ("10.0.0.1", HostClass::External),
            ("127.0.0.1.example", HostClass::External),
            ("", HostClass::External),
        ] {
            assert_eq!(HostClass::of(host), class, "{host}");
        }
    }
}
