//! Asking a mail server whether it has a mailbox: as far as `RCPT TO`, so that nothing is sent.

use super::Prober;
use crate::contact::{ContactFault, Look};
use lettre::Address;
use lettre::transport::smtp::client::AsyncSmtpConnection;
use lettre::transport::smtp::commands::{Mail, Rcpt};
use lettre::transport::smtp::extension::ClientId;
use std::net::{IpAddr, SocketAddr};

/// So many servers of a domain, and so many addresses of each, are tried.
const MOST_TRIED: usize = 2;

impl Prober {
    pub(super) async fn mail(&self, address: &str) -> Look {
        let address: Address = address.parse().map_err(|_| ContactFault::BadAddress)?;
        let servers = self.names.mail_servers(address.domain()).await?;
        let mut found = Err(ContactFault::NoName);
        for server in servers.iter().take(MOST_TRIED) {
            match self.names.addresses(server).await {
                Err(fault) => found = Err(fault),
                Ok(addresses) => {
                    found = Err(ContactFault::NotTold);
                    for ip in addresses.into_iter().take(MOST_TRIED) {
                        if let Some(decided) = self.mailbox(ip, &address).await {
                            return decided;
                        }
                    }
                }
            }
        }
        found
    }

    /// What the server at an address says of a mailbox; nothing when it cannot be asked, or will not tell.
    async fn mailbox(&self, ip: IpAddr, address: &Address) -> Option<Look> {
        let asked = tokio::time::timeout(self.wait, self.ask_mailbox(ip, address));
        asked.await.ok()?
    }

    async fn ask_mailbox(&self, ip: IpAddr, address: &Address) -> Option<Look> {
        let server = SocketAddr::new(ip, self.mail_port);
        let hello = ClientId::default();
        let connected = AsyncSmtpConnection::connect_tokio1(server, Some(self.wait), &hello, None, None).await;
        let mut server = connected.ok()?;
        server.command(Mail::new(None, Vec::new())).await.ok()?;
        let told = server.command(Rcpt::new(address.clone(), Vec::new())).await;
        let found = match told {
            Ok(_) => Some(Ok(())),
            Err(refused) => {
                let status = refused.status().map(u16::from);
                // 5.7 speaks of us, not of the mailbox: we are on some list, or may not ask.
                let of_mailbox = matches!(status, Some(550 | 551 | 553)) && !refused.to_string().contains("5.7.");
                of_mailbox.then_some(Err(ContactFault::NoMailbox))
            }
        };
        server.abort().await;
        found
    }
}
