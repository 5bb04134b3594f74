"""Arguments that commands share, and the checks of their values."""

from __future__ import annotations

import argparse
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landmark_gui import cli_split
from landmark_gui.core.errors import DatasetError
from landmark_gui.core.formats import TITLES
from landmark_gui.core.i18n import tr

if TYPE_CHECKING:
    from landmark_gui.core.crops import FileSettings


def add_project(command: argparse.ArgumentParser) -> None:
    """The project file."""
    command.add_argument("project", metavar="PROJECT", type=Path, help=tr("a .landmarks file"))


def add_model(command: argparse.ArgumentParser) -> None:
    """The model file."""
    command.add_argument("model", metavar="MODEL", type=Path, help=tr("a .landmark-model file"))


def add_format(command: argparse.ArgumentParser) -> None:
    """The form of a file of boxes."""
    command.add_argument(
        "--format",
        choices=tuple(TITLES),
        default="csv",
        help=tr("form of the file or folder (default: csv)"),
    )


def add_split(command: argparse.ArgumentParser) -> None:
    """What is learned from, and how it is shared out."""
    command.add_argument(
        "--use",
        choices=("crops", "photos"),
        default="crops",
        help=tr("the boxes, or whole photos (default: crops)"),
    )
    add_cut(command)
    cli_split.add_options(command)


def add_cut(command: argparse.ArgumentParser) -> None:
    """How much of a photo belongs to a crop."""
    from landmark_gui.core.crops import MAX_MARGIN

    margin = command.add_mutually_exclusive_group()
    margin.add_argument(
        "--margin",
        type=partial(_number, 1),
        default=0.0,
        metavar="F",
        help=tr("context around each box, as a fraction of its sides, 0 to 1 (default: 0)"),
    )
    margin.add_argument(
        "--margin-px",
        type=partial(_number, MAX_MARGIN),
        metavar="N",
        help=tr("the same in pixels of the photo"),
    )
    command.add_argument(
        "--shape",
        choices=("free", "square"),
        default="free",
        help=tr("as the box, or a square around it (default: free)"),
    )
    command.add_argument(
        "--edge",
        choices=("clamp", "pad"),
        default="clamp",
        help=tr("at the photo's border: stay inside, or fill with grey (default: clamp)"),
    )


def margin_of(arguments: argparse.Namespace) -> dict[str, Any]:
    """The margin and its unit, as `CropSettings` and `TrainConfig` name them."""
    if arguments.margin_px is None:
        return {"margin": arguments.margin, "margin_unit": "fraction"}
    return {"margin": arguments.margin_px, "margin_unit": "pixels"}


def add_files(command: argparse.ArgumentParser) -> None:
    """How crops become files."""
    from landmark_gui.core.crops import JPEG_QUALITY, NAME_FIELDS, PATTERN

    command.add_argument(
        "--as",
        dest="kind",
        choices=("folder", "zip", "tfrecord", "imagefolder"),
        default="folder",
        help=tr("a folder for each landmark, the same as a zip file, or for other programs"),
    )
    command.add_argument("--size", type=count, metavar="N", help=tr("longest side in pixels"))
    command.add_argument(
        "--resampling",
        choices=("area", "bicubic", "lanczos"),
        default="area",
        help=tr("how crops are made smaller (default: area, which averages)"),
    )
    command.add_argument(
        "--form", choices=("jpeg", "png"), default="jpeg", help=tr("of the files (default: jpeg)")
    )
    command.add_argument(
        "--quality",
        type=count,
        default=JPEG_QUALITY,
        metavar="N",
        help=tr("of JPEG, 1 to 100 (default: {quality})", quality=JPEG_QUALITY),
    )
    command.add_argument(
        "--pattern",
        default=PATTERN,
        metavar="TEXT",
        help=tr(
            "of the file names, with {fields} (default: {pattern})",
            fields=", ".join(f"{{{name}}}" for name in NAME_FIELDS),
            pattern=PATTERN,
        ),
    )


def file_settings(arguments: argparse.Namespace) -> FileSettings:
    """What `add_files` asked for. Wrong values end the program as wrong arguments do."""
    from landmark_gui.core.crops import FileSettings, example_name

    given = (arguments.size, arguments.resampling, arguments.form, arguments.quality)
    try:
        files = FileSettings(*given, arguments.pattern)
        example_name(files)
    except DatasetError as error:
        arguments.refuse(str(error))
        raise
    return files


def add_network(command: argparse.ArgumentParser) -> None:
    """What the network is made of."""
    from landmark_gui.core.runs import ACTIVATIONS, ALPHAS, BACKBONES, NETWORKS

    command.add_argument(
        "--backbone",
        choices=BACKBONES,
        default="mobilenet_v2",
        help=tr("of transfer and fine-tune: what they build on (default: mobilenet_v2)"),
    )
    command.add_argument(
        "--alpha",
        type=float,
        choices=ALPHAS,
        default=0.35,
        help=tr("of mobilenet_v2: its width (default: 0.35)"),
    )
    command.add_argument(
        "--weights",
        type=Path,
        metavar="FILE",
        help=tr("of transfer and fine-tune: a file of weights, in place of Keras' download"),
    )
    command.add_argument(
        "--network",
        choices=NETWORKS,
        default="modern",
        help=tr("of scratch: a present one, or the plain one of the log (default: modern)"),
    )
    command.add_argument(
        "--activation",
        choices=ACTIVATIONS,
        default="relu",
        help=tr("of scratch: after each convolution (default: relu)"),
    )
    command.add_argument(
        "--no-batch-normalization",
        dest="batch_normalization",
        action="store_false",
        help=tr("of scratch: leave batch normalisation out"),
    )
    command.add_argument(
        "--dropout",
        type=float,
        default=0.3,
        metavar="F",
        help=tr("share of values dropped before the last layer, 0 to 0.9 (default: 0.3)"),
    )


def add_fit(command: argparse.ArgumentParser) -> None:
    """How long and how fast it learns."""
    command.add_argument(
        "--epochs",
        type=count,
        metavar="N",
        help=tr("epochs (default: 40; of fine-tune 20)"),
    )
    command.add_argument(
        "--image-size",
        type=count,
        metavar="N",
        help=tr(
            "side of the input in pixels, 32 to 512 (default: a little more than the network was "
            "trained with; of scratch 96)"
        ),
    )
    command.add_argument(
        "--batch-size",
        type=count,
        default=16,
        metavar="N",
        help=tr("examples a step (default: 16)"),
    )
    command.add_argument(
        "--learning-rate",
        type=float,
        metavar="F",
        help=tr("of the optimizer (default: the recipe's own)"),
    )
    add_optimizer(command)
    command.add_argument(
        "--patience",
        type=count,
        metavar="N",
        help=tr("stop after N epochs without a better validation loss (default: never)"),
    )
    command.add_argument(
        "--mixed-precision",
        action="store_true",
        help=tr("compute in 16 bits on a GPU; without one it has no effect"),
    )
    command.add_argument(
        "--no-feature-cache",
        dest="feature_cache",
        action="store_false",
        help=tr(
            "of transfer: vary the crops anew in every epoch, which takes longer, in place of a "
            "few variations at which the network looks once"
        ),
    )


def add_probe(command: argparse.ArgumentParser) -> None:
    """What is asked once the model is there."""
    command.add_argument(
        "--no-probe",
        dest="probe",
        action="store_false",
        help=tr("do not ask afterwards what a leak is worth and which labels are likely wrong"),
    )


def add_optimizer(command: argparse.ArgumentParser) -> None:
    """What a step is like; what is not given is the recipe's own."""
    from landmark_gui.core.runs import OPTIMIZERS, SCHEDULES

    own = tr("(default: the recipe's own)")
    command.add_argument("--optimizer", choices=OPTIMIZERS, help=own)
    command.add_argument(
        "--weight-decay",
        type=partial(_number, 1),
        metavar="F",
        help=tr("of adamw, 0 to 1") + " " + own,
    )
    command.add_argument(
        "--schedule",
        choices=SCHEDULES,
        help=tr("of the learning rate: the same throughout, or falling to zero") + " " + own,
    )
    command.add_argument(
        "--warmup-epochs",
        type=partial(_whole, 0),
        metavar="N",
        help=tr("epochs over which the learning rate rises first") + " " + own,
    )
    command.add_argument(
        "--label-smoothing",
        type=partial(_number, 0.5),
        metavar="F",
        help=tr("share of each label spread over all landmarks, 0 to 0.5") + " " + own,
    )
    command.add_argument(
        "--class-weights",
        action="store_true",
        help=tr("let landmarks with few examples count for more, so that all count alike"),
    )
    command.add_argument(
        "--averaged-weights",
        action=argparse.BooleanOptionalAction,
        help=tr("keep the moving average of the weights") + " " + own,
    )


def add_strategy(command: argparse.ArgumentParser) -> None:
    """What trains: one device, several, or several machines."""
    from landmark_gui.core.cluster import STRATEGIES

    command.add_argument(
        "--strategy",
        choices=STRATEGIES,
        default="one",
        help=tr(
            "one device, all GPUs of this machine, or the machines that the environment variable "
            "TF_CONFIG names (default: one)"
        ),
    )
    command.add_argument(
        "--wait",
        type=count,
        default=300,
        metavar="N",
        help=tr("of multiworker: seconds to wait for a machine that says nothing (default: 300)"),
    )


def count(text: str) -> int:
    """A whole number, 1 or more. Raises ArgumentTypeError, in words, for anything else."""
    return _whole(1, text)


def share(text: str) -> float:
    """A number from 0 to 1. Raises ArgumentTypeError, in words, for anything else."""
    return _number(1, text)


def _whole(lowest: int, text: str) -> int:
    try:
        if int(text) >= lowest:
            return int(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(tr("a whole number, {lowest} or more", lowest=lowest))


def _number(highest: float, text: str) -> float:
    try:
        if 0 <= float(text) <= highest:
            return float(text)
    except ValueError:
        pass
    raise argparse.ArgumentTypeError(tr("a number from 0 to {highest}", highest=highest))
