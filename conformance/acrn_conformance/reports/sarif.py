"""The parts of SARIF 2.1.0 that a report of lint has (OASIS, "SARIF Version 2.1.0")."""

from typing import Literal

from msgspec import Struct

from acrn_conformance.reports.for_ci import Level


class _Part(Struct, frozen=True, rename="camel", omit_defaults=True):
    """A value of SARIF; what is not said is left out."""


class Text(_Part, frozen=True):
    """A message in plain text: doubled braces, no ``[text](link)``."""

    text: str


class Configuration(_Part, frozen=True):
    """How a rule is reported."""

    level: Level


class RuleProperties(_Part, frozen=True):
    """Where a rule is explained; SARIF's own ``helpUri`` takes whole addresses alone."""

    page: str


class Descriptor(_Part, frozen=True):
    """A rule."""

    id: str
    short_description: Text
    full_description: Text
    help: Text
    default_configuration: Configuration
    properties: RuleProperties


class Driver(_Part, frozen=True):
    """The program itself, and all its rules."""

    name: str
    version: str
    rules: tuple[Descriptor, ...]


class Tool(_Part, frozen=True):
    """The program that found the results."""

    driver: Driver


class ArtifactLocation(_Part, frozen=True):
    """A file: a URI, or one relative to a folder that the reader of the report knows."""

    uri: str | None = None
    uri_base_id: str | None = None
    description: Text | None = None


class Region(_Part, frozen=True):
    """A place in a file, counted from 1."""

    start_line: int
    start_column: int | None = None


class PhysicalLocation(_Part, frozen=True):
    """A file and a place in it, where that is known."""

    artifact_location: ArtifactLocation
    region: Region | None = None


class LogicalLocation(_Part, frozen=True):
    """A token of an argv that stands in no file."""

    name: str
    fully_qualified_name: str


class Location(_Part, frozen=True):
    """Where to look: in a file, or in an argv that came from elsewhere."""

    physical_location: PhysicalLocation | None = None
    logical_locations: tuple[LogicalLocation, ...] = ()


class Properties(_Part, frozen=True):
    """Facts that SARIF has no field for: lint's own severity, the token's index, the releases."""

    severity: str
    token: int | None
    releases: tuple[str, ...]


class Result(_Part, frozen=True):
    """A finding."""

    rule_id: str
    rule_index: int
    level: Level
    message: Text
    locations: tuple[Location, ...]
    partial_fingerprints: dict[str, str]
    properties: Properties


class Run(Struct, frozen=True, rename="camel"):
    """One run of the program, with its results."""

    tool: Tool
    column_kind: Literal["unicodeCodePoints"]
    original_uri_base_ids: dict[str, ArtifactLocation]
    results: tuple[Result, ...]


class Log(Struct, frozen=True, rename={"schema": "$schema"}):
    """A whole file."""

    version: Literal["2.1.0"]
    schema: str
    runs: tuple[Run, ...]
