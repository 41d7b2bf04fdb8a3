//! One precondition.

/// A precondition of a run, and whether it holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What it is about, in two or three words.
    pub name: &'static str,
    /// Whether it holds.
    pub state: State,
}

/// Whether a precondition holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// It does; what was seen.
    Holds(String),
    /// It does not.
    Fails {
        /// What was seen.
        saw: String,
        /// What to do about it.
        remedy: String,
        /// Whose fault it is.
        blame: Blame,
    },
    /// It could not be looked at; why.
    Unknown(String),
}

/// Whose fault a precondition's failure is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// This machine's: a program that is missing, a port that is taken.
    Environment,
    /// The configuration's: it does not fit the app.
    Configuration,
    /// The app's: it is described rightly, and does not do what it should.
    App,
}

impl Finding {
    pub(crate) fn holds(name: &'static str, saw: impl Into<String>) -> Self {
        Self { name, state: State::Holds(saw.into()) }
    }

    pub(crate) fn unknown(name: &'static str, why: impl Into<String>) -> Self {
        Self { name, state: State::Unknown(why.into()) }
    }

    pub(crate) fn fails(name: &'static str, blame: Blame, saw: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, state: State::Fails { saw: saw.into(), remedy: remedy.into(), blame } }
    }
}
