# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""What both clients share and what does no input or output: JSON, frames, one connection, one call, retries."""
