//! Response bodies.

use std::convert::Infallible;

use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt as _, Empty, Full};
use hyper::body::Bytes;

/// The body of any response: the gateway's own, or one that is streamed from another host.
pub(crate) type Body = BoxBody<Bytes, hyper::Error>;

/// An empty body.
pub(crate) fn empty() -> Body {
    Empty::new().map_err(infallible).boxed()
}

/// Converts the error of a body that cannot fail.
pub(crate) fn infallible(never: Infallible) -> hyper::Error {
    match never {}
}

/// A body with this text.
pub(crate) fn text(text: String) -> Body {
    Full::new(Bytes::from(text)).map_err(infallible).boxed()
}
