//! Puts into the program what is listed when it is built: the migrations, and the files that browsers ask for.

#[path = "build/assets.rs"]
mod assets;
#[path = "build/migrations.rs"]
mod migrations;

fn main() {
    assets::embed();
    migrations::list();
}
