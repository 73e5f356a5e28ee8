"""A script over a stranger's file is held to its limits, and says what it found."""

from pathlib import Path

import pytest

from registry import confined
from registry.confined import MEGABYTE, Limits, Overrun

LENGTH = "import json, sys; print(json.dumps({'size': len(sys.stdin.buffer.read()), 'said': sys.argv[1:]}))"


def ran(folder: Path, script: str, limits: Limits | None = None) -> object:
    """What a script says of a file of five bytes."""
    path, file = folder / "script.py", folder / "file"
    path.write_text(script, "utf-8")
    file.write_bytes(b"12345")
    with file.open("rb") as source:
        source.read()  # wherever it was left, the script reads it whole
        return confined.run(path, source, ["one", "two"], limits)


def test_a_script_reads_the_whole_file_and_its_arguments(tmp_path: Path) -> None:
    assert ran(tmp_path, LENGTH) == {"size": 5, "said": ["one", "two"]}


@pytest.mark.parametrize(
    "script",
    [
        "raise SystemExit(3)",
        "print('no json')",
        "held = bytearray(400 * 1024 * 1024)",
        "print('\"' + 'x' * 2_000_000 + '\"')",
        "import sys; open(sys.argv[0] + '.left', 'w').write('x')",
        "while True: pass",
        "import time; time.sleep(60)",
    ],
    ids=["error", "nonsense", "memory", "endless answer", "writing", "busy", "idle"],
)
def test_a_script_that_leaves_its_limits_is_an_overrun(tmp_path: Path, script: str) -> None:
    limits = Limits(cpu_seconds=1, seconds=2, memory=256 * MEGABYTE, answer=MEGABYTE)
    with pytest.raises(Overrun):
        ran(tmp_path, script, limits)


def test_nothing_of_our_environment_reaches_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_KEY", "a secret that stays here")
    script = "import json, os; print(json.dumps('SECRET_KEY' in os.environ))"
    assert ran(tmp_path, script) is False


def test_a_large_answer_goes_into_the_file_handed_over(tmp_path: Path) -> None:
    script, source, out = tmp_path / "script.py", tmp_path / "source", tmp_path / "out"
    script.write_text(
        "import json, os, sys\n"
        "with os.fdopen(int(sys.argv[-1]), 'wb') as out: out.write(sys.stdin.buffer.read() * int(sys.argv[1]))\n"
        "print(json.dumps(sys.argv[1:-1]))",
        "utf-8",
    )
    source.write_bytes(b"12345")
    limits = Limits(written=MEGABYTE)
    with source.open("rb") as reading, out.open("w+b") as written:
        assert confined.run(script, reading, ["1000"], limits, written) == ["1000"]
        assert written.seek(0, 2) == 5_000
        with pytest.raises(Overrun):
            confined.run(script, reading, ["1000000"], limits, written)
        assert written.seek(0, 2) <= MEGABYTE
