#!/usr/bin/env python3
"""接口示例：登记一次体验，本人签字后报送，跟踪问题整改，汇总并取回台账。只用 Python 标准库。

    export API_URL=http://127.0.0.1:8000 API_TOKEN=令牌
    python3 api_client.py record visit.json        开始并登记一次体验，打印其标识
    python3 api_client.py report 体验标识           本人已在网页签字的，报送；打印问题编号
    python3 api_client.py plan 问题编号 plan.json    受理并定措施
    python3 api_client.py progress 问题编号 进展说明  登记第一条措施的进展
    python3 api_client.py month 活动代码 期间 文件夹  汇总一期，取回统计表和问题台账

visit.json: {"item": 事项的 id, "mode": "in_person", "walker": 体验人的 id,
"steps": [{"stage", "note", "photos": [文件]}], "problems": [{"description", "stage", "category", "department"}],
"facts": {"place": …}}。可选的值用 GET 读取同一地址可知：python3 api_client.py --form /walks/start/
"""

import json
import mimetypes
import os
import sys
import time
import urllib.error
import urllib.parse
import urllib.request
import uuid
from pathlib import Path

TRIES = 5


class ApiError(Exception):
    """What the server refused: its status, and what it said in words."""

    def __init__(self, status: int, answer: dict):
        wrong = "；".join(f"{name}：{words}" for name, words in (answer.get("fields") or {}).items())
        super().__init__(f"{status} {answer.get('detail', '')}{'（' if wrong else ''}{wrong}{'）' if wrong else ''}")
        self.status, self.answer = status, answer


class Api:
    def __init__(self, url: str, token: str):
        self.root, self.token = f"{url.rstrip('/')}/api/v1", token

    def get(self, path: str) -> tuple[dict, str]:
        """(what the address tells, its version)."""
        body, headers = self._send("GET", path)
        return json.loads(body), headers.get("ETag", "")

    def download(self, path: str, target: Path) -> Path:
        """Fetch a file under the name the server gives it."""
        body, headers = self._send("GET", path)
        name = headers.get_filename() or path.strip("/").split("/")[-1]
        target.mkdir(parents=True, exist_ok=True)
        (target / Path(name).name).write_bytes(body)
        return target / Path(name).name

    def post(self, path: str, fields: dict | None = None, *, version: str = "", photos=(), key: str = "") -> dict:
        """Do one thing once: sent again after a lost answer it is known by its key."""
        headers = {"Idempotency-Key": key or uuid.uuid4().hex}
        if version:
            headers["If-Match"] = version
        if photos:
            body, headers["Content-Type"] = multipart(fields or {}, photos)
        else:
            body, headers["Content-Type"] = json.dumps(fields or {}).encode(), "application/json"
        answer, _ = self._send("POST", path, body, headers)
        return json.loads(answer)

    def change(self, path: str, fields: dict | None = None) -> dict:
        """Change what stands there, the version read just before. 409 says who was faster: read again and decide."""
        _, version = self.get(path)
        return self.post(path, fields, version=version)

    def _send(self, method: str, path: str, body: bytes | None = None, headers: dict | None = None):
        request = urllib.request.Request(self.root + path, body, headers or {}, method=method)
        request.add_header("Authorization", f"Token {self.token}")
        for number in range(1, TRIES + 1):
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return answer.read(), answer.headers
            except urllib.error.HTTPError as error:
                if error.code != 503 or number == TRIES:
                    raise ApiError(error.code, read_json(error.read())) from error
                time.sleep(int(error.headers.get("Retry-After") or 2))
            except (urllib.error.URLError, TimeoutError, ConnectionError):
                # The answer was lost, perhaps not what was asked: the same key makes it one record.
                if number == TRIES:
                    raise
                time.sleep(number)
        raise AssertionError("unreachable")


def read_json(body: bytes) -> dict:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def multipart(fields: dict, photos) -> tuple[bytes, str]:
    """A form with photos: its body and its content type."""
    mark, parts = uuid.uuid4().hex, []
    for name, value in fields.items():
        parts.append(f'--{mark}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n{value}\r\n'.encode())
    for photo in map(Path, photos):
        kind = mimetypes.guess_type(photo.name)[0] or "application/octet-stream"
        head = f'--{mark}\r\nContent-Disposition: form-data; name="photos"; filename="{photo.name}"\r\n'
        parts.append(f"{head}Content-Type: {kind}\r\n\r\n".encode() + photo.read_bytes() + b"\r\n")
    return b"".join(parts) + f"--{mark}--\r\n".encode(), f"multipart/form-data; boundary={mark}"


def record(api: Api, visit: dict) -> str:
    """Open a walk, note its steps and problems, complete it and record it; the id of the walk."""
    opened = api.post(
        "/walks/start/", {name: visit[name] for name in ("item", "mode", "walker", "place") if name in visit}
    )
    if opened["warning"]:
        print(opened["warning"], file=sys.stderr)
    walk = f"/walks/{opened['id']}"
    for step in visit.get("steps", ()):
        photos = step.pop("photos", ())
        api.post(f"{walk}/steps/add/", step, photos=photos)
    for found in visit.get("problems", ()):
        noted = {name: found[name] for name in ("description", "stage") if name in found}
        problem = api.post(f"{walk}/problems/add/", noted)
        api.change(f"{walk}/problems/{problem['id']}/", {name: found[name] for name in ("category", "department")})
    api.change(f"{walk}/complete/", visit.get("facts", {}))
    content, _ = api.get(f"{walk}/content/")
    if content["missing"]:
        raise SystemExit("还不能登记完成：" + "；".join(one["text"] for one in content["missing"]))
    api.change(f"{walk}/actions/record/")
    return opened["id"]


def report(api: Api, walk: str) -> list[str]:
    """Hand in a walk that a person has signed; the numbers of its problems."""
    stands, _ = api.get(f"/walks/{walk}/")
    if stands["state"] == "recorded":
        raise SystemExit("主要负责同志还没有签字：请本人登录网页核对签字，令牌不能代签。")
    api.change(f"/walks/{walk}/actions/report/")
    content, _ = api.get(f"/walks/{walk}/content/")
    return [problem["number"] for problem in content["problems"]]


def plan(api: Api, number: str, measures: dict) -> str:
    """Take the problem up and say what will be done, by whom and when; the state it is in."""
    issue = f"/issues/{number}"
    stands, _ = api.get(f"{issue}/")
    if stands["state"] in ("registered", "assigned"):
        step = "take" if stands["state"] == "registered" else "accept"
        api.change(f"{issue}/actions/{step}/")
    return api.change(f"{issue}/actions/plan/", measures)["state"]


def progress(api: Api, number: str, words: str) -> None:
    """How far the first measure is; what is not sent stays as it is."""
    issue = f"/issues/{number}"
    with urllib.request.urlopen(
        urllib.request.Request(f"{api.root}{issue}/measures/", headers={"Authorization": f"Token {api.token}"})
    ) as answer:
        measures = json.load(answer)
    api.change(f"{issue}/actions/track_measures/", {f"progress_{measures[0]['id']}": words})


def month(api: Api, campaign: str, period: str, folder: Path) -> list[Path]:
    """Compile a period, wait for it, fetch its statistics and the ledger."""
    place = f"/campaigns/{campaign}/periods/{period}"
    job = api.post(f"{place}/compile/")
    while job["state"] in ("held", "queued", "running"):
        time.sleep(1)
        job, _ = api.get(f"/jobs/{job['id']}/")
    if job["state"] != "done":
        raise SystemExit(f"没有汇总：{job['message']}")
    wanted = urllib.parse.urlencode({"campaign": campaign})
    return [api.download(f"{place}/statistics/", folder), api.download(f"/issues/export/?{wanted}", folder)]


def main(words: list[str]) -> None:
    api = Api(os.environ["API_URL"], os.environ["API_TOKEN"])
    match words:
        case ["record", file]:
            print(record(api, json.loads(Path(file).read_text(encoding="utf-8"))))
        case ["report", walk]:
            print(*report(api, walk), sep="\n")
        case ["plan", number, file]:
            print(plan(api, number, json.loads(Path(file).read_text(encoding="utf-8"))))
        case ["progress", number, text]:
            progress(api, number, text)
        case ["month", campaign, period, folder]:
            print(*month(api, campaign, period, Path(folder)), sep="\n")
        case ["--form", path]:
            print(json.dumps(api.get(path)[0], ensure_ascii=False, indent=2))
        case _:
            raise SystemExit(__doc__)


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except ApiError as error:
        raise SystemExit(f"没有办理：{error}") from error
