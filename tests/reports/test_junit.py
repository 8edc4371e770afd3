import xml.etree.ElementTree as Xml

from hypothesis import given
from hypothesis import strategies as st

from rembench.reports.junit import Case, junit

texts = st.text(alphabet=st.characters(codec="utf-8"), max_size=40)


def test_a_suite_counts_its_cases():
    outcomes = ["passed", "failed", "failed", "skipped"]
    made = [Case(group="g", name=f"c{n}", outcome=o, message="why") for n, o in enumerate(outcomes)]
    top = Xml.fromstring(junit("gate", made))
    for element in (top, top.find("testsuite")):
        found = [element.get(key) for key in ("name", "tests", "failures", "errors", "skipped")]
        assert found == ["gate", "4", "2", "0", "1"]
    assert [[child.tag for child in case] for case in top.iter("testcase")] == [
        ["system-out"], ["failure"], ["failure"], ["skipped"],
    ]  # fmt: skip


def test_the_reason_is_in_the_attribute_and_in_the_text():
    top = Xml.fromstring(junit("g", [Case(group="g", name="c", outcome="failed", message='a < b & "c" ]]>')]))
    failure = next(top.iter("failure"))
    assert failure.get("message") == failure.text == 'a < b & "c" ]]>'


def test_without_a_case_it_is_still_a_suite():
    assert Xml.fromstring(junit("g", [])).find("testsuite").get("tests") == "0"


@given(texts, texts, texts)
def test_whatever_the_texts_it_is_xml(suite, name, message):
    cases = [Case(group=name, name=name, outcome=o, message=message) for o in ("passed", "failed", "skipped")]
    top = Xml.fromstring(junit(suite, cases))
    assert len(list(top.iter("testcase"))) == 3
