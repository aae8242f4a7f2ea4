"""The print basket over the API: what is in it, more put in, all of it taken out."""

from typing import Any, ClassVar

from drf_spectacular.utils import extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from intake.api.base import View, read_shape
from intake.shape import Shape
from reports.actions import basket
from reports.actions.print_runs import Choice
from reports.api.print_runs import References
from reports.models import BasketRow


class BasketBody(Shape):
    references = References(help_text="Of enquiries or referrals.")


class LeftOut(serializers.Serializer[Any]):
    reference = serializers.CharField()
    says = serializers.CharField()


class BasketShown(serializers.Serializer[Any]):
    references = serializers.ListField(child=serializers.CharField())


class BasketFilled(BasketShown):
    left = LeftOut(many=True, help_text="What stayed out, with why.")


class Basket(View):
    """One's own. To print it, send the references as a print run."""

    model = BasketRow
    reading_scope = "documents:read"
    writing_scope = "documents:read"
    shape: ClassVar[Shape] = BasketBody()

    def references(self) -> list[str]:
        return list(basket.rows_of(self.user).values_list("enquiry__reference", flat=True))

    @extend_schema(operation_id="print_basket_retrieve", responses=BasketShown, tags=["print"])
    def get(self, request: Request) -> Response:
        """In the order in which they were put in."""
        return Response({"references": self.references()})

    @extend_schema(
        operation_id="print_basket_fill", request=BasketBody, responses=BasketFilled, tags=["print"]
    )
    def post(self, request: Request) -> Response:
        """Put enquiries in; what is in it stays once."""
        given = read_shape(self.shape, request.data)
        done = basket.put(by=self.user, chosen=Choice(given.get("references", ())))
        left = [{"reference": reference, "says": says} for reference, says in done.left]
        return Response({"references": self.references(), "left": left})

    @extend_schema(operation_id="print_basket_empty", request=None, responses={204: None}, tags=["print"])
    def delete(self, request: Request) -> Response:
        """Take all of it out."""
        basket.rows_of(self.user)
        basket.empty(by=self.user)
        return Response(status=204)
