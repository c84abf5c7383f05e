//! Whether the clock runs evenly and shows the right time.
//!
//! Evenly: compared with a clock of the machine that cannot be set. Right: compared with the server of the database, and with a time
//! server where one is named. Days, deadlines and one-time codes hang on it.

use super::{Equipment, Health, Saying, Seen, Value, store};
use crate::clock::{self, Clock};
use crate::database::{Database, Engine};
use std::fmt;
use std::net::UdpSocket;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration as Span, Instant};
use time::{Duration, OffsetDateTime};

/// A clock that was set by more than this since the last look jumped.
const JUMP: Duration = Duration::seconds(5);
/// Beyond these a difference calls for attention, or is bad.
const OFF: (Duration, Duration) = (Duration::seconds(2), Duration::minutes(1));
/// Seconds between 1900, where time servers begin to count, and 1970.
const SINCE_1900: i64 = 2_208_988_800;

/// Compares the clock with one that cannot be set, from look to look. A copy is the same.
#[derive(Clone, Default)]
pub struct Watch(Arc<Mutex<Option<(Instant, OffsetDateTime)>>>);

impl fmt::Debug for Watch {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str("Watch")
    }
}

impl Watch {
    /// By how much the clock was set since the last look; nothing at the first.
    pub(super) fn jump(&self, now: OffsetDateTime, at: Instant) -> Option<Duration> {
        let mut last = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let before = last.replace((at, now));
        let (instant, moment) = before?;
        let passed = Duration::try_from(at.saturating_duration_since(instant)).unwrap_or(Duration::MAX);
        Some((now - moment).saturating_sub(passed))
    }
}

pub(super) fn look(equipment: &Equipment, database: Option<&Database>, clock: &Clock) -> Seen {
    let jump = equipment.watch.jump(clock.now(), Instant::now());
    if let Some(by) = jump.filter(|by| by.abs() > JUMP) {
        return off("check.clock-jumped", by, Health::Attention);
    }
    if let Some(database) = database.filter(|database| database.engine() == Engine::Postgres)
        && let Ok(Some(there)) = database.read_now(store::server_clock)
    {
        let by = clock.now() - there;
        if by.abs() > OFF.0 {
            return off("check.clock-differs", by, worse(by));
        }
    }
    let Some(server) = &equipment.time_server else {
        return Seen::good(Saying::new("check.clock-even"));
    };
    match offset(server, clock) {
        Ok(by) if by.abs() > OFF.0 => off("check.clock-wrong", by, worse(by)),
        Ok(_) => Seen::good(Saying::new("check.clock-right").with("server", Value::Text(server.clone()))),
        Err(_) => {
            let seen = Saying::new("check.clock-unanswered").with("server", Value::Text(server.clone()));
            Seen::of(Health::Attention, seen, Saying::new("check.check-time-server"))
        }
    }
}

fn worse(by: Duration) -> Health {
    if by.abs() > OFF.1 { Health::Bad } else { Health::Attention }
}

fn off(key: &str, by: Duration, health: Health) -> Seen {
    let seconds = by.whole_seconds().unsigned_abs();
    Seen::of(health, Saying::new(key).with("seconds", Value::Count(seconds)), Saying::new("check.set-clock"))
}

/// By how much this clock is ahead of a time server (SNTP, RFC 4330).
pub(super) fn offset(server: &str, clock: &Clock) -> std::io::Result<Duration> {
    let address = if server.contains(':') { server.to_owned() } else { format!("{server}:123") };
    let socket = UdpSocket::bind("[::]:0").or_else(|_| UdpSocket::bind("0.0.0.0:0"))?;
    socket.set_read_timeout(Some(Span::from_secs(3)))?;
    socket.connect(address)?;
    // A client of version 4, and a number by chance where its own time would stand: the server gives it back.
    let mut question = [0; 48];
    question[0] = 0x23;
    let chance = clock::random::<8>();
    question[40..].copy_from_slice(&chance);
    let (sent, mut answer) = (clock.now(), [0; 48]);
    socket.send(&question)?;
    let read = socket.recv(&mut answer)?;
    let received = clock.now();
    // Mode 4 is a server's; a stratum of 0 is a refusal.
    if read < 48 || answer[0] & 7 != 4 || answer[1] == 0 || answer[24..32] != chance {
        return Err(std::io::ErrorKind::InvalidData.into());
    }
    let there = moment(&answer[40..48]).ok_or(std::io::ErrorKind::InvalidData)?;
    let middle = sent + (received - sent) / 2;
    Ok(middle - there)
}

/// Seconds since 1900 in 32 bits, and parts of a second; the count began anew in 2036.
fn moment(bytes: &[u8]) -> Option<OffsetDateTime> {
    let seconds = i64::from(u32::from_be_bytes(bytes.get(..4)?.try_into().ok()?));
    let parts = u64::from(u32::from_be_bytes(bytes.get(4..8)?.try_into().ok()?));
    let era = if seconds < SINCE_1900 { 1 << 32 } else { 0 };
    let nanoseconds = i64::try_from((parts * 1_000_000_000) >> 32).ok()?;
    let whole = OffsetDateTime::from_unix_timestamp(seconds + era - SINCE_1900).ok()?;
    Some(whole + Duration::nanoseconds(nanoseconds))
}
