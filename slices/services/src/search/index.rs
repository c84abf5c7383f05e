//! The catalogue as the search keeps it: which services have which word, and what a list shows of each.
//!
//! A word has two sets of services, those with it in their name and those with it anywhere. A question is an intersection of such
//! sets, so its cost follows the words and not the number of services; what fits is ordered by name first, and only as much of it
//! as a page shows.

use super::slips::Slips;
use super::words::{self, Word};
use crate::kinds;
use crate::promise::{Duration, Fee};
use crate::service::{Channel, Service, ServiceFacts, ServiceId, ServiceState};
use platform::identity::UnitId;
use roaring::RoaringBitmap;
use std::collections::{BTreeMap, HashMap};

/// What a list shows of a service.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Listed {
    /// Its identifier.
    pub id: ServiceId,
    /// Its part of addresses.
    pub slug: String,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub summary: String,
    /// The unit that gives it.
    pub unit: UnitId,
    /// The longest time it takes.
    pub duration: Option<Duration>,
    /// What it costs.
    pub fee: Option<Fee>,
}

/// What is looked for. Everything left open fits all.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Wanted {
    /// What somebody typed.
    pub typed: String,
    /// Services of these units: a unit with all below it.
    pub units: Option<Vec<UnitId>>,
    /// Key of a category.
    pub category: Option<&'static str>,
    /// Key of an event.
    pub event: Option<&'static str>,
    /// A channel.
    pub channel: Option<Channel>,
}

impl Wanted {
    /// Whether only some services are wanted, whatever they are called.
    #[must_use]
    pub fn is_narrowed(&self) -> bool {
        self.units.is_some() || self.category.is_some() || self.event.is_some() || self.channel.is_some()
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Found {
    /// How many services fit.
    pub total: u64,
    /// Those of the page, the best first.
    pub page: Vec<Listed>,
    /// When none fits: the nearest, three at most.
    pub near: Vec<Listed>,
}

#[derive(Debug, Default)]
struct Term {
    named: RoaringBitmap,
    anywhere: RoaringBitmap,
}

#[derive(Debug)]
struct Doc {
    listed: Listed,
    plain_name: String,
    /// Words of the name: of two that fit alike, the shorter name is meant.
    length: u32,
    terms: Vec<u32>,
}

/// The services of a city that everybody finds.
#[derive(Debug, Default)]
pub(crate) struct Index {
    docs: Vec<Option<Doc>>,
    places: HashMap<ServiceId, u32>,
    /// Places that are free again.
    free: Vec<u32>,
    all: RoaringBitmap,
    terms: Vec<Term>,
    known: HashMap<String, u32>,
    /// Words as written, in order, for those that somebody typed half.
    written: BTreeMap<String, u32>,
    slips: Slips,
    units: HashMap<UnitId, RoaringBitmap>,
    categories: HashMap<&'static str, RoaringBitmap>,
    events: HashMap<&'static str, RoaringBitmap>,
    channels: HashMap<&'static str, RoaringBitmap>,
    /// Places in the order of names, and for each place where it stands there.
    by_name: Vec<u32>,
    ranks: Vec<u32>,
}

/// Names of units, for those who look for a service by its office.
pub(crate) type UnitNames = HashMap<UnitId, String>;

impl Index {
    /// How many services there are.
    pub(crate) fn len(&self) -> u64 {
        self.all.len()
    }

    /// How many services of each event there are, in the order of screens.
    pub(crate) fn events(&self) -> Vec<(&'static str, u64)> {
        let count = |key: &'static str| self.events.get(key).map_or(0, RoaringBitmap::len);
        kinds::life_events().iter().map(|kind| (kind.key.as_str(), count(&kind.key))).collect()
    }

    /// Takes a service as it is now. [`Index::settle`] ends a row of such calls.
    pub(crate) fn put(&mut self, service: &Service, units: &UnitNames) {
        self.remove(service.id);
        if service.state != ServiceState::Published {
            return;
        }
        let place = self.free.pop().unwrap_or_else(|| {
            self.docs.push(None);
            u32::try_from(self.docs.len() - 1).unwrap_or(u32::MAX)
        });
        let (facts, unit) = (&service.facts, units.get(&service.unit).map_or("", String::as_str));
        let mut terms = Vec::new();
        for (text, named) in texts(facts, unit) {
            for word in words::of_text(&text) {
                let term = self.term(&word);
                let sets = &mut self.terms[term as usize];
                sets.anywhere.insert(place);
                if named {
                    sets.named.insert(place);
                }
                terms.push(term);
            }
        }
        terms.sort_unstable();
        terms.dedup();
        self.sort_in(place, service);
        let plain_name = organisation::plain(&facts.name);
        let length = u32::try_from(plain_name.split(' ').count()).unwrap_or(u32::MAX);
        self.docs[place as usize] = Some(Doc { listed: Listed::of(service), plain_name, length, terms });
        self.places.insert(service.id, place);
        self.all.insert(place);
        self.by_name.push(place);
    }

    /// Puts a service among those of its unit, category, events and channels.
    fn sort_in(&mut self, place: u32, service: &Service) {
        self.units.entry(service.unit).or_default().insert(place);
        if let Some(kind) = kinds::category(&service.facts.category) {
            self.categories.entry(&kind.key).or_default().insert(place);
        }
        for kind in service.facts.events.iter().filter_map(|key| kinds::life_event(key)) {
            self.events.entry(&kind.key).or_default().insert(place);
        }
        for channel in &service.facts.channels {
            self.channels.entry(channel.name()).or_default().insert(place);
        }
    }

    fn remove(&mut self, id: ServiceId) {
        let Some(place) = self.places.remove(&id) else { return };
        let Some(doc) = self.docs[place as usize].take() else { return };
        for term in doc.terms {
            let sets = &mut self.terms[term as usize];
            sets.anywhere.remove(place);
            sets.named.remove(place);
        }
        let sets = self.categories.values_mut().chain(self.events.values_mut()).chain(self.channels.values_mut());
        for set in sets.chain(self.units.values_mut()) {
            set.remove(place);
        }
        self.all.remove(place);
        self.by_name.retain(|other| *other != place);
        self.free.push(place);
    }

    /// Brings what was put in into the order of names.
    pub(crate) fn settle(&mut self) {
        let docs = &self.docs;
        let name = |place: &u32| docs[*place as usize].as_ref().map(|doc| (&doc.plain_name, doc.listed.id));
        self.by_name.sort_by(|one, other| name(one).cmp(&name(other)));
        self.ranks = vec![u32::MAX; self.docs.len()];
        for (rank, place) in (0..).zip(&self.by_name) {
            self.ranks[*place as usize] = rank;
        }
    }

    fn term(&mut self, word: &Word) -> u32 {
        let new = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        let term = *self.known.entry(word.term.clone()).or_insert(new);
        if term == new {
            self.terms.push(Term::default());
            // Ways of writing this word that stand nowhere in a service can be mistyped as well.
            for (way, _) in words::stand_ins().filter(|(_, called)| *called == word.term) {
                self.slips.learn(way, term);
            }
        }
        if !self.written.contains_key(&word.written) {
            self.written.insert(word.written.clone(), term);
            self.slips.learn(&word.written, term);
        }
        term
    }

    /// What fits, `size` of it after the first `skipped`.
    pub(crate) fn find(&self, wanted: &Wanted, skipped: usize, size: usize) -> Found {
        let words = words::of_question(&wanted.typed);
        let among = self.among(wanted);
        if words.is_empty() {
            let page = self.by_name.iter().filter(|place| among.as_ref().is_none_or(|among| among.contains(**place)));
            let page = page.skip(skipped).take(size).filter_map(|place| self.listed(*place)).collect();
            return Found { total: among.map_or(self.len(), |among| among.len()), page, near: Vec::new() };
        }
        let (weak, strong): (Vec<&Word>, Vec<&Word>) = words.iter().partition(|word| word.weak);
        let strong: Vec<Sets> = strong.into_iter().map(|word| self.sets(word)).collect();
        let mut fitting = intersection(strong.iter().map(|sets| &sets.anywhere));
        if let Some(among) = &among {
            fitting &= among;
        }
        if fitting.is_empty() {
            return Found { near: self.nearest(&words, among.as_ref()), ..Found::default() };
        }
        let named = intersection(strong.iter().map(|sets| &sets.named)) & &fitting;
        let whole =
            weak.iter().filter_map(|word| self.known.get(&word.term)).map(|term| &self.terms[*term as usize].named);
        let whole = whole.fold(named.clone(), |left, right| left & right);
        let page = self.best(&fitting, &[&whole, &named], skipped, size);
        Found { total: fitting.len(), page, near: Vec::new() }
    }

    fn listed(&self, place: u32) -> Option<Listed> {
        self.docs.get(place as usize)?.as_ref().map(|doc| doc.listed.clone())
    }

    /// The services that the filters leave; nothing when there is no filter.
    fn among(&self, wanted: &Wanted) -> Option<RoaringBitmap> {
        let nothing = RoaringBitmap::new();
        let of_units = wanted.units.as_ref().map(|units| {
            units.iter().filter_map(|unit| self.units.get(unit)).fold(RoaringBitmap::new(), |all, unit| all | unit)
        });
        let of_category = wanted.category.map(|key| self.categories.get(key).unwrap_or(&nothing));
        let of_event = wanted.event.map(|key| self.events.get(key).unwrap_or(&nothing));
        let of_channel = wanted.channel.map(|channel| self.channels.get(channel.name()).unwrap_or(&nothing));
        let others = [of_category, of_event, of_channel].into_iter().flatten();
        others.fold(of_units, |left, right| Some(left.map_or_else(|| right.clone(), |left| left & right)))
    }

    /// The services a word may mean: those that have it, or else those with a word like it.
    fn sets(&self, word: &Word) -> Sets {
        if let Some(term) = self.written.get(&word.written) {
            return self.union([*term]);
        }
        // A word nobody wrote: its stem may be known, it may be half a word, or one with a slip.
        let half = self
            .written
            .range(word.written.clone()..)
            .take_while(|(other, _)| word.written.len() >= SHORTEST_HALF && other.starts_with(&word.written));
        let half = half.take(MOST_HALVES).map(|(_, term)| *term);
        self.union(self.known.get(&word.term).copied().into_iter().chain(half).chain(self.slips.near(&word.written)))
    }

    fn union(&self, terms: impl IntoIterator<Item = u32>) -> Sets {
        let mut sets = Sets::default();
        for term in terms.into_iter().filter_map(|term| self.terms.get(term as usize)) {
            sets.named |= &term.named;
            sets.anywhere |= &term.anywhere;
        }
        sets
    }

    /// The best of what fits: those of the first tier, then of the second, then the rest; within a tier short names first.
    fn best(&self, fitting: &RoaringBitmap, tiers: &[&RoaringBitmap], skipped: usize, size: usize) -> Vec<Listed> {
        let (mut page, mut skipped, mut left) = (Vec::new(), skipped, fitting.clone());
        for tier in tiers.iter().map(|tier| Some(*tier)).chain([None]) {
            if page.len() >= size {
                break;
            }
            let own = tier.map_or_else(|| left.clone(), |tier| tier & &left);
            left -= &own;
            let count = usize::try_from(own.len()).unwrap_or(usize::MAX);
            if skipped >= count {
                skipped -= count;
                continue;
            }
            let mut places: Vec<(u32, u32, u32)> = own.iter().filter_map(|place| self.order(place)).collect();
            let wanted = (skipped + size - page.len()).min(places.len());
            if wanted < places.len() {
                places.select_nth_unstable(wanted);
                places.truncate(wanted);
            }
            places.sort_unstable();
            page.extend(places.iter().skip(skipped).filter_map(|(_, _, place)| self.listed(*place)));
            skipped = 0;
        }
        page
    }

    fn order(&self, place: u32) -> Option<(u32, u32, u32)> {
        let doc = self.docs.get(place as usize)?.as_ref()?;
        Some((doc.length, self.ranks.get(place as usize).copied().unwrap_or(u32::MAX), place))
    }

    /// The three services that have most of the words, in their name if possible.
    fn nearest(&self, words: &[Word], among: Option<&RoaringBitmap>) -> Vec<Listed> {
        let mut points: HashMap<u32, u32> = HashMap::new();
        for word in words.iter().filter(|word| !word.weak) {
            let mut sets = self.sets(word);
            if sets.anywhere.is_empty() {
                sets = self.union(self.slips.far(&word.written));
            }
            for (set, worth) in [(&sets.anywhere, 1), (&sets.named, 2)] {
                let set = among.map_or_else(|| set.clone(), |among| set & among);
                for place in set.iter().take(MOST_NEAR) {
                    *points.entry(place).or_default() += worth;
                }
            }
        }
        let mut places: Vec<(u32, (u32, u32, u32))> =
            points.into_iter().filter_map(|(place, points)| Some((u32::MAX - points, self.order(place)?))).collect();
        places.sort_unstable();
        places.iter().take(NEAREST).filter_map(|(_, (_, _, place))| self.listed(*place)).collect()
    }
}

/// So many alternatives are offered when nothing fits.
const NEAREST: usize = 3;
/// So many services of a word are looked at for alternatives.
const MOST_NEAR: usize = 2_000;
/// Half a word has so many letters at least, and means no more than so many words.
const SHORTEST_HALF: usize = 3;
const MOST_HALVES: usize = 40;

/// The services of a word.
#[derive(Debug, Default)]
struct Sets {
    named: RoaringBitmap,
    anywhere: RoaringBitmap,
}

fn intersection<'s>(sets: impl Iterator<Item = &'s RoaringBitmap>) -> RoaringBitmap {
    let mut sets: Vec<&RoaringBitmap> = sets.collect();
    sets.sort_by_key(|set| set.len());
    let Some((first, others)) = sets.split_first() else { return RoaringBitmap::new() };
    others.iter().fold((*first).clone(), |left, right| left & *right)
}

/// The texts by which a service is found, and whether each counts as its name.
fn texts(facts: &ServiceFacts, unit: &str) -> Vec<(String, bool)> {
    let mut texts = vec![
        (facts.name.clone(), true),
        (facts.keywords.clone(), true),
        (facts.summary.clone(), false),
        (facts.audience.clone(), false),
        (unit.to_owned(), false),
    ];
    let both = |kind: &kinds::Kind| {
        let (id, en) = (rules::phrase::Language::Indonesian, rules::phrase::Language::English);
        format!("{} {} {}", kind.name(id), kind.name(en), kind.words)
    };
    texts.extend(kinds::category(&facts.category).map(|kind| (both(kind), false)));
    texts.extend(facts.events.iter().filter_map(|key| kinds::life_event(key)).map(|kind| (both(kind), false)));
    texts
}

impl Listed {
    pub(crate) fn of(service: &Service) -> Self {
        let facts = &service.facts;
        Self {
            id: service.id,
            slug: service.slug.clone(),
            name: facts.name.clone(),
            summary: facts.summary.clone(),
            unit: service.unit,
            duration: facts.duration,
            fee: facts.fee.clone(),
        }
    }
}
