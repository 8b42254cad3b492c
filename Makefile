# Needs make and Python 3.11, 3.12 or 3.13 (or uv, used where it is found); everything else lands in .venv.
#   PYTHON=/path/to/python3.12   the Python to set up with
#   UV=                          set up without uv
#   WORKERS=2                    processes that share the tests (0: none)
#   CASE=name                    the case whose answers are accepted (all of them)
#   ARGS="..."                   further arguments for the target's command

PYTHON ?=
UV ?= $(shell command -v uv 2>/dev/null)
WORKERS ?= 2
ARGS ?=

bin := .venv/bin
pythons := $(or $(PYTHON),python3 python3.13 python3.12 python3.11 python)
comma := ,

.PHONY: help demo test fuzz lint bench bench-negmas bench-gambit accept pictures lock setup python clean
.DEFAULT_GOAL := help

help: ## list the targets
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' Makefile

demo: setup ## set up, then analyse the flagship case and write its report
	@mkdir -p build
	@$(bin)/winset analyse gaza-2025-10 --html build/gaza-2025-10.html $(ARGS)
	@echo "To read and to print, in any browser: file://$(CURDIR)/build/gaza-2025-10.html"

test: setup ## run the tests
	@$(bin)/python -m tests.warm
	@$(bin)/python -m pytest -n $(WORKERS) $(ARGS)

fuzz: setup ## run the long random searches that `make test` leaves out
	@$(bin)/python -m pytest -m fuzz -n $(WORKERS) $(ARGS)

lint: setup ## ruff, its formatter and mypy, all of them even when one complains
	@failed=0; \
	$(bin)/ruff check -q . || failed=1; \
	$(bin)/ruff format --check -q . || { echo "to format: $(bin)/ruff format" >&2; failed=1; }; \
	$(bin)/mypy --no-error-summary || failed=1; \
	test $$failed = 0 && echo "lint: nothing to mend" || exit 1

bench: setup ## run every benchmark
	@failed=0; for script in benchmarks/*.py; do \
	  echo "== $$script"; PYTHONPATH=. $(bin)/python "$$script" $(ARGS) || failed=1; \
	done; exit $$failed

bench-negmas: setup build/negmas/.ready ## compare answers and CPU seconds with NegMAS, in an environment of its own
	@$(bin)/python benchmarks/negmas/compare.py build/negmas/bin/python $(ARGS)

bench-gambit: setup build/gambit/.ready ## compare small exchanges with Gambit, in an environment of its own
	@PYTHONPATH=. $(bin)/python benchmarks/gambit/compare.py build/gambit/bin/python $(ARGS)

accept: setup ## accept the catalogue's answers as they are now, and show what changed (CASE=name: one case)
	@$(bin)/python -m tests.expected $(CASE)

pictures: setup ## picture every report wide, narrow and printed, and the one in the README (needs Chromium)
	@$(bin)/python docs/pictures/take.py

lock: ## compile requirements.lock anew (newer versions: make lock ARGS=--upgrade)
	@uv="$(UV)"; if [ -z "$$uv" ]; then \
	  python=$$($(find_python)) && "$$python" -m venv --clear build/uv && build/uv/bin/python -m pip install -q uv || exit 1; \
	  uv=build/uv/bin/uv; \
	fi; \
	"$$uv" pip compile -q --universal --python-version 3.11 --generate-hashes --no-emit-index-url \
	  --no-emit-find-links --custom-compile-command "make lock" --extra dev $(ARGS) -o requirements.lock pyproject.toml

clean: ## remove .venv and all that was built or cached
	@rm -rf .venv build dist .pytest_cache .mypy_cache .ruff_cache .hypothesis
	@find . -name __pycache__ -type d -prune -exec rm -rf {} +

setup: .venv/.ready ## set up .venv, and nothing else
	@:

python: # print the Python that a set-up without uv would use
	@$(find_python)

# The first Python that will do; else a sentence saying what is missing.
define find_python
found=; bare=; \
for python in $(pythons); do \
  version=$$("$$python" -c 'import sys; print("%d.%d" % sys.version_info[:2])' 2>/dev/null) || continue; \
  case $$version in \
    (3.11|3.12|3.13) \
      if "$$python" -c 'import ensurepip, venv' 2>/dev/null; then echo "$$python"; exit 0; fi; \
      bare=$$version;; \
    (*) found="$$found $$python is $$version";; \
  esac; \
done; \
if [ -n "$$bare" ]; then \
  echo "Python $$bare is here, but without its venv and ensurepip modules." \
    "On Debian or Ubuntu: apt install python$$bare-venv. Then run make again." >&2; \
else \
  echo "winset needs Python 3.11, 3.12 or 3.13. Found:$${found:- no Python that runs}" \
    "(looked for $(pythons)). Install one of the three, or uv, and run make again;" \
    "or name one: make demo PYTHON=/path/to/python3.12." >&2; \
fi; exit 1
endef

# The stamp is written last and holds this folder's path. Without it the set-up was interrupted; with another
# path, or no living Python behind it, .venv was moved or its Python is gone: then .venv is made anew.
ifneq ($(shell cat .venv/.ready 2>/dev/null):$(wildcard $(bin)/python),$(CURDIR):$(bin)/python)
anew := rm -rf .venv &&
.PHONY: .venv/.ready
endif

ifneq ($(UV),)
define install
{ [ -d .venv ] || "$(UV)" venv -q --python "$(or $(PYTHON),>=3.11$(comma)<3.14)" .venv; } && \
"$(UV)" pip sync -q --python $(bin)/python --require-hashes --compile-bytecode requirements.lock && \
"$(UV)" pip install -q --python $(bin)/python --no-deps --no-build-isolation -e .
endef
else
define install
{ $(bin)/python -m pip --version >/dev/null 2>&1 || \
  { python=$$($(find_python)) && "$$python" -m venv --clear .venv; }; } && \
$(bin)/python -m pip install -q --disable-pip-version-check --require-hashes -r requirements.lock && \
$(bin)/python -m pip install -q --disable-pip-version-check --no-index --no-deps --no-build-isolation -e .
endef
endif

# NegMAS and Gambit are never part of winset: each has an environment of its own, whose stamp is written last.
# Without the stamp the set-up was interrupted, without its Python the environment is of no use: then it is made
# anew.
ifeq ($(wildcard build/negmas/bin/python),)
.PHONY: build/negmas/.ready
endif
ifeq ($(wildcard build/gambit/bin/python),)
.PHONY: build/gambit/.ready
endif

build/negmas/.ready: package := negmas==0.16.*
build/gambit/.ready: package := pygambit==16.7.*
build/negmas/.ready: takes := a minute
build/gambit/.ready: takes := five minutes or more, as it is compiled

build/negmas/.ready build/gambit/.ready: build/%/.ready: | setup
	@echo "Setting up build/$*; this takes $(takes) ..." >&2
	@{ $(bin)/python -m venv --clear build/$* && \
	  build/$*/bin/python -m pip install -q --disable-pip-version-check "$(package)" && \
	  build/$*/bin/python -c "import $(firstword $(subst =, ,$(package)))"; } || { \
	  echo "$(package) could not be set up in build/$*; what went wrong stands above." \
	    "winset does not need it, only this comparison does." >&2; \
	  exit 1; }
	@echo "$(package)" > $@

.venv/.ready: pyproject.toml requirements.lock
	@echo "Setting up .venv$(if $(UV), with uv), as requirements.lock says; the first time this takes a minute ..." >&2
	@$(anew) $(install) || { \
	  echo "The set-up did not finish; what went wrong stands above. Once mended, run make again." >&2; \
	  exit 1; }
	@echo "$(CURDIR)" > $@
