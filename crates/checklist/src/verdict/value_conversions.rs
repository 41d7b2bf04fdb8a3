//! What values of statements are made of.

use std::borrow::Cow;

use flowcheck_evidence::{Exchange, Gesture, KlaviyoFault, Obstacle, PageRef, StepProblem, Tampering};

use super::statement::{Statement, Value, statement};

impl Value {
    /// Words that are not flowcheck's.
    pub(crate) fn text(words: impl AsRef<str>) -> Self {
        Self::Text(words.as_ref().to_owned())
    }

    /// The name of one thing among several.
    pub(crate) fn name(name: impl AsRef<str>) -> Self {
        Self::Name(name.as_ref().to_owned())
    }

    /// The name of one thing among several, or that there is none.
    pub(crate) fn name_or(name: Option<&str>, none: &'static str) -> Self {
        name.map_or_else(|| none.into(), Self::name)
    }

    /// The address of a page, or the path of a request.
    pub(crate) fn address(address: impl AsRef<str>) -> Self {
        Self::Address(address.as_ref().to_owned())
    }

    /// A request.
    pub(crate) fn request(exchange: &Exchange) -> Self {
        Self::Request { method: exchange.method.to_string(), path: exchange.path.to_string() }
    }

    /// Bits of variety, rounded.
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "they are some hundreds at most")]
    pub(crate) fn bits(bits: f64) -> Self {
        Self::Count(bits.round_ties_even() as u64)
    }

    /// Some scopes.
    pub(crate) fn scopes(scopes: &[impl AsRef<str>]) -> Self {
        Self::Scopes(scopes.iter().map(|scope| scope.as_ref().to_owned()).collect())
    }

    /// Several values, with the same words between each and the next.
    pub(crate) fn list<V: Into<Self>>(between: &'static str, of: impl IntoIterator<Item = V>) -> Self {
        Self::List { of: of.into_iter().map(Into::into).collect(), between: between.into() }
    }

    /// As much of a value as fits.
    pub(crate) fn clipped(of: impl Into<Self>, letters: usize) -> Self {
        Self::Clipped { of: Box::new(of.into()), letters }
    }
}

impl From<Statement> for Value {
    fn from(statement: Statement) -> Self {
        Self::Statement(statement)
    }
}

impl From<&'static str> for Value {
    /// A part of the sentence that is one of several.
    fn from(words: &'static str) -> Self {
        Statement::from(words).into()
    }
}

impl From<usize> for Value {
    fn from(count: usize) -> Self {
        Self::Count(count as u64)
    }
}

impl From<u32> for Value {
    fn from(count: u32) -> Self {
        Self::Count(count.into())
    }
}

impl From<u16> for Value {
    fn from(status: u16) -> Self {
        Self::Status(status)
    }
}

impl From<&Gesture> for Value {
    fn from(gesture: &Gesture) -> Self {
        Self::Gesture(gesture.clone())
    }
}

impl From<Tampering> for Value {
    fn from(with: Tampering) -> Self {
        Self::Callback(with)
    }
}

impl From<&KlaviyoFault> for Value {
    fn from(fault: &KlaviyoFault) -> Self {
        Self::Fault(fault.clone())
    }
}

impl From<&PageRef> for Value {
    fn from(page: &PageRef) -> Self {
        let (path, headline) = (Self::address(&page.path), Self::text(&page.headline));
        statement!("{path} (\"{headline}\")", path, headline).into()
    }
}

impl From<&Obstacle> for Value {
    fn from(obstacle: &Obstacle) -> Self {
        match obstacle {
            Obstacle::Page(page) => page.into(),
            Obstacle::MoreAfterConsent(page) => {
                let headline = Self::text(&page.headline);
                statement!("the app asks for more after consent: \"{headline}\"", headline).into()
            }
        }
    }
}

impl From<&StepProblem> for Value {
    fn from(problem: &StepProblem) -> Self {
        Self::Problem(Box::new(problem.clone()))
    }
}

impl From<&StepProblem> for Statement {
    fn from(problem: &StepProblem) -> Self {
        statement!("{problem}", problem)
    }
}

/// How many of a thing there are: "1 call", "3 calls".
pub(crate) fn counted(number: usize, one: &'static str, several: &'static str) -> Value {
    let unit = Cow::Borrowed(if number == 1 { one } else { several });
    Value::Quantity { number: number as u64, unit }
}
