#!/usr/bin/env bash
# Makes .venv/ with the hashed requirements: `scripts/environment.sh app` or `... dev`.
#
# Works with no more than python3 and pip: no python3-venv, not root. A second call takes
# an instant, because a stamp per requirements file says what is installed already.
set -euo pipefail
cd -- "$(dirname -- "$0")/.."
unset PYTHONHOME PYTHONPATH

case "${1:-}" in
    app) groups=(app) ;;
    dev) groups=(app scale dev) ;;
    *) echo "usage: scripts/environment.sh app|dev" >&2; exit 2 ;;
esac
venv_python=.venv/bin/python
unfinished=.venv/.unfinished

say() { echo "environment: $*" >&2; }
stop() { say "$*"; exit 1; }

# The stamp of a group: what its file says, for which Python.
fingerprint() {
    sha256sum "requirements/$1.txt" | cut -d ' ' -f 1
    "$venv_python" -c 'import sys; print(*sys.version_info[:2])'
}

is_installed() { [ "$(cat ".venv/.installed-$1" 2>/dev/null)" = "$(fingerprint "$1" 2>/dev/null)" ]; }

is_ready() {
    [ ! -e "$unfinished" ] && [ -x .venv/bin/partner-assess ] || return 1
    local group
    for group in "${groups[@]}"; do is_installed "$group" || return 1; done
}

is_supported() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' 2>/dev/null; }

find_python() {
    local name
    for name in ${PYTHON:-} python3 python3.13 python3.12 python3.11; do
        if is_supported "$name"; then
            echo "$name"
            return
        fi
    done
    stop "needs Python 3.11, 3.12 or 3.13, and found none (name one: make run PYTHON=/path/to/python3)"
}

# An interrupted installation may leave half a package behind, which pip cannot mend: start anew.
make_venv() {
    if [ -e "$unfinished" ]; then
        say "the last set-up did not finish; starting again"
    elif is_supported "$venv_python"; then
        return
    fi
    "$python" -c 'import venv' 2>/dev/null ||
        stop "this Python has no venv module; on Debian: apt-get install python3-venv"
    "$python" -m venv --clear --without-pip .venv || stop "could not make .venv/ in $PWD"
}

# Without python3-venv the environment has no pip of its own, so the system's works on it
# from outside. That also passes by Debian's "externally managed" refusal.
choose_pip() {
    if "$venv_python" -m pip --version >/dev/null 2>&1; then
        pip=("$venv_python" -m pip)
    elif "$python" -m pip --python "$venv_python" --version >/dev/null 2>&1; then
        pip=("$python" -m pip --python "$venv_python")
    elif "$venv_python" -m ensurepip >/dev/null 2>&1; then
        pip=("$venv_python" -m pip)
    else
        stop "needs pip 22.3 or newer; on Debian: apt-get install python3-pip"
    fi
}

install_requirements() {
    local group files=()
    for group in "${groups[@]}"; do files+=(-r "requirements/$group.txt"); done
    say "installing ${groups[*]/%/.txt} (a minute or two the first time)"
    : >"$unfinished"
    PIP_USER=0 PIP_REQUIRE_VIRTUALENV=0 "${pip[@]}" install -qq --no-input --disable-pip-version-check \
        --no-warn-script-location --require-hashes --only-binary :all: "${files[@]}" ||
        stop "pip could not install the requirements; what it says stands above"
}

# No build and no editable install: a path file, and a starter that finds its own folder.
link_the_app() {
    local site
    site=$("$venv_python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
    echo '../../../..' >"$site/partner_assess.pth"
    install -m 755 scripts/partner-assess .venv/bin/partner-assess
}

stamp() {
    local group
    for group in "${groups[@]}"; do fingerprint "$group" >".venv/.installed-$group"; done
    rm -f "$unfinished"
}

mkdir -p build
is_ready && exit 0

# Two `make` at once: the second waits, and then finds the work done.
if command -v flock >/dev/null; then
    exec 9>build/environment.lock
    flock 9
    is_ready && exit 0
fi

python=$(find_python)
make_venv
choose_pip
install_requirements
link_the_app
stamp
