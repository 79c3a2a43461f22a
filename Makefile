.PHONY: help run dev test soak unit lint coverage docs pictures format lock

help:
	@echo "make run       启动系统（演示数据，http://127.0.0.1:8000；换端口：make run PORT=9000；空系统：make run DEMO=0）"
	@echo "make dev       开发用：同上，网页的代码和模板改动后自动重新启动"
	@echo "make lint      检查代码、模板与引用方向"
	@echo "make unit      较快的测试（SQLite）"
	@echo "make test      全部检查与测试（与 CI 相同）"
	@echo "make soak      长时间验证：竞争、双世界、400 天时钟、随机数据取足量，两种数据库全部运行（SOAK_SEED=n 可重现）"
	@echo "make coverage  测试覆盖率（含分支），结果在 var/coverage/html"
	@echo "make docs      重新生成由代码得出的文档"
	@echo "make pictures  重新拍摄手册的图片（先在另一终端执行 make run）"
	@echo "make format    整理代码格式"
	@echo "make lock      依赖变更后重新生成 requirements.lock（需要 uv）"

run:
	@exec scripts/run.sh

dev:
	@DEBUG=true exec scripts/run.sh --reload

test:
	@exec scripts/test.sh

soak:
	@exec scripts/soak.sh

unit:
	@exec scripts/unit.sh

lint:
	@exec scripts/lint.sh

coverage:
	@exec scripts/coverage.sh

docs:
	@scripts/venv.sh
	@DJANGO_SETTINGS_MODULE=tests.settings .venv/bin/python manage.py write_docs
	@.venv/bin/python scripts/draw_imports.py

pictures:
	@scripts/venv.sh
	@CHROMIUM=$$(scripts/ensure-chromium.sh) .venv/bin/python scripts/manual_pictures.py

format:
	@scripts/venv.sh
	@.venv/bin/python -m ruff check --fix --quiet . ; .venv/bin/python -m ruff format .

lock:
	uv pip compile --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 \
		requirements-dev.txt -o requirements.lock
