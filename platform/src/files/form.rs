//! Forms with files that are kept. The file comes with the form, or came before in pieces and is named by its identifier.

use super::spool::Intake;
use super::take::{Sent, has_room, take};
use super::{FileError, FileId, HolderKind, Refusal, Sender, StoredFile, store};
use crate::app::App;
use crate::database::DatabaseError;
use crate::form::Form;
use crate::identity::InstitutionId;
use crate::problem::Problem;
use crate::upload::{PART_BYTES, TEXT_BYTES, plain_name, refused, take as take_room, text};
use crate::visit::Visit;
use axum::extract::multipart::Field;
use axum::extract::{FromRequest as _, Multipart, Request};

/// The field that names files which came before.
const SENT: &str = "unggahan";
/// The box whose sender wants the position of a photograph kept. It stands above the file, since a form is read in its order.
const POSITION: &str = "posisi";

/// Which files a form may bring.
#[derive(Debug, Clone, Copy)]
pub struct FormFiles {
    /// What they are for.
    pub kind: &'static HolderKind,
    /// Who sends them.
    pub sender: Sender,
    /// The field they are chosen in; faults stand beside it.
    pub field: &'static str,
    /// The most files at once.
    pub most: usize,
}

/// A form with the drafts that came with it or before. They stay drafts until an action attaches them, also when the form is shown
/// again: it then names them, and nobody needs to send them a second time.
#[derive(Debug)]
pub struct FileForm {
    /// What was typed, with a fault for each file that was not taken.
    pub form: Form,
    /// The drafts.
    pub files: Vec<StoredFile>,
}

/// Reads a form of `multipart/form-data`, and takes its files.
///
/// # Errors
/// When the form cannot be read or the database fails. A file that is not taken is a fault of its field.
pub async fn read_form(app: &App, visit: &Visit, request: Request, wanted: FormFiles) -> Result<FileForm, Problem> {
    let institution = visit.institution()?;
    let mut parts = Multipart::from_request(request, &()).await.map_err(|_| Problem::unreadable())?;
    let mut read = FileForm { form: Form::new(), files: Vec::new() };
    let mut room = TEXT_BYTES;
    while let Some(mut part) = parts.next_field().await.map_err(|error| refused(&error))? {
        let field = part.name().unwrap_or_default().to_owned();
        take_room(&mut room, PART_BYTES + field.len())?;
        let Some(name) = part.file_name().map(plain_name) else {
            read.form.push(&field, &text(&mut part, &mut room).await?);
            continue;
        };
        // A browser sends a file without name and content when nobody chose one.
        if field != wanted.field || name.is_empty() || read.files.len() >= wanted.most {
            continue;
        }
        let keep_position = !read.form.value(POSITION).is_empty();
        let sent = Sent { institution, sender: wanted.sender, kind: wanted.kind, name, keep_position };
        match receive(app, &sent, part).await {
            Ok(file) => read.files.push(file),
            Err(Stopped::Request(problem)) => return Err(problem),
            Err(Stopped::File(FileError::Database(error))) => return Err(error.into()),
            Err(Stopped::File(error)) => {
                if error.can_be_tried_again() {
                    tracing::warn!(%error, "a file was not taken");
                }
                read.form.fault(wanted.field, error.words(visit.language()));
            }
        }
    }
    add_sent(app, institution, wanted, &mut read, visit).await?;
    Ok(read)
}

/// Finds the drafts that came before, and names all in the form.
async fn add_sent(
    app: &App,
    institution: InstitutionId,
    wanted: FormFiles,
    read: &mut FileForm,
    visit: &Visit,
) -> Result<(), Problem> {
    let named: Vec<String> = read.form.values(SENT).filter(|id| !id.is_empty()).map(ToOwned::to_owned).collect();
    let (ids, now) = (named.iter().filter_map(|id| id.parse().ok()).collect::<Vec<FileId>>(), app.now());
    let room = wanted.most.saturating_sub(read.files.len());
    let found = app.database().read(move |db| {
        let drafts = ids.into_iter().take(room);
        let drafts = drafts.map(|id| store::draft(db, institution, id, &wanted.sender, wanted.kind.name, now));
        drafts.collect::<Result<Vec<_>, DatabaseError>>()
    });
    let found: Vec<StoredFile> = found.await?.into_iter().flatten().collect();
    if room > 0 && found.len() < named.len().min(room) {
        read.form.fault(wanted.field, FileError::from(Refusal::Gone).words(visit.language()));
    }
    read.files.extend(found);
    read.form.forget(SENT);
    for file in &read.files {
        read.form.push(SENT, &file.id.to_string());
    }
    Ok(())
}

/// What ended the reading of a file.
enum Stopped {
    /// The request itself is cut off or too large.
    Request(Problem),
    /// The file is not taken; the form goes on.
    File(FileError),
}

impl<E: Into<FileError>> From<E> for Stopped {
    fn from(error: E) -> Self {
        Self::File(error.into())
    }
}

async fn receive(app: &App, sent: &Sent, mut part: Field<'_>) -> Result<StoredFile, Stopped> {
    let (institution, sender, now) = (sent.institution, sent.sender, app.now());
    app.database().read(move |db| has_room(db, institution, &sender, 0, now)).await?;
    let mut intake = Intake::begin(app.files().place(), sent.kind.most_bytes).await?;
    while let Some(chunk) = part.chunk().await.map_err(|error| Stopped::Request(refused(&error)))? {
        intake.write(chunk).await?;
    }
    if intake.is_too_large() {
        return Err(Refusal::TooLarge(sent.kind.most_bytes).into());
    }
    let spool = intake.finish().await?;
    Ok(take(app, sent, spool).await?)
}
