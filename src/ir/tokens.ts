/** Tokens of printed IR, with one-token look-ahead. Knows nothing of the grammar above them. */
import { UserError } from '../errors.ts';

export type TokenKind = 'place' | 'span' | 'number' | 'string' | 'word' | 'mark' | 'end';

export interface Token {
  readonly kind: TokenKind;
  readonly text: string;
  readonly offset: number;
}

const patterns: readonly (readonly [TokenKind, RegExp])[] = [
  ['string', /"(?:[^"\\\n]|\\.)*"/uy],
  ['place', /(?:`[^`\n]*`|[\p{L}\p{N}_$.[\]]*)%\d+/uy],
  ['span', /@\d+\.\.\d+/uy],
  ['number', /#(?:"(?:[^"\\\n]|\\.)*"|[\w.]+)/uy],
  ['word', /[\p{L}_$][\p{L}\p{N}_$.-]*/uy],
  ['mark', /==|!=|[(){},;:=*?]/uy],
];

const blank = /(?:\s|\/\/[^\n]*)*/uy;

export class TokenReader {
  private readonly text: string;
  private readonly tokens: readonly Token[];
  private next = 0;
  private begun = 0;

  constructor(text: string) {
    this.text = text;
    this.tokens = tokenize(text);
  }

  peek(ahead = 0): Token {
    return this.tokens[this.next + ahead] ?? { kind: 'end', text: 'end of text', offset: this.text.length };
  }

  take(kind: TokenKind, wanted: string = kind): string {
    const token = this.peek();
    if (token.kind !== kind) this.fail(wanted);
    this.next++;
    return token.text;
  }

  /** What `written` tells the extent of starts with the next token. */
  begin(): void {
    this.begun = this.peek().offset;
  }

  /** From where it began to the end of the last token taken. */
  written(): { start: number; end: number } {
    const last = this.tokens[this.next - 1];
    return { start: this.begun, end: last === undefined ? this.begun : last.offset + last.text.length };
  }

  /** Takes the word or mark if it is next. */
  accept(text: string): boolean {
    const token = this.peek();
    if ((token.kind !== 'word' && token.kind !== 'mark') || token.text !== text) return false;
    this.next++;
    return true;
  }

  expect(text: string): void {
    if (!this.accept(text)) this.fail(`\`${text}\``);
  }

  fail(wanted: string): never {
    const token = this.peek();
    const line = this.text.slice(0, token.offset).split('\n').length;
    throw new UserError(`IR text, line ${String(line)}: expected ${wanted}, found ${token.text}`);
  }
}

function tokenize(text: string): Token[] {
  const tokens: Token[] = [];
  let offset = skipBlank(text, 0);
  while (offset < text.length) {
    const token = tokenAt(text, offset);
    tokens.push(token);
    offset = skipBlank(text, offset + token.text.length);
  }
  return tokens;
}

function skipBlank(text: string, offset: number): number {
  blank.lastIndex = offset;
  return offset + (blank.exec(text)?.[0].length ?? 0);
}

function tokenAt(text: string, offset: number): Token {
  for (const [kind, pattern] of patterns) {
    pattern.lastIndex = offset;
    const match = pattern.exec(text);
    if (match !== null) return { kind, text: match[0], offset };
  }
  const line = text.slice(0, offset).split('\n').length;
  throw new UserError(`IR text, line ${String(line)}: unexpected ${JSON.stringify(text.charAt(offset))}`);
}
