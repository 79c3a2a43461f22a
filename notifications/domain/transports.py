"""How a message leaves: mail by the server of the office, a group's robot by its webhook. Called by tasks only.

Each raises Unsent with a reason in words that names no address and no secret.
"""

import http.client
import json
import smtplib
import urllib.request
from uuid import UUID

from django.core.mail import EmailMessage, get_connection

from notifications.domain.channels import ChannelSettings
from notifications.enums import ChannelKind

SECONDS = 15
LONGEST_ANSWER = 10_000


class Unsent(Exception):
    """Why a message did not leave, in words."""


def send_mail(settings: ChannelSettings, *, to: str, subject: str, body: str, message_id: UUID) -> None:
    """One mail. Its Message-ID is that of the delivery, whatever the number of attempts."""
    connection = get_connection(
        "django.core.mail.backends.smtp.EmailBackend",
        host=settings.host,
        port=settings.port,
        username=settings.account,
        password=settings.password,
        use_tls=settings.security == "starttls",
        use_ssl=settings.security == "ssl",
        timeout=SECONDS,
    )
    domain = settings.sender.rpartition("@")[2]
    headers = {"Message-ID": f"<{message_id}@{domain}>"}
    try:
        EmailMessage(subject, body, settings.sender, [to], connection=connection, headers=headers).send()
    except smtplib.SMTPAuthenticationError as error:
        raise Unsent("邮件服务器不接受账号或密码") from error
    except smtplib.SMTPRecipientsRefused as error:
        raise Unsent("邮件服务器不接受收件地址") from error
    except smtplib.SMTPException as error:
        raise Unsent("邮件服务器没有接受这封邮件") from error
    except OSError as error:
        raise Unsent("连接不上邮件服务器") from error
    except ValueError as error:
        # An address, an account or a host with signs that the protocol does not know.
        raise Unsent("邮件设置或收件地址中有邮件服务器不支持的字符") from error
    finally:
        # It stays open where the sign-in fails before anything was said.
        connection.close()


def send_to_group(settings: ChannelSettings, *, kind: str, text: str) -> None:
    """One message to the group whose robot was set up. The robots answer 200 to what they refuse as well: what counts
    is the code in their answer."""
    body = {"msgtype": "text", "text": {"content": text}}
    if kind == ChannelKind.FEISHU:
        body = {"msg_type": "text", "content": {"text": text}}
    headers = {"Content-Type": "application/json; charset=utf-8"}
    try:
        request = urllib.request.Request(settings.webhook, json.dumps(body).encode(), headers)
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            said = json.loads(answer.read(LONGEST_ANSWER))
    except ValueError as error:
        raise Unsent("机器人地址的应答无法识别，请核对地址") from error
    except (OSError, http.client.HTTPException) as error:
        raise Unsent("连接不上群机器人，或者它没有应答") from error
    code = said.get("errcode", said.get("code", said.get("StatusCode"))) if isinstance(said, dict) else None
    if code != 0 or isinstance(code, bool):
        # Whatever else stands there is the robot's own text.
        raise Unsent(f"群机器人没有接受这条消息（错误码 {code if isinstance(code, int) else '无'}）")
