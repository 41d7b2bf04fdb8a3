//! The way to Klaviyo: the gateway of one world, and who is led by it.

use crate::app::{LaunchEnvironment, PlaceholderValues};
use crate::browser::{DRIVER_PORTS, Remote, Route};
use crate::checklist::Problem;
use crate::evidence::{GatewayTraffic, Routing, error_chain};
use crate::gateway::{self, Gateway, GatewayError};
use crate::klaviyo;
use crate::runner::Plan;
use crate::runner::world::setup::setup_error::SetupError;

/// The gateway, where one is needed to lead the app to Klaviyo.
pub(in crate::runner) async fn open(
    plan: &Plan,
    placeholders: &PlaceholderValues,
    klaviyo: &klaviyo::Server,
) -> Result<Option<Gateway>, SetupError> {
    let file = &plan.app;
    let remote = plan.browser.remote();
    if file.reach == Routing::Urls && !plan.hermetic && remote.is_none() {
        return Ok(None);
    }
    // What `start` says for the app counts before what flowcheck itself has.
    let set_for_app = |name: &str| file.start.as_ref()?.env.get(name).map(|value| placeholders.fill(value).into());
    let before = |name: &str| set_for_app(name).or_else(|| std::env::var_os(name));
    let hosts = file.reach == Routing::Hosts;
    let options = gateway::Options {
        hosts,
        hermetic: plan.hermetic,
        browser_bind: remote.and_then(|remote| remote.way_back.as_ref()).map(|way| way.bind),
        closed_ports: &DRIVER_PORTS,
        ..gateway::Options::default()
    };
    match Gateway::start_with_environment(klaviyo, options, before).await {
        Ok(gateway) => Ok(Some(gateway)),
        Err(GatewayError::Hosts(error)) => {
            Err(SetupError::Config(Problem::new(error_chain(&error)).with_remedy(error.remedy())))
        }
        Err(error) => Err(SetupError::Harness(Problem::new(error_chain(&error)))),
    }
}

/// How a browser takes it; one that may be on another machine comes by it for this machine's own addresses, too.
pub(in crate::runner) fn route(gateway: &Gateway, remote: Option<&Remote>) -> Route {
    let address = gateway.browser_addr();
    let way_back = remote.and_then(|remote| remote.way_back.as_ref());
    Route {
        proxy: way_back.map_or_else(|| address.to_string(), |way| format!("{}:{}", way.host, address.port())),
        probe: gateway.probe().url(),
        answer: gateway.probe().answer().to_owned(),
        loopback: remote.map(|_| gateway.loopback_probe_url()),
    }
}

/// What leads an app by it.
pub(in crate::runner) fn launch_environment(gateway: &Gateway) -> LaunchEnvironment {
    let variables = gateway.environment().iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
    LaunchEnvironment { variables: variables.collect(), wrapper: gateway.wrapper().to_vec() }
}

/// What came of the app, for judges.
pub(in crate::runner) fn traffic(gateway: &Gateway) -> GatewayTraffic {
    let held_back = gateway.refused().into_iter().chain(gateway.refused_to_browser());
    GatewayTraffic {
        connections: gateway.connections(),
        requests: gateway.request_counts().total(),
        distrusted: gateway.distrusted(),
        hermetic: None,
        held_back: held_back.map(|refused| refused.target).collect(),
    }
}

/// Closes it, where there is one.
pub(in crate::runner) async fn close(gateway: Option<Gateway>) {
    if let Some(gateway) = gateway {
        gateway.stop().await;
    }
}
