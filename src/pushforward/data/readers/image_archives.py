"""The pictures of archives, read as the folder that one would unpack to, of which nothing is written to the disk."""

import bz2
import gzip
import lzma
import mmap
import tarfile
import tempfile
import zipfile
from collections.abc import Callable
from dataclasses import dataclass
from io import BufferedIOBase, BytesIO
from pathlib import Path, PurePosixPath
from typing import Any, cast

from pushforward.data.raw.file_kinds import START, is_picture
from pushforward.data.readers.albums import Album, count_endings, labelled_by_folders
from pushforward.data.readers.image_file import Picture
from pushforward.errors import Refused
from pushforward.notes import skipped
from pushforward.runs.file_errors import DAMAGE, UNPACKED, bounded, readable

ENDINGS = (".zip", ".tar", ".tar.gz", ".tgz", ".tar.bz2", ".tar.xz")
FORM = "an archive"
DAMAGED = (*DAMAGE, tarfile.TarError)
# What macOS puts beside the files of an archive.
BESIDE = "__MACOSX"
LINK = 0o120000


@dataclass(frozen=True, eq=False)
class Member:
    """A file in an archive.

    Args:
        path: of the archive.
        name: of the file in it.
        size: bytes that it unpacks to.
        opened: gives its content.
    """

    path: Path
    name: PurePosixPath
    size: int
    opened: Callable[[], BufferedIOBase]

    def read(self) -> bytes:
        """Return the whole content of the file.

        Raises:
            Refused: beyond UNPACKED bytes, or if the archive is damaged there.
        """
        if self.size > UNPACKED:
            raise Refused(f"{self.name} of {self.path} would unpack to {self.size:,} bytes; a picture may have 1 GiB.")
        return self.start(self.size)

    def start(self, size: int) -> bytes:
        """Return the first bytes of the file."""
        with readable(self.path, FORM, DAMAGED), self.opened() as file:
            return file.read(size)


def is_archive(path: Path) -> bool:
    """Tell whether a name is that of an archive."""
    return path.name.lower().endswith(ENDINGS)


def read_archive(path: Path) -> Album:
    """Read every picture of an archive, with the classes and parts that its folders say, as of a folder.

    A folder that holds everything is left out of their places, so that `photos.zip` is read as `photos/`.

    Raises:
        Refused: for an archive that is damaged, holds no pictures, unpacks to more than its size makes likely, or names
            a path outside of itself.
    """
    with readable(path, FORM, DAMAGED):
        members, links = (_zipped if path.suffix.lower() == ".zip" else _tarred)(path)
    bounded(path, sum(member.size for member in members))
    visible = [m for m in members if not any(part.startswith(".") or part == BESIDE for part in _inside(m))]
    kept = [m for m in visible if is_picture(m.name, b"") or is_picture(m.name, m.start(START))]
    others = count_endings([m.name for m in set(visible) - set(kept)])
    if not kept:
        what = f"holds no images among its {len(visible)} files ({others})" if visible else "holds no files"
        raise Refused(f"archive {path} {what}; images are files such as .png, .jpg or .tif.")
    notes = [skipped(f"Files that are no images are skipped: {others}.")] if others else []
    notes += [skipped(f"Links inside of {path.name} are skipped: {links}.")] if links else []
    kept.sort(key=lambda m: m.name.parts)
    name = path.name[: -len(next(e for e in ENDINGS if path.name.lower().endswith(e)))]
    album = Album(name, tuple(Picture(f"{path}/{m.name}", m) for m in kept), notes=tuple(notes))
    places = [m.name.parts for m in kept]
    nested = len({parts[0] for parts in places}) == 1 and all(len(parts) > 1 for parts in places)
    return labelled_by_folders(album, [parts[1:] for parts in places] if nested else places)


def _inside(member: Member) -> tuple[str, ...]:
    """Return the parts of the name, none of which leads out of the archive."""
    parts = member.name.parts
    if member.name.is_absolute() or ".." in parts or any(":" in part for part in parts[:1]):
        raise Refused(f"{member.path} names a file outside of itself, {str(member.name)!r}; it is not read.")
    return parts


def _zipped(path: Path) -> tuple[list[Member], int]:
    archive = zipfile.ZipFile(path)
    files = [info for info in archive.infolist() if not info.is_dir()]
    plain = [info for info in files if (info.external_attr >> 16) & 0o170000 != LINK]

    def member(info: zipfile.ZipInfo) -> Member:
        name = PurePosixPath(info.filename.replace("\\", "/"))
        return Member(path, name, info.file_size, lambda: cast(BufferedIOBase, archive.open(info)))

    return [member(info) for info in plain], len(files) - len(plain)


def _tarred(path: Path) -> tuple[list[Member], int]:
    content = _mapped(path)
    with tarfile.TarFile(fileobj=cast(Any, content)) as archive:
        files = [info for info in archive.getmembers() if not info.isdir()]
    plain = [info for info in files if info.isreg() and not info.issparse()]

    def member(info: tarfile.TarInfo) -> Member:
        start = info.offset_data
        return Member(path, PurePosixPath(info.name), info.size, lambda: BytesIO(content[start : start + info.size]))

    return [member(info) for info in plain], len(files) - len(plain)


def _mapped(path: Path) -> mmap.mmap:
    """Map the archive without its compression, any part of which can be read; perhaps in a file without a name."""
    opener = {".gz": gzip.open, ".tgz": gzip.open, ".bz2": bz2.open, ".xz": lzma.open}.get(path.suffix.lower())
    if opener is None:
        with open(path, "rb") as file:
            return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    with cast(Any, opener)(path, "rb") as packed, tempfile.TemporaryFile() as unpacked:
        while block := packed.read(2**22):
            unpacked.write(block)
            bounded(path, unpacked.tell())
        unpacked.flush()
        return mmap.mmap(unpacked.fileno(), 0, access=mmap.ACCESS_READ)
