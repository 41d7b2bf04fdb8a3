//! CONNECT: TLS to the fake Klaviyo, or a tunnel to another host.

use std::sync::Arc;

use hyper::body::Incoming;
use hyper::http::StatusCode;
use hyper::upgrade::OnUpgrade;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::sync::watch;

use crate::gateway::context::EndpointContext;
use crate::gateway::host_class::HostClass;
use crate::gateway::ports::HTTPS;
use crate::gateway::stats::Ingress;

use super::body::{Body, empty};
use super::refusal::{closing_refusal, refusal, unauthorized};
use super::{forward, tls};

/// A connection after a successful CONNECT.
#[derive(Debug)]
pub(crate) struct Tunnel {
    client: OnUpgrade,
    to: To,
}

#[derive(Debug)]
enum To {
    Klaviyo,
    Through(TcpStream),
}

/// The response to a CONNECT, and the tunnel where it succeeds.
pub(crate) async fn open(context: &EndpointContext, request: Request<Incoming>) -> (Response<Body>, Option<Tunnel>) {
    let version = request.version();
    let target = request.uri().authority().and_then(|to| Some((to.host().to_owned(), to.port_u16()?)));
    let Some((host, port)) = target.filter(|(host, _)| !host.is_empty()) else {
        let why = "CONNECT takes a host and a port, such as a.klaviyo.com:443";
        return (closing_refusal(version, StatusCode::BAD_REQUEST, why), None);
    };
    let to = match HostClass::of(&host) {
        HostClass::Klaviyo if port == HTTPS => To::Klaviyo,
        HostClass::Klaviyo => {
            let why = format!("Klaviyo answers on port {HTTPS} only, and CONNECT asked for {host}:{port}");
            return (refusal(StatusCode::FORBIDDEN, &why), None);
        }
        HostClass::External if context.hermetic && !context.is_unauthorized() => {
            return (forward::refuse_hermetic(context, &host, port), None);
        }
        HostClass::Loopback | HostClass::External if context.is_unauthorized() => return (unauthorized(), None),
        HostClass::Loopback | HostClass::External => match forward::connect(context, &host, port).await {
            Ok(stream) => To::Through(stream),
            Err(error) => return (refusal(StatusCode::BAD_GATEWAY, &error.to_string()), None),
        },
    };
    (Response::new(empty()), Some(Tunnel { client: hyper::upgrade::on(request), to }))
}

impl Tunnel {
    /// Serves the tunnel until it ends or until the gateway stops.
    pub(crate) async fn serve(self, context: &Arc<EndpointContext>, mut stopped: watch::Receiver<bool>) {
        let Ok(client) = self.client.await else { return };
        let mut client = TokioIo::new(client);
        match self.to {
            To::Klaviyo => tls::serve(client, context, Ingress::Connect, stopped).await,
            To::Through(mut server) => {
                // How it ends concerns only client and server.
                tokio::select! {
                    _ = tokio::io::copy_bidirectional(&mut client, &mut server) => {}
                    _ = stopped.wait_for(|stopped| *stopped) => {}
                }
            }
        }
    }
}
