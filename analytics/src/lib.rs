//! Columns in, sums per group out.
