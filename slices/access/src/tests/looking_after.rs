//! Looking after people: the list, roles, keeping out, and who may do it.

use super::{City, PASSWORD, between, sign_in};
use platform::identity::Role;
use platform::testing::each_engine;
use time::Duration;

#[test]
fn the_list_finds_by_words_role_and_unit() {
    each_engine("the list finds by words, role and unit", |database| async move {
        let city = City::new(database).await;
        city.person("Sari", Role::CounterOfficer, Some(city.counter)).await;
        city.person("Budi", Role::CounterOfficer, Some(city.other_office)).await;
        city.person("Percent%", Role::Juror, None).await;
        let admin = city.admin().await;
        let all = admin.get("/kelola/orang").await;
        assert!(all.says("Sari") && all.says("Budi") && all.says("4 orang"));
        let words = admin.post("/kelola/orang", &[("cari", "SARI")]).await;
        assert!(words.says(">Sari<") && !words.says(">Budi<"));
        let literal = admin.post("/kelola/orang", &[("cari", "%")]).await;
        assert!(literal.says("Percent%") && !literal.says(">Sari<"), "a sign of patterns means itself");
        let role = admin.get("/kelola/orang?peran=juror").await;
        assert!(role.says("Percent%") && !role.says(">Budi<"));
        let filter = admin.post("/kelola/orang", &[("cari", ""), ("peran", "juror"), ("unit", "")]).await;
        assert_eq!(filter.location(), "/kelola/orang?peran=juror", "only what names nobody stands in an address");
        let unit = admin.get(&format!("/kelola/orang?unit={}", city.office)).await;
        assert!(unit.says(">Sari<") && !unit.says(">Budi<"), "a unit means all below it");
        assert!(admin.post("/kelola/orang", &[("cari", "zzz")]).await.says("Tidak ada yang cocok"));
        assert_eq!(admin.get("/kelola/orang?halaman=99999999999&unit=x&peran=y").await.status.as_u16(), 200);
    });
}

#[test]
fn a_long_list_has_pages() {
    each_engine("a long list has pages", |database| async move {
        let city = City::new(database).await;
        for number in 0..26 {
            city.person(&format!("Orang{number:02}"), Role::Juror, None).await;
        }
        let admin = city.admin().await;
        let (first, second) = (admin.get("/kelola/orang").await, admin.get("/kelola/orang?halaman=2").await);
        assert!(first.says("Orang00") && first.says("halaman=2") && !first.says("Orang25"));
        assert!(second.says("Orang25") && !second.says("Orang00"));
        let beyond = admin.get("/kelola/orang?halaman=99").await;
        assert!(beyond.says("Orang25") && !beyond.says("Orang00"), "beyond the end stands the last page");
    });
}

#[test]
fn a_unit_admin_sees_and_invites_in_their_unit_only() {
    each_engine("a unit admin sees and invites in their unit only", |database| async move {
        let city = City::new(database).await;
        let own = city.person("Sari", Role::CounterOfficer, Some(city.counter)).await;
        let other = city.person("Budi", Role::CounterOfficer, Some(city.other_office)).await;
        let sekda = city.person("Sekda", Role::Sekda, None).await;
        let admin = city.person("Wati", Role::UnitAdmin, Some(city.office)).await;
        let browser = city.signed_in(&admin).await;
        let list = browser.get("/kelola/orang").await;
        assert!(list.says(">Sari<") && !list.says(">Budi<") && !list.says(">Sekda<"));
        assert_eq!(browser.get(&format!("/kelola/orang/{}", own.account)).await.status.as_u16(), 200);
        for hidden in [other.account, sekda.account] {
            assert_eq!(browser.get(&format!("/kelola/orang/{hidden}")).await.status.as_u16(), 404);
            for change in ["tangguhkan", "tutup", "keluarkan", "tautan/kata-sandi"] {
                let answer = browser.post(&format!("/kelola/orang/{hidden}/{change}"), &[]).await;
                assert_eq!(answer.status.as_u16(), 404, "{change}");
            }
        }
        let page = browser.get("/kelola/orang/undang").await;
        assert!(page.says("counter-officer") && !page.says("system-admin") && !page.says("Dinas Kesehatan"));
        let invite = async |role: &str, unit: String, email: &str| {
            let fields = [("name", "Baru"), ("email", email), ("role", role), ("unit", unit.as_str())];
            browser.post("/kelola/orang/undang", &fields).await.status.as_u16()
        };
        assert_eq!(invite("counter-officer", city.counter.to_string(), "a@contoh.go.id").await, 200);
        assert_eq!(invite("counter-officer", city.other_office.to_string(), "b@contoh.go.id").await, 403);
        assert_eq!(invite("unit-admin", city.office.to_string(), "c@contoh.go.id").await, 403);
        assert_eq!(invite("system-admin", String::new(), "d@contoh.go.id").await, 403);
    });
}

#[test]
fn nobody_raises_or_ends_themselves() {
    each_engine("nobody raises or ends themselves", |database| async move {
        let city = City::new(database).await;
        let admin = city.person("Admin", Role::SystemAdmin, None).await;
        let (browser, _, _) = city.enrolled(&admin).await;
        let own = format!("/kelola/orang/{}", admin.account);
        let page = browser.get(&own).await;
        assert!(page.status.as_u16() == 200 && !page.says("/tangguhkan") && !page.says("/cabut"));
        assert_eq!(browser.post(&format!("{own}/peran"), &[("role", "sekda")]).await.status.as_u16(), 403);
        for change in ["tangguhkan", "tutup", "tautan/kata-sandi"] {
            assert_eq!(browser.post(&format!("{own}/{change}"), &[]).await.status.as_u16(), 403, "{change}");
        }
    });
}

#[test]
fn a_coordinator_touches_no_system_admin() {
    each_engine("a coordinator touches no system admin", |database| async move {
        let city = City::new(database).await;
        let admin = city.person("Admin", Role::SystemAdmin, None).await;
        let coordinator = city.person("Koordinator", Role::Coordinator, None).await;
        let (browser, _, _) = city.enrolled(&coordinator).await;
        let other = format!("/kelola/orang/{}", admin.account);
        assert_eq!(browser.get(&other).await.status.as_u16(), 200);
        for change in ["tangguhkan", "tutup", "keluarkan", "tautan/kata-sandi", "tautan/dua-langkah"] {
            assert_eq!(browser.post(&format!("{other}/{change}"), &[]).await.status.as_u16(), 403, "{change}");
        }
        let correction = [("name", "Admin"), ("email", "pencuri@contoh.go.id")];
        assert_eq!(browser.post(&format!("{other}/perbaiki"), &correction).await.status.as_u16(), 403);
    });
}

#[test]
fn the_last_system_admin_stays() {
    each_engine("the last system admin stays", |database| async move {
        let city = City::new(database).await;
        let admin = city.person("Admin", Role::SystemAdmin, None).await;
        let act = crate::Act::of_program(city.institution, city.now(), "command-line");
        let last = |outcome: Result<(), crate::Refused>| matches!(outcome, Err(crate::Refused::LastSystemAdmin));
        let id = admin.account;
        let (a, b, c) = (act.clone(), act.clone(), act.clone());
        assert!(last(city.database.write(move |db| crate::suspend(db, &a, id)).await));
        assert!(last(city.database.write(move |db| crate::close(db, &b, id)).await));
        let institution = city.institution;
        let held = city.database.read(move |db| crate::store::held(db, institution, id)).await.unwrap();
        let grant = held[0].id;
        assert!(last(city.database.write(move |db| crate::revoke(db, &c, id, grant)).await));
        city.person("Kedua", Role::SystemAdmin, None).await;
        city.database.write(move |db| crate::suspend(db, &act, id)).await.unwrap();
        assert!(city.chain_is_whole().await);
    });
}

#[test]
fn roles_are_given_and_taken_away_at_once() {
    each_engine("roles are given and taken away at once", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Juror, None).await;
        let own = city.signed_in(&sari).await;
        assert_eq!(own.get("/kelola/orang").await.status.as_u16(), 403);
        let admin = city.admin().await;
        let path = format!("/kelola/orang/{}", sari.account);
        let unit = city.office.to_string();
        let given = admin.post(&format!("{path}/peran"), &[("role", "unit-admin"), ("unit", &unit)]).await;
        assert_eq!(given.location(), format!("{path}?selesai=peran"));
        assert_eq!(own.get("/kelola/orang").await.status.as_u16(), 200, "without signing in again");
        let twice = admin.post(&format!("{path}/peran"), &[("role", "unit-admin"), ("unit", &unit)]).await;
        assert!(twice.status.as_u16() == 422 && twice.says("sudah memegang peran itu"));
        let page = admin.get(&path).await.text();
        let row = page.split("<tr").find(|row| row.contains("Admin unit, Dinas Sosial")).unwrap();
        let grant = between(row, "/peran/", "/cabut").to_owned();
        let taken = admin.post(&format!("{path}/peran/{grant}/cabut"), &[]).await;
        assert_eq!(taken.location(), format!("{path}?selesai=peran-dicabut"));
        assert_eq!(own.get("/kelola/orang").await.status.as_u16(), 403);
        assert!(admin.get(&path).await.says("Peran yang sudah berakhir"));
        let again = admin.post(&format!("{path}/peran/{grant}/cabut"), &[]).await;
        assert_eq!(again.status.as_u16(), 404);
    });
}

#[test]
fn a_role_begins_and_ends_on_its_days_in_the_citys_zone() {
    each_engine("a role begins and ends on its days", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Juror, None).await;
        let admin = city.admin().await;
        let unit = city.office.to_string();
        // It is 21 November, 08.00 WIB.
        let fields = [("role", "unit-admin"), ("unit", unit.as_str()), ("from", "2026-11-22"), ("until", "2026-11-23")];
        let path = format!("/kelola/orang/{}/peran", sari.account);
        assert_eq!(admin.post(&path, &fields).await.status.as_u16(), 303);
        let may = async |city: &City| city.signed_in(&sari).await.get("/kelola/orang").await.status.as_u16() == 200;
        city.wait(Duration::hours(16) - Duration::seconds(1));
        assert!(!may(&city).await, "a second before midnight");
        city.wait(Duration::seconds(1));
        assert!(may(&city).await, "at midnight");
        city.wait(Duration::hours(48) - Duration::seconds(1));
        assert!(may(&city).await, "the last second of the last day");
        city.wait(Duration::seconds(1));
        assert!(!may(&city).await, "the day after");
    });
}

#[test]
fn an_auditor_is_given_neither_the_system_nor_the_city() {
    each_engine("an auditor is given neither the system nor the city", |database| async move {
        let city = City::new(database).await;
        let auditor = city.person("Auditor", Role::Auditor, None).await;
        let admin = city.admin().await;
        for role in ["system-admin", "coordinator"] {
            let answer = admin.post(&format!("/kelola/orang/{}/peran", auditor.account), &[("role", role)]).await;
            assert!(answer.status.as_u16() == 422 && answer.says("tidak boleh merangkap"), "{role}");
        }
    });
}

#[test]
fn a_suspended_person_is_out_at_once_and_comes_back() {
    each_engine("a suspended person is out at once", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Juror, None).await;
        let own = city.signed_in(&sari).await;
        let admin = city.admin().await;
        let path = format!("/kelola/orang/{}", sari.account);
        assert_eq!(
            admin.post(&format!("{path}/tangguhkan"), &[]).await.location(),
            format!("{path}?selesai=ditangguhkan")
        );
        assert_eq!(own.get("/akun").await.status.as_u16(), 303);
        assert_eq!(sign_in(&own, &sari.email, PASSWORD).await.status.as_u16(), 422);
        assert_eq!(admin.post(&format!("{path}/tangguhkan"), &[]).await.status.as_u16(), 422, "not twice");
        admin.post(&format!("{path}/aktifkan"), &[]).await;
        assert_eq!(sign_in(&own, &sari.email, PASSWORD).await.status.as_u16(), 303);
    });
}

#[test]
fn signing_out_everywhere_ends_every_session() {
    each_engine("signing out everywhere ends every session", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Juror, None).await;
        let own = [city.signed_in(&sari).await, city.signed_in(&sari).await];
        let admin = city.admin().await;
        admin.post(&format!("/kelola/orang/{}/keluarkan", sari.account), &[]).await;
        for browser in own {
            assert_eq!(browser.get("/akun").await.status.as_u16(), 303);
        }
    });
}

#[test]
fn a_closed_account_ends_for_good_and_its_address_is_free_again() {
    each_engine("a closed account ends for good", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Juror, None).await;
        let own = city.signed_in(&sari).await;
        let admin = city.admin().await;
        let path = format!("/kelola/orang/{}", sari.account);
        admin.post(&format!("{path}/tutup"), &[]).await;
        assert_eq!(own.get("/akun").await.status.as_u16(), 303);
        assert_eq!(sign_in(&own, &sari.email, PASSWORD).await.status.as_u16(), 422);
        assert_eq!(admin.post(&format!("{path}/aktifkan"), &[]).await.status.as_u16(), 422);
        assert_eq!(admin.post(&format!("{path}/peran"), &[("role", "juror")]).await.status.as_u16(), 422);
        let fields = [("name", "Sari"), ("email", sari.email.as_str()), ("role", "juror")];
        assert_eq!(admin.post("/kelola/orang/undang", &fields).await.status.as_u16(), 200);
        assert!(admin.get(&path).await.says("Ditutup"), "the closed one stays for the log");
    });
}

#[test]
fn a_correction_is_stored_and_told_without_the_names() {
    each_engine("a correction is stored and told without the names", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Juror, None).await;
        city.person("Budi", Role::Juror, None).await;
        let admin = city.admin().await;
        let path = format!("/kelola/orang/{}", sari.account);
        let taken = admin.post(&format!("{path}/perbaiki"), &[("name", "Sari"), ("email", "BUDI@contoh.go.id")]).await;
        assert!(taken.status.as_u16() == 422 && taken.says("sudah dipakai akun lain"));
        let done =
            admin.post(&format!("{path}/perbaiki"), &[("name", "Sari Dewi"), ("email", "dewi@contoh.go.id")]).await;
        assert_eq!(done.location(), format!("{path}?selesai=diperbaiki"));
        assert_eq!(sign_in(&city.browser(), "dewi@contoh.go.id", PASSWORD).await.status.as_u16(), 303);
        let institution = city.institution;
        let mut log = Vec::new();
        let text = city
            .database
            .read(move |db| platform::audit::export(db, Some(institution), &mut log).map(|_| log))
            .await
            .unwrap();
        let text = String::from_utf8(text).unwrap();
        for personal in ["Sari", "Dewi", "dewi@", "sari@", "Admin\"", "admin@"] {
            assert!(!text.contains(personal), "{personal} stands in the audit log");
        }
    });
}

#[test]
fn an_auditor_reads_people_and_changes_nothing() {
    each_engine("an auditor reads people and changes nothing", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::Juror, None).await;
        let auditor = city.person("Auditor", Role::Auditor, None).await;
        let (browser, _, _) = city.enrolled(&auditor).await;
        let page = browser.get(&format!("/kelola/orang/{}", sari.account)).await;
        assert!(page.status.as_u16() == 200 && !page.says("/tangguhkan") && !page.says("/perbaiki"));
        assert_eq!(browser.get("/kelola/orang/undang").await.status.as_u16(), 403);
        let answer = browser.post(&format!("/kelola/orang/{}/tangguhkan", sari.account), &[]).await;
        assert_eq!(answer.status.as_u16(), 403);
    });
}
