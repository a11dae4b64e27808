# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""The Python client of amnestyd: typed calls over its Unix socket.

`Client` waits, `amnesty.aio.Client` is for asyncio. Messages are frozen dataclasses, enumerations keep words that they do not know,
and every call raises `Status`.
"""

from amnesty import aio
from amnesty._core.json import JSON
from amnesty._core.reading import ShapeError, Word
from amnesty.client import Client
from amnesty.generated import messages as _messages
from amnesty.generated import methods
from amnesty.generated import words as _words
from amnesty.generated.messages import *
from amnesty.generated.reasons import Reason
from amnesty.generated.words import *
from amnesty.method import Idempotency, Kind, Method, raw_method
from amnesty.options import CallOptions, Cancellation, Configuration, RetryPolicy, SyncCallOptions
from amnesty.session import Session
from amnesty.status import (
    BadRequest,
    Code,
    ErrorInfo,
    FieldViolation,
    Help,
    Link,
    PreconditionFailure,
    PreconditionViolation,
    QuotaFailure,
    QuotaViolation,
    ResourceInfo,
    RetryInfo,
    Status,
)
from amnesty.stream import Stream

__all__ = [
    "JSON",
    "BadRequest",
    "CallOptions",
    "Cancellation",
    "Client",
    "Code",
    "Configuration",
    "ErrorInfo",
    "FieldViolation",
    "Help",
    "Idempotency",
    "Kind",
    "Link",
    "Method",
    "PreconditionFailure",
    "PreconditionViolation",
    "QuotaFailure",
    "QuotaViolation",
    "Reason",
    "ResourceInfo",
    "RetryInfo",
    "RetryPolicy",
    "Session",
    "ShapeError",
    "Status",
    "Stream",
    "SyncCallOptions",
    "Word",
    "aio",
    "methods",
    "raw_method",
]
__all__ += _messages.__all__
__all__ += _words.__all__
