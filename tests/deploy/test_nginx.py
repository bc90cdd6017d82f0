"""nginx takes the configuration in deploy/; tests/machines/ runs by it."""

import subprocess
from pathlib import Path

from tests.emulator.live.certificates import self_made
from tests.nginx import HOW, configuration, found


def test_nginx_finds_nothing_wrong_with_it(tmp_path: Path) -> None:
    program = found()
    assert program, HOW
    for name, content in self_made("localhost").items():
        (tmp_path / name).write_bytes(content)
    path = tmp_path / "nginx.conf"
    path.write_text(configuration(tmp_path, 8443, [8000]))
    command = [program, "-t", "-c", str(path), "-p", str(tmp_path), "-e", "stderr"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=30, check=False)
    assert done.returncode == 0, done.stderr
    assert "warn" not in done.stderr
