//! A mail server that misbehaves as it is told.

use crate::messages::{MailSettings, MailWords};
use std::sync::{Arc, Mutex};
use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

/// How it behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Manner {
    /// It takes the words of a message and hangs up without an answer.
    HangsUp,
    /// It takes no password.
    RefusesPasswords,
    /// It takes none of the addresses now.
    SaysLater,
    /// It says nothing at all.
    Silent,
    /// It takes everything.
    Kind,
}

pub(super) struct Scripted {
    pub(super) port: u16,
    pub(super) heard: Arc<Mutex<Vec<String>>>,
}

impl Scripted {
    pub(super) async fn start(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::<Mutex<Vec<String>>>::default();
        let ears = Arc::clone(&heard);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(talk(stream, manner, Arc::clone(&ears)));
            }
        });
        Self { port, heard }
    }

    pub(super) fn settings(&self, login: &str) -> MailSettings {
        let server = format!("smtp://{login}127.0.0.1:{}", self.port);
        let words = MailWords { server: &server, from: "prima@contoh.go.id", a_minute: 60_000, ..MailWords::default() };
        let patience = std::time::Duration::from_millis(400);
        MailSettings { patience, ..MailSettings::read(&words).unwrap() }
    }

    /// How often it heard a word at the beginning of a line.
    pub(super) fn times(&self, word: &str) -> usize {
        self.heard.lock().unwrap().iter().filter(|line| line.starts_with(word)).count()
    }
}

async fn talk(stream: TcpStream, manner: Manner, heard: Arc<Mutex<Vec<String>>>) {
    let mut stream = BufReader::new(stream);
    if manner == Manner::Silent {
        tokio::time::sleep(std::time::Duration::from_secs(60)).await;
        return;
    }
    stream.write_all(b"220 uji ESMTP\r\n").await.unwrap();
    let (mut line, mut words) = (String::new(), false);
    while stream.read_line(&mut line).await.unwrap_or(0) > 0 {
        let said = line.trim_end().to_owned();
        line.clear();
        heard.lock().unwrap().push(said.clone());
        let answer: &[u8] = match said.get(..4).unwrap_or(&said) {
            "." if words => {
                words = false;
                if manner == Manner::HangsUp {
                    return;
                }
                b"250 ok\r\n"
            }
            _ if words => continue,
            "EHLO" => b"250-uji\r\n250 AUTH PLAIN LOGIN\r\n",
            "AUTH" if manner == Manner::RefusesPasswords => b"535 5.7.8 no\r\n",
            "AUTH" => b"235 ok\r\n",
            "RCPT" if manner == Manner::SaysLater => b"451 4.3.0 later\r\n",
            "DATA" => {
                words = true;
                b"354 go\r\n"
            }
            _ => b"250 ok\r\n",
        };
        if stream.write_all(answer).await.is_err() {
            return;
        }
    }
}
