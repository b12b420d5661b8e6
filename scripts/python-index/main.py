"""Prints what typeshed's stubs say of Python's standard library, one module or class a line.

    python3 main.py <folder of the stubs> <a line of JSON that comes first>

The form is that of scripts/jdk-index/JdkIndex.java: name, type parameters (none), supertypes, methods, fields. A module is a
type whose functions are static. Of a function only its result is told; parameters are not, so all are variadic. Types are written as
src/languages/python/type-text.ts writes them. `T`, a type variable, stands for whatever the stubs do not pin down to one type.
"""
import ast
import json
import pathlib
import sys

# Of the methods with a meaning to the language, those that hand something out.
TOLD_DUNDERS = {"__enter__", "__exit__", "__aenter__", "__aexit__", "__iter__", "__next__", "__aiter__", "__anext__", "__getitem__", "__call__"}
SEQUENCES = {"list", "List", "Sequence", "MutableSequence", "Iterable", "Iterator", "Collection", "AsyncIterable", "AsyncIterator", "Generator", "AsyncGenerator"}
TRANSPARENT = {"Optional", "Final", "ClassVar", "Annotated", "Required", "NotRequired", "ReadOnly", "Awaitable", "Coroutine"}
TEXTS = {"LiteralString", "AnyStr", "StrPath", "StrOrBytesPath", "BytesPath", "AnyOrLiteralStr", "GenericPath"}
VALUES = {f"builtins.{name}" for name in ("str", "bytes", "bytearray", "memoryview", "int", "float", "complex", "bool")}
# Windows and widgets of a program, its own syntax, and modules that describe data.
LEFT_OUT = {"antigravity", "ast", "curses", "distutils", "encodings", "ensurepip", "idlelib", "lib2to3", "msilib", "nt", "opcode", "posix", "pydoc_data", "symbol", "this", "tkinter", "token", "turtle"}
NO_BASES = {"typing.Generic", "typing.Protocol", "typing_extensions.Protocol", "typing.NamedTuple", "typing.TypedDict"}
UNKNOWN = "T"
NOTHING = "void"


class Module:
    def __init__(self, name, body, is_package):
        self.name = name
        self.is_package = is_package
        self.body = flat(body)
        self.imports = {}
        self.stars = []
        self.classes = {}
        self.functions = {}
        self.variables = {}
        self.aliases = {}
        self.exported = set()
        for node in self.body:
            self.declare(node)

    def declare(self, node):
        if isinstance(node, ast.Import):
            for alias in node.names:
                target = alias.name if alias.asname else alias.name.split(".")[0]
                self.imports[alias.asname or target] = target
        elif isinstance(node, ast.ImportFrom):
            source = self.relative(node)
            for alias in node.names:
                if alias.name == "*":
                    self.stars.append(source)
                else:
                    self.imports[alias.asname or alias.name] = f"{source}.{alias.name}"
                    if alias.asname == alias.name:
                        self.exported.add(alias.name)
        elif isinstance(node, ast.ClassDef):
            self.classes.setdefault(node.name, node)
        elif isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            self.functions.setdefault(node.name, []).append(node)
        elif isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
            if isinstance(node.annotation, ast.Name) and node.annotation.id == "TypeAlias":
                self.aliases.setdefault(node.target.id, node.value)
            else:
                self.variables.setdefault(node.target.id, node.annotation)
        elif isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            name = node.targets[0].id
            if name == "__all__" and isinstance(node.value, (ast.List, ast.Tuple)):
                self.exported.update(one.value for one in node.value.elts if isinstance(one, ast.Constant))
            elif isinstance(node.value, (ast.Name, ast.Attribute)):
                self.aliases.setdefault(name, node.value)
        elif isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Name) and node.target.id == "__all__":
            if isinstance(node.value, (ast.List, ast.Tuple)):
                self.exported.update(one.value for one in node.value.elts if isinstance(one, ast.Constant))

    def relative(self, node):
        if node.level == 0:
            return node.module
        parts = self.name.split(".")
        base = parts[: len(parts) - node.level + (1 if self.is_package else 0)]
        return ".".join(base + ([node.module] if node.module else []))


def flat(body):
    """Versions and platforms are told together: what is scanned may be written for any."""
    for node in body:
        if isinstance(node, ast.If):
            yield from flat(node.body)
            yield from flat(node.orelse)
        elif isinstance(node, ast.Try):
            yield from flat(node.body)
        else:
            yield node


class Library:
    def __init__(self, folder):
        self.modules = {}
        self.reading = set()
        for path in sorted(pathlib.Path(folder).rglob("*.pyi")):
            parts = path.relative_to(folder).with_suffix("").parts
            is_package = parts[-1] == "__init__"
            name = ".".join(parts[:-1] if is_package else parts)
            body = ast.parse(path.read_text(encoding="utf-8")).body
            self.modules[name] = Module(name, body, is_package)
        self.public = self.public_names()

    def public_names(self):
        """`_io.TextIOWrapper` is known as `io.TextIOWrapper`: by the first public module that exports it."""
        found = {}
        for name in sorted(self.modules, key=lambda one: (one.count("."), one)):
            if is_private(name):
                continue
            module = self.modules[name]
            for local, target in self.exports(module):
                owner, _, simple = target.rpartition(".")
                if owner in self.modules and is_private(owner) and simple == local:
                    place = found.get(target)
                    # `socket` for `_socket`, whoever else exports it.
                    if place is None or name == owner.lstrip("_"):
                        found[target] = f"{name}.{local}"
        return found

    def exports(self, module):
        for local, target in module.imports.items():
            if local in module.exported:
                yield local, target
        for source in module.stars:
            other = self.modules.get(source)
            if other is None:
                continue
            for name in [*other.classes, *other.functions, *other.variables]:
                if not name.startswith("_"):
                    yield name, f"{source}.{name}"
            for local, target in self.exports(other):
                yield local, target

    def find(self, module, name, seen=()):
        """The qualified name of a class that a name means in a module; None: no class."""
        head, _, rest = name.partition(".")
        if (module.name, name) in seen:
            return None
        seen = (*seen, (module.name, name))
        if head in module.classes and not rest:
            return f"{module.name}.{head}"
        if head in module.classes:
            return f"{module.name}.{name}"
        if head in module.aliases and not rest:
            return self.find(module, dotted(module.aliases[head]) or "", seen)
        if head in module.imports:
            return self.absolute(module.imports[head] + (f".{rest}" if rest else ""), seen)
        for source in module.stars:
            found = self.find(self.modules[source], name, seen) if source in self.modules else None
            if found:
                return found
        builtins = self.modules["builtins"]
        return self.find(builtins, name, seen) if module is not builtins else None

    def absolute(self, name, seen):
        parts = name.split(".")
        for length in range(len(parts) - 1, 0, -1):
            owner = ".".join(parts[:length])
            if owner in self.modules:
                return self.find(self.modules[owner], ".".join(parts[length:]), seen)
        return None

    def shown(self, qualified):
        return self.public.get(qualified, qualified)

    def result(self, module, node):
        if node is None:
            return UNKNOWN
        if isinstance(node, ast.Constant):
            if node.value is None:
                return NOTHING
            if isinstance(node.value, str):
                return self.result(module, ast.parse(node.value, mode="eval").body)
            return UNKNOWN
        if isinstance(node, ast.BinOp):
            return self.union(module, [node.left, node.right])
        if isinstance(node, ast.Subscript):
            return self.generic(module, node)
        name = dotted(node)
        simple = (name or "").split(".")[-1]
        if simple == "Self":
            return ""
        if simple in TEXTS:
            return "builtins.str"
        if simple in {"NoReturn", "Never"}:
            return NOTHING
        if name in module.aliases and not isinstance(module.aliases[name], (ast.Name, ast.Attribute)):
            return self.alias(module, name)
        found = self.find(module, name) if name else None
        if found is None or found in {"builtins.object", "typing.Any"}:
            return UNKNOWN
        return self.shown(found)

    def alias(self, module, name):
        """An alias may mention itself: `_Nested: TypeAlias = list[_Nested]`."""
        if (module.name, name) in self.reading:
            return UNKNOWN
        self.reading.add((module.name, name))
        found = self.result(module, module.aliases[name])
        self.reading.remove((module.name, name))
        return found

    def union(self, module, nodes):
        # `MaybeNone` is typeshed's word for a None that hardly ever comes.
        types = {self.result(module, node) for node in nodes if dotted(node) != "MaybeNone"} - {NOTHING}
        return one_of(types)

    def generic(self, module, node):
        name = (dotted(node.value) or "").split(".")[-1]
        args = node.slice.elts if isinstance(node.slice, ast.Tuple) else [node.slice]
        if name == "Union":
            return self.union(module, args)
        if name == "Literal":
            kinds = {type(one.value).__name__ for one in args if isinstance(one, ast.Constant)}
            return f"builtins.{kinds.pop()}" if len(kinds) == 1 and kinds <= {"str", "int", "bool", "bytes"} else UNKNOWN
        if name in {"TypeGuard", "TypeIs"}:
            return "builtins.bool"
        if name == "Coroutine":
            return self.result(module, args[-1])
        if name in TRANSPARENT:
            return self.result(module, args[0])
        if name in SEQUENCES:
            element = self.result(module, args[0])
            return "builtins.list" if element in {UNKNOWN, NOTHING, ""} else f"{element}[]"
        if name in {"tuple", "Tuple"}:
            parts = [self.result(module, one) for one in args if not is_dots(one)]
            if any(part in {UNKNOWN, ""} for part in parts) or not parts:
                return UNKNOWN
            if any(is_dots(one) for one in args):
                return f"{parts[0]}[]"
            return f"({','.join(parts)})" if len(parts) > 1 else "builtins.tuple"
        if name in {"type", "Type"}:
            return "builtins.type"
        return self.result(module, node.value)


def one_of(types):
    """Text or bytes, a number or the other: values either way."""
    if not types:
        return NOTHING
    if types <= VALUES:
        return "builtins.str" if "builtins.str" in types else min(types)
    return types.pop() if len(types) == 1 else UNKNOWN


def is_private(module):
    return any(part.startswith("_") and part != "__main__" for part in module.split("."))


def is_dots(node):
    return isinstance(node, ast.Constant) and node.value is ...


def dotted(node):
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        base = dotted(node.value)
        return f"{base}.{node.attr}" if base else None
    return None


def decorators(node):
    found = set()
    for one in node.decorator_list:
        name = dotted(one.func if isinstance(one, ast.Call) else one)
        found.add((name or "").split(".")[-1])
    return found


def function_lines(library, module, nodes, is_static):
    """Overloads with one result are one; with several nobody knows which."""
    results = {library.result(module, node.returns) for node in nodes}
    result = one_of(results)
    marks = decorators(nodes[0])
    if "contextmanager" in marks:
        result = "contextlib.AbstractContextManager"
    elif "asynccontextmanager" in marks:
        result = "contextlib.AbstractAsyncContextManager"
    return [[[], result, [], "sv" if is_static or marks & {"staticmethod", "classmethod"} else "v"]]


def class_line(library, module, name, node, alias_names):
    qualified = f"{module.name}.{name}"
    body = list(flat(node.body))
    groups, fields = {}, {}
    for one in body:
        if isinstance(one, (ast.FunctionDef, ast.AsyncFunctionDef)):
            if decorators(one) & {"property", "cached_property"}:
                fields.setdefault(one.name, library.result(module, one.returns))
            elif decorators(one) & {"setter", "deleter"}:
                continue
            elif not is_dunder(one.name) or one.name in TOLD_DUNDERS:
                groups.setdefault(one.name, []).append(one)
        elif isinstance(one, ast.AnnAssign) and isinstance(one.target, ast.Name):
            fields.setdefault(one.target.id, library.result(module, one.annotation))
    methods = {member: function_lines(library, module, nodes, False) for member, nodes in groups.items()}
    methods["<init>"] = [[[], "", [], "v"]]
    bases = []
    for base in node.bases:
        target = base.value if isinstance(base, ast.Subscript) else base
        found = library.find(module, dotted(target) or "")
        if found and found not in NO_BASES and library.shown(found) not in bases:
            bases.append(library.shown(found))
    if not bases and qualified != "builtins.object":
        bases.append("builtins.object")
    bases += [one for one in alias_names.get(qualified, ()) if one != library.shown(qualified)]
    told = {field: kind for field, kind in fields.items() if kind not in {UNKNOWN, NOTHING, ""} and not field.startswith("_")}
    shown_methods = {member: lines for member, lines in sorted(methods.items()) if is_told(member, lines)}
    return [library.shown(qualified), [], bases, shown_methods, dict(sorted(told.items()))]


def is_dunder(name):
    return name.startswith("__") and name.endswith("__")


def is_told(name, lines):
    """What gives nothing, or nobody knows what, is left out; that a thing can be closed is not."""
    if is_dunder(name) or name in {"close", "aclose"}:
        return True
    return not name.startswith("_") and lines[0][1] not in {UNKNOWN, NOTHING}


def class_lines(library, module, prefix, classes, alias_names):
    for name, node in classes.items():
        yield class_line(library, module, prefix + name, node, alias_names)
        inner = {one.name: one for one in flat(node.body) if isinstance(one, ast.ClassDef)}
        yield from class_lines(library, module, f"{prefix}{name}.", inner, alias_names)


def module_line(library, module):
    functions = {name: (module, nodes) for name, nodes in module.functions.items()}
    variables = {name: (module, node) for name, node in module.variables.items()}
    constructors = {}
    for name in module.classes:
        constructors[name] = f"{module.name}.{name}"
    for local, target in library.exports(module):
        owner, _, simple = target.rpartition(".")
        other = library.modules.get(owner)
        if other is None:
            continue
        if simple in other.functions:
            functions.setdefault(local, (other, other.functions[simple]))
        elif simple in other.variables:
            variables.setdefault(local, (other, other.variables[simple]))
        elif library.find(other, simple):
            constructors.setdefault(local, library.find(other, simple))
    methods = {name: function_lines(library, owner, nodes, True) for name, (owner, nodes) in functions.items()}
    for name, target in constructors.items():
        # `socket.socket(…)`: what starts with a capital is read as a construction anyway.
        if name[:1].islower():
            methods.setdefault(name, [[[], library.shown(target), [], "sv"]])
    fields = {name: library.result(owner, node) for name, (owner, node) in variables.items()}
    told = {name: kind for name, kind in fields.items() if kind not in {UNKNOWN, NOTHING, ""} and not name.startswith("_")}
    public = {name: lines for name, lines in sorted(methods.items()) if is_told(name, lines) and not name.startswith("_")}
    return [module.name, [], [], public, dict(sorted(told.items()))]


def alias_pairs(library):
    """`IOError = OSError`, and classes that a public module exports under a second name."""
    pairs = []
    for module in library.modules.values():
        if is_private(module.name):
            continue
        for name, node in module.aliases.items():
            found = library.find(module, dotted(node) or "")
            if found and not name.startswith("_"):
                pairs.append((f"{module.name}.{name}", found))
        for local, target in library.exports(module):
            owner, _, simple = target.rpartition(".")
            other = library.modules.get(owner)
            found = library.find(other, simple) if other else None
            if found and library.shown(found) != f"{module.name}.{local}" and not local.startswith("_"):
                pairs.append((f"{module.name}.{local}", found))
    return pairs


def main():
    folder, header = sys.argv[1:]
    library = Library(folder)
    pairs = alias_pairs(library)
    alias_names = {}
    for alias, target in pairs:
        alias_names.setdefault(target, []).append(alias)
    lines, hidden = {}, {}
    for module in library.modules.values():
        if module.name.split(".")[0] in LEFT_OUT:
            continue
        if not is_private(module.name):
            lines[module.name] = module_line(library, module)
        for line in class_lines(library, module, "", module.classes, alias_names):
            (hidden if is_private(line[0]) else lines).setdefault(line[0], line)
    for alias, target in pairs:
        if alias not in lines and alias.split(".")[0] not in LEFT_OUT:
            lines[alias] = [alias, [], [library.shown(target)]]
    needed = [base for line in lines.values() for base in line[2]]
    for base in needed:
        if base in hidden and base not in lines:
            lines[base] = hidden[base]
            needed += hidden[base][2]
    print(header)
    for name in sorted(lines):
        line = lines[name]
        while len(line) > 2 and not line[-1]:
            line.pop()
        print(json.dumps(line, separators=(",", ":"), ensure_ascii=True))


main()
