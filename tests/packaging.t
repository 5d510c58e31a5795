#!/bin/sh
# The packages of Debian, Arch and Nix are of this version, need what it needs, and are under one licence. `make package-deb` builds one.
# shellcheck source=lib.sh
. "$(dirname "$0")/lib.sh"
cd .. || exit 1
debian=share/packaging/debian
arch=share/packaging/arch/PKGBUILD
nix=share/packaging/nix/default.nix

# -- one version, from one place
version=$("$bounce" --version | sed 's/^notmuch-bounce //')
is 'the version is in main.c' "$(sed -n 's/^#define VERSION "\(.*\)"$/\1/p' filter/commands/main.c)" "$version"
is "Debian's version" "$(sed -n '1s/^notmuch-bounce (\(.*\)-[0-9]*) .*/\1/p' $debian/changelog)" "$version"
is "Arch's version" "$(sed -n 's/^pkgver=//p' $arch)" "$version"
ok "Nix's version is read from main.c" grep -q 'readFile (root + "/filter/commands/main.c")' $nix
is 'Nix: none of its own' "$(grep -cF "\"$version\"" $nix)" 0

# -- what it takes to build it: as `make deps` knows it
# needed COLUMN: the packages of Debian 1, Arch 3, without what every builder has.
needed() {
	sed -n "/^needs='/,/^'/p" .ci/deps | awk -v column="$1" '$1 == "build" { print $(column + 2) }' | tr ',' '\n' | grep -vxE 'gcc|libc6-dev|-' | sort -u
}
awk '/^Build-Depends:/ { on = 1; sub(/^[^:]*:/, "") } on && /^[A-Z]/ { exit } on' $debian/control | tr ',' '\n' | sed 's/^ *//; s/ *$//' | grep . >"$scratch/depends"
grep -v '<!nocheck>' "$scratch/depends" | sed 's/ .*//' | grep -v '^debhelper-compat$' | sort >"$scratch/got"
needed 1 >"$scratch/wanted"
same 'Debian: build dependencies' "$scratch/got" "$scratch/wanted"
ok 'Debian: notmuch 0.37 or newer' grep -qF 'libnotmuch-dev (>= 0.37)' "$scratch/depends"
bash -c '. "$1"; printf "%s\n" "${depends[@]}" "${makedepends[@]}"' - $arch | grep -vxE 'glibc|glib2' | sort >"$scratch/got"
needed 3 >"$scratch/wanted"
same 'Arch: dependencies' "$scratch/got" "$scratch/wanted"
sed -n 's/^ *buildInputs = with pkgs; \[ \(.*\) \];/\1/p' $nix | tr ' ' '\n' | sort >"$scratch/got"
needed 3 | grep -v '^pkgconf$' | sed 's/-runtime$//' | sort >"$scratch/wanted"
same 'Nix: dependencies' "$scratch/got" "$scratch/wanted"
# -- they build without installing anything, and test
for file in $debian/rules $arch $nix; do
	ok "$file: tests with run-check" grep -q 'run-check' "$file"
	is "$file: not with make check, which installs what is missing" "$(grep -v '^ *#' "$file" | grep -cE '(make|MAKE\)) check|"check"')" 0
done
ok 'debian/rules can be run' test -x $debian/rules
sed -n 's/^Test-Command: .*prove \(.*\)/\1/p' $debian/tests/control | tr ' ' '\n' >"$scratch/named"
ok "Debian's tests of the installed program are named" test -s "$scratch/named"
while read -r file; do
	ok "$file is there" test -e "$file"
done <"$scratch/named"

# -- one licence
is 'licences' "$(sed -n 's/^License: \(.*\)/\1/p' $debian/copyright | sort -u) $(sed -n 's/^license=(\(.*\))/\1/p' $arch) $(sed -n 's/.*license = pkgs\.lib\.licenses\.\(.*\);/\1/p' $nix)" 'GPL-3+ GPL-3.0-or-later gpl3Plus'

# -- what the distributions' own tools say of them, where they are
if command -v dpkg-parsechangelog >/dev/null; then
	is 'dpkg reads the changelog' "$(dpkg-parsechangelog -l $debian/changelog -S Version 2>&1)" "$(sed -n '1s/.*(\(.*\)).*/\1/p' $debian/changelog)"
fi
if command -v nix-instantiate >/dev/null; then
	# In a store of its own: root's is not everybody's.
	for kind in CONF LOG STATE STORE; do
		export "NIX_${kind}_DIR=$scratch/nix/$kind"
	done
	ok 'Nix parses its expression' sh -c 'nix-instantiate --parse "$1" >/dev/null 2>&1' - $nix
	# A stand-in for nixpkgs, with what the expression may use of it.
	cat >"$scratch/nixpkgs.nix" <<-'EOF'
	{
	  lib = {
	    hasPrefix = start: text: builtins.substring 0 (builtins.stringLength start) text == start;
	    licenses.gpl3Plus = "gpl3Plus";
	    makeLibraryPath = builtins.concatStringsSep ":";
	    optionalString = wanted: text: if wanted then text else "";
	    platforms = { linux = [ "linux" ]; unix = [ "linux" "darwin" ]; };
	    splitString = at: text: builtins.filter builtins.isString (builtins.split at text);
	  };
	  stdenv = { hostPlatform.isElf = true; mkDerivation = what: what; };
	  gmime3 = "gmime3"; jansson = "jansson"; libarchive = "libarchive"; libseccomp = "libseccomp"; libxml2 = "libxml2"; notmuch = "notmuch"; talloc = "talloc";
	  perl = "perl"; pkg-config = "pkg-config"; procmail = "procmail";
	}
	EOF
	# of_nix ATTRIBUTE: what the expression says of it.
	of_nix() {
		nix-instantiate --eval --strict --read-write-mode -E "toString (import $PWD/$nix { pkgs = import $scratch/nixpkgs.nix; }).$1" 2>"$scratch/err" | tr -d '"'
	}
	is 'Nix evaluates it: the version' "$(of_nix version)" "$version"
	is 'Nix: what it builds for' "$(of_nix meta.platforms)" linux
	find . -mindepth 1 -maxdepth 1 ! -name 'build*' ! -name .git | sort >"$scratch/wanted"
	sources=$(of_nix src)
	find "$sources" -mindepth 1 -maxdepth 1 | sed "s|^$sources|.|" | sort >"$scratch/got"
	same 'Nix: the sources are those of the repository, without what was built' "$scratch/got" "$scratch/wanted"
	chmod -R u+w "$scratch/nix"
fi
is 'bash parses the PKGBUILD' "$(bash -n $arch 2>&1)" ''

done_testing
