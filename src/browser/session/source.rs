//! Where browsers come from: this machine, or a WebDriver end elsewhere.

use crate::browser::{Engine, Found, Remote};

/// Where browsers come from.
#[derive(Debug, Clone)]
pub enum Source {
    /// A browser and a driver of this machine, which flowcheck starts.
    Here(Found),
    /// A WebDriver end that somebody else runs, such as a Selenium Grid.
    There(Remote),
}

impl Source {
    /// The engine of its browsers.
    pub fn engine(&self) -> Engine {
        match self {
            Self::Here(found) => found.engine,
            Self::There(remote) => remote.engine,
        }
    }

    /// The end elsewhere, where it is one.
    pub fn remote(&self) -> Option<&Remote> {
        match self {
            Self::Here(_) => None,
            Self::There(remote) => Some(remote),
        }
    }
}

impl From<Found> for Source {
    fn from(found: Found) -> Self {
        Self::Here(found)
    }
}

impl From<&Found> for Source {
    fn from(found: &Found) -> Self {
        Self::Here(found.clone())
    }
}

impl From<Remote> for Source {
    fn from(remote: Remote) -> Self {
        Self::There(remote)
    }
}

impl From<&Source> for Source {
    fn from(source: &Source) -> Self {
        source.clone()
    }
}
