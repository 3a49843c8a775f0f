# The verbs of this house. Each sets up what it needs first; what is up to date is skipped.
.PHONY: help setup run test check fix mutants rebuild bench bench-suggest bench-quality bench-search load lock clean
.NOTPARALLEL:
.DEFAULT_GOAL := help

BIN := .venv/bin

help:     ## visa det här
	@grep -hE '^[a-z-]+: .*##' Makefile | sed -E 's/^([a-z-]+):.*## /  make \1\t/'

setup:    ## gör i ordning allt, också för prov och kontroller
	@sh tools/setup.sh dev

run:      ## starta Lärnät på http://127.0.0.1:8000 (PORT=8001 väljer en annan port)
	@sh tools/setup.sh run
	@exec $(BIN)/larnat serve

test:     ## kör alla prov
	@sh tools/setup.sh dev
	@$(BIN)/pytest -q $(ARGS)

check:    ## granska kod, mallar och innehåll
	@sh tools/setup.sh dev
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy --strict app tests
	$(BIN)/lint-imports
	$(BIN)/djlint --lint --quiet app/templates
	$(BIN)/larnat check

fix:      ## rätta det som kan rättas av sig självt
	@sh tools/setup.sh dev
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

mutants:  ## pröva att ett prov märker varje åtkomstregel som stängs av (ARGS="app/reading/" väljer några)
	@sh tools/setup.sh dev
	@$(BIN)/python -m tests.access.mutants $(ARGS) >/dev/null

rebuild:  ## bygg om sökregistret från filerna
	@sh tools/setup.sh run
	@$(BIN)/larnat rebuild

bench:    ## mät hur snabbt Lärnät är
	@sh tools/setup.sh dev
	@$(BIN)/python -m benchmarks $(ARGS)

bench-suggest: ## mät vad ett förslag kostar bland 100 000 sidor (N väljer annat)
	@sh tools/setup.sh dev
	@$(BIN)/python -m benchmarks.suggestions

bench-quality: ## mät hur väl sökningen hittar (DATA=fil; TYPOS=1 stavar också fel)
	@sh tools/setup.sh bench
	@$(BIN)/python -m benchmarks.quality

bench-search: ## mät sökningen bredvid andra sökmotorer (N=100000; TEXTS=mapp; KEEP=mapp sparar det byggda)
	@sh tools/setup.sh bench
	@$(BIN)/python -m benchmarks.search

load:     ## låt 200 personer använda Lärnät samtidigt (PEOPLE, SAVING, SECONDS och N väljer annat)
	@sh tools/setup.sh load
	@$(BIN)/python -m benchmarks.load

lock:     ## skriv låsfilerna på nytt (behöver uv och npm; UPGRADE=1 tar nyare versioner)
	@sh tools/lock.sh
	@npm install --package-lock-only --ignore-scripts
	@npm install --package-lock-only --ignore-scripts --prefix tests/oidc_provider

clean:    ## ta bort det som går att göra om: .venv, node_modules och härledda filer
	rm -rf .venv node_modules tests/oidc_provider/node_modules app/static/vendor app/language/lexicon.bin search_index/[0-9]* var/derived .mypy_cache .ruff_cache .pytest_cache
