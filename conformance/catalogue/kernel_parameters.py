"""The family `kernel_parameters`: image by debug, twice over."""

from catalogue.build import IMAGE, entry
from catalogue.entry import Entry, Params

_RULES = {True: "kernel-parameters-image", False: "kernel-parameters-no-image"}


def _case(tail: str, title: str, rule: str, params: Params) -> Entry:
    return entry("kernel_parameters", tail, title, rule, params)


ENTRIES = (
    *(
        _case(
            f"{'image' if image else 'no-image'}-{'debug' if debug else 'quiet'}{again}",
            f"With {'an' if image else 'no'} image and debug {'on' if debug else 'off'},"
            f" the list is {'the same when asked for again' if again else 'that of its mode'}.",
            "kernel-parameters-fresh" if again else _RULES[bool(image)],
            {"image_path": image, "debug": debug},
        )
        for again in ("", "-again")
        for image in (IMAGE, "")
        for debug in (False, True)
    ),
    *(
        _case(
            f"image-{tail}",
            f"With debug {'on' if debug else 'off'}, the image path {path!r} counts as an image.",
            "kernel-parameters-image",
            {"image_path": path, "debug": debug},
        )
        for tail, path, debug in (
            ("blank", " ", False),
            ("blank-debug", " ", True),
            ("missing", "/nonexistent/kata.img", False),
        )
    ),
    _case("no-params", "Without any field, there is no image and no debug.", "absent-field", {}),
    _case(
        "nulls",
        "Null fields are no image and no debug.",
        "absent-field",
        {"image_path": None, "debug": None},
    ),
    _case("image-only", "Absent debug is off.", "absent-field", {"image_path": IMAGE}),
    _case("debug-only", "An absent image path is no image.", "absent-field", {"debug": True}),
    _case(
        "unknown-fields",
        "Unknown fields change nothing.",
        "unknown-field",
        {"image_path": "", "debug": False, "kernel_params": [["a", "b"]], "quiet": False},
    ),
    _case(
        "other-case",
        "Fields with names in other cases are others, and change nothing.",
        "field-name-case",
        {"image_path": IMAGE, "IMAGE_PATH": "", "Debug": True},
    ),
)
