//! `/kinerja/data`: open data with its dictionary.

use super::{CsvPath, DataPath, JsonPath, asked, page};
use crate::export::{self, COLUMNS, Part, Style};
use crate::result::Family;
use crate::store;
use askama::Template;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use platform::app::App;
use platform::database::DatabaseError;
use platform::page::{Page, show};
use platform::problem::Problem;
use platform::visit::Visit;
use platform::words::Words;

#[derive(Template)]
#[template(path = "pages/data.html")]
struct Dictionary {
    page: Page,
    w: Words,
    columns: Vec<(&'static str, String)>,
}

/// Shows what each column means.
pub(crate) async fn show_dictionary(_: DataPath, visit: Visit) -> Result<Response, Problem> {
    let (page, w) = page(&visit, visit.words(&crate::WORDS).text("data.title"));
    let columns = COLUMNS.iter().map(|(name, _)| (*name, w.text(&format!("column.{name}"))));
    let columns = columns.chain([("masukan", w.text("column.masukan"))]).collect();
    std::future::ready(show(&Dictionary { page, w, columns })).await
}

fn part(visit: &Visit) -> Part {
    Part {
        family: Family::named(&asked(visit, "keluarga")),
        year: asked(visit, "tahun").parse().ok(),
        subject: asked(visit, "tempat"),
    }
}

/// Gives all results as a table.
pub(crate) async fn csv(_: CsvPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let (part, style) = (part(&visit), Style::of(&visit));
    let text = app.database().read(move |db| export::table(db, &part, style)).await?;
    let kind = "text/csv; charset=utf-8; header=present";
    let name = "attachment; filename=\"prima-kinerja.csv\"";
    Ok(([(header::CONTENT_TYPE, kind), (header::CONTENT_DISPOSITION, name)], text).into_response())
}

/// Gives all results for programs.
pub(crate) async fn json(_: JsonPath, State(app): State<App>, visit: Visit) -> Result<Response, Problem> {
    let part = part(&visit);
    let objects = move |db: &mut platform::database::Read<'_>| {
        let mut objects = Vec::new();
        store::export(db, part.family, part.year, &part.subject, |result| {
            objects.push(export::object(&result));
            Ok::<_, DatabaseError>(())
        })?;
        Ok::<_, DatabaseError>(objects)
    };
    let results = app.database().read(objects).await?;
    let w = visit.words(&crate::WORDS);
    let origin = &visit.facts().origin;
    let whole = serde_json::json!({
        "judul": w.text("data.title"),
        "lisensi": "bebas-sebut-sumber",
        "atribusi": w.text("data.attribution"),
        "kamus": format!("{origin}/kinerja/data"),
        "metode": format!("{origin}/kinerja/metode"),
        "hasil": results,
    });
    Ok(([(header::CONTENT_TYPE, "application/json")], whole.to_string()).into_response())
}
