//! Every SQL statement of published results.

pub(crate) mod service_figures;

use crate::export::Part;
use crate::place::{Kind, Place};
use crate::result::{Family, Published, Source};
use calculation::published::PublishedWords;
use platform::api::Slice;
use platform::database::{DatabaseError, FromRow, Read, Row, Write};
use platform::{params, statements};
use std::collections::HashMap;
use time::OffsetDateTime;

/// The columns of a [`Published`], in the order it is read.
macro_rules! columns {
    () => {
        "id, family, instrument, subject, subject_name, subject_kind, area_code, unit_name, printed_place, year, period, value, \
         printed_category, printed_label, printed_zone, printed_opinion, respondents, source_address, source_title, note, inputs, \
         computed, category, zone, standing, reasons, fingerprint"
    };
}

/// What a ranking holds: governments, or the units of the satisfaction survey, or one kind that was asked for.
macro_rules! of_league {
    () => {
        "family = $1 AND year = $2
         AND (kind = $3 OR ($3 = '' AND (family = 'skm' OR kind IN ('kota', 'kabupaten', 'provinsi', 'kementerian'))))"
    };
}

/// Its results: those that have a value to be ranked by.
macro_rules! in_league {
    () => {
        concat!(of_league!(), " AND order_value IS NOT NULL")
    };
}

statements! {
    /// What is kept already, to tell what is new.
    pub(crate) CONTENTS = "SELECT id, content FROM published_result";
    /// Keeps a result, in place of the one of its name.
    pub(crate) SAVE = concat!("INSERT INTO published_result (", columns!(), ", kind, order_value, content, loaded_at)
        VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23, $24, $25,
            $26, $27, $28, $29, $30, $31)
        ON CONFLICT (id) DO UPDATE SET family = excluded.family, instrument = excluded.instrument, subject = excluded.subject,
            subject_name = excluded.subject_name, subject_kind = excluded.subject_kind, area_code = excluded.area_code,
            unit_name = excluded.unit_name, printed_place = excluded.printed_place, year = excluded.year, period = excluded.period,
            value = excluded.value, printed_category = excluded.printed_category, printed_label = excluded.printed_label,
            printed_zone = excluded.printed_zone, printed_opinion = excluded.printed_opinion, respondents = excluded.respondents,
            source_address = excluded.source_address, source_title = excluded.source_title, note = excluded.note,
            inputs = excluded.inputs, computed = excluded.computed, category = excluded.category, zone = excluded.zone,
            standing = excluded.standing, reasons = excluded.reasons, fingerprint = excluded.fingerprint, kind = excluded.kind,
            order_value = excluded.order_value, content = excluded.content, loaded_at = excluded.loaded_at");
    pub(crate) FORGET_COUNTS = "DELETE FROM published_count";
    /// Counts the results of each ranking anew.
    pub(crate) COUNT_LEAGUES = "INSERT INTO published_count (family, year, kind, instrument, category, results)
        SELECT family, year, kind, instrument, category, COUNT(*) FROM published_result
        WHERE order_value IS NOT NULL AND year IS NOT NULL GROUP BY family, year, kind, instrument, category";
    /// A result at its address.
    pub(crate) ONE = concat!("SELECT ", columns!(), " FROM published_result WHERE subject = $1 AND id = $2");
    /// All results of a place and its units, oldest first.
    pub(crate) OF_SUBJECT = concat!("SELECT ", columns!(), " FROM published_result
        WHERE subject = $1 ORDER BY family, year, period, id LIMIT 2000");
    /// The newest result of each measurement of four places as a whole.
    pub(crate) NEWEST = concat!("SELECT ", columns!(), " FROM (SELECT ", columns!(), ",
            ROW_NUMBER() OVER (PARTITION BY subject, family ORDER BY year DESC, id DESC) AS newest
            FROM published_result WHERE unit_name = '' AND value IS NOT NULL AND subject IN ($1, $2, $3, $4)) AS ranked
        WHERE newest = 1 ORDER BY subject, family");
    /// The rankings there are.
    pub(crate) LEAGUES = "SELECT family, year, CAST(SUM(results) AS BIGINT) FROM published_count
        WHERE kind <> 'nasional' AND (family = 'skm' OR kind <> 'unit') GROUP BY family, year ORDER BY family, year DESC";
    /// Every place and unit by name, to search in.
    pub(crate) NAMES = "SELECT subject, subject_name, subject_kind, unit_name, COUNT(*) FROM published_result
        GROUP BY subject, subject_name, subject_kind, unit_name ORDER BY subject_name, unit_name";
    /// One page of a ranking.
    pub(crate) LEAGUE = concat!("SELECT ", columns!(), " FROM published_result WHERE ", in_league!(), "
        ORDER BY instrument DESC, order_value DESC, subject_name, unit_name, id LIMIT $4 OFFSET $5");
    /// How many of a ranking are above a value of an instrument.
    pub(crate) ABOVE = concat!("SELECT COUNT(*) FROM published_result WHERE ", in_league!(), "
        AND instrument = $4 AND order_value > (SELECT order_value FROM published_result WHERE id = $5)");
    /// How many of a ranking fall in each category.
    pub(crate) LEAGUE_CATEGORIES = concat!("SELECT instrument, category, CAST(SUM(results) AS BIGINT)
        FROM published_count WHERE ", of_league!(), " GROUP BY instrument, category ORDER BY instrument DESC, category");
    /// One page of open data.
    pub(crate) PAGE = concat!("SELECT ", columns!(), " FROM published_result
        WHERE ($1 = '' OR family = $1) AND ($2 = 0 OR year = $2) AND ($3 = '' OR subject = $3) ORDER BY family, year, id
        LIMIT $4 OFFSET $5");
    /// How many results all its pages hold.
    pub(crate) COUNT = "SELECT COUNT(*) FROM published_result
        WHERE ($1 = '' OR family = $1) AND ($2 = 0 OR year = $2) AND ($3 = '' OR subject = $3)";
    /// Open data: everything, or one measurement, or one year of it.
    pub(crate) EXPORT = concat!("SELECT ", columns!(), " FROM published_result
        WHERE ($1 = '' OR family = $1) AND ($2 = 0 OR year = $2) AND ($3 = '' OR subject = $3) ORDER BY family, year, id");
}

impl FromRow for Published {
    fn from_row(row: &Row<'_>) -> Result<Self, DatabaseError> {
        let unknown = |what: &str| DatabaseError::Other(format!("{what} is not known").into());
        let id: String = row.next()?;
        let family = Family::named(&row.next::<String>()?).ok_or_else(|| unknown("family"))?;
        let instrument = row.next()?;
        let (slug, name) = (row.next()?, row.next()?);
        let kind = Kind::named(&row.next::<String>()?).ok_or_else(|| unknown("kind"))?;
        let place = Place { slug, name, kind, area_code: row.next()?, unit: row.next()? };
        Ok(Self {
            id,
            family,
            instrument,
            place,
            printed_place: row.next()?,
            year: row.next()?,
            period: row.next()?,
            value: row.next()?,
            words: PublishedWords {
                category: row.next()?,
                label: row.next()?,
                zone: row.next()?,
                opinion: row.next()?,
            },
            respondents: row.next()?,
            source: Source { address: row.next()?, title: row.next()? },
            note: row.next()?,
            inputs: row.next()?,
            computed: row.next()?,
            category: row.next()?,
            zone: row.next()?,
            standing: row.next()?,
            reasons: row.next()?,
            fingerprint: row.next()?,
        })
    }
}

/// The content of every result that is kept, by its name.
pub(crate) fn contents(db: &mut Read<'_>) -> Result<HashMap<String, String>, DatabaseError> {
    Ok(db.all::<(String, String)>(CONTENTS, params![])?.into_iter().collect())
}

/// Keeps a result.
pub(crate) fn save(
    db: &mut Write<'_>,
    result: &Published,
    content: &str,
    now: OffsetDateTime,
) -> Result<(), DatabaseError> {
    let (place, words, source) = (&result.place, &result.words, &result.source);
    let row = params![
        result.id.as_str(),
        result.family.name(),
        result.instrument.as_str(),
        place.slug.as_str(),
        place.name.as_str(),
        place.kind.name(),
        place.area_code.as_deref(),
        place.unit.as_str(),
        result.printed_place.as_str(),
        result.year,
        result.period.as_str(),
        result.value.as_deref(),
        words.category.as_str(),
        words.label.as_str(),
        words.zone.as_str(),
        words.opinion.as_str(),
        result.respondents,
        source.address.as_str(),
        source.title.as_str(),
        result.note.as_str(),
        result.inputs.as_deref(),
        result.computed.as_deref(),
        result.category.as_str(),
        result.zone.as_str(),
        result.standing.as_str(),
        result.reasons.as_str(),
        result.fingerprint.as_deref(),
        result.kind().name(),
        result.order(),
        content,
        now
    ];
    db.execute(SAVE, row).map(drop)
}

/// Counts the rankings, after results were kept.
pub(crate) fn count_leagues(db: &mut Write<'_>) -> Result<(), DatabaseError> {
    db.execute(FORGET_COUNTS, params![])?;
    db.execute(COUNT_LEAGUES, params![]).map(drop)
}

/// The result at an address.
pub(crate) fn one(db: &mut Read<'_>, subject: &str, id: &str) -> Result<Option<Published>, DatabaseError> {
    db.one(ONE, params![subject, id])
}

/// All results of a place and its units, oldest first.
pub(crate) fn of_subject(db: &mut Read<'_>, subject: &str) -> Result<Vec<Published>, DatabaseError> {
    db.all(OF_SUBJECT, params![subject])
}

/// The newest result of each measurement of four places.
pub(crate) fn newest(db: &mut Read<'_>, subjects: [&str; 4]) -> Result<Vec<Published>, DatabaseError> {
    db.all(NEWEST, params![subjects[0], subjects[1], subjects[2], subjects[3]])
}

/// A ranking: measurement, year and number of results.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct League {
    pub(crate) family: Family,
    pub(crate) year: i64,
    pub(crate) results: i64,
}

/// The rankings there are, newest first.
pub(crate) fn leagues(db: &mut Read<'_>) -> Result<Vec<League>, DatabaseError> {
    let rows: Vec<(String, i64, i64)> = db.all(LEAGUES, params![])?;
    let league = |(family, year, results): (String, i64, i64)| {
        Family::named(&family).map(|family| League { family, year, results })
    };
    Ok(rows.into_iter().filter_map(league).collect())
}

/// A place or one of its units, by name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Name {
    pub(crate) slug: String,
    pub(crate) name: String,
    pub(crate) kind: Kind,
    pub(crate) unit: String,
    pub(crate) results: i64,
}

/// Every place and unit by name.
pub(crate) fn names(db: &mut Read<'_>) -> Result<Vec<Name>, DatabaseError> {
    let rows: Vec<(String, String, String, String, i64)> = db.all(NAMES, params![])?;
    let name = |(slug, name, kind, unit, results): (String, String, String, String, i64)| {
        Kind::named(&kind).map(|kind| Name { slug, name, kind, unit, results })
    };
    Ok(rows.into_iter().filter_map(name).collect())
}

/// A result with its rank.
pub(crate) struct Ranked {
    pub(crate) result: Published,
    pub(crate) rank: i64,
}

/// Which ranking, and which part of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) family: Family,
    pub(crate) year: i64,
    /// One kind of place; nothing for the usual ones.
    pub(crate) kind: Option<Kind>,
}

impl Asked {
    fn kind_name(self) -> &'static str {
        self.kind.map_or("", Kind::name)
    }
}

/// One page of a ranking, and how many results there are in each category of each instrument ([`league_categories`]).
///
/// Ranks are within an instrument, since values of two instruments are not compared; equal values share the better rank.
pub(crate) fn league(
    db: &mut Read<'_>,
    asked: Asked,
    rows: i64,
    after: i64,
) -> Result<(Vec<Ranked>, Counts), DatabaseError> {
    let counts = league_categories(db, asked)?;
    let found: Vec<Published> =
        db.all(LEAGUE, params![asked.family.name(), asked.year, asked.kind_name(), rows, after])?;
    // The instruments stand one after another: so many results stand before the first one of an instrument.
    let before = |instrument: &str| {
        counts.iter().take_while(|(own, _, _)| own != instrument).map(|(_, _, count)| count).sum::<i64>()
    };
    let mut ranked: Vec<Ranked> = Vec::with_capacity(found.len());
    for (place, result) in (after + 1..).zip(found) {
        let rank = match ranked.last() {
            Some(last) if last.result.instrument != result.instrument => 1,
            Some(last) if last.result.order() == result.order() => last.rank,
            Some(_) => place - before(&result.instrument),
            None => 1 + above(db, asked, &result)?,
        };
        ranked.push(Ranked { result, rank });
    }
    Ok((ranked, counts))
}

fn above(db: &mut Read<'_>, asked: Asked, result: &Published) -> Result<i64, DatabaseError> {
    let (instrument, id) = (result.instrument.as_str(), result.id.as_str());
    let row = db.one::<(i64,)>(ABOVE, params![asked.family.name(), asked.year, asked.kind_name(), instrument, id])?;
    Ok(row.map_or(0, |(count,)| count))
}

/// Instrument, category, count.
pub(crate) type Counts = Vec<(String, String, i64)>;

/// How many results of a ranking fall in each category.
fn league_categories(db: &mut Read<'_>, asked: Asked) -> Result<Counts, DatabaseError> {
    db.all(LEAGUE_CATEGORIES, params![asked.family.name(), asked.year, asked.kind_name()])
}

/// How many results are asked for, and one page of them.
pub(crate) fn page(db: &mut Read<'_>, part: &Part, slice: Slice) -> Result<(u64, Vec<Published>), DatabaseError> {
    let (family, year, subject) = (part.family.map_or("", Family::name), part.year.unwrap_or(0), part.subject.as_str());
    let total = db.one::<(i64,)>(COUNT, params![family, year, subject])?.map_or(0, |(count,)| count.unsigned_abs());
    let (most, skipped) = (slice.size, (slice.page - 1) * slice.size);
    let number = |count: u64| i64::try_from(count).unwrap_or(i64::MAX);
    Ok((total, db.all(PAGE, params![family, year, subject, number(most), number(skipped)])?))
}

/// Hands over result by result: everything, or what is asked for.
pub(crate) fn export<E: From<DatabaseError>>(
    db: &mut Read<'_>,
    family: Option<Family>,
    year: Option<i64>,
    subject: &str,
    mut take: impl FnMut(Published) -> Result<(), E>,
) -> Result<(), E> {
    let asked = params![family.map_or("", Family::name), year.unwrap_or(0), subject];
    db.each(EXPORT, asked, |row| take(Published::from_row(row)?))
}
