//! Findings and measures on both engines: from raising to publishing, who may not verify, whom the program tells, what a city keeps apart.

use super::world::{City, NOW, THERE, account, cities, plan, planned, proof, way};
use crate::actions::{follow_up, note_later};
use crate::finding::{FindingId, Later, SourceKind};
use crate::measure::{MeasureId, Owner, Told};
use crate::state::{FindingState, MeasureState};
use crate::{FollowUp, Refused, raise, store};
use organisation::Desk;
use platform::audit::{self, Filter};
use platform::database::{Database, DatabaseError};
use platform::identity::Role;
use platform::testing::each_engine;
use time::Duration;
use time::macros::date;

/// The key of a refusal; "done" when nothing was refused.
fn outcome<T>(result: Result<T, Refused>) -> &'static str {
    match result {
        Ok(_) => "done",
        Err(Refused::Faults(faults)) => faults.first().map_or("", |fault| fault.phrase.key),
        Err(Refused::Stale) => "stale",
        Err(Refused::NotFound) => "not-found",
        Err(Refused::WrongState) => "wrong-state",
        Err(Refused::SamePerson) => "same-person",
        Err(Refused::Database(_)) => "database",
    }
}

/// Who does what to a measure that has a version.
async fn step(
    database: &Database,
    (here, who): (&City, &str),
    (measure, version): (MeasureId, i64),
    what: &'static str,
) -> &'static str {
    let desk = here.desk(who);
    let done = database.write(move |db| match what {
        "begin" => crate::begin_measure(db, &desk, (measure, version)),
        "finish" => crate::finish_measure(db, &desk, (measure, version), (&proof(), &[]), Some(&way())),
        "verify" => crate::verify_measure(db, &desk, (measure, version)),
        "back" => crate::send_back_measure(db, &desk, (measure, version), "Fotonya buram.", Some(&way())),
        _ => crate::cancel_measure(db, &desk, (measure, version), "Diganti rencana lain."),
    });
    outcome(done.await)
}

async fn states(database: &Database, here: &City, finding: FindingId) -> (FindingState, Vec<MeasureState>) {
    let id = here.id;
    let read = database.read(move |db| {
        let found = store::finding(db, id, finding)?.expect("it is there");
        let measures = store::measures::of_finding(db, id, finding)?;
        Ok::<_, DatabaseError>((found.state, measures.iter().map(|measure| measure.state).collect()))
    });
    read.await.expect("it is read")
}

async fn waiting_messages(database: &Database, here: &City) -> u64 {
    let id = here.id;
    database.read(move |db| platform::messages::counts(db, id)).await.expect("messages are counted").waiting
}

#[test]
fn a_finding_goes_from_what_was_said_to_what_everybody_reads() {
    each_engine("a whole life", |database| async move {
        let (here, _) = cities(&database).await;
        let (finding, measure) = planned(&database, &here, Owner::Account(account("admin"))).await;
        assert_eq!(states(&database, &here, finding).await, (FindingState::InHand, vec![MeasureState::Planned]));
        assert_eq!(step(&database, (&here, "admin"), (measure, 1), "begin").await, "done");
        assert_eq!(step(&database, (&here, "admin"), (measure, 2), "finish").await, "done");
        assert_eq!(step(&database, (&here, "kepala"), (measure, 3), "back").await, "done");
        assert_eq!(states(&database, &here, finding).await, (FindingState::InHand, vec![MeasureState::UnderWay]));
        assert_eq!(step(&database, (&here, "admin"), (measure, 4), "finish").await, "done");
        assert_eq!(step(&database, (&here, "kepala"), (measure, 4), "verify").await, "stale");
        assert_eq!(step(&database, (&here, "kepala"), (measure, 5), "verify").await, "done");
        assert_eq!(states(&database, &here, finding).await, (FindingState::Settled, vec![MeasureState::Verified]));
        let desk = here.desk("kepala");
        let publish = move |said: &'static str| {
            let database = database.clone();
            async move {
                let version = move |db: &mut platform::database::Write<'_>| {
                    Ok::<_, DatabaseError>(store::finding(db, desk.institution, finding)?.expect("it is there").version)
                };
                let done = database.write(move |db| {
                    let version = version(db)?;
                    crate::publish_finding(db, &desk, (finding, version), (said, "Loket 4 dibuka."))
                });
                outcome(done.await)
            }
        };
        assert_eq!(publish("").await, "fault.public-said");
        assert_eq!(publish("Terlalu lama.").await, "done");
        assert_eq!(publish("Terlalu lama.").await, "wrong-state", "once");
    });
}

#[test]
fn what_was_found_is_kept_as_it_was_raised_and_raised_once() {
    each_engine("raising", |database| async move {
        let (here, there) = cities(&database).await;
        let (own, other) = (here.clone(), there.clone());
        let (first, again, elsewhere) = database
            .write(move |db| {
                let first = raise(db, &own.desk("admin"), &own.finding())?;
                let later = crate::NewFinding { title: "Lain".into(), ..own.finding() };
                let again = raise(db, &own.desk("admin"), &later)?;
                // The same source in another city is another source.
                Ok::<_, Refused>((first, again, raise(db, &other.desk("admin"), &other.finding())?))
            })
            .await
            .expect("they are raised");
        assert_eq!(first, again);
        assert_ne!(first, elsewhere);
        let (id, far) = (here.id, there.id);
        let (kept, unseen, listed) = database
            .read(move |db| {
                let kept = store::finding(db, id, first)?;
                let unseen = store::finding(db, far, first)?;
                Ok::<_, DatabaseError>((kept, unseen, store::findings(db, id, None)?.len()))
            })
            .await
            .expect("they are read");
        assert_eq!((kept.expect("it is there").facts, unseen, listed), (here.finding(), None, 1));
        let (unit, desk) = (there.office.id, here.desk("admin"));
        let strange = crate::NewFinding { unit, ..here.finding() };
        let source = crate::Source { part: "biaya".into(), ..strange.source.clone() };
        let strange = crate::NewFinding { source, ..strange };
        assert_eq!(outcome(database.write(move |db| raise(db, &desk, &strange)).await), "not-found", "{THERE}");
    });
}

#[test]
fn nobody_verifies_what_they_did_or_answer_for() {
    each_engine("another person", |database| async move {
        let (here, _) = cities(&database).await;
        let (_, measure) = planned(&database, &here, Owner::Account(account("kepala"))).await;
        assert_eq!(step(&database, (&here, "admin"), (measure, 1), "finish").await, "done");
        assert_eq!(step(&database, (&here, "admin"), (measure, 2), "verify").await, "same-person", "who did it");
        assert_eq!(step(&database, (&here, "kepala"), (measure, 2), "verify").await, "same-person", "who answers");
        assert_eq!(step(&database, (&here, "kepala"), (measure, 2), "back").await, "same-person");
        let program = Desk { actor: platform::audit::Actor::Program("test"), ..here.desk("admin") };
        let verified = database.write(move |db| crate::verify_measure(db, &program, (measure, 2))).await;
        assert_eq!(outcome(verified), "same-person", "a program is nobody");
        assert_eq!(step(&database, (&here, "koordinator"), (measure, 2), "verify").await, "done");
    });
}

#[test]
fn a_finding_whose_measures_were_all_cancelled_is_open_again_and_can_be_dropped() {
    each_engine("cancelling", |database| async move {
        let (here, _) = cities(&database).await;
        let (finding, measure) = planned(&database, &here, Owner::Role(Role::UnitAdmin)).await;
        let desk = here.desk("kepala");
        let drop = move |database: Database, reason: &'static str| async move {
            let done = database.write(move |db| {
                let version = store::finding(db, desk.institution, finding)?.expect("it is there").version;
                crate::drop_finding(db, &desk, (finding, version), reason)
            });
            outcome(done.await)
        };
        assert_eq!(drop(database.clone(), "Sudah lewat.").await, "wrong-state", "something is planned");
        assert_eq!(step(&database, (&here, "kepala"), (measure, 1), "cancel").await, "done");
        let cancelled = (FindingState::Open, vec![MeasureState::Cancelled]);
        assert_eq!(states(&database, &here, finding).await, cancelled);
        assert_eq!(drop(database.clone(), " ").await, "fault.reason");
        assert_eq!(drop(database.clone(), "Gedung pindah.").await, "done");
        let resumed = database.write(move |db| crate::resume_finding(db, &desk, (finding, 4)));
        assert_eq!(outcome(resumed.await), "done");
    });
}

#[test]
fn the_follow_up_counts_what_was_planned_and_what_was_verified() {
    each_engine("follow-up", |database| async move {
        let (here, there) = cities(&database).await;
        let (finding, first) = planned(&database, &here, Owner::Role(Role::UnitAdmin)).await;
        let (own, desk) = (here.clone(), here.desk("admin"));
        let second = database.write(move |db| {
            let version = store::finding(db, own.id, finding)?.expect("it is there").version;
            crate::plan_measure(db, &desk, (finding, version), &plan(Owner::Role(Role::HeadOfUnit)), None)
        });
        let second = second.await.expect("it is planned");
        let (id, far) = (here.id, there.id);
        let ask = move |database: Database, id| async move {
            let source = (SourceKind::Survey, "periode-1");
            database.read(move |db| follow_up(db, id, source)).await.expect("it is counted")
        };
        assert_eq!(ask(database.clone(), id).await, FollowUp { findings: 1, planned: 2, verified: 0 });
        assert_eq!(step(&database, (&here, "admin"), (first, 1), "finish").await, "done");
        assert_eq!(step(&database, (&here, "kepala"), (first, 2), "verify").await, "done");
        assert_eq!(states(&database, &here, finding).await.0, FindingState::InHand, "one is left");
        assert_eq!(step(&database, (&here, "admin"), (second, 1), "cancel").await, "done");
        assert_eq!(ask(database.clone(), id).await, FollowUp { findings: 1, planned: 1, verified: 1 });
        assert_eq!(states(&database, &here, finding).await.0, FindingState::Settled);
        assert_eq!(ask(database.clone(), far).await, FollowUp::default());
    });
}

#[test]
fn a_figure_measured_later_stands_beside_the_one_before() {
    each_engine("before and after", |database| async move {
        let (here, _) = cities(&database).await;
        let (finding, _) = planned(&database, &here, Owner::Role(Role::UnitAdmin)).await;
        let note = |value: &str, on| {
            let later = Later { value: value.into(), words: "2026 TW IV".into(), on };
            let (database, desk, unit) = (database.clone(), here.desk("koordinator"), here.office.id);
            async move {
                let at = (unit, SourceKind::Survey, "waktu");
                database.write(move |db| note_later(db, &desk, at, &later)).await.expect("it is noted")
            }
        };
        assert_eq!(note("2.9", date!(2026 - 09 - 30)).await, 0, "the same period is not a later one");
        assert_eq!(note("3.21", date!(2026 - 12 - 31)).await, 1);
        assert_eq!(note("2.5", date!(2026 - 11 - 30)).await, 0, "nor one before the last");
        let id = here.id;
        let kept = database.read(move |db| store::finding(db, id, finding)).await.expect("it is read");
        assert_eq!(kept.and_then(|found| found.after).map(|after| after.value).as_deref(), Some("3.21"));
    });
}

#[test]
fn the_owner_is_told_before_the_deadline_and_the_head_after_it_each_once() {
    each_engine("reminders", |database| async move {
        let (here, _) = cities(&database).await;
        let (_, measure) = planned(&database, &here, Owner::Account(account("loket"))).await;
        assert_eq!(waiting_messages(&database, &here).await, 1, "the owner hears of the plan");
        let remind = |days: i64| {
            let (database, id, now) = (database.clone(), here.id, NOW + Duration::days(days));
            async move {
                let told = database.write(move |db| crate::notices::remind_some(db, id, now, &way()));
                told.await.expect("they are told")
            }
        };
        // Planned on Saturday 21 November for ten working days: due on Friday 4 December.
        assert_eq!(remind(7).await, 0, "six days before is too early");
        assert_eq!((remind(8).await, remind(9).await), (1, 0));
        assert_eq!(waiting_messages(&database, &here).await, 2);
        assert_eq!((remind(13).await, remind(14).await, remind(15).await), (0, 1, 0));
        assert_eq!(waiting_messages(&database, &here).await, 4, "the head of the office and the coordinator");
        let id = here.id;
        let told = database.read(move |db| store::measures::measure(db, id, measure)).await.expect("it is read");
        assert_eq!(told.map(|measure| (measure.told, measure.due_on)), Some((Told::Heads, date!(2026 - 12 - 04))));
    });
}

#[test]
fn an_owner_is_somebody_of_the_unit() {
    each_engine("owners", |database| async move {
        let (here, _) = cities(&database).await;
        let (own, desk) = (here.clone(), here.desk("admin"));
        let planned = database.write(move |db| {
            let finding = raise(db, &desk, &own.finding())?;
            crate::plan_measure(db, &desk, (finding, 1), &plan(Owner::Account(account("auditor"))), None)
        });
        assert_eq!(outcome(planned.await), "fault.owner");
        let id = here.id;
        let kept = database.read(move |db| store::findings(db, id, None)).await.expect("it is read");
        assert_eq!(kept, Vec::new(), "and nothing of that transaction is kept");
    });
}

#[test]
fn every_act_stands_in_the_log_without_what_people_wrote() {
    each_engine("the log", |database| async move {
        let (here, _) = cities(&database).await;
        let (_, measure) = planned(&database, &here, Owner::Role(Role::UnitAdmin)).await;
        step(&database, (&here, "admin"), (measure, 1), "finish").await;
        step(&database, (&here, "kepala"), (measure, 2), "verify").await;
        let id = here.id;
        let filter = Filter { subject_kind: Some("finding".into()), ..Filter::default() };
        let entries = database.read(move |db| audit::search(db, Some(id), &filter, 50)).await.expect("it is read");
        let acts: Vec<&str> = entries.iter().rev().map(|entry| entry.act.as_str()).collect();
        let expected = [
            "improvement.finding-raised",
            "improvement.measure-planned",
            "improvement.measure-done",
            "improvement.measure-verified",
            "improvement.finding-settled",
        ];
        assert_eq!(acts, expected);
        assert!(entries.iter().all(|entry| !format!("{entry:?}").contains("Loket 4")), "{entries:?}");
    });
}
