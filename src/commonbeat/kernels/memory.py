"""Asking memory for a line before it is needed.

A cascade or a day's experiences touch people in no order that the processor could foresee, so most of their time is
waiting for memory. Whoever knows which row comes a few steps from now can ask for it now and work meanwhile.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast

from llvmlite import ir
from numba.core import cgutils, types
from numba.extending import intrinsic

if TYPE_CHECKING:
    from collections.abc import Callable

    from numpy.typing import NDArray

_READ = 0
_KEEP_IN_ALL_CACHES = 3
_DATA = 1


def _prefetch(
    typing_context: Any,  # noqa: ARG001  Numba passes it, whatever an intrinsic needs
    array: types.Array,
    index: types.Integer,
) -> tuple[Any, Callable[..., Any]] | None:
    """The cache line of `array.flat[index]` is asked for; nothing is read, waited for or changed.

    For Numba functions and contiguous arrays. Row r of a matrix with w columns begins at index r * w. It is a hint:
    an index outside is no error, no value depends on it, and the processor may ignore it.
    """
    if not isinstance(array, types.Array) or array.layout != "C" or not isinstance(index, types.Integer):
        return None

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        view = context.make_array(signature.args[0])(context, builder, values[0])
        where = context.cast(builder, values[1], signature.args[1], types.intp)
        size = context.get_abi_sizeof(context.get_data_type(signature.args[0].dtype))
        # Plain arithmetic on the address: LLVM may assume that a typed pointer stays inside, and ours need not.
        far = builder.mul(where, context.get_constant(types.intp, size))
        address = builder.inttoptr(builder.add(builder.ptrtoint(view.data, far.type), far), cgutils.voidptr_t)
        whole = ir.IntType(32)
        hint = builder.module.declare_intrinsic(
            "llvm.prefetch",
            (cgutils.voidptr_t,),
            ir.FunctionType(ir.VoidType(), [cgutils.voidptr_t, whole, whole, whole]),
        )
        builder.call(hint, [address, *(whole(number) for number in (_READ, _KEEP_IN_ALL_CACHES, _DATA))])
        return context.get_dummy_value()

    return types.void(array, index), generate


# Type checkers see the call that kernels write, which is not what Numba hands to an intrinsic.
prefetch = cast("Callable[[NDArray, Any], None]", intrinsic(_prefetch))
