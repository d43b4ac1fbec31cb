"""Turns what a JSON Schema refuses into sentences: which value, what is wrong, how to mend it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, TypeAlias

from jsonschema import ValidationError

from runtime.documents.hints import hint, listed, nearest

At: TypeAlias = tuple[str | int, ...]

_KINDS = {
    "object": "a group of `name: value` lines",
    "array": "a list",
    "string": "text",
    "number": "a number",
    "integer": "a whole number",
    "boolean": "true or false",
    "null": "empty",
}
_BOUNDS = {
    "minimum": "at least",
    "exclusiveMinimum": "more than",
    "maximum": "at most",
    "exclusiveMaximum": "less than",
}
_SIZES = {
    "minLength": ("too-short", "must not be empty"),
    "minItems": ("too-short", "has too few entries"),
    "minProperties": ("too-short", "has too few entries"),
    "maxLength": ("too-long", "is too long"),
    "maxItems": ("too-long", "has too many entries"),
    "maxProperties": ("too-long", "has too many entries"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Mistake:
    """One value that a schema refuses."""

    path: At
    #: Slug of the rule, e.g. `unknown-key`.
    rule: str
    sentence: str
    fix: str = ""
    #: True where the key at `path` is meant, not its value.
    at_key: bool = False


def named(path: At, whole: str = "this file") -> str:
    """`"amount" in entry 1 of "invoice.lines"`: a path in words, the nearest part first."""
    parts: list[str] = []
    keys: list[str] = []
    for step in path:
        if isinstance(step, int):
            parts.append(f'entry {step + 1} of "{".".join(keys)}"' if keys else f"entry {step + 1}")
            keys = []
        else:
            keys.append(step)
    if keys:
        parts.append(f'"{".".join(keys)}"')
    return " in ".join(reversed(parts)) or whole


def shown(value: object) -> str:
    """A value as a message quotes it, cut to a readable length."""
    if value is None:
        return "empty"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, Mapping):
        return "a group of values"
    if isinstance(value, str):
        return f'"{value[:60]}…"' if len(value) > 60 else f'"{value}"'
    if isinstance(value, Sequence):
        return "a list"
    return str(value) if isinstance(value, int | float | Decimal) else type(value).__name__


def explain(errors: Iterable[ValidationError], whole: str = "this file") -> Iterator[Mistake]:
    """The mistakes behind a validator's errors; `whole` names the document itself."""
    found = list(errors)
    mistyped = _places(found, "type")
    lacking = _places(found, "required")
    misspelt = {(tuple(error.absolute_path), name) for error in found for name in _meant(error)}
    for error in found:
        place = tuple(error.absolute_path)
        # A value of the wrong type breaks its other rules too, and what lacks a name is short of
        # one: one cause is told once.
        told = mistyped if error.validator != "minProperties" else mistyped | lacking
        if error.validator == "required" and (place, _lacks(error)) in misspelt:
            continue
        if error.validator == "type" or place not in told:
            yield from _one(error, whole)


def _places(errors: Iterable[ValidationError], keyword: str) -> set[At]:
    return {tuple(error.absolute_path) for error in errors if error.validator == keyword}


def _one(error: ValidationError, whole: str) -> Iterator[Mistake]:
    path = tuple(error.absolute_path)
    keyword = str(error.validator)
    if keyword == "additionalProperties":
        yield from _unknown(error, path)
    elif keyword == "required":
        yield from _missing(error, path, whole)
    elif keyword in ("anyOf", "oneOf"):
        yield from _choice(error, path, whole)
    else:
        yield _simple(error, path, keyword, whole)


def _simple(error: ValidationError, path: At, keyword: str, whole: str) -> Mistake:
    if keyword == "type":
        return _type(path, _wanted(error), error.instance, whole)
    if keyword in ("enum", "const"):
        return _enum(error, path, whole)
    if keyword == "not" and error.validator_value == {"type": "null"}:
        return _empty(path, whole)
    if keyword in _BOUNDS:
        sentence = f"{named(path, whole)} must be {_BOUNDS[keyword]} {error.validator_value}"
        return Mistake(path=path, rule="out-of-range", sentence=f"{sentence}, not {error.instance}")
    if keyword in _SIZES:
        rule, words = _SIZES[keyword]
        usual = "add at least one" if rule == "too-short" else "take some away"
        fix = _schema(error).get("x-few", usual) if keyword == "minProperties" else usual
        return Mistake(path=path, rule=rule, sentence=f"{named(path, whole)} {words}", fix=fix)
    return _form(error, path, whole)


def _unknown(error: ValidationError, path: At) -> Iterator[Mistake]:
    known = [str(key) for key in _schema(error).get("properties", {})]
    for key in list(_instance(error)):
        if key not in known:
            sentence = f'unknown setting "{key}"'
            fix = hint(str(key), known, has="known here")
            yield Mistake(
                path=(*path, key), rule="unknown-key", sentence=sentence, fix=fix, at_key=True
            )


def _meant(error: ValidationError) -> Iterator[str]:
    """The settings that the unknown ones of a group are taken for."""
    if error.validator == "additionalProperties":
        known = [str(key) for key in _schema(error).get("properties", {})]
        near = (nearest(str(key), known) for key in _instance(error) if key not in known)
        yield from (name for name in near if name is not None)


def _lacks(error: ValidationError) -> str:
    """The name of which a group is short."""
    # jsonschema gives one error for each missing name, and the name only inside its message.
    return str(next(key for key in _wanted(error) if error.message.startswith(repr(key))))


def _missing(error: ValidationError, path: At, whole: str) -> Iterator[Mistake]:
    name = _lacks(error)
    about = _schema(error).get("properties", {}).get(name, {}).get("description", "")
    fix = f"add {name}: {_lower(about)}" if about else f"add {name}"
    sentence = f'{named(path, whole)} needs "{name}"'
    yield Mistake(path=path, rule="missing-field", sentence=sentence, fix=fix)


def _empty(path: At, whole: str) -> Mistake:
    sentence = f"{named(path, whole)} must not be empty"
    return Mistake(path=path, rule="missing-field", sentence=sentence, fix="fill it in")


def _type(path: At, types: str | Sequence[str], value: object, whole: str) -> Mistake:
    wanted = [types] if isinstance(types, str) else list(types)
    words = " or ".join(_KINDS[kind] for kind in wanted if kind != "null" or len(wanted) == 1)
    if value is None:
        sentence = f"{named(path, whole)} is empty; it must be {words}"
        return Mistake(path=path, rule="missing-field", sentence=sentence, fix="fill it in")
    sentence = f"{named(path, whole)} must be {words}, not {shown(value)}"
    return Mistake(path=path, rule="wrong-type", sentence=sentence, fix=_type_fix(wanted, value))


def _type_fix(wanted: Sequence[str], value: object) -> str:
    if "string" in wanted and not isinstance(value, Mapping | list):
        return f'put quotes around it: "{shown(value)}"'
    if "boolean" in wanted and isinstance(value, str):
        return "write true or false, in small letters and without quotes"
    if ("number" in wanted or "integer" in wanted) and isinstance(value, str):
        return "write the number alone, without quotes, blanks or signs"
    return "write a dash before each entry" if "array" in wanted else ""


def _enum(error: ValidationError, path: At, whole: str) -> Mistake:
    given = _wanted(error)
    options = [given] if error.validator == "const" else list(given)
    texts = [value if isinstance(value, str) else shown(value) for value in options]
    texts = [text for value, text in zip(options, texts, strict=True) if value is not None]
    near = nearest(error.instance, texts) if isinstance(error.instance, str) else None
    sentence = f"{named(path, whole)} cannot be {shown(error.instance)}"
    fix = f'did you mean "{near}"? ' if near else ""
    return Mistake(
        path=path, rule="not-one-of", sentence=sentence, fix=f"{fix}it can be: {listed(texts)}"
    )


def _form(error: ValidationError, path: At, whole: str) -> Mistake:
    """A keyword that only the schema itself can put into words, as `x-form`."""
    at_key = "propertyNames" in error.absolute_schema_path
    place = (*path, str(error.instance)) if at_key else path
    form = _schema(error).get("x-form") or _lower(_schema(error).get("description", ""))
    what = f"the name {shown(error.instance)}" if at_key else named(path, whole)
    sentence = f"{what} is not in the right form"
    if not at_key and not isinstance(error.instance, Mapping):
        sentence = f"{what} cannot be {shown(error.instance)}"
    fix = f"write {form}" if form else ""
    return Mistake(path=place, rule="wrong-form", sentence=sentence, fix=fix, at_key=at_key)


def _choice(error: ValidationError, path: At, whole: str) -> Iterator[Mistake]:
    """Of several allowed shapes, the complaints of the one that was probably meant."""
    branches: dict[int, list[ValidationError]] = {}
    for child in error.context or ():
        branches.setdefault(int(child.schema_path[0]), []).append(child)
    fitting = [found for found in branches.values() if not any(map(_wrong_shape, found))]
    if fitting:
        for child in min(fitting, key=len):
            yield from _one(child, whole)
        return
    types: list[Any] = []
    for found in branches.values():
        types += [child.validator_value for child in found if _wrong_shape(child)]
    flat = [kind for item in types for kind in ([item] if isinstance(item, str) else item)]
    yield _type(path, list(dict.fromkeys(flat)), error.instance, whole)


def _wrong_shape(error: ValidationError) -> bool:
    return error.validator == "type" and not error.relative_path


def _schema(error: ValidationError) -> Mapping[str, Any]:
    schema: Any = error.schema
    return schema if isinstance(schema, Mapping) else {}


def _instance(error: ValidationError) -> Any:
    return error.instance


def _wanted(error: ValidationError) -> Any:
    return error.validator_value


def _lower(sentence: str) -> str:
    text = sentence.rstrip(".")
    return text if text[1:2].isupper() else text[:1].lower() + text[1:]
