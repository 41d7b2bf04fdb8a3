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
    /// It holds; what was seen.
    Holds(String),
    /// It does not hold.
    Fails {
        /// What was seen.
        saw: String,
        /// What to do about it.
        remedy: String,
        /// Who is to blame.
        blame: Blame,
    },
    /// It could not be checked; why.
    Unknown(String),
    /// It is none of this app; why.
    NotApplicable(String),
}

/// Who is to blame where a precondition does not hold.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blame {
    /// This machine: a program is missing, a port is taken.
    Environment,
    /// The configuration: it does not fit the app.
    Configuration,
    /// The app: the configuration fits, and the app does not do what it should.
    App,
}

impl Finding {
    pub(crate) fn holds(name: &'static str, saw: impl Into<String>) -> Self {
        Self { name, state: State::Holds(saw.into()) }
    }

    pub(crate) fn unknown(name: &'static str, why: impl Into<String>) -> Self {
        Self { name, state: State::Unknown(why.into()) }
    }

    pub(crate) fn not_applicable(name: &'static str, why: impl Into<String>) -> Self {
        Self { name, state: State::NotApplicable(why.into()) }
    }

    pub(crate) fn fails(name: &'static str, blame: Blame, saw: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { name, state: State::Fails { saw: saw.into(), remedy: remedy.into(), blame } }
    }
}
