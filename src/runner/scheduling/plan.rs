//! What is to be run.

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;

use crate::browser::{Options, Source};
use crate::checklist::{LeftOut, RunInfo, ScenarioEnd, ScenarioOutcome, Shard, Tier, current_checklist, find};
use crate::evidence::{Declared, Installs};
use crate::runner::Interactive;
use crate::scenario::{Accounts, AppFile, AppUser, KindName, Loaded, Persona, Spanned, Start};

/// A run, resolved: nothing in it is left to be looked up.
#[expect(clippy::struct_excessive_bools, reason = "each is a flag of its own")]
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
    /// Where its browsers come from.
    pub browser: Source,
    /// How to start them.
    pub options: Options,
    /// Pause before each act, for a person who watches.
    pub slow_mo: Duration,
    /// Who is asked before the run goes on; it then plays one scenario at a time.
    pub interactive: Option<Interactive>,
    /// Whether time is waited for instead of being moved.
    pub real_time: bool,
    /// Whether nothing but Klaviyo and this machine may be reached.
    pub hermetic: bool,
    /// flowcheck's own program, which a hermetic run starts in the app's network; none where it is not at hand.
    pub program: Option<PathBuf>,
    /// Whether warnings and reviews count as failures.
    pub strict: bool,
    /// The date of the checklist that it is judged by.
    pub checklist: String,
    /// How often a scenario that did not end well is tried again.
    pub retries: usize,
    /// Whether what fails only sometimes fails the run.
    pub fail_on_flaky: bool,
    /// Scenarios that were not asked for.
    pub left_out: Vec<LeftOut>,
    /// Which part of a run that was dealt out this is.
    pub shard: Option<Shard>,
    /// Who signs up before the first step of a scenario about somebody without an account; nobody does, when left out.
    pub newcomer: Option<AppUser>,
    /// Hosts beside the app's own at which passwords of its users may be typed; anywhere, when left out.
    pub passwords_to: Option<Vec<String>>,
    /// Folder for everything that is kept only during the run.
    pub temporary: PathBuf,
    /// Folder that screenshots go to.
    pub shots: PathBuf,
    /// Who is handed each scenario as it ends.
    pub ended: Option<mpsc::UnboundedSender<ScenarioOutcome>>,
}

impl Plan {
    /// A run of `scenarios` one after the other, in a browser that shows nothing, with every option as it is unless a user asks
    /// otherwise. `config` is the file that `app` was read from, `temporary` a folder that is the run's own.
    pub fn new(
        app: Arc<AppFile>,
        config: &Path,
        scenarios: Vec<Arc<Loaded>>,
        browser: impl Into<Source>,
        temporary: &Path,
    ) -> Self {
        let beside = config.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
        Self {
            app,
            config: config.display().to_string(),
            folder: beside.canonicalize().unwrap_or_else(|_| beside.to_owned()),
            scenarios,
            workers: 1,
            browser: browser.into(),
            options: Options::default(),
            slow_mo: Duration::ZERO,
            interactive: None,
            real_time: false,
            hermetic: false,
            program: std::env::current_exe().ok(),
            checklist: current_checklist().to_owned(),
            strict: false,
            retries: 0,
            fail_on_flaky: false,
            left_out: Vec::new(),
            shard: None,
            newcomer: None,
            passwords_to: None,
            temporary: temporary.to_owned(),
            shots: temporary.to_owned(),
            ended: None,
        }
    }

    /// What reports say of the run, as far as it is known when it begins.
    pub fn info(&self, began: String) -> RunInfo {
        RunInfo {
            flowcheck: env!("CARGO_PKG_VERSION").to_owned(),
            checklist: Some(self.checklist.clone()),
            app: self.app.name.clone(),
            config: self.config.clone(),
            began,
            took_ms: 0,
            browser: "none was needed".to_owned(),
            strict: self.strict,
            interrupted: false,
            fail_on_flaky: self.fail_on_flaky,
            expected_failures: self.app.expected_failures.iter().map(|expected| expected.value.known()).collect(),
            left_out: self.left_out.clone(),
            shard: self.shard,
            existing_app: None,
            left_over: None,
        }
    }

    /// How many worlds can really stand side by side: an app on a fixed port, or one that flowcheck does not start, is one; so is
    /// what a person attends to.
    pub fn side_by_side(&self) -> usize {
        if self.has_own_port() && self.interactive.is_none() {
            self.workers.clamp(1, self.scenarios.len().max(1))
        } else {
            1
        }
    }

    /// Whether a world may be set up beside the one that is played by the same worker. An app that is not told where to keep its
    /// data may have one place for it: then only a user who asks for several at a time knows.
    pub(in crate::runner) fn sets_up_ahead(&self) -> bool {
        self.interactive.is_none() && self.has_own_port() && (self.side_by_side() > 1 || self.names_data())
    }

    /// Whether the app is told where to keep its data: in a folder of the scenario's own.
    pub(in crate::runner) fn names_data(&self) -> bool {
        let has_data = |start: &Start| {
            start.words().iter().any(|word| word.contains("{data}"))
                || start.env.values().any(|value| value.contains("{data}"))
        };
        self.app.start.as_ref().is_some_and(has_data)
    }

    /// Whether each scenario finds the app's data as it was: in a folder of its own, or reset, or in an app that is left as it is found.
    pub fn has_fresh_data(&self) -> bool {
        self.app.start.is_none() || self.names_data() || self.app.reset.is_some()
    }

    fn has_own_port(&self) -> bool {
        let own_host = self
            .app
            .embedding()
            .is_none_or(|embedding| embedding.host.start.is_some() && embedding.host.url.value.contains("{host_port}"));
        own_host && self.app.start.is_some() && self.app.url.value.contains("{port}")
    }
}

/// How a scenario ends that is not played with this app: it does not apply, or `flowcheck.yaml` does not say whether it does. None
/// where it is played.
pub fn not_played(scenario: &Loaded, app: &AppFile) -> Option<ScenarioEnd> {
    if let Some(why) = not_applicable(scenario, app) {
        return Some(ScenarioEnd::NotApplicable(why));
    }
    let script = &scenario.script;
    let missing = |what: &str| Some(ScenarioEnd::Undeclared(format!("flowcheck.yaml does not say {what}")));
    if script.given.user == Persona::NotInstalledOnHost && app.user_not_on_host().is_none() {
        return missing("who has not installed the app on the host; add a user with `installed_on_host: false`");
    }
    let hardening = |id: &Spanned<String>| find(&id.value).is_some_and(|item| item.tier == Tier::Hardening);
    if script.given.other_user
        && app.accounts == Accounts::Own
        && app.other_user().is_none()
        && script.expects.iter().all(hardening)
    {
        return missing("who a second user with one tenant is; add one to `users`");
    }
    let needed = [
        (script.applies_to.trigger, app.declares_trigger(), TRIGGER),
        (script.applies_to.scopes_update, app.declares_scopes_update(), SCOPES_UPDATE),
        (script.applies_to.revoke_outdated, app.declares_revoke(), REVOKE),
        (script.applies_to.settings_url, app.declares_settings_url(), SETTINGS_URL),
    ];
    needed.into_iter().filter(|(needed, ..)| *needed).find_map(|(_, declared, what)| match declared {
        Declared::Given => None,
        Declared::Nothing => missing(what),
        Declared::Absent(why) => Some(ScenarioEnd::NotApplicable(why)),
    })
}

const TRIGGER: &str =
    "what makes the app call Klaviyo; add `trigger`, or `trigger: { none: REASON }` where nothing does";
const SCOPES_UPDATE: &str =
    "how the app's scopes are updated; add `scopes_update`, or `scopes_update: { none: REASON }` where they never were";
const SETTINGS_URL: &str = "which settings URL is registered at Klaviyo; add `klaviyo.settings_url`, or `klaviyo.no_settings_url: REASON` \
                            where none is";
const REVOKE: &str = "what makes the app revoke outdated installs; add `scopes_update.revoke`, or `revoke: { none: REASON }` \
                      where nothing does";

/// Why a scenario is not for this app, where it is not.
fn not_applicable(scenario: &Loaded, app: &AppFile) -> Option<String> {
    let applies = &scenario.script.applies_to;
    if !applies.tenancy.is_empty() && !applies.tenancy.contains(&app.tenancy) {
        return Some("the app keeps tenants in another way".to_owned());
    }
    if !applies.kind.is_empty() && !applies.kind.contains(&app.kind_name()) {
        return Some(match app.kind_name() {
            KindName::Standalone => "the app lives in no host platform".to_owned(),
            KindName::Embedded => "the app lives in a host platform".to_owned(),
        });
    }
    if app.accounts == Accounts::Klaviyo
        && matches!(scenario.script.given.user, Persona::SignedOut | Persona::NoAccount)
    {
        return Some("the app has no accounts of its own: nobody signs in to it or up for it".to_owned());
    }
    if applies.installs.is_some_and(|installs| installs != app.klaviyo.installs) {
        return Some(match app.klaviyo.installs {
            Installs::PerAccount => "accounts install the app, not each of their users".to_owned(),
            Installs::PerUser => "each user of an account installs the app".to_owned(),
        });
    }
    if applies.sign_up && !app.sign_up {
        return Some("users cannot sign up for the app themselves".to_owned());
    }
    None
}
