"""One stored file; which record it belongs to is said by link tables of the apps that use it."""

import uuid

from django.conf import settings
from django.db import models
from django.utils import timezone

from evidence.enums import FileKind


class StoredFile(models.Model):
    """One accepted upload: a unchanged original, the copy that is shown, and a small picture of it.

    Written by ``evidence.domain.store.accept_photo``, removed by ``discard``. In between nothing changes but
    ``source_erased_at``: since when the original is gone, its time being over; what is shown stays.
    ``content_type``, ``size`` (bytes) and ``sha256`` describe the original bytes; ``width`` and ``height`` (pixels) the
    served copy after rotation. ``taken_at`` is the time of the camera's clock, which may be wrong.
    ``look``: what the served copy looks like (``evidence.decoder.look_of``), "" where it cannot be told.
    The three ``*_name`` fields are random paths ``aa/bb/hex`` under MEDIA_ROOT, unrelated to ``id`` and to each other.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    kind = models.CharField("类别", max_length=10, choices=FileKind.choices, default=FileKind.IMAGE)
    original_name = models.CharField("文件名", max_length=255)
    content_type = models.CharField("格式", max_length=40)
    size = models.PositiveBigIntegerField("大小（字节）")
    sha256 = models.CharField("原件校验值", max_length=64, db_index=True)
    width = models.PositiveIntegerField("宽（像素）")
    height = models.PositiveIntegerField("高（像素）")
    taken_at = models.DateTimeField("拍摄时间（相机记录）", null=True)
    uploaded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    uploaded_at = models.DateTimeField("上传时间", default=timezone.now, db_index=True)
    look = models.CharField(max_length=32, blank=True)
    served_name = models.CharField(max_length=40, unique=True)
    thumb_name = models.CharField(max_length=40, unique=True)
    source_name = models.CharField(max_length=40, unique=True)
    source_erased_at = models.DateTimeField("原件清除时间", null=True)

    class Meta:
        ordering = ["uploaded_at", "id"]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(size__gt=0, width__gt=0, height__gt=0), name="storedfile_measures_positive"
            ),
        ]

    def __str__(self):
        return self.original_name

    @property
    def served_filename(self) -> str:
        """Name offered with the served copy, which is always JPEG: ``IMG_1.HEIC`` becomes ``IMG_1.jpg``."""
        return f"{self.original_name.rpartition('.')[0] or self.original_name}.jpg"


class PhotoBand(models.Model):
    """A part of a photo's look, by which alike photos are found without reading all (``evidence.looks``). Written with
    the file."""

    file = models.ForeignKey(StoredFile, on_delete=models.CASCADE, related_name="bands")
    key = models.PositiveIntegerField()

    class Meta:
        ordering = ["file_id", "key"]
        indexes = [models.Index(fields=["key", "file"], name="photo_band")]


class WaitingPhoto(models.Model):
    """A photo of a form that is shown again, until a record takes it. Written by ``evidence.domain.waiting``."""

    file = models.OneToOneField(StoredFile, on_delete=models.CASCADE, related_name="waiting")
    since = models.DateTimeField(default=timezone.now, db_index=True)

    class Meta:
        ordering = ["since", "id"]
