//! What is right of a shape, as its `expected.yaml` says.

use std::collections::BTreeMap;

use flowcheck::checklist::catalogue;
use serde::{Deserialize, Serialize};

/// The right result of one run.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Expected {
    /// What real apps have that this one imitates, in one sentence.
    pub(crate) imitates: String,
    /// The public report that it comes from.
    #[serde(default)]
    #[expect(dead_code, reason = "for people who read the file")]
    source: Option<Sources>,
    /// Which part of the flow is special.
    pub(crate) kind: Kind,
    /// Whether the app does everything that the checklist asks for.
    pub(crate) honest: bool,
    /// Whether CI plays it; `make apps` plays all.
    #[serde(default)]
    pub(crate) ci: bool,
    /// The program that it needs beside Node, if any.
    #[serde(default)]
    pub(crate) needs: Option<String>,
    /// The exit code of the run.
    pub(crate) exit: i32,
    /// What items have that `items` does not name; without it, what the kit has: they pass, or it has no such case.
    #[serde(default)]
    default: Option<OneOrMore>,
    #[serde(default)]
    items: BTreeMap<String, OneOrMore>,
    /// Words that stand in the finding of an item.
    #[serde(default)]
    pub(crate) says: BTreeMap<String, String>,
    /// Words that stand in no finding.
    #[serde(default)]
    pub(crate) never_says: Vec<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
#[expect(dead_code, reason = "for people who read the file")]
enum Sources {
    One(String),
    More(Vec<String>),
}

/// Which part of the flow is special about a shape.
#[derive(Clone, Copy, Deserialize, PartialEq, Eq, PartialOrd, Ord)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Kind {
    SignIn,
    SignUp,
    Start,
    State,
    Callback,
    Errors,
    End,
    Uninstall,
    Calls,
    Proxy,
    Client,
    Page,
    File,
}

impl Kind {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Kind::SignIn => "sign-in",
            Kind::SignUp => "sign-up",
            Kind::Start => "start",
            Kind::State => "state",
            Kind::Callback => "callback",
            Kind::Errors => "errors",
            Kind::End => "end",
            Kind::Uninstall => "uninstall",
            Kind::Calls => "calls",
            Kind::Proxy => "proxy",
            Kind::Client => "client",
            Kind::Page => "page",
            Kind::File => "file",
        }
    }
}

/// A verdict, and for a failure whose fault it is.
#[derive(Clone, Copy, Debug, Deserialize, Serialize, PartialEq, Eq)]
pub(crate) enum Verdict {
    #[serde(rename = "pass")]
    Pass,
    #[serde(rename = "fail app")]
    FailApp,
    #[serde(rename = "fail config")]
    FailConfig,
    #[serde(rename = "fail harness")]
    FailHarness,
    #[serde(rename = "fail mock-gap")]
    FailMockGap,
    #[serde(rename = "warn")]
    Warn,
    #[serde(rename = "review")]
    Review,
    #[serde(rename = "not run")]
    NotRun,
    #[serde(rename = "n/a")]
    NotApplicable,
}

impl Verdict {
    pub(crate) fn name(self) -> &'static str {
        match self {
            Verdict::Pass => "pass",
            Verdict::FailApp => "fail app",
            Verdict::FailConfig => "fail config",
            Verdict::FailHarness => "fail harness",
            Verdict::FailMockGap => "fail mock-gap",
            Verdict::Warn => "warn",
            Verdict::Review => "review",
            Verdict::NotRun => "not run",
            Verdict::NotApplicable => "n/a",
        }
    }
}

/// A verdict that is right, or several of which any is.
#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMore {
    One(Verdict),
    More(Vec<Verdict>),
}

impl OneOrMore {
    fn all(&self) -> &[Verdict] {
        match self {
            OneOrMore::One(verdict) => std::slice::from_ref(verdict),
            OneOrMore::More(verdicts) => verdicts,
        }
    }
}

impl Expected {
    /// Reads the text of an `expected.yaml`; says what is wrong with it.
    pub(crate) fn read(text: &str) -> Result<Expected, String> {
        let expected: Expected = serde_yaml::from_str(text).map_err(|error| error.to_string())?;
        let known: Vec<&str> = catalogue().iter().map(|item| item.id).collect();
        let named = expected.items.keys().chain(expected.says.keys());
        match named.into_iter().find(|id| !known.contains(&id.as_str())) {
            Some(id) => Err(format!("no item `{id}`")),
            None => Ok(expected),
        }
    }

    /// The verdicts of which any is right for this item.
    pub(crate) fn of(&self, item: &str) -> Vec<Verdict> {
        if let Some(right) = self.items.get(item) {
            return right.all().to_vec();
        }
        let default = self.default.as_ref().map(OneOrMore::all);
        if item == NOT_DECLARED {
            // Partners who write a first file leave it out.
            return [Verdict::NotRun].iter().chain(default.unwrap_or_default()).copied().collect();
        }
        if kit_has_no_such_case(item) {
            // Nor is it run where nothing is.
            return [Verdict::NotApplicable].iter().chain(default.unwrap_or_default()).copied().collect();
        }
        default.unwrap_or(&[Verdict::Pass]).to_vec()
    }
}

/// What no file of the corpus says anything of.
const NOT_DECLARED: &str = "install.settings-url";

/// The kit is no app that lives in another, accounts install it, its users have one tenant each, its scopes have never been updated, and it sends
/// one event, and neither lists nor profile properties.
fn kit_has_no_such_case(item: &str) -> bool {
    const OF_AN_UPDATE: [&str; 8] = [
        "scope.new-install",
        "scope.proactive",
        "scope.old-install",
        "scope.forbidden.told",
        "scope.forbidden.link",
        "scope.forbidden.no-spam",
        "scope.reauthorized",
        "scope.outdated-revoked",
    ];
    const OF_MORE_DATA: [&str; 2] = ["data.named-for-app", "data.stable-schema"];
    let groups = ["embedded.", "install.tenant.", "user."];
    groups.iter().any(|group| item.starts_with(group)) || OF_AN_UPDATE.contains(&item) || OF_MORE_DATA.contains(&item)
}
