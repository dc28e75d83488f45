"""The files that hold several pictures: all pages of a TIFF; of an animation the first picture, or all when asked."""

from pushforward.data.readers.albums import Album
from pushforward.data.readers.image_file import Picture
from pushforward.errors import Refused
from pushforward.notes import left_out, skipped

REMEDY = "; --skip-corrupt leaves such files out."


def all_pages(album: Album, frames: str, skip: bool) -> Album:
    """Return the album with every picture that is taken, and a sentence for what is not.

    Args:
        album: whose pictures are files.
        frames: "all" takes every picture of an animation, "first" the first one.
        skip: leave out files whose header cannot be read, instead of refusing all.

    Raises:
        Refused: for a file that is no image or damaged.
    """
    kept: list[tuple[int, Picture]] = []
    bad: list[str] = []
    counts = dict.fromkeys(("paged", "pages", "aside", "moving", "left"), 0)
    for i, picture in enumerate(album.pictures):
        try:
            kept += [(i, page) for page in _taken(picture, frames, counts)]
        except Refused as refusal:
            if not skip:
                raise Refused(f"{str(refusal).rstrip('.')}{REMEDY}") from refusal
            bad.append(str(refusal))
    if not kept:
        raise Refused(f"none of the {len(bad)} images of {album.name} can be read; {bad[0]}")
    origin, pictures = zip(*kept, strict=True)
    spread_out = album.with_pictures(origin, pictures) if list(origin) != list(range(len(album.pictures))) else album
    return spread_out.noted(*unreadable_notes(bad, len(album.pictures), album.name), *_notes(counts, album.name))


def unreadable_notes(bad: list[str], count: int, name: str) -> tuple[str, ...]:
    """Return the sentences about images that were left out: how many, and each of them.

    Args:
        bad: why each cannot be read.
        count: of all.
        name: of the album.
    """
    if not bad:
        return ()
    number = left_out(f"{len(bad)} of {count} images of {name} cannot be read and are left out.")
    return (number, *(skipped(f"skipped: {sentence}") for sentence in bad))


def _taken(picture: Picture, frames: str, counts: dict[str, int]) -> list[Picture]:
    header = picture.header
    if header.frames == 1:
        return [picture]
    if header.form != "TIFF" and frames == "first":
        counts["moving"], counts["left"] = counts["moving"] + 1, counts["left"] + header.frames - 1
        return [picture]
    pages = picture.pages()
    whole = [page for page in pages if not page.header.aside] or pages
    counts["paged"], counts["pages"] = counts["paged"] + 1, counts["pages"] + len(whole)
    counts["aside"] += len(pages) - len(whole)
    return whole


def _notes(counts: dict[str, int], name: str) -> tuple[str, ...]:
    notes = []
    if counts["paged"]:
        notes.append(
            f"All {counts['pages']} pictures in files of {name} that hold several ({counts['paged']}) are taken."
        )
    if counts["aside"]:
        notes.append(
            skipped(f"Pages of {name} that are reduced copies or masks of others are skipped: {counts['aside']}.")
        )
    if counts["moving"]:
        left = f"{counts['left']} later ones are left out; --frames all takes them."
        notes.append(left_out(f"Of {counts['moving']} animations of {name} the first picture is taken, {left}"))
    return tuple(notes)
