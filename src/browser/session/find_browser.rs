//! Looking for a browser and the driver that goes with it.

use std::fmt;
use std::path::{Path, PathBuf};

/// A browser's engine, which decides the driver.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Chromium, Chrome, or Chromium's headless shell; by chromedriver.
    Chromium,
    /// Firefox; by geckodriver.
    Firefox,
}

/// A browser and its driver.
#[derive(Debug, Clone)]
pub struct Found {
    /// The engine.
    pub engine: Engine,
    /// The browser program.
    pub browser: PathBuf,
    /// The driver program.
    pub driver: PathBuf,
}

/// Nothing fitting is installed; says what to install.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub struct NotFound {
    missing: String,
    /// Names on the path; none where a path was given.
    looked_for: Vec<String>,
    remedy: &'static str,
}

impl NotFound {
    /// What was not found, and where it was looked for.
    pub fn problem(&self) -> String {
        let missing = format!("no {} was found", self.missing);
        if self.looked_for.is_empty() {
            return missing;
        }
        format!("{missing} (looked on PATH for {})", self.looked_for.join(", "))
    }

    /// How to install one.
    pub fn remedy(&self) -> String {
        format!("install one: {}", self.remedy)
    }
}

impl fmt::Display for NotFound {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}\n{}", self.problem(), self.remedy())
    }
}

/// Lightest first; the headless shell can only be used without a window.
const HEADLESS_SHELLS: &[&str] = &["chromium-headless-shell", "chrome-headless-shell"];
const CHROMIUMS: &[&str] = &["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"];
const CHROMIUM_DRIVERS: &[&str] = &["chromedriver", "chromium.chromedriver"];
const FIREFOXES: &[&str] = &["firefox", "firefox-esr"];
const FIREFOX_DRIVERS: &[&str] = &["geckodriver"];

/// Where browsers live that do not put themselves on the path.
const ELSEWHERE: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    "/Applications/Firefox.app/Contents/MacOS/firefox",
];

/// Finds a browser and its driver on `path` (the value of `PATH`).
///
/// `wanted` is a browser's name or path (`chromium`, `firefox`, `/opt/chrome`); left out, the lightest that is there.
/// With `headed`, only browsers that can show a window are considered.
pub fn find(wanted: Option<&str>, headed: bool, path: &str) -> Result<Found, NotFound> {
    let on_path = |names: &[&'static str]| names.iter().find_map(|name| which(name, path));
    let chromiums = || {
        let light = if headed { None } else { on_path(HEADLESS_SHELLS) };
        light.or_else(|| on_path(CHROMIUMS)).or_else(|| elsewhere("Chrom"))
    };
    let firefoxes = || on_path(FIREFOXES).or_else(|| elsewhere("irefox"));
    let (engine, browser) = match wanted {
        None => match (chromiums(), on_path(CHROMIUM_DRIVERS), firefoxes(), on_path(FIREFOX_DRIVERS)) {
            (None, _, Some(firefox), Some(_)) | (Some(_), None, Some(firefox), Some(_)) => {
                (Engine::Firefox, Some(firefox))
            }
            (chromium, ..) => (Engine::Chromium, chromium),
        },
        Some("chromium" | "chrome") => (Engine::Chromium, chromiums()),
        Some("firefox") => (Engine::Firefox, firefoxes()),
        Some(other) => {
            let engine = if other.to_lowercase().contains("firefox") { Engine::Firefox } else { Engine::Chromium };
            let program = if other.contains('/') {
                Some(PathBuf::from(other)).filter(|at| at.is_file())
            } else {
                which(other, path)
            };
            (engine, program)
        }
    };
    let light: &[&str] = if headed { &[] } else { HEADLESS_SHELLS };
    let looked_for: Vec<&str> = match wanted {
        None | Some("chromium" | "chrome") => [light, CHROMIUMS].concat(),
        Some("firefox") => FIREFOXES.to_vec(),
        Some(path) if path.contains('/') => Vec::new(),
        Some(name) => vec![name],
    };
    let (drivers, remedy) = match engine {
        Engine::Chromium => (CHROMIUM_DRIVERS, chromium_remedy()),
        Engine::Firefox => (FIREFOX_DRIVERS, "install Firefox, and geckodriver by: cargo install geckodriver"),
    };
    let browser = browser.ok_or_else(|| NotFound {
        missing: wanted.map_or_else(|| "browser".to_owned(), |name| format!("browser `{name}`")),
        looked_for: looked_for.into_iter().map(str::to_owned).collect(),
        remedy,
    })?;
    let driver = on_path(drivers).ok_or_else(|| NotFound {
        missing: format!("WebDriver for {}", browser.display()),
        looked_for: drivers.iter().map(|name| (*name).to_owned()).collect(),
        remedy,
    })?;
    Ok(Found { engine, browser, driver })
}

fn chromium_remedy() -> &'static str {
    if cfg!(target_os = "macos") {
        "brew install --cask google-chrome chromedriver"
    } else if Path::new("/usr/bin/apt-get").exists() {
        "sudo apt-get install -y chromium chromium-driver"
    } else if Path::new("/usr/bin/dnf").exists() {
        "sudo dnf install -y chromium chromedriver"
    } else if Path::new("/usr/bin/pacman").exists() {
        "sudo pacman -S --noconfirm chromium"
    } else if Path::new("/sbin/apk").exists() {
        "sudo apk add chromium chromium-chromedriver"
    } else {
        "install Chromium and the chromedriver of the same version"
    }
}

fn which(name: &str, path: &str) -> Option<PathBuf> {
    std::env::split_paths(path).map(|folder| folder.join(name)).find(|candidate| candidate.is_file())
}

fn elsewhere(part: &str) -> Option<PathBuf> {
    ELSEWHERE.iter().filter(|place| place.contains(part)).map(PathBuf::from).find(|place| place.is_file())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn folder_with(programs: &[&str]) -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for program in programs {
            std::fs::write(folder.path().join(program), "").unwrap();
        }
        folder
    }

    fn found(programs: &[&str], wanted: Option<&str>, headed: bool) -> Result<(Engine, String), NotFound> {
        let folder = folder_with(programs);
        find(wanted, headed, folder.path().to_str().unwrap())
            .map(|found| (found.engine, found.browser.file_name().unwrap().to_str().unwrap().to_owned()))
    }

    #[test]
    fn the_lightest_browser_is_taken_and_a_window_needs_a_full_one() {
        let all = ["chromium", "chromium-headless-shell", "chromedriver", "firefox", "geckodriver"];
        assert_eq!(found(&all, None, false), Ok((Engine::Chromium, "chromium-headless-shell".to_owned())));
        assert_eq!(found(&all, None, true), Ok((Engine::Chromium, "chromium".to_owned())));
        assert_eq!(found(&all, Some("firefox"), false), Ok((Engine::Firefox, "firefox".to_owned())));
    }

    #[test]
    fn firefox_serves_where_chromium_has_no_driver() {
        assert_eq!(found(&["chromium", "firefox", "geckodriver"], None, false).unwrap().0, Engine::Firefox);
    }

    #[cfg(target_os = "linux")]
    #[test]
    fn what_is_missing_is_named_with_the_command_that_installs_it() {
        let missing = |programs: &[&str], wanted| found(programs, wanted, false).unwrap_err();
        let error = missing(&["chromium"], None);
        assert!(error.problem().contains("no WebDriver for") && error.remedy().starts_with("install"), "{error}");
        let error = missing(&[], None);
        assert!(error.problem().contains("no browser was found") && error.to_string().contains("chromium"), "{error}");
        let error = missing(&["chromium"], Some("nonsense"));
        assert_eq!(error.problem(), "no browser `nonsense` was found (looked on PATH for nonsense)");
        let error = missing(&["chromium"], Some("/no/such"));
        assert_eq!(error.problem(), "no browser `/no/such` was found");
    }
}
