//! Requests for Klaviyo, answered by the fake Klaviyo, and the probe.

use http_body_util::BodyExt as _;
use hyper::body::Incoming;
use hyper::{Request, Response};

use crate::gateway::context::EndpointContext;
use crate::gateway::stats::Ingress;
use crate::klaviyo::embed::{ConnInfo, Dropped, Scheme};

use super::body::{self, Body, infallible};
use super::refusal::unauthorized;

/// Has the fake Klaviyo answer. The probe is answered here and does not count as a request for Klaviyo.
pub(crate) async fn to_klaviyo(
    context: &EndpointContext,
    ingress: Ingress,
    scheme: Scheme,
    mut request: Request<Incoming>,
) -> Result<Response<Body>, Dropped> {
    if context.probe.is_asked_by(&request) {
        return Ok(probe_response(context));
    }
    if context.is_unauthorized() {
        return Ok(unauthorized());
    }
    context.stats.count_request(ingress);
    if let Some(activity) = &context.activity {
        request.extensions_mut().insert(activity.clone());
    }
    let answer = context.klaviyo.handle(ConnInfo { scheme }, request).await?;
    Ok(answer.map(|body| body.map_err(infallible).boxed()))
}

/// The probe's response. Requesting it admits the client.
pub(crate) fn probe_response(context: &EndpointContext) -> Response<Body> {
    if let Some(access_gate) = &context.access_gate {
        access_gate.admit();
    }
    Response::new(body::text(context.probe.answer().to_owned()))
}
