//! Against trying every combination of levels, on forms small enough for it.

use super::*;
use crate::aggregation::AggregationRule;
use crate::quantity::Decimal;
use num_traits::Zero;
use proptest::prelude::*;

/// A unit made up: weights, levels, days (nothing where a rise is not possible), dependencies, F-03 in hundredths.
#[derive(Debug, Clone)]
struct Case {
    weights: Vec<u32>,
    levels: Vec<u8>,
    table: Vec<Vec<Option<u32>>>,
    needs: Vec<(usize, u8, usize, u8)>,
    f03: u32,
}

/// Few kinds of days and weights, so that ties are frequent.
fn case(indicators: usize, dependencies: usize) -> impl Strategy<Value = Case> {
    let rise = prop_oneof![8 => (0_u32..6).prop_map(Some), 1 => Just(None)];
    let need = (0..indicators, 1_u8..=5, 0..indicators, 1_u8..=5);
    (
        prop::collection::vec(1_u32..5, indicators),
        prop::collection::vec(2_u8..=5, indicators),
        prop::collection::vec(prop::collection::vec(rise, 5), indicators),
        prop::collection::vec(need, 0..=dependencies),
        0_u32..=500,
    )
        .prop_map(|(weights, levels, table, needs, f03)| Case { weights, levels, table, needs, f03 })
}

/// One combination of levels: days, rises, exact index, levels.
type Tried = (Ratio, usize, Ratio, Vec<u8>);

/// Every combination of levels that can be reached, each scored by the official code.
fn everything(case: &Case, index: &ServiceIndex) -> Vec<Tried> {
    let mut all: Vec<Vec<u8>> = vec![Vec::new()];
    for (level, rises) in case.levels.iter().zip(&case.table) {
        let mut longer = Vec::new();
        for before in &all {
            for to in *level..=5 {
                if (*level..to).all(|from| rises[usize::from(from)].is_some()) {
                    longer.push([before.as_slice(), &[to]].concat());
                }
            }
        }
        all = longer;
    }
    let kept = |to: &Vec<u8>| {
        case.needs
            .iter()
            .all(|(one, at, other, level)| to[*one] == case.levels[*one] || to[*one] < *at || to[*other] >= *level)
    };
    let scored = |to: Vec<u8>| {
        let rises = to.iter().zip(&case.levels).map(|(to, from)| usize::from(to - from)).sum();
        let days: u32 = (0..to.len())
            .flat_map(|at| (case.levels[at]..to[at]).map(move |from| (at, from)))
            .filter_map(|(at, from)| case.table[at][usize::from(from)])
            .sum();
        let exact = assess(index, &to, &ratio(case.f03, 100)).outcome().exact.unwrap();
        (whole(days), rises, exact, to)
    };
    all.into_iter().filter(kept).map(scored).collect()
}

fn prepared(case: &Case) -> (ServiceIndex, Efforts) {
    let index = small_form(&case.weights);
    let mut efforts = efforts(&index, &case.table);
    efforts.dependencies = case.needs.iter().map(|(one, at, other, level)| needs(*one, *at, *other, *level)).collect();
    (index, efforts)
}

fn start<'a>(name: &str, case: &Case, index: &'a ServiceIndex, efforts: &'a Efforts) -> Start<'a> {
    Start { name: name.to_owned(), assessment: assess(index, &case.levels, &ratio(case.f03, 100)), efforts }
}

/// Least effort, fewest rises, highest value, then the levels of the earlier indicators highest.
fn best(tried: &[Tried], is_met: impl Fn(&Tried) -> bool) -> Option<&Tried> {
    tried.iter().filter(|tried| is_met(tried)).min_by(|one, other| {
        let first = (&one.0, one.1).cmp(&(&other.0, other.1));
        first.then_with(|| other.2.cmp(&one.2)).then_with(|| other.3.cmp(&one.3))
    })
}

fn levels_of(plan: &Plan) -> Vec<u8> {
    use num_traits::ToPrimitive;
    plan.levels.iter().map(|level| level.as_ref().unwrap().to_integer().to_u8().unwrap()).collect()
}

/// That a plan is what its own words say: running totals, the official result, and slips that the official code confirms.
fn check_words(plan: &Plan, index: &ServiceIndex, f03: &Ratio) {
    let mut exact = plan.before.exact.clone().unwrap();
    let mut days = Ratio::zero();
    for rise in &plan.rises {
        exact += &rise.adds;
        days += &rise.effort.days;
        assert_eq!((&rise.exact_so_far, &rise.days_so_far), (&exact, &days));
    }
    assert_eq!((Some(&exact), &plan.total.days), (plan.after.exact.as_ref(), &days));
    for (place, rise) in plan.rises.iter().enumerate() {
        let mut levels: Vec<Option<Ratio>> = plan.levels.clone();
        for fallen in rise.slip.falls_with.iter().chain([&place]) {
            let fallen = &plan.rises[*fallen];
            let level = levels[fallen.indicator].clone().unwrap();
            levels[fallen.indicator] = Some(level.min(fallen.from.clone()));
        }
        let mut without = assess(index, &[], f03);
        without.levels = levels;
        assert_eq!(without.outcome().value, Some(rise.slip.value.clone()));
    }
}

/// That the city's value after each slip is the one the official mean gives of its units' results then.
fn check_city_slips(plan: &CityPlan, index: &ServiceIndex, goal: &Goal) {
    for (place, unit) in plan.units.iter().enumerate() {
        for rise in &unit.rises {
            let members: Vec<(String, crate::outcome::Outcome)> = (plan.units.iter().enumerate())
                .map(|(other, unit)| {
                    let mut outcome = unit.after.clone();
                    if other == place {
                        (outcome.exact, outcome.value) = (Some(rise.slip.exact.clone()), Some(rise.slip.value.clone()));
                    }
                    (unit.unit.clone(), outcome)
                })
                .collect();
            let city = index.aggregation.outcome(&form().0.header, (index.rounding, &index.bands), &members);
            assert_eq!(city.value, rise.slip.city);
            assert_eq!(
                (city.category(), city.value.as_ref().is_some_and(|value| goal.is_met(value))),
                (&*rise.slip.category, rise.slip.is_met)
            );
        }
    }
}

fn goal(hundredths: u32) -> Goal {
    Goal::at_least(ratio(hundredths, 100))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    /// Without dependencies, every goal is reached by the very plan that trying everything finds, ties included.
    #[test]
    fn a_unit_without_dependencies_is_solved_exactly(case in case(5, 0), target in 250_u32..=500, budget in 0_u32..30) {
        let (index, efforts) = prepared(&case);
        let tried = everything(&case, &index);
        let path = UnitPath::new(start("A", &case, &index, &efforts)).unwrap();
        let goal = goal(target);
        let wanted = best(&tried, |one| goal.is_met(&index.rounding.round(&one.2)));
        match path.reach(&goal) {
            Ok(plan) => {
                prop_assert_eq!(Some(&levels_of(&plan)), wanted.map(|wanted| &wanted.3));
                check_words(&plan, &index, &ratio(case.f03, 100));
            }
            Err(PathError::Unreachable { best }) => {
                prop_assert!(wanted.is_none());
                let highest = tried.iter().map(|one| index.rounding.round(&one.2)).max();
                prop_assert_eq!(Some(best), highest);
            }
            Err(other) => panic!("{other}"),
        }
        let affordable = tried.iter().filter(|one| one.0 <= whole(budget)).map(|one| index.rounding.round(&one.2)).max();
        let plan = path.within(&whole(budget));
        prop_assert!(plan.total.days <= whole(budget));
        prop_assert_eq!(plan.after.value, affordable);
    }

    /// With dependencies, circles among them: the same effort, rises and value as trying everything, and no dependency broken.
    #[test]
    fn a_unit_with_dependencies_is_solved_exactly(case in case(5, 6), target in 250_u32..=500, budget in 0_u32..30) {
        let (index, efforts) = prepared(&case);
        let tried = everything(&case, &index);
        let path = UnitPath::new(start("A", &case, &index, &efforts)).unwrap();
        let goal = goal(target);
        let wanted = best(&tried, |one| goal.is_met(&index.rounding.round(&one.2)));
        if let Ok(plan) = path.reach(&goal) {
            let found = (&plan.total.days, plan.rises.len(), plan.after.exact.as_ref().unwrap());
            prop_assert_eq!(Some(found), wanted.map(|wanted| (&wanted.0, wanted.1, &wanted.2)));
            let levels = levels_of(&plan);
            prop_assert!(tried.iter().any(|one| one.3 == levels));
            check_words(&plan, &index, &ratio(case.f03, 100));
        } else {
            prop_assert!(wanted.is_none());
        }
        let affordable = tried.iter().filter(|one| one.0 <= whole(budget)).map(|one| index.rounding.round(&one.2)).max();
        prop_assert_eq!(path.within(&whole(budget)).after.value, affordable);
    }

    /// Each point of the curve is the least effort for its value, and every value that can be reached more cheaply than the next stands on it.
    #[test]
    fn the_curve_of_a_unit_is_complete(case in case(4, 3)) {
        let (index, efforts) = prepared(&case);
        let tried = everything(&case, &index);
        let path = UnitPath::new(start("A", &case, &index, &efforts)).unwrap();
        let mut wanted: Vec<(Ratio, Decimal)> = Vec::new();
        let mut pairs: Vec<(Ratio, Decimal)> =
            tried.iter().map(|one| (one.0.clone(), index.rounding.round(&one.2))).collect();
        pairs.sort_by(|one, other| one.0.cmp(&other.0).then_with(|| other.1.cmp(&one.1)));
        for pair in pairs {
            if wanted.last().is_none_or(|last| last.1 < pair.1) {
                wanted.push(pair);
            }
        }
        let found: Vec<(Ratio, Decimal)> = path.curve().into_iter().map(|point| (point.days, point.value)).collect();
        prop_assert_eq!(found, wanted);
    }

    /// A city of three units, under both rules of the mean: goal, budget and slips as trying everything and the official code have it.
    #[test]
    fn a_city_is_solved_exactly(
        cases in prop::collection::vec(case(2, 2), 3),
        target in 250_u32..=500,
        budget in 0_u32..30,
        published in any::<bool>(),
    ) {
        let mut prepared: Vec<(ServiceIndex, Efforts)> = cases.iter().map(|case| prepared(&Case { weights: cases[0].weights.clone(), ..case.clone() })).collect();
        for (index, _) in &mut prepared {
            index.aggregation.rule = if published { AggregationRule::MeanOfPublished } else { AggregationRule::MeanOfExact };
        }
        let index = &prepared[0].0;
        let starts = cases.iter().zip(&prepared).map(|(case, (_, efforts))| start("A", case, index, efforts));
        let city = CityPath::new(starts.collect()).unwrap();
        let brought = |one: &Tried| if published { index.rounding.round(&one.2).value() } else { one.2.clone() };
        let mut together = vec![(Ratio::zero(), 0, Ratio::zero())];
        for case in &cases {
            let own = everything(case, index);
            together = together
                .iter()
                .flat_map(|sum| own.iter().map(|one| (&sum.0 + &one.0, sum.1 + one.1, &sum.2 + brought(one))))
                .collect();
        }
        let value = |sum: &Ratio| index.rounding.round(&(sum / whole(3)));
        let goal = goal(target);
        let reaching = together.iter().filter(|one| goal.is_met(&value(&one.2)));
        let wanted = reaching.min_by(|one, other| (&one.0, one.1).cmp(&(&other.0, other.1)).then_with(|| other.2.cmp(&one.2)));
        match (city.reach(&goal), wanted) {
            (Ok(plan), Some(wanted)) => {
                check_city_slips(&plan, index, &goal);
                let rises: usize = plan.units.iter().map(|unit| unit.rises.len()).sum();
                prop_assert_eq!((&plan.total.days, rises), (&wanted.0, wanted.1));
                prop_assert_eq!(plan.after.value.as_ref(), Some(&value(&wanted.2)));
                prop_assert!(goal.is_met(plan.after.value.as_ref().unwrap()));
            }
            (Err(PathError::Unreachable { best }), None) => {
                prop_assert_eq!(Some(best), together.iter().map(|one| value(&one.2)).max());
            }
            (found, wanted) => panic!("{found:?} where {wanted:?} was wanted"),
        }
        let affordable = together.iter().filter(|one| one.0 <= whole(budget)).map(|one| value(&one.2)).max();
        let plan = city.within(&whole(budget));
        prop_assert!(plan.total.days <= whole(budget));
        prop_assert_eq!(plan.after.value, affordable);
    }
}
