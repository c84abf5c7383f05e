//! What must not happen in trouble: killed, without its database, without room, with a clock that jumps. Nothing that was confirmed is
//! lost, nothing is there twice, and people read a sentence that helps.

mod clock;
mod gone;
mod killed;
mod load;
mod room;
mod served;
mod server_of_data;
mod stored;
