//! What of the app's own client came to the gateway, and whether it trusted what it found there.

use super::{Fault, Finding};
use crate::evidence::{Arrivals, Entry, Reach, Seen, count};

const TRUST: &str = "gateway trusted";

/// Whether the app's client trusts the gateway; nothing of an app that is told where Klaviyo is, or of which nothing came.
pub(super) fn trust(timeline: &[Entry], reach: Reach) -> Option<Finding> {
    let came = timeline.iter().rev().find_map(|entry| match &entry.seen {
        Seen::Arrivals(came) => Some(came),
        _ => None,
    })?;
    let known = came.requests > 0 || !came.distrusted.is_empty();
    (reach != Reach::Urls && known).then(|| read(came))
}

fn read(came: &Arrivals) -> Finding {
    if came.distrusted.is_empty() {
        let requests = count(usize::try_from(came.requests).unwrap_or(usize::MAX), "request", "requests");
        return Finding::holds(TRUST, format!("{requests} came from the app, and no client refused the certificate"));
    }
    Finding::fails(
        TRUST,
        Fault::Configuration,
        format!("a client of the app came, and refused the certificate of {}", came.distrusted.join(", ")),
        "have it read the roots that SSL_CERT_FILE names, or NODE_EXTRA_CA_CERTS, REQUESTS_CA_BUNDLE: docs/gateway.md says \
         which, by language; certificates that the app brings itself are not enough",
    )
}

#[cfg(test)]
mod tests {
    use super::super::State;
    use super::*;

    fn came(connections: u64, requests: u64, distrusted: &[&str]) -> Vec<Entry> {
        let distrusted = distrusted.iter().map(|host| (*host).to_owned()).collect();
        let seen = Seen::Arrivals(Arrivals { connections, requests, distrusted, ..Arrivals::default() });
        vec![Entry { seq: 0, at_ms: 0, seen }]
    }

    #[test]
    fn a_client_that_refused_the_certificate_is_told_apart_from_one_that_never_came() {
        let refused = trust(&came(1, 0, &["a.klaviyo.com"]), Reach::Env).expect("it came");
        let State::Fails { saw, remedy, fault } = refused.state else { panic!("it refused") };
        assert!(saw.contains("a.klaviyo.com") && remedy.contains("SSL_CERT_FILE"), "{saw}: {remedy}");
        assert_eq!(fault, Fault::Configuration);
        assert!(matches!(trust(&came(2, 3, &[]), Reach::Env).expect("it came").state, State::Holds(_)));
        assert_eq!(trust(&came(0, 0, &[]), Reach::Env), None);
        assert_eq!(trust(&came(2, 3, &[]), Reach::Urls), None);
    }
}
