# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Runs the vectors of protocol/vectors against a server or a client program: python3 protocol/conformance --help."""

import sys

from command_line import main

sys.exit(main(sys.argv[1:]))
