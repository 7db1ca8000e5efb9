# 青听 Qingting. Needs Python ≥ 3.11 and make; the rest is fetched by what is called here.
.DEFAULT_GOAL := help
# Images set it to stay small; here it would have every one of many processes compile everything again.
unexport PYTHONDONTWRITEBYTECODE
.PHONY: help run test check lock clean

help:
	@echo "make run     start the platform and the reference desk on this machine"
	@echo "make check   the quick loop: linters, types, tests without browsers"
	@echo "make test    everything, browsers and killed processes included"
	@echo "make lock    write the lock files again after a change of dependencies"
	@echo "make clean   remove what was built; data in var/ stay"

run:
	@scripts/python scripts/bootstrap.py run
	@exec .venv/bin/python -m launcher run --with-parent

test:
	@scripts/python scripts/bootstrap.py dev
	@exec .venv/bin/python scripts/test.py all

check:
	@scripts/python scripts/bootstrap.py dev
	@exec .venv/bin/python scripts/test.py quick

lock:
	@scripts/python scripts/bootstrap.py dev
	@exec scripts/lock

clean:
	rm -rf .venv frontend/node_modules src/qingting/sites/assets/vendor staticfiles
	rm -rf .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache
