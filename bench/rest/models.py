"""Tables as one would draw them: a product, its company and certificate, and a row for each thing it has several of."""

from django.db import models


class Code(models.Model):
    """A value of a list: an age, a platform, a category, a language, a feature, a risk."""

    kind = models.CharField(max_length=20)
    code = models.CharField(max_length=40)

    class Meta:
        unique_together = ("kind", "code")


class Vendor(models.Model):
    """A company."""

    slug = models.SlugField(max_length=80, unique=True)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)


class Level(models.Model):
    """What a certificate attests."""

    code = models.CharField(max_length=10, unique=True)
    rank = models.IntegerField()
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)


class Edition(models.Model):
    """The criteria it was judged by."""

    version = models.CharField(max_length=20, unique=True)
    digest = models.CharField(max_length=80)
    reconstruction = models.BooleanField()
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)


class Product(models.Model):
    """A product."""

    slug = models.SlugField(max_length=80, unique=True)
    vendor = models.ForeignKey(Vendor, models.PROTECT, related_name="products")
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    short_vi = models.TextField()
    short_en = models.TextField()
    description_vi = models.TextField()
    description_en = models.TextField()
    website = models.URLField()
    status = models.CharField(max_length=20)
    since = models.DateField()
    version = models.CharField(max_length=40)
    version_date = models.DateField(null=True)
    made_in_vietnam = models.CharField(max_length=20)
    adverts = models.CharField(max_length=20)
    price_model = models.CharField(max_length=40)
    price_note_vi = models.TextField()
    price_note_en = models.TextField()
    ages = models.ManyToManyField(Code, related_name="+")
    platforms = models.ManyToManyField(Code, related_name="+")
    categories = models.ManyToManyField(Code, related_name="+")
    languages = models.ManyToManyField(Code, related_name="+")
    features = models.ManyToManyField(Code, related_name="+")
    protects_from = models.ManyToManyField(Code, related_name="+")


class Certificate(models.Model):
    """The certificate of a product."""

    product = models.OneToOneField(Product, models.CASCADE, related_name="certificate")
    number = models.CharField(max_length=24, unique=True)
    valid_from = models.DateField()
    valid_until = models.DateField()
    level = models.ForeignKey(Level, models.PROTECT)
    edition = models.ForeignKey(Edition, models.PROTECT)
    overall = models.DecimalField(max_digits=5, decimal_places=1)
    summary_vi = models.TextField()
    summary_en = models.TextField()


class Group(models.Model):
    """The result of a group of criteria."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="groups")
    code = models.CharField(max_length=10)
    name_vi = models.CharField(max_length=200)
    name_en = models.CharField(max_length=200)
    percent = models.DecimalField(max_digits=5, decimal_places=1)
    weight = models.IntegerField()


class CertificateLimit(models.Model):
    """What a product does not do."""

    certificate = models.ForeignKey(Certificate, models.CASCADE, related_name="limits")
    vi = models.TextField()
    en = models.TextField()


class DataTaken(models.Model):
    """A kind of data that a product takes."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="data_taken")
    kind = models.CharField(max_length=40)
    purpose_vi = models.TextField()
    purpose_en = models.TextField()
    optional = models.BooleanField()
    kept_days = models.IntegerField(null=True)
    shared = models.BooleanField()


class Permission(models.Model):
    """What a product asks for."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="permissions")
    name = models.CharField(max_length=200)
    reason_vi = models.TextField()
    reason_en = models.TextField()


class Blocking(models.Model):
    """How much of what it should block it blocked."""

    product = models.ForeignKey(Product, models.CASCADE, related_name="blocking")
    test_list = models.CharField(max_length=200)
    tested_on = models.DateField()
    age_band = models.CharField(max_length=20)
    topic = models.CharField(max_length=200)
    harmful_tried = models.IntegerField()
    harmful_blocked = models.IntegerField()
    harmless_tried = models.IntegerField()
    harmless_blocked = models.IntegerField()
    measured_by = models.CharField(max_length=40)
