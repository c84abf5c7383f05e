//! Against a solver of mixed-integer programs, on the whole form with the dependencies that come with the program.
//!
//! The solver computes in floating point; the model holds whole numbers only, and each limit on them stands half a unit aside, so that its
//! tolerance cannot decide.

use super::*;
use microlp::{ComparisonOp, OptimizationDirection, Problem, Variable};
use num_bigint::BigInt;
use num_integer::Integer;
use num_traits::ToPrimitive;
use std::collections::HashMap;

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, limit: u32) -> u32 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        u32::try_from(self.0 >> 33).unwrap() % limit
    }
}

/// Levels 1 to 4, one to twenty days for a rise, and the dependencies of the estimates.
fn chance_unit(index: &ServiceIndex, chance: &mut Chance) -> (Vec<u8>, Efforts, Vec<Vec<u32>>) {
    let levels = index.indicators.iter().filter(|indicator| indicator.scored);
    let levels: Vec<u8> = levels.map(|_| 1 + u8::try_from(chance.below(4)).unwrap()).collect();
    let table: Vec<Vec<u32>> = levels.iter().map(|_| (0..5).map(|_| 1 + chance.below(20)).collect()).collect();
    let optional: Vec<Vec<Option<u32>>> = table.iter().map(|row| row.iter().copied().map(Some).collect()).collect();
    let mut efforts = efforts(index, &optional);
    efforts.dependencies = DefaultEfforts::embedded().for_instrument(index).dependencies;
    (levels, efforts, table)
}

/// The model: a yes or no for each rise, and for each unit its published value in hundredths.
struct Model {
    problem: Problem,
    /// By unit, indicator and level it rises from: the rise and its days.
    rises: HashMap<(usize, usize, u8), (Variable, u32)>,
    values: Vec<Variable>,
}

impl Model {
    fn new() -> Self {
        let problem = Problem::new(OptimizationDirection::Minimize);
        Self { problem, rises: HashMap::new(), values: Vec::new() }
    }

    fn add_unit(&mut self, index: &ServiceIndex, levels: &[u8], table: &[Vec<u32>], needs: &[Dependency], f03: &Ratio) {
        let unit = self.values.len();
        for (at, level) in levels.iter().enumerate() {
            for from in *level..5 {
                let days = table[at][usize::from(from)];
                let rise = self.problem.add_binary_var(days.into());
                if let Some((before, _)) = from.checked_sub(1).and_then(|before| self.rises.get(&(unit, at, before))) {
                    self.problem.add_constraint([(rise, 1.0), (*before, -1.0)], ComparisonOp::Le, 0.0);
                }
                self.rises.insert((unit, at, from), (rise, days));
            }
        }
        for need in needs {
            // What stays where it is asks for nothing, so the first rise to the level or above is what asks.
            let first = (need.at - 1).max(levels[need.indicator]);
            let asking = self.rises.get(&(unit, need.indicator, first)).map(|(rise, _)| *rise);
            let has = levels[need.needs] >= need.level;
            if let Some(asking) = asking.filter(|_| !has) {
                let needed = self.rises[&(unit, need.needs, need.level - 1)].0;
                self.problem.add_constraint([(asking, 1.0), (needed, -1.0)], ComparisonOp::Le, 0.0);
            }
        }
        self.add_value(index, levels, f03);
    }

    /// exact ≥ value ÷ 100 − 1/200, as whole numbers: a value is published when the exact one reaches half a hundredth below it.
    fn add_value(&mut self, index: &ServiceIndex, levels: &[u8], f03: &Ratio) {
        let unit = self.values.len();
        let value = self.problem.add_integer_var(0.0, (0, 500));
        let base = assess(index, levels, f03).outcome().exact.unwrap();
        let gains: Vec<Ratio> = (0..levels.len())
            .map(|at| {
                let indicator = &index.indicators[at];
                let aspect = index.aspects.iter().find(|aspect| aspect.key == indicator.aspect).unwrap();
                &index.components.f02 * &aspect.weight * &indicator.weight
            })
            .collect();
        let scale =
            gains.iter().chain([&base, &ratio(1, 200)]).fold(BigInt::from(1), |all, gain| all.lcm(gain.denom()));
        let float = |exact: &Ratio| {
            let scaled = exact * &scale;
            assert!(scaled.is_integer());
            scaled.to_integer().to_f64().unwrap()
        };
        let mut sum: Vec<(Variable, _)> = vec![(value, -float(&ratio(1, 100)))];
        for (at, gain) in gains.iter().enumerate() {
            let own = (0..5).filter_map(|from| self.rises.get(&(unit, at, from)));
            sum.extend(own.map(|(rise, _)| (*rise, float(gain))));
        }
        self.problem.add_constraint(sum, ComparisonOp::Ge, -float(&base) - float(&ratio(1, 200)) - 0.5);
        self.values.push(value);
    }

    /// The least days for which the units' published values add up to these hundredths.
    fn least_days(mut self, hundredths: u32) -> u32 {
        let sum: Vec<(Variable, _)> = self.values.iter().map(|value| (*value, 1.0)).collect();
        self.problem.add_constraint(sum, ComparisonOp::Ge, hundredths.into());
        let solution = self.problem.solve().unwrap().into_solution().unwrap();
        self.rises.values().filter(|(rise, _)| solution.var_value(*rise) > 0.5).map(|(_, days)| days).sum()
    }
}

/// A unit of the whole form: the least effort for each of several values is the solver's.
#[test]
fn a_unit_of_the_whole_form_is_solved_as_a_solver_solves_it() {
    let (_, index) = form();
    let mut chance = Chance(29);
    for f03 in ["3.51", "4.2", "4.37"] {
        let f03 = decimal(f03);
        let (levels, efforts, table) = chance_unit(index, &mut chance);
        let start = Start { name: "A".to_owned(), assessment: assess(index, &levels, &f03), efforts: &efforts };
        let path = UnitPath::new(start).unwrap();
        for hundredths in [320, 360, 401, 420] {
            let plan = path.reach(&Goal::at_least(ratio(hundredths, 100))).unwrap();
            let mut model = Model::new();
            model.add_unit(index, &levels, &table, &efforts.dependencies, &f03);
            assert_eq!(plan.total.days, whole(model.least_days(hundredths)), "{hundredths} of {levels:?}");
        }
    }
}

/// Three units of the whole form as a city, by their published values: a goal of 4.01, reached when the mean is 4.005 and more, takes as
/// many days as the solver needs for three values that add up to 12.02 (3 × 4.005 = 12.015).
#[test]
fn a_city_of_whole_forms_is_solved_as_a_solver_solves_it() {
    let (_, index) = form();
    let mut chance = Chance(2022);
    let units: Vec<(Vec<u8>, Efforts, Vec<Vec<u32>>)> = (0..3).map(|_| chance_unit(index, &mut chance)).collect();
    let f03 = decimal("4.1");
    let start =
        |(levels, efforts, _): &'_ (Vec<u8>, Efforts, Vec<Vec<u32>>)| (assess(index, levels, &f03), efforts.clone());
    let kept: Vec<(Assessment<'_>, Efforts)> = units.iter().map(start).collect();
    let starts = kept.iter().map(|(assessment, efforts)| Start {
        name: "A".to_owned(),
        assessment: assessment.clone(),
        efforts,
    });
    let plan = CityPath::new(starts.collect()).unwrap().reach(&Goal::named(&index.bands, "A-").unwrap()).unwrap();
    let mut model = Model::new();
    for (levels, efforts, table) in &units {
        model.add_unit(index, levels, table, &efforts.dependencies, &f03);
    }
    assert_eq!(plan.total.days, whole(model.least_days(1202)));
    assert_eq!(value(&plan.after), "4.01");
}
