"""Segments: what counts as one statement, and what stands above it."""

from hypothesis import given
from hypothesis import strategies as st

from rembench.harness.scorer.segments import file_segments


def segments(memory):
    return [s for path, text in memory.items() for s in file_segments(path, text)]


def texts(memory, path="a.md"):
    return [s.text for s in segments({path: memory})]


def test_sentences_of_a_paragraph_are_apart():
    assert texts("One here. Two there! Three?") == ["One here.", "Two there!", "Three?"]


def test_an_abbreviation_ends_no_sentence():
    assert texts("Call Dr. Ames on 22. May.") == ["Call Dr. Ames on 22. May."]


def test_bullets_are_apart_and_know_their_headings():
    found = segments({"a.md": "# Food\n## Allergies\n- nuts\n- eggs\n"})
    assert [(s.text, s.headings) for s in found][2:] == [
        ("nuts", ("Food", "Allergies")),
        ("eggs", ("Food", "Allergies")),
    ]


def test_a_wrapped_line_goes_on():
    text = "This is a long line that was wrapped by an editor somewhere in\nthe middle of it."
    assert len(texts(text)) == 1


def test_log_lines_are_apart():
    assert texts("2026-05-01 started\n2026-05-02 stopped") == ["2026-05-01 started", "2026-05-02 stopped"]


def test_a_table_row_knows_the_header():
    found = segments({"a.md": "| who | size |\n|---|---|\n| Nora | 42 |\n"})
    assert "size" in found[-1].headings[0]


def test_json_keys_are_context():
    found = segments({"a.json": '{"loader": {"chunk": 500, "mode": "fast"}}'})
    assert [(s.text, s.headings) for s in found] == [
        ('"chunk": 500', ("loader",)),
        ('"mode": "fast"', ("loader",)),
    ]


def test_yaml_that_bites_its_tail_is_read_once():
    assert len(segments({"a.yaml": "a: &x\n  b: 1\nc: *x\nd: [*x, *x]\n"})) == 1


def test_deep_nesting_is_read_as_text():
    assert segments({"a.json": "[" * 5000 + "]" * 5000})


@given(st.dictionaries(st.sampled_from(["a.md", "b.yaml", "c.json"]), st.text(max_size=300), max_size=2))
def test_every_segment_is_where_it_says(memory):
    for segment in segments(memory):
        assert memory[segment.path][segment.start : segment.end] == segment.text
