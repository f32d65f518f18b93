"""Records as a table: one row per encounter, one column per place, such as when.hour or people.2.count.

An empty cell says that the row has no such place: what may be unknown is unknown then. The word "none" in a column that
could be a list, such as course.joins, says that there was nothing of the kind. Words of a list, such as the scope of a
permission, stand in one cell with semicolons between. A cell that a spreadsheet would take for
a formula is written with an apostrophe before it, and read without.
"""

from __future__ import annotations

import csv
import io
import re
from typing import TYPE_CHECKING, Any, get_args, get_origin

from commonbeat.errors import Mistake, RecordError
from commonbeat.record.encounter import Encounter
from commonbeat.record.kinds import kinds_of
from commonbeat.record.places import leaves
from commonbeat.scenario.place import model_at
from commonbeat.scenario.strict import StrictModel

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

NOTHING = "none"
BETWEEN_WORDS = "; "
FORMULA = ("=", "+", "-", "@", "\uff1d", "\uff0b", "\uff0d", "\uff20", "\t", "\r", "'")  # also as wide signs
WHOLE, NUMBER = re.compile(r"[+-]?\d{1,18}"), re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d{1,3})?")


def table_text(trees: Iterable[Mapping[str, Any]]) -> str:
    """CSV of these records, as `plain_record` gives them; columns are those that any of them fills, in their order."""
    rows = [dict(_cells(tree)) for tree in trees]
    columns = _ordered({column: None for row in rows for column in row})
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows([[guarded(row.get(column, "")) for column in columns] for row in rows])
    return text.getvalue()


def _cells(tree: Mapping[str, Any]) -> Iterable[tuple[str, str]]:
    """(column, cell) of everything in a record; a list of words is one cell."""
    for place, value in leaves(_joined(tree)):
        if value != {}:
            yield place, NOTHING if value == [] else _text(value)


def _joined(value: Any) -> Any:
    """The tree with one text for every list of words."""
    if isinstance(value, list) and value and isinstance(value[0], str):
        return BETWEEN_WORDS.join(value)
    if isinstance(value, list):
        return [_joined(each) for each in value]
    return {key: _joined(each) for key, each in value.items()} if isinstance(value, dict) else value


def _text(value: Any) -> str:
    if isinstance(value, bool):
        return str(value).lower()
    return value if isinstance(value, str) else repr(value)


def guarded(cell: str) -> str:
    """The cell so that no spreadsheet takes it for a formula; numbers stay numbers."""
    risky = cell.startswith(FORMULA) or cell != cell.strip()
    return f"'{cell}" if risky and not NUMBER.fullmatch(cell) else cell


def _ordered(columns: Iterable[str]) -> list[str]:
    """Columns in the order of the record's fields, and rows of a list in their own."""
    return sorted(columns, key=_order)


def _order(column: str) -> list[tuple[int, str]]:
    """Where a column belongs: at each step the place of its field in the model, or the number of its row."""
    here, steps = Encounter, []
    for part in column.split("."):
        fields = list(here.model_fields) if here else []
        steps.append(
            (int(part), "") if part.isdecimal() else (fields.index(part), "") if part in fields else (-1, part)
        )
        if part in fields and here:
            here = model_at(here, (part, 0)) or model_at(here, (part,))
    return steps


def table_rows(text: str, source: str) -> list[tuple[int, dict[str, Any]]]:
    """(row of the file, tree) of every record in a CSV text; RecordError says where it is no such table."""
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        lines = [(reader.line_num, cells) for cells in reader if any(cell.strip() for cell in cells)]
    except csv.Error as error:
        raise _not_a_table(source, f"is not CSV: {error}", f"Mend line {reader.line_num}.") from error
    columns = [cell.strip() for cell in lines[0][1]]
    if len(columns) == 1 and columns[0].count(";") > 1:
        raise _not_a_table(source, "has semicolons between its cells", "Save it with commas between them.")
    twice = sorted({column for column in columns if columns.count(column) > 1})
    if twice or "" in columns:
        what = f"has the column {twice[0]!r} twice" if twice else "has a column without a name"
        raise _not_a_table(source, what, "Name each column once.")
    if len(lines) == 1:
        raise _not_a_table(source, "has no row below its columns", "Each row is a record.")
    found = []
    for line, cells in lines[1:]:
        if len(cells) != len(columns):
            raise _not_a_table(
                source, f"has {len(cells)} cells in line {line} where there are {len(columns)} columns", "Mend it."
            )
        found.append((line, _tree(dict(zip(columns, cells, strict=True)), source)))
    return found


def _tree(row: Mapping[str, str], source: str) -> dict[str, Any]:
    """The tree of one row."""
    tree: dict[str, Any] = {}
    for column, cell in row.items():
        value = cell.strip() if not cell.startswith("'") else cell[1:]
        if value:
            _plant(tree, _parts(column), value, source)
    return _typed(_lists(tree), Encounter)


def _parts(column: str) -> list[str]:
    """The steps of a place; the key of a source is a place itself and stays whole."""
    head, _, rest = column.partition(".")
    if head == "sources" and "." in rest:
        place, _, leaf = rest.rpartition(".")
        return [head, place, leaf]
    return column.split(".")


def _plant(tree: dict[str, Any], parts: list[str], value: str, source: str) -> None:
    for part in parts[:-1]:
        inner = tree.setdefault(part, {})
        if isinstance(inner, str):
            if inner.lower() not in (NOTHING, "unknown"):
                raise _not_a_table(source, f"has a value in {part!r} and below it", "Fill one of the two.")
            inner = tree[part] = {}
        tree = inner
    if isinstance(tree.get(parts[-1]), dict):
        if value.lower() in (NOTHING, "unknown"):
            return
        raise _not_a_table(source, f"has a value in {'.'.join(parts)!r} and below it", "Fill one of the two.")
    tree[parts[-1]] = value


def _lists(tree: Any) -> Any:
    """The tree with lists for tables whose keys are the numbers of rows."""
    if not isinstance(tree, dict):
        return tree
    inner = {key: _lists(value) for key, value in tree.items()}
    if inner and all(key.isdecimal() for key in inner):
        return [inner[key] for key in sorted(inner, key=int)]
    return inner


def _typed(value: Any, annotation: Any) -> Any:
    """`value` with numbers and truths for cells whose field takes them; other cells stay text, for the model to refuse."""
    kinds = kinds_of(annotation)
    model = next((kind for kind in kinds if isinstance(kind, type) and issubclass(kind, StrictModel)), None)
    if isinstance(value, dict):
        inner = next((get_args(kind)[1] for kind in kinds if get_origin(kind) is dict), None)
        fields = model.model_fields if model else {}
        return {
            key: _typed(each, fields[key].annotation if key in fields else inner)
            if key != "schema" or model is not Encounter
            else _number(each, (int,))
            for key, each in value.items()
        }
    inside = next((get_args(kind)[0] for kind in kinds if get_origin(kind) is tuple), None)
    if isinstance(value, list):
        return [_typed(each, inside) for each in value]
    if inside is not None and value.lower() != "unknown":
        return [] if value.lower() == NOTHING else [word.strip() for word in value.split(BETWEEN_WORDS.strip())]
    return _number(value, kinds)


def _number(cell: str, kinds: tuple[Any, ...]) -> Any:
    if bool in kinds and cell.lower() in {"true", "false"}:
        return cell.lower() == "true"
    if int in kinds and WHOLE.fullmatch(cell):
        return int(cell)
    return float(cell) if float in kinds and NUMBER.fullmatch(cell) else cell


def _not_a_table(source: str, rule: str, way_out: str) -> RecordError:
    return RecordError("The table of records cannot be read:", [Mistake(source, None, rule, way_out)])
