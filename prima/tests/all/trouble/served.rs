//! The program as a server of its own, which can be killed, and a browser that uses the network.

use crate::support::Folder;
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex, OnceLock};
use std::time::{Duration, Instant};

/// A server that ends with the test.
pub(crate) struct Served {
    child: Child,
    pub(crate) address: SocketAddr,
    /// What it logs, for whoever must tell why a test failed.
    log: Arc<Mutex<String>>,
}

/// What a server answered.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Served {
    /// `prima serve` on a database.
    pub(crate) fn start(database: &str, more: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_prima"));
        command.arg("serve");
        Self::of(command, database, more)
    }

    /// A command that ends in `prima serve` or `prima demo`, with the settings every test needs.
    pub(crate) fn of(mut command: Command, database: &str, more: &[&str]) -> Self {
        let settings = ["--listen", "127.0.0.1:0", "--requests-a-minute", "0", "--log", "warn", "--database", database];
        command
            .args(settings)
            .args(more)
            .env("PRIMA_KEY_FILE", key_file(database))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::piped());
        let mut child = command.spawn().unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let (mut said, mut line) = (String::new(), String::new());
        let address = loop {
            line.clear();
            assert!(lines.read_line(&mut line).unwrap() > 0, "the server ended before it listened:\n{said}");
            said += &line;
            if let Some((_, rest)) = line.split_once("http://127.0.0.1:") {
                let port: String = rest.chars().take_while(char::is_ascii_digit).collect();
                break SocketAddr::from(([127, 0, 0, 1], port.parse().unwrap()));
            }
        };
        let log = Arc::new(Mutex::new(String::new()));
        let kept = Arc::clone(&log);
        // What it says later must not fill the pipe.
        std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                *kept.lock().unwrap() += &(line + "\n");
            }
        });
        Self { child, address, log }
    }

    /// Kills it as a power cut would: nothing is finished, nothing is said.
    pub(crate) fn kill(mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// Tells it to end, and waits until it has.
    pub(crate) fn stop(mut self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
        assert!(self.child.wait().unwrap().success(), "it ends well when told to");
    }

    /// What it has logged.
    pub(crate) fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// The process, to tell it something.
    pub(crate) fn process(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn get(&self, path: &str) -> io::Result<Answer> {
        get(self.address, path)
    }

    /// Waits until a page opens.
    pub(crate) fn wait_for(&self, path: &str, longest: Duration) {
        let began = Instant::now();
        loop {
            let answer = self.get(path);
            if answer.as_ref().is_ok_and(|answer| answer.status == 200) {
                return;
            }
            assert!(began.elapsed() < longest, "{path} does not open: {answer:?}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

impl Drop for Served {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The key beside the file of SQLite; for PostgreSQL one in a folder of this run.
fn key_file(database: &str) -> PathBuf {
    static KEYS: OnceLock<Folder> = OnceLock::new();
    match database.starts_with("postgres") {
        true => KEYS.get_or_init(Folder::new).path("prima.key"),
        false => PathBuf::from(format!("{database}.key")),
    }
}

/// Asks for a page.
pub(crate) fn get(address: SocketAddr, path: &str) -> io::Result<Answer> {
    ask(address, &format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n"))
}

/// Sends a form as a browser does.
pub(crate) fn post(address: SocketAddr, path: &str, fields: &[(&str, &str)]) -> io::Result<Answer> {
    let body = fields.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect::<Vec<_>>().join("&");
    let head = format!(
        "POST {path} HTTP/1.1\r\nHost: {address}\r\nOrigin: http://{address}\r\nConnection: close\r\n\
        Content-Type: application/x-www-form-urlencoded\r\nContent-Length: {}\r\n\r\n",
        body.len()
    );
    ask(address, &(head + &body))
}

fn encoded(value: &str) -> String {
    let sign = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    value.bytes().map(sign).collect()
}

fn ask(address: SocketAddr, request: &str) -> io::Result<Answer> {
    let mut stream = TcpStream::connect_timeout(&address, Duration::from_secs(5))?;
    stream.set_read_timeout(Some(Duration::from_secs(60)))?;
    stream.write_all(request.as_bytes())?;
    let mut bytes = Vec::new();
    stream.read_to_end(&mut bytes)?;
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let broken = || io::Error::new(io::ErrorKind::UnexpectedEof, "the answer broke off");
    let (head, body) = text.split_once("\r\n\r\n").ok_or_else(broken)?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok()).ok_or_else(broken)?;
    let header =
        |name: &str| head.lines().find_map(|line| line.to_lowercase().starts_with(name).then(|| line.to_owned()));
    // A body that is shorter than announced was cut off by the end of the server.
    let length =
        header("content-length: ").and_then(|line| line["content-length: ".len()..].trim().parse::<usize>().ok());
    if length.is_some_and(|length| body.len() < length) {
        return Err(broken());
    }
    Ok(Answer { status, text: body.to_owned() })
}
