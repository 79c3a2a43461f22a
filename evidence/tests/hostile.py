"""Files that must be refused: no photos at all, photos that cannot be opened, photos of too many pixels.

What takes long to make is a function: every test process reads this list, few run its tests.
"""

import io
import struct
import zipfile
import zlib
from collections.abc import Callable
from functools import cache, partial

from PIL import Image

from evidence.tests import samples
from evidence.tests.samples import encoded, ftyp, png, png_chunk, scene

SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"><script>alert(1)</script></svg>'


def _zip(name: str) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr(name, "<xml/>")
    return target.getvalue()


_small = scene(40, 20)
NOT_PHOTOS: dict[str, bytes] = {
    "svg": SVG,
    "svg_with_bom": b"\xef\xbb\xbf" + SVG,
    "svg_with_prolog": b'<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY a SYSTEM "file:///etc/passwd">]>' + SVG,
    "svg_gzip": b"\x1f\x8b\x08" + zlib.compress(SVG),
    "html": b"<!doctype html><script>alert(1)</script>",
    "html_before_jpeg": b"<html><!--" + samples.photo() + b"--></html>",
    "html_utf16": "<html><script>alert(1)</script>".encode("utf-16"),
    "xml": b'<?xml version="1.0"?><a/>',
    "javascript": b"alert(document.cookie)//",
    "gif": encoded(_small, "GIF"),
    "gif_script": b"GIF89a/*" + encoded(_small, "GIF")[8:] + b"*/=1;alert(1)",
    "bmp": encoded(_small, "BMP"),
    "tiff": encoded(_small, "TIFF"),
    "ico": encoded(_small, "ICO"),
    "avif": encoded(_small, "AVIF"),
    "jpeg2000": encoded(_small, "JPEG2000"),
    "ppm": encoded(_small, "PPM"),
    "pdf": b"%PDF-1.7\n1 0 obj<</OpenAction<</S/JavaScript/JS(app.alert(1))>>>>endobj",
    "pdf_by_pillow": encoded(_small, "PDF"),
    "eps": b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 9 9\n",
    "psd": b"8BPS\0\x01" + bytes(20),
    "exe": b"MZ\x90\0\x03" + bytes(59) + b"PE\0\0",
    "elf": b"\x7fELF\x02\x01\x01" + bytes(60),
    "mach_o": b"\xcf\xfa\xed\xfe" + bytes(60),
    "java_class": b"\xca\xfe\xba\xbe\0\0\0\x34",
    "wasm": b"\0asm\x01\0\0\0",
    "shell": b"#!/bin/sh\nrm -rf /\n",
    "batch": b"@echo off\r\nformat c:\r\n",
    "php": b"<?php system($_GET['c']); ?>",
    "zip": _zip("a.txt"),
    "docx": _zip("word/document.xml"),
    "apk": _zip("AndroidManifest.xml"),
    "rar": b"Rar!\x1a\x07\x01\0",
    "seven_zip": b"7z\xbc\xaf\x27\x1c\0\x04",
    "doc": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(500),
    "rtf": rb"{\rtf1 hello}",
    "mp4": ftyp(b"isom", b"iso2", b"mp41"),
    "mov": ftyp(b"qt  "),
    "m4a": ftyp(b"M4A "),
    "avif_by_brand": ftyp(b"avif", b"mif1", b"miaf"),
    "mif1_without_hevc": ftyp(b"mif1", b"avif", b"miaf"),
    "mp4_naming_heic_as_compatible": ftyp(b"isom", b"heic"),
    "playlist": b"#EXTM3U\n#EXTINF:1,\nhttp://169.254.169.254/latest\n",
    "wav": b"RIFF\x24\0\0\0WAVEfmt ",
    "mp3": b"ID3\x04" + bytes(60),
    "font": b"\0\x01\0\0\0\x0c" + bytes(40),
    "dicom": bytes(128) + b"DICM",
    "text": "照片在附件里".encode("gb18030"),
    "zeros": bytes(4096),
    "jpeg_soi_only": b"\xff\xd8",
    "png_magic_cut": b"\x89PN",
    "riff_only": b"RIFF",
    "newline_before_jpeg": b"\n" + samples.photo(),
}


_noise = Image.effect_noise((300, 200), 80).convert("RGB")


@cache
def _noisy(image_format: str, **options) -> bytes:
    return encoded(_noise, image_format, **options)


def _cut(image_format: str, share: float, **options) -> bytes:
    whole = _noisy(image_format, **options)
    return whole[: int(len(whole) * share)]


def _with_bomb(kind: bytes) -> bytes:
    return png(9, 9, extra=png_chunk(kind, b"c\0\0" + zlib.compress(bytes(80 * 1024 * 1024), 9)))


_cuts = {
    f"{image_format.lower()}_cut_at_{share}": partial(_cut, image_format, share)
    for image_format in ("JPEG", "PNG", "WEBP", "HEIF")
    for share in (0.1, 0.5, 0.9)
}
_whole = _noisy("PNG")
_at = _whole.index(b"IDAT") + 200
BROKEN: dict[str, bytes | Callable[[], bytes]] = _cuts | {
    "jpeg_progressive_cut": partial(_cut, "JPEG", 0.5, progressive=True),
    "jpeg_magic_then_zeros": b"\xff\xd8\xff\xe0" + bytes(3000),
    "jpeg_magic_then_html": b"\xff\xd8\xff<script>alert(1)</script>",
    "jpeg_magic_then_pdf": b"\xff\xd8\xff%PDF-1.7",
    "jpeg_all_fill_bytes": b"\xff\xd8" + b"\xff" * 2_000_000,
    "jpeg_without_a_scan": samples.photo()[: samples.photo().index(b"\xff\xda")] + b"\xff\xd9",
    "jpeg_of_no_size": samples.jpeg_claiming(0, 0),
    "jpeg_segment_of_length_zero": b"\xff\xd8\xff\xe0\0\0" + bytes(3000),
    "png_magic_then_svg": b"\x89PNG\r\n\x1a\n" + SVG,
    "png_of_no_size": png(0, 0, data=b""),
    "png_bad_header_checksum": _whole[:29] + b"\0\0\0\0" + _whole[33:],
    "png_bad_data": _whole[:_at] + bytes(300) + _whole[_at + 300 :],
    "png_without_data": png(100, 100, data=b""),
    "png_too_few_rows": png(4000, 4000, data=zlib.compress(bytes(100))),
    "png_text_bomb": partial(_with_bomb, b"zTXt"),
    "png_profile_bomb": partial(_with_bomb, b"iCCP"),
    "webp_lying_length": b"RIFF\xff\xff\xff\x7fWEBPVP8 \xff\xff\xff\x7f" + bytes(100),
    "webp_empty_canvas": samples.webp_extended(100, 100),
    "webp_noise": samples.webp_lossless(50, 50),
    "heic_brand_then_zeros": ftyp(b"heic", b"mif1"),
    "heic_brand_then_mp4": ftyp(b"heic", b"mif1")[:24] + ftyp(b"isom"),
    "heic_brand_huge_box": ftyp(b"heic")[:16] + struct.pack(">I", 0x7FFFFFFF) + b"meta" + bytes(50),
}


FLOODS: dict[str, bytes | Callable[[], bytes]] = {
    "png_header_200_megapixels": png(20_000, 10_000, data=b"x"),
    "png_header_largest": png(0x7FFFFFFF, 0x7FFFFFFF, data=b"x"),
    "png_real_81_megapixels_in_10_kb": partial(png, 9000, 9000),
    "png_one_row_of_61_megapixels": partial(png, 61_000_000, 1),
    "jpeg_header_largest": samples.jpeg_claiming(65_535, 65_535),
    "jpeg_header_61_megapixels": samples.jpeg_claiming(10_000, 6_100),
    "webp_canvas_largest": samples.webp_extended(1 << 24, 1 << 24),
    "webp_canvas_268_megapixels": samples.webp_extended(1 << 14, 1 << 14),
    "webp_lossless_268_megapixels": samples.webp_lossless(1 << 14, 1 << 14),
}
