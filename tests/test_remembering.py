"""What the apps of a run share never makes one of them answer for another."""

from __future__ import annotations

from pathlib import Path

import pytest
from flask import Flask, render_template, url_for
from sqlalchemy import Engine, create_engine, text
from sqlmodel import Field, Session, SQLModel, select

from tests.remembering import STATEMENTS, Templates


class Word(SQLModel, table=True):
    """A table of this file only."""

    word: str = Field(primary_key=True)


def app_in(folder: Path, **options: str) -> Flask:
    app = Flask(__name__, template_folder=str(folder))
    app.add_url_rule("/<a>/", "one", defaults=options or None)
    return app


def shown(app: Flask) -> str:
    with app.test_request_context():
        return render_template("page.html", a="<b>")


def test_a_changed_template_is_read_anew(tmp_path: Path) -> None:
    page = tmp_path / "page.html"
    page.write_text("Först {{ a }}", encoding="utf-8")
    assert shown(app_in(tmp_path)) == shown(app_in(tmp_path)) == "Först &lt;b&gt;"
    page.write_text("Sedan {{ a }}", encoding="utf-8")
    assert shown(app_in(tmp_path)) == "Sedan &lt;b&gt;"


def test_a_template_that_is_read_in_another_way_is_another(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("{% if a %}\n{{ a }}{% endif %}", encoding="utf-8")
    trimming = app_in(tmp_path)
    trimming.jinja_env.trim_blocks = True
    assert shown(app_in(tmp_path)) == "\n&lt;b&gt;"
    assert shown(trimming) == "&lt;b&gt;"


def test_templates_and_statements_are_remembered(tmp_path: Path) -> None:
    (tmp_path / "page.html").write_text("En gång", encoding="utf-8")
    shown(app_in(tmp_path))
    kept = app_in(tmp_path).jinja_env.bytecode_cache
    assert isinstance(kept, Templates)
    before = len(kept.codes)
    shown(app_in(tmp_path))
    assert len(kept.codes) == before
    one, other = database("ett"), database("två")
    words_in(one)
    asked = len(STATEMENTS)
    words_in(other)
    assert len(STATEMENTS) == asked
    one.dispose()
    other.dispose()


@pytest.mark.parametrize("a", ["x", "y"])
def test_the_same_rule_with_another_default_leads_elsewhere(tmp_path: Path, a: str) -> None:
    with app_in(tmp_path, a=a).test_request_context():
        assert url_for("one") == f"/{a}/"
    with app_in(tmp_path).test_request_context():
        assert url_for("one", a="å z") == "/%C3%A5%20z/"


def database(*words: str) -> Engine:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine, [SQLModel.metadata.tables["word"]])
    with Session(engine) as session:
        session.add_all(Word(word=word) for word in words)
        session.commit()
    return engine


def words_in(engine: Engine) -> list[str]:
    with Session(engine) as session:
        return sorted(word.word for word in session.exec(select(Word)))


def test_the_same_question_is_answered_by_the_database_that_is_asked() -> None:
    one, other = database("ett", "två"), database("tre")
    assert (words_in(one), words_in(other), words_in(one)) == (["ett", "två"], ["tre"], ["ett", "två"])
    with other.begin() as connection:
        connection.execute(text("DELETE FROM word"))
    assert (words_in(other), words_in(one)) == ([], ["ett", "två"])
    one.dispose()
    other.dispose()
