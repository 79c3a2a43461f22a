"""Errors of the operating system in a few words of Chinese."""

import errno

MISSING_PARENT = "上级目录不存在"
REASONS = {
    errno.EACCES: "没有权限",
    errno.EPERM: "没有权限",
    errno.EADDRINUSE: "已被占用",
    errno.EEXIST: "有同名文件",
    errno.EISDIR: "是文件夹，不是文件",
    errno.EMFILE: "打开的文件太多",
    errno.ENAMETOOLONG: "名称太长",
    errno.ENOENT: "没有这个文件或文件夹",
    errno.ENOSPC: "磁盘已满",
    errno.ENOTDIR: "路径中有同名文件",
    errno.EROFS: "文件系统只读",
    errno.EIO: "磁盘读写出错",
}


def why(exc: OSError, *, missing: str = "") -> str:
    """The cause in words; ``missing`` where something else than the file named is what does not exist."""
    if missing and exc.errno == errno.ENOENT:
        return missing
    return REASONS.get(exc.errno or 0, f"系统错误 {exc.errno}")
