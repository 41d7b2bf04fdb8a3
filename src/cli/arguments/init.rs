//! Arguments of `flowcheck init`: where the app is, and every answer that it would otherwise ask for.

use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::browser::BrowserArguments;
use crate::evidence::{Routing, Tenancy};

#[derive(Debug, Args)]
pub(in crate::cli) struct InitArguments {
    /// Base URL of the app; may hold {port}, where --start or --env holds it. Not needed where init completes a file that it wrote
    pub(in crate::cli) url: Option<String>,
    /// The file to write
    #[arg(short, long, value_name = "FILE", default_value = "flowcheck.yaml", env = "FLOWCHECK_CONFIG")]
    pub(in crate::cli) config: PathBuf,
    /// Overwrite an existing file, instead of completing it
    #[arg(long)]
    pub(in crate::cli) force: bool,
    /// Command that starts the app; without it the app must be running, and installing is followed as far as the app's request
    #[arg(long, value_name = "COMMAND")]
    pub(in crate::cli) start: Option<String>,
    /// Folder that --start runs in, relative to the file; the file's own, by default
    #[arg(long, value_name = "FOLDER", requires = "start")]
    pub(in crate::cli) folder: Option<String>,
    /// An environment variable for --start; can be repeated
    #[arg(long, value_name = "NAME=VALUE", value_parser = pair, requires = "start")]
    pub(in crate::cli) env: Vec<(String, String)>,
    /// URL that answers once the app is ready; the base URL, by default
    #[arg(long, value_name = "URL", requires = "start")]
    pub(in crate::cli) ready: Option<String>,
    /// How the app's requests to Klaviyo reach the fake one
    #[arg(long, value_name = "WAY", value_enum, default_value = "env")]
    pub(in crate::cli) reach: InitReach,
    /// The app's .env, which has its client id and secret
    #[arg(long, value_name = "FILE")]
    pub(in crate::cli) from_env: Option<PathBuf>,
    /// OAuth client id; the one in the app's request, by default
    #[arg(long, value_name = "ID")]
    pub(in crate::cli) client_id: Option<String>,
    /// Variable of the environment that holds the client secret
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) client_secret_env: Option<String>,
    /// Scopes in the app's settings at Klaviyo; those in the app's request, by default
    #[arg(long, value_name = "SCOPES", value_delimiter = ',')]
    pub(in crate::cli) scopes: Vec<String>,
    /// Installation URL in the app's settings at Klaviyo
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) install_url: Option<String>,
    /// Page where a user logs in
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) login_page: Option<String>,
    /// Page that shows whether Klaviyo is connected; may hold {tenant}
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) settings: Option<String>,
    /// Nobody logs in to the app: whoever installs is known by the Klaviyo account. Found out by itself where no --login is given
    #[arg(long, conflicts_with_all = ["login", "sign_up", "login_page", "tenant"])]
    pub(in crate::cli) nobody_logs_in: bool,
    /// E-mail address or user name of a user of the app; can be repeated; the first user has one tenant
    #[arg(long, value_name = "LOGIN")]
    pub(in crate::cli) login: Vec<String>,
    /// Variable of the environment that holds the password, for each --login; `FLOWCHECK_PASSWORD`, by default
    #[arg(long, value_name = "NAME")]
    pub(in crate::cli) password_env: Vec<String>,
    /// Another host than the app's own at which passwords may be typed, such as an identity provider's; can be repeated
    #[arg(long, value_name = "HOST")]
    pub(in crate::cli) password_to: Vec<String>,
    /// Create the account of the first --login by the app's sign-up form; for apps that keep accounts across restarts
    #[arg(long)]
    pub(in crate::cli) sign_up: bool,
    /// How a user chooses a tenant; as the app asks, by default
    #[arg(long, value_name = "WAY", value_enum)]
    pub(in crate::cli) tenancy: Option<InitTenancy>,
    /// A user's tenant as the app shows it, with its store URL where users type that; can be repeated
    #[arg(long, value_name = "LOGIN=NAME[=STORE-URL]", value_parser = pair)]
    pub(in crate::cli) tenant: Vec<(String, String)>,
    /// URL that makes the app call Klaviyo
    #[arg(long, value_name = "URL")]
    pub(in crate::cli) trigger: Option<String>,
    /// The app's name; taken from its pages' titles, by default
    #[arg(long)]
    pub(in crate::cli) name: Option<String>,
    #[command(flatten)]
    pub(in crate::cli) browser: BrowserArguments,
}

/// [`Routing`] as an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum InitReach {
    /// Variables that name a proxy, and certificates to trust
    Env,
    /// A hosts file of its own
    Hosts,
    /// Base URLs, by `{klaviyo_www}` and `{klaviyo_api}` in --start or --env
    Urls,
}

/// [`Tenancy`] as an argument.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(in crate::cli) enum InitTenancy {
    /// One for each user
    Single,
    /// Several, chosen from what the app offers
    DropDown,
    /// Several, named by store URL
    TextBox,
}

impl From<InitReach> for Routing {
    fn from(reach: InitReach) -> Self {
        match reach {
            InitReach::Env => Self::Env,
            InitReach::Hosts => Self::Hosts,
            InitReach::Urls => Self::Urls,
        }
    }
}

impl From<InitTenancy> for Tenancy {
    fn from(tenancy: InitTenancy) -> Self {
        match tenancy {
            InitTenancy::Single => Self::Single,
            InitTenancy::DropDown => Self::DropDown,
            InitTenancy::TextBox => Self::TextBox,
        }
    }
}

/// A text that is not NAME=VALUE.
#[derive(Debug, thiserror::Error)]
#[error("a `=` is missing")]
struct NoPair;

fn pair(text: &str) -> Result<(String, String), NoPair> {
    let (name, value) = text.split_once('=').filter(|(name, _)| !name.is_empty()).ok_or(NoPair)?;
    Ok((name.to_owned(), value.to_owned()))
}
