"""BERT as an ONNX graph over the weights of a safetensors file; neither torch nor onnx needed.

The graph (Devlin et al., 2019) takes embedded tokens `x`, float32 of shape (texts, tokens, d), and gives the last
layer `y` of the same shape. Every text of a run has the same number of tokens, so nothing is padded or masked, and
each operator works row by row: a text's numbers do not depend on what runs beside it. (ONNX's ReduceMean would not
keep that, so the mean over tokens is taken outside.)

A model in ONNX is one Protocol Buffers message; the few fields used here, by their numbers in onnx.proto3, are written
by hand. `FusedMatMul`, `MultiHeadAttention`, `SkipLayerNormalization` and `BiasGelu` are ONNX Runtime's own operators.
The weights stay where they are: the graph names their places in the file, and half precision is widened on loading.
"""

import json
import struct
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

_TYPES = {"F32": 1, "F16": 10}  # safetensors' names, onnx.TensorProto.DataType
_OWN = "com.microsoft"  # the domain of ONNX Runtime's operators
_IR, _OPERATORS = 8, 17  # versions: of the format, of ONNX's own operators (the first with LayerNormalization)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tensor lies in its file: type ("F16" or "F32"), sizes, first byte, number of bytes."""

    type: str
    sizes: tuple[int, ...]
    start: int
    length: int


@dataclass(frozen=True, slots=True)
class Shape:
    """The sizes of a BERT: numbers per token, attention heads, layers, and what keeps a norm from dividing by zero."""

    width: int
    heads: int
    layers: int
    epsilon: float


def places(path: Path) -> dict[str, Place]:
    """Return the tensors of a safetensors file by name, a leading `bert.` left off.

    The file is: the header's length (8 bytes, little-endian), the header (JSON), the tensors.

    Raises:
        ValueError: the file is not of that form, or is cut short.
    """
    with path.open("rb") as file:
        first = 8 + int.from_bytes(file.read(8), "little")
        size = path.stat().st_size
        if not 8 < first <= size:
            raise ValueError("the header is cut short")
        header = json.loads(file.read(first - 8))
    found = {}
    for name, entry in header.items():
        if name != "__metadata__":
            start, end = entry["data_offsets"]
            found[name.removeprefix("bert.")] = Place(entry["dtype"], tuple(entry["shape"]), first + start, end - start)
            if first + end > size:
                raise ValueError(f"{name} is cut short")
    return found


def graph(weights: Mapping[str, Place], file: str, shape: Shape, *, embedded: bool = True) -> bytes:
    """Return the model as ONNX bytes.

    Args:
        weights: places of tensors by their names in `BertModel`.
        file: the name of the file they lie in, of which ONNX Runtime is told the folder.
        shape: the model's sizes.
        embedded: `x` comes from the word vectors and is normed first; False for states of lower layers.

    Raises:
        KeyError: a tensor is missing, or of a type other than those two.
    """
    nodes: list[bytes] = []
    tensors: list[bytes] = []

    def run(operator: str, inputs: list[str], name: str, domain: str = "", **attributes: int | float) -> str:
        nodes.append(_node(operator, inputs, name, domain, **attributes))
        return name

    def put(name: str) -> str:
        """Add a tensor; return the name of its float32 form."""
        place = weights[name]
        tensors.append(_tensor(f"{name}.stored", place, file))
        return run("Cast", [f"{name}.stored"], name, to=_TYPES["F32"])

    def product(x: str, name: str) -> str:
        return run("FusedMatMul", [x, put(f"{name}.weight")], f"{name}.product", _OWN, transB=1)

    def add_and_norm(x: str, before: str, dense: str, norm: str) -> str:
        parts = [put(f"{norm}.weight"), put(f"{norm}.bias"), put(f"{dense}.bias")]
        return run("SkipLayerNormalization", [x, before, *parts], f"{norm}.out", _OWN, epsilon=shape.epsilon)

    hidden = "x"
    if embedded:
        first = "embeddings.LayerNorm"
        scale, shift = put(f"{first}.weight"), put(f"{first}.bias")
        hidden = run("LayerNormalization", ["x", scale, shift], f"{first}.out", axis=-1, epsilon=shape.epsilon)
    for layer in range(shape.layers):
        at = f"encoder.layer.{layer}"
        parts = [f"{at}.attention.self.{part}" for part in ("query", "key", "value")]
        heads = [run("Add", [product(hidden, part), put(f"{part}.bias")], f"{part}.out") for part in parts]
        mixed = run("MultiHeadAttention", heads, f"{at}.mixed", _OWN, num_heads=shape.heads)
        dense = f"{at}.attention.output.dense"
        middle = add_and_norm(product(mixed, dense), hidden, dense, f"{at}.attention.output.LayerNorm")
        wide = f"{at}.intermediate.dense"
        active = run("BiasGelu", [product(middle, wide), put(f"{wide}.bias")], f"{wide}.out", _OWN)
        dense = f"{at}.output.dense"
        hidden = add_and_norm(product(active, dense), middle, dense, f"{at}.output.LayerNorm")
    run("Identity", [hidden], "y")
    ends = [_value(11, "x", shape.width), _value(12, "y", shape.width)]
    body = b"".join([*nodes, _field(2, "bert"), *tensors, *ends])
    versions = _field(8, _field(1, "") + _field(2, _OPERATORS)) + _field(8, _field(1, _OWN) + _field(2, 1))
    return _field(1, _IR) + _field(7, body) + versions


def _varint(number: int) -> bytes:
    number &= (1 << 64) - 1
    out = bytearray()
    while number > 127:
        out.append(number & 127 | 128)
        number >>= 7
    return bytes([*out, number])


def _field(number: int, value: int | float | str | bytes) -> bytes:
    """Return one Protocol Buffers field: varint, fixed32, or bytes with their length."""
    if isinstance(value, int):
        return _varint(number << 3) + _varint(value)
    if isinstance(value, float):
        return _varint(number << 3 | 5) + struct.pack("<f", value)
    body = value.encode() if isinstance(value, str) else value
    return _varint(number << 3 | 2) + _varint(len(body)) + body


def _node(operator: str, inputs: Iterable[str], output: str, domain: str = "", **attributes: int | float) -> bytes:
    body = [*(_field(1, name) for name in inputs), _field(2, output), _field(3, output), _field(4, operator)]
    for name, value in attributes.items():
        typed = _field(2, value) + _field(20, 1) if isinstance(value, float) else _field(3, value) + _field(20, 2)
        body.append(_field(5, _field(1, name) + typed))
    return _field(1, b"".join([*body, _field(7, domain)]))


def _tensor(name: str, place: Place, file: str) -> bytes:
    """Return a tensor that lies outside, in a file."""
    sizes = b"".join(_field(1, size) for size in place.sizes)
    where = {"location": file, "offset": str(place.start), "length": str(place.length)}
    outside = b"".join(_field(13, _field(1, key) + _field(2, value)) for key, value in where.items())
    return _field(5, sizes + _field(2, _TYPES[place.type]) + _field(8, name) + outside + _field(14, 1))


def _value(number: int, name: str, width: int) -> bytes:
    """Return an input or output: float32 of shape (texts, tokens, width)."""
    sizes = b"".join(_field(1, size) for size in (_field(2, "texts"), _field(2, "tokens"), _field(1, width)))
    tensor = _field(1, _TYPES["F32"]) + _field(2, sizes)
    return _field(number, _field(1, name) + _field(2, _field(1, tensor)))
