//! Against a solver of mixed-integer programs.
