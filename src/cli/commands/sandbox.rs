//! The fake Klaviyo as a sandbox: with the partner's app from `flowcheck.yaml`, or with one to play with.

use std::io::ErrorKind;
use std::path::Path;

use crate::app::Places;
use crate::cli::{Exit, screen};
use crate::evidence::{Recorder, in_full};
use crate::klaviyo::{Account, BindError, Client, Server, User};
use crate::scenario::load_app;

/// Exchanges that a sandbox remembers.
const REMEMBERED: usize = 10_000;
/// Who may sign in to it.
pub(super) const SANDBOX_USER: &str = "owner@sandbox.example";
/// With which password.
pub(super) const SANDBOX_PASSWORD: &str = "sandbox-password";

/// A fake Klaviyo, and the credentials of the one app that it knows.
#[derive(Debug)]
pub(super) struct Sandbox {
    pub(super) klaviyo: Server,
    pub(super) client_id: String,
    pub(super) client_secret: String,
}

impl Sandbox {
    /// Begins to listen; what is wrong comes with how the program is to end.
    pub(super) async fn start(config: Option<&Path>, app_port: u16, listen: &str) -> Result<Self, (Exit, String)> {
        let client = client(config, app_port).map_err(|what| (Exit::Usage, what))?;
        let (client_id, client_secret) = (client.id.clone(), client.secret.reveal().to_owned());
        let account = Account::named("Sandbox Store");
        let accounts = vec![account.id.clone()];
        let user = User { email: SANDBOX_USER.to_owned(), password: SANDBOX_PASSWORD.into(), accounts };
        let klaviyo = Server::builder()
            .recorder(Recorder::bounded(REMEMBERED))
            .client(client)
            .account(account)
            .user(user)
            .bind(listen)
            .await
            .map_err(|error| (at_fault(&error), in_full(&error)))?;
        Ok(Self { klaviyo, client_id, client_secret })
    }
}

/// An address that is none was typed wrong; one that is taken was not.
fn at_fault(error: &BindError) -> Exit {
    match error {
        BindError::NotLoopback { .. } => Exit::Usage,
        BindError::Unusable { source, .. } if source.kind() == ErrorKind::InvalidInput => Exit::Usage,
        BindError::Unusable { .. } | BindError::Taken { .. } => Exit::Environment,
    }
}

fn client(config: Option<&Path>, app_port: u16) -> Result<Client, String> {
    let app = format!("http://localhost:{app_port}");
    let Some(config) = config else {
        return Ok(Client::new("sandbox-client-id", "sandbox-client-secret")
            .named("Sandbox App")
            .scopes(["accounts:read events:read events:write lists:read lists:write profiles:read profiles:write"])
            .redirect_uri(format!("{app}/klaviyo/callback"))
            .install_url(format!("{app}/klaviyo/install")));
    };
    let file = load_app(config).map_err(|found| found.render(screen::colour_on_stderr()))?;
    let places = Places {
        port: app_port,
        data: String::new(),
        smtp_port: 25,
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
