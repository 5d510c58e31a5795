#!/bin/sh
# Build the Debian package from a copy of the sources, in build-package, and have lintian look at it. For `make package-deb`.
# Tests run with `make check`; DEB_BUILD_OPTIONS= runs them here too.
set -eu
version=$(sed -n 's/^#define VERSION "\(.*\)"$/\1/p' filter/commands/main.c)
copy=build-package/notmuch-bounce-$version
rm -rf build-package
mkdir -p "$copy"
tar -cf - --exclude='./build*' --exclude=./.git . | tar -xf - -C "$copy"
cp -R share/packaging/debian "$copy/debian"
DEB_BUILD_OPTIONS=${DEB_BUILD_OPTIONS-nocheck}
export DEB_BUILD_OPTIONS
unset MAKEFLAGS MAKELEVEL MFLAGS
(cd "$copy" && dpkg-buildpackage -us -uc -b)
lintian --allow-root --fail-on error --tag-display-limit 0 build-package/*.changes
echo "See build-package/*.deb"
