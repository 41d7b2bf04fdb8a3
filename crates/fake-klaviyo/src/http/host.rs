//! Which of Klaviyo's hosts a request is for.

use std::net::IpAddr;

use smol_str::SmolStr;

/// The subdomain of Klaviyo's site, for people.
pub(crate) const WWW: &str = "www";

/// What a host is for (facts: hosts; S, D).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Role {
    /// People: authorization, the directory, the integrations page. `klaviyo.com`, `www.` and other subdomains.
    Www,
    /// Programs: tokens and the API. `a.klaviyo.com`.
    Api,
    /// A loopback address, which serves both, so that an app can be told base URLs (A).
    Both,
}

/// A host that is Klaviyo's here.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Host {
    /// As the client wrote it, with port.
    pub(crate) text: SmolStr,
    /// What it is for.
    pub(crate) role: Role,
    /// The domain that its cookies are for, so that subdomains share a session; none on loopback addresses.
    pub(crate) cookie_domain: Option<&'static str>,
}

/// The domains that are Klaviyo's: its own, and one that browsers take to loopback by themselves.
const DOMAINS: [&str; 2] = ["klaviyo.com", "klaviyo.localhost"];

impl Host {
    /// Reads a `Host` header or the authority of an absolute-form URI; none for a host that is not Klaviyo's.
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

    /// Whether the control API may be reached by it: a loopback address or `klaviyo.localhost` itself, never a name
    /// that the outside world could point here.
    pub(crate) fn may_control(&self) -> bool {
        self.role == Role::Both
            || without_port(&self.text).is_some_and(|name| name.eq_ignore_ascii_case("klaviyo.localhost"))
    }
}

/// Whether a name or address can only mean this machine.
fn is_loopback(name: &str) -> bool {
    let address = name.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')).unwrap_or(name);
    name == "localhost" || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// The name without its port; none where the port is no number, or there is no name.
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
        let may = |text| Host::read(text).is_some_and(|host| host.may_control());
        assert!(may("127.0.0.1:1") && may("localhost:1") && may("klaviyo.localhost:1"));
        assert!(!may("klaviyo.com") && !may("a.klaviyo.localhost") && !may("evil.example"));
    }
}
