//! `prima routes`: every route with its audience, one JSON object a line, for checks that visit every page.

use super::slices;
use crate::output::{Ending, Output};
use crate::problem::Problem;
use platform::route::Audience;

pub(crate) fn run() -> Result<Ending, Problem> {
    let lines: String = slices::routes()
        .declarations()
        .map(|route| {
            let audience = match route.audience {
                Audience::Public => "public".to_owned(),
                Audience::SignedIn => "signed-in".to_owned(),
                Audience::May(action) => action.name.to_owned(),
            };
            let sample = route.sample.or_else(|| (!route.path.contains('{')).then_some(route.path));
            let line = serde_json::json!({
                "method": route.method, "path": route.path, "audience": audience, "sample": sample, "page": route.page,
            });
            format!("{line}\n")
        })
        .collect();
    Output::Standard.write(lines.as_bytes())?;
    Ok(Ending::Done)
}
