"""Views of the lists that somebody of the hub keeps."""

from typing import Any

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View, read_shape
from intake.api.schema import list_of
from intake.models import SavedView, User
from intake.refusals import NotFound
from intake.shape import Choice, Number, Shape, Text, YesNo
from referrals.actions import saved_views


class SavedViewBody(Shape):
    name = Text(required=True, max_length=80)
    list = Choice(SavedView.Of.choices)
    query = Text(
        max_length=2000, help_text="Filters as in the address of the list, but no words of a search."
    )
    shared = YesNo(required=False)
    digest = Choice(SavedView.Digest.choices, required=False)


class SavedViewChange(Shape):
    name = Text(max_length=80)
    query = Text(max_length=2000)
    shared = YesNo(required=False)
    digest = Choice(SavedView.Digest.choices, required=False)
    position = Number(max_value=1000)


class SavedViewShown(serializers.Serializer[Any]):
    id = serializers.IntegerField()
    name = serializers.CharField()
    list = serializers.ChoiceField(choices=SavedView.Of.choices)
    query = serializers.CharField()
    owner = serializers.CharField()
    mine = serializers.BooleanField()
    shared = serializers.BooleanField()
    digest = serializers.ChoiceField(choices=SavedView.Digest.choices, help_text="A letter to its owner.")
    position = serializers.IntegerField()


BODY, CHANGE = SavedViewBody(), SavedViewChange()


def show(view: SavedView, user: User) -> dict[str, Any]:
    return {
        "id": view.pk,
        "name": view.name,
        "list": view.of,
        "query": view.query,
        "owner": view.owner.name,
        "mine": view.owner_id == user.pk,
        "shared": view.shared,
        "digest": view.digest,
        "position": view.position,
    }


class SavedViewsView(View):
    """Role first: whose role keeps no views learns nothing of which there are."""

    model = SavedView

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        saved_views.check_may_keep(self.user)

    def find_view(self, pk: int) -> SavedView:
        row: SavedView | None = self.visible().select_related("owner").filter(pk=pk).first()
        if row is None:
            raise NotFound
        return row


class SavedViews(SavedViewsView):
    @extend_schema(operation_id="saved_views_list", responses=list_of(SavedViewShown), tags=["saved view"])
    def get(self, request: Request) -> Response:
        """One's own, and those that colleagues share."""
        rows = self.visible().select_related("owner")
        return Response({"results": [show(row, self.user) for row in rows]})

    @extend_schema(
        operation_id="saved_views_save",
        request=SavedViewBody,
        responses={201: SavedViewShown},
        tags=["saved view"],
    )
    def post(self, request: Request) -> Response:
        """Keep a list's filters under a name."""
        data = read_shape(BODY, request.data)
        view = saved_views.save(by=self.user, of=data.pop("list"), **data)
        return Response(
            show(view, self.user), status=201, headers={"Location": f"/api/v1/saved-views/{view.pk}/"}
        )


class SavedViewDetail(SavedViewsView):
    @extend_schema(operation_id="saved_views_retrieve", responses=SavedViewShown, tags=["saved view"])
    def get(self, request: Request, view: int) -> Response:
        return Response(show(self.find_view(view), self.user))

    @extend_schema(
        operation_id="saved_views_change",
        request=SavedViewChange,
        responses=SavedViewShown,
        tags=["saved view"],
    )
    def patch(self, request: Request, view: int) -> Response:
        """Rename, share or keep to oneself, give it a place, other filters, or a letter."""
        found = self.find_view(view)
        changed = saved_views.change(view=found, by=self.user, **read_shape(CHANGE, request.data))
        return Response(show(changed, self.user))

    @extend_schema(operation_id="saved_views_delete", responses={204: None}, tags=["saved view"])
    def delete(self, request: Request, view: int) -> Response:
        saved_views.delete(view=self.find_view(view), by=self.user)
        return Response(status=204)
