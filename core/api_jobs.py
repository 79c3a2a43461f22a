"""A background job as the API tells it."""

from rest_framework import serializers

from core.models import Job

HELP = {
    "id": "任务的标识",
    "kind": "任务种类",
    "label": "任务名称",
    "state": "状态：held 待放行、queued 排队中、running 进行中、done 已完成、failed 未完成、cancelled 已取消",
    "progress": "已完成的数量",
    "total": "总数量",
    "message": "说明",
    "file_name": "生成的文件名；没有文件为空",
    "created_at": "申请时间",
    "finished_at": "结束时间",
    "expires_at": "文件保留到",
}


class JobSerializer(serializers.ModelSerializer):
    """Its file, where it made one: ``/api/v1/jobs/{id}/file/``."""

    class Meta:
        model = Job
        fields = list(HELP)
        extra_kwargs = {name: {"help_text": words} for name, words in HELP.items()}
