//! What travels to the worker threads: a closure, the result it had, and the way back to who asked.

use super::session::Session;
use super::{DatabaseError, Write};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// A request as the workers see it. It may run more than once; only its last result counts, and only after it was saved.
pub(super) trait Job: Send {
    /// Runs the closure and keeps its result. Says whether what it did is to be saved.
    fn run(&mut self, session: Session<'_>) -> bool;
    /// Sends the result back, or why it could not be saved.
    fn answer(self: Box<Self>, outcome: Result<(), DatabaseError>);
}

/// A closure with its result and the way back.
pub(super) struct Request<F, A, T, E> {
    run: F,
    answer: A,
    result: Option<Result<T, E>>,
}

impl<F, A, T, E> Request<F, A, T, E> {
    pub(super) const fn new(run: F, answer: A) -> Self {
        Self { run, answer, result: None }
    }
}

impl<F, A, T, E> Job for Request<F, A, T, E>
where
    F: FnMut(&mut Write<'_>) -> Result<T, E> + Send,
    A: FnOnce(Result<T, E>) + Send,
    T: Send,
    E: From<DatabaseError> + Send,
{
    fn run(&mut self, session: Session<'_>) -> bool {
        let mut write = Write::new(session);
        let run = &mut self.run;
        let result = match catch_unwind(AssertUnwindSafe(|| run(&mut write))) {
            Ok(Ok(value)) => write.sound().map(|()| value).map_err(|failure| failure().into()),
            Ok(Err(error)) => Err(error),
            Err(_) => Err(DatabaseError::other("the program broke off while it worked with the database").into()),
        };
        let keep = result.is_ok();
        self.result = Some(result);
        keep
    }

    fn answer(self: Box<Self>, outcome: Result<(), DatabaseError>) {
        let result = match (outcome, self.result) {
            (Ok(()), Some(result)) | (Err(_), Some(result @ Err(_))) => result,
            (Err(error), _) => Err(error.into()),
            (Ok(()), None) => Err(DatabaseError::closed().into()),
        };
        (self.answer)(result);
    }
}
