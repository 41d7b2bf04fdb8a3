//! Shared by the tests: a fake Klaviyo with one app, a gateway to it, and commands run in its environment.

use std::ffi::OsStr;
use std::process::{Output, Stdio};
use std::time::Duration;

use flowcheck::evidence::{Event, Exchange, Recorder};
use flowcheck::gateway::{Gateway, Options};
use flowcheck::klaviyo::{Account, Client, Server};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::process::Command;

/// Longer than anything here takes on a slow machine.
pub(crate) const LONG: Duration = Duration::from_mins(1);

/// A Klaviyo behind a gateway.
pub(crate) struct Scene {
    pub(crate) klaviyo: Server,
    pub(crate) gateway: Gateway,
    pub(crate) recorder: Recorder,
}

pub(crate) async fn scene() -> Scene {
    scene_with(Options::default()).await
}

pub(crate) async fn scene_with(options: Options) -> Scene {
    let recorder = Recorder::new();
    let app =
        Client::new("app-id", "app-secret").scopes(["accounts:read"]).redirect_uri("http://localhost:3000/callback");
    let klaviyo = Server::builder()
        .recorder(recorder.clone())
        .client(app)
        .account(Account::named("Reef Books"))
        .bind("127.0.0.1:0")
        .await
        .expect("binds");
    let gateway = Gateway::start(&klaviyo, options).await.expect("starts");
    Scene { klaviyo, gateway, recorder }
}

impl Scene {
    /// Runs a command in the gateway's environment.
    pub(crate) async fn run(&self, program: &str, words: &[&str]) -> Output {
        self.run_with(program, words, &[]).await
    }

    async fn run_with(&self, program: &str, words: &[&str], variables: &[(&str, &str)]) -> Output {
        let wrapped = self.gateway.wrapper().iter().map(AsRef::as_ref);
        let mut words = wrapped.chain([program].into_iter().chain(words.iter().copied()).map(OsStr::new));
        let mut command = Command::new(words.next().expect("a program"));
        command.args(words).envs(self.gateway.environment().iter()).envs(variables.iter().copied());
        command.stdin(Stdio::null()).kill_on_drop(true);
        let output = tokio::time::timeout(LONG, command.output()).await.expect("ends in time");
        output.unwrap_or_else(|error| panic!("{program} cannot be run, and this test needs it: {error}"))
    }

    /// Runs a command that must succeed, and returns its output.
    pub(crate) async fn said_by(&self, program: &str, words: &[&str]) -> String {
        self.said_by_with(program, words, &[]).await
    }

    /// The same, with more variables.
    pub(crate) async fn said_by_with(&self, program: &str, words: &[&str], variables: &[(&str, &str)]) -> String {
        let output = self.run_with(program, words, variables).await;
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{program} {words:?} ended with {}: {error}", output.status);
        String::from_utf8_lossy(&output.stdout).into_owned()
    }

    /// Sends bytes, ends the sending side, and reads the answer to its end.
    pub(crate) async fn send(&self, bytes: &[u8]) -> String {
        let mut stream = TcpStream::connect(self.gateway.addr()).await.expect("connects");
        // The gateway may close before it has read everything.
        let _ = stream.write_all(bytes).await;
        let _ = stream.shutdown().await;
        answer(stream).await
    }

    /// What Klaviyo has on record.
    pub(crate) fn exchanges(&self) -> Vec<Exchange> {
        let seen = self.recorder.since(0).into_iter();
        seen.filter_map(|entry| if let Event::Exchange(exchange) = entry.event { Some(*exchange) } else { None })
            .collect()
    }

    pub(crate) async fn stop(self) {
        self.gateway.stop().await;
        self.klaviyo.stop().await;
    }
}

/// Reads until the other side closes, which it must.
pub(crate) async fn answer(mut stream: TcpStream) -> String {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(LONG, stream.read_to_end(&mut answer)).await;
    assert!(read.is_ok(), "the gateway neither answered nor closed");
    String::from_utf8_lossy(&answer).into_owned()
}
