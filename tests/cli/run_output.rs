//! What a run writes, and which scenarios it plays.

use quick_xml::Reader;
use quick_xml::events::Event;
use serde_json::Value;

use nix::sys::signal::Signal;

use super::workspace::{RunningProgram, Workspace, end, fixture, unchanged};

#[test]
fn a_defect_fails_the_run_and_is_in_every_report() {
    let workspace = Workspace::with_app(unchanged);
    let mut command = workspace.run(&[
        "install/signed-in",
        "--report",
        "html=out/report.html,json=out/report.json,junit=out/junit.xml",
    ]);
    command.env("DEFECTS", "no-pkce");
    let ended = end(command).with(1);
    assert!(ended.out.contains("✗ oauth.pkce") && ended.out.contains("flowcheck run install/signed-in --headed"));
    assert!(ended.out.contains(": 1 item fails."), "{}", ended.out);

    assert!(workspace.read("out/report.html").contains("oauth.pkce"));
    let json: Value = serde_json::from_str(&workspace.read("out/report.json")).expect("it is JSON");
    assert_eq!(json["exit_code"], 1);
    assert_eq!(json, workspace.last_run());
    assert_eq!(failures(&workspace.read("out/junit.xml")), ["oauth.pkce"]);
    workspace.is_left_clean();
}

/// Names of the failed cases of a `JUnit` report, which must be well formed.
fn failures(junit: &str) -> Vec<String> {
    let mut reader = Reader::from_str(junit);
    let mut case = String::new();
    let mut failed = Vec::new();
    loop {
        match reader.read_event().expect("it is well formed") {
            Event::Start(tag) if tag.name().as_ref() == b"testcase" => {
                let name = tag.try_get_attribute("name").expect("attributes are well formed").expect("a name");
                case = String::from_utf8_lossy(&name.value).into_owned();
            }
            Event::Start(tag) if tag.name().as_ref() == b"failure" => failed.push(case.clone()),
            Event::Eof => return failed,
            _ => {}
        }
    }
}

#[test]
fn a_scenario_file_runs_by_its_path_and_only_once() {
    let workspace = Workspace::with_app(unchanged);
    workspace.write("mine.yaml", &fixture("scenarios/install/signed-in.yaml").replace("id: install/", "id: mine/"));
    end(workspace.run(&["mine.yaml", "mine.yaml"])).with(0);
    let run = workspace.last_run();
    let ids: Vec<&Value> = run["scenarios"].as_array().expect("a list").iter().map(|one| &one["id"]).collect();
    assert_eq!(ids, ["mine/signed-in"], "a file that is named twice runs once");
}

#[test]
fn a_line_of_a_scenario_file_judges_the_item_on_it_and_nothing_else() {
    let workspace = Workspace::with_app(unchanged);
    let text = fixture("scenarios/install/signed-in.yaml");
    let line = text.lines().position(|line| line.trim() == "- install.shown").expect("the scenario expects it") + 1;
    // By the path that reports show, which is no file here.
    end(workspace.run(&[&format!("scenarios/install/signed-in.yaml:{line}")])).with(0);
    assert_eq!(judged(&workspace), ["install.shown"]);
    assert!(!workspace.read("reports/history.json").contains("install/signed-in"), "it is no result of the scenario");
    workspace.write("mine.yaml", &text.replace("id: install/", "id: mine/"));
    end(workspace.run(&[&format!("mine.yaml:{line}"), &format!("mine.yaml:{}", line + 1)])).with(0);
    assert_eq!(judged(&workspace), ["install.shown", "install.no-detour"]);
}

/// Ids of the items that the last run judged, in its one scenario.
fn judged(workspace: &Workspace) -> Vec<String> {
    let run = workspace.last_run();
    let scenarios = run["scenarios"].as_array().expect("a list");
    assert_eq!(scenarios.len(), 1, "{run:#}");
    let items = scenarios[0]["items"].as_array().expect("a list").iter();
    items.map(|item| item["item"].as_str().expect("an id").to_owned()).collect()
}

#[test]
fn each_run_has_a_folder_of_its_own_and_latest_is_the_newest() {
    let workspace = Workspace::with_app(unchanged);
    end(workspace.run(&["install/signed-in", "--output", "runs"])).with(0);
    end(workspace.run(&["install/signed-out", "--output", "runs", "--quiet"])).with(0);
    let folders = std::fs::read_dir(workspace.path("runs")).expect("it is there").count();
    assert_eq!(folders, 4, "two runs, `latest`, and what is remembered of them");
    assert!(workspace.read("runs/latest/run.json").contains("install/signed-out"));
}

#[test]
fn a_quiet_run_prints_no_progress() {
    let workspace = Workspace::with_app(unchanged);
    let ended = end(workspace.run(&["install/signed-in", "--quiet"])).with(0);
    assert!(ended.out.starts_with("Installing\n"), "{}", ended.out);
    assert_eq!(ended.err, "");
}

#[test]
fn a_scenario_that_is_not_for_the_app_is_not_run_and_nothing_run_is_no_success() {
    let workspace = Workspace::with_app(unchanged);
    end(workspace.run(&["install/tenant-text-box"])).with(4);
    workspace.is_left_clean();
}

#[test]
fn a_report_that_cannot_be_written_is_no_success() {
    let workspace = Workspace::with_app(unchanged);
    let ended = end(workspace.run(&["install/signed-in", "--report", "html=/dev/full,tap=run.tap"])).with(3);
    assert!(ended.err.contains("error: could not write /dev/full: No space left"), "{}", ended.err);
    assert!(workspace.read("run.tap").starts_with("TAP version"));
    assert!(ended.out.contains("✓ Passed"), "the verdict is still told\n{}", ended.out);
    workspace.is_left_clean();
}

#[test]
fn a_stored_run_is_shown_judged_again_compared_and_bundled() {
    let workspace = Workspace::with_app(unchanged);
    let mut command = workspace.run(&["install/signed-in", "--output", "bad"]);
    command.env("DEFECTS", "no-pkce");
    end(command).with(1);
    end(workspace.run(&["install/signed-in", "--output", "good"])).with(0);

    let judged = end(workspace.flowcheck(&["judge", "bad/latest"])).with(1);
    assert!(judged.out.contains("✗ oauth.pkce"), "{}", judged.out);
    let worse = end(workspace.flowcheck(&["compare", "good/latest", "bad/latest"])).with(1);
    assert!(worse.out.contains("oauth.pkce  pass → fail"), "{}", worse.out);
    end(workspace.flowcheck(&["compare", "bad/latest", "good/latest"])).with(0);
    end(workspace.flowcheck(&["judge", "nowhere"])).with(2);

    end(workspace.flowcheck(&["bundle", "bad/latest", "--to", "run.zip"])).with(0);
    let mut zip =
        zip::ZipArchive::new(std::fs::File::open(workspace.path("run.zip")).expect("it is there")).expect("a zip");
    assert_eq!(zip.len(), 5);
    assert!(zip.by_name("flowcheck/SHA256SUMS").is_ok());

    let mut show = RunningProgram::start(workspace.flowcheck(&["show", "bad/latest", "--port", "0"]));
    let line = show.says("http://127.0.0.1:");
    // Each test may run in a process of its own, so none relies on another to choose TLS.
    let _ = tokio_rustls::rustls::crypto::ring::default_provider().install_default();
    let page = tokio::runtime::Runtime::new()
        .expect("a runtime starts")
        .block_on(async { reqwest::get(line.trim()).await?.text().await })
        .expect("it is served");
    assert!(page.contains("oauth.pkce"));
    show.signal(Signal::SIGINT);
    show.ended().with(0);
    workspace.is_left_clean();
}

#[test]
fn shards_are_merged_and_what_failed_last_runs_alone() {
    let workspace = Workspace::with_app(unchanged);
    // On machines of their own: with one history, what the first took would change what the second gets.
    let runs = [("1/2", "one"), ("2/2", "two")].map(|(shard, output)| {
        let mut command = workspace.run(&["errors", "install/signed-in", "--shard", shard, "--output", output]);
        command.env("DEFECTS", "denial-generic");
        end(command);
        let kept = std::fs::read_dir(workspace.path(output)).expect("it is there");
        let mut names = kept.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
        let run = names.find(|name| name.starts_with("20")).expect("a run was kept");
        format!("{output}/{run}")
    });
    let merged = end(workspace.flowcheck(&["merge", &runs[0], &runs[1], "--output", "whole"])).with(1);
    assert!(merged.out.contains("6 scenarios") && merged.out.contains("✗ error.denied.message"), "{}", merged.out);
    let missing = end(workspace.flowcheck(&["merge", &runs[0], "--output", "half"])).with(2);
    assert!(missing.err.contains("is missing"), "{}", missing.err);
    let again = end(workspace.run(&["--last-failed", "--output", "whole"])).with(0);
    assert!(again.out.contains("Running 2 scenarios") && again.out.contains("errors/denied"), "{}", again.out);
}

#[test]
fn progress_is_printed_as_json_on_request() {
    let workspace = Workspace::with_app(unchanged);
    let ended = end(workspace.run(&["install/signed-in", "--log-format", "json"])).with(0);
    for line in ended.out.lines() {
        let event: Value = serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"));
        assert!(event.is_object(), "{line}");
    }
    assert!(ended.out.lines().count() > 5);
}

#[test]
fn an_app_that_logs_without_measure_is_cut_and_the_report_says_by_how_much() {
    let workspace = Workspace::with_app(|text| text.replace("${PARTNER} --port", "sh stranger ${PARTNER} --port"));
    workspace.write(
        "stranger",
        "yes 'a line of the log' | head -n 200000\nhead -c 3000000 /dev/zero | tr '\\0' x\necho\nexec \"$@\"\n",
    );
    end(workspace.run(&["install/signed-in"])).with(0);
    let run = workspace.last_run();
    let timeline = run["scenarios"][0]["evidence"]["timeline"].as_array().expect("a list");
    let logged: Vec<&str> = timeline.iter().filter_map(|entry| entry["event"]["app"]["log"].as_str()).collect();
    let left_out: Vec<&Value> =
        timeline.iter().map(|entry| &entry["event"]["app"]["log-left-out"]).filter(|gap| gap.is_object()).collect();
    assert_eq!(left_out.len(), 1, "it is told once");
    let lines = left_out[0]["lines"].as_u64().expect("a number");
    assert!(lines >= 197_000 && (2_000..=3_000).contains(&logged.len()), "{lines} left out, {} kept", logged.len());
    let long = logged.iter().find(|line| line.starts_with("xxx")).expect("the long line is there");
    assert!(long.ends_with("x… (2995904 bytes left out)"), "{}", &long[long.len() - 60..]);
    assert!(workspace.read("reports/latest/run.json").len() < 2_000_000);
}

/// A stored run whose pages have titles that a CI runner would obey, wherever a line is broken.
fn run_with_titles(workspace: &Workspace, title: &str) {
    let mut run: Value = serde_json::from_str(&fixture("reports/sample/run.json")).expect("it is JSON");
    for scenario in run["scenarios"].as_array_mut().expect("a list") {
        let Some(timeline) = scenario["evidence"]["timeline"].as_array_mut() else { continue };
        for page in timeline.iter_mut().filter_map(|entry| entry.pointer_mut("/event/page")) {
            page["title"] = title.into();
            page["headings"] = vec![title; 2].into();
            page["notice"] = title.into();
        }
    }
    workspace.write("run.json", &run.to_string());
}

#[test]
fn titles_are_no_commands_to_a_ci_runner() {
    let workspace = Workspace::new();
    for wide in 1..40 {
        let command = format!("{} ::error::pwned ##[error]pwned ##vso[task.complete]pwned ", "x".repeat(wide));
        run_with_titles(&workspace, &command.repeat(4));
        for ci in ["GITHUB_ACTIONS", "TF_BUILD", "UNSET"] {
            let mut judge = workspace.flowcheck(&["judge", "run.json"]);
            judge.env(ci, "true").env_remove("GITHUB_STEP_SUMMARY");
            let out = end(judge).with(1).out;
            assert!(out.contains("pwned"), "{out}");
            let obeyed = out
                .lines()
                .find(|line| line.trim_start().starts_with("::") || line.contains("##[") || line.contains("##vso["));
            assert_eq!(obeyed, None, "{out}");
        }
    }
}
