//! What a stage is set with: Klaviyo, the gateway to it, and what is told of the app that they are for.

use std::path::Path;

use super::Plan;
use super::cast::Cast;
use super::stage::Unset;
use crate::app::{Places, Surroundings};
use crate::evidence::{Arrivals, HostSeen, Reach, Recorder, ThirdPartyCookies, in_full};
use crate::gateway::{self, Gateway, GatewayError};
use crate::klaviyo;
use crate::scenario::{AppFile, Script, Start};

/// The platform that an embedded app lives in, as evidence tells of it.
pub(super) fn host_seen(file: &AppFile, places: &Places) -> Option<HostSeen> {
    file.embedding().map(|embedding| HostSeen {
        name: embedding.host.name.clone(),
        url: places.fill(&embedding.host.url.value),
        listing: places.fill(&embedding.host.listing),
        opens: embedding.opens,
        third_party_cookies: ThirdPartyCookies::Unknown("the browser was not asked yet".to_owned()),
    })
}

/// The fake Klaviyo, with the app registered and its people known.
pub(super) async fn open_klaviyo(
    file: &AppFile,
    script: &Script,
    places: &Places,
    cast: &Cast,
    recorder: &Recorder,
) -> Result<klaviyo::Server, String> {
    let registration = &file.klaviyo;
    let client = klaviyo::Client {
        name: file.name.clone(),
        scopes: registration.scopes.iter().map(|scope| scope.value.clone()).collect(),
        redirect_uris: registration.redirect_uris.iter().map(|uri| places.fill(&uri.value)).collect(),
        install_url: Some(places.fill(&registration.install_url.value)),
        reviewed: registration.reviewed,
        ..klaviyo::Client::new(&registration.client_id, registration.client_secret.as_str())
    };
    let user = klaviyo::User {
        email: cast.klaviyo.email.clone(),
        password: cast.klaviyo.password.as_str().into(),
        accounts: cast.accounts.iter().map(|account| account.id.as_str().into()).collect(),
    };
    let usual = klaviyo::Settings::default();
    let life_s = script.given.token_life.and_then(|life| u32::try_from(life.duration().as_secs()).ok());
    let settings = klaviyo::Settings {
        code_replay_revokes: script.given.replay_revokes,
        own_hosts: file.reach != Reach::Urls,
        expires_in_s: life_s.unwrap_or(usual.expires_in_s),
        ..usual
    };
    let mut builder =
        klaviyo::Server::builder().recorder(recorder.clone()).settings(settings).client(client).user(user);
    for account in &cast.accounts {
        builder = builder.account(klaviyo::Account::named(&account.name).with_id(&account.id));
    }
    builder.bind("127.0.0.1:0").await.map_err(|error| in_full(&error))
}

/// The gateway, where one is needed to lead the app to Klaviyo.
pub(super) async fn open_gateway(
    plan: &Plan,
    places: &Places,
    klaviyo: &klaviyo::Server,
) -> Result<Option<Gateway>, Unset> {
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
        ..gateway::Options::default()
    };
    match Gateway::start_over(klaviyo, options, before).await {
        Ok(gateway) => Ok(Some(gateway)),
        Err(error @ GatewayError::Hosts(_)) => Err(Unset::Config(in_full(&error))),
        Err(error) => Err(Unset::Harness(in_full(&error))),
    }
}

/// What the app is started in.
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

/// The name of the program that is started as the app.
pub(super) fn program(start: &Start) -> Option<String> {
    let words = start.words();
    Some(Path::new(words.first()?).file_name()?.to_string_lossy().into_owned())
}

pub(super) async fn close(gateway: Option<Gateway>) {
    if let Some(gateway) = gateway {
        gateway.stop().await;
    }
}

/// Host and port, `www.` left out: what subdomains share.
pub(super) fn domain(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
