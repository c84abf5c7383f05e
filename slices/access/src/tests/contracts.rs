//! What every store, locale file and template of a slice is held to.

use super::{City, START};
use crate::WORDS;
use crate::entering::{DemonstrationPerson, NewAdmin, SignedIn, enter_admin, enter_demonstration_person};
use platform::form::Form;
use platform::identity::Role;
use platform::session::COOKIE;
use platform::testing::{each_engine, prepare_all, statements_name_their_institution, words};
use rules::phrase::Language;

platform::statements! {
    pub(super) COUNTED = "SELECT counted FROM attempt";
}

#[test]
fn both_engines_accept_every_statement() {
    prepare_all(crate::STATEMENTS);
    prepare_all(&[STATEMENTS]);
}

#[test]
fn every_statement_names_its_institution() {
    let keys = "whether a key may be retired is asked of the whole installation; a number is all it gives";
    statements_name_their_institution(&crate::STATEMENTS.concat(), &[("HELD_TOTP", keys)]);
}

#[test]
fn every_word_is_there_in_both_languages_and_used() {
    words(&WORDS, env!("CARGO_MANIFEST_DIR"), &["import"]);
}

#[test]
fn every_act_has_words() {
    let acts = include_str!("../../locales/id.toml");
    let mut sources = String::new();
    for source in [
        include_str!("../actions/enter.rs"),
        include_str!("../actions/forgotten.rs"),
        include_str!("../actions/links.rs"),
        include_str!("../actions/messages.rs"),
        include_str!("../actions/own.rs"),
        include_str!("../actions/people.rs"),
        include_str!("../pages/audit.rs"),
    ] {
        sources.push_str(source);
    }
    let named = sources.split("\"access.").skip(1).filter_map(|rest| rest.split('"').next());
    for act in named {
        assert!(acts.contains(&format!("\n{act} = ")), "act.access.{act} has no words");
    }
}

#[test]
fn pages_are_complete_in_both_languages() {
    each_engine("pages are complete in both languages", |database| async move {
        let city = City::new(database).await;
        let sari = city.person("Sari", Role::CounterOfficer, Some(city.counter)).await;
        let admin = city.admin().await;
        let paths = [
            "/masuk".to_owned(),
            "/akun".into(),
            "/akun/kata-sandi".into(),
            "/akun/sesi".into(),
            "/akun/dua-langkah".into(),
            "/akun/dua-langkah/matikan".into(),
            "/masuk/ulang".into(),
            "/kelola/orang".into(),
            "/kelola/orang/undang".into(),
            format!("/kelola/orang/{}", sari.account),
            "/kelola/impor/orang".into(),
            "/audit".into(),
            "/undangan/x".into(),
            "/masuk/lupa".into(),
            "/akun/pemberitahuan".into(),
            "/surel/berhenti/x".into(),
            "/kelola/pesan".into(),
        ];
        for path in paths {
            for language in ["id", "en"] {
                let page = admin.get(&format!("{path}?lang={language}")).await;
                let text = page.text();
                assert!([200, 303, 410].contains(&page.status.as_u16()), "{path}: {}", page.status);
                for forbidden in ["style=", "onclick", "<style", "<script>"] {
                    assert!(!text.contains(forbidden), "{path}: {forbidden}");
                }
                for key in WORDS.keys() {
                    assert!(!text.contains(&format!(">{key}<")), "{path} in {language} shows the key {key}");
                }
            }
        }
    });
}

#[test]
fn the_first_admin_is_read_from_a_form_entered_and_let_in() {
    each_engine("the first admin is entered and let in", |database| async move {
        let city = City::new(database).await;
        let mut bad =
            Form::filled([("admin_name", String::new()), ("email", "x".into()), ("password", "pendek".into())]);
        assert!(NewAdmin::read(&mut bad, Language::Indonesian).await.unwrap().is_none());
        assert_eq!(bad.errors().len(), 3);
        let mut good = Form::filled([
            ("admin_name", "Admin".to_owned()),
            ("email", "admin@contoh.go.id".into()),
            ("password", "sepeda merah di bawah hujan".into()),
        ]);
        let admin = NewAdmin::read(&mut good, Language::Indonesian).await.unwrap().unwrap();
        let signed_in = SignedIn::new("Firefox/120");
        let (institution, begun) = (city.institution, signed_in.clone());
        let account = city.database.write(move |db| {
            let account = enter_admin(db, institution, &admin, &[Role::SystemAdmin], START)?;
            begun.begin(db, institution, account, START)?;
            Ok::<_, platform::database::DatabaseError>(account)
        });
        let account = account.await.unwrap();
        let cookies = axum::response::IntoResponse::into_response((signed_in.cookies(&city.app, account), ""));
        let token = cookies.headers().get_all("set-cookie").iter().find_map(|line| {
            line.to_str().unwrap().split(';').next().unwrap().strip_prefix("prima_sesi=").map(str::to_owned)
        });
        let browser = city.browser();
        browser.keep(COOKIE, &token.unwrap());
        assert!(browser.get("/akun").await.says("Admin sistem"));
    });
}

#[test]
fn a_person_of_the_demonstration_signs_in_with_a_ready_hash() {
    each_engine("a person of the demonstration signs in", |database| async move {
        let city = City::new(database).await;
        let person = DemonstrationPerson {
            id: Some("00000000-0000-7000-8000-000000000001".parse().unwrap()),
            email: crate::Email::read("peraga@contoh.go.id").unwrap(),
            name: "Peraga".into(),
            role: Role::UnitAdmin,
            unit: Some(city.office),
            password_hash: super::HASHED.clone(),
        };
        let institution = city.institution;
        let entered = city.database.write(move |db| enter_demonstration_person(db, institution, &person, START));
        let account = entered.await.unwrap();
        let someone = super::Someone { account, email: "peraga@contoh.go.id".into() };
        assert!(city.signed_in(&someone).await.get("/akun").await.says("Admin unit, Dinas Sosial"));
    });
}

#[test]
fn the_command_line_makes_lists_helps_and_ends() {
    each_engine("the command line makes, lists, helps and ends", |database| async move {
        let city = City::new(database).await;
        let (database, institution, now) = (city.database.clone(), city.institution, city.now());
        let work = move || {
            let email = |text: &str| crate::Email::read(text).unwrap();
            let admin = NewAdmin::now("Admin", email("admin@contoh.go.id"), "sepeda merah di bawah hujan").unwrap();
            crate::create_admin(&database, institution, admin.clone(), now).unwrap();
            let taken = crate::create_admin(&database, institution, admin, now);
            assert!(matches!(taken, Err(crate::Refused::EmailTaken)));
            let post = crate::Post { role: Role::Juror, unit: None };
            let (_, token) =
                crate::invite_person(&database, institution, ("Budi", &email("budi@contoh.go.id")), post, now).unwrap();
            let address = crate::link_address("https://contoh.go.id", &token);
            assert!(address.starts_with("https://contoh.go.id/undangan/"));
            let listed = crate::list_people(&database, institution, now).unwrap();
            let names: Vec<&str> = listed.iter().map(|one| one.account.name.as_str()).collect();
            assert_eq!(names, ["Admin", "Budi"]);
            assert_eq!(listed[0].roles, [(Role::SystemAdmin, None)]);
            let link = crate::link_for(&database, institution, "ADMIN@contoh.go.id", crate::Purpose::Password, now);
            assert!(link.is_ok());
            assert_eq!(crate::end_sessions_of(&database, institution, "admin@contoh.go.id", now).unwrap(), 0);
            let nobody = crate::end_sessions_of(&database, institution, "nobody@contoh.go.id", now);
            assert!(matches!(nobody, Err(crate::Refused::NotFound)));
        };
        tokio::task::spawn_blocking(work).await.unwrap();
        assert!(city.chain_is_whole().await);
    });
}
