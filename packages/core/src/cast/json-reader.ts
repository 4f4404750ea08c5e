/**
 * Reads JSON from a text token by token and builds nothing that was not asked for. For files of strangers: `JSON.parse`
 * makes objects of whatever shape a file has (a hostile megabyte becomes a hundred), and says where a fault is in words
 * that change with the engine, or not at all. Here `at` stands on the first character that cannot be there.
 * Strict as RFC 8259; linear; nesting is counted and not recursed into. Limit: one value at a time, no look-ahead.
 */
const WHITE = /[ \t\n\r]*/y;
const NUMBER = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y;
const WORD = /true|false|null/y;
const HEX4 = /[0-9a-fA-F]{4}/y;

export class JsonReader {
  readonly text: string;
  at: number;

  constructor(text: string, at = 0) {
    this.text = text;
    this.at = at;
  }

  /** The next character that is not white space; undefined at the end. */
  peek(): string | undefined {
    this.match(WHITE);
    return this.text[this.at];
  }

  /** Takes this character, if it is the next one. */
  take(char: string): boolean {
    if (this.peek() !== char) return false;
    this.at += 1;
    return true;
  }

  /** May be infinite: 1e999 is a number to JSON. */
  number(): number | undefined {
    this.match(WHITE);
    const found = this.match(NUMBER);
    return found === '' ? undefined : Number(found);
  }

  string(): string | undefined {
    this.match(WHITE);
    const start = this.at;
    return this.pass() ? (JSON.parse(this.text.slice(start, this.at)) as string) : undefined;
  }

  /** Passes over any value. False: `at` stands on the fault. */
  skip(): boolean {
    const open: string[] = [];
    const key = (): boolean => {
      this.match(WHITE);
      return this.pass() && this.take(':');
    };
    for (;;) {
      const char = this.peek();
      if (char === '[' || char === '{') {
        this.at += 1;
        const close = char === '[' ? ']' : '}';
        if (!this.take(close)) {
          open.push(close);
          if (close === '}' && !key()) return false;
          continue;
        }
      } else if (char === '"') {
        if (!this.pass()) return false;
      } else if (this.match(WORD) === '' && this.match(NUMBER) === '') return false;
      // A value has ended: what is around it goes on or ends too.
      for (;;) {
        const close = open.at(-1);
        if (close === undefined) return true;
        if (this.take(',')) {
          if (close === '}' && !key()) return false;
          break;
        }
        if (!this.take(close)) return false;
        open.pop();
      }
    }
  }

  /** Calls `field` for each key of an object; it must take the value. False: no object, or a fault, or `field` said so. */
  object(field: (key: string) => boolean): boolean {
    if (!this.take('{')) return false;
    if (this.take('}')) return true;
    do {
      const key = this.string();
      if (key === undefined || !this.take(':') || !field(key)) return false;
    } while (this.take(','));
    return this.take('}');
  }

  private match(pattern: RegExp): string {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text)?.[0] ?? '';
    this.at += found.length;
    return found;
  }

  /** Passes over a string. A loop and no pattern: a pattern keeps a way back for each character. */
  private pass(): boolean {
    const { text } = this;
    if (text[this.at] !== '"') return false;
    for (this.at += 1; this.at < text.length; this.at += 1) {
      const code = text.charCodeAt(this.at);
      if (code < 0x20) return false;
      if (code === 0x22) {
        this.at += 1;
        return true;
      }
      if (code !== 0x5c) continue;
      this.at += 1;
      if (text[this.at] === 'u') {
        this.at += 1;
        if (this.match(HEX4) === '') return false;
        this.at -= 1;
      } else if (this.at < text.length && !'"\\/bfnrt'.includes(text[this.at]!)) return false;
    }
    return false;
  }
}
