//! How a backup leaves room for those who wait for a page.

use std::time::{Duration, Instant};

/// Work goes on this long before it rests.
const STRETCH: Duration = Duration::from_millis(10);
/// No rest is longer: a machine that was busy with something else is not waited for twice.
const LONGEST: Duration = Duration::from_millis(100);

/// Rests as long as it worked, again and again.
pub(super) struct Pace {
    since: Instant,
}

impl Pace {
    /// Half of the time at rest. The thread gives way to all others from now on.
    pub(super) fn gentle() -> Self {
        give_way();
        Self { since: Instant::now() }
    }

    /// Rests when it is time to.
    pub(super) fn rest(&mut self) {
        let worked = self.since.elapsed();
        if worked >= STRETCH {
            std::thread::sleep(worked.min(LONGEST));
            self.since = Instant::now();
        }
    }
}

/// On Linux niceness belongs to the thread, and to the threads and programs that it starts.
fn give_way() {
    #[cfg(target_os = "linux")]
    let _ = rustix::process::nice(10);
}
