#!/usr/bin/env bash
# Installs what pip cannot: `scripts/system-packages.sh pango`, or `... tests` for all.
#
# As root by apt-get; else it prints the one line to type. It never fails: without Pango the
# app switches PDF off and says so, and the tests say what they skip (in CI they fail).
# The Nu HTML checker comes by npm, into build/, and only where npm is there already.
set -euo pipefail
cd -- "$(dirname -- "$0")/.."

what=${1:?usage: scripts/system-packages.sh pango|tests}
packages=()

has_command() { command -v "$1" >/dev/null; }
has_file() { compgen -G "$1" >/dev/null; }
has_pango() {
    .venv/bin/python -c 'import ctypes
for name in ("libpango-1.0.so.0", "libpangoft2-1.0.so.0", "libharfbuzz-subset.so.0"):
    ctypes.CDLL(name)' 2>/dev/null
}

checker=vnu-jar@26.9.27
checker_jar=build/html-checker/node_modules/vnu-jar/build/dist/vnu.jar
checker_hash=22f15dd39a33bed929d2a5c0cddf5946849a647eca9272bf4d5d00bc7e7a4d47
checker_tried=build/html-checker/.tried

has_checker() { echo "$checker_hash  $checker_jar" | sha256sum --check --status 2>/dev/null; }

# A jar that is not the one we know is thrown away: the tests then say that it is missing.
fetch_checker() {
    has_checker && return
    has_command npm && { [ ! -e "$checker_tried" ] || [ "${CI:-}" = true ]; } || return 0
    echo "system packages: fetching the HTML checker" >&2
    mkdir -p build/html-checker && : >"$checker_tried"
    # Node reads no certificates of the machine by itself.
    NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-${SSL_CERT_FILE:-}}" \
        npm install --prefix build/html-checker --ignore-scripts --no-save --no-package-lock --no-audit --no-fund \
        --fetch-timeout 30000 --fetch-retries 1 "$checker" </dev/null >build/html-checker/npm.log 2>&1 || true
    has_checker || rm -f "$checker_jar"
}

has_pango || packages+=(libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0)
if [ "$what" = tests ]; then
    trap fetch_checker EXIT  # once npm is there
    has_command npm || [ "${CI:-}" != true ] || packages+=(npm)
    has_command chromium || has_command google-chrome || packages+=(chromium)
    has_command pdftoppm || packages+=(poppler-utils)
    has_command qpdf || packages+=(qpdf)
    has_command openssl || packages+=(openssl)
    has_command java || packages+=(default-jre-headless)
    has_file /usr/share/java/jaxb-api.jar || packages+=(libjaxb-java)
    has_file '/usr/lib/postgresql/*/bin/initdb' || has_command initdb || packages+=(postgresql)
fi
[ ${#packages[@]} -gt 0 ] || exit 0

line="apt-get install --no-install-recommends ${packages[*]}"
tried=.venv/.tried-$what    # asked once: without a Debian mirror each start would wait for it

install_packages() {
    local apt=(apt-get -qq -y -o DPkg::Lock::Timeout=300 -o Acquire::http::Timeout=30)
    export DEBIAN_FRONTEND=noninteractive
    "${apt[@]}" update && "${apt[@]}" install --no-install-recommends "${packages[@]}"
}

if [ "$(id -u)" = 0 ] && has_command apt-get && { [ ! -e "$tried" ] || [ "${CI:-}" = true ]; }; then
    echo "system packages: installing ${packages[*]}" >&2
    mkdir -p build
    install_packages </dev/null >build/apt.log 2>&1 && exit 0
    : >"$tried"
    tail -n 5 build/apt.log >&2
fi
if [ "$what" = pango ]; then
    echo "PDF is switched off, because Pango is missing. To switch it on, type as root:" >&2
else
    echo "Some tests cannot run here. To run them all, type as root:" >&2
fi
echo "  $line" >&2
