//! A hostile page looks for the ports of the browser's driver and debugger, in every way that a page has, and reaches none.
//!
//! What it sends would have a driver start a program of the page's choice. Listeners of the test's own count what comes at ports of the same
//! kinds, and at an ordinary one, where each way must arrive: or a page whose attacks do nothing would pass.

mod listener;
mod processes;
mod site;

use std::path::Path;
use std::time::{Duration, Instant};

use flowcheck::browser::{Browser, BrowserError, DRIVER_PORTS, Engine, Found, Options, Route, find};
use flowcheck::evidence::Recorder;
use flowcheck::gateway::{self, Gateway};
use flowcheck::klaviyo::Server;
use flowcheck::watchdog::spawn;
use libtest_mimic::{Arguments, Failed, Trial};

use listener::Listener;
use site::Site;

/// Ways that arrive at an ordinary port, by the paths that they ask for.
const ARRIVE: &[&str] = &[
    "/session",
    "/localhost",
    "/name",
    "/redirect",
    "/beacon",
    "/form",
    "/image",
    "/script",
    "/style",
    "/iframe",
    "/forwarded",
    "/popup",
    "/websocket",
    "/events",
    "/worker",
];
/// Longer than the page takes on a slow machine.
const LONG: Duration = Duration::from_mins(2);
/// What the page's last step takes, which it does when it has reported.
const SOON: Duration = Duration::from_secs(1);

fn main() {
    let arguments = Arguments::from_args();
    let path = std::env::var("PATH").unwrap_or_default();
    let browsers =
        [("Chromium", "chromium"), ("the headless shell", "chromium-headless-shell"), ("Firefox", "firefox")];
    let mut trials = Vec::new();
    for (name, program) in browsers {
        // By name, a headless shell is taken for Chromium where there is one.
        let found = match program {
            "chromium" => find(Some(program), true, &path),
            _ => find(Some(program), false, &path),
        };
        for (how, options) in
            [("", Options::default()), (" without BiDi", Options { classic: true, ..Options::default() })]
        {
            let (title, missing) = match &found {
                Ok(_) => (format!("no page reaches the driver in {name}{how}"), false),
                Err(_) => {
                    (format!("no page reaches the driver in {name}{how} (skipped: it is not on this machine)"), true)
                }
            };
            let found = found.clone();
            trials.push(
                Trial::test(title, move || no_page_reaches_the_driver(&found?, options)).with_ignored_flag(missing),
            );
        }
    }
    libtest_mimic::run(&arguments, trials).exit();
}

fn no_page_reaches_the_driver(found: &Found, options: Options) -> Result<(), Failed> {
    spawn(Path::new(env!("CARGO_BIN_EXE_flowcheck")))?;
    tokio::runtime::Runtime::new()?.block_on(attack(found, options))
}

async fn attack(found: &Found, options: Options) -> Result<(), Failed> {
    let folder = tempfile::tempdir()?;
    let marker = folder.path().join("a-page-ran-this");
    let payload = payload(found.engine, &program(folder.path(), &marker)?);
    // Those that all browsers block, and those that flowcheck's do.
    let (blocked, reserved): (Vec<u16>, Vec<u16>) =
        DRIVER_PORTS.iter().partition(|port| !(14_900..15_000).contains(*port));
    let (blocked, reserved) = (Listener::among(&blocked), Listener::among(&reserved));
    let ordinary = Listener::anywhere();
    let klaviyo = Server::builder().bind("127.0.0.1:0").await?;
    let gateway_options = gateway::Options { closed_ports: &DRIVER_PORTS, ..gateway::Options::default() };
    let gateway = Gateway::start(&klaviyo, gateway_options).await?;
    let browser = Browser::start(found, options, folder.path()).await?;

    for route in routes(found.engine, &gateway) {
        let way = match &route {
            None => "directly",
            Some(Route { loopback: None, .. }) => "by the gateway",
            Some(_) => "by the gateway, loopback too",
        };
        let recorder = Recorder::new();
        let mut user = match browser.user("user", &recorder, route.as_ref()).await {
            Ok(user) => user,
            // Firefox 140 has no proxies for users of their own. Where flowcheck proves that, it opens no page.
            Err(BrowserError::NotOurs { .. }) if found.engine == Engine::Firefox => {
                eprintln!("{} was not tried {way}: it takes no proxy for a user", browser.name());
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        let real = processes::listening_ports();
        assert!(
            real.len() > usize::from(!options.classic),
            "the driver's port and the debugger's were found: {real:?}"
        );
        // The first is where the page goes in the end.
        for first in [reserved.port, real[0], blocked.port, ordinary.port] {
            let others = real.iter().chain([&blocked.port, &reserved.port, &ordinary.port]).copied();
            let ports: Vec<u16> = [first].into_iter().chain(others.filter(|port| *port != first)).collect();
            // All are tried once; then it is only the last step that differs.
            let ports = if first == reserved.port { ports } else { vec![first] };
            let site = Site::serving(&ports, &payload);
            user.go_to(&site.url()).await?;
            let reached = site.report(LONG).await.ok_or(format!("the page did not report, {way}"))?;
            tokio::time::sleep(SOON).await;
            // By the gateway a page gets an answer in any case, the gateway's own, and cannot tell it from another.
            let is_wrong =
                |reached: &&String| route.is_none() && !reached.starts_with(&format!("{} by", ordinary.port));
            let wrong: Vec<_> = reached.iter().filter(is_wrong).collect();
            assert!(wrong.is_empty(), "{way}, a page reached {wrong:?}; the driver and the debugger are at {real:?}");
        }
        // What was under way to the others has arrived by then, too.
        let missing = not_arrived(&ordinary).await;
        let came = ordinary.came();
        assert!(missing.is_empty(), "{way}, even an ordinary port was not reached by {missing:?}, only by {came:?}");
        for listener in [&blocked, &reserved] {
            let came = listener.came();
            assert!(came.is_empty(), "{way}, at port {} came {came:?}", listener.port);
        }
        ordinary.forget();
        assert!(!marker.exists(), "{way}, a page ran a program");
        user.close().await;
    }

    if found.engine == Engine::Chromium {
        for port in processes::listening_ports() {
            site::send(port, &payload);
        }
        assert!(marker.exists(), "what the page sent does run a program, where it arrives");
    }
    browser.stop().await;
    gateway.stop().await;
    klaviyo.stop().await;
    Ok(())
}

/// The ways of a page that have not arrived at this port in time, where all should.
async fn not_arrived(ordinary: &Listener) -> Vec<&'static str> {
    let deadline = Instant::now() + LONG;
    loop {
        let came = ordinary.came();
        let missing = |path: &&&str| !came.iter().any(|line| line.contains(**path));
        let missing: Vec<_> = ARRIVE.iter().chain(&["/navigation"]).filter(missing).copied().collect();
        if missing.is_empty() || Instant::now() > deadline {
            return missing;
        }
        tokio::time::sleep(SOON / 10).await;
    }
}

/// The ways to the network that users may have.
fn routes(engine: Engine, gateway: &Gateway) -> Vec<Option<Route>> {
    let by_gateway = Route {
        proxy: gateway.browser_addr().to_string(),
        probe: gateway.probe().url(),
        answer: gateway.probe().answer().to_owned(),
        loopback: None,
    };
    // A Firefox of this machine is not asked to come for loopback addresses by a proxy.
    let all = Route { loopback: Some(gateway.loopback_probe_url()), ..by_gateway.clone() };
    [None, Some(by_gateway)].into_iter().chain((engine == Engine::Chromium).then_some(Some(all))).collect()
}

/// A program that leaves a mark.
fn program(folder: &Path, marker: &Path) -> std::io::Result<std::path::PathBuf> {
    use std::os::unix::fs::PermissionsExt as _;

    let program = folder.join("program");
    std::fs::write(&program, format!("#!/bin/sh\necho ran > '{}'\n", marker.display()))?;
    std::fs::set_permissions(&program, std::fs::Permissions::from_mode(0o700))?;
    Ok(program)
}

/// What has a driver start it.
fn payload(engine: Engine, program: &Path) -> String {
    let options = match engine {
        Engine::Chromium => "goog:chromeOptions",
        Engine::Firefox => "moz:firefoxOptions",
    };
    serde_json::json!({ "capabilities": { "alwaysMatch": { options: { "binary": program } } } }).to_string()
}
