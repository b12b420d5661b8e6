import { beforeAll, describe, expect, test } from 'vitest';
import { pythonFrontend } from '../src/languages/python/frontend.ts';
import type { Declaration, FieldShape, FileIndex, TypeShape } from '../src/languages/language.ts';
import { loadModels } from '../src/models/load.ts';

const { conventions } = loadModels('python');

beforeAll(() => pythonFrontend.load());

function index(text: string, path = 'app/db.py'): FileIndex {
  return pythonFrontend.index(pythonFrontend.parse(path, text), conventions);
}

function declared(text: string, name: string): Declaration {
  const found = index(text).declarations.find((declaration) => declaration.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function type(text: string, name: string): TypeShape {
  const found = index(text).types.find((shape) => shape.name === name);
  if (found === undefined) throw new Error(`no ${name}`);
  return found;
}

function names(text: string): string[] {
  return index(text).declarations.map(({ kind, owner, name }) => `${kind} ${owner ?? '-'} ${name}`);
}

function fieldLine({ name, type: hint, isStatic }: FieldShape): string {
  return `${isStatic ? 'static ' : ''}${hint ?? '?'} ${name}`;
}

describe('the head of a file', () => {
  test.each([
    ['app/db.py', 'app.db'],
    ['app/__init__.py', 'app'],
    ['src/app/db.py', 'app.db'],
    ['setup.py', 'setup'],
    ['__init__.py', ''],
  ])('%s is the module %s', (path, name) => {
    expect(index('', path).package).toBe(name);
  });

  test('imports, wherever they stand', () => {
    const text = `
from __future__ import annotations
import os, a.b
import a.b as c
from m import x as y, z
from m . n import (p,
    q as r,)
from s import *
try:
    import json
except ImportError:
    json = None
def f():
    from local import g
    class A:
        import inner
`;
    expect(index(text).imports.map(({ local, target, kind }) => `${kind} ${local} ${target}`)).toEqual([
      'type os os',
      'type a a',
      'type c a.b',
      'member y m.x',
      'member z m.z',
      'member p m.n.p',
      'member r m.n.q',
      'member * s',
      'type json json',
      'member g local.g',
      'type inner inner',
    ]);
  });

  test.each([
    ['app/sub/db.py', 'from . import x', 'app.sub.x'],
    ['app/sub/db.py', 'from .y import x', 'app.sub.y.x'],
    ['app/sub/db.py', 'from ..y.z import x', 'app.y.z.x'],
    ['app/sub/db.py', 'from .... import x', 'x'],
    ['app/sub/__init__.py', 'from .y import x', 'app.sub.y.x'],
    ['app/sub/__init__.py', 'from .. import x', 'app.x'],
  ])('%s: %s imports %s', (path, text, target) => {
    expect(index(text, path).imports).toEqual([{ local: 'x', target, kind: 'member' }]);
  });
});

describe('types', () => {
  const text = `
@dataclass(frozen=True)
class Pool(Base, db.Mixin, Generic[K, V], metaclass=ABCMeta):
    """Connections."""
    limit = 3
    timeout: Optional[float] = None
    host: str
    def __init__(self, path, lock: Lock, *rest: str):
        self.path = path
        self.lock = lock
        self.conn = sqlite3.connect(path)
        self.owner: "Owner | None" = None
        self.closed = False
        self.limit = 4
    def open(this):
        this.closed = True
        this.left, (this.right, x) = pair()
        this.conn = None
        with make() as this.file:
            other.field = 1
        def later():
            this.later = Pool()
        this.either = Pool()
        this.either = Base()
    @classmethod
    def make(cls):
        cls.shared = 1
    class Row:
        width = 1
if True:
    class Other(Protocol): ...
def work():
    class Local(enum.Enum):
        def help(self): pass
        class Inner: pass
class Box[T: (int, str), *U]: pass
`;

  test('all of them, where they stand', () => {
    expect(index(text).types.map((shape) => `${shape.kind} ${shape.name}`)).toEqual([
      'class Pool',
      'class Pool.Row',
      'interface Other',
      'enum Local',
      'class Local.Inner',
      'class Box',
    ]);
  });

  test('heads', () => {
    const pool = type(text, 'Pool');
    expect(pool).toMatchObject({ isAbstract: true, typeParameters: ['K', 'V'] });
    expect(pool.supertypes).toEqual(['Base', 'db.Mixin', 'Generic<K,V>']);
    expect(pool.annotations).toEqual([
      { name: 'dataclass', args: 'frozen=True' },
      { name: 'ABCMeta', args: null },
    ]);
    expect(text.slice(pool.nameSpan.start, pool.nameSpan.end)).toBe('Pool');
    expect(type(text, 'Box').typeParameters).toEqual(['T', 'U']);
    expect(type(text, 'Local').isAbstract).toBe(false);
  });

  test('fields', () => {
    expect(type(text, 'Pool').fields.map(fieldLine)).toEqual([
      '? limit',
      'static float timeout',
      'str host',
      '? path',
      'Lock lock',
      'sqlite3.connect conn',
      'Owner owner',
      'bool closed',
      '? left',
      '? right',
      '? file',
      'Pool later',
      '? either',
    ]);
    const spans = type(text, 'Pool').fields.map(({ span }) => text.slice(span.start, span.end));
    expect(spans.slice(5, 7)).toEqual(['self.conn = sqlite3.connect(path)', 'self.owner: "Owner | None" = None']);
    expect(type(text, 'Pool.Row').fields.map(fieldLine)).toEqual(['static ? width']);
  });

  test('members in source order, those of local classes among them', () => {
    expect(names(text)).toEqual([
      'static-initializer - <module>',
      'constructor Pool __init__',
      'method Pool open',
      'method Pool make',
      'function - work',
      'method Local help',
    ]);
  });
});

describe('functions', () => {
  test('a signature', () => {
    const text = `
class Dao:
    @app.route("/x", methods=[])
    @staticmethod
    async def find(conn: "db.Conn", /, ids: List[int] = (), *rest: str, key=1, **options) -> Optional[Row]:
        return use()
`;
    expect(declared(text, 'find')).toMatchObject({
      id: 'py:app.db.Dao.find@1',
      symbol: 'py:app.db.Dao.find',
      owner: 'Dao',
      kind: 'method',
      returnType: 'Row',
      annotations: [
        { name: 'app.route', args: '"/x", methods=[]' },
        { name: 'staticmethod', args: null },
      ],
      isStatic: true,
      isPrivate: false,
      hasBody: true,
      isEmpty: false,
    });
    expect(declared(text, 'find').params.map(({ name, type: hint, isVariadic }) => [name, hint, isVariadic])).toEqual([
      ['conn', 'db.Conn', false],
      ['ids', 'int[]', false],
      ['rest', 'str[]', true],
      ['key', null, false],
      ['options', 'dict', true],
    ]);
  });

  test('receivers are no parameters', () => {
    const text = `
class A:
    def one(self, x): pass
    @classmethod
    def two(cls, x): pass
    @staticmethod
    def three(x): pass
    def __new__(cls, x): pass
def four(self, x): pass
`;
    const all = index(text).declarations;
    expect(all.map(({ params }) => params.map(({ name }) => name).join())).toEqual(['x', 'x', 'x', 'x', 'self,x']);
    expect(all.map(({ isStatic }) => isStatic)).toEqual([false, true, true, true, false]);
  });

  test('private, empty and abstract ones', () => {
    const text = `
def _helper(): ...
def __exit__(): "docs"
class A:
    @abc.abstractmethod
    def close(self): raise NotImplementedError
    @abstractmethod
    def open(self):
        """Opens."""
        ...
    def _open(self): pass
    def open(self, x): return x
`;
    const all = index(text).declarations;
    expect(all.map(({ isPrivate }) => isPrivate)).toEqual([true, false, false, false, true, false]);
    expect(all.map(({ isEmpty }) => isEmpty)).toEqual([true, true, false, true, true, false]);
    expect(all.map(({ hasBody }) => hasBody)).toEqual([true, true, true, false, true, true]);
    expect(all.map(({ id }) => id).slice(-2)).toEqual(['py:app.db.A._open@1', 'py:app.db.A.open@2']);
  });

  test('conditional definitions count, nested functions do not', () => {
    const text = `
if fast:
    def read(): pass
else:
    def read():
        def inner(): pass
        return lambda: inner()
try:
    class A:
        if fast:
            def go(self): pass
finally:
    pass
`;
    expect(names(text)).toEqual(['static-initializer - <module>', 'function - read', 'function - read', 'method A go']);
  });

  test('module code only where there is something to run', () => {
    expect(names('"""Docs."""\nimport os\nclass A:\n  "x"\n  def f(self): pass\n')).toEqual(['method A f']);
    const both = 'class A:\n  x = load()\n  def f(self): g()\nrun()\n';
    expect([...declared(both, '<module>').calls].sort()).toEqual(['load', 'run']);
  });

  test('names called, in closures as well', () => {
    const text = `
def f(files):
    with open(files) as a: pass
    def inner(): return a.close()
    x.y().z[0](lambda: Pool(db.Conn()))
    class A:
        def g(self): self.inner()
`;
    expect([...declared(text, 'f').calls].sort()).toEqual(
      ['close', 'inner', 'new Pool', 'new db.Conn', 'open', 'y'].sort(),
    );
  });

  test.each([
    ['with a: pass', true],
    ['with a as b: pass', true],
    ['with open(p) as a, self.lock: pass', true],
    ['with closing(a): pass', true],
    ['with contextlib.closing(a.b): pass', true],
    ['with open(p): pass', false],
    ['with (open(p) as a, patch("b")): pass', false],
  ])('%s releases what was there before: %s', (statement, isRelease) => {
    expect(declared(`def f(a, p):\n    ${statement}\n`, 'f').calls.has('__exit__')).toBe(isRelease);
  });

  test.each([
    ['Optional[Conn]', 'Conn'],
    ['typing.Optional["db.Conn"]', 'db.Conn'],
    ['Conn | None', 'Conn'],
    ['None | "Conn"', 'Conn'],
    ['Union[Conn, None]', 'Conn'],
    ['Union[Conn, Cursor]', null],
    ['Conn | Cursor | None', null],
    ['"Conn"', 'Conn'],
    ['list[Conn]', 'Conn[]'],
    ['List[ "Conn" ]', 'Conn[]'],
    ['Sequence[Iterable[Conn]]', 'Conn[][]'],
    ['collections.abc.Iterable[Conn]', 'Conn[]'],
    ['tuple[Conn, ...]', 'Conn[]'],
    ['Tuple[Conn, int]', 'tuple<Conn,int>'],
    ['Dict[str, List[Conn]]', 'dict<str,Conn[]>'],
    ['Generator[Conn, None, None]', 'Generator<Conn,None,None>'],
    ['Annotated[Conn, "x y"]', 'Conn'],
    ['ClassVar[Conn]', 'Conn'],
    ['Callable[[int], Conn]', 'Callable'],
    ['Literal["a", 1]', 'Literal'],
    ['None', null],
    ['Any', null],
    ['3 + f(x)', null],
    ['List[', 'List'],
  ])('the type %s is %s', (written, expected) => {
    expect(declared(`def f() -> ${written}: pass`, 'f').returnType).toBe(expected);
  });
});

describe('odd input', () => {
  test('broken code: what is there is taken', () => {
    expect(names('class A:\n  def f(self):\n    g(\n\n  def h(self): pass\n\ndef k():\n  return 1\n')).toContain(
      'function - k',
    );
    for (const text of ['class', 'class :', ')', 'import', 'from . import', '@', 'def f(', '\u0000', 'if x', 'x = (']) {
      expect(() => index(text)).not.toThrow();
    }
    expect(pythonFrontend.parse('a.py', 'def f(:\n  pass').errors).not.toEqual([]);
  });

  test('a method without its colon does not take the others with it', () => {
    const text = 'class A:\n def one(self):\n  x()\n\n def two(self)\n  y()\n\n def three(self):\n  z()\n';
    expect(index(text).declarations.map(({ name }) => name)).toEqual(expect.arrayContaining(['one', 'three']));
  });

  test('every prefix of a file can be indexed', () => {
    const text =
      'from a import (b as c,)\n@d(1)\nclass E(F[G], metaclass=H):\n  x: "I[J]" = k\n  async def m(self, *n: o, p=1) -> q:\n    self.r, s = yield\n';
    for (let end = 0; end < text.length; end++) expect(() => index(text.slice(0, end))).not.toThrow();
  });

  test('nesting deeper than the call stack', () => {
    const depth = 10_000;
    const parentheses = `def f():\n return ${'('.repeat(depth)}run()${')'.repeat(depth)}\n`;
    expect([...declared(parentheses, 'f').calls]).toEqual(['run']);
    expect([...declared(`def f():\n return ${'a + '.repeat(depth)}b()\n`, 'f').calls]).toEqual(['b']);
    expect([...declared(`def f():\n a${'.b()'.repeat(depth)}\n`, 'f').calls]).toEqual(['b']);
    expect(() => index(`def f() -> ${'A['.repeat(2000)}X${']'.repeat(2000)}: pass`)).not.toThrow();
    const classes = Array.from({ length: 300 }, (_, level) => `${' '.repeat(level)}class A:\n`).join('');
    expect(index(`${classes}${' '.repeat(300)}pass\n`).types).toHaveLength(300);
  });

  test('lines that go on after a backslash', () => {
    const text = 'def f(a, \\\n      b): \\\n  pass\n\\\n\ndef \\\n  g(): return a \\\n  .close()\n';
    expect(names(text)).toEqual(['function - f', 'function - g']);
    expect([...declared(text, 'g').calls]).toEqual(['close']);
  });

  test('offsets are those of the text, whatever its characters', () => {
    const text = '# 😀 größe\nclass Ä:\n  s = "é😀"\n  def größe(self): pass\n';
    const { nameSpan, span } = declared(text, 'größe');
    expect(text.slice(nameSpan.start, nameSpan.end)).toBe('größe');
    expect(text.slice(span.start, span.end)).toBe('def größe(self): pass');
  });
});
