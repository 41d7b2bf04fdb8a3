//! What a browser says that it is: headless ones call themselves so, and sites turn those away.

use serde_json::{Value, json};

use crate::browser::bidi::Bidi;

/// What a browser of this kind with a window says.
#[derive(Debug, Clone)]
pub(in crate::browser) struct UserAgent {
    major: String,
}

/// As browsers name the system: no more of it than all of its users share.
const SYSTEM: (&str, &str) = if cfg!(target_os = "macos") {
    ("Macintosh; Intel Mac OS X 10_15_7", "macOS")
} else {
    ("X11; Linux x86_64", "Linux")
};

impl UserAgent {
    /// Of a Chromium of this version.
    pub(in crate::browser) fn of_chromium(version: &str) -> Self {
        Self { major: version.split('.').next().unwrap_or(version).to_owned() }
    }

    /// The header `User-Agent`.
    pub(in crate::browser) fn header(&self) -> String {
        let (system, major) = (SYSTEM.0, &self.major);
        format!("Mozilla/5.0 ({system}) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/{major}.0.0.0 Safari/537.36")
    }

    /// Has the browser say so on every page, in its client hints as well where it is `direct`: the headless shell names itself there.
    pub(in crate::browser) async fn tell(&self, bidi: &Bidi, direct: bool) {
        let mut wanted = json!({ "userAgent": self.header() });
        if direct {
            wanted["brands"] = self.brands();
            wanted["platform"] = json!(SYSTEM.1);
        }
        if let Err(error) = bidi.send("emulation.setUserAgentOverride", &wanted).await {
            tracing::debug!(%error, "the browser says what it is");
        }
    }

    fn brands(&self) -> Value {
        let brand = |brand: &str, version: &str| json!({ "brand": brand, "version": version });
        json!([brand("Not:A-Brand", "8"), brand("Chromium", &self.major)])
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_that_of_a_browser_with_a_window() {
        let header = UserAgent::of_chromium("156.0.8078.108").header();
        assert!(header.ends_with(" Chrome/156.0.0.0 Safari/537.36"), "{header}");
        assert!(!header.contains("Headless"), "{header}");
    }
}
