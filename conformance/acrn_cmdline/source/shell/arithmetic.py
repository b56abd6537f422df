"""Whole numbers: what ``$(( ))``, ``(( ))`` and a loop that counts make of what is known."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from tree_sitter import Node

_LIMIT: Final = 1 << 63
_OPERATORS: Final[dict[str, Callable[[int, int], int]]] = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "<": lambda a, b: a < b,
    ">": lambda a, b: a > b,
    "<=": lambda a, b: a <= b,
    ">=": lambda a, b: a >= b,
    "==": lambda a, b: a == b,
    "!=": lambda a, b: a != b,
    "&&": lambda a, b: bool(a and b),
    "||": lambda a, b: bool(a or b),
    "&": lambda a, b: a & b,
    "|": lambda a, b: a | b,
    "<<": lambda a, b: a << min(b, 64) if b >= 0 else 0,
    ">>": lambda a, b: a >> b if b >= 0 else 0,
    "/": lambda a, b: int(abs(a) / abs(b)) * (1 if (a < 0) == (b < 0) else -1),
    "%": lambda a, b: abs(a) % abs(b) * (-1 if a < 0 else 1),
}


def whole(text: str) -> int | None:
    """Return the number that a shell reads: 0x1f, 017 in base 8, 16#1f; None for another text."""
    base, hash_sign, digits = text.partition("#")
    octal = len(text) > 1 and text[0] == "0" and text[1] not in "xX"
    try:
        if hash_sign:
            return int(digits, int(base))
        return int(text, 8 if octal else 16 if text[:2].lower() == "0x" else 10)
    except ValueError:
        return None


class UncertainError(ValueError):
    """A number that is not known."""


class Numbers:
    """Evaluates expressions; ``get`` gives a node's or a name's text, ``put`` assigns."""

    def __init__(
        self, get: Callable[["Node"], str | None], put: Callable[[str, int | None], None]
    ) -> None:
        self._get = get
        self._put = put

    def value(self, node: "Node") -> int:
        """Return the value of an expression. Raises UncertainError."""
        value = self._value(node)
        if not -_LIMIT <= value < _LIMIT:
            raise UncertainError
        return value

    def _value(self, node: "Node") -> int:
        match node.type:
            case "binary_expression":
                return self._binary(node)
            case "unary_expression":
                return self._unary(node)
            case "postfix_expression":
                return self._step(node)
            case "variable_assignment":
                name, value = node.child_by_field_name("name"), node.child_by_field_name("value")
                return self._assign(name, lambda: self._needed(value))
            case "parenthesized_expression":
                return self.value(node.named_children[0])
            case _:
                return self._leaf(node)

    def _needed(self, node: "Node | None") -> int:
        if node is None:
            raise UncertainError
        return self.value(node)

    def _leaf(self, node: "Node") -> int:
        number = whole(self._get(node) or "")
        if number is None:
            raise UncertainError
        return number

    def _binary(self, node: "Node") -> int:
        operator = _operator(node)
        left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
        if operator == "=":
            return self._assign(left, lambda: self._needed(right))
        if operator in {"+=", "-=", "*=", "/=", "%="}:
            change = _OPERATORS[operator[0]]
            return self._assign(left, lambda: change(self._needed(left), self._needed(right)))
        apply = _OPERATORS.get(operator)
        first, second = self._needed(left), self._needed(right)
        if apply is None or (operator in "/%" and not second):
            raise UncertainError
        return int(apply(first, second))

    def _unary(self, node: "Node") -> int:
        operator, operand = _operator(node), node.children[-1]
        match operator:
            case "-":
                return -self.value(operand)
            case "+":
                return self.value(operand)
            case "!":
                return int(not self.value(operand))
            case "++" | "--":
                return self._assign(operand, lambda: self.value(operand) + int(f"{operator[0]}1"))
        raise UncertainError

    def _step(self, node: "Node") -> int:
        operand, sign = node.children[0], _operator(node)[:1]
        before: list[int] = []

        def after() -> int:
            before.append(self.value(operand))
            return before[0] + int(f"{sign}1")

        self._assign(operand, after)
        return before[0]

    def _assign(self, target: "Node | None", value: Callable[[], int]) -> int:
        name = target.text.decode("utf-8", "surrogateescape") if target and target.text else ""
        if not name.isidentifier():
            raise UncertainError
        try:
            result = value()
        except UncertainError:
            self._put(name, None)
            raise
        self._put(name, result)
        return result


def _operator(node: "Node") -> str:
    found = node.child_by_field_name("operator")
    return "" if found is None or found.text is None else found.text.decode()
