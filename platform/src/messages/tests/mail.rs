//! The way to the server: what is in its way is named, encryption is not given up, and no name writes a header.

use super::scripted::{Manner, Scripted};
use super::*;
use crate::messages::mime::{self, To};
use crate::testing::{MailServer as RealServer, Tls};
use proptest::prelude::*;

fn reached_at(address: &str) -> MailSettings {
    let words = MailWords { server: address, from: "prima@contoh.go.id", a_minute: 60, ..MailWords::default() };
    let patience = std::time::Duration::from_millis(500);
    MailSettings { patience, ..MailSettings::read(&words).unwrap() }
}

async fn probed(settings: MailSettings) -> Result<(), MailTrouble> {
    Mail::new(settings).unwrap().probe().await
}

#[tokio::test]
async fn what_is_in_the_way_is_named() {
    assert_eq!(Mail::none().probe().await, Err(MailTrouble::NotSet));
    assert_eq!(probed(reached_at("smtp://127.0.0.1:9")).await, Err(MailTrouble::Unreachable));
    let nowhere =
        MailSettings { patience: std::time::Duration::from_secs(20), ..reached_at("smtps://tidak-ada.invalid") };
    assert_eq!(probed(nowhere).await, Err(MailTrouble::HostNotFound));
    let silent = Scripted::start(Manner::Silent).await;
    assert_eq!(probed(silent.settings("")).await, Err(MailTrouble::Timeout));
    let strict = Scripted::start(Manner::RefusesPasswords).await;
    assert_eq!(probed(strict.settings("prima:keliru@")).await, Err(MailTrouble::WrongPassword));
    let kind = Scripted::start(Manner::Kind).await;
    assert_eq!(probed(kind.settings("prima:benar@")).await, Ok(()));
    let address = format!("smtp://127.0.0.1:{}?tls=required", kind.port);
    assert_eq!(probed(reached_at(&address)).await, Err(MailTrouble::Unencrypted));
    assert_eq!(kind.times("DATA"), 0, "to look is not to send");
}

#[tokio::test]
async fn encryption_is_checked_against_the_authorities_of_the_settings() {
    let made = rcgen::generate_simple_self_signed(vec!["localhost".to_owned()]).unwrap();
    let tls = Tls { certificate: made.cert.pem(), key: made.signing_key.serialize_pem() };
    let server = tokio::task::spawn_blocking({
        let tls = tls.clone();
        move || RealServer::start_with(&["sari"], Some(&tls))
    });
    let server = server.await.unwrap();
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("roots.pem");
    std::fs::write(&file, &tls.certificate).unwrap();
    let patience = std::time::Duration::from_secs(10);
    let asked = format!("smtp://localhost:{}?tls=required", server.port());
    let first = format!("smtps://localhost:{}", server.port() + 1);
    for address in [asked.as_str(), &first] {
        let trusting = MailSettings { roots: Some(file.clone()), patience, ..reached_at(address) };
        assert_eq!(probed(trusting).await, Ok(()), "{address}");
        let strange = MailSettings { patience, ..reached_at(address) };
        assert_eq!(probed(strange).await, Err(MailTrouble::Untrusted), "{address}");
        let elsewhere = address.replace("localhost", "127.0.0.1");
        let other_name = MailSettings { roots: Some(file.clone()), patience, ..reached_at(&elsewhere) };
        assert_eq!(probed(other_name).await, Err(MailTrouble::Untrusted), "the certificate is for another name");
    }
    assert!(matches!(
        Mail::new(MailSettings { roots: Some("/nowhere.pem".into()), ..reached_at(&first) }),
        Err(WrongMailSetting::Roots)
    ));
}

#[tokio::test]
async fn messages_share_a_connection() {
    let server = Scripted::start(Manner::Kind).await;
    let mail = Mail::new(server.settings("")).unwrap();
    for _ in 0..5 {
        let outgoing = built("Sari", "sari@contoh.go.id", "Halo").unwrap();
        let handed = mail.hand_over(&outgoing, || async { Ok(true) }).await.unwrap();
        assert!(matches!(handed, super::super::smtp::Handed::Over));
    }
    assert_eq!((server.times("EHLO"), server.times("DATA")), (1, 5));
}

#[tokio::test]
async fn nothing_is_said_when_somebody_else_has_the_message() {
    let server = Scripted::start(Manner::Kind).await;
    let mail = Mail::new(server.settings("")).unwrap();
    let outgoing = built("Sari", "sari@contoh.go.id", "Halo").unwrap();
    let handed = mail.hand_over(&outgoing, || async { Ok(false) }).await.unwrap();
    assert!(matches!(handed, super::super::smtp::Handed::NotOurs));
    assert_eq!(server.times("DATA"), 0);
}

#[tokio::test]
async fn the_pace_is_kept() {
    let server = Scripted::start(Manner::Kind).await;
    let pause = std::time::Duration::from_millis(120);
    let mail = Mail::new(MailSettings { pause, ..server.settings("") }).unwrap();
    let began = std::time::Instant::now();
    for _ in 0..4 {
        let outgoing = built("Sari", "sari@contoh.go.id", "Halo").unwrap();
        mail.hand_over(&outgoing, || async { Ok(true) }).await.unwrap();
    }
    assert!(began.elapsed() >= pause * 3, "{:?}", began.elapsed());
}

fn built(name: &str, address: &str, subject: &str) -> Result<mime::Outgoing, MailTrouble> {
    let letter = Letter { subject: kind::one_line(subject), text: "Isi.\n".into(), html: "<p>Isi.</p>".into() };
    let id = (MessageId::new(START), START);
    mime::build(&reached_at("smtp://127.0.0.1"), id, &To { name, address }, &letter, None)
}

#[test]
fn words_beyond_ascii_travel_encoded() {
    let message = built("Kadèk Ayu", "ayu@contoh.go.id", "Undangan untuk Kadèk").unwrap();
    let text = String::from_utf8(message.bytes).unwrap();
    assert!(text.is_ascii() && text.contains("=?utf-8?"), "{text}");
}

/// The header names of a message as it travels, in order.
fn header_names(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let head = text.split("\r\n\r\n").next().unwrap().to_owned();
    let lines = head.split("\r\n").filter(|line| !line.starts_with([' ', '\t']));
    lines.map(|line| line.split(':').next().unwrap().to_owned()).collect()
}

proptest! {
    /// Whatever somebody calls themselves: the headers are those we wrote, and each line is one.
    #[test]
    fn no_name_and_no_subject_writes_a_header(name in ".{0,90}", subject in ".{0,90}", evil in "[\r\n\t ]{1,3}Bcc: x@y.id") {
        let plain = header_names(&built("Sari", "sari@contoh.go.id", "Halo").unwrap().bytes);
        for (name, subject) in [(name.clone() + &evil, subject.clone()), (name, subject + &evil)] {
            let message = built(&name, "sari@contoh.go.id", &subject).unwrap();
            prop_assert_eq!(&header_names(&message.bytes), &plain);
            let text = String::from_utf8_lossy(&message.bytes).replace("\r\n", "");
            prop_assert!(!text.contains(['\r', '\n']), "a line ends as no other");
        }
    }

    /// An address is used as it stands or not at all.
    #[test]
    fn no_address_writes_a_command(address in "[a-z@.<>\r\n \"]{1,40}") {
        if let Ok(message) = built("", &address, "Halo") {
            prop_assert_eq!(message.to.to_string(), address.as_str());
            prop_assert!(!address.contains(['\r', '\n', '<', '>', ' ']));
        }
    }
}
