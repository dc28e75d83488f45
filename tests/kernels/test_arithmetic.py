import pytest

from pushforward.kernels import arithmetic
from pushforward.kernels.arithmetic import fast_bf16


@pytest.fixture
def listing(tmp_path, monkeypatch):
    """A list of instructions in the place of the machine's own."""

    def write(text: str) -> None:
        (tmp_path / "cpuinfo").write_text(text)
        monkeypatch.setattr(arithmetic, "Path", lambda _: tmp_path / "cpuinfo")
        fast_bf16.cache_clear()

    yield write
    fast_bf16.cache_clear()


@pytest.mark.parametrize(
    ("flags", "fast"),
    [
        ("fpu sse2 avx512f avx512_bf16", True),
        ("fpu amx_tile amx_bf16", True),
        ("fpu sse2 avx2 avx512f", False),  # bfloat16 would be emulated
        ("avx512_bf16x", False),
    ],
)
def test_units_are_read_from_the_list_of_instructions(listing, flags, fast):
    listing(f"processor\t: 0\nmodel name\t: avx512_bf16\nflags\t\t: {flags}\n")
    assert fast_bf16() is fast


def test_without_a_list_there_are_none(tmp_path, monkeypatch):
    monkeypatch.setattr(arithmetic, "Path", lambda _: tmp_path / "absent")
    fast_bf16.cache_clear()
    assert fast_bf16() is False
    fast_bf16.cache_clear()
