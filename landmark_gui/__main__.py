"""Entry point: the window, a sub-command, or the hidden worker process."""

from __future__ import annotations

import multiprocessing
import sys

WORKER = "worker"
SMOKE_TEST = "--smoke-test"
START_TEST = "--start-test"


def main(argv: list[str] | None = None) -> int:
    """Run what the arguments ask for; the exit code."""
    multiprocessing.freeze_support()  # first: a frozen child must not open a window
    arguments = sys.argv[1:] if argv is None else argv
    if arguments[:1] == [WORKER]:
        from landmark_gui.training.worker import main as run_worker

        return run_worker()
    if SMOKE_TEST in arguments:
        from landmark_gui import smoke

        return smoke.run()
    if START_TEST in arguments:
        from landmark_gui import smoke

        return smoke.start()
    from landmark_gui import launch

    if launch.wants_window(arguments):
        asked = launch.with_words(lambda: launch.of_window(arguments))
        from landmark_gui.gui.start import start

        return start(
            asked.paths,
            new_window=asked.new_window,
            reset_settings=asked.reset_settings,
            verbose=asked.verbose,
            say=lambda text: launch.with_words(lambda: print(text)),
        )
    from landmark_gui.cli import main as run_command

    return launch.with_words(lambda: run_command(arguments))


if __name__ == "__main__":
    sys.exit(main())
