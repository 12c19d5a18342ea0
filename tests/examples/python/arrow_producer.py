# SPDX-License-Identifier: MIT
"""A producer of Arrow C streams that is nothing but ctypes: columns of int64, float64 and text in several arrays."""
import ctypes


class Schema(ctypes.Structure):
    pass


class Array(ctypes.Structure):
    pass


class Stream(ctypes.Structure):
    pass


ReleaseSchema = ctypes.CFUNCTYPE(None, ctypes.POINTER(Schema))
ReleaseArray = ctypes.CFUNCTYPE(None, ctypes.POINTER(Array))
ReleaseStream = ctypes.CFUNCTYPE(None, ctypes.POINTER(Stream))
GetSchema = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Stream), ctypes.POINTER(Schema))
GetNext = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(Stream), ctypes.POINTER(Array))
GetError = ctypes.CFUNCTYPE(ctypes.c_void_p, ctypes.POINTER(Stream))

Schema._fields_ = [("format", ctypes.c_char_p), ("name", ctypes.c_char_p), ("metadata", ctypes.c_char_p),
                   ("flags", ctypes.c_int64), ("n_children", ctypes.c_int64),
                   ("children", ctypes.POINTER(ctypes.POINTER(Schema))), ("dictionary", ctypes.POINTER(Schema)),
                   ("release", ReleaseSchema), ("private_data", ctypes.c_void_p)]
Array._fields_ = [("length", ctypes.c_int64), ("null_count", ctypes.c_int64), ("offset", ctypes.c_int64),
                  ("n_buffers", ctypes.c_int64), ("n_children", ctypes.c_int64),
                  ("buffers", ctypes.POINTER(ctypes.c_void_p)), ("children", ctypes.POINTER(ctypes.POINTER(Array))),
                  ("dictionary", ctypes.POINTER(Array)), ("release", ReleaseArray), ("private_data", ctypes.c_void_p)]
Stream._fields_ = [("get_schema", GetSchema), ("get_next", GetNext), ("get_last_error", GetError),
                   ("release", ReleaseStream), ("private_data", ctypes.c_void_p)]

_ReleaseNothing = ReleaseSchema(lambda schema: None)
_new_capsule = ctypes.pythonapi.PyCapsule_New
_new_capsule.restype = ctypes.py_object
_new_capsule.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_void_p]


class Producer:
    """Has __arrow_c_stream__(). Columns are (name, format, arrays), each array a list of values or None; `failing` is
    the number of the array at which the producer fails."""

    def __init__(self, columns, failing=None):
        self.columns, self.failing = columns, failing
        self.arrays = len(columns[0][2])
        self.next = self.alive = self.released_streams = 0
        self.kept = []

    def __arrow_c_stream__(self, requested_schema=None):
        self.error = ctypes.create_string_buffer(b"the source broke")
        stream = Stream(GetSchema(self._get_schema), GetNext(self._get_next),
                        GetError(lambda _: ctypes.addressof(self.error)), ReleaseStream(self._release_stream), None)
        self.kept.append(stream)
        return _new_capsule(ctypes.addressof(stream), b"arrow_array_stream", None)

    def _release_stream(self, stream):
        self.released_streams += 1
        stream.contents.release = ReleaseStream()

    def _get_schema(self, _, out):
        children = (ctypes.POINTER(Schema) * len(self.columns))()
        for i, (name, form, _values) in enumerate(self.columns):
            child = Schema(form, name, None, 2, 0, None, None, _ReleaseNothing, None)
            self.kept.append(child)
            children[i] = ctypes.pointer(child)
        self.kept.append(children)
        out[0] = Schema(b"+s", b"", None, 0, len(self.columns), children, None, _ReleaseNothing, None)
        return 0

    def _get_next(self, _, out):
        if self.next == self.failing:
            return 5
        if self.next == self.arrays:
            out[0] = Array()
            return 0
        children = (ctypes.POINTER(Array) * len(self.columns))()
        for i, (_name, form, arrays) in enumerate(self.columns):
            children[i] = ctypes.pointer(self._array(form, arrays[self.next]))
        rows = len(self.columns[0][2][self.next])
        top = (ctypes.c_void_p * 1)(None)
        release = ReleaseArray(self._release_array)
        self.kept += [children, top, release]
        out[0] = Array(rows, 0, 0, 1, len(self.columns), top, children, None, release, None)
        self.next += 1
        self.alive += 1
        return 0

    def _release_array(self, array):
        self.alive -= 1
        array.contents.release = ReleaseArray()

    def _array(self, form, values):
        valid = bytearray((len(values) + 7) // 8 + 1)
        for i, value in enumerate(values):
            if value is not None:
                valid[i // 8] |= 1 << i % 8
        buffers = [(ctypes.c_char * len(valid)).from_buffer(valid)]
        if form == b"u":
            texts = [b"" if value is None else value.encode() for value in values]
            offsets = (ctypes.c_int32 * (len(values) + 1))()
            for i, each in enumerate(texts):
                offsets[i + 1] = offsets[i] + len(each)
            buffers += [offsets, ctypes.create_string_buffer(b"".join(texts))]
        else:
            plain = {b"l": ctypes.c_int64, b"g": ctypes.c_double}[form]
            buffers.append((plain * max(len(values), 1))(*[0 if value is None else value for value in values]))
        pointers = (ctypes.c_void_p * len(buffers))(*[ctypes.addressof(buffer) for buffer in buffers])
        release = ReleaseArray(lambda array: None)
        array = Array(len(values), -1, 0, len(buffers), 0, pointers, None, None, release, None)
        self.kept += [valid, buffers, pointers, release, array]
        return array
