"""The language of the window: set at the start, and changed while it runs (docs/adr/0038)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QLibraryInfo, QLocale, QObject, Qt, QTimer, QTranslator
from PySide6.QtWidgets import QApplication
from shiboken6 import isValid

from landmark_gui.core.i18n import LANGUAGES, set_language, system_language, tr
from landmark_gui.jobs.tasks import is_waited_for

if TYPE_CHECKING:
    from landmark_gui.gui.main_window import MainWindow

AGAIN_MS = 100
PATIENCE = 10
"""So many looks are in vain before the person is told: a thumbnail is done in a moment."""


def speak(code: str) -> None:
    """Speak a language from now on, in our texts, in Qt's and in numbers; "" is the system's."""
    language = code or system_language()
    set_language(language)
    is_own = language == system_language()  # whose numbers the person may have set up
    QLocale.setDefault(QLocale.system() if is_own else QLocale(language))
    _translate_qt(language)


class LanguageSwitch(QObject):
    """Lets the window speak another language as soon as nothing is lost by that.

    All that shows words is built anew. Trainings, studies and searches go on meanwhile, since
    they run in another process; a job that a page waits for would never be heard of again, so it
    is waited for.
    """

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        self._wanted: str | None = None
        self._looks = 0
        self._again = QTimer(self, singleShot=True)
        self._again.timeout.connect(self._try)

    def choose(self, code: str) -> None:
        """Speak this language; "" is the system's."""
        self._wanted, self._looks = code, 0
        self._again.start(0)  # the menu that it was chosen from is closed by then

    @property
    def is_waiting(self) -> bool:
        """Whether a language is chosen, but not spoken yet."""
        return self._wanted is not None

    def _try(self) -> None:
        code = self._wanted
        if code is None:
            return
        if self._is_hindered():
            self._looks += 1
            if self._looks == PATIENCE:
                self._tell(code)
            self._again.start(AGAIN_MS)
            return
        self._wanted = None
        speak(code)
        self._window.build_again()

    def _is_hindered(self) -> bool:
        """Whether a page waits for something, or the person is in the midst of something."""
        context, window = self._window.context, self._window
        document = context.document
        unsaved = document is not None and not document.is_saved
        at_work = any(getattr(page, "is_busy", False) for page in window.pages())
        touched = QApplication.mouseButtons() != Qt.MouseButton.NoButton
        asked = QApplication.activeModalWidget() or QApplication.activePopupWidget()
        return bool(unsaved or at_work or touched or asked or is_waited_for(window))

    def _tell(self, code: str) -> None:
        name = LANGUAGES[code or system_language()]
        self._window.show_message(
            tr(
                "The window speaks {language} as soon as what is under way has ended.",
                language=name,
            )
        )


_translators: list[QTranslator] = []
"""At most one: that of Qt's own texts, which the application knows."""


def _translate_qt(language: str) -> None:
    """The texts of Qt's own dialogs, as far as Qt ships them."""
    while _translators:
        old = _translators.pop()
        if isValid(old):
            QCoreApplication.removeTranslator(old)
    translator = QTranslator(QCoreApplication.instance())
    folder = QLibraryInfo.path(QLibraryInfo.LibraryPath.TranslationsPath)
    if translator.load(f"qtbase_{language}", folder):
        QCoreApplication.installTranslator(translator)
        _translators.append(translator)
