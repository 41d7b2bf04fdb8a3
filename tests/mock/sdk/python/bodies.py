"""Least bodies for the SDK's operations, worked out from its own models."""

import ast
import enum
import inspect
import itertools
import re
import typing
from datetime import datetime, timezone

from pydantic import BaseModel


class NotThereYet(Exception):
    """A body names a resource of a type of which there is none so far."""


# What no type says: words for fields of these names.
WORDS = {
    "email": "reader-{}@shoppers.example",
    "from_email": "shop@shoppers.example",
    "reply_to_email": "shop@shoppers.example",
    "phone_number": "+1206555{:04}",
    "editor_type": "CODE",
    "html": "<p>Hello</p>",
    "url": "https://shoppers.example/{}",
    "endpoint_url": "https://shoppers.example/{}",
    "import_from_url": "https://shoppers.example/{}.png",
    "integration_type": "$custom",
    "catalog_type": "$default",
    "locale": "en-US",
    "vendor": "fcm",
}
# What need not be given, but makes for more to read.
WELCOME = {"relationships", "data", "email", "name", "external_id"}
numbers = itertools.count(1)


def body(model, ids, this=None):
    """A body of a model, as JSON; `ids` are the resources that it may name, `this` is type and id of the one it is about."""
    return of_model(model, ids, this)


def of_model(model, ids, this, wanted=()):
    made = {}
    kind = "type" in model.model_fields and next(iter(values(model.model_fields["type"].annotation)), None)
    allowed = values_by_field(model)
    for name, field in model.model_fields.items():
        if not field.is_required() and name not in WELCOME and name not in wanted:
            continue
        key = field.alias or name
        try:
            if name == "id" and kind:
                made[key] = this[1] if this and this[0] == kind else ids.to_name(kind)
            elif name == "relationships":
                within = next(one for one in (field.annotation, *typing.get_args(field.annotation)) if hasattr(one, "model_fields"))
                made[key] = of_model(within, ids, this, wanted=within.model_fields)
            elif name in allowed:
                several = typing.List in origins(field.annotation) or list in origins(field.annotation)
                made[key] = allowed[name][:1] if several else allowed[name][0]
            else:
                made[key] = of_annotation(field.annotation, name, ids, this)
        except NotThereYet:
            if field.is_required():
                raise
        if not field.is_required() and made.get(key) == {}:
            del made[key]
    return made


def of_annotation(annotation, name, ids, this):
    origin, arguments = typing.get_origin(annotation), typing.get_args(annotation)
    if origin is typing.Annotated:
        return of_annotation(arguments[0], name, ids, this)
    if origin is typing.Union:
        return of_annotation(next(one for one in arguments if one is not type(None)), name, ids, this)
    if origin in (list, typing.List):
        return [of_annotation(arguments[0], name, ids, None)]
    if origin in (dict, typing.Dict):
        return {}
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return of_model(annotation, ids, this)
    if isinstance(annotation, type) and issubclass(annotation, enum.Enum):
        return values(annotation)[0]
    if annotation is datetime:
        return datetime.now(timezone.utc).isoformat()
    if annotation is bool:
        return True
    if annotation in (int, float):
        return 1
    return WORDS.get(name, name.replace("_", " ") + " {}").format(next(numbers))


def values(annotation):
    """The values of an enumeration, which may be optional."""
    for one in (annotation, *typing.get_args(annotation)):
        if isinstance(one, type) and issubclass(one, enum.Enum):
            return [value.value for value in one]
    return []


def origins(annotation):
    return {typing.get_origin(one) for one in (annotation, *typing.get_args(annotation))}


def values_by_field(model):
    """The values that the model's own validators allow, by field: the SDK keeps them in their code alone."""
    found = {}
    for validator in model.__pydantic_decorators__.field_validators.values():
        within = re.search(r"not in set\((\[.*?\])\)", inspect.getsource(validator.func), re.DOTALL)
        if within:
            found.update((field, ast.literal_eval(within.group(1))) for field in validator.info.fields)
    return found
