//! `flowcheck serve`: the fake Klaviyo as a sandbox.

use super::main::complain;
use super::sandbox::{SANDBOX_PASSWORD, SANDBOX_USER, Sandbox};
use crate::cli::Exit;
use crate::cli::arguments::ServeArguments;
use crate::cli::interrupts::Interrupts;
use crate::cli::screen::say;

/// Serves until interrupted.
pub(super) async fn serve(arguments: ServeArguments) -> Exit {
    let mut interrupts = match Interrupts::listen() {
        Ok(interrupts) => interrupts,
        Err(error) => return complain(Exit::Environment, &format!("could not listen for Ctrl-C: {error}")),
    };
    let started = Sandbox::start(arguments.config.as_deref(), arguments.app_port, &arguments.listen).await;
    let Sandbox { klaviyo, client_id, client_secret } = match started {
        Ok(sandbox) => sandbox,
        Err((exit, what)) => return complain(exit, &what),
    };
    say(format_args!("the fake Klaviyo answers; export these for your app:\n"));
    say(format_args!("export KLAVIYO_WWW_URL={}", klaviyo.www().as_str().trim_end_matches('/')));
    say(format_args!("export KLAVIYO_API_URL={}", klaviyo.api().as_str().trim_end_matches('/')));
    say(format_args!("export KLAVIYO_CLIENT_ID={client_id}"));
    say(format_args!("export KLAVIYO_CLIENT_SECRET={client_secret}\n"));
    say(format_args!("listing       {}", klaviyo.listing_url(&client_id)));
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
