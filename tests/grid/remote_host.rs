//! Another host: a network of its own, joined to this one by a cable, with a Grid in it. Its loopback is not ours. It has no name, and
//! is gone with the Grid, which speaks TLS.

use std::fs;
use std::io::{BufRead, BufReader, Write as _};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

use tempfile::TempDir;

use super::processes::wait_until;
use super::server::{java, slots, started, status};

/// Waits for the cable, and becomes the Grid.
const INSIDE: &str = "ip link set lo up && echo there && read -r name address && ip addr add \"$address/30\" dev \"$name\" \
                      && ip link set \"$name\" up && exec \"$@\" > /dev/null";

const CERTIFICATE: &str = "certificate.pem";

/// Another host with a Grid.
pub(crate) struct Away {
    grid: Child,
    /// Where its certificate and key are, for as long as it is there.
    folder: TempDir,
    here: String,
    url: String,
}

impl Away {
    /// Makes one, or says why there can be none.
    #[expect(clippy::zombie_processes, reason = "what is started ends with this process, by its watchdog")]
    pub(crate) fn open() -> Result<Self, String> {
        if !nix::unistd::geteuid().is_root() {
            return Err("another host is made as root on Linux, and this user is not root".to_owned());
        }
        let tried = Command::new("unshare").args(["--net", "ip", "link", "set", "lo", "up"]).status();
        if !tried.is_ok_and(|status| status.success()) {
            return Err("a network of its own cannot be made here (unshare --net, ip)".to_owned());
        }
        // Of the range for tests between networks (R 2544), apart from those of others who test at the same time.
        let number = std::process::id() % 60_000;
        let (high, low) = (number * 4 / 256 % 256, number * 4 % 256);
        let (here, there) = (format!("198.18.{high}.{}", low + 1), format!("198.18.{high}.{}", low + 2));
        let (near, far) = (format!("fcn{number}"), format!("fcf{number}"));
        let mut command = Command::new("unshare");
        command.args(["--net", "sh", "-c", INSIDE, "sh"]);
        let java = java();
        command.arg(java.get_program()).args(java.get_args()).args(["standalone", "--host", &there, "--port", "4444"]);
        let folder = tempfile::tempdir().map_err(|error| error.to_string())?;
        let own = rcgen::generate_simple_self_signed([there.clone()]).map_err(|error| error.to_string())?;
        for (option, name, text) in [
            ("--https-certificate", CERTIFICATE, own.cert.pem()),
            ("--https-private-key", "key.pem", own.signing_key.serialize_pem()),
        ] {
            let file = folder.path().join(name);
            fs::write(&file, text).map_err(|error| error.to_string())?;
            command.arg(option).arg(file);
        }
        let mut grid = started(command.args(slots(1)).stdin(Stdio::piped()).stdout(Stdio::piped()));
        let mut said = String::new();
        let stdout = grid.stdout.take().expect("piped");
        BufReader::new(stdout).read_line(&mut said).map_err(|error| error.to_string())?;
        if said.trim() != "there" {
            return Err(format!("a network of its own cannot be made here: {said}"));
        }
        let id = grid.id().to_string();
        ip(&["link", "add", &near, "type", "veth", "peer", "name", &far, "netns", &id])?;
        ip(&["addr", "add", &format!("{here}/30"), "dev", &near])?;
        ip(&["link", "set", &near, "up"])?;
        let told = grid.stdin.take().expect("piped").write_all(format!("{far} {there}\n").as_bytes());
        told.map_err(|error| error.to_string())?;
        let away = Self { grid, folder, here, url: format!("https://{there}:4444") };
        let trusted = fs::read(away.certificate()).map_err(|error| error.to_string())?;
        wait_until("the Grid of another host has its browser", || {
            status(&away.url, Some(&trusted)).is_some_and(|status| status["value"]["ready"] == true)
        });
        Ok(away)
    }

    /// This machine's address, as that host knows it.
    pub(crate) fn here(&self) -> &str {
        &self.here
    }

    /// Its certificate, which nobody else has signed.
    pub(crate) fn certificate(&self) -> PathBuf {
        self.folder.path().join(CERTIFICATE)
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Away {
    fn drop(&mut self) {
        let _ = self.grid.kill();
        let _ = self.grid.wait();
    }
}

fn ip(words: &[&str]) -> Result<(), String> {
    let output = Command::new("ip").args(words).stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        Ok(())
    } else {
        Err(format!("ip {}: {}", words.join(" "), String::from_utf8_lossy(&output.stderr)))
    }
}
