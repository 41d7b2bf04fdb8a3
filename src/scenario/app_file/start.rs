//! How flowcheck starts the app or its host platform.

use std::collections::BTreeMap;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::scenario::spanned::Spanned;

/// How flowcheck starts the app.
#[derive(Debug, Clone, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Start {
    /// Program and arguments, split as a shell does, without a shell: no pipes, no variables but `${NAME}`.
    pub command: Spanned<String>,
    /// Working folder, relative to this file; this file's folder by default.
    #[serde(default)]
    pub folder: Option<String>,
    /// Environment variables, added to flowcheck's own. With `reach: env`, those of the [gateway](gateway.md#what-is-set) take
    /// precedence over flowcheck's own, and these over both. `BROWSER` is `none` unless it stands here, so that dev servers open none.
    #[serde(default)]
    pub env: BTreeMap<String, String>,
    /// URL that answers with a status below 500 once the app is ready; `url` by default.
    #[serde(default)]
    pub ready: Option<String>,
    /// Which clock the app sees.
    #[serde(default)]
    pub clock: Clock,
}

/// Which clock the app uses.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Clock {
    /// This machine's: for an app that refreshes its tokens only once Klaviyo answers 401. An app that does not fails `oauth.refresh`,
    /// which is for review where the clock was to follow and could not.
    Own,
    /// Klaviyo's: where flowcheck moves Klaviyo's time, the app's clock moves along, so that an app which refreshes tokens before they
    /// expire does so. Node, Python and Ruby can; other programs with libfaketime, where it is installed (Debian, Ubuntu: `apt-get
    /// install faketime`; elsewhere `FLOWCHECK_LIBFAKETIME` names the library) and they are dynamically linked: most of Go's are not.
    /// What depends on the clock of an app that cannot is for review.
    #[default]
    Follow,
}

impl Start {
    /// Program and arguments, before placeholders are replaced, whose values may contain spaces.
    pub fn words(&self) -> Vec<String> {
        shlex::split(&self.command.value).unwrap_or_default()
    }
}
