#!/bin/sh
# Make what the other commands need, step by step; a step that is up to date is skipped without a word.
#   tools/setup.sh run    Python, the packages of the program, the front-end files
#   tools/setup.sh dev    the same, with what tests and checks need (Chromium among it, where it may be installed)
#   tools/setup.sh load   as run, with the load tool of `make load`
#   tools/setup.sh bench  as run, with the engine that `make bench-quality` compares with
set -eu
cd "$(dirname "$0")/.."
want=${1:-run}
venv=.venv
python=$venv/bin/python

say() { printf '→ %s\n' "$*"; }
fail() { printf '%s\n' "$@" >&2; exit 1; }

# ---- Python and the folder of its packages ----

usable() { "$1" -c 'import sys; sys.exit(not (3, 11) <= sys.version_info[:2] <= (3, 13))' >/dev/null 2>&1; }

find_python() {
    without_venv=
    # A name may be there and yet not run (pyenv's shims), so each is tried.
    for name in python3.13 python3.12 python3.11 python3 python; do
        usable "$name" || continue
        if "$name" -c 'import ensurepip, venv' >/dev/null 2>&1; then
            echo "$name"
            return
        fi
        without_venv=$name
    done
    [ -z "$without_venv" ] || fail "$without_venv finns men saknar modulen venv. På Debian och Ubuntu: apt install python3-venv"
    fail "Lärnät behöver Python 3.11, 3.12 eller 3.13, men ingen av dem finns här." \
        "Installera en av dem (på Debian och Ubuntu: apt install python3 python3-venv) och försök igen."
}

# A virtual environment knows where it lies: one that was moved or whose Python is gone is made anew.
make_venv() {
    if [ "$(cat $venv/.made-in 2>/dev/null)" != "$PWD" ] || ! usable $python; then
        found=$(find_python)
        say "Gör $venv med $("$found" --version 2>&1)"
        rm -rf $venv
        "$found" -m venv $venv
        printf '%s\n' "$PWD" >$venv/.made-in
    fi
}

# ---- Steps with a stamp: done again only when one of their files has changed ----

fingerprint() { cat "$@" | cksum; }
up_to_date() { stamp=$venv/.done-$1; shift; [ "$(cat "$stamp" 2>/dev/null)" = "$(fingerprint "$@")" ]; }
mark_done() { stamp=$venv/.done-$1; shift; fingerprint "$@" >"$stamp"; }
pip() { $python -m pip --disable-pip-version-check --no-input --quiet "$@"; }

install_packages() { # install_packages LIST
    up_to_date "$1" "requirements/$1.txt" && return
    say "Installerar Pythonpaketen (requirements/$1.txt, låsta med kontrollsummor)"
    pip install --require-hashes --requirement "requirements/$1.txt"
    mark_done "$1" "requirements/$1.txt"
}

install_project() {
    up_to_date project pyproject.toml && return
    say "Installerar Lärnät"
    pip install --no-deps --no-build-isolation --editable .
    mark_done project pyproject.toml
}

# A node of its own does not know the certificates that this machine trusts (many networks have one of their own).
trust_what_the_machine_trusts() {
    for bundle in /etc/ssl/certs/ca-certificates.crt /etc/pki/tls/certs/ca-bundle.crt /etc/ssl/cert.pem; do
        if [ -z "${NODE_EXTRA_CA_CERTS:-}" ] && [ -r "$bundle" ]; then export NODE_EXTRA_CA_CERTS="$bundle"; fi
    done
}

install_npm_packages() { # install_npm_packages FOLDER
    if ! { npm --version && npm ci --prefix "$1" --ignore-scripts --loglevel=error; } >/dev/null 2>&1; then
        say "Det finns ingen npm som fungerar här, så den installeras i $venv"
        pip install --require-hashes --requirement requirements/node.txt
        trust_what_the_machine_trusts
        PATH="$PWD/$venv/bin:$PATH" npm ci --prefix "$1" --ignore-scripts --loglevel=error >/dev/null
    fi
}

install_front_end() {
    up_to_date front-end package.json package-lock.json tools/assets.py && [ -f app/static/vendor/htmx.min.js ] && return
    say "Hämtar htmx och typsnittet (package-lock.json, låsta med kontrollsummor)"
    install_npm_packages .
    $python tools/assets.py
    mark_done front-end package.json package-lock.json tools/assets.py
}

# What the tests sign in at.
install_oidc_provider() {
    folder=tests/oidc_provider
    up_to_date oidc-provider $folder/package.json $folder/package-lock.json && [ -d $folder/node_modules/oidc-provider ] && return
    say "Hämtar oidc-provider, för proven av inloggning ($folder/package-lock.json, låsta med kontrollsummor)"
    install_npm_packages $folder
    mark_done oidc-provider $folder/package.json $folder/package-lock.json
}

make_words() {
    up_to_date words requirements/run.txt app/language/lexicon.py && [ -f app/language/lexicon.bin ] && return
    say "Gör tabellen över svenska ord (av wordfreq, CC BY-SA 4.0, och simplemma, MIT)"
    $python -m app.language.lexicon
    mark_done words requirements/run.txt app/language/lexicon.py
}

# ---- Chromium, for the browser tests ----

has_chromium() { command -v chromium || command -v chromium-browser || command -v google-chrome; }

as_root() { if [ "$(id -u)" = 0 ]; then "$@"; else sudo -n "$@"; fi; }

install_chromium() {
    has_chromium >/dev/null && return
    if command -v apt-get >/dev/null && as_root true 2>/dev/null; then
        say "Installerar Chromium ur Debians paket, för proven i webbläsare"
        if as_root apt-get update -qq >/dev/null && as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq \
            --no-install-recommends chromium >/dev/null; then
            return
        fi
    fi
    say "Chromium finns inte och får inte installeras här: proven i webbläsare hoppas över"
    [ "${CI:-}" != true ] || fail "Med CI=true måste de köras."
}

make_venv
case $want in
    run) install_packages run ;;
    dev) install_packages dev ;;
    load) install_packages load ;;
    bench) install_packages bench ;;
    *) fail "Användning: tools/setup.sh run|dev|load|bench" ;;
esac
install_project
install_front_end
make_words
if [ "$want" = dev ]; then
    install_oidc_provider
    install_chromium
fi
