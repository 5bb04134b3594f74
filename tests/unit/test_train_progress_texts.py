"""What the Train page says while a training prepares."""

from __future__ import annotations

from landmark_gui.gui.worker_texts import preparing_text


def test_each_part_of_preparing_has_its_words():
    counts = {"event": "preparing", "done": 3, "total": 9}
    assert preparing_text({**counts, "measuring": True}) == "Looking at photos 3/9"
    assert preparing_text(counts) == "Cutting crops 3/9"
    assert preparing_text({**counts, "features": True}) == "The network looks at the crops 3/9"
