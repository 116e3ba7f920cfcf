"""From the file of a template to the dialect; what is wrong in it is said with its line."""

import tomllib
from collections.abc import Callable, Collection, Mapping
from datetime import UTC, tzinfo
from functools import partial
from typing import TypeVar

from attrs import define, evolve, field

from iotmock.dialects.expressions.functions import Function, functions
from iotmock.dialects.expressions.grammar import ExpressionError
from iotmock.dialects.expressions.types import Scope, Type
from iotmock.dialects.template import names
from iotmock.dialects.template.commands import DEVICE_ID, Rule, rule
from iotmock.dialects.template.dialect import Template
from iotmock.dialects.template.errors import TemplateError, refused
from iotmock.dialects.template.payload.tree import Compiler, Evaluate, LeafError
from iotmock.dialects.template.posts import Post, post
from iotmock.dialects.template.schema import CommandFile, PostFile, TemplateFile
from iotmock.dialects.template.topics import NAME, Topic, topic, topic_filter
from iotmock.wording.faults import InvalidValueError, convert

MOST_BYTES = 100_000
T = TypeVar("T")


def read_template(name: str, source: str, timezone: tzinfo = UTC) -> Template:
    """Return the dialect that a file describes; `name` is the file's, for errors.

    Raises:
        TemplateError: it describes none, and why.
    """
    try:
        content = convert(tomllib.loads(source), TemplateFile)
    except InvalidValueError as error:
        raise TemplateError(f"{name}: {error}") from None
    except RecursionError:
        raise TemplateError(f"{name}: is nested too deeply") from None
    except ValueError as error:  # no TOML, or a number of thousands of digits
        raise TemplateError(f"{name}: is no TOML: {error}") from None
    return _Reader(name, source, functions(timezone), content).template()


@define
class _Reader:
    """Compiles a file part by part."""

    file: str
    source: str
    known: Mapping[str, Function]
    content: TemplateFile
    attributes: Scope = field(factory=dict)

    def template(self) -> Template:
        content = self.content
        attributes = self._attributes()
        scope = {
            **names.MEASURES,
            **self.attributes,
            **names.STATIC,
            **names.SETTINGS,
            **names.READING,
        }
        compiler = Compiler(scope, self.known)
        rules = [self._rule(one) for one in content.commands]
        template = Template(
            self.file,
            [self._post(one, compiler, is_data=True) for one in content.data],
            [self._post(one, compiler) for one in content.births],
            [self._post(one, compiler) for one in content.status],
            None if content.will is None else self._post(content.will, compiler),
            rules,
            self._results(scope),
            attributes,
            {name: self._static(f"{{{name}}}") for name in names.STATIC},
            content.broker,
            content.about,
            all(one.format == "json" and isinstance(one.payload, dict) for one in content.data),
        )
        self._check_whose(template)
        self._check_distinct()
        return template

    def _attributes(self) -> dict[str, Evaluate]:
        compiler = Compiler({**names.STATIC, **names.SETTINGS}, self.known, "d")
        made, types = {}, dict[str, Type]()
        for name, text in self.content.attributes.items():
            self._check_name(name)
            if any(name in table for table in names.ALL):
                raise refused(self.file, self.source, name, "is a name that has a meaning already")
            made[name] = self._located(text, partial(compiler.evaluate, text))
            types[name] = compiler.type_of(text)
        self.attributes = names.attributes(types)
        return made

    def _check_name(self, name: str) -> None:
        if NAME.fullmatch(name) is None:
            raise refused(self.file, self.source, name, "is no name: a-z, 0-9 and _, up to 31")

    def _static(self, text: str) -> Evaluate:
        return Compiler(names.STATIC, self.known, "d").evaluate(text)

    def _post(self, file: PostFile, compiler: Compiler, *, is_data: bool = False) -> Post:
        where = self._topic(file.topic, names.STATIC.keys() | self.attributes.keys())
        return self._located(file.topic, partial(post, file, where, compiler, is_data=is_data))

    def _results(self, scope: Scope) -> list[Post]:
        heard = {name for one in self.content.commands for name in self._heard_by(one)}
        compiler = Compiler({**names.heard(heard), **scope, **names.RESULT}, self.known)
        known = names.STATIC.keys() | self.attributes.keys() | heard
        results = []
        for one in self.content.results:
            make = partial(post, one, self._topic(one.topic, known), compiler)
            results.append(self._located(one.topic, make))
        return results

    def _rule(self, file: CommandFile) -> Rule:
        for name in file.take:
            self._check_name(name)
        where = self._topic(file.topic, self._statics, takes_new=True)
        compiler = Compiler(names.heard(self._heard_by(file)), self.known, "x")
        found = self._located(file.topic, partial(rule, file, where, compiler))
        return found if file.subscribe is None else evolve(found, wanted=self._wanted(file))

    def _wanted(self, file: CommandFile) -> Topic:
        text = file.subscribe or ""
        known = self._statics if self.content.broker.connections == "per-device" else ()
        return self._located(text, partial(topic_filter, text, known))

    @property
    def _statics(self) -> frozenset[str]:
        return frozenset(names.STATIC) | frozenset(self.attributes)

    def _heard_by(self, file: CommandFile) -> set[str]:
        where = self._topic(file.topic, self._statics, takes_new=True)
        return {*where.names, *file.take}

    def _topic(self, text: str, known: Collection[str], *, takes_new: bool = False) -> Topic:
        return self._located(text, partial(topic, text, known, takes_new=takes_new))

    def _located(self, text: str, make: Callable[[], T]) -> T:
        try:
            return make()
        except LeafError as error:
            raise refused(self.file, self.source, error.text or text, str(error)) from None
        except ExpressionError as error:
            raise refused(self.file, self.source, text, str(error)) from None

    def _check_whose(self, template: Template) -> None:
        for one in self.content.commands:
            named = DEVICE_ID in self._topic(one.topic, self._statics, takes_new=True).names
            if not named and not template.per_device:
                wanted = 'broker = { connections = "per-device" }'
                reason = f"does not say whose it is: add {{device_id}}, or {wanted}"
                raise refused(self.file, self.source, one.topic, reason)

    def _check_distinct(self) -> None:
        seen = set[str]()
        for one in (*self.content.births, *self.content.status):
            if one.topic in seen:
                reason = "is twice in births and status: while they wait, one replaces the other"
                raise refused(self.file, self.source, one.topic, reason)
            seen.add(one.topic)
