"""What cleanlab says of labels and probabilities, in a Python that has it.

    python tests/cleanlab_oracle.py make FILE     drawn cases with cleanlab's answers
    python tests/cleanlab_oracle.py answer        its answers to the cases on stdin, as JSON

It imports nothing of the project: that Python has other packages.
"""

from __future__ import annotations

import json
import sys
import warnings
from pathlib import Path
from typing import Any

import numpy as np

SHAPES = ((40, 2), (60, 3), (90, 7), (12, 5), (120, 10))
Case = dict[str, Any]


def drawn(count: int, classes: int, seed: int) -> Case:
    """Labels of which a fifth is wrong, and probabilities that are mostly right."""
    random = np.random.default_rng(seed)
    truth = np.arange(count) % classes
    given = np.where(random.random(count) < 0.2, random.integers(0, classes, count), truth)
    scores = random.normal(size=(count, classes))
    scores[np.arange(count), truth] += 2
    powers = np.exp(scores)
    probabilities = (powers / powers.sum(axis=1, keepdims=True)).round(6)
    return {"labels": given.tolist(), "probabilities": probabilities.tolist()}


def answer(case: Case) -> Case:
    """Thresholds, both joints, and the issues in cleanlab's order."""
    from cleanlab.count import compute_confident_joint, get_confident_thresholds
    from cleanlab.filter import find_label_issues

    given, answers = np.array(case["labels"]), np.array(case["probabilities"])
    issues = find_label_issues(
        given, answers, return_indices_ranked_by="normalized_margin", n_jobs=1
    )
    return {
        "thresholds": get_confident_thresholds(given, answers).tolist(),
        "counts": compute_confident_joint(given, answers, calibrate=False).tolist(),
        "joint": compute_confident_joint(given, answers).tolist(),
        "issues": [int(index) for index in issues],
    }


if __name__ == "__main__":
    warnings.simplefilter("ignore")
    if sys.argv[1] == "make":
        cases = [drawn(*shape, seed) for seed, shape in enumerate(SHAPES, 5)]
        Path(sys.argv[2]).write_text(
            "[\n" + ",\n".join(json.dumps({**case, **answer(case)}) for case in cases) + "\n]\n",
            "utf-8",
        )
    else:
        print(json.dumps([answer(case) for case in json.load(sys.stdin)]))
