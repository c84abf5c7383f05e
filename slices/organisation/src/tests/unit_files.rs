//! Documents and photographs of units: added with and without the script, shown to whom they are for, removed, kept apart.

use super::world::{HERE, THERE, World};
use platform::audit;
use platform::database::DatabaseError;
use platform::testing::{Answer, Browser};

const LIST: &str = "/kelola/unit/dinas-sosial/berkas";
const TABLE: &[u8] = b"nama,nilai\nA,1\n";

/// The smallest picture: one dot.
fn dot(format: image::ImageFormat) -> Vec<u8> {
    let mut bytes = std::io::Cursor::new(Vec::new());
    image::DynamicImage::new_rgb8(1, 1).write_to(&mut bytes, format).expect("a dot can be written");
    bytes.into_inner()
}

fn status(answer: &Answer) -> u16 {
    answer.status.as_u16()
}

async fn add(browser: &Browser, fields: &[(&str, &str)], file: (&str, &[u8])) -> Answer {
    browser.upload(LIST, fields, ("berkas", file.0, file.1)).await
}

/// The address of the first file that a page links to.
fn linked(page: &Answer) -> String {
    let text = page.text();
    let rest = text.split("href=\"/berkas/").nth(1).expect("a file is linked");
    format!("/berkas/{}", rest.split(['"', '/']).next().unwrap_or_default())
}

#[tokio::test]
async fn a_public_photo_is_added_and_shown_to_everybody() {
    let world = World::new().await;
    let browser = world.coordinator();
    let typed = [("title", "Ruang tunggu"), ("category", "photo"), ("public", "ya")];
    let added = add(&browser, &typed, ("foto.png", &dot(image::ImageFormat::Png))).await;
    assert_eq!(
        (status(&added), added.location()),
        (303, format!("{LIST}?selesai=berkas").as_str()),
        "{}",
        added.text()
    );
    let list = browser.get(added.location()).await;
    assert!(
        list.says("Berkas sudah disimpan.") && list.says("Ruang tunggu") && list.says("unggah-"),
        "{}",
        list.text()
    );
    let public = world.browser.at(HERE).get("/unit/dinas-sosial").await;
    assert!(public.says("<figcaption") && public.says("alt=\"Ruang tunggu\""), "{}", public.text());
    let shown = world.browser.at(HERE).get(&format!("{}/lihat", linked(&public))).await;
    assert_eq!((status(&shown), shown.headers["content-type"].to_str().unwrap()), (200, "image/png"));
}

#[tokio::test]
async fn what_is_for_staff_is_shown_to_staff_of_the_city_only() {
    let world = World::new().await;
    let browser = world.coordinator();
    add(&browser, &[("title", "Denah"), ("category", "document")], ("denah.csv", TABLE)).await;
    let list = browser.get(LIST).await;
    let file = linked(&list);
    assert!(list.says("Hanya petugas") && !world.browser.at(HERE).get("/unit/dinas-sosial").await.says("Denah"));
    assert_eq!(status(&world.browser.at(HERE).get(&file).await), 404, "a stranger");
    assert_eq!(status(&world.signed_in(THERE, "koordinator@dua").get(&file).await), 404, "another city");
    let read = world.signed_in(HERE, "auditor@satu").get(&file).await;
    assert_eq!((status(&read), read.bytes.as_slice()), (200, TABLE));
}

#[tokio::test]
async fn a_bad_form_explains_and_the_file_need_not_be_sent_again() {
    let world = World::new().await;
    let browser = world.coordinator();
    let bad = add(&browser, &[("title", ""), ("category", "document"), ("public", "ya")], ("nilai.csv", TABLE)).await;
    assert_eq!(status(&bad), 422);
    assert!(bad.says("Isi judulnya") && bad.says("Sudah terkirim: nilai.csv") && bad.says("checked"), "{}", bad.text());
    let text = bad.text();
    let sent =
        text.split("name=\"unggahan\" value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap().to_owned();
    let typed = [("title", "Nilai"), ("category", "document"), ("unggahan", sent.as_str())];
    let good = add(&browser, &typed, ("", b"")).await;
    assert_eq!(status(&good), 303, "{}", good.text());
    assert!(browser.get(LIST).await.says("Nilai"));
    let again = add(&browser, &typed, ("", b"")).await;
    assert!(status(&again) == 422 && again.says("Kiriman ini sudah berakhir."), "{}", again.text());
}

#[tokio::test]
async fn what_is_no_photo_or_no_file_is_said() {
    let world = World::new().await;
    let browser = world.coordinator();
    let photo = [("title", "Loket"), ("category", "photo")];
    for (file, sentence) in [
        (("loket.png", TABLE), "Berkas ini bukan foto."),
        (("loket.png", b"MZ\x90\0program".as_slice()), "Jenis berkas ini tidak diterima."),
        (("loket.png", b"\x89PNG\r\n\x1a\nrusak".as_slice()), "Foto ini rusak"),
        (("", b"".as_slice()), "Pilih berkasnya"),
    ] {
        let refused = add(&browser, &photo, file).await;
        assert!(status(&refused) == 422 && refused.says(sentence) && refused.says("value=\"Loket\""), "{sentence}");
    }
    assert!(browser.get(LIST).await.says("Belum ada berkas."));
}

#[tokio::test]
async fn the_position_of_a_photo_is_dropped_unless_it_is_wanted() {
    let world = World::new().await;
    let browser = world.coordinator();
    add(&browser, &[("title", "Tanpa"), ("category", "photo")], ("a.jpg", &photograph())).await;
    assert!(!browser.get(LIST).await.says("Posisi:"));
    add(&browser, &[("title", "Dengan"), ("category", "photo"), ("posisi", "ya")], ("a.jpg", &photograph())).await;
    assert!(browser.get(LIST).await.says("Posisi: -7,8000, 110,3700"), "{}", browser.get(LIST).await.text());
}

/// One dot with the tags of a camera at Yogyakarta.
fn photograph() -> Vec<u8> {
    let dot = dot(image::ImageFormat::Jpeg);
    let number = |value: u32| value.to_le_bytes();
    let tag = |id: u16, kind: u16, count: u32, value: [u8; 4]| {
        [&id.to_le_bytes()[..], &kind.to_le_bytes(), &number(count), &value].concat()
    };
    let degrees = |numbers: [u32; 3]| {
        numbers.iter().flat_map(|degree| [number(*degree), number(1)].concat()).collect::<Vec<u8>>()
    };
    let tags = [
        b"II*\0".to_vec(),
        number(8).to_vec(),
        [&1_u16.to_le_bytes()[..], &tag(0x8825, 4, 1, number(26)), &number(0)].concat(),
        4_u16.to_le_bytes().to_vec(),
        tag(1, 2, 2, *b"S\0\0\0"),
        tag(2, 5, 3, number(80)),
        tag(3, 2, 2, *b"E\0\0\0"),
        tag(4, 5, 3, number(104)),
        number(0).to_vec(),
        degrees([7, 48, 0]),
        degrees([110, 22, 12]),
    ];
    let tags = [b"Exif\0\0".to_vec(), tags.concat()].concat();
    let length = u16::try_from(tags.len() + 2).unwrap().to_be_bytes();
    [&dot[..2], &[0xff, 0xe1], &length, &tags, &dot[2..]].concat()
}

#[tokio::test]
async fn a_file_is_removed_after_a_question() {
    let world = World::new().await;
    let browser = world.coordinator();
    add(&browser, &[("title", "Lama"), ("category", "document"), ("public", "ya")], ("lama.csv", TABLE)).await;
    let file = linked(&browser.get(LIST).await);
    let id = file.trim_start_matches("/berkas/");
    let ask = browser.get(&format!("{LIST}/hapus?berkas={id}")).await;
    assert!(status(&ask) == 200 && ask.says("Hapus berkas ini?") && ask.says("Lama"));
    let removed = browser.post(&format!("{LIST}/hapus"), &[("berkas", id)]).await;
    assert_eq!((status(&removed), removed.location()), (303, format!("{LIST}?selesai=berkas-hapus").as_str()));
    assert!(browser.get(removed.location()).await.says("Berkas sudah dihapus."));
    assert_eq!(status(&browser.get(&file).await), 404);
    assert_eq!(status(&browser.post(&format!("{LIST}/hapus"), &[("berkas", id)]).await), 404, "only once");
    assert_eq!(status(&browser.get(&format!("{LIST}/hapus")).await), 303, "without a file back to the list");
    let city = world.here.id;
    let acts: Result<Vec<String>, DatabaseError> = world.database.read(move |db| audit::acts(db, Some(city))).await;
    let acts = acts.unwrap();
    assert!(
        acts.contains(&"organisation.file-added".to_owned()) && acts.contains(&"organisation.file-removed".to_owned())
    );
}

#[tokio::test]
async fn pieces_sent_before_become_the_file_of_the_form() {
    let world = World::new().await;
    let browser = world.coordinator();
    let size = TABLE.len().to_string();
    let begun = browser.post("/unggah", &[("untuk", "unit"), ("nama", "nilai.csv"), ("ukuran", &size)]).await;
    assert_eq!(status(&begun), 201, "{}", begun.text());
    let of =
        |answer: &Answer, name: &str| serde_json::from_slice::<serde_json::Value>(&answer.bytes).unwrap()[name].clone();
    let id = of(&begun, "id").as_str().unwrap().to_owned();
    for (from, bytes) in [(0, &TABLE[..5]), (5, &TABLE[5..])] {
        let request =
            browser.request("POST", &format!("/unggah/{id}?dari={from}")).header("sec-fetch-site", "same-origin");
        let sent = browser.send(request, bytes.to_vec().into()).await;
        assert_eq!(status(&sent), 200, "{}", sent.text());
    }
    let file = of(&browser.get(&format!("/unggah/{id}")).await, "file").as_str().unwrap().to_owned();
    let typed = [("title", "Nilai"), ("category", "document"), ("unggahan", file.as_str())];
    let other = world.signed_in(HERE, "sistem@satu");
    assert_eq!(status(&add(&other, &typed, ("", b"")).await), 422, "another person's draft");
    let there = world.signed_in(THERE, "koordinator@dua");
    assert_eq!(status(&add(&there, &typed, ("", b"")).await), 422, "another city's draft");
    assert_eq!(status(&add(&browser, &typed, ("", b"")).await), 303);
    assert_eq!(browser.get(&format!("/berkas/{file}")).await.bytes, TABLE);
}

#[tokio::test]
async fn the_admin_of_a_unit_keeps_the_files_of_that_unit_only() {
    let world = World::new().await;
    let admin = world.signed_in(HERE, "admin-unit@satu");
    assert!(admin.get(LIST).await.says("Tambah berkas"));
    let desk = world.here.desk();
    let entered =
        world.database.write(move |db| crate::enter_unit(db, &desk, &super::world::facts("opd", "Dinas Kesehatan")));
    entered.await.unwrap();
    let elsewhere = "/kelola/unit/dinas-kesehatan/berkas";
    assert_eq!(status(&admin.get(elsewhere).await), 403);
    let typed = [("title", "A"), ("category", "document")];
    assert_eq!(status(&admin.upload(elsewhere, &typed, ("berkas", "a.csv", TABLE)).await), 403);
    assert_eq!(
        status(&world.signed_in(HERE, "auditor@satu").upload(LIST, &typed, ("berkas", "a.csv", TABLE)).await),
        403
    );
    assert!(!world.signed_in(HERE, "auditor@satu").get(LIST).await.says("Tambah berkas"), "who reads only has no form");
}
