//! The questionnaire of a period as XForm, as tablets load it (OpenRosa), and what they send, read.

use crate::answer::Typed;
use crate::questionnaire::{Asked, Kind, Questionnaire, name_of};
use crate::xlsform::CODE_PATTERN;
use quick_xml::Reader;
use quick_xml::escape::escape;
use quick_xml::events::Event;
use std::collections::BTreeMap;
use std::fmt::Write as _;

/// The language a tablet begins with, and the other one.
const LANGUAGES: [&str; 2] = ["Bahasa Indonesia (id)", "English (en)"];

/// The form as XML.
pub(crate) fn export(questionnaire: &Questionnaire) -> String {
    let mut xml = String::from(
        "<?xml version=\"1.0\"?>\n<h:html xmlns=\"http://www.w3.org/2002/xforms\" xmlns:h=\"http://www.w3.org/1999/xhtml\" \
         xmlns:jr=\"http://openrosa.org/javarosa\" xmlns:xsd=\"http://www.w3.org/2001/XMLSchema\">",
    );
    // Writing to a string cannot fail.
    let _ = write!(xml, "<h:head><h:title>{}</h:title><model><itext>", escape(&questionnaire.title));
    for (place, language) in LANGUAGES.into_iter().enumerate() {
        let default = if place == 0 { " default=\"true()\"" } else { "" };
        let _ = write!(xml, "<translation lang=\"{language}\"{default}>");
        for asked in &questionnaire.asked {
            texts(&mut xml, asked, place);
        }
        xml.push_str("</translation>");
    }
    let (id, version) = (escape(&questionnaire.id), escape(&questionnaire.version));
    let _ = write!(xml, "</itext><instance><data id=\"{id}\" version=\"{version}\">");
    for asked in &questionnaire.asked {
        let _ = write!(xml, "<{}/>", asked.name);
    }
    xml.push_str("<meta><instanceID/></meta></data></instance>");
    for asked in &questionnaire.asked {
        bind(&mut xml, asked);
    }
    xml.push_str("<bind nodeset=\"/data/meta/instanceID\" type=\"string\" readonly=\"true()\" jr:preload=\"uid\"/>");
    xml.push_str("</model></h:head><h:body>");
    for asked in &questionnaire.asked {
        control(&mut xml, asked);
    }
    xml.push_str("</h:body></h:html>");
    xml
}

/// The words of a question and its choices in one language.
fn texts(xml: &mut String, asked: &Asked, place: usize) {
    let mut text = |id: &str, words: &str| {
        let _ = write!(xml, "<text id=\"/data/{id}\"><value>{}</value></text>", escape(words));
    };
    let choose = |words: &rules::phrase::Text| if place == 0 { words.id.clone() } else { words.en.clone() };
    text(&format!("{}:label", asked.name), &choose(&asked.label));
    if let Kind::Choice(choices) = &asked.kind {
        for (value, words) in choices {
            text(&format!("{}/{value}:label", asked.name), &choose(words));
        }
    }
}

fn bind(xml: &mut String, asked: &Asked) {
    let required = if asked.required { " required=\"true()\"" } else { "" };
    let constraint = match asked.kind {
        Kind::Code => format!(" constraint=\"{}\"", escape(format!("regex(., '{CODE_PATTERN}')"))),
        Kind::Choice(_) | Kind::Text => String::new(),
    };
    let _ = write!(xml, "<bind nodeset=\"/data/{}\" type=\"string\"{required}{constraint}/>", asked.name);
}

fn control(xml: &mut String, asked: &Asked) {
    let name = &asked.name;
    let label = format!("<label ref=\"jr:itext('/data/{name}:label')\"/>");
    match &asked.kind {
        Kind::Choice(choices) => {
            let _ = write!(xml, "<select1 ref=\"/data/{name}\">{label}");
            for (value, _) in choices {
                let value = escape(value);
                let item = format!("<label ref=\"jr:itext('/data/{name}/{value}:label')\"/><value>{value}</value>");
                let _ = write!(xml, "<item>{item}</item>");
            }
            xml.push_str("</select1>");
        }
        Kind::Code | Kind::Text => {
            let appearance = if asked.kind == Kind::Text { " appearance=\"multiline\"" } else { "" };
            let _ = write!(xml, "<input ref=\"/data/{name}\"{appearance}>{label}</input>");
        }
    }
}

/// What a tablet sent: the name of the form, the name of the sending, and the questions of ours. Nothing else of it is read: no device,
/// no times, no places.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Submission {
    /// The name of the form.
    pub(crate) form: String,
    /// The name the tablet gave it, the same at every attempt.
    pub(crate) instance: String,
    /// The answers by name.
    answers: BTreeMap<String, String>,
}

impl Typed for Submission {
    fn field(&self, name: &str) -> &str {
        self.answers.get(&name_of(name)).map_or("", |answer| answer.trim())
    }
}

/// What was sent is no form of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Unreadable;

/// No form of ours is deeper: groups in groups are a slip or an attack.
const DEEPEST: usize = 16;
/// No form of ours has more elements.
const MOST_ELEMENTS: usize = 500;

/// Reads what a tablet sent. Elements are known by their own names, in whatever group they stand.
///
/// # Errors
/// When it is not XML, is too deep or too long, or names no form and no sending.
pub(crate) fn read(xml: &str) -> Result<Submission, Unreadable> {
    let mut reader = Reader::from_str(xml);
    reader.config_mut().expand_empty_elements = true;
    let (mut submission, mut path, mut text) = (Submission::default(), Vec::<String>::new(), String::new());
    let mut elements = 0;
    loop {
        match reader.read_event().map_err(|_| Unreadable)? {
            Event::Start(start) => {
                elements += 1;
                if path.len() >= DEEPEST || elements > MOST_ELEMENTS {
                    return Err(Unreadable);
                }
                let name = String::from_utf8(start.local_name().as_ref().to_vec()).map_err(|_| Unreadable)?;
                if path.is_empty() {
                    let id = start.try_get_attribute("id").ok().flatten().ok_or(Unreadable)?;
                    submission.form =
                        id.normalized_value(quick_xml::XmlVersion::default()).map_err(|_| Unreadable)?.into_owned();
                }
                path.push(name);
                text.clear();
            }
            Event::Text(part) => text.push_str(&part.decode().map_err(|_| Unreadable)?),
            Event::CData(part) => text.push_str(&part.decode().map_err(|_| Unreadable)?),
            Event::GeneralRef(part) => {
                let name = part.decode().map_err(|_| Unreadable)?;
                let plain = quick_xml::escape::unescape(&format!("&{name};")).map_err(|_| Unreadable)?.into_owned();
                text.push_str(&plain);
            }
            Event::End(_) => {
                let name = path.pop().ok_or(Unreadable)?;
                let value = std::mem::take(&mut text);
                if name == "instanceID" && path.last().is_some_and(|above| above == "meta") {
                    submission.instance = value.trim().to_owned();
                } else if !value.trim().is_empty() && !path.iter().any(|above| above == "meta") {
                    submission.answers.entry(name).or_insert(value);
                }
            }
            Event::Eof => break,
            _ => {}
        }
    }
    let named = !submission.form.is_empty() && (1..=100).contains(&submission.instance.len());
    if named && path.is_empty() { Ok(submission) } else { Err(Unreadable) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn sent(inner: &str) -> String {
        format!(
            "<?xml version='1.0' ?><data id=\"prima-1\" version=\"2\">{inner}<meta><instanceID>uuid:7</instanceID></meta></data>"
        )
    }

    #[test]
    fn answers_are_read_by_name_in_whatever_group_they_stand() {
        let xml = sent(
            "<kode>k7f3</kode><grup><promise_time>ya</promise_time><waktu> 3 </waktu></grup><suggestion>a &amp; b&#33;</suggestion>",
        );
        let read = read(&xml).unwrap();
        assert_eq!((read.form.as_str(), read.instance.as_str()), ("prima-1", "uuid:7"));
        assert_eq!((read.field("promise-time"), read.field("waktu"), read.field("biaya")), ("ya", "3", ""));
        assert_eq!(read.field("suggestion"), "a & b!");
    }

    #[test]
    fn what_tells_of_the_device_or_the_moment_is_not_read() {
        let xml = "<data id=\"prima-1\"><waktu>3</waktu><meta><instanceID>uuid:7</instanceID><timeStart>2026</timeStart>\
                   <deviceID>imei:1</deviceID></meta></data>";
        let read = read(xml).unwrap();
        assert_eq!(read.answers.keys().collect::<Vec<_>>(), ["waktu"]);
    }

    #[test]
    fn what_is_no_form_is_refused() {
        let deep = format!("{}{}", "<a>".repeat(20), "</a>".repeat(20));
        for xml in ["", "x", "<data/>", "<data id=\"x\">", "<data id=\"x\"></data>", &sent("<a></b>"), &sent(&deep)] {
            assert_eq!(read(xml), Err(Unreadable), "{xml}");
        }
        let entity =
            "<!DOCTYPE d [<!ENTITY e \"x\">]><data id=\"1\"><a>&e;</a><meta><instanceID>u</instanceID></meta></data>";
        assert_eq!(read(entity), Err(Unreadable), "entities of its own are not followed");
    }

    proptest! {
        #[test]
        fn whatever_is_sent_is_read_or_refused(bytes in ".{0,300}") {
            let _ = read(&bytes);
            let _ = read(&sent(&bytes));
        }

        #[test]
        fn a_text_is_read_as_it_was_written(text in "[ -~]{1,60}") {
            let read = read(&sent(&format!("<suggestion>{}</suggestion>", escape(&text)))).unwrap();
            prop_assert_eq!(read.field("suggestion"), text.trim());
        }
    }
}
