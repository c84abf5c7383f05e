//! What was decided meanwhile holds: a suspension from above, and an admin who lost session or role while a request waited.

use super::{City, PASSWORD, Someone, sign_in};
use crate::account::Email;
use crate::actions::{self, Act, Invited, NewGrant, Refused};
use crate::granting::Post;
use crate::link::Purpose;
use crate::{AccountState, store};
use platform::database::Write;
use platform::identity::{AccountId, Person, Role};
use platform::session::{COOKIE, Token};
use platform::testing::{Browser, each_engine};

/// The coordinator suspends an officer; the admin of the officer's unit cannot let the officer in again, nor close the account to
/// invite the address anew. The coordinator can.
#[test]
fn a_suspension_from_above_is_not_undone_from_below() {
    each_engine("a suspension from above is not undone from below", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::CounterOfficer, Some(city.counter)).await;
        let wati = city.person("Wati", Role::UnitAdmin, Some(city.office)).await;
        let coordinator = city.person("Koordinator", Role::Coordinator, None).await;
        let (above, below) = (city.enrolled(&coordinator).await.0, city.signed_in(&wati).await);
        let path = format!("/kelola/orang/{}", sari.account);
        above.post(&format!("{path}/tangguhkan"), &[]).await;
        let page = below.get(&path).await;
        assert!(page.says("ditangguhkan orang lain") && !page.says("/aktifkan") && !page.says("/tutup"));
        for change in ["aktifkan", "tutup"] {
            let answer = below.post(&format!("{path}/{change}"), &[]).await;
            assert!(answer.status.as_u16() == 422 && answer.says("Minta dia, koordinator"), "{change}");
        }
        assert_eq!(sign_in(&city.browser(), &sari.email, PASSWORD).await.status.as_u16(), 422);
        assert!(above.get(&path).await.says("/aktifkan"));
        assert_eq!(above.post(&format!("{path}/aktifkan"), &[]).await.location(), format!("{path}?selesai=diaktifkan"));
        assert_eq!(sign_in(&city.browser(), &sari.email, PASSWORD).await.status.as_u16(), 303);
    });
}

#[test]
fn whoever_suspended_lets_in_again_and_so_does_who_looks_after_the_institution() {
    each_engine("whoever suspended lets in again", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::CounterOfficer, Some(city.counter)).await;
        let wati = city.person("Wati", Role::UnitAdmin, Some(city.office)).await;
        let peer = city.person("Peer", Role::UnitAdmin, Some(city.office)).await;
        let (own, other, admin) = (city.signed_in(&wati).await, city.signed_in(&peer).await, city.admin().await);
        let path = format!("/kelola/orang/{}", sari.account);
        let answer = async |browser: &Browser, change: &str| {
            browser.post(&format!("{path}/{change}"), &[]).await.status.as_u16()
        };
        assert_eq!(answer(&own, "tangguhkan").await, 303);
        assert_eq!(answer(&other, "aktifkan").await, 422, "a peer is not above");
        assert_eq!(answer(&own, "aktifkan").await, 303);
        assert_eq!(answer(&own, "tangguhkan").await, 303);
        assert_eq!(answer(&admin, "aktifkan").await, 303);
        assert_eq!(answer(&other, "tangguhkan").await, 303);
        assert_eq!(answer(&own, "aktifkan").await, 422, "who suspended before counts no more");
    });
}

/// The program, and rows from before this was kept, leave nobody who suspended: only the whole institution's admins undo it.
#[test]
fn a_suspension_by_nobody_known_is_undone_by_who_looks_after_the_institution() {
    each_engine("a suspension by nobody known", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::CounterOfficer, Some(city.counter)).await;
        let wati = city.person("Wati", Role::UnitAdmin, Some(city.office)).await;
        let (act, id) = (Act::of_program(city.institution, city.now(), "command-line"), sari.account);
        city.database.write(move |db| actions::suspend(db, &act, id)).await.unwrap();
        let path = format!("/kelola/orang/{id}/aktifkan");
        assert_eq!(city.signed_in(&wati).await.post(&path, &[]).await.status.as_u16(), 422);
        assert_eq!(city.admin().await.post(&path, &[]).await.status.as_u16(), 303);
    });
}

/// The person of a browser, as a request finds them before its body arrives.
async fn found(city: &City, browser: &Browser) -> Person {
    let token = Token::presented(&browser.cookie(COOKIE).unwrap()).hash();
    let (institution, now) = (city.institution, city.now());
    city.database.read(move |db| crate::find_person(db, &token, institution, now)).await.unwrap().unwrap()
}

/// What may happen in a transaction, to an account or by an act.
type Step<T> = Box<dyn Fn(&mut Write<'_>, T) -> Result<(), Refused> + Send>;

/// Every act on another person, tried by somebody who was found before: the names of those that were done.
async fn done_to(city: &City, person: &Person, other: AccountId) -> Vec<&'static str> {
    let (act, institution) = (Act::of(person, city.now()), city.institution);
    let held = city.database.read(move |db| store::held(db, institution, other)).await.unwrap();
    let (unit, grant) = (Some(city.office), held[0].id);
    let new = NewGrant::now(Post { role: Role::CounterOfficer, unit });
    let email = |text: &str| Email::read(text).unwrap();
    let invited = |address| Invited { email: email(address), name: "Baru".into(), grants: vec![new.clone()] };
    let (one, two, own) = (invited("satu@contoh.go.id"), invited("dua@contoh.go.id"), email("sari@contoh.go.id"));
    let tries: Vec<(&'static str, Step<Act>)> = vec![
        ("invite", Box::new(move |db, act| actions::invite(db, &act, &one).map(drop))),
        ("create", Box::new(move |db, act| actions::create_account(db, &act, &two, "x").map(drop))),
        ("grant", Box::new(move |db, act| actions::grant(db, &act, other, &new).map(drop))),
        ("correct", Box::new(move |db, act| actions::correct(db, &act, other, "Sari Dewi", &own))),
        ("help in", Box::new(move |db, act| actions::help_in(db, &act, other, Purpose::Password).map(drop))),
        ("sign out", Box::new(move |db, act| actions::sign_out_everywhere(db, &act, other).map(drop))),
        ("revoke", Box::new(move |db, act| actions::revoke(db, &act, other, grant))),
        ("suspend", Box::new(move |db, act| actions::suspend(db, &act, other))),
        ("resume", Box::new(move |db, act| actions::resume(db, &act, other))),
        ("close", Box::new(move |db, act| actions::close(db, &act, other))),
    ];
    let mut done = Vec::new();
    for (name, attempt) in tries {
        let act = act.clone();
        match city.database.write(move |db| attempt(db, act.clone())).await {
            Ok(()) => done.push(name),
            Err(Refused::NotYours | Refused::NotFound) => {}
            Err(other) => panic!("{name}: {other}"),
        }
    }
    done
}

/// An admin's request waits for its body. Meanwhile the admin is suspended, loses the role, or is signed out: nothing is done.
#[test]
fn an_admin_who_lost_session_or_role_while_the_request_waited_does_nothing() {
    each_engine("an admin who lost session or role does nothing", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::CounterOfficer, Some(city.counter)).await;
        let command_line = Act::of_program(city.institution, city.now(), "command-line");
        let (act, institution) = (command_line.clone(), city.institution);
        let take_role = move |db: &mut Write<'_>, id| {
            let grant = store::held(db, institution, id)?[0].id;
            actions::revoke(db, &act, id, grant)
        };
        let (a, b) = (command_line.clone(), command_line);
        let meanwhile: Vec<(&str, Step<AccountId>)> = vec![
            ("Suspended", Box::new(move |db, id| actions::suspend(db, &a, id))),
            ("Stripped", Box::new(take_role)),
            ("Signed-out", Box::new(move |db, id| actions::sign_out_everywhere(db, &b, id).map(drop))),
        ];
        for (name, happens) in meanwhile {
            let admin = city.person(name, Role::SystemAdmin, None).await;
            city.person(&format!("{name}-other"), Role::SystemAdmin, None).await;
            let person = found(&city, &city.enrolled(&admin).await.0).await;
            let id = admin.account;
            city.database.write(move |db| happens(db, id)).await.unwrap();
            assert_eq!(done_to(&city, &person, sari.account).await, [""; 0], "{name}");
        }
        let here = found(&city, &city.admin().await).await;
        let all =
            ["invite", "create", "grant", "correct", "help in", "sign out", "revoke", "suspend", "resume", "close"];
        assert_eq!(done_to(&city, &here, sari.account).await, all, "nothing else stood in the way");
    });
}

/// A request found somebody as a juror. Meanwhile they became system admin; the session did not give the second factor that this
/// role needs, so it does nothing with it.
#[test]
fn a_role_given_meanwhile_does_not_go_without_its_second_factor() {
    each_engine("a role given meanwhile needs its second factor", |database| async move {
        let city = City::new(database).await;
        let (juror, sari) =
            (city.person("Juri", Role::Juror, None).await, city.person("Sari", Role::Juror, None).await);
        let person = found(&city, &city.signed_in(&juror).await).await;
        let (act, id) = (Act::of_program(city.institution, city.now(), "command-line"), juror.account);
        let new = NewGrant::now(Post { role: Role::SystemAdmin, unit: None });
        city.database.write(move |db| actions::grant(db, &act, id, &new)).await.unwrap();
        assert_eq!(done_to(&city, &person, sari.account).await, [""; 0]);
    });
}

/// A table is stored row by row with the roles that its sender holds when it is stored.
#[test]
fn a_table_of_an_admin_who_lost_the_role_is_not_stored() {
    each_engine("a table of an admin who lost the role is not stored", |database| async move {
        let city = City::new(database).await;
        let admin = city.person("Koordinator", Role::Coordinator, None).await;
        let person = found(&city, &city.enrolled(&admin).await.0).await;
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("orang.csv");
        std::fs::write(&file, "nama,surel,peran\nBudi,budi@contoh.go.id,Juri\n").unwrap();
        let table = organisation::import::read_table(&file, "orang.csv", crate::MOST_ROWS).unwrap();
        let (act, to_read) = (Act::of(&person, city.now()), table.clone());
        let review = city.database.read(move |db| crate::preview_people(db, &act, &to_read)).await.unwrap().unwrap();
        let (program, id) = (Act::of_program(city.institution, city.now(), "command-line"), admin.account);
        city.database.write(move |db| actions::suspend(db, &program, id)).await.unwrap();
        let act = Act::of(&person, city.now());
        let stored = city.database.write(move |db| crate::import_people(db, &act, &table, &review.fingerprint())).await;
        assert!(matches!(stored, Err(crate::NotStored::Refused(Refused::NotYours))));
    });
}

/// Somebody ends a stranger's session in their own account; the stranger's request, which waited, changes nothing there.
#[test]
fn a_session_that_was_ended_changes_nothing_in_its_own_account() {
    each_engine("a session that was ended changes nothing", |database| async move {
        let city = City::new(database).await;
        let sari: Someone = city.person("Sari", Role::Juror, None).await;
        let browser = city.signed_in(&sari).await;
        let stranger = found(&city, &browser).await;
        let (institution, now, id) = (city.institution, city.now(), sari.account);
        city.database.write(move |db| store::end_sessions(db, institution, id)).await.unwrap();
        let act = Act::of(&stranger, now);
        let refused: Result<(), platform::database::DatabaseError> = city
            .database
            .write(move |db| {
                let none = Vec::new();
                let no = |outcome: Result<(), Refused>| assert!(matches!(outcome, Err(Refused::NotYours)));
                no(actions::rename(db, &act, &stranger, "Lain"));
                no(actions::change_password(db, &act, &stranger, &none, "x").map(drop));
                no(actions::prove_again(db, &act, &stranger, &none).map(drop));
                no(actions::give_up_second_factor(db, &act, &stranger, &none).map(drop));
                no(actions::end_other_sessions(db, &act, &stranger).map(drop));
                let account = store::account(db, institution, id)?.unwrap();
                assert_eq!((account.name.as_str(), account.state), ("Sari", AccountState::Active));
                Ok(())
            })
            .await;
        refused.unwrap();
        city.signed_in(&sari).await;
    });
}
