#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Copyright the amnestyd developers

# install.sh POSTINST: what the package does once its files are there, then the command that follows.
set -e
postinst=$1
shift
# An image of Debian that is no host may say so here, and no service would be started.
rm -f /usr/sbin/policy-rc.d
chmod 0750 /etc/amnestyd
export DPKG_MAINTSCRIPT_PACKAGE=amnestyd
sh "$postinst" configure '' > /tmp/postinst.log 2>&1 || { cat /tmp/postinst.log; exit 1; }
exec "$@"
