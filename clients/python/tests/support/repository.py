# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""Where things are in this checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[4]
PROTOCOL = ROOT / "protocol"
