"""Whether bfloat16 is fast is read from the processor's list of instructions."""

import pytest

from pushforward.kernels.arithmetic import fast_bf16


@pytest.mark.parametrize(
    ("flags", "fast"),
    [
        ("fpu sse2 avx512f avx512_bf16", True),
        ("fpu amx_tile amx_bf16", True),
        ("fpu sse2 avx2 avx512f", False),  # bfloat16 would be emulated
        ("avx512_bf16x", False),
    ],
)
def test_units_are_read_from_the_list_of_instructions(tmp_path, flags, fast):
    listing = tmp_path / "cpuinfo"
    listing.write_text(f"processor\t: 0\nmodel name\t: avx512_bf16\nflags\t\t: {flags}\n")
    assert fast_bf16(listing) is fast


def test_without_a_list_there_are_none(tmp_path):
    assert fast_bf16(tmp_path / "absent") is False
