//! A PDF made inert: a copy for looking at, without anything that acts. The file as it was sent stays as it is, for downloading.
//!
//! A PDF can hold scripts, start programs, send forms and carry other files. The copy is written anew from the objects that its pages
//! reach; of actions only those stay that lead to another page of the same document.

use lopdf::{Dictionary, Document, LoadOptions, Object};

/// A larger one can be downloaded only.
pub(super) const MOST_BYTES: u64 = 25 * 1024 * 1024;
/// What all compressed parts together may unpack to while it is read.
const MOST_UNPACKED: usize = 256 * 1024 * 1024;
/// What acts, wherever it stands. `A`, `PA` and `Next` are looked at more closely.
const ACTING: [&[u8]; 22] = [
    b"AA",
    b"OpenAction",
    b"JS",
    b"JavaScript",
    b"XFA",
    b"AcroForm",
    b"EmbeddedFiles",
    b"EF",
    b"RF",
    b"AF",
    b"Collection",
    b"RichMediaContent",
    b"RichMediaSettings",
    b"RichMedia",
    b"Launch",
    b"Rendition",
    b"Movie",
    b"Sound",
    b"3DD",
    b"URI",
    b"Threads",
    b"Encrypt",
];
/// Annotations that play, carry or ask.
const ACTING_NOTES: [&[u8]; 8] =
    [b"RichMedia", b"Movie", b"Sound", b"Screen", b"3D", b"FileAttachment", b"Widget", b"Projection"];
/// Actions that stay inside the document.
const TURNING: [&[u8]; 2] = [b"GoTo", b"Named"];
/// Actions by name, wherever a dictionary of them hides.
const ACTIONS: [&[u8]; 17] = [
    b"GoToR",
    b"GoToE",
    b"GoToDp",
    b"Launch",
    b"Thread",
    b"URI",
    b"Sound",
    b"Movie",
    b"Hide",
    b"SubmitForm",
    b"ResetForm",
    b"ImportData",
    b"JavaScript",
    b"SetOCGState",
    b"Rendition",
    b"GoTo3DView",
    b"RichMediaExecute",
];

/// The copy for looking at; nothing when the file cannot be read for sure: then it can be downloaded only.
///
/// It takes processor and memory: never on a thread of the server.
pub(super) fn inert(sent: &[u8]) -> Option<Vec<u8>> {
    // Each compressed part gets its share, so that many of them together cannot unpack to more than the memory.
    let parts = memchr::memmem::find_iter(sent, b"endstream").count().max(1);
    let options = LoadOptions { max_decompressed_size: Some(MOST_UNPACKED / parts), ..LoadOptions::default() };
    let mut document = Document::load_mem_with_options(sent, options).ok()?;
    if document.is_encrypted() || document.was_encrypted() || document.get_pages().is_empty() {
        return None;
    }
    let turning = turning_actions(&document);
    let turns = |object: &Object| match object {
        Object::Reference(id) => turning.contains(id),
        Object::Dictionary(action) => is_turning(action),
        _ => false,
    };
    for object in document.objects.values_mut() {
        calm(object, &turns);
    }
    document.trailer.remove(b"Info");
    document.trailer.remove(b"Prev");
    document.trailer.remove(b"Encrypt");
    document.prune_objects();
    let mut copy = Vec::with_capacity(sent.len());
    document.save_to(&mut copy).ok()?;
    is_inert(&copy).then_some(copy)
}

fn turning_actions(document: &Document) -> std::collections::HashSet<lopdf::ObjectId> {
    let turns = |object: &Object| object.as_dict().is_ok_and(is_turning);
    document.objects.iter().filter(|(_, object)| turns(object)).map(|(id, _)| *id).collect()
}

fn named<'d>(dictionary: &'d Dictionary, key: &[u8]) -> &'d [u8] {
    dictionary.get(key).and_then(Object::as_name).unwrap_or_default()
}

fn is_turning(action: &Dictionary) -> bool {
    TURNING.contains(&named(action, b"S"))
}

/// Takes away what acts, in an object and in all that stands inside it.
fn calm(object: &mut Object, turns: &dyn Fn(&Object) -> bool) {
    match object {
        Object::Array(items) => items.iter_mut().for_each(|item| calm(item, turns)),
        Object::Dictionary(dictionary) => calm_dictionary(dictionary, turns),
        Object::Stream(stream) => {
            if stream.dict.has_type(b"EmbeddedFile") {
                stream.set_content(Vec::new());
                stream.dict.remove(b"Filter");
            }
            calm_dictionary(&mut stream.dict, turns);
        }
        _ => {}
    }
}

fn calm_dictionary(dictionary: &mut Dictionary, turns: &dyn Fn(&Object) -> bool) {
    if ACTING_NOTES.contains(&named(dictionary, b"Subtype")) || ACTIONS.contains(&named(dictionary, b"S")) {
        *dictionary = Dictionary::new();
        return;
    }
    for key in ACTING {
        dictionary.remove(key);
    }
    for key in [b"A".as_slice(), b"PA", b"Next"] {
        let stays = match dictionary.get(key) {
            // `Next` also leads from one outline to the next, and `A` to attributes of the structure: neither acts.
            Ok(value @ Object::Reference(_)) => key == b"Next" || turns(value),
            Ok(Object::Dictionary(inside)) => !inside.has(b"S") || is_turning(inside),
            _ => true,
        };
        if !stays {
            dictionary.remove(key);
        }
    }
    for (_, value) in dictionary.iter_mut() {
        calm(value, turns);
    }
}

/// Whether a written copy, read again, holds nothing that acts.
fn is_inert(copy: &[u8]) -> bool {
    fn still(object: &Object) -> bool {
        let dictionary = match object {
            Object::Array(items) => return items.iter().all(still),
            Object::Dictionary(dictionary) => dictionary,
            Object::Stream(stream) => &stream.dict,
            _ => return true,
        };
        !ACTING.iter().any(|key| dictionary.has(key))
            && !ACTING_NOTES.contains(&named(dictionary, b"Subtype"))
            && !ACTIONS.contains(&named(dictionary, b"S"))
            && dictionary.iter().all(|(_, value)| still(value))
    }
    let options = LoadOptions { max_decompressed_size: Some(MOST_UNPACKED), ..LoadOptions::default() };
    Document::load_mem_with_options(copy, options)
        .is_ok_and(|document| !document.get_pages().is_empty() && document.objects.values().all(still))
}

#[cfg(test)]
mod tests {
    use super::*;
    use lopdf::{Stream, dictionary};
    use proptest::prelude::*;

    /// A document of one page with whatever is put into its catalogue and its page.
    fn document(catalogue: &Dictionary, page: &Dictionary) -> Vec<u8> {
        let mut document = Document::with_version("1.7");
        let pages = document.new_object_id();
        let content = document.add_object(Stream::new(dictionary! {}, b"BT (Surat) Tj ET".to_vec()));
        let mut sheet = dictionary! {
            "Type" => "Page", "Parent" => pages, "Contents" => content,
            "MediaBox" => vec![0.into(), 0.into(), 100.into(), 100.into()],
        };
        sheet.extend(page);
        let sheet = document.add_object(sheet);
        document.set_object(pages, dictionary! { "Type" => "Pages", "Kids" => vec![sheet.into()], "Count" => 1 });
        let mut root = dictionary! { "Type" => "Catalog", "Pages" => pages };
        root.extend(catalogue);
        let root = document.add_object(root);
        document.trailer.set("Root", root);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    fn note(action: Dictionary) -> Dictionary {
        let note = dictionary! { "Type" => "Annot", "Subtype" => "Link", "Rect" => vec![0.into(), 0.into(), 9.into(), 9.into()], "A" => action };
        dictionary! { "Annots" => vec![note.into()] }
    }

    fn text(bytes: &[u8]) -> String {
        String::from_utf8_lossy(bytes).into_owned()
    }

    #[test]
    fn a_plain_document_keeps_its_page() {
        let copy = inert(&document(&dictionary! {}, &dictionary! {})).unwrap();
        let read = Document::load_mem(&copy).unwrap();
        let page = read.page_iter().next().unwrap();
        assert_eq!(text(&read.get_page_content(page)), "BT (Surat) Tj ET\n");
    }

    #[test]
    fn scripts_programs_forms_and_files_are_gone() {
        let script = || dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") };
        let cases = [
            (dictionary! { "OpenAction" => script() }, dictionary! {}),
            (dictionary! { "AA" => dictionary! { "WC" => script() } }, dictionary! {}),
            (
                dictionary! { "Names" => dictionary! { "JavaScript" => dictionary! { "Names" => vec![Object::string_literal("a"), script().into()] } } },
                dictionary! {},
            ),
            (
                dictionary! { "AcroForm" => dictionary! { "XFA" => Object::string_literal("app.alert(1)") } },
                dictionary! {},
            ),
            (
                dictionary! { "Names" => dictionary! { "EmbeddedFiles" => dictionary! { "Names" => vec![Object::string_literal("app.alert(1)")] } } },
                dictionary! {},
            ),
            (dictionary! {}, dictionary! { "AA" => dictionary! { "O" => script() } }),
            (dictionary! {}, note(script())),
            (dictionary! {}, note(dictionary! { "S" => "Launch", "F" => Object::string_literal("app.alert(1)") })),
            (dictionary! {}, note(dictionary! { "S" => "SubmitForm", "F" => Object::string_literal("app.alert(1)") })),
            (dictionary! {}, note(dictionary! { "S" => "URI", "URI" => Object::string_literal("app.alert(1)") })),
            (
                dictionary! {},
                note(dictionary! { "S" => "GoTo", "D" => Object::string_literal("x"), "Next" => script() }),
            ),
            (
                dictionary! {},
                dictionary! { "Annots" => vec![dictionary! { "Subtype" => "RichMedia", "T" => Object::string_literal("app.alert(1)") }.into()] },
            ),
        ];
        for (catalogue, page) in cases {
            let sent = document(&catalogue, &page);
            assert!(text(&sent).contains("app.alert"), "the test sends what acts");
            let copy = inert(&sent).unwrap();
            assert!(!text(&copy).contains("app.alert"), "{}", text(&copy));
            assert!(text(&copy).contains("Surat") || Document::load_mem(&copy).unwrap().get_pages().len() == 1);
        }
    }

    #[test]
    fn a_link_to_another_page_stays() {
        let copy = inert(&document(
            &dictionary! {},
            &note(dictionary! { "S" => "GoTo", "D" => Object::string_literal("bab-2") }),
        ));
        assert!(text(&copy.unwrap()).contains("bab-2"));
    }

    #[test]
    fn an_attached_file_and_what_nothing_reaches_are_not_in_the_copy() {
        let mut document = Document::load_mem(&document(&dictionary! {}, &dictionary! {})).unwrap();
        document.add_object(Stream::new(dictionary! { "Type" => "EmbeddedFile" }, b"rahasia".to_vec()));
        document.add_object(Object::string_literal("tidak dipakai"));
        let mut sent = Vec::new();
        document.save_to(&mut sent).unwrap();
        let copy = text(&inert(&sent).unwrap());
        assert!(!copy.contains("rahasia") && !copy.contains("tidak dipakai"));
    }

    #[test]
    fn what_cannot_be_read_for_sure_has_no_copy() {
        assert_eq!(inert(b"%PDF-1.7\nnothing behind"), None);
        assert_eq!(inert(b""), None);
        let locked = text(&document(&dictionary! {}, &dictionary! {}))
            .replace("/Root", "/Encrypt<</Filter/Standard/V 1/R 2>>/Root");
        assert_eq!(inert(locked.as_bytes()), None);
    }

    proptest! {
        #[test]
        fn whatever_is_changed_the_copy_holds_nothing_that_acts(at in 0_usize..900, with in proptest::collection::vec(any::<u8>(), 0..40)) {
            let mut sent = document(&dictionary! {}, &note(dictionary! { "S" => "URI", "URI" => Object::string_literal("app.alert(1)") }));
            let end = (at + with.len()).min(sent.len());
            let at = at.min(end);
            sent.splice(at..end, with);
            if let Some(copy) = inert(&sent) {
                prop_assert!(is_inert(&copy));
            }
        }
    }
}
