//! The fake Klaviyo of a world, and what the setup records about the app.

use std::path::Path;

use crate::app::PlaceholderValues;
use crate::browser::opens_no_page;
use crate::checklist::Problem;
use crate::evidence::{HostSetup, Recorder, Routing, ThirdPartyCookies};
use crate::klaviyo;
use crate::runner::Plan;
use crate::runner::world::actors::Actors;
use crate::runner::world::klaviyo_accounts::KlaviyoAccounts;
use crate::scenario::{AppFile, Script, Start};

/// The platform that an embedded app lives in, as evidence tells of it.
pub(in crate::runner) fn host_seen(file: &AppFile, placeholders: &PlaceholderValues) -> Option<HostSetup> {
    file.embedding().map(|embedding| HostSetup {
        name: embedding.host.name.clone(),
        url: placeholders.fill(&embedding.host.url.value),
        listing: placeholders.fill(&embedding.host.listing),
        opens: embedding.opens,
        third_party_cookies: ThirdPartyCookies::Unknown("the browser was not asked yet".to_owned()),
    })
}

/// Why browsers cannot open the app or its host, where that is at a port that is kept for drivers.
pub(in crate::runner) fn behind_a_closed_port(plan: &Plan, placeholders: &PlaceholderValues) -> Option<Problem> {
    let file = &plan.app;
    let urls = [Some(&file.url), file.embedding().map(|embedding| &embedding.host.url)];
    urls.into_iter().flatten().find_map(|url| {
        let port = url::Url::parse(&placeholders.fill(&url.value)).ok()?.port().filter(|port| opens_no_page(*port))?;
        let what = format!(
            "{}:{}: `url` has port {port}, at which flowcheck's browsers open no page: it is one of those that drivers may have",
            plan.config, url.line
        );
        let remedy = "let the app listen at another port, or at {port}; docs/scale.md lists those that are closed";
        Some(Problem::new(what).with_remedy(Some(remedy)))
    })
}

/// The fake Klaviyo, with the app registered and its people known.
pub(in crate::runner) async fn open_klaviyo(
    file: &AppFile,
    script: &Script,
    placeholders: &PlaceholderValues,
    actors: &Actors,
    accounts: &KlaviyoAccounts,
    recorder: &Recorder,
) -> Result<klaviyo::Server, klaviyo::BindError> {
    let registration = &file.klaviyo;
    let client = klaviyo::Client {
        name: file.name.clone(),
        scopes: registration.scopes.iter().map(|scope| scope.value.clone()).collect(),
        redirect_uris: registration.redirect_uris.iter().map(|uri| placeholders.fill(&uri.value)).collect(),
        install_url: Some(placeholders.fill(&registration.install_url.value)),
        settings_url: registration.settings_url.as_ref().map(|url| placeholders.fill(url)),
        reviewed: registration.reviewed,
        installs: registration.installs,
        ..klaviyo::Client::new(&registration.client_id, registration.client_secret.as_str())
    };
    let usual = klaviyo::Settings::default();
    let life_s = script.given.token_life.and_then(|life| u32::try_from(life.duration().as_secs()).ok());
    let settings = klaviyo::Settings {
        code_replay_revokes: script.given.replay_revokes,
        own_hosts: file.reach != Routing::Urls,
        expires_in_s: life_s.unwrap_or(usual.expires_in_s),
        ..usual
    };
    let mut builder = klaviyo::Server::builder().recorder(recorder.clone()).settings(settings).client(client);
    for account in accounts.all() {
        builder = builder.account(klaviyo::Account::named(&account.name).with_id(&account.id));
    }
    for user in actors.people().map(|person| &person.klaviyo) {
        builder = builder.user(klaviyo::User {
            email: user.email.clone(),
            password: user.password.as_str().into(),
            accounts: accounts.all().iter().map(|account| account.id.as_str().into()).collect(),
        });
        for account in accounts.all() {
            builder = builder.role(&user.email, account.id.as_str(), user.role);
        }
    }
    // An app that goes on running was told where to look.
    let address = file.staging.as_ref().map_or("127.0.0.1:0", |staging| &staging.klaviyo.value);
    builder.bind(address).await
}

/// The name of the program that is started as the app.
pub(in crate::runner) fn program(start: &Start) -> Option<String> {
    let words = start.words();
    Some(Path::new(words.first()?).file_name()?.to_string_lossy().into_owned())
}

/// Host and port, `www.` left out: what subdomains share.
pub(in crate::runner) fn domain(url: &url::Url) -> String {
    let host = url.host_str().unwrap_or_default();
    let host = host.strip_prefix("www.").unwrap_or(host);
    url.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
}
