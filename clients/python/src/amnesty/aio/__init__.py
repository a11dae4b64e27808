# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The same client for asyncio; messages, `Status` and options are those of `amnesty`."""

from amnesty.aio.client import Client
from amnesty.aio.stream import Stream

__all__ = ["Client", "Stream"]
