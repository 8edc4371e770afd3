"""The memory tool: the replies and errors that its documentation has, over a memory in this process."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from rembench.consolidators.memory_tool import Bounds, MemoryTool
from rembench.harness.memory import check_memory
from rembench.harness.night import BudgetError

FILES = {
    "people/anna.md": "# Anna\n- lives in Lund\n- likes tea\n",
    "people/friends/bo.md": "- Bo\n",
    "people/friends/old/eva.md": "- Eva\n",
    "notes.md": "one\ntwo\nthree\nfour\nfive\nsix",
    ".hidden": "x",
    "node_modules/a.js": "y",
}


def tool(**bounds) -> MemoryTool:
    return MemoryTool(dict(FILES), Bounds(**bounds))


def reply(made: MemoryTool, command: str, **given) -> str:
    text, is_error = made.run({"command": command, **given})
    assert not is_error, text
    return text


def error(made: MemoryTool, command: str, **given) -> str:
    before = dict(made.files)
    text, is_error = made.run({"command": command, **given})
    assert is_error, text
    assert made.files == before
    return text


def test_a_folder_is_listed_two_levels_deep_without_hidden_items():
    assert reply(tool(), "view", path="/memories").splitlines() == [
        "Here're the files and directories up to 2 levels deep in /memories, excluding hidden items and "
        "node_modules:",
        "75B\t/memories",
        "27B\t/memories/notes.md",
        "46B\t/memories/people/",
        "35B\t/memories/people/anna.md",
        "11B\t/memories/people/friends/",
    ]


def test_a_folder_inside_is_listed_with_whole_paths():
    assert reply(tool(), "view", path="/memories/people/").splitlines()[2:] == [
        "35B\t/memories/people/anna.md",
        "11B\t/memories/people/friends/",
        "5B\t/memories/people/friends/bo.md",
        "6B\t/memories/people/friends/old/",
    ]


def test_an_empty_memory_is_an_empty_folder():
    assert reply(MemoryTool({}), "view", path="/memories").splitlines()[1:] == ["0B\t/memories"]


def test_sizes_are_as_a_person_reads_them():
    made = MemoryTool({"a": "x" * 1536, "b": "x" * 1024, "c": "x" * 2_200_000})
    sizes = [line.split("\t")[0] for line in reply(made, "view", path="/memories").splitlines()[2:]]
    assert sizes == ["1.5K", "1K", "2.1M"]


def test_a_file_is_shown_with_line_numbers():
    assert reply(tool(), "view", path="/memories/people/anna.md") == (
        "Here's the content of /memories/people/anna.md with line numbers:\n"
        "     1\t# Anna\n     2\t- lives in Lund\n     3\t- likes tea"
    )


@pytest.mark.parametrize(
    ("wanted", "shown"),
    [([2, 3], ["two", "three"]), ([5, -1], ["five", "six"]), ([5, 99], ["five", "six"]), ([0, 1], ["one"])],
)
def test_a_range_of_lines_is_shown(wanted, shown):
    lines = reply(tool(), "view", path="/memories/notes.md", view_range=wanted).splitlines()[1:]
    assert [line.split("\t")[1] for line in lines] == shown


@pytest.mark.parametrize("wanted", [[3, 2], [1], "12", [1, "2"], {"a": 1}, [1, -2]])
def test_a_range_that_is_none_is_refused(wanted):
    said = error(tool(), "view", path="/memories/notes.md", view_range=wanted)
    assert said.startswith("Error: Invalid `view_range` parameter: ")


def test_what_is_not_there_can_not_be_viewed():
    said = error(tool(), "view", path="/memories/no.md")
    assert said == "The path /memories/no.md does not exist. Please provide a valid path."


def test_a_file_of_a_million_lines_is_not_shown():
    made = MemoryTool({"a": "\n" * 1_000_000})
    said = error(made, "view", path="/memories/a")
    assert said == "File /memories/a exceeds maximum line limit of 999,999 lines."


def test_a_file_is_created_once():
    made = tool()
    said = reply(made, "create", path="/memories/new/a.md", file_text="- x\n")
    assert said == "File created successfully at: /memories/new/a.md"
    assert made.files["new/a.md"] == "- x\n"
    again = error(made, "create", path="/memories/new/a.md", file_text="- y\n")
    assert again == "Error: File /memories/new/a.md already exists"
    assert (
        error(made, "create", path="/memories/new", file_text="") == "Error: File /memories/new already exists"
    )


def test_a_text_is_replaced_and_shown_with_the_lines_around_it():
    made = tool()
    said = reply(made, "str_replace", path="/memories/notes.md", old_str="three\nfour", new_str="3\n3b\n4")
    assert made.files["notes.md"] == "one\ntwo\n3\n3b\n4\nfive\nsix"
    assert said == (
        "The memory file has been edited.\n"
        "     1\tone\n     2\ttwo\n     3\t3\n     4\t3b\n     5\t4\n     6\tfive\n     7\tsix"
    )


def test_a_text_is_taken_out_by_replacing_it_with_nothing():
    made = tool()
    reply(made, "str_replace", path="/memories/people/anna.md", old_str="- likes tea\n")
    assert made.files["people/anna.md"] == "# Anna\n- lives in Lund\n"


@pytest.mark.parametrize(
    ("given", "said"),
    [
        (
            {"path": "/memories/no.md", "old_str": "a", "new_str": "b"},
            "Error: The path /memories/no.md does not exist. Please provide a valid path.",
        ),
        (
            {"path": "/memories/people", "old_str": "a", "new_str": "b"},
            "Error: The path /memories/people does not exist. Please provide a valid path.",
        ),
        (
            {"path": "/memories/notes.md", "old_str": "seven", "new_str": "b"},
            "No replacement was performed, old_str `seven` did not appear verbatim in /memories/notes.md.",
        ),
        (
            {"path": "/memories/notes.md", "old_str": "", "new_str": "b"},
            "No replacement was performed, old_str `` did not appear verbatim in /memories/notes.md.",
        ),
        (
            {"path": "/memories/notes.md", "old_str": "f", "new_str": "b"},
            "No replacement was performed. Multiple occurrences of old_str `f` in lines: 4, 5. "
            "Please ensure it is unique",
        ),
    ],
)
def test_a_text_that_can_not_be_replaced_is_said(given, said):
    assert error(tool(), "str_replace", **given) == said


@pytest.mark.parametrize(("at", "place"), [(0, 0), (2, 2), (6, 6)])
def test_lines_are_inserted_after_a_line(at, place):
    made = tool()
    said = reply(made, "insert", path="/memories/notes.md", insert_line=at, insert_text="a\nb\n")
    assert said == "The file /memories/notes.md has been edited."
    lines = ["one", "two", "three", "four", "five", "six"]
    lines[place:place] = ["a", "b"]
    assert made.files["notes.md"] == "".join(f"{line}\n" for line in lines)


@pytest.mark.parametrize("at", [-1, 7, "2", True, None])
def test_a_line_that_is_not_there_is_refused(at):
    said = error(tool(), "insert", path="/memories/notes.md", insert_line=at, insert_text="a")
    assert said == (
        f"Error: Invalid `insert_line` parameter: {at}. "
        "It should be within the range of lines of the file: [0, 6]"
    )


def test_nothing_is_inserted_into_what_is_not_there():
    said = error(tool(), "insert", path="/memories/people", insert_line=0, insert_text="a")
    assert said == "Error: The path /memories/people does not exist"


def test_a_file_and_a_folder_with_all_in_it_are_deleted():
    made = tool()
    assert reply(made, "delete", path="/memories/notes.md") == "Successfully deleted /memories/notes.md"
    assert reply(made, "delete", path="/memories/people") == "Successfully deleted /memories/people"
    assert sorted(made.files) == [".hidden", "node_modules/a.js"]
    said = error(made, "delete", path="/memories/people")
    assert said == "Error: The path /memories/people does not exist"


def test_the_root_can_be_neither_deleted_nor_moved():
    assert "is not inside /memories" in error(tool(), "delete", path="/memories")
    assert "is not inside /memories" in error(tool(), "rename", old_path="/memories/", new_path="/memories/b")


def test_a_file_and_a_folder_are_renamed():
    made = tool()
    said = reply(made, "rename", old_path="/memories/notes.md", new_path="/memories/log/notes.md")
    assert said == "Successfully renamed /memories/notes.md to /memories/log/notes.md"
    reply(made, "rename", old_path="/memories/people", new_path="/memories/all/people")
    assert made.files["log/notes.md"] == FILES["notes.md"]
    assert made.files["all/people/friends/old/eva.md"] == "- Eva\n"
    assert not any(path.startswith("people") for path in made.files)


@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("no.md", "b.md", "Error: The path /memories/no.md does not exist"),
        ("notes.md", "people/anna.md", "Error: The destination /memories/people/anna.md already exists"),
        ("notes.md", "people", "Error: The destination /memories/people already exists"),
        ("notes.md", "notes.md", "Error: The destination /memories/notes.md already exists"),
        ("people", "people/all", "Error: /memories/people/all is inside /memories/people"),
    ],
)
def test_what_can_not_be_renamed_is_said(old, new, said):
    made = tool()
    assert error(made, "rename", old_path=f"/memories/{old}", new_path=f"/memories/{new}") == said


@pytest.mark.parametrize(
    "path",
    [
        "/etc/passwd", "notes.md", "/memoriesx/a", "/memories/../etc/passwd", "/memories/a/../../b",
        "/memories/./a", "/memories//a", "/memories/a\\b", "/memories/a\x00b", "/memories/" + "a" * 300, "",
    ],
)  # fmt: skip
def test_no_path_leads_outside(path):
    for command in ("view", "create", "str_replace", "insert", "delete"):
        given = {
            "path": path,
            "file_text": "x",
            "old_str": "a",
            "new_str": "b",
            "insert_line": 0,
            "insert_text": "x",
        }
        said = error(tool(), command, **given)
        assert said.startswith("Error: The path ")
    assert error(tool(), "rename", old_path="/memories/notes.md", new_path=path).startswith("Error: The path ")


def test_a_file_is_no_folder():
    said = error(tool(), "create", path="/memories/notes.md/a.md", file_text="x")
    assert said.startswith("Error: 'notes.md' is both a file and the folder of 'notes.md/a.md'")


@pytest.mark.parametrize("text", ["a\0b", "a\ud800b"])
def test_a_text_that_is_none_is_refused(text):
    assert error(tool(), "create", path="/memories/a.md", file_text=text).endswith("; nothing was changed")


@pytest.mark.parametrize(
    "given", [{}, {"command": "undo"}, {"command": None}, [], None, "view /memories", {"command": ["view"]}]
)
def test_what_is_no_command_is_refused(given):
    made = tool()
    text, is_error = made.run(given)
    assert is_error
    assert text.startswith("Error: Unknown command: ")


@pytest.mark.parametrize(
    ("command", "given", "key"),
    [
        ("view", {}, "path"),
        ("create", {"path": "/memories/a"}, "file_text"),
        ("create", {"path": 3, "file_text": "x"}, "path"),
        ("str_replace", {"path": "/memories/notes.md"}, "old_str"),
        ("str_replace", {"path": "/memories/notes.md", "old_str": "one", "new_str": 3}, "new_str"),
        ("insert", {"path": "/memories/notes.md", "insert_line": 0}, "insert_text"),
        ("rename", {"old_path": "/memories/notes.md"}, "new_path"),
    ],
)
def test_a_missing_part_is_said(command, given, key):
    assert error(tool(), command, **given) == f"Error: `{key}` is missing, or no text"


def test_there_is_a_line_for_every_command():
    made = tool()
    reply(made, "view", path="/memories")
    reply(made, "rename", old_path="/memories/notes.md", new_path="/memories/b.md")
    error(made, "delete", path="/memories/no\nno.md")
    assert made.log == [
        "view /memories",
        "rename /memories/notes.md /memories/b.md",
        "delete /memories/no no.md: Error: The path /memories/no no.md is not valid: control characters and "
        "lone surrogates aren't allowed",
    ]


def test_a_file_too_many_is_refused():
    made = tool(files=7)
    reply(made, "create", path="/memories/a", file_text="x")
    said = error(made, "create", path="/memories/b", file_text="x")
    assert said == "Error: There may be 7 files at most; nothing was changed"
    reply(made, "str_replace", path="/memories/a", old_str="x", new_str="y")


def test_writing_more_than_is_allowed_ends_the_night():
    made = tool(written=10)
    reply(made, "create", path="/memories/a", file_text="12345")
    reply(made, "str_replace", path="/memories/a", old_str="1", new_str="12345")
    with pytest.raises(BudgetError, match="more than 10 bytes were written in one night"):
        made.run({"command": "insert", "path": "/memories/a", "insert_line": 0, "insert_text": "é"})


def test_the_write_budget_is_kept_by_refusing_what_would_pass_it():
    made = MemoryTool({"a": "one two three"}, Bounds(tokens=4))
    reply(made, "insert", path="/memories/a", insert_line=1, insert_text="four")
    said = error(made, "create", path="/memories/b", file_text="five")
    assert said == (
        "Error: With this, the files would have 5 tokens in all, and 4 is the most; nothing was changed"
    )


def test_a_memory_above_the_write_budget_may_get_smaller_and_not_larger():
    made = MemoryTool({"a": "one two three four five"}, Bounds(tokens=2))
    reply(made, "str_replace", path="/memories/a", old_str=" five", new_str="")
    reply(made, "str_replace", path="/memories/a", old_str="four", new_str="4")
    assert "4 is" not in error(made, "insert", path="/memories/a", insert_line=0, insert_text="six")


_paths = st.sampled_from(
    ["/memories/a", "/memories/a/b", "/memories/c.md", "/memories", "/memories/a/b/c", "/x"]
)
_texts = st.text(st.sampled_from("ab\n\0\ud800é"), max_size=6)
_commands = st.fixed_dictionaries(
    {"command": st.sampled_from(["view", "create", "str_replace", "insert", "delete", "rename"])},
    optional={
        "path": _paths, "old_path": _paths, "new_path": _paths, "file_text": _texts, "old_str": _texts,
        "new_str": _texts, "insert_line": st.integers(-1, 3), "insert_text": _texts,
        "view_range": st.lists(st.integers(-1, 4), max_size=3),
    },
)  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(commands=st.lists(_commands, max_size=20))
def test_whatever_is_done_leaves_a_memory_and_an_error_changes_nothing(commands):
    made = MemoryTool({"a/b": "x\n", "c.md": "y"})
    for command in commands:
        before = dict(made.files)
        text, is_error = made.run(command)
        assert text
        if is_error or command["command"] == "view":
            assert made.files == before
        assert check_memory(made.files) == made.files
