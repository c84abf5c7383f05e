//! What every slice stands on: database, server, sessions, pages. It knows no slice.
