"""The drawn pictures of the demonstration, accepted in the same way as any upload."""

from dataclasses import dataclass
from io import BytesIO
from typing import BinaryIO

from accounts.models import User
from demo.domain.material import FOLDER
from evidence.domain.store import accept_photo
from evidence.models import StoredFile


@dataclass
class Picture:
    """A picture of the repository in the shape of an upload."""

    name: str | None
    size: int | None
    file: BinaryIO


def photos_for(actor: User, names: list[str]) -> dict[str, StoredFile]:
    """{name: stored file}, uploaded by ``actor``; one kept by an earlier run that did not finish is taken again."""
    files = {f"{name}.jpg": name for name in names}
    kept = StoredFile.objects.filter(
        uploaded_by=actor, original_name__in=files, step_link=None, issue_link=None
    ).order_by("uploaded_at")
    found = {files[file.original_name]: file for file in kept}
    for file_name, name in files.items():
        if name not in found:
            picture = (FOLDER / "photos" / file_name).read_bytes()
            upload = Picture(file_name, len(picture), BytesIO(picture))
            found[name] = accept_photo(upload=upload, actor=actor)
    return found


def photo_names(walks: list[dict]) -> list[str]:
    """Every picture the walks name, each once."""
    names = []
    for walk in walks:
        names += [step.get("photo") for step in walk["steps"]]
        for problem in walk["problems"]:
            names += [problem.get("photo"), *(event.get("photo") for event in problem["path"])]
    return sorted({name for name in names if name})
