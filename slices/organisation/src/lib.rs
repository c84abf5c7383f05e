//! Institutions and their units: who serves the public here, in which order, under which name and colours.
//!
//! - **People**: the coordinator and the system admin keep units and settings; the admin of a unit keeps how it is reached;
//!   everybody reads the public list.
//! - **Law**: UU 25/2009 article 1 (penyelenggara, organisasi penyelenggara, pelaksana) and article 5 (goods, services,
//!   administrative services).
//! - **States** of a unit: `docs/states/unit.md`.
//!
//! Units come in by form or as a table ([`import`]); every change keeps what was, so that a result can name its unit as it was on
//! its day ([`unit_as_of`]). [`areas`] knows the provinces, cities, districts and villages of Indonesia.
//!
//! | page | for whom |
//! |---|---|
//! | `/unit`, `/unit/{slug}` | everybody |
//! | `/kelola/unit`, `…/baru`, `…/{slug}`, `…/{slug}/akhiri`, `…/{slug}/riwayat` | staff |
//! | `/kelola/impor/unit` and its steps | coordinator, system admin |
//! | `/pengaturan/kota` | coordinator, system admin |
//! | `/pengaturan/institusi` | system admin of the institution that keeps the installation |
//! | `/aset-kota/{file}` | everybody: logo and colours |

mod actions;
pub mod areas;
mod fault;
mod institution;
mod logo;
mod names;
mod store;
mod tree;
mod unit;

pub use actions::{
    Desk, LogoChange, Refused, change_contact, change_settings, change_unit, end_unit, enter_unit, found, resume_unit,
};
pub use fault::Fault;
pub use institution::{Colours, Institution, InstitutionKind, Settings, TypedSettings};
pub use logo::Logo;
pub use names::{Search, are_similar, plain, slug, squeezed};
pub use store::Version;
pub use unit::{Contact, DEEPEST, ServiceClass, TypedUnit, Unit, UnitFacts, UnitKind, UnitState, WrongState};
