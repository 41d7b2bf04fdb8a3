//! The scenarios that explore an app for a first `flowcheck.yaml`.

use crate::scenario::{Loaded, parse_scenario};

/// A scenario that is played to find something out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// A user without an account creates one; the plan names the user's login.
    SignUp,
    /// A user signs in, looks for the settings, and clicks what connects Klaviyo.
    Explore,
    /// A user installs from Klaviyo's listing, looks at the settings, and disconnects again.
    Install,
    /// A user goes from Klaviyo's listing to the consent page, and no further.
    GoToConsent,
}

impl Scene {
    /// What is printed while it is played.
    pub fn what(self) -> &'static str {
        match self {
            Self::SignUp => "signing up",
            Self::Explore => "looking around in the app",
            Self::Install => "watching an installation",
            Self::GoToConsent => "going from the listing to consent",
        }
    }

    /// The scenario itself.
    pub fn scenario(self) -> Loaded {
        let (file, text) = match self {
            Self::SignUp => ("src/init/sign-up.yaml", include_str!("sign-up.yaml")),
            Self::Explore => ("src/init/explore.yaml", include_str!("explore.yaml")),
            Self::Install => ("src/init/install.yaml", include_str!("install.yaml")),
            Self::GoToConsent => ("src/init/go-to-consent.yaml", include_str!("go-to-consent.yaml")),
        };
        parse_scenario(file, text)
            .unwrap_or_else(|mistakes| unreachable!("{file} is a sound scenario: {}", mistakes.render(false)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_scene_is_a_sound_scenario() {
        for scene in [Scene::SignUp, Scene::Explore, Scene::Install, Scene::GoToConsent] {
            assert!(!scene.scenario().script.steps.is_empty());
        }
    }
}
