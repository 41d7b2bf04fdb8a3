//! `flowcheck serve`: the fake Klaviyo as a sandbox.

use std::io::ErrorKind;

use super::main::complain;
use crate::app::Places;
use crate::cli::Exit;
use crate::cli::arguments::ServeArguments;
use crate::cli::interrupts::Interrupts;
use crate::cli::screen::{self, say};
use crate::evidence::{Recorder, in_full};
use crate::klaviyo::{Account, BindError, Client, Server, User};
use crate::scenario::load_app;

/// Exchanges that a sandbox remembers.
const REMEMBERED: usize = 10_000;
const SANDBOX_USER: &str = "owner@sandbox.example";
const SANDBOX_PASSWORD: &str = "sandbox-password";

/// Serves until interrupted.
pub(super) async fn serve(arguments: ServeArguments) -> Exit {
    let client = match client(&arguments) {
        Ok(client) => client,
        Err(what) => return complain(Exit::Usage, &what),
    };
    let mut interrupts = match Interrupts::listen() {
        Ok(interrupts) => interrupts,
        Err(error) => return complain(Exit::Environment, &format!("could not listen for Ctrl-C: {error}")),
    };
    let (id, secret) = (client.id.clone(), client.secret.reveal().to_owned());
    let account = Account::named("Sandbox Store");
    let user =
        User { email: SANDBOX_USER.to_owned(), password: SANDBOX_PASSWORD.into(), accounts: vec![account.id.clone()] };
    let bound = Server::builder()
        .recorder(Recorder::bounded(REMEMBERED))
        .client(client)
        .account(account)
        .user(user)
        .bind(&arguments.listen)
        .await;
    let klaviyo = match bound {
        Ok(klaviyo) => klaviyo,
        Err(error) => return complain(at_fault(&error), &in_full(&error)),
    };
    say(format_args!("the fake Klaviyo answers; export these for your app:\n"));
    say(format_args!("export KLAVIYO_WWW_URL={}", klaviyo.www().as_str().trim_end_matches('/')));
    say(format_args!("export KLAVIYO_API_URL={}", klaviyo.api().as_str().trim_end_matches('/')));
    say(format_args!("export KLAVIYO_CLIENT_ID={id}"));
    say(format_args!("export KLAVIYO_CLIENT_SECRET={secret}\n"));
    say(format_args!("listing       {}", klaviyo.listing_url(&id)));
    say(format_args!("integrations  {}", klaviyo.integrations_url()));
    say(format_args!("sign in as    {SANDBOX_USER}, password {SANDBOX_PASSWORD}"));
    say(format_args!(
        "control       {}_flowcheck/ with Authorization: Bearer {}",
        klaviyo.api(),
        klaviyo.control_secret()
    ));
    say(format_args!("\nCtrl-C ends it"));
    interrupts.next().await;
    klaviyo.stop().await;
    Exit::Good
}

/// An address that is none was typed wrong; one that is taken was not.
fn at_fault(error: &BindError) -> Exit {
    match error {
        BindError::NotLoopback { .. } => Exit::Usage,
        BindError::Unusable { source, .. } if source.kind() == ErrorKind::InvalidInput => Exit::Usage,
        BindError::Unusable { .. } | BindError::Taken { .. } => Exit::Environment,
    }
}

fn client(arguments: &ServeArguments) -> Result<Client, String> {
    let app = format!("http://localhost:{}", arguments.app_port);
    let Some(config) = &arguments.config else {
        return Ok(Client::new("sandbox-client-id", "sandbox-client-secret")
            .named("Sandbox App")
            .scopes(["accounts:read events:read events:write lists:read lists:write profiles:read profiles:write"])
            .redirect_uri(format!("{app}/klaviyo/callback"))
            .install_url(format!("{app}/klaviyo/install")));
    };
    let file = load_app(config).map_err(|found| found.render(screen::colour_on_stderr()))?;
    let places = Places {
        port: arguments.app_port,
        data: String::new(),
        klaviyo_www: String::new(),
        klaviyo_api: String::new(),
    };
    let registration = &file.klaviyo;
    let mut client = Client::new(&registration.client_id, registration.client_secret.as_str())
        .named(&file.name)
        .scopes(registration.scopes.iter().map(|scope| &scope.value))
        .install_url(places.fill(&registration.install_url.value));
    for uri in &registration.redirect_uris {
        client = client.redirect_uri(places.fill(&uri.value));
    }
    Ok(if registration.reviewed { client.reviewed() } else { client })
}
