"""accept_photo with what must not get in: refused in words, nothing kept, nobody else affected."""

import os
import resource
import signal
import threading
import time
from dataclasses import replace
from pathlib import Path

import pytest

from core.exceptions import Refused
from evidence.domain import child
from evidence.domain.store import accept_photo
from evidence.models import StoredFile
from evidence.tests import hostile, samples
from tests.scale import sample_of, scaled

pytestmark = pytest.mark.django_db

CASES = [
    pytest.param(rule, name, data, id=f"{rule}-{name}")
    for rule, group in {
        "photo_format": hostile.NOT_PHOTOS,
        "photo_broken": hostile.BROKEN,
        "photo_pixels": hostile.FLOODS,
        "photo_empty": {"nothing": b""},
    }.items()
    for name, data in group.items()
]


def refused(actor, data, name="大厅照片.jpg"):
    with pytest.raises(Refused) as caught:
        accept_photo(upload=samples.upload(data, name), actor=actor)
    return caught.value


def resident_bytes():
    return int(Path("/proc/self/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def limits(monkeypatch, **changed):
    monkeypatch.setattr(child, "LIMITS", replace(child.LIMITS, **changed))


@pytest.mark.parametrize(("rule", "name", "data"), sample_of(CASES, scaled(len(CASES) // 2, len(CASES)), of="hostile"))
def test_a_hostile_file_renamed_to_jpg_is_refused_in_words(actor, nothing_kept, rule, name, data):
    error = refused(actor, samples.made(data), f"{name}.jpg")
    assert (error.rule, error.status) == (rule, 400)
    assert name[:24] in error.message
    assert "JPG、PNG、WEBP、HEIC" in error.message
    assert "20 MB" in error.message
    assert "6000 万像素" in error.message
    assert "已填写的内容已保留" in error.message
    nothing_kept()


def test_there_are_enough_samples_and_a_good_photo_passes_the_same_door(actor, root):
    assert len(CASES) >= 90
    assert accept_photo(upload=samples.upload(samples.photo()), actor=actor).pk


def test_a_photo_over_the_size_limit_is_refused_and_one_at_the_limit_is_kept(actor, nothing_kept, settings):
    data = samples.photo()
    settings.MAX_PHOTO_BYTES = len(data) - 1
    assert refused(actor, data).rule == "photo_size"
    nothing_kept()
    settings.MAX_PHOTO_BYTES = len(data)
    assert accept_photo(upload=samples.upload(data), actor=actor).size == len(data)


def test_an_upload_that_lies_about_its_size_is_stopped_while_copying(actor, nothing_kept, settings):
    settings.MAX_PHOTO_BYTES = 100_000
    liar = samples.upload(samples.photo() + bytes(5_000_000))
    liar.size = 10
    with pytest.raises(Refused) as caught:
        accept_photo(upload=liar, actor=actor)
    assert caught.value.rule == "photo_size"
    nothing_kept()


def test_a_heic_over_the_pixel_limit_is_refused_from_its_header(actor, nothing_kept, settings):
    data = samples.photo("HEIF", size=(400, 200))
    settings.MAX_PHOTO_PIXELS = 400 * 200 - 1
    assert refused(actor, data).rule == "photo_pixels"
    nothing_kept()
    settings.MAX_PHOTO_PIXELS = 400 * 200
    assert accept_photo(upload=samples.upload(data), actor=actor).width == 400


def test_a_header_of_200_megapixels_is_refused_within_50_ms(actor, nothing_kept):
    data = hostile.FLOODS["png_header_200_megapixels"]
    taken = []
    for _ in range(5):
        start = time.process_time()  # other processes of a loaded machine do not count
        refused(actor, data)
        taken.append(time.process_time() - start)
    assert min(taken) < 0.05
    nothing_kept()


def test_pixels_are_spent_in_the_child_and_not_in_this_process(actor, root):
    slow = samples.slow_photo()
    accept_photo(upload=samples.upload(samples.photo()), actor=actor)
    before = resident_bytes()
    accept_photo(upload=samples.upload(slow), actor=actor)
    for data in hostile.FLOODS.values():
        refused(actor, samples.made(data))
    assert resident_bytes() - before < 20 * 1024 * 1024
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss > 200 * 1024, "the child really decoded 59 million"


@pytest.mark.parametrize(
    ("changed", "rule"),
    [
        ({"cpu_seconds": 1}, "photo_time"),
        ({"wall_seconds": 1}, "photo_time"),
        ({"memory_bytes": 200 * 1024 * 1024}, "photo_memory"),
    ],
)
def test_a_photo_beyond_a_limit_of_the_child_is_refused(actor, nothing_kept, monkeypatch, changed, rule):
    limits(monkeypatch, **changed)
    assert refused(actor, samples.slow_photo()).rule == rule
    nothing_kept()


def children():
    tasks = Path("/proc/self/task").glob("*/children")
    return [int(pid) for task in tasks for pid in task.read_text().split()]


def hit_the_decoder(number):
    """Send a signal to the decoder child as soon as it runs."""
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        for pid in children():
            if b"evidence.decoder" in Path(f"/proc/{pid}/cmdline").read_bytes():
                time.sleep(0.5)
                os.kill(pid, number)
                return
        time.sleep(0.01)


@pytest.mark.parametrize(
    ("number", "rule", "status"),
    [
        (signal.SIGKILL, "photo_busy", 503),
        (signal.SIGTERM, "photo_busy", 503),
        (signal.SIGSEGV, "photo_broken", 400),
        (signal.SIGXCPU, "photo_time", 400),
    ],
)
def test_a_child_that_dies_is_told_in_words_and_leaves_nothing(actor, nothing_kept, number, rule, status):
    slow = samples.slow_photo()
    killer = threading.Thread(target=hit_the_decoder, args=[number])
    killer.start()
    error = refused(actor, slow)
    killer.join()
    assert (error.rule, error.status) == (rule, status)
    assert "已填写的内容已保留" in error.message
    nothing_kept()


def test_more_photos_than_slots_are_asked_to_wait(actor, nothing_kept, monkeypatch):
    limits(monkeypatch, queue_seconds=0.05)
    monkeypatch.setattr(child.CHILD, "slots", threading.BoundedSemaphore(1))
    with child.CHILD.slots:
        error = refused(actor, samples.photo())
    assert (error.rule, error.status) == ("photo_busy", 503)
    nothing_kept()
    assert accept_photo(upload=samples.upload(samples.photo()), actor=actor).pk


def test_a_store_that_cannot_be_written_is_told_and_leaves_nothing(actor, root, nothing_kept):
    root.parent.mkdir(parents=True, exist_ok=True)
    root.write_bytes(b"")
    error = refused(actor, samples.photo())
    assert (error.rule, error.status) == ("photo_disk", 503)
    assert "已填写的内容已保留" in error.message
    assert StoredFile.objects.count() == 0


def test_a_disk_that_fills_up_while_copying_leaves_no_half_file(actor, nothing_kept):
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    data = samples.photo() + bytes(3_000_000)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1_000_000, before[1]))
    try:
        error = refused(actor, data)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)
    assert error.rule == "photo_disk"
    nothing_kept()


def test_a_refused_name_is_shown_short_and_clean(actor, root):
    error = refused(actor, b"", "../" + "长" * 300 + "\u202egpj.exe")
    assert "长" * 25 not in error.message
    assert "\u202e" not in error.message
    assert ".." not in error.message
