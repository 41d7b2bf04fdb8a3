//! Evidence in words: the persona, where an installation started, the kind of a page, a duration.

use std::time::Duration;

use crate::checklist::{RunInfo, ScenarioOutcome};
use crate::evidence::{Event, Evidence, KlaviyoSession, PageKind, Purpose, Setup, SignInState, Start};

/// The persona of a scenario: `signed-out, 2 tenants`.
pub(in crate::report) fn persona(setup: &Setup) -> String {
    let mut parts = Vec::new();
    if let Some(user) = setup.users.first() {
        parts.push(sign_in_state(user.sign_in_state).to_owned());
        if user.tenants.len() > 1 {
            parts.push(format!("{} tenants", user.tenants.len()));
        }
    }
    if setup.users.len() > 1 {
        parts.push(format!("{} users", setup.users.len()));
    }
    if setup.klaviyo == KlaviyoSession::SignedOut {
        parts.push("signed out of Klaviyo".to_owned());
    }
    if setup.accounts.len() > 1 {
        parts.push(format!("{} Klaviyo accounts", setup.accounts.len()));
    }
    parts.join(", ")
}

fn sign_in_state(sign_in_state: SignInState) -> &'static str {
    match sign_in_state {
        SignInState::SignedIn => "signed-in",
        SignInState::SignedOut => "signed-out",
        SignInState::NoAccount => "no account",
        SignInState::NotOnHost => "not installed on the host",
    }
}

/// Where the installation that led to entry `at` was started; without `at`, where the first one was.
pub(in crate::report) fn started_from(evidence: &Evidence, at: Option<u32>) -> Option<&'static str> {
    let mut starts = evidence.timeline.iter().filter_map(|entry| match &entry.event {
        Event::Act(act) => match act.purpose {
            Purpose::StartInstall(start) => Some((entry.seq, start)),
            _ => None,
        },
        _ => None,
    });
    let first = starts.next()?;
    let last = starts.take_while(|(seq, _)| at.is_some_and(|at| *seq <= at)).last();
    Some(match last.unwrap_or(first).1 {
        Start::Klaviyo => "from Klaviyo",
        Start::KlaviyoSubdomain => "from another Klaviyo subdomain",
        Start::App => "from the app",
        Start::Message => "from the error message",
        Start::Notice => "from the notice",
    })
}

/// A scenario's file, with the line that names the item: `scenarios/install/signed-out.yaml:16`.
pub(in crate::report) fn file_and_line(scenario: &ScenarioOutcome, item: &str) -> String {
    match scenario.expects.iter().find(|(id, _)| id.as_str() == item) {
        Some((_, line)) => format!("{}:{line}", scenario.file),
        None => scenario.file.clone(),
    }
}

/// The file of a scenario of the user's own, with the line that names the item; none for a built-in scenario.
pub(in crate::report) fn user_file<'a>(scenario: &'a ScenarioOutcome, item: &str) -> Option<(&'a str, u32)> {
    let line = scenario.expects.iter().find(|(id, _)| id.as_str() == item).map_or(1, |(_, line)| *line);
    (!is_built_in(scenario)).then_some((scenario.file.as_str(), line))
}

fn is_built_in(scenario: &ScenarioOutcome) -> bool {
    scenario.file == format!("scenarios/{}.yaml", scenario.id)
}

/// The command that runs a scenario again: with its configuration unless that is `flowcheck.yaml`, and by file for a scenario of
/// the user's own.
pub(in crate::report) fn rerun_command(run: &RunInfo, scenario: &ScenarioOutcome) -> String {
    let config = if run.config == "flowcheck.yaml" { String::new() } else { format!(" --config {}", run.config) };
    let name = if is_built_in(scenario) { &scenario.id } else { &scenario.file };
    format!("flowcheck run{config} {name} --headed")
}

/// The kind of a page, in words.
pub(in crate::report) fn page_kind(kind: PageKind) -> &'static str {
    match kind {
        PageKind::Blank => "blank page",
        PageKind::BrowserError => "browser's error page",
        PageKind::KlaviyoLogin => "Klaviyo login",
        PageKind::KlaviyoAccounts => "Klaviyo account choice",
        PageKind::KlaviyoConsent => "Klaviyo consent",
        PageKind::KlaviyoListing => "Klaviyo listing",
        PageKind::KlaviyoIntegrations => "Klaviyo integrations",
        PageKind::KlaviyoError => "Klaviyo error",
        PageKind::Login => "login",
        PageKind::SignUp => "sign-up",
        PageKind::TenantChoice => "tenant choice",
        PageKind::Error => "error message",
        PageKind::Installed => "shows as installed",
        PageKind::NotInstalled => "shows as not installed",
        PageKind::Notice => "notice",
        PageKind::Other => "page",
    }
}

/// A URL without the app's own origin.
pub(in crate::report) fn without_app_origin(url: &str, app: &str) -> String {
    match url.strip_prefix(app.trim_end_matches('/')) {
        Some("") => "/".to_owned(),
        Some(rest) if rest.starts_with('/') => rest.to_owned(),
        Some(rest) if rest.starts_with(['?', '#']) => format!("/{rest}"),
        _ => url.to_owned(),
    }
}

/// A duration in words: `840 ms`, `1.4 s`, `2 min 5 s`.
pub fn duration(took: Duration) -> String {
    let ms = took.as_millis();
    match ms {
        0..1_000 => format!("{ms} ms"),
        1_000..59_950 => {
            let tenths = (ms + 50) / 100;
            format!("{}.{} s", tenths / 10, tenths % 10)
        }
        _ => {
            let seconds = (ms + 500) / 1_000;
            format!("{} min {} s", seconds / 60, seconds % 60)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_short() {
        for (ms, words) in [(0, "0 ms"), (840, "840 ms"), (1_449, "1.4 s"), (59_949, "59.9 s"), (125_000, "2 min 5 s")]
        {
            assert_eq!(duration(Duration::from_millis(ms)), words);
        }
    }

    #[test]
    fn only_the_apps_own_origin_is_left_out() {
        let app = "http://localhost:3000";
        assert_eq!(without_app_origin("http://localhost:3000/login?next=/a", app), "/login?next=/a");
        assert_eq!(without_app_origin("http://localhost:3000", app), "/");
        assert_eq!(without_app_origin("http://localhost:3000?a", app), "/?a");
        assert_eq!(without_app_origin("http://localhost:30001/x", app), "http://localhost:30001/x");
    }
}
