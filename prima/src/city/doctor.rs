//! `prima doctor`: looks at everything an operator wants to know, with or without a running server or a database.

use super::arguments::DoctorArgs;
use super::settings::zone;
use crate::cli::Format;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use platform::checkup::{self, Check, Finding, Health};
use platform::clock::Clock;
use platform::site::Zone;
use platform::words::Words;
use rules::phrase::Language;
use schemars::JsonSchema;
use serde::Serialize;

/// What was seen, for programs.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DoctorFile {
    /// The worst state of all: `good`, `not-set`, `attention`, `bad`.
    worst: String,
    /// Each thing that was looked at.
    checks: Vec<DoctorCheck>,
}

/// One thing that was looked at.
#[derive(Debug, Serialize, JsonSchema)]
pub(crate) struct DoctorCheck {
    /// Its stable name.
    check: String,
    /// How it stands: `good`, `not-set`, `attention`, `bad`.
    state: String,
    /// What was seen.
    seen: String,
    /// What to do.
    advice: String,
    /// When, as ISO 8601 in UTC.
    looked_at: String,
}

pub(crate) fn run(args: &DoctorArgs, language: Language) -> Result<Ending, Problem> {
    let database = args.settings.store.open_if_there();
    let zone = database.as_ref().map(zone).unwrap_or_default();
    let equipment = args.settings.equipment(&args.settings.mail.mail()?);
    let checks = if args.checks.is_empty() { Check::ALL.to_vec() } else { args.checks.clone() };
    let runtime = tokio::runtime::Runtime::new().map_err(Problem::server)?;
    let findings: Vec<Finding> = runtime.block_on(async {
        let mut findings = Vec::new();
        for check in checks {
            let clock = Clock::machine();
            findings.push(checkup::look(check, &equipment, database.as_ref(), &clock, args.thorough).await);
        }
        findings
    });
    let worst = findings.iter().map(|finding| finding.health).max().unwrap_or(Health::Good);
    let text = match args.format {
        Format::Json => json(&findings, worst, language, zone)?,
        Format::Text => findings.iter().map(|finding| lines(finding, language, zone)).collect(),
    };
    Output::Standard.write(text.as_bytes())?;
    Ok(match worst {
        Health::Good | Health::NotSet => Ending::Done,
        Health::Attention => Ending::Code(3),
        Health::Bad => Ending::Code(4),
    })
}

fn lines(finding: &Finding, language: Language, zone: Zone) -> String {
    let words = Words::shared(language);
    let (name, health) = (words.text(finding.check.label()), words.text(finding.health.label()));
    let seen = format!("{name}: {health}. {}\n", finding.seen.say(language, zone));
    let advice = format!("  → {}\n", finding.advice.say(language, zone));
    if finding.health == Health::Good { seen } else { seen + &advice }
}

fn json(findings: &[Finding], worst: Health, language: Language, zone: Zone) -> Result<String, Problem> {
    let check = |finding: &Finding| DoctorCheck {
        check: finding.check.name().to_owned(),
        state: finding.health.name().to_owned(),
        seen: finding.seen.say(language, zone),
        advice: finding.advice.say(language, zone),
        looked_at: platform::backup::written(finding.looked_at),
    };
    let file = DoctorFile { worst: worst.name().to_owned(), checks: findings.iter().map(check).collect() };
    Ok(serde_json::to_string_pretty(&file).map_err(Problem::server)? + "\n")
}
