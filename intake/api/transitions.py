"""One view for each transition of a lifecycle, made from its shape and its action."""

from collections.abc import Callable
from typing import Any

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View, read_shape, seen
from intake.lifecycle import Transition
from intake.refusals import Forbidden, NotFound
from intake.shape import Shape

IF_MATCH = OpenApiParameter(
    "If-Match", str, OpenApiParameter.HEADER, required=True, description="The ETag of the version you read."
)


# Decisions that may need a second person before they are made.
MAY_BE_HELD = frozenset({Transition.ACCEPT, Transition.DECLINE, Transition.REDIRECT})


class Nothing(Shape):
    """No members."""


class TransitionView(View):
    """POST: shape, action, the fresh row. A caller who sees it no more afterwards is told where it stands."""

    shape: Shape
    act: Callable[..., Any] | None
    # The keyword under which the action takes the row.
    noun: str
    transition: str

    def show(self, row: Any) -> Response:
        raise NotImplementedError

    def arguments(self, data: dict[str, Any]) -> dict[str, Any]:
        """The action's arguments for the members of the body."""
        return data

    def post(self, request: Request, reference: str) -> Response:
        row = seen(request, self.find(reference))
        if self.act is None:
            raise Forbidden("This happens by the calendar; nobody does it by hand.")
        # Who may not, or not now, is told that first, whatever they sent.
        row.check_can(self.transition, self.user)
        data = self.arguments(read_shape(self.shape, request.data))
        moved = type(self).act(**{self.noun: row}, by=self.user, **data)  # type: ignore[misc]
        if moved.pk is None:
            return Response(status=204)
        try:
            shown = self.show(self.find(reference))
            if self.transition in MAY_BE_HELD and moved.status != moved.lifecycle[self.transition].to:
                # Taken, and not done yet: a second person looks first.
                shown.status_code = 202
            return shown
        except NotFound:
            return Response({"reference": moved.reference, "status": moved.status})


def answers_of(base: type[TransitionView], name: str) -> list[int]:
    """202: taken, and held for a second person."""
    return [200, 202] if base.noun == "enquiry" and name in MAY_BE_HELD else [200]


def transition_view(
    base: type[TransitionView],
    name: str,
    shape: type[Shape] | None,
    action: Callable[..., Any] | None,
    shown: Any,
) -> Callable[..., Any]:
    """The view of one transition, with its own part in the OpenAPI description."""
    described = extend_schema(
        operation_id=f"{base.noun}_{name}",
        summary=name.replace("_", " ").capitalize(),
        parameters=[IF_MATCH],
        request=shape,
        responses={204: None} if name == "discard" else dict.fromkeys(answers_of(base, name), shown),
        tags=[base.noun],
    )

    def post(self: TransitionView, request: Request, reference: str) -> Response:
        return base.post(self, request, reference)

    parts = {
        "transition": name,
        "shape": shape() if shape else Nothing(),
        "act": staticmethod(action) if action else None,
        "post": described(post),
    }
    return type(f"{base.__name__}_{name}", (base,), parts).as_view()  # type: ignore[attr-defined, no-any-return]
