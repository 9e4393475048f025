# Two commands matter: `make run` and `make test`. Each sets up what it needs and is cheap when nothing changed.
PYTHON ?= python3
.DEFAULT_GOAL := help
.PHONY: help run demo setup test faults bench setup-test lint format messages triage-model pictures lock vendor

help: ## this list
	@grep -hE '^[a-z-]+:.*## ' $(firstword $(MAKEFILE_LIST)) | sed -E 's/^([a-z-]+):.*## /\1\t/' | expand -t 12

run: ## set up and start on this machine (PORT=8000, TRIAL=0 without the example data)
	@exec $(PYTHON) -m scripts.run

demo: ## the same, filled with accounts, cases of every right in every stage, and mail to be sorted
	@exec $(PYTHON) -m scripts.run --demo

setup: ## the set-up that `make run` begins with, and nothing else
	@exec $(PYTHON) -m scripts.setup

test: ## set up, check and run every test on both stacks
	@exec $(PYTHON) -m scripts.test

faults: ## kill, stop, fill and mislead everything on both stacks, and print the fault table
	@exec $(PYTHON) -m scripts.faults

bench: ## deadlines, the sweep of the reminders, the triage, answers to known and unknown addresses, and mail beside django-helpdesk (minutes)
	@$(PYTHON) -m scripts.setup --tests
	@.venv/bin/python bench/clock.py
	@.venv/bin/python bench/triage.py
	@.venv/bin/python bench/identity.py
	@exec .venv/bin/python bench/mail.py

setup-test: ## the set-up of `make test`, without testing
	@exec $(PYTHON) -m scripts.setup --tests

lint: ## ruff, mypy, import contracts, migrations, production settings, translations
	@exec $(PYTHON) -m scripts.lint

format: ## put the code into its form
	@$(PYTHON) -m scripts.setup --tests
	@.venv/bin/ruff check --fix-only --quiet .
	@.venv/bin/ruff format .

messages: ## bring the texts of code and templates into the catalogues, to be translated there
	@$(PYTHON) -m scripts.setup
	@exec $(PYTHON) -m scripts.translations

triage-model: ## train what tells requests from other mail (training/texts, EXTRA=FOLDER) and print its scores
	@exec $(PYTHON) -m scripts.triage_model $(if $(EXTRA),--extra '$(abspath $(EXTRA))')

pictures: ## draw the pictures of the documentation anew (two minutes)
	@$(PYTHON) -m scripts.setup --tests
	@exec .venv/bin/python -m scripts.pictures

lock: ## work out the lock files anew from pyproject.toml (KEEP=1 changes as little as possible)
	@exec $(PYTHON) -m scripts.lock

vendor: ## fetch the style sheet, the font and axe-core anew (needs npm)
	@$(PYTHON) -m scripts.setup --tests
	@exec .venv/bin/python scripts/vendor.py
