"""The leaderboard's files: the same numbers in every format, and nothing that isn't a number."""

import csv
import json

import pyarrow.parquet as pq
import pytest

from rembench.reports.leaderboard.files import to_json, write_files
from rembench.reports.leaderboard.rows import TABLES


@pytest.fixture(scope="module")
def site(board, tmp_path_factory):
    folder = tmp_path_factory.mktemp("site")
    write_files(board, folder)
    return folder


def files(folder):
    return {path.relative_to(folder): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_the_json_has_no_nan_and_no_number_without_a_reason(site):
    made = json.loads((site / "results.json").read_text(), parse_constant=pytest.fail)
    everyone = [*made["entries"], *made["controls"].values()]
    assert len(everyone) == 10
    for one in everyone:
        for found in one["metrics"].values():
            assert found["value"] is not None or found["reason"]
    assert [one["label"] for one in made["entries"]][-1] == "mine.py:Mine"


def test_the_same_leaderboard_gives_the_same_bytes(board, site, tmp_path):
    write_files(board, tmp_path)
    assert files(tmp_path) == files(site)


def test_no_path_of_this_machine_is_in_any_file(site, runs):
    folders = {str(run.folder.parent).encode() for run in runs}
    assert not [path for path, data in files(site).items() for folder in folders if folder in data]


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_parquet_has_the_rows(board, site, table):
    rows = list(table.rows(board))
    assert rows
    stored = pq.read_table(site / "data" / f"{table.name}.parquet")
    assert stored.column_names == list(table.columns)
    assert stored.to_pylist() == [{name: row.get(name) for name in table.columns} for row in rows]


@pytest.mark.parametrize("table", [t for t in TABLES if t.name != "scenarios"], ids=lambda table: table.name)
def test_csv_has_the_rows(board, site, table):
    with (site / "data" / f"{table.name}.csv").open(newline="") as lines:
        stored = list(csv.DictReader(lines))
    for mine, row in zip(stored, table.rows(board), strict=True):
        for name in table.columns:
            value = row.get(name)
            if value is None:
                assert mine[name] == ""
            elif isinstance(value, float):
                assert float(mine[name]) == value
            else:
                assert mine[name].removeprefix("'") == (
                    str(value).lower() if value in (True, False) else str(value)
                )


def test_no_cell_of_the_csv_is_a_formula(site):
    text = (site / "data" / "results.csv").read_text()
    with (site / "data" / "results.csv").open(newline="") as lines:
        cells = {cell for row in csv.reader(lines) for cell in row}
    assert "'=cmd()|'x'" in cells
    assert not [c for c in cells if c.startswith(("=", "@", "\t")) or (c[:1] in "+-" and not _number(c) and c)]
    assert "nan" not in text.lower().split(",")


def _number(text):
    try:
        float(text)
    except ValueError:
        return False
    return True


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_datasets_loads_every_table_without_a_network(board, site, table, tmp_path):
    import datasets.load

    loaded = datasets.load.load_dataset(str(site / "dataset"), table.name, cache_dir=str(tmp_path / "cache"))
    assert list(loaded) == ["test"]
    assert loaded["test"].to_list() == [
        {name: row.get(name) for name in table.columns} for row in table.rows(board)
    ]


def test_the_card_names_every_table_and_column(site):
    card = (site / "dataset" / "README.md").read_text()
    for table in TABLES:
        assert f"## {table.name}" in card
        for column in table.columns:
            assert column in card


def test_ranks_are_intervals_in_every_format(board):
    made = to_json(board)
    for one in made["entries"]:
        for standing in one["ranks"].values():
            if standing["best"] is None:
                assert standing["reason"]
            else:
                assert 1 <= standing["best"] <= standing["worst"] <= standing["of"]
