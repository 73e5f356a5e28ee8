"""Routes under /data: the files, what describes them, and the page that tells how to use them. Any site may read."""

from collections.abc import Iterator
from pathlib import Path

from flask import Blueprint, Response, abort, current_app, jsonify, render_template, request

from assessments.errors import NotFound
from registry import access
from registry.data import files, package
from registry.data.sets import BY_NAME, DATASETS
from registry.security import public_seconds

bp = Blueprint("data", __name__, url_prefix="/data")

KEPT_SECONDS = 600
PIECE_BYTES = 256 * 1024


@bp.get("")
@access.public
def index() -> str:
    """What there is, how large, how to check and to use it, under which licence."""
    settings = current_app.config["SETTINGS"]
    return render_template(
        "data/index.html",
        datasets=DATASETS,
        found=files.listed(),
        formats=files.FORMATS,
        licence=settings.licence,
        licence_url=settings.licence_url,
        site=settings.public_url.rstrip("/"),
    )


@bp.get("/<name>.<any(jsonl, csv):kind>")
@access.public
def file(name: str, kind: str) -> Response:
    """One file, packed for whoever can read that; pieces of it can be asked for."""
    found = files.listed()
    made = found.files.get(f"{name}.{kind}") if found else None
    if found is None and name in BY_NAME:
        abort(503)
    if made is None or found is None:
        raise NotFound
    packed = request.accept_encodings.quality("gzip") > 0
    path, size = files.place_of(made, packed=packed), made.packed if packed else made.size
    kept = f"{package.MEDIA_TYPES[kind]}; charset=utf-8"
    response = Response(_pieces(path), content_type=kept, direct_passthrough=True)
    response.content_length = size
    response.headers.set("Content-Disposition", "attachment" if kind == "csv" else "inline", filename=made.name)
    response.set_etag(f"{made.sha256[:32]}{'-gz' if packed else ''}")
    response.last_modified = found.made_at
    if packed:
        response.headers["Content-Encoding"] = "gzip"
    response.make_conditional(request, accept_ranges=True, complete_length=size)
    return _open(response)


def _pieces(path: Path) -> Iterator[bytes]:
    with path.open("rb") as source:
        while piece := source.read(PIECE_BYTES):
            yield piece


@bp.get("/datapackage.json")
@access.public
def datapackage() -> Response:
    """The Data Package of all files."""
    found = files.listed()
    if found is None:
        abort(503)
    return _open(jsonify(package.package_of(found)))


@bp.get("/sha256sums.txt")
@access.public
def sums() -> Response:
    """What the files hash to, for sha256sum -c."""
    found = files.listed()
    if found is None:
        abort(503)
    text = "".join(f"{one.sha256}  {one.name}\n" for one in found.files.values())
    return _open(Response(text, content_type="text/plain; charset=utf-8"))


@bp.get("/schemas/<name>.json")
@access.public
def schema(name: str) -> Response:
    """The JSON Schema of one line of a file."""
    if name not in BY_NAME:
        raise NotFound
    return _open(jsonify(package.schema_of(BY_NAME[name])))


def _open(response: Response) -> Response:
    response.headers["Access-Control-Allow-Origin"] = "*"
    response.headers["Access-Control-Expose-Headers"] = "ETag, Content-Range"
    response.headers["Cache-Control"] = f"public, max-age={public_seconds(KEPT_SECONDS)}"
    response.headers["Vary"] = "Accept-Encoding"
    return response
