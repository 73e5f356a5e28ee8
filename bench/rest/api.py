"""Serializers, views and addresses: nested relations as the tutorial has them, and the same asked for beforehand."""

from django.urls import include, path
from rest_framework import routers, serializers, viewsets

from bench.rest.models import (
    Blocking,
    Certificate,
    CertificateLimit,
    DataTaken,
    Edition,
    Group,
    Level,
    Permission,
    Product,
    Vendor,
)

LISTS = ("ages", "platforms", "categories", "languages", "features", "protects_from")
ONES = ("vendor", "certificate__level", "certificate__edition")
MANY = ("data_taken", "permissions", "blocking", "certificate__groups", "certificate__limits")


def _nested(table: type, *left_out: str) -> type[serializers.ModelSerializer]:
    """The serializer of a table with all its columns but these."""
    meta = type("Meta", (), {"model": table, "exclude": ("id", *left_out)})
    return type(f"{table.__name__}Serializer", (serializers.ModelSerializer,), {"Meta": meta})


class CertificateSerializer(serializers.ModelSerializer):
    """A certificate with its level, edition and result."""

    level = _nested(Level)()
    edition = _nested(Edition)()
    groups = _nested(Group, "certificate")(many=True)
    limits = _nested(CertificateLimit, "certificate")(many=True)

    class Meta:
        model = Certificate
        exclude = ("id", "product")


def _codes() -> serializers.SlugRelatedField:
    return serializers.SlugRelatedField(many=True, read_only=True, slug_field="code")


class ProductSerializer(serializers.ModelSerializer):
    """A product with everything about it."""

    url = serializers.HyperlinkedIdentityField(view_name="product-detail", lookup_field="slug")
    vendor = _nested(Vendor)()
    certificate = CertificateSerializer()
    data_taken = _nested(DataTaken, "product")(many=True)
    permissions = _nested(Permission, "product")(many=True)
    blocking = _nested(Blocking, "product")(many=True)
    ages = _codes()
    platforms = _codes()
    categories = _codes()
    languages = _codes()
    features = _codes()
    protects_from = _codes()

    class Meta:
        model = Product
        exclude = ("id",)


class Products(viewsets.ReadOnlyModelViewSet):
    """Products, 20 at a time."""

    queryset = Product.objects.order_by("slug")
    serializer_class = ProductSerializer
    lookup_field = "slug"


class Prefetched(Products):
    """The same, with everything asked for beforehand."""

    queryset = Product.objects.order_by("slug").select_related(*ONES).prefetch_related(*MANY, *LISTS)


router = routers.DefaultRouter()
router.register("products", Products)
router.register("prefetched", Prefetched, basename="prefetched")
urlpatterns = [path("api/", include(router.urls))]
