//! `flowcheck exec`: runs a command for which klaviyo.com is the fake Klaviyo.

use std::path::Path;
use std::process::{Output, Stdio};

use nix::sys::signal::{Signal, kill};
use nix::unistd::Pid;
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::process::{Child, Command};

use crate::scene::LONG;

fn flowcheck(words: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_flowcheck"));
    command.arg("exec").args(words).env_remove("FLOWCHECK_CONFIG").stdin(Stdio::null()).kill_on_drop(true);
    command
}

async fn run(words: &[&str]) -> Output {
    tokio::time::timeout(LONG, flowcheck(words).output()).await.expect("ends in time").expect("runs")
}

/// Starts one, and waits for the first line that it or its command says.
async fn started(words: &[&str]) -> (Child, String) {
    let mut child = flowcheck(words).stdout(Stdio::piped()).spawn().expect("runs");
    let mut lines = BufReader::new(child.stdout.take().expect("piped")).lines();
    let line = tokio::time::timeout(LONG, lines.next_line()).await.expect("in time").expect("text").expect("a line");
    // Reads on, so that nobody writes into a closed pipe.
    tokio::spawn(async move { while let Ok(Some(_)) = lines.next_line().await {} });
    (child, line)
}

async fn code_after(child: &mut Child, signal: Signal) -> Option<i32> {
    let id = child.id().and_then(|id| i32::try_from(id).ok()).expect("it runs");
    kill(Pid::from_raw(id), signal).expect("sent");
    tokio::time::timeout(LONG, child.wait()).await.expect("ends in time").expect("ended").code()
}

#[tokio::test]
async fn the_command_reaches_klaviyo_at_its_own_address() {
    let words = ["--", "curl", "-sS", "-w", "%{http_code}", "https://a.klaviyo.com/api/accounts"];
    let output = run(&words).await;
    assert!(output.status.success() && output.stdout.ends_with(b"401"), "{output:?}");
}

#[tokio::test]
async fn it_exits_as_the_command_did() {
    for (command, code) in [("exit 0", 0), ("exit 7", 7), ("kill -9 $$", 137)] {
        assert_eq!(run(&["--", "sh", "-c", command]).await.status.code(), Some(code), "{command}");
    }
    let output = run(&["--", "no-such-command-anywhere"]).await;
    assert_eq!(output.status.code(), Some(127));
    assert!(String::from_utf8_lossy(&output.stderr).contains("cannot run no-such-command-anywhere"));
    assert_eq!(run(&["--", "/"]).await.status.code(), Some(126));
    assert_eq!(run(&[]).await.status.code(), Some(2), "there is nothing to run");
}

#[tokio::test]
async fn signals_are_passed_on_to_the_command() {
    for signal in [Signal::SIGTERM, Signal::SIGINT, Signal::SIGHUP] {
        let name = signal.as_str().trim_start_matches("SIG");
        let script = format!("trap 'exit 9' {name}; echo ready; while :; do sleep 0.1; done");
        let (mut child, line) = started(&["--", "sh", "-c", &script]).await;
        assert_eq!(line, "ready");
        assert_eq!(code_after(&mut child, signal).await, Some(9), "{signal}");
    }
}

#[tokio::test]
async fn killed_it_leaves_no_command() {
    let (mut child, line) = started(&["--", "sh", "-c", "echo $$; exec sleep 600"]).await;
    let command: i32 = line.parse().expect("its process id");
    assert_eq!(code_after(&mut child, Signal::SIGKILL).await, None);
    let gone = async {
        while kill(Pid::from_raw(command), None).is_ok() {
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        }
    };
    tokio::time::timeout(LONG, gone).await.expect("its command ends with it");
}

/// Between the start of a command and the note of its id there is a moment in which flowcheck can be killed; its watchdog knows by then
/// what to look for.
#[tokio::test]
async fn killed_while_it_starts_a_command_it_leaves_none_either() {
    let mark = format!("test-{}", std::process::id());
    let mut sleep = Command::new("sleep");
    let mut sleep = sleep.arg("600").env("FLOWCHECK_STARTED_AS", &mark).kill_on_drop(true).spawn().expect("runs");
    let mut other = Command::new("sleep");
    let mut other =
        other.arg("600").env("FLOWCHECK_STARTED_AS", format!("{mark}0")).kill_on_drop(true).spawn().expect("runs");
    let mut watchdog = Command::new(env!("CARGO_BIN_EXE_flowcheck"));
    let mut watchdog = watchdog.arg("watchdog").stdin(Stdio::piped()).kill_on_drop(true).spawn().expect("runs");
    let mut pipe = watchdog.stdin.take().expect("piped");
    pipe.write_all(format!("{{\"number\":1,\"hold\":{{\"starting\":\"{mark}\"}}}}\n").as_bytes())
        .await
        .expect("written");
    drop(pipe);
    let ended = tokio::time::timeout(LONG, sleep.wait()).await.expect("the watchdog ends it").expect("ended");
    assert_eq!(ended.code(), None, "{ended}");
    assert!(tokio::time::timeout(LONG, watchdog.wait()).await.expect("ends in time").expect("ended").success());
    assert_eq!(other.try_wait().expect("asked"), None, "another's is left alone");
}

#[tokio::test]
async fn its_variables_are_printed_for_a_shell_and_its_files_are_gone_at_the_end() {
    let (mut child, line) = started(&["--print-env"]).await;
    assert!(line.starts_with("export HTTPS_PROXY=http://127.0.0.1:"), "{line}");
    assert_eq!(code_after(&mut child, Signal::SIGTERM).await, Some(0));

    let output = run(&["--print-env", "--", "sh", "-c", "test -r \"$SSL_CERT_FILE\" && echo \"$SSL_CERT_FILE\""]).await;
    let (said, printed) = (String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let bundle = Path::new(said.trim());
    assert!(bundle.is_absolute() && !bundle.exists(), "{said}");
    for line in ["export KLAVIYO_CLIENT_ID=sandbox-client-id\n", "export NO_PROXY=", "export NODE_OPTIONS="] {
        assert!(printed.contains(line), "{printed}");
    }
}

#[tokio::test]
async fn refused_targets_of_a_hermetic_run_are_listed() {
    let output = run(&["--hermetic", "--", "curl", "-sS", "https://shop.example/", "http://shop.example/"]).await;
    assert!(
        !output.status.success() || output.stdout.starts_with(b"flowcheck's gateway: shop.example:80"),
        "{output:?}"
    );
    let error = String::from_utf8_lossy(&output.stderr);
    for target in ["shop.example:443", "shop.example:80"] {
        assert!(error.contains(&format!("held back {target} (1×)")), "{error}");
    }
}
