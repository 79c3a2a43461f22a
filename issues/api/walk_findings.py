"""What a walk found, through the API: problems and needs noted on it, the liaison's completion, and all of it to
read."""

from typing import Any
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.generics import get_object_or_404
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from campaigns.domain.rulebook.rulebook import Rulebook
from core.api import etag
from core.api_schema import KEY, MATCH, form_schema
from core.content_token import content_token
from core.exceptions import Refused
from core.forms import OnceForm
from evidence.models import StoredFile
from issues.domain import intake
from issues.domain.queries import drafts_of, found_links, needs_of
from issues.enums import IssueState
from issues.forms.intake import FactsForm, NeedForm, ProblemEditForm, ProblemForm
from issues.models import Issue
from issues.views.intake import own_draft, problem_form, step_named, take_back
from issues.views.walk import missing_components
from issues.views.walk_sheet import seen_walk
from walks.api.records import PhotosSerializer, StepSerializer, WalkEndpoint, told_steps
from walks.api.walks import WalkSerializer
from walks.domain.lifecycle import available
from walks.domain.queries import noted_steps
from walks.forms.walks import WithdrawForm
from walks.models import Walk
from walks.views.steps import withdrawal_form

TAG = "体验"


class ProblemSerializer(PhotosSerializer):
    """A problem noted on a walk: a draft until the walk is reported, with its number from then on."""

    id = serializers.UUIDField(source="public_id", help_text="问题的标识")
    number = serializers.CharField(allow_null=True, help_text="问题编号，报送后才有")
    state = serializers.CharField(help_text="状态")
    description = serializers.CharField(help_text="存在问题")
    stage = serializers.CharField(help_text="办理步骤代码")
    category = serializers.CharField(help_text="分类")
    department = serializers.IntegerField(source="proposed_department_id", allow_null=True, help_text="涉及单位的 id")
    version = serializers.SerializerMethodField(help_text="版本号，修改时放入 If-Match；已入账的为空")

    def get_version(self, problem: Issue) -> str:
        return content_token(intake.stored_problem(problem)) if problem.state == IssueState.DRAFT else ""


class NotedNeedSerializer(serializers.Serializer):
    id = serializers.UUIDField(source="public_id", help_text="需求的标识")
    subject = serializers.CharField(help_text="需求主体")
    content = serializers.CharField(help_text="需求内容")


class LackSerializer(serializers.Serializer):
    name = serializers.CharField(help_text="项目")
    text = serializers.CharField(help_text="缺什么")


class NextSerializer(serializers.Serializer):
    action = serializers.CharField(help_text="操作代码")
    label = serializers.CharField(help_text="操作")


class ContentSerializer(serializers.Serializer):
    """Everything noted on a walk."""

    steps = StepSerializer(many=True, help_text="办理步骤和规定环节，撤回的也在其中")
    problems = ProblemSerializer(many=True, help_text="发现的问题")
    needs = NotedNeedSerializer(many=True, help_text="收集的需求")
    missing = LackSerializer(many=True, help_text="登记完成以前还缺的")
    actions = NextSerializer(many=True, help_text="本人现在可以办理的操作")


def told_problems(problems: list[Issue]) -> list[dict]:
    """Problems with their photos; one query."""
    context = {"photos": found_links(one.pk for one in problems)}
    return list(ProblemSerializer(problems, many=True, context=context).data)


class WalkContentView(APIView):
    @extend_schema(summary="一次体验登记的全部内容", tags=[TAG], responses=ContentSerializer)
    def get(self, request: Request, pk: UUID) -> Response:
        walk = seen_walk(request, pk)
        rows = available(request.user, walk)
        missing = missing_components(walk) if "edit" in rows else []
        return Response(
            {
                "steps": told_steps(list(noted_steps(walk))),
                "problems": told_problems(list(drafts_of(walk))),
                "needs": NotedNeedSerializer(needs_of(walk), many=True).data,
                "missing": [{name: one[name] for name in ("name", "text")} for one in missing],
                "actions": [{"action": name, "label": row.label} for name, row in rows.items()],
            },
            headers=etag(walk.version),
        )


class ProblemEndpoint(WalkEndpoint):
    """A form over one problem of the walk."""

    def answer(self, result: str) -> Response:
        problem = get_object_or_404(drafts_of(Walk(pk=self.kwargs["pk"])), public_id=UUID(result))
        told = told_problems([problem])[0]
        return Response(told, headers=etag(told["version"] or None))


STEP = serializers.UUIDField(required=False, help_text="在哪一条记录中发现，不填为整次体验")


@form_schema(
    asks=ProblemForm, answers={201: ProblemSerializer}, words="登记一个问题", tag=TAG, headers=(KEY,), step=STEP
)
class ProblemAdd(ProblemEndpoint):
    act, words, made = "problem.add", "登记问题", True
    also = ("step",)

    def make(self, record: Walk, *sent: Any) -> ProblemForm:
        asked = sent[0].get("step", "") if sent else self.request.query_params.get("step", "")
        self.step = step_named(record, asked)
        if asked and self.step is None:
            words = "没有找到所选的记录，没有登记问题。"
            raise Refused(words, rule="fields", fields={"step": "没有找到所选的记录"})
        return ProblemForm(*sent, walk=record, step=self.step)

    def save(self, record: Walk, form: ProblemForm, files: list[StoredFile]) -> UUID:
        facts = {name: form.cleaned_data[name] for name in ("description", "stage")}
        return intake.capture(walk=record, actor=self.request.user, step=self.step, files=files, **facts).public_id


@form_schema(asks=ProblemEditForm, answers=ProblemSerializer, words="修改一个问题", tag=TAG, headers=(KEY, MATCH))
class ProblemEdit(ProblemEndpoint):
    act, words = "problem.edit", "修改问题"

    def make(self, record: Walk, *sent: Any) -> ProblemEditForm:
        self.problem = own_draft(record, self.kwargs["issue_id"])
        return problem_form(self.request.user, record, self.problem, *sent)

    def save(self, record: Walk, form: ProblemEditForm, files: list[StoredFile]) -> UUID:
        facts = {name: form.cleaned_data[name] for name in ("description", "stage", "category", "department")}
        return intake.edit_problem(
            issue=self.problem, actor=self.request.user, seen=form.seen_token, files=files, **facts
        ).public_id  # fmt: skip


class TakenBackSerializer(serializers.Serializer):
    id = serializers.UUIDField(help_text="问题的标识")


@form_schema(
    asks=WithdrawForm, answers=TakenBackSerializer, words="撤回一个问题或其中一张照片", tag=TAG, headers=(KEY, MATCH)
)  # fmt: skip
class ProblemWithdraw(WalkEndpoint):
    act, words = "problem.withdraw", "撤回问题"

    def make(self, record: Walk, *sent: Any) -> WithdrawForm:
        self.problem = own_draft(record, self.kwargs["issue_id"])
        links = found_links([self.problem.pk]).get(self.problem.pk, [])
        return withdrawal_form(links, intake.stored_problem(self.problem), *sent[:1])

    def save(self, record: Walk, form: WithdrawForm, files: list[StoredFile]) -> UUID:
        return take_back(self.problem, self.request.user, form)

    def answer(self, result: str) -> Response:
        return Response({"id": result})


@form_schema(asks=NeedForm, answers={201: NotedNeedSerializer}, words="登记一项需求", tag=TAG, headers=(KEY,))
class NeedAdd(WalkEndpoint):
    act, words, made = "need.add", "登记需求", True

    def make(self, record: Walk, *sent: Any) -> OnceForm:
        return NeedForm(*sent)

    def save(self, record: Walk, form: NeedForm, files: list[StoredFile]) -> UUID:
        facts = {name: form.cleaned_data[name] for name in ("subject", "content")}
        return intake.add_need(walk=record, actor=self.request.user, **facts).public_id

    def answer(self, result: str) -> Response:
        need = get_object_or_404(needs_of(Walk(pk=self.kwargs["pk"])), public_id=UUID(result))
        return Response(NotedNeedSerializer(need).data)


COMPANIONS = {
    "companions_business": serializers.IntegerField(
        required=False, help_text="陪同人数，companions_ 后为陪同人员类别，以 GET 列出的为准"
    )
}


@form_schema(
    asks=FactsForm, answers=WalkSerializer, words="补全登记", tag=TAG, headers=(KEY, MATCH), **COMPANIONS
)  # fmt: skip
class WalkComplete(WalkEndpoint):
    """The facts the liaison completes; class and unit of each problem: the problem's own address. The walk is recorded
    by ``actions/record``."""

    act, words = "walk.complete", "补全登记"

    def make(self, record: Walk, *sent: Any) -> FactsForm:
        return FactsForm(
            *sent[:1],
            walk=record,
            rules=Rulebook.from_data(record.rules.data),
            has_problems=drafts_of(record).exists(),
            token=content_token(intake.stored_completion(record)),
        )

    def save(self, record: Walk, form: FactsForm, files: list[StoredFile]) -> UUID:
        facts = {"seen": form.seen_token, "facts": form.facts(), "classes": ()}
        intake.complete(walk=record, actor=self.request.user, **facts)
        return record.pk

    def answer(self, result: str) -> Response:
        walk = self.find()
        return Response(WalkSerializer(walk).data, headers=etag(content_token(intake.stored_completion(walk))))
