#!/usr/bin/env bash
# Makes what a release carries, of the commit that is checked out: the archive of the sources, the single header, the wrap
# for Meson and the digests of them all. With a tag it fails unless that is the version of all packages.
#
#     .github/packaging/release.sh OUT [TAG]
set -euo pipefail
out=$(mkdir -p "$1" && cd "$1" && pwd)
tag=${2:-}
cd "$(dirname "${BASH_SOURCE[0]}")/../.."

python3 -B .github/packaging/versions.py ${tag:+"$tag"}
number=$(sed -n 's/^#define CURTAIL_VERSION //p' include/curtail/core/version.hpp)
name=curtail-$((number / 10000)).$((number / 100 % 100)).$((number % 100))

# gzip -n: the same commit gives the same bytes.
git archive --format=tar --prefix="$name/" HEAD | gzip -n -9 >"$out/$name.tar.gz"
python3 -B .github/packaging/amalgamate.py >"$out/curtail.hpp"
digest=$(sha256sum "$out/$name.tar.gz" | cut -d ' ' -f 1)
sed "s/@SHA256@/$digest/" .github/packaging/meson/curtail.wrap >"$out/curtail.wrap"
if [ -n "$tag" ] && [ -n "${GITHUB_REPOSITORY:-}" ]; then
    url=$GITHUB_SERVER_URL/$GITHUB_REPOSITORY/releases/download/$tag/$name.tar.gz
    sed -i "s#^source_filename.*#source_url = $url\n&#" "$out/curtail.wrap"
fi
(cd "$out" && sha256sum "$name.tar.gz" curtail.hpp curtail.wrap >SHA256SUMS)
