/**
 * The left-hand side of a rule: `java.nio.file.Files#lines`, `…Lock#tryLock/0`, `…Scanner#<init>(String)`.
 * `*` is an owner nobody knows; an argument may be a text, `*#once("close",*)`, one of several,
 * `*#once("close|end",*)`, any text, `url#Parse("*")`, a number written the same way, `setTimeout(*,"0")`, a constant of a package, `os#open(os.devnull,*)`, or given by name,
 * `requests#get(stream=true)`, `subprocess.Popen#new(stdout=subprocess.PIPE)`. It only reads the notation; whether a call matches is decided where calls are resolved.
 */

export interface CallPattern {
  readonly owner: string;
  readonly member: string;
  readonly arity: number | null;
  readonly params: readonly string[] | null;
  /** Arguments given by name, wherever they stand: `stream=true`. Empty: any. */
  readonly named: readonly NamedArgument[];
}

export interface NamedArgument {
  readonly name: string;
  /** `*` is any value; else `true` or `false`, literally, or a constant by its full name. */
  readonly value: string;
}

const patternSyntax =
  /^(\*|[A-Za-z_$@][\w$./~@-]*)#(<init>|\[Symbol\.\w+\]|#?[A-Za-z_$][\w$]*)(?:\/(\d+)|\(([^()]*)\))?$/;
const namedSyntax = /^([A-Za-z_]\w*)=(\*|true|false|[A-Za-z_]\w*(?:\.\w+)+)$/;
const paramSyntax = /^(?:[A-Za-z_$][\w$./]*(?:\[\])*|\*|"[^",()]*")$/;

/** null: not in the notation. */
export function parseCallPattern(text: string): CallPattern | null {
  const match = patternSyntax.exec(text);
  if (match === null) return null;
  const [, owner = '', name = '', arity, list] = match;
  const member = memberOf(name);
  if (list === undefined)
    return { owner, member, arity: arity === undefined ? null : Number(arity), params: null, named: [] };
  const params = list.trim() === '' ? [] : list.split(',').map((part) => part.trim());
  const named = params.flatMap((param) => namedArgument(param) ?? []);
  if (named.length > 0)
    return named.length < params.length ? null : { owner, member, arity: null, params: null, named };
  if (!params.every((param) => paramSyntax.test(param))) return null;
  return { owner, member, arity: params.length, params, named };
}

/** `new` stands for the constructor, and where a language has functions of that name, they make something as well. */
export function memberOf(name: string): string {
  return name === 'new' ? '<init>' : name;
}

function namedArgument(text: string): NamedArgument | null {
  const [, name, value] = namedSyntax.exec(text) ?? [];
  return name === undefined || value === undefined ? null : { name, value };
}
