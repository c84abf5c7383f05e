//! Asks a ClamAV daemon what it thinks of a file, by its INSTREAM command: the file travels to it in chunks, the verdict comes back.

use std::path::{Path, PathBuf};
use std::str::FromStr;
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
#[cfg(unix)]
use tokio::net::UnixStream;

/// Sent at once.
const CHUNK: usize = 128 * 1024;
/// A daemon that takes longer to be reached is gone.
const CONNECT: Duration = Duration::from_secs(5);
/// The longest look at one file.
const LOOK: Duration = Duration::from_secs(600);
/// An answer is one line.
const LONGEST_ANSWER: u64 = 4096;

/// Where a ClamAV daemon listens: `unix:/run/clamav/clamd.ctl` or `tcp:127.0.0.1:3310`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Scanner {
    /// A socket of this machine.
    Unix(PathBuf),
    /// Host and port.
    Tcp(String),
}

/// What the daemon says of a file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// Nothing known was found.
    Clean,
    /// A signature was found.
    Infected,
    /// The file is larger than the daemon looks at.
    TooLarge,
}

/// The daemon did not answer: the same may be tried again.
#[derive(Debug)]
pub struct NoVerdict(std::io::Error);

impl std::fmt::Display for NoVerdict {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(out, "ClamAV does not answer: {}", self.0)
    }
}

impl std::error::Error for NoVerdict {}

impl From<std::io::Error> for NoVerdict {
    fn from(error: std::io::Error) -> Self {
        Self(error)
    }
}

impl FromStr for Scanner {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        match text.split_once(':') {
            Some(("unix", path)) if !path.is_empty() => Ok(Self::Unix(path.into())),
            Some(("tcp", address)) if address.contains(':') => Ok(Self::Tcp(address.into())),
            _ => Err(text.to_owned()),
        }
    }
}

impl std::fmt::Display for Scanner {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Unix(path) => write!(out, "unix:{}", path.display()),
            Self::Tcp(address) => write!(out, "tcp:{address}"),
        }
    }
}

impl Scanner {
    /// Asks for a verdict on a file.
    ///
    /// # Errors
    /// When the daemon cannot be reached, takes too long or says something else.
    pub async fn scan(&self, file: &Path) -> Result<Verdict, NoVerdict> {
        within(LOOK, async {
            match self {
                #[cfg(unix)]
                Self::Unix(path) => ask(within(CONNECT, UnixStream::connect(path)).await?, file).await,
                #[cfg(not(unix))]
                Self::Unix(_) => Err(std::io::ErrorKind::Unsupported.into()),
                Self::Tcp(address) => ask(within(CONNECT, TcpStream::connect(address)).await?, file).await,
            }
        })
        .await
        .map_err(NoVerdict)
    }
}

async fn within<T>(time: Duration, work: impl Future<Output = std::io::Result<T>>) -> std::io::Result<T> {
    tokio::time::timeout(time, work).await.unwrap_or_else(|_| Err(std::io::ErrorKind::TimedOut.into()))
}

async fn ask(stream: impl AsyncRead + AsyncWrite, file: &Path) -> std::io::Result<Verdict> {
    let (answers, mut questions) = tokio::io::split(stream);
    // A daemon that has seen enough answers before the end and closes: the answer counts, not that it took no more.
    let sent = send(&mut questions, file).await;
    let mut answer = Vec::new();
    let heard = answers.take(LONGEST_ANSWER).read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer);
    let answer = answer.trim_end_matches(['\0', '\n']);
    if answer.ends_with("size limit exceeded. ERROR") {
        return Ok(Verdict::TooLarge);
    }
    if answer.ends_with(" FOUND") {
        return Ok(Verdict::Infected);
    }
    sent?;
    heard?;
    match answer {
        "stream: OK" => Ok(Verdict::Clean),
        _ => Err(std::io::Error::other("an answer that is none")),
    }
}

async fn send(to: &mut (impl AsyncWrite + Unpin), file: &Path) -> std::io::Result<()> {
    let mut file = tokio::fs::File::open(file).await?;
    let mut chunk = vec![0; 4 + CHUNK];
    to.write_all(b"zINSTREAM\0").await?;
    loop {
        let read = file.read(&mut chunk[4..]).await?;
        let length = u32::try_from(read).map_err(std::io::Error::other)?;
        chunk[..4].copy_from_slice(&length.to_be_bytes());
        // An empty chunk is the end.
        to.write_all(&chunk[..4 + read]).await?;
        if read == 0 {
            return to.flush().await;
        }
    }
}
