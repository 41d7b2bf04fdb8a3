//! The checklist's scenarios against the honest fixture app, a trial for each: `cargo test --test conformance -- uninstall`.

#[path = "conformance/at_rest.rs"]
mod at_rest;
#[path = "conformance/bidi_parity.rs"]
mod bidi_parity;
mod fixture_app;
#[path = "conformance/isolation.rs"]
mod isolation;
#[path = "conformance/time.rs"]
mod time;
#[path = "conformance/typing.rs"]
mod typing;
#[path = "conformance/ways_in.rs"]
mod ways_in;

use std::os::unix::fs::PermissionsExt as _;
use std::sync::Arc;

use flowcheck::browser::{Browser, BrowserError, Found, Options, find};
use flowcheck::checklist::{Outcome, Verdict, VerdictKind, aggregate};
use flowcheck::evidence::{Tenancy, ThirdPartyCookies};
use flowcheck::report::{Style, terminal};
use flowcheck::runner::not_played;
use flowcheck::scenario::{AppFile, Apply, KindName, Loaded};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    let arguments = Arguments::from_args();
    let mut trials: Vec<Trial> = fixture_app::scenarios()
        .into_iter()
        .filter(|scenario| scenario.script.applies_to.kind != [KindName::Embedded])
        .map(|scenario| {
            let name = scenario.script.id.value.clone();
            Trial::test(name, move || {
                // Whichever of the app's ways to ask for a tenant, or to be installed, the scenario is for.
                let file = match scenario.script.id.value.as_str() {
                    id if id.ends_with("text-box") => "text-box.flowcheck.yaml",
                    id if id.starts_with("user/") => "per-user.flowcheck.yaml",
                    _ => "flowcheck.yaml",
                };
                passes(&fixture_app::play(fixture_app::file(file), vec![scenario], 1))
            })
        })
        .collect();
    trials.extend(["embedded.flowcheck.yaml", "embedded-multi-tenant.flowcheck.yaml"].map(|file| {
        // Side by side, since most of each is waiting.
        Trial::test(file, move || {
            let app = fixture_app::file(file);
            let scenarios = on_a_host(&app);
            passes(&fixture_app::play(app, scenarios, 2))
        })
    }));
    trials.push(Trial::test("single-tenant.flowcheck.yaml", || {
        let app = fixture_app::file("single-tenant.flowcheck.yaml");
        let applies = |scenario: &Arc<Loaded>| not_played(scenario, &app).is_none();
        let scenarios = fixture_app::scenarios().into_iter().filter(applies).collect();
        passes(&fixture_app::play(app.clone(), scenarios, 2))
    }));
    // The two ways to be opened are one word's difference; where they matter, the other one is tried as well.
    for (file, (written, other), scenarios) in [
        ("embedded.flowcheck.yaml", ("iframe", "tab"), ["embedded/signed-out", "install/from-app"]),
        ("embedded-multi-tenant.flowcheck.yaml", ("tab", "iframe"), ["embedded/several-tenants", "uninstall/in-app"]),
    ] {
        trials.push(Trial::test(format!("{file}, {other}"), move || {
            let app = fixture_app::parsed(file, &fixture_app::source(file).replace(written, other));
            let named = |scenario: &Arc<Loaded>| scenarios.contains(&scenario.script.id.value.as_str());
            passes(&fixture_app::play(app, fixture_app::scenarios().into_iter().filter(named).collect(), 2))
        }));
    }
    trials.push(Trial::test("embedded-multi-tenant.flowcheck.yaml, by URL", a_host_that_asks_for_the_stores_url));
    trials.push(Trial::test("a browser that sends cookies of framed sites is found out", cookies_are_found_out));
    trials.push(Trial::test("scopes/forbidden, told by mail alone", told_by_mail_alone));
    trials.push(isolation::trial());
    trials.push(bidi_parity::trial());
    trials.push(at_rest::trial());
    trials.push(typing::trial());
    trials.push(Trial::test("an update that a command applies", updated_by_a_command));
    trials.extend(time::trials());
    trials.extend(ways_in::trials());
    libtest_mimic::run(&arguments, trials).exit();
}

/// A host platform whose people type their store's URL.
fn a_host_that_asks_for_the_stores_url() -> Result<(), Failed> {
    let name = "embedded-multi-tenant.flowcheck.yaml";
    let mut app =
        fixture_app::parsed(name, &fixture_app::source(name).replace("--opens tab", "--opens tab --store-by url"));
    app.tenancy = Tenancy::TextBox;
    for tenant in app.users.iter_mut().flat_map(|user| &mut user.value.tenants) {
        tenant.url = Some(format!("https://{}.quay.example", tenant.key.as_deref().unwrap_or_default()));
    }
    let scenarios = fixture_app::scenarios();
    let several = scenarios.into_iter().filter(|scenario| scenario.script.id.value == "embedded/several-tenants");
    passes(&fixture_app::play(app, several.collect(), 1))
}

/// The policy is asked for by a flag; without it the headless shell sends them.
fn cookies_are_found_out() -> Result<(), Failed> {
    let path = std::env::var("PATH").unwrap_or_default();
    let found = find(None, false, &path)?;
    let folder = tempfile::tempdir()?;
    let runtime = tokio::runtime::Runtime::new()?;
    let probed = |found: Found| {
        let folder = folder.path();
        runtime.block_on(async move {
            let browser = Browser::start(&found, Options::default(), folder).await?;
            let cookies = browser.third_party_cookies(None).await.clone();
            browser.stop().await;
            Ok::<_, BrowserError>(cookies)
        })
    };
    let as_started = probed(found.clone())?;
    if as_started != ThirdPartyCookies::Blocked {
        return Err(format!("flowcheck's own browser: {as_started:?}").into());
    }
    if !found.browser.ends_with("chromium-headless-shell") {
        return Ok(());
    }
    let lax = folder.path().join("lax-headless-shell");
    let script = format!(
        "#!/bin/sh\nfor one in \"$@\"; do shift; [ \"$one\" = --test-third-party-cookie-phaseout ] || set -- \"$@\" \"$one\"; done\n\
         exec {} \"$@\"\n",
        found.browser.display()
    );
    std::fs::write(&lax, script)?;
    std::fs::set_permissions(&lax, std::fs::Permissions::from_mode(0o755))?;
    match probed(Found { browser: lax, ..found })? {
        ThirdPartyCookies::Allowed => Ok(()),
        other => Err(format!("a browser without the policy: {other:?}").into()),
    }
}

/// What is asked of an app in a host platform; API use and the like are the same everywhere, and judged above.
fn on_a_host(app: &AppFile) -> Vec<Arc<Loaded>> {
    let groups = ["install/", "embedded/", "errors/", "uninstall/"];
    let of_them = |scenario: &Arc<Loaded>| groups.iter().any(|group| scenario.script.id.value.starts_with(group));
    let applies = |scenario: &Arc<Loaded>| not_played(scenario, app).is_none();
    fixture_app::scenarios().into_iter().filter(of_them).filter(applies).collect()
}

/// Every item passes; none is left to a person, none is left out.
fn passes(outcome: &Outcome) -> Result<(), Failed> {
    let items = aggregate(outcome);
    if !items.is_empty() && items.iter().all(|item| item.verdict.kind() == VerdictKind::Pass) {
        Ok(())
    } else {
        Err(terminal(outcome, Style::Plain, 100, None).into())
    }
}

/// An app whose pages say nothing of permissions: the mail is what tells, and its link what leads on.
fn told_by_mail_alone() -> Result<(), Failed> {
    let mut file = fixture_app::file("flowcheck.yaml");
    let start = file.start.as_mut().expect("flowcheck starts it");
    start.env.insert("NOTICES".to_owned(), "mail".to_owned());
    let scenarios = fixture_app::scenarios();
    let forbidden = scenarios.into_iter().filter(|scenario| scenario.script.id.value == "scopes/forbidden");
    passes(&fixture_app::play(file, forbidden.collect(), 1))
}

/// A command in the app's folder and environment; one that fails is told with what it wrote.
fn updated_by_a_command() -> Result<(), Failed> {
    let applied = |command: &str| {
        let mut file = fixture_app::file("flowcheck.yaml");
        let update = file.scopes_update.as_mut().expect("the file says how");
        update.apply = Some(Apply::Run(command.to_owned()));
        let new_install = |scenario: &Arc<Loaded>| scenario.script.id.value == "scopes/new-install";
        let scenarios = fixture_app::scenarios().into_iter().filter(new_install).collect();
        let outcome = fixture_app::play(file, scenarios, 1);
        let items = aggregate(&outcome);
        let item = items.iter().find(|item| item.item.id == "scope.new-install").expect("it is asked for");
        item.verdict.clone()
    };
    // The app itself is not changed by it, and goes on asking for the old scopes.
    let done = applied("sh -c 'test -d {data} && test -n \"$KLAVIYO_CLIENT_ID\"'");
    let failed = applied("sh -c 'echo no release today; exit 3'");
    match (done.kind(), &failed) {
        (VerdictKind::Fail, Verdict::NotRun { reason, .. })
            if ["exited with status 3", "no release today"].iter().all(|words| reason.to_string().contains(words)) =>
        {
            Ok(())
        }
        _ => Err(format!("{done:?}\n{failed:?}").into()),
    }
}
