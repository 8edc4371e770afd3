"""What's ours in a folder, and what isn't and stays as it is."""

import json

import pytest

from rembench.harness.errors import UserError
from rembench.reports.leaderboard.site.owned import LIST, take
from rembench.reports.leaderboard.site.write import write_site

PAGE = "consolidators/gone.html"


def written(site, name):
    (site / name).parent.mkdir(exist_ok=True)
    (site / name).write_text("ours")


def listed(site):
    return json.loads((site / LIST).read_text())["files"]


def test_a_page_that_is_not_needed_any_more_goes(tmp_path):
    take(tmp_path, ["index.html", PAGE])
    written(tmp_path, PAGE)
    take(tmp_path, ["index.html"])
    assert not (tmp_path / PAGE).exists()
    assert listed(tmp_path) == ["index.html"]


def test_what_the_list_does_not_name_stays(tmp_path):
    take(tmp_path, ["index.html", PAGE])
    written(tmp_path, "consolidators/mine.html")
    written(tmp_path, "notes.txt")
    take(tmp_path, ["index.html"])
    assert (tmp_path / "consolidators/mine.html").read_text() == "ours"
    assert (tmp_path / "notes.txt").read_text() == "ours"


def test_no_page_of_somebody_else_is_written_over(tmp_path):
    (tmp_path / "index.html").write_text("my own")
    with pytest.raises(UserError, match="wasn't written by rembench leaderboard"):
        take(tmp_path, ["index.html"])
    assert [path.name for path in tmp_path.iterdir()] == ["index.html"]


def test_the_evidence_of_a_report_is_not_written_over(tmp_path):
    (tmp_path / "evidence").mkdir()
    (tmp_path / "evidence/index.js").write_text("the report's")
    with pytest.raises(UserError, match="it has something else's evidence"):
        take(tmp_path, ["index.html"])
    assert [path.name for path in tmp_path.iterdir()] == ["evidence"]


def test_a_link_is_neither_followed_nor_removed(tmp_path):
    outside = tmp_path / "outside.html"
    outside.write_text("theirs")
    site = tmp_path / "site"
    (site / "consolidators").mkdir(parents=True)
    take(site, ["index.html", PAGE])
    (site / PAGE).symlink_to(outside)
    take(site, ["index.html"])
    assert (site / PAGE).is_symlink()
    with pytest.raises(UserError):
        take(site, ["index.html", PAGE])
    assert outside.read_text() == "theirs"


def test_a_folder_that_leads_elsewhere_is_not_written_to(tmp_path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "scenarios").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(UserError, match="isn't a folder of this site"):
        take(tmp_path / "site", ["index.html"])


def test_a_list_that_somebody_made_leads_to_nothing_of_theirs(tmp_path):
    site = tmp_path / "site"
    site.mkdir()
    for name in ("notes.html", "keep.txt"):
        (site / name).write_text("theirs")
    (tmp_path / "above.html").write_text("theirs")
    names = ["../above.html", "notes.html", "keep.txt", "/etc/passwd", "consolidators/../keep.txt", 5, None]
    (site / LIST).write_text(json.dumps({"files": names}))
    take(site, ["index.html"])
    assert (site / "notes.html").exists()
    assert (site / "keep.txt").exists()
    assert (tmp_path / "above.html").exists()


def test_a_list_that_cannot_be_read_is_said(tmp_path):
    (tmp_path / LIST).write_text("[")
    with pytest.raises(UserError, match="isn't the list of a site's files"):
        take(tmp_path, ["index.html"])


def test_the_same_site_twice_is_the_same_bytes(board, site, tmp_path):
    write_site(board, tmp_path)
    first = {path: path.stat().st_size for path in tmp_path.rglob("*") if path.is_file()}
    write_site(board, tmp_path)
    again = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert set(again) == set(first)
    for path in again:
        assert path.read_bytes() == (site / path.relative_to(tmp_path)).read_bytes()
