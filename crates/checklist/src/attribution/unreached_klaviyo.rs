//! Whether the app's own client ever came to Klaviyo: where it could not, nothing can be said of the app.

use flowcheck_evidence::{Decision, Event, Facts, GatewayTraffic, PageKind, Routing, RoutingSetup};

use crate::attribution::callback_fault::callback_fault;
use crate::attribution::proxy_setting::proxy_setting;
use crate::flow::Flow;
use crate::verdict::{Blame, Finding, Statement, Value, statement};

/// A failure that comes of the app's client not reaching Klaviyo, or not trusting it, as a fault of the configuration.
pub(crate) fn unreached(finding: &Finding, flow: &Flow<'_>) -> Option<Finding> {
    let reach = &flow.setup.routing;
    if reach.way == Routing::Urls {
        return None;
    }
    // The app needs Klaviyo once it has a code to exchange; what fails before that is its own.
    let code = flow.events.exchanges().find_map(|exchange| match &exchange.it.facts {
        Facts::Decision(call) if call.decision == Decision::Allowed && call.code.is_some() => Some(exchange.seq),
        _ => None,
    })?;
    if finding.at.is_some_and(|at| at < code) {
        return None;
    }
    // An app that asks for a login instead has not tried, nor has one whose callback stopped by itself.
    let asks_for_login = flow.events.after(code).pages().next().is_some_and(|page| page.it.kind == PageKind::Login);
    if asks_for_login || flow.attempts.iter().any(|attempt| callback_fault(flow, attempt).is_some()) {
        return None;
    }
    let traffic = flow.events.entries().iter().rev().find_map(|entry| match &entry.event {
        Event::GatewayTraffic(traffic) => Some(traffic),
        _ => None,
    })?;
    let likely = if traffic.requests == 0 && traffic.connections == 0 {
        if reach.elsewhere {
            return None;
        }
        never_came(reach)
    } else if traffic.requests == 0 || !traffic.distrusted.is_empty() {
        no_trust(traffic)
    } else {
        return None;
    };
    Some(finding.clone().likely(likely).blame(Blame::Config))
}

fn never_came(reach: &RoutingSetup) -> Statement {
    let Some(program) = &reach.program else {
        return "the app never reached Klaviyo's hosts: flowcheck did not start it, so it could not lead it there; add `start:` to \
                flowcheck.yaml"
            .into();
    };
    match reach.way {
        Routing::Env => statement!("the app never reached Klaviyo's hosts: {client}; try `reach: hosts`", client = client(program)),
        _ => "the app never reached Klaviyo's hosts: its client finds their addresses by other means than /etc/hosts; try `reach: env`".into(),
    }
}

/// What its clients need, where the program's name tells its platform.
fn client(program: &str) -> Statement {
    if let Some(setting) = proxy_setting(&[program]) {
        return setting.into();
    }
    if ["sh", "bash", "env", "make", "docker"].contains(&program) {
        return "its HTTP client seems to take no notice of HTTPS_PROXY".into();
    }
    let program = Value::name(program);
    statement!("the HTTP client of `{program}` seems to take no notice of HTTPS_PROXY", program)
}

fn no_trust(traffic: &GatewayTraffic) -> Statement {
    let host = traffic.distrusted.first().map_or("klaviyo.com", String::as_str);
    statement!(
        "the app's client came, and does not trust the certificate of {host}: make it read the roots that SSL_CERT_FILE names",
        host = Value::name(host)
    )
}
