//! Two networks that meet in a folder: connections are carried from one to the other by sockets in the file system, which
//! belong to no network.

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::PathBuf;

use tokio::io::{AsyncRead, AsyncWrite, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream, UnixListener, UnixStream};
use tokio::task::JoinSet;

/// What is carried between an inner network and the outer one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bridge {
    /// Where the sockets are.
    pub folder: PathBuf,
    /// Ports of the inner network's loopback that the outer one reaches, at the same ports of its own.
    pub inward: Vec<u16>,
    /// Loopback addresses of the outer network that the inner one reaches, by the same address or another of its own.
    pub outward: Vec<Outward>,
}

/// A loopback address of the outer network, and where the inner one finds it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outward {
    /// In the inner network.
    pub inside: SocketAddr,
    /// In the outer one.
    pub outside: SocketAddr,
}

trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}
impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

/// Where connections come from.
enum Ear {
    Tcp(TcpListener),
    Unix(UnixListener),
}

/// Where they go.
#[derive(Clone)]
enum Goal {
    /// A port of either loopback address.
    Port(u16),
    Address(SocketAddr),
    Socket(PathBuf),
}

impl Bridge {
    /// Begins to serve the end in the inner network, until the tasks are dropped.
    pub async fn serve_inside(&self) -> io::Result<JoinSet<()>> {
        let mut tasks = JoinSet::new();
        for port in &self.inward {
            let ear = Ear::Unix(UnixListener::bind(self.in_socket(*port))?);
            tasks.spawn(carry(ear, Goal::Port(*port)));
        }
        for outward in &self.outward {
            let ear = Ear::Tcp(TcpListener::bind(outward.inside).await?);
            tasks.spawn(carry(ear, Goal::Socket(self.out_socket(outward))));
        }
        Ok(tasks)
    }

    /// Begins to serve the end in the outer network, until the tasks are dropped.
    pub(crate) async fn serve_outside(&self) -> io::Result<JoinSet<()>> {
        let mut tasks = JoinSet::new();
        for port in &self.inward {
            let on_v4 = TcpListener::bind((Ipv4Addr::LOCALHOST, *port)).await?;
            // Machines without IPv6 do with the other.
            let on_v6 = TcpListener::bind((Ipv6Addr::LOCALHOST, *port)).await.ok();
            for listener in [Some(on_v4), on_v6].into_iter().flatten() {
                tasks.spawn(carry(Ear::Tcp(listener), Goal::Socket(self.in_socket(*port))));
            }
        }
        for outward in &self.outward {
            let ear = Ear::Unix(UnixListener::bind(self.out_socket(outward))?);
            tasks.spawn(carry(ear, Goal::Address(outward.outside)));
        }
        Ok(tasks)
    }

    fn in_socket(&self, port: u16) -> PathBuf {
        self.folder.join(format!("in-{port}"))
    }

    fn out_socket(&self, outward: &Outward) -> PathBuf {
        self.folder.join(format!("out-{}", outward.inside))
    }
}

/// Carries every connection that comes, until it is dropped.
async fn carry(ear: Ear, goal: Goal) {
    let mut connections = JoinSet::new();
    loop {
        let accepted: io::Result<Box<dyn Stream>> = match &ear {
            Ear::Tcp(listener) => listener.accept().await.map(|(stream, _)| Box::new(stream) as Box<dyn Stream>),
            Ear::Unix(listener) => listener.accept().await.map(|(stream, _)| Box::new(stream) as Box<dyn Stream>),
        };
        while connections.try_join_next().is_some() {}
        let Ok(mut near) = accepted else {
            // No file descriptor is left; others will be closed.
            tokio::task::yield_now().await;
            continue;
        };
        let goal = goal.clone();
        connections.spawn(async move {
            // Where nobody listens, the connection is closed, and how it ends otherwise is between the two.
            if let Ok(mut far) = dial(&goal).await {
                let _ = copy_bidirectional(&mut near, &mut far).await;
            }
        });
    }
}

async fn dial(goal: &Goal) -> io::Result<Box<dyn Stream>> {
    Ok(match goal {
        Goal::Port(port) => match TcpStream::connect((Ipv4Addr::LOCALHOST, *port)).await {
            Ok(stream) => Box::new(stream),
            Err(_) => Box::new(TcpStream::connect((Ipv6Addr::LOCALHOST, *port)).await?),
        },
        Goal::Address(address) => Box::new(TcpStream::connect(address).await?),
        Goal::Socket(path) => Box::new(UnixStream::connect(path).await?),
    })
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    use super::*;

    async fn said_at(address: SocketAddr) -> String {
        let mut stream = TcpStream::connect(address).await.expect("connects");
        let mut said = String::new();
        stream.read_to_string(&mut said).await.expect("reads to the end");
        said
    }

    #[tokio::test]
    async fn connections_are_carried_out_of_the_inner_network_and_closed_where_nobody_listens() {
        let server = TcpListener::bind("127.0.0.1:0").await.expect("binds");
        let outside = server.local_addr().expect("bound");
        let serving = tokio::spawn(async move {
            let (mut stream, _) = server.accept().await.expect("comes");
            stream.write_all(b"hello").await.expect("sent");
        });
        let inside = TcpListener::bind("127.0.0.1:0").await.and_then(|free| free.local_addr()).expect("a port");
        let folder = tempfile::tempdir().expect("a folder");
        let outward = vec![Outward { inside, outside }];
        let bridge = Bridge { folder: folder.path().to_owned(), inward: Vec::new(), outward };
        let _outer = bridge.serve_outside().await.expect("serves");
        let _inner = bridge.serve_inside().await.expect("serves");
        assert_eq!(said_at(inside).await, "hello");
        serving.await.expect("the first connection came through");
        assert_eq!(said_at(inside).await, "", "nobody listens there any more");
    }
}
