//! A draft of `flowcheck.yaml`: what is known of the app so far.

use std::collections::BTreeMap;

use super::app_folder::{Job, StartCommand, Variable};
use super::file::Gap;
use crate::evidence::{Routing, Tenancy};

/// What is known of the app so far. Addresses are written as in the file, with `{port}` where flowcheck chooses the port.
#[derive(Debug, Clone)]
pub struct Draft {
    /// Its name.
    pub name: String,
    /// Base URL.
    pub url: String,
    /// How flowcheck starts it; none for an app that is running.
    pub start: Option<DraftStart>,
    /// How its requests reach the fake Klaviyo.
    pub reach: Routing,
    /// OAuth client id.
    pub client_id: Option<String>,
    /// The variable that holds the client secret.
    pub client_secret: Option<Variable>,
    /// Scopes, given by the user or taken from the app's request.
    pub scopes: Vec<String>,
    /// Whether the scopes were taken from the app's request.
    pub scopes_copied: bool,
    /// Redirect URI.
    pub redirect_uri: Option<String>,
    /// The installation URL, which the listing links to.
    pub install_url: Option<String>,
    /// Where a user logs in.
    pub login: Option<String>,
    /// Where a signed-in user begins.
    pub home: Option<String>,
    /// Where it shows whether it is installed.
    pub settings: Option<String>,
    /// Why it has no page that shows that.
    pub no_page: Option<String>,
    /// How it keeps tenants apart, given by the user or seen; one tenant per user, where neither.
    pub tenancy: Option<Tenancy>,
    /// Whether people can create an account themselves, where the login page told.
    pub sign_up: Option<bool>,
    /// Its users.
    pub users: Vec<DraftUser>,
    /// The URL that makes it call Klaviyo.
    pub trigger: Option<String>,
    /// Whether nobody logs in to it: whoever installs is known by the Klaviyo account.
    pub nobody_logs_in: bool,
    /// What was seen while exploring, for comments in the file.
    pub noticed: Noticed,
    /// What could not be found out.
    pub gaps: Vec<Gap>,
    /// Values that were said, and stay though others were seen: what, and which.
    pub kept: Vec<(&'static str, String)>,
    /// How its framework starts it, where nobody said.
    pub suggested: Vec<StartCommand>,
    /// What may make it call Klaviyo, according to its folder.
    pub jobs: Vec<Job>,
    /// Variables of its `.env` that name a file or folder of its data, each with the same in `{data}`.
    pub data_places: Vec<(String, String)>,
    /// The variable of its `.env` that lists scopes.
    pub scopes_variable: Option<String>,
    /// The file that it goes on from.
    pub on_file: Option<OnFile>,
}

/// A file that a draft goes on from.
#[derive(Debug, Clone)]
pub struct OnFile {
    /// Its text.
    pub text: String,
    /// What would be written of what it says.
    pub before: String,
    /// The variables that it names.
    pub variables: Vec<Variable>,
}

/// How the app is started.
#[derive(Debug, Clone)]
pub struct DraftStart {
    /// The command, with placeholders and variables as in `flowcheck.yaml`.
    pub command: String,
    /// Folder it runs in, relative to the file.
    pub folder: Option<String>,
    /// Further variables, with placeholders as in `flowcheck.yaml`.
    pub env: BTreeMap<String, String>,
    /// Address that answers once it is ready.
    pub ready: Option<String>,
}

/// A user of the app.
#[derive(Debug, Clone)]
pub struct DraftUser {
    /// E-mail address or user name.
    pub login: String,
    /// The variable that holds the password.
    pub password: Variable,
    /// Tenants, where the app asks for one.
    pub tenants: Vec<DraftTenant>,
}

/// A tenant of a user.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DraftTenant {
    /// Its name, as the app's tenant choice shows it.
    pub name: String,
    /// What stands for the tenant in URLs.
    pub key: Option<String>,
    /// Its store URL.
    pub url: Option<String>,
}

/// What was seen while exploring, for comments in the file.
#[derive(Debug, Clone, Default)]
pub struct Noticed {
    /// The control that connects.
    pub connect: Option<String>,
    /// The control that disconnects.
    pub disconnect: Option<String>,
    /// What the settings page said once the app was installed.
    pub installed: Option<String>,
    /// Whether a whole installation was followed.
    pub whole: bool,
    /// Whether an installation was followed to Klaviyo, and asked for no tenant on the way.
    pub asks_for_no_tenant: bool,
    /// Whether the app's request lacks the scope that Klaviyo requires.
    pub lacks_needed_scope: bool,
    /// The page at whose opening the app called Klaviyo, and its call.
    pub calls: Option<(String, String)>,
}

impl Draft {
    /// A draft of an app of which only the base URL is known.
    pub fn new(url: &str) -> Self {
        Self {
            name: String::new(),
            url: url.trim_end_matches('/').to_owned(),
            start: None,
            reach: Routing::Env,
            client_id: None,
            client_secret: None,
            scopes: Vec::new(),
            scopes_copied: false,
            redirect_uri: None,
            install_url: None,
            login: None,
            home: None,
            settings: None,
            no_page: None,
            tenancy: None,
            sign_up: None,
            users: Vec::new(),
            trigger: None,
            nobody_logs_in: false,
            noticed: Noticed::default(),
            gaps: Vec::new(),
            kept: Vec::new(),
            suggested: Vec::new(),
            jobs: Vec::new(),
            data_places: Vec::new(),
            scopes_variable: None,
            on_file: None,
        }
    }
}
