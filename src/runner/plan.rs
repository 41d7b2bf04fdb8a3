//! What is to be run.

use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use crate::browser::{Found, Options};
use crate::scenario::{AppFile, Loaded};

/// A run, resolved: nothing in it is left to be looked up.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The app under test.
    pub app: Arc<AppFile>,
    /// Its configuration file, as the user named it.
    pub config: String,
    /// The folder that file stands in.
    pub folder: PathBuf,
    /// The scenarios, in the order in which they are reported.
    pub scenarios: Vec<Arc<Loaded>>,
    /// Worlds side by side; at least one.
    pub workers: usize,
    /// The browser and its driver.
    pub browser: Found,
    /// How to start them.
    pub options: Options,
    /// Pause before each act, for a person who watches.
    pub slow_mo: Duration,
    /// Whether nothing but Klaviyo and this machine may be reached.
    pub hermetic: bool,
    /// flowcheck's own program, which a hermetic run starts in the app's network; none where it is not at hand.
    pub program: Option<PathBuf>,
    /// Whether warnings and reviews count as failures.
    pub strict: bool,
    /// Folder for everything that is kept only during the run.
    pub temporary: PathBuf,
    /// Folder that screenshots go to.
    pub shots: PathBuf,
}

impl Plan {
    /// How many worlds can really stand side by side: an app on a fixed port, or one that flowcheck does not start, is one.
    pub fn side_by_side(&self) -> usize {
        let own_port = self.app.start.is_some() && self.app.url.value.contains("{port}");
        if own_port { self.workers.clamp(1, self.scenarios.len().max(1)) } else { 1 }
    }
}

/// Why a scenario is not for this app, where it is not.
pub fn not_applicable(scenario: &Loaded, app: &AppFile) -> Option<String> {
    let applies = &scenario.script.applies_to;
    if !applies.tenancy.is_empty() && !applies.tenancy.contains(&app.tenancy) {
        return Some("the app keeps tenants in another way".to_owned());
    }
    if applies.sign_up && !app.sign_up {
        return Some("users cannot sign up for the app themselves".to_owned());
    }
    if applies.trigger && app.trigger.is_none() {
        return Some("flowcheck.yaml has no `trigger`".to_owned());
    }
    None
}
