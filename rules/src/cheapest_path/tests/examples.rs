//! Worked examples, to be followed with a pocket calculator.

use super::*;
use crate::aggregation::AggregationRule;
use crate::instrument::Rounding;

fn start<'a>(name: &str, assessment: Assessment<'a>, efforts: &'a Efforts) -> Start<'a> {
    Start { name: name.to_owned(), assessment, efforts }
}

fn unit<'a>(assessment: Assessment<'a>, efforts: &'a Efforts) -> UnitPath<'a> {
    UnitPath::new(start("RSUD", assessment, efforts)).unwrap()
}

fn steps(plan: &Plan) -> Vec<(usize, String)> {
    plan.rises.iter().map(|rise| (rise.number, format!("{}→{}", rise.from, rise.to))).collect()
}

/// Permenpan RB 29/2022, 75:25: all levels 4, F-03 = 4 give 4.00, B; A- begins at 4.01. A rise of indicator 1 adds
/// 3/4 × 24/100 × 17/100 = 0.0306, of indicator 29 3/4 × 12/100 × 50/100 = 0.045; 0.005 is enough, since a half goes up: 4.005 → 4.01.
/// The smallest weights are those of indicators 3, 7, 8 and 9: 3/4 × 24/100 × 7/100 = 0.0126, enough as well. With one day for each rise
/// the plan is one rise, and of all that suffice the one with the highest value: indicator 14, 3/4 × 25/100 × 30/100 = 0.05625.
#[test]
fn one_rise_lifts_a_good_unit_into_the_next_category() {
    let (_, index) = form();
    let efforts = Efforts::all_equal(index, &days(1));
    let path = unit(assess(index, &[4; 30], &whole(4)), &efforts);
    let plan = path.reach(&Goal::named(&index.bands, "a-").unwrap()).unwrap();
    assert_eq!(steps(&plan), [(14, "4→5".to_owned())]);
    assert_eq!((value(&plan.before), value(&plan.after), plan.after.category()), ("4.00".into(), "4.06".into(), "A-"));
    let rise = &plan.rises[0];
    assert_eq!((&rise.weight, &rise.adds_to_f02), (&decimal("0.075"), &decimal("0.075")));
    assert_eq!((&rise.adds, &rise.exact_so_far), (&decimal("0.05625"), &decimal("4.05625")));
}

/// The same unit, but indicator 14 takes 10 days and indicator 3 one: 4 + 0.0126 = 4.0126 → 4.01 is enough for A-.
#[test]
fn a_small_rise_that_is_cheap_is_preferred_to_a_large_one_that_is_not() {
    let (_, index) = form();
    let mut efforts = Efforts::all_equal(index, &days(10));
    efforts.set(2, 4, Some(days(1)));
    let path = unit(assess(index, &[4; 30], &whole(4)), &efforts);
    let plan = path.reach(&Goal::named(&index.bands, "A-").unwrap()).unwrap();
    assert_eq!((steps(&plan), value(&plan.after)), (vec![(3, "4→5".to_owned())], "4.01".into()));
}

/// Only the rounded value is judged. Ten indicators of equal weight, F-03 = 4: each rise adds 3/4 × 1/10 = 0.075. From 4.00 three rises give
/// 4.225, published 4.23: a goal of 4.23 is met by the half that goes up, and one of 4.24 takes a fourth rise.
#[test]
fn the_rounded_value_decides_and_a_half_goes_up() {
    let index = small_form(&[1; 10]);
    let efforts = Efforts::all_equal(&index, &days(2));
    let path = unit(assess(&index, &[4; 10], &whole(4)), &efforts);
    let rises = |goal: &str| path.reach(&Goal::at_least(decimal(goal))).unwrap().rises.len();
    assert_eq!((rises("4.00"), rises("4.23"), rises("4.231"), rises("4.24")), (0, 3, 4, 4));
}

/// Two indicators of equal weight, levels 3, F-03 = 3; the second may reach level 4 only when the first has reached 4. Alone the second is
/// cheaper (1 day against 5), but 4 needs both: 6 days, the first rise first.
#[test]
fn a_rise_brings_what_it_needs_and_comes_after_it() {
    let index = small_form(&[1, 3]);
    let mut efforts = efforts(&index, &[vec![Some(5); 5], vec![Some(1); 5]]);
    efforts.dependencies.push(needs(1, 4, 0, 4));
    let path = unit(assess(&index, &[3, 3], &whole(3)), &efforts);
    // 3 + 3/4 × 3/4 = 3.5625 would be enough without the dependency.
    let plan = path.reach(&Goal::at_least(decimal("3.5"))).unwrap();
    assert_eq!(steps(&plan), [(1, "3→4".to_owned()), (2, "3→4".to_owned())]);
    assert_eq!(plan.total.days, whole(6));
    // When the first slips, the second falls with it; when the second slips, the first stays: 3 + 3/4 × 1/4 = 3.1875.
    let slips: Vec<(String, Vec<usize>)> =
        plan.rises.iter().map(|rise| (rise.slip.value.to_string(), rise.slip.falls_with.clone())).collect();
    assert_eq!(slips, [("3.00".to_owned(), vec![1]), ("3.19".to_owned(), vec![])]);
    assert!(plan.rises.iter().all(|rise| !rise.slip.is_met));
}

/// A level that was given stands even where it would need another; it is asked again when it is to rise.
#[test]
fn what_was_given_stands_without_what_it_would_need() {
    let index = small_form(&[1, 1]);
    let mut efforts = efforts(&index, &[vec![Some(9); 5], vec![Some(1); 5]]);
    efforts.dependencies.push(needs(1, 3, 0, 2));
    let path = unit(assess(&index, &[1, 4], &whole(3)), &efforts);
    assert_eq!(path.reach(&Goal::at_least(whole(0))).unwrap().rises.len(), 0);
    // Rising the second to 5 takes one day, and nine for the first, which it needs at level 2.
    let best = path.within(&whole(9));
    assert_eq!(steps(&best), [(1, "1→2".to_owned())]);
    assert_eq!(steps(&path.within(&whole(10))), [(1, "1→2".to_owned()), (2, "4→5".to_owned())]);
}

/// "Even if item 7 slips you stay above": ten equal indicators at 4, F-03 = 4, four rises give 4.30; the goal is 4.20. Three rises give
/// 4.225, so that the plan has three, and each slip leaves 4.15, below it. With a budget for four, each slip leaves 4.23.
#[test]
fn a_plan_says_what_happens_when_one_rise_slips() {
    let index = small_form(&[1; 10]);
    let efforts = Efforts::all_equal(&index, &days(2));
    let path = unit(assess(&index, &[4; 10], &whole(4)), &efforts);
    let plan = path.reach(&Goal::at_least(decimal("4.2"))).unwrap();
    let slips = |plan: &Plan| -> Vec<String> { plan.rises.iter().map(|rise| rise.slip.value.to_string()).collect() };
    assert_eq!(slips(&plan), ["4.15"; 3]);
    assert!(plan.rises.iter().all(|rise| !rise.slip.is_met));
    assert_eq!(slips(&path.within(&whole(8))), ["4.23"; 4]);
}

/// Rises of one indicator follow each other; those of different indicators run side by side; what is needed comes before. Indicator 1 rises
/// twice (10 and 20 working days), indicator 2 once (25), and that needs level 4 of indicator 1: 10 + 25 = 35 days.
#[test]
fn cost_is_added_up_and_time_runs_side_by_side() {
    let index = small_form(&[1, 1]);
    let mut efforts = Efforts::all_equal(&index, &Effort { days: ratio(1, 2), cost: 1_500_000, lead: 10 });
    efforts.set(0, 4, Some(Effort { days: ratio(1, 2), cost: 0, lead: 20 }));
    efforts.set(1, 3, Some(Effort { days: ratio(1, 3), cost: 250_000, lead: 25 }));
    efforts.set(1, 4, None);
    efforts.dependencies.push(needs(1, 4, 0, 4));
    let path = unit(assess(&index, &[3, 3], &whole(3)), &efforts);
    let plan = path.within(&whole(100));
    assert_eq!(plan.rises.len(), 3);
    assert_eq!(plan.total, Total { days: ratio(4, 3), cost: 1_750_000, lead: 35 });
}

/// A level that several evaluators gave on average, 3.5, rises to 4 for the whole effort of that rise and adds half a level.
#[test]
fn a_level_between_two_rises_to_the_next_whole_one() {
    let index = small_form(&[1]);
    let efforts = Efforts::all_equal(&index, &days(4));
    let mut assessment = assess(&index, &[3], &whole(3));
    assessment.levels[0] = Some(ratio(7, 2));
    let plan = unit(assessment, &efforts).within(&whole(4));
    assert_eq!((plan.rises.len(), plan.rises[0].adds.clone()), (1, ratio(3, 8)));
    assert_eq!(value(&plan.after), "3.75");
}

/// The curve begins where the unit stands and rises: three rises of one indicator, 2 days each, 3/4 a level: 3.00, 3.38 (3.375), …
#[test]
fn the_curve_rises_from_where_the_unit_stands() {
    let index = small_form(&[1, 1]);
    let efforts = efforts(&index, &[vec![Some(2); 5], vec![None; 5]]);
    let path = unit(assess(&index, &[3, 3], &whole(3)), &efforts);
    let curve: Vec<(Ratio, String, &str)> = path
        .curve()
        .into_iter()
        .map(|point| (point.days, point.value.to_string(), point.band.category.as_str()))
        .collect();
    let of = |days: u8, value: &str, category: &'static str| (whole(days), value.to_owned(), category);
    assert_eq!(curve, [of(0, "3.00", "C"), of(2, "3.38", "B-"), of(4, "3.75", "B")]);
}

/// A city is the mean of published values. Two units of ten equal indicators at 4, F-03 = 4: a rise adds 0.075. One rise gives 4.075,
/// published 4.08, two 4.15, three 4.225 → 4.23. For a mean of 4.08 one rise each is enough, 2 days; (4.15 + 4.00) ÷ 2 = 4.075 → 4.08 is
/// enough as well. Both take two rises; the first brings the higher value, (4.08 + 4.08) ÷ 2, where both are 4.08 and the first unit is
/// raised more in the other: of equal values the earlier unit takes more.
#[test]
fn a_city_reaches_its_goal_by_the_published_values_of_its_units() {
    let index = small_form(&[1; 10]);
    let efforts = Efforts::all_equal(&index, &days(1));
    let units = ["A", "B"].map(|name| start(name, assess(&index, &[4; 10], &whole(4)), &efforts));
    let city = CityPath::new(units.to_vec()).unwrap();
    let plan = city.reach(&Goal::at_least(decimal("4.08"))).unwrap();
    assert_eq!(plan.total.days, whole(2));
    assert_eq!((value(&plan.before), value(&plan.after)), ("4.00".into(), "4.08".into()));
    assert_eq!(plan.units.iter().map(|unit| value(&unit.after)).collect::<Vec<_>>(), ["4.08", "4.08"]);
    // (4.08 + 4.00) ÷ 2 = 4.04 when one of them slips.
    let slip = &plan.units[0].rises[0].slip;
    assert_eq!((slip.city.as_ref().unwrap().to_string(), slip.is_met), ("4.04".to_owned(), false));
}

/// Under the rule of exact means three rises of 0.075 bring (4.075 + 4.15) ÷ 2 = 4.1125 → 4.11; published values bring
/// (4.08 + 4.15) ÷ 2 = 4.115 → 4.12. The same goal may cost more under one rule than under the other.
#[test]
fn the_rule_of_the_mean_decides_what_a_city_must_do() {
    let mut index = small_form(&[1; 10]);
    let efforts = Efforts::all_equal(&index, &days(1));
    let cost = |index: &ServiceIndex| {
        let units = ["A", "B"].map(|name| start(name, assess(index, &[4; 10], &whole(4)), &efforts));
        CityPath::new(units.to_vec()).unwrap().reach(&Goal::at_least(decimal("4.12"))).unwrap().total.days
    };
    assert_eq!(cost(&index), whole(3));
    index.aggregation.rule = AggregationRule::MeanOfExact;
    assert_eq!(cost(&index), whole(4));
}

/// A unit without an index is left out of the mean and named, as in every other result of a city.
#[test]
fn a_city_leaves_out_a_unit_without_index_and_names_it() {
    let index = small_form(&[1; 10]);
    let efforts = Efforts::all_equal(&index, &days(1));
    let whole_unit = start("A", assess(&index, &[4; 10], &whole(4)), &efforts);
    let unfinished = start("B", assess(&index, &[4; 9], &whole(4)), &efforts);
    let city = CityPath::new(vec![whole_unit, unfinished.clone()]).unwrap();
    let plan = city.within(&whole(1));
    assert_eq!((plan.units.len(), value(&plan.after)), (1, "4.08".to_owned()));
    assert!(plan.after.warnings.iter().any(|warning| warning.code.as_str() == "unit-without-value"));
    assert!(matches!(CityPath::new(vec![unfinished.clone()]), Err(PathError::NoIndex { .. })));
    assert!(matches!(UnitPath::new(unfinished), Err(PathError::NoIndex { unit }) if unit == "B"));
}

/// What cannot be reached says how far one gets: with F-03 = 3 and all levels 5 the index is 4.50.
#[test]
fn a_goal_out_of_reach_names_the_best_there_is() {
    let (_, index) = form();
    let efforts = Efforts::all_equal(index, &days(1));
    let path = unit(assess(index, &[2; 30], &whole(3)), &efforts);
    let error = path.reach(&Goal::named(&index.bands, "A").unwrap()).unwrap_err();
    assert!(matches!(&error, PathError::Unreachable { best } if best.to_string() == "4.50"), "{error}");
    assert!(error.to_string().contains("4.50"));
}

/// A goal is a category of the instrument or a number on its scale, and nothing else.
#[test]
fn goals_are_categories_or_numbers() {
    let (_, index) = form();
    assert_eq!(Goal::named(&index.bands, " a- ").unwrap().category(), Some("A-"));
    assert_eq!(Goal::named(&index.bands, "4,2").unwrap().least(), &decimal("4.2"));
    for unknown in ["G", "5.01", "", "baik?"] {
        assert!(matches!(Goal::named(&index.bands, unknown), Err(PathError::UnknownGoal { .. })), "{unknown}");
    }
}

/// All thirty indicators that depend on one another in every pair cannot be solved by trying; that is said, not guessed. A chain and a star
/// of thirty can.
#[test]
fn what_hangs_together_too_closely_is_refused_and_long_chains_are_not() {
    let (_, index) = form();
    let solve = |dependencies: Vec<Dependency>| {
        let mut efforts = Efforts::all_equal(index, &days(1));
        efforts.dependencies = dependencies;
        UnitPath::new(start("A", assess(index, &[0; 30], &whole(3)), &efforts))
            .map(|path| path.within(&whole(7)).rises.len())
    };
    assert_eq!(solve((1..30).map(|at| needs(at, 2, at - 1, 2)).collect()), Ok(7));
    assert_eq!(solve((0..29).map(|at| needs(at, 2, 29, 2)).collect()), Ok(7));
    let all = (0..30).flat_map(|one| (0..one).map(move |other| needs(one, 2, other, 2)));
    assert_eq!(solve(all.collect()), Err(PathError::TooEntangled { indicators: 30 }));
}

/// Days as fine as a thousandth are counted exactly; those that no whole number holds are refused, never rounded.
#[test]
fn days_are_counted_exactly_or_refused() {
    let index = small_form(&[1, 1, 1]);
    let mut efforts = Efforts::all_equal(&index, &Effort { days: decimal("0.001"), cost: 0, lead: 0 });
    assert_eq!(unit(assess(&index, &[0; 3], &whole(3)), &efforts).within(&decimal("0.0019")).rises.len(), 1);
    efforts.set(0, 0, Some(Effort { days: decimal("0.00000000000000001"), cost: 0, lead: 0 }));
    let refused = UnitPath::new(start("A", assess(&index, &[0; 3], &whole(3)), &efforts));
    assert_eq!(refused.err(), Some(PathError::TooFine));
}

/// The estimates that come with the program name indicators that exist, and suit every form of the IPP.
#[test]
fn the_estimates_name_what_exists() {
    let estimates = DefaultEfforts::embedded();
    assert_eq!(estimates.status, crate::citation::Status::OwnKnowledge);
    let (_, form) = form();
    for key in estimates.named() {
        assert!(form.indicators.iter().any(|indicator| indicator.key == key), "{key}");
    }
    for id in ["ipp-2017", "ipp-2022", "ipp-2022-online"] {
        let index = index(known(id));
        let efforts = estimates.for_instrument(index);
        let all = (0..index.indicators.len()).flat_map(|at| (0_u8..5).map(move |from| (at, from)));
        assert!(all.into_iter().all(|(at, from)| efforts.of(at, from).is_some()), "{id}");
        let levels = vec![2; index.indicators.len()];
        let path = unit(assess(index, &levels, &whole(4)), &efforts);
        assert_eq!(path.reach(&Goal::named(&index.bands, "A-").unwrap()).unwrap().after.category(), "A-", "{id}");
        assert_eq!(index.rounding, Rounding { decimals: 2 });
    }
}
