//! Whether the app's HTTP client trusts the gateway's certificate.

use super::{Blame, Finding};
use crate::evidence::{Entry, Event, GatewayTraffic, Routing, count};

const TRUST: &str = "gateway trusted";

/// Whether the app's HTTP client trusts the gateway. None for an app that uses base URLs, or whose client never connected.
pub(super) fn gateway_trust(timeline: &[Entry], reach: Routing) -> Option<Finding> {
    let traffic = timeline.iter().rev().find_map(|entry| match &entry.event {
        Event::GatewayTraffic(traffic) => Some(traffic),
        _ => None,
    })?;
    let known = traffic.requests > 0 || !traffic.distrusted.is_empty();
    (reach != Routing::Urls && known).then(|| read(traffic))
}

fn read(traffic: &GatewayTraffic) -> Finding {
    if traffic.distrusted.is_empty() {
        let requests = count(usize::try_from(traffic.requests).unwrap_or(usize::MAX), "request", "requests");
        return Finding::holds(TRUST, format!("{requests} came from the app, and no client refused the certificate"));
    }
    Finding::fails(
        TRUST,
        Blame::Configuration,
        format!("a client of the app came, and refused the certificate of {}", traffic.distrusted.join(", ")),
        "have it read the roots that SSL_CERT_FILE names, or NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE: docs/gateway.md says \
         which, by language; certificates that the app brings itself are not enough",
    )
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    fn traffic(connections: u64, requests: u64, distrusted: &[&str]) -> Vec<Entry> {
        let distrusted = distrusted.iter().map(|host| (*host).to_owned()).collect();
        let event =
            Event::GatewayTraffic(GatewayTraffic { connections, requests, distrusted, ..GatewayTraffic::default() });
        vec![Entry { seq: 0, at_ms: 0, event }]
    }

    #[test]
    fn a_client_that_refused_the_certificate_is_told_apart_from_one_that_never_came() {
        let refused = gateway_trust(&traffic(1, 0, &["a.klaviyo.com"]), Routing::Env).expect("it came");
        let State::Fails { saw, remedy, blame } = refused.state else { panic!("it refused") };
        assert!(saw.contains("a.klaviyo.com") && remedy.contains("SSL_CERT_FILE"), "{saw}: {remedy}");
        assert_eq!(blame, Blame::Configuration);
        assert!(matches!(gateway_trust(&traffic(2, 3, &[]), Routing::Env).expect("it came").state, State::Holds(_)));
        assert_eq!(gateway_trust(&traffic(0, 0, &[]), Routing::Env), None);
        assert_eq!(gateway_trust(&traffic(2, 3, &[]), Routing::Urls), None);
    }
}
