#!/usr/bin/env python3
# SPDX-License-Identifier: ISC
"""Starts the stand-in for a product without an API: consoles.py PRODUCT --port-file FILE."""
from console import main
from iris_hr import Iris
from movius import Movius

if __name__ == "__main__":
    main({kind.name: kind for kind in (Iris, Movius)})
