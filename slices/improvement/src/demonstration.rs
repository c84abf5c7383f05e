//! What the demonstration city shows here: a finding that everybody reads, one that is settled, one whose measure is overdue, and one
//! that nobody has taken in hand.

use crate::actions::{self, Refused, measures};
use crate::finding::{Figure, FindingId, NewFinding, Source, SourceKind};
use crate::measure::{MeasureId, Owner, Plan, TypedProof};
use crate::store;
use organisation::Desk;
use platform::audit::Actor;
use platform::database::{Uuid, Write};
use platform::identity::{Role, UnitId};
use time::Duration;

pub(crate) const SAMPLE_FINDING: &str = "/kelola/perbaikan/00000000-0000-7000-8000-000000000203";
pub(crate) const SAMPLE_PLAN: &str = "/kelola/perbaikan/00000000-0000-7000-8000-000000000203/tindakan";
pub(crate) const SAMPLE_PUBLISH: &str = "/kelola/perbaikan/00000000-0000-7000-8000-000000000202/tayang";
pub(crate) const SAMPLE_MEASURE: &str = "/kelola/tindakan/00000000-0000-7000-8000-000000000213";
pub(crate) const SAMPLE_PUBLIC_UNIT: &str = "/anda-bilang/dinas-kependudukan-dan-pencatatan-sipil";

/// Findings and measures end in these numbers.
const FINDINGS: u128 = 0x7000_8000_0000_0000_0200;
const MEASURES: u128 = 0x7000_8000_0000_0000_0210;

/// The unit whose findings are shown: by its code in the table of the demonstration.
const CIVIL_REGISTRY: &str = "2.06";

/// A finding of the demonstration: number, source with its name, title, what was said, figure before.
struct Example {
    number: u128,
    kind: SourceKind,
    reference: &'static str,
    title: &'static str,
    said: &'static str,
    figure: Option<&'static str>,
}

const EXAMPLES: [Example; 4] = [
    Example {
        number: 1,
        kind: SourceKind::Complaint,
        reference: "Rekap pengaduan semester I",
        title: "Kursi di ruang tunggu",
        said: "Kursi kurang saat pagi, lansia menunggu berdiri.",
        figure: None,
    },
    Example {
        number: 2,
        kind: SourceKind::Forum,
        reference: "FKP Juni",
        title: "Syarat di papan loket",
        said: "Daftar syarat di papan berbeda dengan yang di situs.",
        figure: None,
    },
    Example {
        number: 3,
        kind: SourceKind::Assessment,
        reference: "Latihan penilaian Agustus",
        title: "Maklumat tidak terlihat dari pintu",
        said: "Maklumat Pelayanan tergantung di balik tiang.",
        figure: None,
    },
    Example {
        number: 4,
        kind: SourceKind::Inspection,
        reference: "Kunjungan Inspektorat September",
        title: "Jalan landai kursi roda",
        said: "Jalan landai terhalang pot tanaman.",
        figure: None,
    },
];

/// Fills the demonstration city, where its civil registry and two people of it are there.
///
/// # Errors
/// When the database refuses.
pub fn fill(db: &mut Write<'_>, desk: &Desk) -> Result<(), Refused> {
    let units = organisation::units(db, desk.institution)?;
    let Some(unit) = units.iter().find(|unit| unit.facts.code.as_deref() == Some(CIVIL_REGISTRY)) else {
        return Ok(());
    };
    let mut of = |role| access::holders(db, desk.institution, (role, Some(unit.id)), desk.now);
    let (Some(admin), Some(head)) = (of(Role::UnitAdmin)?.first().copied(), of(Role::HeadOfUnit)?.first().copied())
    else {
        return Ok(());
    };
    let (admin, head) = (Desk { actor: Actor::Person(admin), ..*desk }, Desk { actor: Actor::Person(head), ..*desk });
    for example in &EXAMPLES {
        raise(db, &admin, unit.id, example)?;
    }
    for (number, what, words) in [
        (1, "Tambah 24 kursi, delapan untuk lansia", "24 kursi ditambahkan, delapan di dekat loket untuk lansia."),
        (2, "Samakan papan syarat dengan situs", "Papan dicetak ulang dari Standar Pelayanan yang terbit."),
    ] {
        plan(db, &admin, (number, what, Role::UnitAdmin))?;
        let typed = TypedProof { words: words.into(), url: "https://contoh.go.id/berita/perbaikan".into() };
        measures::finish_measure(db, &admin, (measure(number), 1), (&typed, &[]), None)?;
        measures::verify_measure(db, &head, (measure(number), 2))?;
    }
    let version = store::finding(db, desk.institution, finding(1))?.map_or(0, |finding| finding.version);
    let said = ("Kursi kurang saat pagi.", "24 kursi baru, delapan di antaranya untuk lansia di dekat loket.");
    actions::publish_finding(db, &head, (finding(1), version), said)?;
    // Planned six weeks ago for ten working days, and not reported done.
    let before = Desk { now: desk.now - Duration::days(42), ..admin };
    plan(db, &before, (3, "Pindahkan Maklumat ke sebelah pintu masuk", Role::HeadOfUnit))?;
    Ok(())
}

/// Carries out a finding for the demonstration, from the plan to what everybody reads. Where its unit has no admin and head, nothing is
/// done.
///
/// # Errors
/// When the database refuses.
pub fn carry_out(db: &mut Write<'_>, desk: &Desk, id: FindingId, (what, done): (&str, &str)) -> Result<(), Refused> {
    let found = store::finding(db, desk.institution, id)?.ok_or(Refused::NotFound)?;
    let mut of = |role| access::holders(db, desk.institution, (role, Some(found.facts.unit)), desk.now);
    let (Some(admin), Some(head)) = (of(Role::UnitAdmin)?.first().copied(), of(Role::HeadOfUnit)?.first().copied())
    else {
        return Ok(());
    };
    let (admin, head) = (Desk { actor: Actor::Person(admin), ..*desk }, Desk { actor: Actor::Person(head), ..*desk });
    let plan = Plan { what: what.into(), owner: Owner::Role(Role::UnitAdmin), working_days: 20 };
    let measure = measures::plan_measure(db, &admin, (id, found.version), &plan, None)?;
    let typed = TypedProof { words: done.into(), url: "https://contoh.go.id/berita/perbaikan".into() };
    measures::finish_measure(db, &admin, (measure, 1), (&typed, &[]), None)?;
    measures::verify_measure(db, &head, (measure, 2))?;
    let version = store::finding(db, desk.institution, id)?.map_or(0, |finding| finding.version);
    actions::publish_finding(db, &head, (id, version), (&found.facts.said, done))
}

fn finding(number: u128) -> FindingId {
    FindingId::from(Uuid::from_u128(FINDINGS + number))
}

fn measure(number: u128) -> MeasureId {
    MeasureId::from(Uuid::from_u128(MEASURES + number))
}

fn raise(db: &mut Write<'_>, desk: &Desk, unit: UnitId, example: &Example) -> Result<(), Refused> {
    let today = actions::today(db, desk)?;
    let source = Source {
        kind: example.kind,
        reference: example.reference.into(),
        part: String::new(),
        words: example.reference.into(),
    };
    let new = NewFinding {
        unit,
        service: None,
        source,
        title: example.title.into(),
        said: example.said.into(),
        before: example.figure.map(|value| Figure { value: value.into(), full: None, on: today }),
    };
    actions::raise_as(db, desk, &new, finding(example.number)).map(drop)
}

fn plan(db: &mut Write<'_>, desk: &Desk, (number, what, role): (u128, &str, Role)) -> Result<(), Refused> {
    let plan = Plan { what: what.into(), owner: Owner::Role(role), working_days: 10 };
    measures::plan_as(db, desk, (finding(number), 1), &plan, (measure(number), None)).map(drop)
}
