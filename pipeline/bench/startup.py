"""How long the command takes to start, against `jieba.initialize()` in the same run.

    python -m pipeline.bench.startup [ARTICLE.txt] [ROUNDS]

The three commands take turns; the medians are printed with their ratio to jieba's.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

_ARTICLE = "阿里雲收入265.49億元人民幣，同比增長近兩成。\n" * 20


def main(article: Path | None = None, rounds: int = 15) -> None:
    """Measure and print a table."""
    with tempfile.TemporaryDirectory() as folder:
        if article is None:
            article = Path(folder, "article.txt")
            article.write_text(_ARTICLE, encoding="utf-8")
        cli = [sys.executable, "-m", "pipeline.cli"]
        commands = {
            "jieba.initialize()": [sys.executable, "-c", "import jieba; jieba.initialize()"],
            "zhpipe --help": [*cli, "--help"],
            "zhpipe run ARTICLE": [*cli, "run", str(article), "-o", f"{folder}/out"],
        }
        seconds: dict[str, list[float]] = {name: [] for name in commands}
        for _ in range(rounds + 1):
            for name, command in commands.items():
                started = time.perf_counter()
                subprocess.run(command, check=True, capture_output=True)
                seconds[name].append(time.perf_counter() - started)
    # The first round fills jieba's cache and the file system's.
    medians = {name: statistics.median(times[1:]) for name, times in seconds.items()}
    unit = medians["jieba.initialize()"]
    print(f"{'command':<22}{'median s':>10}{'x jieba':>10}")
    for name, median in medians.items():
        print(f"{name:<22}{median:>10.3f}{median / unit:>10.2f}")


if __name__ == "__main__":
    main(
        Path(sys.argv[1]) if len(sys.argv) > 1 else None,
        int(sys.argv[2]) if len(sys.argv) > 2 else 15,
    )
