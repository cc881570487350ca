"""Findings about guards and expressions."""

from __future__ import annotations

from accountability.definition.codes.code import Code

_DATA = "data:\n  amount: {type: decimal, default: 0}\n  source: {type: string, default: audit}\n"


def _code(code: str, title: str, meaning: str, wrong: str, right: str, data: str = _DATA) -> Code:
    """Write both guards into the same rule."""
    rule = "transitions:\n  close:\n    from: received\n    to: closed\n    by: officer\n    when: >-\n      {}\n"
    return Code(code, title, meaning, data + rule.format(wrong), data + rule.format(right))


CODES: tuple[Code, ...] = (
    _code(
        "ACC300",
        "Guard cannot be read",
        "The text is not an expression: a sign is missing, too many, or means nothing here. `and`, `or` and `not` are "
        "written `&&`, `||` and `!`.",
        "data.amount >= 1000 and data.amount < 5000",
        "data.amount >= 1000.0 && data.amount < 5000.0",
    ),
    _code(
        "ACC301",
        "Unknown name in a guard",
        "Guards know `data`, `input`, `actor`, `case` and `now`, in `opens` also `item`; a field is written "
        "`data.NAME`, and text stands in quotation marks.",
        "amount >= 1000.0",
        "data.amount >= 1000.0",
    ),
    _code(
        "ACC302",
        "Unknown field in a guard",
        "The field is not declared, or what it is read from has no fields.",
        "data.amonut >= 1000.0",
        "data.amount >= 1000.0",
    ),
    _code(
        "ACC303",
        "Unknown function",
        "Guards have a fixed set of functions without side effects; there is no such one, or it is called another way.",
        "data.source.beginsWith('a')",
        "data.source.startsWith('a')",
    ),
    _code(
        "ACC304",
        "Types that do not go together",
        "The values on both sides of an operator are of types that cannot be compared or computed with. Nothing is "
        "converted silently.",
        "data.amount >= '1000'",
        "data.amount >= 1000.0",
    ),
    _code(
        "ACC305",
        "Wrong argument",
        "A function is given something it does not take, too much or too little.",
        "data.amount.startsWith('1')",
        "data.source.startsWith('1')",
    ),
    _code(
        "ACC306",
        "Wrong kind of result",
        "A guard is true or false; `each` is a list; what `sets` and `with` compute is of the type of the field it "
        "goes into.",
        "data.amount",
        "data.amount > 0.0",
    ),
    _code(
        "ACC307",
        "Value that may be missing",
        "A field without `default` has no value until a rule has put one in it. Reading it then would be an error, "
        "which counts as a refusal. Ask first.",
        "data.ruling == 'open'",
        "has(data.ruling) && data.ruling == 'open'",
        "data:\n  ruling: {type: string}\nstart: {by: officer, accepts: ruling}\n",
    ),
    _code(
        "ACC308",
        "Literal that means no value",
        "A number does not fit into 64 bits or 34 digits, a string has no end, or an escape stands for no character.",
        "data.amount > 12345678901234567890",
        "data.amount > 1234567890.0",
    ),
    Code(
        "ACC309",
        "Guard too long",
        "A guard holds at most 4,096 bytes, so that it can be read and is decided quickly.",
        "(a guard of more than 4,096 bytes)\n",
        "(several checks, or fields computed by `sets` that the guard reads)\n",
    ),
    _code(
        "ACC310",
        "Guard nested too deeply",
        "A guard is at most 32 levels deep.",
        "(" * 40 + "data.amount > 0.0" + ")" * 40,
        "data.amount > 0.0",
    ),
    _code(
        "ACC311",
        "Guard too costly",
        "Loops inside loops take more steps than a decision may.",
        "data.codes.all(a, data.codes.all(b, data.codes.all(c, data.codes.all(d, a + b + c + d != ''))))",
        "data.codes.all(a, a != '')",
        "data:\n  codes: {type: list, items: {type: string}, default: []}\n",
    ),
    _code(
        "ACC312",
        "Reserved word",
        "The word is reserved in CEL, the language that guards are written in.",
        "data.codes.all(for, for != '')",
        "data.codes.all(code, code != '')",
        "data:\n  codes: {type: list, items: {type: string}, default: []}\n",
    ),
    _code(
        "ACC313",
        "Part of CEL that guards do not have",
        "Guards are the total part of CEL: no unsigned integers, bytes or built objects, no conversions, no regular "
        "expressions.",
        "data.amount > 5u",
        "data.amount > 5.0",
    ),
    _code(
        "ACC314",
        "Condition that is not true or false",
        "`&&`, `||`, `!`, the test of `? :` and the body of `all` or `exists` need something true or false.",
        "data.amount && true",
        "data.amount > 0.0 && true",
    ),
    _code(
        "ACC315",
        "`has` without a field",
        "`has` asks whether one field has a value.",
        "has(data)",
        "has(data.amount)",
    ),
    _code(
        "ACC316",
        "Unknown trigger in a guard",
        "`times` counts acts of this workflow; a misspelt one would always count 0.",
        "times('colse') == 0",
        "times('close') == 0",
    ),
    _code(
        "ACC317",
        "Unknown state in a guard",
        "`visited` asks about states of this workflow; a misspelt one would always be unvisited.",
        "visited('recieved')",
        "visited('received')",
    ),
    Code(
        "ACC318",
        "Unknown link in a guard",
        "`children` lists the cases opened under a link of this workflow; a misspelt one would always be empty.",
        "transitions:\n  open: {from: received, by: officer, opens: [{workflow: demo, as: parts}]}\n"
        "  close: {from: received, to: closed, by: officer, when: size(children('part')) > 0}\n",
        "transitions:\n  open: {from: received, by: officer, opens: [{workflow: demo, as: parts}]}\n"
        "  close: {from: received, to: closed, by: officer, when: size(children('parts')) > 0}\n",
    ),
    _code(
        "ACC319",
        "Text that is no date, moment or duration",
        "What is written in the guard itself is read when it is checked, so that it cannot fail in front of a citizen.",
        "now > timestamp('2015-02-30T00:00:00Z')",
        "now > timestamp('2015-02-28T00:00:00Z')",
    ),
    _code(
        "ACC320",
        "Loop that is not written as one",
        "`all`, `exists`, `exists_one`, `filter` and `map` take a plain name and an expression over it.",
        "data.codes.all(code != '')",
        "data.codes.all(code, code != '')",
        "data:\n  codes: {type: list, items: {type: string}, default: []}\n",
    ),
    _code(
        "ACC321",
        "Name that is computed",
        "`times`, `visited` and `children` take a name written in quotation marks, so that it can be checked.",
        "times(data.source) == 0",
        "times('close') == 0",
    ),
    _code(
        "ACC322",
        "List of several types",
        "The values of one list are of one type.",
        "data.source in ['audit', 5]",
        "data.source in ['audit', 'petition']",
    ),
)
