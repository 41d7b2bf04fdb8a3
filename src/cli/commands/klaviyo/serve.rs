//! `flowcheck serve`: the fake Klaviyo as a sandbox.

use std::env::{consts, var_os};
use std::ffi::OsString;
use std::process::{Command, Stdio};

use url::Url;

use super::sandbox::{SANDBOX_PASSWORD, Sandbox, SandboxOptions, exports};
use crate::cli::Exit;
use crate::cli::arguments::ServeArguments;
use crate::cli::command_error::CommandError;
use crate::cli::interrupts::Interrupts;
use crate::cli::terminal::console::{print_error_line, print_line};

/// Serves until interrupted.
pub(in crate::cli) async fn serve(arguments: ServeArguments) -> Result<Exit, CommandError> {
    let mut interrupts = Interrupts::listen()?;
    let options = SandboxOptions {
        config: arguments.config.as_deref(),
        app_port: arguments.app_port,
        listen: &arguments.listen,
        state: arguments.state.as_deref(),
        hermetic: false,
        hosts: false,
    };
    let sandbox = Sandbox::start(options).await?;
    introduce(&sandbox);
    if arguments.open {
        open(&sandbox.klaviyo.sandbox_link());
    }
    print_line(format_args!("\nCtrl-C ends it"));
    let result = tokio::select! {
        () = interrupts.next() => Ok(Exit::Good),
        why = sandbox.klaviyo.state_file_failure() => Err(CommandError::environment(why)),
    };
    sandbox.stop().await;
    result
}

/// Prints how to reach it.
fn introduce(sandbox: &Sandbox) {
    let klaviyo = &sandbox.klaviyo;
    let base = |url: Url| OsString::from(url.as_str().trim_end_matches('/'));
    let urls = [("KLAVIYO_WWW_URL", base(klaviyo.www())), ("KLAVIYO_API_URL", base(klaviyo.api()))]
        .map(|(name, value)| (name.to_owned(), value));
    print_line(format_args!(
        "the fake Klaviyo answers; export these where your app starts, and klaviyo.com is this one for it:\n"
    ));
    print_line(exports(&sandbox.variables()));
    print_line(format_args!("for an app that is told where Klaviyo is:\n"));
    print_line(exports(&urls));
    print_line(format_args!("sandbox       {}", klaviyo.sandbox_link()));
    print_line(format_args!("listing       {}", klaviyo.listing_url(&sandbox.client_id)));
    print_line(format_args!("integrations  {}", klaviyo.integrations_url()));
    let emails: Vec<String> = klaviyo.users().into_iter().map(|user| user.email).collect();
    print_line(format_args!("sign in as    {}, password {SANDBOX_PASSWORD}", emails.join(" or ")));
    let (api, secret) = (klaviyo.api(), klaviyo.control_secret());
    print_line(format_args!("control       {api}_flowcheck/ with Authorization: Bearer {secret}"));
}

/// Opens a page in the user's browser, where there is a display.
fn open(page: &Url) {
    let mac = consts::OS == "macos";
    if var_os("CI").is_some() || !mac && var_os("DISPLAY").is_none() && var_os("WAYLAND_DISPLAY").is_none() {
        return print_error_line("flowcheck: there is no display to open the sandbox on; open its link yourself");
    }
    let program = if mac { "open" } else { "xdg-open" };
    let silent = Stdio::null;
    let opened = Command::new(program).arg(page.as_str()).stdin(silent()).stdout(silent()).stderr(silent()).spawn();
    match opened {
        // It ends once the browser has the link; waiting for it leaves no zombie process.
        Ok(mut child) => drop(std::thread::spawn(move || child.wait())),
        Err(error) => {
            print_error_line(format_args!("flowcheck: {program} cannot be started ({error}); open the link yourself"));
        }
    }
}
