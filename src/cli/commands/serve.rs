//! `flowcheck serve`: the fake Klaviyo as a sandbox.

use tokio::signal::unix::{SignalKind, signal};

use super::main::complain;
use super::sandbox::{SANDBOX_PASSWORD, SANDBOX_USER, Sandbox};
use crate::cli::Exit;
use crate::cli::arguments::ServeArguments;

/// Serves until interrupted.
pub(super) async fn serve(arguments: ServeArguments) -> Exit {
    let started = Sandbox::start(arguments.config.as_deref(), arguments.app_port, &arguments.listen).await;
    let Sandbox { klaviyo, client_id, client_secret } = match started {
        Ok(sandbox) => sandbox,
        Err((exit, what)) => return complain(exit, &what),
    };
    println!("the fake Klaviyo answers; export these for your app:\n");
    println!("export KLAVIYO_WWW_URL={}", klaviyo.www().as_str().trim_end_matches('/'));
    println!("export KLAVIYO_API_URL={}", klaviyo.api().as_str().trim_end_matches('/'));
    println!("export KLAVIYO_CLIENT_ID={client_id}");
    println!("export KLAVIYO_CLIENT_SECRET={client_secret}\n");
    println!("listing       {}", klaviyo.listing_url(&client_id));
    println!("integrations  {}", klaviyo.integrations_url());
    println!("sign in as    {SANDBOX_USER}, password {SANDBOX_PASSWORD}");
    println!("control       {}_flowcheck/ with Authorization: Bearer {}", klaviyo.api(), klaviyo.control_secret());
    println!("\nCtrl-C ends it");
    wait_for_interrupt().await;
    klaviyo.stop().await;
    Exit::Good
}

async fn wait_for_interrupt() {
    let Ok(mut terminate) = signal(SignalKind::terminate()) else { return };
    tokio::select! {
        _ = tokio::signal::ctrl_c() => {}
        _ = terminate.recv() => {}
    }
}
