//! `flowcheck init`: what it finds in an app, what it writes, and what it prints where it stops.

use std::fs;
use std::process::{Command, Stdio};

use super::doctor::steady;
use super::fixture_app;
use super::workspace::{Ended, Workspace, end, fixture};

#[test]
fn init_writes_a_file_that_the_doctor_accepts() {
    let workspace = Workspace::new();
    let said = of_fixture_app(
        &workspace,
        &["--login", "sam@harbour.example", "--trigger", "http://localhost:{port}/cron/sync"],
    )
    .with(0);
    insta::assert_snapshot!(same_everywhere(&said.out));
    let file = workspace.read("flowcheck.yaml");
    assert!(
        !file.contains("harbour-demo") && !file.contains("client-secret"),
        "secrets are in the environment:\n{file}"
    );
    insta::assert_snapshot!(same_everywhere(&file));
    end(workspace.flowcheck(&["check", "flowcheck.yaml"])).with(2);
    end(with_secrets(workspace.flowcheck(&["check", "flowcheck.yaml"]))).with(0);
    end(with_secrets(workspace.flowcheck(&["doctor"]))).with(0);
    workspace.is_left_clean();
}

#[test]
fn a_file_that_init_did_not_write_or_cannot_read_is_left_as_it_is() {
    let own = fixture("fixtures/node/flowcheck.yaml");
    let broken = "# Written by `flowcheck init`.\nname: An app\nurll: http://localhost:3000\n";
    for (text, told) in [
        (own.as_str(), &["flowcheck.yaml exists already, and it was not written by init"][..]),
        (broken, &["flowcheck.yaml:3", "urll", "flowcheck.yaml was left as it is: correct it"]),
        ("name: [", &["flowcheck.yaml:1", "was left as it is"]),
    ] {
        let workspace = Workspace::new();
        workspace.write("flowcheck.yaml", text);
        let said = end(workspace.flowcheck(&["init", "http://localhost:3000"])).with(2);
        assert!(told.iter().all(|part| said.err.contains(part)) && said.err.contains("--force"), "{}", said.err);
        assert_eq!(workspace.read("flowcheck.yaml"), text);
    }
}

#[test]
fn init_run_again_completes_its_file_and_leaves_what_a_person_wrote() {
    let workspace = Workspace::new();
    let mut first = start_fixture_app_of(&workspace, None, &[]);
    first.env_remove("FLOWCHECK_PASSWORD");
    end(first).with(2);
    let written = workspace.read("flowcheck.yaml");
    assert!(written.contains("NOT FOUND OUT"), "{written}");
    let mine = written.replace("\nname: ", "\n# Our own words.\nname: Ours, once ");
    let mine = mine.replace("\nurl: ", "\ntiming: { quiet: 2s }\nurl: ");
    workspace.write("flowcheck.yaml", &mine);
    let again = || {
        let mut again = workspace.flowcheck(&["init", "--login", "ada@harbour.example", "--client-id", "another"]);
        again.env("FLOWCHECK_PASSWORD", "harbour-demo").env("KLAVIYO_CLIENT_SECRET", "harbour-reviews-client-secret");
        end(again)
    };
    let said = again().with(0);
    assert!(said.out.contains("Completed flowcheck.yaml"), "{}", said.out);
    assert!(said.flat_out().contains("client id stays harbour-reviews, as the file says"), "{}", said.out);
    let file = workspace.read("flowcheck.yaml");
    let kept =
        ["# Our own words.\nname: Ours, once ", "\ntiming: { quiet: 2s }\nurl: ", "client_id: harbour-reviews\n"];
    assert!(kept.iter().all(|part| file.contains(part)), "{file}");
    let found = ["  - login: ada@harbour.example\n", "install_url: http://localhost:{port}/klaviyo/install\n"];
    assert!(found.iter().all(|part| file.contains(part)), "{file}");
    assert!(!file.contains("NOT FOUND OUT") && !file.contains("not-known-yet"), "{file}");
    end(with_secrets(workspace.flowcheck(&["doctor"]))).with(0);
    let said = again().with(0);
    assert!(said.out.contains("was left as it is"), "{}", said.out);
    assert_eq!(workspace.read("flowcheck.yaml"), file);
}

#[test]
fn a_password_goes_to_no_other_host_unasked() {
    let workspace = Workspace::new();
    let app = format!("{}/fixtures/apps/identity-provider/app.mjs", env!("CARGO_MANIFEST_DIR"));
    let mut command = workspace.flowcheck(&["init", "http://localhost:{port}", "--login", "ida@pebble.example"]);
    command.args(["--start", &format!("node '{app}'"), "--env", "PORT={port}"]);
    command.args(["--ready", "http://localhost:{port}/healthz"]).env("FLOWCHECK_PASSWORD", "pebble-demo-1");
    let said = end(command).with(2);
    let out = said.flat_out();
    assert!(out.contains("the login form is at id.localhost, which is not the app's own host"), "{}", said.out);
    assert!(out.contains("--password-to id.localhost"), "{}", said.out);
    assert!(workspace.read("flowcheck.yaml").contains("NOT FOUND OUT"));
}

#[test]
fn an_answer_that_makes_no_sense_is_refused_before_anything_is_looked_at() {
    let secrets = "KLAVIYO_CLIENT_SECRET hidden\n";
    for (arguments, told) in [
        (&["localhost:3000"][..], "is not a complete web address"),
        (&["http://localhost:3000", "--login", "ada"], "--password-env NAME"),
        (
            &["http://localhost:3000", "--login", "ada", "--password-env", "NO_SUCH"],
            "there is no NO_SUCH in the environment",
        ),
        (&["http://localhost:3000", "--from-env", "none.env"], "none.env cannot be read"),
        (&["http://localhost:3000", "--from-env", "broken.env"], "line 1 of broken.env is not NAME=VALUE"),
        (&["http://localhost:3000", "--install-url", "/install"], "--install-url"),
    ] {
        let workspace = Workspace::new();
        workspace.write("broken.env", secrets);
        let said = end(workspace.flowcheck(&[&["init"], arguments].concat())).with(2);
        assert!(said.err.contains(told) && !said.err.contains("hidden"), "{arguments:?}: {}", said.err);
        assert!(!workspace.path("flowcheck.yaml").exists());
    }
}

/// A run that goes wrong.
type Attempt<'a> = &'a dyn Fn(&Workspace) -> Ended;

#[test]
fn what_could_not_be_found_out_is_printed_and_is_a_comment_of_the_file() {
    let nothing_there = |workspace: &Workspace| {
        let mut command = workspace.flowcheck(&["init", "http://127.0.0.1:9", "--login", "ada@harbour.example"]);
        command.env("FLOWCHECK_PASSWORD", "x");
        end(command)
    };
    let wrong_password = |workspace: &Workspace| {
        let mut command = start_fixture_app(workspace, &[]);
        command.env("FLOWCHECK_PASSWORD", "not-this-one");
        end(command)
    };
    let no_control = |workspace: &Workspace| of_fixture_app(workspace, &["--env", "DEFECTS=no-connect-button"]);
    let nobody_named = |workspace: &Workspace| {
        let mut command = start_fixture_app_of(workspace, None, &[]);
        command.env_remove("FLOWCHECK_PASSWORD");
        end(command)
    };
    let attempts: [(Attempt<'_>, i32, &[&str], &str); 4] = [
        (&nothing_there, 3, &["✗ app", "http://127.0.0.1:9", "start it first"], "url: http://127.0.0.1:9"),
        (
            &wrong_password,
            2,
            &["✗ login", "did not accept the login of ada@harbour.example", "--login"],
            "  - login: ada@harbour.example",
        ),
        (
            &no_control,
            2,
            &["✓ login", "✗ settings", "/settings/integrations", "--settings URL"],
            "login: http://localhost:{port}/login",
        ),
        (
            &nobody_named,
            2,
            &["✗ login", "asks people to log in", "--login LOGIN"],
            "login: http://localhost:{port}/login",
        ),
    ];
    for (attempt, code, told, known) in attempts {
        let workspace = Workspace::new();
        let said = attempt(&workspace).with(code);
        let out = said.flat_out();
        assert!(told.iter().all(|part| out.contains(part)), "{told:?} in\n{}", said.out);
        assert!(out.contains("Wrote flowcheck.yaml.") && out.contains("NOT FOUND OUT"), "{}", said.out);
        let file = workspace.read("flowcheck.yaml");
        assert!(file.contains("# NOT FOUND OUT: ") && file.contains(known), "{known}\n{file}");
        let mut check = with_secrets(workspace.flowcheck(&["check", "flowcheck.yaml"]));
        end({
            check.env("FLOWCHECK_PASSWORD", "x");
            check
        })
        .with(0);
        workspace.is_left_clean();
    }
}

/// An app that knows each visitor by a cookie, and asks nobody to log in.
const VISITORS_APP: &str = "
import { App } from 'KIT';
const app = new App();
app.before((c) => {
  if (c.user || c.url.pathname === '/healthz' || c.url.pathname.startsWith('/jobs/')) return false;
  const email = `shop-${Math.random().toString(36).slice(2)}@pebble.example`;
  app.users.set(email, { email, points: [{ to: `shopper-of-${email}`, n: 5 }] });
  c.signIn(app.users.get(email));
  return false;
});
const layout = app.layout.bind(app);
app.layout = (c, title, body, extra) => layout({ ...c, user: undefined, query: c.query }, title, body, extra);
for (const route of ['GET /login', 'POST /login', 'GET /signup', 'POST /signup', 'POST /logout']) app.routes.delete(route);
app.on('GET /', (c) => c.go('/settings'));
app.start();
";

#[test]
fn an_app_that_nobody_logs_in_to_is_found_out_without_a_question() {
    let has_page = |app: &Option<String>| app.is_none();
    let pages = format!("{}/fixtures/apps/callback-answer-only/app.mjs", env!("CARGO_MANIFEST_DIR"));
    let kit = format!("file://{}/fixtures/apps/kit.mjs", env!("CARGO_MANIFEST_DIR"));
    for (app, besides, code) in [
        (None, &[][..], 0),
        // Its only page is the callback's answer, so none shows it installed.
        (Some(pages), &["--install-url", "http://localhost:{port}/klaviyo/install"], 0),
    ] {
        let workspace = Workspace::new();
        workspace.write("app.mjs", &VISITORS_APP.replace("KIT", &kit));
        workspace.write(".env", "# the app's\nCLIENT_ID=pebble\nCLIENT_SECRET=pebble-secret-0123456789\n");
        let has_page = has_page(&app);
        let app = app.unwrap_or_else(|| workspace.path("app.mjs").display().to_string());
        let mut command = workspace.flowcheck(&["init", "http://localhost:{port}", "--from-env", ".env"]);
        command.args(["--start", &format!("node '{app}'"), "--env", "PORT={port}"]).args(besides);
        command.args(["--ready", "http://localhost:{port}/healthz"]);
        let said = end(command).with(code);
        assert!(said.flat_out().contains("nobody logs in"), "{}", said.out);
        let file = workspace.read("flowcheck.yaml");
        assert!(file.contains("\naccounts: klaviyo\n") && !file.contains("\nusers:"), "{file}");
        assert!(file.contains("client_id: pebble\n") && file.contains("client_secret: ${CLIENT_SECRET}"), "{file}");
        assert!(file.contains("- http://localhost:{port}/klaviyo/callback\n"), "{file}");
        assert_eq!(!has_page, file.contains("\n  none: the callback's answer is all that users see\n"), "{file}");
        let mut command = workspace.flowcheck(&["doctor"]);
        command.env("CLIENT_SECRET", "pebble-secret-0123456789");
        let said = end(command).with(code);
        assert!(said.flat_out().contains("– login not applicable, because nobody logs in"), "{}", said.out);
        assert_eq!(!has_page, said.out.contains("– installed is seen"), "{}", said.out);
        workspace.is_left_clean();
    }
}

#[test]
fn a_running_app_is_explored_as_far_as_its_authorization_request() {
    let workspace = Workspace::new();
    let (mut app, url) = running_fixture_app(&workspace);
    let mut command =
        workspace.flowcheck(&["init", &url, "--login", "ada@harbour.example", "--client-secret-env", "SECRET"]);
    command.env("FLOWCHECK_PASSWORD", "harbour-demo").env("SECRET", "s");
    let said = end(command);
    let _ = app.kill();
    let _ = app.wait();
    let said = said.with(0);
    assert!(said.flat_out().contains("followed only as far as consent. With --start COMMAND"), "{}", said.out);
    let file = workspace.read("flowcheck.yaml");
    assert!(file.contains("# flowcheck does not start the app"), "{file}");
    assert!(file.contains(&format!("install_url: {url}/klaviyo/install")), "{file}");
}

#[test]
fn with_sign_up_the_first_user_is_signed_up() {
    let workspace = Workspace::new();
    let folder = workspace.path("kept");
    fs::create_dir(&folder).expect("there is room for a folder");
    let mut command =
        workspace.flowcheck(&["init", "http://localhost:{port}", "--sign-up", "--login", "new@example.com"]);
    let start = format!("'{}' --port {{port}} --data '{}'", fixture_app::program().display(), folder.display());
    command.args(["--start", &start, "--env", "KLAVIYO_CLIENT_ID=harbour-reviews"]);
    command.args(["--env", "KLAVIYO_CLIENT_SECRET=${KLAVIYO_CLIENT_SECRET}"]);
    let mut command = with_secrets(command);
    command.env("FLOWCHECK_PASSWORD", "Aa1-long-enough-for-anybody");
    let said = end(command).with(0);
    assert!(said.out.contains("new@example.com has an account now"), "{}", said.out);
    assert!(said.flat_out().contains("is read as installed"), "{}", said.out);
}

/// The fixture app looked at, which flowcheck starts itself, with one user and whatever is said besides.
fn of_fixture_app(workspace: &Workspace, besides: &[&str]) -> Ended {
    end(start_fixture_app(workspace, besides))
}

fn start_fixture_app(workspace: &Workspace, besides: &[&str]) -> Command {
    start_fixture_app_of(workspace, Some("ada@harbour.example"), besides)
}

fn start_fixture_app_of(workspace: &Workspace, user: Option<&str>, besides: &[&str]) -> Command {
    workspace.write(".env", "KLAVIYO_CLIENT_ID=harbour-reviews\nKLAVIYO_CLIENT_SECRET=harbour-reviews-client-secret\n");
    let mut command = workspace.flowcheck(&["init", "http://localhost:{port}", "--from-env", ".env"]);
    let program = fixture_app::program();
    let start = format!("'{}' --port {{port}} --data {{data}} --demo-data --multi-tenant drop-down", program.display());
    command.args(["--start", &start, "--ready", "http://localhost:{port}/healthz"]);
    command.args(user.iter().flat_map(|login| ["--login", login]));
    command.args(besides).env("FLOWCHECK_PASSWORD", "harbour-demo");
    command
}

/// The fixture app as a partner might have it running, and where it answers.
fn running_fixture_app(workspace: &Workspace) -> (std::process::Child, String) {
    let port = flowcheck::app::free_port().expect("a port is free");
    let mut command = Command::new(fixture_app::program());
    command.args(["--port", &port.to_string(), "--demo-data", "--data"]).arg(workspace.path("data"));
    command.env("KLAVIYO_CLIENT_ID", "harbour-reviews").env("KLAVIYO_CLIENT_SECRET", "s");
    let app = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the app starts");
    let address = format!("127.0.0.1:{port}");
    super::processes::wait_until("the app answers", || std::net::TcpStream::connect(&address).is_ok());
    (app, format!("http://localhost:{port}"))
}

fn with_secrets(mut command: Command) -> Command {
    command.env("FLOWCHECK_PASSWORD", "harbour-demo").env("KLAVIYO_CLIENT_SECRET", "harbour-reviews-client-secret");
    command
}

/// A text with what differs from machine to machine and run to run taken out.
fn same_everywhere(text: &str) -> String {
    let program = fixture_app::program().display().to_string();
    text.replace(&program, "PARTNER").split_inclusive([' ', '\n']).map(steady).collect()
}
