"""What docstrings, comments and documents name is there: files, modules and what they hold."""

from __future__ import annotations

import pytest

from core.settings import PROJECT_DIR
from tests.contracts.references import (
    Project,
    Reference,
    references_of_document,
    references_of_source,
)

SOURCES = sorted(
    path
    for pattern in ("app.py", "core/**/*.py", "pages/**/*.py", "scripts/*.py", "benchmarks/**/*.py")
    for path in PROJECT_DIR.glob(pattern)
)
TESTS = sorted(PROJECT_DIR.glob("tests/**/*.py"))
DOCUMENTS = [
    *(PROJECT_DIR / name for name in ("ARCHITECTURE.md", "CONTRIBUTING.md", "README.md")),
    *sorted((PROJECT_DIR / "docs").glob("*.md")),
]
FOLDERS = ("benchmarks", "core", "docs", "pages", "scripts", "tests")
FILES = sorted(
    path
    # Not all of eye/: what npm puts there is not of the project.
    for pattern in ("*", "eye/*", "eye/[st]*/*", *(f"{name}/**/*" for name in FOLDERS))
    for path in PROJECT_DIR.glob(pattern)
)

ELSEWHERE = {
    "Model.fit": "Keras",
    "S074_004_00000010.png": "a file of CK+, as an example",
    "STREAMLIT_BROWSER_SERVER_ADDRESS": "Streamlit reads it",
    "c1": "a clip's number in a comment on a list of clips",
    "class_weight": "an argument of Keras",
    "clip.mp4": "an example",
    "hvcC": "a box of HEIF files",
    "keras.Model": "Keras, which only workers import",
    "onnx.proto": "ONNX",
    "pg_dump": "PostgreSQL",
    "r_k": "a symbol of a formula",
    "sessionStorage": "the browser",
    "st.App": "Streamlit",
    "st.cache_resource": "Streamlit",
    'st.cache_resource(scope="session")': "Streamlit",
    "st.html": "Streamlit",
    "st.plotly_chart": "Streamlit",
    "st.plotly_chart(..., config=CONFIG)": "Streamlit",
    "st.session_state": "Streamlit",
    "statsmodels.stats.proportion.proportion_confint": "a library that a figure was checked with",
    "tar.bz2": "a kind of archive",
    "torch.save": "PyTorch, whose files are refused",
    "train_00001_aligned.jpg": "a file of RAF-DB, as an example",
    "train_list.txt": "a file of RAF-DB, as an example",
}
"""References that lead out of the project: what is written -> whose it is."""


@pytest.fixture(scope="module")
def project() -> Project:
    """What sources and documents may name."""
    return Project(SOURCES, FILES)


@pytest.fixture(scope="module")
def project_with_tests() -> Project:
    """What tests, and documents about them, may name."""
    return Project([*SOURCES, *TESTS], FILES)


def _leading_nowhere(references: list[Reference], project: Project) -> list[str]:
    return [str(one) for one in references if one.text not in ELSEWHERE and not project.has(one)]


def test_what_docstrings_and_comments_name_is_there(project):
    references = [one for path in SOURCES for one in references_of_source(path)]
    assert len(references) > len(SOURCES)
    assert _leading_nowhere(references, project) == []


def test_what_tests_name_is_there(project_with_tests):
    references = [one for path in TESTS for one in references_of_source(path)]
    assert references
    assert _leading_nowhere(references, project_with_tests) == []


def test_what_documents_name_is_there(project_with_tests):
    references = [one for path in DOCUMENTS for one in references_of_document(path)]
    assert len(references) > len(DOCUMENTS)
    assert _leading_nowhere(references, project_with_tests) == []


def test_a_reference_out_of_the_project_is_still_written():
    written = {one.text for path in [*SOURCES, *TESTS] for one in references_of_source(path)}
    written |= {one.text for path in DOCUMENTS for one in references_of_document(path)}
    assert ELSEWHERE.keys() - written == set()


@pytest.mark.parametrize(
    "text",
    [
        "core.jobs.worker.JOBS",
        "worker.JOBS",
        "jobs.job_queue",
        "SessionStore.append",
        "test_time_augmentation.VIEWS",
        "core/jobs/worker.py",
        "core/jobs",
        "worker.py",
        "events.jsonl",
        "json.dumps",
        "SUMMARY_FILE",
        "(n, size, size, 1)",
        "python -m core train",
        "1 / scale",
    ],
)
def test_a_reference_that_leads_somewhere_is_let_pass(text, project):
    assert project.has(Reference(PROJECT_DIR / "core" / "jobs" / "control.py", 1, text))


@pytest.mark.parametrize(
    "text",
    [
        "core.jobs.worker.TASKS",
        "worker.TASKS",
        "perception.quality",
        "SessionStore.peek",
        "views.VIEWS",
        "core/jobs/foreman.py",
        "core/perception",
        "foreman.py",
        "control.py",
        "happenings.jsonl",
        "json.dumped",
        "NO_SUCH_CONSTANT",
        "no_such_function(plan)",
    ],
)
def test_a_reference_that_leads_nowhere_is_seen(text, project):
    """`control.py` would be the very file that mentions it."""
    assert not project.has(Reference(PROJECT_DIR / "core" / "jobs" / "control.py", 1, text))


def test_references_are_read_from_prose_and_not_from_examples(tmp_path):
    source = tmp_path / "module.py"
    source.write_text(
        '"""Begins `begun`, see other.place.\n\n'
        "Example:\n    store.read(1)\n\n"
        'Ends with ``ended``.\n"""\n'
        "# of which `the\n# rest` is one\n"
        'TEXT = "`no` reference"\n'
    )
    read = [(one.line, one.text) for one in references_of_source(source)]
    assert read == [(1, "begun"), (6, "ended"), (1, "other.place"), (8, "the rest")]
