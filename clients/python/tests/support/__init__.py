# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

"""What several tests use: a scripted peer, the real daemon, records."""
