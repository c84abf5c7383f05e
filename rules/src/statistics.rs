//! Statistics that a careful statistician would accept, in exact arithmetic.
//!
//! Every method is named with its source. Values of transcendental functions are computed with forty digits and cut only when shown.

mod difference;
mod distribution;
mod interval;
mod priority;
mod reliability;
mod sample_size;

pub use difference::{Comparison, Group, compare};
pub use distribution::{chi_square_tail, normal_quantile, student_quantile, z_95};
pub use interval::{interval_of_index, margin_of_error};
pub use priority::{FEWEST_FOR_PRIORITIES, Priorities, Priority, priorities};
pub use reliability::{ItemValidity, Reliability, reliability};
pub use sample_size::{SampleSize, sample_size, sample_size_95};
