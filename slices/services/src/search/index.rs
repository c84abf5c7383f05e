//! The catalogue as the search keeps it: which services have which word, and what a list shows of each.
//!
//! A word has two sets of services, those with it in their name and those with it anywhere. A question is an intersection of such
//! sets, so its cost follows the words and not the number of services. Places stand from the best name to the worst, so a page is the
//! first of a set, and the others are only counted. What came after the places were put in order is compared one by one, until there
//! is so much of it that they are put in order again.

use super::slips::Slips;
use super::words::{self, Word};
use crate::kinds;
use crate::promise::{Duration, Fee};
use crate::service::{Channel, Service, ServiceFacts, ServiceId, ServiceState};
use platform::identity::UnitId;
use roaring::RoaringBitmap;
use std::borrow::Cow;
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

impl Doc {
    /// Where it stands among others: short names first, then as names are sorted.
    fn standing(&self) -> (u32, &str, ServiceId) {
        (self.length, &self.plain_name, self.listed.id)
    }
}

/// The services of a city that everybody finds.
#[derive(Debug, Default)]
pub(crate) struct Index {
    docs: Vec<Option<Doc>>,
    places: HashMap<ServiceId, u32>,
    /// So many places, from the first, stand in order: short names first, then as names are sorted.
    ordered: u32,
    /// Places behind them that are free again; of those in order, how many are.
    free: Vec<u32>,
    holes: usize,
    all: RoaringBitmap,
    terms: Vec<Term>,
    known: HashMap<String, u32>,
    /// Words as written, in order, for those that somebody typed half.
    written: BTreeMap<String, u32>,
    /// The same of words without their endings.
    stems: BTreeMap<String, u32>,
    pub(super) slips: Slips,
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

    /// Takes services as they are now.
    pub(crate) fn put_all(&mut self, services: &[Service], units: &UnitNames) {
        if services.is_empty() {
            return;
        }
        for service in services {
            self.put(service, units);
        }
        self.settle();
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
        if place < self.ordered {
            self.holes += 1;
        } else {
            self.free.push(place);
        }
    }

    /// Brings what was put in into the order of names.
    pub(crate) fn settle(&mut self) {
        let late = self.docs.len() - self.ordered as usize - self.free.len() + self.holes;
        if late * PATIENCE > self.places.len() {
            self.put_in_order();
        }
        let docs = &self.docs;
        let name = |place: &u32| docs[*place as usize].as_ref().map(|doc| (&doc.plain_name, doc.listed.id));
        self.by_name.sort_by(|one, other| name(one).cmp(&name(other)));
        self.ranks = vec![u32::MAX; self.docs.len()];
        for (rank, place) in (0..).zip(&self.by_name) {
            self.ranks[*place as usize] = rank;
        }
    }

    /// Gives every service the place where it stands among all.
    fn put_in_order(&mut self) {
        let mut docs: Vec<(u32, Doc)> =
            (0..).zip(std::mem::take(&mut self.docs)).filter_map(|(place, doc)| Some((place, doc?))).collect();
        docs.sort_by(|(_, one), (_, other)| one.standing().cmp(&other.standing()));
        let mut moved: HashMap<u32, u32> = HashMap::with_capacity(docs.len());
        for (new, (old, _)) in (0..).zip(&docs) {
            moved.insert(*old, new);
        }
        let sets = self.terms.iter_mut().flat_map(|term| [&mut term.named, &mut term.anywhere]);
        let kinds = self.categories.values_mut().chain(self.events.values_mut()).chain(self.channels.values_mut());
        for set in sets.chain(kinds).chain(self.units.values_mut()).chain([&mut self.all]) {
            let mut places: Vec<u32> = set.iter().filter_map(|place| moved.get(&place).copied()).collect();
            places.sort_unstable();
            *set = places.into_iter().collect();
        }
        self.by_name.iter_mut().for_each(|place| *place = moved.get(place).copied().unwrap_or(u32::MAX));
        self.docs = docs.into_iter().map(|(_, doc)| Some(doc)).collect();
        self.places = (0..).zip(&self.docs).filter_map(|(place, doc)| Some((doc.as_ref()?.listed.id, place))).collect();
        (self.ordered, self.holes) = (u32::try_from(self.docs.len()).unwrap_or(u32::MAX), 0);
        self.free.clear();
    }

    fn term(&mut self, word: &Word) -> u32 {
        let new = u32::try_from(self.terms.len()).unwrap_or(u32::MAX);
        let term = *self.known.entry(word.term.clone()).or_insert(new);
        if term == new {
            self.terms.push(Term::default());
            self.stems.insert(word.term.clone(), term);
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
        let strong: Vec<Sets<'_>> = strong.into_iter().map(|word| self.sets(word)).collect();
        let mut fitting = intersection(strong.iter().map(|sets| &*sets.anywhere));
        if let Some(among) = &among {
            fitting &= among;
        }
        if fitting.is_empty() {
            return Found { near: self.nearest(&words, among.as_ref()), ..Found::default() };
        }
        let named = intersection(strong.iter().map(|sets| &*sets.named)) & &fitting;
        let whole =
            weak.iter().filter_map(|word| self.known.get(&word.term)).map(|term| &self.terms[*term as usize].named);
        let whole = whole.fold(named.clone(), |left, right| left & right);
        let page = self.best(&fitting, [&whole, &named], skipped, size);
        Found { total: fitting.len(), page, near: Vec::new() }
    }

    pub(super) fn listed(&self, place: u32) -> Option<Listed> {
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
    pub(super) fn sets(&self, word: &Word) -> Sets<'_> {
        // A word that services had, and none has any more, is nobody's.
        let own = self.written.get(&word.written).and_then(|term| self.terms.get(*term as usize));
        if let Some(term) = own.filter(|term| !term.anywhere.is_empty()) {
            return Sets { named: Cow::Borrowed(&term.named), anywhere: Cow::Borrowed(&term.anywhere) };
        }
        // A word nobody wrote: its stem may be known, it may be half a word, or one with a slip.
        let half = halves(&self.written, &word.written).chain(halves(&self.stems, &word.written));
        self.union(self.known.get(&word.term).copied().into_iter().chain(half).chain(self.slips.near(&word.written)))
    }

    pub(super) fn union(&self, terms: impl IntoIterator<Item = u32>) -> Sets<'_> {
        let mut sets = Sets::default();
        for term in terms.into_iter().filter_map(|term| self.terms.get(term as usize)) {
            *sets.named.to_mut() |= &term.named;
            *sets.anywhere.to_mut() |= &term.anywhere;
        }
        sets
    }

    /// The best of what fits: those of the first tier, then of the second, then the rest; within a tier short names first. Each tier
    /// holds the one before it.
    fn best(&self, fitting: &RoaringBitmap, tiers: [&RoaringBitmap; 2], skipped: usize, size: usize) -> Vec<Listed> {
        let (mut page, mut skipped) = (Vec::new(), skipped);
        let [first, second] = tiers;
        for (tier, before) in [(first, None), (second, Some(first)), (fitting, Some(second))] {
            if page.len() >= size {
                break;
            }
            let own = before.map_or(Cow::Borrowed(tier), |before| Cow::Owned(tier - before));
            let count = usize::try_from(own.len()).unwrap_or(usize::MAX);
            if skipped >= count {
                skipped -= count;
                continue;
            }
            let places = self.first_of(&own, skipped + size - page.len());
            page.extend(places.into_iter().skip(skipped).filter_map(|place| self.listed(place)));
            skipped = 0;
        }
        page
    }

    /// So many places of a set, the best first.
    fn first_of(&self, set: &RoaringBitmap, wanted: usize) -> Vec<u32> {
        let mut places: Vec<u32> = set.iter().take_while(|place| *place < self.ordered).take(wanted).collect();
        let late = set.range(self.ordered..);
        let in_order = places.len();
        places.extend(late);
        if places.len() > in_order {
            places.sort_by_cached_key(|place| self.order(*place));
            places.truncate(wanted);
        }
        places
    }

    pub(super) fn order(&self, place: u32) -> Option<(u32, u32, u32)> {
        let doc = self.docs.get(place as usize)?.as_ref()?;
        Some((doc.length, self.ranks.get(place as usize).copied().unwrap_or(u32::MAX), place))
    }
}

/// The places are put in order again when one of so many services came since.
const PATIENCE: usize = 20;
/// Half a word has so many letters at least, and means no more than so many words.
const SHORTEST_HALF: usize = 3;
const MOST_HALVES: usize = 40;

/// The services of a word.
#[derive(Debug, Default)]
pub(super) struct Sets<'i> {
    pub(super) named: Cow<'i, RoaringBitmap>,
    pub(super) anywhere: Cow<'i, RoaringBitmap>,
}

/// What words stand for that begin so.
fn halves<'w>(words: &'w BTreeMap<String, u32>, half: &'w str) -> impl Iterator<Item = u32> {
    let from = words.range(half.to_owned()..);
    let fitting = from.take_while(move |(word, _)| half.len() >= SHORTEST_HALF && word.starts_with(half));
    fitting.take(MOST_HALVES).map(|(_, term)| *term)
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
