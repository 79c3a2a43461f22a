.PHONY: help run test format lock

help:
	@echo "make run     启动系统（演示数据，http://127.0.0.1:8000；换端口：make run PORT=9000）"
	@echo "make test    全部检查与测试（与 CI 相同）"
	@echo "make format  整理代码格式"
	@echo "make lock    依赖变更后重新生成 requirements.lock（需要 uv）"

run:
	@exec scripts/run.sh

test:
	@exec scripts/test.sh

format:
	@scripts/venv.sh
	@.venv/bin/python -m ruff check --fix --quiet . ; .venv/bin/python -m ruff format .

lock:
	uv pip compile --generate-hashes --no-annotate --no-header --no-emit-index-url --python-version 3.11 \
		requirements-dev.txt -o requirements.lock
