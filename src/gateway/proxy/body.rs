//! Response bodies.

use std::convert::Infallible;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::Bytes;

/// The body of any answer: a whole one of ours, or one that is on its way from elsewhere.
pub(crate) type Body = BoxBody<Bytes, hyper::Error>;

/// A body of nothing.
pub(crate) fn empty() -> Body {
    Empty::new().map_err(infallible).boxed()
}

/// A whole body's reading cannot fail.
pub(crate) fn infallible(never: Infallible) -> hyper::Error {
    match never {}
}

/// A body of this text.
pub(crate) fn text(text: String) -> Body {
    Full::new(Bytes::from(text)).map_err(infallible).boxed()
}
