"""Figures of an evaluation against computations of others, or by hand."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import numpy as np
import pytest
from scipy import stats

from landmark_gui.core.evaluation import cells, changes_between, figures_of
from landmark_gui.core.evaluation.calibration import calibration_of
from landmark_gui.core.evaluation.figures import top_shares
from landmark_gui.core.evaluation.mistakes import mistakes
from landmark_gui.core.evaluation.texts import answer_text, changes_text, headline, meaning
from landmark_gui.core.run_list import Answer
from tests.evaluations import LABELS, THRESHOLD, answer, evaluation_of


@pytest.fixture
def drawn() -> tuple[np.ndarray, np.ndarray]:
    """Labels that are never all of a kind, and answers that are right more often than not."""
    rng = np.random.default_rng(7)
    truth = rng.choice(4, 200, p=(0.5, 0.3, 0.15, 0.05))
    logits = rng.normal(size=(200, 4)) + 2 * np.eye(4)[truth]
    powers = np.exp(2.5 * logits)
    return truth, powers / powers.sum(axis=1, keepdims=True)


def test_the_figures_of_each_landmark_are_counted_one_by_one(drawn):
    truth, probabilities = drawn
    said = probabilities.argmax(axis=1)
    figures = figures_of(evaluation_of(truth, probabilities))
    pairs = list(zip(truth.tolist(), said.tolist(), strict=True))
    for number, of in enumerate(figures.classes):
        hits = sum(true == number == found for true, found in pairs)
        support = sum(true == number for true, _ in pairs)
        predicted = sum(found == number for _, found in pairs)
        assert (of.name, of.support, of.predicted) == (LABELS[number], support, predicted)
        assert of.precision == pytest.approx(hits / predicted)
        assert of.recall == pytest.approx(hits / support)
        assert of.f1 == pytest.approx(stats.hmean([of.precision, of.recall]))
    assert figures.macro_f1 == pytest.approx(np.mean([of.f1 for of in figures.classes]))
    assert figures.right == sum(true == found for true, found in pairs)


def test_top_k_is_a_look_at_the_k_most_probable(drawn):
    truth, probabilities = drawn
    for k, share in top_shares(probabilities, truth).items():
        best = [set(row.argsort()[-k:].tolist()) for row in probabilities]
        assert share == np.mean([true in names for true, names in zip(truth, best, strict=True)])


def test_of_labels_that_are_equally_probable_the_first_counts_as_in_a_verdict():
    even = np.full((4, 4), 0.25)
    assert top_shares(even, np.arange(4)) == {1: 0.25, 2: 0.5, 3: 0.75}


def test_the_interval_is_that_of_scipy(drawn):
    figures = figures_of(evaluation_of(*drawn))
    theirs = stats.binomtest(figures.right, 200).proportion_ci(method="wilson")
    assert figures.interval is not None
    assert (figures.interval.low, figures.interval.high) == pytest.approx(theirs)


def test_every_example_stands_in_its_cell_of_the_matrix(drawn):
    truth, probabilities = drawn
    evaluation = evaluation_of(truth, probabilities)
    found, matrix = cells(evaluation), figures_of(evaluation).matrix
    counts = Counter(zip(truth.tolist(), probabilities.argmax(axis=1).tolist(), strict=True))
    assert {cell: len(answers) for cell, answers in found.items()} == counts
    assert all(matrix[row][column] == n for (row, column), n in counts.items())
    assert sum(map(sum, matrix)) == 200
    for (given, said), answers in found.items():
        assert {(a.true, a.predicted) for a in answers} == {(LABELS[given], LABELS[said])}


def test_mistakes_come_by_confidence(drawn):
    wrong = mistakes(evaluation_of(*drawn).answers)
    sure = [answer.confidence for answer in wrong]
    assert sure == sorted(sure, reverse=True) and not any(answer.is_right for answer in wrong)
    assert len(wrong) == int((drawn[0] != drawn[1].argmax(axis=1)).sum()) > 10


def test_what_the_model_calls_unknown_is_counted(drawn):
    truth, probabilities = drawn
    figures = figures_of(evaluation_of(truth, probabilities))
    assert figures.unknown == int((probabilities.max(axis=1) < THRESHOLD).sum()) > 0


def test_nothing_was_asked():
    evaluation = evaluation_of(np.array([], int), np.empty((0, 4)))
    figures = figures_of(evaluation)
    assert (figures.accuracy, figures.interval, figures.top) == (None, None, {})
    assert calibration_of(evaluation) is None
    assert headline(figures) == "0 of 0 right: –" and "25%" in meaning(figures, "test")


def test_an_answer_tells_the_folder_of_its_photo():
    asked = answer(1, "a", np.array([0.75, 0.25]))
    asked = replace(asked, crop=replace(asked.crop, source="Eiffel/1.jpg"))
    assert answer_text(asked).startswith("Eiffel/1.jpg: ")


def test_photos_of_the_training_promise_nothing_for_new_ones(drawn):
    figures = figures_of(evaluation_of(*drawn))
    for part in ("test", "validation"):
        assert "With other photos of this kind it would mostly be" in meaning(figures, part)
    for part in ("train", "all"):
        said = meaning(figures, part)
        assert "With other photos" not in said and "than on new ones" in said


def test_calibration_is_measured_before_and_after_the_temperature(drawn):
    """What the classifier answers is scaled already: the network's own answers come back."""
    truth, own = drawn
    scaled = own ** (1 / 3) / (own ** (1 / 3)).sum(axis=1, keepdims=True)
    measured = calibration_of(evaluation_of(truth, scaled, temperature=3.0))
    alone = calibration_of(evaluation_of(truth, own))
    assert measured is not None and measured.before is not None and alone is not None
    assert alone.before is None
    assert measured.before.error == pytest.approx(alone.now.error)
    assert [b.count for b in measured.before.bins] == [b.count for b in alone.now.bins]
    assert measured.now.error != pytest.approx(measured.before.error, abs=0.01)
    assert sum(part.count for part in measured.now.bins) == 200


# What changed


def told(number: int, true: str, said: str, box: str | None = "b") -> Answer:
    return Answer(number, box, true, said, 0.9)


def sure_of(said: str) -> np.ndarray:
    return np.where(np.array(LABELS) == said, 0.7, 0.1)


def test_what_is_newly_right_newly_wrong_and_still_wrong():
    before = [told(1, "arch", "arch"), told(2, "arch", "dome"), told(3, "dome", "dome")]
    before += [told(4, "dome", "arch"), told(9, "dome", "arch")]
    after = [
        answer(1, "arch", sure_of("arch")),
        answer(2, "arch", sure_of("arch")),
        answer(3, "dome", sure_of("castle")),
        answer(4, "dome", sure_of("castle")),
        answer(8, "dome", sure_of("castle")),
    ]
    changes = changes_between(before, after)
    assert [a.photo_id for a in changes.still_right] == [1]
    assert [a.photo_id for a in changes.newly_right] == [2]
    assert [a.photo_id for a in changes.newly_wrong] == [3]
    assert [a.photo_id for a in changes.still_wrong] == [4]
    assert changes.examples == 4 and changes.relabelled == 0
    assert changes.paired is not None and changes.paired.p == stats.binomtest(1, 2).pvalue


def test_both_models_are_judged_by_what_an_example_is_now():
    """The label was wrong, and the earlier model right: correcting it is no gain of the later."""
    before = [told(1, "arch", "dome")]
    changes = changes_between(before, [answer(1, "dome", sure_of("dome"))])
    assert len(changes.still_right) == 1 and not changes.newly_right
    assert changes.relabelled == 1


def test_a_whole_photo_of_two_landmarks_is_compared_landmark_by_landmark():
    before = [told(1, "arch", "arch", None), told(1, "dome", "arch", None)]
    after = [answer(1, "dome", sure_of("dome"), None), answer(1, "arch", sure_of("dome"), None)]
    changes = changes_between(before, after)
    assert [a.true for a in changes.newly_right] == ["dome"]
    assert [a.true for a in changes.newly_wrong] == ["arch"]


@pytest.mark.parametrize(
    "better, worse, said",
    [
        (12, 0, "became better"),
        (0, 12, "became worse"),
        (2, 1, "cannot be told apart"),
        (0, 0, "right and wrong on the same"),
    ],
)
def test_a_difference_is_called_one_only_where_chance_does_not_bring_it(better, worse, said):
    numbers = range(better + worse)
    before = [told(n, "arch", "dome" if n < better else "arch") for n in numbers]
    after = [answer(n, "arch", sure_of("arch" if n < better else "dome")) for n in numbers]
    before.append(told(99, "dome", "dome"))
    after.append(answer(99, "dome", sure_of("dome")))
    assert said in changes_text(changes_between(before, after))


def test_models_without_a_common_example_are_not_compared():
    changes = changes_between([told(1, "arch", "arch")], [answer(2, "arch", sure_of("arch"))])
    assert changes.paired is None and "no example in common" in changes_text(changes)
