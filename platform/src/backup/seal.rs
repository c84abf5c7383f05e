//! Sealing and opening: compressed with Zstandard, encrypted with age for whoever holds the secret half of a key.
//!
//! The server knows the public half only (`age1…`): it can write backups and read none. The format is that of the program `age`,
//! which opens a backup also where there is no Prima.

use super::place::Draft;
use super::{BackupError, Pace};
use age::secrecy::ExposeSecret as _;
use sha2::{Digest as _, Sha256};
use std::fmt::Write as _;
use std::io::{self, BufReader, BufWriter, IntoInnerError, Read, Write};
use std::path::Path;
use std::sync::mpsc::{Receiver, sync_channel};

/// Bytes are handed from one to the next in pieces of this size.
const PIECE: usize = 1 << 20;

/// Whom backups are encrypted for: one public half or more. Each of their holders can open them.
#[derive(Clone)]
pub struct Recipients(Vec<age::x25519::Recipient>);

impl Recipients {
    /// Reads one `age1…`, or several with commas between them.
    ///
    /// # Errors
    /// When one of them is none.
    pub fn read(text: &str) -> Result<Self, BackupError> {
        let read = |one: &str| one.trim().parse().map_err(|_| BackupError::NotARecipient);
        let all: Vec<_> = text.split(',').map(read).collect::<Result<_, _>>()?;
        Ok(Self(all))
    }

    /// The public halves as texts.
    #[must_use]
    pub fn names(&self) -> Vec<String> {
        self.0.iter().map(ToString::to_string).collect()
    }
}

impl std::fmt::Debug for Recipients {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.debug_list().entries(self.names()).finish()
    }
}

/// The secret half: it opens backups.
#[derive(Clone)]
pub struct Identity(age::x25519::Identity);

impl Identity {
    /// A new pair.
    #[must_use]
    pub fn new() -> Self {
        Self(age::x25519::Identity::generate())
    }

    /// The secret half in a file as [`Identity::file_text`] and `age-keygen` write it.
    ///
    /// # Errors
    /// When the file cannot be read or holds none.
    pub fn kept_in(file: &Path) -> Result<Self, BackupError> {
        let name = file.display().to_string();
        let text = std::fs::read_to_string(file).map_err(|error| BackupError::of(&name, error))?;
        let found = text.lines().map(str::trim).find_map(|line| line.parse().ok());
        found.map(Self).ok_or(BackupError::NotAnIdentity { file: name })
    }

    /// What a file of this identity holds: the public half in a comment, then the secret one.
    #[must_use]
    pub fn file_text(&self) -> String {
        format!("# public key: {}\n{}\n", self.recipient(), self.0.to_string().expose_secret())
    }

    /// The public half.
    #[must_use]
    pub fn recipient(&self) -> String {
        self.0.to_public().to_string()
    }
}

impl Default for Identity {
    fn default() -> Self {
        Self::new()
    }
}

/// A secret half is never written into a log.
impl std::fmt::Debug for Identity {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str("Identity(…)")
    }
}

/// What was sealed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Sealed {
    pub(super) plain_bytes: u64,
    pub(super) plain_sha256: String,
    pub(super) bytes: u64,
    pub(super) sha256: String,
}

/// Counts and fingerprints what passes.
pub(super) struct Measured<T> {
    inner: T,
    bytes: u64,
    digest: Sha256,
}

impl<T> Measured<T> {
    pub(super) fn new(inner: T) -> Self {
        Self { inner, bytes: 0, digest: Sha256::new() }
    }

    fn pass(&mut self, bytes: &[u8]) {
        self.bytes += bytes.len() as u64;
        self.digest.update(bytes);
    }

    /// What is inside, how many bytes passed, and their SHA-256 in hexadecimal.
    pub(super) fn end(self) -> (T, u64, String) {
        let hex = self.digest.finalize().iter().fold(String::new(), |mut text, byte| {
            let _ = write!(text, "{byte:02x}");
            text
        });
        (self.inner, self.bytes, hex)
    }
}

impl<T: Read> Read for Measured<T> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.pass(&into[..read]);
        Ok(read)
    }
}

impl<T: Write> Write for Measured<T> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.pass(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// Seals everything that `plain` gives and keeps the draft. The first error of either side is given; the draft then leaves nothing.
pub(super) fn seal(
    plain: impl Read,
    recipients: &Recipients,
    compressed: bool,
    draft: Box<dyn Draft>,
    pace: &mut Pace,
) -> io::Result<Sealed> {
    let to = recipients.0.iter().map(|one| one as &dyn age::Recipient);
    let sealer = age::Encryptor::with_recipients(to).map_err(io::Error::other)?;
    let mut plain = Measured::new(plain);
    // Through a buffer, so that a full disk is told by the draft itself and not in the words of the header's writer.
    let sealed = sealer.wrap_output(Measured::new(BufWriter::with_capacity(PIECE, draft)))?;
    let sealed = if compressed {
        let mut press = zstd::Encoder::new(sealed, 1)?;
        press.include_checksum(true)?;
        pump(&mut plain, &mut press, pace)?;
        press.finish()?
    } else {
        let mut sealed = sealed;
        pump(&mut plain, &mut sealed, pace)?;
        sealed
    };
    let (draft, bytes, sha256) = sealed.finish()?.end();
    let (_, plain_bytes, plain_sha256) = plain.end();
    draft.into_inner().map_err(IntoInnerError::into_error)?.keep()?;
    Ok(Sealed { plain_bytes, plain_sha256, bytes, sha256 })
}

fn pump(from: &mut impl Read, to: &mut impl Write, pace: &mut Pace) -> io::Result<()> {
    let mut piece = vec![0; PIECE];
    loop {
        match from.read(&mut piece)? {
            0 => return Ok(()),
            read => to.write_all(&piece[..read])?,
        }
        pace.rest();
    }
}

/// Opens what was sealed. Reading, decrypting and unpacking go on side by side, each on a thread of its own.
pub(super) fn open(
    sealed: Box<dyn Read + Send>,
    identity: &Identity,
    compressed: bool,
) -> Result<Box<dyn Read + Send>, BackupError> {
    // Also a sealed thing that was cut off in its first lines is damaged, and not one for another key.
    let opener = age::Decryptor::new_buffered(BufReader::with_capacity(PIECE, Ahead::of(sealed)));
    let opener = opener.map_err(|error| BackupError::damaged(error.to_string()))?;
    let plain = opener.decrypt(std::iter::once(&identity.0 as &dyn age::Identity)).map_err(|error| match error {
        age::DecryptError::NoMatchingKeys => BackupError::WrongIdentity,
        other => BackupError::damaged(other.to_string()),
    })?;
    if !compressed {
        return Ok(Box::new(Ahead::of(plain)));
    }
    let unpacked = zstd::Decoder::with_buffer(BufReader::with_capacity(PIECE, Ahead::of(plain)));
    Ok(Box::new(Ahead::of(unpacked.map_err(|error| BackupError::damaged(error.to_string()))?)))
}

/// Reads ahead on a thread of its own.
struct Ahead {
    pieces: Receiver<io::Result<Vec<u8>>>,
    piece: Vec<u8>,
    at: usize,
    ended: bool,
}

impl Ahead {
    fn of(mut inner: impl Read + Send + 'static) -> Self {
        let (door, pieces) = sync_channel(4);
        std::thread::spawn(move || {
            loop {
                let mut piece = Vec::with_capacity(PIECE);
                let read = inner.by_ref().take(PIECE as u64).read_to_end(&mut piece);
                let last = !matches!(read, Ok(1..));
                // Nobody waits any more when the piece cannot be handed over.
                if door.send(read.map(|_| piece)).is_err() || last {
                    return;
                }
            }
        });
        Self { pieces, piece: Vec::new(), at: 0, ended: false }
    }
}

impl Read for Ahead {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        if self.at == self.piece.len() && !self.ended {
            // A panic of that thread must not look like an end.
            self.piece = self.pieces.recv().unwrap_or_else(|_| Err(io::ErrorKind::UnexpectedEof.into()))?;
            (self.at, self.ended) = (0, self.piece.is_empty());
        }
        let rest = &self.piece[self.at..];
        let read = rest.len().min(into.len());
        into[..read].copy_from_slice(&rest[..read]);
        self.at += read;
        Ok(read)
    }
}
