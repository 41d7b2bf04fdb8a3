//! Moves an app's clock along with Klaviyo's: by libfaketime where it is there, and by preloads for Node, Python and Ruby elsewhere.

use std::env;
use std::ffi::OsString;
use std::fs::{self, OpenOptions};
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use nix::unistd::Pid;

use super::AppError;

/// Where Linux distributions and `make install` put libfaketime.
const FOLDERS: &[&str] = &[
    "/usr/lib/x86_64-linux-gnu/faketime",
    "/usr/lib/aarch64-linux-gnu/faketime",
    "/usr/lib64/faketime",
    "/usr/lib/faketime",
    "/usr/local/lib/faketime",
];
/// File names, the build for multi-threaded programs first.
const NAMES: &[&str] = &["libfaketimeMT.so.1", "libfaketime.so.1"];
/// Where Linux keeps what processes share by name.
const SHARED_MEMORY: &str = "/dev/shm";
/// Overrides the path of the library.
const VARIABLE: &str = "FLOWCHECK_LIBFAKETIME";

/// The preloads, by the names of their files.
const NODE: (&str, &str) = ("clock.cjs", include_str!("clock.cjs"));
const RUBY: (&str, &str) = ("clock.rb", include_str!("clock.rb"));
const PYTHON: (&str, &str) = ("sitecustomize.py", include_str!("sitecustomize.py"));

/// The clock of one world's app: a file that libfaketime, or a preload, reads whenever the app reads the time.
#[derive(Debug)]
pub(super) struct FakeClock {
    /// None where preloads move the clock.
    library: Option<PathBuf>,
    /// Holds the file and the preloads.
    folder: PathBuf,
}

impl FakeClock {
    /// A clock that shows the real time, in a folder of its own that is created.
    pub(super) fn new(folder: PathBuf) -> Result<Self, AppError> {
        let clock = Self { library: libfaketime()?, folder };
        clock.prepare().map_err(AppError::Prepare)?;
        Ok(clock)
    }

    fn prepare(&self) -> io::Result<()> {
        fs::create_dir_all(&self.folder)?;
        for (name, text) in [NODE, RUBY, PYTHON] {
            fs::write(self.folder.join(name), text)?;
        }
        self.set_ahead(Duration::ZERO)
    }

    fn file(&self) -> PathBuf {
        self.folder.join("ahead")
    }

    /// Sets the clock ahead of this machine's by this much.
    pub(super) fn set_ahead(&self, by: Duration) -> io::Result<()> {
        // A file that the app writes now has this machine's time; by this list preloads know what the app's own clock showed then.
        let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        let mut moves = OpenOptions::new().create(true).append(true).open(self.folder.join("moves"))?;
        writeln!(moves, "{} {}", now.as_millis(), by.as_secs())?;
        // Replaced atomically: the app may read at any moment.
        let next = self.folder.join("next");
        fs::write(&next, format!("+{}\n", by.as_secs()))?;
        fs::rename(&next, self.file())
    }

    /// Whether the program that calls Klaviyo is known to go by this clock. A preload says so once it meets a call.
    pub(super) fn is_followed(&self) -> bool {
        self.library.is_some() || self.folder.join("ahead.seen").exists()
    }

    /// The app's environment variables, where `before` returns what it would have without them, and Klaviyo is at these ports.
    /// Timers keep counting real time; otherwise all of them would fire at once.
    pub(super) fn environment(
        &self,
        before: impl Fn(&str) -> Option<OsString>,
        ports: &[u16],
    ) -> Vec<(String, OsString)> {
        let file = self.file().into_os_string();
        let node = self.folder.join(NODE.0);
        let node = node.to_string_lossy().replace('\\', r"\\").replace('"', "\\\"");
        let node = joined(format!("--require \"{node}\"").into(), " ", before("NODE_OPTIONS"));
        let python = joined(self.folder.clone().into(), ":", before("PYTHONPATH"));
        if let Some(library) = &self.library {
            let preload = joined(library.clone().into(), " ", before("LD_PRELOAD"));
            return [
                ("LD_PRELOAD", preload),
                ("FAKETIME_TIMESTAMP_FILE", file.clone()),
                // The library moves no timers; in Node the preload lets them end.
                ("FLOWCHECK_CLOCK", file),
                ("NODE_OPTIONS", node),
                // And it refuses Python's time.sleep, which the preload mends.
                ("PYTHONPATH", python),
                ("FAKETIME_NO_CACHE", "1".into()),
                ("FAKETIME_DONT_FAKE_MONOTONIC", "1".into()),
                ("FAKETIME_DONT_RESET", "1".into()),
                // Its remedy for an old glibc lets timed waits return at once: a Java program then spins, and starts too late.
                ("FAKETIME_FORCE_MONOTONIC_FIX", "0".into()),
            ]
            .map(|(name, value)| (name.to_owned(), value))
            .into();
        }
        let ports: Vec<String> = ports.iter().map(ToString::to_string).collect();
        let mut variables = vec![
            ("FLOWCHECK_CLOCK", file),
            ("FLOWCHECK_KLAVIYO_PORTS", ports.join(",").into()),
            ("NODE_OPTIONS", node),
            ("PYTHONPATH", python),
        ];
        // Ruby cannot read a path with spaces from RUBYOPT, and would not start.
        if let Some(ruby) = self.folder.join(RUBY.0).to_str().filter(|path| !path.contains(char::is_whitespace)) {
            variables.push(("RUBYOPT", joined(format!("-r{ruby}").into(), " ", before("RUBYOPT"))));
        }
        variables.into_iter().map(|(name, value)| (name.to_owned(), value)).collect()
    }
}

/// Removes what libfaketime shares between the processes of a group that was killed: it does so itself only where a process ends by itself.
pub fn remove_shared_memory(leader: Pid) {
    for name in [format!("faketime_shm_{leader}"), format!("sem.faketime_sem_{leader}")] {
        // An error says that there was none.
        let _ = fs::remove_file(Path::new(SHARED_MEMORY).join(name));
    }
}

/// A value in front of the one there was.
fn joined(value: OsString, between: &str, before: Option<OsString>) -> OsString {
    let mut value = value;
    if let Some(before) = before.filter(|before| !before.is_empty()) {
        value.push(between);
        value.push(before);
    }
    value
}

/// The path of libfaketime, where this machine has it. An error where `FLOWCHECK_LIBFAKETIME` names a file that is not there.
pub fn libfaketime() -> Result<Option<PathBuf>, AppError> {
    if let Some(named) = env::var_os(VARIABLE) {
        let named = PathBuf::from(named);
        return if named.is_file() {
            Ok(Some(named))
        } else {
            Err(AppError::NoFakeClock(format!(" at {}", named.display())))
        };
    }
    let mut all = FOLDERS.iter().flat_map(|folder| NAMES.iter().map(move |name| Path::new(folder).join(name)));
    Ok(all.find(|path| path.is_file()))
}

#[cfg(test)]
mod tests {
    use std::process::Command;

    use super::*;

    /// What a program prints whose clock is an hour ahead.
    fn an_hour_ahead(program: &str, arguments: &[&str]) -> Option<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = FakeClock { library: None, folder: folder.path().join("clock") };
        clock.prepare().expect("a clock");
        clock.set_ahead(Duration::from_hours(1)).expect("it moves");
        assert!(!clock.is_followed());
        let output = Command::new(program).args(arguments).envs(clock.environment(|_| None, &[9])).output().ok()?;
        assert!(clock.is_followed(), "{program}: {}", String::from_utf8_lossy(&output.stderr));
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// Seconds that a time is ahead of this machine's.
    fn ahead(seconds: &str) -> f64 {
        let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).expect("after 1970");
        seconds.parse::<f64>().map_or(0.0, |seconds| seconds - now.as_secs_f64())
    }

    #[test]
    fn node_follows_and_says_so_once_it_calls_klaviyo() {
        let script = "require('net').connect(9, '127.0.0.1').on('error', () => console.log(Date.now() / 1000))";
        let Some(said) = an_hour_ahead("node", &["-e", script]) else { return };
        assert!((3_590.0..3_605.0).contains(&ahead(&said)), "{said}");
    }

    /// What Node says of the ages of three files, in seconds: one from before the clock was moved by an hour, one from after it, and one
    /// whose time was set to the app's own.
    fn ages_of_files(library: Option<PathBuf>, ask: &str) -> Option<Vec<f64>> {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = FakeClock { library, folder: folder.path().join("clock") };
        clock.prepare().expect("a clock");
        let [before, after, set] = ["before", "after", "set"].map(|name| folder.path().join(name));
        fs::write(&before, "").expect("a file");
        std::thread::sleep(Duration::from_millis(20));
        clock.set_ahead(Duration::from_hours(1)).expect("it moves");
        let script = format!(
            "const fs = require('fs'); const [before, after, set] = process.argv.slice(1); fs.writeFileSync(after, ''); \
             fs.writeFileSync(set, ''); fs.utimesSync(set, new Date(), new Date()); \
             const tell = (of) => console.log((Date.now() - of) / 1000); (async () => {{ for (const file of [before, after, set]) {{ {ask} }} }})();"
        );
        let environment = clock.environment(|_| None, &[9]);
        let output =
            Command::new("node").args(["-e", &script]).args([before, after, set]).envs(environment).output().ok()?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8_lossy(&output.stdout).lines().map(|age| age.parse().ok()).collect()
    }

    #[test]
    fn times_of_files_follow_in_node() {
        let ways = [
            "tell(fs.statSync(file).mtimeMs)",
            "tell(fs.lstatSync(file).mtime.getTime())",
            "tell(Number(fs.statSync(file, { bigint: true }).mtimeNs / 1000000n))",
            "tell((await fs.promises.stat(file)).mtimeMs)",
            "tell((await require('util').promisify(fs.stat)(file)).mtime)",
            "tell((await import('node:fs')).statSync(file).mtimeMs)",
        ];
        for library in [None, libfaketime().expect("an answer")] {
            for ask in ways {
                let Some(ages) = ages_of_files(library.clone(), ask) else { return };
                let (&[before, after, set], about) = (&ages[..], 5.0) else { panic!("{ask}: {ages:?}") };
                assert!((before - 3_600.0).abs() < about, "{ask}: {ages:?}");
                assert!(after.abs() < about && set.abs() < about, "{ask}: {ages:?}");
            }
        }
    }

    /// What a Python program prints under libfaketime, an hour ahead; none where either is missing.
    fn under_the_library(script: &str) -> Option<String> {
        let folder = tempfile::tempdir().expect("a folder");
        let clock = FakeClock { library: Some(libfaketime().ok()??), folder: folder.path().join("clock") };
        clock.prepare().expect("a clock");
        clock.set_ahead(Duration::from_hours(1)).expect("it moves");
        let output =
            Command::new("python3").args(["-c", script]).envs(clock.environment(|_| None, &[9])).output().ok()?;
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        Some(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    #[test]
    fn python_sleeps_under_libfaketime() {
        for sleep in [
            "time.sleep(0.2)",
            "import threading; one = threading.Thread(target=time.sleep, args=(0.2,)); one.start(); one.join()",
            "from time import sleep as pause; pause(.2)",
            "import asyncio; asyncio.run(asyncio.sleep(0.2))",
            "import threading; threading.Event().wait(0.2)",
        ] {
            let script = format!("import time; began = time.monotonic(); {sleep}; print(time.monotonic() - began)");
            let Some(slept) = under_the_library(&script) else { return };
            let slept: f64 = slept.parse().expect("seconds");
            assert!((0.2..5.0).contains(&slept), "{sleep}: {slept}");
        }
    }

    #[test]
    fn what_python_refuses_to_sleep_is_still_refused_under_libfaketime() {
        let script = "import time\nfor wrong in (-1, 'a', float('nan')):\n try: time.sleep(wrong)\n \
                      except (ValueError, TypeError): print('refused')\nprint(time.sleep(0))";
        let Some(said) = under_the_library(script) else { return };
        assert_eq!(said, "refused\nrefused\nrefused\nNone");
    }

    #[test]
    fn pythons_clock_is_moved_once_under_libfaketime() {
        let Some(said) = under_the_library("import time; print(time.time())") else { return };
        assert!((3_590.0..3_605.0).contains(&ahead(&said)), "{said}");
    }

    #[test]
    fn python_follows_and_says_so_once_it_calls_klaviyo() {
        let script = "import socket, datetime\ntry: socket.create_connection(('127.0.0.1', 9))\nexcept OSError: \
                      print(datetime.datetime.now().timestamp())";
        let Some(said) = an_hour_ahead("python3", &["-c", script]) else { return };
        assert!((3_590.0..3_605.0).contains(&ahead(&said)), "{said}");
    }
}
