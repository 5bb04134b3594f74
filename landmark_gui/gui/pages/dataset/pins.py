"""Photos that are pinned to a split by hand, or by the folders they lie in."""

from __future__ import annotations

from PySide6.QtCore import QObject

from landmark_gui.core.i18n import ntr, tr
from landmark_gui.core.project import Edit
from landmark_gui.core.split_names import pins_from_folders
from landmark_gui.gui.context import AppContext
from landmark_gui.gui.dataset import Dataset
from landmark_gui.gui.pages.dataset.sharing_form import SharingForm
from landmark_gui.jobs.tasks import LatestOnly


class Pins(QObject):
    """Says how many there are, and takes them from folders that are named like splits."""

    def __init__(self, context: AppContext, form: SharingForm) -> None:
        super().__init__(form)
        self._context, self._form = context, form
        self._looking = LatestOnly(self)
        form.folders_wanted.connect(self.take_from_folders)
        context.commands.add_button(
            "crops.pins_from_folders", form.folders_button, category=tr("Crops")
        )

    def show_dataset(self, dataset: Dataset) -> None:
        """Count the pins, and look whether folders would make others."""
        pinned = sum(bool(photo.split) for photo in dataset.project.photos.values())

        def show(edit: Edit) -> None:
            self._form.set_pins(pinned, bool(edit.changes))

        self._looking.submit(lambda: pins_from_folders(dataset.project), show)

    def take_from_folders(self) -> None:
        """Pin each photo to the split that its folder is named after."""
        document = self._context.document
        if document is not None:
            edit = pins_from_folders(document.project)
            document.do(edit)
            count = len(edit.changes)
            self._context.status(ntr("{n} photo pinned.", "{n} photos pinned.", count))
