//! x
mod actions; mod calculator; mod place; mod result; mod sheet; mod store;
