from rembench.harness.gate import measured as module
from rembench.harness.gate.measured import scored_by


def test_what_scored_a_run_is_the_version_and_the_scorers_own_files():
    version, _, scorer = scored_by("1.2").partition(", scorer ")
    assert version == "1.2"
    assert len(scorer) == 12
    assert scored_by("1.3").endswith(scorer)


def test_another_scorer_is_another_mark(tmp_path, monkeypatch):
    marks = []
    for text in ("a = 1\n", "a = 2\n"):
        for part in module._SCORER:
            place = tmp_path / part
            file = place if place.suffix else place / "one.py"
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        monkeypatch.setattr(module, "_PACKAGE", tmp_path)
        scored_by.cache_clear()
        marks.append(scored_by("1"))
    scored_by.cache_clear()
    assert marks[0] != marks[1]
