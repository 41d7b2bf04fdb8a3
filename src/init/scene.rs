//! Scenarios that find out what `flowcheck.yaml` has to say.

use crate::scenario::{Loaded, parse_scenario};

/// What is played to find something out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scene {
    /// Somebody without an account creates one; who it is says the plan.
    SignUp,
    /// A user signs in, looks for the settings, and clicks what connects Klaviyo.
    Explore,
    /// A user installs from Klaviyo's listing, looks at the settings, and disconnects again.
    Install,
    /// A user goes from Klaviyo's listing as far as consent.
    GoToConsent,
}

impl Scene {
    /// What the user sees while it is played.
    pub fn what(self) -> &'static str {
        match self {
            Self::SignUp => "signing up",
            Self::Explore => "looking around in the app",
            Self::Install => "watching an installation",
            Self::GoToConsent => "going from the listing to consent",
        }
    }

    /// As the runner takes it.
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
