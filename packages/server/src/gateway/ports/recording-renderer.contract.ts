/** What every renderer of recordings must do. */
import type { Result } from '@sallyport/core/model/problem.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { RecordingRenderer, RenderRequest } from './recording-renderer.js';
import { newHeader } from './recording-store.contract.js';
import type { RecordedEvent } from './recording-store.js';

const LINES = 60;
function events(): RecordedEvent[] {
  let offset = 0;
  const all = Array.from({ length: LINES }, (_, n): RecordedEvent => {
    const bytes = Buffer.from(`line ${n}\r\n`);
    offset += bytes.length;
    return { type: 'output', atMs: n * 100, offset: offset - bytes.length, bytes };
  });
  return [...all, { type: 'end', atMs: LINES * 100, offset }];
}
async function* given(all: readonly RecordedEvent[]): AsyncGenerator<RecordedEvent> {
  yield* all;
}
const request = (part: RenderRequest['part'] = {}, all = events()): RenderRequest => ({
  header: newHeader({ title: 'a <title>' }),
  events: given(all),
  part,
  signal: new AbortController().signal,
});
function value<T>(result: Result<T>): T {
  if (!result.ok) throw new Error(result.problem.code);
  return result.value;
}
async function whole(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}
const lines = (from: number, to: number): string =>
  Array.from({ length: to - from }, (_, n) => `line ${from + n}\n`).join('');

export function describeRecordingRendererContract(name: string, make: () => Promise<RecordingRenderer>): void {
  describe(`recording renderer: ${name}`, () => {
    let renderer: RecordingRenderer;
    beforeAll(async () => {
      renderer = await make();
    });
    afterAll(() => renderer.close());

    it('text is all lines, or those of the part with the screen before it', async () => {
      expect(await whole(value(await renderer.text(request())))).toBe(lines(0, LINES));
      expect(await whole(value(await renderer.text(request({ fromMs: 4000, toMs: 4500 }))))).toBe(lines(17, 46));
    });

    it('a recording still being written is drawn up to where it stands', async () => {
      expect(await whole(value(await renderer.text(request({}, events().slice(0, -1)))))).toBe(lines(0, LINES));
    });

    it('svg is one whole picture with its title', async () => {
      const picture = value(await renderer.svg(request({ fromMs: 1000 })));
      expect(picture).toMatch(/^<svg [\s\S]*<\/svg>\n$/);
      expect(picture).toContain('<title>a &lt;title&gt;</title>');
      expect(picture).toContain('>line 59<');
    });

    it('a part begins with its screen and goes on to its end', async () => {
      const { size, bytes, events: rest } = value(await renderer.part(request({ fromMs: 5000, toMs: 5250 })));
      expect(size).toEqual({ cols: 80, rows: 24 });
      expect(Buffer.from(bytes).toString()).toContain('line 49');
      expect(Buffer.from(bytes).toString()).not.toContain('line 50');
      const seen: string[] = [];
      for await (const event of rest)
        seen.push(event.type === 'output' ? `${event.atMs}` : `${event.type} ${event.atMs}`);
      expect(seen).toEqual(['5000', '5100', '5200', 'end 5250']);
    });

    it('what is left in the middle makes place for others; beyond its bound it says it is busy', async () => {
      const started = [value(await renderer.text(request())), value(await renderer.text(request()))];
      expect(await renderer.text(request())).toMatchObject({ ok: false, problem: { code: 'unavailable' } });
      for (const one of started) for await (const _ of one) break;
      expect(await whole(value(await renderer.text(request())))).toBe(lines(0, LINES));
      const stop = new AbortController();
      value(await renderer.text({ ...request(), signal: stop.signal }));
      value(await renderer.text({ ...request(), signal: stop.signal }));
      stop.abort();
      await expect.poll(async () => (await renderer.svg(request())).ok).toBe(true);
    });
  });
}
