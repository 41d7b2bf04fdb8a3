//! Tells Klaviyo's hosts apart.

use std::net::IpAddr;

use smol_str::SmolStr;

/// The subdomain of Klaviyo's site.
pub(crate) const WWW: &str = "www";

/// What a host serves (S, D).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// Klaviyo's site, for browsers: authorization, App Marketplace, integrations page. `klaviyo.com`, `www.`,
    /// `marketplace.` and other subdomains.
    Www,
    /// Tokens and the API, for programs: `a.klaviyo.com`.
    Api,
    /// A loopback address, which serves both, so that an app can be configured with base URLs (A).
    Both,
}

/// A host that this server answers for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host {
    /// The host as the client wrote it, with its port.
    pub(crate) text: SmolStr,
    /// What it serves.
    pub(crate) role: Role,
    /// The domain of its cookies, so that subdomains share a session; none on loopback addresses.
    pub(crate) cookie_domain: Option<&'static str>,
}

/// Klaviyo's domain, and one that browsers resolve to loopback.
const DOMAINS: [&str; 2] = ["klaviyo.com", "klaviyo.localhost"];

impl Host {
    /// Parses a `Host` header or the authority of an absolute-form URI; none for a host that is not Klaviyo's.
    pub(crate) fn read(text: &str) -> Option<Self> {
        let name = without_port(text)?.to_ascii_lowercase();
        let name = name.strip_suffix('.').unwrap_or(&name);
        if is_loopback(name) {
            return Some(Self { text: SmolStr::new(text), role: Role::Both, cookie_domain: None });
        }
        DOMAINS.into_iter().find_map(|domain| {
            let before = name.strip_suffix(domain)?;
            let role = match before.strip_suffix('.') {
                None if before.is_empty() => Role::Www,
                None | Some("") => return None,
                Some("a") => Role::Api,
                Some(_) => Role::Www,
            };
            Some(Self { text: SmolStr::new(text), role, cookie_domain: Some(domain) })
        })
    }

    /// Whether the control API may be reached by this host: a loopback address or `klaviyo.localhost` itself, never a
    /// name that DNS could point at this machine.
    pub(crate) fn allows_control_api(&self) -> bool {
        self.role == Role::Both
            || without_port(&self.text).is_some_and(|name| name.eq_ignore_ascii_case("klaviyo.localhost"))
    }
}

/// Whether a name or address always means this machine.
fn is_loopback(name: &str) -> bool {
    let address = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
    name == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The name without its port; none where the port is not a number or the name is empty.
fn without_port(text: &str) -> Option<&str> {
    let name = match text.rfind(':') {
        Some(colon) if !text.ends_with(']') => {
            text[colon + 1..].bytes().all(|byte| byte.is_ascii_digit()).then_some(&text[..colon])?
        }
        _ => text,
    };
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hosts_are_told_apart_by_what_they_are_for() {
        for (text, role) in [
            ("klaviyo.com", Some(Role::Www)),
            ("WWW.Klaviyo.com:443", Some(Role::Www)),
            ("connect.klaviyo.localhost:4000", Some(Role::Www)),
            ("a.klaviyo.com", Some(Role::Api)),
            ("a.klaviyo.localhost:1", Some(Role::Api)),
            ("127.0.0.1:8080", Some(Role::Both)),
            ("[::1]:8080", Some(Role::Both)),
            ("[::1]", Some(Role::Both)),
            ("localhost", Some(Role::Both)),
            ("notklaviyo.com", None),
            ("klaviyo.com.evil.example", None),
            (".klaviyo.com", None),
            ("10.0.0.1", None),
            ("klaviyo.com:x", None),
            (":80", None),
            ("", None),
        ] {
            assert_eq!(Host::read(text).map(|host| host.role), role, "{text}");
        }
    }

    #[test]
    fn only_names_that_mean_this_machine_may_control() {
        let may = |text| Host::read(text).is_some_and(|host| host.allows_control_api());
        assert!(may("127.0.0.1:1") && may("localhost:1") && may("klaviyo.localhost:1"));
        assert!(!may("klaviyo.com") && !may("a.klaviyo.localhost") && !may("evil.example"));
    }
}
