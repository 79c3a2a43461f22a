"""Codes of the evidence store."""

from django.db import models


class FileKind(models.TextChoices):
    IMAGE = "image", "照片"


class Reason(models.TextChoices):
    """Why a photo was refused; the label is the middle of the sentence the sender reads."""

    EMPTY = "empty", "是空文件，没有任何内容"
    SIZE = "size", "超过了大小上限"
    FORMAT = "format", "的内容不是可以接受的照片（改扩展名不能改变内容）"
    PIXELS = "pixels", "的像素数超过上限"
    BROKEN = "broken", "已损坏或不完整，无法打开"
    MEMORY = "memory", "打开时占用内存过多，已停止处理"
    TIME = "time", "打开时间过长，已停止处理"
    BUSY = "busy", "暂未处理：服务器正忙，请稍候再传"
    DISK = "disk", "未能存盘：服务器存储空间不足或不可写，请联系系统管理员"
