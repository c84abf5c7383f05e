//! A PostgreSQL of one test, which can be stopped and started again.

use crate::support::repository;
use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};

/// A server with its data in a folder of its own, gone when the test ends.
pub(crate) struct DataServer {
    keeper: Child,
    folder: PathBuf,
    programs: PathBuf,
    /// The address of its database `postgres`.
    pub(crate) url: String,
}

impl DataServer {
    /// Starts one that waits for the disk, as one with data must.
    pub(crate) fn start() -> Self {
        let mut command = Command::new(repository("bin/postgres"));
        let script = "echo \"$PRIMA_TEST_POSTGRES $PRIMA_TEST_POSTGRES_PROGRAMS\"; cat";
        command.args(["run", "--durable", "sh", "-c", script]).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut keeper = command.spawn().expect("bin/postgres runs");
        let mut line = String::new();
        BufReader::new(keeper.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let (url, programs) = line.trim().split_once(' ').expect("PostgreSQL starts; see what bin/postgres printed");
        let folder = url.strip_prefix("postgres://prima@").and_then(|rest| rest.strip_suffix("/postgres")).unwrap();
        let folder = PathBuf::from(folder.replace("%2F", "/"));
        Self { keeper, folder, programs: programs.into(), url: url.to_owned() }
    }

    fn control(&self, words: &[&str]) {
        let mut command = self.as_its_user("pg_ctl");
        command.args(words).arg("-D").arg(self.folder.join("data")).stdout(Stdio::null());
        assert!(command.status().unwrap().success(), "pg_ctl {words:?}");
    }

    /// PostgreSQL refuses to run as root, so root hands it to the user that its package made.
    fn as_its_user(&self, program: &str) -> Command {
        let program = self.programs.join(program);
        let owner = Command::new("stat").args(["-c", "%u"]).arg(self.folder.join("data")).output().unwrap();
        let owner = String::from_utf8(owner.stdout).unwrap().trim().to_owned();
        let own = Command::new("id").arg("-u").output().unwrap();
        if String::from_utf8(own.stdout).unwrap().trim() == owner {
            return Command::new(program);
        }
        let mut command = Command::new("setpriv");
        command.args([&format!("--reuid={owner}"), "--regid=postgres", "--clear-groups"]).arg(program).current_dir("/");
        command
    }

    /// Ends it as a power cut would.
    pub(crate) fn cut_off(&self) {
        self.control(&["stop", "--silent", "--mode", "immediate"]);
    }

    /// Starts it again over the same data.
    pub(crate) fn start_again(&self) {
        let log = self.folder.join("data/server.log");
        self.control(&["start", "--silent", "--wait", "-l", log.to_str().unwrap()]);
    }
}

impl Drop for DataServer {
    fn drop(&mut self) {
        // At the end of its input the script removes everything.
        drop(self.keeper.stdin.take());
        let _ = self.keeper.wait();
    }
}
