"""`python -m benchmarks NAME [ARGS]` runs one benchmark; without a name it lists them."""

from __future__ import annotations

import pkgutil
import sys
from importlib import import_module

import benchmarks

HELPERS = {"__main__", "near_copies", "photos", "report", "windows"}


def main() -> int:
    names = sorted(m.name for m in pkgutil.iter_modules(benchmarks.__path__))
    names = [name for name in names if name not in HELPERS]
    if len(sys.argv) < 2 or sys.argv[1] not in names:
        print(f"python -m benchmarks NAME, where NAME is one of: {', '.join(names)}")
        return 2
    return int(import_module(f"benchmarks.{sys.argv[1]}").main(sys.argv[2:]))


if __name__ == "__main__":
    sys.exit(main())
