# otklik. `make help` lists the targets; `make demo` and `make test` need only python3.
.DEFAULT_GOAL := help
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
SHARED ?= ../shared/data
export PIP_DISABLE_PIP_VERSION_CHECK = 1

.PHONY: help setup demo test test-all engines notebooks lint types check bench bench-accuracy bench-cold bench-million lexicon gazetteer reference agreement starter golden constraints clean

help: ## what can be made
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed 's/:.*##/\t/' | expand -t 14

$(VENV)/.run: pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.version_info >= (3, 11) or sys.exit("otklik needs Python 3.11 or newer; this is " + sys.version.split()[0] + ". Name another one: make PYTHON=python3.12 ...")'
	test -x $(BIN)/python || $(PYTHON) -m venv $(VENV)
	$(BIN)/python -m pip install --quiet --only-binary :all: --constraint constraints.txt "setuptools>=77" wheel
	$(BIN)/python -m pip install --quiet --no-build-isolation --constraint constraints.txt --editable .
	@touch $@

$(VENV)/.dev: $(VENV)/.run
	$(BIN)/python -m pip install --quiet --no-build-isolation --constraint constraints.txt --editable ".[dev,bench,postgres,chromaprint,evidence]"
	@touch $@

setup: $(VENV)/.run ## a virtual environment of its own with what running needs

demo: $(VENV)/.run ## score the sample draft with the starter model
	$(BIN)/otklik demo

# Each of the two test processes keeps to one thread: two that train on both processors wait for each other.
test: $(VENV)/.dev ## every quick test (below ten minutes)
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest -n 2 --dist loadgroup -m "not slow and not benchmark"

test-all: $(VENV)/.dev ## the long tests: kills, volumes, backtests
	$(BIN)/python -m pytest -m "slow and not benchmark"

ENGINES := tesseract-ocr tesseract-ocr-rus tesseract-ocr-eng libchromaprint1 libchromaprint-tools
MEDIA := espeak-ng fonts-dejavu-core wesnoth-music gcompris-qt-data

engines: ## optional: Tesseract, Chromaprint, and real photos and music for their tests, from Debian (as root)
	timeout 300 apt-get update -q
	DEBIAN_FRONTEND=noninteractive timeout 400 apt-get install -qq -y --no-install-recommends $(ENGINES) $(MEDIA)

notebooks: $(VENV)/.dev ## run every notebook from its first cell to its last
	OMP_NUM_THREADS=1 $(BIN)/python -m pytest tests/test_notebooks.py

lint: $(VENV)/.dev ## style
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: $(VENV)/.dev ## annotations
	$(BIN)/mypy

check: lint types test ## lint, types, tests

bench: $(VENV)/.dev ## speed as ratios measured in one run
	$(BIN)/python -m pytest -m benchmark tests/benchmarks -s

ACCURACY := PYTHONPATH=tests $(BIN)/python -m benchmarks.accuracy

bench-accuracy: $(VENV)/.dev ## accuracy beside every baseline and rival, on identical rows of the real data in $(SHARED)
	$(BIN)/python -m pip install --quiet --no-build-isolation --constraint constraints.txt --editable ".[rivals]"
	$(ACCURACY) --data $(SHARED)/yt_news_6h --data $(SHARED)/yt_shorts_6h
	$(ACCURACY) --data $(SHARED)/yt_trending_1h --flaml-once
	$(ACCURACY) --data $(SHARED)/vk_karelia --target mature --zone Europe/Moscow --flaml-once

bench-cold: $(VENV)/.dev ## drafts of authors with 0, 3, 10 and 30 past posts
	$(ACCURACY) --cold --data $(SHARED)/yt_news_6h --data $(SHARED)/yt_shorts_6h
	$(ACCURACY) --cold --quick --data $(SHARED)/vk_karelia --target mature --zone Europe/Moscow

bench-million: $(VENV)/.dev ## train on a million simulated rows beside CatBoost and XGBoost
	$(BIN)/python -m pip install --quiet --no-build-isolation --constraint constraints.txt --editable ".[rivals]"
	$(ACCURACY) --million

lexicon: $(VENV)/.run ## compile the word lists of src/otklik/content/sources
	$(BIN)/python -m otklik.content.building

gazetteer: $(VENV)/.dev ## read GeoNames anew for the lexicon (179 MB to install)
	$(BIN)/python -m pip install --quiet --no-build-isolation --editable ".[gazetteer]"
	$(BIN)/python -m otklik.content.building --geonames

reference: $(VENV)/.run ## take the quantiles of the formula scores from real posts in $(SHARED)
	$(BIN)/python -m otklik.content.building --reference $(SHARED)/vk_karelia "posts of Karelian communities on VK, 2017-2023"

agreement: $(VENV)/.run ## precision and recall on the hand-labelled texts: the part we worked on, and the part we did not
	$(BIN)/python tests/content/labelled/split.py

starter: $(VENV)/.run ## train the starter model on the real data in $(SHARED)
	$(BIN)/otklik train --data $(SHARED)/yt_news_6h --data $(SHARED)/yt_shorts_6h --zone Asia/Seoul --out models/starter

golden: $(VENV)/.dev ## rewrite the golden files after a wanted change; read the diff
	$(BIN)/python -m pytest -m "not slow and not benchmark" --rewrite-golden tests

constraints: $(VENV)/.dev ## pin what is installed now
	{ echo '# Exact versions that CI and make use; made by `make constraints`. No addresses of any registry.'; \
	  $(BIN)/python -m pip freeze --exclude-editable --exclude pip --exclude setuptools --exclude wheel; } > constraints.txt

clean: ## forget the virtual environment and caches
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache .hypothesis build dist
	find . -name __pycache__ -type d -prune -exec rm -rf {} +
