//! Calls that an app has still to make: those that met an expired token, and those that Klaviyo has put off.

use std::time::Duration;

use crate::evidence::{ApiCall, Entry, Event, Exchange, Facts, TokenOutcome, TokenState};

/// What is to come after a call that met an expired token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Owed {
    Nothing,
    /// A new token.
    AToken,
    /// A new token was given; the call is to be made again.
    ACall,
}

/// What the last call that met an expired token still waits for.
pub(super) fn owed<'a>(entries: impl Iterator<Item = &'a Entry>) -> Owed {
    let mut refused: Option<&ApiCall> = None;
    let mut renewed = false;
    for entry in entries {
        let Event::Exchange(exchange) = &entry.event else { continue };
        match &exchange.facts {
            Facts::Api(call) if call.token_state == TokenState::Expired => (refused, renewed) = (Some(call), false),
            Facts::Api(call) if refused.is_some_and(|refused| refused.operation == call.operation) => refused = None,
            Facts::Token(call) if refused.is_some() => renewed |= matches!(call.outcome, TokenOutcome::Issued { .. }),
            _ => {}
        }
    }
    match refused {
        None => Owed::Nothing,
        Some(_) if renewed => Owed::ACall,
        Some(_) => Owed::AToken,
    }
}

/// The longest time for which a call was put off that was not made again.
pub(super) fn put_off<'a>(entries: impl Iterator<Item = &'a Entry>) -> Option<Duration> {
    let mut waiting: Vec<(&Exchange, &ApiCall, Duration)> = Vec::new();
    for entry in entries {
        let Event::Exchange(exchange) = &entry.event else { continue };
        let Facts::Api(call) = &exchange.facts else { continue };
        let is_same = |(earlier, of, _): &(&Exchange, &ApiCall, Duration)| {
            of.operation == call.operation && of.account == call.account && earlier.path == exchange.path
        };
        if let Some(at) = waiting.iter().position(is_same) {
            waiting.remove(at);
        }
        if exchange.status == 429 {
            let named = exchange.response_headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("retry-after"));
            let seconds = named.and_then(|(_, value)| value.parse().ok()).unwrap_or(1);
            waiting.push((exchange, call, Duration::from_secs(seconds)));
        }
    }
    waiting.into_iter().map(|(.., wait)| wait).max()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    /// The timeline of these: `401 NAME`, `429 NAME`, `200 NAME`, or `token`.
    fn timeline(calls: &[&str]) -> Vec<Entry> {
        let secret = json!({ "fingerprint": "0123456789ab", "length": 12, "alphabet": "hex", "known": null });
        let entry = |(call, seq): (&&str, u32)| {
            let facts = match call.split_once(' ') {
                Some((status, operation)) => json!({ "api": {
                    "operation": operation, "token": null, "token_state": if status == "401" { "expired" } else { "live" },
                    "install": null, "account": null, "missing_scopes": [], "revision": null, "revision_status": "stable",
                    "mock_gap": false,
                } }),
                None => json!({ "token": {
                    "grant_type": "refresh_token", "client_auth": "basic", "attempt": null, "install": null, "code": null,
                    "refresh_token": null, "redirect_uri": null, "redirect_uri_repeated": null, "verifier": null,
                    "challenged": null, "outcome": { "issued": { "access_token": secret, "refresh_token": secret } },
                } }),
            };
            let exchange = json!({
                "method": "POST", "host": "a.klaviyo.com", "path": "/", "query": [], "request_headers": [],
                "request_body": null, "status": call.split(' ').next().and_then(|status| status.parse().ok()).unwrap_or(200),
                "response_headers": [["Retry-After", "3"]], "response_body": null, "took_us": 0,
                "klaviyo_time_s": 0, "facts": facts,
            });
            let entry = json!({ "seq": seq, "at_ms": 0, "event": { "exchange": exchange } });
            serde_json::from_value(entry).expect("an entry")
        };
        calls.iter().zip(0..).map(entry).collect()
    }

    fn owed_after(calls: &[&str]) -> Owed {
        owed(timeline(calls).iter())
    }

    #[test]
    fn a_call_is_put_off_until_it_is_made_again() {
        let after = |calls: &[&str]| put_off(timeline(calls).iter()).map(|wait| wait.as_secs());
        assert_eq!(after(&["429 create_event"]), Some(3));
        assert_eq!(after(&["429 create_event", "200 get_accounts", "token"]), Some(3));
        assert_eq!(after(&["429 create_event", "429 create_event"]), Some(3));
        assert_eq!(after(&["429 create_event", "429 create_event", "200 create_event"]), None);
        assert_eq!(after(&["200 create_event", "401 get_accounts"]), None);
    }

    #[test]
    fn a_call_is_owed_from_the_new_token_on_until_it_is_made_again() {
        for calls in [
            &["401 create_event", "token"][..],
            &["401 create_event", "token", "200 get_accounts"],
            &["401 get_accounts", "401 create_event", "token", "200 get_accounts"],
        ] {
            assert_eq!(owed_after(calls), Owed::ACall, "{calls:?}");
        }
        assert_eq!(owed_after(&["401 create_event"]), Owed::AToken);
        assert_eq!(owed_after(&["401 create_event", "200 get_accounts"]), Owed::AToken);
        for calls in [&["token", "200 create_event"][..], &["401 create_event", "token", "200 create_event"], &[]] {
            assert_eq!(owed_after(calls), Owed::Nothing, "{calls:?}");
        }
    }
}
