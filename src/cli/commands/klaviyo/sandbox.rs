//! The fake Klaviyo as a sandbox, and the gateway to it. It knows the partner's app from `flowcheck.yaml`, or a sandbox app.

use std::ffi::OsString;
use std::io::ErrorKind;
use std::path::Path;

use crate::app::PlaceholderValues;
use crate::cli::Exit;
use crate::cli::command_error::CommandError;
use crate::cli::commands::internal::watchdog;
use crate::evidence::{Installs, error_chain};
use crate::gateway::{Gateway, GatewayError, Options};
use crate::klaviyo::{Account, BindError, Client, Server, StateFile, StateFileError, User};
use crate::scenario::{Diagnostics, load_app};

/// The e-mail address of the one who may sign in to it.
pub(in crate::cli) const SANDBOX_USER: &str = "owner@sandbox.example";
/// Their password.
pub(in crate::cli) const SANDBOX_PASSWORD: &str = "sandbox-password";

/// Its account's id; always the same, so that it is found again in a state file.
const SANDBOX_ACCOUNT: &str = "SaNdBx";
/// A second user, of an app that each user installs; with the same password.
pub(in crate::cli) const SANDBOX_COLLEAGUE: &str = "colleague@sandbox.example";

/// How a sandbox is set up.
#[derive(Debug)]
pub(in crate::cli) struct SandboxOptions<'a> {
    /// The app that Klaviyo knows.
    pub(in crate::cli) config: Option<&'a Path>,
    /// Port that stands for `{port}` in it.
    pub(in crate::cli) app_port: u16,
    /// Where Klaviyo listens.
    pub(in crate::cli) listen: &'a str,
    /// The file that its state is kept in.
    pub(in crate::cli) state: Option<&'a Path>,
    /// Whether the gateway refuses what is not Klaviyo's.
    pub(in crate::cli) hermetic: bool,
    /// Whether a hosts file leads to it, too.
    pub(in crate::cli) hosts: bool,
}

/// A fake Klaviyo, the gateway to it, and the credentials of the one app that it knows.
#[derive(Debug)]
pub(in crate::cli) struct Sandbox {
    pub(in crate::cli) klaviyo: Server,
    pub(in crate::cli) gateway: Gateway,
    pub(in crate::cli) client_id: String,
    pub(in crate::cli) client_secret: String,
}

impl Sandbox {
    /// Begins to listen.
    pub(in crate::cli) async fn start(options: SandboxOptions<'_>) -> Result<Self, CommandError> {
        watchdog::spawn_watchdog();
        let client = client(options.config, options.app_port)?;
        let (client_id, client_secret) = (client.id.clone(), client.secret.reveal().to_owned());
        let account = Account::named("Sandbox Store").with_id(SANDBOX_ACCOUNT);
        let accounts = vec![account.id.clone()];
        let user = |email: &str| User {
            email: email.to_owned(),
            password: SANDBOX_PASSWORD.into(),
            accounts: accounts.clone(),
        };
        let refused = |error: BindError| CommandError::new(exit_for(&error), error_chain(&error));
        let mut klaviyo = Server::builder().account(account).user(user(SANDBOX_USER));
        if client.installs == Installs::PerUser {
            klaviyo = klaviyo.user(user(SANDBOX_COLLEAGUE));
        }
        klaviyo = klaviyo.client(client);
        if let Some(file) = options.state {
            let file = StateFile::open(file).map_err(|error| refused(error.into()))?;
            klaviyo = klaviyo.state_file(file);
        }
        let klaviyo = klaviyo.bind(options.listen).await.map_err(refused)?;
        let gateway_options = Options { hermetic: options.hermetic, hosts: options.hosts, ..Options::default() };
        let gateway = Gateway::start(&klaviyo, gateway_options).await;
        let gateway = gateway.map_err(|error| match &error {
            GatewayError::Hosts(hosts) => CommandError::usage(error_chain(hosts)).remedy_if_known(hosts.remedy()),
            _ => CommandError::environment(error_chain(&error)),
        })?;
        Ok(Self { klaviyo, gateway, client_id, client_secret })
    }

    /// Environment variables for a program that is to reach this Klaviyo as klaviyo.com, with its app's credentials.
    pub(in crate::cli) fn variables(&self) -> Vec<(String, OsString)> {
        let credentials = [("KLAVIYO_CLIENT_ID", &self.client_id), ("KLAVIYO_CLIENT_SECRET", &self.client_secret)];
        let gateway = self.gateway.environment().iter().map(|(name, value)| (name.to_owned(), value.to_owned()));
        gateway.chain(credentials.map(|(name, value)| (name.to_owned(), value.into()))).collect()
    }

    /// Stops both.
    pub(in crate::cli) async fn stop(self) {
        self.gateway.stop().await;
        self.klaviyo.stop().await;
    }
}

/// The variables as `export` lines for a shell.
pub(in crate::cli) fn exports(variables: &[(String, OsString)]) -> String {
    let line = |(name, value): &(String, OsString)| {
        let value = value.to_string_lossy();
        // Only a value with a null byte cannot be quoted, and the system allows none in a variable.
        let quoted = shlex::try_quote(&value).unwrap_or_default();
        format!("export {name}={quoted}\n")
    };
    variables.iter().map(line).collect()
}

/// An address that does not exist is a mistake of usage; one that is taken is the environment's fault.
fn exit_for(error: &BindError) -> Exit {
    match error {
        BindError::Unusable { source, .. } if source.kind() == ErrorKind::InvalidInput => Exit::Usage,
        BindError::NotLoopback { .. }
        | BindError::State(
            StateFileError::Foreign(_) | StateFileError::OtherVersion { .. } | StateFileError::Unreadable { .. },
        ) => Exit::Usage,
        BindError::Unusable { .. } | BindError::Taken { .. } | BindError::State(_) => Exit::Environment,
    }
}

fn client(config: Option<&Path>, app_port: u16) -> Result<Client, Diagnostics> {
    let app = format!("http://localhost:{app_port}");
    let Some(config) = config else {
        return Ok(Client::new("sandbox-client-id", "sandbox-client-secret")
            .named("Sandbox App")
            .scopes(["accounts:read events:read events:write lists:read lists:write profiles:read profiles:write"])
            .redirect_uri(format!("{app}/klaviyo/callback"))
            .install_url(format!("{app}/klaviyo/install")));
    };
    let file = load_app(config)?;
    let places = PlaceholderValues {
        port: app_port,
        host_port: app_port,
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
    client = if registration.reviewed { client.reviewed() } else { client };
    client.installs = registration.installs;
    Ok(client)
}
