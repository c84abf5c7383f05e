//! Routes that say who they are for. A route without an audience cannot be built: [`Undeclared`] is not a [`Routes`].

use crate::app::App;
use crate::identity::Action;
use crate::problem::Problem;
use crate::visit::Visit;
use axum::extract::{DefaultBodyLimit, Request, State};
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::{Next, from_fn_with_state};
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, on};
use axum_extra::routing::{SecondElementIs, TypedPath};
use std::time::Duration;

/// Who may ask for a route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Audience {
    /// Anybody, without signing in.
    Public,
    /// Whoever is signed in, whatever their roles.
    SignedIn,
    /// Whoever holds a role that may do this action somewhere; which unit, the handler asks.
    May(&'static Action),
}

/// How many times an address may ask for a route before it has to wait.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Pace {
    /// Reading pages: generous, since a whole village may share one address of its provider.
    Reading,
    /// Sending forms.
    Writing,
    /// Guessing secrets: signing in, codes, links.
    Guessing,
    /// Heavy computation.
    Heavy,
}

/// What the server knows of one route, for the layers, for the matrix of audiences and for the tests that visit every page.
#[derive(Debug, Clone, Copy)]
pub struct Declaration {
    /// GET or POST.
    pub method: &'static str,
    /// The path with its holes: `/unit/{slug}`.
    pub path: &'static str,
    /// Who it is for.
    pub audience: Audience,
    /// How often.
    pub pace: Pace,
    /// Greatest body in bytes.
    pub body: usize,
    /// How long the handler may take.
    pub time: Duration,
    /// An address of this route that exists in the demonstration city, when the path has holes.
    pub sample: Option<&'static str>,
    /// Whether the answer is a page for people (not a file or a stream).
    pub page: bool,
    /// Whether the answer is kept for all who are not signed in, until something is committed.
    pub kept: bool,
}

/// The routes of a slice.
#[derive(Debug, Default)]
pub struct Routes {
    routes: Vec<(Declaration, MethodRouter<App>)>,
}

/// A route that has not said yet who it is for. It can only become [`Routes`] by saying so.
///
/// ```compile_fail
/// use platform::route::{Routes, Undeclared};
/// fn forgotten(route: Undeclared) -> Routes {
///     route
/// }
/// ```
#[must_use = "a route needs an audience: .public(), .signed_in() or .may(&ACTION)"]
#[derive(Debug)]
pub struct Undeclared {
    before: Routes,
    declaration: Declaration,
    handler: MethodRouter<App>,
}

/// Forms are small; uploads say their own limit.
const FORM_BYTES: usize = 64 * 1024;
/// Seconds after which somebody may try again to send a file, when too many are being sent.
const UPLOAD_WAIT: u64 = 20;

impl Routes {
    /// No routes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Answers GET (and HEAD) of the typed path that the handler takes first.
    pub fn get<H, T, P>(self, handler: H) -> Undeclared
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        self.add("GET", P::PATH, on(MethodFilter::GET, handler))
    }

    /// Answers POST of the typed path that the handler takes first.
    pub fn post<H, T, P>(self, handler: H) -> Undeclared
    where
        H: Handler<T, App>,
        T: SecondElementIs<P> + 'static,
        P: TypedPath,
    {
        self.add("POST", P::PATH, on(MethodFilter::POST, handler))
    }

    fn add(self, method: &'static str, path: &'static str, handler: MethodRouter<App>) -> Undeclared {
        let reading = method == "GET";
        let declaration = Declaration {
            method,
            path,
            audience: Audience::Public,
            pace: if reading { Pace::Reading } else { Pace::Writing },
            body: FORM_BYTES,
            time: Duration::from_secs(30),
            sample: None,
            page: reading,
            kept: false,
        };
        Undeclared { before: self, declaration, handler }
    }

    /// These routes and those of another slice.
    #[must_use]
    pub fn and(mut self, others: Self) -> Self {
        self.routes.extend(others.routes);
        self
    }

    /// What is known of each route.
    pub fn declarations(&self) -> impl Iterator<Item = &Declaration> {
        self.routes.iter().map(|(declaration, _)| declaration)
    }

    /// The routes as the server answers them, each behind its guard.
    pub(crate) fn guarded(self, app: &App) -> axum::Router<App> {
        self.routes.into_iter().fold(axum::Router::new(), |router, (declaration, handler)| {
            let guard = from_fn_with_state((app.clone(), declaration), guard);
            router.route(declaration.path, handler.layer(DefaultBodyLimit::max(declaration.body)).layer(guard))
        })
    }
}

impl Undeclared {
    /// For anybody.
    #[must_use]
    pub fn public(self) -> Routes {
        self.for_audience(Audience::Public)
    }

    /// For anybody, and the same for all who are not signed in as long as nothing is committed: the handler reads nothing but its
    /// path, its query, the language, the city and the database.
    #[must_use]
    pub fn public_and_kept(mut self) -> Routes {
        self.declaration.kept = true;
        self.for_audience(Audience::Public)
    }

    /// For whoever is signed in.
    #[must_use]
    pub fn signed_in(self) -> Routes {
        self.for_audience(Audience::SignedIn)
    }

    /// For whoever may do `action` somewhere.
    #[must_use]
    pub fn may(self, action: &'static Action) -> Routes {
        self.for_audience(Audience::May(action))
    }

    /// An address that exists in the demonstration city; demanded of every page whose path has holes.
    pub const fn sample(mut self, address: &'static str) -> Self {
        self.declaration.sample = Some(address);
        self
    }

    /// The answer is a file or a stream, not a page for people.
    pub const fn file(mut self) -> Self {
        self.declaration.page = false;
        self
    }

    /// How often an address may ask.
    pub const fn pace(mut self, pace: Pace) -> Self {
        self.declaration.pace = pace;
        self
    }

    /// How long the handler may take before its answer begins.
    pub const fn time(mut self, time: Duration) -> Self {
        self.declaration.time = time;
        self
    }

    /// Takes bodies up to `bytes`, and as much time as `time`.
    pub const fn upload(mut self, bytes: usize, time: Duration) -> Self {
        self.declaration.body = bytes;
        self.declaration.time = time;
        self
    }

    fn for_audience(mut self, audience: Audience) -> Routes {
        self.declaration.audience = audience;
        self.before.routes.push((self.declaration, self.handler));
        self.before
    }
}

/// Lets a request through to the handler when its audience, its pace and its time allow.
async fn guard(State((app, route)): State<(App, Declaration)>, visit: Visit, request: Request, next: Next) -> Response {
    if let Err(wait) = app.paces().ask(route.pace, &visit) {
        return Problem::too_many_requests(wait).into_response();
    }
    if let Err(refused) = admit(route, &visit, request.method()) {
        return *refused;
    }
    let _place = match route.body > FORM_BYTES {
        true => match app.uploads().try_acquire() {
            Ok(place) => Some(place),
            Err(_) => return Problem::too_many_requests(UPLOAD_WAIT).into_response(),
        },
        false => None,
    };
    match tokio::time::timeout(route.time, next.run(request)).await {
        Ok(response) => response,
        Err(_) => Problem::took_too_long().into_response(),
    }
}

fn admit(route: Declaration, visit: &Visit, method: &Method) -> Result<(), Box<Response>> {
    let action = match route.audience {
        Audience::Public => return Ok(()),
        Audience::SignedIn => None,
        Audience::May(action) => Some(action),
    };
    let Some(person) = visit.person() else {
        return Err(Box::new(visit.to_sign_in(method)));
    };
    let Some(action) = action else { return Ok(()) };
    if !person.may_somewhere(action) {
        return Err(Box::new(Problem::forbidden().into_response()));
    }
    if person.owes_second_factor() {
        return Err(Box::new(visit.to_second_factor(method)));
    }
    Ok(())
}
