//! Makes the app do something: by a request to it, or by a command run in its environment.

use std::fmt;
use std::time::Duration;

use hyper::header::LOCATION;
use hyper::{Method, Request};
use url::Url;

use super::Instance;
use super::action_error::AppActionError;
use super::process::Process;
use crate::evidence::{AppEvent, Event};
use crate::http_client;
use crate::scenario::{ActionKind, AppAction};

/// How long an action may take.
const ACTION_TIMEOUT: Duration = Duration::from_secs(30);
/// The first status that means an error.
const ERROR_STATUS: u16 = 400;
/// The first status that means a redirect.
const REDIRECT_STATUS: u16 = 300;

/// The outcome of an action: `GET http://localhost:3000/sync answered 200`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ActionOutcome {
    /// The app answered.
    Answered {
        /// Method and URL.
        request: String,
        /// The status. Only redirects to the same address with a slash at its end are followed.
        status: u16,
        /// Where a redirect leads.
        to: Option<String>,
    },
    /// The command ended with status 0.
    Succeeded {
        /// The command, placeholders filled in.
        command: String,
    },
}

impl fmt::Display for ActionOutcome {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Answered { request, status, .. } => write!(formatter, "{request} answered {status}"),
            Self::Succeeded { command } => write!(formatter, "`{command}` ended well"),
        }
    }
}

impl Instance {
    /// Makes the app call Klaviyo, waits until it has, and records that. Errors: no answer, a command that fails, and a status
    /// that shows no work: a redirect, which leads to a login page more often than not, and any from 400 on.
    pub async fn trigger(&self, trigger: &AppAction) -> Result<ActionOutcome, AppActionError> {
        let outcome = match self.run_action(trigger).await? {
            ActionOutcome::Answered { request, status, to } if status >= REDIRECT_STATUS => {
                return Err(AppActionError::Status { request, status, to });
            }
            outcome => outcome,
        };
        self.recorder.record(Event::App(AppEvent::Triggered(self.recorder.redact(&outcome.to_string()))));
        Ok(outcome)
    }

    /// Makes the app update itself, waits until it has, and records that. A status from 400 on is an error.
    pub async fn update(&self, update: &AppAction) -> Result<(), AppActionError> {
        let outcome = self.run_to_success(update).await?;
        self.recorder.record(Event::App(AppEvent::Updated(self.recorder.redact(&outcome.to_string()))));
        Ok(())
    }

    /// Resets the app's data, and records that. A status from 400 on is an error.
    pub async fn reset(&self, reset: &AppAction) -> Result<(), AppActionError> {
        let outcome = self.run_to_success(reset).await?;
        self.recorder.record(Event::App(AppEvent::Reset(self.recorder.redact(&outcome.to_string()))));
        Ok(())
    }

    async fn run_to_success(&self, action: &AppAction) -> Result<ActionOutcome, AppActionError> {
        match self.run_action(action).await? {
            ActionOutcome::Answered { request, status, to } if status >= ERROR_STATUS => {
                Err(AppActionError::Status { request, status, to })
            }
            outcome => Ok(outcome),
        }
    }

    async fn run_action(&self, action: &AppAction) -> Result<ActionOutcome, AppActionError> {
        match action.kind() {
            Some(ActionKind::Get(address)) => self.send(Method::GET, address, action).await,
            Some(ActionKind::Post(address)) => self.send(Method::POST, address, action).await,
            Some(ActionKind::Run(command)) => self.run_command(command).await,
            None => Err(AppActionError::Unspecified),
        }
    }

    async fn send(&self, method: Method, address: &str, action: &AppAction) -> Result<ActionOutcome, AppActionError> {
        let address = self.placeholders.fill(address);
        let answer = self.send_once(&method, &address, action).await?;
        match with_slash(&address, &answer) {
            Some(address) => self.send_once(&method, &address, action).await,
            None => Ok(answer),
        }
    }

    async fn send_once(
        &self,
        method: &Method,
        address: &str,
        action: &AppAction,
    ) -> Result<ActionOutcome, AppActionError> {
        let shown = format!("{method} {address}");
        let access = self.access_to(address).iter().map(|(name, value)| (name, value));
        let mut request = Request::builder().method(method).uri(address);
        for (name, value) in action.headers.iter().chain(access) {
            request = request.header(name, value);
        }
        match http_client::send(request, ACTION_TIMEOUT).await {
            Ok(response) => {
                let to = response.headers().get(LOCATION).and_then(|to| to.to_str().ok()).map(str::to_owned);
                Ok(ActionOutcome::Answered { request: shown, status: response.status().as_u16(), to })
            }
            Err(source) => Err(AppActionError::Request { request: shown, source }),
        }
    }

    /// The access headers for a URL: those of `access`, and none where the URL is not of the app's own origin.
    pub(super) fn access_to(&self, address: &str) -> &[(String, String)] {
        let origin = |address: &str| Url::parse(address).ok().map(|url| url.origin());
        if origin(address) == origin(&self.url) { &self.access } else { &[] }
    }

    /// Runs a command as the app was started: in its folder, with its variables.
    async fn run_command(&self, command: &str) -> Result<ActionOutcome, AppActionError> {
        let words: Vec<String> =
            shlex::split(command).unwrap_or_default().iter().map(|word| self.placeholders.fill(word)).collect();
        let (wrapper, folder, env) = self.spawn_context();
        let mut process = Process::start(wrapper, &words, folder, env, &self.recorder)?;
        let command = words.join(" ");
        match process.finish(ACTION_TIMEOUT).await {
            Ok(()) => Ok(ActionOutcome::Succeeded { command }),
            Err(source) => Err(AppActionError::Command { command, source, output: process.output_tail() }),
        }
    }
}

/// The address that a redirect leads to, where that is the same with a slash at its path's end.
fn with_slash(address: &str, answer: &ActionOutcome) -> Option<String> {
    let ActionOutcome::Answered { status: 300..400, to: Some(to), .. } = answer else { return None };
    let mut same = Url::parse(address).ok()?;
    let target = same.join(to).ok()?;
    same.set_path(&format!("{}/", same.path()));
    (target == same).then(|| target.into())
}

#[cfg(test)]
mod tests {
    use std::io::{Read as _, Write as _};
    use std::net::{Ipv4Addr, TcpListener};

    use super::*;
    use crate::app::PlaceholderValues;
    use crate::app::process_error::ProcessError;
    use crate::evidence::Recorder;
    use crate::http_client::HttpError;
    use crate::scenario::parse_app;

    /// An app that answers every request with this response, and closes the connection without one where it is empty.
    async fn app_that_answers(response: &'static str) -> Instance {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a free port");
        let port = listener.local_addr().expect("bound").port();
        std::thread::spawn(move || {
            for (index, stream) in listener.incoming().enumerate() {
                let mut stream = stream.expect("a connection");
                let _ = stream.read(&mut [0; 4_096]);
                let ready = "HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n";
                let _ = stream.write_all(if index == 0 { ready } else { response }.as_bytes());
            }
        });
        let file = format!(
            "name: App\nurl: http://127.0.0.1:{port}\nklaviyo:\n  client_id: id\n  client_secret: secret\n  \
             scopes: [accounts:read]\n  redirect_uris: ['http://127.0.0.1:{port}/callback']\n  \
             install_url: http://127.0.0.1:{port}/install\n"
        );
        let file = parse_app("flowcheck.yaml", &file).expect("a valid file");
        let placeholders = PlaceholderValues {
            port,
            host_port: 0,
            data: String::new(),
            smtp_port: 0,
            klaviyo_www: String::new(),
            klaviyo_api: String::new(),
        };
        let folder = std::env::temp_dir();
        let environment = crate::app::LaunchEnvironment::default();
        Instance::start(&file, &folder, placeholders, &environment, &Recorder::new()).await.expect("it answers")
    }

    fn get(path: &str) -> AppAction {
        AppAction::get(&format!("http://127.0.0.1:{{port}}{path}"))
    }

    fn run(command: &str) -> AppAction {
        AppAction { run: Some(command.to_owned()), ..AppAction::default() }
    }

    #[tokio::test]
    async fn a_trigger_refuses_redirects_and_errors_and_a_reset_refuses_errors() {
        for (response, status) in [
            ("HTTP/1.1 202 Accepted\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", 202),
            ("HTTP/1.1 302 Found\r\nlocation: /login\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", 302),
            ("HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", 404),
            ("HTTP/1.1 500 Oops\r\ncontent-length: 0\r\nconnection: close\r\n\r\n", 500),
        ] {
            let app = app_that_answers(response).await;
            match app.trigger(&get("/sync")).await {
                Ok(_) => assert_eq!(status, 202),
                Err(AppActionError::Status { status: seen, .. }) => assert_eq!(seen, status),
                Err(other) => panic!("{other}"),
            }
            match app.reset(&get("/reset")).await {
                Ok(()) => assert!(status < ERROR_STATUS, "{status}"),
                Err(AppActionError::Status { status: seen, .. }) => assert_eq!(seen, status),
                Err(other) => panic!("{other}"),
            }
        }
    }

    #[test]
    fn only_a_redirect_to_the_same_address_with_a_slash_is_followed() {
        let redirect =
            |to: &str| ActionOutcome::Answered { request: String::new(), status: 301, to: Some(to.to_owned()) };
        let followed = |to| with_slash("http://localhost:3000/sync?all=1", &redirect(to));
        assert_eq!(followed("/sync/?all=1").as_deref(), Some("http://localhost:3000/sync/?all=1"));
        assert_eq!(followed("http://localhost:3000/sync/?all=1").as_deref(), Some("http://localhost:3000/sync/?all=1"));
        for other in ["/login?next=/sync", "http://localhost:4000/sync/?all=1", "/sync", "/sync/"] {
            assert_eq!(followed(other), None, "{other}");
        }
        let found =
            ActionOutcome::Answered { request: String::new(), status: 200, to: Some("/sync/?all=1".to_owned()) };
        assert_eq!(with_slash("http://localhost:3000/sync?all=1", &found), None);
    }

    #[tokio::test]
    async fn an_app_that_closes_the_connection_is_a_transport_error() {
        let app = app_that_answers("").await;
        let error = app.trigger(&get("/sync")).await.expect_err("no answer");
        assert!(matches!(error, AppActionError::Request { source: HttpError::Transport(_), .. }), "{error:?}");
    }

    #[tokio::test]
    async fn commands_that_fail_are_told_from_commands_that_do_not_exist() {
        let app = app_that_answers("").await;
        let succeeded = app.trigger(&run("true")).await.expect("`true` succeeds");
        assert_eq!(succeeded.to_string(), "`true` ended well");
        match app.trigger(&run("sh -c 'echo broken; exit 3'")).await {
            Err(AppActionError::Command { source: ProcessError::Failed(exit), output, .. }) => {
                assert_eq!((exit.0.code(), output), (Some(3), vec!["broken".to_owned()]));
            }
            other => panic!("{other:?}"),
        }
        let error = app.trigger(&run("no-such-program-anywhere")).await.expect_err("it does not exist");
        assert!(matches!(error, AppActionError::Spawn(_)), "{error:?}");
        let error = app.trigger(&AppAction::default()).await.expect_err("it says nothing");
        assert!(matches!(error, AppActionError::Unspecified), "{error:?}");
    }
}
