//! Questionnaires for other programs: XLSForm that pyxform takes, and tablets that speak OpenRosa.

use super::{City, KEYS};
use crate::actions;
use crate::key::ProgramKey;
use crate::period::PeriodId;
use crate::store;
use crate::token::Code;
use axum::body::Body;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use platform::identity::Role;
use platform::testing::{Answer, Browser, each_engine, migrated_sqlite};
use std::collections::BTreeSet;
use std::path::PathBuf;
use std::process::Command;

const SUBMISSION: &str = "/s/openrosa/submission";

platform::statements! {
    private;
    ANSWERS = "SELECT channel, answers FROM survey_answer";
}

async fn key(city: &City) -> String {
    let (desk, unit) = (city.desk(), city.unit);
    let key: Result<ProgramKey, actions::Refused> =
        city.database.write(move |db| actions::make_key(db, &desk, unit, "Tablet")).await;
    format!("Basic {}", STANDARD.encode(format!("tablet:{}", key.unwrap().shown())))
}

/// What a tablet sends for a code, with whatever its program adds of its own.
fn sent(period: PeriodId, code: &Code, instance: &str) -> String {
    let chosen: String = KEYS.iter().map(|key| format!("<{key}>3</{key}>")).collect();
    format!(
        "<?xml version='1.0' ?><data id=\"prima-{period}\" version=\"2\"><start>2026-11-21T08:00:00</start><deviceid>imei:1</deviceid>\
         <kode>{}</kode>{chosen}<promise_time>ya</promise_time><sex>P</sex><suggestion>Tambah kursi</suggestion>\
         <meta><instanceID>{instance}</instanceID></meta></data>",
        code.printed()
    )
}

async fn submit(browser: &Browser, key: &str, xml: &str) -> Answer {
    let mark = "batas";
    let body = format!(
        "--{mark}\r\nContent-Disposition: form-data; name=\"xml_submission_file\"; filename=\"form.xml\"\r\n\
         Content-Type: text/xml\r\n\r\n{xml}\r\n--{mark}--\r\n"
    );
    let request = browser.request("POST", SUBMISSION).header("authorization", key).header("x-openrosa-version", "1.0");
    browser
        .send(request.header("content-type", format!("multipart/form-data; boundary={mark}")), Body::from(body))
        .await
}

#[test]
fn what_a_tablet_sends_is_an_answer_like_any_other_and_counts_once() {
    each_engine("tablets", |database| async move {
        let city = City::new(database.clone()).await;
        let (id, key) = (city.open().await, key(&city).await);
        let [first, second] = city.codes(id, 2).await.try_into().unwrap();
        let browser = city.browser();
        let xml = sent(id, &first, "uuid:4b0e7d1c-0000-4000-8000-000000000001");
        let taken = submit(&browser, &key, &xml).await;
        assert_eq!((taken.status.as_u16(), &taken.headers["x-openrosa-version"]), (201, &"1.0".parse().unwrap()));
        assert!(taken.says("<OpenRosaResponse xmlns=\"http://openrosa.org/http/response\">"), "{}", taken.text());
        assert_eq!(submit(&browser, &key, &xml).await.status, 201, "sent again, known again");
        let other = sent(id, &first, "uuid:4b0e7d1c-0000-4000-8000-000000000002");
        let used = submit(&browser, &key, &other).await;
        assert!(used.status == 409 && used.says("submit_error"), "a code is good for one: {}", used.text());
        let missing = other.replace(&first.printed(), &second.printed()).replace("<waktu>3</waktu>", "");
        assert_eq!(submit(&browser, &key, &missing).await.status, 422);
        let rows: Vec<(String, String)> = database.read(|db| db.all(ANSWERS, &[])).await.unwrap();
        assert_eq!(rows.len(), 1);
        assert_eq!(rows[0].0, "web", "the channel of its code");
        let institution = city.institution;
        let counts = city.database.read(move |db| store::counts::counts(db, institution, id)).await.unwrap();
        assert_eq!(counts.answers(), 1);
    });
}

#[tokio::test]
async fn nothing_of_the_tablet_is_kept() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let (id, key) = (city.open().await, key(&city).await);
    let [code] = city.codes(id, 1).await.try_into().unwrap();
    let instance = "uuid:4b0e7d1c-0000-4000-8000-000000000001";
    assert_eq!(submit(&city.browser(), &key, &sent(id, &code, instance)).await.status, 201);
    let path = fresh.url().trim_start_matches("sqlite:").to_owned();
    let mut bytes = std::fs::read(&path).unwrap();
    bytes.extend(std::fs::read(format!("{path}-wal")).unwrap_or_default());
    let holds = |text: &str| bytes.windows(text.len()).any(|window| window == text.as_bytes());
    assert!(holds("Tambah kursi"), "what is kept is seen");
    for text in ["imei:1", "2026-11-21T08:00:00", instance, &code.printed()] {
        assert!(!holds(text), "{text}");
    }
}

#[tokio::test]
async fn a_tablet_loads_the_questionnaires_of_its_unit_with_its_key() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let (id, key) = (city.open().await, key(&city).await);
    let browser = city.browser();
    for path in ["/s/openrosa/formList".to_owned(), format!("/s/openrosa/forms/prima-{id}.xml"), SUBMISSION.to_owned()]
    {
        for wrong in ["", "Basic x", "Basic dGFibGV0OnNhbGFo"] {
            let refused = browser.get_with(&path, "authorization", wrong).await;
            assert_eq!(refused.status, 401, "{path}");
            assert!(refused.headers["www-authenticate"].to_str().unwrap().starts_with("Basic realm="), "{path}");
        }
    }
    let list = browser.get_with("/s/openrosa/formList?deviceID=imei:1", "authorization", &key).await;
    assert_eq!((list.status.as_u16(), &list.headers["x-openrosa-version"]), (200, &"1.0".parse().unwrap()));
    let url = super::between(&list.text(), "<downloadUrl>http://contoh.go.id", "</downloadUrl>").to_owned();
    assert!(list.says(&format!("<formID>prima-{id}</formID>")) && list.says("<hash>md5:"), "{}", list.text());
    let form = browser.get_with(&url, "authorization", &key).await;
    assert!(form.says("<select1 ref=\"/data/waktu\">") && form.says("lang=\"English (en)\""), "{}", form.text());
    for metadata in ["timeStart", "timeEnd", "deviceID", "jr:preload=\"property\"", "jr:preload=\"timestamp\""] {
        assert!(!form.says(metadata), "{metadata}");
    }
    let head = browser.send(browser.request("HEAD", SUBMISSION).header("authorization", &key), Body::empty()).await;
    assert_eq!(
        (head.status.as_u16(), &head.headers["x-openrosa-accept-content-length"]),
        (204, &"65536".parse().unwrap())
    );
    city.close(id).await;
    let closed = browser.get_with("/s/openrosa/formList", "authorization", &key).await;
    assert!(!closed.says("<formID>"), "a closed period asks no more");
}

/// Where `bin/install` puts the Python packages: beside the build.
fn xls2xform() -> PathBuf {
    let test = std::env::current_exe().unwrap();
    let target = test.ancestors().nth(3).expect("a test lies in deps of a profile of the target folder");
    let tool = target.join("python/bin/xls2xform");
    assert!(tool.exists(), "{} is missing: run bin/install first", tool.display());
    tool
}

/// What follows each `before` up to a quote, of all places.
fn all_of<'t>(text: &'t str, before: &str) -> BTreeSet<&'t str> {
    text.split(before).skip(1).filter_map(|rest| rest.split('"').next()).collect()
}

#[tokio::test]
async fn pyxform_makes_of_the_workbook_the_form_that_tablets_load() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.planned().await;
    let admin = city.as_role(Role::UnitAdmin);
    let plan = format!("/kelola/survei/{id}/rencana");
    let typed = [
        ("version", "1"),
        ("rhythm", "quarter"),
        ("starts_on", "2026-10-01"),
        ("ends_on", "2026-12-31"),
        ("questions", "Dari mana Anda tahu layanan ini? <\"&'>"),
    ];
    assert_eq!(admin.post(&plan, &typed).await.status, 303);
    assert_eq!(
        admin.post(&format!("/kelola/survei/{id}/langkah"), &[("step", "open"), ("version", "2")]).await.status,
        303
    );
    let book = admin.get(&format!("/kelola/survei/{id}/xlsform.xlsx")).await;
    assert_eq!(book.status, 200);
    let folder = tempfile::tempdir().unwrap();
    let (from, to) = (folder.path().join("survei.xlsx"), folder.path().join("survei.xml"));
    std::fs::write(&from, &book.bytes).unwrap();
    let made = Command::new(xls2xform()).arg("--skip_validate").arg(&from).arg(&to).output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&made.stdout), String::from_utf8_lossy(&made.stderr));
    assert!(made.status.success() && to.exists(), "{said}");
    let theirs = std::fs::read_to_string(&to).unwrap();
    let key = key(&city).await;
    let ours =
        city.browser().get_with(&format!("/s/openrosa/forms/prima-{id}.xml"), "authorization", &key).await.text();
    let (our_binds, their_binds) = (all_of(&ours, "nodeset=\"/data/"), all_of(&theirs, "nodeset=\"/data/"));
    assert_eq!(our_binds, their_binds);
    assert_eq!(our_binds.len(), 1 + 9 + 3 + 5 + 1 + 1 + 1, "code, elements, promises, profile, own, suggestion, name");
    let values = |xml: &str| xml.matches("<value>").count();
    assert!(values(&ours) > 60, "{}", values(&ours));
    for part in [format!("id=\"prima-{id}\""), "version=\"3\"".to_owned(), "regex(., ".to_owned()] {
        assert!(ours.contains(&part) && theirs.contains(&part), "{part}");
    }
}

#[tokio::test]
async fn own_questions_are_taken_out_of_an_xlsform_and_each_other_row_says_why_not() {
    let fresh = migrated_sqlite();
    let city = City::new(fresh.clone()).await;
    let id = city.planned().await;
    let admin = city.as_role(Role::UnitAdmin);
    let book = "type,name,label::Bahasa Indonesia (id)\n\
                text,tahu,Dari mana Anda tahu layanan ini?\n\
                start,start,\n\
                integer,usia,Berapa usia Anda?\n\
                select_one a,waktu,Kecepatan\n\
                note,salam,Selamat datang\n\
                text,kosong,\n";
    let path = format!("/kelola/survei/{id}/rencana/xlsform");
    let page = admin.upload(&path, &[], ("xlsform", "pertanyaan.csv", book.as_bytes())).await;
    assert_eq!(page.status, 200, "{}", page.text());
    assert!(page.says("Dari mana Anda tahu layanan ini?</textarea>"), "{}", page.text());
    for words in ["tidak mencatat waktu", "usia", "note", "kosong"] {
        assert!(page.says(words), "{words}: {}", page.text());
    }
    assert!(!page.says("Kecepatan"), "a question of the instrument stands in every questionnaire");
    let institution = city.institution;
    let kept = city.database.read(move |db| store::periods::questions(db, institution, id)).await.unwrap();
    assert!(kept.is_empty(), "nothing is saved before somebody looked");
    let none = admin.upload(&path, &[], ("xlsform", "", b"")).await;
    assert!(none.status == 422 && none.says("Pilih berkas XLSForm"), "{}", none.text());
    let other = admin.upload(&path, &[], ("xlsform", "x.csv", b"a,b\n1,2\n")).await;
    assert_eq!(other.status, 422, "{}", other.text());
}
