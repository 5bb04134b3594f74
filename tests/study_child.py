"""A child that speaks the worker's protocol and keeps trials of a study, but learns nothing.

What it does beyond that is told by the seed: `PAUSES` stops after `FIRST` trainings until it is
cancelled, and goes on to the end when it is started again; `FAILS` fails.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path

from landmark_gui.core.paths import data_folder
from landmark_gui.core.studies import StudyConfig, variants
from landmark_gui.core.studies.journal import STUDIES, Journal, Trial, result_in, study_key
from landmark_gui.core.studies.result import Pool

PAUSES, FAILS, FIRST = 13, 14, 5
POOL = Pool(2000, 2, 5)
SCORES = {
    "rotation_range": 0.8,
    "zoom_range": 0.9,
    "photos+augmentation": 0.7,
    "crops": 0.8,
    "crops+augmentation": 0.9,
}


def say(**event: object) -> None:
    print(json.dumps(event), flush=True)


def wait_for_cancel() -> None:
    while json.loads(sys.stdin.readline())["command"] != "cancel":
        pass
    say(event="cancelled")
    raise SystemExit(0)


def main() -> None:
    say(event="state", state="ready")
    line = sys.stdin.readline()
    if not line:
        return
    command = json.loads(line)
    if command["command"] == "train":
        say(event="state", state="training")
        wait_for_cancel()
    study = StudyConfig.from_dict(command["config"])
    say(event="state", state="preparing")
    if study.base.seed == FAILS:
        say(event="failed", message="The weights cannot be had.", detail="Traceback")
        raise SystemExit(1)
    learn(study)


def learn(study: StudyConfig) -> None:
    folder = data_folder(Path(study.base.project)) / STUDIES / study_key(study, "data")
    journal = Journal(folder)
    journal.begin(study, POOL)
    say(event="state", state="studying")
    places = [(v.key, number) for number in range(study.repeats) for v in variants(study)]
    found = journal.trials()
    goes_on = bool(found)
    for key, number in places:
        if (key, number) in found:
            continue
        if study.base.seed == PAUSES and not goes_on and len(found) == FIRST:
            wait_for_cancel()
        place = {"variant": key, "round": number, "total": len(places)}
        say(event="trial_progress", **place, epoch=2, epochs=3, done=len(found), seconds_left=40)
        accuracy = SCORES.get(key, 0.6) + number / 1000
        journal.keep(Trial(key, number, accuracy, 0.01))
        found[key, number] = Trial(key, number, accuracy, 0.01)
        result = result_in(study, POOL, found).to_dict()
        say(event="trial", **place, accuracy=accuracy, done=len(found), result=result)
    say(event="done", metrics=result_in(study, POOL, found).to_dict())


if __name__ == "__main__":
    main()
