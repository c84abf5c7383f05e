//! A link that its maker kept does not open an account that became more than its maker may give.

use super::{City, Someone, between, hidden, link_on};
use crate::people::open_posts;
use platform::identity::Role;
use platform::testing::{Browser, each_engine};

const CHOSEN: &str = "sepeda merah di bawah hujan";

/// An admin of the office, and a browser in which they are signed in.
async fn unit_admin(city: &City) -> Browser {
    let admin = city.person("Wati", Role::UnitAdmin, Some(city.office)).await;
    city.signed_in(&admin).await
}

/// Invites Budi as an officer of the counter: the page of Budi, and the link.
async fn invite(city: &City, admin: &Browser) -> (String, String) {
    let unit = city.counter.to_string();
    let fields = [("name", "Budi"), ("email", "budi@contoh.go.id"), ("role", "counter-officer"), ("unit", &unit)];
    let shown = admin.post("/kelola/orang/undang", &fields).await.text();
    let id = between(shown.split_once("</dl>").unwrap().1, "/kelola/orang/", "\"");
    (format!("/kelola/orang/{id}"), link_on(&shown))
}

/// Tries to choose a password with a link; whether it was taken.
async fn opens(city: &City, link: &str) -> bool {
    let fields = [("name", "Budi"), ("new_password", CHOSEN), ("again", CHOSEN)];
    let answer = city.browser().post(link, &fields).await.status.as_u16();
    assert!([303, 410].contains(&answer), "{answer}");
    answer == 303
}

/// An admin of a unit invites a coming coordinator as an officer and keeps the link. The system admin makes them coordinator: the
/// link ends, the page says so and offers another, and that one leads to the new role.
#[test]
fn an_invitation_made_before_a_promotion_ends_and_a_new_one_is_offered() {
    each_engine("an invitation made before a promotion ends", |database| async move {
        let city = City::new(database).await;
        let wati = unit_admin(&city).await;
        let (path, kept) = invite(&city, &wati).await;
        let admin = city.admin().await;
        assert!(!admin.get(&path).await.says("belum punya tautan"), "the invitation still holds");
        let given = admin.post(&format!("{path}/peran"), &[("role", "coordinator")]).await;
        assert_eq!(given.location(), format!("{path}?selesai=peran-tautan"));
        let page = admin.get(given.location()).await;
        assert!(page.says("Tautan lama tidak berlaku lagi") && page.says("belum punya tautan undangan"));
        assert_eq!(page.text().matches("/tautan/undangan").count(), 1, "one way to make another");
        assert!(!opens(&city, &kept).await);
        let made = wati.post(&format!("{path}/tautan/undangan"), &[]).await;
        assert_eq!(made.status.as_u16(), 403, "whoever invited makes no link to a coordinator");
        let renewed = link_on(&admin.post(&format!("{path}/tautan/undangan"), &[]).await.text());
        assert!(!admin.get(&path).await.says("belum punya tautan"));
        assert!(opens(&city, &renewed).await);
        let acts = city.acts(path.rsplit('/').next().unwrap().parse().unwrap()).await;
        assert!(acts.contains(&"access.link-ended".to_owned()) && city.chain_is_whole().await, "{acts:?}");
    });
}

/// The same with a link for another password, made while the account was an officer's.
#[test]
fn a_password_link_made_before_a_promotion_ends() {
    each_engine("a password link made before a promotion ends", |database| async move {
        let city = City::new(database).await;
        let wati = unit_admin(&city).await;
        let sari = city.person("Sari", Role::CounterOfficer, Some(city.counter)).await;
        let path = format!("/kelola/orang/{}", sari.account);
        let kept = link_on(&wati.post(&format!("{path}/tautan/kata-sandi"), &[]).await.text());
        let admin = city.admin().await;
        admin.post(&format!("{path}/peran"), &[("role", "system-admin")]).await;
        assert!(!opens(&city, &kept).await);
        city.signed_in(&sari).await;
    });
}

#[test]
fn a_role_given_while_no_link_is_open_is_just_given() {
    each_engine("a role given while no link is open is just given", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::CounterOfficer, Some(city.counter)).await;
        let path = format!("/kelola/orang/{}", sari.account);
        let given = city.admin().await.post(&format!("{path}/peran"), &[("role", "juror")]).await;
        assert_eq!(given.location(), format!("{path}?selesai=peran"));
        assert!(!city.acts(sari.account).await.contains(&"access.link-ended".to_owned()));
    });
}

/// The table says beside the row what becomes of the link, and the page after it shows the new one.
#[test]
fn a_role_from_a_table_ends_the_kept_invitation_and_gives_a_new_one() {
    each_engine("a role from a table ends the kept invitation", |database| async move {
        let city = City::new(database).await;
        let wati = unit_admin(&city).await;
        let (path, kept) = invite(&city, &wati).await;
        let sari = city.person("Sari", Role::CounterOfficer, Some(city.counter)).await;
        let of_sari = format!("/kelola/orang/{}/tautan/kata-sandi", sari.account);
        let kept_of_sari = link_on(&wati.post(&of_sari, &[]).await.text());
        let admin = city.admin().await;
        let table = "nama,surel,peran,unit\nBudi,budi@contoh.go.id,Petugas loket,1.06.1\n\
            Budi,budi@contoh.go.id,Juri,\nBudi,budi@contoh.go.id,Evaluator,\nSari,sari@contoh.go.id,Juri,\n\
            Baru,baru@contoh.go.id,Juri,\n";
        let sent = admin.upload("/kelola/impor/orang", &[], ("berkas", "orang.csv", table.as_bytes())).await;
        let draft = sent.location().to_owned();
        let preview = admin.get(&draft).await.text();
        assert_eq!(preview.matches("belum menerima undangannya").count(), 2, "the roles that Budi does not hold yet");
        assert_eq!(preview.matches("Tautan kata sandi orang ini").count(), 1);
        assert!(opens_page(&city, &kept).await, "nothing is stored yet");
        let links = admin.post(&draft, &[("fingerprint", &hidden(&preview, "fingerprint"))]).await.text();
        assert_eq!(links.matches("/undangan/").count(), 2, "Budi and Baru, not Sari: {links}");
        assert!(!opens(&city, &kept).await && !opens(&city, &kept_of_sari).await);
        assert!(opens(&city, &link_on(links.split_once("budi@contoh.go.id").unwrap().1)).await);
        assert!(opens(&city, &link_on(links.split_once("baru@contoh.go.id").unwrap().1)).await);
        let (institution, now) = (city.institution, city.now());
        let id = path.rsplit('/').next().unwrap().parse().unwrap();
        let held = city.database.read(move |db| crate::store::held(db, institution, id)).await.unwrap();
        assert_eq!(open_posts(&held, now).len(), 3);
        assert!(city.chain_is_whole().await);
    });
}

/// A link is looked at without being used.
async fn opens_page(city: &City, link: &str) -> bool {
    city.browser().get(link).await.status.as_u16() == 200
}

/// The command line imports with the program's own authority: it ends kept links as the page does.
#[test]
fn a_table_from_the_command_line_ends_the_kept_invitation_too() {
    each_engine("a table from the command line ends the kept invitation", |database| async move {
        let city = City::new(database).await;
        let wati = unit_admin(&city).await;
        let (_, kept) = invite(&city, &wati).await;
        let act = crate::Act::of_program(city.institution, city.now(), "command-line");
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("orang.csv");
        std::fs::write(&file, "nama,surel,peran\nBudi,budi@contoh.go.id,Koordinator\n").unwrap();
        let table = organisation::import::read_table(&file, "orang.csv", crate::MOST_ROWS).unwrap();
        let made = city.database.write(move |db| {
            let review = crate::preview_people(db, &act, &table)?.unwrap();
            crate::import_people(db, &act, &table, &review.fingerprint())
        });
        let made = made.await.unwrap();
        assert_eq!(made.len(), 1);
        assert!(!opens(&city, &kept).await);
        assert!(opens(&city, &format!("/undangan/{}", made[0].token.reveal())).await);
    });
}

/// A link to replace a second factor asks for the password, and only system admins make it: it may stay.
#[test]
fn a_link_for_a_lost_second_factor_outlives_a_new_role() {
    each_engine("a link for a lost second factor outlives a new role", |database| async move {
        let city = City::new(database).await;
        let sari: Someone = city.person("Sari", Role::Juror, None).await;
        city.enrolled(&sari).await;
        let admin = city.admin().await;
        let path = format!("/kelola/orang/{}", sari.account);
        let link = link_on(&admin.post(&format!("{path}/tautan/dua-langkah"), &[]).await.text());
        let given = admin.post(&format!("{path}/peran"), &[("role", "evaluator")]).await;
        assert_eq!(given.location(), format!("{path}?selesai=peran"));
        assert!(opens_page(&city, &link).await);
    });
}
