//! The way to Klaviyo: the gateway of one world, and who is led by it.

use super::Plan;
use super::stage::Unset;
use crate::app::{Places, Surroundings};
use crate::browser::{DRIVER_PORTS, Remote, Route};
use crate::evidence::{Arrivals, Reach, in_full};
use crate::gateway::{self, Gateway, GatewayError};
use crate::klaviyo;

/// The gateway, where one is needed to lead the app to Klaviyo.
pub(super) async fn open(plan: &Plan, places: &Places, klaviyo: &klaviyo::Server) -> Result<Option<Gateway>, Unset> {
    let file = &plan.app;
    let remote = plan.browser.remote();
    if file.reach == Reach::Urls && !plan.hermetic && remote.is_none() {
        return Ok(None);
    }
    // What `start` says for the app counts before what flowcheck itself has.
    let said = |name: &str| file.start.as_ref()?.env.get(name).map(|value| places.fill(value).into());
    let before = |name: &str| said(name).or_else(|| std::env::var_os(name));
    let hosts = file.reach == Reach::Hosts;
    let options = gateway::Options {
        hosts,
        hermetic: plan.hermetic,
        browsers_at: remote.and_then(|remote| remote.way_back.as_ref()).map(|way| way.bind),
        closed_ports: &DRIVER_PORTS,
        ..gateway::Options::default()
    };
    match Gateway::start_over(klaviyo, options, before).await {
        Ok(gateway) => Ok(Some(gateway)),
        Err(error @ GatewayError::Hosts(_)) => Err(Unset::Config(in_full(&error))),
        Err(error) => Err(Unset::Harness(in_full(&error))),
    }
}

/// How a browser takes it; one that may be on another machine comes by it for this machine's own addresses, too.
pub(super) fn route(gateway: &Gateway, remote: Option<&Remote>) -> Route {
    let address = gateway.browser_addr();
    let way_back = remote.and_then(|remote| remote.way_back.as_ref());
    Route {
        proxy: way_back.map_or_else(|| address.to_string(), |way| format!("{}:{}", way.host, address.port())),
        probe: gateway.probe().url(),
        answer: gateway.probe().answer().to_owned(),
        loopback: remote.map(|_| gateway.probe_of_loopback()),
    }
}

/// What leads an app by it.
pub(super) fn surroundings(gateway: &Gateway) -> Surroundings {
    let variables = gateway.environment().iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    Surroundings { variables: variables.collect(), wrapper: gateway.wrapper().to_vec() }
}

/// What came of the app, for judges.
pub(super) fn arrivals(gateway: &Gateway) -> Arrivals {
    let held_back = gateway.refused().into_iter().chain(gateway.refused_to_browser());
    Arrivals {
        connections: gateway.connections(),
        requests: gateway.reached().total(),
        distrusted: gateway.distrusted(),
        hermetic: None,
        held_back: held_back.map(|refused| refused.target).collect(),
    }
}

/// Closes it, where there is one.
pub(super) async fn close(gateway: Option<Gateway>) {
    if let Some(gateway) = gateway {
        gateway.stop().await;
    }
}
