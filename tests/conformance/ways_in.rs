//! Ways into an app that take more than a login form, or none: each against the honest fixture app in that mode.

use flowcheck::checklist::ScenarioEnd;
use flowcheck::runner::not_played;
use libtest_mimic::{Failed, Trial};

use super::{fixture_app, passes};

const SECRET: &str = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP";

const OVERRIDES: &str = "\
overrides:
  login_email: { css: .berth }
  login_password: { css: .knot }
  login_submit: { text: Come aboard }
  sign_up_link: { role: link, name: build a boat }
  connect: { css: .make-fast }
  disconnect: { text: Cast off }
  installed: { css: .fast }
  not_installed: { text: adrift }
";

const ACCESS: &str = "\
access:
  basic_auth: { user: preview, password: let-me-in }
  headers: { X-Preview: spring }
  cookies: { preview: granted }
reset:
  get: http://localhost:{port}/cron/sync
";

/// A mode of the app: options of its program, what its file says besides, and the scenarios that it matters to.
struct Mode {
    name: &'static str,
    options: &'static str,
    says: &'static str,
    scenarios: &'static [&'static str],
}

const MODES: &[Mode] = &[
    Mode {
        name: "pages that nobody could read, with overrides",
        options: "--look odd",
        says: OVERRIDES,
        scenarios: &["install/signed-out", "install/from-app", "install/no-account", "uninstall/in-app"],
    },
    Mode {
        name: "one-time passwords, none of them twice",
        options: "--two-factor totp --totp-secret JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP",
        says: "",
        scenarios: &["install/signed-out", "uninstall/in-app"],
    },
    Mode {
        name: "mailed codes",
        options: "--two-factor mail",
        says: "",
        scenarios: &["install/signed-out", "install/from-app"],
    },
    Mode {
        name: "mailed links, without passwords",
        options: "--mailed-links",
        says: "",
        scenarios: &["install/signed-out", "install/no-account", "install/from-app"],
    },
    Mode {
        name: "a site that is not public",
        options: "--gate basic=preview:let-me-in --gate header=X-Preview:spring --gate cookie=preview:granted",
        says: ACCESS,
        scenarios: &["install/signed-out", "oauth/refresh"],
    },
];

pub(crate) fn trials() -> Vec<Trial> {
    let mut trials: Vec<Trial> = MODES
        .iter()
        .map(|mode| {
            Trial::test(mode.name, move || passes(&fixture_app::play(app(&mode.source()), mode.scenarios(), 2)))
        })
        .collect();
    trials.push(Trial::test("an override that finds nothing is the file's fault", finds_nothing));
    trials.push(Trial::test("a reset that fails is the file's fault", reset_fails));
    trials.push(Trial::test("no-accounts.flowcheck.yaml", no_accounts));
    trials
}

impl Mode {
    fn source(&self) -> String {
        let text =
            fixture_app::source("flowcheck.yaml").replace("--demo-data", &format!("--demo-data {}", self.options));
        let text = match self.options {
            options if options.contains("totp") => {
                text.replace("password: harbour-demo", &format!("password: harbour-demo\n    totp: {SECRET}"))
            }
            "--mailed-links" => text.replace("    password: harbour-demo\n", ""),
            _ => text,
        };
        format!("{text}\n{}", self.says)
    }

    fn scenarios(&self) -> Vec<std::sync::Arc<flowcheck::scenario::Loaded>> {
        named(self.scenarios)
    }
}

fn app(source: &str) -> flowcheck::scenario::AppFile {
    fixture_app::parsed("flowcheck.yaml", source)
}

fn named(ids: &[&str]) -> Vec<std::sync::Arc<flowcheck::scenario::Loaded>> {
    fixture_app::scenarios().into_iter().filter(|scenario| ids.contains(&scenario.script.id.value.as_str())).collect()
}

fn finds_nothing() -> Result<(), Failed> {
    let mode = &MODES[0];
    let source = mode.source().replace("disconnect: { text: Cast off }", "disconnect: { css: .gone }");
    ends_for(
        app(&source),
        "uninstall/in-app",
        &["`overrides.disconnect` finds nothing", "css \".gone\"", "flowcheck.yaml:"],
    )?;
    let source = fixture_app::source("flowcheck.yaml") + "\noverrides:\n  dismiss: { css: .gone }\n";
    ends_for(app(&source), "errors/denied", &["`overrides.dismiss` finds nothing", "css \".gone\""])?;
    let source = mode.source().replace("name: build a boat", "name: build a raft");
    ends_for(app(&source), "install/no-account", &["`overrides.sign_up_link` finds nothing", "build a raft"])?;
    let source = mode.source().replace("{ css: .berth }", "{ css: '##' }");
    ends_for(app(&source), "install/from-app", &["`overrides.login_email`", "no CSS selector"])
}

fn reset_fails() -> Result<(), Failed> {
    let source = fixture_app::source("flowcheck.yaml") + "\nreset:\n  post: http://localhost:{port}/nowhere\n";
    ends_for(app(&source), "install/from-app", &["`reset` of flowcheck.yaml failed", "answered 404"])
}

/// A scenario that ends because the file does not fit the app, and says so.
fn ends_for(app: flowcheck::scenario::AppFile, id: &str, says: &[&str]) -> Result<(), Failed> {
    let outcome = fixture_app::play(app, named(&[id]), 1);
    match &outcome.scenarios[0].end {
        ScenarioEnd::Config(problem) if says.iter().all(|part| problem.to_string().contains(part)) => Ok(()),
        other => Err(format!("{id} ended with {other:?}").into()),
    }
}

fn no_accounts() -> Result<(), Failed> {
    let app = fixture_app::file("no-accounts.flowcheck.yaml");
    for (id, applies) in [("install/signed-out", false), ("install/no-account", false), ("install/signed-in", true)] {
        if not_played(&named(&[id])[0], &app).is_none() != applies {
            return Err(format!("{id} applies, or does not, and should not, or should").into());
        }
    }
    let ids = ["install/signed-in", "install/from-app", "errors/denied", "uninstall/in-app", "oauth/state-bound"];
    passes(&fixture_app::play(app, named(&ids), 2))
}
