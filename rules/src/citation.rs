//! Where a rule comes from, and how sure we are of it.

use crate::phrase::Text;
use serde::{Deserialize, Serialize};
use std::fmt;

/// How a rule is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Status {
    /// Seen in a public text that states the rule, or reproduced from published results.
    #[default]
    Verified,
    /// Known in the field, but no public text was read for it.
    OwnKnowledge,
    /// Sources conflict or none was found; a parameter to be confirmed.
    Uncertain,
}

impl Status {
    /// Stable word in files and JSON.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Verified => "verified",
            Self::OwnKnowledge => "own-knowledge",
            Self::Uncertain => "uncertain",
        }
    }
}

/// A regulation, the place in it, and where the rule can be read.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Citation {
    /// Name of the regulation, such as `Permenpan RB 14/2017`.
    pub regulation: String,
    /// Article or annex, as far as known.
    pub article: Option<String>,
    /// Public address where the rule, or a page stating it, can be read.
    pub read_at: Option<String>,
    /// How the rule is known.
    #[serde(default)]
    pub status: Status,
    /// What is unverified, and who says so.
    pub note: Option<Text>,
}

impl Citation {
    /// A citation of a work on method (a statistics paper), which is no regulation.
    #[must_use]
    pub fn method(work: &str) -> Self {
        Self { regulation: work.to_owned(), article: None, read_at: None, status: Status::Verified, note: None }
    }
}

impl fmt::Display for Citation {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.regulation)?;
        match &self.article {
            Some(article) => write!(formatter, ", {article}"),
            None => Ok(()),
        }
    }
}
