"""Error pages. The page for what does not exist is the same as the page for what may not be seen."""

import logging
import sys

from django.core.exceptions import RequestDataTooBig, TooManyFieldsSent, TooManyFilesSent

from core.error_pages import bare_page, error_code, page, unavailable_page

logger = logging.getLogger(__name__)

TOO_LARGE = {
    RequestDataTooBig: "填写的文字超过了一次可以提交的大小，没有保存。",
    TooManyFieldsSent: "一次提交的项目太多，没有保存。",
    TooManyFilesSent: "一次选择的文件太多，没有保存。",
}


def bad_request(request, exception=None):
    """400; 413 for a form larger than what one request may carry; 503 when the session could not be saved."""
    code = error_code()
    if unavailable := unavailable_page(request, exception, code):
        return unavailable
    message = TOO_LARGE.get(type(exception), "")
    status, name = (413, "413") if message else (400, "400")
    logger.info("error page %s status=%s", code, status)
    return page(request, status, name, code=code, message=message)


def forbidden(request, exception=None):
    return _page(request, 403, "403")


def not_found(request, exception=None):
    """No code on this page: its bytes must not tell a hidden record from an absent one."""
    return page(request, 404, "404")


def server_error(request):
    """500; 503 when a lock or a full disk outside any view was the reason. Makes no query."""
    code = error_code()
    if unavailable := unavailable_page(request, sys.exc_info()[1], code):
        return unavailable
    logger.error("server error %s", code)
    return bare_page(request, 500, "500", code=code)


def csrf_failure(request, reason=""):
    return _page(request, 403, "csrf")


def _page(request, status: int, name: str):
    code = error_code()
    logger.info("error page %s status=%s", code, status)
    return page(request, status, name, code=code)
