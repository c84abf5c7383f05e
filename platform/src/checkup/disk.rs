//! Room on the disks, and for how many days at the present growth.

use super::{Equipment, Health, Saying, Seen, Value, store};
use crate::backup::Origin;
use crate::database::Database;
use std::path::{Path, PathBuf};
use time::OffsetDateTime;

/// Less than this is bad, whatever the size of the disk.
const LITTLE: u64 = 1 << 30;
/// Room for fewer days than these is bad, or calls for attention.
const FEW_DAYS: (u64, u64) = (7, 30);

/// How full a volume is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Room {
    pub(super) free: u64,
    pub(super) total: u64,
}

/// The volumes that matter: the folder, and the name by which its use is remembered.
fn volumes(equipment: &Equipment) -> Vec<(&'static str, PathBuf)> {
    let mut volumes = Vec::new();
    if let Some(Origin::Sqlite(file)) = &equipment.origin {
        volumes.push(("database", folder_of(file)));
    }
    if let Some(files) = &equipment.files {
        volumes.push(("files", files.clone()));
    }
    if let Some(folder) = equipment.backups.as_ref().and_then(|place| place.folder()) {
        volumes.push(("backup", folder.to_owned()));
    }
    volumes
}

fn folder_of(file: &Path) -> PathBuf {
    match file.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        Some(folder) => folder.to_owned(),
        None => PathBuf::from("."),
    }
}

/// The room where a folder is, or will be: that of its nearest ancestor that exists.
pub(super) fn room(folder: &Path) -> Option<Room> {
    let there = folder.ancestors().find(|one| one.exists()).filter(|one| !one.as_os_str().is_empty());
    let about = rustix::fs::statvfs(there.unwrap_or_else(|| Path::new("."))).ok()?;
    Some(Room { free: about.f_bavail * about.f_frsize, total: about.f_blocks * about.f_frsize })
}

/// How full each volume is, to be remembered.
pub(super) fn samples(equipment: &Equipment) -> Vec<(String, u64)> {
    let used = |(name, folder): (&str, PathBuf)| room(&folder).map(|room| (name.to_owned(), room.total - room.free));
    volumes(equipment).into_iter().filter_map(used).collect()
}

/// For how many days there is room when a volume goes on growing as it did since a day; nothing when it did not grow.
pub(super) fn days_left(room: Room, used_before: u64, days: u64) -> Option<u64> {
    let grown = (room.total - room.free).checked_sub(used_before).filter(|grown| *grown > 0)?;
    let left = u128::from(room.free) * u128::from(days.max(1)) / u128::from(grown);
    Some(u64::try_from(left).unwrap_or(u64::MAX))
}

/// How much a room calls for.
pub(super) fn judge(room: Room, days: Option<u64>) -> Health {
    let few = |limit| days.is_some_and(|days| days < limit);
    if room.free < LITTLE.min(room.total / 20) || room.free < room.total / 50 || few(FEW_DAYS.0) {
        Health::Bad
    } else if room.free < room.total / 10 || few(FEW_DAYS.1) {
        Health::Attention
    } else {
        Health::Good
    }
}

pub(super) fn look(equipment: &Equipment, database: Option<&Database>, now: OffsetDateTime) -> Seen {
    let mut worst: Option<(Health, Saying)> = None;
    for (name, folder) in volumes(equipment) {
        let Some(room) = room(&folder) else { continue };
        let before = database.and_then(|database| database.read_now(move |db| store::first_sample(db, name, now)).ok());
        let days = before.flatten().and_then(|(day, used)| {
            let days = u64::try_from((now.date() - day).whole_days()).ok().filter(|days| *days > 0)?;
            days_left(room, used, days)
        });
        let health = judge(room, days);
        let seen = Saying::new(if days.is_some() { "check.disk-days" } else { "check.disk-room" })
            .with("place", Value::Text(folder.display().to_string()))
            .with("free", Value::Bytes(room.free))
            .with("days", Value::Count(days.unwrap_or_default()));
        if worst.as_ref().is_none_or(|(other, _)| health > *other) {
            worst = Some((health, seen));
        }
    }
    match worst {
        None => Seen::of(Health::NotSet, Saying::new("check.disk-unknown"), Saying::new("check.look-at-server")),
        Some((Health::Good, seen)) => Seen::good(seen),
        Some((health, seen)) => Seen::of(health, seen, Saying::new("check.make-room")),
    }
}
