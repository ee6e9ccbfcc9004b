"""The picture of an organization: what is taken, what becomes of it, who sees it."""

import struct
import zlib
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client, RequestFactory
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from organizations import pictures
from organizations.models import Event, Logo, Organization
from tests.people import World

pytestmark = pytest.mark.django_db

SET, REMOVE = "/o/acme/settings/logo/", "/o/acme/settings/logo/remove/"
SECRET = b"GPS 47.37, 8.54"


def picture(kind: str = "PNG", size: tuple[int, int] = (600, 300), mode: str = "RGB", **options: Any) -> bytes:
    """Red at the left, green in the middle, blue at the right."""
    drawn = Image.new("RGB", size, "lime")
    third = size[0] // 4
    drawn.paste("red", (0, 0, third, size[1]))
    drawn.paste("blue", (size[0] - third, 0, size[0], size[1]))
    out = BytesIO()
    drawn.convert(mode).save(out, kind, **options)
    return out.getvalue()


def upload(client: Client, content: bytes, name: str = "logo.png", kind: str = "image/png") -> Any:
    return client.post(SET, {"logo": SimpleUploadedFile(name, content, kind)})


def kept(world: World) -> tuple[Organization, Image.Image]:
    world.access("owner")
    world.acme.refresh_from_db()
    return world.acme, Image.open(BytesIO(bytes(Logo.objects.get(organization=world.acme).png)))


@pytest.mark.parametrize(
    ("kind", "mode"),
    [
        ("PNG", "RGB"),
        ("PNG", "RGBA"),
        ("PNG", "P"),
        ("PNG", "I;16"),
        ("PNG", "1"),
        ("JPEG", "RGB"),
        ("JPEG", "CMYK"),
        ("JPEG", "L"),
        ("WEBP", "RGBA"),
        ("GIF", "P"),
    ],
)
def test_a_picture_becomes_a_square_png(world: World, kind: str, mode: str) -> None:
    content = picture(kind, mode="L" if mode == "I;16" else mode)
    if mode == "I;16":
        out = BytesIO()
        Image.new("I;16", (30, 20), 40000).save(out, "PNG")
        content = out.getvalue()
    assert upload(world.client("owner"), content, "Logo.JPG").status_code == 303
    organization, image = kept(world)
    assert (image.format, image.size) == ("PNG", (256, 256))
    assert organization.logo_url == f"/o/acme/logo/{organization.logo_digest}/"
    if mode in ("RGB", "RGBA", "CMYK"):
        # The middle, without the sides.
        red, green, blue = image.convert("RGB").getpixel((128, 128))
        assert green > 200
        assert max(red, blue) < 60
        assert image.convert("RGB").getpixel((2, 128))[1] > 150


def test_nothing_that_is_not_seen_survives(world: World) -> None:
    info = PngInfo()
    info.add_text("Comment", SECRET.decode())
    content = picture(pnginfo=info, icc_profile=SECRET * 10) + b"<?php system($_GET['c']); ?>"
    assert upload(world.client("owner"), content).status_code == 303
    _organization, image = kept(world)
    stored = bytes(Logo.objects.get(organization=world.acme).png)
    assert SECRET not in stored
    assert b"php" not in stored
    assert image.info == {}
    assert {chunk for chunk in chunks(stored)} <= {b"IHDR", b"IDAT", b"IEND"}


def chunks(png: bytes) -> list[bytes]:
    at, found = 8, []
    while at < len(png):
        (length,) = struct.unpack(">I", png[at : at + 4])
        found.append(png[at + 4 : at + 8])
        at += length + 12
    return found


@pytest.mark.parametrize("orientation", [1, 3, 6, 8])
def test_a_picture_stands_upright(orientation: int) -> None:
    """The camera wrote it turned, and says so: top is red when it is shown."""
    upright = Image.new("RGB", (80, 80), "blue")
    upright.paste("red", (0, 0, 80, 40))
    turns = {1: None, 3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    turn = turns[orientation]
    exif = Image.Exif()
    exif[pictures.ORIENTATION] = orientation
    out = BytesIO()
    (upright.transpose(turn) if turn is not None else upright).save(out, "JPEG", exif=exif, quality=95)
    image = Image.open(BytesIO(pictures.square(BytesIO(out.getvalue())))).convert("RGB")
    assert image.getpixel((128, 20))[0] > 200
    assert image.getpixel((128, 236))[2] > 200
    assert not image.getexif()


def test_what_is_seen_through_stays_so() -> None:
    out = BytesIO()
    Image.new("RGBA", (40, 40), (255, 0, 0, 0)).save(out, "PNG")
    image = Image.open(BytesIO(pictures.square(BytesIO(out.getvalue()))))
    assert image.mode == "RGBA"
    assert image.getpixel((10, 10))[3] == 0


def bomb(width: int, height: int) -> bytes:
    """A PNG that claims to be so large, in a hundred bytes."""

    def chunk(name: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))

    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(b"")) + chunk(b"IEND", b"")


SVG = b'<?xml version="1.0"?><svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>'
REFUSED = {
    "svg": (SVG, "SVG drawings can hold programs"),
    "html": (b"<html><script>alert(1)</script>", "This is not a picture that we can read."),
    "php": (b"<?php system('id'); ?>", "This is not a picture that we can read."),
    "gif in name only": (b"GIF89a<?php ?>", "This is not a picture that we can read."),
    "bmp": (b"BM" + b"\0" * 60, "This is not a picture that we can read."),
    "cut short": (picture()[:200], "This picture cannot be read: the file is damaged."),
    "41 million points": (bomb(41_000, 1000), "more than 40 million points"),
    "a decompression bomb": (bomb(60_000, 60_000), "more than 40 million points"),
    "too large": (picture() + b"\0" * 5 * 1024 * 1024, "larger than 5 MB"),
    "empty": (b"", "This file is empty."),
}


@pytest.mark.parametrize("what", REFUSED)
@pytest.mark.parametrize("kind", ["image/png", "text/html"])
def test_what_is_no_picture_is_refused_whatever_it_is_called(world: World, what: str, kind: str) -> None:
    content, said = REFUSED[what]
    client = world.client("owner")
    upload(client, picture())
    before = kept(world)[0].logo_digest
    answer = upload(client, content, "logo.png", kind)
    assert answer.status_code == 422
    assert said in answer.content.decode()
    assert kept(world)[0].logo_digest == before


def test_what_exceeds_the_limit_is_not_kept_while_it_is_received(rf: RequestFactory) -> None:
    files = {name: SimpleUploadedFile(name, b"x" * 4 * 1024 * 1024) for name in ("one", "two", "three")}
    request = rf.post(SET, files)
    kept = sum(len(file.read()) for file in request.FILES.values())
    assert 5 * 1024 * 1024 < kept <= 5 * 1024 * 1024 + 64 * 1024
    assert request.FILES["three"].size == 4 * 1024 * 1024


def test_without_a_file_it_is_asked_for_one(world: World) -> None:
    answer = world.client("owner").post(SET)
    assert answer.status_code == 422
    assert "Choose a picture first." in answer.content.decode()


def test_the_log_tells_it_once(world: World) -> None:
    client = world.client("owner")
    for _time in range(2):
        upload(client, picture())
    for _time in range(2):
        assert client.post(REMOVE).status_code == 303
    world.access("owner")
    verbs = Event.objects.filter(organization=world.acme).order_by("pk").values_list("verb", flat=True)
    assert list(verbs) == ["organization.logo.set", "organization.logo.remove"]
    world.acme.refresh_from_db()
    assert world.acme.logo_url == ""
    assert not Logo.objects.filter(organization=world.acme).exists()


@pytest.mark.parametrize("person", ["biller", "collaborator", "external"])
def test_who_may_not_edit_changes_no_logo(world: World, person: str) -> None:
    upload(world.client("owner"), picture())
    client = world.client(person)
    assert upload(client, picture(size=(50, 50))).status_code == 403
    assert client.post(REMOVE).status_code == 403
    assert kept(world)[1].size == (256, 256)


def test_it_is_served_to_members_only_and_kept_by_their_browser(world: World) -> None:
    upload(world.client("owner"), picture())
    address = kept(world)[0].logo_url
    answer = world.client("external").get(address)
    assert answer.content.startswith(b"\x89PNG")
    assert answer["Content-Type"] == "image/png"
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Cache-Control"] == "private, max-age=31536000, immutable"
    assert "default-src 'none'" in answer["Content-Security-Policy"]
    assert world.client("outsider").get(address).status_code == 404
    assert world.client("suspended").get(address).status_code == 403
    assert world.client("anonymous").get(address).status_code == 302


def test_another_digest_and_an_older_one_are_not_found(world: World) -> None:
    client = world.client("owner")
    upload(client, picture())
    old = kept(world)[0].logo_url
    assert client.get("/o/acme/logo/0123456789abcdef/").status_code == 404
    upload(client, picture(size=(64, 64)))
    assert client.get(old).status_code == 404
    client.post(REMOVE)
    assert client.get(kept_url(world)).status_code == 404


def kept_url(world: World) -> str:
    world.acme.refresh_from_db()
    return f"/o/acme/logo/{world.acme.logo_digest or '0' * 16}/"


def test_looking_at_a_logo_is_not_using_the_organization(world: World) -> None:
    from organizations import tenancy
    from organizations.models import Membership

    upload(world.client("owner"), picture())
    address = kept(world)[0].logo_url
    with tenancy.scope(world.other.pk):
        Membership.objects.create(organization=world.other, user=world.users["viewer"])
    client = world.client("viewer")
    client.get("/o/other/")
    client.get(address)
    assert client.get("/hosting/")["Location"] == "/o/other/hosting/"


def test_it_is_shown_where_the_organization_is_named(world: World) -> None:
    client = world.client("owner")
    assert "<img" not in client.get("/o/acme/").content.decode()
    upload(client, picture())
    address = kept(world)[0].logo_url
    for page in ("/o/acme/", "/organizations/", "/o/acme/settings/", "/everywhere/"):
        shown = client.get(page).content.decode()
        assert f'src="{address}" alt=""' in shown, page
    # The switcher and the bar name it on every page.
    assert client.get("/o/acme/").content.decode().count(address) == 2


def test_who_is_kept_out_is_not_shown_it(world: World) -> None:
    upload(world.client("owner"), picture())
    assert "/logo/" not in world.client("suspended").get("/organizations/").content.decode()
