"""What the training process does just now, in words."""

from __future__ import annotations

from typing import TYPE_CHECKING

from landmark_gui.core.i18n import tr
from landmark_gui.gui.widgets.common import duration

if TYPE_CHECKING:
    from landmark_gui.jobs.worker_process import Event


def state_text(state: str) -> str:
    """The worker's state in words."""
    texts = {
        "starting": tr("Starting…"),
        "importing": tr("Importing TensorFlow…"),
        "ready": tr("Reading the project…"),
        "preparing": tr("Cutting crops…"),
        "downloading": tr("Fetching the trained network…"),
        "training": tr("Building the network…"),
        "saving": tr("Saving the model…"),
        "probing": tr("The model is saved. Checking labels and splits…"),
    }
    return texts.get(state, "")


def downloading_text(event: Event) -> str:
    """ "Fetching MobileNetV2 1: 3.1 of 9.0 MB · 20 s left"."""
    done = f"{event['done'] / 1e6:.1f}"
    if event["total"] is None:
        return tr("Fetching {title}: {done} MB", title=event["title"], done=done)
    total = f"{event['total'] / 1e6:.1f}"
    text = tr(
        "Fetching {title}: {done} of {total} MB", title=event["title"], done=done, total=total
    )
    left = event.get("seconds_left")
    return text if left is None else tr("{text} · {time} left", text=text, time=duration(left))


def preparing_text(event: Event) -> str:
    if event.get("measuring"):
        return tr("Looking at photos {done}/{total}", done=event["done"], total=event["total"])
    if event.get("features"):
        return tr(
            "The network looks at the crops {done}/{total}",
            done=event["done"],
            total=event["total"],
        )
    return tr("Cutting crops {done}/{total}", done=event["done"], total=event["total"])
