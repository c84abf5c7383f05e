//! The standard of a service on both engines and by its pages: three roles, one way, nothing skipped.

use super::stores::{enter, outcome};
use super::world::{City, HERE, NOW, World, cities, typed};
use crate::actions::Refused;
use crate::actions::standards::{
    begin_standard, determine_standard, discuss_standard, fall_due, note_publication, publish_standard,
    reopen_standard, review_standard, write_standard,
};
use crate::service::{Service, ServiceState};
use crate::standard::{Content, Decree, Discussion, Medium, Review, Standard, StandardState, fingerprint};
use crate::store::{self, standards as kept};
use crate::{Fee, TypedService, change_service, enter_service, example_named, withdraw_service};
use organisation::Desk;
use platform::database::{Database, Write};
use platform::testing::each_engine;
use time::macros::date;
use time::{Date, Duration};

fn content() -> Content {
    example_named("Akta kelahiran").expect("there is such an example").content.clone()
}

fn discussion(on: Date) -> Discussion {
    Discussion { on, with: "Warga dan bidan".into(), minutes: "https://contoh.go.id/berita-acara".into() }
}

fn decree(on: Date) -> Decree {
    Decree { number: "060/12/2026".into(), on, url: String::new(), effective_on: on }
}

/// Takes a standard from its beginning to being published.
fn through(
    db: &mut Write<'_>,
    desk: &Desk,
    service: &Service,
    content: &Content,
    on: Date,
) -> Result<Standard, Refused> {
    let draft = begin_standard(db, desk, service.id)?;
    finish(db, desk, &draft, (content, on))
}

/// Takes a draft to being published.
fn finish(
    db: &mut Write<'_>,
    desk: &Desk,
    draft: &Standard,
    (content, on): (&Content, Date),
) -> Result<Standard, Refused> {
    let written = write_standard(db, desk, draft.id, draft.version, content)?;
    let discussed = discuss_standard(db, desk, draft.id, written.version, &discussion(on))?;
    let determined = determine_standard(db, desk, draft.id, discussed.version, &decree(on))?;
    publish_standard(db, desk, draft.id, determined.version)
}

/// Takes a draft of a city to being published.
pub(super) fn brought_into_force(db: &mut Write<'_>, city: &City, draft: &Standard) -> Result<Standard, Refused> {
    finish(db, &city.desk(), draft, (&content(), date!(2026 - 11 - 01)))
}

async fn published(database: &Database, city: &City, service: &Service, content: Content, on: Date) -> Standard {
    let (desk, service) = (city.desk(), service.clone());
    let done = database.write(move |db| through(db, &desk, &service, &content, on)).await;
    done.expect("it is published")
}

#[test]
fn a_standard_passes_all_its_steps_and_the_catalogue_then_promises_what_it_says() {
    each_engine("standard", |database| async move {
        let (here, _) = cities(&database).await;
        let service = enter(&database, &here, "Akta kelahiran").await;
        let standard = published(&database, &here, &service, content(), date!(2026 - 11 - 01)).await;
        assert_eq!((standard.state, standard.number, standard.review), (StandardState::Published, 1, Review::Current));
        assert_eq!(standard.hash, Some(fingerprint(&content().bytes())));
        let (id, own) = (here.id, service.id);
        let (found, now, proofs) = database
            .read(move |db| {
                let found = kept::in_force(db, id, own)?.expect("it is in force");
                let proofs = kept::proofs(db, id, found.id)?;
                Ok::<_, platform::database::DatabaseError>((found, store::service(db, id, own)?, proofs))
            })
            .await
            .unwrap();
        assert_eq!(found, standard, "it is stored as it was made");
        let now = now.expect("it is there");
        assert_eq!((now.state, now.facts.requirements.len()), (ServiceState::Published, 3));
        assert_eq!(now.facts.duration, content().duration);
        let proof = &proofs[0];
        assert_eq!((proof.medium, proof.place.as_str()), (Medium::Site, "/layanan/akta-kelahiran"));
        assert_eq!(Some(&proof.hash), standard.hash.as_ref());
    });
}

#[test]
fn a_standard_is_not_determined_before_it_is_complete_and_discussed() {
    each_engine("order", |database| async move {
        let (here, _) = cities(&database).await;
        let service = enter(&database, &here, "Akta kelahiran").await;
        let (desk, id) = (here.desk(), service.id);
        let draft = database.write(move |db| begin_standard(db, &desk, id)).await.expect("it is begun");
        let again = database.write(move |db| begin_standard(db, &desk, id)).await;
        assert_eq!(outcome(again), "wrong-state", "one version is in the making");
        let own = draft.id;
        let early =
            database.write(move |db| determine_standard(db, &desk, own, 1, &decree(date!(2026 - 11 - 01)))).await;
        assert_eq!(outcome(early), "wrong-state");
        let ahead =
            database.write(move |db| discuss_standard(db, &desk, own, 1, &discussion(date!(2026 - 12 - 01)))).await;
        assert_eq!(outcome(ahead), "fault.day-ahead");
        let discussed =
            database.write(move |db| discuss_standard(db, &desk, own, 1, &discussion(date!(2026 - 10 - 01)))).await;
        assert_eq!(discussed.expect("it is discussed").state, StandardState::Discussed);
        let incomplete =
            database.write(move |db| determine_standard(db, &desk, own, 2, &decree(date!(2026 - 11 - 01)))).await;
        assert_eq!(outcome(incomplete), "fault.incomplete");
        let written = content();
        let closed = database.write(move |db| write_standard(db, &desk, own, 2, &written)).await;
        assert_eq!(outcome(closed), "wrong-state", "only a draft is written");
        let reopened = database.write(move |db| reopen_standard(db, &desk, own, 2)).await.expect("it is given back");
        assert_eq!((reopened.state, reopened.discussion), (StandardState::Draft, None));
        let written = content();
        let saved = database.write(move |db| write_standard(db, &desk, own, 3, &written)).await.expect("it is written");
        assert!(saved.content.missing().is_empty());
        let stale =
            database.write(move |db| discuss_standard(db, &desk, own, 3, &discussion(date!(2026 - 10 - 01)))).await;
        assert_eq!(outcome(stale), "stale");
        database
            .write(move |db| discuss_standard(db, &desk, own, 4, &discussion(date!(2026 - 10 - 20))))
            .await
            .expect("again");
        let before =
            database.write(move |db| determine_standard(db, &desk, own, 5, &decree(date!(2026 - 10 - 19)))).await;
        assert_eq!(outcome(before), "fault.decree-before");
    });
}

/// Somebody determines a fee on 1 December that is to be paid from 1 January: in December people pay what the former version says.
#[test]
fn a_standard_is_not_published_before_its_day_of_force() {
    each_engine("a day of force", |database| async move {
        let (here, _) = cities(&database).await;
        let service = enter(&database, &here, "Akta kelahiran").await;
        let (desk, id) = (here.desk(), service.id);
        let early = database.write(move |db| {
            let draft = begin_standard(db, &desk, id)?;
            let written = write_standard(db, &desk, draft.id, draft.version, &content())?;
            let on = date!(2026 - 11 - 01);
            let discussed = discuss_standard(db, &desk, draft.id, written.version, &discussion(on))?;
            let later = Decree { effective_on: date!(2027 - 01 - 01), ..decree(on) };
            let determined = determine_standard(db, &desk, draft.id, discussed.version, &later)?;
            Ok::<_, Refused>((draft.id, determined.version))
        });
        let (draft, version) = early.await.expect("it is determined");
        let early = database.write(move |db| publish_standard(db, &desk, draft, version)).await;
        assert_eq!(outcome(early), "fault.not-in-force");
        let later = Desk { now: NOW + Duration::days(120), ..desk };
        let published = database.write(move |db| publish_standard(db, &later, draft, version)).await;
        assert_eq!(published.expect("its day has come").state, StandardState::Published);
    });
}

#[test]
fn a_standard_is_not_published_where_nobody_could_read_it() {
    each_engine("standards nobody could read", |database| async move {
        let (here, _) = cities(&database).await;
        let (desk, unit) = (here.desk(), here.office.id);
        let bare = database.write(move |db| {
            let typed = TypedService { summary: String::new(), ..typed("Layanan kosong") };
            let service = enter_service(db, &desk, unit, &typed.check().map_err(Refused::Faults)?, false)?;
            through(db, &desk, &service, &content(), date!(2026 - 11 - 01))
        });
        assert_eq!(outcome(bare.await), "fault.service-lacks");
        let service = enter(&database, &here, "Akta kelahiran").await;
        published(&database, &here, &service, content(), date!(2025 - 11 - 01)).await;
        let withdrawn = database.write(move |db| {
            let service = store::service(db, desk.institution, service.id)?.ok_or(Refused::NotFound)?;
            let service = withdraw_service(db, &desk, service.id, service.version)?;
            through(db, &desk, &service, &content(), date!(2026 - 11 - 01))
        });
        assert_eq!(outcome(withdrawn.await), "fault.service-withdrawn");
    });
}

#[test]
fn a_new_version_takes_the_place_of_the_one_in_force_which_stays_readable() {
    each_engine("versions", |database| async move {
        let (here, _) = cities(&database).await;
        let service = enter(&database, &here, "Akta kelahiran").await;
        published(&database, &here, &service, content(), date!(2025 - 11 - 01)).await;
        let dearer = Content { fee: Some(Fee::Fixed { rupiah: 5_000 }), ..content() };
        let second = published(&database, &here, &service, dearer, date!(2026 - 11 - 01)).await;
        assert_eq!(second.number, 2);
        let (id, own) = (here.id, service.id);
        let all = database.read(move |db| kept::standards(db, id, own)).await.unwrap();
        let states: Vec<(i64, StandardState)> = all.iter().map(|standard| (standard.number, standard.state)).collect();
        assert_eq!(states, [(2, StandardState::Published), (1, StandardState::Replaced)]);
        assert!(all[1].replaced_at == Some(NOW) && all[1].hash.is_some());
        let now = database.read(move |db| store::service(db, id, own)).await.unwrap().expect("it is there");
        assert_eq!(now.facts.fee, Some(Fee::Fixed { rupiah: 5_000 }));
        let mut facts = now.facts.clone();
        (facts.fee, facts.summary) = (Some(Fee::Free), "Ringkasan lain".into());
        let (desk, unit) = (here.desk(), here.office.id);
        let changed = database.write(move |db| change_service(db, &desk, own, now.version, (unit, &facts))).await;
        let changed = changed.expect("it is changed");
        assert_eq!(changed.facts.fee, Some(Fee::Fixed { rupiah: 5_000 }), "what a standard promises stays");
        assert_eq!(changed.facts.summary, "Ringkasan lain");
    });
}

#[test]
fn a_review_falls_due_is_noted_once_and_ended_by_a_review() {
    each_engine("review", |database| async move {
        let (here, there) = cities(&database).await;
        let (old, older) =
            (enter(&database, &here, "Akta kelahiran").await, enter(&database, &here, "Akta kematian").await);
        let fresh = enter(&database, &here, "Kartu Keluarga").await;
        published(&database, &here, &old, content(), date!(2026 - 01 - 01)).await;
        published(&database, &here, &fresh, content(), date!(2026 - 11 - 01)).await;
        let overdue = published(&database, &here, &older, content(), date!(2023 - 11 - 20)).await;
        assert_eq!(overdue.review, Review::Overdue, "published late, it is overdue at once");
        let later = Desk { now: NOW + Duration::days(100), ..here.desk() };
        let noted = database.write(move |db| fall_due(db, &later, 50)).await.unwrap();
        let noted: Vec<(crate::ServiceId, Review)> = noted.iter().map(|due| (due.service, due.review)).collect();
        assert_eq!(noted, [(old.id, Review::Due)]);
        assert!(database.write(move |db| fall_due(db, &later, 50)).await.unwrap().is_empty(), "once");
        let elsewhere = Desk { now: NOW + Duration::days(5_000), ..there.desk() };
        assert!(database.write(move |db| fall_due(db, &elsewhere, 50)).await.unwrap().is_empty(), "each city its own");
        let (id, own) = (here.id, old.id);
        let due = database.read(move |db| kept::in_force(db, id, own)).await.unwrap().expect("it is in force");
        let reviewed = database
            .write(move |db| review_standard(db, &later, due.id, due.version, date!(2027 - 02 - 20)))
            .await
            .expect("it is reviewed");
        assert_eq!((reviewed.review, reviewed.reviewed_on), (Review::Current, Some(date!(2027 - 02 - 20))));
        let back = database
            .write(move |db| review_standard(db, &later, due.id, reviewed.version, date!(2027 - 01 - 01)))
            .await;
        assert_eq!(outcome(back), "fault.review-before");
        let much_later = Desk { now: NOW + Duration::days(2_000), ..here.desk() };
        let noted = database.write(move |db| fall_due(db, &much_later, 50)).await.unwrap();
        assert!(noted.iter().all(|due| due.review == Review::Overdue) && noted.len() == 2, "{noted:?}");
    });
}

#[test]
fn a_publication_elsewhere_is_noted_with_the_fingerprint_and_never_changed() {
    each_engine("proofs", |database| async move {
        let (here, there) = cities(&database).await;
        let service = enter(&database, &here, "Akta kelahiran").await;
        let standard = published(&database, &here, &service, content(), date!(2026 - 11 - 01)).await;
        let (desk, own) = (here.desk(), standard.id);
        let at = |on| (Medium::Board, "Papan lantai 1".to_owned(), on);
        let noted = database.write(move |db| note_publication(db, &desk, own, at(date!(2026 - 11 - 20)))).await;
        assert_eq!(Some(noted.expect("it is noted").hash), standard.hash);
        let ahead = database.write(move |db| note_publication(db, &desk, own, at(date!(2026 - 11 - 30)))).await;
        assert_eq!(outcome(ahead), "fault.day-ahead");
        let other = there.desk();
        let foreign = database.write(move |db| note_publication(db, &other, own, at(date!(2026 - 11 - 20)))).await;
        assert_eq!(outcome(foreign), "not-found");
        let id = here.id;
        assert_eq!(database.read(move |db| kept::proofs(db, id, own)).await.unwrap().len(), 2);
    });
}

#[tokio::test]
async fn three_roles_bring_a_standard_from_an_example_to_everybody() {
    let world = World::new().await;
    let (admin, head) = (world.admin(), world.signed_in(HERE, "kepala@satu"));
    let coordinator = world.signed_in(HERE, "koordinator@satu");
    let at = "/kelola/layanan/akta-kelahiran/standar";
    assert!(admin.get("/kelola/layanan/contoh").await.says("Akta kelahiran"));
    let copied =
        admin.post("/kelola/layanan/contoh", &[("unit", "dinas-kependudukan"), ("example", "akta-kelahiran")]).await;
    assert_eq!(copied.location(), "/kelola/layanan/akta-kelahiran?selesai=disalin", "{}", copied.text());
    assert!(admin.get("/kelola/layanan").await.says("contoh, belum diperiksa"));
    assert!(admin.get(&format!("{at}/isi")).await.says("14. Evaluasi kinerja pelaksana"));
    let to = |step: &str| format!("{at}/{step}");
    let discuss = [("version", "2"), ("discussed_on", "2026-10-01"), ("discussed_with", "Warga dan bidan")];
    assert_eq!(admin.post(&to("bahas"), &discuss).await.status, 403, "the admin writes only");
    assert_eq!(
        head.post(&to("bahas"), &discuss).await.location(),
        "/kelola/layanan/akta-kelahiran/standar?selesai=dibahas"
    );
    let no_number = head.post(&to("tetapkan"), &[("version", "3"), ("decree_on", "2026-11-01")]).await;
    assert!(
        no_number.status == 422 && no_number.says("Isi nomor keputusan.") && no_number.says("value=\"2026-11-01\"")
    );
    let decree =
        [("version", "3"), ("decree_number", "060/12"), ("decree_on", "2026-11-01"), ("effective_on", "2026-11-15")];
    assert_eq!(coordinator.post(&to("tetapkan"), &decree).await.status, 403, "the head determines");
    assert!(head.post(&to("tetapkan"), &decree).await.location().ends_with("selesai=ditetapkan"));
    assert_eq!(head.post(&to("terbitkan"), &[("version", "4")]).await.status, 403, "the coordinator publishes");
    assert!(coordinator.post(&to("terbitkan"), &[("version", "4")]).await.location().ends_with("selesai=standar"));
    let public = world.browser.at(HERE).get("/layanan/akta-kelahiran").await;
    assert!(
        public.says("Ditetapkan dengan 060/12 tanggal 1 November 2026, berlaku sejak 15 November 2026."),
        "{}",
        public.text()
    );
    assert!(public.says("2 hari kerja") && public.says("Kutipan akta kelahiran, dan anak tercatat"));
    let version = world.browser.at(HERE).get("/layanan/akta-kelahiran/standar/1").await;
    let bytes = world.browser.at(HERE).get("/layanan/akta-kelahiran/standar/1/isi.json").await.text();
    assert!(version.status == 200 && version.says(&fingerprint(&bytes)), "the fingerprint is of those bytes");
}

#[tokio::test]
async fn a_draft_says_how_much_is_missing_and_a_version_what_it_changes() {
    let world = World::new().await;
    let slug = world.published("Akta kelahiran").await;
    let admin = world.admin();
    let at = format!("/kelola/layanan/{slug}/standar");
    assert!(admin.get(&at).await.says("Belum ada Standar Pelayanan"));
    let begun = admin.post(&format!("{at}/mulai"), &[]).await;
    assert!(admin.get(begun.location()).await.says("11 dari 14 belum lengkap"), "{}", begun.location());
    let sent =
        [("version", "1"), ("persyaratan", "KTP-el"), ("amount", "seminggu"), ("fee", "fixed"), ("fee_text", "")];
    let wrong = admin.post(&format!("{at}/isi"), &sent).await;
    assert!(wrong.status == 422 && wrong.says("value=\"seminggu\"") && wrong.says("KTP-el"), "{}", wrong.text());
    let sent = [
        ("version", "1"),
        ("persyaratan", "KTP-el"),
        ("produk-pelayanan", "Akta"),
        ("amount", "3"),
        ("time_unit", "days"),
        ("fee", "free"),
    ];
    let saved = admin.post(&format!("{at}/isi"), &sent).await;
    assert!(admin.get(saved.location()).await.says("10 dari 14 belum lengkap"));
    let city = world.here.clone();
    let done = world.database.write(move |db| {
        let service = store::service_by_slug(db, city.id, "akta-kelahiran")?.ok_or(Refused::NotFound)?;
        let draft = kept::standards(db, city.id, service.id)?.remove(0);
        write_standard(db, &city.desk(), draft.id, draft.version, &content())?;
        discuss_standard(db, &city.desk(), draft.id, 3, &discussion(date!(2026 - 10 - 01)))?;
        determine_standard(db, &city.desk(), draft.id, 4, &decree(date!(2026 - 11 - 01)))?;
        publish_standard(db, &city.desk(), draft.id, 5)?;
        let next = begin_standard(db, &city.desk(), service.id)?;
        let dearer = Content { fee: Some(Fee::Fixed { rupiah: 5_000 }), ..content() };
        write_standard(db, &city.desk(), next.id, 1, &dearer)
    });
    done.await.expect("a second version is written");
    let second = admin.get(&format!("{at}/versi/2")).await;
    assert!(second.says("<del>") && second.says("Gratis") && second.says("Rp5.000"), "{}", second.text());
    assert_eq!(
        world.browser.at(HERE).get(&format!("/layanan/{slug}/standar/2")).await.status,
        404,
        "a draft is for staff"
    );
}

#[test]
fn the_people_of_a_unit_are_told_once_that_a_review_is_due() {
    each_engine("reminder", |database| async move {
        let (here, _) = cities(&database).await;
        let service = enter(&database, &here, "Akta kelahiran").await;
        published(&database, &here, &service, content(), date!(2025 - 01 - 01)).await;
        let (id, unit) = (here.id, here.office.id);
        // Published late, it is due at once; the clock of the review is set back to look at what the program notes.
        let own = service.id;
        database
            .write(move |db| {
                let admin = access::DemonstrationPerson {
                    id: None,
                    email: access::Email::read("admin@contoh.go.id").expect("an address"),
                    name: "Admin".into(),
                    role: platform::identity::Role::UnitAdmin,
                    unit: Some(unit),
                    password_hash: String::new(),
                };
                access::enter_demonstration_person(db, id, &admin, NOW - Duration::days(1))?;
                let due = kept::in_force(db, id, own)?.expect("it is in force");
                let current = Standard { review: Review::Current, version: due.version + 1, ..due };
                kept::save(db, id, &current)
            })
            .await
            .expect("somebody is there to be told");
        let note = || {
            let (desk, database) = (here.desk(), database.clone());
            let way = crate::reviews::Way {
                secrets: platform::secret::Secrets::new([7; 32]),
                origin: Some("https://contoh.go.id".into()),
            };
            async move { database.write(move |db| crate::reviews::note(db, &desk, &way)).await.expect("it is noted") }
        };
        assert_eq!((note().await, note().await), (1, 0));
        let sent = database.read(move |db| platform::messages::counts(db, id)).await.expect("messages are counted");
        assert_eq!(sent.waiting, 1);
    });
}

#[tokio::test]
async fn the_admin_writes_the_declaration_and_the_head_signs_it() {
    let world = World::new().await;
    let (admin, head) = (world.admin(), world.signed_in(HERE, "kepala@satu"));
    let at = "/kelola/maklumat/dinas-kependudukan";
    assert_eq!(world.browser.at(HERE).get("/maklumat/dinas-kependudukan").await.status, 404);
    assert!(admin.get(at).await.says("sanggup melayani sesuai Standar Pelayanan"), "a draft is proposed");
    let empty = admin.post(at, &[("version", "0"), ("text", ""), ("signed_by", "Kepala Dinas")]).await;
    assert!(empty.status == 422 && empty.says("Tulis isi maklumat.") && empty.says("Kepala Dinas"));
    let sent = [("version", "0"), ("text", "Kami sanggup."), ("signed_by", "Kepala Dinas")];
    assert_eq!(head.post(at, &sent).await.status, 403, "the head signs only");
    assert!(admin.post(at, &sent).await.location().ends_with("selesai=ditulis"));
    let to = format!("{at}/terbitkan");
    assert_eq!(admin.post(&to, &[("version", "1"), ("signed_on", "2026-11-01")]).await.status, 403);
    let ahead = head.post(&to, &[("version", "1"), ("signed_on", "2026-12-01")]).await;
    assert!(ahead.status == 422 && ahead.says("Pilih tanggal yang tidak lewat hari ini."), "{}", ahead.text());
    assert!(head.post(&to, &[("version", "1"), ("signed_on", "2026-11-01")]).await.location().ends_with("maklumat"));
    let public = world.browser.at(HERE).get("/maklumat/dinas-kependudukan").await;
    assert!(public.says("Kami sanggup.") && public.says("Kepala Dinas, 1 November 2026"), "{}", public.text());
}

#[tokio::test]
async fn a_table_is_reviewed_before_anything_is_stored() {
    let world = World::new().await;
    let coordinator = world.signed_in(HERE, "koordinator@satu");
    let table = "Nama layanan,Unit,Ringkasan,Kanal,Waktu,Biaya,Keadaan\nSantunan,1.06,Untuk warga.,loket,3 hari,Gratis,Terbit\nLain,9.99,,,,,\n";
    let sent = coordinator.upload("/kelola/impor/layanan", &[], ("berkas", "layanan.csv", table.as_bytes())).await;
    let review = coordinator.get(sent.location()).await;
    assert!(review.says("Santunan") && review.says("Unit ini tidak dikenal."), "{}", review.text());
    assert_eq!(world.browser.at(HERE).get("/layanan/santunan").await.status, 404, "nothing is stored yet");
    let text = review.text();
    let value = |name: &str| {
        let from = text.split(&format!("name=\"{name}\" value=\"")).nth(1).expect("the form has it");
        from.split('"').next().unwrap_or_default().to_owned()
    };
    let (draft, fingerprint) = (value("berkas"), value("sidik"));
    let wrong = coordinator.get(&format!("/kelola/impor/layanan/keliru.csv?berkas={draft}")).await;
    assert!(wrong.text().contains("Lain,9.99") && !wrong.text().contains("Santunan"));
    let stored =
        coordinator.post("/kelola/impor/layanan/periksa", &[("berkas", &draft), ("sidik", &fingerprint)]).await;
    assert_eq!(stored.location(), "/kelola/layanan?selesai=diimpor", "{}", stored.text());
    assert!(world.browser.at(HERE).get("/layanan/santunan").await.says("3 hari"));
    assert_eq!(coordinator.get("/kelola/impor/layanan/contoh.xlsx").await.status, 200);
    assert_eq!(world.admin().get("/kelola/impor/layanan").await.status, 403);
}
